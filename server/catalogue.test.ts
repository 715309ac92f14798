import assert from 'node:assert/strict'
import { test } from 'node:test'
import pg from 'pg'
import { appendOnlyTables, publicTables } from '../db/protection.ts'
import { newId } from './kit/ids.ts'
import { createTestSchool, createTestServices } from './testing.ts'

// The database itself is held against the rules of the house: a table that somebody adds and forgets to protect,
// or a key that would not survive sharding, fails here.

const services = await createTestServices()

/** Asks the catalogue as the owner of the tables. */
async function rows<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: services.connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
const tables = await rows<{
  name: string
  secured: boolean
  forced: boolean
  scoped: boolean
  policies: number
}>(`
  SELECT c.relname AS name, c.relrowsecurity AS secured, c.relforcerowsecurity AS forced,
    EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) AS scoped,
    (SELECT count(*)::int FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') ORDER BY 1`)

test('every table is under forced row-level security or on the public list with a reason', () => {
  assert.ok(tables.length > 30, `only ${tables.length} tables found`)
  for (const table of tables) {
    if (table.name in publicTables) {
      assert.ok((publicTables[table.name] ?? '').length > 20, `${table.name} is public without a reason`)
      continue
    }
    assert.ok(table.scoped, `${table.name} has no org_id and is not on the public list`)
    assert.ok(
      table.secured && table.forced && table.policies === 1,
      `${table.name} is not under forced row-level security`,
    )
  }
  for (const name of [...Object.keys(publicTables), ...appendOnlyTables]) {
    assert.ok(
      tables.some((table) => table.name === name),
      `${name} is listed but does not exist`,
    )
  }
})

test('org_id leads every primary key, unique constraint and foreign key of a scoped table', async () => {
  const constraints = await rows<{
    table: string
    name: string
    type: string
    first: string
    target: string | null
  }>(`
    SELECT c.conrelid::regclass::text AS table, c.conname AS name, c.contype::text AS type, c.confrelid::regclass::text AS target,
      (SELECT attname FROM pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = c.conkey[1]) AS first
    FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('p', 'u', 'f')`)
  for (const constraint of constraints) {
    if (constraint.table in publicTables) continue
    assert.equal(
      constraint.first,
      'org_id',
      `${constraint.table}.${constraint.name} does not begin with org_id`,
    )
  }
})

test('the application owns nothing, there are no triggers and no sequences of our own', async () => {
  const owned = await rows<{ name: string }>(`
    SELECT c.relname AS name FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = 'xiaoyan_app'`)
  assert.deepEqual(owned, [])
  const triggers = await rows<{ name: string }>(`
    SELECT t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal`)
  assert.deepEqual(triggers, [])
  const sequences = await rows<{ name: string }>(`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'`)
  assert.deepEqual(sequences, [])
})

test('append-only tables can be neither changed nor emptied by the application', async () => {
  const school = await createTestSchool(services, '只增小学')
  for (const table of appendOnlyTables) {
    for (const statement of [
      `UPDATE ${table} SET org_id = org_id`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
    ]) {
      await assert.rejects(
        services.inOrganisation(
          school.id,
          {
            kind: 'system',
            name: 'test',
            accountId: null,
            personId: null,
            roles: [],
            leads: [],
            unitIds: [],
            districtId: null,
          },
          (tx) => tx.connection.query(statement),
        ),
        /permission denied/,
        statement,
      )
    }
  }
})

test('without a scope no row is visible, and the scope of one school shows nothing of another', async () => {
  const first = await createTestSchool(services, '甲小学')
  const second = await createTestSchool(services, '乙小学')
  await assert.rejects(
    services.pool.query('SELECT count(*) FROM people'),
    /app\.org_id|invalid input syntax for type uuid/,
  )
  const seen = await second.as('system', (tx) =>
    tx.connection.query<{ count: string }>(
      `SELECT count(*) AS count FROM people WHERE org_id = '${first.id}'`,
    ),
  )
  assert.equal(Number(seen.rows[0]?.count), 0)
  await assert.rejects(
    second.as('system', (tx) =>
      tx.connection.query(
        `INSERT INTO units (org_id, id, kind, name, from_on) VALUES ('${first.id}', '${newId()}', 'body', '偷建', '2026-01-01')`,
      ),
    ),
    /row-level security/,
  )
})

test('the application cannot turn its own role into another', async () => {
  await assert.rejects(services.pool.query('ALTER TABLE facts DISABLE ROW LEVEL SECURITY'), /must be owner/)
})
