import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import {
  findRegime,
  getCasesText,
  getRegime,
  getRegimeText,
  listExampleIds,
  listRegimeIds,
} from '../regimes/read.ts'
import { differencesOf, readCases } from './cases.ts'
import { problemLine } from './load.ts'
import { blocksOf } from './schema.ts'
import type { CalendarInput } from './types.ts'

const calendar: CalendarInput = parse(
  readFileSync(new URL('../regimes/calendar.yaml', import.meta.url), 'utf8'),
)
/** How many checkable rules each document holds. */
const ruleCounts: Record<string, number> = {
  yangyi: 13,
  xinglong: 37,
  dawan: 20,
  xinhongqiao: 32,
  majiabao: 16,
  'majiabao-plan': 59,
  'zhidu-2024': 24,
  'kaifaqu-9': 24,
  'zhongxin-xiaoxue': 28,
  'yuyang-district': 37,
  xunyang: 48,
  'geren-zongjie': 7,
  longtan: 29,
  dapo: 8,
  jianan: 31,
  'keyan-peixun': 19,
  'baihe-1': 13,
  'baihe-2': 17,
  'baihe-3': 7,
  'baihe-4': 23,
  'baihe-5': 14,
  'baihe-6': 7,
  'baihe-7': 19,
  'baihe-8': 5,
}

test('the 24 regimes are all there, with their 537 rules, of which few are left to people', () => {
  assert.deepEqual(listRegimeIds(), Object.keys(ruleCounts).sort())
  const rules = listRegimeIds().flatMap((id) => getRegime(id).rules)
  assert.equal(rules.length, 537)
  const manual = rules.filter((rule) => blocksOf(rule)[0] === 'manual')
  assert.ok(manual.length <= 60, `${manual.length} rules are manual`)
  for (const rule of manual) assert.ok((rule.manual ?? '').length > 10, `${rule.id} gives no reason`)
})

for (const regimeId of [...listRegimeIds(), ...listExampleIds()]) {
  test(`${regimeId} loads without problems`, () => {
    assert.deepEqual(findRegime(regimeId).problems.map(problemLine), [])
  })

  test(`${regimeId} holds every rule of the regulation, numbered without gaps`, () => {
    const regime = getRegime(regimeId)
    const ids = regime.rules.map((rule) => rule.id)
    if (!regimeId.startsWith('examples/')) assert.equal(ids.length, ruleCounts[regimeId])
    assert.deepEqual(
      ids,
      ids.map((_, index) => `${regime.id}-${String(index + 1).padStart(2, '0')}`),
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
