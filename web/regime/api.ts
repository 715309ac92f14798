import type { regimeDraftsApi } from '../../server/regime/drafts-contract.ts'
import type { regimeResultsApi } from '../../server/regime/results-contract.ts'
import { api } from '../kit/api.ts'

export const drafts = api<typeof regimeDraftsApi>('regimeDrafts')
export const results = api<typeof regimeResultsApi>('regimeResults')
