import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import pg from 'pg'
import sqlTag, { type Sql } from 'sql-template-tag'
import type { LocalDate } from '../../engine/types.ts'

export { empty, join, raw } from 'sql-template-tag'
export const sql = sqlTag
export type { Sql }

// Calendar dates stay strings, counts and numerics become numbers, all else as pg does it.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)
pg.types.setTypeParser(pg.types.builtins.INT8, (text) => Number(text))
pg.types.setTypeParser(pg.types.builtins.NUMERIC, (text) => Number(text))

export type Pool = pg.Pool
export type Connection = pg.PoolClient

const camelNames = new Map<string, string>()
function camel(name: string): string {
  let found = camelNames.get(name)
  if (found === undefined) {
    found = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    camelNames.set(name, found)
  }
  return found
}
function camelRow(row: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {}
  for (const key in row) result[camel(key)] = row[key]
  return result
}

const statementNames = new Map<string, string>()
/** The same text gets the same name, so that the server prepares it once per connection. */
function statementName(text: string): string {
  let name = statementNames.get(text)
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 24)
    if (statementNames.size < 2000) statementNames.set(text, name)
  }
  return name
}

/** Who acts. A person through a session, or a named machine (`job:recompute`, `demo:story`). */
export interface Actor {
  kind: 'person' | 'system'
  /** Name shown in the audit log. */
  name: string
  accountId: string | null
  personId: string | null
  roles: readonly import('./gate.ts').Role[]
  /** Units that the person leads today, with the role by which. */
  leads: readonly { unitId: string; role: import('./gate.ts').Role }[]
  /** Units of which the person is a member today. */
  unitIds: readonly string[]
  /** Set when a district officer looks into one of its schools; such a transaction only reads. */
  districtId: string | null
}

/** One transaction in the scope of one organisation. Every action takes it first. */
export interface Tx {
  readonly orgId: string
  readonly actor: Actor
  /** The instant by the server's clock (or the demo's). */
  readonly now: Date
  /** The calendar day of `now` in Asia/Shanghai. */
  readonly today: LocalDate
  many<Row>(statement: Sql): Promise<Row[]>
  /** Rows as arrays in the order of the columns: for statements that give very many. */
  arrays<Row extends unknown[]>(statement: Sql): Promise<Row[]>
  /** Exactly one row; none or several is a bug. */
  one<Row>(statement: Sql): Promise<Row>
  maybe<Row>(statement: Sql): Promise<Row | undefined>
  /** Number of rows touched. */
  run(statement: Sql): Promise<number>
  /**
   * As `maybe`, for the statement after which an action writes nothing more: COMMIT travels with it, which spares a
   * journey where the request allows it (`commitsEarly`). Its promise is kept once the commit is. A refusal after it
   * takes nothing back, so refuse only when it wrote nothing; a statement after it begins a transaction of its own.
   */
  last<Row>(statement: Sql): Promise<Row | undefined>
  /** Runs once the transaction is committed; never when it is rolled back. */
  afterCommit(callback: () => void): void
  /** Shared with everything that happens in this transaction, e.g. the subjects already marked for recomputing. */
  readonly notes: Map<string, unknown>
  readonly connection: Connection
}

/**
 * A second set of connections for transactions opened inside another one (the district that looks into a school):
 * were they taken from the same set, as many requests at once as it has would hold one each and wait for one more
 * for ever.
 */
const innerPools = new WeakMap<Pool, Pool>()
const inside = new AsyncLocalStorage<true>()
function poolFor(pool: Pool): Pool {
  return (inside.getStore() && innerPools.get(pool)) || pool
}

/**
 * The application's connections. They act as the role `xiaoyan_app`, which owns no table, so that row-level
 * security and the append-only grants bind every statement, whoever the connection string belongs to.
 */
export function createPool(connectionString: string, max = 24): Pool {
  const pool = openPool(connectionString, max)
  const inner = openPool(connectionString, Math.max(2, Math.ceil(max / 3)))
  innerPools.set(pool, inner)
  const end = pool.end.bind(pool) as () => Promise<void>
  pool.end = async () => {
    await inner.end()
    await end()
  }
  return pool
}

function openPool(connectionString: string, max: number): Pool {
  const pool = new pg.Pool({
    connectionString,
    max,
    idleTimeoutMillis: 30_000,
    // Better a sentence after a while than a page that waits for ever.
    connectionTimeoutMillis: 20_000,
    // Statements may be sent before the answer of the one before is there.
    pipeline: true,
    options: '-c role=xiaoyan_app',
  })
  pool.on('error', (error) => console.error('database connection lost:', error.message))
  // A connection that breaks while a transaction holds it must fail that transaction, not end the program.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

export interface TxOptions {
  orgId: string
  actor: Actor
  now: Date
  today: LocalDate
  readOnly?: boolean
  /** Whether `tx.last` may commit: the request has nothing else to write with its action. */
  commitsEarly?: boolean
}

/**
 * Runs `work` in one transaction with the row-level scope of `orgId`. BEGIN and the scope travel together, as
 * literals: a missing scope shows no rows at all.
 */
export async function transaction<Result>(
  pool: Pool,
  options: TxOptions,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  if (!isUuid(options.orgId)) throw new Error(`not an organisation id: ${options.orgId}`)
  const connection = await poolFor(pool).connect()
  const callbacks: (() => void)[] = []
  const course: Course = { isOpen: true }
  let broken: Error | undefined
  try {
    // BEGIN travels together with the first statement. Should it fail, no statement sees a row of any organisation.
    const begun = begin(connection, options)
    const result = await inside.run(true, () => work(createTx(connection, options, callbacks, course)))
    await begun
    if (course.isOpen) await connection.query('COMMIT')
    for (const callback of callbacks) callback()
    return result
  } catch (error) {
    if (course.isOpen) {
      await connection.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
    }
    throw error
  } finally {
    connection.release(broken)
  }
}

/** Whether the transaction still stands open; `tx.last` may have ended it. */
interface Course {
  isOpen: boolean
}

/** What is sent until the end of this turn travels in one piece. */
function holdBack(connection: Connection): void {
  const { stream } = (connection as unknown as { connection: { stream: Writable } }).connection
  stream.cork()
  process.nextTick(() => stream.uncork())
}

function begin(connection: Connection, options: TxOptions): Promise<unknown> {
  holdBack(connection)
  const begun = connection.query(
    `BEGIN${options.readOnly ? ' READ ONLY' : ''}; SET LOCAL app.org_id = '${options.orgId}'`,
  )
  // Whoever fails first is reported; the other must not count as unhandled.
  begun.catch(() => undefined)
  return begun
}

function createTx(connection: Connection, options: TxOptions, callbacks: (() => void)[], course: Course): Tx {
  const send = (statement: Sql, rowMode?: 'array') => {
    if (!course.isOpen) {
      course.isOpen = true
      void begin(connection, options)
    }
    return runSql(connection, statement, rowMode)
  }
  const many = async <Row>(statement: Sql): Promise<Row[]> =>
    (await send(statement)).rows.map((row) => camelRow(row) as Row)
  const maybe = async <Row>(statement: Sql): Promise<Row | undefined> => {
    const rows = await many<Row>(statement)
    if (rows.length > 1)
      throw new Error(`expected at most one row, got ${rows.length}: ${statement.text.slice(0, 200)}`)
    return rows[0]
  }
  return {
    orgId: options.orgId,
    actor: options.actor,
    now: options.now,
    today: options.today,
    connection,
    notes: new Map(),
    many,
    async arrays<Row extends unknown[]>(statement: Sql) {
      return (await send(statement, 'array')).rows as unknown as Row[]
    },
    async one<Row>(statement: Sql) {
      const rows = await many<Row>(statement)
      if (rows.length !== 1)
        throw new Error(`expected one row, got ${rows.length}: ${statement.text.slice(0, 200)}`)
      return rows[0] as Row
    },
    maybe,
    async run(statement: Sql) {
      return (await send(statement)).rowCount ?? 0
    },
    async last<Row>(statement: Sql) {
      if (!options.commitsEarly) return maybe<Row>(statement)
      holdBack(connection)
      const found = maybe<Row>(statement)
      // A statement that fails turns this COMMIT into a ROLLBACK.
      const committed = connection.query('COMMIT')
      course.isOpen = false
      const [row] = await Promise.all([found, committed])
      return row
    },
    afterCommit(callback) {
      callbacks.push(callback)
    },
  }
}

async function runSql(
  connection: Connection,
  statement: Sql,
  rowMode?: 'array',
): Promise<pg.QueryResult<Record<string, unknown>>> {
  const text = statement.text
  return connection.query<Record<string, unknown>>({
    name: statementName(text),
    text,
    values: statement.values,
    ...(rowMode ? { rowMode } : {}),
  } as pg.QueryConfig)
}

/** Statements outside any organisation: only for the few public tables (accounts, sessions, organisations, settings). */
export async function queryPublic<Row>(pool: Pool, statement: Sql): Promise<Row[]> {
  const text = statement.text
  const result = await poolFor(pool).query<Record<string, unknown>>({
    name: statementName(text),
    text,
    values: statement.values,
  })
  return result.rows.map((row) => camelRow(row) as Row)
}
