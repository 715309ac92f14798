import type { LocalDate } from './types.ts'

const dayMilliseconds = 86_400_000

/** A school year has few days and an evaluation asks for them again and again. */
const numbers = new Map<LocalDate, number>()
const days = new Map<number, LocalDate>()
const daysKept = 20_000

/** Days since 1970-01-01; throws on anything that is not a calendar date. */
export function dayNumber(day: LocalDate): number {
  let number = numbers.get(day)
  if (number === undefined) {
    number = parsedDay(day)
    if (numbers.size >= daysKept) numbers.clear()
    numbers.set(day, number)
  }
  return number
}

function parsedDay(day: LocalDate): number {
  const milliseconds = Date.UTC(
    Number(day.slice(0, 4)),
    Number(day.slice(5, 7)) - 1,
    Number(day.slice(8, 10)),
  )
  if (Number.isNaN(milliseconds) || day.length !== 10 || day[4] !== '-')
    throw new Error(`Not a calendar date: ${day}`)
  return milliseconds / dayMilliseconds
}

/** The calendar date of a day number; the inverse of `dayNumber`. */
export function dayOf(number: number): LocalDate {
  let day = days.get(number)
  if (day === undefined) {
    day = new Date(number * dayMilliseconds).toISOString().slice(0, 10)
    if (days.size >= daysKept) days.clear()
    days.set(number, day)
  }
  return day
}

/** The date `count` days later (earlier when negative). */
export function addDays(day: LocalDate, count: number): LocalDate {
  return count === 0 ? day : dayOf(dayNumber(day) + count)
}

/** 1 for Monday to 7 for Sunday. */
export function weekdayOf(day: LocalDate): number {
  return ((dayNumber(day) + 3) % 7) + 1
}

/** The Monday of the week in which a day lies. */
export function mondayOf(day: LocalDate): LocalDate {
  return addDays(day, 1 - weekdayOf(day))
}

/** Days from the first date to the second; negative when the second is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return dayNumber(to) - dayNumber(from)
}

/** The last day of the month of a date. */
export function endOfMonth(day: LocalDate): LocalDate {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))]
  return dayOf(Date.UTC(year, month, 0) / dayMilliseconds)
}

/** Whole years completed between two dates, as an age is counted. */
export function completedYears(from: LocalDate, on: LocalDate): number {
  const years = Number(on.slice(0, 4)) - Number(from.slice(0, 4))
  return on.slice(5) < from.slice(5) ? years - 1 : years
}

const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const
/** `周日` for people. */
export function weekdayLabel(day: LocalDate): string {
  return weekdays[weekdayOf(day) - 1] ?? ''
}

/** `11月30日` for people. */
export function dayLabel(day: LocalDate): string {
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8, 10))}日`
}
