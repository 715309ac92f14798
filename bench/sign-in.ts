import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Crowd, createCrowd, listRecords } from '../server/bad-days/crowd.ts'
import { startProgram } from '../server/bad-days/program.ts'
import { migrate } from '../server/kit/migrate.ts'
import { connectionString } from '../server/postgres/connection.ts'
import { startPostgres } from '../server/postgres/supervisor.ts'
import { type Bench, median, percentile, row, type Row, type Table } from './measure.ts'
import { findPgbench, type PgbenchMode, pgbenchModes, recordSignIn, runPgbench } from './pgbench.ts'
import type { LoadOrder, LoadResult } from './sign-in-load.ts'

/**
 * Signing in: HTTP requests with session check to the committed transaction, from a process of its own, against
 * pgbench sending the same SQL to the same server in the same run: every statement that the request sends, from the
 * look-up of the session to COMMIT, in three ways of sending them. Three rounds of each, by turns; medians, and of
 * pgbench the fastest way. For comparison also pgbench without the look-up of the session.
 */
export async function measureSignIn({ small, folder, say }: Bench): Promise<Table[]> {
  const place = join(folder, 'sign-in')
  const dataFolder = join(place, 'postgres')
  // pgbench wants 64 connections of its own beside the program's.
  await (await startPostgres({ dataFolder })).stop()
  writeFileSync(join(dataFolder, 'cluster', 'local.conf'), 'max_connections = 140\n', { mode: 0o644 })
  const postgres = await startPostgres({ dataFolder })
  const address = connectionString(postgres.connection)
  await migrate(address)
  mkdirSync(join(place, 'data'))
  const program = await startProgram({
    dataFolder: join(place, 'data'),
    env: { DATABASE_URL: address },
  })
  try {
    const people = small ? 500 : 2_000
    const seconds = small ? 2 : 8
    // Enough pairs of person and activity that no sign-in is ever the second of its kind.
    const perLoad = seconds * 5_000
    const perPgbench = seconds * 8_000
    const activities = Math.ceil((4 * perLoad + 12 * perPgbench) / people) + 4
    say(`建 ${people} 名教师、${activities} 场进行中的活动、${people * 20} 个登录会话…`)
    const crowd = await createCrowd(address, { people, activities, sessionsPerPerson: 20, past: 20 })
    const load = (more: Partial<LoadOrder>) => runLoad(place, program.port, crowd, more)
    let next = 0
    /** The next free numbers, always from a fresh activity on. */
    const take = (count: number) => {
      const from = next
      next = Math.ceil((from + count) / people) * people
      return from
    }

    const pgbench = findPgbench()
    const journeys = pgbench ? await recordSignIn(crowd, postgres.connection) : []
    // The one that was written down is taken.
    take(1)

    say('全校同时签到…')
    const from = take(people)
    const rush = await load({ from, requests: people, seconds: 60, connections: 200, opensPage: true })
    const here = [...(await listRecords(address, crowd.orgId))].filter((one) =>
      one.endsWith(`.${from / people}`),
    ).length

    say('预热…')
    await load({ from: take(perLoad), seconds: small ? 1 : 4, requests: perLoad })
    const idle = await load({ idle: true, requests: Number.MAX_SAFE_INTEGER, seconds: small ? 1 : 4 })
    const rounds: LoadResult[] = []
    const limits: Limits = { prepared: [], journeys: [], simple: [] }
    const withoutSession: number[] = []
    for (let round = 1; round <= (small ? 1 : 3); round++) {
      rounds.push(await load({ from: take(perLoad), seconds, requests: perLoad }))
      say(`第 ${round} 轮：签到 ${rate(rounds.at(-1) as LoadResult).toFixed(0)} 次/秒`)
      if (!pgbench) continue
      const options = { program: pgbench, connection: postgres.connection, folder: place, crowd, seconds }
      for (const mode of pgbenchModes) {
        limits[mode].push(await runPgbench({ ...options, mode, journeys, from: take(perPgbench) }))
        say(`第 ${round} 轮：pgbench（${mode}）${limits[mode].at(-1)?.toFixed(0)} 次/秒`)
      }
      const own = journeys.filter((one) => one.some(({ text }) => text.startsWith('BEGIN')))
      withoutSession.push(
        await runPgbench({ ...options, mode: 'prepared', journeys: own, from: take(perPgbench) }),
      )
      say(`第 ${round} 轮：pgbench（prepared，不查会话）${withoutSession.at(-1)?.toFixed(0)} 次/秒`)
    }
    const sent = journeys.map((journey) => journey.length)
    return [
      describe({
        people,
        rush,
        here,
        rounds,
        limits,
        withoutSession,
        sent,
        idle,
        hasPgbench: pgbench !== undefined,
      }),
    ]
  } finally {
    await program.stop()
    await postgres.stop()
  }
}

type Limits = Record<PgbenchMode, number[]>
const rate = (result: LoadResult) => result.done / result.seconds

function describe(found: {
  people: number
  rush: LoadResult
  here: number
  rounds: LoadResult[]
  limits: Limits
  withoutSession: number[]
  /** Statements of each journey of one request. */
  sent: number[]
  idle: LoadResult
  hasPgbench: boolean
}): Table {
  const { people, rush, rounds, limits } = found
  const ours = median(rounds.map(rate))
  const modes = pgbenchModes.map((mode) => median(limits[mode]))
  const limit = found.hasPgbench ? Math.max(...modes) : Number.NaN
  const all = { sorted: rounds.flatMap((one) => one.times).sort((a, b) => a - b) }
  const failed = (result: LoadResult) =>
    Object.entries(result.answers)
      .filter(([answer]) => answer !== '200 signedIn')
      .reduce((sum, [, count]) => sum + count, 0)
  const odd = [rush, ...rounds].flatMap((one) =>
    Object.keys(one.answers).filter((answer) => answer !== '200 signedIn'),
  )
  const share: Row = found.hasPgbench
    ? row('签到吞吐与 pgbench 之比', (100 * ours) / limit, '%', { atLeast: 50, limit: '100 %' })
    : {
        what: '签到吞吐与 pgbench 之比',
        measured: '没有 pgbench，量不了',
        target: '≥ 50 %',
        ok: null,
        limit: '',
      }
  return {
    title: '签到：64 个并发，从 HTTP 请求（每次都是新会话、都查会话）到事务落盘',
    rows: [
      row('签到吞吐（各轮中位数）', ours, '次/秒', {
        limit: found.hasPgbench ? `pgbench 同样的 SQL ${limit.toFixed(0)} 次/秒` : 'pgbench 未安装',
      }),
      share,
      row('签到用时 p50', percentile(all, 0.5), 'ms'),
      row('签到用时 p99', percentile(all, 0.99), 'ms', { atMost: 150 }),
      row(
        '被拒绝或出错',
        rounds.reduce((sum, one) => sum + failed(one), 0),
        '次',
        { atMost: 0 },
      ),
      row(`${people.toLocaleString()} 名教师一齐签到（先开页面）`, rush.seconds, '秒', { atMost: 10 }),
      row('　其中被拒绝或出错', failed(rush), '次', { atMost: 0 }),
      row('　得到答复却没有记录', (rush.answers['200 signedIn'] ?? 0) - found.here, '条', { atMost: 0 }),
      row('　库中的签到记录', found.here, '条', { atLeast: people }),
    ],
    notes: [
      `各轮签到 ${listOf(rounds.map(rate))} 次/秒；pgbench ${pgbenchModes.map((mode) => `${mode} ${listOf(limits[mode])}`).join('，')}（取最快的一种）`,
      `pgbench 重放一次签到请求实际发出的每条语句（查会话、设范围、写入、提交，${found.sent.length} 次往返 ${found.sent.join('+')} 条）；不查会话时 ${listOf(found.withoutSession)} 次/秒`,
      `空请求 /healthz 在同一条件下 ${rate(found.idle).toFixed(0)} 次/秒：HTTP 与压测程序本身的上限；服务、数据库、压测程序共用本机的核`,
      ...(odd.length > 0 ? [`异常答复：${[...new Set(odd)].slice(0, 5).join('；')}`] : []),
    ],
  }
}

const listOf = (rates: number[]) => rates.map((one) => one.toFixed(0)).join('、')

/** Signs a crowd in from a process of its own. */
export async function runLoad(
  folder: string,
  port: number,
  crowd: Crowd,
  more: Partial<LoadOrder>,
): Promise<LoadResult> {
  const order: LoadOrder = {
    port,
    connections: 64,
    requests: 0,
    seconds: 0,
    secret: crowd.secret.toString('base64'),
    people: crowd.people,
    sessions: crowd.sessions,
    from: 0,
    opensPage: false,
    idle: false,
    ...more,
  }
  const path = join(folder, 'load-order.json')
  writeFileSync(path, JSON.stringify(order))
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'sign-in-load.ts'), path],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise((resolve) => child.on('exit', resolve))
  if (code !== 0) throw new Error(`the load ended with ${String(code)}`)
  return JSON.parse(output) as LoadResult
}
