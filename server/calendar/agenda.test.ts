import assert from 'node:assert/strict'
import { test } from 'node:test'
import ICAL from 'ical.js'
import { cancelActivity, moveActivity, planActivity } from '../activity/actions.ts'
import { removeMember } from '../org/unit-actions.ts'
import { dissolveUnit } from '../org/unit-actions.ts'
import { createUnit, addMember } from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { proposeSlot } from '../slot/actions.ts'
import { createTestClients, createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import type { Agenda } from './agenda-contract.ts'
import { createLimiter } from './feed.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { call, app } = await createTestClients(services, school)

const plan = (at: TestSchool, day: string, theme: string, unitId: string | null = at.groupId) =>
  at.as('academicOffice', (tx) =>
    planActivity(tx, {
      scope: unitId === null ? 'organisation' : 'group',
      unitId,
      kind: 'teamStudy',
      theme,
      content: '讨论',
      place: '会议室',
      day,
      startTime: '15:30',
      endTime: '17:00',
      hostId: at.people.leader,
      speakerId: at.people.teacher,
    }),
  )
const week = { from: '2026-11-16', to: '2026-11-22' }
const agenda = async (who: 'teacher' | 'outsider' | 'leader' | 'principal', input: object) => {
  const { status, body } = await call(who, 'agenda/getAgenda', input)
  assert.equal(status, 200, JSON.stringify(body))
  return body as Agenda
}

const slot = await school.as('academicOffice', (tx) =>
  proposeSlot(tx, {
    unitId: school.groupId,
    title: '数学教研',
    weekday: 4,
    dayPart: 'afternoon',
    firstPeriod: 7,
    lastPeriod: 8,
    from: '2026-08-31',
  }),
)
const algebra = await plan(school, '2026-11-19', '一题多解')
const cancelled = await plan(school, '2026-11-17', '已取消的活动')
await school.as('leader', (tx) => cancelActivity(tx, { id: cancelled.id, reason: '主讲人生病' }))

test('a week holds activities, free fixed times and its number; a slot that is taken up stands as its activity', async () => {
  const own = await agenda('teacher', { scope: 'mine', from: '2026-11-16', to: '2026-11-29' })
  assert.deepEqual(
    own.weeks.map((one) => one.label),
    ['第12周（双周）', '第13周（单周）'],
  )
  assert.equal(own.weeks[0]?.window, '期中')
  const said = own.items.map((item) => `${item.day} ${item.kind} ${item.title} ${item.state}`)
  assert.deepEqual(said, [
    '2026-11-17 activity 已取消的活动 cancelled',
    '2026-11-19 activity 一题多解 planned',
    '2026-11-26 slot 数学教研 free',
  ])
})

test('whoever is not of the group sees theme and time of its activity, not the place, and nothing among the own', async () => {
  assert.deepEqual((await agenda('outsider', { scope: 'mine', ...week })).items, [])
  const all = await agenda('outsider', { scope: 'school', ...week })
  const seen = all.items.find((item) => item.title === '一题多解')
  assert.equal(seen?.place, '')
  assert.equal(seen?.link, null)
  const known = (await agenda('teacher', { scope: 'school', ...week })).items.find(
    (item) => item.title === '一题多解',
  )
  assert.equal(known?.place, '会议室')
  assert.match(known?.note ?? '', /主讲 林小满/)
})

test('a group that was dissolved or belongs to another school has no calendar', async () => {
  const answer = await call('teacher', 'agenda/getAgenda', { scope: 'group', unitId: school.id, ...week })
  assert.equal(answer.status, 404)
  const long = await call('teacher', 'agenda/getAgenda', {
    scope: 'school',
    from: '2020-01-01',
    to: '2026-12-31',
  })
  assert.match(long.body.error.message, /最多看一个学年/)
})

test('deadlines of duties stand on their last day', async () => {
  const other = await createTestSchool(services, '有制度的学校')
  await other.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const { rebuildOrganisation } = await import('../regime/actions.ts')
  await rebuildOrganisation(services, other.id, (await import('../kit/services.ts')).systemActor('test'), {
    years: 'all',
  })
  const { loadAgenda } = await import('./agenda-view.ts')
  const view = await other.as('teacher', (tx) =>
    loadAgenda(tx, { scope: 'mine', from: '2026-11-16', to: '2027-01-31' }),
  )
  const deadlines = view.items.filter((item) => item.kind === 'deadline')
  assert.ok(deadlines.length > 0)
  assert.ok(deadlines.every((item) => item.starts === null && item.title !== ''))
  assert.ok(deadlines.some((item) => /还差/.test(item.note)))
})

test('a holiday that comes after the planning lists what it overtakes, to those who may act, with the next school day', async () => {
  const saved = await call('academicOffice', 'calendar/saveSpecialDays', {
    schoolYearId: '2026-2027',
    days: [{ day: '2026-11-19', kind: 'holiday', name: '校庆' }],
  })
  assert.deepEqual(saved.body, { saved: 1, affected: 1 })
  const affected = await call('leader', 'agenda/listAffected', {})
  assert.equal(affected.body.length, 1)
  assert.equal(affected.body[0].because, '校庆')
  assert.equal(affected.body[0].proposal, '2026-11-20')
  assert.deepEqual(affected.body[0].abilities, { move: null, cancel: null })
  assert.deepEqual((await call('teacher', 'agenda/listAffected', {})).body, [])
  const moved = await call('leader', 'activity/moveActivity', {
    id: algebra.id,
    day: '2026-11-20',
    reason: '校庆放假',
  })
  assert.equal(moved.status, 200)
  assert.deepEqual((await call('leader', 'agenda/listAffected', {})).body, [])
  const view = await agenda('teacher', { scope: 'mine', ...week })
  const item = view.items.find((one) => one.title === '一题多解')
  assert.equal(item?.movedFrom, '2026-11-19')
  assert.match(item?.note ?? '', /原定11月19日，计入第12周（双周）/)
  assert.ok(!view.items.some((one) => one.kind === 'slot'), 'the slot of the week is used up')
})

// ── Secret addresses ─────────────────────────────────────────────────────────

async function subscribe(who: 'teacher' | 'leader', unitId: string | null): Promise<string> {
  const { status, body } = await call(who, 'agenda/createFeed', { unitId })
  assert.equal(status, 200, JSON.stringify(body))
  return new URL(body.address as string).pathname
}
const fetchFeed = (url: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'GET', url, headers })

test('the feed is an iCalendar that an independent parser reads: time zone, stable ids, moved and cancelled', async () => {
  const path = await subscribe('teacher', null)
  const before = await fetchFeed(path)
  assert.equal(before.statusCode, 200)
  assert.match(String(before.headers['content-type']), /^text\/calendar/)
  assert.match(String(before.headers['cache-control']), /private/)
  for (const line of before.body.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, `too long: ${line}`)
  assert.ok(!/(?<!\r)\n/.test(before.body), 'every line ends with CRLF')
  const read = (text: string) => {
    const root = new ICAL.Component(ICAL.parse(text))
    assert.equal(root.getFirstPropertyValue('version'), '2.0')
    const zone = root.getFirstSubcomponent('vtimezone')
    assert.equal(zone?.getFirstPropertyValue('tzid'), 'Asia/Shanghai')
    if (zone) ICAL.TimezoneService.register(zone)
    return new Map(
      root.getAllSubcomponents('vevent').map((component) => {
        const event = new ICAL.Event(component)
        return [event.uid, { event, status: component.getFirstPropertyValue('status'), component }]
      }),
    )
  }
  const events = read(before.body)
  const uid = `activity-${algebra.id}@${school.id}.xiaoyan`
  const first = events.get(uid)
  assert.equal(first?.event.startDate.toJSDate().toISOString(), '2026-11-20T07:30:00.000Z')
  assert.equal(first?.event.startDate.zone?.tzid, 'Asia/Shanghai')
  assert.equal(first?.event.summary, '一题多解（数学教研组）')
  assert.equal(first?.event.sequence, 1)
  assert.equal(events.get(`activity-${cancelled.id}@${school.id}.xiaoyan`)?.status, 'CANCELLED')
  assert.ok([...events.values()].some(({ event }) => event.summary.startsWith('数学教研')))
  await school.as('leader', (tx) => moveActivity(tx, { id: algebra.id, day: '2026-11-23', reason: '再改' }))
  const after = read((await fetchFeed(path)).body)
  assert.equal(after.get(uid)?.event.startDate.toJSDate().toISOString(), '2026-11-23T07:30:00.000Z')
  const again = await fetchFeed(path)
  assert.equal((await fetchFeed(path, { 'if-none-match': String(again.headers.etag) })).statusCode, 304)
})

test('a new address ends the old one, a revoked one is gone, wrong ones look alike', async () => {
  const old = await subscribe('teacher', null)
  const next = await subscribe('teacher', null)
  assert.equal((await fetchFeed(old)).statusCode, 404)
  assert.equal((await fetchFeed(next)).statusCode, 200)
  const { feeds } = (await call('teacher', 'agenda/listFeeds', {})).body
  assert.equal(feeds.length, 1)
  assert.ok(!JSON.stringify(feeds).includes(next.slice(6, -4)), 'the secret is not kept')
  const foreign = await call('outsider', 'agenda/revokeFeed', { id: feeds[0].id })
  assert.equal(foreign.status, 404)
  assert.equal((await call('teacher', 'agenda/revokeFeed', { id: feeds[0].id })).status, 200)
  assert.equal((await fetchFeed(next)).statusCode, 404)
  assert.equal((await fetchFeed('/ical/nonsense.ics')).statusCode, 404)
})

test('a group has an address for its members; it ends with the group', async () => {
  assert.equal((await call('outsider', 'agenda/createFeed', { unitId: school.groupId })).status, 403)
  const unitId = await school.as('system', async (tx) => {
    const id = await createUnit(tx, {
      kind: 'lessonPreparationGroup',
      name: '三年级备课组',
      subject: null,
      from: '2026-09-01',
    })
    await addMember(tx, { unitId: id, personId: school.people.teacher, from: '2026-09-01' })
    return id
  })
  const path = await subscribe('leader', school.groupId)
  assert.match((await fetchFeed(path)).body, /一题多解/)
  const { forgetCallers } = await import('../access/actions.ts')
  forgetCallers()
  const small = await subscribe('teacher', unitId)
  assert.equal((await fetchFeed(small)).statusCode, 200)
  await school.as('system', (tx) =>
    removeMember(tx, { unitId, personId: school.people.teacher, on: '2026-11-17' }),
  )
  await school.as('system', (tx) => dissolveUnit(tx, { unitId, on: '2026-11-17' }))
  assert.equal((await fetchFeed(small)).statusCode, 404)
})

test('an address that is asked too often has to wait', async () => {
  const limiter = createLimiter(2, 1000)
  for (const at of [0, 10]) {
    assert.equal(limiter.isOver('a', at), false)
    limiter.note('a', at)
  }
  assert.equal(limiter.isOver('a', 20), true)
  assert.equal(limiter.isOver('b', 20), false)
  assert.equal(limiter.isOver('a', 1001), false)
  const path = await subscribe('leader', null)
  let last = 200
  for (let reading = 0; reading < 32 && last === 200; reading++) last = (await fetchFeed(path)).statusCode
  assert.equal(last, 429)
})

test('the term goes to Excel and the week to a printed page', async () => {
  const term = await call('teacher', 'agenda/getTermFile', { scope: 'school', termId: '2026-2027-1' })
  assert.equal(term.status, 200)
  assert.match(String(term.headers['content-disposition']), /xlsx/)
  const sheet = await call('teacher', 'agenda/getWeekSheet', { scope: 'group', from: '2026-11-19' })
  assert.equal(sheet.status, 200)
  const { readPdf } = await import('../typesetting/pdf-reader.ts')
  const pdf = readPdf(new Uint8Array(sheet.body))
  assert.equal(pdf.pages.length, 1)
  const none = await call('teacher', 'agenda/getTermFile', { scope: 'school', termId: '1999-2000-1' })
  assert.equal(none.status, 404)
  assert.ok(slot.number)
})
