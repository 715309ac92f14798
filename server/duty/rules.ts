import { type Conditions, conditionsOf, settingValues } from '../../engine/conditions.ts'
import { valueWord } from '../../engine/describe-condition.ts'
import type { Regime } from '../../engine/schema.ts'
import { bodyQuestion, type BodyQuestion } from '../../engine/shapes/body.ts'
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
function conditionsFor(regime: Regime): Conditions {
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

/** What the composition of bodies is held against by a regime on a day; the engine judges by the same. */
export function askedOf(regime: Regime, register: Register, day: LocalDate): BodyQuestion {
  const [conditions, settings] = [conditionsFor(regime), settingValues(regime)]
  return bodyQuestion({ regime, conditions, settings, day, ...register })
}
