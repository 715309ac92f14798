import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { findRegime, getCasesText, getRegime, getRegimeText, listRegimeIds } from '../regimes/read.ts'
import { differencesOf, readCases } from './cases.ts'
import { problemLine } from './load.ts'
import { blocksOf } from './schema.ts'
import type { CalendarInput } from './types.ts'

const calendar: CalendarInput = parse(
  readFileSync(new URL('../regimes/calendar.yaml', import.meta.url), 'utf8'),
)
const ruleCounts: Record<string, number> = {
  xinglong: 37,
  xinhongqiao: 32,
  'baihe-5': 14,
  'yuyang-district': 37,
}

for (const regimeId of listRegimeIds()) {
  test(`${regimeId} loads without problems`, () => {
    assert.deepEqual(findRegime(regimeId).problems.map(problemLine), [])
  })

  test(`${regimeId} holds every rule of the regulation, numbered without gaps`, () => {
    const ids = getRegime(regimeId).rules.map((rule) => rule.id)
    const count = ruleCounts[regimeId]
    if (count !== undefined) assert.equal(ids.length, count)
    assert.deepEqual(
      ids,
      ids.map((_, index) => `${regimeId}-${String(index + 1).padStart(2, '0')}`),
    )
  })

  const text = getRegimeText(regimeId)
  const cases = readCases(getCasesText(regimeId))
  for (const example of cases) {
    test(`${example.rule}: ${example.name}`, () => {
      assert.deepEqual(differencesOf(example, text, calendar), [])
    })
  }

  test(`${regimeId} works at least three cases of every rule that is computed from facts`, () => {
    const computed = getRegime(regimeId).rules.filter((rule) => {
      const [block] = blocksOf(rule)
      return block !== 'manual' && block !== 'body'
    })
    const few = computed
      .map((rule) => ({ id: rule.id, cases: cases.filter((example) => example.rule === rule.id).length }))
      .filter((rule) => rule.cases < 3)
    assert.deepEqual(few, [])
  })
}
