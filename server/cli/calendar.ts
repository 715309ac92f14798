import { daysOf } from '../../engine/periods.ts'
import type { CalendarInput, ClosedRange, LocalDate, TermInput } from '../../engine/types.ts'
import { calendarSchema } from './forms.ts'
import { ProblemsFound } from './output.ts'
import { isTable, readPlain, readTable, reporterFor } from './tables.ts'
import type { Column, Reporter, Row } from './tables.ts'

const columns: Column[] = [
  { field: 'kind', titles: ['类别', 'kind'], required: true },
  { field: 'id', titles: ['编号', 'id'] },
  { field: 'name', titles: ['名称', 'name'] },
  { field: 'from', titles: ['开始', '开始日期', '起', 'from', 'start'], required: true },
  { field: 'to', titles: ['结束', '结束日期', '止', 'to', 'end'] },
]

/** Reads a calendar from JSON, YAML or a table; every problem is reported, and null is given when there is any. */
export async function readCalendarInto(reporter: Reporter): Promise<CalendarInput | null> {
  if (isTable(reporter.file)) {
    const table = await readTable(reporter, columns)
    if (!table) return null
    const { calendar, lines } = calendarOf(table.rows, reporter)
    checkCalendar(calendar, reporter, (path) => lines.get(path.slice(0, 2).join('.')) ?? table.line)
    return reporter.problems.length > 0 ? null : calendar
  }
  const read = readPlain(reporter, calendarSchema)
  if (!read) return null
  checkCalendar(read.value, reporter, read.lineOf)
  return reporter.problems.length > 0 ? null : read.value
}

/** Reads a calendar; throws with everything that is wrong with it. */
export async function readCalendar(file: string): Promise<CalendarInput> {
  const reporter = reporterFor(file)
  const calendar = await readCalendarInto(reporter)
  if (!calendar) throw new ProblemsFound(reporter.problems)
  return calendar
}

const kinds: Record<
  string,
  'schoolYear' | 'term' | 'opening' | 'middle' | 'closing' | 'holiday' | 'workday'
> = {
  学年: 'schoolYear',
  学期: 'term',
  期初: 'opening',
  期中: 'middle',
  期末: 'closing',
  放假: 'holiday',
  节假日: 'holiday',
  上班: 'workday',
  调休上班: 'workday',
  schoolYear: 'schoolYear',
  term: 'term',
  opening: 'opening',
  middle: 'middle',
  closing: 'closing',
  holiday: 'holiday',
  workday: 'workday',
}

function calendarOf(
  rows: Row[],
  { report }: Reporter,
): { calendar: CalendarInput; lines: Map<string, number> } {
  const calendar: CalendarInput = { schoolYears: [], terms: [], specialDays: [] }
  const lines = new Map<string, number>()
  const read = rows.flatMap((row) => {
    const kind = kinds[row.text('kind')]
    if (!kind)
      report(
        row.line,
        row.column('kind'),
        `不认识的类别“${row.text('kind')}”；可以用：学年、学期、期初、期中、期末、放假、上班。`,
      )
    const from = row.day('from')
    const to = row.text('to') === '' ? from : row.day('to')
    if (row.text('from') === '') report(row.line, row.column('from'), '没有写开始日期。')
    return kind && from && to ? [{ row, kind, from, to }] : []
  })
  for (const { row, from, to } of read.filter(({ kind }) => kind === 'schoolYear')) {
    lines.set(`schoolYears.${calendar.schoolYears.length}`, row.line)
    calendar.schoolYears.push({ id: row.text('id') || `${from.slice(0, 4)}-${to.slice(0, 4)}`, from, to })
  }
  const missing: ClosedRange = { from: '', to: '' }
  const terms = read.filter(({ kind }) => kind === 'term').sort((a, b) => (a.from < b.from ? -1 : 1))
  for (const { row, from, to } of terms) {
    const year = calendar.schoolYears.find((one) => one.from <= from && to <= one.to)
    if (!year) {
      report(row.line, row.column('from'), `学期 ${from} 到 ${to} 不在任何一个学年里。`)
      continue
    }
    const number = calendar.terms.some((term) => term.schoolYearId === year.id) ? 2 : 1
    const term: TermInput = {
      id: row.text('id') || `${year.id}-${number}`,
      schoolYearId: year.id,
      number,
      name: row.text('name') || (number === 1 ? '第一学期' : '第二学期'),
      from,
      to,
      windows: { opening: missing, middle: missing, closing: missing },
    }
    lines.set(`terms.${calendar.terms.length}`, row.line)
    calendar.terms.push(term)
  }
  for (const { row, kind, from, to } of read) {
    if (kind === 'opening' || kind === 'middle' || kind === 'closing') {
      const term = calendar.terms.find((one) => one.from <= from && to <= one.to)
      if (term) term.windows = { ...term.windows, [kind]: { from, to } }
      else report(row.line, row.column('from'), `${row.text('kind')} ${from} 到 ${to} 不在任何一个学期里。`)
    }
    if (kind === 'holiday' || kind === 'workday') {
      const name = row.text('name') || (kind === 'holiday' ? '放假' : '调休上班')
      for (const day of daysOf({ from, to })) {
        lines.set(`specialDays.${calendar.specialDays.length}`, row.line)
        calendar.specialDays.push({ day, kind, name })
      }
    }
  }
  return { calendar, lines }
}

const windowNames = { opening: '期初', middle: '期中', closing: '期末' } as const

function checkCalendar(
  calendar: CalendarInput,
  { report }: Reporter,
  lineOf: (path: (string | number)[]) => number,
) {
  const { schoolYears, terms, specialDays } = calendar
  const inOrder = (range: ClosedRange) => range.from <= range.to
  const overlaps = (a: ClosedRange, b: ClosedRange) => a.from <= b.to && b.from <= a.to
  if (schoolYears.length === 0) report(null, null, '校历里没有学年。')
  if (terms.length === 0) report(null, null, '校历里没有学期。')
  schoolYears.forEach((year, index) => {
    const line = lineOf(['schoolYears', index])
    if (!inOrder(year)) report(line, null, `学年 ${year.id} 的结束早于开始。`)
    for (const other of schoolYears.slice(0, index)) {
      if (other.id === year.id) report(line, null, `学年 ${year.id} 出现了两次。`)
      else if (overlaps(other, year)) report(line, null, `学年 ${other.id} 和 ${year.id} 重叠。`)
    }
  })
  terms.forEach((term, index) => {
    const line = lineOf(['terms', index])
    if (!inOrder(term)) report(line, null, `${term.name}（${term.id}）的结束早于开始。`)
    const year = schoolYears.find((one) => one.id === term.schoolYearId)
    if (!year) report(line, null, `${term.name}（${term.id}）所属的学年 ${term.schoolYearId} 不在校历里。`)
    else if (term.from < year.from || term.to > year.to)
      report(line, null, `${term.name}（${term.id}）不在学年 ${year.id} 之内。`)
    for (const other of terms.slice(0, index)) {
      if (other.id === term.id) report(line, null, `学期 ${term.id} 出现了两次。`)
      else if (overlaps(other, term)) report(line, null, `${other.id} 和 ${term.id} 两个学期重叠。`)
    }
    for (const name of ['opening', 'middle', 'closing'] as const) {
      const window = term.windows[name]
      const place = lineOf(['terms', index, 'windows', name])
      if (window.from === '') report(place, null, `${term.name}（${term.id}）没有${windowNames[name]}。`)
      else if (!inOrder(window) || window.from < term.from || window.to > term.to)
        report(place, null, `${term.name}（${term.id}）的${windowNames[name]}不在学期之内。`)
    }
  })
  const seen = new Set<LocalDate>()
  specialDays.forEach(({ day }, index) => {
    if (seen.has(day)) report(lineOf(['specialDays', index]), null, `${day} 写了两次。`)
    seen.add(day)
  })
}

/** The school year meant: the one named, else the one in which the day lies; reports when there is none. */
export function schoolYearFor(
  calendar: CalendarInput,
  on: LocalDate,
  named: string | undefined,
  { report }: Reporter,
): string | null {
  const known = calendar.schoolYears.map((year) => year.id).join('、')
  if (named !== undefined) {
    if (calendar.schoolYears.some((year) => year.id === named)) return named
    report(null, null, `校历里没有学年 ${named}；有：${known}。`)
    return null
  }
  const year = calendar.schoolYears.find((one) => one.from <= on && on <= one.to)
  if (year) return year.id
  report(null, null, `${on} 不在校历的任何一个学年里（有：${known}）；请写 --school-year，或换一份校历。`)
  return null
}
