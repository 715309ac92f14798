import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { LiveMessage } from '../kit/hub.ts'
import type { Services } from '../kit/services.ts'
import type { Actor } from '../kit/sql.ts'
import { rebuildOrganisation } from './actions.ts'

/** What a thread is told at its start. */
export interface ThreadData {
  connectionString: string
  actor: Actor
  years: 'current' | 'all'
  /** The instant by the program's clock, which the demo may have moved. */
  now: Date
}
/** From the thread: pages to be told, or the organisation that is done. */
export type FromThread = { tell: [orgId: string, message: LiveMessage] } | { done: string; error?: string }

/** A few schools are computed sooner than threads are started. */
const worthThreads = 8
const threadMemoryMegabytes = 220
/** One more than two cores can run: while one waits for the database's disk, another computes. */
const mostThreads = 3

/**
 * Computes everything of many organisations anew, in threads of their own when there are many, so that the program
 * goes on answering. Every organisation is tried; the first error is thrown at the end, so that the job runs again.
 */
export async function rebuildOrganisations(
  services: Services,
  orgIds: string[],
  actor: Actor,
  options: { years?: 'current' | 'all'; threads?: number } = {},
): Promise<void> {
  const years = options.years ?? 'current'
  const threads = Math.min(
    options.threads ?? Math.min(availableParallelism() + 1, mostThreads),
    orgIds.length,
  )
  const waiting = [...orgIds]
  const errors: unknown[] = []
  const { connectionString } = services.pool.options
  if (orgIds.length < worthThreads || threads < 2 || !connectionString) {
    for (const orgId of waiting)
      await rebuildOrganisation(services, orgId, actor, { years }).catch((error) => errors.push(error))
  } else {
    const data: ThreadData = { connectionString, actor, years, now: services.clock.now() }
    await Promise.all(Array.from({ length: threads }, () => runThread(services, data, waiting, errors)))
  }
  if (errors.length > 0) throw errors[0]
}

function runThread(
  services: Services,
  data: ThreadData,
  waiting: string[],
  errors: unknown[],
): Promise<void> {
  return new Promise((resolve) => {
    const thread = new Worker(new URL('./rebuild-thread.ts', import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: threadMemoryMegabytes, maxYoungGenerationSizeMb: 48 },
    })
    let current: string | undefined
    const next = () => {
      current = waiting.shift()
      thread.postMessage(current ?? null, [])
    }
    thread.on('message', (message: FromThread) => {
      if ('tell' in message) return services.hub.tell(...message.tell)
      if (message.error !== undefined) errors.push(new Error(`${message.done}: ${message.error}`))
      next()
    })
    thread.on('error', (error) => errors.push(error))
    thread.on('exit', () => {
      // A thread that fell took its organisation with it: the others are left to the other threads.
      resolve()
    })
    next()
  })
}
