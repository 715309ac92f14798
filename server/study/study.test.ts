import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql, type Tx } from '../kit/sql.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as study from './actions.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

const entry = {
  studiedOn: '2026-11-17',
  kind: 'theory' as const,
  content: '读《课程标准》第三章',
  minutes: 90,
}
function factsOf(tx: Tx, id: string) {
  return tx.many<{ quantity: number; countsOn: string; attributes: unknown; reverses: string | null }>(sql`
    SELECT quantity, counts_on, attributes, reverses FROM facts WHERE org_id = ${tx.orgId} AND source_id = ${id} ORDER BY recorded_at, id`)
}

test('self-study counts in minutes on its day, with what kind it was and whether there is an excerpt', async () => {
  const { id } = await school.as('teacher', (tx) => study.logStudy(tx, { ...entry, excerpt: '核心素养' }))
  const facts = await school.as('system', (tx) => factsOf(tx, id))
  assert.deepEqual(facts, [
    {
      quantity: 90,
      countsOn: '2026-11-17',
      attributes: { studyKind: 'theory', hasExcerpt: true },
      reverses: null,
    },
  ])
})

test('refuses days to come, days long past, odd minutes and an empty content', async () => {
  const refused = (change: Partial<typeof entry>, message: RegExp) =>
    assert.rejects(
      school.as('colleague', (tx) => study.logStudy(tx, { ...entry, ...change })),
      message,
    )
  await refused({ studiedOn: '2026-11-19' }, /还没有到/)
  await refused({ studiedOn: '2026-09-18' }, /最近 60 天/)
  await refused({ minutes: 0 }, /1—720/)
  await refused({ minutes: 721 }, /1—720/)
  await refused({ content: '  ' }, /请写学了什么/)
  await school.as('colleague', (tx) =>
    study.logStudy(tx, { ...entry, studiedOn: '2026-09-19', minutes: 720 }),
  )
})

test('the same content twice on one day is asked about, and taken when it really was so', async () => {
  const twice = { ...entry, content: '读课程标准，第三章。' }
  await assert.rejects(
    school.as('teacher', (tx) => study.logStudy(tx, twice)),
    /已经登记过/,
  )
  const { id } = await school.as('teacher', (tx) => study.logStudy(tx, { ...twice, again: true }))
  assert.ok(id)
  await assert.rejects(
    school.as('teacher', (tx) =>
      study.logStudy(tx, { ...entry, content: '整天读书', minutes: 720 + 80, again: true }),
    ),
    /1—720/,
  )
})

test('the same entry sent twice with one key is entered once', async () => {
  const headers = { 'idempotency-key': 'study-from-the-bus' }
  const input = { ...entry, content: '网络研修：单元整体教学', kind: 'network' }
  const [one, two] = await Promise.all([
    call('outsider', 'study/logStudy', input, headers),
    call('outsider', 'study/logStudy', input, headers),
  ])
  assert.deepEqual(one.body, two.body)
  const { body } = await call('outsider', 'study/listMyStudy', {})
  assert.equal(body.entries.length, 1)
  assert.equal(body.lastKind, 'network')
})

test('withdrawn with a reason, its minutes are reversed; others and other schools cannot', async () => {
  const { id } = await school.as('leader', (tx) => study.logStudy(tx, { ...entry, content: '写错了时长' }))
  await assert.rejects(
    school.as('teacher', (tx) => study.withdrawStudy(tx, { id, reason: '不是我' })),
    /只有本人/,
  )
  assert.equal((await callOther('academicOffice', 'study/withdrawStudy', { id, reason: 'x' })).status, 404)
  await assert.rejects(
    school.as('leader', (tx) => study.withdrawStudy(tx, { id, reason: '' })),
    /请写明原因/,
  )
  await school.as('leader', (tx) => study.withdrawStudy(tx, { id, reason: '时长写错' }))
  assert.equal((await school.as('system', (tx) => factsOf(tx, id))).length, 2)
  await assert.rejects(
    school.as('leader', (tx) => study.withdrawStudy(tx, { id, reason: '再来' })),
    /已经撤销/,
  )
  // The same content may be entered anew.
  await school.as('leader', (tx) => study.logStudy(tx, { ...entry, content: '写错了时长', minutes: 45 }))
})

test('a leader reads the entries of the own group, not of others', async () => {
  assert.equal((await call('leader', 'study/listStudyOf', { personId: school.people.teacher })).status, 200)
  assert.equal((await call('leader', 'study/listStudyOf', { personId: school.people.outsider })).status, 403)
  assert.equal(
    (await call('colleague', 'study/listStudyOf', { personId: school.people.teacher })).status,
    403,
  )
  assert.equal(
    (await callOther('principal', 'study/listStudyOf', { personId: school.people.teacher })).status,
    404,
  )
})
