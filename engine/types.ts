/**
 * The nouns of the engine: what goes in (people, units, calendar, facts) and what comes out (findings).
 * Everything here is plain data; calendar dates are `LocalDate` strings, never `Date`.
 */

import type { FactIndex } from './scope.ts'

/** A calendar date in Asia/Shanghai, `YYYY-MM-DD`. Compares correctly as a string. */
export type LocalDate = string

export type SubjectKind = 'person' | 'unit' | 'organisation'
export interface Subject {
  kind: SubjectKind
  id: string
}

export type AttributeValue = string | number | boolean | string[]

/**
 * One act that counts, as a room left it. Append-only: a mistake is undone by a second fact whose `reverses`
 * names the first. `on` is the day for which it counts, `recordedOn` the day on which it became known.
 */
export interface Fact {
  id: string
  /** A name from the register in `facts.ts`, e.g. `activity.held`. */
  kind: string
  subject: Subject
  on: LocalDate
  recordedOn: LocalDate
  /** Size of the act in the unit that the register states for the kind (minutes, points, yuan); 1 where only counted. */
  quantity: number
  attributes: Record<string, AttributeValue>
  /** The record behind it: room and record id; people follow it from a figure to the sign-in. */
  source: { room: string; id: string }
  reverses: string | null
}

export interface DateRange {
  from: LocalDate
  /** Last day that belongs to the range; null while it is open. */
  to: LocalDate | null
}

/** A value that holds from a day on until another value of the same name replaces it. */
export interface DatedAttribute extends DateRange {
  name: string
  value: AttributeValue
}

export interface PersonInput {
  id: string
  name: string
  /** Days in the service of this school; more than one range after leaving and coming back. */
  service: DateRange[]
  attributes: DatedAttribute[]
  memberships: (DateRange & { unitId: string })[]
  posts: (DateRange & { unitId: string | null; role: string })[]
  /** Long leave (sickness, maternity, secondment): duties rest on these days. */
  absences: (DateRange & { kind: string })[]
}

export interface UnitInput extends DateRange {
  id: string
  /** `teachingResearchGroup`, `lessonPreparationGroup`, `gradeGroup`, `body`, `department` … */
  kind: string
  name: string
  parentId: string | null
  attributes: Record<string, AttributeValue>
}

export interface TermInput {
  id: string
  schoolYearId: string
  number: 1 | 2
  name: string
  from: LocalDate
  to: LocalDate
  /** 期初、期中、期末 windows, inside the term. */
  windows: { opening: ClosedRange; middle: ClosedRange; closing: ClosedRange }
}
export interface ClosedRange {
  from: LocalDate
  to: LocalDate
}
export interface CalendarInput {
  schoolYears: (ClosedRange & { id: string })[]
  terms: TermInput[]
  /** Days off (`holiday`) and weekend days worked instead (`workday`). */
  specialDays: { day: LocalDate; kind: 'holiday' | 'workday'; name: string }[]
  /** The first year of a five-year cycle and the month in which it begins (1–12), where the district has set them. */
  cycle?: { start: number; startMonth: number }
}

/** Everything the engine may know about one organisation; it never reads anything else. */
export interface EvaluationInput {
  organisation: { id: string; name: string; attributes: Record<string, AttributeValue> }
  calendar: CalendarInput
  people: PersonInput[]
  units: UnitInput[]
  facts: Fact[]
  /** The same facts indexed for the day of the question, where several evaluations share them. */
  index?: FactIndex
  /** Facts on other days are left out; all are looked at when it is not said. */
  window?: ClosedRange
}

export type FindingState =
  | 'done'
  | 'partly'
  | 'open'
  | 'dueSoon'
  | 'overdue'
  | 'excused'
  | 'notApplicable'
  | 'manual'

export const findingStateLabels: Record<FindingState, string> = {
  done: '已完成',
  partly: '进行中',
  open: '未开始',
  dueSoon: '即将到期',
  overdue: '已逾期',
  excused: '免除',
  notApplicable: '不适用',
  manual: '待人工确认',
}

export interface PeriodRef extends ClosedRange {
  kind: string
  /** Stable within the calendar, e.g. `2026-2027-1/week-12`. */
  id: string
  /** For people: `第12周（双周）`. */
  label: string
}

/** The engine's answer for one rule, subject and period. */
export interface Finding {
  regimeId: string
  ruleId: string
  /** Which of the rule's minima; `main` where it has only one. */
  minimumId: string
  subject: Subject
  period: PeriodRef
  state: FindingState
  /** Measured amount in `unit`; null where nothing is measured. */
  value: number | null
  /** What the rule asks for this subject and period after pro-rating; null where nothing is asked. */
  target: number | null
  unit: string
  /** Last day on which it can still be done in time. */
  dueOn: LocalDate | null
  /** Result in words where the rule yields one: a grade, a forced result. */
  result: string | null
  /** Ids of the facts that counted. */
  factIds: string[]
}

export interface TraceFact {
  factId: string
  on: LocalDate
  counted: number
  /** Why it did not count or counted less, in a Chinese sentence; null when it counted in full. */
  because: string | null
}

/** Why a finding is as it is, in the order in which a person would check it. */
export interface Trace {
  finding: Finding
  regime: { id: string; version: string; title: string }
  rule: {
    id: string
    title: string
    kind: string
    clause: { document: string; number: string }
    text: string
  }
  /** One sentence in plain Chinese that answers "why?". */
  sentence: string
  formula: string
  inputs: { label: string; value: string; from?: string }[]
  facts: TraceFact[]
  exceptions: string[]
}
