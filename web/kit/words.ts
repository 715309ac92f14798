import { dayLabel as dayText, weekdayLabel as weekdayText } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'

/** `11月22日` and `周日`, in the words of the engine. */
export { dayText, weekdayText }

/** `11月22日 周日`; with the year when `today` lies in another one. */
export function dayWithWeekday(day: LocalDate, today?: LocalDate): string {
  const year = today !== undefined && today.slice(0, 4) !== day.slice(0, 4) ? `${day.slice(0, 4)}年` : ''
  return `${year}${dayText(day)} ${weekdayText(day)}`
}

/** `9月1日至11月22日`. */
export function rangeText(from: LocalDate, to: LocalDate): string {
  return from === to ? dayText(from) : `${dayText(from)}至${dayText(to)}`
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
})
const calendar = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Shanghai' })

/** `10:32` in Shanghai, of an ISO time stamp or a Date. */
export function timeText(moment: string | Date): string {
  return clock.format(new Date(moment))
}

/** `11月22日 10:32` in Shanghai. */
export function momentText(moment: string | Date): string {
  return `${dayText(calendar.format(new Date(moment)))} ${timeText(moment)}`
}

/** At most one decimal and no trailing zero: `7`, `7.5`. */
export function numberText(value: number): string {
  return String(Math.round(value * 10) / 10)
}

/** `7/10 篇`, `7 篇`, or a dash where nothing is measured. */
export function amountText(value: number | null, target: number | null, unit: string): string {
  if (value === null) return target === null ? '—' : `应 ${numberText(target)} ${unit}`
  return target === null
    ? `${numberText(value)} ${unit}`
    : `${numberText(value)}/${numberText(target)} ${unit}`
}

/** What a teacher calls 字数: every character that is not white space. */
export function countCharacters(text: string): number {
  return Array.from(text.replace(/\s/g, '')).length
}

/** `1.2 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`
  return `${numberText(bytes / 1024 / 1024)} MB`
}
