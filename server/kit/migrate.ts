import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { runMigrations } from 'graphile-worker'
import { appendOnlyTables, publicTables } from '../../db/protection.ts'

const folder = fileURLToPath(new URL('../../db/migrations/', import.meta.url))

/**
 * Brings the database to the newest form: the numbered SQL files in order, each once, then the protection of every
 * table (row-level security, grants) from `db/protection.ts`. Safe to run at every start; two programs starting at
 * once wait for each other. `connectionString` belongs to the owner of the tables.
 */
export async function migrate(connectionString: string): Promise<{ applied: string[] }> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('xiaoyan.migrate'))`)
    // Nothing is written where nothing is missing: a program on a nearly full disk must start, if only to be read.
    const { rows } = await client.query<{ name: string | null }>(`SELECT to_regclass('migrations') AS name`)
    if (rows[0]?.name === null) {
      await client.query(
        'CREATE TABLE migrations (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
      )
    }
    const done = new Set(
      (await client.query<{ name: string }>('SELECT name FROM migrations')).rows.map((row) => row.name),
    )
    const applied: string[] = []
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()) {
      if (done.has(name)) continue
      await client.query('BEGIN')
      try {
        await client.query(await readFile(folder + name, 'utf8'))
        await client.query('INSERT INTO migrations (name) VALUES ($1)', [name])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error })
      }
      applied.push(name)
    }
    const workerReady = await client.query<{ ready: boolean }>(
      `SELECT to_regclass('graphile_worker.migrations') IS NOT NULL AS ready`,
    )
    const protectedAlready = await client.query<{ ready: boolean }>(
      `SELECT to_regproc('public.enqueue_job') IS NOT NULL AS ready`,
    )
    if (applied.length === 0 && workerReady.rows[0]?.ready && protectedAlready.rows[0]?.ready)
      return { applied }
    await runMigrations({ connectionString })
    await protect(client)
    return { applied }
  } finally {
    await client.end()
  }
}

/** Row-level security and grants, derived from the catalogue, so that a new table cannot be forgotten. */
async function protect(client: pg.Client): Promise<void> {
  await client.query(
    `DO $$ BEGIN CREATE ROLE xiaoyan_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
  )
  await client.query('GRANT xiaoyan_app TO CURRENT_USER')
  await client.query('GRANT USAGE ON SCHEMA public TO xiaoyan_app')
  const tables = await client.query<{ name: string; scoped: boolean }>(`
    SELECT c.relname AS name,
      EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) AS scoped
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`)
  for (const { name, scoped } of tables.rows) {
    if (name === 'migrations') continue
    const rights = appendOnlyTables.includes(name) ? 'SELECT, INSERT' : 'SELECT, INSERT, UPDATE, DELETE'
    await client.query(`REVOKE ALL ON ${name} FROM xiaoyan_app; GRANT ${rights} ON ${name} TO xiaoyan_app`)
    if (!scoped || name in publicTables) continue
    await client.query(`
      ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;
      ALTER TABLE ${name} FORCE ROW LEVEL SECURITY;
      DROP POLICY IF EXISTS own_organisation ON ${name};
      CREATE POLICY own_organisation ON ${name}
        USING (org_id = current_setting('app.org_id')::uuid)
        WITH CHECK (org_id = current_setting('app.org_id')::uuid)`)
  }
  // Jobs are enqueued inside the application's transactions; the queue's own tables stay the owner's.
  await client.query(`
    CREATE OR REPLACE FUNCTION public.enqueue_job(task text, payload json, key text, run_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $body$ SELECT graphile_worker.add_job(task, payload, job_key := key, run_at := coalesce(run_at, now()), max_attempts := 12) $body$;
    REVOKE ALL ON FUNCTION public.enqueue_job(text, json, text, timestamptz) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION public.enqueue_job(text, json, text, timestamptz) TO xiaoyan_app`)
}
