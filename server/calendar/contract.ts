import { z } from 'zod'
import type { CalendarInput, ClosedRange, LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { localDate } from '../org/contract.ts'

const range = z.object({ from: localDate, to: localDate })
const schoolYearId = z.string().regex(/^\d{4}-\d{4}$/, '学年应写成 2026-2027 的样子')

export const termDraft = z.object({
  number: z.literal([1, 2]),
  from: localDate,
  to: localDate,
  windows: z.object({ opening: range, middle: range, closing: range }),
})
/** A school year as it is saved: its own days and both terms. */
export const schoolYearDraft = z.object({
  id: schoolYearId,
  from: localDate,
  to: localDate,
  terms: z.array(termDraft).length(2, '一个学年有两个学期'),
})
export type SchoolYearDraft = z.output<typeof schoolYearDraft>
export type TermDraft = z.output<typeof termDraft>

export const specialDay = z.object({
  day: localDate,
  kind: z.enum(['holiday', 'workday']),
  name: z.string().trim().min(1, '请写上名称，例如 国庆节').max(20, '名称不超过 20 个字'),
})
export type SpecialDay = z.output<typeof specialDay>

export interface WeekView extends ClosedRange {
  number: number
  /** `第12周（双周）`. */
  label: string
  isOdd: boolean
}
export interface TermView extends ClosedRange {
  id: string
  number: 1 | 2
  name: string
  windows: CalendarInput['terms'][number]['windows']
  weeks: WeekView[]
  /** Days on which school is held. */
  schoolDays: number
}
export interface SchoolYearView extends ClosedRange {
  id: string
  /** `2026—2027学年`. */
  name: string
  terms: TermView[]
}
export interface CalendarView {
  schoolYears: SchoolYearView[]
  specialDays: SpecialDay[]
  specialWeeks: SpecialWeekView[]
  /** Weeks that a regime names and the calendar does not hold yet. */
  weekProposals: { name: string; from: LocalDate; to: LocalDate; label: string; clause: string }[]
  /** The five-year cycle that runs today; `isSet` where the district has decided. */
  cycle: { start: number; startMonth: number; label: string; isSet: boolean }
  currentYearId: string | null
  today: LocalDate
  abilities: { save: string | null; setCycle: string | null }
}
/** A week (or several) with a name of its own: 师徒活动周. */
export interface SpecialWeekView extends ClosedRange {
  id: string
  name: string
  note: string
  /** `第12周（双周）`; empty outside the terms. */
  label: string
  /** Where a regime's own value names another week; null when they agree. */
  differs: string | null
}

export interface SpecialDaysProposal {
  days: (SpecialDay & {
    /** Published by the State Council; otherwise it follows from the law alone and 调休 is still unknown. */
    isPublished: boolean
  })[]
  /** Last day for which holidays and 调休 are published in the program's data. */
  publishedTo: LocalDate
  /** How far the proposal can be trusted, in one sentence. */
  sentence: string
}

export const calendarApi = {
  getCalendar: endpoint('member', z.object({}))<CalendarView>(),
  /** A school year with usual dates, to be looked over and saved. */
  proposeSchoolYear: endpoint(
    'register',
    z.object({ startYear: z.number().int().min(2000, '年份太早').max(2098, '年份太晚') }),
  )<SchoolYearDraft>(),
  saveSchoolYear: endpoint('register', schoolYearDraft)<{ id: string }>(),
  proposeSpecialDays: endpoint('register', z.object({ schoolYearId }))<SpecialDaysProposal>(),
  /** Replaces all holidays and worked weekends of one school year. */
  saveSpecialDays: endpoint(
    'register',
    z.object({ schoolYearId, days: z.array(specialDay).max(200, '最多 200 天') }),
  )<{ saved: number; affected: number }>(),
  /** Names a week; `id` changes one that exists. */
  saveSpecialWeek: endpoint(
    'register',
    z.object({
      id: z.uuid('编号不正确').optional(),
      name: z.string().trim().min(1, '请写上名称，例如 师徒活动周').max(20, '名称不超过 20 个字'),
      from: localDate,
      to: localDate,
      note: z.string().trim().max(200, '不超过 200 个字').default(''),
    }),
  )<{ id: string }>(),
  deleteSpecialWeek: endpoint('register', z.object({ id: z.uuid('编号不正确') }))<Record<string, never>>(),
  /** From which year and month five-year cycles run in the whole district; null leaves it to the regimes. */
  saveCycle: endpoint(
    'district',
    z.object({
      start: z.number().int().min(2000, '年份太早').max(2098, '年份太晚').nullable(),
      startMonth: z.number().int().min(1).max(12).default(1),
    }),
  )<Record<string, never>>(),
}
export type CalendarApi = typeof calendarApi
