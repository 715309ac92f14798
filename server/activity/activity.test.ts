import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listFacts } from '../facts/store.ts'
import { instantAt } from '../kit/dates.ts'
import { Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { sql } from '../kit/sql.ts'
import { getRegimeText } from '../../regimes/read.ts'
import { adoptRegime } from '../regime/actions.ts'
import { createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import * as attendance from './attendance-actions.ts'
import { numbersFor, tokenFor, windowMilliseconds, windowOf } from './codes.ts'
import type { PlanInput } from './contract.ts'
import type { AttendanceStatus } from './words.ts'
import * as leave from './leave-actions.ts'
import { getDetail, getLive, listLines, listStatistics, suggestPlan } from './queries.ts'
import { settingsOf } from './settings.ts'

const services = await createTestServices(instantAt('2026-11-18', '15:00'))
const day = '2026-11-18'
const { secret } = services

function at(time: string, on = day): void {
  services.clock.moveTo(instantAt(on, time))
}
function plan(school: TestSchool, more: Partial<PlanInput> = {}): PlanInput {
  return {
    scope: 'group',
    unitId: school.groupId,
    kind: 'groupResearch',
    theme: '估算教学的难点',
    content: '以三年级上册为例',
    place: '三楼会议室',
    day,
    startTime: '15:30',
    endTime: '17:00',
    hostId: school.people.leader,
    speakerId: school.people.teacher,
    ...more,
  }
}
/** A school with one activity that runs since 15:20. */
async function running(more: Partial<PlanInput> = {}) {
  at('15:20')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school, more)))
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  return { school, id }
}
const tokenNow = (activityId: string) =>
  tokenFor(secret, { activityId, window: windowOf(services.clock.now()) })
const later = (milliseconds: number) =>
  services.clock.moveTo(new Date(services.clock.now().getTime() + milliseconds))

async function refused(work: Promise<unknown>, pattern: RegExp, status = 422): Promise<Refusal> {
  let caught: unknown
  await work.catch((error: unknown) => {
    caught = error
  })
  assert.ok(caught instanceof Refusal, `expected a refusal, got ${String(caught)}`)
  assert.match(caught.message, pattern)
  assert.equal(caught.status, status)
  return caught
}

/** What still counts: facts without those that were reversed. */
async function standing(school: TestSchool) {
  const facts = await school.as('system', (tx) => listFacts(tx, { from: '2026-08-01', to: '2027-07-31' }))
  const undone = new Set(facts.flatMap((fact) => (fact.reverses ? [fact.reverses] : [])))
  return facts.filter((fact) => fact.reverses === null && !undone.has(fact.id))
}
async function factsOf(school: TestSchool, who: keyof TestSchool['people']) {
  return (await standing(school))
    .filter((fact) => fact.subject.id === school.people[who])
    .map(
      (fact) =>
        `${fact.kind} ${String(fact.attributes.status ?? fact.attributes.missedStatus ?? '')} ${fact.quantity}`,
    )
    .sort()
}
async function statuses(school: TestSchool, id: string): Promise<Record<string, AttendanceStatus | null>> {
  const detail = await school.as('leader', (tx) => getDetail(tx, id))
  return Object.fromEntries((detail.attendance ?? []).map((line) => [line.name, line.status]))
}

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

test('leave before, granted: on leave at closing; the make-up restores it as a fact', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  const asked = await school.as('colleague', (tx) =>
    leave.requestLeave(tx, { activityId: id, kind: 'sick', reason: '发烧' }),
  )
  assert.equal(asked.askedLate, false)
  await refused(
    school.as('leader', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true })),
    /教导处审批/,
    403,
  )
  await refused(
    school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: false })),
    /写明原因/,
  )
  await school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true }))
  await refused(
    school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true })),
    /已经处理/,
    409,
  )
  at('15:30')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  at('17:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended onLeave 0'])
  const [due] = await school.as('system', (tx) =>
    tx.many<{ id: string; dueOn: string }>(
      sql`SELECT id, due_on FROM make_ups WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  assert.equal(due?.dueOn, '2026-12-02')
  const makeUpId = due?.id ?? ''
  await refused(
    school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true })),
    /还没有交/,
    409,
  )
  await refused(
    school.as('teacher', (tx) =>
      leave.handInMakeUp(tx, { id: makeUpId, note: '读了活动记录和教材分析', minutes: 60 }),
    ),
    /找不到/,
    404,
  )
  await school.as('colleague', (tx) =>
    leave.handInMakeUp(tx, { id: makeUpId, note: '读了活动记录和教材分析', minutes: 60 }),
  )
  await refused(
    school.as('outsider', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true })),
    /组长或教导处/,
    403,
  )
  await refused(
    school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: false })),
    /写明原因/,
  )
  await school.as('leader', (tx) =>
    leave.decideMakeUp(tx, { id: makeUpId, confirm: false, note: '请补上收获' }),
  )
  await school.as('colleague', (tx) =>
    leave.handInMakeUp(tx, { id: makeUpId, note: '估算要先看实际需要什么', minutes: 80 }),
  )
  await school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true }))
  assert.deepEqual(await factsOf(school, 'colleague'), [
    'activity.attended onLeave 0',
    'attendance.madeUp onLeave 80',
  ])
  // Found out later: she had been there. Attendance replaces leave and make-up.
  await school.as('academicOffice', (tx) =>
    attendance.correctAttendance(tx, {
      id,
      personId: school.people.colleague,
      status: 'present',
      reason: '当时在场，漏记',
    }),
  )
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 90'])
})

test('leave granted after closing turns absent into on leave, marked as asked late', async () => {
  const { school, id } = await running()
  at('17:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended absent 0'])
  const asked = await school.as('colleague', (tx) =>
    leave.requestLeave(tx, { activityId: id, kind: 'personal', reason: '孩子急诊' }),
  )
  assert.equal(asked.askedLate, true)
  await school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended onLeave 0'])
  const [makeUp] = await school.as('system', (tx) =>
    tx.many<{ missedStatus: string }>(
      sql`SELECT missed_status FROM make_ups WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  assert.equal(makeUp?.missedStatus, 'onLeave')
  await refused(
    school.as('teacher', (tx) =>
      leave.recordLeave(tx, { activityId: id, personId: school.people.leader, kind: 'duty', reason: 'x' }),
    ),
    /教导处审批/,
    403,
  )
})

test('a correction reverses the old fact and leaves the new; the speaker loses and regains the speech', async () => {
  const { school, id } = await running()
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const { teacher } = school.people
  await refused(
    school.as('leader', (tx) =>
      attendance.correctAttendance(tx, { id, personId: teacher, status: 'absent', reason: ' ' }),
    ),
    /原因/,
  )
  await school.as('leader', (tx) =>
    attendance.correctAttendance(tx, { id, personId: teacher, status: 'absent', reason: '代签' }),
  )
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended absent 0'])
  await school.as('leader', (tx) =>
    attendance.correctAttendance(tx, {
      id,
      personId: teacher,
      status: 'leftEarly',
      reason: '核实在场，提前走',
    }),
  )
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended leftEarly 90', 'activity.spoke  1'])
})

test('a moved activity is held on its new day and counts for its own week', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await refused(
    school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-23', reason: '' })),
    /原因/,
  )
  await school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-20', reason: '会议室检修' }))
  await school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-23', reason: '还没修好' }))
  await refused(
    school.as('leader', (tx) => actions.startActivity(tx, id)),
    /11月23日/,
  )
  at('15:30', '2026-11-23')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id, minutes: 60 }))
  for (const fact of await standing(school)) assert.equal(fact.on, day)
  const held = (await standing(school)).find((fact) => fact.kind === 'activity.held')
  assert.deepEqual([held?.quantity, held?.attributes.movedFrom], [60, day])
  const lines = await school.as('leader', (tx) => listLines(tx, { from: '2026-11-16', to: '2026-11-29' }))
  assert.deepEqual(
    [lines[0]?.day, lines[0]?.movedFrom, lines[0]?.weekFrom],
    ['2026-11-23', day, '2026-11-16'],
  )
})

test('two people writing the minutes: the second gets the other text back and overwrites nothing', async () => {
  const { school, id } = await running({ recorderId: undefined })
  const { version } = await school.as('leader', (tx) =>
    actions.saveMinutes(tx, { id, version: 0, parts: { process: '组长写的' } }),
  )
  const refusal = await refused(
    school.as('academicOffice', (tx) =>
      actions.saveMinutes(tx, { id, version: 0, parts: { process: '教导处写的' } }),
    ),
    /陈立新在 15:20 也修改了记录/,
    409,
  )
  assert.deepEqual(refusal.fields, { version: '1', 'parts.process': '组长写的' })
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version, parts: { process: '合在一起' } }),
  )
  // The same text sent again (a lost answer) is no conflict.
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version, parts: { process: '合在一起' } }),
  )
  await refused(
    school.as('colleague', (tx) => actions.saveMinutes(tx, { id, version: 2, parts: { process: 'x' } })),
    /记录人/,
    403,
  )
})

test('minutes completed after closing renew the proof; a week later only the office may', async () => {
  const { school, id } = await running()
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  await school.as('leader', (tx) => actions.saveMinutes(tx, { id, version: 0, parts: { process: '补记' } }))
  const held = (await standing(school)).filter((fact) => fact.kind === 'activity.held')
  assert.deepEqual(
    held.map((fact) => fact.attributes.minutesParts),
    [['attendance', 'process']],
  )
  at('10:00', '2026-11-26')
  await refused(
    school.as('leader', (tx) => actions.saveMinutes(tx, { id, version: 1, parts: { opinions: '晚了' } })),
    /已归档/,
  )
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version: 1, parts: { opinions: '教导处补' } }),
  )
})

test('speakers take turns over the term, and a swap is kept with its reason', async () => {
  at('10:00', '2026-09-07')
  const school = await createTestSchool(services)
  const spoken: string[] = []
  for (const week of ['2026-09-09', '2026-09-16', '2026-09-23', '2026-10-14']) {
    const { suggestion } = await school.as('leader', (tx) => suggestPlan(tx, { unitId: null, day: week }))
    spoken.push(suggestion.speakerId ?? '')
    await school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { day: week, speakerId: suggestion.speakerId ?? null })),
    )
  }
  assert.equal(new Set(spoken.slice(0, 3)).size, 3)
  assert.equal(spoken[3], spoken[0])
  const [line] = await school.as('leader', (tx) => listLines(tx, { from: '2026-09-09', to: '2026-09-09' }))
  const other = spoken[1] ?? ''
  await school.as('leader', (tx) =>
    actions.swapSpeaker(tx, { id: line?.id ?? '', toPersonId: other, reason: '外出听课' }),
  )
  const detail = await school.as('leader', (tx) => getDetail(tx, line?.id ?? ''))
  assert.deepEqual([detail.speaker?.id, detail.swaps[0]?.reason], [other, '外出听课'])
})

test('planning refuses what is not settled, two activities of a group at once, and an end before the start', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const refusal = await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { place: '' }))),
    /落实“地点”/,
  )
  assert.deepEqual(refusal.fields, { place: '请填写' })
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { theme: ' ' }))),
    /主题/,
  )
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { endTime: '15:30' }))),
    /晚于开始/,
  )
  await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await refused(
    school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { startTime: '16:30', endTime: '17:30' })),
    ),
    /已经安排了《估算教学的难点》/,
  )
  const { warnings } = await school.as('principal', (tx) =>
    actions.planActivity(
      tx,
      plan(school, { scope: 'organisation', unitId: null, theme: '全校理论学习', place: '报告厅' }),
    ),
  )
  assert.match(warnings[0] ?? '', /数学教研组的《估算教学的难点》/)
  const lines = await school.as('outsider', (tx) => listLines(tx, { from: day, to: day, mine: true }))
  assert.deepEqual(
    lines.map((line) => line.theme),
    ['全校理论学习'],
  )
})

test('where the regime forbids moving, moving is refused with the clause, also for the principal', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const text = getRegimeText('xinhongqiao')
  const source = text.includes('activitiesMayMove')
    ? text
    : text.replace(
        /^settings:$/m,
        'settings:\n  activitiesMayMove: { label: 能否调换, value: false, clause: 三.1 }',
      )
  await school.as('principal', (tx) =>
    tx.run(sql`
      INSERT INTO regime_adoptions (org_id, id, school_year_id, regime_id, version, title, source, from_on, adopted_at)
      VALUES (${tx.orgId}, ${newId()}, '2026-2027', 'xinhongqiao', 'test', '新虹桥', ${source}, '2026-08-31', ${tx.now})`),
  )
  const { id } = await school.as('leader', (tx) =>
    actions.planActivity(tx, plan(school, { kind: 'themedDiscussion' })),
  )
  for (const who of ['leader', 'principal'] as const) {
    const refusal = await refused(
      school.as(who, (tx) => actions.moveActivity(tx, { id, day: '2026-11-20', reason: '开会' })),
      /一般不予调换/,
    )
    assert.match(refusal.clause ?? '', /三\.1/)
  }
})

test('a regime that forbids moving says so with its clause', () => {
  const regime = {
    title: '新虹桥小学校本研修制度',
    settings: { activitiesMayMove: { label: '能否调换', value: false, clause: '三.1' } },
    vocabularies: { activityKinds: [], activityForms: [], contentTags: [] },
    forms: [],
  } as unknown as Parameters<typeof settingsOf>[0][number]
  assert.equal(settingsOf([regime]).moveForbiddenBy, '新虹桥小学校本研修制度 三.1')
  assert.equal(settingsOf([]).moveForbiddenBy, null)
})

test('the regime in force gives the words, the parts of the minutes and what must be settled', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  await school.as('principal', (tx) =>
    adoptRegime(tx, { regimeId: 'xinhongqiao', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const refusal = await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { place: '' }))),
    /落实“地点”/,
  )
  assert.match(refusal.clause ?? '', /三\.4/)
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { kind: 'party' }))),
    /没有“party”这类活动/,
  )
  const { id } = await school.as('leader', (tx) =>
    actions.planActivity(tx, plan(school, { kind: 'themedDiscussion' })),
  )
  const detail = await school.as('leader', (tx) => getDetail(tx, id))
  assert.deepEqual(
    detail.minutesParts.map((part) => part.label),
    ['专题', '现场', '共识', '积累'],
  )
})

test('statistics count each status; a teacher sees only the own line', async () => {
  const { school, id } = await running()
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const range = { from: day, to: day }
  const all = await school.as('academicOffice', (tx) => listStatistics(tx, range))
  assert.deepEqual(
    all.map((line) => [line.name, line.expected, line.present, line.absent, line.minutes, line.ratePerMille]),
    [
      ['陈立新', 1, 1, 0, 90, 1000],
      ['林小满', 1, 1, 0, 90, 1000],
      ['赵春雨', 1, 0, 1, 0, 0],
    ],
  )
  const own = await school.as('teacher', (tx) => listStatistics(tx, range))
  assert.deepEqual(
    own.map((line) => line.name),
    ['林小满'],
  )
})

test('a cancelled activity takes no sign-in and leaves no fact', async () => {
  const { school, id } = await running()
  await school.as('leader', (tx) => actions.cancelActivity(tx, { id, reason: '停电' }))
  await refused(
    school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) })),
    /已经取消/,
  )
  assert.deepEqual(await standing(school), [])
})
