import { parse } from '@marcbachmann/cel-js'
import type { SimpleCondition, SimpleConditions, SimpleOperator, SimpleValue } from './simple-words.ts'

type Syntax = { op: string; args: unknown }
const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value
const partsOf = (node: Syntax): unknown[] =>
  Array.isArray(node.args) ? (node.args as unknown[]) : [node.args]
const nameOf = (node: unknown): string | null =>
  isSyntax(node) && node.op === 'id' && typeof node.args === 'string' ? node.args : null

function settingOf(node: unknown): { setting: string } | null {
  if (!isSyntax(node) || node.op !== '.') return null
  const [object, name] = partsOf(node)
  return nameOf(object) === 'settings' && typeof name === 'string' ? { setting: name } : null
}

function wordOf(node: unknown): string | null {
  return isSyntax(node) && node.op === 'value' && typeof node.args === 'string' ? node.args : null
}

function figureOf(node: unknown): number | null {
  if (!isSyntax(node)) return null
  if (node.op === '-_') {
    const inner = figureOf(node.args)
    return inner === null ? null : -inner
  }
  return node.op === 'value' && (typeof node.args === 'number' || typeof node.args === 'bigint')
    ? Number(node.args)
    : null
}

function wordsOf(node: unknown): string[] | null {
  if (!isSyntax(node) || node.op !== 'list') return null
  const words = partsOf(node).map(wordOf)
  return words.includes(null) ? null : (words as string[])
}

const comparisons: Record<string, SimpleOperator> = {
  '>=': 'atLeast',
  '<=': 'atMost',
  '>': 'above',
  '<': 'below',
}
/** The same comparison with its sides changed: `3 <= age` is `age >= 3`. */
const turned: Record<string, string> = { '>=': '<=', '<=': '>=', '>': '<', '<': '>' }

/** Reads a condition as a form would show it; null where the form cannot. */
export function readSimple(source: string): SimpleConditions | null {
  let ast: unknown
  try {
    ast = parse(source).ast
  } catch {
    return null
  }
  const join = isSyntax(ast) && ast.op === '||' ? 'any' : 'all'
  const sign = join === 'any' ? '||' : '&&'
  const conditions: SimpleCondition[] = []
  const collect = (node: unknown): boolean => {
    if (isSyntax(node) && node.op === sign) return partsOf(node).every(collect)
    const one = readOne(node)
    if (one) conditions.push(one)
    return one !== null
  }
  return collect(ast) ? { join, conditions } : null
}

function readOne(node: unknown): SimpleCondition | null {
  if (!isSyntax(node)) return null
  const name = nameOf(node)
  if (name !== null) return { attribute: name, operator: 'yes', value: null }
  const [left, right] = partsOf(node)
  switch (node.op) {
    case '!_': {
      const inner = readOne(left)
      if (inner?.operator === 'yes') return { ...inner, operator: 'no' }
      return inner?.operator === 'has' ? { ...inner, operator: 'hasNot' } : null
    }
    case '==':
    case '!=':
      return readEquality(left, right, node.op === '==')
    case 'in':
      return readMembership(left, right)
    case 'rcall': {
      const [call, receiver, given] = partsOf(node)
      const attribute = nameOf(receiver)
      const word = Array.isArray(given) && given.length === 1 ? wordOf(given[0]) : null
      return call === 'contains' && attribute !== null && word !== null
        ? { attribute, operator: 'contains', value: word }
        : null
    }
    default: {
      const forward = nameOf(left) !== null
      const operator = comparisons[forward ? node.op : (turned[node.op] ?? '')]
      const attribute = nameOf(forward ? left : right)
      const value = settingOf(forward ? right : left) ?? figureOf(forward ? right : left)
      return operator && attribute !== null && value !== null ? { attribute, operator, value } : null
    }
  }
}

function readEquality(left: unknown, right: unknown, positive: boolean): SimpleCondition | null {
  const attribute = nameOf(left)
  if (attribute === null) return null
  const word = wordOf(right)
  if (word === '') return { attribute, operator: positive ? 'empty' : 'filled', value: null }
  const value = word ?? settingOf(right)
  if (value !== null) return { attribute, operator: positive ? 'is' : 'isNot', value }
  const figure = figureOf(right)
  return figure !== null && positive ? { attribute, operator: 'equals', value: figure } : null
}

function readMembership(left: unknown, right: unknown): SimpleCondition | null {
  const attribute = nameOf(left)
  if (attribute !== null) {
    const value = wordsOf(right) ?? settingOf(right)
    return value === null ? null : { attribute, operator: 'oneOf', value }
  }
  const holder = nameOf(right)
  const word = wordOf(left) ?? settingOf(left)
  return holder !== null && word !== null ? { attribute: holder, operator: 'has', value: word } : null
}

const quoted = (text: string) => JSON.stringify(text)

function written(value: SimpleValue): string {
  if (value === null) return '""'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return quoted(value)
  return Array.isArray(value) ? `[${value.map(quoted).join(', ')}]` : `settings.${value.setting}`
}

/** The text of conditions from a form; an empty list gives an empty text. */
export function writeSimple({ join, conditions }: SimpleConditions): string {
  return conditions
    .map(({ attribute, operator, value }) => {
      switch (operator) {
        case 'is':
        case 'equals':
          return `${attribute} == ${written(value)}`
        case 'isNot':
          return `${attribute} != ${written(value)}`
        case 'oneOf':
          return `${attribute} in ${written(value)}`
        case 'contains':
          return `${attribute}.contains(${written(value)})`
        case 'filled':
          return `${attribute} != ""`
        case 'empty':
          return `${attribute} == ""`
        case 'atLeast':
          return `${attribute} >= ${written(value)}`
        case 'atMost':
          return `${attribute} <= ${written(value)}`
        case 'above':
          return `${attribute} > ${written(value)}`
        case 'below':
          return `${attribute} < ${written(value)}`
        case 'has':
          return `${written(value)} in ${attribute}`
        case 'hasNot':
          return `!(${written(value)} in ${attribute})`
        case 'yes':
          return attribute
        case 'no':
          return `!${attribute}`
      }
    })
    .join(join === 'any' ? ' || ' : ' && ')
}
