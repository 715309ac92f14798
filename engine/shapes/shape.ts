import { addDays } from '../days.ts'
import type { Period, PeriodKind } from '../periods.ts'
import type { PreparedRule } from '../prepare.ts'
import { numberSetting } from '../schema.ts'
import type { Binds, Rule } from '../schema.ts'
import type { Candidate, Scope } from '../scope.ts'
import { bindingOf, isKindBound, isThere, presenceIn } from '../scope.ts'
import type { Finding, FindingState, LocalDate, PeriodRef, Subject, Trace, TraceFact } from '../types.ts'

/** What an explanation adds to a finding. */
export interface Detail {
  facts: TraceFact[]
  formula: string
  inputs: Trace['inputs']
  exceptions: string[]
  /** Why nothing is asked, or what a result rests on, as one sentence; null when the figures say it all. */
  because: string | null
  /** Name of the thing owed and its clause, where a minimum has its own. */
  title: string
  clause: string
}

/** A finding with the way to explain it; the explanation is only worked out when somebody asks. */
export interface Working {
  finding: Finding
  detail: () => Detail
}

/** How rules of one shape are evaluated for one subject over a school year. */
export interface Shape {
  evaluate: (rule: PreparedRule, subject: Subject, scope: Scope, others: Others) => Working[]
}

/** Results of other rules, for the same subject unless another is named, for rules that rest on them. */
export interface Others {
  evaluate: (ruleId: string, subject?: Subject) => Working[]
}

export const noDetail = (title: string, clause: string): Detail => ({
  facts: [],
  formula: '',
  inputs: [],
  exceptions: [],
  because: null,
  title,
  clause,
})

/** Whether a rule can speak of a subject at all in this school year. */
export function concerns(binds: Binds, subject: Subject, scope: Scope): boolean {
  return isKindBound(binds, subject, scope) && isThere(subject, scope)
}

/** What a rule asks of a subject in a period before any figure is looked at. */
export type Standing =
  | { asked: true; weeks: number; inPostWeeks: number }
  | { asked: false; bound: boolean; state: 'excused' | 'notApplicable' | 'manual'; because: string }

/** Whether a period asks anything of a subject: cohort, holidays, short periods, time in post. */
export function standingOf(
  binds: Binds,
  subject: Subject,
  period: Period,
  scope: Scope,
  ruleId: string,
): Standing {
  const binding = bindingOf(binds, subject, period, scope)
  if (binding.bound !== 'yes') {
    const state = binding.bound === 'unknown' ? 'manual' : 'notApplicable'
    return { asked: false, bound: binding.bound === 'unknown', state, because: binding.because ?? '' }
  }
  const resting = (because: string): Standing => ({
    asked: false,
    bound: true,
    state: 'notApplicable',
    because,
  })
  const confirmed = confirmationIn(ruleId, subject, period, scope)
  if (confirmed?.attributes.result === 'notDue') {
    const note = confirmed.attributes.note
    const because = typeof note === 'string' && note !== '' ? `经确认本期不需要：${note}` : '经确认本期不需要'
    return { asked: false, bound: true, state: 'excused', because }
  }
  if (period.schoolDays.length === 0 && !withoutSchoolDays.has(period.kind)) {
    return resting(`${period.label}没有上课日，不作要求`)
  }
  if (period.incomplete) return resting(`${period.incomplete}，不作要求`)
  const least =
    period.kind === 'month'
      ? numberSetting(scope.prepared.regime, 'leastSchoolDaysOfMonth', 5)
      : period.kind === 'halfMonth'
        ? numberSetting(scope.prepared.regime, 'leastSchoolDaysOfHalfMonth', 3)
        : 1
  if (period.schoolDays.length < least) {
    return resting(`${period.label}只有 ${period.schoolDays.length} 个上课日，少于 ${least} 个，不作要求`)
  }
  const presence = presenceIn(subject, period, scope)
  if (presence.absentBecause) {
    return { asked: false, bound: true, state: 'excused', because: presence.absentBecause }
  }
  return { asked: true, weeks: presence.weeks, inPostWeeks: presence.inPostWeeks }
}

/** Long periods are looked at whatever the calendar holds of them; phases may lie years back. */
const withoutSchoolDays = new Set(['fiveYears', 'calendarYear', 'phase'])

/** What the person responsible last confirmed of a rule in a period; undefined where nobody did. */
export function confirmationIn(ruleId: string, subject: Subject, period: PeriodRef, scope: Scope) {
  return scope
    .factsOf(subject, 'duty.confirmed')
    .filter((fact) => fact.attributes.rule === ruleId && within(period, fact.on) && !scope.isUndone(fact.id))
    .at(-1)
}

/** The periods of a rule: all of its kind, or only the months and phases that it names. */
export function periodsFor(rule: Rule, kind: PeriodKind, subject: Subject, scope: Scope): Period[] {
  const periods = scope.periods(kind, subject)
  const { months, phases } = rule
  return periods.filter(
    (period) =>
      (kind !== 'phase' || !phases || phases.some((id) => period.id === `phase-${id}`)) &&
      (!months || !monthly.has(kind) || months.includes(Number(period.from.slice(5, 7)))),
  )
}
const monthly = new Set<PeriodKind>(['month', 'halfMonth'])

/** Whether two stretches of time share a day. */
export const overlaps = (
  a: { from: LocalDate; to: LocalDate },
  b: { from: LocalDate; to: LocalDate },
): boolean => a.from <= b.to && a.to >= b.from

const shortKinds = new Set(['week', 'oddWeek', 'evenWeek', 'fortnight', 'halfMonth'])
const isShort = (period: PeriodRef) => shortKinds.has(period.kind)

/** The state of a duty on a day. */
export function stateOf(
  met: boolean,
  begun: boolean,
  period: PeriodRef,
  dueOn: LocalDate,
  scope: Scope,
): FindingState {
  if (met) return 'done'
  if (scope.on > dueOn) return 'overdue'
  const regime = scope.prepared.regime
  const days = isShort(period)
    ? numberSetting(regime, 'dueSoonDays', 3)
    : numberSetting(regime, 'dueSoonDaysOfLongPeriods', 14)
  if (scope.on >= period.from && scope.on >= addDays(dueOn, -days)) return 'dueSoon'
  return begun ? 'partly' : 'open'
}

const references = new WeakMap<PeriodRef, PeriodRef>()
/** A period without what only the engine needs; the same for the same period. */
export function periodRef(period: PeriodRef): PeriodRef {
  let found = references.get(period)
  if (!found) {
    const { kind, id, label, from, to } = period
    found = { kind, id, label, from, to }
    references.set(period, found)
    references.set(found, found)
  }
  return found
}

/** A finding of a rule; the parts that matter are given, the rest is empty. */
export function findingOf(
  rule: PreparedRule,
  scope: Scope,
  subject: Subject,
  period: PeriodRef,
  given: Partial<Finding> & { state: FindingState },
): Finding {
  return {
    regimeId: scope.prepared.regime.id,
    ruleId: rule.rule.id,
    minimumId: 'main',
    subject,
    period: periodRef(period),
    value: null,
    target: null,
    unit: '',
    dueOn: null,
    result: null,
    factIds: [],
    ...given,
  }
}

/** Candidates of a period as an explanation lists them. */
export function traceFactsOf(candidates: Candidate[]): TraceFact[] {
  return candidates.map((candidate) => ({
    factId: candidate.fact.id,
    on: candidate.day,
    counted: candidate.because === null ? candidate.amount : 0,
    because: candidate.because ?? candidate.cut ?? null,
  }))
}

export const within = (period: { from: LocalDate; to: LocalDate }, day: LocalDate) =>
  period.from <= day && day <= period.to

/** A finding that asks for nothing, with the reason. */
export function resting(
  rule: PreparedRule,
  scope: Scope,
  subject: Subject,
  period: PeriodRef,
  standing: Extract<Standing, { asked: false }>,
  given: Partial<Finding> = {},
  detail: Partial<Detail> = {},
): Working {
  return {
    finding: findingOf(rule, scope, subject, period, { ...given, state: standing.state }),
    detail: () => ({ ...noDetail(rule.rule.title, rule.rule.clause), because: standing.because, ...detail }),
  }
}
