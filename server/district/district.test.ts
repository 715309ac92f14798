import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { createAccount, hashPassword } from '../access/actions.ts'
import { createApp } from '../app.ts'
import { saveSchoolYear, saveTerm } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { newId } from '../kit/ids.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { appoint, createOrganisation, createPerson } from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import type { SchoolBoard } from '../regime/contract.ts'
import { handUpJob, recomputeJob } from '../regime/jobs.ts'
import {
  createTestClients,
  createTestSchool,
  createTestServices,
  type TestSchool,
  testTerm,
} from '../testing.ts'
import type { DistrictBoard } from './contract.ts'

const system = systemActor('test')

/** A district with an officer who has an account, and a way to call the server as the officer. */
async function createDistrict(services: Services, name = '试验区') {
  const id = newId()
  const loginName = `officer-${id.slice(-8)}`
  const passwordHash = await hashPassword('probe-2026')
  await services.inOrganisation(id, system, async (tx) => {
    await createOrganisation(tx, { kind: 'district', name, districtId: null })
    await saveSchoolYear(tx, { id: '2026-2027', from: '2026-08-31', to: '2027-07-09' })
    const personId = await createPerson(tx, {
      staffNumber: '1',
      name: '高远',
      from: '2020-09-01',
      attributes: {},
    })
    await appoint(tx, { personId, role: 'districtOfficer', title: '区级教研员', from: '2020-09-01' })
    await createAccount(tx, { personId, loginName, passwordHash, mustChangePassword: false })
  })
  return {
    id,
    async client() {
      const app = await createApp(services)
      after(() => app.close())
      const signedIn = await app.inject({
        method: 'POST',
        url: '/api/access/signIn',
        payload: { loginName, password: 'probe-2026' },
      })
      const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? ''
      return async (path: string, input: unknown, schoolId?: string) => {
        const reads = /\/(list|get|find)/.test(path)
        const response = await app.inject({
          method: reads ? 'GET' : 'POST',
          url: `/api/${path}${reads ? `${path.includes('?') ? '&' : '?'}input=${encodeURIComponent(JSON.stringify(input))}` : ''}`,
          ...(reads ? {} : { payload: input as Record<string, unknown> }),
          headers: { cookie, ...(schoolId ? { 'x-school': schoolId } : {}) },
        })
        const name = decodeURIComponent(response.headers['content-disposition'] ?? '')
        return { status: response.statusCode, body: name === '' ? response.json() : null, name }
      }
    },
  }
}

async function withRegime(services: Services, school: TestSchool) {
  await school.as('principal', (tx) =>
    adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  await recomputeJob(services, { orgId: school.id, rebuild: true })
}

describe('the board of a district', () => {
  test('moves with a fact of a school and falls back when it is reversed', async () => {
    const services = await createTestServices()
    const district = await createDistrict(services)
    const school = await createTestSchool(services, '东小学', district.id)
    await createTestSchool(services, '西小学', district.id)
    await withRegime(services, school)
    const call = await district.client()
    const activity = async () => {
      const board: DistrictBoard = (await call('district/getDistrictBoard', {})).body
      assert.equal(board.schools.length, 2)
      const figures = board.schools.find((one) => one.id === school.id)?.figures
      return { done: figures?.categories.activity?.done, board }
    }
    const before = await activity()
    assert.equal(before.board.schools.find((one) => one.id !== school.id)?.figures, null)
    assert.equal(before.board.totals.withRegime, 1)
    const source = { room: 'activity', id: newId() }
    await school.as('system', (tx) =>
      recordFacts(tx, [
        {
          kind: 'activity.held',
          subject: { kind: 'organisation', id: school.id },
          on: '2026-11-16',
          quantity: 90,
          attributes: { activityKind: 'schoolStudy', scope: 'organisation', contentTags: ['ethics'] },
          source,
          key: 'activity:one',
        },
      ]),
    )
    await recomputeJob(services, { orgId: school.id })
    await handUpJob(services, { orgId: school.id })
    assert.ok(((await activity()).done ?? 0) > (before.done ?? 0))
    await school.as('system', (tx) => reverseFacts(tx, source))
    await recomputeJob(services, { orgId: school.id })
    await handUpJob(services, { orgId: school.id })
    assert.equal((await activity()).done, before.done)
  })

  test('leads into its own schools to look and not to write, and into no other', async () => {
    const services = await createTestServices()
    const district = await createDistrict(services)
    const school = await createTestSchool(services, '东小学', district.id)
    const foreign = await createTestSchool(services, '外区小学')
    await withRegime(services, school)
    await withRegime(services, foreign)
    const call = await district.client()
    assert.equal((await call('regime/getSchoolBoard', {}, school.id)).body.school.name, '东小学')
    assert.equal((await call('regime/getGroupBoard', { unitId: school.groupId }, school.id)).status, 200)
    const teacher = { personId: school.people.teacher }
    const board = await call('regime/getPersonBoard', teacher, school.id)
    assert.equal(board.body.subject.name, '林小满')
    const row = board.body.rows[0]
    const trace = await call(
      'regime/getTrace',
      { subject: { kind: 'person', id: teacher.personId }, ruleId: row.ruleId, periodId: row.periodId },
      school.id,
    )
    assert.equal(trace.status, 200)
    assert.equal((await call('regime/getPersonBoard', teacher)).status, 404, 'not without naming the school')
    const adopt = { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-10-01' }
    assert.equal((await call('regime/adopt', adopt, school.id)).status, 403)
    assert.equal((await call('regime/getSchoolBoard', {}, foreign.id)).status, 403)
  })

  test('saves files of its schools by their address, and of no other school; nobody else does', async () => {
    const services = await createTestServices()
    const district = await createDistrict(services)
    const school = await createTestSchool(services, '东小学', district.id)
    const neighbour = await createTestSchool(services, '西小学', district.id)
    const foreign = await createTestSchool(services, '外区小学')
    for (const one of [school, neighbour, foreign]) await withRegime(services, one)
    const call = await district.client()
    const file = (schoolId: string) => `regime/getBoardFile?school=${schoolId}`
    const table = await call(file(school.id), { of: 'groups' })
    assert.equal(table.status, 200)
    assert.match(table.name, /东小学/)
    assert.equal((await call(file(foreign.id), { of: 'groups' })).status, 403)
    assert.equal((await call(file('x'), { of: 'groups' })).status, 400)
    // Only files are opened by their address: what a page reads names the school in the header.
    const unnamed = (await call(`regime/getSchoolBoard?school=${school.id}`, {})).body as SchoolBoard
    assert.equal(unnamed.own.subject.id, district.id)
    const own = await createTestClients(services, school)
    for (const [who, schoolId] of [
      ['teacher', neighbour.id],
      ['principal', neighbour.id],
      ['principal', foreign.id],
    ] as const) {
      const answer = await own.app.inject({
        method: 'GET',
        url: `/api/${file(schoolId)}&input=${encodeURIComponent(JSON.stringify({ of: 'groups' }))}`,
        headers: { cookie: own.cookies[who] ?? '' },
      })
      assert.equal(answer.statusCode, 403)
      assert.match(answer.body, /不能查看这所学校/)
    }
  })

  test('shows a school of another district to nobody', async () => {
    const services = await createTestServices()
    const [one, two] = [await createDistrict(services, '甲区'), await createDistrict(services, '乙区')]
    const school = await createTestSchool(services, '东小学', one.id)
    await withRegime(services, school)
    const board: DistrictBoard = (await (await two.client())('district/getDistrictBoard', {})).body
    assert.deepEqual(board.schools, [])
    const { call } = await createTestClients(services, school)
    assert.equal((await call('principal', 'district/getDistrictBoard', {})).status, 403)
  })

  test('has duties of its own, which its regulation asks of no school', async () => {
    const services = await createTestServices()
    const district = await createDistrict(services)
    const school = await createTestSchool(services, '东小学', district.id)
    await services.inOrganisation(district.id, system, async (tx) => {
      await saveTerm(tx, testTerm)
      await adoptRegime(tx, { regimeId: 'yuyang-district', schoolYearId: '2026-2027', from: '2026-08-31' })
    })
    await recomputeJob(services, { orgId: district.id, rebuild: true })
    const call = await district.client()
    const titles = (board: SchoolBoard) => board.own.rows.map((row) => row.title)
    const own: SchoolBoard = (await call('regime/getSchoolBoard', {})).body
    assert.ok(titles(own).includes('区领导小组'), titles(own).join('、'))
    assert.ok(own.own.rows.every((row) => row.regimeId === 'yuyang-district'))
    const looked: SchoolBoard = (await call('regime/getSchoolBoard', {}, school.id)).body
    assert.ok(!titles(looked).includes('区领导小组'))
    assert.ok(titles(looked).length > 0)
    const { call: inSchool } = await createTestClients(services, school)
    assert.equal((await inSchool('teacher', 'regime/getSchoolBoard', {})).status, 403)
  })
})
