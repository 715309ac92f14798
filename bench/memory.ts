import { readdirSync, readFileSync } from 'node:fs'
import { memoryOf, type Program } from '../server/bad-days/program.ts'
import { type DemoUser, signInDemoUsers, startDemoServer } from './demo.ts'
import { inputFor, listReadEndpoints, type Things } from './endpoints.ts'
import { type Bench, row, type Table } from './measure.ts'

/** Memory of the server in the demo after everybody has read every page several times and printed a booklet. */
export async function measureMemory(bench: Bench): Promise<Table[]> {
  const program = await startDemoServer(bench)
  try {
    const fresh = memoryOf(program.pid)
    const users = await signInDemoUsers(program)
    let read = 0
    for (let round = 0; round < (bench.small ? 2 : 10); round++) {
      for (const user of users) read += await readEverything(program, user)
      bench.say(`读了 ${read} 次，常驻 ${memoryOf(program.pid).now.toFixed(0)} MB`)
    }
    const printed = await printBooklet(program, users)
    const after = memoryOf(program.pid)
    const children = childrenOf(program.pid)
    return [
      {
        title: '内存：演示数据，所有角色把所有页面的数据读遍',
        rows: [
          row('服务进程常驻内存', after.now, 'MB', { atMost: 400 }),
          row('服务进程最高时', after.peak, 'MB', { atMost: 400 }),
          row('刚启动时', fresh.now, 'MB'),
        ],
        notes: [
          `共 ${read} 次读取；报告册 PDF ${printed}`,
          `其他进程（不在目标内）：${children.map(({ name, megabytes }) => `${name} ${megabytes.toFixed(0)} MB`).join('，') || '无'}`,
        ],
      },
    ]
  } finally {
    await program.stop()
  }
}

async function ask(program: Program, user: DemoUser, path: string, input: unknown): Promise<unknown> {
  const response = await fetch(
    `${program.address}/api/${path}?input=${encodeURIComponent(JSON.stringify(input))}`,
    { headers: { cookie: user.cookie } },
  )
  const text = await response.text()
  return response.ok ? (JSON.parse(text) as unknown) : undefined
}

/** What this person can see, found by reading as the pages do. */
async function findThings(program: Program, user: DemoUser): Promise<Partial<Things>> {
  type Session = { session: { person: { id: string }; units: { unitId: string }[] } }
  const { session } = (await ask(program, user, 'access/getSession', {})) as Session
  const activities = (await ask(program, user, 'activity/listActivities', {
    from: '2026-10-01',
    to: '2026-11-30',
  })) as { id: string; canOpen: boolean }[] | undefined
  const works = (await ask(program, user, 'work/listMyWorks', {})) as { id: string }[] | undefined
  const board = (await ask(program, user, 'regime/getMyBoard', {})) as
    | { rows: { ruleId: string; regimeId: string; minimumId: string; periodId: string }[] }
    | undefined
  const first = board?.rows[0]
  const activityId = activities?.find((one) => one.canOpen)?.id
  return {
    personId: session.person.id,
    ...(session.units[0] ? { unitId: session.units[0].unitId } : {}),
    ...(activityId ? { activityId } : {}),
    ...(works?.[0] ? { workId: works[0].id } : {}),
    ...(first
      ? {
          trace: {
            subject: { kind: 'person', id: session.person.id },
            ruleId: first.ruleId,
            regimeId: first.regimeId,
            minimumId: first.minimumId,
            periodId: first.periodId,
          },
        }
      : {}),
  }
}

async function readEverything(program: Program, user: DemoUser): Promise<number> {
  const things = await findThings(program, user)
  let answered = 0
  for (const one of listReadEndpoints()) {
    const input = inputFor(one, things)
    if (input !== undefined && (await ask(program, user, one.path, input)) !== undefined) answered++
  }
  return answered
}

async function printBooklet(program: Program, users: DemoUser[]): Promise<string> {
  const user = users.find((one) => one.role === '教师') ?? users.at(-1)
  if (!user) return '没有印'
  const { personId } = await findThings(program, user)
  const input = { personId, schoolYearId: '2025-2026', format: 'pdf' }
  const began = performance.now()
  const response = await fetch(
    `${program.address}/api/documents/getBooklet?input=${encodeURIComponent(JSON.stringify(input))}`,
    { headers: { cookie: user.cookie } },
  )
  const bytes = await response.arrayBuffer()
  if (!response.ok) return `没有印成（${response.status}）`
  return `${Math.round(bytes.byteLength / 1024)} kB，${Math.round(performance.now() - began)} ms`
}

/** Processes below the server: PostgreSQL (its own shared memory counted once) and the typesetter. */
function childrenOf(pid: number): { name: string; megabytes: number }[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 4).split(' ')[0]))
    } catch {
      // It has ended meanwhile.
    }
  }
  const isBelow = (child: number): boolean => {
    const parent = parents.get(child)
    return parent !== undefined && (parent === pid || isBelow(parent))
  }
  const sums = new Map<string, number>()
  for (const child of parents.keys()) {
    if (!isBelow(child)) continue
    try {
      const kilobytes = Number(
        /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${child}/smaps_rollup`, 'utf8'))?.[1],
      )
      const command = readFileSync(`/proc/${child}/cmdline`, 'utf8')
      const name = command.includes('postgres') ? 'PostgreSQL' : '排版进程'
      sums.set(name, (sums.get(name) ?? 0) + kilobytes / 1024)
    } catch {
      // It has ended meanwhile, or is not ours to look into.
    }
  }
  return [...sums].map(([name, megabytes]) => ({ name, megabytes }))
}
