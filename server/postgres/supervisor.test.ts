import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { connectionString } from './connection.ts'
import { findRunAs, isAlive, waitUntil } from './processes.ts'
import { type RunningPostgres, startPostgres } from './supervisor.ts'

/** Everything of one run lies below; short, because the socket's path must fit into 107 bytes. */
const base = mkdtempSync('/tmp/xiaoyan-test-')
chmodSync(base, 0o755)
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(base, { recursive: true, force: true })
})
let count = 0
const newFolder = () => join(base, `data${++count}`)

async function query(server: RunningPostgres, text: string): Promise<Record<string, unknown>[]> {
  const client = new Client(server.connection)
  // A server that is killed under a client must not end the test with an uncaught error.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

/** A second program that holds a database, writes rows and says the number of each row that was acknowledged. */
function startWriter(folder: string) {
  const child = spawn(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    join(import.meta.dirname, 'testing-writer.ts'),
    folder,
  ])
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const acknowledged = () => Number([...output.matchAll(/^row (\d+)\n/gm)].at(-1)?.[1] ?? 0)
  return {
    child,
    acknowledged,
    output: () => output,
    /** Waits until so many rows more are there. */
    writes: async (rows: number) => {
      const target = acknowledged() + rows
      assert.ok(
        await waitUntil(() => acknowledged() >= target, 60_000),
        `the writer wrote too little: ${output}`,
      )
    },
    serverPid: () => Number(/^server (\d+)/m.exec(output)?.[1]),
    kill: async () => {
      const exit = once(child, 'exit')
      child.kill('SIGKILL')
      await exit
    },
  }
}

test('starts on an empty folder, keeps its rows over a restart, takes Chinese in pg_trgm', async () => {
  const folder = newFolder()
  const first = await startPostgres({ dataFolder: folder })
  await query(first, 'CREATE EXTENSION pg_trgm')
  await query(first, "CREATE TABLE notes AS SELECT '校本研修' AS text")
  assert.equal((await query(first, "SELECT cardinality(show_trgm('校本研修')) AS trigrams"))[0]?.trigrams, 5)
  await first.stop()
  assert.equal(isAlive(first.pid), false)
  await first.stop()

  const second = await startPostgres({ dataFolder: folder })
  assert.equal(second.attached, false)
  assert.deepEqual(await query(second, 'SELECT text FROM notes'), [{ text: '校本研修' }])
  assert.equal(
    connectionString(second.connection),
    `postgresql://xiaoyan_owner@/xiaoyan?host=${encodeURIComponent(join(folder, 'socket'))}&port=5432`,
  )
  await second.stop()
})

test('stops although clients are still connected', async () => {
  const server = await startPostgres({ dataFolder: newFolder() })
  const client = new Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  await client.query('BEGIN')
  await server.stop()
  assert.equal(isAlive(server.pid), false)
})

test('takes over the server of a program that was killed, with every acknowledged row', async () => {
  const folder = newFolder()
  const writer = startWriter(folder)
  await writer.writes(50)
  await writer.kill()
  const pid = writer.serverPid()
  assert.ok(isAlive(pid), 'the server outlives the killed program')
  const server = await startPostgres({ dataFolder: folder })
  assert.equal(server.attached, true)
  assert.equal(server.pid, pid)
  const [row] = await query(server, 'SELECT count(*)::int AS rows FROM lines')
  assert.ok(Number(row?.rows) >= writer.acknowledged())
  await server.stop()
  assert.equal(isAlive(pid), false)
})

test('loses nothing acknowledged when server and program are killed together, round after round', async () => {
  const folder = newFolder()
  let acknowledged = 0
  for (let round = 0; round < 3; round++) {
    const writer = startWriter(folder)
    await writer.writes(30)
    process.kill(writer.serverPid(), 'SIGKILL')
    await writer.kill()
    acknowledged = writer.acknowledged()
    assert.ok(existsSync(join(folder, 'cluster', 'postmaster.pid')), 'the stale mark is there')
  }
  const server = await startPostgres({ dataFolder: folder })
  const [row] = await query(server, 'SELECT max(number) AS last FROM lines')
  assert.ok(Number(row?.last) >= acknowledged, `${String(row?.last)} of ${acknowledged}`)
  await server.stop()
})

test('starts the server again by itself when it is killed, on the same address', async () => {
  const lines: string[] = []
  const server = await startPostgres({ dataFolder: newFolder(), log: (line) => lines.push(line) })
  await query(server, 'CREATE TABLE kept AS SELECT 7 AS value')
  const before = server.pid
  process.kill(before, 'SIGKILL')
  assert.ok(await waitUntil(() => server.pid !== before, 20_000))
  assert.deepEqual(await query(server, 'SELECT value FROM kept'), [{ value: 7 }])
  assert.ok(lines.includes('数据库已重新启动。'))
  await server.stop()
})

test('ends what a killed server left running before it starts again', async (t) => {
  if (process.platform !== 'linux') return t.skip('orphans are looked for on Linux only')
  const server = await startPostgres({ dataFolder: newFolder() })
  const client = new Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  const backend = Number((await client.query('SELECT pg_backend_pid() AS pid')).rows[0]?.pid)
  // Busy without ever waiting, so that it does not notice the death of its postmaster.
  const busy = client
    .query('SELECT count(*) FROM generate_series(1, 4000000000) AS n WHERE n % 7 = 8')
    .catch(() => 'cut off')
  await query(server, 'SELECT pg_sleep(0.2)')
  const before = server.pid
  process.kill(before, 'SIGKILL')
  assert.ok(await waitUntil(() => server.pid !== before, 30_000))
  assert.equal(isAlive(backend), false)
  assert.equal(await busy, 'cut off')
  await server.stop()
})

test('clears a postmaster.pid whose number belongs to another living program now', async () => {
  const folder = newFolder()
  const first = await startPostgres({ dataFolder: folder })
  await first.stop()
  const stranger = spawn('sleep', ['60'], { ...findRunAs() })
  children.push(stranger)
  const lines = [stranger.pid, join(folder, 'cluster'), 1, 5432, join(folder, 'socket'), '', '', 'ready']
  writeFileSync(join(folder, 'cluster', 'postmaster.pid'), `${lines.join('\n')}\n`)
  const second = await startPostgres({ dataFolder: folder })
  assert.equal(second.attached, false)
  await second.stop()
  assert.ok(isAlive(stranger.pid ?? 0), 'the other program is left alone')
})

test('clears a postmaster.pid that a killed server had made but not written', async () => {
  const folder = newFolder()
  const first = await startPostgres({ dataFolder: folder })
  await first.stop()
  writeFileSync(join(folder, 'cluster', 'postmaster.pid'), '')
  const second = await startPostgres({ dataFolder: folder })
  assert.equal(second.attached, false)
  await second.stop()
})

test('refuses a second program on the same folder, in this process and in another', async () => {
  const folder = newFolder()
  const server = await startPostgres({ dataFolder: folder })
  await assert.rejects(
    startPostgres({ dataFolder: folder }),
    /正由另一个校研程序使用（进程号 \d+，自 .* 起）/,
  )
  const writer = startWriter(folder)
  const [code] = (await once(writer.child, 'exit')) as [number]
  assert.equal(code, 1)
  assert.match(writer.output(), /正由另一个校研程序使用/)
  assert.deepEqual(await query(server, 'SELECT 1 AS one'), [{ one: 1 }])
  await server.stop()
})

test('goes on after an initdb that was cut off, and refuses to start over foreign files', async () => {
  const folder = newFolder()
  mkdirSync(join(folder, 'cluster.new'), { recursive: true })
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'cluster.new', 'PG_VERSION'), '18\n')
  const server = await startPostgres({ dataFolder: folder })
  await server.stop()

  writeFileSync(join(folder, 'cluster', 'PG_VERSION'), '13\n')
  await assert.rejects(startPostgres({ dataFolder: folder }), /数据库由 PostgreSQL 13 建立/)
  rmSync(join(folder, 'cluster', 'PG_VERSION'))
  await assert.rejects(startPostgres({ dataFolder: folder }), /不是完整的数据库/)
})

test('works below a long path with Chinese, commas and quotes', async () => {
  const folder = join(base, 'x'.repeat(120), `校研,"数据" 'a'`)
  const server = await startPostgres({ dataFolder: folder })
  assert.ok(Buffer.byteLength(server.connection.host) < 90)
  assert.deepEqual(await query(server, 'SELECT 1 AS one'), [{ one: 1 }])
  await server.stop()
  assert.equal(existsSync(server.connection.host), false)
})

test('keeps a throw-away server in memory and leaves nothing behind, also when killed', async () => {
  const server = await startPostgres({ memory: true })
  const folder = join(server.connection.host, '..')
  assert.deepEqual(await query(server, 'SHOW fsync'), [{ fsync: 'off' }])
  await server.stop()
  assert.equal(existsSync(folder), false)

  const writer = startWriter('memory')
  await writer.writes(3)
  const pid = writer.serverPid()
  const left = join(/^server \d+ in (.*)$/m.exec(writer.output())?.[1] ?? '', '..')
  assert.match(left, /xiaoyan-/)
  await writer.kill()
  assert.ok(await waitUntil(() => !isAlive(pid) && !existsSync(left), 10_000))
})

test('gives its settings, and lets local.conf win', async () => {
  const folder = newFolder()
  const first = await startPostgres({ dataFolder: folder })
  const settings = await query(
    first,
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'jit', 'max_connections', 'synchronous_commit', 'TimeZone', 'listen_addresses') ORDER BY name",
  )
  assert.deepEqual(Object.fromEntries(settings.map(({ name, setting }) => [name, setting])), {
    TimeZone: 'Asia/Shanghai',
    fsync: 'on',
    jit: 'off',
    listen_addresses: '',
    max_connections: '60',
    synchronous_commit: 'on',
  })
  await first.stop()
  writeFileSync(join(folder, 'cluster', 'local.conf'), 'max_connections = 33\n', { mode: 0o644 })
  const second = await startPostgres({ dataFolder: folder })
  assert.deepEqual(await query(second, 'SHOW max_connections'), [{ max_connections: '33' }])
  await second.stop()
})

test('uses the PostgreSQL that is named, and says so when there is none', async (t) => {
  await assert.rejects(
    startPostgres({ dataFolder: newFolder(), binFolder: '/nowhere' }),
    /没有能运行的 PostgreSQL/,
  )
  const system = ['18', '17', '16', '15']
    .map((major) => `/usr/lib/postgresql/${major}/bin`)
    .find((path) => existsSync(join(path, 'initdb')))
  if (!system) return t.skip('no system PostgreSQL here')
  const server = await startPostgres({ dataFolder: newFolder(), binFolder: system })
  assert.match(
    system,
    new RegExp(
      `/${(await query(server, 'SHOW server_version_num'))[0]?.server_version_num?.toString().slice(0, 2)}/`,
    ),
  )
  await server.stop()
})

test('as root: keeps the database where nobody can enter when the folder lies in a private one', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('not root')
  const closed = join(base, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  const folder = join(closed, 'data')
  const lines: string[] = []
  const server = await startPostgres({ dataFolder: folder, log: (line) => lines.push(line) })
  const moved = readFileSync(join(folder, 'moved-to.txt'), 'utf8').trim()
  try {
    assert.match(lines[0] ?? '', /nobody 用户进不了/)
    await query(server, 'CREATE TABLE kept AS SELECT 1 AS value')
    await server.stop()
    const again = await startPostgres({ dataFolder: folder })
    assert.deepEqual(await query(again, 'SELECT value FROM kept'), [{ value: 1 }])
    await again.stop()
  } finally {
    rmSync(moved, { recursive: true, force: true })
  }
  await assert.rejects(startPostgres({ dataFolder: folder }), /但那里没有/)
})

test('as root: what matters most of the above also as an ordinary user', async (t) => {
  const runAs = findRunAs()
  if (!runAs) return t.skip('this run is by an ordinary user already')
  const canRead = spawnSync(
    process.execPath,
    ['-e', 'fs.readFileSync(process.argv[1])', import.meta.filename],
    { ...runAs, cwd: '/' },
  )
  if (canRead.status !== 0) return t.skip('the checkout lies where an ordinary user cannot enter')
  const home = join(base, 'home')
  mkdirSync(home)
  chownSync(home, runAs.uid, runAs.gid)
  // The test runner talks to its children through this variable; this is a run of its own.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env
  const words = [
    '--disable-warning=ExperimentalWarning',
    '--test',
    '--test-reporter=tap',
    '--test-name-pattern=empty folder|takes over the server|second program|closed|throw-away',
    import.meta.filename,
  ]
  const child = spawn(process.execPath, words, {
    ...runAs,
    cwd: import.meta.dirname,
    env: { ...env, HOME: home },
  })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 0, output)
  assert.match(output, /# fail 0/)
})

test('with a full disk: reads on, loses nothing, stops cleanly and writes again', async (t) => {
  const disk = join(base, 'disk')
  mkdirSync(disk)
  const mounted =
    spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=420m,mode=0755', 'xiaoyan-test', disk]).status === 0
  if (!mounted) return t.skip('no right to mount a small disk')
  try {
    const folder = join(disk, 'data')
    const states: boolean[] = []
    const lines: string[] = []
    const server = await startPostgres({
      dataFolder: folder,
      log: (line) => lines.push(line),
      onDiskFull: (full) => states.push(full),
    })
    assert.ok(await waitUntil(() => existsSync(join(folder, 'reserve')), 20_000), 'a reserve is kept')
    await query(server, 'CREATE TABLE kept AS SELECT 1 AS value')
    spawnSync('sh', ['-c', `cat /dev/zero > ${join(disk, 'filler')} 2>/dev/null`])
    assert.ok(await waitUntil(() => server.isDiskFull(), 10_000))
    await assert.rejects(query(server, 'CREATE TABLE refused (a int)'), { code: '25006' })
    assert.deepEqual(await query(server, 'SELECT value FROM kept'), [{ value: 1 }])

    const before = server.pid
    process.kill(before, 'SIGKILL')
    assert.ok(await waitUntil(() => server.pid !== before, 30_000), 'recovers on a full disk')
    assert.deepEqual(await query(server, 'SELECT value FROM kept'), [{ value: 1 }])
    await server.stop()
    assert.ok(lines.some((line) => line.includes('已动用预留的 64 MB')))

    const again = await startPostgres({ dataFolder: folder })
    assert.equal(again.isDiskFull(), true)
    rmSync(join(disk, 'filler'))
    assert.ok(await waitUntil(() => !again.isDiskFull(), 10_000))
    await query(again, 'INSERT INTO kept VALUES (2)')
    await again.stop()
    assert.deepEqual(states, [true])
  } finally {
    spawnSync('umount', ['-l', disk])
  }
})
