import type { regimeDraftsApi } from '../../server/regime/drafts-contract.ts'
import type { regimePartsApi } from '../../server/regime/parts-contract.ts'
import type { regimeResultsApi } from '../../server/regime/results-contract.ts'
import { api } from '../kit/api.ts'

export const drafts = api<typeof regimeDraftsApi>('regimeDrafts')
/** Cohorts, forms, words and whole rules of a version. */
export const parts = api<typeof regimePartsApi>('regimeParts')
export const results = api<typeof regimeResultsApi>('regimeResults')
/** What is read again after a part of a version was changed. */
export const versionRooms = ['regimeDrafts', 'regimeParts'] as const
