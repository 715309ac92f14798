import { z } from 'zod'
import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint, uploadEndpoint } from '../kit/contract.ts'
import type { RosterProblem } from '../roster/columns.ts'
import type { CohortPart } from './cohort-rules.ts'
import type { AbsenceKind, AttributeName, CorrectionStatus, PostRole, UnitKind } from './words.ts'
import type { CohortSubject, CohortTest } from './words.ts'
import { cohortSubjects, cohortTests } from './words.ts'
import { absenceKinds, attributeNames, ownAttributeNames, postRoles, unitKinds } from './words.ts'

export const localDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, '日期应写成 2026-11-22 的样子')
  .refine(
    (text) =>
      !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
      new Date(`${text}T00:00:00Z`).toISOString().startsWith(text),
    '没有这一天',
  )
export const id = z.uuid('编号不正确')

const name = (what: string, most: number) =>
  z.string().trim().min(1, `请填写${what}`).max(most, `${what}不超过 ${most} 个字`)
const personName = name('姓名', 40)
const staffNumber = name('工号', 32).regex(/^[\p{L}\p{N}_.-]+$/u, '工号只能由字母、数字和短横线组成')
const phone = z
  .string()
  .trim()
  .regex(/^(1[3-9]\d{9})?$/, '手机请填 11 位手机号')
export const loginName = z
  .string()
  .trim()
  .min(2, '登录名至少 2 位')
  .max(40, '登录名不超过 40 位')
  .regex(/^[\p{L}\p{N}_.@-]+$/u, '登录名只能由字母、数字、点和短横线组成')
export const organisationName = name('名称', 60)

const attributes = z.partialRecord(
  z.enum(attributeNames),
  z.union([z.string().max(200), z.boolean(), z.array(z.string().max(40)).max(12)]),
)
export type AttributeInput = z.output<typeof attributes>

export interface UnitRef {
  unitId: string
  name: string
  kind: UnitKind
}
export interface PersonListItem {
  id: string
  name: string
  staffNumber: string
  units: UnitRef[]
  /** Titles of the posts held on the day. */
  titles: string[]
  /** Only for the offices; null for everybody else. */
  phone: string | null
  attributes: Partial<Record<'staffKind' | 'subject' | 'title', string>>
  /** First day after the service has ended for good; null while it lasts. */
  leftOn: LocalDate | null
}

interface Dated {
  from: LocalDate
  to: LocalDate | null
}
export interface PersonView {
  id: string
  name: string
  staffNumber: string
  phone: string | null
  /** Values on the day of asking. */
  attributes: Partial<Record<AttributeName, AttributeValue>>
  history: (Dated & { name: string; label: string; value: AttributeValue })[]
  service: (Dated & { id: string; reason: string })[]
  memberships: (Dated & UnitRef)[]
  posts: (Dated & {
    id: string
    role: PostRole
    title: string
    unitId: string | null
    unitName: string | null
  })[]
  absences: (Dated & { id: string; kind: string; label: string; note: string })[]
  leftOn: LocalDate | null
  /** Transfers to and from other schools, with what came along. */
  transfers: TransferView[]
  /** What the person says is wrong and nobody has decided yet. */
  correction: CorrectionView | null
  abilities: { edit: string | null; transfer: string | null; propose: string | null }
}

export interface TransferView {
  id: string
  /** As the school that received, the one that gave, or the district knows it. */
  side: 'in' | 'out' | 'seen'
  /** The person here; null for the district, whose own register does not hold them. */
  personId: string | null
  personName: string
  fromName: string
  toName: string
  lastDay: LocalDate
  note: string
  /** Records that went along, as last compared. */
  carried: number
  /** Why they were taken out again; null while they count. */
  withdrawnBecause: string | null
  /** What counts here of them, by kind. */
  kinds: { label: string; records: number; quantity: number; unit: string }[]
  abilities: { compare: string | null; withdraw: string | null }
}

/** A condition over people: of a regime in force, or saved by the school. */
export interface CohortView {
  id: string
  label: string
  /** The clause that names it; null for the school's own. */
  clause: string | null
  /** The condition in words. */
  condition: string
  /** What it is made of; null where it comes from a regime. */
  parts: CohortPart[] | null
  /** The day on which its rule asks, when it is asked today. */
  day: LocalDate
  dayText: string
  people: number
  /** People of whom it cannot be said, as something is not on record. */
  unknown: number
  abilities: { change: string | null }
}
export interface CohortMember {
  personId: string
  name: string
  staffNumber: string
  units: string[]
  /** What is not on record, so that it cannot be said. */
  missing: string[]
}

export interface CorrectionView {
  id: string
  personId: string
  personName: string
  changes: { name: string; label: string; before: string; after: string }[]
  from: LocalDate
  note: string
  status: CorrectionStatus
  decisionNote: string
  proposedAt: Date
  decidedByName: string | null
  abilities: { decide: string | null; withdraw: string | null }
}

export interface UnitListItem {
  id: string
  kind: UnitKind
  name: string
  parentId: string | null
  subject: string | null
  from: LocalDate
  to: LocalDate | null
  members: number
  /** Schools of an area; 0 for all other kinds. */
  schools: number
  leaders: { personId: string; name: string; title: string }[]
}
export interface UnitView extends Omit<UnitListItem, 'schools'> {
  /** Units above, from the top down. */
  path: { id: string; name: string }[]
  /** Schools of an area (片区); empty for all other kinds. */
  schools: { schoolId: string; name: string; leads: boolean; from: LocalDate }[]
  people: (Dated & { personId: string; name: string; staffNumber: string; titles: string[] })[]
  /** Everybody who was a member before. */
  former: (Dated & { personId: string; name: string; staffNumber: string })[]
  posts: (Dated & { id: string; personId: string; personName: string; role: PostRole; title: string })[]
  abilities: { edit: string | null }
}

/** A value of the roster as people read it. */
export interface RosterChangeView {
  label: string
  before: string
  after: string
}
export interface RosterCandidate {
  personId: string
  name: string
  staffNumber: string
}
export interface RosterPlan {
  create: {
    row: number
    staffNumber: string
    name: string
    groups: string
    posts: string
    maybeSameAs: RosterCandidate[]
  }[]
  update: {
    row: number
    staffNumber: string
    name: string
    isReturning: boolean
    changes: RosterChangeView[]
  }[]
  unchanged: number
  missing: RosterCandidate[]
  newUnits: { kind: UnitKind; name: string; members: number; similarTo: string | null }[]
}
export interface RosterPreview {
  /** Names the file that was looked at; goes back with the confirmation. */
  reference: string
  fileName: string
  from: LocalDate
  /** Rows read without a mistake. */
  rows: number
  problems: RosterProblem[]
  ignoredColumns: string[]
  /** Null while there are problems: nothing can be taken over. */
  plan: RosterPlan | null
  /** What the plan rests on; a change in between is noticed by it. */
  fingerprint: string
}
export interface RosterResult {
  created: number
  updated: number
  returned: number
  unchanged: number
  units: number
  missing: number
  /** New people, for opening their accounts. */
  personIds: string[]
}

export interface SchoolRef {
  id: string
  name: string
}

/** Own data as a person proposes to correct it; an empty text takes a value away. */
const ownChanges = z.object({
  phone: phone.optional(),
  attributes: z
    .partialRecord(
      z.enum(ownAttributeNames),
      z.union([z.string().trim().max(200), z.array(z.string().max(40)).max(12)]),
    )
    .default({}),
})
const cohortPart = z.object({
  subject: z.enum(Object.keys(cohortSubjects) as [CohortSubject, ...CohortSubject[]]),
  test: z.enum(Object.keys(cohortTests) as [CohortTest, ...CohortTest[]]),
  value: z.string().trim().max(40, '不超过 40 个字').default(''),
})
const cohortAsked = z.object({ cohortId: z.string().max(120), on: localDate.optional() })
const areaSchool = z.object({ unitId: id, schoolId: id })

type Done = Record<string, never>
export const orgApi = {
  /** People of one's own organisation, for pickers and the register; phone numbers only for the offices. */
  listPeople: endpoint(
    'member',
    z.object({
      q: z.string().trim().max(40).optional(),
      unitId: id.optional(),
      status: z.enum(['serving', 'left', 'all']).default('serving'),
      limit: z.number().int().min(1).max(500).default(50),
      skip: z.number().int().min(0).default(0),
    }),
  )<{ people: PersonListItem[]; total: number; abilities: { create: string | null } }>(),
  getPerson: endpoint('member', z.object({ personId: id }))<PersonView>(),
  createPerson: endpoint(
    'register',
    z.object({
      name: personName,
      staffNumber,
      phone: phone.optional(),
      from: localDate,
      attributes: attributes.default({}),
      unitIds: z.array(id).max(20).default([]),
    }),
  )<{ id: string }>(),
  /** Changes what is known of a person; attributes hold from the given day. An empty text takes a value away. */
  savePerson: endpoint(
    'register',
    z.object({
      personId: id,
      name: personName.optional(),
      staffNumber: staffNumber.optional(),
      phone: phone.optional(),
      from: localDate,
      attributes: attributes.default({}),
    }),
  )<Done>(),
  endService: endpoint(
    'register',
    z.object({ personId: id, on: localDate, reason: name('原因', 60) }),
  )<Done>(),
  beginService: endpoint('register', z.object({ personId: id, from: localDate }))<Done>(),
  /** Ends here and begins at another school of the same district on the day after. */
  transferPerson: endpoint(
    'administrator',
    z.object({
      personId: id,
      schoolId: id,
      on: localDate,
      /** 工号 at the new school. */
      staffNumber,
      note: z.string().trim().max(200, '说明不超过 200 个字').default(''),
    }),
  )<{ carried: number }>(),
  /** Transfers that this school, or the district, has seen. */
  listTransfers: endpoint('member', z.object({}))<{ transfers: TransferView[] }>(),
  /** Compares what came along with what stands at the old school now. */
  compareCarried: endpoint('administrator', z.object({ transferId: id }))<{
    records: number
    added: number
    reversed: number
  }>(),
  /** What came along no longer counts here. */
  withdrawCarried: endpoint('administrator', z.object({ transferId: id, reason: name('原因', 100) }))<Done>(),
  /** Corrections that wait for the office, and one's own. */
  listCorrections: endpoint('staff', z.object({}))<{ mine: CorrectionView[]; waiting: CorrectionView[] }>(),
  proposeCorrection: endpoint(
    'staff',
    ownChanges.extend({
      from: localDate,
      note: z.string().trim().max(200, '说明不超过 200 个字').default(''),
    }),
  )<{ id: string }>(),
  decideCorrection: endpoint(
    'administrator',
    z.object({ correctionId: id, accept: z.boolean(), note: z.string().trim().max(200).default('') }),
  )<Done>(),
  withdrawCorrection: endpoint('staff', z.object({ correctionId: id }))<Done>(),
  recordLongAbsence: endpoint(
    'register',
    z.object({
      personId: id,
      kind: z.enum(absenceKinds),
      from: localDate,
      to: localDate.nullable(),
      note: z.string().trim().max(200).default(''),
    }),
  )<Done>(),
  endLongAbsence: endpoint('register', z.object({ absenceId: id, on: localDate }))<Done>(),
  appoint: endpoint(
    'register',
    z.object({
      personId: id,
      unitId: id.nullable().default(null),
      role: z.enum(postRoles),
      title: name('职务名称', 40),
      from: localDate,
    }),
  )<Done>(),
  endPost: endpoint('register', z.object({ postId: id, on: localDate }))<Done>(),

  listUnits: endpoint('member', z.object({ on: localDate.optional() }))<{
    units: UnitListItem[]
    abilities: { create: string | null }
  }>(),
  getUnit: endpoint('member', z.object({ unitId: id }))<UnitView>(),
  createUnit: endpoint(
    'register',
    z.object({
      kind: z.enum(unitKinds),
      name: name('名称', 40),
      parentId: id.nullable().default(null),
      subject: z.string().trim().max(20).default(''),
      from: localDate,
    }),
  )<{ id: string }>(),
  saveUnit: endpoint(
    'register',
    z.object({
      unitId: id,
      name: name('名称', 40),
      parentId: id.nullable(),
      subject: z.string().trim().max(20),
    }),
  )<Done>(),
  dissolveUnit: endpoint('register', z.object({ unitId: id, on: localDate }))<Done>(),
  addMembers: endpoint(
    'register',
    z.object({ unitId: id, personIds: z.array(id).min(1, '请先选择人员').max(500), from: localDate }),
  )<{ added: number }>(),
  removeMember: endpoint('register', z.object({ unitId: id, personId: id, on: localDate }))<Done>(),
  /** Makes a person the leader from a day on; whoever led before ends the day before. */
  setLeader: endpoint(
    'register',
    z.object({ unitId: id, personId: id, from: localDate, title: z.string().trim().max(40).optional() }),
  )<Done>(),

  /** Conditions over people, with how many meet them. */
  listCohorts: endpoint('member', z.object({}))<{
    cohorts: CohortView[]
    abilities: { save: string | null }
  }>(),
  /** Who belongs on a day. */
  getCohort: endpoint('member', cohortAsked)<
    CohortView & { on: LocalDate; members: CohortMember[]; undecided: CohortMember[] }
  >(),
  getCohortFile: fileEndpoint('member', cohortAsked),
  saveCohort: endpoint(
    'office',
    z.object({
      id: id.optional(),
      name: name('名称', 30),
      parts: z.array(cohortPart).min(1, '请至少写一个条件').max(8, '最多 8 个条件'),
    }),
  )<{ id: string }>(),
  deleteCohort: endpoint('office', z.object({ id }))<Done>(),

  /** Areas (片区, 学区) are the district's. */
  createArea: endpoint('district', z.object({ name: name('名称', 40), from: localDate }))<{ id: string }>(),
  addAreaSchools: endpoint(
    'district',
    z.object({ unitId: id, schoolIds: z.array(id).min(1, '请先选择学校').max(200), from: localDate }),
  )<{ added: number }>(),
  removeAreaSchool: endpoint('district', areaSchool.extend({ on: localDate }))<Done>(),
  setLeadSchool: endpoint('district', areaSchool)<Done>(),

  getRosterTemplate: fileEndpoint('administrator', z.object({})),
  /** Everybody in service today, in the columns of the template: to print, to pass on, or to correct and take over again. */
  getRosterFile: fileEndpoint('office', z.object({})),
  /** Reads a roster and says what taking it over would do; nothing is changed. */
  uploadRoster: uploadEndpoint('administrator', z.object({ from: localDate }), {
    content: 'any',
  })<RosterPreview>(),
  confirmRoster: endpoint(
    'administrator',
    z.object({
      reference: z.string().max(200),
      fileName: z.string().max(200),
      fingerprint: z.string().max(100),
      from: localDate,
      /** For new numbers with a known name: a new person, or whose number has changed. */
      decisions: z.record(z.string().max(32), z.union([z.literal('new'), id])).default({}),
    }),
  )<RosterResult>(),

  /** Schools of the district: for the district all, for a school the others of its district. */
  listSchools: endpoint('member', z.object({}))<{
    schools: SchoolRef[]
    abilities: { create: string | null }
  }>(),
  /** The district founds a school; with an administrator also their account. */
  createSchool: endpoint('member', z.object({ name: organisationName }))<{ id: string }>(),
  /** The district gives a school an administrator, or the one who forgot the password a new one. */
  openSchoolAdministrator: endpoint('member', z.object({ schoolId: id, name: personName, staffNumber }), {
    keepsAnswer: false,
  })<{ name: string; loginName: string; password: string }>(),
  renameOrganisation: endpoint('administrator', z.object({ name: organisationName }))<Done>(),
}
export type OrgApi = typeof orgApi

export type { AbsenceKind, AttributeName }
