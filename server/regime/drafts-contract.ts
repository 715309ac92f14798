import { z } from 'zod'
import type { Direction } from '../../engine/compare.ts'
import type { FindingState, LocalDate, SubjectKind } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Field, ValueChange } from './fields.ts'

export type { Field } from './fields.ts'
import type { Headline } from './headlines.ts'

// ── Comparing ────────────────────────────────────────────────────────────────

export interface ComparedRegime {
  /** A preset's id, or `adoption:<id>` for what the school or its district has adopted. */
  key: string
  title: string
  version: string
  issuedBy: string
  standing: 'preset' | 'current' | 'district'
  counts: {
    rules: number
    evaluated: number
    manual: number
    noRecords: number
    settings: number
    open: number
  }
  headlines: Headline[]
}
export interface Comparison {
  /** Everything that may be compared. */
  choices: { key: string; title: string; version: string; standing: ComparedRegime['standing'] }[]
  regimes: ComparedRegime[]
}

// ── Versions ─────────────────────────────────────────────────────────────────

export type DraftState = 'draft' | 'submitted' | 'confirmed' | 'discarded'

export interface DraftLine {
  id: string
  title: string
  version: string
  originName: string
  state: DraftState
  schoolYearId: string | null
  fromOn: LocalDate | null
  remark: string | null
  updatedAt: Date
  createdByName: string | null
  submittedByName: string | null
  submittedAt: Date | null
  decidedByName: string | null
  decidedAt: Date | null
}

export interface AdoptionLine {
  id: string
  regimeId: string
  title: string
  version: string
  level: 'school' | 'district'
  schoolYearId: string
  fromOn: LocalDate
  /** Last day in force; null for the latest. */
  toOn: LocalDate | null
  current: boolean
  adoptedAt: Date
  adoptedByName: string | null
  /** The version of the same kind before it, to compare with. */
  earlierId: string | null
  switchedOff: { ruleId: string; title: string; because: string }[]
  /** Why it cannot be taken back; null where it has not come into force yet. */
  withdraw: string | null
}

export interface VersionsPage {
  today: LocalDate
  drafts: DraftLine[]
  adoptions: AdoptionLine[]
  /** What a new version may be made from. */
  origins: { key: string; label: string; note: string }[]
  abilities: { create: string | null; confirm: string | null }
  isDistrict: boolean
}

export interface DraftRule {
  id: string
  index: number
  clause: string
  kind: string
  title: string
  text: string
  binds: string
  /** The rule in plain Chinese, from its data. */
  described: string[]
  fields: Field[]
  off: { because: string; by: string | null; on: LocalDate } | null
  remarks: { severity: 'warning' | 'note'; message: string }[]
  changed: boolean
}

export interface ReadingRow {
  setting: string
  label: string
  /** The value as people read it. */
  value: string
  note: string
  field: Field
  decided: { by: string | null; on: LocalDate; decision: 'kept' | 'changed' } | null
}

export interface DraftPage extends DraftLine {
  regimeId: string
  rowVersion: number
  settings: Field[]
  rules: DraftRule[]
  /** Remarks on the whole. */
  remarks: { severity: 'warning' | 'note'; message: string }[]
  /** What keeps it from being submitted: the text cannot be read (rules that are switched off are still named). */
  problems: { line: number; path: string; message: string }[]
  changes: ValueChange[]
  readings: ReadingRow[]
  text: string
  schoolYears: { id: string; from: LocalDate; to: LocalDate }[]
  /** Days on which another version of the school's own comes into force already. */
  takenDays: LocalDate[]
  /** What is to be thought of before it comes into force from the chosen day. */
  warnings: string[]
  today: LocalDate
  abilities: {
    edit: string | null
    submit: string | null
    confirm: string | null
    return: string | null
    discard: string | null
  }
}

// ── 试算 ─────────────────────────────────────────────────────────────────────

export interface TrialRow {
  subject: { kind: SubjectKind; id: string; name: string }
  ruleId: string
  clause: string
  title: string
  direction: Direction
  /** Periods in which it differs. */
  periods: number
  period: string
  old: { state: FindingState; figure: string; sentence: string } | null
  new: { state: FindingState; figure: string; sentence: string } | null
}
export interface TrialPage {
  schoolYearId: string
  years: string[]
  on: LocalDate
  against: { title: string; version: string } | null
  people: number
  milliseconds: number
  /** Subjects with at least one difference of a direction. */
  subjects: Record<Direction, number>
  rules: { ruleId: string; title: string; clause: string; worse: number; better: number; other: number }[]
  rows: TrialRow[]
  total: number
}

export interface ReadingsPage {
  regime: { id: string; title: string; version: string; level: 'school' | 'district' } | null
  rows: ReadingRow[]
  abilities: { decide: string | null; change: string | null }
}

export interface VersionDifference {
  old: { title: string; version: string; fromOn: LocalDate }
  new: { title: string; version: string; fromOn: LocalDate }
  changes: ValueChange[]
}

const key = z.string().max(90)
const rowVersion = z.number().int().min(1)
const text = z.string().max(600_000)
const path = z
  .array(z.union([z.string().max(60), z.number().int().min(0)]))
  .min(1)
  .max(12)
const value = z.union([
  z.number(),
  z.boolean(),
  z.string().max(2000),
  z.array(z.string().max(80)).max(60),
  z.null(),
])
const reason = z.string().trim().max(500)

export const regimeDraftsApi = {
  /** Headline numbers of two to four regimes side by side. */
  getComparison: endpoint('member', z.object({ keys: z.array(key).max(4) }))<Comparison>(),
  listVersions: endpoint('member', z.object({}))<VersionsPage>(),
  getDifference: endpoint('member', z.object({ adoptionId: id, againstId: id }))<VersionDifference>(),
  /** `origin`: `preset:<id>`, `adoption:<id>` or `draft:<id>`. */
  createDraft: endpoint('member', z.object({ origin: key }))<{ id: string }>(),
  /** A whole file of the school's own. */
  createFromText: endpoint('member', z.object({ text, fileName: z.string().max(200) }))<{ id: string }>(),
  getDraft: endpoint('member', z.object({ id }))<DraftPage>(),
  saveValues: endpoint(
    'member',
    z.object({ id, rowVersion, changes: z.array(z.object({ path, value })).min(1).max(400) }),
  )<{ rowVersion: number }>(),
  saveName: endpoint(
    'member',
    z.object({ id, rowVersion, title: z.string().trim().max(80), version: z.string().trim().max(30) }),
  )<{ rowVersion: number }>(),
  saveText: endpoint('member', z.object({ id, rowVersion, text, fileName: z.string().max(200) }))<{
    rowVersion: number
  }>(),
  switchRule: endpoint(
    'member',
    z.object({ id, rowVersion, ruleId: key, off: z.boolean(), because: reason }),
  )<{
    rowVersion: number
  }>(),
  submitDraft: endpoint(
    'member',
    z.object({ id, rowVersion, schoolYearId: z.string().max(20), from: localDate }),
  )<Record<string, never>>(),
  returnDraft: endpoint('member', z.object({ id, because: reason }))<Record<string, never>>(),
  confirmDraft: endpoint('member', z.object({ id, rowVersion }))<{ adoptionId: string }>(),
  discardDraft: endpoint('member', z.object({ id }))<Record<string, never>>(),
  withdrawAdoption: endpoint('member', z.object({ adoptionId: id, because: reason }))<
    Record<string, never>
  >(),
  getTrial: endpoint(
    'member',
    z.object({ id, schoolYearId: z.string().max(20).optional(), ruleId: key.optional() }),
  )<TrialPage>(),
  getReadings: endpoint('member', z.object({ adoptionId: id.optional() }))<ReadingsPage>(),
  /** Confirms the value as it stands in the draft, or in the regime in force without one. */
  decideReading: endpoint(
    'member',
    z.object({ draftId: id.optional(), adoptionId: id.optional(), setting: key }),
  )<Record<string, never>>(),
  getDraftFile: fileEndpoint('member', z.object({ id })),
}
export type RegimeDraftsApi = typeof regimeDraftsApi
