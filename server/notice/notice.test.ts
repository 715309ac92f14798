import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { createAccount, forgetCallers, hashPassword, loadActor } from '../access/actions.ts'
import { planActivity } from '../activity/actions.ts'
import { listFacts } from '../facts/store.ts'
import { createAttachment, getAttachment } from '../files/actions.ts'
import { instantAt } from '../kit/dates.ts'
import { newId } from '../kit/ids.ts'
import { systemActor } from '../kit/services.ts'
import { sql } from '../kit/sql.ts'
import * as org from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { returnWork, startWork, submitWork } from '../work/actions.ts'
import { passOnNoticeJob, tellMessagesJob } from './jobs.ts'
import type { NoticeLine } from './contract.ts'
import type { ReminderLine } from './message-contract.ts'
import { findSettings, updateSettings } from './message-store.ts'
import { readReminders, tellPortion, tellSchool } from './messages.ts'
import { afterQuiet, isQuiet, mustTell } from './rules.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { app, call } = await createTestClients(services, school)
await school.as('system', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
)
const nobody = { whole: null, unitIds: [], cohorts: [], personIds: [], schoolIds: [] }
const everybody = { ...nobody, whole: 'everybody' as const }
const content = {
  kind: 'general',
  title: '周五停电',
  body: '周五下午停电，请提前关机。',
  audience: everybody,
  confirmByDay: null,
}
const range = { from: '2026-09-01', to: '2027-01-31' }
const at = (day: string, time: string) => services.clock.moveTo(instantAt(day, time))

async function send(
  who: 'academicOffice' | 'leader',
  more: Partial<Omit<typeof content, 'audience' | 'confirmByDay'>> & {
    audience?: object
    confirmByDay?: string | null
  } = {},
): Promise<string> {
  const { id } = (await call(who, 'notice/startNotice', {})).body
  const sent = await call(who, 'notice/sendNotice', { ...content, ...more, id })
  assert.equal(sent.status, 200, JSON.stringify(sent.body))
  return id
}
const unread = async (who: 'teacher' | 'outsider' | 'leader') =>
  (await call(who, 'message/getUnreadCount', {})).body as { notices: number; reminders: number }
const facts = () =>
  school.as('system', (tx) =>
    listFacts(tx, range, [
      { kind: 'organisation', id: school.id },
      { kind: 'unit', id: school.groupId },
    ]),
  )
const told = async (who: 'teacher' | 'leader' | 'principal') =>
  (await call(who, 'message/listMessages', {})).body as { reminders: ReminderLine[]; notices: NoticeLine[] }

test('a notice reaches everybody, is counted as read once opened, and leaves its fact', async () => {
  const before = await unread('teacher')
  const id = await send('academicOffice')
  assert.equal((await unread('teacher')).notices, before.notices + 1)
  await call('teacher', 'notice/openNotice', { id })
  await call('teacher', 'notice/openNotice', { id })
  assert.equal((await unread('teacher')).notices, before.notices)
  const view = (await call('academicOffice', 'notice/getNotice', { id })).body
  assert.deepEqual(view.counts, { receivers: 6, read: 1, confirmed: 0 })
  assert.equal(view.receivers[0].openedAt, null, 'those who have not read it stand first')
  const fact = (await facts()).find((one) => one.source.id === id)
  assert.deepEqual(
    [fact?.kind, fact?.attributes, fact?.quantity],
    ['notice.sent', { noticeKind: 'general' }, 1],
  )
  // Colleagues see no list of readers.
  assert.equal((await call('teacher', 'notice/getNotice', { id })).body.receivers, null)
})

test('closing writes the share of readers: the first fact is reversed, a new one holds it', async () => {
  const id = await send('academicOffice', { confirmByDay: '2026-11-20' })
  await call('teacher', 'notice/confirmNotice', { id })
  await call('leader', 'notice/openNotice', { id })
  at('2026-11-20', '12:00')
  await tellMessagesJob(services, null)
  assert.equal((await call('teacher', 'notice/getNotice', { id })).body.status, 'sent', 'its day is not over')
  at('2026-11-21', '12:00')
  await tellMessagesJob(services, null)
  await tellMessagesJob(services, null)
  const view = (await call('academicOffice', 'notice/getNotice', { id })).body
  assert.deepEqual([view.status, view.readShare], ['closed', 16])
  const own = (await facts()).filter((one) => one.source.id === id)
  const reversed = new Set(own.flatMap((one) => one.reverses ?? []))
  const standing = own.filter((one) => one.reverses === null && !reversed.has(one.id))
  assert.deepEqual(
    standing.map((one) => [one.on, one.attributes]),
    [['2026-11-18', { noticeKind: 'general', readShare: 16 }]],
  )
  at('2026-11-18', '10:00')
})

test('a leader writes to the own group alone; a teacher not at all; an outsider does not even see it', async () => {
  assert.equal((await call('teacher', 'notice/startNotice', {})).status, 403)
  const { id } = (await call('leader', 'notice/startNotice', {})).body
  const toAll = await call('leader', 'notice/sendNotice', { ...content, id })
  assert.equal(toAll.status, 422)
  assert.match(toAll.body.error.message, /发给全校/)
  const other = await call('leader', 'notice/sendNotice', {
    ...content,
    id,
    audience: { ...nobody, personIds: [school.people.outsider] },
  })
  assert.match(other.body.error.message, /自己带的组/)
  const own = await send('leader', { audience: { ...nobody, unitIds: [school.groupId] }, title: '组内通知' })
  assert.equal((await call('outsider', 'notice/getNotice', { id: own })).status, 404)
  assert.equal((await call('outsider', 'notice/openNotice', { id: own })).status, 404)
  assert.equal((await call('colleague', 'notice/withdrawNotice', { id: own, because: '试' })).status, 403)
  const view = (await call('teacher', 'notice/getNotice', { id: own })).body
  assert.equal(view.sender, '数学教研组')
  const fact = (await facts()).find((one) => one.source.id === own)
  assert.deepEqual(fact?.subject, { kind: 'unit', id: school.groupId })
})

test('a cohort of the regime is counted today and written to', async () => {
  const choices = (await call('academicOffice', 'notice/getAudienceChoices', {})).body
  const cohort = choices.cohorts.find((one: { people: number }) => one.people > 0)
  assert.ok(cohort, JSON.stringify(choices.cohorts))
  const id = await send('academicOffice', { audience: { ...nobody, cohorts: [cohort.id] } })
  const view = (await call('academicOffice', 'notice/getNotice', { id })).body
  assert.equal(view.counts.receivers, cohort.people)
  assert.equal(view.audienceText, cohort.label)
  const draft = (await call('academicOffice', 'notice/startNotice', {})).body.id
  const wrong = await call('academicOffice', 'notice/sendNotice', {
    ...content,
    id: draft,
    audience: { ...nobody, cohorts: ['nobody-knows'] },
  })
  assert.match(wrong.body.error.message, /不在现行制度里/)
})

test('a correction keeps the old words and asks everybody again; a withdrawal takes the fact back', async () => {
  const id = await send('academicOffice', { title: '开会时间' })
  await call('teacher', 'notice/openNotice', { id })
  const before = (await unread('teacher')).notices
  const silent = await call('academicOffice', 'notice/correctNotice', {
    id,
    title: '开会时间改',
    body: '三点',
    because: '',
  })
  assert.match(silent.body.error.message, /原因/)
  await call('academicOffice', 'notice/correctNotice', {
    id,
    title: '开会时间改',
    body: '三点',
    because: '时间写错',
  })
  assert.equal((await unread('teacher')).notices, before + 1)
  const view = (await call('teacher', 'notice/getNotice', { id })).body
  assert.deepEqual(
    view.changes.map((one: { what: string; titleBefore: string }) => [one.what, one.titleBefore]),
    [
      ['sent', ''],
      ['corrected', '开会时间'],
    ],
  )
  await call('academicOffice', 'notice/withdrawNotice', { id, because: '会议取消' })
  assert.equal((await unread('teacher')).notices, before)
  assert.equal((await call('teacher', 'notice/getNotice', { id })).body.withdrawnBecause, '会议取消')
  const own = (await facts()).filter((one) => one.source.id === id)
  assert.equal(own.filter((one) => one.reverses !== null).length, 1)
  assert.match((await call('academicOffice', 'notice/remindUnread', { id })).body.error.message, /已经撤回/)
})

test('those who have not read it are reminded once a day, the others are left in peace', async () => {
  const id = await send('academicOffice', { title: '交材料' })
  await call('teacher', 'notice/openNotice', { id })
  const first = await call('academicOffice', 'notice/remindUnread', { id })
  assert.equal(first.body.reminded, 5)
  assert.match(
    (await call('academicOffice', 'notice/remindUnread', { id })).body.error.message,
    /今天已经提醒过/,
  )
  const view = (await call('academicOffice', 'notice/getNotice', { id })).body
  const teacher = view.receivers.find((one: { personId: string }) => one.personId === school.people.teacher)
  assert.equal(teacher.remindedAt, null)
})

test('refuses a title that would begin another line of a letter’s head', async () => {
  const { id } = (await call('academicOffice', 'notice/startNotice', {})).body
  const answer = await call('academicOffice', 'notice/sendNotice', {
    ...content,
    id,
    title: '通知\r\nBcc: all@school.test',
  })
  assert.equal(answer.status, 400)
  assert.match(answer.body.error.message, /只能写一行/)
})

test('a notice of the district goes to the people of its schools, once, and withdrawn it is withdrawn there', async () => {
  const districtId = newId()
  const officer = await services.inOrganisation(districtId, systemActor('test'), async (tx) => {
    await org.createOrganisation(tx, { kind: 'district', name: '云岭区教师研修中心', districtId: null })
    const personId = await org.createPerson(tx, {
      staffNumber: 'Q1',
      name: '方志远',
      from: '2020-09-01',
      attributes: {},
    })
    await org.appoint(tx, { personId, role: 'districtOfficer', title: '主任', from: '2020-09-01' })
    await createAccount(tx, {
      personId,
      loginName: 'district-officer',
      passwordHash: await hashPassword('probe-2026'),
      mustChangePassword: false,
    })
    return personId
  })
  assert.ok(officer)
  const client = new pg.Client({ connectionString: services.connectionString })
  await client.connect()
  await client.query('UPDATE organisations SET district_id = $1 WHERE id = $2', [districtId, school.id])
  await client.end()
  forgetCallers()
  const signedIn = await app.inject({
    method: 'POST',
    url: '/api/access/signIn',
    payload: { loginName: 'district-officer', password: 'probe-2026' },
  })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const post = (path: string, payload: object) =>
    app.inject({ method: 'POST', url: `/api/${path}`, payload, headers: { cookie } })
  const { id } = (await post('notice/startNotice', {})).json()
  const file = { name: '会议安排.pdf', mediaType: 'application/pdf', sizeBytes: 7, sha256: 'b'.repeat(64) }
  await services.inOrganisation(districtId, systemActor('test'), async (tx) => {
    const { actor } = await loadActor(tx, { accountId: null, personId: officer })
    await createAttachment({ ...tx, actor }, { room: 'notice', id, file: { ...file, path: '' } })
  })
  const sent = await post('notice/sendNotice', {
    ...content,
    id,
    title: '全区教研会',
    audience: { ...nobody, whole: 'principals', schoolIds: [school.id] },
  })
  assert.equal(sent.statusCode, 200, sent.body)
  const before = await told('principal')
  const job = { districtId, noticeId: id, schoolId: school.id }
  await passOnNoticeJob(services, job)
  await passOnNoticeJob(services, job)
  const after = await told('principal')
  assert.equal(after.notices.length, before.notices.length + 1)
  const received = after.notices[0]
  assert.equal(received?.sender, '云岭区教师研修中心')
  // The file comes along, once, and is read like the school's own.
  const { attachments } = (await call('principal', 'notice/getNotice', { id: received?.id })).body
  assert.deepEqual(
    attachments.map((one: { name: string }) => one.name),
    ['会议安排.pdf'],
  )
  assert.deepEqual(
    await school.as('principal', async (tx) => {
      const { sha256 } = await getAttachment(tx, attachments[0].id)
      return sha256
    }),
    file.sha256,
  )
  assert.equal((await call('teacher', 'notice/getNotice', { id: received?.id })).status, 404)
  assert.equal(
    (await call('principal', 'notice/withdrawNotice', { id: received?.id, because: '试' })).status,
    403,
  )
  await call('principal', 'notice/openNotice', { id: received?.id })
  const seen = await app.inject({
    method: 'GET',
    url: `/api/notice/getNotice?input=${encodeURIComponent(JSON.stringify({ id }))}`,
    headers: { cookie },
  })
  assert.deepEqual(
    seen.json().schools.map((one: { receivers: number; read: number }) => [one.receivers, one.read]),
    [[2, 1]],
  )
  await post('notice/withdrawNotice', { id, because: '改期' })
  await passOnNoticeJob(services, job)
  assert.equal((await call('principal', 'notice/getNotice', { id: received?.id })).body.status, 'withdrawn')
})

// ── Reminders ─────────────────────────────────────────────────────────────────

const rows = (personId: string) =>
  school.as('system', (tx) =>
    tx.many<{ matter: string; toldCount: number; endedAt: Date | null; readAt: Date | null }>(
      sql`SELECT matter, told_count, ended_at, read_at FROM reminders WHERE org_id = ${tx.orgId} AND person_id = ${personId} ORDER BY matter`,
    ),
  )

test('the job run twice tells each matter once; done, the matter is gone; told again only after some days', async () => {
  const body = '孩子们把长方形折成八份，争论八分之二和四分之一谁大。'.repeat(6)
  const work = await school.as('teacher', async (tx) => {
    const { id } = await startWork(tx, { kind: 'reflection', title: '折纸', body })
    await submitWork(tx, { id })
    return id
  })
  await school.as('leader', (tx) => returnWork(tx, { id: work, reason: '请补充学生的话' }))
  const activity = await school.as('leader', (tx) =>
    planActivity(tx, {
      scope: 'group',
      unitId: school.groupId,
      kind: 'teamStudy',
      hostId: school.people.leader,
      speakerId: school.people.teacher,
      day: '2026-11-19',
      startTime: '15:00',
      endTime: '16:00',
      place: '会议室',
      theme: '分数的意义',
      content: '',
    }),
  )
  await tellMessagesJob(services, null)
  const first = await rows(school.people.teacher)
  assert.ok(first.some((row) => row.matter === `returned ${work}`))
  assert.ok(
    first.some((row) => row.matter === `activity ${activity.id}`),
    'tomorrow’s activity',
  )
  assert.equal(new Set(first.map((row) => row.matter)).size, first.length)
  at('2026-11-18', '13:00')
  await tellMessagesJob(services, null)
  await tellMessagesJob(services, null)
  assert.deepEqual(await rows(school.people.teacher), first)
  // It is shown with the one place where it is done.
  const line = (await told('teacher')).reminders.find((one) => one.title.includes('折纸'))
  assert.deepEqual(line?.action.place, { page: 'work', id: work })
  // Read, and told again after three days because it still lies there.
  await call('teacher', 'message/readReminders', {})
  assert.equal((await unread('teacher')).reminders, 0)
  at('2026-11-20', '10:30')
  await tellMessagesJob(services, null)
  const quiet = (await rows(school.people.teacher)).find((row) => row.matter === `returned ${work}`)
  assert.deepEqual([quiet?.toldCount, quiet?.readAt !== null], [1, true])
  at('2026-11-23', '10:30')
  await tellMessagesJob(services, null)
  const again = (await rows(school.people.teacher)).find((row) => row.matter === `returned ${work}`)
  assert.deepEqual([again?.toldCount, again?.readAt], [2, null])
  // Handed in again: gone from the page at once, ended by the next run.
  await school.as('teacher', (tx) => submitWork(tx, { id: work }))
  assert.equal(
    (await told('teacher')).reminders.some((one) => one.title.includes('折纸')),
    false,
  )
  at('2026-11-23', '13:30')
  await tellMessagesJob(services, null)
  const done = (await rows(school.people.teacher)).find((row) => row.matter === `returned ${work}`)
  assert.ok(done?.endedAt)
  const waiting = (await told('leader')).reminders.find((one) => one.kind === 'decision')
  assert.deepEqual(waiting?.action.place, { page: 'inbox' })
  at('2026-11-18', '10:00')
})

test('reminders are gathered in portions: killed between two, the next run goes on and tells nothing twice', async () => {
  const own = await createTestSchool(services, '分批小学')
  const state = () =>
    own.as('system', async (tx) => ({
      people: await tx.many<{ personId: string; toldCount: number }>(
        sql`SELECT person_id, max(told_count) AS told_count FROM reminders WHERE org_id = ${tx.orgId} GROUP BY person_id ORDER BY person_id`,
      ),
      settings: await findSettings(tx),
    }))
  await own.as('academicOffice', (tx) =>
    planActivity(tx, {
      scope: 'organisation',
      unitId: null,
      kind: 'teamStudy',
      hostId: own.people.principal,
      speakerId: own.people.teacher,
      day: '2026-11-19',
      startTime: '15:00',
      endTime: '16:00',
      place: '报告厅',
      theme: '全校教研',
      content: '学习',
    }),
  )
  const portion = () => own.as('system', (tx) => tellPortion(tx, services, 2))
  at('2026-11-18', '10:00')
  assert.equal((await portion()).isOver, false)
  const first = await state()
  assert.equal(first.people.length, 2)
  assert.deepEqual(first.settings.gatheredAt, null)
  assert.equal(first.settings.gatheredTo, first.people[1]?.personId)
  // Whoever reads the own reminders between two portions does not disturb the order.
  await own.as('teacher', (tx) => readReminders(tx, undefined))
  at('2026-11-18', '10:05')
  await tellSchool(services, own.id, systemActor('test'), 2)
  const done = await state()
  assert.equal(done.people.length, 6)
  assert.ok(done.people.every((one) => one.toldCount === 1))
  assert.equal(done.settings.gatheringSince, null)
  assert.deepEqual(done.settings.gatheredAt, first.settings.gatheringSince)
  at('2026-11-18', '10:10')
  assert.deepEqual(await tellSchool(services, own.id, systemActor('test'), 2), { told: 0, digests: 0 })
  // One that has stood still since yesterday begins anew.
  await own.as('system', async (tx) =>
    updateSettings(tx, {
      ...(await findSettings(tx)),
      gatheringSince: first.settings.gatheringSince,
      gatheredTo: newId(),
    }),
  )
  at('2026-11-19', '09:00')
  await tellSchool(services, own.id, systemActor('test'), 2)
  assert.equal((await state()).settings.gatheredTo, null)
  at('2026-11-18', '10:00')
})

test('in the quiet hours nothing is told', async () => {
  assert.equal(isQuiet('22:30', { quietFrom: '21:00', quietTo: '06:30' }), true)
  assert.equal(isQuiet('12:30', { quietFrom: '12:00', quietTo: '14:00' }), true)
  assert.equal(isQuiet('06:30', { quietFrom: '21:00', quietTo: '06:30' }), false)
  assert.deepEqual(
    afterQuiet(instantAt('2026-11-18', '23:00'), { quietFrom: '21:00', quietTo: '06:30' }),
    instantAt('2026-11-19', '06:30'),
  )
  const other = await createTestSchool(services, '静夜小学')
  await other.as('leader', async (tx) => {
    await planActivity(tx, {
      scope: 'group',
      unitId: other.groupId,
      kind: 'teamStudy',
      hostId: other.people.leader,
      speakerId: other.people.teacher,
      day: '2026-11-19',
      startTime: '15:00',
      endTime: '16:00',
      place: '会议室',
      theme: '夜里不响',
      content: '',
    })
  })
  const count = () =>
    other.as('system', (tx) =>
      tx.one<{ count: number }>(sql`SELECT count(*)::int AS count FROM reminders WHERE org_id = ${tx.orgId}`),
    )
  at('2026-11-18', '22:00')
  await tellMessagesJob(services, { orgId: other.id })
  assert.equal((await count()).count, 0)
  at('2026-11-19', '06:35')
  await tellMessagesJob(services, { orgId: other.id })
  assert.ok((await count()).count > 0)
  at('2026-11-18', '10:00')
})

test('a matter is told again when it has changed, has come back, or has lain for the days of the setting', () => {
  const now = instantAt('2026-11-18', '10:00')
  const known = { fingerprint: 'a', toldAt: instantAt('2026-11-16', '10:00'), endedAt: null }
  assert.equal(mustTell(undefined, 'a', now, 3), true)
  assert.equal(mustTell(known, 'a', now, 3), false)
  assert.equal(mustTell(known, 'a', now, 2), true)
  assert.equal(mustTell(known, 'b', now, 3), true)
  assert.equal(mustTell({ ...known, endedAt: now }, 'a', now, 3), true)
})

test('the digest comes once a day at the chosen time, and may be switched off', async () => {
  const digest = async () => (await call('teacher', 'message/listMessages', {})).body.digest
  const refused = await call('teacher', 'message/savePreferences', {
    digestOn: true,
    digestTime: '23:00',
    emailOn: true,
  })
  assert.match(refused.body.error.message, /免打扰/)
  await call('teacher', 'message/savePreferences', { digestOn: true, digestTime: '16:00', emailOn: true })
  await send('academicOffice', { title: '汇总里要有我' })
  at('2026-11-25', '15:00')
  await tellMessagesJob(services, null)
  const before = await digest()
  assert.ok(!before?.at.startsWith('2026-11-25'))
  at('2026-11-25', '16:05')
  await tellMessagesJob(services, null)
  const today = await digest()
  assert.ok(today.at.startsWith('2026-11-25'))
  assert.match(today.body, /汇总里要有我/)
  at('2026-11-25', '18:30')
  await tellMessagesJob(services, null)
  assert.equal((await digest()).at, today.at)
  await call('teacher', 'message/savePreferences', { digestOn: false, digestTime: '16:00', emailOn: true })
  at('2026-11-26', '17:00')
  await tellMessagesJob(services, null)
  assert.equal((await digest()).at, today.at)
  at('2026-11-18', '10:00')
})
