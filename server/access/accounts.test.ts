import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queryPublic, sql } from '../kit/sql.ts'
import { createPeople } from '../org/actions.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import type { AccountListItem, AccountSlip } from './contract.ts'
import { initialPassword } from './passwords.ts'
import { chooseLoginNames, passwordProblem } from './rules.ts'

const services = await createTestServices()
const school = await createTestSchool(services)
const { app, call } = await createTestClients(services, school)
const signIn = (loginName: string, password: string) =>
  app.inject({ method: 'POST', url: '/api/access/signIn', payload: { loginName, password } })

test('first passwords can be read out, differ, and would themselves be accepted', () => {
  const passwords = Array.from({ length: 500 }, initialPassword)
  assert.equal(new Set(passwords).size, 500)
  for (const password of passwords) {
    assert.match(password, /^[a-z]{6}[2-9]{3}$/)
    assert.doesNotMatch(password, /[ilo01]/)
    assert.equal(passwordProblem(password, '0012'), null)
  }
})

test('login names follow the 工号 and step aside for those of other schools', () => {
  assert.deepEqual(chooseLoginNames(['001', 'A7', '002', '003'], 'xhq', new Set(['001', '003', 'xhq-003'])), [
    'xhq-001',
    'a7',
    '002',
    'xhq-003-2',
  ])
})

test('opens accounts for all who have none, once; the slips stand nowhere in the database', async () => {
  await school.as('system', (tx) =>
    createPeople(
      tx,
      ['甲', '乙', '丙'].map((name, index) => ({
        staffNumber: `10${index}`,
        name,
        from: '2026-09-01',
        attributes: {},
      })),
    ),
  )
  const key = { 'idempotency-key': 'open-accounts-1' }
  const { body } = await call('principal', 'access/openAccounts', { personIds: null }, key)
  const slips = body.slips as AccountSlip[]
  assert.deepEqual(slips.map((slip) => slip.loginName).sort(), ['100', '101', '102'])
  assert.equal(body.remaining, 0)
  const again = await call('principal', 'access/openAccounts', { personIds: null }, key)
  assert.deepEqual(again.body, { slips: [], remaining: 0 })
  const kept = await school.as('system', (tx) =>
    tx.many<{ text: string }>(sql`
      SELECT answer::text AS text FROM request_answers WHERE org_id = ${tx.orgId}
      UNION ALL SELECT payload::text FROM audit_entries WHERE org_id = ${tx.orgId}`),
  )
  for (const slip of slips) assert.ok(kept.every((row) => !row.text.includes(slip.password)))
})

test('whoever signs in with a first password must change it before anything else', async () => {
  const listed = (await call('principal', 'access/listAccounts', {})).body.accounts as AccountListItem[]
  const account = listed.find((one) => one.loginName === '100')
  assert.equal(account?.state, 'unused')
  const { slips } = (await call('principal', 'access/resetPasswords', { accountIds: [account?.accountId] }))
    .body
  const { password } = slips[0] as AccountSlip
  const signedIn = await signIn('100', password)
  assert.deepEqual(signedIn.json(), { mustChangePassword: true })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
  const blocked = await app.inject({ url: '/api/org/listPeople', headers: { cookie } })
  assert.equal(blocked.json().error.code, 'changePasswordFirst')
})

test('a disabled account cannot sign in, an enabled one can again, and nobody disables themselves', async () => {
  const listed = (await call('principal', 'access/listAccounts', {})).body.accounts as AccountListItem[]
  const teacher = listed.find((one) => one.personId === school.people.teacher) as AccountListItem
  const own = listed.find((one) => one.personId === school.people.principal) as AccountListItem
  assert.match(own.abilities.disable ?? '', /不能停用自己/)
  assert.equal((await call('principal', 'access/disableAccount', { accountId: own.accountId })).status, 422)
  assert.equal(
    (await call('principal', 'access/disableAccount', { accountId: teacher.accountId })).status,
    200,
  )
  assert.equal((await signIn(teacher.loginName, 'probe-2026')).statusCode, 401)
  assert.equal((await call('teacher', 'org/listPeople', {})).status, 401, 'the running session ends as well')
  assert.equal(
    (await call('principal', 'access/enableAccount', { accountId: teacher.accountId })).status,
    200,
  )
  assert.equal((await signIn(teacher.loginName, 'probe-2026')).statusCode, 200)
})

test('教导处 may not take the account of the principal, nor a teacher any', async () => {
  const listed = (await call('academicOffice', 'access/listAccounts', {})).body.accounts as AccountListItem[]
  const principal = listed.find((one) => one.personId === school.people.principal) as AccountListItem
  assert.match(principal.abilities.reset ?? '', /只能由校长或管理员/)
  const refused = await call('academicOffice', 'access/resetPasswords', { accountIds: [principal.accountId] })
  assert.equal(refused.status, 403)
  assert.equal((await call('leader', 'access/openAccounts', { personIds: null })).status, 403)
})

test('an account of another school is as if it did not exist', async () => {
  const other = await createTestSchool(services, '外校')
  await createTestClients(services, other, 'o-')
  const [row] = await queryPublic<{ id: string }>(
    services.pool,
    sql`SELECT id FROM accounts WHERE org_id = ${other.id} LIMIT 1`,
  )
  for (const [path, input] of [
    ['access/resetPasswords', { accountIds: [row?.id] }],
    ['access/disableAccount', { accountId: row?.id }],
    ['access/enableAccount', { accountId: row?.id }],
  ] as const)
    assert.equal((await call('principal', path, input)).status, 404, path)
  const opened = await call('principal', 'access/openAccounts', { personIds: [other.people.teacher] })
  assert.deepEqual(opened.body, { slips: [], remaining: 0 })
})

test('slips become an Excel file', async () => {
  const slips = [{ personId: 'x', name: '甲', staffNumber: '100', loginName: '100', password: 'bamuke472' }]
  const file = await call('principal', 'access/exportSlips', { slips })
  assert.equal(file.status, 200)
  assert.equal((file.body as Buffer).subarray(0, 2).toString(), 'PK')
})
