import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime } from '../regimes/read.ts'
import { creditsOf } from './credits.ts'
import { sampleCalendar, sampleFact, samplePerson } from './sample.ts'
import type { Fact } from './types.ts'

const regime = getRegime('examples/points-and-hours')
const options = { on: '2027-01-10', schoolYearId: '2026-2027' }
const input = (facts: Fact[]) => ({
  organisation: { id: 'o', name: '示例小学', attributes: {} },
  calendar: sampleCalendar,
  people: [samplePerson('p1', 'g1')],
  units: [],
  facts,
})

test('adds up what every table grants after its caps, and says what was cut', () => {
  const facts = [
    sampleFact({ id: '1', kind: 'study.logged', on: '2026-09-10', quantity: 600 }),
    sampleFact({ id: '2', kind: 'study.logged', on: '2026-10-10', quantity: 400 }),
    sampleFact({
      id: '3',
      kind: 'activity.attended',
      on: '2026-10-12',
      quantity: 80,
      attributes: { status: 'present' },
    }),
  ]
  const [hours, points] = creditsOf(regime, input(facts), 'p1', options)
  // 15 of the first and 5 of the second hour by hour: at most 20 by oneself in a term; 2 together.
  assert.equal(hours?.credits, 22)
  const alone = hours?.rows.find((row) => row.rowId === 'alone')
  assert.equal(alone?.credits, 20)
  assert.deepEqual(
    alone?.facts.map((fact) => fact.counted),
    [15, 5],
  )
  assert.match(alone?.facts[1]?.because ?? '', /最多 20 学时/)
  assert.deepEqual([points?.tableId, points?.credits, points?.unit], ['points', 1, '分'])
})

test('leaves out what was undone and what lies in another school year', () => {
  const facts = [
    sampleFact({ id: '1', kind: 'activity.spoke', on: '2026-09-10' }),
    sampleFact({ id: '2', kind: 'activity.spoke', on: '2026-09-11' }),
    sampleFact({ id: '3', kind: 'activity.spoke', on: '2026-09-11', reverses: '2' }),
    sampleFact({ id: '4', kind: 'activity.spoke', on: '2026-05-11' }),
  ]
  const points = creditsOf(regime, input(facts), 'p1', options).find((table) => table.tableId === 'points')
  assert.equal(points?.credits, 3)
  assert.deepEqual(
    points?.rows.flatMap((row) => row.facts.map((fact) => fact.factId)),
    ['1'],
  )
})
