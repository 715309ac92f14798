import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { Refusal } from '../kit/errors.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import { addMember, appoint, createUnit, endPost } from '../org/actions.ts'
import { saveCohort } from '../org/cohorts.ts'
import { listMembers, listPosts, loadPersonDetail } from '../org/store.ts'
import { listFindings, rebuildOrganisation } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { getRegime } from '../../regimes/read.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as duty from './actions.ts'
import { addBodyRule, removeBodyRule, saveBody } from './body-actions.ts'
import * as growth from './growth-actions.ts'
import { settleDutiesJob } from './jobs.ts'
import { giveOpinion } from './opinion-actions.ts'
import { loadBodies, loadDuties, loadEnvironment, loadGrowth } from './present.ts'
import * as titles from './title-actions.ts'
import { countingDays, valuesNamed, wordsCounted } from './rules.ts'

const services = await createTestServices()
const refusal = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.match(error.message, pattern)
  return true
}
async function schoolWith(name: string, regimeId?: string) {
  const school = await createTestSchool(services, name)
  if (regimeId)
    await school.as('system', (tx) =>
      adoptRegime(tx, { regimeId, schoolYearId: '2026-2027', from: '2026-08-31' }),
    )
  return school
}
const rebuild = (school: TestSchool) => rebuildOrganisation(services, school.id, systemActor('test'))
async function stateOf(school: TestSchool, ruleId: string) {
  await rebuild(school)
  const findings = await school.as('system', (tx) =>
    listFindings(tx, { kind: 'organisation', id: school.id }, '2026-2027'),
  )
  return findings.filter((one) => one.ruleId === ruleId).map((one) => one.state)
}
const facts = (school: TestSchool, id: string) =>
  school.as('system', (tx) => listLiveFactsOfSource(tx, { room: 'duty', id }))

test('finds the words that a regime counts, in conditions and in settings', () => {
  assert.deepEqual(
    valuesNamed('duty == "a" && layer in ["b", "c"] && role == settings.head && "e" in papers', {
      head: 'd',
    }),
    {
      duty: ['a'],
      papers: ['e'],
      layer: ['b', 'c'],
      role: ['d'],
    },
  )
  const counted = wordsCounted([getRegime('xinhongqiao')], 'duty.assigned')
  assert.deepEqual(
    counted.map((one) => [one.ruleId, one.values, one.per]),
    [
      ['xinhongqiao-01', {}, 'schoolYear'],
      ['xinhongqiao-02', { duty: ['firstResponsible'], role: ['principal'] }, 'schoolYear'],
    ],
  )
})

test('a duty counts once for each school year in which it is held to the end or until now', () => {
  const year = (id: string, from: string, to: string) => ({ id, from, to })
  const calendar = {
    schoolYears: [
      year('2024-2025', '2024-09-01', '2025-07-10'),
      year('2025-2026', '2025-09-01', '2026-07-10'),
      year('2026-2027', '2026-08-31', '2027-07-09'),
    ],
    terms: [],
    specialDays: [],
  } as unknown as Parameters<typeof countingDays>[1]
  const days = (from: string, to: string | null, today = '2026-11-18') =>
    countingDays({ from, to }, calendar, 'schoolYear', today)
  assert.deepEqual(days('2024-10-08', null), ['2024-10-08', '2025-09-01', '2026-08-31'])
  assert.deepEqual(days('2024-10-08', '2026-11-17'), ['2024-10-08', '2025-09-01'])
  assert.deepEqual(days('2024-10-08', '2026-12-31'), ['2024-10-08', '2025-09-01', '2026-08-31'])
  assert.deepEqual(days('2026-12-01', null), [])
  assert.deepEqual(days('2025-10-01', '2026-03-01'), [])
  assert.deepEqual(days('2025-10-01', null, '2026-08-01'), ['2025-10-01'])
})

test('duties in the words of the regime count; ending one takes it back, a successor brings it again', async () => {
  const school = await schoolWith('职责', 'xinhongqiao')
  const { people } = school
  assert.ok(!(await stateOf(school, 'xinhongqiao-01')).includes('done'))
  const assign = (layer: string, holderId: string, word = '', statement = '') =>
    school.as('academicOffice', (tx) =>
      duty.assignDuty(tx, {
        duty: word,
        statement,
        layer,
        holderKind: 'person',
        holderId,
        from: '2026-09-01',
        firstResponsible: word !== '',
      }),
    )
  const first = await assign('principal', people.principal, 'firstResponsible')
  assert.deepEqual(first.warnings, [])
  await assign('academicOffice', people.academicOffice, '', '制定教学工作计划，检查和总结')
  const last = await assign('groupLeader', people.leader, '', '组织本组每周的教研')
  assert.deepEqual(await stateOf(school, 'xinhongqiao-01'), ['done'])
  assert.deepEqual(await stateOf(school, 'xinhongqiao-02'), ['done'])
  const [fact] = await facts(school, first.id)
  assert.deepEqual(fact?.attributes, { duty: 'firstResponsible', layer: 'principal', role: 'principal' })
  assert.equal(fact?.countsOn, '2026-09-01')

  const view = await school.as('leader', (tx) => loadDuties(tx, false))
  assert.deepEqual(view.open, [])
  assert.deepEqual(
    view.duties.filter((one) => one.isMine).map((one) => one.statement),
    ['组织本组每周的教研'],
  )
  await school.as('principal', (tx) => duty.endDuty(tx, { dutyId: last.id, lastDay: '2026-11-17' }))
  assert.deepEqual(await facts(school, last.id), [])
  assert.ok(!(await stateOf(school, 'xinhongqiao-01')).includes('done'))
  await assign('groupLeader', people.teacher, '', '组织本组每周的教研')
  assert.deepEqual(await stateOf(school, 'xinhongqiao-01'), ['done'])
})

test('warns when the regime wants somebody else, refuses nonsense, and lets only the heads assign', async () => {
  const school = await schoolWith('拒绝', 'xinhongqiao')
  const { people } = school
  const base = {
    duty: 'firstResponsible',
    holderKind: 'person' as const,
    holderId: people.teacher,
    from: '2026-09-01',
  }
  const made = await school.as('principal', (tx) => duty.assignDuty(tx, base))
  assert.match(made.warnings[0] ?? '', /第一责任人应是校长/)
  await assert.rejects(
    school.as('principal', (tx) => duty.assignDuty(tx, base)),
    refusal(/不用再分配/),
  )
  await assert.rejects(
    school.as('teacher', (tx) => duty.assignDuty(tx, base)),
    refusal(/校长或教导处/),
  )
  const bad = (change: object, pattern: RegExp) =>
    assert.rejects(
      school.as('principal', (tx) => duty.assignDuty(tx, { ...base, statement: '另一项', ...change })),
      refusal(pattern),
    )
  await bad({ duty: 'nonsense' }, /没有这项职责/)
  await bad({ duty: '', statement: '' }, /写明负责什么/)
  await bad({ layer: 'nonsense' }, /管理层级/)
  await bad({ holderId: null }, /请选择责任人/)
  await school.as('principal', (tx) => duty.withdrawDuty(tx, { dutyId: made.id, reason: '选错了人' }))
  assert.deepEqual(await facts(school, made.id), [])
  await assert.rejects(
    school.as('principal', (tx) => duty.endDuty(tx, { dutyId: made.id, lastDay: '2026-11-18' })),
    refusal(/已经作废/),
  )
})

test('members by rule follow the posts; whoever was named stays', async () => {
  const school = await schoolWith('机构', 'baihe-5')
  const { people, groupId } = school
  const bodyId = await school.as('system', (tx) =>
    createUnit(tx, { kind: 'body', name: '校本培训领导小组', from: '2026-09-01' }),
  )
  const members = () =>
    school.as('system', async (tx) => (await listMembers(tx, bodyId, tx.today)).map((one) => one.personId))
  await school.as('system', (tx) =>
    addMember(tx, { unitId: bodyId, personId: people.outsider, from: '2026-09-01' }),
  )
  const saved = await school.as('principal', (tx) =>
    saveCohort(tx, { name: '数学老师', parts: [{ subject: 'subject', test: 'is', value: '数学' }] }),
  )
  const before = await school.as('teacher', (tx) => loadBodies(tx))
  assert.ok(before.choices.some((one) => one.id === saved.id && one.label.startsWith('数学老师')))
  assert.ok(before.rules[0]?.missing.some((sentence) => /教研组长还差 1 人：陈立新/.test(sentence)))
  assert.match(String(before.abilities.appoint), /校长或管理员/)
  const choice = before.choices.find((one) => one.label.startsWith('全体教研组长'))
  await assert.rejects(
    school.as('academicOffice', (tx) => addBodyRule(tx, { unitId: bodyId, rule: choice?.id ?? '' })),
    refusal(/校长或管理员/),
  )
  const { added } = await school.as('principal', (tx) =>
    addBodyRule(tx, { unitId: bodyId, rule: choice?.id ?? '' }),
  )
  assert.equal(added, 1)
  assert.deepEqual(new Set(await members()), new Set([people.outsider, people.leader]))
  for (const [personId, role] of [
    [people.principal, 'groupLeader'],
    [people.academicOffice, 'deputyLeader'],
  ] as const)
    await school.as('system', (tx) =>
      appoint(tx, { personId, unitId: bodyId, role, title: role, from: '2026-09-01' }),
    )
  const view = await school.as('teacher', (tx) => loadBodies(tx))
  assert.deepEqual(
    view.bodies[0]?.composition.map((part) => part.met),
    [true, true, true, true],
  )
  assert.deepEqual(view.rules[0]?.missing, [])
  assert.deepEqual(await stateOf(school, 'baihe-5-14'), ['done'])
  assert.deepEqual(view.bodies[0]?.posts[0]?.others, ['校长'])

  // The group gets another leader; a day later the old one is out and the new one in.
  await school.as('system', async (tx) => {
    const post = (await listPosts(tx, tx.today, people.leader))[0]
    await endPost(tx, { postId: post?.id ?? '', on: '2026-11-17' })
    await appoint(tx, {
      personId: people.teacher,
      unitId: groupId,
      role: 'groupLeader',
      title: '组长',
      from: tx.today,
    })
  })
  await settleDutiesJob(services, { orgId: school.id })
  await settleDutiesJob(services, { orgId: school.id })
  const current = await school.as('system', async (tx) => (await loadBodies(tx)).bodies[0]?.rules[0]?.people)
  assert.equal(current, 1)
  const held = await school.as('system', (tx) =>
    tx.many<{ personId: string }>(sql`SELECT person_id FROM memberships
      WHERE org_id = ${tx.orgId} AND unit_id = ${bodyId} AND to_on IS NULL`),
  )
  assert.deepEqual(new Set(held.map((one) => one.personId)), new Set([people.outsider, people.teacher]))
  const ruleRecordId = view.bodies[0]?.rules[0]?.id ?? ''
  await school.as('principal', (tx) => removeBodyRule(tx, { unitId: bodyId, ruleRecordId }))
  await assert.rejects(
    school.as('principal', (tx) =>
      saveBody(tx, { unitId: bodyId, from: '2026-09-01', to: '2026-08-01', regulationId: null, paper: '' }),
    ),
    refusal(/之前/),
  )
  await assert.rejects(
    school.as('principal', (tx) =>
      saveBody(tx, { unitId: groupId, from: '2026-09-01', to: null, regulationId: null, paper: '' }),
    ),
    refusal(/找不到/),
  )
})

test('venues and study times count for the regime; requests are delivered with their dates', async () => {
  const school = await schoolWith('条件', 'dawan')
  const open = async () => (await school.as('teacher', (tx) => loadEnvironment(tx))).open.length
  const before = await open()
  const venue = await school.as('academicOffice', (tx) =>
    duty.registerItem(tx, { kind: 'venue', name: '研修室', from: '2026-09-01' }),
  )
  assert.equal(await open(), before - 1)
  assert.equal((await facts(school, venue.id)).length, 1)
  await assert.rejects(
    school.as('academicOffice', (tx) =>
      duty.registerItem(tx, { kind: 'venue', name: '研修室', from: '2026-09-01' }),
    ),
    refusal(/已经登记/),
  )
  await assert.rejects(
    school.as('teacher', (tx) => duty.registerItem(tx, { kind: 'venue', name: '二室', from: '2026-09-01' })),
    refusal(/教导处/),
  )
  await school.as('academicOffice', (tx) => duty.endItem(tx, { itemId: venue.id, lastDay: '2026-11-17' }))
  assert.equal((await facts(school, venue.id)).length, 0)

  const { id } = await school.as('teacher', (tx) =>
    duty.requestSupply(tx, { what: '白板笔 20 支', neededOn: '2026-11-20' }),
  )
  await assert.rejects(
    school.as('teacher', (tx) => duty.requestSupply(tx, { what: '投影仪', neededOn: '2026-11-01' })),
    refusal(/已经过去/),
  )
  await assert.rejects(
    school.as('colleague', (tx) => duty.closeSupply(tx, { supplyId: id, status: 'withdrawn' })),
    refusal(/自己撤回/),
  )
  await assert.rejects(
    school.as('academicOffice', (tx) => duty.deliverSupply(tx, { supplyId: id, on: '2026-11-19' })),
    refusal(/到今天之间/),
  )
  await school.as('academicOffice', (tx) => duty.deliverSupply(tx, { supplyId: id, on: '2026-11-18' }))
  assert.deepEqual((await facts(school, id)).map((fact) => fact.attributes.step).toSorted(), [
    'delivered',
    'request',
  ])
  await assert.rejects(
    school.as('academicOffice', (tx) => duty.deliverSupply(tx, { supplyId: id, on: '2026-11-18' })),
    refusal(/办理过/),
  )
})

test('教导处 proposes a step, the principal confirms, and it stands in the record until taken back', async () => {
  const school = await schoolWith('成长', 'baihe-5')
  const { people } = school
  const propose = (word: string, from: string) =>
    school.as('academicOffice', (tx) =>
      growth.proposeGrowth(tx, { personIds: [people.teacher], kind: 'step', word, from, proof: '考核优秀' }),
    )
  const stepOf = () =>
    school.as(
      'system',
      async (tx) => (await loadGrowth(tx)).rows.find((row) => row.personId === people.teacher)?.stepLabel,
    )
  const one = await propose('competent', '2026-09-01')
  assert.equal(await stepOf(), '')
  await assert.rejects(propose('competent', '2026-09-01'), refusal(/等校长确认/))
  await assert.rejects(propose('nonsense', '2026-09-01'), refusal(/没有这一步/))
  await assert.rejects(propose('backbone', '2026-12-01'), refusal(/晚于今天/))
  await assert.rejects(
    school.as('academicOffice', (tx) => growth.confirmGrowth(tx, { proposalIds: one.ids })),
    refusal(/校长确认/),
  )
  await school.as('principal', (tx) => growth.confirmGrowth(tx, { proposalIds: one.ids }))
  assert.equal(await stepOf(), '胜任')
  const two = await propose('backbone', '2026-10-01')
  await school.as('principal', (tx) => growth.confirmGrowth(tx, { proposalIds: two.ids }))
  assert.equal(await stepOf(), '骨干')
  await school.as('principal', (tx) => growth.withdrawGrowth(tx, { proposalId: two.ids[0] ?? '' }))
  assert.equal(await stepOf(), '胜任')
})

test('a title of the pool leaves its fact; candidates have their training; others see no open proposals', async () => {
  const school = await schoolWith('骨干')
  const { people } = school
  const propose = (kind: 'candidate' | 'title') =>
    school.as('academicOffice', (tx) =>
      growth.proposeGrowth(tx, {
        personIds: [people.teacher],
        kind,
        word: 'subjectLeader',
        level: 'city',
        from: '2026-09-01',
      }),
    )
  const candidate = await propose('candidate')
  const id = candidate.ids[0] ?? ''
  assert.equal((await school.as('colleague', (tx) => loadGrowth(tx))).proposals.length, 0)
  const train = () =>
    school.as('academicOffice', (tx) =>
      growth.addTraining(tx, { proposalId: id, heldOn: '2026-10-10', what: '上市级展示课' }),
    )
  await assert.rejects(train(), refusal(/已确认的培养对象/))

  // The committee looks at it before the principal; its members see what is open, nobody judges the own nomination.
  const unitId = await school.as('system', async (tx) => {
    const body = await createUnit(tx, { kind: 'body', name: '骨干教师评审小组', from: '2026-09-01' })
    for (const personId of [people.leader, people.teacher])
      await addMember(tx, { unitId: body, personId, from: '2026-09-01' })
    return body
  })
  const opine = (who: 'leader' | 'teacher' | 'outsider', agrees: boolean, note = '') =>
    school.as(who, (tx) => giveOpinion(tx, { proposalId: id, unitId, agrees, note }))
  await assert.rejects(opine('outsider', true), refusal(/由评审小组/))
  await assert.rejects(opine('teacher', true), refusal(/不能评审自己/))
  await assert.rejects(opine('leader', false), refusal(/不推荐的理由/))
  await opine('leader', false, '再培养一年')
  await opine('leader', true, '材料已补齐')
  const judged = await school.as('leader', (tx) => loadGrowth(tx))
  assert.deepEqual(
    judged.proposals[0]?.opinions.map(({ bodyName, agrees, note }) => [bodyName, agrees, note]),
    [['骨干教师评审小组', true, '材料已补齐']],
  )
  await school.as('leader', (tx) =>
    giveOpinion(tx, { proposalId: null, unitId, agrees: false, note: '录播室太小' }),
  )
  const { reviews } = await school.as('teacher', (tx) => loadEnvironment(tx))
  assert.deepEqual(
    reviews.map(({ agrees, note }) => [agrees, note]),
    [[false, '录播室太小']],
  )
  await school.as('principal', (tx) => growth.confirmGrowth(tx, { proposalIds: [id] }))
  await assert.rejects(opine('leader', true), refusal(/已经处理过/))
  await train()
  const seen = await school.as('colleague', (tx) => loadGrowth(tx))
  assert.deepEqual(
    seen.proposals[0]?.trainings.map((one) => one.what),
    ['上市级展示课'],
  )
  const title = await propose('title')
  await school.as('principal', (tx) => growth.confirmGrowth(tx, { proposalIds: title.ids }))
  const [fact] = await facts(school, title.ids[0] ?? '')
  assert.deepEqual(fact?.attributes, { title: 'subjectLeader', level: 'city' })
  const record = await school.as('system', (tx) => loadPersonDetail(tx, people.teacher))
  assert.equal(record.attributes.find((one) => one.name === 'backboneLevel')?.value, '市级学科带头人')
  await school.as('principal', (tx) => growth.withdrawGrowth(tx, { proposalId: title.ids[0] ?? '' }))
  assert.deepEqual(await facts(school, title.ids[0] ?? ''), [])
})

test('a title of a group counts for the school and falls back when it is taken away', async () => {
  const school = await schoolWith('集体称号', 'xunyang')
  const strongGroups = async () => {
    await rebuild(school)
    const findings = await school.as('system', (tx) =>
      listFindings(tx, { kind: 'organisation', id: school.id }, '2026-2027'),
    )
    return findings.find((one) => one.ruleId === 'xunyang-06' && one.minimumId === 'strongGroups')?.value
  }
  const record = (who: 'academicOffice' | 'teacher', more: object = {}) =>
    school.as(who, (tx) =>
      titles.recordTitle(tx, {
        unitId: school.groupId,
        title: 'strongSubjectGroup',
        level: 'county',
        grantedOn: '2026-10-15',
        ...more,
      }),
    )
  assert.equal(await strongGroups(), 0)
  await assert.rejects(record('teacher'), refusal(/由教导处/))
  await assert.rejects(record('academicOffice', { title: 'teachingExpert' }), refusal(/没有这个称号/))
  await assert.rejects(record('academicOffice', { grantedOn: '2026-12-01' }), refusal(/晚于今天/))
  const { id } = await record('academicOffice')
  await assert.rejects(record('academicOffice'), refusal(/已经登记过/))
  assert.equal(await strongGroups(), 1)
  const { titles: offered } = await school.as('academicOffice', growth.growthWords)
  assert.ok(!offered.some((one) => one.id === 'strongSubjectGroup'))
  await school.as('academicOffice', (tx) => titles.withdrawTitle(tx, { titleId: id, reason: '登记错了' }))
  assert.equal(await strongGroups(), 0)
})

test('routes: everyone reads, a teacher may not decide, Excel comes as a file', async () => {
  const school = await schoolWith('路由', 'xinhongqiao')
  const { call } = await createTestClients(services, school)
  for (const path of ['duty/listBodies', 'duty/listDuties', 'duty/listEnvironment', 'duty/listGrowth'])
    assert.equal((await call('teacher', path, {})).status, 200, path)
  const sheet = await call('teacher', 'duty/getBodiesFile', {})
  assert.match(String(sheet.headers['content-type']), /spreadsheetml/)
  assert.equal(
    (await call('academicOffice', 'duty/confirmGrowth', { proposalIds: [school.people.teacher] })).status,
    403,
  )
  const bad = await call('principal', 'duty/assignDuty', {
    statement: '组织',
    holderKind: 'person',
    holderId: school.people.teacher,
    from: '2026-13-40',
  })
  assert.equal(bad.status, 400)
})
