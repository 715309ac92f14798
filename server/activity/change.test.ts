import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import type { ActivityDetail, ActivityPlan } from './contract.ts'

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
