import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import * as actions from './actions.ts'
import { inboxApi, type DecidedItem, type InboxItem, type PlacedItem } from './contract.ts'
import { listOwn } from './own.ts'

const isPlaced = (item: InboxItem): item is PlacedItem => 'action' in item
const isDecided = (item: InboxItem): item is DecidedItem => !('action' in item)

/** What is to be done; what was called off stands on the first page alone. */
async function loadOwn(tx: Tx) {
  const { tasks, returned } = await listOwn(tx)
  return { tasks: tasks.filter((task) => task.state !== 'excused'), returned }
}

export const inboxRoom = room('inbox', inboxApi, {
  async listInbox({ tx }) {
    const waiting = await actions.listWaiting(tx)
    return { waiting: waiting.filter(isDecided), placed: waiting.filter(isPlaced), ...(await loadOwn(tx)) }
  },
  async getInboxCount({ tx }) {
    const waiting = await actions.listWaiting(tx)
    const { tasks, returned } = await loadOwn(tx)
    return { waiting: waiting.length, tasks: tasks.length, returned: returned.length }
  },
  approveMany({ tx, input }) {
    return actions.approveMany(tx, input)
  },
})
