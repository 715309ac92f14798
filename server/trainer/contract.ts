import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Word } from './rules.ts'
import {
  type ContributionKind,
  type InvitationKind,
  type InvitationStatus,
  type TrainerKind,
  trainerKindNames,
  type TrainerLevel,
  trainerLevelNames,
} from './words.ts'

const nothing = z.object({})
type Nothing = Record<string, never>
type Ability = string | null
const line = (what: string, most: number) =>
  z.string().trim().min(1, `请填写${what}`).max(most, `${what}不超过 ${most} 个字`)
const optional = (most: number) => z.string().trim().max(most, `不超过 ${most} 个字`).default('')
const word = z.string().trim().max(60).default('')
const fee = z
  .number()
  .min(0, '费用不能小于 0')
  .max(1_000_000, '费用最多 100 万元，请核对')
  .nullable()
  .default(null)
const year = z
  .string()
  .regex(/^\d{4}-\d{4}$/, '学年应写成 2026-2027 的样子')
  .nullable()
  .default(null)

const trainerFields = z.object({
  kind: z.enum(trainerKindNames),
  level: z.enum(trainerLevelNames),
  employer: optional(60),
  field: optional(60),
  phone: z
    .string()
    .trim()
    .regex(/^$|^[\d+\- ]{5,20}$/, '电话只写数字，例如 13900000000')
    .default(''),
  /** Words of the regime as which this person counts; null: by kind. */
  countsAs: z.array(z.string().max(60)).max(8).nullable().default(null),
  /** A district's: schools may invite this person. */
  offered: z.boolean().default(false),
})
export type TrainerFields = z.input<typeof trainerFields>

export interface TrainerView {
  id: string
  name: string
  kind: TrainerKind
  kindLabel: string
  level: TrainerLevel
  levelLabel: string
  employer: string
  field: string
  /** Empty for whoever may not see it. */
  phone: string
  isOwn: boolean
  fromDistrict: boolean
  offered: boolean
  leftOn: LocalDate | null
  countsAs: string[] | null
  /** As what the regime counts, in words. */
  countedAs: string[]
  /** Adviser until, where appointed now. */
  adviser: { subject: string; to: LocalDate } | null
  lectures: number
  guidances: number
  /** Mean stars of the running school year; null without any. */
  stars: number | null
}
export interface OfferView {
  id: string
  name: string
  kindLabel: string
  levelLabel: string
  employer: string
  field: string
}
export interface InvitationView {
  id: string
  trainerId: string
  trainerName: string
  kind: InvitationKind
  subject: string
  from: LocalDate
  to: LocalDate | null
  place: string
  /** Undefined for whoever may not see it. */
  fee?: number | null
  status: InvitationStatus
  reason: string
  letterNumber: string
  proposedByName: string | null
  decidedByName: string | null
  /** Whether the lecture or guidance has been recorded. */
  isGiven: boolean
  abilities: { decide: Ability; withdraw: Ability }
}
export interface ContributionView {
  id: string
  kind: ContributionKind
  giverName: string
  levelLabel: string
  trainerId: string | null
  subject: string
  heldOn: LocalDate
  minutes: number
  forWhom: string
  note: string
  activity: { id: string; theme: string } | null
  fee?: number | null
  people: number
  ratings: number
  stars: number | null
  comments: string[]
  abilities: { withdraw: Ability; fee: Ability }
}
export interface TrainerYear {
  trainerId: string
  name: string
  kindLabel: string
  levelLabel: string
  isOwn: boolean
  lectures: number
  guidances: number
  minutes: number
  people: number
  stars: number | null
  fee?: number
}
export interface ToRate {
  id: string
  kind: ContributionKind
  giverName: string
  subject: string
  heldOn: LocalDate
  until: LocalDate
}
export interface MyEngagement {
  organisationName: string
  kind: InvitationKind
  subject: string
  from: LocalDate
  to: LocalDate | null
  letterNumber: string
}
export interface MyContribution {
  organisationName: string
  kind: ContributionKind
  subject: string
  heldOn: LocalDate
  minutes: number
  forWhom: string
  people: number
  ratings: number
  stars: number | null
  comments: string[]
}

const contributionFields = z.object({
  kind: z.enum(['lecture', 'guidance']),
  /** One of the three. */
  trainerId: id.nullable().default(null),
  guidePersonId: id.nullable().default(null),
  guideUnitId: id.nullable().default(null),
  /** Where the kind does not say as what the regime counts the guide. */
  guideWord: word,
  invitationId: id.nullable().default(null),
  /** With an activity, day, length, people and subject are those of the activity. */
  activityId: id.nullable().default(null),
  activityKind: word,
  subject: optional(120),
  heldOn: localDate.nullable().default(null),
  minutes: z.number().int().min(5, '时长至少 5 分钟').max(720, '时长最多 720 分钟').nullable().default(null),
  guidanceKind: word,
  mode: word,
  answered: z.boolean().default(true),
  beneficiary: word,
  unitId: id.nullable().default(null),
  personIds: z.array(id).max(60, '一次最多选 60 位').default([]),
  schoolId: id.nullable().default(null),
  note: optional(1000),
  fee,
})
export type ContributionInput = z.input<typeof contributionFields>

export const trainerApi = {
  listTrainers: endpoint('member', z.object({ left: z.boolean().default(false) }))<{
    trainers: TrainerView[]
    /** Whom the district offers and the school has not taken over yet. */
    offers: OfferView[]
    isDistrict: boolean
    /** Whether I stand in it myself, here or in the district's. */
    isTrainer: boolean
    /** Words of the regime as which trainers count. */
    words: Word[]
    duties: Word[]
    today: LocalDate
    /** The last day of the school year, for the term of advisers. */
    yearEnds: LocalDate | null
    abilities: { maintain: Ability; offer: Ability; fee: Ability }
  }>(),
  /** Of the own staff by `personId` (name, unit and phone are known), of a district's school by `home`, else by name. */
  addTrainer: endpoint(
    'member',
    trainerFields.extend({
      personId: id.nullable().default(null),
      home: z.object({ schoolId: id, personId: id }).nullable().default(null),
      name: optional(20),
    }),
  )<{ id: string }>(),
  changeTrainer: endpoint(
    'member',
    trainerFields.extend({ trainerId: id, name: line('姓名', 20) }),
  )<Nothing>(),
  /** Out of the pool, or back into it; what was given stays. */
  setTrainerLeft: endpoint('member', z.object({ trainerId: id, left: z.boolean() }))<Nothing>(),
  /** Takes somebody whom the district offers into the school's pool. */
  takeOffer: endpoint('member', z.object({ offerId: id }))<{ id: string }>(),
  /** Staff of the district's schools. */
  findSchoolStaff: endpoint('district', z.object({ search: z.string().trim().max(40) }))<
    { schoolId: string; personId: string; name: string; note: string }[]
  >(),

  listInvitations: endpoint('member', nothing)<InvitationView[]>(),
  invite: endpoint(
    'member',
    z.object({
      trainerId: id,
      kind: z.enum(['adviser', 'lecture', 'guidance']),
      subject: line('内容', 80),
      duty: word,
      from: localDate,
      to: localDate.nullable().default(null),
      place: optional(60),
      fee,
    }),
  )<{ id: string; status: InvitationStatus }>(),
  approveInvitation: endpoint('member', z.object({ invitationId: id }))<{ letterNumber: string }>(),
  refuseInvitation: endpoint('member', z.object({ invitationId: id, reason: line('原因', 100) }))<Nothing>(),
  withdrawInvitation: endpoint(
    'member',
    z.object({ invitationId: id, reason: line('原因', 100) }),
  )<Nothing>(),
  /** The letter of appointment of an adviser. */
  getLetterFile: fileEndpoint('member', z.object({ invitationId: id })),

  listContributions: endpoint('member', z.object({ schoolYearId: year }))<{
    contributions: ContributionView[]
    years: TrainerYear[]
    schoolYear: Word | null
    schoolYears: Word[]
    abilities: { record: Ability; fee: Ability }
  }>(),
  /** What the form offers for choosing. */
  getContributionChoices: endpoint('member', nothing)<{
    trainers: (Word & { note: string })[]
    bodies: Word[]
    units: Word[]
    activityKinds: Word[]
    guideWords: Word[]
    guidanceKinds: Word[]
    modes: Word[]
    beneficiaries: Word[]
    schools: Word[]
    /** Lectures and guidance that were approved and not yet recorded. */
    invitations: { id: string; trainerId: string; kind: ContributionKind; subject: string; day: LocalDate }[]
    today: LocalDate
    abilities: { whole: Ability; fee: Ability }
  }>(),
  /** Activities of the last months that could be the one. */
  findActivities: endpoint('member', z.object({ search: z.string().trim().max(40) }))<
    { id: string; theme: string; note: string }[]
  >(),
  recordContribution: endpoint('member', contributionFields)<{ id: string }>(),
  setFee: endpoint('member', z.object({ contributionId: id, fee }))<Nothing>(),
  /** It was a mistake: its facts are reversed. */
  withdrawContribution: endpoint(
    'member',
    z.object({ contributionId: id, reason: line('原因', 100) }),
  )<Nothing>(),
  getYearFile: fileEndpoint('member', z.object({ schoolYearId: year })),

  /** Lectures and guidance at which I was and of which I have not said anything yet. */
  listToRate: endpoint('staff', nothing)<ToRate[]>(),
  /** Of one activity, for its page; null where nobody of the pool taught. */
  getActivityRating: endpoint('staff', z.object({ activityId: id }))<{
    id: string
    giverName: string
    myStars: number | null
    mySentence: string
    ratings: number
    stars: number | null
    ability: Ability
  } | null>(),
  rate: endpoint(
    'staff',
    z.object({
      contributionId: id,
      stars: z.number().int().min(1, '请点一到五颗星').max(5, '请点一到五颗星'),
      sentence: optional(200),
    }),
  )<Nothing>(),

  /** What I was engaged for and gave, here and in other schools of the district, with what people said. */
  getMine: endpoint('member', nothing)<{
    isTrainer: boolean
    engagements: MyEngagement[]
    contributions: MyContribution[]
    stars: number | null
    ratings: number
  }>(),
}
export type TrainerApi = typeof trainerApi
