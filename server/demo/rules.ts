import { lastDay } from '../../demo/days.ts'
import type { Tally } from '../../demo/scene.ts'
import { addDays, mondayOf } from '../../engine/days.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { dayText } from '../kit/dates.ts'
import type { Leap } from './contract.ts'

/** The last day to which the story can be told on. */
export const latestDay = lastDay

/** The day to which a leap leads; null where it would lead out of the story or the calendar has no such day. */
export function leapDay(leap: Leap, today: LocalDate, calendar: CalendarInput): LocalDate | null {
  const day = {
    tomorrow: () => addDays(today, 1),
    nextMonday: () => addDays(mondayOf(today), 7),
    twoWeeks: () => addDays(today, 14),
    month: () => addDays(today, 30),
    termEnd: () =>
      calendar.terms
        .map((term) => term.to)
        .filter((to) => to > today)
        .sort()[0] ?? null,
  }[leap]()
  return day !== null && day <= latestDay ? day : null
}

/** Why the clock cannot be moved to this day; null when it can. */
export function moveProblem(day: LocalDate, today: LocalDate): string | null {
  if (day > latestDay)
    return `演示最多讲到 ${latestDay}（本学年结束），请选择 ${today} 之后、${latestDay} 之前的一天。`
  if (day < today)
    return `演示只能往后走：${dayText(today)}之前的事都已经记下来了，请选择之后的一天。要从头看，请停下程序，删除演示的数据文件夹后重新启动。`
  return null
}

/** What happened in between, in one sentence for the people who moved the clock. */
export function tallySentence(from: LocalDate, to: LocalDate, tally: Tally): string {
  const span = `${dayText(from)}到${dayText(to)}`
  const count = (number: number, before: string, unit: string) =>
    number === 0 ? [] : [`${before} ${number.toLocaleString('en-US')} ${unit}`]
  const parts = [
    ...count(tally.activities, '举行活动', '场'),
    ...count(tally.attendances, '签到', '人次'),
    ...count(tally.reflections, '写教学反思', '篇'),
    ...count(tally.accepted, tally.accepted > tally.reflections ? '采纳（含之前提交的）' : '采纳', '篇'),
    ...count(tally.studies, '自学', '次'),
    ...count(tally.leaves, '请假', '人次'),
    ...count(tally.makeUps, '补学', '人次'),
    ...count(tally.papers, '计划、总结备案', '份'),
  ]
  return parts.length === 0 ? `${span}没有上课，没有新的研修记录。` : `${span}，全区${parts.join('，')}。`
}
