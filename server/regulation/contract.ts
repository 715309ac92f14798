import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { DiffRun } from '../kit/compare.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import {
  type Answer,
  answerLabels,
  type Numbering,
  numberingLabels,
  type Stage,
  type Stance,
  stanceLabels,
} from './words.ts'

const numberings = Object.keys(numberingLabels) as [Numbering, ...Numbering[]]
const stances = Object.keys(stanceLabels) as [Stance, ...Stance[]]
const answers = Object.keys(answerLabels) as [Answer, ...Answer[]]

/** One numbered clause (or a chapter's heading); the number follows from the order. */
export interface Clause {
  id: string
  kind: 'chapter' | 'clause'
  text: string
}

/** One version of a regulation as a line of the list. */
export interface RegulationLine {
  id: string
  versionId: string
  version: number
  kind: string
  kindLabel: string
  title: string
  documentNumber: string
  stage: Stage
  clauses: number
  consultFrom: LocalDate | null
  consultTo: LocalDate | null
  inForceFrom: LocalDate | null
  inForceTo: LocalDate | null
  savedAt: Date
  draftedByName: string | null
  approvedByName: string | null
  opinions: { total: number; open: number }
  /** The caller has given an opinion on it. */
  hasMine: boolean
}

export interface OpinionView {
  id: string
  clauseId: string | null
  /** 第三条, 全文. */
  clauseLabel: string
  personName: string
  stance: Stance
  text: string
  at: Date
  answer: Answer | null
  answerReason: string
  answeredByName: string | null
  answeredAt: Date | null
  isMine: boolean
  abilities: { withdraw: string | null; answer: string | null }
}

export interface GroundedRule {
  ruleId: string
  title: string
  clause: string
  regimeTitle: string
}

type RegulationAbilities = Record<
  | 'edit'
  | 'discard'
  | 'consult'
  | 'endConsultation'
  | 'giveOpinion'
  | 'approve'
  | 'withdrawApproval'
  | 'revise'
  | 'repeal'
  | 'linkRules',
  string | null
>

export interface RegulationView extends RegulationLine {
  /** The organisation whose regulation it is; `isDistrict` where a school reads its district's. */
  organisation: { name: string; isDistrict: boolean }
  numbering: Numbering
  note: string
  text: (Clause & { label: string; opinions: number; open: number })[]
  draftVersion: number
  approvedAt: Date | null
  remark: string
  repealReason: string | null
  rules: GroundedRule[]
  opinionList: OpinionView[]
  versions: {
    version: number
    stage: Stage
    inForceFrom: LocalDate | null
    inForceTo: LocalDate | null
    title: string
  }[]
  kinds: { id: string; label: string }[]
  /** With what this text can be compared. */
  comparable: { previous: boolean; consulted: boolean }
  abilities: RegulationAbilities
}

export interface DiffLine {
  change: 'same' | 'changed' | 'inserted' | 'deleted'
  kind: 'chapter' | 'clause'
  before: string | null
  after: string | null
  runs: DiffRun[]
}

/** A regulation on which a rule rests. */
export interface RegulationOfRule {
  id: string
  title: string
  documentNumber: string
  inForceFrom: LocalDate
}

const clauses = z
  .array(
    z.object({
      id: z.string().min(1).max(40),
      kind: z.enum(['chapter', 'clause']),
      text: z.string().trim().max(6000, '一条请不超过 6000 字'),
    }),
  )
  .max(300, '条文太多，请分成几份制度')
  .refine((list) => new Set(list.map((clause) => clause.id)).size === list.length, '条文编号重复')
const kind = z.string().min(1, '请选择制度类别').max(60)
const title = z.string().trim().max(80, '名称不超过 80 字')
const documentNumber = z.string().trim().max(40, '文号不超过 40 字')
const ruleIds = z.array(z.string().max(80)).max(60)
const version = z.number().int().min(1).max(999)
const reason = z.string().trim().max(1000, '请不超过 1000 字')

export const regulationApi = {
  /** In force, in the making and (for the offices) drafts; the district's own ones that its schools may read. */
  listRegulations: endpoint('member', z.object({ ended: z.boolean().default(false) }))<{
    own: RegulationLine[]
    district: { name: string; lines: RegulationLine[] } | null
    /** From which a new regulation takes its kind. */
    kinds: { id: string; label: string }[]
    abilities: { draft: string | null }
  }>(),
  /** The version in force, else the newest that the caller may see, unless one is named. */
  getRegulation: endpoint('member', z.object({ id, version: version.optional() }))<RegulationView>(),
  /** Against the version before, or against the text that the teachers had before them. */
  getComparison: endpoint('member', z.object({ id, version, against: z.enum(['previous', 'consulted']) }))<{
    before: string
    after: string
    lines: DiffLine[]
  }>(),
  /** Regulations in force on which a rule of the regime rests. */
  findForRule: endpoint('member', z.object({ ruleId: z.string().max(80) }))<RegulationOfRule[]>(),
  /** The rules of the regimes in force, from which the drafter chooses. */
  listRuleChoices: endpoint('member', z.object({}))<GroundedRule[]>(),
  startRegulation: endpoint(
    'member',
    z.object({
      kind,
      title: title.min(1, '请填写制度名称'),
      numbering: z.enum(numberings).default('article'),
    }),
  )<{ id: string }>(),
  /** Begins the next version with the text in force. */
  startRevision: endpoint('member', z.object({ id }))<{ version: number }>(),
  /** Saves if the draft is still the one that was read; else 409 `conflict`. */
  saveDraft: endpoint(
    'member',
    z.object({
      id,
      draftVersion: z.number().int().min(1),
      kind,
      title,
      documentNumber,
      numbering: z.enum(numberings),
      note: z.string().trim().max(2000),
      clauses,
    }),
  )<{ draftVersion: number; savedAt: Date }>(),
  linkRules: endpoint('member', z.object({ id, ruleIds }))<Record<string, never>>(),
  discardDraft: endpoint('member', z.object({ id }))<Record<string, never>>(),
  openConsultation: endpoint('member', z.object({ id, from: localDate, to: localDate }))<
    Record<string, never>
  >(),
  endConsultation: endpoint('member', z.object({ id }))<Record<string, never>>(),
  /** One opinion per person and clause; given again it replaces the earlier one. */
  giveOpinion: endpoint(
    'staff',
    z.object({
      id,
      clauseId: z.string().max(40).nullable(),
      stance: z.enum(stances),
      text: reason.default(''),
    }),
  )<{ id: string }>(),
  withdrawOpinion: endpoint('staff', z.object({ opinionId: id }))<Record<string, never>>(),
  answerOpinion: endpoint('member', z.object({ opinionId: id, answer: z.enum(answers), reason }))<
    Record<string, never>
  >(),
  approveRegulation: endpoint(
    'member',
    z.object({
      id,
      inForceFrom: localDate,
      documentNumber: documentNumber.default(''),
      remark: reason.default(''),
    }),
  )<{ documentNumber: string }>(),
  withdrawApproval: endpoint('member', z.object({ id, reason }))<Record<string, never>>(),
  repealRegulation: endpoint('member', z.object({ id, lastDay: localDate, reason }))<Record<string, never>>(),
  getRegulationFile: fileEndpoint('member', z.object({ id, version: version.optional() })),
  getRegulationListFile: fileEndpoint('member', z.object({})),
  /** All opinions with their answers. */
  getOpinionsFile: fileEndpoint('member', z.object({ id, version: version.optional() })),
}
