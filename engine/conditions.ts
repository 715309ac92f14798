import { Environment } from '@marcbachmann/cel-js'
import { addDays, weekdayOf, daysBetween } from './days.ts'
import { factKinds } from './facts.ts'
import { personAttributes, unitAttributes } from './subjects.ts'
import type { FactKind } from './facts.ts'
import type { SubjectAttribute } from './subjects.ts'
import { daysOf } from './periods.ts'
import type { Regime, VocabularyName } from './schema.ts'
import type { AttributeValue, Fact, LocalDate } from './types.ts'

/** A compiled condition: true, false, or null where something that it asks for is not on record. */
export interface Condition {
  source: string
  names: string[]
  test: (values: Record<string, unknown>) => boolean
}

const celTypes = { string: 'string', number: 'double', boolean: 'bool', strings: 'list<string>' } as const
type ValueType = keyof typeof celTypes
const empty: Record<ValueType, AttributeValue> = { string: '', number: 0, boolean: false, strings: [] }

/** What a condition over facts may name beside the attributes of the kind. */
const factVariables = {
  quantity: 'double',
  day: 'string',
  weekday: 'int',
  recordedAfterDays: 'int',
  /** Week of the term, 0 in the holidays; month of the year. */
  weekNumber: 'int',
  /** How far it was moved from the day first planned, in calendar days and in school days; 0 when it was not. */
  movedByDays: 'int',
  movedBySchoolDays: 'int',
  plannedWeekday: 'int',
  month: 'int',
} as const

const closedLists: Record<string, VocabularyName> = {
  activityKind: 'activityKinds',
  form: 'activityForms',
  contentTags: 'contentTags',
  workKind: 'workKinds',
  lessonKind: 'lessonKinds',
  voice: 'voices',
  growthStep: 'growthSteps',
  modes: 'modes',
  documentKind: 'documentKinds',
  archiveKind: 'archiveKinds',
  purpose: 'purposes',
}

type Attributes = Record<string, { type: ValueType; values?: string[] }>
type Syntax = { op: string; args: unknown }

function isSyntax(value: unknown): value is Syntax {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value
}

function walk(node: unknown, visit: (node: Syntax) => void) {
  if (Array.isArray(node)) for (const child of node) walk(child, visit)
  else if (isSyntax(node)) {
    visit(node)
    walk(node.args, visit)
  }
}

/** A condition is a sentence, not a program: these bounds hold long before time or memory could run out. */
const conditionLimits = {
  maxAstNodes: 200,
  maxDepth: 16,
  maxListElements: 60,
  maxMapEntries: 0,
  maxCallArguments: 4,
}
const longestCondition = 600

function environmentFor(regime: Regime, attributes: Attributes, extras: Record<string, string>) {
  const environment = new Environment({ limits: conditionLimits }).registerOperator(
    'double == int',
    (left: number, right: bigint) => left === Number(right),
  )
  for (const [name, attribute] of Object.entries(attributes)) {
    environment.registerVariable(name, celTypes[attribute.type])
  }
  for (const [name, type] of Object.entries(extras)) environment.registerVariable(name, type)
  const settings: Record<string, string> = {}
  for (const [name, setting] of Object.entries(regime.settings)) {
    const value = setting.value
    settings[name] = Array.isArray(value)
      ? 'list<string>'
      : celTypes[typeof value as 'string' | 'number' | 'boolean']
  }
  if (Object.keys(settings).length > 0) environment.registerVariable({ name: 'settings', schema: settings })
  return environment
}

export class ConditionError extends Error {}

/** Compiles conditions of one regime; throws `ConditionError` with a Chinese sentence on anything it cannot mean. */
export function conditionsOf(regime: Regime) {
  const environments = new Map<string, Environment>()
  const attributesOf = new Map<string, Attributes>()
  const compiled = new Map<string, Condition>()
  const namesOfKind = new Map<string, Set<string>>()
  const makers = new Map<string, { size: number; make: ReturnType<typeof valueMaker> }>()
  const settings = settingValues(regime)

  function environment(key: string, attributes: Attributes, extras: Record<string, string>) {
    let found = environments.get(key)
    if (!found) {
      found = environmentFor(regime, attributes, extras)
      environments.set(key, found)
      attributesOf.set(key, attributes)
    }
    return found
  }

  function checkWords(syntax: unknown, attributes: Attributes) {
    const refuseUnknown = (name: string, value: unknown) => {
      const attribute = attributes[name]
      if (!attribute || typeof value !== 'string' || value === '') return
      const listName = closedLists[name]
      const vocabulary = listName ? regime.vocabularies[listName].map((term) => term.id) : []
      const allowed = attribute.values ?? (vocabulary.length > 0 ? vocabulary : null)
      if (allowed && !allowed.includes(value)) {
        throw new ConditionError(`条件里的“${value}”不是 ${name} 可以取的值；可以取：${allowed.join('、')}`)
      }
    }
    const nameOf = (node: unknown) => (isSyntax(node) && node.op === 'id' ? String(node.args) : '')
    const valuesOf = (node: unknown): unknown[] => {
      if (!isSyntax(node)) return []
      if (node.op === 'value') return [node.args]
      return node.op === 'list' && Array.isArray(node.args) ? node.args.flatMap(valuesOf) : []
    }
    walk(syntax, (node) => {
      if (!['==', '!=', 'in'].includes(node.op) || !Array.isArray(node.args)) return
      const [left, right] = node.args
      for (const value of valuesOf(right)) refuseUnknown(nameOf(left), value)
      for (const value of valuesOf(left)) refuseUnknown(nameOf(right), value)
    })
  }

  function compile(
    source: string,
    key: string,
    attributes: Attributes,
    extras: Record<string, string>,
  ): Condition {
    const cacheKey = `${key} ${source}`
    const known = compiled.get(cacheKey)
    if (known) return known
    if (source.length > longestCondition) {
      throw new ConditionError(`条件太长（${source.length} 个字符），最多 ${longestCondition} 个；请拆成几条`)
    }
    const scope = environment(key, attributes, extras)
    const checked = scope.check(source)
    if (!checked.valid) {
      const message = checked.error?.message.split('\n')[0] ?? ''
      const unknown = /Unknown variable: (\w+)/.exec(message)?.[1] ?? /No such key: (\w+)/.exec(message)?.[1]
      throw new ConditionError(
        unknown
          ? `条件“${source}”用了不认识的名称 ${unknown}；可以用：${Object.keys(attributes).join('、')}`
          : `条件“${source}”写得不对：${message}`,
      )
    }
    if (checked.type !== 'bool')
      throw new ConditionError(`条件“${source}”应当得出是或否，现在得出的是 ${checked.type}`)
    const program = scope.parse(source)
    checkWords(program.ast, attributes)
    walk(program.ast, (node) => {
      if (node.op !== '/' && node.op !== '%') return
      const divisor = Array.isArray(node.args) ? node.args[1] : undefined
      const fixed = isSyntax(divisor) && divisor.op === 'value' ? Number(divisor.args) : Number.NaN
      if (fixed === 0) throw new ConditionError(`条件“${source}”除以零`)
      if (Number.isNaN(fixed)) throw new ConditionError(`条件“${source}”的除数不是固定的数，可能为零`)
    })
    const names = new Set<string>()
    walk(program.ast, (node) => node.op === 'id' && names.add(String(node.args)))
    const condition: Condition = {
      source,
      names: [...names],
      test: (values) => {
        try {
          return program(values) === true
        } catch {
          // A fact whose attribute has another type than the register says meets no condition.
          return false
        }
      },
    }
    compiled.set(cacheKey, condition)
    return condition
  }

  /**
   * A roster may hold the regime's own word (初任) where conditions name its id: for attributes of people with a list of
   * words the word stands for the id.
   */
  function byOwnWords(condition: Condition): Condition {
    const lists = condition.names.flatMap((name) => {
      const list = name in personAttributes ? closedLists[name] : undefined
      const terms = list ? regime.vocabularies[list] : []
      return terms.length === 0 ? [] : [{ name, ids: new Map(terms.map(({ id, label }) => [label, id])) }]
    })
    if (lists.length === 0) return condition
    return {
      ...condition,
      test: (values) => {
        const translated = { ...values }
        for (const { name, ids } of lists) translated[name] = ids.get(String(values[name])) ?? values[name]
        return condition.test(translated)
      },
    }
  }

  return {
    /** A condition over the attributes of a fact kind, its quantity and its day. */
    forFact(kind: string, source: string): Condition {
      const register: FactKind | undefined = (factKinds as Record<string, FactKind>)[kind]
      if (!register)
        throw new ConditionError(`不认识的事实种类 ${kind}；可以用：${Object.keys(factKinds).join('、')}`)
      const condition = compile(source, `fact ${kind}`, register.attributes, factVariables)
      let names = namesOfKind.get(kind)
      if (!names) {
        names = new Set()
        namesOfKind.set(kind, names)
      }
      for (const name of condition.names) names.add(name)
      return condition
    },
    /** The values that the conditions over a fact read. */
    valuesOf(fact: Fact, words: DayWords): Record<string, unknown> {
      const names = namesOfKind.get(fact.kind) ?? new Set<string>()
      let maker = makers.get(fact.kind)
      if (maker?.size !== names.size) {
        maker = { size: names.size, make: valueMaker(fact.kind, names, settings) }
        makers.set(fact.kind, maker)
      }
      return maker.make(fact, words)
    },
    /** A condition over a person's attributes on a day. */
    forPerson(source: string): Condition {
      return byOwnWords(compile(source, 'person', personAttributes, {}))
    },
    forUnit(source: string): Condition {
      return compile(source, 'unit', unitAttributes, {})
    },
  }
}
export type Conditions = ReturnType<typeof conditionsOf>

/** The plain values of a regime's settings, as conditions read them. */
export function settingValues(regime: Regime): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(regime.settings).map(([name, setting]) => [name, setting.value]))
}

/** What the calendar knows of a day. */
export interface DayWords {
  weekNumber: (day: LocalDate) => number
  isSchoolDay: (day: LocalDate) => boolean
}

/** How far an activity was moved from the day first planned; on the planned day when it was not. */
function movedFrom(fact: Fact): LocalDate {
  const planned = fact.attributes.movedFrom
  return typeof planned === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(planned) ? planned : fact.on
}

/** What conditions may name of every fact, beside its attributes. */
const derived: Record<keyof typeof factVariables, (fact: Fact, words: DayWords) => unknown> = {
  quantity: (fact) => fact.quantity,
  day: (fact) => fact.on,
  weekday: (fact) => BigInt(weekdayOf(fact.on)),
  recordedAfterDays: (fact) => BigInt(daysBetween(fact.on, fact.recordedOn)),
  weekNumber: (fact, words) => BigInt(words.weekNumber(fact.on)),
  movedByDays: (fact) => BigInt(daysBetween(movedFrom(fact), fact.on)),
  movedBySchoolDays: (fact, words) => {
    const planned = movedFrom(fact)
    const days = planned < fact.on ? daysOf({ from: addDays(planned, 1), to: fact.on }) : []
    return BigInt(days.filter(words.isSchoolDay).length)
  },
  plannedWeekday: (fact) => BigInt(weekdayOf(movedFrom(fact))),
  month: (fact) => BigInt(Number(fact.on.slice(5, 7))),
}

/** Whether a condition over facts rests on their attributes and the settings alone, not on a day or an amount. */
export function asksAttributesOnly(condition: Condition): boolean {
  return !condition.names.some((name) => name in derived)
}

/** Makes the values that conditions over a kind of fact read: only those that some condition names. */
function valueMaker(kind: string, names: Iterable<string>, settings: Record<string, AttributeValue>) {
  const register: FactKind | undefined = (factKinds as Record<string, FactKind>)[kind]
  const wanted = [...names]
  const attributes = wanted.flatMap((name): [string, AttributeValue][] => {
    const attribute = register?.attributes[name]
    return attribute ? [[name, empty[attribute.type]]] : []
  })
  const others = wanted.flatMap((name) =>
    name in derived ? [[name, derived[name as keyof typeof derived]] as const] : [],
  )
  return (fact: Fact, words: DayWords): Record<string, unknown> => {
    const values: Record<string, unknown> = { settings }
    // An attribute that the room left out is empty.
    for (const [name, fallback] of attributes) values[name] = fact.attributes[name] ?? fallback
    for (const [name, of] of others) values[name] = of(fact, words)
    return values
  }
}

/** The assumed value of a person's attribute that is not on record; undefined where nothing may be assumed. */
export function assumedValue(
  register: Record<string, SubjectAttribute>,
  name: string,
): AttributeValue | undefined {
  return register[name]?.assume
}
