import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Client } from 'pg'
import { connectionString, type DatabaseConnection } from '../server/postgres/connection.ts'
import { connectOutside } from '../server/postgres/outside.ts'
import { startPostgres } from '../server/postgres/supervisor.ts'
import { findChromium } from './chromium.ts'

/**
 * `npm test [words] [-- flags of node --test]`: one throw-away PostgreSQL in memory with a migrated template
 * database, a Chromium for the journeys, then `node --test` over all test files or those that the words name.
 *
 * With `XIAOYAN_TEST_DATABASE` set beforehand the tests run against that server instead (a superuser's connection
 * string of its database `postgres`): `XIAOYAN_TEST_DATABASE=postgresql://… npm test -- server/activity`.
 *
 * The tests find: `XIAOYAN_TEST_DATABASE`, connection string of the maintenance database `postgres`, as superuser;
 * `XIAOYAN_TEST_TEMPLATE`, name of the template to clone (`CREATE DATABASE x TEMPLATE …`), absent before there are
 * migrations; `CHROMIUM_PATH`, absent when no browser could be had.
 */
const root = join(import.meta.dirname, '..')
const rooms = ['engine', 'server', 'web', 'demo', 'e2e', 'regimes']
const template = 'xiaoyan_template'

/** Test files named by the words: a folder, a file, or a part of the path; without words all. */
function listTestFiles(words: string[]): string[] {
  const all = rooms
    .flatMap((room) => globSync(`${room}/**/*.test.{ts,tsx}`, { cwd: root }))
    .map((path) => path.replaceAll('\\', '/'))
  if (words.length === 0) return all.sort()
  return all
    .filter((file) => words.some((word) => isNamed(file, word.replace(/^\.\//, '').replace(/\/$/, ''))))
    .sort()
}

function isNamed(file: string, word: string): boolean {
  const path = join(root, word)
  if (existsSync(path) && statSync(path).isDirectory()) return file.startsWith(`${word}/`)
  return file.includes(word)
}

/** Migrates the template database, if the migrations exist yet. Nobody may be connected to it afterwards. */
async function buildTemplate(server: DatabaseConnection): Promise<boolean> {
  const migrations = join(root, 'server/kit/migrate.ts')
  if (!existsSync(migrations)) return false
  const client = new Client(connectionString(server, 'postgres'))
  await client.connect()
  await dropTemplate(client)
  await client.query(`CREATE DATABASE ${template}`)
  const { migrate } = (await import(pathToFileURL(migrations).href)) as {
    migrate: (address: string) => Promise<unknown>
  }
  await migrate(connectionString(server, template))
  await client.query(`ALTER DATABASE ${template} IS_TEMPLATE true ALLOW_CONNECTIONS false`)
  await client.end()
  return true
}

/** An outside server may still have the template of an earlier run. */
async function dropTemplate(client: Client): Promise<void> {
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
  if (!rowCount) return
  await client.query(`ALTER DATABASE ${template} IS_TEMPLATE false`)
  await client.query(`DROP DATABASE ${template}`)
}

/** Looks for a browser, loudly when there is none: in CI a run without the journeys must not look like a success. */
async function browserEnvironment(isNeeded: boolean): Promise<Record<string, string>> {
  const chromium = await findChromium()
  if (chromium) {
    return {
      CHROMIUM_PATH: chromium.path,
      ...(chromium.libraries ? { LD_LIBRARY_PATH: chromium.libraries } : {}),
    }
  }
  if (isNeeded) {
    console.error(
      '\n****  没有可用的 Chromium，浏览器里的测试不会运行。请安装 chromium，或设置 CHROMIUM=/路径/chromium  ****',
    )
    console.error('****  no usable Chromium: the journeys in a browser are NOT tested  ****\n')
    if (process.env.CI === 'true') process.exit(1)
  }
  return {}
}

function runTests(files: string[], flags: string[], env: Record<string, string>): Promise<number> {
  const words = [
    '--test',
    '--test-concurrency=2',
    '--test-reporter=spec',
    '--disable-warning=ExperimentalWarning',
  ]
  const child = spawn(process.execPath, [...words, ...flags, ...files], {
    cwd: root,
    stdio: 'inherit',
    // What a test file imports is compiled once for all of them, and for the programs that they start.
    env: { NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/tests'), ...process.env, ...env },
  })
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((finish) => {
    child.on('error', () => finish(1))
    child.on('exit', (code) => finish(code ?? 1))
  })
}

const flags = process.argv.slice(2).filter((word) => word.startsWith('-'))
const words = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const files = listTestFiles(words)
if (files.length === 0) {
  console.error(`没有找到测试文件：${words.join(' ') || rooms.join('、')}`)
  process.exit(1)
}
const browser = await browserEnvironment(files.some((file) => file.startsWith('e2e/')))
const outside = process.env.XIAOYAN_TEST_DATABASE
const postgres = outside ? undefined : await startPostgres({ memory: true })
const server = postgres?.connection ?? (await connectOutside(outside ?? ''))
let result = 1
try {
  const hasTemplate = await buildTemplate(server)
  result = await runTests(files, flags, {
    ...browser,
    XIAOYAN_TEST_DATABASE: connectionString(server, 'postgres'),
    ...(hasTemplate ? { XIAOYAN_TEST_TEMPLATE: template } : {}),
  })
} finally {
  await postgres?.stop()
}
process.exit(result)
