import { room } from '../kit/serve.ts'
import * as actions from './actions.ts'
import { inboxApi, type DecidedItem, type InboxItem, type PlacedItem } from './contract.ts'
import { listOwn } from './own.ts'

const isPlaced = (item: InboxItem): item is PlacedItem => 'action' in item
const isDecided = (item: InboxItem): item is DecidedItem => !('action' in item)

export const inboxRoom = room('inbox', inboxApi, {
  async listInbox({ tx }) {
    const waiting = await actions.listWaiting(tx)
    return {
      waiting: waiting.filter(isDecided),
      placed: waiting.filter(isPlaced),
      ...(await listOwn(tx)),
    }
  },
  async getInboxCount({ tx }) {
    const waiting = await actions.listWaiting(tx)
    const { tasks, returned } = await listOwn(tx)
    return { waiting: waiting.length, tasks: tasks.length, returned: returned.length }
  },
  approveMany({ tx, input }) {
    return actions.approveMany(tx, input)
  },
})
