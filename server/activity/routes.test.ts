import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import type { LiveMessage } from '../kit/hub.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { tokenFor, windowMilliseconds, windowOf } from './codes.ts'
import type { LiveView, SignInResult } from './contract.ts'

const services = await createTestServices(instantAt('2026-11-18', '15:20'))
const school = await createTestSchool(services)
const { app, call, cookies } = await createTestClients(services, school)
const day = '2026-11-18'
const later = (milliseconds: number) =>
  services.clock.moveTo(new Date(services.clock.now().getTime() + milliseconds))

async function started(startTime: string, endTime: string): Promise<string> {
  const planned = await call('leader', 'activity/planActivity', {
    scope: 'group',
    unitId: school.groupId,
    kind: 'groupResearch',
    theme: '估算教学',
    content: '三上',
    place: '三楼会议室',
    day,
    startTime,
    endTime,
    hostId: school.people.leader,
  })
  const { id } = planned.body as { id: string }
  const answer = await call('leader', 'activity/startActivity', { id })
  assert.equal(answer.status, 200)
  return id
}
const id = await started('15:30', '16:30')

function message(body: unknown): string {
  return (body as { error?: { message?: string } }).error?.message ?? ''
}

test('the page behind the code needs no session, is small and asks nothing of other servers', async () => {
  const token = tokenFor(services.secret, { activityId: id, window: windowOf(services.clock.now()) })
  let bytes = 0
  for (const url of [`/s/${token}`, '/s/sign-in.js']) {
    const response = await app.inject({ method: 'GET', url })
    assert.equal(response.statusCode, 200)
    bytes += response.rawPayload.length
    assert.doesNotMatch(response.body, /https?:\/\//)
  }
  assert.ok(bytes < 30_000, `${bytes} bytes`)
  const page = await app.inject({ method: 'GET', url: `/s/${token}` })
  assert.doesNotMatch(page.body, /<script(?![^>]*src=)/)
  assert.doesNotMatch(page.body, /估算教学/)
  const known = await app.inject({
    method: 'GET',
    url: `/s/${token}`,
    headers: { 'if-none-match': String(page.headers.etag) },
  })
  assert.equal(known.statusCode, 304)
})

test('typing the password may take longer than the code lives, but only in the browser that opened the fresh page', async () => {
  const token = tokenFor(services.secret, { activityId: id, window: windowOf(services.clock.now()) })
  const page = await app.inject({ method: 'GET', url: `/s/${token}` })
  const receipt = String(page.headers['set-cookie']).split(';')[0] ?? ''
  assert.match(String(page.headers['set-cookie']), /HttpOnly/)
  later(5 * windowMilliseconds)
  const lateOpened = await app.inject({ method: 'GET', url: `/s/${token}` })
  assert.equal(lateOpened.headers['set-cookie'], undefined)
  const passedOn = await call('colleague', 'attendance/signIn', { token })
  assert.equal(passedOn.status, 422)
  assert.match(message(passedOn.body), /已过期/)
  const signed = await call(
    'colleague',
    'attendance/signIn',
    { token },
    { cookie: `${cookies.colleague}; ${receipt}` },
  )
  assert.equal(signed.status, 200)
  assert.equal((signed.body as SignInResult).time, '15:20')
})

test('without a session signing in asks for the sign-in first', async () => {
  const answer = await call(null, 'attendance/signIn', { token: 'x' })
  assert.equal(answer.status, 401)
})

test('the projector gets an address and a number that work, others get none', async () => {
  const live = (await call('leader', 'activityLive/getLive', { id })).body as LiveView
  assert.match(live.code?.address ?? '', /^http:\/\/school\.test\/s\/[\w-]{40}$/)
  const token = live.code?.address.split('/').at(-1)
  const signed = await call('teacher', 'attendance/signIn', { token })
  assert.equal((signed.body as SignInResult).result, 'signedIn')
  const again = await call('teacher', 'attendance/signInByNumber', { number: live.code?.number })
  assert.equal((again.body as SignInResult).result, 'already')
  assert.equal(((await call('teacher', 'activityLive/getLive', { id })).body as LiveView).code, null)
  assert.equal((await call('outsider', 'activityLive/getLive', { id })).status, 403)
  assert.equal((await call('teacher', 'activityLive/listMissing', { id })).status, 403)
})

test('hundreds of sign-ins reach open pages as a handful of messages that concern the live pages only', async () => {
  const heard: LiveMessage[] = []
  const stop = services.hub.listen(school.id, (told) => {
    if (told.id === 'flood') heard.push(told)
  })
  const { announceArrival } = await import('./running.ts')
  for (let index = 0; index < 500; index++) {
    announceArrival('flood', () => services.hub.tell(school.id, { rooms: ['activityLive'], id: 'flood' }))
  }
  await new Promise((resolve) => setTimeout(resolve, 900))
  stop()
  assert.equal(heard.length, 2)
  assert.deepEqual(heard[0]?.rooms, ['activityLive'])
})

test('plain teachers and outsiders are stopped at the gate or by the room', async () => {
  const roll = { id, entries: [{ personId: school.people.teacher, status: 'present' }] }
  assert.equal((await call('teacher', 'attendance/recordRollCall', roll)).status, 403)
  assert.equal((await call('teacher', 'attendance/decideLeave', { id, grant: true })).status, 403)
  assert.equal((await call('teacher', 'activity/planActivity', {})).status, 403)
  assert.equal((await call('outsider', 'activity/getActivity', { id })).status, 403)
  assert.equal((await call('outsider', 'activity/getSignInSheetFile', { id })).status, 403)
})

test('bad input gets a sentence and changes nothing', async () => {
  const answer = await call('leader', 'activity/planActivity', {
    scope: 'group',
    unitId: school.groupId,
    kind: 'x',
    theme: '好',
    day: '2026-02-30',
    startTime: '9点',
    endTime: '10:00',
  })
  assert.equal(answer.status, 400)
  assert.match(message(answer.body), /填写有误/)
  assert.equal((await call('teacher', 'attendance/signInByNumber', { number: '12' })).status, 400)
})

test('exports: statistics for Excel with length of each activity, sign-in sheet and record as PDF', async () => {
  const sheet = await call('academicOffice', 'attendance/getStatisticsFile', { from: day, to: day })
  assert.equal(sheet.status, 200)
  assert.equal((sheet.body as Buffer).subarray(0, 2).toString(), 'PK')
  for (const name of ['getSignInSheetFile', 'getActivityRecordFile']) {
    const file = await call('leader', `activity/${name}`, { id })
    assert.equal(file.status, 200, message(file.body))
    assert.equal((file.body as Buffer).subarray(0, 5).toString(), '%PDF-')
  }
})
