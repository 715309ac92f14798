import { z } from 'zod'
import { endpoint } from '../kit/contract.ts'
import type { MatchKind } from './words.ts'

/** Something the reader may open. */
export interface SearchMatch {
  kind: MatchKind
  id: string
  title: string
  /** What tells it from others of the name: `数学教研组 · 工号 1024`. */
  note: string
  /** Which page opens: the board of a person or group, the record of a group, the activity, the school. */
  opens: 'board' | 'unit' | 'activity' | 'school'
}

export const searchApi = {
  /** People by name, pinyin or 工号, groups and schools by name or initials, activities by theme; the likeliest first. */
  listMatches: endpoint('member', z.object({ text: z.string().trim().min(1).max(40) }))<SearchMatch[]>(),
}
