import { z } from 'zod'
import { endpoint } from '../kit/contract.ts'

export const liveApi = {
  /** Stream of `LiveMessage`s (server-sent events): pages read again what changed. Kept open. */
  getStream: endpoint('member', z.object({}))<never>(),
}
