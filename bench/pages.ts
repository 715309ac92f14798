import type { FastifyInstance } from 'fastify'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { createApp } from '../server/app.ts'
import type { Role } from '../server/kit/gate.ts'
import { newId } from '../server/kit/ids.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { appoint } from '../server/org/actions.ts'
import { rebuildOrganisation } from '../server/regime/actions.ts'
import { inputFor, isOpenTo, listReadEndpoints, type Things } from './endpoints.ts'
import { fillRecords, type FilledSchool } from './fill-records.ts'
import { loadDistrict, type LoadedDistrict } from './load.ts'
import { type Bench, measure, percentile, row, type Row, type Sample, type Table } from './measure.ts'
import { openPlace } from './place.ts'

const actor = systemActor('bench')
const password = 'bench-2026'

export interface User {
  who: string
  roles: Role[]
  cookie: string
}

/** The data of every page, asked of the server by every role, in a district of 10,000 teachers and 3 million facts. */
export async function measurePages({ small, folder, say }: Bench): Promise<Table[]> {
  const size = small
    ? { schools: 4, teachersPerSchool: 100, factsPerTeacher: 300, days: 1800 }
    : { schools: 100, teachersPerSchool: 100, factsPerTeacher: 300, days: 1800 }
  const place = await openPlace(folder, 'pages')
  const { services } = place
  try {
    say(`载入 ${size.schools} 所学校…`)
    const district = await loadDistrict(services, place.ownerConnection, size, say)
    const first = district.schools[0]
    if (!first) throw new Error('no school was loaded')
    const filled = await fillRecords(place.ownerConnection, first)
    say('由事实计算全部结论…')
    const began = performance.now()
    for (const school of district.schools) await rebuildOrganisation(services, school.id, actor)
    const rebuilt = (performance.now() - began) / 1000
    say(`全区重算 ${rebuilt.toFixed(1)} 秒`)

    const app = await createApp(services)
    const users = await openUsers(services, app, district)
    const things = await findThings(app, users, first, filled, district)
    const runs = small ? 10 : 60
    const { rows, skipped } = await measureEndpoints(app, users, things, runs)
    const empty = await measure(200, () =>
      services.inOrganisation(first.id, actor, async (tx) => tx.connection.query('SELECT 1')),
    )
    await app.close()
    const limit = `空事务 ${percentile(empty, 0.5).toFixed(1)} ms`
    return [
      {
        title: `页面：${district.teachers.toLocaleString()} 名教师、${district.facts.toLocaleString()} 条事实，服务端给出数据的用时（p95；取最慢的角色）`,
        rows: rows.map((one, index) => (index === 0 ? { ...one, limit } : one)),
        notes: [
          `每个接口每个角色 ${runs} 次，进程内请求（不含网络），含查会话与事务`,
          ...(skipped.length > 0 ? [`没有量：${skipped.join('、')}`] : []),
        ],
      },
      {
        title: '全区重算',
        rows: [
          row(`${size.schools} 所学校、${district.teachers.toLocaleString()} 名教师全部重算`, rebuilt, '秒'),
          row('平均每名教师', (rebuilt * 1000) / district.teachers, 'ms'),
        ],
        notes: ['一个进程逐校计算，引擎只用一个核'],
      },
    ]
  } finally {
    await place.stop()
  }
}

/** One account of each role in the first school, and the district's officer; signed in. */
export async function openUsers(
  services: Services,
  app: FastifyInstance,
  district: LoadedDistrict,
): Promise<User[]> {
  const school = district.schools[0] as LoadedDistrict['schools'][number]
  const [teacher = '', leader = '', office = '', principal = ''] = school.personIds
  const passwordHash = await hashPassword(password)
  const from = '2019-09-01'
  await services.inOrganisation(school.id, actor, async (tx) => {
    const unitId = school.groupIds[1] ?? ''
    await appoint(tx, { personId: leader, role: 'groupLeader', unitId, title: '组长', from })
    await appoint(tx, { personId: office, role: 'academicOffice', title: '教导主任', from })
    await appoint(tx, { personId: principal, role: 'principal', title: '校长', from })
  })
  const people: [string, string, string, Role[]][] = [
    ['教师', school.id, teacher, ['teacher']],
    ['组长', school.id, leader, ['teacher', 'groupLeader']],
    ['教导主任', school.id, office, ['teacher', 'academicOffice']],
    ['校长', school.id, principal, ['teacher', 'principal']],
    ['区教研员', district.districtId, district.officerId, ['districtOfficer']],
  ]
  const users: User[] = []
  for (const [who, orgId, personId, roles] of people) {
    const loginName = `bench-${users.length}`
    await services.inOrganisation(orgId, actor, (tx) =>
      createAccount(tx, { personId, loginName, passwordHash, mustChangePassword: false }),
    )
    const response = await app.inject({
      method: 'POST',
      url: '/api/access/signIn',
      payload: { loginName, password },
    })
    users.push({ who, roles, cookie: String(response.headers['set-cookie']).split(';')[0] ?? '' })
  }
  return users
}

export function ask(app: FastifyInstance, user: User, path: string, input: unknown) {
  return app.inject({
    method: 'GET',
    url: `/api/${path}?input=${encodeURIComponent(JSON.stringify(input))}`,
    headers: { cookie: user.cookie },
  })
}

async function create(app: FastifyInstance, user: User, path: string, input: unknown): Promise<string> {
  const response = await app.inject({
    method: 'POST',
    url: `/api/${path}`,
    headers: { cookie: user.cookie, 'idempotency-key': newId() },
    payload: input as object,
  })
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.body}`)
  return (response.json() as { id: string }).id
}

/** One record of each of the rooms that `fillRecords` leaves empty, made as people make them. */
async function createRecords(app: FastifyInstance, user: User, teacherId: string): Promise<Partial<Things>> {
  const make = (path: string, input: unknown) => create(app, user, path, input)
  const choices = (await ask(app, user, 'lesson/getBookingChoices', {})).json() as { kinds: { id: string }[] }
  const lessonId = await make('lesson/bookLesson', {
    kind: choices.kinds[0]?.id,
    teacherId,
    subject: '数学',
    className: '三（1）班',
    topic: '年、月、日',
    heldOn: '2026-11-18',
    period: 3,
  })
  return {
    lessonId,
    observationId: await make('lesson/startObservation', { lessonId }),
    talkId: await make('talk/startTalk', { title: '年、月、日' }),
    designId: await make('design/startDesign', {
      title: '年、月、日',
      body: '先看日历，再找规律。'.repeat(60),
    }),
    noticeId: await make('notice/startNotice', {}),
    regulationId: await make('regulation/startRegulation', { kind: 'attendance', title: '考勤制度' }),
    regimeDraftId: await make('regimeDrafts/createDraft', { origin: 'preset:xinglong' }),
  }
}

async function findThings(
  app: FastifyInstance,
  users: User[],
  school: { id: string; groupIds: string[]; personIds: string[] },
  filled: FilledSchool,
  district: LoadedDistrict,
): Promise<Map<User, Partial<Things>>> {
  const result = new Map<User, Partial<Things>>()
  const office = users.findIndex((user) => user.roles.includes('academicOffice'))
  const made = await createRecords(app, users[office] as User, school.personIds[0] ?? '')
  for (const user of users) {
    const isOfficer = user.roles.includes('districtOfficer')
    const personId = isOfficer ? district.officerId : (school.personIds[users.indexOf(user)] ?? '')
    const board = (await ask(app, user, 'regime/getMyBoard', {})).json() as {
      rows?: { ruleId: string; regimeId: string; minimumId: string; periodId: string }[]
    }
    const duty = board.rows?.find((one) => one.periodId !== '')
    result.set(user, {
      ...filled,
      ...made,
      personId,
      // The leader leads the second group; the first activity belongs to the first one.
      unitId: school.groupIds[users.indexOf(user) === 1 ? 1 : 0] ?? '',
      schoolId: school.id,
      score: { part: 'check', voice: 'scheduled', title: '期中检查', scoredOn: '2026-11-10' },
      ...(duty
        ? {
            trace: {
              subject: { kind: 'person', id: personId },
              ruleId: duty.ruleId,
              regimeId: duty.regimeId,
              minimumId: duty.minimumId,
              periodId: duty.periodId,
            },
          }
        : {}),
    })
  }
  return result
}

async function measureEndpoints(
  app: FastifyInstance,
  users: User[],
  things: Map<User, Partial<Things>>,
  runs: number,
): Promise<{ rows: Row[]; skipped: string[] }> {
  const measured: { path: string; who: string; sample: Sample; bytes: number }[] = []
  const skipped: string[] = []
  for (const one of listReadEndpoints()) {
    let worst: (typeof measured)[number] | undefined
    const refusals: string[] = []
    for (const user of users) {
      if (!isOpenTo(one, user.roles)) continue
      const input = inputFor(one, things.get(user) ?? {})
      if (input === undefined) continue
      const probe = await ask(app, user, one.path, input)
      if (probe.statusCode !== 200) {
        refusals.push(`${user.who} ${probe.statusCode}`)
        continue
      }
      const sample = await measure(runs, () => ask(app, user, one.path, input))
      if (!worst || percentile(sample, 0.95) > percentile(worst.sample, 0.95))
        worst = { path: one.path, who: user.who, sample, bytes: probe.rawPayload.length }
    }
    if (worst) measured.push(worst)
    else skipped.push(`${one.path}（${refusals.join('，') || '没有合适的输入'}）`)
  }
  measured.sort((a, b) => percentile(b.sample, 0.95) - percentile(a.sample, 0.95))
  const rows = measured.map(({ path, who, sample, bytes }) => {
    const what = `${path}（${who}，${Math.ceil(bytes / 1024)} kB，p50 ${percentile(sample, 0.5).toFixed(1)}）`
    return row(what, percentile(sample, 0.95), 'ms', { atMost: 50 })
  })
  return { rows, skipped }
}
