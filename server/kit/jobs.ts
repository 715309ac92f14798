import { sql, type Tx } from './sql.ts'

/**
 * Puts a job into the queue inside this transaction: it exists only if the transaction commits. With a key, a job
 * of the same key that still waits is replaced. Jobs run at least once, so they must be safe to run twice.
 */
export async function enqueue(
  tx: Tx,
  task: string,
  payload: Record<string, unknown>,
  options: { key?: string; runAt?: Date } = {},
): Promise<void> {
  const enqueued = (tx.notes.get('enqueued') as Set<string> | undefined) ?? new Set<string>()
  tx.notes.set('enqueued', enqueued)
  if (options.key !== undefined) {
    if (enqueued.has(options.key)) return
    enqueued.add(options.key)
  }
  await tx.run(
    sql`SELECT enqueue_job(${task}, ${JSON.stringify(payload)}::json, ${options.key ?? null}, ${options.runAt ?? null}::timestamptz)`,
  )
}
