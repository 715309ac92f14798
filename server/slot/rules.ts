import { addDays, dayLabel, mondayOf, weekdayLabel } from '../../engine/days.ts'
import { isSchoolDay, termOf, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, ClosedRange, LocalDate } from '../../engine/types.ts'
import {
  type DayPart,
  dayPartLabels,
  type Parity,
  parityLabels,
  type Period,
  weekdayOfLabel,
} from './words.ts'

/** As much of a fixed time as its occurrences depend on. */
export interface SlotTime {
  weekday: number
  parity: Parity
  starts: string
  ends: string
  from: LocalDate
  to: LocalDate | null
}
export interface Shift {
  originalOn: LocalDate
  newOn: LocalDate
}
export interface Occurrence {
  day: LocalDate
  /** The day on which it would have been; null unless it was moved. */
  movedFrom: LocalDate | null
}

/** What the fact of a held activity says of its time. */
export type TimeAttributes = {
  dayPart: DayPart
  inWorkingHours: boolean
  /** Left out while no timetable says who teaches when. */
  clashes?: boolean
}

/** In which part of the day a time lies: after the last lesson it is after school, from 18:30 on evening. */
export function dayPartOf(time: string, periods: readonly Period[]): DayPart {
  const lessonsEnd = periods.reduce((last, period) => (period.ends > last ? period.ends : last), '')
  if (time < '12:00') return 'morning'
  if (time >= '18:30') return 'evening'
  return lessonsEnd !== '' && time >= lessonsEnd ? 'afterSchool' : 'afternoon'
}

/** Whether a time lies within working hours: on a school day, not in the evening. */
export function isInWorkingHours(calendar: CalendarInput, day: LocalDate, ends: string): boolean {
  return isSchoolDay(calendar, day) && ends <= '18:30'
}

function isItsWeek(calendar: CalendarInput, parity: Parity, day: LocalDate): boolean {
  if (parity === 'every') return termOf(calendar, day) !== undefined
  const week = weekOf(calendar, day)
  return week !== undefined && (week.number % 2 === 1) === (parity === 'odd')
}

/**
 * The days on which a fixed time falls within a range: its weekday in the right weeks of a term, never on a day
 * without school; a worked weekend is no occurrence. Those that were moved stand on their new day.
 */
export function occurrencesOf(
  slot: SlotTime,
  calendar: CalendarInput,
  range: ClosedRange,
  shifts: readonly Shift[] = [],
): Occurrence[] {
  const from = slot.from > range.from ? slot.from : range.from
  const to = slot.to !== null && slot.to < range.to ? slot.to : range.to
  const moved = new Map(shifts.map((shift) => [shift.originalOn, shift.newOn]))
  const found: Occurrence[] = shifts
    .filter((shift) => shift.newOn >= range.from && shift.newOn <= range.to)
    .map((shift) => ({ day: shift.newOn, movedFrom: shift.originalOn }))
  let day = addDays(mondayOf(from), slot.weekday - 1)
  if (day < from) day = addDays(day, 7)
  for (; day <= to; day = addDays(day, 7))
    if (!moved.has(day) && isSchoolDay(calendar, day) && isItsWeek(calendar, slot.parity, day))
      found.push({ day, movedFrom: null })
  return found.sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Whether a day is one on which the fixed time regularly falls. */
export function fallsOn(slot: SlotTime, calendar: CalendarInput, day: LocalDate): boolean {
  return occurrencesOf(slot, calendar, { from: day, to: day }).length > 0
}

const meet = (a: Parity, b: Parity) => a === 'every' || b === 'every' || a === b
/** Whether two times of the day share minutes; ending when the other begins is no clash. */
export function overlap(a: { starts: string; ends: string }, b: { starts: string; ends: string }): boolean {
  return a.starts < b.ends && b.starts < a.ends
}

/** Whether two fixed times can ever meet. */
export function slotsMeet(a: SlotTime, b: SlotTime): boolean {
  return (
    a.weekday === b.weekday &&
    meet(a.parity, b.parity) &&
    overlap(a, b) &&
    (a.to === null || b.from <= a.to) &&
    (b.to === null || a.from <= b.to)
  )
}

/** Lessons of the timetable that lie at a fixed time; lessons in other weeks do not count. */
export function lessonsAt<L extends { weekday: number; period: number; parity: Parity }>(
  lessons: readonly L[],
  at: { weekday: number; parity: Parity; starts: string; ends: string },
  periods: readonly Period[],
): L[] {
  const byNumber = new Map(periods.map((period) => [period.number, period]))
  return lessons.filter((lesson) => {
    const period = byNumber.get(lesson.period)
    return (
      period !== undefined &&
      lesson.weekday === at.weekday &&
      meet(lesson.parity, at.parity) &&
      overlap(period, at)
    )
  })
}

export interface FreeTime {
  day: LocalDate
  firstPeriod: number
  lastPeriod: number
  starts: string
  ends: string
  /** Who has a lesson then; empty where all are free. */
  busy: string[]
}

/** Lessons that follow each other within a half day; longer breaks part them. */
const longestBreakMinutes = 40
const mostFreeTimes = 4
const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))

/**
 * Times of two lessons on which nobody of `lessons` teaches and nothing is planned, the earliest day first, of each day
 * the latest; where there are none, the times at which the fewest teach.
 */
export function freeTimes(
  lessons: readonly { weekday: number; period: number; parity: Parity; personName: string }[],
  periods: readonly Period[],
  days: readonly { day: LocalDate; weekday: number; parity: Parity }[],
  taken: readonly { day: LocalDate; starts: string; ends: string }[] = [],
): FreeTime[] {
  const pairs = periods.flatMap((first, index) => {
    const last = periods[index + 1]
    return last && minutesOf(last.starts) - minutesOf(first.ends) <= longestBreakMinutes
      ? [{ first, last }]
      : []
  })
  const times = days.flatMap(({ day, weekday, parity }) => {
    const own = lessons.filter((lesson) => lesson.weekday === weekday && meet(lesson.parity, parity))
    return pairs
      .filter(
        ({ first, last }) =>
          !taken.some((one) => one.day === day && overlap(one, { starts: first.starts, ends: last.ends })),
      )
      .map(({ first, last }): FreeTime => {
        const met = own.filter(({ period }) => period === first.number || period === last.number)
        return {
          day,
          firstPeriod: first.number,
          lastPeriod: last.number,
          starts: first.starts,
          ends: last.ends,
          busy: [...new Set(met.map((lesson) => lesson.personName))],
        }
      })
  })
  const fewest = Math.min(...times.map((time) => time.busy.length))
  const best = Map.groupBy(
    times.filter((time) => time.busy.length === fewest),
    (time) => time.day,
  )
  return [...best.values()]
    .flatMap((own) => own.at(-1) ?? [])
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .slice(0, mostFreeTimes)
}

/** `第7节`, `第7–8节`. */
export function periodsText(first: number, last: number): string {
  return first === last ? `第${first}节` : `第${first}–${last}节`
}

/** `张老师周四第7节有课（三（1）班语文）`; several of one person in one sentence, at most so many people. */
export function lessonSentences(
  lessons: readonly { personName: string; weekday: number; period: number; what: string }[],
  most = 5,
): string[] {
  const people = Map.groupBy(lessons, (lesson) => lesson.personName)
  const sentences = [...people].slice(0, most).map(([name, own]) => {
    const numbers = [...new Set(own.map((lesson) => lesson.period))].sort((a, b) => a - b)
    const what = own[0]?.what ?? ''
    return `${name}${weekdayOfLabel(own[0]?.weekday ?? 1)}第${numbers.join('、')}节有课${what === '' ? '' : `（${what}）`}`
  })
  const rest = people.size - sentences.length
  return rest > 0 ? [...sentences, `还有 ${rest} 位老师这时有课`] : sentences
}

/** `每周四下午第7–8节`, `单周三放学后 16:20–17:30`. */
export function slotText(slot: {
  weekday: number
  parity: Parity
  dayPart: DayPart
  firstPeriod: number | null
  lastPeriod: number | null
  starts: string
  ends: string
}): string {
  const when =
    slot.parity === 'every'
      ? `每${weekdayOfLabel(slot.weekday)}`
      : `${parityLabels[slot.parity]}${weekdayOfLabel(slot.weekday)}`
  const part = dayPartLabels[slot.dayPart]
  return slot.firstPeriod !== null && slot.lastPeriod !== null
    ? `${when}${part}${periodsText(slot.firstPeriod, slot.lastPeriod)}`
    : `${when}${part} ${slot.starts}–${slot.ends}`
}

export interface ShiftRule {
  /** The clause that forbids any swap; null where it may be moved. */
  forbiddenBy: string | null
  /** Within how many days it must be held; null where the regime does not say. */
  nextDays: number | null
  /** The next day is the next day of school; otherwise the next of the calendar. */
  schoolDays: boolean
  /** The clause that says so. */
  clause: string
}

/** The day to which an occurrence is moved: the next one, as the regime reads it (majiabao-02). */
export function nextDayFor(day: LocalDate, rule: ShiftRule, calendar: CalendarInput): LocalDate {
  let next = addDays(day, 1)
  if (rule.schoolDays)
    for (let tries = 0; tries < 60 && !isSchoolDay(calendar, next); tries++) next = addDays(next, 1)
  return next
}

/** Why an occurrence may not be moved to a day; null when it may. */
export function shiftProblem(
  from: LocalDate,
  to: LocalDate,
  rule: ShiftRule,
  calendar: CalendarInput,
): { message: string; clause: string } | null {
  if (rule.forbiddenBy !== null)
    return {
      message: '制度规定固定研修时间不能挪作他用，一般不予调换；请按原时间举行。',
      clause: rule.forbiddenBy,
    }
  if (to === from) return { message: '新的日期和原来是同一天。', clause: '' }
  if (rule.nextDays === null) return null
  const proposed = nextDayFor(from, rule, calendar)
  // With so many days allowed, each of them is the next after the one before.
  let last = proposed
  for (let more = 1; more < rule.nextDays; more++) last = nextDayFor(last, rule, calendar)
  if (to > from && to <= last) return null
  return {
    message: `制度规定特殊情况顺延至第二天，应改到${dayLabel(proposed)}（${weekdayLabel(proposed)}）。`,
    clause: rule.clause,
  }
}

/** Filing number: `时〔2026〕003号`. */
export function filingNumber(year: number, sequence: number): string {
  return `时〔${year}〕${String(sequence).padStart(3, '0')}号`
}
