import type { LocalDate } from '../../engine/types.ts'

const shanghaiDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The calendar day in Asia/Shanghai at an instant. */
export function localDateOf(instant: Date): LocalDate {
  return shanghaiDay.format(instant)
}

/** The instant of a wall-clock time in Asia/Shanghai (no daylight saving since 1991). `time` is `HH:mm`. */
export function instantAt(day: LocalDate, time: string): Date {
  return new Date(`${day}T${time.length === 5 ? `${time}:00` : time}+08:00`)
}

const shanghaiTime = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
})
/** `HH:mm` in Asia/Shanghai. */
export function localTimeOf(instant: Date): string {
  return shanghaiTime.format(instant)
}

/** `11月22日` and `周日` for people, in the words of the engine. */
export { dayLabel as dayText, weekdayLabel as weekdayText } from '../../engine/days.ts'
