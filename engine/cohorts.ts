import { assumedValue } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { completedYears, daysBetween, mondayOf } from './days.ts'
import { personAttributes, unitAttributes } from './subjects.ts'
import type { SubjectAttribute } from './subjects.ts'
import type { Period } from './periods.ts'
import type { AttributeValue, DateRange, LocalDate, PersonInput, UnitInput } from './types.ts'

const holds = (range: DateRange, day: LocalDate) =>
  range.from <= day && (range.to === null || day <= range.to)
const touches = (range: DateRange, from: LocalDate, to: LocalDate) =>
  range.from <= to && (range.to === null || range.to >= from)

/** Whether a person serves at the school on a day, on long leave or not. */
function isInService(person: PersonInput, day: LocalDate): boolean {
  return person.service.some((range) => holds(range, day))
}

/** The kind of long leave on which a person is on a day; null when none. */
function longLeaveOn(person: PersonInput, day: LocalDate): string | null {
  return person.absences.find((range) => holds(range, day))?.kind ?? null
}

/** Whether duties bind a person on a day: in service and not on long leave. */
export function isInPost(person: PersonInput, day: LocalDate): boolean {
  return isInService(person, day) && longLeaveOn(person, day) === null
}

/** A person's attributes on a day, with what follows from them; a name without a value is left out. */
export function attributesOn(
  person: PersonInput,
  unitKindOf: (unitId: string) => string | undefined,
  day: LocalDate,
): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {}
  const since: Record<string, LocalDate> = {}
  for (const attribute of person.attributes) {
    // The later start wins, so that the order in which values are stored does not matter.
    if (!holds(attribute, day) || attribute.from < (since[attribute.name] ?? '')) continue
    values[attribute.name] = attribute.value
    since[attribute.name] = attribute.from
  }
  const years = { age: 'birthDate', yearsInSchool: 'joinedOn', yearsTeaching: 'firstAppointedOn' }
  for (const [name, source] of Object.entries(years)) {
    const from = values[source]
    if (typeof from === 'string' && from.length === 10) values[name] = completedYears(from, day)
  }
  const units = person.memberships.filter((membership) => holds(membership, day))
  values.unitKinds = units.flatMap((membership) => unitKindOf(membership.unitId) ?? [])
  values.roles = person.posts.filter((post) => holds(post, day)).map((post) => post.role)
  return values
}

/** Whether a person or unit meets a condition; `missing` names what is not on record and may not be assumed. */
export function meets(
  condition: Condition,
  values: Record<string, unknown>,
  register: Record<string, SubjectAttribute>,
): { met: boolean; missing: string[] } {
  const complete: Record<string, unknown> = { ...values }
  const missing: string[] = []
  for (const name of condition.names) {
    if (complete[name] !== undefined || !(name in register)) continue
    const assumed = assumedValue(register, name)
    if (assumed === undefined) missing.push(register[name]?.label ?? name)
    else complete[name] = assumed
  }
  return missing.length > 0 ? { met: false, missing } : { met: condition.test(complete), missing: [] }
}

export const personRegister: Record<string, SubjectAttribute> = personAttributes
export const unitRegister: Record<string, SubjectAttribute> = unitAttributes

/** How much of a period somebody was in post. */
export interface Presence {
  /** Weeks of the period and weeks with at least one day in post. */
  weeks: number
  inPostWeeks: number
  /** Why not a single day; null when in post on some day. */
  absentBecause: string | null
}

const leaveNames: Record<string, string> = {
  sickness: '病休',
  sick: '病休',
  maternity: '产假',
  secondment: '借调',
  study: '脱产学习',
}

const countWeeks = (days: LocalDate[]) => new Set(days.map(mondayOf)).size
const byCalendar = new Set(['calendarYear', 'fiveYears'])
/** Kinds of periods in which time and acts at the school before go on counting after a transfer. */
export const addedUpAcrossSchools: ReadonlySet<string> = byCalendar

/** Where a person served before a transfer, as far as it touches a period. */
export function schoolsBefore(
  person: PersonInput,
  period: { from: LocalDate; to: LocalDate },
): { name: string; from: LocalDate; to: LocalDate }[] {
  return person.attributes.flatMap(({ name, value, from, to }) =>
    name === 'schoolBefore' && to !== null && from <= period.to && to >= period.from
      ? [{ name: String(value), from, to }]
      : [],
  )
}

/**
 * How long a person was in post in a period: by weeks with school days; in calendar years and cycles by the calendar,
 * with the time at the school before a transfer.
 */
export function presenceOf(person: PersonInput, period: Period): Presence {
  const { from, to, schoolDays } = period
  const away = person.absences.filter((range) => touches(range, from, to))
  const whole = person.service.some((range) => range.from <= from && (range.to === null || range.to >= to))
  if (whole && away.length === 0) return { weeks: 1, inPostWeeks: 1, absentBecause: null }
  if (byCalendar.has(period.kind)) return presenceByCalendar(person, period)
  const days = schoolDays.filter((day) => isInPost(person, day))
  const result = { weeks: countWeeks(schoolDays), inPostWeeks: countWeeks(days) }
  return { ...result, absentBecause: days.length > 0 ? null : reasonOf(person, period) }
}

function presenceByCalendar(person: PersonInput, period: Period): Presence {
  const clip = (range: DateRange) => {
    const from = range.from > period.from ? range.from : period.from
    const to = range.to !== null && range.to < period.to ? range.to : period.to
    return { from, to, days: Math.max(0, daysBetween(from, to) + 1) }
  }
  let days = 0
  // Of a period that was over before somebody came, nothing is asked here.
  const isHere = person.service.some((range) => touches(range, period.from, period.to))
  const served: DateRange[] = [...person.service, ...(isHere ? schoolsBefore(person, period) : [])]
  for (const service of served.map(clip).filter((range) => range.days > 0)) {
    days += service.days
    for (const absence of person.absences.map(clip).filter((range) => range.days > 0)) {
      const from = absence.from > service.from ? absence.from : service.from
      const to = absence.to < service.to ? absence.to : service.to
      days -= Math.max(0, daysBetween(from, to) + 1)
    }
  }
  const weeks = Math.round((daysBetween(period.from, period.to) + 1) / 7)
  const inPostWeeks = Math.min(weeks, Math.ceil(Math.max(0, days) / 7))
  return { weeks, inPostWeeks, absentBecause: inPostWeeks > 0 ? null : reasonOf(person, period) }
}

function reasonOf(person: PersonInput, period: Period): string {
  const serving = person.service.filter((range) => touches(range, period.from, period.to))
  if (serving.length > 0) {
    const leave = person.absences.find((range) => touches(range, period.from, period.to))
    return leave ? `此期间${leaveNames[leave.kind] ?? leave.kind}，不在岗` : '此期间没有在岗的上课日'
  }
  const joined = person.service.every((range) => range.from > period.to)
  return joined ? '此期间尚未到校' : '此期间已离校'
}

/** Whether a unit existed in a period, as `presenceOf` says for people. */
export function unitPresence(unit: UnitInput, period: Period): Presence {
  if (unit.from <= period.from && (unit.to === null || unit.to >= period.to)) {
    return { weeks: 1, inPostWeeks: 1, absentBecause: null }
  }
  const days = period.schoolDays.filter((day) => holds(unit, day))
  const absentBecause = days.length > 0 ? null : unit.from > period.to ? '此期间尚未成立' : '此期间已撤销'
  return { weeks: countWeeks(period.schoolDays), inPostWeeks: countWeeks(days), absentBecause }
}

/** The day in a period on which a cohort's condition is asked: as wished, but on a day in service if there is one. */
export function dayToAsk(person: PersonInput, wished: LocalDate, from: LocalDate, to: LocalDate): LocalDate {
  if (isInService(person, wished)) return wished
  let best: LocalDate | null = null
  for (const range of person.service.filter((service) => touches(service, from, to))) {
    const last = range.to !== null && range.to < to ? range.to : to
    if (best === null || last > best) best = last
  }
  return best ?? wished
}

/** Whether a dated thing holds on a day. */
export const holdsOn = holds
