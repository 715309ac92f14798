import { minimaOf } from './schema.ts'
import type { Count, Counts, Regime, Rule } from './schema.ts'
import type { Finding, FindingState, LocalDate } from './types.ts'

/** One duty of a subject over the periods looked at: a row or a cell of a board. */
export interface DutySummary {
  /** The worst state of the periods that have begun. */
  state: FindingState
  /** Over the periods: what was done, each period at most its target. Null where nothing is measured. */
  value: number | null
  target: number | null
  unit: string
  /** The next day by which something is still to be done. */
  dueOn: LocalDate | null
  /** Periods that ask something, that are done, that are late. */
  asked: number
  done: number
  overdue: number
  /** Words of the latest period that has some: a grade, what is missing. */
  result: string | null
  /** The period whose explanation tells most: the late one, else the present one. */
  periodId: string
}

/** From the one that needs help first to the one that asks for nothing. */
export const statesFromWorst: FindingState[] = [
  'overdue',
  'dueSoon',
  'partly',
  'open',
  'manual',
  'done',
  'excused',
  'notApplicable',
]
const rankOf = new Map(statesFromWorst.map((state, index) => [state, index]))

/** Orders states so that the worst comes first. */
export function compareStates(a: FindingState, b: FindingState): number {
  return (rankOf.get(a) ?? 0) - (rankOf.get(b) ?? 0)
}

/** States in which something is asked. */
export const isAsked = (state: FindingState): boolean =>
  state !== 'excused' && state !== 'notApplicable' && state !== 'manual'

/** What the engine writes as the result of a duty that was made up for. */
export const madeUp = '已补'

const runningKinds = new Set(['calendarYear', 'fiveYears'])

/**
 * What a board shows of one duty: `findings` are those of one minimum for one subject, in order of time. Of years that
 * run across the school year only the one in which the day lies is looked at, lest two be added up; null where that
 * leaves none.
 */
export function summariseDuty(findings: Finding[], on: LocalDate): DutySummary | null {
  const shown = findings.filter(
    ({ period }) => !runningKinds.has(period.kind) || (period.from <= on && on <= period.to),
  )
  const [first] = shown
  if (!first) return null
  const asked = shown.filter((finding) => isAsked(finding.state))
  const begun = asked.filter((finding) => finding.period.from <= on)
  const measured = asked.filter((finding) => finding.value !== null)
  const withTarget = asked.filter((finding) => finding.target !== null)
  const single = measured.length === 1
  const add = (list: Finding[], of: (finding: Finding) => number) =>
    list.length === 0 ? null : Math.round(list.reduce((sum, finding) => sum + of(finding), 0) * 100) / 100
  const worst = (list: Finding[]) => list.map((finding) => finding.state).sort(compareStates)[0]
  const [due] = asked
    .flatMap(({ state, dueOn }) => (state !== 'done' && dueOn !== null && dueOn >= on ? [dueOn] : []))
    .sort()
  const [latest] = (begun.length > 0 ? begun : shown)
    .filter((finding) => finding.result !== null)
    .sort((a, b) => (a.period.from < b.period.from ? 1 : -1))
  const told =
    asked.find((finding) => finding.state === 'overdue') ??
    asked.find((finding) => finding.period.from <= on && on <= finding.period.to) ??
    asked.find((finding) => finding.state !== 'done') ??
    asked.at(-1) ??
    shown.at(-1)
  return {
    state:
      worst(begun) ??
      (asked.length > 0 ? 'open' : (worst(shown.filter(({ state }) => !isAsked(state))) ?? 'notApplicable')),
    value: add(measured, (finding) => {
      const value = finding.value ?? 0
      return single ? value : Math.min(value, finding.target ?? value)
    }),
    target: add(withTarget, (finding) => finding.target ?? 0),
    unit: first.unit,
    dueOn: due ?? null,
    asked: asked.length,
    done: asked.filter((finding) => finding.state === 'done').length,
    overdue: asked.filter((finding) => finding.state === 'overdue').length,
    result: latest && latest.result !== madeUp ? latest.result : null,
    periodId: told?.period.id ?? '',
  }
}

/** What a rule counts, in whatever block it says so; rules on which it rests are not followed. */
export function countsOf(regime: Regime, rule: Rule): Count[] {
  const { form, list, limit, rotation, flow, share, target, score } = rule
  const lists: (Counts | undefined)[] = [
    ...minimaOf(regime, rule).map((minimum) => minimum.counts),
    ...[form, list, limit, rotation].map((block) => block?.counts),
    limit?.offsets,
    flow?.begins,
    ...(flow?.steps ?? []).map((step) => step.counts),
    share?.part,
    share?.whole,
    ...(target ? [target, ...target.also] : []).flatMap((aim) => (aim.each ?? []).map((one) => one.counts)),
    ...[...(score?.parts ?? []), ...(score?.points ?? [])].map((part) => part.counts),
  ]
  return lists.flatMap((counts) => (counts === undefined ? [] : flatCounts(regime, counts)))
}

/** The single counts behind `hours`, a conversion table or a list. */
export function flatCounts(regime: Regime, counts: Counts): Count[] {
  if (counts === 'hours') return regime.hours.flatMap((source) => source.counts)
  if (Array.isArray(counts)) return counts
  return regime.tables
    .filter((table) => table.id === counts.table)
    .flatMap((table) => table.rows.flatMap((row) => flatCounts(regime, row.counts)))
}

/** Every kind of fact on which a rule rests. */
export function factKindsOf(regime: Regime, rule: Rule): string[] {
  return [...new Set(countsOf(regime, rule).map((count) => count.fact))]
}
