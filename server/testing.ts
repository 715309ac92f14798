import { after } from 'node:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash } from '@node-rs/argon2'
import pg from 'pg'
import type { LocalDate, TermInput } from '../engine/types.ts'
import { createAccount, forgetCallers, loadActor } from './access/actions.ts'
import { createApp } from './app.ts'
import { replaceSpecialDays, saveSchoolYear, saveTerm } from './calendar/store.ts'
import { createClock, createStillClock } from './kit/clock.ts'
import { instantAt } from './kit/dates.ts'
import { createHub } from './kit/hub.ts'
import { createTypesetter } from './typesetting/renderer.ts'
import { newId } from './kit/ids.ts'
import { createServices, type Services, systemActor } from './kit/services.ts'
import { createPool, type Tx } from './kit/sql.ts'
import * as org from './org/actions.ts'

const endings: (() => unknown)[] = []

/** Has something stopped at the end of the test file, before the database goes; what was begun last ends first. */
export function atEnd(work: () => unknown): void {
  endings.unshift(work)
}

/**
 * Every test file gets a database of its own, cloned from the migrated template that `npm test` prepared. The clock
 * stands still at `now` until it is moved, unless it `ticks`.
 */
export async function createTestServices(
  now: Date = instantAt('2026-11-18', '10:00'),
  options: { ticks?: boolean } = {},
): Promise<Services & { connectionString: string }> {
  const base = process.env.XIAOYAN_TEST_DATABASE
  const template = process.env.XIAOYAN_TEST_TEMPLATE
  if (!base || !template)
    throw new Error('run tests through `npm test -- <file>`, which prepares the database')
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 8)}`
  const admin = new pg.Client({ connectionString: base })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  await admin.end()
  const connectionString = withDatabase(base, name)
  const pool = createPool(connectionString, 8)
  const dataFolder = mkdtempSync(join(tmpdir(), 'xiaoyan-test-'))
  const typesetter = createTypesetter()
  after(async () => {
    for (const work of endings) await work()
    await typesetter.stop()
    await pool.end()
    const dropper = new pg.Client({ connectionString: base })
    await dropper.connect()
    await dropper.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await dropper.end()
    rmSync(dataFolder, { recursive: true, force: true })
  })
  return Object.assign(
    createServices({
      pool,
      clock: options.ticks ? createClock(now.getTime() - Date.now()) : createStillClock(now),
      hub: createHub(),
      dataFolder,
      secret: Buffer.alloc(32, 7),
      demo: false,
      typesetter,
      publicUrl: 'http://school.test',
    }),
    { connectionString },
  )
}

/** The same address with another database; works for sockets (`?host=`) as well. */
export function withDatabase(connectionString: string, database: string): string {
  return connectionString.replace(/^(postgres(?:ql)?:\/\/[^/]*)\/[^?]*/, `$1/${database}`)
}

export const testTerm: TermInput = {
  id: '2026-2027-1',
  schoolYearId: '2026-2027',
  number: 1,
  name: '2026—2027学年第一学期',
  from: '2026-08-31',
  to: '2027-01-22',
  windows: {
    opening: { from: '2026-08-31', to: '2026-09-20' },
    middle: { from: '2026-11-02', to: '2026-11-22' },
    closing: { from: '2027-01-04', to: '2027-01-22' },
  },
}

export interface TestSchool {
  id: string
  /** The one group, 数学教研组. */
  groupId: string
  people: {
    principal: string
    academicOffice: string
    leader: string
    teacher: string
    colleague: string
    outsider: string
  }
  /** Runs work in the school as one of its people (or as the system). */
  as<Result>(who: keyof TestSchool['people'] | 'system', work: (tx: Tx) => Promise<Result>): Promise<Result>
}

/**
 * A small school with a calendar: principal, 教导处, the leader of the 数学教研组 with two members (teacher, colleague) and
 * one teacher outside the group. All in service since 2020.
 */
export async function createTestSchool(
  services: Services,
  name = '试验小学',
  districtId: string | null = null,
): Promise<TestSchool> {
  const id = newId()
  const from: LocalDate = '2020-09-01'
  const system = systemActor('test')
  const made = await services.inOrganisation(id, system, async (tx) => {
    await org.createOrganisation(tx, { kind: 'school', name, districtId })
    await saveSchoolYear(tx, { id: '2026-2027', from: '2026-08-31', to: '2027-07-09' })
    await saveTerm(tx, testTerm)
    await saveTerm(tx, {
      ...testTerm,
      id: '2026-2027-2',
      number: 2,
      name: '2026—2027学年第二学期',
      from: '2027-02-22',
      to: '2027-07-09',
      windows: {
        opening: { from: '2027-02-22', to: '2027-03-14' },
        middle: { from: '2027-04-26', to: '2027-05-16' },
        closing: { from: '2027-06-21', to: '2027-07-09' },
      },
    })
    await replaceSpecialDays(tx, { from: '2026-10-01', to: '2026-10-10' }, [
      ...['01', '02', '05', '06', '07'].map((day) => ({
        day: `2026-10-${day}`,
        kind: 'holiday' as const,
        name: '国庆节',
      })),
      { day: '2026-10-10', kind: 'workday' as const, name: '国庆节调休' },
    ])
    const groupId = await org.createUnit(tx, {
      kind: 'teachingResearchGroup',
      name: '数学教研组',
      subject: '数学',
      from,
    })
    const person = (staffNumber: string, name: string) =>
      org.createPerson(tx, {
        staffNumber,
        name,
        from,
        attributes: { staffKind: 'teaching', subject: '数学' },
      })
    const people = {
      principal: await person('001', '周明远'),
      academicOffice: await person('002', '吴静'),
      leader: await person('003', '陈立新'),
      teacher: await person('004', '林小满'),
      colleague: await person('005', '赵春雨'),
      outsider: await person('006', '孙一鸣'),
    }
    await org.appoint(tx, { personId: people.principal, role: 'principal', title: '校长', from })
    await org.appoint(tx, {
      personId: people.academicOffice,
      role: 'academicOffice',
      title: '教导主任',
      from,
    })
    await org.appoint(tx, {
      personId: people.leader,
      role: 'groupLeader',
      unitId: groupId,
      title: '数学教研组组长',
      from,
    })
    for (const personId of [people.leader, people.teacher, people.colleague])
      await org.addMember(tx, { unitId: groupId, personId, from })
    return { groupId, people }
  })
  return {
    id,
    ...made,
    async as(who, work) {
      if (who === 'system') return services.inOrganisation(id, system, work)
      const { actor } = await services.inOrganisation(id, system, (tx) =>
        loadActor(tx, { accountId: null, personId: made.people[who] }),
      )
      return services.inOrganisation(id, actor, work)
    },
  }
}

/** Opens accounts for everybody in the school (login name = key, password `probe-2026`) and gives a way to call the server as them. */
export async function createTestClients(services: Services, school: TestSchool, prefix = '') {
  const app = await createApp(services, { log: true })
  atEnd(() => app.close())
  // As weak as the algorithm allows: what is tried is not how long a password can be guessed at.
  const passwordHash = await hash('probe-2026', { memoryCost: 8, timeCost: 1, parallelism: 1 })
  const cookies: Record<string, string> = {}
  for (const [key, personId] of Object.entries(school.people)) {
    const loginName = `${prefix}${key}-${school.id.slice(-8)}`
    await school.as('system', (tx) =>
      createAccount(tx, { personId, loginName, passwordHash, mustChangePassword: false }),
    )
    const response = await app.inject({
      method: 'POST',
      url: '/api/access/signIn',
      payload: { loginName, password: 'probe-2026' },
    })
    cookies[key] = String(response.headers['set-cookie']).split(';')[0] ?? ''
  }
  forgetCallers()
  /** Calls an endpoint as one of the people (null: without a session). */
  async function call(
    who: keyof TestSchool['people'] | null,
    path: string,
    input: unknown,
    headers: Record<string, string> = {},
  ) {
    const [, endpointName = ''] = path.split('/')
    const reads = /^(list|get|find)(?![a-z])/.test(endpointName)
    const response = await app.inject({
      method: reads ? 'GET' : 'POST',
      url: `/api/${path}${reads ? `?input=${encodeURIComponent(JSON.stringify(input))}` : ''}`,
      ...(reads ? {} : { payload: input as Record<string, unknown> }),
      headers: { ...(who ? { cookie: cookies[who] ?? '' } : {}), ...headers },
    })
    const isJson = String(response.headers['content-type']).includes('json')
    return {
      status: response.statusCode,
      body: isJson ? response.json() : response.rawPayload,
      headers: response.headers,
    }
  }
  return { app, call, cookies }
}
