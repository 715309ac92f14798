import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { instantAt } from '../kit/dates.ts'
import { savePerson } from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import type { ActivityDetail, ActivityPlan, PlanSuggestion } from './contract.ts'
import { suggestPlan } from './queries.ts'

const services = await createTestServices(instantAt('2026-11-17', '09:00'))
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)

async function plan(more: object = {}): Promise<string> {
  const { body } = await call('leader', 'activity/planActivity', {
    scope: 'group',
    unitId: school.groupId,
    kind: 'groupResearch',
    theme: '估算教学',
    content: '三上',
    place: '三楼会议室',
    day: '2026-11-18',
    startTime: '15:30',
    endTime: '16:30',
    hostId: school.people.leader,
    agenda: [{ text: '说明主题', done: true }, { text: '讨论' }],
    ...more,
  })
  return (body as { id: string }).id
}
const detailOf = async (id: string) =>
  (await call('leader', 'activity/getActivity', { id })).body as ActivityDetail
const sentence = ({ body }: { body: unknown }) =>
  (body as { error?: { message?: string } }).error?.message ?? ''

test('a plan is read as it was made and only what is sent is changed', async () => {
  const id = await plan()
  const { body } = await call('leader', 'activity/getPlan', { id })
  const { values, members, kinds } = body as ActivityPlan
  assert.deepEqual(
    [values.theme, values.startTime, values.agenda[0], values.speakerId],
    ['估算教学', '15:30', { text: '说明主题', done: true }, null],
  )
  assert.ok(members.length > 0 && kinds.length > 0)
  const answer = await call('leader', 'activity/changeActivity', {
    id,
    theme: '估算教学的难点',
    endTime: '17:00',
    speakerId: school.people.teacher,
  })
  assert.deepEqual(answer.body, { warnings: [] })
  const detail = await detailOf(id)
  assert.deepEqual(
    [detail.theme, detail.startTime, detail.endTime, detail.content, detail.speaker?.id],
    ['估算教学的难点', '15:30', '17:00', '三上', school.people.teacher],
  )
})

test('a speaker once named is changed only with a reason, the day only by moving', async () => {
  const id = await plan({ day: '2026-11-19', speakerId: school.people.teacher })
  const answer = await call('leader', 'activity/changeActivity', { id, speakerId: school.people.colleague })
  assert.equal(answer.status, 422)
  assert.match(sentence(answer), /换中心发言人/)
  await call('leader', 'activity/changeActivity', { id, day: '2026-11-20', place: '报告厅' })
  const detail = await detailOf(id)
  assert.deepEqual(
    [detail.day, detail.place, detail.speaker?.id],
    ['2026-11-19', '报告厅', school.people.teacher],
  )
})

test('a change that leaves something unsettled or meets another activity of the group is refused', async () => {
  const id = await plan({ day: '2026-11-23' })
  await plan({ day: '2026-11-23', startTime: '17:00', endTime: '17:40', theme: '另一次' })
  assert.match(sentence(await call('leader', 'activity/changeActivity', { id, place: '' })), /落实“地点”/)
  const overlap = await call('leader', 'activity/changeActivity', { id, endTime: '17:20' })
  assert.match(sentence(overlap), /已经安排了《另一次》/)
})

test('members, outsiders and other schools neither read the plan for changing nor change it', async () => {
  const id = await plan({ day: '2026-11-24' })
  for (const endpoint of ['activity/getPlan', 'activity/changeActivity']) {
    const member = await call('teacher', endpoint, { id, theme: '改名' })
    assert.equal(member.status, 403)
    assert.match(sentence(member), /只有主持人、组长/)
  }
  const other = await createTestSchool(services, '邻校')
  const neighbour = await createTestClients(services, other)
  assert.equal((await neighbour.call('principal', 'activity/getPlan', { id })).status, 404)
  assert.equal(
    (await neighbour.call('principal', 'activity/changeActivity', { id, theme: '改名' })).status,
    404,
  )
  assert.equal((await detailOf(id)).theme, '估算教学')
})

test('what is closed or cancelled says so instead of opening the form', async () => {
  const id = await plan({ day: '2026-11-25' })
  await call('leader', 'activity/cancelActivity', { id, reason: '教师外出' })
  const answer = await call('leader', 'activity/getPlan', { id })
  assert.equal(answer.status, 403)
  assert.match(sentence(answer), /已经取消/)
  assert.match((await detailOf(id)).details.change ?? '', /已经取消/)
})

test('ways of study and audience are as chosen, else as is usual for the kind and as those who were expected', async () => {
  const regime = { regimeId: 'jianan', schoolYearId: '2026-2027', from: '2026-08-31' }
  await school.as('system', (tx) => adoptRegime(tx, regime))
  const held = async (more: object) => {
    const id = await plan({ kind: 'topicStudy', theme: '读书分享', ...more })
    await call('leader', 'activity/startActivity', { id })
    await call('leader', 'activity/closeActivity', { id })
    const facts = await school.as('system', (tx) => listLiveFactsOfSource(tx, { room: 'activity', id }))
    return facts.find((fact) => fact.kind === 'activity.held')?.attributes
  }
  const first = await held({ day: '2026-11-16', modes: ['reading', 'writing'], audience: [] })
  assert.deepEqual([first?.modes, first?.audience], [['reading', 'writing'], undefined])
  const suggestion = (await call('leader', 'activity/getPlanSuggestion', { unitId: school.groupId }))
    .body as PlanSuggestion
  assert.deepEqual(suggestion.usualModes.topicStudy, ['reading', 'writing'])
  assert.ok(suggestion.modes.some((term) => term.id === 'practice'))
  assert.ok(suggestion.audiences.some((term) => term.id === 'backboneTeachers'))
  // Whoever leads a group as well may still plan for the whole school.
  const forAll = { unitId: null, day: null, whole: true }
  const forPrincipal = await school.as('principal', (tx) => suggestPlan(tx, forAll))
  const forLeader = await school.as('leader', (tx) => suggestPlan(tx, forAll))
  assert.deepEqual([forPrincipal.unit, forLeader.unit?.id], [null, school.groupId])
  assert.ok(forPrincipal.people.some((one) => one.id === forPrincipal.suggestion.hostId && one.name !== ''))
  // Not said: as the last time; and nobody of the group is 骨干 yet.
  const second = await held({ day: '2026-11-17' })
  assert.deepEqual([second?.modes, second?.audience], [['reading', 'writing'], undefined])
  await school.as('system', async (tx) => {
    for (const personId of [school.people.leader, school.people.teacher, school.people.colleague])
      await savePerson(tx, { personId, from: '2026-09-01', attributes: { backboneLevel: '县级骨干教师' } })
  })
  const third = await held({ day: '2026-11-15' })
  assert.deepEqual(third?.audience, ['backboneTeachers'])
})
