import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Finding, FindingState } from '../../engine/types.ts'
import { packFindings, type PackedFindings, unpackFindings } from './rules.ts'

const subject = { kind: 'person' as const, id: 'p' }
const day = fc.constantFrom('2026-09-01', '2026-10-31', '2027-01-20')
const amount = fc.option(fc.double({ min: 0, max: 500, noNaN: true, noDefaultInfinity: true }))
const state = fc.constantFrom<FindingState>(
  'done',
  'partly',
  'open',
  'dueSoon',
  'overdue',
  'excused',
  'manual',
)
const period = fc.integer({ min: 1, max: 5 }).map((week) => ({
  kind: 'week',
  id: `2026-2027-1/week-${week}`,
  label: `第${week}周`,
  from: '2026-09-01',
  to: '2026-10-31',
}))

function findingWith(ids: fc.Arbitrary<string>): fc.Arbitrary<Finding> {
  return fc.record({
    regimeId: fc.constantFrom('school', 'district'),
    ruleId: fc.constantFrom('a', 'b', 'c'),
    minimumId: fc.constantFrom('main', 'second'),
    subject: fc.constant(subject),
    period,
    state,
    value: amount,
    target: amount,
    unit: fc.constantFrom('次', '学时', ''),
    dueOn: fc.option(day),
    result: fc.option(fc.string()),
    factIds: fc.array(ids, { maxLength: 12 }),
  })
}
const stored = (packed: PackedFindings): PackedFindings => JSON.parse(JSON.stringify(packed))

test('findings come back from the store as they were, in their order', () => {
  const pool = Array.from({ length: 9 }, (_, index) => `0190a5c4-7e1f-7abc-8def-00000000000${index}`)
  const lists = fc.array(findingWith(fc.oneof(fc.constantFrom(...pool), fc.uuid())), { maxLength: 30 })
  fc.assert(
    fc.property(lists, (findings) => {
      // JSON knows no negative nought.
      const plain = JSON.parse(JSON.stringify(findings))
      assert.deepEqual(unpackFindings(stored(packFindings(findings)), subject), plain)
    }),
  )
})

test('ids that are no uuids come back as well', () => {
  const lists = fc.array(findingWith(fc.string({ maxLength: 40 })), { maxLength: 10 })
  fc.assert(
    fc.property(lists, (findings) => {
      const plain = JSON.parse(JSON.stringify(findings))
      assert.deepEqual(unpackFindings(stored(packFindings(findings)), subject), plain)
    }),
  )
})

test('a year of facts takes a third of the room of their ids in words', () => {
  const ids = fc.sample(fc.uuid(), 300)
  const [finding] = fc.sample(findingWith(fc.uuid()), 1)
  const packed = packFindings(Array.from({ length: 4 }, () => ({ ...(finding as Finding), factIds: ids })))
  assert.ok(JSON.stringify(packed).length < (JSON.stringify(ids).length * 4) / 5)
})

test('findings stored in the earlier form are read until they are computed again', () => {
  const period = { kind: 'term', id: 't', label: '上学期', from: '2026-09-01', to: '2027-01-20' }
  const packed: PackedFindings = {
    regimes: ['school'],
    periods: [period],
    findings: [[0, 'a', 'main', 0, 'partly', 1, 2, '次', '2027-01-20', null, ['f1', 'f2']]],
  }
  assert.deepEqual(unpackFindings(packed, subject), [
    {
      regimeId: 'school',
      ruleId: 'a',
      minimumId: 'main',
      subject,
      period,
      state: 'partly',
      value: 1,
      target: 2,
      unit: '次',
      dueOn: '2027-01-20',
      result: null,
      factIds: ['f1', 'f2'],
    },
  ])
})
