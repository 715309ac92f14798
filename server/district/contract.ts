import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'

/** How duties (a subject and a rule each) are kept. */
export interface Tally {
  bound: number
  /** Duties with something overdue, and with something due soon. */
  behind: number
  dueSoon: number
  /** Periods that are done and that are overdue. */
  done: number
  overdue: number
  /** Sum of how far each duty has come, 0 to 1 each. */
  progress: number
}

/** What a school shows its district of one term: counts only, no names. */
/** What a school hands up besides its figures. */
export interface SchoolNews {
  /** Newest first. */
  news: { key: string; on: LocalDate; text: string }[]
  /** Papers stamped by the school that have no number of the district yet, newest first. */
  unfiled: { title: string; stampedOn: LocalDate }[]
}

export interface SchoolFigures extends SchoolNews {
  termId: string
  termName: string
  evaluatedOn: LocalDate
  people: number
  groups: number
  regime: { id: string; title: string; version: string } | null
  all: Tally
  categories: Record<string, Tally>
  hours: { average: number; unit: string } | null
  /** People and groups with something overdue. */
  peopleBehind: number
  groupsBehind: number
  /** The rules of the district's own regime, where it has one. */
  districtRules: { ruleId: string; minimumId: string; title: string; tally: Tally }[]
}

export interface DistrictColumn {
  key: string
  title: string
  note: string
}
export interface DistrictBoard {
  district: { id: string; name: string }
  schools: {
    id: string
    name: string
    figures: SchoolFigures | null
    computedAt: Date | null
    stale: boolean
  }[]
  columns: DistrictColumn[]
  totals: { schools: number; withRegime: number; people: number; peopleBehind: number; share: number | null }
  /** How things stand, in one or two sentences. */
  sentence: string
  districtRegime: { id: string; title: string; version: string } | null
}

export const districtApi = {
  /** The district's schools side by side, from the figures that the schools hand up. */
  getDistrictBoard: endpoint('district', z.object({}))<DistrictBoard>(),
  getDistrictFile: fileEndpoint('district', z.object({})),
}
export type DistrictApi = typeof districtApi
