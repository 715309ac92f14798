import { spawn, spawnSync } from 'node:child_process'
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { activityIdOf, crowdPrefixes, firstNumber, personIdOf } from '../server/bad-days/crowd.ts'
import { insertSignIn } from '../server/activity/attendance-store.ts'
import type { Sql, Tx } from '../server/kit/sql.ts'
import type { DatabaseConnection } from '../server/postgres/connection.ts'

/** The newest pgbench of the system; undefined when there is none. */
export function findPgbench(): string | undefined {
  const candidates = ['pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench').sort().reverse()]
  return candidates.find((path) => spawnSync(path, ['--version']).status === 0)
}

/** The very statement that signing in sends, taken from the code itself. */
async function captureStatement(orgId: string): Promise<Sql> {
  let captured: Sql | undefined
  const tx = {
    orgId,
    now: new Date(0),
    maybe: async (statement: Sql) => {
      captured = statement
      return undefined
    },
  } as unknown as Tx
  await insertSignIn(tx, {
    activityId: activityIdOf(0),
    personId: personIdOf(0),
    at: new Date(0),
    source: 'code',
  })
  if (!captured) throw new Error('signing in sent no statement')
  return captured
}

/**
 * The transaction of a sign-in as a script of pgbench: BEGIN, the scope, our statement, COMMIT. `prepared`: as our
 * pool sends it, by a prepared statement with parameters. `simple`: as plain text, all four in one message, which
 * spares round trips and pays with parsing.
 */
async function writeScript(
  folder: string,
  mode: 'prepared' | 'simple',
  orgId: string,
  people: number,
): Promise<string> {
  const statement = await captureStatement(orgId)
  const now = new Date().toISOString()
  const expression = (value: unknown): string => {
    const prepared = mode === 'prepared'
    if (value === activityIdOf(0))
      return prepared ? '(:activityPrefix || :a::text)::uuid' : `'${crowdPrefixes.activity}:a'`
    if (value === personIdOf(0))
      return prepared ? '(:personPrefix || :p::text)::uuid' : `'${crowdPrefixes.person}:p'`
    if (value === orgId) return prepared ? ':org' : `'${orgId}'`
    if (value === 'code') return prepared ? ':source' : `'code'`
    if (value instanceof Date) return prepared ? ':now' : `'${now}'`
    throw new Error(`a parameter that the measurement does not know: ${String(value)}`)
  }
  const text = statement.text
    .replaceAll(/\$(\d+)/g, (_, number: string) => expression(statement.values[Number(number) - 1]))
    .replaceAll(/\s+/g, ' ')
    .trim()
  const lines = [
    '\\set n :start + :client_id + 64 * :i',
    '\\set i :i + 1',
    `\\set p ${firstNumber} + :n % ${people}`,
    `\\set a ${firstNumber} + :n / ${people}`,
  ]
  const scope = `SET LOCAL app.org_id = '${orgId}'`
  if (mode === 'prepared') lines.push('BEGIN;', `${scope};`, `${text};`, 'COMMIT;')
  else lines.push(`BEGIN \\; ${scope} \\; ${text} \\; COMMIT;`)
  const path = join(folder, `sign-in-${mode}.sql`)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

/** Runs the transaction of a sign-in over 64 clients of pgbench; gives transactions per second. */
export async function runPgbench(options: {
  program: string
  connection: DatabaseConnection
  folder: string
  mode: 'prepared' | 'simple'
  orgId: string
  people: number
  /** Number of the first sign-in; each run needs fresh ones. */
  from: number
  seconds: number
}): Promise<number> {
  const { connection, mode } = options
  const script = await writeScript(options.folder, mode, options.orgId, options.people)
  const variables = {
    org: options.orgId,
    activityPrefix: crowdPrefixes.activity,
    personPrefix: crowdPrefixes.person,
    source: 'code',
    now: new Date().toISOString(),
    start: options.from,
    i: 0,
  }
  const words = [
    '-h',
    connection.host,
    '-p',
    String(connection.port),
    '-U',
    connection.user,
    '-n',
    '-c',
    '64',
    '-j',
    '2',
    '-T',
    String(options.seconds),
    '-M',
    mode,
    '-f',
    script,
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    connection.database,
  ]
  // As the application: under its role, so that row-level security is checked here as well.
  const child = spawn(options.program, words, {
    env: { ...process.env, PGOPTIONS: '-c role=xiaoyan_app', PGPASSWORD: connection.password ?? '' },
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  await new Promise((resolve) => child.on('exit', resolve))
  const rate = /tps = ([\d.]+)/.exec(output)?.[1]
  const failed = /number of failed transactions: (\d+)/.exec(output)?.[1]
  if (rate === undefined || (failed !== undefined && failed !== '0') || /aborted/.test(output))
    throw new Error(`pgbench failed:\n${output}`)
  return Number(rate)
}
