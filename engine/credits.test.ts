import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getRegime } from '../regimes/read.ts'
import { creditsOf } from './credits.ts'
import { evaluate } from './evaluate.ts'
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

test('what was done at the school before counts in the cycle, as does the time there, and in no shorter period', () => {
  const baihe = getRegime('baihe-2')
  const fact = (id: string, on: string, carried: boolean) =>
    sampleFact({
      id,
      kind: 'activity.attended',
      on,
      quantity: 45 * 60,
      attributes: {
        status: 'present',
        activityKind: 'specialTraining',
        ...(carried ? { carriedFrom: '甲校' } : {}),
      },
    })
  const person = {
    ...samplePerson('p1', 'g1'),
    service: [{ from: '2026-09-01', to: null }],
    attributes: [
      { name: 'staffKind', value: 'teaching', from: '2026-09-01', to: null },
      { name: 'schoolBefore', value: '甲校', from: '2015-09-01', to: '2026-08-31' },
    ],
  }
  const facts = [fact('1', '2026-03-02', true), fact('2', '2026-10-12', false)]
  const given = { ...input(facts), people: [person] }
  const findings = evaluate(baihe, given, { ...options, subjects: [{ kind: 'person', id: 'p1' }] })
  const cycle = findings.find((finding) => finding.ruleId === 'baihe-2-16')
  assert.equal(cycle?.target, 360, 'the years at the other school are not taken off')
  const own = evaluate(
    baihe,
    { ...given, facts: [facts[1] as Fact] },
    { ...options, subjects: [{ kind: 'person', id: 'p1' }] },
  ).find((finding) => finding.ruleId === 'baihe-2-16')
  assert.equal(cycle?.value, (own?.value ?? 0) * 2)
  assert.deepEqual(cycle?.factIds, ['1', '2'])
  for (const finding of findings)
    if (!['calendarYear', 'fiveYears'].includes(finding.period.kind))
      assert.ok(!finding.factIds.includes('1'), `${finding.ruleId} ${finding.period.label}`)
  const alone = evaluate(
    baihe,
    { ...given, people: [{ ...person, attributes: person.attributes.slice(0, 1) }] },
    { ...options, subjects: [{ kind: 'person', id: 'p1' }] },
  ).find((finding) => finding.ruleId === 'baihe-2-16')
  assert.ok((alone?.target ?? 360) < 330, 'without a school before, only the time here is asked')
})
