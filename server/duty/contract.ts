import { z } from 'zod'
import type { FindingState, LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { PostRole } from '../org/words.ts'
import type { Word } from './rules.ts'
import {
  type HolderKind,
  holderKinds,
  type ProposalKind,
  type ProposalStatus,
  type SupplyStatus,
} from './words.ts'

const nothing = z.object({})
type Nothing = Record<string, never>
type Ability = string | null
const text = (what: string, most: number) =>
  z.string().trim().min(1, `请填写${what}`).max(most, `${what}不超过 ${most} 个字`)
const note = (most: number) => z.string().trim().max(most, `不超过 ${most} 个字`).default('')
const word = z.string().trim().max(60)

interface Dated {
  from: LocalDate
  to: LocalDate | null
}

export interface BodyRuleView {
  regimeId: string
  regimeTitle: string
  ruleId: string
  title: string
  clause: string
  text: string
  /** As last computed; null before the first time. */
  finding: {
    state: FindingState
    periodId: string
    value: number | null
    target: number | null
    unit: string
  } | null
  /** Why it is not met though bodies are there; empty when there is nothing to say. */
  missing: string[]
}
export interface BodyView {
  id: string
  name: string
  since: LocalDate
  posts: (Dated & { id: string; personId: string; name: string; title: string; others: string[] })[]
  members: (Dated & { personId: string; name: string; others: string[]; byRule: boolean })[]
  /** Members that are derived: the words of the rule. */
  rules: { id: string; label: string; people: number }[]
  term: Dated | null
  termOver: boolean
  paper: { regulationId: string | null; title: string }
  files: AttachmentView[]
  /** What the regime asks of this body, part by part. */
  composition: { clause: string; label: string; met: boolean; sentence: string }[]
}

export interface DutyView extends Dated {
  id: string
  duty: string
  statement: string
  layer: string
  layerLabel: string
  roleLabel: string
  firstResponsible: boolean
  holderKind: HolderKind
  holderId: string
  holderName: string
  isMine: boolean
  /** Clauses by which it counts. */
  counts: string[]
  /** Why it does not count although the regime knows the duty. */
  because: string | null
}
export interface DutyChoice extends Word {
  clause: string
  layers: string[]
  roles: Word[]
}

export interface EnvironmentView extends Dated {
  id: string
  kind: string
  kindLabel: string
  name: string
  place: string
  note: string
  keeperId: string | null
  keeperName: string | null
  counts: string[]
}
export interface SupplyView {
  id: string
  what: string
  purpose: string
  neededOn: LocalDate
  requestedByName: string
  requestedOn: LocalDate
  status: SupplyStatus
  settledOn: LocalDate | null
  settledByName: string | null
  note: string
  /** Wanted before today and not there yet. */
  isLate: boolean
  /** Delivered after the day on which it was needed. */
  cameLate: boolean
  abilities: { deliver: Ability; withdraw: Ability }
}

export interface GrowthRow {
  personId: string
  name: string
  groupName: string
  step: string
  stepLabel: string
  since: LocalDate | null
  proof: string
  backbone: string
}
/** What a body thinks, spoken by one of its members. */
export interface OpinionView {
  bodyName: string
  personName: string | null
  agrees: boolean
  note: string
  on: LocalDate
}
/** A condition that the regime states for being chosen, and how the person stands with it. */
export interface ConditionView {
  title: string
  clause: string
  /** 必备条件, 一票否决, 优先 … */
  strength: string
  sentence: string
  state: FindingState
}
export interface ProposalView {
  id: string
  personId: string
  name: string
  kind: ProposalKind
  word: string
  wordLabel: string
  level: string
  levelLabel: string
  from: LocalDate
  proof: string
  status: ProposalStatus
  note: string
  proposedByName: string | null
  decidedByName: string | null
  trainings: { id: string; heldOn: LocalDate; what: string }[]
  files: AttachmentView[]
  opinions: OpinionView[]
  conditions: ConditionView[]
  abilities: { confirm: Ability; withdraw: Ability; train: Ability; opine: Ability }
}

export interface HeldTitleView {
  id: string
  holderName: string
  titleLabel: string
  levelLabel: string
  grantedOn: LocalDate
  proof: string
}

const dutyFields = z.object({
  /** A word of the regime, or empty for a duty of one's own. */
  duty: word.default(''),
  statement: note(300),
  layer: word.default(''),
  /** Only where the regime asks for one that does not follow from the person's posts. */
  role: word.default(''),
  firstResponsible: z.boolean().default(false),
  holderKind: z.enum(holderKinds),
  /** Null for the whole school. */
  holderId: id.nullable(),
  from: localDate,
})
const itemFields = z.object({
  kind: word.min(1, '请选择类别'),
  name: text('名称', 60),
  place: note(60),
  note: note(200),
  keeperId: id.nullable().default(null),
  from: localDate,
})
export type DutyInput = z.input<typeof dutyFields>
export type ItemInput = z.input<typeof itemFields>

export const dutyApi = {
  /** The bodies with posts, members, papers, and what the regime asks of them. */
  listBodies: endpoint('member', nothing)<{
    bodies: BodyView[]
    rules: BodyRuleView[]
    /** Rules by which members may be derived. */
    choices: Word[]
    regulations: Word[]
    organisationId: string
    today: LocalDate
    abilities: { appoint: Ability; found: Ability }
  }>(),
  /** Term of office and appointment paper. */
  saveBody: endpoint(
    'member',
    z.object({
      unitId: id,
      from: localDate,
      to: localDate.nullable().default(null),
      regulationId: id.nullable().default(null),
      paper: note(100),
    }),
  )<Nothing>(),
  /** Everybody of whom the rule speaks is a member from now on, as long as it holds. */
  addBodyRule: endpoint('member', z.object({ unitId: id, rule: word }))<{ added: number }>(),
  removeBodyRule: endpoint('member', z.object({ unitId: id, ruleRecordId: id }))<Nothing>(),
  getBodiesFile: fileEndpoint('member', nothing),

  listDuties: endpoint('member', z.object({ ended: z.boolean().default(false) }))<{
    duties: DutyView[]
    layers: (Word & { clause: string | null })[]
    /** What each post lets its holders do, and who they are today. */
    posts: { role: PostRole; label: string; means: string; holders: string[]; isMine: boolean }[]
    choices: DutyChoice[]
    /** Layers and duties that the regime names and nobody holds. */
    open: string[]
    today: LocalDate
    schoolName: string
    units: Word[]
    abilities: { assign: Ability }
  }>(),
  assignDuty: endpoint('member', dutyFields)<{ id: string; warnings: string[] }>(),
  /** Its last day; the fact of the running year is reversed once nobody holds it any more. */
  endDuty: endpoint('member', z.object({ dutyId: id, lastDay: localDate }))<Nothing>(),
  /** It was a mistake: as if it had never been. */
  withdrawDuty: endpoint('member', z.object({ dutyId: id, reason: text('原因', 100) }))<Nothing>(),

  listEnvironment: endpoint('member', nothing)<{
    items: EnvironmentView[]
    kinds: (Word & { clause: string | null })[]
    /** What the regime asks for and is not registered. */
    open: string[]
    supplies: SupplyView[]
    /** What the leading group and others said of the conditions, the latest first. */
    reviews: OpinionView[]
    myBodies: Word[]
    today: LocalDate
    abilities: { maintain: Ability; request: Ability; review: Ability }
  }>(),
  /** A body speaks: of a nomination, or (without one) of the conditions of study. */
  giveOpinion: endpoint(
    'staff',
    z.object({ proposalId: id.nullable().default(null), unitId: id, agrees: z.boolean(), note: note(200) }),
  )<Nothing>(),
  registerItem: endpoint('member', itemFields)<{ id: string }>(),
  endItem: endpoint('member', z.object({ itemId: id, lastDay: localDate }))<Nothing>(),
  withdrawItem: endpoint('member', z.object({ itemId: id, reason: text('原因', 100) }))<Nothing>(),
  requestSupply: endpoint(
    'staff',
    z.object({ what: text('需要的物资', 80), purpose: note(100), neededOn: localDate }),
  )<{ id: string }>(),
  deliverSupply: endpoint('office', z.object({ supplyId: id, on: localDate, note: note(100) }))<Nothing>(),
  declineSupply: endpoint('office', z.object({ supplyId: id, note: text('原因', 100) }))<Nothing>(),
  withdrawSupply: endpoint('staff', z.object({ supplyId: id }))<Nothing>(),

  listGrowth: endpoint('member', nothing)<{
    steps: (Word & { people: number })[]
    rows: GrowthRow[]
    proposals: ProposalView[]
    titles: Word[]
    levels: Word[]
    unknown: number
    myBodies: Word[]
    today: LocalDate
    abilities: { propose: Ability }
  }>(),
  proposeGrowth: endpoint(
    'office',
    z.object({
      personIds: z.array(id).min(1, '请选择教师').max(300),
      kind: z.enum(['step', 'candidate', 'title']),
      word: word.min(1, '请选择'),
      level: word.default(''),
      from: localDate,
      proof: note(200),
    }),
  )<{ proposed: number }>(),
  confirmGrowth: endpoint('principal', z.object({ proposalIds: z.array(id).min(1).max(300) }))<{
    confirmed: number
  }>(),
  returnGrowth: endpoint('principal', z.object({ proposalId: id, note: text('退回的原因', 100) }))<Nothing>(),
  withdrawGrowth: endpoint('office', z.object({ proposalId: id, note: note(100) }))<Nothing>(),
  addTraining: endpoint(
    'office',
    z.object({ proposalId: id, heldOn: localDate, what: text('培养内容', 200) }),
  )<Nothing>(),
  /** Titles and honours of groups and of the school; in a district also of its schools. */
  listTitles: endpoint('member', nothing)<{
    titles: HeldTitleView[]
    words: Word[]
    levels: Word[]
    units: Word[]
    schools: Word[]
    organisationName: string
    today: LocalDate
    abilities: { record: Ability }
  }>(),
  /** Without group and school it is the organisation's own. */
  recordTitle: endpoint(
    'member',
    z.object({
      unitId: id.nullable().default(null),
      schoolId: id.nullable().default(null),
      title: word.min(1, '请选择称号'),
      level: word.min(1, '请选择级别'),
      grantedOn: localDate,
      proof: note(200),
    }),
  )<{ id: string }>(),
  withdrawTitle: endpoint('member', z.object({ titleId: id, reason: text('原因', 100) }))<Nothing>(),
  getGrowthFile: fileEndpoint('member', nothing),
}
