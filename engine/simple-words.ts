/**
 * Conditions as a form shows them: one attribute, what is asked of it, a value, joined by 并且 or 或者. Whatever goes
 * beyond that stays a text, which people describe but do not edit by form.
 */
export interface SimpleCondition {
  attribute: string
  operator: SimpleOperator
  value: SimpleValue
}
/** A word, a figure, several words, a setting of the regime by name, or nothing where the operator says it all. */
export type SimpleValue = string | number | string[] | { setting: string } | null
export interface SimpleConditions {
  join: 'all' | 'any'
  conditions: SimpleCondition[]
}

/** What can be asked of an attribute, in words; `value` tells what stands beside it. */
export const simpleOperators = {
  is: { label: '是', value: 'one' },
  isNot: { label: '不是', value: 'one' },
  oneOf: { label: '是其中之一', value: 'several' },
  contains: { label: '里有文字', value: 'one' },
  filled: { label: '已填写', value: 'none' },
  empty: { label: '没有填写', value: 'none' },
  atLeast: { label: '不少于', value: 'figure' },
  atMost: { label: '不超过', value: 'figure' },
  above: { label: '大于', value: 'figure' },
  below: { label: '小于', value: 'figure' },
  equals: { label: '等于', value: 'figure' },
  has: { label: '里有', value: 'one' },
  hasNot: { label: '里没有', value: 'one' },
  yes: { label: '：是', value: 'none' },
  no: { label: '：否', value: 'none' },
} as const
export type SimpleOperator = keyof typeof simpleOperators

/** The operators that make sense for an attribute of a type. */
export const operatorsOf: Record<'string' | 'number' | 'boolean' | 'strings', SimpleOperator[]> = {
  string: ['is', 'isNot', 'oneOf', 'contains', 'filled', 'empty'],
  number: ['atLeast', 'atMost', 'above', 'below', 'equals'],
  boolean: ['yes', 'no'],
  strings: ['has', 'hasNot'],
}
