import { addDays, daysBetween, mondayOf, weekdayOf } from '../../engine/days.ts'
import type { CalendarInput, ClosedRange, LocalDate, TermInput } from '../../engine/types.ts'
import { dayText } from '../kit/dates.ts'
import type { SchoolYearDraft, SpecialDay, TermDraft } from './contract.ts'
import { windowLabels, windowNames } from './words.ts'
import { springFestivalOf } from './holidays.ts'

/** `2026—2027学年`. */
export function schoolYearName(id: string): string {
  return `${id.replace('-', '—')}学年`
}

export function termName(schoolYearId: string, number: 1 | 2): string {
  return `${schoolYearName(schoolYearId)}第${number === 1 ? '一' : '二'}学期`
}

/** The terms of a draft as the engine takes them. */
export function termsOf(draft: SchoolYearDraft): TermInput[] {
  return draft.terms.map((term) => ({
    id: `${draft.id}-${term.number}`,
    schoolYearId: draft.id,
    name: termName(draft.id, term.number),
    ...term,
  }))
}

/** The Monday on which a school year usually begins: in the week of 1 September, or the next when that is nearly over. */
function usualStart(year: number): LocalDate {
  const first = `${year}-09-01`
  return weekdayOf(first) <= 4 ? mondayOf(first) : addDays(mondayOf(first), 7)
}

/** First three weeks, three weeks in the middle, last three weeks of a term. */
export function usualWindows(term: ClosedRange): TermInput['windows'] {
  const monday = mondayOf(term.from)
  const weeks = Math.floor(daysBetween(monday, term.to) / 7) + 1
  const clip = (first: number, last: number): ClosedRange => {
    const [from, to] = [addDays(monday, first * 7), addDays(monday, last * 7 + 6)]
    return { from: from > term.from ? from : term.from, to: to < term.to ? to : term.to }
  }
  const middle = Math.ceil((weeks - 3) / 2)
  return {
    opening: clip(0, Math.min(2, weeks - 1)),
    middle: clip(middle, Math.min(middle + 2, weeks - 1)),
    closing: clip(Math.max(0, weeks - 3), weeks - 1),
  }
}

/**
 * Usual dates of a school year: from the Monday about 1 September to the day before the next one begins, so that
 * nothing in the summer falls between two years; the winter holidays lie about the Spring Festival.
 */
export function proposeSchoolYear(startYear: number): SchoolYearDraft {
  const from = usualStart(startYear)
  const spring = springFestivalOf(startYear + 1)
  // The last Friday at least two weeks before the Spring Festival, and the Monday after the Lantern Festival.
  const twoWeeksBefore = addDays(spring, -14)
  const firstEnds = addDays(mondayOf(twoWeeksBefore), weekdayOf(twoWeeksBefore) >= 5 ? 4 : -3)
  const lantern = addDays(spring, 15)
  const secondBegins = weekdayOf(lantern) === 1 ? lantern : addDays(mondayOf(lantern), 7)
  const aboutJuly = `${startYear + 1}-07-07`
  const secondEnds = addDays(mondayOf(addDays(aboutJuly, -1)), 4)
  const term = (number: 1 | 2, range: ClosedRange): TermDraft => ({
    number,
    ...range,
    windows: usualWindows(range),
  })
  return {
    id: `${startYear}-${startYear + 1}`,
    from,
    to: addDays(usualStart(startYear + 1), -1),
    terms: [term(1, { from, to: firstEnds }), term(2, { from: secondBegins, to: secondEnds })],
  }
}

export interface Problem {
  field: string
  message: string
}

const inside = (inner: ClosedRange, outer: ClosedRange) => inner.from >= outer.from && inner.to <= outer.to

/** What is wrong with a school year, first things first; each problem names its field. Empty when it may be saved. */
export function problemsOf(draft: SchoolYearDraft, others: CalendarInput['schoolYears']): Problem[] {
  const problems: Problem[] = []
  const report = (field: string, message: string) => problems.push({ field, message })
  const [start, end] = draft.id.split('-').map(Number) as [number, number]
  if (end !== start + 1) report('id', `学年“${draft.id}”不对：应是前后相连的两年，例如 2026-2027。`)
  if (draft.to <= draft.from) report('to', '学年的最后一天要在第一天之后。')
  else if (daysBetween(draft.from, draft.to) > 400) report('to', '一个学年不会超过 13 个月，请核对日期。')
  if (draft.from.slice(0, 4) !== String(start))
    report('from', `${draft.id}学年应从${start}年开始，请核对第一天。`)
  for (const other of others) {
    if (other.id === draft.id || other.to < draft.from || other.from > draft.to) continue
    report(
      other.from < draft.from ? 'from' : 'to',
      `和${schoolYearName(other.id)}（${other.from} 至 ${other.to}）重叠，请错开日期。`,
    )
  }
  const terms = [...draft.terms].sort((a, b) => a.number - b.number)
  const [first, second] = terms
  if (first?.number !== 1 || second?.number !== 2) {
    report('terms', '一个学年要有第一学期和第二学期。')
    return problems
  }
  for (const term of terms) problemsOfTerm(term, draft, report)
  if (second.from <= first.to) {
    report(
      `terms.${draft.terms.indexOf(second)}.from`,
      `第二学期从${dayText(second.from)}开始，第一学期到${dayText(first.to)}才结束，请错开。`,
    )
  }
  return problems
}

function problemsOfTerm(
  term: TermDraft,
  year: SchoolYearDraft,
  report: (field: string, message: string) => void,
): void {
  const at = `terms.${year.terms.indexOf(term)}`
  const name = term.number === 1 ? '第一学期' : '第二学期'
  if (term.to <= term.from) return report(`${at}.to`, `${name}的最后一天要在第一天之后。`)
  if (!inside(term, year)) {
    report(
      term.from < year.from ? `${at}.from` : `${at}.to`,
      `${name}（${term.from} 至 ${term.to}）超出了学年（${year.from} 至 ${year.to}），请改学期或学年的日期。`,
    )
  }
  let before: LocalDate | null = null
  for (const key of windowNames) {
    const window = term.windows[key]
    const label = `${name}的${windowLabels[key]}`
    if (window.to < window.from) report(`${at}.windows.${key}.to`, `${label}窗口的最后一天在第一天之前。`)
    else if (!inside(window, term))
      report(
        `${at}.windows.${key}.from`,
        `${label}窗口（${dayText(window.from)}至${dayText(window.to)}）不在学期之内。`,
      )
    else if (before !== null && window.from <= before)
      report(`${at}.windows.${key}.from`, `${label}窗口和前一个窗口重叠，请错开。`)
    before = window.to
  }
}

/** What is wrong with the special days of a school year; null when they may be saved. */
export function specialDaysProblem(days: SpecialDay[], year: ClosedRange): string | null {
  const seen = new Set<string>()
  for (const { day, kind } of days) {
    if (day < year.from || day > year.to) return `${day} 不在这个学年（${year.from} 至 ${year.to}）之内。`
    if (seen.has(day)) return `${dayText(day)}写了两次，请只留一个。`
    if (kind === 'workday' && weekdayOf(day) <= 5)
      return `${dayText(day)}本来就是周一至周五，不用标成调休上班。`
    seen.add(day)
  }
  return null
}
