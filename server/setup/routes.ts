import { forgetCallers } from '../access/actions.ts'
import { setSessionCookie } from '../access/routes.ts'
import { demand } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import { can } from './access.ts'
import { findSetupState, setUp } from './actions.ts'
import { setupApi } from './contract.ts'
import { getProgress } from './progress.ts'

export const setupRoom = room('setup', setupApi, {
  async getSetupState({ services, input }) {
    return { state: await findSetupState(services, input.token) }
  },
  async setUp({ services, input, request, reply }) {
    const { organisationId, token } = await setUp(services, input, {
      address: request.ip,
      userAgent: request.headers['user-agent'] ?? '',
    })
    forgetCallers()
    setSessionCookie(reply, token, request.protocol === 'https')
    return { organisationId }
  },
  getProgress({ tx }) {
    demand(can.seeProgress(tx.actor))
    return getProgress(tx)
  },
})
