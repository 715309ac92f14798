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
import type { Prepared, PreparedCount } from './prepare.ts'
import type { Binds } from './schema.ts'
import type {
  ClosedRange,
  EvaluationInput,
  Fact,
  LocalDate,
  PersonInput,
  Subject,
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
  factsByKind: Map<string, Fact[]>
  factsBySubject: Map<string, Map<string, Fact[]>>
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

const subjectKey = (subject: Subject) => `${subject.kind}:${subject.id}`

const inOrder = (a: Fact, b: Fact) =>
  a.on < b.on ? -1 : a.on > b.on ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0

/** Facts that come from the database are in order already. */
function isSorted(facts: Fact[]): boolean {
  for (let index = 1; index < facts.length; index++) {
    const [a, b] = [facts[index - 1], facts[index]]
    if (a && b && inOrder(a, b) > 0) return false
  }
  return true
}

/** Opens an evaluation on a day: leaves out what was recorded later, drops repeats, and indexes the rest. */
export function openScope(
  prepared: Prepared,
  input: EvaluationInput,
  on: LocalDate,
  schoolYear: ClosedRange & { id: string },
  tracing = false,
): Scope {
  const byId = new Map<string, Fact>()
  const reversals = new Map<string, string[]>()
  for (const fact of isSorted(input.facts) ? input.facts : [...input.facts].sort(inOrder)) {
    if (fact.recordedOn > on || byId.has(fact.id)) continue
    byId.set(fact.id, fact)
    if (fact.reverses === null) continue
    const list = reversals.get(fact.reverses)
    if (list) list.push(fact.id)
    else reversals.set(fact.reverses, [fact.id])
  }
  // A reversal may itself be reversed; a circle of reversals undoes nothing.
  const isUndone = (id: string, seen: string[] = []): boolean =>
    !seen.includes(id) && (reversals.get(id) ?? []).some((reversal) => !isUndone(reversal, [...seen, id]))

  const factsByKind = new Map<string, Fact[]>()
  const factsBySubject = new Map<string, Map<string, Fact[]>>()
  for (const fact of byId.values()) {
    if (fact.reverses !== null || (!tracing && reversals.size > 0 && isUndone(fact.id))) continue
    append(factsByKind, fact.kind, fact)
    const key = subjectKey(fact.subject)
    let own = factsBySubject.get(key)
    if (!own) {
      own = new Map()
      factsBySubject.set(key, own)
    }
    append(own, fact.kind, fact)
  }

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
    factsByKind,
    factsBySubject,
    isUndone,
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

/** The first of the kinds of facts that a fact is meant by, met or not; null when it is another matter. */
function match(counts: PreparedCount[], fact: Fact, scope: Scope) {
  let failed: { count: PreparedCount; because: string } | null = null
  for (const count of counts) {
    if (count.kind !== fact.kind) continue
    if (!count.where && count.requires.length === 0) return { count, because: null }
    const values = scope.values(fact)
    if (count.where && !count.where.test(values)) continue
    const missing = count.requires.find((required) => !required.condition.test(values))
    if (!missing) return { count, because: null }
    failed ??= { count, because: missing.otherwise }
  }
  return failed
}

/** Whether a fact meets one of the conditions in full. */
export function countsFor(counts: PreparedCount[], fact: Fact, scope: Scope): boolean {
  return match(counts, fact, scope)?.because === null
}

/** The source label of the first condition that a fact meets in full; null when none. */
export function sourceOf(counts: PreparedCount[], fact: Fact, scope: Scope): string | null {
  const found = match(counts, fact, scope)
  return found && found.because === null ? found.count.source : null
}

/** Facts that a rule may count for a subject, in order of the days for which they count. */
export function candidatesFor(
  counts: PreparedCount[],
  subject: Subject,
  scope: Scope,
  amountOf: (fact: Fact, count: PreparedCount) => number = (_fact, count) => count.worth,
  range: ClosedRange | null = null,
): Candidate[] {
  const candidates: Candidate[] = []
  const seen = counts.length > 1 ? new Set<Fact>() : null
  for (const count of counts) {
    for (const fact of factsFor(count, subject, scope)) {
      const day = countingDay(fact)
      if ((range && (day < range.from || day > range.to)) || seen?.has(fact)) continue
      const found = match(counts, fact, scope)
      if (!found) continue
      seen?.add(fact)
      const undone = scope.tracing && scope.isUndone(fact.id)
      candidates.push({
        fact,
        day,
        amount: Math.min(
          Math.max(0, amountOf(fact, found.count)),
          found.count.maxPerFact ?? Number.POSITIVE_INFINITY,
        ),
        because: undone ? '这条记录已撤销' : found.because,
        ...(found.count.row ? { row: found.count.row } : {}),
      })
    }
  }
  return candidates.sort((a, b) => (a.day === b.day ? inOrder(a.fact, b.fact) : a.day < b.day ? -1 : 1))
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
function factsFor(count: PreparedCount, subject: Subject, scope: Scope): Fact[] {
  if (count.of === 'everyone') return scope.factsByKind.get(count.kind) ?? []
  const own = scope.factsBySubject.get(subjectKey(subject))?.get(count.kind) ?? []
  if (count.of === 'subject' || subject.kind !== 'unit') return own
  const members = scope.input.people.flatMap((person) => {
    const memberships = person.memberships.filter((membership) => membership.unitId === subject.id)
    if (memberships.length === 0) return []
    const facts = scope.factsBySubject.get(`person:${person.id}`)?.get(count.kind) ?? []
    return facts.filter((fact) => memberships.some((membership) => holdsOn(membership, fact.on)))
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
