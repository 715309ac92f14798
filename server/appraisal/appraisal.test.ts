import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, type Tx } from '../kit/sql.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as appraisal from './actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)

const sheet = { part: 'check' as const, voice: 'scheduled', title: '第一次平时检查', scoredOn: '2026-11-16' }
function facts(tx: Tx, personId: string) {
  return tx.many<{ kind: string; quantity: number; attributes: unknown; reverses: string | null }>(sql`
    SELECT kind, quantity, attributes, reverses FROM facts
    WHERE org_id = ${tx.orgId} AND source_room = 'appraisal' AND subject_id = ${personId} ORDER BY recorded_at, id`)
}

test('scores are recorded at once, corrected by reversal, and passed over when unchanged', async () => {
  const { teacher, colleague } = school.people
  const rows = [
    { personId: teacher, points: 92 },
    { personId: colleague, points: 88.5 },
  ]
  const record = (points: typeof rows) =>
    school.as('academicOffice', (tx) => appraisal.recordScores(tx, { ...sheet, rows: points }))
  assert.deepEqual(await record(rows), { recorded: 2, corrected: 0, unchanged: 0 })
  assert.deepEqual(await record(rows), { recorded: 0, corrected: 0, unchanged: 2 })
  assert.deepEqual(await record([{ personId: teacher, points: 95 }]), {
    recorded: 0,
    corrected: 1,
    unchanged: 0,
  })
  const found = await school.as('system', (tx) => facts(tx, teacher))
  assert.deepEqual(
    found.map((fact) => [fact.kind, fact.quantity, fact.reverses === null]),
    [
      ['check.scored', 92, true],
      ['check.scored', 92, false],
      ['check.scored', 95, true],
    ],
  )
  assert.deepEqual(found[0]?.attributes, { checkKind: 'scheduled' })
})

test('an evaluation names its voice', async () => {
  const rows = [{ personId: school.people.teacher, points: 90 }]
  const evaluation = {
    part: 'evaluation' as const,
    voice: 'peers',
    title: '年终评价',
    scoredOn: '2026-11-18',
    rows,
  }
  await school.as('academicOffice', (tx) => appraisal.recordScores(tx, evaluation))
  await assert.rejects(
    school.as('academicOffice', (tx) => appraisal.recordScores(tx, { ...evaluation, voice: 'parents' })),
    /请选择是谁的评价/,
  )
})

test('refuses points outside 0—100, days to come, people twice and people of another school', async () => {
  const { teacher } = school.people
  const refused = (
    rows: { personId: string; points: number }[],
    message: RegExp,
    scoredOn = sheet.scoredOn,
  ) =>
    assert.rejects(
      school.as('academicOffice', (tx) => appraisal.recordScores(tx, { ...sheet, scoredOn, rows })),
      message,
    )
  await refused([{ personId: teacher, points: 101 }], /0—100/)
  await refused([{ personId: teacher, points: Number.NaN }], /0—100/)
  await refused([{ personId: teacher, points: 90 }], /还没有到/, '2026-11-19')
  await refused(
    [1, 2].map((points) => ({ personId: teacher, points })),
    /两行分数/,
  )
  await refused([{ personId: other.people.teacher, points: 90 }], /找不到/)
})

test('teachers see their own scores only and record none; a leader neither', async () => {
  const mine = await call('teacher', 'appraisal/listMyScores', {})
  assert.ok(mine.body.length >= 2)
  assert.ok(mine.body.every((score: { person: { id: string } }) => score.person.id === school.people.teacher))
  assert.equal((await call('teacher', 'appraisal/listScores', { ...sheet })).status, 403)
  const rows = [{ personId: school.people.teacher, points: 100 }]
  assert.equal((await call('teacher', 'appraisal/recordScores', { ...sheet, rows })).status, 403)
  assert.equal((await call('leader', 'appraisal/recordScores', { ...sheet, rows })).status, 403)
})

test('a score taken back with a reason no longer counts', async () => {
  const { body } = await call('academicOffice', 'appraisal/listScores', sheet)
  const score = body.find((one: { person: { id: string } }) => one.person.id === school.people.colleague)
  assert.equal(
    (await call('academicOffice', 'appraisal/reverseScore', { id: score.id, reason: '' })).status,
    422,
  )
  assert.equal(
    (await call('academicOffice', 'appraisal/reverseScore', { id: score.id, reason: '查错了人' })).status,
    200,
  )
  const found = await school.as('system', (tx) => facts(tx, school.people.colleague))
  assert.equal(found.filter((fact) => fact.reverses !== null).length, 1)
})
