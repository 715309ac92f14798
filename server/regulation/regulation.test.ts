import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { sql } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { createOrganisation } from '../org/actions.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import * as actions from './actions.ts'
import type { Clause } from './contract.ts'
import { regulationInForceJob } from './jobs.ts'
import { compareClauses } from './rules.ts'
import { chineseNumber, labelsOf } from './words.ts'

const services = await createTestServices()
const districtId = newId()
const system = systemActor('test')
await services.inOrganisation(districtId, system, (tx) =>
  createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null }),
)
const school = await createTestSchool(services, '试验小学', districtId)
const other = await createTestSchool(services, '外校')
const { call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')

const clauses: Clause[] = [
  { id: 'a', kind: 'chapter', text: '总则' },
  { id: 'b', kind: 'clause', text: '集体备课每周一次，由备课组长主持。' },
  { id: 'c', kind: 'clause', text: '迟到三次记缺席一次。' },
]
const moveTo = (day: string) => services.clock.moveTo(instantAt(day, '10:00'))

/** A regulation of 教导处 with a text, as a draft. */
async function drafted(title: string, kind = 'lessonPreparation'): Promise<string> {
  const { id } = await school.as('academicOffice', (tx) =>
    actions.startRegulation(tx, { kind, title, clauses }),
  )
  return id
}
const read = async (who: Parameters<typeof call>[0], id: string, version?: number) =>
  (await call(who, 'regulation/getRegulation', { id, ...(version ? { version } : {}) })).body
const factsOf = (id: string) =>
  school.as('system', (tx) =>
    tx.many<{ countsOn: string; attributes: Record<string, unknown> }>(sql`
      SELECT counts_on, attributes FROM facts WHERE org_id = ${tx.orgId} AND kind = 'document.issued' AND source_id = ${id}`),
  )

test('from the draft through consultation and answers to approval and force, leaving one fact', async () => {
  moveTo('2026-11-18')
  const id = await drafted('集体备课制度')
  assert.equal((await call('teacher', 'regulation/getRegulation', { id })).status, 404)
  await call('academicOffice', 'regulation/openConsultation', { id, from: '2026-11-18', to: '2026-11-25' })

  const given = await call('teacher', 'regulation/giveOpinion', {
    id,
    clauseId: 'c',
    stance: 'change',
    text: '建议改为四次。',
  })
  assert.equal(given.status, 200)
  await call('colleague', 'regulation/giveOpinion', { id, clauseId: null, stance: 'support' })
  const seen = await read('outsider', id)
  assert.equal(seen.stage, 'consultation')
  assert.deepEqual(
    seen.text.map((clause: { label: string; opinions: number }) => [clause.label, clause.opinions]),
    [
      ['第一章', 0],
      ['第一条', 0],
      ['第二条', 1],
    ],
  )

  const early = await call('principal', 'regulation/approveRegulation', { id, inForceFrom: '2026-11-18' })
  assert.match(early.body.error.message, /正在征求意见/)
  await call('academicOffice', 'regulation/endConsultation', { id })
  const open = await call('principal', 'regulation/approveRegulation', { id, inForceFrom: '2026-11-18' })
  assert.match(open.body.error.message, /还有 1 条修改建议没有答复/)

  const bare = await call('academicOffice', 'regulation/answerOpinion', {
    opinionId: given.body.id,
    answer: 'notAdopted',
    reason: '',
  })
  assert.match(bare.body.error.message, /写明理由/)
  await call('academicOffice', 'regulation/answerOpinion', {
    opinionId: given.body.id,
    answer: 'partly',
    reason: '改为一学期累计四次。',
  })
  assert.deepEqual(await factsOf(id), [])
  const approved = await call('principal', 'regulation/approveRegulation', { id, inForceFrom: '2026-11-18' })
  assert.equal(approved.body.documentNumber, '制〔2026〕1号')
  assert.equal((await read('teacher', id)).stage, 'inForce')
  assert.deepEqual(await factsOf(id), [
    {
      countsOn: '2026-11-18',
      attributes: {
        documentKind: 'lessonPreparation',
        level: 'school',
        parts: ['总则'],
        consulted: true,
        approvedBy: 'principal',
      },
    },
  ])
})

test('a later version ends the earlier one on the day before and says what it changed', async () => {
  moveTo('2026-11-18')
  const id = await drafted('考勤制度', 'attendance')
  await school.as('principal', (tx) => actions.approveRegulation(tx, { id, inForceFrom: '2026-09-01' }))
  assert.equal(
    (
      await call('academicOffice', 'regulation/saveDraft', {
        id,
        draftVersion: 1,
        kind: 'attendance',
        title: '考勤制度',
        documentNumber: '',
        numbering: 'article',
        note: '',
        clauses,
      })
    ).status,
    403,
  )
  await call('academicOffice', 'regulation/startRevision', { id })
  const draft = await read('academicOffice', id, 2)
  const saved = await call('academicOffice', 'regulation/saveDraft', {
    id,
    draftVersion: draft.draftVersion,
    kind: 'attendance',
    title: '考勤制度（修订）',
    documentNumber: '',
    numbering: 'article',
    note: '放宽迟到',
    clauses: [
      clauses[0],
      { ...clauses[2], text: '迟到四次记缺席一次。' },
      { id: 'd', kind: 'clause', text: '本制度由教导处解释。' },
    ],
  })
  assert.equal(saved.status, 200)
  const stale = await call('academicOffice', 'regulation/saveDraft', {
    id,
    draftVersion: draft.draftVersion,
    kind: 'attendance',
    title: '另一份',
    documentNumber: '',
    numbering: 'article',
    note: '',
    clauses,
  })
  assert.equal(stale.status, 409)
  // Everybody else still reads the version in force.
  assert.equal((await read('teacher', id)).version, 1)

  await school.as('principal', (tx) => actions.approveRegulation(tx, { id, inForceFrom: '2026-12-01' }))
  assert.equal((await read('teacher', id)).inForceTo, '2026-11-30')
  assert.equal((await factsOf(id)).length, 1)
  const { lines } = (
    await call('teacher', 'regulation/getComparison', { id, version: 2, against: 'previous' })
  ).body
  assert.deepEqual(
    lines.map((line: { change: string; before: string; after: string }) => [
      line.change,
      line.before,
      line.after,
    ]),
    [
      ['same', '第一章', '第一章'],
      ['deleted', '第一条', null],
      ['changed', '第二条', '第一条'],
      ['inserted', null, '第二条'],
    ],
  )

  moveTo('2026-12-01')
  await regulationInForceJob(services, { orgId: school.id, id })
  await regulationInForceJob(services, { orgId: school.id, id })
  assert.deepEqual(
    (await factsOf(id)).map((fact) => fact.countsOn),
    ['2026-09-01', '2026-12-01'],
  )
  assert.equal((await read('teacher', id)).version, 2)
  assert.equal((await read('teacher', id, 1)).stage, 'replaced')
  await call('principal', 'regulation/repealRegulation', { id, lastDay: '2026-12-01', reason: '并入新制度' })
  moveTo('2026-12-02')
  assert.equal((await read('teacher', id)).stage, 'repealed')
  moveTo('2026-11-18')
})

test('an approval that is not in force yet can be taken back, and the earlier version goes on', async () => {
  moveTo('2026-11-18')
  const id = await drafted('奖惩制度', 'incentive')
  await school.as('principal', (tx) => actions.approveRegulation(tx, { id, inForceFrom: '2026-09-01' }))
  await school.as('academicOffice', (tx) => actions.startRevision(tx, { id }))
  await school.as('principal', (tx) => actions.approveRegulation(tx, { id, inForceFrom: '2026-12-01' }))
  const bare = await call('principal', 'regulation/withdrawApproval', { id, reason: ' ' })
  assert.match(bare.body.error.message, /原因/)
  await call('principal', 'regulation/withdrawApproval', { id, reason: '再议' })
  const first = await read('teacher', id)
  assert.deepEqual([first.version, first.inForceTo], [1, null])
  assert.equal((await read('academicOffice', id, 2)).stage, 'draft')
})

test('who is not entitled is told so: teachers draft nothing, the office approves nothing, other schools see nothing', async () => {
  moveTo('2026-11-18')
  const start = await call('teacher', 'regulation/startRegulation', { kind: 'teaching', title: '上课制度' })
  assert.equal(start.status, 403)
  const id = await drafted('上课制度', 'teaching')
  for (const [endpoint, input] of [
    ['openConsultation', { id, from: '2026-11-18', to: '2026-11-20' }],
    ['approveRegulation', { id, inForceFrom: '2026-11-18' }],
  ] as const) {
    assert.equal((await call('teacher', `regulation/${endpoint}`, input)).status, 404)
    assert.equal((await callOther('principal', `regulation/${endpoint}`, input)).status, 404)
  }
  const office = await call('academicOffice', 'regulation/approveRegulation', {
    id,
    inForceFrom: '2026-11-18',
  })
  assert.match(office.body.error.message, /校长/)
  await call('academicOffice', 'regulation/openConsultation', { id, from: '2026-11-18', to: '2026-11-20' })
  const given = await call('teacher', 'regulation/giveOpinion', { id, clauseId: 'b', stance: 'support' })
  assert.equal(
    (await callOther('teacher', 'regulation/giveOpinion', { id, clauseId: null, stance: 'support' })).status,
    404,
  )
  const opinionId = given.body.id
  assert.equal((await call('colleague', 'regulation/withdrawOpinion', { opinionId })).status, 403)
  assert.equal(
    (await call('teacher', 'regulation/answerOpinion', { opinionId, answer: 'adopted', reason: '' })).status,
    403,
  )
  moveTo('2026-11-21')
  const late = await call('colleague', 'regulation/giveOpinion', { id, clauseId: null, stance: 'support' })
  assert.match(late.body.error.message, /已经结束/)
  moveTo('2026-11-18')
})

test('home asks everybody who has not spoken yet, then the principal to approve', async () => {
  const id = await drafted('学习制度', 'learning')
  const titles = async (who: 'teacher' | 'colleague' | 'principal') => {
    const { body } = await call(who, 'home/getHome', {})
    return (body.mine.items as { title: string; action: { place: { id?: string } } }[])
      .filter((item) => item.action.place.id === id)
      .map((item) => item.title)
  }
  assert.deepEqual(await titles('teacher'), [])
  await call('academicOffice', 'regulation/openConsultation', { id, from: '2026-11-18', to: '2026-11-18' })
  assert.deepEqual(await titles('teacher'), ['征求意见：学习制度'])
  await call('teacher', 'regulation/giveOpinion', { id, clauseId: null, stance: 'support' })
  assert.deepEqual(await titles('teacher'), [])
  assert.deepEqual(await titles('colleague'), ['征求意见：学习制度'])
  await call('academicOffice', 'regulation/endConsultation', { id })
  assert.deepEqual(await titles('colleague'), [])
  assert.deepEqual(await titles('principal'), [])
  const { body } = await call('principal', 'inbox/listInbox', {})
  assert.deepEqual(
    body.placed.map((item: { kind: string; title: string }) => `${item.kind} ${item.title}`),
    ['regulationApproval 学习制度'],
  )
})

test('rules of the regime lead to the regulations on which they rest', async () => {
  moveTo('2026-11-18')
  await school.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const id = await drafted('督查制度', 'attendance')
  const unknown = await call('academicOffice', 'regulation/linkRules', { id, ruleIds: ['xinglong-999'] })
  assert.match(unknown.body.error.message, /不在现行/)
  await call('academicOffice', 'regulation/linkRules', { id, ruleIds: ['xinglong-23'] })
  assert.deepEqual((await call('teacher', 'regulation/findForRule', { ruleId: 'xinglong-23' })).body, [])
  await school.as('principal', (tx) => actions.approveRegulation(tx, { id, inForceFrom: '2026-11-18' }))
  const found = (await call('teacher', 'regulation/findForRule', { ruleId: 'xinglong-23' })).body
  assert.deepEqual(
    found.map((one: { title: string }) => one.title),
    ['督查制度'],
  )
  assert.equal((await read('teacher', id)).rules[0].ruleId, 'xinglong-23')
})

test('an opinion given again replaces the earlier one until it is answered', async () => {
  const id = await drafted('听评课制度', 'lessonObservation')
  await school.as('academicOffice', (tx) =>
    actions.openConsultation(tx, { id, from: '2026-11-18', to: '2026-11-20' }),
  )
  const give = (text: string) =>
    call('teacher', 'regulation/giveOpinion', { id, clauseId: null, stance: 'change', text })
  const first = await give('太长。')
  const second = await give('太长，请删去第二条。')
  assert.equal(first.body.id, second.body.id)
  const { opinionList } = await read('colleague', id)
  assert.deepEqual(
    opinionList.map((one: { text: string }) => one.text),
    ['太长，请删去第二条。'],
  )
  assert.match((await give('')).body.error.message, /怎样改/)
  await school.as('academicOffice', (tx) =>
    actions.answerOpinion(tx, { opinionId: first.body.id, answer: 'adopted', reason: '' }),
  )
  assert.match((await give('又想了想')).body.error.message, /已经答复/)
})

test('a school reads what its district has approved, and only that', async () => {
  const made = await services.inOrganisation(districtId, system, async (tx) => {
    const published = await actions.startRegulation(tx, { kind: 'other', title: '区研修管理办法', clauses })
    await actions.approveRegulation(tx, { id: published.id, inForceFrom: '2026-09-01' })
    const draft = await actions.startRegulation(tx, { kind: 'other', title: '区里的草稿', clauses })
    return { published: published.id, draft: draft.id }
  })
  const list = (await call('teacher', 'regulation/listRegulations', {})).body
  assert.deepEqual(
    list.district.lines.map((line: { title: string }) => line.title),
    ['区研修管理办法'],
  )
  const view = await read('academicOffice', made.published)
  assert.equal(view.organisation.isDistrict, true)
  assert.match(view.abilities.revise, /只能查看/)
  assert.equal((await call('teacher', 'regulation/getRegulation', { id: made.draft })).status, 404)
  assert.equal((await call('academicOffice', 'regulation/startRevision', { id: made.published })).status, 404)
  // A school of no district of this kind sees neither.
  assert.equal((await callOther('teacher', 'regulation/getRegulation', { id: made.published })).status, 404)
  // The scope is the school's own again afterwards.
  const names = await school.as('system', (tx) =>
    inScopeOf(tx, districtId, async () => null).then(() =>
      tx.many<{ title: string }>(sql`SELECT title FROM regulation_versions WHERE org_id = ${districtId}`),
    ),
  )
  assert.deepEqual(names, [])
})

test('prints the text and exports the register and the opinions', async () => {
  const id = await drafted('档案制度', 'archives')
  const printed = await call('teacher', 'regulation/getRegulationFile', { id })
  assert.equal(printed.status, 404)
  const pdf = await call('academicOffice', 'regulation/getRegulationFile', { id })
  assert.equal(pdf.status, 200)
  assert.equal(pdf.body.subarray(0, 5).toString(), '%PDF-')
  const sheet = await call('teacher', 'regulation/getRegulationListFile', {})
  assert.equal(sheet.body.subarray(0, 2).toString(), 'PK')
})

test('numbers of clauses follow their order, in three ways', () => {
  assert.deepEqual([9, 10, 11, 20, 21, 100, 101, 110, 112].map(chineseNumber), [
    '九',
    '十',
    '十一',
    '二十',
    '二十一',
    '一百',
    '一百零一',
    '一百一十',
    '一百一十二',
  ])
  assert.deepEqual(labelsOf(clauses, 'arabic'), ['第一章', '1.', '2.'])
})

test('recognises a clause that was pasted anew by its likeness', () => {
  const after = [{ id: 'x', kind: 'clause' as const, text: '迟到四次记缺席一次。' }]
  const lines = compareClauses({ clauses, numbering: 'article' }, { clauses: after, numbering: 'article' })
  assert.deepEqual(
    lines.map((line) => [line.change, line.before, line.after]),
    [
      ['deleted', '第一章', null],
      ['deleted', '第一条', null],
      ['changed', '第二条', '第一条'],
    ],
  )
})
