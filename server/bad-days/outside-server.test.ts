import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import pg from 'pg'
import { findBinaries } from '../postgres/binaries.ts'
import { connectionString } from '../postgres/connection.ts'
import { findRunAs } from '../postgres/processes.ts'
import { createCrowd, listRecords, signInOver } from './crowd.ts'
import { findFreePort, isSoon, makeBase, startProgram } from './program.ts'

/**
 * A PostgreSQL as a school's data centre runs it: over TCP with a password. The system's own where there is one
 * (another version than the embedded one, 15 is the oldest that we take), otherwise the embedded programs.
 */
const base = makeBase()
const runAs = findRunAs()
const password = 'p@ss wörd:/?#'
const system = ['15', '16', '17', '18']
  .map((major) => `/usr/lib/postgresql/${major}/bin`)
  .find((folder) => existsSync(join(folder, 'initdb')))
const programs = system ?? findBinaries(undefined, runAs).folder
let server: ChildProcess | undefined
let port = 0
const address = (database: string) =>
  connectionString({ host: '127.0.0.1', port, user: 'chief', password, database })

before(async () => {
  port = await findFreePort()
  const folder = join(base, 'outside')
  const passwordFile = join(base, 'password')
  mkdirSync(folder)
  writeFileSync(passwordFile, password, { mode: 0o644 })
  if (runAs) chownSync(folder, runAs.uid, runAs.gid)
  const made = spawnSync(
    join(programs, 'initdb'),
    [
      '-D',
      folder,
      '-U',
      'chief',
      '-A',
      'scram-sha-256',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '-N',
    ],
    { ...runAs, cwd: '/', encoding: 'utf8' },
  )
  assert.equal(made.status, 0, made.stderr)
  const settings = `port=${port} listen_addresses=127.0.0.1 unix_socket_directories= fsync=off max_connections=100`
  server = spawn(
    join(programs, 'postgres'),
    ['-D', folder, ...settings.split(' ').flatMap((setting) => ['-c', setting])],
    { ...runAs, cwd: '/', stdio: 'ignore' },
  )
  const answers = async () => {
    const client = new pg.Client({ connectionString: address('postgres') })
    try {
      await client.connect()
      await client.query('CREATE DATABASE school')
      return true
    } catch {
      return false
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  assert.ok(await isSoon(answers, 20_000), 'the outside server answers')
})
after(async () => {
  if (server && server.exitCode === null) {
    const exit = once(server, 'exit')
    // Fast shutdown: whoever is still connected is cut off.
    server.kill('SIGINT')
    await exit
  }
  rmSync(base, { recursive: true, force: true })
})

test('the program runs on an outside PostgreSQL named by DATABASE_URL, and keeps what it acknowledged over kill -9', async (t) => {
  t.diagnostic(
    system
      ? `PostgreSQL of the system: ${system}`
      : 'no PostgreSQL on the system, the embedded programs over TCP',
  )
  const dataFolder = join(base, 'data')
  const env = { DATABASE_URL: address('school') }
  let program = await startProgram({ dataFolder, env })
  try {
    assert.match(program.output(), /已连接外部 PostgreSQL/)
    assert.equal(existsSync(join(dataFolder, 'postgres')), false, 'no embedded one beside it')
    const crowd = await createCrowd(address('school'), { people: 100, activities: 1, sessionsPerPerson: 1 })
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, person) => signInOver(program.address, crowd, person)),
    )
    for (const { status, body } of answers) assert.equal(`${status} ${body.result}`, '200 signedIn')
    await program.kill()
    program = await startProgram({ dataFolder, env })
    assert.equal((await listRecords(address('school'), crowd.orgId)).size, 100)
    assert.equal((await signInOver(program.address, crowd, 7)).body.result, 'already')
  } finally {
    await program.stop()
  }
})

test('the rooms’ own tests pass on the outside PostgreSQL as well', { timeout: 120_000 }, async (t) => {
  const root = join(import.meta.dirname, '..', '..')
  const { NODE_TEST_CONTEXT: _, XIAOYAN_TEST_TEMPLATE: __, ...env } = process.env
  const rooms = ['server/activity/', 'server/work/', 'server/catalogue']
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'scripts/test.ts'), ...rooms],
    { cwd: root, env: { ...env, XIAOYAN_TEST_DATABASE: address('postgres') } },
  )
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number]
  assert.equal(code, 0, output.slice(-6_000))
  const passed = Number(/pass (\d+)/.exec(output)?.[1])
  assert.ok(passed > 40, `only ${passed} tests ran`)
  t.diagnostic(`${passed} tests of ${rooms.join(', ')}`)
})
