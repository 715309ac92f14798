import { Environment } from '@marcbachmann/cel-js'

type Primitive = string | number | boolean
type Syntax = { op: string; args: unknown }

/** What is known of the names in a condition before anything is asked. */
export interface KnownNames {
  /** The only values that a name can have. */
  values?: Record<string, readonly Primitive[] | undefined>
  /** Least and greatest value of a whole number. */
  wholeNumbers?: Record<string, readonly [number, number] | undefined>
  /** What `settings.name` stands for. */
  settings?: Record<string, unknown>
}

/** One thing that must hold (or must not). Whatever is not understood is compared by its text only. */
interface Demand {
  name: string
  sign: '==' | '<' | '<=' | '>' | '>=' | 'text'
  values: Primitive[]
  holds: boolean
}

const environment = new Environment({ unlistedVariablesAreDyn: true })
const mostAlternatives = 128

/**
 * Whether no record can ever meet all of these conditions at once (`age < 20 && age > 60`). Errs on the side of
 * possible: what it does not understand counts as possible.
 */
export function isImpossible(conditions: string[], known: KnownNames = {}): boolean {
  const parsed = conditions.map((source) => environment.parse(source).ast as unknown as Syntax)
  let alternatives: Demand[][] = [[]]
  for (const syntax of parsed) {
    const own = alternativesOf(syntax, true, known)
    alternatives = alternatives.flatMap((one) => own.map((other) => [...one, ...other]))
    if (alternatives.length > mostAlternatives) return false
  }
  return alternatives.every((demands) => contradicts(demands, known))
}

/** Whether everything that meets the first condition meets the second too. */
export function implies(condition: string, consequence: string, known: KnownNames = {}): boolean {
  return isImpossible([condition, `!(${consequence})`], known)
}

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

const pairOf = (args: unknown): [unknown, unknown] =>
  Array.isArray(args) ? [args[0], args[1]] : [null, null]

/** The ways in which a condition can be met, each a list of demands. */
function alternativesOf(node: unknown, holds: boolean, known: KnownNames): Demand[][] {
  if (!isSyntax(node)) return [[]]
  const { op, args } = node
  const [left, right] = pairOf(args)
  if (op === '!_') return alternativesOf(args, !holds, known)
  if (op === '&&' || op === '||') {
    const [a, b] = [alternativesOf(left, holds, known), alternativesOf(right, holds, known)]
    if ((op === '||') === holds) return [...a, ...b]
    const both = a.flatMap((one) => b.map((other) => [...one, ...other]))
    return both.length > mostAlternatives ? [[]] : both
  }
  if (op === 'value') return args === holds ? [[]] : []
  return [[demandOf(node, holds, known)]]
}

const turned: Record<string, Demand['sign']> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==' }
const opposite: Record<string, Demand['sign']> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' }

function demandOf(node: Syntax, holds: boolean, known: KnownNames): Demand {
  const { op, args } = node
  const asText: Demand = { name: textOf(node), sign: 'text', values: [], holds }
  if (op === 'id') return { name: String(args), sign: '==', values: [true], holds }
  const [left, right] = pairOf(args)
  if (op === 'in') {
    const name = nameOf(left)
    const values = valuesOf(right, known)
    return name !== null && values !== null ? { name, sign: '==', values, holds } : asText
  }
  if (op === '!=') return demandOf({ op: '==', args }, !holds, known)
  const straight = turned[op]
  if (straight === undefined) return asText
  const sides: [unknown, unknown, Demand['sign']][] = [
    [left, right, op as Demand['sign']],
    [right, left, straight],
  ]
  for (const [subject, object, sign] of sides) {
    const name = nameOf(subject)
    const values = valuesOf(object, known)
    if (name === null || values?.length !== 1) continue
    if (sign === '==') return { name, sign, values, holds }
    return { name, sign: holds ? sign : (opposite[sign] ?? sign), values, holds: true }
  }
  return asText
}

const nameOf = (node: unknown): string | null =>
  isSyntax(node) && node.op === 'id' ? String(node.args) : null

const isPrimitive = (value: unknown): value is Primitive =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

/** The values of a literal, a list of literals or a setting; null for anything else. */
function valuesOf(node: unknown, known: KnownNames): Primitive[] | null {
  if (!isSyntax(node)) return null
  const { op, args } = node
  if (op === 'value') {
    const value = typeof args === 'bigint' ? Number(args) : args
    return isPrimitive(value) ? [value] : null
  }
  if (op === '-_') {
    const values = valuesOf(args, known)
    return values?.every((value) => typeof value === 'number') ? values.map((value) => -value) : null
  }
  if (op === 'list' && Array.isArray(args)) {
    const values = args.map((one) => valuesOf(one, known))
    return values.every((one) => one !== null) ? values.flat() : null
  }
  if (op === '.') {
    const [owner, name] = pairOf(args)
    const value = nameOf(owner) === 'settings' ? known.settings?.[String(name)] : undefined
    if (Array.isArray(value)) return value.every(isPrimitive) ? value : null
    return isPrimitive(value) ? [value] : null
  }
  return null
}

/** A node as text, alike for alike nodes whatever their place. */
function textOf(node: unknown): string {
  if (Array.isArray(node)) return `[${node.map(textOf).join()}]`
  if (isSyntax(node)) return `(${node.op} ${textOf(node.args)})`
  return typeof node === 'string' ? JSON.stringify(node) : String(node)
}

function contradicts(demands: Demand[], known: KnownNames): boolean {
  return [...Map.groupBy(demands, (demand) => demand.name)].some(([name, own]) => isEmpty(name, own, known))
}

/** Whether no value is left for a name. */
function isEmpty(name: string, demands: Demand[], known: KnownNames): boolean {
  const texts = demands.filter((demand) => demand.sign === 'text')
  if (texts.some((demand) => demand.holds) && texts.some((demand) => !demand.holds)) return true

  const whole = known.wholeNumbers?.[name]
  let allowed: readonly Primitive[] | null = known.values?.[name] ?? null
  const excluded = new Set<Primitive>()
  let least = whole?.[0] ?? Number.NEGATIVE_INFINITY
  let most = whole?.[1] ?? Number.POSITIVE_INFINITY
  let [leastIn, mostIn] = [true, true]
  for (const { sign, values, holds } of demands) {
    if (sign === 'text') continue
    if (sign === '==') {
      if (!holds) for (const value of values) excluded.add(value)
      else allowed = allowed === null ? values : allowed.filter((value) => values.includes(value))
      continue
    }
    const [value] = values
    if (typeof value !== 'number') continue
    if (sign === '<' || sign === '<=') {
      const bound = whole && sign === '<' ? Math.ceil(value) - 1 : value
      const inside = whole !== undefined || sign === '<='
      if (bound < most || (bound === most && !inside)) [most, mostIn] = [bound, inside]
    } else {
      const bound = whole && sign === '>' ? Math.floor(value) + 1 : value
      const inside = whole !== undefined || sign === '>='
      if (bound > least || (bound === least && !inside)) [least, leastIn] = [bound, inside]
    }
  }
  if (least > most || (least === most && !(leastIn && mostIn))) return true
  if (allowed === null) return false
  return !allowed.some(
    (value) =>
      !excluded.has(value) &&
      (typeof value !== 'number' ||
        ((value > least || (value === least && leastIn)) && (value < most || (value === most && mostIn)))),
  )
}
