import type { filesApi } from '../../server/files/contract.ts'
import { api } from '../kit/api.ts'

/** Files of a delivery. */
export const filesApiCalls = api<typeof filesApi>('files')
