import {
  attributesOn,
  dayToAsk,
  holdsOn,
  isInPost,
  meets,
  personRegister,
  presenceOf,
  unitPresence,
  unitRegister,
} from './cohorts.ts'
import type { Presence } from './cohorts.ts'
import { addDays } from './days.ts'
import type { Period, PeriodKind } from './periods.ts'
import type { Prepared, PreparedCount, Verdict } from './prepare.ts'
import type { Binds } from './schema.ts'
import type {
  ClosedRange,
  EvaluationInput,
  Fact,
  LocalDate,
  PersonInput,
  Subject,
  SubjectKind,
  UnitInput,
} from './types.ts'

/** A fact that could count for a rule: on which day, how much, and why not if it does not. */
export interface Candidate {
  fact: Fact
  day: LocalDate
  amount: number
  because: string | null
  /** Why it counts for less than it is; null when in full. */
  cut?: string
  /** Of which source of hours it is; empty elsewhere. */
  source: string
  /** The row of the conversion table that granted it. */
  row?: PreparedCount['row'] & object
}

/** One evaluation: the regime, everything known by the day `on`, and look-ups built once. */
export interface Scope {
  prepared: Prepared
  input: EvaluationInput
  on: LocalDate
  schoolYear: ClosedRange & { id: string }
  /** Also lists facts that were undone; only for explanations. */
  tracing: boolean
  /** Facts of a kind about a subject, in order of time; with a range perhaps only those that may count in it. */
  factsOf: (subject: Subject, kind: string, range?: ClosedRange | null) => Fact[]
  /** Facts of a kind, whoever they are about. */
  factsOfKind: (kind: string, range?: ClosedRange | null) => Fact[]
  /** Facts of a kind that somebody brought along from the school before; they count for what is added up over years. */
  carriedOf: (subject: Subject, kind: string) => Fact[]
  isUndone: (factId: string) => boolean
  people: Map<string, PersonInput>
  units: Map<string, UnitInput>
  values: (fact: Fact) => Record<string, unknown>
  /** A person's attributes on a day, and the settings that a condition may compare them with. */
  attributes: (person: PersonInput, day: LocalDate) => Record<string, unknown>
  periods: (kind: PeriodKind, subject?: Subject) => Period[]
  /** First year of a person's own five-year cycle; undefined where the regime's holds. */
  cycleStart: (subject: Subject) => number | undefined
}

const inOrder = (a: Fact, b: Fact) =>
  a.on < b.on ? -1 : a.on > b.on ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0

/** Facts of one subject and kind in order and each once; those that come from the database are so already. */
function putInOrder(facts: Fact[]): Fact[] {
  let repeats = false
  for (let index = 1; index < facts.length; index++) {
    const order = inOrder(facts[index - 1] as Fact, facts[index] as Fact)
    if (order > 0) return putInOrder(facts.sort(inOrder))
    repeats ||= order === 0
  }
  return repeats ? facts.filter((fact, index) => fact.id !== facts[index - 1]?.id) : facts
}

/** Facts of one kind in order of time. */
interface FactList {
  facts: Fact[]
  /** Whether one of them counts for another day than its own. */
  moved: boolean
}
type FactsByKind = Map<string, FactList>

/** Whether a fact was brought along from another school; it says from which. */
export const isCarried = (fact: Fact): boolean => fact.attributes.carriedFrom !== undefined

/** Facts as known on a day, by subject and kind; made once for all regimes, school years and subjects. */
export interface FactIndex {
  on: LocalDate
  tracing: boolean
  bySubject: Record<SubjectKind, Map<string, FactsByKind>>
  /** Apart from all others: acts at another school, carried over by a transfer; by person. */
  carried: Map<string, FactsByKind>
  ofKind: (kind: string) => FactList | undefined
  isUndone: (factId: string) => boolean
}

/** Leaves out what was recorded later than a day, drops repeats, and indexes the rest. */
export function indexFacts(facts: Fact[], on: LocalDate, tracing = false): FactIndex {
  const reversals = new Map<string, string[]>()
  for (const { recordedOn, reverses, id } of facts)
    if (reverses !== null && recordedOn <= on) append(reversals, reverses, id)
  // A reversal may itself be reversed; a circle of reversals undoes nothing.
  const isUndone = (id: string, seen: string[] = []): boolean =>
    !seen.includes(id) && (reversals.get(id) ?? []).some((reversal) => !isUndone(reversal, [...seen, id]))

  const bySubject: FactIndex['bySubject'] = { person: new Map(), unit: new Map(), organisation: new Map() }
  const carried: FactIndex['carried'] = new Map()
  for (const fact of facts) {
    if (fact.recordedOn > on || fact.reverses !== null) continue
    if (!tracing && reversals.size > 0 && isUndone(fact.id)) continue
    const subjects = isCarried(fact) ? carried : bySubject[fact.subject.kind]
    let own = subjects.get(fact.subject.id)
    if (!own) {
      own = new Map()
      subjects.set(fact.subject.id, own)
    }
    let list = own.get(fact.kind)
    if (!list) {
      list = { facts: [], moved: false }
      own.set(fact.kind, list)
    }
    list.facts.push(fact)
    if (fact.attributes.movedFrom !== undefined) list.moved = true
  }
  const all = Object.values(bySubject).flatMap((subjects) => [...subjects.values()])
  for (const own of [...all, ...carried.values()])
    for (const list of own.values()) list.facts = putInOrder(list.facts)

  const ofKinds = new Map<string, FactList | undefined>()
  const ofKind = (kind: string) => {
    if (!ofKinds.has(kind)) {
      const lists = all.flatMap((own) => own.get(kind) ?? [])
      ofKinds.set(
        kind,
        lists.length === 0
          ? undefined
          : {
              facts: putInOrder(lists.flatMap((list) => list.facts)),
              moved: lists.some((list) => list.moved),
            },
      )
    }
    return ofKinds.get(kind)
  }
  return { on, tracing, bySubject, carried, ofKind, isUndone }
}

/** The place of the first fact on or after a day, or after it. */
function placeOf(facts: Fact[], day: LocalDate, after = false): number {
  let low = 0
  let high = facts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const { on } = facts[middle] as Fact
    if (on < day || (after && on === day)) low = middle + 1
    else high = middle
  }
  return low
}

const nothing: Fact[] = []

/** The facts of a list in a range of days; a fact that counts for another day than its own is always among them. */
function factsIn(
  list: FactList | undefined,
  window: ClosedRange | undefined,
  range: ClosedRange | null | undefined,
): Fact[] {
  if (!list) return nothing
  const { facts } = list
  const asked = list.moved ? null : range
  const from = window && (!asked || window.from > asked.from) ? window.from : asked?.from
  const to = window && (!asked || window.to < asked.to) ? window.to : asked?.to
  if (from === undefined || to === undefined) return facts
  const first = placeOf(facts, from)
  const end = placeOf(facts, to, true)
  return first === 0 && end === facts.length ? facts : facts.slice(first, end)
}

/** Opens an evaluation on a day; facts that are indexed already, as `indexFacts` does it, are not indexed again. */
export function openScope(
  prepared: Prepared,
  input: EvaluationInput,
  on: LocalDate,
  schoolYear: ClosedRange & { id: string },
  tracing = false,
): Scope {
  const { window } = input
  const index =
    input.index?.on === on && input.index.tracing === tracing
      ? input.index
      : indexFacts(input.facts, on, tracing)
  const units = new Map(input.units.map((unit) => [unit.id, unit]))
  const people = new Map(input.people.map((person) => [person.id, person]))
  const cycleStart = (subject: Subject): number | undefined => {
    const person = subject.kind === 'person' ? people.get(subject.id) : undefined
    const own = person?.attributes.find(({ name }) => name === 'cycleStartYear')?.value
    return typeof own === 'number' ? own : undefined
  }
  const values = new Map<Fact, Record<string, unknown>>()
  const attributes = new Map<PersonInput, Map<LocalDate, Record<string, unknown>>>()
  const { settings } = prepared
  return {
    prepared,
    input,
    on,
    schoolYear,
    tracing,
    factsOf: (subject, kind, range) =>
      factsIn(index.bySubject[subject.kind].get(subject.id)?.get(kind), window, range),
    factsOfKind: (kind, range) => factsIn(index.ofKind(kind), window, range),
    carriedOf: (subject, kind) => factsIn(index.carried.get(subject.id)?.get(kind), window, null),
    isUndone: index.isUndone,
    people,
    units,
    values: (fact) => {
      let found = values.get(fact)
      if (!found) {
        found = prepared.conditions.valuesOf(fact, prepared.dayWords)
        values.set(fact, found)
      }
      return found
    },
    attributes: (person, day) => {
      let days = attributes.get(person)
      if (!days) {
        days = new Map()
        attributes.set(person, days)
      }
      let found = days.get(day)
      if (!found) {
        found = { ...attributesOn(person, (unitId) => units.get(unitId)?.kind, day), settings }
        days.set(day, found)
      }
      return found
    },
    periods: (kind, subject) =>
      prepared.periods(kind, schoolYear, kind === 'fiveYears' && subject ? cycleStart(subject) : undefined),
    cycleStart,
  }
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value) {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** The day for which a fact counts: an activity that was moved counts on the day first planned. */
function countingDay(fact: Fact): LocalDate {
  const movedFrom = fact.attributes.movedFrom
  return typeof movedFrom === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(movedFrom) ? movedFrom : fact.on
}

/** What a kind of fact that counts says of one fact; null when that is another matter. */
function verdictOn(count: PreparedCount, fact: Fact, scope: Scope): Verdict | null {
  const { verdicts } = count
  if (!verdicts) return judge(count, fact, scope)
  let verdict = verdicts.get(fact.attributes)
  if (verdict === undefined) {
    verdict = judge(count, fact, scope)
    // Attributes that nobody can change any more are judged once, however many facts share them.
    if (Object.isFrozen(fact.attributes)) verdicts.set(fact.attributes, verdict)
  }
  return verdict
}

function judge(count: PreparedCount, fact: Fact, scope: Scope): Verdict | null {
  if (!count.where && count.requires.length === 0) return { count, because: null }
  const values = scope.values(fact)
  if (count.where && !count.where.test(values)) return null
  const missing = count.requires.find((required) => !required.condition.test(values))
  return { count, because: missing ? missing.otherwise : null }
}

/** The first of the kinds of facts that a fact is meant by, met or not; null when it is another matter. */
function match(counts: PreparedCount[], fact: Fact, scope: Scope): Verdict | null {
  let failed: Verdict | null = null
  for (const count of counts) {
    if (count.kind !== fact.kind) continue
    const verdict = verdictOn(count, fact, scope)
    if (verdict === null) continue
    if (verdict.because === null) return verdict
    failed ??= verdict
  }
  return failed
}

/** Whether a fact meets one of the conditions in full. */
export function countsFor(counts: PreparedCount[], fact: Fact, scope: Scope): boolean {
  return match(counts, fact, scope)?.because === null
}

/**
 * Facts that a rule may count for a subject, in order of the days for which they count. What somebody brought along from
 * the school before is among them only where it is asked for (`withCarried`): in what is added up over years.
 */
export function candidatesFor(
  counts: PreparedCount[],
  subject: Subject,
  scope: Scope,
  amountOf: (fact: Fact, count: PreparedCount) => number = (_fact, count) => count.worth,
  range: ClosedRange | null = null,
  withCarried = false,
): Candidate[] {
  const candidates: Candidate[] = []
  const seen = counts.length > 1 ? new Set<Fact>() : null
  for (const count of counts) {
    const facts = factsFor(count, subject, scope, range)
    const carried = withCarried && count.of !== 'everyone' ? scope.carriedOf(subject, count.kind) : nothing
    for (const fact of carried.length > 0 ? [...facts, ...carried] : facts) {
      const day = countingDay(fact)
      if ((range && (day < range.from || day > range.to)) || seen?.has(fact)) continue
      const found = match(counts, fact, scope)
      if (!found) continue
      seen?.add(fact)
      const undone = scope.tracing && scope.isUndone(fact.id)
      const amount = Math.max(0, amountOf(fact, found.count))
      const { maxPerFact, row, source } = found.count
      // One shape for all: there are more candidates than facts.
      const candidate: Candidate = {
        fact,
        day,
        amount: maxPerFact === null ? amount : Math.min(amount, maxPerFact),
        because: undone ? '这条记录已撤销' : found.because,
        source,
      }
      if (row) candidate.row = row
      candidates.push(candidate)
    }
  }
  const byDay = (a: Candidate, b: Candidate) =>
    a.day === b.day ? inOrder(a.fact, b.fact) : a.day < b.day ? -1 : 1
  return candidates.every((one, at) => at === 0 || byDay(candidates[at - 1] as Candidate, one) <= 0)
    ? candidates
    : candidates.sort(byDay)
}

/** The days from the first of some periods to the last, with days before and after; facts elsewhere cannot count. */
export function spanOf(periods: ClosedRange[], before = 0, after = 0): ClosedRange {
  let from = periods[0]?.from ?? ''
  let to = periods[0]?.to ?? ''
  for (const period of periods) {
    if (period.from < from) from = period.from
    if (period.to > to) to = period.to
  }
  if (from === '') return { from, to }
  return { from: before > 0 ? addDays(from, -before) : from, to: after > 0 ? addDays(to, after) : to }
}

/** Facts of a kind that may count for a subject: its own, those of its members, or everybody's. */
function factsFor(count: PreparedCount, subject: Subject, scope: Scope, range: ClosedRange | null): Fact[] {
  if (count.of === 'everyone') return scope.factsOfKind(count.kind, range)
  const own = scope.factsOf(subject, count.kind, range)
  if (count.of === 'subject' || subject.kind !== 'unit') return own
  const members = scope.input.people.flatMap((person) => {
    const memberships = person.memberships.filter((membership) => membership.unitId === subject.id)
    if (memberships.length === 0) return []
    return scope
      .factsOf({ kind: 'person', id: person.id }, count.kind, range)
      .filter((fact) => memberships.some((membership) => holdsOn(membership, fact.on)))
  })
  return [...own, ...members]
}

/** All subjects of an evaluation: the organisation, its units and its people. */
export function subjectsOf(scope: Scope): Subject[] {
  return [
    { kind: 'organisation', id: scope.input.organisation.id },
    ...scope.input.units.map((unit): Subject => ({ kind: 'unit', id: unit.id })),
    ...scope.input.people.map((person): Subject => ({ kind: 'person', id: person.id })),
  ]
}

/** Whether a rule speaks of this subject in a period: `yes`, `no`, or `unknown` with what is not on record. */
export interface Binding {
  bound: 'yes' | 'no' | 'unknown'
  because: string | null
}
const yes: Binding = { bound: 'yes', because: null }

export function bindingOf(binds: Binds, subject: Subject, period: Period, scope: Scope): Binding {
  if ('organisation' in binds)
    return isLevelBound(binds, scope) ? yes : { bound: 'no', because: '不是这一级的职责' }
  if ('unit' in binds) {
    const unit = scope.units.get(subject.id)
    if (!unit || !binds.unit.includes(unit.kind)) return { bound: 'no', because: '不属于这一类组织' }
    const condition = scope.prepared.unitCondition(binds)
    if (!condition) return yes
    const { settings } = scope.prepared
    const values = { ...unit.attributes, name: unit.name, kind: unit.kind, settings }
    return meets(condition, values, unitRegister).met ? yes : { bound: 'no', because: '不属于这一类组织' }
  }
  const person = scope.people.get(subject.id)
  const cohort = scope.prepared.cohort(binds.person)
  if (!person || !cohort) return { bound: 'no', because: '不在人员名册中' }
  const wished =
    cohort.takenAt === 'schoolYearStart'
      ? scope.schoolYear.from
      : cohort.takenAt === 'periodStart'
        ? period.from
        : period.to
  const day = dayToAsk(person, wished, period.from, period.to)
  const { met, missing } = meets(cohort.condition, scope.attributes(person, day), personRegister)
  if (missing.length > 0) {
    return { bound: 'unknown', because: `缺少${missing.join('、')}，无法判断是否属于“${cohort.label}”` }
  }
  return met ? yes : { bound: 'no', because: `不属于“${cohort.label}”` }
}

/** A district's own duties bind the district office alone, all others the schools. */
function isLevelBound(binds: Extract<Binds, { organisation: true }>, scope: Scope): boolean {
  return (scope.input.organisation.attributes.level === 'district') === (binds.level === 'district')
}

/** Whether a subject is of the kind that a rule binds. */
export function isKindBound(binds: Binds, subject: Subject, scope: Scope): boolean {
  if ('person' in binds) return subject.kind === 'person'
  if ('organisation' in binds) return subject.kind === 'organisation' && isLevelBound(binds, scope)
  return subject.kind === 'unit' && binds.unit.includes(scope.units.get(subject.id)?.kind ?? '')
}

/** How much of a period a subject was there. */
export function presenceIn(subject: Subject, period: Period, scope: Scope): Presence {
  const person = subject.kind === 'person' ? scope.people.get(subject.id) : undefined
  if (person) return presenceOf(person, period)
  const unit = subject.kind === 'unit' ? scope.units.get(subject.id) : undefined
  return unit ? unitPresence(unit, period) : { weeks: 1, inPostWeeks: 1, absentBecause: null }
}

/** Whether a subject is there at all in the school year; people who left before and units closed before are not. */
export function isThere(subject: Subject, scope: Scope): boolean {
  const { from, to } = scope.schoolYear
  const overlaps = (range: { from: LocalDate; to: LocalDate | null }) =>
    range.from <= to && (range.to === null || range.to >= from)
  if (subject.kind === 'person') return scope.people.get(subject.id)?.service.some(overlaps) ?? false
  if (subject.kind === 'unit') {
    const unit = scope.units.get(subject.id)
    return unit !== undefined && overlaps(unit)
  }
  return true
}

/** People in post in a unit on a day. */
export function membersIn(unitId: string, day: LocalDate, scope: Scope): PersonInput[] {
  return scope.input.people.filter(
    (person) =>
      isInPost(person, day) &&
      person.memberships.some((membership) => membership.unitId === unitId && holdsOn(membership, day)),
  )
}
