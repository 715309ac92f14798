import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint, uploadEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { DayPart, Parity, Period, ShiftStatus, SlotStatus } from './words.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 15:30 的样子')
const period = z.number().int().min(1).max(12)
const reason = z.string().trim().max(200, '最多 200 字')
const one = z.object({ id })
const nothing = z.object({})
type Nothing = Record<string, never>

const slotFields = z.object({
  /** Null for the whole school. */
  unitId: id.nullable(),
  title: z.string().trim().max(40, '名称不超过 40 字').default(''),
  studyKind: z.string().max(60).default(''),
  place: z.string().trim().max(80).default(''),
  weekday: z.number().int().min(1).max(7),
  dayPart: z.enum(['morning', 'afternoon', 'afterSchool', 'evening']),
  /** Both or none. With periods the time follows from them. */
  firstPeriod: period.nullable().default(null),
  lastPeriod: period.nullable().default(null),
  starts: time.nullable().default(null),
  ends: time.nullable().default(null),
  parity: z.enum(['every', 'odd', 'even']).default('every'),
  from: localDate,
  to: localDate.nullable().default(null),
})
export type SlotInput = z.input<typeof slotFields>

type Ability = string | null

export interface SlotLine {
  id: string
  unit: { id: string; name: string } | null
  /** 全校 or the group's name. */
  ownerName: string
  title: string
  studyKind: string
  studyKindLabel: string
  place: string
  weekday: number
  dayPart: DayPart
  firstPeriod: number | null
  lastPeriod: number | null
  starts: string
  ends: string
  parity: Parity
  /** `每周四下午第7–8节`. */
  when: string
  from: LocalDate
  to: LocalDate | null
  status: SlotStatus
  number: string | null
  note: string
  proposedByName: string | null
  decidedByName: string | null
  version: number
  /** What it collides with, in sentences. */
  clashes: string[]
  abilities: { change: Ability; approve: Ability; withdraw: Ability; shift: Ability }
}
export interface ShiftLine {
  id: string
  slotId: string
  ownerName: string
  title: string
  originalOn: LocalDate
  newOn: LocalDate
  /** `第12周（双周）`, the week for which it counts. */
  weekLabel: string | null
  reason: string
  status: ShiftStatus
  askedByName: string | null
  decidedByName: string | null
  decisionNote: string
  abilities: { decide: Ability }
}
export interface TimetableProblem {
  sheet: string
  row: number | null
  column: string | null
  value: string
  message: string
}
export interface TimetableResult {
  problems: TimetableProblem[]
  saved: { lessons: number; people: number } | null
}

export const slotApi = {
  /** Fixed times with their clashes, occurrences that were moved, and the lists to choose from. */
  listSlots: endpoint('member', z.object({ ended: z.boolean().default(false) }))<{
    slots: SlotLine[]
    shifts: ShiftLine[]
    units: { id: string | null; label: string }[]
    kinds: { id: string; label: string }[]
    periods: Period[]
    /** People in several groups that have the same hour. */
    shared: string[]
    /** Why nothing may be moved, with the clause; null where it may. */
    forbiddenBy: string | null
    today: LocalDate
    termTo: LocalDate | null
    abilities: { propose: Ability; maintain: Ability }
  }>(),
  /** What a fixed time would collide with, before it is proposed. */
  findSlotClashes: endpoint('leaders', slotFields.extend({ id: id.optional() }))<{ clashes: string[] }>(),
  proposeSlot: endpoint('leaders', slotFields)<{ id: string; number: string | null; warnings: string[] }>(),
  /** Saves if it is still the version that was read; else 409. What is filed must be approved again. */
  changeSlot: endpoint('leaders', slotFields.extend({ id, version: z.number().int() }))<{
    warnings: string[]
  }>(),
  approveSlot: endpoint('office', one)<{ number: string }>(),
  returnSlot: endpoint('office', z.object({ id, reason }))<Nothing>(),
  withdrawSlot: endpoint('leaders', z.object({ id, lastDay: localDate }))<Nothing>(),
  /** Where the next occurrences are and to which day each would be moved. */
  getShiftChoice: endpoint('leaders', one)<{
    occurrences: {
      day: LocalDate
      label: string
      proposal: LocalDate
      proposalLabel: string
      activity: string | null
    }[]
    forbiddenBy: string | null
    clause: string
  }>(),
  shiftOccurrence: endpoint('leaders', z.object({ id, day: localDate, to: localDate, reason }))<{
    status: ShiftStatus
  }>(),
  decideShift: endpoint('office', z.object({ id, grant: z.boolean(), note: reason.default('') }))<Nothing>(),
  /** When all members of a group have no lesson, in the week of a day and the next. */
  findFreeTimes: endpoint('leaders', z.object({ unitId: id, day: localDate }))<{
    members: number
    times: {
      day: LocalDate
      label: string
      starts: string
      ends: string
      /** Who has a lesson then; empty where all are free. */
      busy: string[]
    }[]
  }>(),
  /** What an activity would meet at a time: lessons and fixed times. `activityId` for one that is there already. */
  findActivityClashes: endpoint(
    'staff',
    z.object({
      unitId: id.nullable(),
      day: localDate,
      starts: time,
      ends: time,
      activityId: id.optional(),
    }),
  )<{ warnings: string[] }>(),
  getTimetable: endpoint('member', nothing)<{
    termName: string | null
    people: number
    lessons: number
    mine: { weekday: number; period: number; parity: Parity; what: string }[]
    periods: Period[]
    abilities: { import: Ability }
  }>(),
  /** Reads a timetable of teachers or of classes; with any fault nothing is saved and all faults are named. */
  uploadTimetable: uploadEndpoint('office', nothing, { content: 'any' })<TimetableResult>(),
  getTimetableTemplate: fileEndpoint('office', z.object({ layout: z.enum(['teachers', 'classes']) })),
  getSlotListFile: fileEndpoint('member', nothing),
}
