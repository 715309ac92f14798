import type { Regime } from '../../engine/schema.ts'
import { isAsked } from '../../engine/summary.ts'
import type { LocalDate, SubjectKind, TermInput } from '../../engine/types.ts'
import {
  type Category,
  categoryLabels,
  categoryOf,
  type RuleSummary,
  type SubjectSummary,
} from '../regime/rules.ts'
import type { DistrictColumn, SchoolFigures, SchoolNews, Tally } from './contract.ts'

export const emptyTally = (): Tally => ({ bound: 0, behind: 0, dueSoon: 0, done: 0, overdue: 0, progress: 0 })

/** Adds one duty of one subject; what asks for nothing is left out. */
export function count(tally: Tally, summary: RuleSummary): void {
  if (!isAsked(summary.state)) return
  tally.bound++
  if (summary.state === 'overdue') tally.behind++
  if (summary.state === 'dueSoon') tally.dueSoon++
  tally.done += summary.done
  tally.overdue += summary.overdue
  const share = summary.target
    ? Math.min(1, (summary.value ?? 0) / summary.target)
    : Number(summary.state === 'done')
  tally.progress = Math.round((tally.progress + share) * 100) / 100
}

/** How much of what has fallen due is done, in hundredths; null before anything has. */
export const shareOf = (tally: Tally): number | null =>
  tally.done + tally.overdue === 0 ? null : Math.floor((tally.done / (tally.done + tally.overdue)) * 100)

export interface SchoolSummaries {
  subjectKind: SubjectKind
  rules: RuleSummary[] | null
  hours: SubjectSummary['hours']
}

/** What a school hands up to its district: counts over its people, groups and itself for one term. */
export function figuresOf(
  summaries: SchoolSummaries[],
  regimes: { level: 'school' | 'district'; regime: Regime }[],
  term: TermInput,
  today: LocalDate,
): Omit<SchoolFigures, keyof SchoolNews> {
  const categories: Record<string, Tally> = {}
  const all = emptyTally()
  const ruleOf = new Map(
    regimes.flatMap(({ regime, level }) =>
      regime.rules.map((rule) => [
        `${regime.id}|${rule.id}`,
        { rule, level, category: categoryOf(regime, rule) },
      ]),
    ),
  )
  const districtRules = new Map<string, SchoolFigures['districtRules'][number]>()
  let hours = 0
  let peopleWithHours = 0
  const behind = { person: 0, unit: 0, organisation: 0 }
  const present = { person: 0, unit: 0, organisation: 0 }
  for (const { subjectKind, rules, hours: own } of summaries) {
    let late = false
    let asked = false
    for (const summary of rules ?? []) {
      const known = ruleOf.get(`${summary.regimeId}|${summary.ruleId}`)
      if (!known) continue
      if (isAsked(summary.state)) asked = true
      if (summary.state === 'overdue') late = true
      count(all, summary)
      if (known.category) {
        const tally = categories[known.category] ?? emptyTally()
        categories[known.category] = tally
        count(tally, summary)
      }
      if (known.level === 'district') {
        const key = `${summary.ruleId}|${summary.minimumId}`
        const entry = districtRules.get(key) ?? {
          ruleId: summary.ruleId,
          minimumId: summary.minimumId,
          title: known.rule.title,
          tally: emptyTally(),
        }
        districtRules.set(key, entry)
        count(entry.tally, summary)
      }
    }
    if (asked) present[subjectKind]++
    if (late) behind[subjectKind]++
    if (subjectKind === 'person' && own && asked) {
      hours += own.terms.find((one) => one.termId === term.id)?.hours ?? 0
      peopleWithHours++
    }
  }
  const own = (regimes.find((one) => one.level === 'school') ?? regimes[0])?.regime
  return {
    termId: term.id,
    termName: term.name,
    evaluatedOn: today,
    people: present.person,
    groups: present.unit,
    regime: own ? { id: own.id, title: own.title, version: own.version } : null,
    all,
    categories,
    hours:
      peopleWithHours === 0
        ? null
        : { average: Math.round((hours / peopleWithHours) * 10) / 10, unit: '学时' },
    peopleBehind: behind.person,
    groupsBehind: behind.unit,
    districtRules: [...districtRules.values()],
  }
}

// A tenth is the name; more would not fit beside it on a common screen.
const mostColumns = 9

/** The columns of the district's board: what at least one school has, ten at most. */
export function columnsOf(figures: SchoolFigures[]): DistrictColumn[] {
  const columns: DistrictColumn[] = [{ key: 'all', title: '总体', note: '到期已完成' }]
  for (const key of Object.keys(categoryLabels) as Category[]) {
    if (!figures.some((one) => (one.categories[key]?.bound ?? 0) > 0)) continue
    columns.push({ key, title: categoryLabels[key], note: '' })
  }
  const last: DistrictColumn[] = [{ key: 'behind', title: '有逾期', note: '教师人数' }]
  if (figures.some((one) => one.hours))
    last.unshift({ key: 'averageHours', title: '人均学时', note: '本学期' })
  return [...columns.slice(0, mostColumns - last.length), ...last]
}
