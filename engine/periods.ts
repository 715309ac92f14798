import { addDays, daysBetween, endOfMonth, mondayOf, weekdayOf } from './days.ts'
import type { CalendarInput, ClosedRange, LocalDate, PeriodRef, TermInput } from './types.ts'

export { addDays } from './days.ts'

/** Every kind of period by which a rule may count, with its name for people. */
export const periodKinds = {
  week: '每周',
  oddWeek: '每单周',
  evenWeek: '每双周',
  fortnight: '每两周',
  halfMonth: '每半月',
  month: '每月',
  term: '每学期',
  opening: '学期初',
  middle: '学期中',
  closing: '学期末',
  termWindow: '期初、期中、期末',
  schoolYear: '每学年',
  calendarYear: '每年',
  fiveYears: '每五年',
  phase: '每阶段',
} as const
export type PeriodKind = keyof typeof periodKinds

/** A period with what the engine needs beside its reference. */
export interface Period extends PeriodRef {
  termId: string | null
  /** Days on which school is held; a period without any asks for nothing. */
  schoolDays: LocalDate[]
  /** Why the period is too short for a duty (the odd week at the end of a term of fortnights); null when whole. */
  incomplete: string | null
}

interface CalendarIndex {
  special: Map<LocalDate, 'holiday' | 'workday'>
  terms: TermInput[]
}
const indexes = new WeakMap<CalendarInput, CalendarIndex>()

function indexOf(calendar: CalendarInput): CalendarIndex {
  let index = indexes.get(calendar)
  if (!index) {
    index = {
      special: new Map(calendar.specialDays.map((special) => [special.day, special.kind])),
      terms: [...calendar.terms].sort((a, b) => (a.from < b.from ? -1 : 1)),
    }
    indexes.set(calendar, index)
  }
  return index
}

/** The term in which a day lies; undefined in the holidays between terms. */
export function termOf(calendar: CalendarInput, day: LocalDate): TermInput | undefined {
  return indexOf(calendar).terms.find((term) => term.from <= day && day <= term.to)
}

/** The school year in which a day lies. */
export function schoolYearOf(
  calendar: CalendarInput,
  day: LocalDate,
): CalendarInput['schoolYears'][number] | undefined {
  return calendar.schoolYears.find((year) => year.from <= day && day <= year.to)
}

/** Whether school is held: inside a term, Monday to Friday or a weekend day worked instead, and no holiday. */
export function isSchoolDay(calendar: CalendarInput, day: LocalDate): boolean {
  if (!termOf(calendar, day)) return false
  const special = indexOf(calendar).special.get(day)
  return special ? special === 'workday' : weekdayOf(day) <= 5
}

/** All days from the first to the last, both included. */
export function daysOf(range: ClosedRange): LocalDate[] {
  const days: LocalDate[] = []
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) days.push(day)
  return days
}

function schoolDaysIn(calendar: CalendarInput, range: ClosedRange): LocalDate[] {
  const days: LocalDate[] = []
  for (const term of indexOf(calendar).terms) {
    if (term.to < range.from || term.from > range.to) continue
    const from = term.from > range.from ? term.from : range.from
    const to = term.to < range.to ? term.to : range.to
    for (const day of daysOf({ from, to })) if (isSchoolDay(calendar, day)) days.push(day)
  }
  return days
}

function period(
  calendar: CalendarInput,
  kind: string,
  id: string,
  label: string,
  range: ClosedRange,
  termId: string | null,
  incomplete: string | null = null,
): Period {
  const schoolDays = schoolDaysIn(calendar, range)
  return { kind, id, label, from: range.from, to: range.to, termId, schoolDays, incomplete }
}

const weekLabel = (number: number) => `第${number}周（${number % 2 === 1 ? '单周' : '双周'}）`

function weeksOfTerm(calendar: CalendarInput, term: TermInput): (Period & { number: number })[] {
  const weeks: (Period & { number: number })[] = []
  let monday = mondayOf(term.from)
  for (let number = 1; monday <= term.to; number++) {
    const range = { from: monday, to: addDays(monday, 6) }
    weeks.push({
      ...period(calendar, 'week', `${term.id}/week-${number}`, weekLabel(number), range, term.id),
      number,
    })
    monday = addDays(monday, 7)
  }
  return weeks
}

function fortnightsOfTerm(calendar: CalendarInput, term: TermInput): Period[] {
  const weeks = weeksOfTerm(calendar, term)
  const fortnights: Period[] = []
  for (let index = 0; index < weeks.length; index += 2) {
    const [first, second] = [weeks[index], weeks[index + 1]]
    if (!first) break
    const number = index / 2 + 1
    fortnights.push(
      period(
        calendar,
        'fortnight',
        `${term.id}/fortnight-${number}`,
        second ? `第${first.number}—${second.number}周` : `第${first.number}周`,
        { from: first.from, to: (second ?? first).to },
        term.id,
        second ? null : '学期最后只剩一周，不足两周',
      ),
    )
  }
  return fortnights
}

const windowNames = { opening: '期初', middle: '期中', closing: '期末' } as const
type WindowName = keyof typeof windowNames

function windowsOfTerm(calendar: CalendarInput, term: TermInput, names: readonly WindowName[]): Period[] {
  return names.map((name) =>
    period(
      calendar,
      name,
      `${term.id}/${name}`,
      `${term.name}${windowNames[name]}`,
      term.windows[name],
      term.id,
    ),
  )
}

function monthsIn(calendar: CalendarInput, range: ClosedRange, halves: boolean): Period[] {
  const periods: Period[] = []
  for (let first = `${range.from.slice(0, 7)}-01`; first <= range.to; first = addDays(endOfMonth(first), 1)) {
    const last = endOfMonth(first)
    const yearMonth = first.slice(0, 7)
    const name = `${first.slice(0, 4)}年${Number(first.slice(5, 7))}月`
    if (!halves) {
      periods.push(
        period(
          calendar,
          'month',
          `month-${yearMonth}`,
          name,
          { from: first, to: last },
          termId(calendar, first, last),
        ),
      )
      continue
    }
    const middle = addDays(first, 14)
    const parts = [
      { half: 1, label: `${name}上半月`, from: first, to: middle },
      { half: 2, label: `${name}下半月`, from: addDays(middle, 1), to: last },
    ]
    for (const { half, label, from, to } of parts) {
      const id = `half-month-${yearMonth}-${half}`
      periods.push(period(calendar, 'halfMonth', id, label, { from, to }, termId(calendar, from, to)))
    }
  }
  return periods
}

/** The term that holds most of a range, so that a month can be shown under one term. */
function termId(calendar: CalendarInput, from: LocalDate, to: LocalDate): string | null {
  let best: { id: string; days: number } | null = null
  for (const term of indexOf(calendar).terms) {
    const start = term.from > from ? term.from : from
    const end = term.to < to ? term.to : to
    const days = daysBetween(start, end) + 1
    if (days > 0 && (!best || days > best.days)) best = { id: term.id, days }
  }
  return best?.id ?? null
}

function yearsIn(range: ClosedRange): number[] {
  const years: number[] = []
  for (let year = Number(range.from.slice(0, 4)); year <= Number(range.to.slice(0, 4)); year++)
    years.push(year)
  return years
}

export interface PeriodOptions {
  /** First calendar year of some five-year cycle; the cycles before and after follow from it. */
  cycleStart?: number
  /** Month in which a cycle begins, 1–12; 1 unless said. */
  cycleStartMonth?: number
  /** Named stretches of a programme, as the regime states them. */
  phases?: (ClosedRange & { id: string; label: string })[]
}

/**
 * The periods of a kind that touch a range, in order of time. Weeks run Monday to Sunday, week 1 holds the first
 * day of the term; fortnights join weeks 1–2, 3–4 … of a term; months and calendar years follow the calendar.
 */
export function periodsOf(
  kind: PeriodKind,
  calendar: CalendarInput,
  range: ClosedRange,
  options: PeriodOptions = {},
): Period[] {
  const terms = indexOf(calendar).terms
  const inTerms = (make: (term: TermInput) => Period[]) => terms.flatMap(make)
  const touches = (candidate: Period) => candidate.from <= range.to && candidate.to >= range.from
  const make: Record<PeriodKind, () => Period[]> = {
    week: () => inTerms((term) => weeksOfTerm(calendar, term)),
    oddWeek: () => inTerms((term) => weeksOfTerm(calendar, term).filter((week) => week.number % 2 === 1)),
    evenWeek: () => inTerms((term) => weeksOfTerm(calendar, term).filter((week) => week.number % 2 === 0)),
    fortnight: () => inTerms((term) => fortnightsOfTerm(calendar, term)),
    halfMonth: () => monthsIn(calendar, range, true),
    month: () => monthsIn(calendar, range, false),
    term: () => terms.map((term) => period(calendar, 'term', `${term.id}/term`, term.name, term, term.id)),
    opening: () => inTerms((term) => windowsOfTerm(calendar, term, ['opening'])),
    middle: () => inTerms((term) => windowsOfTerm(calendar, term, ['middle'])),
    closing: () => inTerms((term) => windowsOfTerm(calendar, term, ['closing'])),
    termWindow: () => inTerms((term) => windowsOfTerm(calendar, term, ['opening', 'middle', 'closing'])),
    schoolYear: () =>
      calendar.schoolYears.map((year) =>
        period(calendar, 'schoolYear', `${year.id}/year`, `${year.id.replace('-', '—')}学年`, year, null),
      ),
    calendarYear: () =>
      yearsIn(range).map((year) => {
        const wholeYear = { from: `${year}-01-01`, to: `${year}-12-31` }
        return period(calendar, 'calendarYear', `year-${year}`, `${year}年`, wholeYear, null)
      }),
    fiveYears: () => fiveYearCycles(calendar, range, options),
    phase: () =>
      (options.phases ?? []).map((one) =>
        period(calendar, 'phase', `phase-${one.id}`, one.label, { from: one.from, to: one.to }, null),
      ),
  }
  return make[kind]()
    .filter(touches)
    .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
}

function fiveYearCycles(calendar: CalendarInput, range: ClosedRange, options: PeriodOptions): Period[] {
  const { cycleStart = 2021, cycleStartMonth = 1 } = options
  const month = String(cycleStartMonth).padStart(2, '0')
  const years = [Number(range.from.slice(0, 4)) - 1, ...yearsIn(range)]
  const starts = new Set(years.map((year) => year - ((((year - cycleStart) % 5) + 5) % 5)))
  return [...starts].map((start) => {
    const cycle = { from: `${start}-${month}-01`, to: addDays(`${start + 5}-${month}-01`, -1) }
    const label = `${start}—${cycle.to.slice(0, 4)}年（五年周期）`
    return period(calendar, 'fiveYears', `cycle-${start}`, label, cycle, null)
  })
}

/** The numbered week of a term in which a day lies; undefined in the holidays. */
export function weekOf(
  calendar: CalendarInput,
  day: LocalDate,
): (PeriodRef & { number: number; termId: string }) | undefined {
  for (const term of indexOf(calendar).terms) {
    const monday = mondayOf(term.from)
    const number = Math.floor(daysBetween(monday, day) / 7) + 1
    if (number < 1) continue
    const from = addDays(monday, (number - 1) * 7)
    if (from > term.to) continue
    const id = `${term.id}/week-${number}`
    return { kind: 'week', id, label: weekLabel(number), from, to: addDays(from, 6), number, termId: term.id }
  }
  return undefined
}
