import { attributesOn, isInPost, meets, personRegister, unitRegister } from '../../engine/cohorts.ts'
import { type Conditions, conditionsOf, settingValues } from '../../engine/conditions.ts'
import { valueWord } from '../../engine/describe-condition.ts'
import type { BodyBlock, Regime } from '../../engine/schema.ts'
import type { CalendarInput, LocalDate, PersonInput, UnitInput } from '../../engine/types.ts'

export interface Word {
  id: string
  label: string
}
/** What a rule of the regime asks of a record: the values that it names, attribute by attribute. */
export interface CountedWords {
  ruleId: string
  title: string
  clause: string
  regimeTitle: string
  /** How often it is asked. */
  per: string
  /** Values named for an attribute by `==` or `in`, also those that the rule requires. */
  values: Record<string, string[]>
  requires: { when: string; otherwise: string }[]
}

interface RawCount {
  fact: string
  where?: string
  requires?: { when: string; otherwise: string }[]
}
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

/**
 * Values that a condition names for each attribute: `duty == "a"`, `layer in ["b", "c"]`, `"d" in trainers`,
 * `role == settings.x`, `guide in settings.y`.
 */
export function valuesNamed(condition: string, settings: Record<string, unknown>): Record<string, string[]> {
  const found: Record<string, string[]> = {}
  const add = (name: string, values: string[]) => {
    found[name] = [...new Set([...(found[name] ?? []), ...values])]
  }
  for (const [, name = '', value = ''] of condition.matchAll(/(\w+) == "([^"]+)"/g)) add(name, [value])
  for (const [, name = '', list = ''] of condition.matchAll(/(\w+) in \[([^\]]*)\]/g))
    add(
      name,
      [...list.matchAll(/"([^"]+)"/g)].map(([, value = '']) => value),
    )
  for (const [, name = '', setting = ''] of condition.matchAll(/(\w+) == settings\.(\w+)/g)) {
    const value = settings[setting]
    if (typeof value === 'string') add(name, [value])
  }
  for (const [, value = '', name = ''] of condition.matchAll(/"([^"]+)" in (\w+)\b(?!\.)/g))
    add(name, [value])
  for (const [, name = '', setting = ''] of condition.matchAll(/(\w+) in settings\.(\w+)/g)) {
    const value = settings[setting]
    if (Array.isArray(value))
      add(
        name,
        value.filter((one) => typeof one === 'string'),
      )
  }
  return found
}

/** Every count of a kind of fact in the regimes, with the words that it names. */
export function wordsCounted(regimes: readonly Regime[], fact: string): CountedWords[] {
  const result: CountedWords[] = []
  for (const regime of regimes) {
    const settings = settingValues(regime)
    for (const rule of regime.rules) {
      const visit = (node: unknown, per: string): void => {
        if (Array.isArray(node)) for (const one of node) visit(one, per)
        else if (isObject(node)) {
          if (node.fact === fact) {
            const count = node as unknown as RawCount
            const requires = count.requires ?? []
            const conditions = [count.where ?? '', ...requires.map((one) => one.when)].join(' && ')
            const { title, clause } = rule
            const values = valuesNamed(conditions, settings)
            result.push({ ruleId: rule.id, title, clause, regimeTitle: regime.title, per, values, requires })
            return
          }
          const own = typeof node.per === 'string' ? node.per : per
          for (const one of Object.values(node)) visit(one, own)
        }
      }
      visit(rule, rule.per ?? 'schoolYear')
    }
  }
  return result
}

/** The word of a regime for a value; the value itself where no regime names it. */
export function labelIn(regimes: readonly Regime[], attribute: string, value: string): string {
  for (const regime of regimes) {
    const label = valueWord(regime, attribute, value)
    if (label !== '制度指定的一类' && label !== value) return label
  }
  return value
}

/**
 * The days on which something that holds from a day on counts: once in each school year (or term) that has begun, as
 * long as it is still held on the last day of it or today. What ended in between no longer stands for that period.
 */
export function countingDays(
  held: { from: LocalDate; to: LocalDate | null },
  calendar: CalendarInput,
  per: 'schoolYear' | 'term',
  today: LocalDate,
): LocalDate[] {
  const spans: { from: LocalDate; to: LocalDate }[] = per === 'term' ? calendar.terms : calendar.schoolYears
  const days = spans.flatMap((span, index) => {
    // The holidays belong to the span before them.
    const next = spans[index + 1]?.from
    const until = today < span.to ? today : span.to
    const isBegun = span.from <= today && held.from <= (next === undefined || next > today ? today : span.to)
    if (!isBegun) return []
    const asked = until < held.from ? held.from : until
    if (held.to !== null && held.to < asked) return []
    const isCurrent = today >= span.from && (next === undefined || today < next)
    if (isCurrent && held.to !== null && held.to < today) return []
    return [held.from > span.from ? held.from : span.from]
  })
  if (days.length === 0 && spans.length === 0 && held.from <= today && (held.to === null || held.to >= today))
    return [held.from]
  return [...new Set(days)]
}

const conditionsByRegime = new WeakMap<Regime, Conditions>()
/** Conditions of a regime, compiled once. */
export function conditionsFor(regime: Regime): Conditions {
  let conditions = conditionsByRegime.get(regime)
  if (!conditions) {
    conditions = conditionsOf(regime)
    conditionsByRegime.set(regime, conditions)
  }
  return conditions
}

export interface Register {
  people: PersonInput[]
  units: UnitInput[]
}
const holds = (range: { from: LocalDate; to: LocalDate | null }, day: LocalDate) =>
  range.from <= day && (range.to === null || day <= range.to)

/** People in post on a day who meet a condition over posts and attributes. */
export function peopleWho(
  regime: Regime,
  condition: string,
  register: Register,
  day: LocalDate,
): PersonInput[] {
  const kinds = new Map(register.units.map((unit) => [unit.id, unit.kind]))
  const settings = settingValues(regime)
  const test = conditionsFor(regime).forPerson(condition)
  return register.people.filter(
    (person) =>
      isInPost(person, day) &&
      meets(test, { ...attributesOn(person, (id) => kinds.get(id), day), settings }, personRegister).met,
  )
}

/** Whether a body rule of the regime speaks of a unit. */
export function isMeant(regime: Regime, block: BodyBlock, unit: UnitInput): boolean {
  if (!block.unitKinds.includes(unit.kind)) return false
  if (block.when === undefined) return true
  const values = { ...unit.attributes, name: unit.name, kind: unit.kind, settings: settingValues(regime) }
  return meets(conditionsFor(regime).forUnit(block.when), values, unitRegister).met
}

/** What a body lacks of the composition that the regime asks for, part by part. */
export function compositionOf(
  regime: Regime,
  block: BodyBlock,
  unit: UnitInput,
  register: Register,
  day: LocalDate,
): { label: string; met: boolean; sentence: string }[] {
  const inRole = (role: string) =>
    register.people.filter((person) =>
      person.posts.some((post) => post.unitId === unit.id && post.role === role && holds(post, day)),
    )
  const belonging = register.people.filter(
    (person) =>
      person.memberships.some((one) => one.unitId === unit.id && holds(one, day)) ||
      person.posts.some((one) => one.unitId === unit.id && holds(one, day)),
  )
  const heads = block.roles.map((role) => {
    const label = valueWord(regime, 'roles', role)
    const met = inRole(role).length > 0
    return { label, met, sentence: met ? `${label}已有人担任` : `还没有${label}` }
  })
  const members = block.members.map((wanted) => {
    const fitting = wanted.when ? peopleWho(regime, wanted.when, register, day) : null
    const fits = (person: PersonInput) => !fitting || fitting.includes(person)
    if (wanted.everybody) {
      const outside = (fitting ?? register.people.filter((person) => isInPost(person, day))).filter(
        (person) => !belonging.includes(person),
      )
      return {
        label: wanted.label,
        met: outside.length === 0,
        sentence:
          outside.length === 0
            ? `${wanted.label}全部在内`
            : `${wanted.label}还差 ${outside.length} 人：${outside
                .slice(0, 8)
                .map((person) => person.name)
                .join('、')}`,
      }
    }
    const present = (wanted.role ? inRole(wanted.role) : belonging).filter(fits).length
    return {
      label: wanted.label,
      met: present >= wanted.atLeast,
      sentence: `${wanted.label}应有 ${wanted.atLeast} 人，现有 ${present} 人`,
    }
  })
  return [...heads, ...members]
}
