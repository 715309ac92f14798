import { mkdirSync } from 'node:fs'
import { Agent, get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { closeActivity } from '../server/activity/actions.ts'
import { activityIdOf, type Crowd, createCrowd } from '../server/bad-days/crowd.ts'
import { memoryOf, startProgram } from '../server/bad-days/program.ts'
import { createClock } from '../server/kit/clock.ts'
import { createHub } from '../server/kit/hub.ts'
import { migrate } from '../server/kit/migrate.ts'
import { createServices, systemActor } from '../server/kit/services.ts'
import { createPool } from '../server/kit/sql.ts'
import { connectionString } from '../server/postgres/connection.ts'
import { startPostgres } from '../server/postgres/supervisor.ts'
import { createTypesetter } from '../server/typesetting/renderer.ts'
import { type Bench, percentile, row, type Table } from './measure.ts'
import { runLoad } from './sign-in.ts'

/** Many phones watch the live list while a whole school signs in; then the activity is closed. */
export async function measureLive({ small, folder, say }: Bench): Promise<Table[]> {
  const place = join(folder, 'live')
  const postgres = await startPostgres({ dataFolder: join(place, 'postgres') })
  const address = connectionString(postgres.connection)
  await migrate(address)
  mkdirSync(join(place, 'data'))
  const program = await startProgram({ dataFolder: join(place, 'data'), env: { DATABASE_URL: address } })
  const people = small ? 200 : 2_000
  const watchers = small ? 50 : 500
  try {
    say(`建 ${people} 名教师…`)
    const crowd = await createCrowd(address, { people, activities: 1, sessionsPerPerson: 2, past: 20 })
    const before = memoryOf(program.pid)
    say(`${watchers} 部手机看着大屏幕名单…`)
    const watching = await watch(program.port, crowd, watchers)
    const rush = await runLoad(place, program.port, crowd, {
      requests: people,
      seconds: 120,
      connections: 64,
      opensPage: true,
    })
    say('等名单到齐…')
    const settled = await watching.settle(people)
    const after = memoryOf(program.pid)
    watching.stop()
    say('结束活动…')
    const closing = await close(address, crowd)
    const failed = rush.done - (rush.answers['200 signedIn'] ?? 0)
    return [
      {
        title: `大屏幕名单：${watchers} 部手机看着，${people.toLocaleString()} 人签到；然后结束活动`,
        rows: [
          row(`${people.toLocaleString()} 人签到完`, rush.seconds, '秒', { atMost: 60 }),
          row('签到用时 p99', percentile({ sorted: rush.times }, 0.99), 'ms'),
          row('被拒绝或出错', failed, '次', { atMost: 0 }),
          row('库中少了的签到', people - closing.records, '条', { atMost: 0 }),
          row('最后看到的人数不对的手机', settled.wrong, '部', { atMost: 0 }),
          row('签完到手机都看到，等了', settled.seconds, '秒'),
          row('服务进程最高时的内存', after.peak, 'MB', { atMost: 400 }),
          row(`结束 ${people.toLocaleString()} 人的活动`, closing.seconds, '秒', { atMost: 3 }),
        ],
        notes: [
          `手机共读了 ${settled.reads} 次名单，收到 ${settled.messages} 条消息；开始前内存 ${before.now.toFixed(0)} MB；结束留下 ${closing.facts} 条事实`,
          '结束活动：从取得活动到事务提交，含每人的考勤、事实、补学和审计',
        ],
      },
    ]
  } finally {
    await program.stop()
    await postgres.stop()
  }
}

/** Phones that keep a stream open and read the list again whenever they are told, one reading at a time each. */
async function watch(port: number, crowd: Crowd, count: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const input = encodeURIComponent(JSON.stringify({ id: activityIdOf(0) }))
  let reads = 0
  let messages = 0
  const seen: number[] = Array.from({ length: count }, () => 0)
  const streams: IncomingMessage[] = []
  const headers = (phone: number) => ({
    cookie: `xiaoyan_session=${crowd.sessions[crowd.people + phone] ?? ''}`,
  })
  const read = (phone: number) =>
    new Promise<void>((resolve) => {
      get(
        {
          port,
          host: '127.0.0.1',
          path: `/api/activityLive/getLive?input=${input}`,
          agent,
          headers: headers(phone),
        },
        (response) => {
          let body = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => (body += chunk))
          response.on('end', () => {
            reads++
            const arrived = /"arrived":(\d+)/.exec(body)?.[1]
            if (arrived !== undefined) seen[phone] = Number(arrived)
            resolve()
          })
        },
      ).on('error', () => resolve())
    })
  for (let phone = 0; phone < count; phone++) {
    let busy = false
    let again = false
    const refresh = async (): Promise<void> => {
      if (busy) {
        again = true
        return
      }
      busy = true
      do {
        again = false
        await read(phone)
      } while (again)
      busy = false
    }
    await new Promise<void>((resolve, reject) => {
      get(
        { port, host: '127.0.0.1', path: '/api/live/getStream', agent: false, headers: headers(phone) },
        (response) => {
          streams.push(response)
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            if (!chunk.includes('activityLive')) return
            messages++
            void refresh()
          })
          response.on('error', () => undefined)
          resolve()
        },
      ).on('error', reject)
    })
  }
  return {
    /** Waits until every phone shows so many, at most half a minute. */
    async settle(people: number) {
      const started = performance.now()
      while (seen.some((arrived) => arrived !== people) && performance.now() - started < 30_000)
        await new Promise((resolve) => setTimeout(resolve, 50))
      const seconds = (performance.now() - started) / 1000
      return { wrong: seen.filter((arrived) => arrived !== people).length, seconds, reads, messages }
    },
    stop() {
      for (const stream of streams) stream.destroy()
      agent.destroy()
    },
  }
}

/** Closes the crowd's activity through the action, over connections of its own. */
async function close(address: string, crowd: Crowd) {
  const pool = createPool(address)
  const typesetter = createTypesetter()
  const services = createServices({
    pool,
    clock: createClock(0),
    hub: createHub(),
    dataFolder: '/nonexistent',
    secret: crowd.secret,
    demo: false,
    typesetter,
    publicUrl: '',
  })
  try {
    const started = performance.now()
    const { counts } = await services.inOrganisation(crowd.orgId, systemActor('bench'), (tx) =>
      closeActivity(tx, { id: activityIdOf(0) }),
    )
    const seconds = (performance.now() - started) / 1000
    return { seconds, records: counts.present + counts.late, facts: crowd.people + 1 }
  } finally {
    await typesetter.stop()
    await pool.end()
  }
}
