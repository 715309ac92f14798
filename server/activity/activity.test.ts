import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Refusal } from '../kit/errors.ts'
import { sql } from '../kit/sql.ts'
import { createTestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import * as attendance from './attendance-actions.ts'
import { numbersFor, windowMilliseconds, windowOf } from './codes.ts'
import { getDetail, getLive, listLines } from './queries.ts'

import {
  services,
  day,
  secret,
  at,
  plan,
  running,
  tokenNow,
  later,
  refused,
  standing,
  factsOf,
  statuses,
} from './testing.ts'

test('one round: plan, start, sign in, close; facts for the group, for everybody and for the speaker', async () => {
  const { school, id } = await running()
  at('15:25')
  const signed = await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  assert.deepEqual(
    [signed.result, signed.time, signed.isGuest, signed.theme],
    ['signedIn', '15:25', false, '估算教学的难点'],
  )
  at('15:41')
  const again = await school.as('leader', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  assert.deepEqual([again.result, again.time], ['already', '15:20'])
  const guest = await school.as('outsider', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  assert.equal(guest.isGuest, true)
  await school.as('leader', (tx) =>
    actions.saveMinutes(tx, {
      id,
      version: 0,
      parts: { process: '听课，讨论', agreedView: '先估后算', unknown: 'x' },
    }),
  )
  at('17:00')
  const closed = await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(closed.counts, { signedIn: 0, present: 2, late: 1, leftEarly: 0, onLeave: 0, absent: 1 })
  assert.deepEqual(closed.missingParts, ['主要发言'])
  const facts = await standing(school)
  const held = facts.find((fact) => fact.kind === 'activity.held')
  assert.deepEqual(held?.subject, { kind: 'unit', id: school.groupId })
  assert.equal(held?.quantity, 90)
  assert.deepEqual(held?.attributes.minutesParts, ['agreedView', 'attendance', 'process'])
  assert.equal(held?.attributes.hostNamed, true)
  assert.deepEqual(held?.attributes.settledItems, [
    'time',
    'people',
    'place',
    'theme',
    'content',
    'host',
    'speaker',
    'mainSpeaker',
  ])
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended present 90', 'activity.spoke  1'])
  assert.deepEqual(await factsOf(school, 'leader'), ['activity.attended present 90'])
  assert.deepEqual(await factsOf(school, 'outsider'), ['activity.attended late 90'])
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended absent 0'])
})

test('the same sign-in five times, also at once, leaves one record and the same friendly answer', async () => {
  const { school, id } = await running()
  const token = tokenNow(id)
  const answers = await Promise.all(
    Array.from({ length: 5 }, () => school.as('teacher', (tx) => attendance.signIn(tx, secret, { token }))),
  )
  assert.equal(answers.filter((answer) => answer.result === 'signedIn').length, 1)
  assert.deepEqual(new Set(answers.map((answer) => answer.time)), new Set(['15:20']))
  const live = await school.as('leader', (tx) => getLive(tx, secret, 'http://x', id))
  assert.deepEqual([live.expected, live.arrived, live.guests, live.names.length], [3, 2, 0, 2])
})

test('a code photographed and used after it turned is refused; the one before the current still counts', async () => {
  const { school, id } = await running()
  const token = tokenNow(id)
  later(windowMilliseconds)
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token }))
  later(windowMilliseconds)
  await refused(
    school.as('colleague', (tx) => attendance.signIn(tx, secret, { token })),
    /^这个二维码已过期，请扫大屏幕上最新的码。$/,
  )
})

test('the short number signs in while it is shown, is refused later, and cannot be tried out', async () => {
  const { school, id } = await running()
  const number = [...numbersFor(secret, [id], windowOf(services.clock.now())).keys()][0] ?? ''
  const shown = await school.as('leader', (tx) => getLive(tx, secret, 'http://x', id))
  assert.equal(shown.code?.number, number)
  later(windowMilliseconds)
  const signed = await school.as('teacher', (tx) => attendance.signInByNumber(tx, secret, number))
  assert.equal(signed.result, 'signedIn')
  later(windowMilliseconds)
  await refused(
    school.as('colleague', (tx) => attendance.signInByNumber(tx, secret, number)),
    /每 15 秒换一次/,
  )
  for (let index = 0; index < 9; index++) {
    await refused(
      school.as('colleague', (tx) => attendance.signInByNumber(tx, secret, '000000')),
      /没有正在签到/,
    )
  }
  await refused(
    school.as('colleague', (tx) => attendance.signInByNumber(tx, secret, '000000')),
    /次数太多/,
    429,
  )
})

test('another school can neither sign in nor see nor close', async () => {
  const { id } = await running()
  const other = await createTestSchool(services, '邻校')
  await refused(
    other.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) })),
    /不是本校的活动/,
    404,
  )
  await refused(
    other.as('principal', (tx) => getDetail(tx, id)),
    /找不到/,
    404,
  )
  await refused(
    other.as('principal', (tx) => actions.closeActivity(tx, { id })),
    /找不到/,
    404,
  )
  await refused(
    other.as('leader', (tx) =>
      attendance.recordRollCall(tx, { id, entries: [{ personId: other.people.teacher, status: 'present' }] }),
    ),
    /找不到/,
    404,
  )
})

test('a roll-call cannot name people of another school', async () => {
  const { school, id } = await running()
  const other = await createTestSchool(services, '邻校二')
  await refused(
    school.as('leader', (tx) =>
      attendance.recordRollCall(tx, { id, entries: [{ personId: other.people.teacher, status: 'present' }] }),
    ),
    /不属于本校/,
    404,
  )
})

test('who does not run it cannot start, call the roll, close or correct; an outsider sees title and time only', async () => {
  at('15:20')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await refused(
    school.as('outsider', (tx) => actions.startActivity(tx, id)),
    /只有主持人/,
    403,
  )
  await refused(
    school.as('teacher', (tx) =>
      actions.planActivity(tx, plan(school, { startTime: '08:00', endTime: '09:00' })),
    ),
    /只有本组组长/,
    403,
  )
  await refused(
    school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { scope: 'organisation', unitId: null })),
    ),
    /教导处/,
    403,
  )
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await refused(
    school.as('teacher', (tx) => actions.closeActivity(tx, { id })),
    /只有主持人/,
    403,
  )
  await refused(
    school.as('teacher', (tx) =>
      attendance.recordRollCall(tx, {
        id,
        entries: [{ personId: school.people.colleague, status: 'present' }],
      }),
    ),
    /只有主持人/,
    403,
  )
  await refused(
    school.as('outsider', (tx) => getDetail(tx, id)),
    /其他组/,
    403,
  )
  const [line] = await school.as('outsider', (tx) => listLines(tx, { from: day, to: day }))
  assert.deepEqual(
    [line?.theme, line?.place, line?.speakerName, line?.canOpen],
    ['估算教学的难点', '', '', false],
  )
  const member = await school.as('teacher', (tx) => getLive(tx, secret, 'http://x', id))
  assert.equal(member.code, null)
})

test('two leaders closing at once: one closes, the other reads who it was, and nothing doubles', async () => {
  const { school, id } = await running()
  at('16:50')
  const outcomes = await Promise.allSettled([
    school.as('leader', (tx) => actions.closeActivity(tx, { id })),
    school.as('academicOffice', (tx) => actions.closeActivity(tx, { id })),
  ])
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected')
  assert.equal(failed.length, 1)
  const refusal = failed[0]?.reason as Refusal
  assert.equal(refusal.status, 409)
  assert.match(refusal.message, /^(陈立新|吴静)已在 16:50 结束了这个活动/)
  const facts = await standing(school)
  assert.equal(facts.filter((fact) => fact.kind === 'activity.held').length, 1)
  assert.equal(facts.filter((fact) => fact.kind === 'activity.attended').length, 3)
})

test('a sign-in that meets the closing is either counted or refused, never left open', async () => {
  const { school, id } = await running()
  const outcomes = await Promise.allSettled([
    school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) })),
    school.as('leader', (tx) => actions.closeActivity(tx, { id })),
    school.as('colleague', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) })),
  ])
  assert.equal(outcomes[1]?.status, 'fulfilled')
  const after = await statuses(school, id)
  assert.ok(!Object.values(after).includes('signedIn'))
  assert.equal(after.林小满, outcomes[0]?.status === 'fulfilled' ? 'present' : 'absent')
  assert.equal(after.赵春雨, outcomes[2]?.status === 'fulfilled' ? 'present' : 'absent')
})

test('after closing nobody signs in; the sentence says what to do', async () => {
  const { school, id } = await running()
  const token = tokenNow(id)
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  await refused(
    school.as('teacher', (tx) => attendance.signIn(tx, secret, { token })),
    /已在 15:20 结束.*组长更正/,
  )
})

test('a dead zone: the scan delivered two hours later, after closing, turns absent into present', async () => {
  const { school, id } = await running()
  at('15:31')
  const token = tokenNow(id)
  const scannedAt = services.clock.now()
  at('17:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.equal((await statuses(school, id)).赵春雨, 'absent')
  at('17:33')
  const answer = await school.as('colleague', (tx) =>
    attendance.deliverParked(tx, secret, { token, scannedAt }),
  )
  assert.deepEqual([answer.result, answer.time], ['signedIn', '15:31'])
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 90'])
  assert.equal((await statuses(school, id)).赵春雨, 'present')
  const again = await school.as('colleague', (tx) =>
    attendance.deliverParked(tx, secret, { token, scannedAt }),
  )
  assert.equal(again.result, 'already')
  const dues = await school.as('system', (tx) =>
    tx.many(
      sql`SELECT 1 FROM make_ups WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  assert.equal(dues.length, 0)
})

test('a parked scan with a wrong phone clock is set right; one that does not fit its code, comes too late or was passed on live is refused', async () => {
  const { school, id } = await running()
  at('15:31')
  const token = tokenNow(id)
  const scannedAt = services.clock.now()
  at('16:00')
  const hour = 3_600_000
  const wrong = (date: Date) => new Date(date.getTime() + 7 * hour)
  await refused(
    school.as('teacher', (tx) =>
      attendance.deliverParked(tx, secret, { token, scannedAt: wrong(scannedAt) }),
    ),
    /对不上/,
  )
  const right = await school.as('teacher', (tx) =>
    attendance.deliverParked(tx, secret, {
      token,
      scannedAt: wrong(scannedAt),
      sentAt: wrong(services.clock.now()),
    }),
  )
  assert.deepEqual([right.result, right.time], ['signedIn', '15:31'])
  await refused(
    school.as('colleague', (tx) =>
      attendance.deliverParked(tx, secret, { token, scannedAt: services.clock.now() }),
    ),
    /对不上/,
  )
  await refused(
    school.as('colleague', (tx) => attendance.signIn(tx, secret, { token })),
    /已过期/,
  )
  later(12 * hour)
  await refused(
    school.as('colleague', (tx) => attendance.deliverParked(tx, secret, { token, scannedAt })),
    /对不上/,
  )
})

test('a parked scan does not overrule what the leader called by hand', async () => {
  const { school, id } = await running()
  at('15:31')
  const token = tokenNow(id)
  const scannedAt = services.clock.now()
  await school.as('leader', (tx) =>
    attendance.recordRollCall(tx, { id, entries: [{ personId: school.people.colleague, status: 'absent' }] }),
  )
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  at('18:00')
  await refused(
    school.as('colleague', (tx) => attendance.deliverParked(tx, secret, { token, scannedAt })),
    /点名时记您未到/,
  )
})

test('the roll-call takes many at once, can be taken back, and keeps the time of signing in', async () => {
  const { school, id } = await running()
  at('15:31')
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  const { teacher, colleague, leader } = school.people
  at('16:00')
  await school.as('leader', (tx) =>
    attendance.recordRollCall(tx, {
      id,
      paper: true,
      entries: [
        { personId: teacher, status: 'leftEarly' },
        { personId: colleague, status: 'late' },
        { personId: leader, status: 'present' },
      ],
    }),
  )
  await school.as('leader', (tx) =>
    attendance.recordRollCall(tx, { id, entries: [{ personId: colleague, status: null }] }),
  )
  const detail = await school.as('leader', (tx) => getDetail(tx, id))
  const line = detail.attendance?.find((one) => one.personId === teacher)
  assert.deepEqual([line?.status, line?.time, line?.source], ['leftEarly', '15:31', 'paper'])
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await statuses(school, id), { 陈立新: 'present', 林小满: 'leftEarly', 赵春雨: 'absent' })
})
