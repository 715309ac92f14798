/** What is stopped, and in this order: nobody is served any more before the work behind it ends. */
export interface Running {
  app: { close(): Promise<unknown> }
  worker: { stop(): Promise<unknown> }
  typesetter: { stop(): Promise<unknown> }
  pool: { end(): Promise<unknown> }
  database: { stop(): Promise<unknown> }
}

/** Milliseconds for which a job, and what still uses a connection, is waited for. */
export const patience = { worker: 10_000, pool: 5_000 }

/**
 * Stops everything. A job that takes minutes is not waited for longer than `patience` says: whatever it has not committed
 * is undone with the connection, and the next start takes the job up again.
 */
export async function stopInOrder(running: Running, limits = patience): Promise<void> {
  await running.app.close()
  await atMost(limits.worker, running.worker.stop())
  await running.typesetter.stop()
  await atMost(limits.pool, running.pool.end())
  await running.database.stop()
}

/** Waits for something, but not for ever; a failure ends the waiting as well. */
export async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work.catch(() => undefined), over])
  clearTimeout(timer)
}
