import { addDays } from '../days.ts'
import { addedUpAcrossSchools, meets, personRegister, schoolsBefore } from '../cohorts.ts'
import { periodKinds } from '../periods.ts'
import type { Period } from '../periods.ts'
import type { PreparedMinimum, PreparedRule } from '../prepare.ts'
import { candidatesFor, countsFor, isCarried, spanOf } from '../scope.ts'
import { madeUp } from '../summary.ts'
import type { Candidate, Scope } from '../scope.ts'
import type { ClosedRange, Fact, LocalDate, Subject, Trace, TraceFact } from '../types.ts'
import { allocate } from './allocation.ts'
import type { Allocated } from './allocation.ts'
import { creditsFor } from './credits.ts'
import { concerns, findingOf, noDetail, periodsFor, resting, standingOf, stateOf, within } from './shape.ts'
import type { Detail, Shape, Standing, Working } from './shape.ts'

const longKinds = new Set(['term', 'schoolYear', 'calendarYear', 'fiveYears', 'phase'])

/** What is asked in one period, with how it came about. */
interface Duty {
  period: Period
  standing: Standing
  /** In the unit of the rule. */
  target: number
  inputs: Trace['inputs']
  exceptions: string[]
  formula: string
}

/**
 * At least so much per period: `quota`, `cadence`, `doc`, `slot`, `check`, `money` and whatever else counts facts
 * against a least amount. One finding per minimum and period.
 */
export const minimumShape: Shape = {
  evaluate: (rule, subject, scope) => {
    // Where each fact counts once, those that filled one minimum are not there for the next.
    const spent = rule.rule.eachFactOnce ? new Map<string, string>() : null
    return rule.minima
      .filter((minimum) => concerns(minimum.binds, subject, scope))
      .flatMap((minimum) => {
        const workings = evaluateMinimum(rule, minimum, subject, scope, spent)
        for (const { finding } of spent ? workings : [])
          for (const factId of finding.factIds) spent?.set(factId, minimum.title)
        return workings
      })
  },
}

function evaluateMinimum(
  rule: PreparedRule,
  minimum: PreparedMinimum,
  subject: Subject,
  scope: Scope,
  spent: Map<string, string> | null,
): Working[] {
  const duties = periodsFor(rule.rule, minimum.per, subject, scope).map((period) =>
    dutyIn(rule, minimum, subject, period, scope),
  )
  if (duties.every((duty) => !duty.standing.asked && !duty.standing.bound)) return []
  const size = sizeOf(minimum, scope)
  const candidates = candidatesOf(minimum, subject, scope, rangeOf(minimum, duties, scope))
  for (const candidate of candidates) {
    const other = spent?.get(candidate.fact.id)
    if (other !== undefined && candidate.because === null)
      candidate.because = `已计入“${other}”，一次只算一项`
  }
  const asks = duties.map((duty) => ({
    period: duty.period,
    target: duty.standing.asked ? duty.target * size : 0,
  }))
  // What one minimum does not need is left to the next, so that a fact is only spent where it is wanted.
  const allocated = allocate(candidates, asks, minimum, spent !== null)
  return duties.map((duty, index) => {
    const filled = allocated[index] ?? { period: duty.period, sum: 0, fillings: [], givenAway: [] }
    return workingOf(rule, minimum, subject, scope, duty, filled, candidates, size)
  })
}

/** Minutes of one unit for hours, 1 for everything else. */
function sizeOf(minimum: PreparedMinimum, scope: Scope): number {
  return minimum.measure === 'hours' ? (minimum.minutesPerUnit ?? scope.prepared.minutesPerHour) : 1
}

/** Where facts may lie that count at all: the periods with what comes early, with grace, or makes up later. */
function rangeOf(minimum: PreparedMinimum, duties: Duty[], scope: Scope): ClosedRange {
  const periods: ClosedRange[] = duties.map((duty) => duty.period)
  if (minimum.makeUp === 'schoolYear') periods.push(scope.schoolYear)
  return spanOf(periods, minimum.earlyDays, minimum.graceDays)
}

function candidatesOf(
  minimum: PreparedMinimum,
  subject: Subject,
  scope: Scope,
  range: ClosedRange,
): Candidate[] {
  const measured = minimum.measure === 'hours' || minimum.measure === 'quantity'
  const { counts } = minimum
  // What was done at the school before goes on counting in calendar years and cycles; for a week, a term or a school
  // year it counted there, and what is asked here is reduced to the time spent here.
  const withCarried = addedUpAcrossSchools.has(minimum.per)
  const candidates =
    counts !== 'hours' && 'table' in counts
      ? creditsFor(counts, subject, scope)
      : candidatesFor(
          minimum.prepared,
          subject,
          scope,
          (fact: Fact, count) => (measured ? fact.quantity : minimum.measure === 'count' ? count.worth : 1),
          range,
          withCarried,
        )
  for (const candidate of candidates) {
    if (candidate.because !== null) continue
    if (!withCarried && isCarried(candidate.fact)) {
      candidate.because = `在${String(candidate.fact.attributes.carriedFrom)}完成，已计入那里`
      continue
    }
    const excluded = minimum.exclusions.find((exclusion) =>
      countsFor(exclusion.counts, candidate.fact, scope),
    )
    if (excluded) candidate.because = excluded.because
  }
  if (minimum.measure === 'days') onceEach(candidates, ({ day }) => day, '同一天的多次只计一次')
  if (minimum.measure === 'kinds') {
    const kindOf = ({ fact, day }: Candidate) => {
      const kind = String(fact.attributes[minimum.kindsOf ?? ''] ?? '')
      const period = scope.prepared.periodAt(minimum.per, day, scope.cycleStart(subject))
      return kind === '' ? '' : `${period?.id ?? ''} ${kind}`
    }
    onceEach(candidates, kindOf, '同一种类只计一次')
  }
  return candidates
}

/** Marks whatever repeats; an empty key counts for nothing. */
function onceEach(candidates: Candidate[], keyOf: (candidate: Candidate) => string, because: string) {
  const seen = new Set<string>()
  for (const candidate of candidates) {
    if (candidate.because !== null) continue
    const key = keyOf(candidate)
    if (key === '' || seen.has(key)) candidate.because = key === '' ? '没有写明种类' : because
    seen.add(key)
  }
}

function dutyIn(
  rule: PreparedRule,
  minimum: PreparedMinimum,
  subject: Subject,
  period: Period,
  scope: Scope,
): Duty {
  const standing = standingOf(minimum.binds, subject, period, scope, rule.rule.id)
  const { atLeast, unit } = minimum
  const asked = `${periodKinds[minimum.per]}不少于 ${atLeast} ${unit}`
  const duty: Duty = {
    period,
    standing,
    target: atLeast,
    inputs: [{ label: '规定', value: asked, from: minimum.clause }],
    exceptions: [],
    formula: asked,
  }
  if (!standing.asked) return duty

  const exception = exceptionFor(rule, subject, period, scope)
  if (exception) {
    const { because, clause } = exception
    duty.exceptions.push(`${because}（${clause}）`)
    duty.target = exception.atLeast ?? 0
    duty.formula = `${because}：${duty.target} ${unit}`
    if (duty.target === 0) duty.standing = { asked: false, bound: true, state: 'excused', because }
    return duty
  }
  const { weeks, inPostWeeks } = standing
  const person = subject.kind === 'person' ? scope.people.get(subject.id) : undefined
  for (const { name, from, to } of person && addedUpAcrossSchools.has(period.kind)
    ? schoolsBefore(person, period)
    : [])
    duty.exceptions.push(`${from} 至 ${to} 在${name}任教，那段时间和转来的记录一并计算`)
  if (minimum.prorate && inPostWeeks < weeks && longKinds.has(period.kind) && atLeast > 1) {
    const step = minimum.measure === 'hours' || minimum.measure === 'credits' ? 10 : 1
    duty.target = Math.floor((atLeast * inPostWeeks * step) / weeks + 1e-9) / step
    duty.inputs.push({ label: '在岗周数', value: `${inPostWeeks} 周（共 ${weeks} 周）`, from: '人员名册' })
    duty.formula = `${atLeast} ${unit} × ${inPostWeeks} ÷ ${weeks} = ${duty.target} ${unit}（按在岗周数折算，向下取整）`
    if (duty.target === 0) {
      const because = `按在岗 ${inPostWeeks} 周折算后不足 1 ${unit}`
      duty.standing = { asked: false, bound: true, state: 'excused', because }
    }
  }
  return duty
}

function exceptionFor(rule: PreparedRule, subject: Subject, period: Period, scope: Scope) {
  const person = subject.kind === 'person' ? scope.people.get(subject.id) : undefined
  if (!person || rule.exceptions.length === 0) return undefined
  const values = scope.attributes(person, period.to)
  return rule.exceptions.find(({ condition }) => meets(condition, values, personRegister).met)?.exception
}

/** The last day in time: the end of the period, or of the window in which it is due, and the days of grace. */
function dueDay(minimum: PreparedMinimum, period: Period, scope: Scope): LocalDate {
  let last = period.to
  if (minimum.dueBy) {
    const { terms } = scope.prepared.calendar
    const inPeriod = (from: LocalDate) => from >= period.from && from <= period.to
    const term = terms.find((one) => one.id === period.termId) ?? terms.find((one) => inPeriod(one.from))
    if (term) last = term.windows[minimum.dueBy].to
  }
  return minimum.graceDays > 0 ? addDays(last, minimum.graceDays) : last
}

/** A sum in the unit of the rule; hours are cut to tenths, so that a figure never promises more than there is. */
function valueOf(sum: number, minimum: PreparedMinimum, size: number): number {
  if (minimum.measure === 'hours') return Math.floor((sum * 10) / size + 1e-9) / 10
  const capped = minimum.maxPerPeriod === null ? sum : Math.min(sum, minimum.maxPerPeriod)
  return Math.round(capped * 100) / 100
}

/** Each fact once, in order of time. */
function factIdsOf({ fillings }: Allocated): string[] {
  const ids = fillings.map((filling) => filling.candidate.fact.id)
  return ids.length < 2 ? ids : [...new Set(ids)]
}

function workingOf(
  rule: PreparedRule,
  minimum: PreparedMinimum,
  subject: Subject,
  scope: Scope,
  duty: Duty,
  filled: Allocated,
  candidates: Candidate[],
  size: number,
): Working {
  const { period, standing } = duty
  const value = valueOf(filled.sum, minimum, size)
  const factIds = factIdsOf(filled)
  const given = { minimumId: minimum.id, unit: minimum.unit, value, factIds }
  const detail = () => detailOf(minimum, duty, filled, candidates, size, value)
  if (!standing.asked) {
    const { finding } = resting(rule, scope, subject, period, standing, given)
    return { finding, detail }
  }
  const dueOn = dueDay(minimum, period, scope)
  const met = filled.sum >= duty.target * size - 1e-6
  const state = stateOf(met, filled.sum > 0, period, dueOn, scope)
  const late = met && filled.fillings.some((filling) => filling.how === 'madeUp')
  const finding = findingOf(rule, scope, subject, period, {
    ...given,
    state,
    target: duty.target,
    dueOn,
    result: late ? madeUp : null,
  })
  return { finding, detail }
}

function detailOf(
  minimum: PreparedMinimum,
  duty: Duty,
  filled: Allocated,
  candidates: Candidate[],
  size: number,
  value: number,
): Detail {
  const { period, standing } = duty
  const hours = minimum.measure === 'hours'
  const shown = (amount: number) => (hours ? Math.round((amount * 100) / size) / 100 : amount)
  const how = { own: null, grace: '在宽限期内完成，计入这一期', madeUp: '以后多做的，补入这一期' }
  const facts: TraceFact[] = filled.fillings.map(({ candidate, amount, how: by }) => ({
    factId: candidate.fact.id,
    on: candidate.day,
    counted: shown(amount),
    because:
      how[by] ??
      candidate.cut ??
      (amount < candidate.amount - 1e-9
        ? `其余已补入别的时段`
        : isCarried(candidate.fact)
          ? `由${String(candidate.fact.attributes.carriedFrom)}转来`
          : null),
  }))
  for (const { candidate, amount, to } of filled.givenAway) {
    if (filled.fillings.some((filling) => filling.candidate === candidate)) continue
    const because = `${shown(amount)} ${minimum.unit}已补入${to.label}`
    facts.push({ factId: candidate.fact.id, on: candidate.day, counted: 0, because })
  }
  const start = addDays(period.from, -minimum.earlyDays)
  for (const candidate of candidates) {
    if (candidate.because === null || !within({ from: start, to: period.to }, candidate.day)) continue
    facts.push({ factId: candidate.fact.id, on: candidate.day, counted: 0, because: candidate.because })
  }
  const inputs = [...duty.inputs]
  if (hours) {
    const from = minimum.minutesPerUnit === null ? '设置 minutesPerHour' : minimum.clause
    inputs.push({ label: `每${minimum.unit}`, value: `${size} 分钟`, from })
  }
  if (minimum.graceDays > 0)
    inputs.push({ label: '宽限', value: `${minimum.graceDays} 天`, from: '设置 graceDays' })
  if (minimum.makeUp !== 'none') {
    const value = minimum.makeUp === 'term' ? '本学期内可补' : '本学年内可补'
    inputs.push({ label: '补做', value, from: '设置 makeUp' })
  }
  const measured = hours
    ? `${Math.round(filled.sum * 100) / 100} 分钟 ÷ ${size} = ${value} ${minimum.unit}`
    : `${value} ${minimum.unit}`
  return {
    ...noDetail(minimum.title, minimum.clause),
    facts: facts.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.factId < b.factId ? -1 : 1)),
    formula: `应有：${duty.formula}；实有：${measured}`,
    inputs,
    exceptions: duty.exceptions,
    because: standing.asked ? null : standing.because,
  }
}
