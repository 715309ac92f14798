import type { Regime } from './schema.ts'
import { isAsked } from './summary.ts'
import type { Finding, FindingState, LocalDate, PeriodRef, Subject } from './types.ts'

/**
 * How somebody fares under the new findings beside the old ones: `better`, `worse`, `changed` (other figures, but
 * neither better nor worse), `added` (a duty that was not asked before), `removed` (a duty that is gone).
 */
export type Direction = 'better' | 'worse' | 'changed' | 'added' | 'removed'

export const directionLabels: Record<Direction, string> = {
  better: '变好',
  worse: '变差',
  changed: '有变化',
  added: '新增要求',
  removed: '不再要求',
}

/** What differs between two findings. */
export type ChangedPart = 'state' | 'value' | 'target' | 'unit' | 'dueOn' | 'result' | 'period'

/** How many periods of a duty ask something, are done, are late. */
export interface Tally {
  asked: number
  done: number
  overdue: number
}

/** One difference for a rule, minimum, subject and period. */
export interface Difference {
  /** As the new regime calls it; as the old one where the rule is gone. */
  ruleId: string
  minimumId: string
  subject: Subject
  period: PeriodRef
  direction: Direction
  /** Null where there was, or is, no such finding. */
  old: Finding | null
  new: Finding | null
  parts: ChangedPart[]
  /**
   * Set where the rule now counts by another kind of period: then one difference speaks of the whole school year, and
   * `old` and `new` are the findings that say most.
   */
  tallies: { old: Tally; new: Tally } | null
}

export interface ComparisonOptions {
  /**
   * The regimes behind the findings. With them rules are matched across a changed id of the regime, grades are ranked
   * by their bands, and a count that must not be reached is better when it is lower.
   */
  regimes?: { old: Regime; new: Regime }
  /** The day on which both were asked: periods that begin later are left out, as nobody fares anyhow in them yet. */
  on?: LocalDate
}

/**
 * Who fares differently: compares what two regimes (or two days) say of the same subjects. Findings that ask nothing
 * on either side make no difference, nor do those that are alike. Worst news first, then by rule, subject and day.
 */
export function compareFindings(
  oldFindings: Finding[],
  newFindings: Finding[],
  options: ComparisonOptions = {},
): Difference[] {
  const judge = judgeOf(options.regimes)
  const { on } = options
  const begun = (findings: Finding[]) =>
    on === undefined ? findings : findings.filter((finding) => finding.period.from <= on)
  const oldDuties = dutiesOf(begun(oldFindings), (finding) => finding.ruleId)
  const newDuties = dutiesOf(begun(newFindings), (finding) => judge.oldIdOf(finding.ruleId))
  const differences: Difference[] = []
  for (const key of new Set([...oldDuties.keys(), ...newDuties.keys()])) {
    differences.push(...compareDuty(oldDuties.get(key) ?? [], newDuties.get(key) ?? [], judge))
  }
  return differences.sort(inOrder)
}

const directions: Direction[] = ['worse', 'added', 'better', 'removed', 'changed']

function inOrder(a: Difference, b: Difference): number {
  const key = (one: Difference) => [one.ruleId, one.subject.kind, one.subject.id, one.period.from].join('|')
  return (
    directions.indexOf(a.direction) - directions.indexOf(b.direction) ||
    (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
  )
}

/** Findings of one minimum for one subject, which are compared with one another. */
function dutiesOf(findings: Finding[], idOf: (finding: Finding) => string): Map<string, Finding[]> {
  return Map.groupBy(findings, (finding) =>
    [idOf(finding), finding.minimumId, finding.subject.kind, finding.subject.id].join('|'),
  )
}

function compareDuty(old: Finding[], renewed: Finding[], judge: Judge): Difference[] {
  const oldAsks = old.filter((finding) => weightOf(finding) !== 'nothing')
  const newAsks = renewed.filter((finding) => weightOf(finding) !== 'nothing')
  const kinds = (list: Finding[]) => [...new Set(list.map((finding) => finding.period.kind))].sort().join()
  if (oldAsks.length > 0 && newAsks.length > 0 && kinds(oldAsks) !== kinds(newAsks)) {
    const difference = compareSpans(oldAsks, newAsks)
    return difference ? [difference] : []
  }
  const byPeriod = new Map(old.map((finding) => [finding.period.id, finding]))
  const differences: Difference[] = []
  for (const finding of renewed) {
    const before = byPeriod.get(finding.period.id) ?? null
    byPeriod.delete(finding.period.id)
    const difference = comparePair(before, finding, judge)
    if (difference) differences.push(difference)
  }
  for (const gone of byPeriod.values()) {
    const difference = comparePair(gone, null, judge)
    if (difference) differences.push(difference)
  }
  return differences
}

/** Whether a finding asks something, leaves it to people, or asks nothing. */
function weightOf(finding: Finding | null): 'nothing' | 'manual' | 'asked' {
  if (!finding) return 'nothing'
  if (isAsked(finding.state)) return 'asked'
  if (finding.state === 'manual') return 'manual'
  // A certificate that was not reached is a result, not a rest.
  return finding.state === 'notApplicable' && finding.result !== null ? 'asked' : 'nothing'
}

function comparePair(old: Finding | null, renewed: Finding | null, judge: Judge): Difference | null {
  const told = renewed ?? old
  if (!told) return null
  const [before, after] = [weightOf(old), weightOf(renewed)]
  if (before === 'nothing' && after === 'nothing') return null
  const parts = partsThatDiffer(old, renewed)
  if (parts.length === 0) return null
  const direction: Direction =
    before === 'nothing'
      ? 'added'
      : after === 'nothing'
        ? 'removed'
        : before === after && old && renewed
          ? judge.direction(old, renewed)
          : 'changed'
  const { ruleId, minimumId, subject, period } = told
  return { ruleId, minimumId, subject, period, direction, old, new: renewed, parts, tallies: null }
}

function partsThatDiffer(old: Finding | null, renewed: Finding | null): ChangedPart[] {
  const compared = ['state', 'value', 'target', 'unit', 'dueOn', 'result'] as const
  if (!old || !renewed) return ['state']
  return compared.filter((part) => old[part] !== renewed[part])
}

const tallyOf = (findings: Finding[]): Tally => ({
  asked: findings.filter((finding) => isAsked(finding.state)).length,
  done: findings.filter((finding) => finding.state === 'done').length,
  overdue: findings.filter((finding) => finding.state === 'overdue').length,
})

/** The finding that says most: the first that is late, else the first not done, else the last. */
const tellingOf = (findings: Finding[]): Finding | undefined =>
  findings.find((finding) => finding.state === 'overdue') ??
  findings.find((finding) => finding.state !== 'done') ??
  findings.at(-1)

function compareSpans(old: Finding[], renewed: Finding[]): Difference | null {
  const [before, after] = [tallyOf(old), tallyOf(renewed)]
  const [oldTold, newTold] = [tellingOf(old), tellingOf(renewed)]
  if (!oldTold || !newTold) return null
  // As shares, since the number of periods differs.
  const late = (tally: Tally) => (tally.asked === 0 ? 0 : tally.overdue / tally.asked)
  const done = (tally: Tally) => (tally.asked === 0 ? 0 : tally.done / tally.asked)
  const difference = late(before) - late(after) || done(after) - done(before)
  const { ruleId, minimumId, subject, period } = newTold
  return {
    ruleId,
    minimumId,
    subject,
    period,
    direction: difference > 0 ? 'better' : difference < 0 ? 'worse' : 'changed',
    old: oldTold,
    new: newTold,
    parts: ['period', ...partsThatDiffer(oldTold, newTold)],
    tallies: { old: before, new: after },
  }
}

interface Judge {
  oldIdOf: (newRuleId: string) => string
  direction: (old: Finding, renewed: Finding) => Direction
}

const merits: FindingState[] = ['overdue', 'dueSoon', 'notApplicable', 'open', 'partly', 'done']

function judgeOf(regimes: ComparisonOptions['regimes']): Judge {
  const matched = regimes ? matchRules(regimes.old, regimes.new) : new Map<string, string>()
  const grades = regimes ? gradeRanks(regimes.new, regimes.old) : new Map<string, number>()
  const limits = new Set(
    regimes
      ? [regimes.old, regimes.new].flatMap((regime) =>
          regime.rules.flatMap((rule) => (rule.limit === undefined ? [] : [rule.id])),
        )
      : [],
  )
  const gradeOf = (finding: Finding) =>
    grades.get(`${finding.ruleId} ${(finding.result ?? '').replace(/^目前/, '')}`)
  return {
    oldIdOf: (newRuleId) => matched.get(newRuleId) ?? newRuleId,
    direction: (old, renewed) => {
      const by = (difference: number): Direction | null =>
        difference > 0 ? 'better' : difference < 0 ? 'worse' : null
      const state = by(merits.indexOf(renewed.state) - merits.indexOf(old.state))
      if (state) return state
      const [oldGrade, newGrade] = [gradeOf(old), gradeOf(renewed)]
      if (oldGrade !== undefined && newGrade !== undefined && oldGrade !== newGrade)
        return newGrade > oldGrade ? 'better' : 'worse'
      if (old.unit !== renewed.unit) return 'changed'
      const counted = by((renewed.value ?? 0) - (old.value ?? 0))
      if (limits.has(renewed.ruleId)) {
        // Another limit that nobody has reached changes nothing for anybody yet.
        return counted === 'better' ? 'worse' : counted === 'worse' ? 'better' : 'changed'
      }
      if (old.target === null || renewed.target === null || oldGrade !== undefined)
        return counted ?? 'changed'
      const lacking = (finding: Finding) => Math.max(0, (finding.target ?? 0) - (finding.value ?? 0))
      const left = by(Math.round((lacking(old) - lacking(renewed)) * 100))
      if (left) return left
      if (renewed.state === 'done' || old.dueOn === null || renewed.dueOn === null) return 'changed'
      return by(renewed.dueOn > old.dueOn ? 1 : renewed.dueOn < old.dueOn ? -1 : 0) ?? 'changed'
    },
  }
}

/**
 * Which old rule a new rule stands for: the one of the same id; where the regime itself was renamed, the one of the
 * same number that has its title or clause. From new id to old id; rules without a counterpart are left out.
 */
export function matchRules(old: Regime, renewed: Regime): Map<string, string> {
  const matched = new Map<string, string>()
  const byId = new Map(old.rules.map((rule) => [rule.id, rule]))
  for (const rule of renewed.rules) {
    const same = byId.get(rule.id)
    const other = byId.get(`${old.id}-${rule.id.slice(renewed.id.length + 1)}`)
    if (same) matched.set(rule.id, rule.id)
    else if (other && (other.title === rule.title || other.clause === rule.clause))
      matched.set(rule.id, other.id)
  }
  return matched
}

/** Grades of the score rules in order of their bands, as `rule grade`; the later regime says how they rank. */
function gradeRanks(renewed: Regime, old: Regime): Map<string, number> {
  const ranks = new Map<string, number>()
  const matched = matchRules(old, renewed)
  for (const rule of renewed.rules) {
    const before = old.rules.find((one) => one.id === matched.get(rule.id))
    const bands = [...(rule.score?.bands ?? before?.score?.bands ?? [])].sort((a, b) => a.from - b.from)
    bands.forEach((band, index) => {
      ranks.set(`${rule.id} ${band.grade}`, index)
      if (before) ranks.set(`${before.id} ${band.grade}`, index)
    })
  }
  return ranks
}

export interface ComparisonSummary {
  /** Differences by direction. */
  differences: Record<Direction, number>
  /** Subjects with at least one difference of a direction. */
  subjects: Record<Direction, number>
  /** Rules by which anybody fares differently, the one with most differences first. */
  rules: { ruleId: string; differences: Record<Direction, number> }[]
}

const nought = (): Record<Direction, number> => ({ better: 0, worse: 0, changed: 0, added: 0, removed: 0 })

/** How many fare better, worse and so on, in all and by rule. */
export function summariseDifferences(differences: Difference[]): ComparisonSummary {
  const all = nought()
  const people: Record<Direction, Set<string>> = {
    better: new Set(),
    worse: new Set(),
    changed: new Set(),
    added: new Set(),
    removed: new Set(),
  }
  const rules = new Map<string, Record<Direction, number>>()
  for (const { direction, subject, ruleId } of differences) {
    all[direction] += 1
    people[direction].add(`${subject.kind}:${subject.id}`)
    const own = rules.get(ruleId) ?? nought()
    own[direction] += 1
    rules.set(ruleId, own)
  }
  const total = (counts: Record<Direction, number>) =>
    Object.values(counts).reduce((sum, one) => sum + one, 0)
  const subjects = nought()
  for (const direction of directions) subjects[direction] = people[direction].size
  return {
    differences: all,
    subjects,
    rules: [...rules]
      .map(([ruleId, own]) => ({ ruleId, differences: own }))
      .sort((a, b) => total(b.differences) - total(a.differences) || (a.ruleId < b.ruleId ? -1 : 1)),
  }
}
