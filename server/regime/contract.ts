import { z } from 'zod'
import type { FindingState, LocalDate, SubjectKind, Trace, TraceFact } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { HoursSummary } from './rules.ts'

/** A regime as it stands on a page. */
export interface RegimeRef {
  id: string
  title: string
  version: string
  level: 'school' | 'district'
}

export interface TermRef {
  id: string
  name: string
  from: LocalDate
  to: LocalDate
}

/** What all boards have in common. */
export interface BoardHead {
  /** The term that is shown, and all terms that may be chosen. */
  term: TermRef | null
  terms: TermRef[]
  regimes: RegimeRef[]
  /** The day for which the figures were worked out; `isStale` when that is not today and they are being worked out anew. */
  evaluatedOn: LocalDate | null
  isStale: boolean
  /** How things stand, in one or two sentences. */
  sentence: string
}

export interface BoardWeekRef {
  id: string
  number: number
  label: string
  from: LocalDate
  to: LocalDate
  /** The holidays, when there is no school this week. */
  holiday: string | null
}

export interface BoardCellRef {
  /** First week and number of weeks, as indexes into `weeks`. */
  from: number
  span: number
  periodId: string
  periodLabel: string
  state: FindingState
  makeUp: boolean
  value: number | null
  target: number | null
  unit: string
  dueOn: LocalDate | null
}

/** A duty of one subject over the term. */
export interface BoardRowRef {
  key: string
  regimeId: string
  ruleId: string
  minimumId: string
  clause: string
  title: string
  /** `每两周不少于 1 篇`. */
  note: string
  level: 'school' | 'district'
  state: FindingState
  value: number | null
  target: number | null
  unit: string
  result: string | null
  dueOn: LocalDate | null
  overdue: number
  /** Whose explanation stands for the whole row. */
  periodId: string
  sentence: string
  cells: BoardCellRef[]
}

export interface SubjectBoard extends BoardHead {
  subject: { kind: SubjectKind; id: string; name: string; note: string }
  weeks: BoardWeekRef[]
  /** Index of the present week; null outside the term. */
  today: number | null
  rows: BoardRowRef[]
  /** Clauses that people must judge. */
  manual: {
    ruleId: string
    regimeId: string
    clause: string
    title: string
    because: string
    /** What they said last; null while nobody has. */
    confirmed: 'done' | 'notDone' | 'notDue' | null
  }[]
  hours: HoursSummary | null
}

export interface MatrixColumnRef {
  key: string
  regimeId: string
  ruleId: string
  minimumId: string
  title: string
  unit: string
  note: string
  clause: string
  level: 'school' | 'district'
}
export interface MatrixCellRef {
  state: FindingState
  value: number | null
  target: number | null
  /** In place of `value/target`. */
  text: string | null
  overdue: number
  /** The explanation; empty where the cell stands for several people. */
  periodId: string
}
export interface MatrixRowRef {
  key: string
  subject: { kind: SubjectKind; id: string }
  title: string
  note: string
  cells: Record<string, MatrixCellRef>
}
export interface Matrix {
  columns: MatrixColumnRef[]
  rows: MatrixRowRef[]
}

export interface GroupBoard extends BoardHead {
  group: { id: string; name: string; kind: string; leaders: string[]; members: number }
  /** What the group itself owes. */
  own: SubjectBoard
  /** Members by rules. */
  members: Matrix
}

export interface SchoolBoard extends BoardHead {
  school: { id: string; name: string }
  /** What the school itself owes. */
  own: SubjectBoard
  groups: Matrix
  people: Matrix
  totals: {
    people: number
    peopleBehind: number
    groups: number
    groupsBehind: number
    overdue: number
    share: number | null
  }
}

/** A fact of an explanation with the record behind it. */
export interface TraceRecordRef extends TraceFact {
  title: string
  kind: string
  unit: string
  room: string
  recordId: string
  /** Whom it is about, where the duty is not one person's. */
  about: string | null
}

export interface TraceAnswer {
  trace: Trace
  subject: { kind: SubjectKind; id: string; name: string }
  records: TraceRecordRef[]
  /** The periods of the same duty, to walk through them. */
  periods: { id: string; label: string; state: FindingState }[]
  /** The term whose sum can be explained as well; null where there is only one period. */
  term: string | null
  evaluatedOn: LocalDate
}

export interface RegimeClause {
  ruleId: string
  clause: string
  kind: string
  title: string
  text: string
  note: string | null
  /** How it is counted, in sentences made from the data. */
  described: string[]
  binds: string
  numbers: { label: string; value: string }[]
  standing: 'evaluated' | 'manual' | 'noRecords'
  /** Why people must judge, or which records are missing. */
  because: string | null
  consequence: string | null
  /** Live: how many of those whom it binds keep to it this term. */
  share: { bound: number; onTrack: number; done: number; overdue: number; unit: string } | null
}
export interface RegimePage {
  regime: RegimeRef & { inForceFrom: LocalDate; fromOn: LocalDate; schoolYearId: string }
  document: { title: string; issuedBy: string; source: string; note: string | null }
  counts: { rules: number; evaluated: number; manual: number; noRecords: number }
  clauses: RegimeClause[]
  vocabularies: { label: string; terms: { label: string; clause: string | null }[] }[]
  forms: { label: string; clause: string; sections: { label: string; hint: string; required: boolean }[] }[]
  settings: { label: string; value: string; clause: string | null; note: string | null }[]
  /** Rules of the document that do not hold at this school, with the reason. */
  switchedOff: { clause: string; title: string; because: string }[]
  /** All regimes that bind here, to choose between them. */
  others: (RegimeRef & { adoptionId: string; current: boolean; fromOn: LocalDate; schoolYearId: string })[]
  evaluatedOn: LocalDate | null
  isStale: boolean
  abilities: { adopt: string | null }
}

/** A regime that may be adopted, in the numbers by which people compare. */
export interface Preset {
  id: string
  title: string
  version: string
  document: { title: string; issuedBy: string; source: string }
  rules: number
  evaluated: number
  manual: number
  noRecords: number
  headlines: { label: string; value: string; clause: string }[]
}
export interface PresetList {
  presets: Preset[]
  schoolYears: { id: string; from: LocalDate; to: LocalDate; current: boolean }[]
  current: (RegimeRef & { fromOn: LocalDate }) | null
  today: LocalDate
  abilities: { adopt: string | null }
}

const termId = z.string().max(40).optional()

export const regimeApi = {
  getMyBoard: endpoint('member', z.object({ termId }))<SubjectBoard>(),
  getPersonBoard: endpoint('member', z.object({ personId: id, termId }))<SubjectBoard>(),
  getGroupBoard: endpoint('member', z.object({ unitId: id, termId }))<GroupBoard>(),
  getSchoolBoard: endpoint('member', z.object({ termId }))<SchoolBoard>(),
  /** Why a figure is as it is. `periodId` may be a term's id for the sum over the term; without it the period that tells most. */
  getTrace: endpoint(
    'member',
    z.object({
      subject: z.object({ kind: z.enum(['person', 'unit', 'organisation']), id }),
      ruleId: z.string().max(80),
      regimeId: z.string().max(80).optional(),
      minimumId: z.string().max(80).optional(),
      periodId: z.string().max(80).optional(),
    }),
  )<TraceAnswer>(),
  /** The regulation that is in force, clause by clause; `adoptionId` for an earlier or the district's one. */
  getRegimePage: endpoint('member', z.object({ adoptionId: id.optional() }))<
    RegimePage | { none: true; abilities: { adopt: string | null } }
  >(),
  listPresets: endpoint('member', z.object({}))<PresetList>(),
  adopt: endpoint(
    'member',
    z.object({ regimeId: z.string().max(80), schoolYearId: z.string().max(20), from: localDate }),
  )<Record<string, never>>(),
  /** 学时 by term and year with what they are made of; one's own without `personId`. */
  getHours: endpoint('member', z.object({ personId: id.optional() }))<{
    person: { id: string; name: string }
    hours: HoursSummary | null
    evaluatedOn: LocalDate | null
  }>(),
  /** What the board shows, as Excel. */
  getBoardFile: fileEndpoint(
    'member',
    z.object({
      of: z.enum(['person', 'group', 'groups', 'people']),
      id: id.optional(),
      termId,
    }),
  ),
}
export type RegimeApi = typeof regimeApi
