import { factKinds } from './facts.ts'
import type { FactKind } from './facts.ts'
import { blocksOf, minimaOf } from './schema.ts'
import type { Counts, Regime, Rule, RuleBlock, RuleKind } from './schema.ts'
import type { ClosedRange, Finding, FindingState, LocalDate, Subject } from './types.ts'

export interface SummaryFigures {
  title: string
  /** Over the periods looked at: what was done, each period at most its target. Null where nothing is measured. */
  value: number | null
  target: number | null
  unit: string
  /** Periods done; periods asked that have begun; periods overdue. */
  doneCount: number
  dueCount: number
  overdueCount: number
  /** The worst state of the periods that have begun. */
  state: FindingState
  nextDueOn: LocalDate | null
  /** Words of the latest period that has some: a grade, what is missing. */
  result: string | null
}

/** One cell of a board: a rule for a subject, over all periods looked at. */
export interface RuleSummary extends SummaryFigures {
  ruleId: string
  subject: Subject
  clause: string
  kind: RuleKind
  block: RuleBlock
  /** Whether the target is a limit that should not be reached rather than an amount to reach. */
  limit: boolean
  /** False where no room keeps the records on which the rule rests, so that its figures are only as good as imports. */
  kept: boolean
  /** Each minimum of a rule that has several; the rule's own figures are those of the first. */
  minima: (SummaryFigures & { minimumId: string })[]
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

const restingStates = new Set<FindingState>(['excused', 'notApplicable', 'manual'])
const runningKinds = new Set(['calendarYear', 'fiveYears'])

export interface SummaryOptions {
  on: LocalDate
  /** Only periods that touch this range (a term); all findings given otherwise. */
  within?: ClosedRange
}

/** What a board shows: per rule and subject one summary, those that need help first. */
export function summarise(regime: Regime, findings: Finding[], options: SummaryOptions): RuleSummary[] {
  const { on, within } = options
  const rules = new Map(regime.rules.map((rule) => [rule.id, rule]))
  const groups = new Map<string, Finding[]>()
  for (const finding of findings) {
    if (within && (finding.period.from > within.to || finding.period.to < within.from)) continue
    // Years that run across the school year: only the one in which the day lies, lest two be added up.
    const { from, to, kind } = finding.period
    if (runningKinds.has(kind) && (on < from || on > to)) continue
    const key = `${finding.ruleId}|${finding.subject.kind}|${finding.subject.id}`
    const group = groups.get(key)
    if (group) group.push(finding)
    else groups.set(key, [finding])
  }
  const summaries: RuleSummary[] = []
  for (const group of groups.values()) {
    const [first] = group
    const rule = first && rules.get(first.ruleId)
    if (first && rule) summaries.push(summariseRule(regime, rule, group, first.subject, on))
  }
  return summaries.sort((a, b) => compareStates(a.state, b.state))
}

function summariseRule(
  regime: Regime,
  rule: Rule,
  findings: Finding[],
  subject: Subject,
  on: LocalDate,
): RuleSummary {
  const byMinimum = new Map<string, Finding[]>()
  for (const finding of findings) {
    const list = byMinimum.get(finding.minimumId)
    if (list) list.push(finding)
    else byMinimum.set(finding.minimumId, [finding])
  }
  const titles = new Map(minimaOf(regime, rule).map((minimum) => [minimum.id, minimum.title]))
  const minima = [...byMinimum].map(([minimumId, own]) => ({
    minimumId,
    ...figuresOf(titles.get(minimumId) ?? rule.title, own, on),
  }))
  const [main] = minima
  const whole = figuresOf(rule.title, findings, on)
  const block = blocksOf(rule)[0] ?? 'manual'
  return {
    ruleId: rule.id,
    subject,
    clause: rule.clause,
    kind: rule.kind,
    block,
    limit: block === 'limit',
    kept: isKept(regime, rule),
    minima: minima.length > 1 ? minima : [],
    ...whole,
    value: main?.value ?? null,
    target: main?.target ?? null,
    unit: main?.unit ?? '',
    result: main?.result ?? null,
  }
}

function figuresOf(title: string, findings: Finding[], on: LocalDate): SummaryFigures {
  const asked = findings.filter((finding) => !restingStates.has(finding.state))
  const begun = asked.filter((finding) => finding.period.from <= on)
  const pending = asked.filter(
    (finding) => finding.state !== 'done' && finding.dueOn !== null && finding.dueOn >= on,
  )
  const measured = asked.filter((finding) => finding.value !== null)
  const single = measured.length === 1
  const add = (list: Finding[], of: (finding: Finding) => number) =>
    list.length === 0 ? null : Math.round(list.reduce((sum, finding) => sum + of(finding), 0) * 100) / 100
  const [latest] = [...(begun.length > 0 ? begun : findings)]
    .filter((finding) => finding.result !== null)
    .sort((a, b) => (a.period.from < b.period.from ? 1 : -1))
  const worst = (list: Finding[]) => list.map((finding) => finding.state).sort(compareStates)[0]
  const resting = worst(findings.filter((finding) => restingStates.has(finding.state)))
  const due = pending.map((finding) => finding.dueOn).sort()[0]
  return {
    title,
    value: add(measured, (finding) => {
      const value = finding.value ?? 0
      return single ? value : Math.min(value, finding.target ?? value)
    }),
    target: add(
      asked.filter((finding) => finding.target !== null),
      (finding) => finding.target ?? 0,
    ),
    unit: findings[0]?.unit ?? '',
    doneCount: asked.filter((finding) => finding.state === 'done').length,
    dueCount: begun.length,
    overdueCount: asked.filter((finding) => finding.state === 'overdue').length,
    state: worst(begun) ?? (asked.length > 0 ? 'open' : (resting ?? 'notApplicable')),
    nextDueOn: due ?? null,
    result: latest?.result ?? null,
  }
}

const register: Record<string, FactKind> = factKinds

/** Every kind of fact on which a rule rests. */
export function factKindsOf(regime: Regime, rule: Rule): string[] {
  const lists: Counts[] = [
    ...minimaOf(regime, rule).map((minimum) => minimum.counts),
    ...[rule.form, rule.list, rule.limit, rule.rotation].flatMap((block) => (block ? [block.counts] : [])),
    ...(rule.limit?.offsets ? [rule.limit.offsets] : []),
    ...[...(rule.score?.parts ?? []), ...(rule.score?.points ?? [])].map((part) => part.counts),
  ]
  const hours = regime.hours.flatMap((source) => source.counts)
  return [
    ...new Set(lists.flatMap((counts) => (counts === 'hours' ? hours : counts)).map((count) => count.fact)),
  ]
}

/** Whether a room keeps all records on which a rule rests; rules for people to judge rest on none. */
export function isKept(regime: Regime, rule: Rule): boolean {
  return factKindsOf(regime, rule).every((kind) => register[kind]?.room != null)
}
