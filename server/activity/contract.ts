import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Part, Term } from './settings.ts'
import type {
  ActivityStatus,
  AttendanceSource,
  AttendanceStatus,
  LeaveAdvice,
  LeaveKind,
  LeaveStatus,
  MakeUpStatus,
  Scope,
} from './words.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 15:30 的样子')
const line = (max: number) => z.string().trim().max(max, `最多 ${max} 字`)
const agendaItem = z.object({ text: line(200), done: z.boolean().default(false) })
export type AgendaItem = z.output<typeof agendaItem>

const planFields = z.object({
  kind: line(60),
  form: line(60),
  contentTags: z.array(line(60)).max(12),
  /** Null: as is usual for the kind. */
  modes: z.array(line(60)).max(12).nullish(),
  /** Null: it follows from who is expected. */
  audience: z.array(line(60)).max(12).nullish(),
  /** Of the pool of trainers. */
  trainerId: id.nullish(),
  theme: line(120),
  content: line(4000),
  place: line(80),
  startTime: time,
  endTime: time,
  hostId: id.nullish(),
  speakerId: id.nullish(),
  recorderId: id.nullish(),
  agenda: z.array(agendaItem).max(40),
})
/** What is said of an activity when it is planned. Empty items are refused where the regime wants them settled. */
export const planInput = planFields.extend({
  scope: z.enum(['organisation', 'group', 'body']),
  unitId: id.nullish(),
  day: localDate,
  form: planFields.shape.form.default(''),
  contentTags: planFields.shape.contentTags.default([]),
  content: planFields.shape.content.default(''),
  place: planFields.shape.place.default(''),
  agenda: planFields.shape.agenda.default([]),
})
export type PlanInput = z.input<typeof planInput>

export interface Named {
  id: string
  name: string
}
/** Abilities: null means yes, a sentence is the reason why not. */
export type Ability = string | null

/** One line of a list. Whoever does not belong to it sees theme, group and time only. */
export interface ActivityLine {
  id: string
  scope: Scope
  unit: Named | null
  kind: string
  kindLabel: string
  formLabel: string
  theme: string
  place: string
  day: LocalDate
  startTime: string
  endTime: string
  minutes: number
  status: ActivityStatus
  movedFrom: LocalDate | null
  speakerName: string
  /** `第12周（双周）`, or null in the holidays; by the day for which it counts. */
  weekLabel: string | null
  weekFrom: LocalDate
  expected: number | null
  attended: number | null
  /** My own status, where I am expected or took part. */
  mine: AttendanceStatus | 'leaveAsked' | null
  isMine: boolean
  canOpen: boolean
  abilities: { run: Ability }
}
export interface AttendanceLine {
  personId: string
  name: string
  staffNumber: string
  status: AttendanceStatus | null
  time: string | null
  source: AttendanceSource | null
  isGuest: boolean
  note: string
  leave: { kind: LeaveKind; status: LeaveStatus } | null
  /** In which sessions, where the activity has several. */
  sessions: number[]
}
export interface ActivityDetail extends ActivityLine {
  content: string
  contentTags: Term[]
  form: string
  host: Named | null
  speaker: Named | null
  /** Why whoever was to speak will not: transferred, left, on long leave. Said until it has begun. */
  speakerProblem: string | null
  recorder: Named | null
  trainer: Named | null
  modes: Term[]
  audience: Term[]
  agenda: AgendaItem[]
  movedReason: string | null
  cancelledReason: string | null
  startedAt: Date | null
  closedAt: Date | null
  closedByName: string | null
  /** Whole minutes until the planned start; negative when it has begun. */
  startsInMinutes: number
  minutesParts: Part[]
  minutesTexts: Record<string, string>
  minutesVersion: number
  minutesSaved: { at: Date; byName: string } | null
  swaps: { from: string; to: string; reason: string; at: Date; by: string }[]
  /** Of several sessions: their numbers, and how many make somebody present. */
  sessions: { numbers: number[]; least: number } | null
  attendance: AttendanceLine[] | null
  counts: Record<AttendanceStatus, number>
  leave: { id: string; kind: LeaveKind; status: LeaveStatus; reason: string; decisionNote: string } | null
  members: Named[]
  details: {
    change: Ability
    move: Ability
    cancel: Ability
    start: Ability
    close: Ability
    writeMinutes: Ability
    rollCall: Ability
    correct: Ability
    askLeave: Ability
    recordLeave: Ability
  }
}
/** The lists from which a plan is filled in. */
export interface PlanChoices {
  kinds: Term[]
  forms: Term[]
  contentTags: Term[]
  settled: Part[]
  members: (Named & { spoken: number })[]
  modes: Term[]
  /** How activities of each kind usually work. */
  usualModes: Record<string, string[]>
  audiences: Term[]
  trainers: (Named & { note: string })[]
  /** Why this speaker: `本学期还有 3 位老师没有发言，按顺序轮到林小满。` */
  speakerBecause: string
}
/** An activity as it was planned, for changing it. */
export interface ActivityPlan extends PlanChoices {
  values: {
    kind: string
    form: string
    contentTags: string[]
    theme: string
    content: string
    place: string
    startTime: string
    endTime: string
    hostId: string | null
    speakerId: string | null
    recorderId: string | null
    agenda: AgendaItem[]
    modes: string[] | null
    audience: string[] | null
    trainerId: string | null
  }
}
/** Everything that is known already, so that planning takes few taps. */
export interface PlanSuggestion extends PlanChoices {
  scope: Scope
  unit: Named | null
  /** Units for which I may plan; `null` stands for the whole school. */
  units: { scope: Scope; unit: Named | null; label: string }[]
  suggestion: {
    kind: string
    form: string
    place: string
    day: LocalDate
    startTime: string
    endTime: string
    hostId: string | null
    speakerId: string | null
    recorderId: string | null
  }
  /** Whoever is suggested, so that forms show names where they do not list members. */
  people: Named[]
  /** The fixed time from which day and hour were taken; null where the group has none. */
  slot: string | null
  moveForbiddenBy: string | null
}
export interface SignInResult {
  /** `signedIn` now, `already` before. */
  result: 'signedIn' | 'already'
  activityId: string
  theme: string
  place: string
  unitName: string
  personName: string
  /** `15:02` */
  time: string
  isGuest: boolean
  /** For which session of several, where it is a new one. */
  session: number | null
}
export interface LiveView {
  activityId: string
  theme: string
  unitName: string
  place: string
  day: LocalDate
  startTime: string
  endTime: string
  status: ActivityStatus
  expected: number
  /** Expected people who are here; guests beside them. */
  arrived: number
  guests: number
  /** The latest arrivals, newest first. */
  names: { name: string; time: string; isGuest: boolean }[]
  /** Only while it runs and for whoever runs it. */
  code: { address: string; number: string; millisecondsLeft: number; windowMilliseconds: number } | null
}
export interface LeaveLine {
  id: string
  activity: {
    id: string
    theme: string
    day: LocalDate
    startTime: string
    unitName: string
    status: ActivityStatus
  }
  person: Named
  kind: LeaveKind
  reason: string
  askedAt: Date
  askedLate: boolean
  status: LeaveStatus
  decidedByName: string | null
  decisionNote: string
  /** What the group leader says; null while nothing is said. */
  advice: { advice: LeaveAdvice; note: string; byName: string } | null
  /** Where the request was made by itself: the other activity at the same hour. */
  clash: { id: string; theme: string } | null
  abilities: { decide: Ability; withdraw: Ability; advise: Ability }
}
export interface MakeUpLine {
  id: string
  activity: { id: string; theme: string; day: LocalDate; minutes: number; unitName: string }
  person: Named
  missedStatus: 'onLeave' | 'absent'
  dueOn: LocalDate
  isOverdue: boolean
  note: string
  minutes: number
  handedInAt: Date | null
  status: MakeUpStatus
  decidedByName: string | null
  decisionNote: string
  abilities: { handIn: Ability; decide: Ability }
}
export interface StatisticsLine {
  personId: string
  name: string
  staffNumber: string
  unitNames: string
  expected: number
  present: number
  late: number
  leftEarly: number
  onLeave: number
  absent: number
  madeUp: number
  minutes: number
  /** Share of the expected activities attended, in tenths of a percent; null without any. */
  ratePerMille: number | null
}

const listFilter = z.object({
  from: localDate,
  to: localDate,
  unitId: id.nullish(),
  kind: z.string().max(60).nullish(),
  status: z.enum(['planned', 'running', 'closed', 'cancelled']).nullish(),
  search: z.string().trim().max(60).nullish(),
})
const period = z.object({
  from: localDate,
  to: localDate,
  unitId: id.nullish(),
  kind: z.string().max(60).nullish(),
})
const one = z.object({ id })
const nothing = z.object({})
type Nothing = Record<string, never>

export const activityApi = {
  /** Activities by day; `weekLabel` groups them. */
  listActivities: endpoint('member', listFilter)<ActivityLine[]>(),
  /** Mine of today and of the rest of the week; those running stand first. */
  listMyActivities: endpoint('staff', nothing)<ActivityLine[]>(),
  getActivity: endpoint('member', one)<ActivityDetail>(),
  getPlanSuggestion: endpoint(
    'leaders',
    z.object({ unitId: id.nullish(), day: localDate.nullish(), whole: z.boolean().default(false) }),
  )<PlanSuggestion>(),
  /** People of the school by name, pinyin initials or 工号, for choosing host and speaker. */
  findPeople: endpoint('staff', z.object({ search: z.string().trim().max(40) }))<
    (Named & { note: string })[]
  >(),
  planActivity: endpoint('leaders', planInput)<{ id: string; warnings: string[] }>(),
  /** The plan of an activity with the lists to choose from; refused with the reason where it may not be changed. */
  getPlan: endpoint('staff', one)<ActivityPlan>(),
  /** What is left out stays as it is. */
  changeActivity: endpoint('staff', planFields.partial().extend({ id }))<{ warnings: string[] }>(),
  moveActivity: endpoint(
    'staff',
    z.object({
      id,
      day: localDate,
      startTime: time.nullish(),
      endTime: time.nullish(),
      place: line(80).nullish(),
      reason: line(200),
    }),
  )<Nothing>(),
  cancelActivity: endpoint('staff', z.object({ id, reason: line(200) }))<Nothing>(),
  swapSpeaker: endpoint('staff', z.object({ id, toPersonId: id, reason: line(200) }))<Nothing>(),
  startActivity: endpoint('staff', one)<{ expected: number }>(),
  closeActivity: endpoint('staff', z.object({ id, minutes: z.number().int().min(5).max(720).nullish() }))<{
    counts: Record<AttendanceStatus, number>
    missingParts: string[]
  }>(),
  saveAgenda: endpoint('staff', z.object({ id, agenda: z.array(agendaItem).max(40) }))<Nothing>(),
  /** Saves the draft. Refused with 409 `minutesChanged` when somebody else saved since `version`; `fields` then holds `version` and their text as `parts.<id>`. */
  saveMinutes: endpoint(
    'staff',
    z.object({
      id,
      version: z.number().int().min(0),
      parts: z.record(z.string().max(60), z.string().max(20_000)),
    }),
  )<{
    version: number
    missingParts: string[]
  }>(),
  getSignInSheetFile: fileEndpoint('staff', one),
  getActivityRecordFile: fileEndpoint('staff', one),
}
export type ActivityApi = typeof activityApi

const rollCallStatus = z.enum(['present', 'late', 'leftEarly', 'absent'])
const finalStatus = z.enum(['present', 'late', 'leftEarly', 'onLeave', 'absent'])
const leaveKind = z.enum(['personal', 'sick', 'duty', 'study', 'family', 'other'])

export const attendanceApi = {
  /** Signs in with the code from the screen. `signedIn` gate: also accounts that still have their first password. */
  signIn: endpoint('signedIn', z.object({ token: z.string().max(60) }))<SignInResult>(),
  signInByNumber: endpoint(
    'signedIn',
    z.object({
      number: z
        .string()
        .trim()
        .regex(/^\d{6}$/, '请输入大屏幕上的 6 位数字'),
    }),
  )<SignInResult>(),
  /** A scan made without network, delivered later. `sentAt` is the phone's clock now, so that a wrong clock does no harm. */
  deliverParked: endpoint(
    'signedIn',
    z.object({ token: z.string().max(60), scannedAt: z.coerce.date(), sentAt: z.coerce.date().nullish() }),
  )<SignInResult>(),
  /** Many at once; `status: null` takes an entry back. `paper`: copied from the signed sheet. */
  recordRollCall: endpoint(
    'staff',
    z.object({
      id,
      entries: z
        .array(z.object({ personId: id, status: rollCallStatus.nullable() }))
        .min(1)
        .max(3000),
      paper: z.boolean().default(false),
    }),
  )<{ recorded: number }>(),
  correctAttendance: endpoint(
    'staff',
    z.object({
      id,
      personId: id,
      status: finalStatus,
      reason: line(200),
      /** The status that the page showed; when somebody corrected it meanwhile, nothing is changed. */
      seen: finalStatus.nullish(),
      /** Of an activity with several sessions: in which the person was. Left out, they stay as they are. */
      sessions: z.array(z.number().int().min(1).max(40)).max(40).nullish(),
    }),
  )<Nothing>(),
  listLeaves: endpoint(
    'staff',
    z.object({
      which: z.enum(['mine', 'waiting', 'all']),
      from: localDate.nullish(),
      to: localDate.nullish(),
    }),
  )<LeaveLine[]>(),
  requestLeave: endpoint('staff', z.object({ activityId: id, kind: leaveKind, reason: line(300) }))<{
    id: string
    askedLate: boolean
  }>(),
  withdrawLeave: endpoint('staff', one)<Nothing>(),
  decideLeave: endpoint(
    'office',
    z.object({ id, grant: z.boolean(), note: line(300).default('') }),
  )<Nothing>(),
  /** The group leader's advice, before 教导处 decides. */
  adviseLeave: endpoint(
    'leaders',
    z.object({ id, advice: z.enum(['support', 'oppose']), note: line(300).default('') }),
  )<Nothing>(),
  /** 教导处 enters a leave that was asked by word of mouth; granted at once. */
  recordLeave: endpoint(
    'office',
    z.object({ activityId: id, personId: id, kind: leaveKind, reason: line(300) }),
  )<{ id: string }>(),
  listMakeUps: endpoint('staff', z.object({ which: z.enum(['mine', 'toDecide', 'all']) }))<MakeUpLine[]>(),
  handInMakeUp: endpoint(
    'staff',
    z.object({ id, note: line(4000), minutes: z.number().int().min(1, '请填写补学用了多少分钟').max(720) }),
  )<Nothing>(),
  decideMakeUp: endpoint(
    'leaders',
    z.object({ id, confirm: z.boolean(), note: line(300).default('') }),
  )<Nothing>(),
  listStatistics: endpoint('staff', period)<StatisticsLine[]>(),
  getStatisticsFile: fileEndpoint('staff', period),
}
export type AttendanceApi = typeof attendanceApi

/** What changes with every sign-in stands alone, so that only the pages that show it read again. */
export const activityLiveApi = {
  getLive: endpoint('staff', one)<LiveView>(),
  listMissing: endpoint('staff', one)<(Named & { leave: LeaveKind | null })[]>(),
  listRollCall: endpoint('staff', one)<AttendanceLine[]>(),
}
export type ActivityLiveApi = typeof activityLiveApi
