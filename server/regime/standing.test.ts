import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime } from '../../regimes/read.ts'
import type { Counts, Regime, Rule } from '../../engine/schema.ts'
import { hasNoRecords, standingOfRule } from './rules.ts'

const counted = (fact: string): Counts => [{ fact, of: 'subject', requires: [], worth: 1 }]
const kept = counted('activity.held')
// No room will ever keep this kind.
const unkept = counted('nowhere.kept')

const [sample] = getRegime('xinglong').rules
assert.ok(sample)
const ruleWith = (id: string, blocks: Partial<Rule>): Rule => ({ ...sample, id, body: undefined, ...blocks })
const regimeOf = (...rules: Rule[]): Regime => ({ ...getRegime('xinglong'), rules })
const step = (id: string, counts: Counts, optional = false) => ({ id, label: id, counts, optional })
const flow = (...steps: ReturnType<typeof step>[]): Partial<Rule> => ({
  flow: { per: 'term', unit: '件', ordered: true, steps },
})

test('a flow waits for records when one of its steps can be recorded nowhere, unless it may be left out', () => {
  const standing = (rule: Rule) => standingOfRule(regimeOf(rule), rule)
  assert.equal(standing(ruleWith('a', flow(step('one', kept), step('two', unkept)))), 'noRecords')
  assert.equal(standing(ruleWith('a', flow(step('one', kept), step('two', unkept, true)))), 'evaluated')
  assert.equal(standing(ruleWith('a', flow(step('one', kept), step('two', kept)))), 'evaluated')
})

test('one minimum waits for records while the others of the rule are evaluated', () => {
  const minimum = (id: string, counts: Counts) =>
    ({ id, counts, atLeast: 1, unit: '次', per: 'term', measure: 'count', earlyDays: 0 }) as const
  const rule = ruleWith('a', { minima: [minimum('plan', kept), minimum('check', unkept)] })
  assert.equal(standingOfRule(regimeOf(rule), rule), 'evaluated')
  assert.equal(hasNoRecords(regimeOf(rule), rule, 'plan'), false)
  assert.equal(hasNoRecords(regimeOf(rule), rule, 'check'), true)
})

test('a consequence waits for records when the rule on which it rests does', () => {
  const basis = (counts: Counts) => ruleWith('basis', { counts, atLeast: 1, unit: '次', per: 'term' })
  const link = ruleWith('link', { link: { rules: ['basis'], targets: ['评优'], strength: 'condition' } })
  assert.equal(standingOfRule(regimeOf(basis(unkept), link), link), 'noRecords')
  assert.equal(standingOfRule(regimeOf(basis(kept), link), link), 'evaluated')
})
