import { addDays, mondayOf } from '../../engine/days.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import type { Leap } from './contract.ts'

/** The days that the story tells of. */
export const toldRange = { from: '2025-09-01', to: '2027-07-09' } as const

/** The day to which a leap leads; null where it would lead out of the story or the calendar has no such day. */
export function leapDay(
  leap: Leap,
  today: LocalDate,
  start: LocalDate,
  calendar: CalendarInput,
): LocalDate | null {
  const day = {
    tomorrow: () => addDays(today, 1),
    nextMonday: () => addDays(mondayOf(today), 7),
    twoWeeks: () => addDays(today, 14),
    termEnd: () =>
      calendar.terms
        .map((term) => term.to)
        .filter((to) => to > today)
        .sort()[0] ?? null,
    start: () => start,
  }[leap]()
  return day !== null && isTold(day) ? day : null
}

export const isTold = (day: LocalDate): boolean => day >= toldRange.from && day <= toldRange.to
