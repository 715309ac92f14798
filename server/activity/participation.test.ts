import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClients, createTestSchool, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import { answerAppeal, appealAttendance } from '../attendance/actions.ts'
import { getBook } from '../attendance/queries.ts'
import { instantAt } from '../kit/dates.ts'
import {
  correctAttendance,
  deliverParked,
  recordRollCall,
  signIn,
  signInByNumber,
} from './attendance-actions.ts'
import { tokenFor, windowOf } from './codes.ts'
import * as participation from './participation-actions.ts'
import { getParticipation } from './participation-routes.ts'
import { listNotices } from './participation-store.ts'
import { listStatistics } from './queries.ts'
import { numberOf } from './running.ts'
import {
  at,
  day,
  factsOf,
  plan,
  refused,
  running,
  secret,
  services,
  standing,
  statuses,
  tokenNow,
} from './testing.ts'

async function planned(more: Parameters<typeof plan>[1] = {}) {
  at('08:00')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school, more)))
  return { school, id }
}
type Person = keyof TestSchool['people']
const view = (school: TestSchool, id: string, who: Person = 'leader') =>
  school.as(who, (tx) => getParticipation(tx, id))
const material = (school: TestSchool, activityId: string, more: object = {}) =>
  school.as('leader', (tx) =>
    participation.addMaterial(tx, {
      activityId,
      title: '《数与代数》选读',
      note: '',
      address: '',
      releasedOn: '2026-11-18',
      byChoice: false,
      ...more,
    }),
  )
const scan = (school: TestSchool, who: Person, id: string) =>
  school.as(who, (tx) => signIn(tx, secret, { token: tokenNow(id) }))

test('materials are released ahead, confirmed and chosen from; the leader sees who has not', async () => {
  const { school, id } = await planned({ day: '2026-11-25' })
  await material(school, id, { title: '必读' })
  const one = await material(school, id, { title: '选读一', byChoice: true })
  await material(school, id, { title: '选读二', byChoice: true })
  await material(school, id, { title: '下周才发', releasedOn: '2026-11-24' })
  assert.equal((await view(school, id, 'teacher')).materials.length, 3)
  assert.deepEqual(
    (await school.as('teacher', (tx) => listNotices(tx, school.people.teacher))).map((row) => row.kind),
    ['materials'],
  )
  const receive = (chosenIds: string[]) =>
    school.as('teacher', (tx) => participation.receiveMaterials(tx, { activityId: id, chosenIds }))
  await refused(receive([]), /至少选一份/)
  await receive([one.materialId])
  const seen = await view(school, id)
  assert.deepEqual(seen.notReceived, ['陈立新', '赵春雨'])
  assert.deepEqual(seen.materials.find((row) => row.title === '选读一')?.chosenBy, ['林小满'])
  assert.deepEqual(await school.as('teacher', (tx) => listNotices(tx, school.people.teacher)), [])
  await refused(
    school.as('outsider', (tx) => participation.receiveMaterials(tx, { activityId: id, chosenIds: [] })),
    /应到名单/,
  )
  await refused(
    school.as('teacher', (tx) =>
      participation.addMaterial(tx, {
        activityId: id,
        title: 'x',
        note: '',
        address: '',
        releasedOn: day,
        byChoice: false,
      }),
    ),
    /只有主持人/,
    403,
  )
})

test('late release is said; a release after the activity is refused; the fact tells the lead time', async () => {
  const { school, id } = await planned({ day: '2026-11-20' })
  await refused(material(school, id, { releasedOn: '2026-11-21' }), /之前发放/)
  await material(school, id, { releasedOn: '2026-11-01' })
  const seen = await view(school, id)
  assert.equal(seen.materials[0]?.releasedOn, '2026-11-18')
  assert.equal(participation.lateSentence('2026-11-18', '2026-11-20', 7), '只提前 2 天，应提前 7 天')
  at('15:20', '2026-11-20')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const held = (await standing(school)).find((fact) => fact.kind === 'activity.held')
  assert.equal(held?.attributes.leadDays, 2)
  assert.deepEqual(held?.attributes.papers, ['《数与代数》选读'])
  assert.equal(held?.attributes.subject, '数学')
  assert.equal(held?.attributes.organiser, 'group')
})

test('of three sessions two make somebody present; one is not enough; hours follow the sessions', async () => {
  const { school, id } = await planned()
  const sessions = [
    { day, startTime: '09:00', endTime: '11:00' },
    { day, startTime: '14:00', endTime: '16:00' },
    { day: '2026-11-19', startTime: '09:00', endTime: '10:00' },
  ]
  const save = (list: typeof sessions, least: number) =>
    school.as('leader', (tx) => participation.saveSessions(tx, { activityId: id, least, sessions: list }))
  await refused(save([sessions[0]!, { day, startTime: '10:00', endTime: '12:00' }], 1), /重叠/)
  await refused(save(sessions, 4), /不能多于/)
  await save(sessions, 2)
  // Moved by a day and back: the sessions go along with their hours.
  const move = (to: string) =>
    school.as('leader', (tx) => actions.moveActivity(tx, { id, day: to, reason: '场地冲突' }))
  await move('2026-11-19')
  assert.deepEqual(
    (await view(school, id)).sessions.map((session) => [session.day, session.startTime]),
    [
      ['2026-11-19', '09:00'],
      ['2026-11-19', '14:00'],
      ['2026-11-20', '09:00'],
    ],
  )
  await move(day)
  at('08:50')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await scan(school, 'teacher', id)
  await scan(school, 'colleague', id)
  at('13:55')
  await scan(school, 'teacher', id)
  at('09:30', '2026-11-19')
  await school.as('leader', (tx) =>
    participation.recordSession(tx, {
      activityId: id,
      number: 3,
      entries: [{ personId: school.people.teacher, present: true }],
    }),
  )
  await refused(
    school.as('leader', (tx) =>
      recordRollCall(tx, { id, entries: [{ personId: school.people.teacher, status: 'absent' }] }),
    ),
    /选好是哪一场/,
  )
  assert.deepEqual(
    (await view(school, id, 'teacher')).sessions.map((session) => [session.mine, session.personIds.length]),
    [
      [true, 0],
      [true, 0],
      [true, 0],
    ],
  )
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const status = await statuses(school, id)
  assert.equal(status.林小满, 'present')
  assert.equal(status.赵春雨, 'absent')
  assert.ok((await factsOf(school, 'teacher')).includes('activity.attended present 300'))
  const held = (await standing(school)).find((fact) => fact.kind === 'activity.held')
  assert.equal(held?.quantity, 300)
})

test('of three sessions the hand of the leader counts as the code, and a correction counts the sessions, with history', async () => {
  const { school, id } = await planned()
  const { teacher, colleague } = school.people
  await school.as('leader', (tx) =>
    participation.saveSessions(tx, {
      activityId: id,
      least: 2,
      sessions: ['08:30', '10:00', '14:00'].map((startTime, index) => ({
        day,
        startTime,
        endTime: ['09:30', '11:30', '16:00'][index] ?? '',
      })),
    }),
  )
  at('08:20')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  const call = (number: number, entries: [string, boolean][]) =>
    school.as('leader', (tx) =>
      participation.recordSession(tx, {
        activityId: id,
        number,
        entries: entries.map(([personId, present]) => ({ personId, present })),
      }),
    )
  await call(1, [[teacher, true]])
  // Taken back in the only session: nothing is left of it.
  await call(1, [[colleague, true]])
  await call(1, [[colleague, false]])
  at('09:55')
  // Whoever was missing before may still scan, and is told for which session.
  assert.equal((await scan(school, 'colleague', id)).session, 2)
  await call(2, [[teacher, true]])
  assert.equal((await scan(school, 'teacher', id)).result, 'already')
  const token = tokenFor(secret, { activityId: id, window: windowOf(instantAt(day, '14:05')) })
  at('16:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await statuses(school, id), { 陈立新: 'present', 林小满: 'present', 赵春雨: 'absent' })
  // Whoever ran it was there all the time; called by hand, one has the minutes of the sessions, not of the whole.
  assert.ok((await factsOf(school, 'leader')).includes('activity.attended present 270'))
  assert.ok((await factsOf(school, 'teacher')).includes('activity.attended present 150'))
  const correct = (
    personId: string,
    status: 'present' | 'absent' | 'late',
    sessions?: number[],
    seen?: 'present',
  ) =>
    school.as('leader', (tx) =>
      correctAttendance(tx, { id, personId, status, reason: '漏记', sessions, seen }),
    )
  await refused(correct(colleague, 'present'), /至少到 2 场才算出席；现在记的是第 2 场/)
  await refused(correct(colleague, 'absent', [1, 2]), /就算出席/)
  await refused(correct(colleague, 'present', [1, 4]), /没有第 4 场/)
  await correct(colleague, 'present', [2, 1])
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 150'])
  // One session of somebody present is corrected alone; the same again is nothing new.
  await correct(teacher, 'present', [1, 2, 3], 'present')
  await refused(correct(teacher, 'present', [1, 2, 3]), /已经是这个结果/)
  assert.ok((await factsOf(school, 'teacher')).includes('activity.attended present 270'))
  const book = await school.as('teacher', (tx) => getBook(tx, {}))
  assert.deepEqual(book.lines[0]?.changes[0]?.sessions, { from: [1, 2], to: [1, 2, 3] })
  assert.deepEqual(book.lines[0]?.sessions, { all: [1, 2, 3], attended: [1, 2, 3], least: 2 })
  const figures = await school.as('academicOffice', (tx) => listStatistics(tx, { from: day, to: day }))
  assert.equal(figures.find((line) => line.name === '赵春雨')?.minutes, 150)
  // A scan of the afternoon that was parked without network adds its session.
  at('18:00')
  const parked = await school.as('colleague', (tx) =>
    deliverParked(tx, secret, { token, scannedAt: instantAt(day, '14:05') }),
  )
  assert.equal(parked.session, 3)
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 270'])
  // An appeal is granted for the sessions that the office names.
  await correct(colleague, 'absent')
  assert.deepEqual((await statuses(school, id)).赵春雨, 'absent')
  const appeal = await school.as('colleague', (tx) =>
    appealAttendance(tx, { activityId: id, wanted: 'present', reason: '上午在场' }),
  )
  await school.as('academicOffice', (tx) =>
    answerAppeal(tx, { id: appeal.id, grant: true, sessions: [1, 2] }),
  )
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 150'])
})

test('a full activity has a waiting list; whoever leaves makes room and the next is told', async () => {
  const { school, id } = await planned()
  const set = (capacity: number | null) =>
    school.as('leader', (tx) =>
      participation.setEnrolment(tx, { activityId: id, byEnrolment: true, capacity }),
    )
  const enrol = (who: Person) => school.as(who, (tx) => participation.enrol(tx, { activityId: id }))
  await refused(enrol('teacher'), /不用报名/)
  await set(1)
  assert.deepEqual(await enrol('teacher'), { status: 'enrolled', place: null })
  assert.deepEqual(await enrol('colleague'), { status: 'waiting', place: 1 })
  assert.deepEqual(await enrol('leader'), { status: 'waiting', place: 2 })
  await refused(enrol('teacher'), /已经报上名/)
  await refused(enrol('outsider'), /其他组的活动/, 403)
  const left = await school.as('teacher', (tx) => participation.leaveEnrolment(tx, { activityId: id }))
  assert.equal(left.movedUp, '赵春雨')
  const told = await school.as('colleague', (tx) => listNotices(tx, school.people.colleague))
  assert.deepEqual(
    told.map((row) => row.kind),
    ['movedUp'],
  )
  await school.as('colleague', (tx) => participation.noteMovedUp(tx, { activityId: id }))
  assert.deepEqual(await school.as('colleague', (tx) => listNotices(tx, school.people.colleague)), [])
  assert.equal((await set(null)).movedUp, 1)
})

test('who waits and scans gets a clear sentence; the leader takes them in with one tap', async () => {
  const { school, id } = await planned()
  await school.as('leader', (tx) =>
    participation.setEnrolment(tx, { activityId: id, byEnrolment: true, capacity: 1 }),
  )
  for (const who of ['teacher', 'colleague'] as const)
    await school.as(who, (tx) => participation.enrol(tx, { activityId: id }))
  at('15:20')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await scan(school, 'teacher', id)
  await refused(scan(school, 'colleague', id), /名额已满，您还在候补名单里/)
  await school.as('leader', (tx) =>
    participation.admit(tx, { activityId: id, personId: school.people.colleague }),
  )
  assert.equal((await scan(school, 'colleague', id)).result, 'already')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.equal((await statuses(school, id)).赵春雨, 'present')
})

test('guests sign by the number on the wall, are listed apart and leave no facts', async () => {
  const { school, id } = await running()
  const clients = await createTestClients(services, school, 'guest')
  const number = await school.as('leader', (tx) => numberOf(tx, secret, id))
  const post = (body: object, to = school.id) =>
    clients.app.inject({ method: 'POST', url: `/api/guest/${to}`, payload: body })
  const wrong = await post({ number: '000000', name: '郑来宾', school: '邻区小学' })
  assert.equal(wrong.statusCode, 422)
  assert.match(wrong.json().error.message, /没有正在签到的活动用这个数字/)
  assert.equal((await post({ number, name: ' ', school: '邻区小学' })).statusCode, 422)
  const other = await createTestSchool(services, '别的小学')
  assert.equal((await post({ number, name: '郑来宾', school: '邻区小学' }, other.id)).statusCode, 422)
  const first = await post({ number, name: '郑来宾', school: '邻区小学' })
  assert.deepEqual(first.json(), { theme: '估算教学的难点', isNew: true })
  assert.equal((await post({ number, name: '郑来宾', school: '邻区小学' })).json().isNew, false)
  const seen = await view(school, id)
  assert.deepEqual(
    seen.guests.map((guest) => [guest.name, guest.school]),
    [['郑来宾', '邻区小学']],
  )
  assert.equal(seen.guestPath, `/g/${school.id}`)
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const people = (await standing(school)).filter((fact) => fact.kind === 'activity.attended')
  assert.equal(people.length, 3)
  const page = await clients.app.inject({ url: `/g/${school.id}` })
  assert.match(page.body, /来宾签到/)
})

test('the number of one school takes nobody in at another', async () => {
  const { school, id } = await running()
  const number = (await school.as('leader', (tx) => numberOf(tx, secret, id))) ?? ''
  const other = await createTestSchool(services, '别的小学')
  await refused(
    other.as('teacher', (tx) => signInByNumber(tx, secret, number)),
    /没有正在签到的活动/,
  )
})

test('the host confirms the minutes as they were read; a later change must be confirmed again', async () => {
  const { school, id } = await running({ recorderId: undefined })
  await school.as('leader', (tx) => actions.changeActivity(tx, { id, recorderId: school.people.colleague }))
  const save = (version: number, parts: Record<string, string>) =>
    school.as('colleague', (tx) => actions.saveMinutes(tx, { id, version, parts }))
  const confirm = (who: Person, version: number) =>
    school.as(who, (tx) => participation.confirmMinutes(tx, { activityId: id, version }))
  await save(0, { process: '先听课' })
  await refused(confirm('leader', 1), /结束后/, 403)
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  await refused(confirm('leader', 1), /记录还缺：主要发言、形成的共识/)
  await save(1, { opinions: '林小满主讲', agreedView: '先画图再估' })
  assert.deepEqual(
    (await school.as('leader', (tx) => listNotices(tx, school.people.leader))).map((row) => row.kind),
    ['minutes'],
  )
  await refused(confirm('academicOffice', 2), /由主持人确认/, 403)
  await refused(confirm('leader', 1), /刚刚有人改过/, 409)
  await confirm('leader', 2)
  assert.equal((await view(school, id)).minutes.confirmedByName, '陈立新')
  await save(2, { agreedView: '先画图再估，下周汇报' })
  assert.equal((await view(school, id)).minutes.confirmedAt, null)
})
