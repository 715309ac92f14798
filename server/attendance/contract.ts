import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { AttendanceStatus, LeaveKind, LeaveStatus, MakeUpStatus } from '../activity/words.ts'
import {
  type AppealStatus,
  type FinalStatus,
  finalLabels,
  type Organiser,
  organiserLabels,
  type TrainingStatus,
} from './words.ts'

/** Abilities: null means yes, a sentence is the reason why not. */
type Ability = string | null
interface Named {
  id: string
  name: string
}
const line = (max: number) => z.string().trim().max(max, `最多 ${max} 字`)
const finalStatus = z.enum(Object.keys(finalLabels) as [FinalStatus, ...FinalStatus[]])
const organiser = z.enum(Object.keys(organiserLabels) as [Organiser, ...Organiser[]])

/** One correction: who changed what, when and why. */
export interface ChangeLine {
  from: AttendanceStatus | null
  to: AttendanceStatus
  reason: string
  at: Date
  byName: string
  /** In which sessions before and after, where the activity has several. */
  sessions: { from: number[]; to: number[] } | null
}
export interface AppealLine {
  id: string
  activity: { id: string; theme: string; day: LocalDate; unitName: string }
  person: Named
  recorded: FinalStatus
  wanted: FinalStatus
  reason: string
  askedAt: Date
  status: AppealStatus
  answer: string
  answeredByName: string | null
  answeredAt: Date | null
  /** Of several sessions: all of them, and in which the person is recorded now. */
  sessions: { all: number[]; attended: number[]; least: number } | null
  abilities: { answer: Ability; withdraw: Ability }
}
/** One activity in a person's own book, with why it is recorded so and what may be done about it. */
export interface BookLine {
  activity: {
    id: string
    theme: string
    day: LocalDate
    startTime: string
    endTime: string
    minutes: number
    unitName: string
    kindLabel: string
  }
  isGuest: boolean
  status: AttendanceStatus
  explanation: string
  changes: ChangeLine[]
  /** Of several sessions: all of them, in which I was, and how many make somebody present. */
  sessions: { all: number[]; attended: number[]; least: number } | null
  leave: { id: string; kind: LeaveKind; status: LeaveStatus; note: string } | null
  makeUp: { id: string; status: MakeUpStatus; dueOn: LocalDate; isOverdue: boolean } | null
  appeal: { id: string; status: AppealStatus; wanted: FinalStatus; answer: string } | null
  /** The last day on which one may appeal. */
  appealUntil: LocalDate
  abilities: { appeal: Ability; askLeave: Ability }
}
export interface BookView {
  person: Named
  isMine: boolean
  from: LocalDate
  to: LocalDate
  terms: { id: string; name: string; from: LocalDate; to: LocalDate }[]
  counts: Record<FinalStatus, number> & { expected: number; madeUp: number; makeUpsDue: number }
  lines: BookLine[]
  trainings: TrainingLine[]
}
export interface TrainingLine {
  id: string
  title: string
  kind: string
  kindLabel: string
  organiser: Organiser
  organiserName: string
  place: string
  day: LocalDate
  until: LocalDate
  minutes: number
  note: string
  status: TrainingStatus
  people: (Named & { status: FinalStatus })[]
  recordedByName: string
  decisionNote: string
  attachments: number
}
export interface TrainingView extends TrainingLine {
  files: AttachmentView[]
  abilities: { change: Ability; decide: Ability; remove: Ability; attach: Ability }
}
/** Everything to choose from, and what is known already. */
export interface TrainingChoices {
  kinds: { id: string; label: string }[]
  /** Names of organisers used before, by level, so that nobody types them twice. */
  organiserNames: { organiser: Organiser; name: string }[]
  /** Whom I may record; null: everybody of the school (search). */
  people: Named[] | null
  me: Named | null
  today: LocalDate
}
/** What somebody who missed an activity studies. */
export interface MissedView {
  id: string
  activity: {
    id: string
    theme: string
    day: LocalDate
    minutes: number
    unitName: string
    speakerName: string
  }
  content: string
  parts: { label: string; text: string }[]
  materials: AttachmentView[]
  proofs: AttachmentView[]
  canAttach: boolean
}
export interface FigureLine {
  key: string
  label: string
  activities: number
  expected: number
  present: number
  late: number
  leftEarly: number
  onLeave: number
  absent: number
  ratePerMille: number | null
}
export interface FiguresView {
  byUnit: FigureLine[]
  byKind: FigureLine[]
  byMonth: FigureLine[]
  /** Every absence without leave, latest first. */
  absences: {
    person: Named
    activity: { id: string; theme: string; day: LocalDate; unitName: string }
    makeUp: MakeUpStatus | null
  }[]
  /** Rules of the regime about attendance whose limit somebody has reached or is near, with the way to the explanation. */
  limits: {
    person: Named
    regimeId: string
    ruleId: string
    minimumId: string
    periodId: string
    title: string
    clause: string
    value: number
    unit: string
    result: string | null
  }[]
  byOrganiser: { organiser: Organiser; trainings: number; attended: number }[]
}
export interface FullLine {
  person: Named
  staffNumber: string
  unitNames: string
  expected: number
  /** Null where nothing was expected of this person in the month. */
  isFull: boolean | null
  /** Why not: 11月18日《估算教学》缺席。 */
  because: string[]
}
export interface FullView {
  month: string
  /** What does not spoil it, in words. */
  rule: string
  lines: FullLine[]
}

const period = z.object({
  from: localDate,
  to: localDate,
  unitId: id.nullish(),
  kind: z.string().max(60).nullish(),
})
const month = z.object({
  /** Any day of the month. */
  dayInMonth: localDate,
  unitId: id.nullish(),
})
export const trainingInput = z.object({
  trainingId: id.nullish(),
  title: line(120).min(1, '请填写培训名称'),
  kind: line(60),
  organiser,
  organiserName: line(80).default(''),
  place: line(80).default(''),
  day: localDate,
  /** Of a training of several days. */
  lastDay: localDate.nullish(),
  minutes: z.number().int('请填写整分钟数').min(10, '至少 10 分钟').max(30_000, '时长太大，请检查'),
  note: line(500).default(''),
  people: z
    .array(z.object({ personId: id, status: finalStatus.default('present') }))
    .min(1, '请至少选一位老师')
    .max(300),
})
export type TrainingInput = z.input<typeof trainingInput>
type Nothing = Record<string, never>

export const attendanceBookApi = {
  /** A person's attendance of a term (the present one unless told); without `personId` my own. */
  getBook: endpoint(
    'member',
    z.object({ personId: id.nullish(), termId: z.string().max(20).nullish() }),
  )<BookView>(),
  /** Corrections of one activity, latest first, with whose attendance they changed. */
  listChanges: endpoint('staff', z.object({ activityId: id }))<(ChangeLine & { person: Named })[]>(),
  appealAttendance: endpoint('staff', z.object({ activityId: id, wanted: finalStatus, reason: line(300) }))<{
    id: string
  }>(),
  withdrawAppeal: endpoint('staff', z.object({ appealId: id }))<Nothing>(),
  listAppeals: endpoint('staff', z.object({ which: z.enum(['mine', 'waiting', 'all']) }))<AppealLine[]>(),
  /** Granted: the attendance is corrected; refused: with the reason. */
  answerAppeal: endpoint(
    'office',
    z.object({
      appealId: id,
      grant: z.boolean(),
      answer: line(300).default(''),
      sessions: z.array(z.number().int().min(1).max(40)).max(40).nullish(),
    }),
  )<Nothing>(),
  getMissed: endpoint('staff', z.object({ makeUpId: id }))<MissedView>(),
  getFigures: endpoint('member', period)<FiguresView>(),
  getFullAttendance: endpoint('member', month)<FullView>(),
  getFullAttendanceFile: fileEndpoint('member', month),
  listTrainings: endpoint('member', z.object({ from: localDate, to: localDate, search: line(60).nullish() }))<
    TrainingLine[]
  >(),
  getTraining: endpoint('member', z.object({ trainingId: id }))<TrainingView>(),
  getTrainingChoices: endpoint('staff', z.object({}))<TrainingChoices>(),
  /** Records a training organised by others, or changes one (`trainingId`). */
  saveTraining: endpoint('staff', trainingInput)<{ id: string; status: TrainingStatus }>(),
  decideTraining: endpoint(
    'leaders',
    z.object({ trainingId: id, confirm: z.boolean(), note: line(300).default('') }),
  )<Nothing>(),
  removeTraining: endpoint('staff', z.object({ trainingId: id, reason: line(200) }))<Nothing>(),
}
export type AttendanceBookApi = typeof attendanceBookApi
