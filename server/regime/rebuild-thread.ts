import { parentPort, workerData } from 'node:worker_threads'
import { createStillClock } from '../kit/clock.ts'
import { createServices } from '../kit/services.ts'
import { createPool } from '../kit/sql.ts'
import { createTypesetter } from '../typesetting/renderer.ts'
import { rebuildOrganisation } from './actions.ts'
import type { FromThread, ThreadData } from './rebuild.ts'

/** Computes one organisation after the other, as it is told; `null` ends it. */
const { connectionString, actor, years, now } = workerData as ThreadData
const pool = createPool(connectionString, 2)
const answer = (message: FromThread) => parentPort?.postMessage(message, [])
const services = createServices({
  pool,
  clock: createStillClock(now),
  hub: { listen: () => () => undefined, tell: (...tell) => answer({ tell }), listeners: 0 },
  dataFolder: '',
  secret: Buffer.alloc(0),
  demo: false,
  typesetter: createTypesetter(),
  publicUrl: '',
})

parentPort?.on('message', (orgId: string | null) => {
  if (orgId === null) {
    parentPort?.close()
    void pool.end()
    return
  }
  rebuildOrganisation(services, orgId, actor, { years }).then(
    () => answer({ done: orgId }),
    (error: Error) => answer({ done: orgId, error: error.stack ?? error.message }),
  )
})
