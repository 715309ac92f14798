import { room } from '../kit/serve.ts'
import * as actions from './actions.ts'
import { inboxApi } from './contract.ts'

export const inboxRoom = room('inbox', inboxApi, {
  async listInbox({ tx }) {
    return { waiting: await actions.listWaiting(tx), returned: await actions.listReturned(tx) }
  },
  async getInboxCount({ tx }) {
    const [waiting, returned] = [await actions.listWaiting(tx), await actions.listReturned(tx)]
    return { waiting: waiting.length, returned: returned.length }
  },
  approveMany({ tx, input }) {
    return actions.approveMany(tx, input)
  },
})
