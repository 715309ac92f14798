import { dayText, weekdayText } from '../kit/dates.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import type { WeekSheet } from '../typesetting/types.ts'
import type { AgendaItem } from './agenda.ts'
import type { Agenda } from './agenda-contract.ts'
import {
  agendaKindLabels,
  agendaScopeLabels,
  agendaStateLabels,
  partOfDay,
  partOfDayLabels,
  type PartOfDay,
} from './words.ts'

/** Whose calendar it is: 我的日程, 数学教研组日程, 全校研修日程. */
export function titleOf(agenda: Agenda): string {
  if (agenda.scope === 'school') return '全校研修日程'
  if (agenda.scope === 'mine') return '我的研修日程'
  const unit = agenda.units.find((one) => one.id === agenda.unitId)
  return `${unit?.name ?? agendaScopeLabels.group}研修日程`
}

const timeOf = (item: AgendaItem) =>
  item.starts === null ? '' : item.ends === null ? item.starts : `${item.starts}–${item.ends}`
const lineOf = (item: AgendaItem) =>
  [
    timeOf(item),
    `${item.kind === 'deadline' ? '截止：' : ''}${item.title}`,
    item.unitName === '' ? '' : `（${item.unitName}）`,
    item.state === 'cancelled' ? '［取消］' : '',
  ]
    .filter((part) => part !== '')
    .join(' ')

const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })

/** The term for Excel: weeks by days as the paper calendar, and everything as a list. */
export function termSheets(agenda: Agenda): Sheet[] {
  const items = Map.groupBy(agenda.items, (item) => item.day)
  const days = new Map(agenda.days.map((one) => [one.day, one]))
  const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
  return [
    {
      name: titleOf(agenda),
      columns: [text('周次', 16), text('日期', 18), ...weekdays.map((day) => text(day, 30))],
      rows: agenda.weeks.map((week) => [
        [week.label ?? '假期', week.window ?? ''].filter((part) => part !== '').join('\n'),
        `${dayText(week.from)}–${dayText(week.to)}`,
        ...daysOfWeek(week.from).map((day) => {
          const special = days.get(day)?.special
          return [special ? `【${special.name}】` : '', ...(items.get(day) ?? []).map(lineOf)]
            .filter((line) => line !== '')
            .join('\n')
        }),
      ]),
    },
    {
      name: '逐项',
      columns: [
        { title: '日期', width: 14, kind: 'date' },
        text('星期', 8),
        text('周次', 16),
        text('时间', 16),
        text('类型', 12),
        text('内容', 44),
        text('组', 20),
        text('地点', 18),
        text('状态', 12),
        text('说明', 40),
      ],
      rows: agenda.items.map((item) => [
        item.day,
        weekdayText(item.day),
        agenda.weeks.find((week) => week.from <= item.day && week.to >= item.day)?.label ?? '',
        timeOf(item),
        agendaKindLabels[item.kind],
        item.title,
        item.unitName,
        item.place,
        agendaStateLabels[item.state],
        item.note,
      ]),
    },
  ]
}

function daysOfWeek(from: string): string[] {
  return Array.from({ length: 7 }, (_, index) => {
    const day = new Date(`${from}T00:00:00Z`)
    day.setUTCDate(day.getUTCDate() + index)
    return day.toISOString().slice(0, 10)
  })
}

/** One week for printing; a weekend without anything is left out. */
export function weekSheet(agenda: Agenda, school: string): WeekSheet {
  const shown = agenda.days.filter(
    (one, index) => index < 5 || one.isSchoolDay || agenda.items.some((item) => item.day === one.day),
  )
  const parts = (Object.keys(partOfDayLabels) as PartOfDay[]).filter(
    (part) =>
      part === 'morning' ||
      part === 'afternoon' ||
      agenda.items.some((item) => partOfDay(item.starts) === part),
  )
  const year = (day: string) => `${day.slice(0, 4)}年${dayText(day)}`
  return {
    title: titleOf(agenda),
    school,
    week: agenda.weeks[0]?.label ?? '假期',
    dates: `${year(agenda.from)}至${dayText(agenda.to)}`,
    days: shown.map((one) => ({
      label: `${weekdayText(one.day)} ${dayText(one.day)}`,
      note: one.special?.name ?? '',
      rest: !one.isSchoolDay,
    })),
    rows: parts.map((part) => ({
      label: partOfDayLabels[part],
      cells: shown.map(({ day }) =>
        agenda.items
          .filter((item) => item.day === day && partOfDay(item.starts) === part)
          .map((item) => ({
            time: timeOf(item),
            title: item.title,
            detail: [item.unitName, item.place, item.note].filter((word) => word !== '').join(' · '),
            cancelled: item.state === 'cancelled',
          })),
      ),
    })),
    note: '改期的活动仍计入原定的一周。',
    issuedOn: agenda.today,
  }
}
