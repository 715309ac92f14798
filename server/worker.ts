import { Logger, run, type Runner, type TaskList } from 'graphile-worker'
import pg from 'pg'
import type { Services } from './kit/services.ts'
import { sealAuditJob } from './audit/jobs.ts'
import { deliverMessageJob, passOnNoticeJob, tellMessagesJob } from './notice/jobs.ts'
import { settleDutiesJob } from './duty/jobs.ts'
import { compareTransfersJob } from './org/jobs.ts'
import { regulationInForceJob } from './regulation/jobs.ts'
import { handUpJob, recomputeJob, rollDayJob } from './regime/jobs.ts'

/** A job as a room writes it: the payload that was enqueued, and the services. Safe to run twice. */
export type Job = (services: Services, payload: never) => Promise<void>

const jobs: Record<string, Job> = {
  recompute: recomputeJob,
  handUp: handUpJob,
  rollDay: rollDayJob,
  sealAudit: sealAuditJob,
  regulationInForce: regulationInForceJob,
  settleDuties: settleDutiesJob,
  compareTransfers: compareTransfersJob,
  tellMessages: tellMessagesJob,
  deliverMessage: deliverMessageJob,
  passOnNotice: passOnNoticeJob,
}

export interface Worker {
  stop(): Promise<void>
}

const pauseMilliseconds = 5_000

/**
 * Runs the queue inside this process. `ownerConnection` belongs to the owner of the tables, as the queue has its own
 * schema. Jobs that a killed process left locked are freed at the start: there is one worker per database. When the
 * queue cannot run (the disk is full, the database away), it tries again until it can.
 */
export async function startWorker(services: Services, ownerConnection: string): Promise<Worker> {
  const taskList: TaskList = {}
  for (const [name, job] of Object.entries(jobs))
    taskList[name] = (payload) => job(services, payload as never)
  const pool = new pg.Pool({ connectionString: ownerConnection, max: 4 })
  const lost = (error: Error) => console.error('job queue lost its database connection:', error.message)
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', lost))
  let runner: Runner | undefined
  let isStopping = false
  let isFreed = false
  let timer: NodeJS.Timeout | undefined

  const start = async (): Promise<void> => {
    try {
      if (!isFreed) await freeLockedJobs(pool)
      isFreed = true
      runner = await run({
        pgPool: pool,
        taskList,
        concurrency: 2,
        pollInterval: 2_000,
        noHandleSignals: true,
        // Shortly after midnight in Shanghai every school's findings get the new day; messages are looked after all day.
        crontab:
          '1 16 * * * settleDuties\n2 16 * * * compareTransfers\n5 16 * * * rollDay\n*/5 * * * * tellMessages',
        logger: quietLogger,
      })
      void runner.promise.then(() => startLater('it ended'), startLater)
    } catch (error) {
      startLater(error)
    }
  }
  const startLater = (reason: unknown): void => {
    runner = undefined
    if (isStopping) return
    console.error(
      'job queue stands still and tries again:',
      reason instanceof Error ? reason.message : reason,
    )
    timer = setTimeout(() => void start(), pauseMilliseconds)
  }
  await start()
  return {
    async stop() {
      isStopping = true
      clearTimeout(timer)
      await runner?.stop()
      await pool.end()
    },
  }
}

/** Only what somebody should look at. */
const quietLogger = new Logger(() => (level, message) => {
  if (level === 'error' || level === 'warning') console.error(`job queue: ${message}`)
})

async function freeLockedJobs(pool: pg.Pool): Promise<void> {
  await pool.query(`
    SELECT graphile_worker.force_unlock_workers(array_agg(DISTINCT locked_by)) FROM graphile_worker.jobs WHERE locked_by IS NOT NULL
    HAVING count(*) > 0`)
}
