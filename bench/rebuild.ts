import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'
import { schoolYears } from '../demo/founding.ts'
import { addDays } from '../engine/days.ts'
import { createApp } from '../server/app.ts'
import { memoryOf, postgresPid } from '../server/bad-days/program.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { rebuildOrganisations } from '../server/regime/rebuild.ts'
import { loadDistrict, type LoadedDistrict } from './load.ts'
import { type Bench, measure, percentile, row, type Row, type Table } from './measure.ts'
import { ask, openUsers } from './pages.ts'
import { openPlace } from './place.ts'

const actor = systemActor('bench')

/** The demo's last school year five times over, each 52 weeks before the next. */
const years = [4, 3, 2, 1, 0].map((back) => {
  const last = schoolYears.at(-1) as (typeof schoolYears)[number]
  const move = (day: string) => addDays(day, -364 * back)
  const nameOf = (id: string) => id.replaceAll(/20\d\d/g, (year) => String(Number(year) - back))
  return {
    id: nameOf(last.id),
    from: move(last.from),
    to: move(last.to),
    terms: last.terms.map((term) => ({
      ...term,
      id: nameOf(term.id),
      schoolYearId: nameOf(term.schoolYearId),
      name: nameOf(term.name),
      from: move(term.from),
      to: move(term.to),
      windows: Object.fromEntries(
        Object.entries(term.windows).map(([name, range]) => [
          name,
          { from: move(range.from), to: move(range.to) },
        ]),
      ) as typeof term.windows,
    })),
  }
})

/**
 * A district of 10,000 teachers in 300 groups of 100 schools with five years of facts: every finding of every year anew
 * from the facts, then the boards that rest on them. Memory is that of this process, in which the server's own code runs.
 */
export async function measureRebuild({ small, folder, say }: Bench): Promise<Table[]> {
  const place = await openPlace(folder, 'rebuild')
  const { services } = place
  try {
    const size = {
      schools: small ? 10 : 100,
      teachersPerSchool: 100,
      groupsPerSchool: 3,
      factsPerTeacher: 1_500,
      days: 1_530,
      years,
    }
    const district = await loadDistrict(services, place.ownerConnection, size, say)
    const schoolIds = district.schools.map(({ id }) => id)
    // The load is one long write; what it leaves behind (rows that nobody has vacuumed yet, pages to be written out)
    // must not be done while we measure: facts of five years have long been vacuumed.
    await asOwner(place.ownerConnection, async (client) => {
      await client.query('VACUUM (ANALYZE) facts')
      await client.query('CHECKPOINT')
    })
    say('全部重建…')
    const before = { server: process.cpuUsage(), database: databaseSeconds(place.dataFolder) }
    const began = performance.now()
    await rebuildOrganisations(services, schoolIds, actor, { years: 'all' })
    const seconds = (performance.now() - began) / 1000
    const used = process.cpuUsage(before.server)
    const server = (used.user + used.system) / 1e6
    const database = databaseSeconds(place.dataFolder) - before.database
    const peak = memoryOf(process.pid).peak
    const sets = await countSets(place.ownerConnection)
    say('读榜…')
    const boards = await measureBoards(services, district, small ? 10 : 60)
    return [
      {
        title: `全部重建：${district.teachers.toLocaleString()} 名教师、${district.schools.length} 所学校、${years.length} 学年、${district.facts.toLocaleString()} 条事实`,
        rows: [
          row('全部学年的结论从事实重建', seconds, '秒', small ? {} : { atMost: 90 }),
          row('　重建时内存峰值（含载入）', peak, 'MB', { atMost: 1024 }),
          ...boards,
        ],
        notes: [
          `${sets.toLocaleString()} 份结论；处理器用时：数据库 ${database.toFixed(0)} 秒（${Math.round((100 * database) / (database + server))} %），程序（读行、制度引擎、打包）${server.toFixed(0)} 秒`,
          '三个线程各算一所学校；库、程序共用本机的核；载入以后先 VACUUM 一次，不计时',
        ],
      },
    ]
  } finally {
    await place.stop()
  }
}

/** Every board as its readers ask for it, of the present term and of the first of the five years. */
async function measureBoards(services: Services, district: LoadedDistrict, runs: number): Promise<Row[]> {
  const app = await createApp(services)
  try {
    const users = await openUsers(services, app, district)
    const unitId = district.schools[0]?.groupIds[1] ?? ''
    const personId = district.schools[0]?.personIds[0] ?? ''
    const termIds = [years[0], years.at(-1)].map((year) => year?.terms[0]?.id)
    const boards: [path: string, who: string, input: Record<string, unknown>][] = [
      ['regime/getMyBoard', '教师', {}],
      ['regime/getPersonBoard', '校长', { personId }],
      ['regime/getGroupBoard', '组长', { unitId }],
      ['regime/getSchoolBoard', '教导主任', {}],
      ['regime/getSchoolBoard', '校长', {}],
      ['district/getDistrictBoard', '区教研员', {}],
    ]
    const rows: Row[] = []
    for (const [path, who, input] of boards) {
      const user = users.find((one) => one.who === who)
      if (!user) throw new Error(`nobody is ${who}`)
      for (const termId of path.startsWith('district/') ? [undefined] : termIds) {
        const asked = termId === undefined ? input : { ...input, termId }
        const times = await measure(runs, async () => {
          const answer = await ask(app, user, path, asked)
          if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.body.slice(0, 300)}`)
        })
        rows.push(
          row(`读榜 ${path}（${who}，${termId ?? '当前'}），p95`, percentile(times, 0.95), 'ms', {
            atMost: 50,
          }),
        )
      }
    }
    return rows
  } finally {
    await app.close()
  }
}

async function asOwner<Result>(
  ownerConnection: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: ownerConnection })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const countSets = (ownerConnection: string) =>
  asOwner(ownerConnection, async (client) => {
    await client.query('SET row_security = off')
    const { rows } = await client.query<{ count: number }>('SELECT count(*) AS count FROM finding_sets')
    return Number(rows[0]?.count)
  })

/** Seconds of processor time that the database has used so far, all its processes together; Linux only. */
function databaseSeconds(dataFolder: string): number {
  const postmaster = postgresPid(dataFolder)
  let ticks = 0
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').map(Number) ?? []
      const [, parent, , , , , , , , , , user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields
      if (Number(pid) === postmaster) ticks += user + system + endedUser + endedSystem
      else if (parent === postmaster) ticks += user + system
    } catch {
      // It ended meanwhile.
    }
  }
  return ticks / 100
}
