import chineseDays from 'chinese-days'
import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { addDays, weekdayOf } from '../../engine/days.ts'
import type { ClosedRange, LocalDate } from '../../engine/types.ts'
import type { SpecialDaysProposal } from './contract.ts'

const names = (list: Record<string, string>) =>
  new Map(Object.entries(list).map(([day, text]) => [day, text.split(',')[1] ?? '节假日']))
const holidays = names(published.holidays)
const workdays = names(published.workdays)

/** Last year whose holidays and 调休 the library knows as published by the State Council. */
const lastPublishedYear = Math.max(...[...holidays.keys()].map((day) => Number(day.slice(0, 4))))
export const publishedTo: LocalDate = `${lastPublishedYear}-12-31`

const lunar = (day: string): LocalDate => chineseDays.getSolarDateFromLunar(day).date

/** The first day of the lunar year that begins in this year. */
export function springFestivalOf(year: number): LocalDate {
  return lunar(`${year}-01-01`)
}

/** The thirteen days off by law (2024 revision); without 调休, which is published only late in the year before. */
function statutoryDays(year: number): { day: LocalDate; name: string }[] {
  const spring = springFestivalOf(year)
  const run = (first: LocalDate, count: number, name: string) =>
    Array.from({ length: count }, (_, index) => ({ day: addDays(first, index), name }))
  return [
    ...run(`${year}-01-01`, 1, '元旦'),
    ...run(addDays(spring, -1), 4, '春节'),
    ...run(chineseDays.getSolarTermDate(year, 4, 'pure_brightness'), 1, '清明'),
    ...run(`${year}-05-01`, 2, '劳动节'),
    ...run(lunar(`${year}-05-05`), 1, '端午'),
    ...run(lunar(`${year}-08-15`), 1, '中秋'),
    ...run(`${year}-10-01`, 3, '国庆节'),
  ]
}

/**
 * Holidays and worked weekends of a range: as published where the library knows them, later years by the law alone.
 * Weekend days off are left out, since nobody works on them anyway.
 */
export function proposeSpecialDays(range: ClosedRange): SpecialDaysProposal {
  const days: SpecialDaysProposal['days'] = []
  for (let day = range.from; day <= range.to && day <= publishedTo; day = addDays(day, 1)) {
    const [holiday, workday] = [holidays.get(day), workdays.get(day)]
    if (holiday && weekdayOf(day) <= 5) days.push({ day, kind: 'holiday', name: holiday, isPublished: true })
    if (workday && weekdayOf(day) > 5)
      days.push({ day, kind: 'workday', name: `${workday}调休`, isPublished: true })
  }
  for (
    let year = Math.max(lastPublishedYear + 1, Number(range.from.slice(0, 4)));
    year <= Number(range.to.slice(0, 4));
    year++
  ) {
    for (const { day, name } of statutoryDays(year)) {
      if (day < range.from || day > range.to || weekdayOf(day) > 5) continue
      if (days.some((known) => known.day === day)) continue
      days.push({ day, kind: 'holiday', name, isPublished: false })
    }
  }
  return { days, publishedTo, sentence: sentenceFor(range) }
}

function sentenceFor(range: ClosedRange): string {
  if (range.to <= publishedTo) return `已按国务院公布的放假安排列出，含调休上班日。`
  const later = '只按法定节日列出，调休要等国务院办公厅公布（一般在上一年 11 月）后再补。'
  if (range.from > publishedTo) return `程序里的放假安排到 ${lastPublishedYear} 年为止，本学年${later}`
  return `${lastPublishedYear} 年已按国务院公布的放假安排列出，含调休上班日；${lastPublishedYear + 1} 年${later}`
}
