import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type {
  Artefact,
  Decision,
  DeliveryEvent,
  DeliveryState,
  LinkRoom,
  Owner,
  ProgrammeStatus,
} from './words.ts'

type Ability = string | null
const one = z.object({ id })
type Nothing = Record<string, never>

const deliverable = z.object({
  id: id.optional(),
  title: z.string().trim().min(1, '请写要交什么').max(80, '不超过 80 字'),
  owner: z.enum(['organisation', 'units', 'schools']),
  unitKind: z.string().max(40).nullable().default(null),
  dueOn: localDate,
  artefact: z.enum(['plan', 'summary', 'activity', 'document', 'any']),
})
const phase = z.object({
  id: id.optional(),
  title: z.string().trim().min(1, '请写阶段名称').max(40, '不超过 40 字'),
  from: localDate,
  to: localDate,
  deliverables: z.array(deliverable).max(40, '一个阶段最多 40 项'),
})
const fields = z.object({
  title: z.string().trim().min(1, '请写项目名称').max(80, '不超过 80 字'),
  aim: z.string().trim().max(2000).default(''),
  basis: z.string().trim().max(200).default(''),
  phases: z.array(phase).min(1, '至少要有一个阶段').max(12, '最多 12 个阶段'),
})
export type ProgrammeInput = z.input<typeof fields>

export interface DeliverableView {
  id: string
  title: string
  owner: Owner
  ownerLabel: string
  unitKind: string | null
  dueOn: LocalDate
  artefact: Artefact
  /** How many have delivered of those who must. */
  done: number
  of: number
  /** Who must deliver, with where each stands; empty while a draft. */
  owners: DeliveryView[]
}
export interface DeliveryView {
  /** Null where nothing was begun. */
  id: string | null
  ownerName: string
  unitId: string | null
  schoolId: string | null
  state: DeliveryState
  deliveredOn: LocalDate | null
  deliveredByName: string | null
  link: { room: LinkRoom; id: string; title: string } | null
  note: string
  files: number
  isMine: boolean
  /** What the receiver said of it; null while nothing was handed in. */
  decision: Decision | null
  decidedByName: string
  decidedOn: LocalDate | null
  decisionNote: string
  abilities: { deliver: Ability; withdraw: Ability; decide: Ability }
}
export interface PhaseView {
  id: string
  title: string
  from: LocalDate
  to: LocalDate
  /** Before, in, after the phase. */
  stage: 'ahead' | 'now' | 'over'
  deliverables: DeliverableView[]
}
export interface ProgrammeLine {
  id: string
  title: string
  /** The district, where a school reads its programme. */
  organisationName: string
  isDistrict: boolean
  status: ProgrammeStatus
  from: LocalDate
  to: LocalDate
  phaseNow: string | null
  done: number
  of: number
  overdue: number
  /** What the caller's own units have to deliver still. */
  waiting: number
  /** What was handed in and waits for the caller to accept it. */
  toAccept: number
}
export interface ProgrammeView extends ProgrammeLine {
  aim: string
  basis: string
  version: number
  phases: PhaseView[]
  /** By school (or group): how many delivered. */
  progress: { id: string; name: string; done: number; of: number; overdue: number }[]
  unitKinds: { id: string; label: string }[]
  today: LocalDate
  abilities: { change: Ability; publish: Ability; close: Ability; discard: Ability }
}

export const programmeApi = {
  listProgrammes: endpoint('member', z.object({}))<{
    programmes: ProgrammeLine[]
    abilities: { define: Ability }
    /** Whether deliverables may be asked of schools. */
    isDistrict: boolean
    unitKinds: { id: string; label: string }[]
    today: LocalDate
  }>(),
  getProgramme: endpoint('member', one)<ProgrammeView>(),
  /** A draft with three usual phases, to be changed. */
  createProgramme: endpoint('member', fields)<{ id: string }>(),
  /** Saves if it is still the version that was read; else 409. What was delivered stays. */
  changeProgramme: endpoint('member', fields.extend({ id, version: z.number().int() }))<{
    version: number
  }>(),
  publishProgramme: endpoint('member', one)<Nothing>(),
  closeProgramme: endpoint('member', one)<Nothing>(),
  discardProgramme: endpoint('member', one)<Nothing>(),
  /** Records that could be what is asked for: the newest plans, activities, regulations of the deliverer. */
  findLinks: endpoint('member', z.object({ id, deliverableId: z.uuid('编号不正确'), unitId: id.nullable() }))<
    { room: LinkRoom; id: string; title: string; note: string }[]
  >(),
  /** Begins a delivery, so that files can be attached to it. */
  startDelivery: endpoint(
    'member',
    z.object({ id, deliverableId: z.uuid('编号不正确'), unitId: id.nullable() }),
  )<{ deliveryId: string }>(),
  deliver: endpoint(
    'member',
    z.object({
      deliveryId: id,
      link: z
        .object({ room: z.enum(['plan', 'activity', 'regulation']), id })
        .nullable()
        .default(null),
      note: z.string().trim().max(2000).default(''),
    }),
  )<Nothing>(),
  withdrawDelivery: endpoint('member', z.object({ deliveryId: id }))<Nothing>(),
  /** The receiver accepts what was handed in, or returns it with the reason. A district names the school. */
  decideDelivery: endpoint(
    'member',
    z.object({
      deliveryId: id,
      schoolId: id.nullable().default(null),
      accept: z.boolean(),
      note: z.string().trim().max(500, '请不超过 500 字').default(''),
    }),
  )<Nothing>(),
  /** The files of a delivery and what has happened to it so far, the latest first. */
  getDelivery: endpoint('member', z.object({ deliveryId: id, schoolId: id.nullable().default(null) }))<{
    files: AttachmentView[]
    history: { what: DeliveryEvent; at: Date; byName: string; note: string }[]
  }>(),
  getProgressFile: fileEndpoint('member', one),
}
