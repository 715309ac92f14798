import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createApp } from '../server/app.ts'
import {
  activityIdOf,
  type Crowd,
  codeOf,
  crowdPrefixes,
  firstNumber,
  personIdOf,
} from '../server/bad-days/crowd.ts'
import { createClock } from '../server/kit/clock.ts'
import { localDateOf } from '../server/kit/dates.ts'
import { createHub } from '../server/kit/hub.ts'
import { createServices } from '../server/kit/services.ts'
import { createPool } from '../server/kit/sql.ts'
import { connectionString, type DatabaseConnection } from '../server/postgres/connection.ts'
import { createTypesetter } from '../server/typesetting/renderer.ts'

/** The newest pgbench of the system; undefined when there is none. */
export function findPgbench(): string | undefined {
  const candidates = ['pgbench', ...globSync('/usr/lib/postgresql/*/bin/pgbench').sort().reverse()]
  return candidates.find((path) => spawnSync(path, ['--version']).status === 0)
}

/** One statement as it went to the database; those of one journey were sent without waiting for an answer between. */
interface Sent {
  text: string
  values: unknown[]
}

/**
 * What one sign-in sends, written down while it happens: the request of person 0 for activity 0 goes through the whole
 * program, and every statement of its connections is taken down, from finding the session to COMMIT. So pgbench runs
 * the same SQL as the request, no statement more or less, whatever becomes of the code.
 */
export async function recordSignIn(crowd: Crowd, connection: DatabaseConnection): Promise<Sent[][]> {
  const pool = createPool(connectionString(connection), 2)
  const typesetter = createTypesetter()
  const services = createServices({
    pool,
    clock: createClock(),
    hub: createHub(),
    dataFolder: '',
    secret: crowd.secret,
    demo: false,
    typesetter,
    publicUrl: '',
  })
  const app = await createApp(services)
  const journeys: Sent[][] = []
  let unanswered = 0
  const prototype = pg.Client.prototype as unknown as {
    query(this: pg.Client, config: unknown, ...rest: unknown[]): unknown
  }
  const original = prototype.query
  prototype.query = function (config, ...rest) {
    const { text, values } =
      typeof config === 'string' ? { text: config, values: [] } : (config as Partial<Sent>)
    if (unanswered === 0) journeys.push([])
    journeys.at(-1)?.push({ text: text ?? '', values: values ?? [] })
    unanswered++
    const answer = original.call(this, config, ...rest)
    const answered = () => void unanswered--
    if (answer instanceof Promise) answer.then(answered, answered)
    else {
      // The pool passes a function that is called with the answer.
      const query = answer as { callback: (...results: unknown[]) => void } | undefined
      if (query) {
        const { callback } = query
        query.callback = (...results) => {
          answered()
          callback.apply(query, results)
        }
      } else answered()
    }
    return answer
  }
  try {
    const response = await app.inject({
      method: 'POST',
      url: '/api/attendance/signIn',
      headers: { cookie: `xiaoyan_session=${crowd.sessions[0]}` },
      payload: { token: codeOf(crowd, 0) },
    })
    if (!response.body.includes('signedIn')) throw new Error(`the sign-in was answered ${response.body}`)
    return journeys
  } finally {
    prototype.query = original
    await app.close()
    await typesetter.stop()
    await pool.end()
  }
}

/**
 * How pgbench sends them. `prepared`: prepared statements one by one, as anybody would write such a script;
 * `journeys`: prepared statements that travel together as ours do; `simple`: plain text, each journey in one message,
 * which pays with parsing.
 */
export const pgbenchModes = ['prepared', 'journeys', 'simple'] as const
export type PgbenchMode = (typeof pgbenchModes)[number]

const variable = (isPlain: boolean, name: string, value: string) => (isPlain ? `'${value}'` : `:${name}`)

/** The journeys as a script of pgbench that signs in another person with another session each time. */
export function scriptOf(journeys: Sent[][], mode: PgbenchMode, crowd: Crowd, now: Date): string {
  const isPlain = mode === 'simple'
  const tokenStart = tokenStartOf(crowd)
  const tokenHash = createHash('sha256').update(`${tokenStart}0-0`).digest()
  const expression = (value: unknown): string => {
    if (Array.isArray(value)) return `ARRAY[${value.map(expression).join(', ')}]`
    if (value === activityIdOf(0))
      return isPlain ? `'${crowdPrefixes.activity}:a'` : '(:activityPrefix || :a::text)::uuid'
    if (value === personIdOf(0))
      return isPlain ? `'${crowdPrefixes.person}:p'` : '(:personPrefix || :p::text)::uuid'
    if (value instanceof Buffer && value.equals(tokenHash))
      return isPlain
        ? `sha256('${tokenStart}:turn-:person')`
        : `sha256((:tokenStart || :turn::text || '-' || :person::text)::bytea)`
    if (value === crowd.orgId) return variable(isPlain, 'org', crowd.orgId)
    if (value === 'code') return variable(isPlain, 'source', 'code')
    if (value === localDateOf(now)) return variable(isPlain, 'today', value)
    if (value instanceof Date) return variable(isPlain, 'now', now.toISOString())
    throw new Error(`a parameter that the measurement does not know: ${String(value)}`)
  }
  const plain = ({ text, values }: Sent) =>
    text
      // On one line a comment would swallow what follows.
      .replaceAll(/--[^\n]*/g, ' ')
      .replaceAll(/\$(\d+)/g, (_, number: string) => expression(values[Number(number) - 1]))
      .replaceAll(/\s+/g, ' ')
      .trim()
  const lines = [
    '\\set n :start + :client_id + 64 * :i',
    '\\set i :i + 1',
    `\\set person :n % ${crowd.people}`,
    `\\set p ${firstNumber} + :person`,
    `\\set a ${firstNumber} + :n / ${crowd.people}`,
    `\\set turn :n / ${crowd.people} % ${crowd.sessions.length / crowd.people}`,
  ]
  for (const journey of journeys) {
    const statements = journey.flatMap((one) => plain(one).split('; '))
    if (mode === 'simple') lines.push(`${statements.join(' \\; ')};`)
    else {
      const together = mode === 'journeys' && statements.length > 1
      if (together) lines.push('\\startpipeline')
      for (const statement of statements) lines.push(`${statement};`)
      if (together) lines.push('\\endpipeline')
    }
  }
  return `${lines.join('\n')}\n`
}

/** The start of the tokens of a crowd's sessions; turn and person follow. */
function tokenStartOf(crowd: Crowd): string {
  const [first = ''] = crowd.sessions
  return first.slice(0, -'0-0'.length)
}

/** Runs the sign-in over 64 clients of pgbench; gives transactions per second. */
export async function runPgbench(options: {
  program: string
  connection: DatabaseConnection
  folder: string
  mode: PgbenchMode
  journeys: Sent[][]
  crowd: Crowd
  /** Number of the first sign-in; each run needs fresh ones. */
  from: number
  seconds: number
}): Promise<number> {
  const { connection, mode, crowd } = options
  const now = new Date()
  const script = join(options.folder, `sign-in-${mode}.sql`)
  writeFileSync(script, scriptOf(options.journeys, mode, crowd, now))
  const variables = {
    org: crowd.orgId,
    activityPrefix: crowdPrefixes.activity,
    personPrefix: crowdPrefixes.person,
    tokenStart: tokenStartOf(crowd),
    source: 'code',
    now: now.toISOString(),
    today: localDateOf(now),
    start: options.from,
    i: 0,
  }
  const words = ['-h', connection.host, '-p', String(connection.port), '-U', connection.user, '-n']
  words.push('-c', '64', '-j', '2', '-T', String(options.seconds))
  words.push('-M', mode === 'simple' ? 'simple' : 'prepared', '-f', script)
  words.push(...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]))
  // As the application: under its role, so that row-level security is checked here as well.
  const child = spawn(options.program, [...words, connection.database], {
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
