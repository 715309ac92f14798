import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Matrix } from '../regime/contract.ts'
import {
  type Followed,
  followedLabels,
  type Inspection,
  inspectionLabels,
  type LessonScope,
  lessonScopeLabels,
  type LessonStatus,
  type LessonStep,
  type RatingVoice,
} from './words.ts'

const scopes = Object.keys(lessonScopeLabels) as [LessonScope, ...LessonScope[]]
const followedWays = Object.keys(followedLabels) as [Followed, ...Followed[]]
const inspections = Object.keys(inspectionLabels) as [Inspection, ...Inspection[]]

/** One line of an observation; without a minute it was written after the lesson. */
export interface Note {
  id: string
  minute: number | null
  text: string
}

/** A sheet of criteria as it is used: frozen with what was written on it. */
export interface Sheet {
  id: string
  version: number
  title: string
  /** From the best to the weakest; `share` is what a criterion's weight is multiplied by, in hundredths. */
  steps: { label: string; share: number }[]
  criteria: Criterion[]
  /** How much a rating of each voice counts; 0: shown, not counted. Without `self` nobody rates the own lesson. */
  voices: { peers: number; leaders: number; experts: number; self: number | null }
}
export interface Criterion {
  id: string
  label: string
  hint: string
  weight: number
  /** The part of the appraisal for which it counts, where the regime names one. */
  section: string
}

export interface SheetView extends Sheet {
  /** `usual`, `regime` or the school's `own`. */
  source: 'usual' | 'regime' | 'own'
  clause: string
  retired: boolean
  savedAt: Date | null
  savedByName: string | null
  versions: number
}

export interface Choice {
  id: string
  label: string
}

type LessonAbilities = Record<
  | 'change'
  | 'cancel'
  | 'confirm'
  | 'give'
  | 'takeBack'
  | 'enrol'
  | 'observe'
  | 'rate'
  | 'rateAsExpert'
  | 'repeat'
  | 'record',
  string | null
>

/** A lesson as a line of the list. */
export interface LessonLine {
  id: string
  kind: string
  kindLabel: string
  scope: LessonScope
  teacher: { id: string; name: string; leftOn: LocalDate | null }
  guideName: string | null
  unitName: string | null
  subject: string
  className: string
  topic: string
  room: string
  heldOn: LocalDate
  period: number
  /** `第3节 10:00—10:40` */
  periodLabel: string
  status: LessonStatus
  reason: string
  observers: number
  observed: number
  ratings: number
  iEnrolled: boolean
  isMine: boolean
  myObservationId: string | null
  abilities: Pick<LessonAbilities, 'enrol' | 'observe' | 'confirm' | 'give'>
}

export interface RatingView {
  id: string
  name: string
  voice: RatingVoice
  sheetTitle: string
  scores: { label: string; step: string; points: number; weight: number }[]
  total: number
  comment: string
  ratedAt: Date
  isMine: boolean
  abilities: { withdraw: string | null }
}
/** What all ratings of one lesson with one sheet come to. */
export interface RatingResult {
  sheetId: string
  version: number
  title: string
  criteria: { id: string; label: string; weight: number; mean: number | null }[]
  total: number | null
  voices: { voice: RatingVoice; ratings: number; mean: number; counts: number }[]
}

export interface LessonView extends Omit<LessonLine, 'abilities'> {
  caseId: string
  contentTags: string[]
  contentTagLabels: string[]
  guideId: string | null
  note: string
  unitId: string | null
  observerList: { personId: string; name: string; observed: boolean }[]
  steps: { step: LessonStep; personName: string | null; at: Date; reason: string; detail: string }[]
  /** The same lesson taught before or again. */
  series: {
    id: string
    topic: string
    heldOn: LocalDate
    status: LessonStatus
    isThis: boolean
    results: RatingResult[]
  }[]
  ratingList: RatingView[]
  results: RatingResult[]
  myRating: { sheetId: string; scores: Record<string, number>; comment: string } | null
  observations: { id: string; observerName: string; submittedAt: Date | null }[]
  /** What the observers wrote, side by side; null for those who may not see it. */
  comments: { lines: CommentLine[]; missing: string[]; countsPoints: boolean } | null
  /** What the regime wants written down of lessons of this kind, and what is. */
  recordForm: RecordForm | null
  record: Record<string, string>
  /** For which rules it has counted; before it was given what regimes ask of this kind. */
  counted: CountedRule[]
  expected: Quota[]
  abilities: LessonAbilities
}

/** The parts that a regime wants written down of a lesson. */
export interface RecordForm {
  title: string
  clause: string
  sections: { key: string; label: string; hint: string; required: boolean }[]
}

/** A rule for which a lesson has counted, with the way to the explanation. */
export interface CountedRule {
  regimeId: string
  ruleId: string
  minimumId: string
  periodId: string
  personId: string
  title: string
  clause: string
}

/** What one observer wrote on a lesson, and when. */
export interface CommentLine {
  observationId: string
  observerName: string
  comment: string
  actionStep: string
  writtenAt: Date | null
  /** `课后 12 分钟` */
  writtenLabel: string
  /** Written on the day of the lesson. */
  onTheSpot: boolean
  points: number | null
  abilities: { open: string | null; score: string | null }
}

/** Who owes which lessons: people by rules, in the term that runs. */
export interface Duties extends Matrix {
  termId: string
  termName: string
  quotas: Quota[]
  /** People who have done all of it, and people with something overdue. */
  done: number
  behind: number
}

/** What a regime asks for, in its own words. */
export interface Quota {
  text: string
  clause: string
  /** Whom it binds: 45 岁以下教师. */
  who: string
  /** Kinds of lessons of which it speaks; empty when it speaks of all. */
  kinds: string[]
}

export interface BookingChoices {
  /** Which lessons the regimes ask for, and of whom. */
  quotas: Quota[]
  kinds: Choice[]
  contentTags: Choice[]
  periods: { number: number; label: string }[]
  teachers: (Choice & { initials: string; subject: string; classes: string[]; rooms: string[] })[]
  classes: string[]
  rooms: string[]
  subjects: string[]
  confirms: boolean
  /** The teacher whom the reader books for when nothing else is said. */
  me: string | null
  /** Null: may book for everybody; else only for these. */
  bookable: string[] | null
  earliest: LocalDate
  latest: LocalDate
}

/** One period of a teacher's day by the timetable. */
export interface TimetabledPeriod {
  period: number
  periodLabel: string
  /** Empty where the timetable does not name it. */
  className: string
  what: string
}

export interface ObservationLine {
  id: string
  lessonId: string | null
  observer: Choice
  teacher: Choice
  heldOn: LocalDate
  period: number | null
  periodLabel: string
  className: string
  subject: string
  topic: string
  kindLabel: string
  dropIn: boolean
  status: 'draft' | 'submitted'
  notes: number
  comment: string
  actionStep: string
  total: number | null
  submittedAt: Date | null
  readAt: Date | null
  answer: string
  answeredAt: Date | null
  inspection: Inspection | null
  inspectionRemark: string
}

export interface ObservationView extends Omit<ObservationLine, 'notes'> {
  draftVersion: number
  startedAt: Date
  /** The server's clock when this was read, so that the phone stamps minutes rightly. */
  readOn: Date
  notes: Note[]
  sheet: Sheet | null
  scores: Record<string, number>
  contentTags: string[]
  followed: Followed | null
  /** What the earlier visit asked for. */
  earlier: { id: string; heldOn: LocalDate; actionStep: string; observerName: string } | null
  inspectedByName: string | null
  sheets: Choice[]
  phrases: string[]
  tagChoices: Choice[]
  classes: string[]
  periods: { number: number; label: string }[]
  /** Whether a comment must be written before it can be handed in. */
  needsComment: boolean
  abilities: Record<'edit' | 'submit' | 'discard' | 'reopen' | 'answer' | 'inspect', string | null>
}

export interface MonthRow {
  personId: string
  name: string
  unitNames: string[]
  months: Record<string, number>
  total: number
  inspected: number
  dropIns: number
}

const text = (what: string, most: number) => z.string().trim().max(most, `${what}请不超过 ${most} 字`)
const required = (what: string, most: number) => text(what, most).min(1, `请填写${what}`)
const reason = text('原因', 500)
const periodNumber = z.number().int().min(1, '请选择第几节').max(12, '最多 12 节')
const term = z.string().min(1).max(60)

const booking = {
  kind: z.string().min(1, '请选择课型').max(60),
  scope: z.enum(scopes).default('organisation'),
  teacherId: id,
  guideId: id.nullable().default(null),
  subject: required('学科', 20),
  className: required('班级', 20),
  topic: required('课题', 60),
  room: text('地点', 20).default(''),
  heldOn: localDate,
  period: periodNumber,
  contentTags: z.array(term).max(8).default([]),
  note: text('观察重点', 500).default(''),
}

const notes = z
  .array(
    z.object({
      id: z.string().min(1).max(40),
      minute: z.number().int().min(0).max(240).nullable(),
      text: z.string().max(1000, '一条记录请不超过 1000 字'),
    }),
  )
  .max(200, '一节课最多 200 条记录')
const scores = z.record(z.string().max(60), z.number().int().min(0).max(20))
const draft = {
  className: text('班级', 20),
  subject: text('学科', 20),
  topic: text('课题', 60),
  period: periodNumber.nullable(),
  contentTags: z.array(term).max(8),
  notes,
  sheetId: z.string().max(60).nullable(),
  scores,
  comment: z.string().max(5000, '评语请不超过 5000 字'),
  actionStep: z.string().max(500, '改进要求请不超过 500 字'),
  followed: z.enum(followedWays).nullable(),
}
export type ObservationDraft = z.output<z.ZodObject<typeof draft>>

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 08:20 的样子')
const share = z.number().min(0).max(100)
const voiceWeight = z.number().min(0).max(100)

export const lessonApi = {
  /** Lessons of a stretch of days (this week and the next unless told). */
  listLessons: endpoint(
    'member',
    z.object({
      view: z.enum(['open', 'mine', 'asked', 'all']).default('open'),
      from: localDate.optional(),
      to: localDate.optional(),
      kind: z.string().max(60).optional(),
      unitId: id.optional(),
      search: z.string().max(40).optional(),
    }),
  )<{
    lessons: LessonLine[]
    from: LocalDate
    to: LocalDate
    kinds: Choice[]
    units: Choice[]
    /** Own and confirmable lessons that wait for a tap. */
    waiting: { toConfirm: number; toGive: number }
    /** Keys of the reader's own duties of giving lessons, as boards name them. */
    duties: string[]
    abilities: { book: string | null; settle: string | null; duties: string | null }
  }>(),
  getLesson: endpoint('member', z.object({ id }))<LessonView>(),
  /** Who owes which lessons (or observations), and how far everybody is. */
  listDuties: endpoint('member', z.object({ of: z.enum(['given', 'observed']).default('given') }))<Duties>(),
  /** Points for what an observer wrote, where the regime counts them; null takes them back. */
  scoreComment: endpoint(
    'leaders',
    z.object({
      observationId: id,
      points: z.number().min(0, '分数不能小于 0').max(100, '最高 100 分').nullable(),
    }),
  )<Record<string, never>>(),
  getBookingChoices: endpoint('member', z.object({}))<BookingChoices>(),
  /** What a teacher has on a day by the timetable. */
  listTimetableOf: endpoint('staff', z.object({ teacherId: id, heldOn: localDate }))<TimetabledPeriod[]>(),
  /** Books a lesson, or teaches one again (`followsId`). */
  bookLesson: endpoint('staff', z.object({ ...booking, followsId: id.nullable().default(null) }))<{
    id: string
    status: LessonStatus
  }>(),
  changeLesson: endpoint('staff', z.object({ id, ...booking, reason: reason.default('') }))<
    Record<string, never>
  >(),
  confirmLesson: endpoint('leaders', z.object({ id }))<Record<string, never>>(),
  declineLesson: endpoint('leaders', z.object({ id, reason }))<Record<string, never>>(),
  cancelLesson: endpoint('staff', z.object({ id, reason }))<Record<string, never>>(),
  /** The lesson was given: from now on it counts. */
  giveLesson: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  takeBackGiven: endpoint('staff', z.object({ id, reason }))<Record<string, never>>(),
  /** What the regime wants written down of a lesson of its kind. */
  saveLessonRecord: endpoint(
    'staff',
    z.object({
      id,
      sections: z.record(z.string().max(60), z.string().max(20_000, '一部分请不超过 20000 字')),
    }),
  )<Record<string, never>>(),
  enrol: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  leaveLesson: endpoint('staff', z.object({ id }))<Record<string, never>>(),

  /** Where to begin: enrolled and today's lessons, and lists for all others. */
  listToObserve: endpoint('staff', z.object({}))<{
    lessons: LessonLine[]
    teachers: (Choice & { initials: string; subject: string; classes: string[] })[]
    classes: string[]
    periods: { number: number; label: string }[]
    /** The period that runs now, if any. */
    nowPeriod: number | null
    drafts: ObservationLine[]
    abilities: { dropIn: string | null }
  }>(),
  startObservation: endpoint(
    'staff',
    z.object({
      lessonId: id.optional(),
      teacherId: id.optional(),
      className: text('班级', 20).default(''),
      subject: text('学科', 20).default(''),
      period: periodNumber.nullable().default(null),
      heldOn: localDate.optional(),
      dropIn: z.boolean().default(false),
    }),
  )<{ id: string }>(),
  getObservation: endpoint('member', z.object({ id }))<ObservationView>(),
  /** Saves if the draft is still the one that was read; else 409 `conflict`. */
  saveObservation: endpoint('staff', z.object({ id, version: z.number().int().min(1), ...draft }))<{
    version: number
    savedAt: Date
  }>(),
  submitObservation: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  reopenObservation: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  discardObservation: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  readFeedback: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  answerFeedback: endpoint('staff', z.object({ id, answer: required('回应', 2000) }))<
    Record<string, never>
  >(),
  inspectObservations: endpoint(
    'office',
    z.object({
      ids: z.array(id).min(1).max(100),
      inspection: z.enum(inspections).nullable(),
      remark: text('批注', 500).default(''),
    }),
  )<Record<string, never>>(),
  /** Own observations, feedback on own lessons, drop-in visits, or (for leaders and offices) all. */
  listObservations: endpoint(
    'member',
    z.object({
      view: z.enum(['mine', 'received', 'visits', 'all', 'uninspected']).default('mine'),
      personId: id.optional(),
      from: localDate.optional(),
      to: localDate.optional(),
    }),
  )<{
    observations: ObservationLine[]
    from: LocalDate
    to: LocalDate
    months: { month: string; label: string; mine: number }[]
    unanswered: number
    /** Keys of the reader's own duties of observing, as boards name them. */
    duties: string[]
    abilities: Record<'visits' | 'all' | 'inspect' | 'dropIn' | 'duties', string | null>
  }>(),
  /** What the inspection of the term's notes found, in words for an announcement. */
  getInspectionReport: endpoint('office', z.object({}))<{ title: string; body: string }>(),
  /** Observations per person and month of a school year. */
  listMonths: endpoint('leaders', z.object({ schoolYearId: z.string().max(20).optional() }))<{
    schoolYear: string
    months: { month: string; label: string }[]
    rows: MonthRow[]
    /** What the regimes ask for of observing, in their own words. */
    quotas: Quota[]
  }>(),

  listSheets: endpoint('member', z.object({}))<{
    sheets: SheetView[]
    settings: { confirms: boolean; periods: { number: number; from: string; to: string }[] }
    abilities: { edit: string | null }
  }>(),
  saveSheet: endpoint(
    'office',
    z.object({
      sheetId: z.string().max(60).nullable(),
      title: required('名称', 40),
      steps: z
        .array(z.object({ label: required('等次', 10), share }))
        .min(2, '至少两个等次')
        .max(8, '最多 8 个等次'),
      criteria: z
        .array(
          z.object({
            id: z.string().max(60).default(''),
            label: required('指标', 40),
            hint: text('观察点', 200).default(''),
            weight: z.number().positive('权重要大于 0').max(1000),
            section: z.string().max(60).default(''),
          }),
        )
        .min(1, '至少一项指标')
        .max(30, '最多 30 项指标'),
      voices: z.object({
        peers: voiceWeight,
        leaders: voiceWeight,
        experts: voiceWeight,
        self: voiceWeight.nullable(),
      }),
    }),
  )<{ sheetId: string; version: number }>(),
  retireSheet: endpoint('office', z.object({ sheetId: z.string().max(60), retired: z.boolean() }))<
    Record<string, never>
  >(),
  saveLessonSettings: endpoint(
    'office',
    z.object({
      confirms: z.boolean(),
      periods: z
        .array(z.object({ number: periodNumber, from: timeOfDay, to: timeOfDay }))
        .min(1, '至少一节课')
        .max(12, '最多 12 节'),
    }),
  )<Record<string, never>>(),

  rateLesson: endpoint(
    'staff',
    z.object({
      id,
      sheetId: z.string().min(1, '请选择评课表').max(60),
      scores,
      comment: z.string().trim().max(2000, '评语请不超过 2000 字').default(''),
      /** The rating of an expert from outside, entered for him. */
      expertName: text('专家姓名', 20).default(''),
    }),
  )<{ ratingId: string; total: number }>(),
  withdrawRating: endpoint('staff', z.object({ ratingId: id }))<Record<string, never>>(),

  /** Lessons of a term. */
  getLessonsFile: fileEndpoint('member', z.object({ from: localDate.optional(), to: localDate.optional() })),
  /** Observations per teacher and month. */
  getMonthsFile: fileEndpoint('leaders', z.object({ schoolYearId: z.string().max(20).optional() })),
  /** 听课记录 or 课堂意见反馈表. */
  getObservationFile: fileEndpoint('member', z.object({ id })),
}
