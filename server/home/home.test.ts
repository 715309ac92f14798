import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { requestLeave } from '../activity/leave-actions.ts'
import { instantAt } from '../kit/dates.ts'
import { systemActor } from '../kit/services.ts'
import { appoint, createOrganisation, createPerson } from '../org/actions.ts'
import { newId } from '../kit/ids.ts'
import { rebuildOrganisation } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createAccount, forgetCallers, hashPassword, keepEverybodySignedIn } from '../access/actions.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import { acceptWork, returnWork, startWork, submitWork } from '../work/actions.ts'
import type { Home } from './contract.ts'

// A Wednesday in the twelfth week of the term.
const services = await createTestServices(instantAt('2026-11-18', '08:10'))
const districtId = newId()
await services.inOrganisation(districtId, systemActor('test'), (tx) =>
  createOrganisation(tx, { kind: 'district', name: '试验区', districtId: null }),
)
const school = await createTestSchool(services, '兴隆小学', districtId)
const other = await createTestSchool(services, '外校', districtId)
const empty = await createTestSchool(services, '新学校')
for (const one of [school, other])
  await one.as('principal', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
const { app, call } = await createTestClients(services, school)
const { call: callOther } = await createTestClients(services, other, 'other-')
const { call: callEmpty } = await createTestClients(services, empty, 'new-')

async function compute(one: TestSchool = school) {
  await rebuildOrganisation(services, one.id, systemActor('test'))
}
async function home(who: keyof TestSchool['people']): Promise<Home> {
  const { status, body } = await call(who, 'home/getHome', {})
  assert.equal(status, 200, JSON.stringify(body))
  return body as Home
}
const body = '孩子们把长方形折成八份，争论八分之二和四分之一谁大。'.repeat(6)
async function handIn(title: string): Promise<string> {
  return school.as('teacher', async (tx) => {
    const { id } = await startWork(tx, { kind: 'reflection', title, body })
    await submitWork(tx, { id })
    return id
  })
}
async function plan(day: string, theme: string): Promise<string> {
  return school.as('leader', async (tx) => {
    const { id } = await planActivity(tx, {
      scope: 'group',
      unitId: school.groupId,
      kind: 'teamStudy',
      theme,
      content: '同课异构',
      place: '三楼会议室',
      day,
      startTime: '14:30',
      endTime: '16:00',
      hostId: school.people.leader,
      speakerId: school.people.teacher,
      recorderId: school.people.colleague,
    })
    return id
  })
}
await compute()
await compute(other)

test('a teacher sees the week, most urgent first, and nothing of offices and groups', async () => {
  await plan('2026-11-18', '分数的初步认识')
  const seen = await home('teacher')
  assert.deepEqual(
    [seen.office, seen.principal, seen.district, seen.groups, seen.waiting],
    [null, null, null, [], []],
  )
  const [first] = seen.mine?.items ?? []
  assert.deepEqual([first?.title, first?.mark], ['分数的初步认识', '今天 14:30'])
  assert.match(first?.detail ?? '', /由您主讲/)
  const reflection = seen.mine?.items.find((item) => item.title === '写反思')
  assert.deepEqual(reflection?.action.place, { page: 'newWork', kind: 'reflection' })
  assert.match(reflection?.countsFor ?? '', /教学反思/)
  assert.ok((seen.mine?.items.length ?? 9) <= 5)
})

test('the same act for two duties is one thing to do', async () => {
  const items = (await home('teacher')).mine?.items.filter((item) => item.action.place.page === 'study') ?? []
  assert.equal(items.length, 1)
  assert.match(items[0]?.countsFor ?? '', /个人研修.*个人理论学习/)
})

test('rings stand only where the regime sets a minimum for a term or year, once each', async () => {
  const rings = (await home('teacher')).mine?.rings ?? []
  assert.deepEqual(
    rings.map((ring) => [ring.label, ring.span, ring.target]),
    [['个人研修', '本学期', 40]],
  )
})

test('what came back asks to be mended, with the reviewer’s words, and leads to the work', async () => {
  const id = await handIn('折纸里的四分之一')
  await school.as('leader', (tx) => returnWork(tx, { id, reason: '请写出不足' }))
  const item = (await home('teacher')).mine?.items.find((one) => one.mark === '已退回')
  assert.match(item?.detail ?? '', /陈立新：请写出不足/)
  assert.deepEqual(item?.action, { label: '修改', place: { page: 'work', id } })
  assert.equal(
    (await home('colleague')).mine?.items.some((one) => one.mark === '已退回'),
    false,
  )
})

test('an accepted reflection is shown as recognised, with the rule for which it counts', async () => {
  const id = await handIn('分一分')
  await school.as('leader', (tx) => acceptWork(tx, { id }))
  await compute()
  const one = (await home('teacher')).mine?.recognised.find((line) => line.key === id)
  assert.deepEqual([one?.title, one?.what, one?.record], ['分一分', '已采纳', { page: 'work', id }])
  assert.match(one?.countsFor ?? '', /教学反思/)
  assert.equal(one?.why?.page, 'trace')
  assert.deepEqual((await home('colleague')).mine?.recognised, [])
})

test('a leader finds the group’s activity to run, what waits, and who needs help', async () => {
  await handIn('又一篇')
  const seen = await home('leader')
  const [group] = seen.groups
  assert.deepEqual(
    [group?.unit.name, group?.next?.theme, group?.next?.mayRun],
    ['数学教研组', '分数的初步认识', true],
  )
  assert.deepEqual(
    seen.waiting.map((one) => [one.kind, one.count]),
    [['work', 1]],
  )
  assert.ok((group?.behind.length ?? 0) > 0)
  assert.equal(
    seen.mine?.items.some((item) => item.title === '分数的初步认识'),
    false,
    'the activity stands once',
  )
  assert.deepEqual([seen.office, seen.principal], [null, null])
})

test('an activity that nobody has closed is named to its leader', async () => {
  const past = await plan('2026-11-18', '明天就过去了').catch(() => undefined)
  assert.equal(past, undefined, 'two at the same time are refused')
  services.clock.moveTo(instantAt('2026-11-19', '08:10'))
  forgetCallers()
  assert.deepEqual(
    (await home('leader')).groups[0]?.unclosed.map((one) => one.theme),
    ['分数的初步认识'],
  )
  services.clock.moveTo(instantAt('2026-11-18', '08:10'))
  forgetCallers()
})

test('the office sees who is behind, the activities of all groups, leave that waits and the dates ahead', async () => {
  const id = await plan('2026-11-20', '周五的活动')
  await school.as('teacher', (tx) => requestLeave(tx, { activityId: id, kind: 'sick', reason: '发烧' }))
  const seen = await home('academicOffice')
  assert.deepEqual(
    seen.office?.today.map((one) => one.theme),
    ['分数的初步认识'],
  )
  assert.deepEqual(
    seen.office?.week.map((one) => one.theme),
    ['周五的活动'],
  )
  assert.equal(seen.office?.attendance.leavesAsked, 1)
  assert.ok(seen.waiting.some((one) => one.kind === 'leave' && one.count === 1))
  assert.ok((seen.office?.behindTotal ?? 0) >= (seen.office?.behind.length ?? 99))
  assert.ok((seen.office?.behind.length ?? 99) <= 8)
  assert.deepEqual(seen.office?.dates[0], {
    key: '2026-2027-1 middle',
    label: '期中检查',
    sentence: '正在进行，11月22日结束（还有 4 天）',
    isNow: true,
  })
  assert.equal(seen.principal, null)
})

test('a principal sees the clauses that are kept least and the groups, not the office’s lists', async () => {
  const seen = await home('principal')
  assert.match(seen.principal?.sentence ?? '', /对照《兴隆小学校本研修制度》/)
  const shares = seen.principal?.rules.map((rule) => rule.onTrack / rule.bound) ?? []
  assert.ok(shares.length > 0)
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => a - b),
  )
  assert.deepEqual(
    seen.principal?.groups.map((group) => [group.name, group.leaders, group.people]),
    [['数学教研组', '陈立新', 3]],
  )
  assert.equal(seen.office, null)
})

test('a closed activity gives way to what it was worth', async () => {
  const line = (await home('leader')).groups[0]?.next
  services.clock.moveTo(instantAt('2026-11-18', '14:30'))
  await school.as('leader', (tx) => startActivity(tx, line?.id ?? ''))
  forgetCallers()
  const running = await home('teacher')
  assert.deepEqual(running.mine?.items[0]?.action, { label: '签到', place: { page: 'scan' } })
  services.clock.moveTo(instantAt('2026-11-18', '16:00'))
  await school.as('leader', (tx) => closeActivity(tx, { id: line?.id ?? '' }))
  assert.equal(
    (await home('teacher')).mine?.items.some((item) => item.title === '分数的初步认识'),
    false,
  )
  services.clock.moveTo(instantAt('2026-11-18', '16:10'))
})

test('another school’s home says nothing of this one', async () => {
  for (const who of ['principal', 'academicOffice', 'leader', 'teacher'] as const) {
    const { status, body: seen } = await callOther(who, 'home/getHome', {})
    assert.equal(status, 200)
    const text = JSON.stringify(seen)
    for (const secret of [
      '分数的初步认识',
      '折纸里的四分之一',
      '周五的活动',
      school.groupId,
      ...Object.values(school.people),
    ])
      assert.equal(text.includes(secret), false, `${who} reads ${secret}`)
  }
})

test('nobody reads it without signing in', async () => {
  assert.equal((await call(null, 'home/getHome', {})).status, 401)
})

test('a new school gets the way to its start, its teachers a calm word', async () => {
  const { body: seen } = await callEmpty('principal', 'home/getHome', {})
  const steps = (seen as Home).setUp?.steps ?? []
  assert.deepEqual(
    steps.map((step) => [step.key, step.done]),
    [
      ['calendar', true],
      ['people', true],
      ['groups', true],
      ['regime', false],
    ],
  )
  const { body: teacher } = await callEmpty('teacher', 'home/getHome', {})
  assert.deepEqual((teacher as Home).setUp?.steps, [])
  assert.match((teacher as Home).sentence, /学校正在准备/)
})

test('in the holidays home says when it goes on', async () => {
  services.clock.moveTo(instantAt('2027-02-01', '09:10'))
  await keepEverybodySignedIn(services)
  const seen = await home('teacher')
  assert.deepEqual(
    [seen.rest?.title, seen.rest?.sentence],
    ['寒假', '2026—2027学年第二学期 2月22日 周一开始，还有 21 天。'],
  )
  services.clock.moveTo(instantAt('2026-11-18', '16:10'))
  forgetCallers()
})

test('a district officer sees the schools side by side and no names of teachers', async () => {
  const officer = await services.inOrganisation(districtId, systemActor('test'), async (tx) => {
    const personId = await createPerson(tx, {
      staffNumber: 'q1',
      name: '方志远',
      from: '2020-09-01',
      attributes: {},
    })
    await appoint(tx, { personId, role: 'districtOfficer', title: '教研员', from: '2020-09-01' })
    await createAccount(tx, {
      personId,
      loginName: 'home-officer',
      passwordHash: await hashPassword('probe-2026'),
      mustChangePassword: false,
    })
    return personId
  })
  assert.ok(officer)
  const signedIn = await app.inject({
    method: 'POST',
    url: '/api/access/signIn',
    payload: { loginName: 'home-officer', password: 'probe-2026' },
  })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const response = await app.inject({ method: 'GET', url: '/api/home/getHome', headers: { cookie } })
  assert.equal(response.statusCode, 200, response.body)
  const seen = response.json() as Home
  assert.deepEqual(seen.district?.schools.map((one) => one.name).sort(), ['兴隆小学', '外校'])
  assert.equal(response.body.includes('新学校'), false, 'a school outside the district')
  for (const name of ['林小满', '赵春雨', '孙一鸣']) assert.equal(response.body.includes(name), false)
  assert.deepEqual([seen.mine, seen.office, seen.principal], [null, null, null])
})
