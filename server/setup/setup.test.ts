import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createApp } from '../app.ts'
import { queryPublic, sql } from '../kit/sql.ts'
import { createTestServices } from '../testing.ts'
import type { SetupProgress } from './contract.ts'
import { issueSetupToken } from './token.ts'

const services = await createTestServices()
const app = await createApp(services)
after(() => app.close())

const input = (token: string, change: object = {}) => ({
  token,
  kind: 'district',
  name: '云岭区教师研修中心',
  schools: ['甲小学', '乙小学'],
  administrator: { name: '唐文', loginName: 'tangwen', password: 'spring2026' },
  ...change,
})
const post = (path: string, payload: object, cookie = '') =>
  app.inject({ method: 'POST', url: `/api/${path}`, payload, headers: cookie ? { cookie } : {} })
const get = (path: string, query: object, cookie = '') =>
  app.inject({
    method: 'GET',
    url: `/api/${path}?input=${encodeURIComponent(JSON.stringify(query))}`,
    headers: cookie ? { cookie } : {},
  })
const organisations = () =>
  queryPublic<{ name: string; kind: string; districtId: string | null }>(
    services.pool,
    sql`SELECT name, kind, district_id FROM organisations ORDER BY kind, name`,
  )

let cookie = ''

test('nothing is set up without the token of the terminal', async () => {
  assert.equal((await post('setup/setUp', input(''))).statusCode, 403)
  const token = issueSetupToken()
  assert.equal((await post('setup/setUp', input('0'.repeat(32)))).statusCode, 403)
  assert.deepEqual((await get('setup/getSetupState', { token: 'x' })).json(), { state: 'wrongToken' })
  assert.deepEqual((await get('setup/getSetupState', { token })).json(), { state: 'open' })
  assert.deepEqual(await organisations(), [])
})

test('a weak password is refused at its field and founds nothing', async () => {
  const weak = await post(
    'setup/setUp',
    input(issueSetupToken(), { administrator: { name: '唐文', loginName: 'tangwen', password: '123' } }),
  )
  assert.equal(weak.statusCode, 422)
  assert.match(weak.json().error.fields['administrator.password'], /至少 8 位/)
  assert.deepEqual(await organisations(), [])
})

test('two setups at once found one district', async () => {
  const token = issueSetupToken()
  const [first, second] = await Promise.all([
    post('setup/setUp', input(token)),
    post(
      'setup/setUp',
      input(token, {
        name: '另一个区',
        administrator: { name: '乙', loginName: 'yiyi', password: 'spring2026' },
      }),
    ),
  ])
  assert.deepEqual([first.statusCode, second.statusCode].sort(), [200, 409])
  const rows = await organisations()
  assert.equal(rows.filter((row) => row.kind === 'district').length, 1)
  assert.deepEqual(
    rows.filter((row) => row.kind === 'school').map((row) => [row.name, row.districtId !== null]),
    [
      ['乙小学', true],
      ['甲小学', true],
    ].sort(),
  )
  const done = first.statusCode === 200 ? first : second
  cookie = String(done.headers['set-cookie']).split(';')[0] ?? ''
})

test('the administrator is signed in and led through what is missing', async () => {
  const session = (await get('access/getSession', {}, cookie)).json().session
  assert.deepEqual(session.roles.sort(), ['administrator', 'districtOfficer'])
  const progress = (await get('setup/getProgress', {}, cookie)).json() as SetupProgress
  assert.deepEqual(
    progress.steps.map((step) => [step.key, step.isDone]),
    [
      ['schools', true],
      ['calendar', false],
      ['regime', false],
      ['accounts', true],
    ],
  )
  assert.match(progress.sentence, /还差 2 步：学年和校历、制度/)
})

test('once anything exists the setup is closed for good, whatever the token', async () => {
  const token = issueSetupToken()
  assert.deepEqual((await get('setup/getSetupState', { token })).json(), { state: 'done' })
  const again = await post('setup/setUp', input(token))
  assert.equal(again.statusCode, 409)
  assert.match(again.json().error.message, /已经设置过/)
})

test('the district founds a school with an administrator, who must change the password and sees only that school', async () => {
  const founded = await post('org/createSchool', { name: '丙小学' }, cookie)
  assert.equal(founded.statusCode, 200, founded.body)
  assert.equal((await post('org/createSchool', { name: '丙小学' }, cookie)).statusCode, 422)
  const schoolId = founded.json().id as string
  const opened = await post(
    'org/openSchoolAdministrator',
    { schoolId, name: '何校', staffNumber: 'A001' },
    cookie,
  )
  assert.equal(opened.statusCode, 200, opened.body)
  const { loginName, password } = opened.json()
  const signedIn = await post('access/signIn', { loginName, password })
  assert.deepEqual(signedIn.json(), { mustChangePassword: true })
  const own = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const blocked = await get('setup/getProgress', {}, own)
  assert.equal(blocked.json().error.code, 'changePasswordFirst')
  const changed = await post(
    'access/changePassword',
    { oldPassword: password, newPassword: 'summer2026' },
    own,
  )
  assert.equal(changed.statusCode, 200)
  const progress = (await get('setup/getProgress', {}, own)).json() as SetupProgress
  assert.equal(progress.organisation.name, '丙小学')
  assert.equal(progress.steps[0]?.key, 'calendar')
  assert.equal((await post('org/createSchool', { name: '丁小学' }, own)).statusCode, 403)
  const people = (await get('org/listPeople', {}, own)).json().people as { name: string }[]
  assert.deepEqual(
    people.map((person) => person.name),
    ['何校'],
  )
  // The same again gives a new first password to the one who forgot it; the name must fit the 工号.
  const wrongName = await post(
    'org/openSchoolAdministrator',
    { schoolId, name: '别人', staffNumber: 'a001' },
    cookie,
  )
  assert.match(wrongName.json().error.message, /是另一个人/)
  const again = await post(
    'org/openSchoolAdministrator',
    { schoolId, name: '何校', staffNumber: 'A001' },
    cookie,
  )
  assert.equal(again.json().loginName, loginName)
  assert.notEqual(again.json().password, password)
})
