import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instantAt } from '../kit/dates.ts'
import { systemActor } from '../kit/services.ts'
import { queryPublic, sql } from '../kit/sql.ts'
import { rebuildOrganisation } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { startWorker } from '../worker.ts'
import { leapDay } from './rules.ts'
import { progress } from './telling.ts'

const services = await createTestServices(instantAt('2026-11-18', '08:10'))
const school = await createTestSchool(services)
await school.as('principal', (tx) =>
  adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
)
const { call } = await createTestClients(services, school)

async function untilTold(): Promise<void> {
  for (let turn = 0; progress(services).telling; turn++) {
    assert.ok(turn < 1500, 'the telling does not end')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('outside the demo the clock is not there, neither to see nor to move', async () => {
  for (const [path, input] of [
    ['demo/getClock', {}],
    ['demo/moveClock', { to: 'tomorrow' }],
  ] as const) {
    const { status, body } = await call('principal', path, input)
    assert.deepEqual([status, body.error.code], [404, 'noSuchAddress'])
  }
  assert.equal(services.clock.today(), '2026-11-18')
})

test('nobody moves it without signing in', async () => {
  services.demo = true
  assert.equal((await call(null, 'demo/moveClock', { to: 'tomorrow' })).status, 401)
  services.demo = false
})

test('moving the clock turns a due duty overdue, tells open pages, keeps everybody signed in', async () => {
  services.demo = true
  await rebuildOrganisation(services, school.id, systemActor('test'))
  const reflection = async () => {
    const { body } = await call('teacher', 'regime/getMyBoard', {})
    const row = body.rows.find((one: { ruleId: string }) => one.ruleId === 'xinglong-23')
    return {
      evaluatedOn: body.evaluatedOn,
      state: row.cells.find((cell: { periodId: string }) => cell.periodId.endsWith('fortnight-6')).state,
    }
  }
  const before = await reflection()
  assert.equal(before.evaluatedOn, '2026-11-18')
  assert.notEqual(before.state, 'overdue')
  const told: string[] = []
  services.hub.listen(school.id, (message) => told.push(...message.rooms))
  const { status, body } = await call('principal', 'demo/moveClock', { to: 'twoWeeks' })
  assert.deepEqual([status, body.telling.toLabel], [200, '讲到 12月2日 周三 为止'])
  await untilTold()
  const { body: view } = await call('teacher', 'demo/getClock', {})
  assert.deepEqual(
    [view.today, view.isMoved, view.telling, view.told.isFailed],
    ['2026-12-02', true, null, false],
  )
  for (const room of ['home', 'regime', 'activity', 'access']) assert.ok(told.includes(room), room)
  const worker = await startWorker(services, services.connectionString)
  try {
    for (let turn = 0; (await reflection()).evaluatedOn !== '2026-12-02'; turn++) {
      assert.ok(turn < 400, 'the findings were not worked out anew')
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await worker.stop()
  }
  assert.equal((await reflection()).state, 'overdue')
  const [kept] = await queryPublic<{ value: string }>(
    services.pool,
    sql`SELECT value FROM server_settings WHERE name = 'demoClock'`,
  )
  assert.equal(new Date(kept?.value ?? 0).toISOString(), instantAt('2026-12-02', '08:10').toISOString())

  // Further than a session lives.
  await call('principal', 'demo/moveClock', { to: '2027-07-09' })
  await untilTold()
  assert.equal(services.clock.today(), '2027-07-09')
  assert.equal((await call('leader', 'access/getSession', {})).body.session.person.name, '陈立新')
  services.demo = false
})

test('who does not lead sees why the clock is not theirs to move', async () => {
  services.demo = true
  const before = services.clock.today()
  for (const who of ['teacher', 'leader'] as const) {
    const { status, body } = await call(who, 'demo/moveClock', { to: '2027-07-09' })
    assert.equal(status, 403)
    assert.equal((await call(who, 'demo/getClock', {})).body.moveProblem, body.error.message)
  }
  assert.equal((await call('principal', 'demo/getClock', {})).body.moveProblem, null)
  assert.equal(services.clock.today(), before)
  services.demo = false
})

test('days gone by and days after the story are refused and change nothing', async () => {
  services.demo = true
  const before = services.clock.today()
  for (const to of ['2025-08-31', '2026-11-18', '2027-07-10', 'termEnd', 'start', 'yesterday', '']) {
    const { status } = await call('principal', 'demo/moveClock', { to })
    assert.ok(status === 422 || status === 400, `${to}: ${status}`)
  }
  assert.match(
    (await call('principal', 'demo/moveClock', { to: '2026-11-18' })).body.error.message,
    /只能往后走/,
  )
  assert.equal(services.clock.today(), before)
  services.demo = false
})

test('leaps lead where they say', () => {
  const calendar = { schoolYears: [], specialDays: [], terms: [] }
  const leap = (name: Parameters<typeof leapDay>[0], today: string) => leapDay(name, today, calendar)
  assert.equal(leap('tomorrow', '2026-11-18'), '2026-11-19')
  assert.equal(leap('nextMonday', '2026-11-16'), '2026-11-23')
  assert.equal(leap('nextMonday', '2026-11-22'), '2026-11-23')
  assert.equal(leap('twoWeeks', '2027-07-01'), null)
  assert.equal(leap('termEnd', '2026-11-18'), null)
})
