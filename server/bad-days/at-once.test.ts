import assert from 'node:assert/strict'
import { test } from 'node:test'
import { forgetCallers } from '../access/actions.ts'
import * as activity from '../activity/actions.ts'
import { tokenFor, windowMilliseconds, windowOf } from '../activity/codes.ts'
import { factKinds } from '../../engine/facts.ts'
import { listFactsOfKinds } from '../facts/store.ts'
import { createClock } from '../kit/clock.ts'
import { instantAt } from '../kit/dates.ts'
import { sql } from '../kit/sql.ts'
import * as org from '../org/actions.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'

const services = await createTestServices(instantAt('2026-11-18', '15:20'))
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)

/** An activity that runs, of a new group with two leaders and one more member. */
async function startOne(theme: string): Promise<string> {
  const { leader, colleague, teacher } = school.people
  const from = '2026-09-01'
  const unitId = await school.as('system', async (tx) => {
    const id = await org.createUnit(tx, { kind: 'teachingResearchGroup', name: theme, subject: '数学', from })
    for (const personId of [leader, colleague, teacher])
      await org.addMember(tx, { unitId: id, personId, from })
    for (const personId of [leader, colleague])
      await org.appoint(tx, { personId, role: 'groupLeader', unitId: id, title: '组长', from })
    return id
  })
  forgetCallers()
  const { id } = await school.as('leader', (tx) =>
    activity.planActivity(tx, {
      scope: 'group',
      unitId,
      kind: 'groupResearch',
      theme,
      content: '以三年级上册为例',
      place: theme,
      day: '2026-11-18',
      startTime: '15:30',
      endTime: '17:00',
      hostId: leader,
      speakerId: teacher,
    }),
  )
  await school.as('leader', (tx) => activity.startActivity(tx, id))
  return id
}
const codeNow = (activityId: string) =>
  tokenFor(services.secret, { activityId, window: windowOf(services.clock.now()) })
/** Records of the teacher; the leader who started the activity has one of their own. */
const recordsOf = (activityId: string) =>
  school.as('system', (tx) =>
    tx.many<{ status: string }>(
      sql`SELECT status FROM attendance WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND person_id = ${school.people.teacher}`,
    ),
  )

test('the same sign-in sent five times at once leaves one record and five friendly answers', async () => {
  const id = await startOne('同时签到五次')
  const token = codeNow(id)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => call('teacher', 'attendance/signIn', { token })),
  )
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [200, 200, 200, 200, 200],
  )
  assert.deepEqual(answers.map((answer) => answer.body.result).sort(), [
    'already',
    'already',
    'already',
    'already',
    'signedIn',
  ])
  for (const { body } of answers) assert.equal(`${body.personName} ${body.time}`, '林小满 15:20')
  assert.equal((await recordsOf(id)).length, 1)
})

test('the same request with one key sent five times at once gets one and the same answer', async () => {
  const id = await startOne('同一请求五次')
  const token = codeNow(id)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () =>
      call('teacher', 'attendance/signIn', { token }, { 'idempotency-key': 'phone-lost-the-answer' }),
    ),
  )
  for (const answer of answers) {
    assert.equal(answer.status, 200)
    assert.deepEqual(answer.body, answers[0]?.body)
    assert.equal(answer.body.result, 'signedIn')
  }
  assert.equal((await recordsOf(id)).length, 1)
})

test('two leaders close one activity at once: one closes, one is told, every fact stands once', async () => {
  const id = await startOne('两人同时结束')
  await call('teacher', 'attendance/signIn', { token: codeNow(id) })
  services.clock.moveTo(instantAt('2026-11-18', '17:00'))
  const answers = await Promise.all([
    call('leader', 'activity/closeActivity', { id }),
    call('colleague', 'activity/closeActivity', { id }),
  ])
  assert.deepEqual(answers.map((answer) => answer.status).sort(), [200, 409])
  const told = answers.find((answer) => answer.status === 409)
  assert.equal(told?.body.error.code, 'closedAlready')
  assert.match(told?.body.error.message, /(陈立新|赵春雨)已在 17:00 结束了这个活动，不用再操作/)

  const facts = await school.as('system', (tx) =>
    listFactsOfKinds(tx, { from: '2026-11-18', to: '2026-11-18' }, Object.keys(factKinds)),
  )
  const ofThis = facts.filter((fact) => fact.source.id === id)
  assert.ok(ofThis.length > 0)
  assert.equal(new Set(ofThis.map((fact) => `${fact.kind} ${fact.subject.id}`)).size, ofThis.length)
  assert.deepEqual(
    ofThis.flatMap((fact) => (fact.attributes.status === 'present' ? [fact.subject.id] : [])).sort(),
    [school.people.leader, school.people.teacher].sort(),
  )
  services.clock.moveTo(instantAt('2026-11-18', '15:20'))
})

test('a sign-in at the very moment of closing is either there and counts, or refused; never lost', async () => {
  for (let round = 0; round < 5; round++) {
    const id = await startOne(`结束的那一刻 ${round}`)
    const token = codeNow(id)
    const [close, signIn] = await Promise.all([
      call('leader', 'activity/closeActivity', { id }),
      call('teacher', 'attendance/signIn', { token }),
    ])
    assert.equal(close.status, 200)
    const [record] = await recordsOf(id)
    if (signIn.status === 200) assert.equal(record?.status, 'present')
    else {
      assert.match(signIn.body.error.message, /活动已在 15:20 结束/)
      assert.equal(record?.status, 'absent')
    }
  }
})

test('codes go on turning and stay good when the machine’s clock is set back while they are shown', async () => {
  const machine = { wallTime: instantAt('2026-11-18', '15:20').getTime(), steadyTime: 1_000 }
  const clock = createClock(0, { wall: () => machine.wallTime, steady: () => machine.steadyTime })
  // The services hold on to their clock, so that it is this one that must run like the real one.
  const stillClock = { ...services.clock }
  Object.assign(services.clock, { now: clock.now, today: clock.today })
  try {
    const id = await startOne('时钟被拨回')
    const shown = async () => {
      const live = await call('leader', 'activityLive/getLive', { id })
      assert.equal(live.status, 200, JSON.stringify(live.body))
      return live.body.code as { address: string; number: string; millisecondsLeft: number }
    }
    const before = await shown()
    const windowBefore = windowOf(clock.now())

    // Somebody sets the machine back by an hour; five seconds really pass.
    machine.wallTime -= 3_600_000 - 5_000
    machine.steadyTime += 5_000
    const token = before.address.split('/').at(-1) ?? ''
    const first = await call('teacher', 'attendance/signIn', { token })
    assert.equal(first.body.result, 'signedIn', JSON.stringify(first.body))
    assert.equal(first.body.time, '15:20')

    // The code turns as if nothing had happened, and the old one dies.
    machine.wallTime += 2 * windowMilliseconds
    machine.steadyTime += 2 * windowMilliseconds
    const after = await shown()
    assert.notEqual(after.address, before.address)
    assert.ok(windowOf(clock.now()) > windowBefore, 'time never runs backwards')
    const old = await call('colleague', 'attendance/signIn', { token })
    assert.equal(old.body.error?.code, 'expired')
    const fresh = await call('colleague', 'attendance/signInByNumber', { number: after.number })
    assert.equal(fresh.body.result, 'signedIn', JSON.stringify(fresh.body))
  } finally {
    Object.assign(services.clock, stillClock)
  }
})
