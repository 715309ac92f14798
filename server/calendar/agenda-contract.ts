import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { LessonOnDay } from '../slot/lessons.ts'
import type { AgendaItem } from './agenda.ts'
import type { AgendaScope } from './words.ts'

const look = z.object({
  scope: z.enum(['mine', 'group', 'school']),
  unitId: id.nullish(),
})
const nothing = z.object({})

export interface AgendaDay {
  day: LocalDate
  /** 放假 or 调休上班 with its name; null on a common day. */
  special: { kind: 'holiday' | 'workday'; name: string } | null
  isSchoolDay: boolean
}
export interface AgendaWeek {
  from: LocalDate
  to: LocalDate
  /** `第12周（双周）`; null outside the terms. */
  label: string | null
  /** 期初, 期中, 期末 where the week lies in such a window. */
  window: string | null
}
export interface Agenda {
  from: LocalDate
  to: LocalDate
  today: LocalDate
  scope: AgendaScope
  unitId: string | null
  /** Groups whose calendar may be chosen, the own first. */
  units: { id: string; name: string; isMine: boolean }[]
  hasOwn: boolean
  term: { id: string; name: string; from: LocalDate; to: LocalDate } | null
  /** Terms that can be turned to. */
  terms: { id: string; name: string; from: LocalDate; to: LocalDate }[]
  weeks: AgendaWeek[]
  days: AgendaDay[]
  items: AgendaItem[]
  /** The caller's own lessons by the timetable, behind the items of a week. */
  lessons: LessonOnDay[]
  /** Activities that a holiday has overtaken and that the caller may move or cancel. */
  affected: number
}
export interface AffectedActivity {
  id: string
  theme: string
  unitName: string
  day: LocalDate
  dayLabel: string
  startTime: string
  /** Why there is no school: 国庆节. */
  because: string
  proposal: LocalDate
  proposalLabel: string
  abilities: { move: string | null; cancel: string | null }
}
export interface FeedLine {
  id: string
  /** 我的日历 or the group's name. */
  label: string
  unitId: string | null
  createdAt: Date
  createdByName: string | null
  /** With the lessons of the timetable. */
  withTimetable: boolean
  lastReadOn: LocalDate | null
  abilities: { revoke: string | null }
}

export const agendaApi = {
  /** A week, a month or a whole term of what is on. */
  getAgenda: endpoint('member', look.extend({ from: localDate, to: localDate }))<Agenda>(),
  /** Planned activities on days that have become holidays, each with a proposal. */
  listAffected: endpoint('staff', nothing)<AffectedActivity[]>(),
  listFeeds: endpoint('staff', nothing)<{
    feeds: FeedLine[]
    /** Groups for which the caller may make an address. */
    units: { id: string; name: string }[]
  }>(),
  /** Makes a secret address; it is shown once. An earlier own one for the same calendar ends with it. */
  createFeed: endpoint(
    'staff',
    z.object({ unitId: id.nullable(), withTimetable: z.boolean().default(false) }),
    { keepsAnswer: false },
  )<{ address: string }>(),
  revokeFeed: endpoint('staff', z.object({ id }))<Record<string, never>>(),
  /** The term as a table of weeks and days, and as a list. */
  getTermFile: fileEndpoint('member', look.extend({ termId: z.string().max(40) })),
  /** One week on one page. */
  getWeekSheet: fileEndpoint('member', look.extend({ from: localDate })),
}
export type AgendaApi = typeof agendaApi
