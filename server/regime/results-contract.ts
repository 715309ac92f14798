import { z } from 'zod'
import type { Direction } from '../../engine/compare.ts'
import type { FindingState, LocalDate, SubjectKind, Trace } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import { type ConfirmationResult, confirmationResults } from './words.ts'

// ── What people confirm ──────────────────────────────────────────────────────

export interface ConfirmationView {
  id: string
  result: ConfirmationResult
  sentence: string
  link: string | null
  byName: string | null
  on: LocalDate
  attachments: AttachmentView[]
  /** Why it cannot be withdrawn. */
  withdraw: string | null
}

export interface DutyPeriod {
  id: string
  label: string
  from: LocalDate
  to: LocalDate
  current: boolean
  state: FindingState
  confirmation: ConfirmationView | null
}

export interface DutyRow {
  regimeId: string
  ruleId: string
  clause: string
  title: string
  text: string
  /** `manual`: only people can tell; `act`: counted from records, but may be declared not due. */
  kind: 'manual' | 'act'
  because: string
  level: 'school' | 'district'
  periods: DutyPeriod[]
}

export interface DutiesPage {
  subject: { kind: SubjectKind; id: string; name: string }
  subjects: { kind: SubjectKind; id: string; name: string }[]
  rows: DutyRow[]
  counts: { open: number; done: number; notDone: number; notDue: number }
  withdrawn: { title: string; period: string; by: string | null; on: LocalDate; because: string }[]
  today: LocalDate
  abilities: { confirm: string | null }
}

// ── Corrections ──────────────────────────────────────────────────────────────

export interface CorrectionRow {
  /** The day on which it became known. */
  on: LocalDate
  subject: { kind: SubjectKind; id: string; name: string }
  ruleId: string
  clause: string
  title: string
  minimumId: string
  regimeId: string
  period: { id: string; label: string }
  direction: Direction
  old: string
  new: string
  causes: { label: string; on: LocalDate; reversed: boolean; byName: string | null }[]
}
export interface CorrectionsPage {
  from: LocalDate
  to: LocalDate
  rows: CorrectionRow[]
  facts: number
}

// ── Results that stay ────────────────────────────────────────────────────────

export interface ResultLine {
  subject: { kind: SubjectKind; id: string; name: string }
  /** The latest entry. */
  latest: { id: string; sequence: number; on: LocalDate; byName: string | null } | null
  asked: number
  done: number
  overdue: number
  /** What was found since the latest entry differs from it. */
  differs: boolean
}
export interface ResultsPage {
  spans: { id: string; label: string; from: LocalDate; to: LocalDate; mayConfirmFrom: LocalDate }[]
  spanId: string | null
  people: ResultLine[]
  /** Groups of which the regime asks something. */
  groups: ResultLine[]
  /** The school itself, for those who may see it. */
  school: ResultLine[]
  abilities: { confirm: string | null }
}
export interface ResultDifference {
  ruleId: string
  title: string
  clause: string
  period: string
  direction: Direction
  old: string
  new: string
}
export interface ResultPage {
  id: string
  subject: { kind: SubjectKind; id: string; name: string }
  span: string
  sequence: number
  on: LocalDate
  byName: string | null
  remark: string | null
  digest: string
  regimes: string[]
  rows: {
    key: string
    clause: string
    title: string
    period: string
    state: FindingState
    figure: string
    trace: Trace
  }[]
  /** All entries of the same subject and span. */
  entries: { id: string; sequence: number; on: LocalDate; byName: string | null; remark: string | null }[]
  /** Against the entry before it. */
  sinceBefore: ResultDifference[]
  /** Against what is found today. */
  sinceThen: ResultDifference[]
}

const subject = z.object({ kind: z.enum(['person', 'unit', 'organisation']), id })

export const regimeResultsApi = {
  /** What only people can tell of a subject; of the school without one. */
  listDuties: endpoint('member', z.object({ subject: subject.optional() }))<DutiesPage>(),
  confirmDuty: endpoint(
    'member',
    z.object({
      subject,
      ruleId: z.string().max(80),
      periodId: z.string().max(80),
      result: z.enum(confirmationResults),
      sentence: z.string().trim().max(500),
      link: z.string().trim().max(500).optional(),
    }),
  )<{ id: string }>(),
  withdrawConfirmation: endpoint(
    'member',
    z.object({ confirmationId: id, because: z.string().trim().max(500) }),
  )<Record<string, never>>(),
  /** What became known later and changed the findings of periods that had ended. */
  getCorrections: endpoint('member', z.object({ from: localDate.optional() }))<CorrectionsPage>(),
  listResults: endpoint('member', z.object({ spanId: z.string().max(40).optional() }))<ResultsPage>(),
  confirmResults: endpoint(
    'member',
    z.object({
      spanId: z.string().max(40),
      subjects: z.array(subject).min(1).max(600),
      remark: z.string().trim().max(300).optional(),
    }),
  )<{ confirmed: number; unchanged: number }>(),
  getResult: endpoint('member', z.object({ resultId: id }))<ResultPage>(),
  /** The list of a term or year as an Excel file. */
  getResultsFile: fileEndpoint('member', z.object({ spanId: z.string().max(40) })),
  /** One entry with its explanations and what was corrected since, as an Excel file. */
  getResultFile: fileEndpoint('member', z.object({ resultId: id })),
}
export type RegimeResultsApi = typeof regimeResultsApi
