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
  // One walk through the findings: boards of a whole district are summed up by the million.
  let first: Finding | undefined
  let last: Finding | undefined
  let lastAsked: Finding | undefined
  let overdue: Finding | undefined
  let running: Finding | undefined
  let unfinished: Finding | undefined
  let worstBegun: FindingState | undefined
  let worstResting: FindingState | undefined
  let dueOn: LocalDate | null = null
  const count = { asked: 0, done: 0, overdue: 0, measured: 0, withTarget: 0 }
  let sum = 0
  let capped = 0
  let target = 0
  let latest: Finding | undefined
  let latestBegun: Finding | undefined
  let anyBegun = false
  for (const finding of findings) {
    const { period, state } = finding
    const isRunning = period.from <= on && on <= period.to
    if (!isRunning && runningKinds.has(period.kind)) continue
    first ??= finding
    last = finding
    if (finding.result !== null && (!latest || period.from > latest.period.from)) latest = finding
    if (!isAsked(state)) {
      worstResting = worseOf(worstResting, state)
      continue
    }
    count.asked += 1
    lastAsked = finding
    if (period.from <= on) {
      anyBegun = true
      worstBegun = worseOf(worstBegun, state)
      if (finding.result !== null && (!latestBegun || period.from > latestBegun.period.from))
        latestBegun = finding
    }
    if (finding.value !== null) {
      count.measured += 1
      sum += finding.value
      capped += Math.min(finding.value, finding.target ?? finding.value)
    }
    if (finding.target !== null) {
      count.withTarget += 1
      target += finding.target
    }
    if (state === 'done') count.done += 1
    else {
      unfinished ??= finding
      if (finding.dueOn !== null && finding.dueOn >= on && (dueOn === null || finding.dueOn < dueOn))
        dueOn = finding.dueOn
    }
    if (state === 'overdue') {
      count.overdue += 1
      overdue ??= finding
    }
    if (isRunning) running ??= finding
  }
  if (!first) return null
  const told = anyBegun ? latestBegun : latest
  const round = (amount: number) => Math.round(amount * 100) / 100
  return {
    state: worstBegun ?? (count.asked > 0 ? 'open' : (worstResting ?? 'notApplicable')),
    value: count.measured === 0 ? null : round(count.measured === 1 ? sum : capped),
    target: count.withTarget === 0 ? null : round(target),
    unit: first.unit,
    dueOn,
    asked: count.asked,
    done: count.done,
    overdue: count.overdue,
    result: told && told.result !== madeUp ? told.result : null,
    periodId: (overdue ?? running ?? unfinished ?? lastAsked ?? last)?.period.id ?? '',
  }
}

/** The worse of two states; the first one where they are equal. */
const worseOf = (known: FindingState | undefined, state: FindingState): FindingState =>
  known === undefined || compareStates(state, known) < 0 ? state : known

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
