import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { queryPublic, sql } from '../kit/sql.ts'
import * as org from '../org/actions.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { forgetCallers, resetPassword } from './actions.ts'
import { lockAfterFailures, lockMinutes, passwordProblem } from './rules.ts'
import { listAccounts } from './store.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { app, call } = await createTestClients(services, school)
const loginOf = (who: string) => `${who}-${school.id.slice(-8)}`
const signIn = (loginName: string, password: string) =>
  app.inject({ method: 'POST', url: '/api/access/signIn', payload: { loginName, password } })

test('a new password must be long, mixed and not name the account', () => {
  assert.match(passwordProblem('a1b2c3', 'lin') ?? '', /至少 8 位/)
  assert.match(passwordProblem('12345678', 'lin') ?? '', /字母和数字/)
  assert.match(passwordProblem('abcdefgh', 'lin') ?? '', /字母和数字/)
  assert.match(passwordProblem('teacher88', 'teacher') ?? '', /登录名/)
  assert.equal(passwordProblem('spring2026', 'teacher'), null)
})

test('a wrong name and a wrong password are answered alike', async () => {
  const [name, password] = [await signIn('nobody-here', 'x'), await signIn(loginOf('teacher'), 'wrong')]
  assert.equal(name.statusCode, 401)
  assert.deepEqual(name.json(), password.json())
})

test('the session cookie cannot be read by scripts and is kept only as a hash', async () => {
  const response = await signIn(loginOf('teacher'), 'probe-2026')
  const cookie = String(response.headers['set-cookie'])
  assert.match(cookie, /HttpOnly; SameSite=Lax/)
  const token = cookie.split('=')[1]?.split(';')[0] ?? ''
  const rows = await queryPublic<{ tokenHash: Buffer }>(services.pool, sql`SELECT token_hash FROM sessions`)
  assert.ok(rows.length > 0)
  assert.ok(
    rows.every(
      (row) => row.tokenHash.toString('utf8') !== token && row.tokenHash.toString('base64url') !== token,
    ),
  )
})

test('after too many wrong passwords the account rests, even for the right one, and then opens again', async () => {
  for (let attempt = 0; attempt < lockAfterFailures; attempt++) {
    assert.equal((await signIn(loginOf('colleague'), `wrong ${attempt}`)).statusCode, 401)
  }
  const locked = await signIn(loginOf('colleague'), 'probe-2026')
  assert.equal(locked.statusCode, 429)
  assert.match(locked.json().error.message, new RegExp(`${lockMinutes} 分钟后再试`))
  services.clock.moveTo(new Date(services.clock.now().getTime() + (lockMinutes + 1) * 60_000))
  assert.equal((await signIn(loginOf('colleague'), 'probe-2026')).statusCode, 200)
  services.clock.moveTo(instantAt('2026-11-18', '10:00'))
})

test('changing the password ends the other sessions and keeps this one', async () => {
  const first =
    String((await signIn(loginOf('outsider'), 'probe-2026')).headers['set-cookie']).split(';')[0] ?? ''
  const second =
    String((await signIn(loginOf('outsider'), 'probe-2026')).headers['set-cookie']).split(';')[0] ?? ''
  const change = (cookie: string, oldPassword: string, newPassword: string) =>
    app.inject({
      method: 'POST',
      url: '/api/access/changePassword',
      headers: { cookie },
      payload: { oldPassword, newPassword },
    })
  const refused = await change(first, 'not it', 'spring2026')
  assert.equal(refused.statusCode, 422)
  assert.equal(refused.json().error.fields.oldPassword, '原密码不对')
  assert.equal((await change(first, 'probe-2026', 'spring2026')).statusCode, 200)
  const session = async (cookie: string) =>
    (await app.inject({ method: 'GET', url: '/api/access/getSession', headers: { cookie } })).json().session
  assert.equal((await session(first)).person.name, '孙一鸣')
  assert.equal(await session(second), null)
})

test('a reset by the administrator ends all sessions and asks for a new password', async () => {
  const cookie =
    String((await signIn(loginOf('leader'), 'probe-2026')).headers['set-cookie']).split(';')[0] ?? ''
  await school.as('principal', async (tx) => {
    const account = (await listAccounts(tx)).find((entry) => entry.personId === school.people.leader)
    await resetPassword(tx, account?.id ?? '', 'fresh-2026')
  })
  const after = await app.inject({ method: 'GET', url: '/api/access/getSession', headers: { cookie } })
  assert.equal(after.json().session, null)
  assert.equal((await signIn(loginOf('leader'), 'fresh-2026')).json().mustChangePassword, true)
})

test('a request that changes something must come from our own pages', async () => {
  const foreign = await app.inject({
    method: 'POST',
    url: '/api/access/signIn',
    headers: { 'sec-fetch-site': 'cross-site' },
    payload: { loginName: loginOf('teacher'), password: 'probe-2026' },
  })
  assert.equal(foreign.statusCode, 403)
  assert.equal(foreign.json().error.code, 'crossSite')
  const otherOrigin = await app.inject({
    method: 'POST',
    url: '/api/access/signOut',
    headers: { origin: 'http://evil.example', host: 'school.test' },
    payload: {},
  })
  assert.equal(otherOrigin.statusCode, 403)
})

test('every answer carries the safety headers', async () => {
  const response = await app.inject({ method: 'GET', url: '/api/access/getSession' })
  assert.match(String(response.headers['content-security-policy']), /script-src 'self';/)
  assert.equal(response.headers['x-content-type-options'], 'nosniff')
  assert.equal(response.headers['cache-control'], 'no-store')
  assert.equal(
    response.headers['strict-transport-security'],
    undefined,
    'plain http networks must not be locked out',
  )
})

test('a post gives its role from its first day to its last and not longer', async () => {
  await school.as('system', (tx) =>
    org.appoint(tx, {
      personId: school.people.teacher,
      role: 'researchOffice',
      title: '教科室主任',
      from: '2026-11-20',
    }),
  )
  const roles = async () => {
    forgetCallers()
    return (await call('teacher', 'access/getSession', {})).body.session?.roles as string[]
  }
  assert.deepEqual(await roles(), ['teacher'])
  services.clock.moveTo(instantAt('2026-11-20', '08:00'))
  assert.deepEqual((await roles()).sort(), ['researchOffice', 'teacher'])
  services.clock.moveTo(instantAt('2026-11-18', '10:00'))
})

test('health is told without a session', async () => {
  assert.equal((await app.inject('/healthz')).statusCode, 200)
  assert.equal((await app.inject('/readyz')).json().status, 'ready')
})

test('sessions of two schools that arrive at the same moment are each found in their own school', async () => {
  const [first, second] = [
    await createTestSchool(services, '同时小学'),
    await createTestSchool(services, '同刻小学'),
  ]
  const ours = (await createTestClients(services, first, 'first-')).cookies
  const theirs = (await createTestClients(services, second, 'second-')).cookies
  forgetCallers()
  const asked = [
    ...Object.values(ours).map((cookie) => ({ cookie, orgId: first.id })),
    ...Object.values(theirs).map((cookie) => ({ cookie, orgId: second.id })),
    { cookie: 'xiaoyan_session=nobody', orgId: null },
  ].flatMap((one) => [one, one])
  const answers = await Promise.all(
    asked.map(({ cookie }) => app.inject({ url: '/api/access/getSession', headers: { cookie } })),
  )
  const found = answers.map(
    (answer) =>
      answer.json<{ session: { organisation: { id: string }; person: { name: string } } | null }>().session,
  )
  assert.deepEqual(
    found.map((session) => session?.organisation.id ?? null),
    asked.map(({ orgId }) => orgId),
  )
  // Six people of each school, everybody asked twice: nobody got the answer of somebody else.
  assert.equal(
    new Set(found.map((session) => `${session?.organisation.id} ${session?.person.name}`)).size,
    13,
  )
})
