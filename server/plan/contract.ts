import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import {
  paperLabels,
  type Paper,
  planLevelLabels,
  type PlanLevel,
  horizonLabels,
  type Horizon,
  planStatusLabels,
  type PlanStatus,
  type PlanStep,
} from './words.ts'

const papers = Object.keys(paperLabels) as [Paper, ...Paper[]]
const levels = Object.keys(planLevelLabels) as [PlanLevel, ...PlanLevel[]]
const horizons = Object.keys(horizonLabels) as [Horizon, ...Horizon[]]
const statuses = Object.keys(planStatusLabels) as [PlanStatus, ...PlanStatus[]]

export interface PlanSection {
  key: string
  label: string
  hint: string
  required: boolean
  clause: string | null
}

export interface PlanLine {
  id: string
  paper: Paper
  level: PlanLevel
  horizon: Horizon
  owner: { id: string; name: string }
  /** Id of the term, of the school year, or `2026—2030`. */
  termId: string
  title: string
  status: PlanStatus
  filingNumber: string | null
  stampedOn: LocalDate | null
  districtNumber: string | null
  savedAt: Date
  submittedAt: Date | null
  /** The last opinion or reason that was given. */
  opinion: string
  missingSections: string[]
}

export interface PlanStepView {
  step: PlanStep
  personName: string | null
  at: Date
  opinion: string
}

type PlanAbilities = Record<
  'edit' | 'submit' | 'takeBack' | 'review' | 'return' | 'file' | 'withdrawFiling' | 'fileWithDistrict',
  string | null
>

export interface PlanView extends PlanLine {
  form: PlanSection[]
  /** Cleaned HTML by section key. */
  sections: Record<string, string>
  draftVersion: number
  parent: { id: string; title: string; status: PlanStatus; filingNumber: string | null } | null
  /** Plans to which this one may be linked. */
  possibleParents: { id: string; title: string }[]
  steps: PlanStepView[]
  attachments: AttachmentView[]
  abilities: PlanAbilities
}

/** A paper that somebody is expected to have in a period; `plan` is null until it is begun. */
export interface PaperSlot {
  paper: Paper
  level: PlanLevel
  horizon: Horizon
  termId: string
  ownerId: string
  ownerName: string
  plan: PlanLine | null
  abilities: { start: string | null }
}

const sections = z.record(z.string().max(60), z.string().max(100_000, '这一部分太长'))
const opinion = z.string().trim().max(2000, '意见请不超过 2000 字')

export const planApi = {
  /** The papers of one period that concern the caller: own, of the own groups, of the school. */
  listPapers: endpoint('member', z.object({ termId: z.string().max(40).optional() }))<{
    termId: string | null
    terms: { id: string; name: string }[]
    slots: PaperSlot[]
  }>(),
  listPlans: endpoint(
    'leaders',
    z.object({
      termId: z.string().max(40).optional(),
      level: z.enum(levels).optional(),
      paper: z.enum(papers).optional(),
      status: z.enum(statuses).optional(),
    }),
  )<PlanLine[]>(),
  listPlansToDecide: endpoint('leaders', z.object({}))<(PlanLine & { decision: 'review' | 'file' })[]>(),
  getPlan: endpoint('member', z.object({ id }))<PlanView>(),
  startPlan: endpoint(
    'staff',
    z.object({
      paper: z.enum(papers),
      level: z.enum(levels),
      ownerId: id.optional(),
      termId: z.string().max(40).optional(),
      horizon: z.enum(horizons).default('term'),
    }),
  )<{ id: string }>(),
  /** Saves sections if the paper is still the version that was read; else 409 `conflict` with the other text in `fields`. */
  savePlan: endpoint(
    'staff',
    z.object({
      id,
      version: z.number().int().min(1),
      title: z.string().trim().max(120).optional(),
      sections,
    }),
  )<{ version: number; savedAt: Date }>(),
  linkPlan: endpoint('staff', z.object({ id, parentId: id.nullable() }))<Record<string, never>>(),
  submitPlan: endpoint('staff', z.object({ id, version: z.number().int().min(1).optional() }))<
    Record<string, never>
  >(),
  takeBackPlan: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  reviewPlan: endpoint('leaders', z.object({ id, opinion: opinion.default('') }))<Record<string, never>>(),
  returnPlan: endpoint('leaders', z.object({ id, reason: opinion }))<Record<string, never>>(),
  filePlan: endpoint('office', z.object({ id, opinion: opinion.default('') }))<{ filingNumber: string }>(),
  /** Stamps and files several; those that cannot be filed are named, the others are done. */
  filePlans: endpoint('office', z.object({ ids: z.array(id).min(1).max(200) }))<{
    filed: number
    refused: { id: string; reason: string }[]
  }>(),
  withdrawFiling: endpoint('principal', z.object({ id, reason: opinion }))<Record<string, never>>(),
  /** Notes the number under which the district has filed a paper of the school. */
  fileWithDistrict: endpoint(
    'office',
    z.object({ id, number: z.string().trim().min(1, '请填区里的备案号').max(60), on: localDate }),
  )<Record<string, never>>(),
}
