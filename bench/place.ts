import { join } from 'node:path'
import { createStillClock } from '../server/kit/clock.ts'
import { instantAt } from '../server/kit/dates.ts'
import { createHub } from '../server/kit/hub.ts'
import { migrate } from '../server/kit/migrate.ts'
import { createServices, type Services } from '../server/kit/services.ts'
import { createPool } from '../server/kit/sql.ts'
import { connectionString } from '../server/postgres/connection.ts'
import { startPostgres } from '../server/postgres/supervisor.ts'
import { createTypesetter } from '../server/typesetting/renderer.ts'

/** A database of its own on the real disk with the program's services over it; the clock stands at the demo's present. */
export async function openPlace(
  folder: string,
  name: string,
): Promise<{ services: Services; ownerConnection: string; dataFolder: string; stop(): Promise<void> }> {
  const dataFolder = join(folder, name)
  const postgres = await startPostgres({ dataFolder: join(dataFolder, 'postgres') })
  const ownerConnection = connectionString(postgres.connection)
  await migrate(ownerConnection)
  const pool = createPool(ownerConnection)
  const typesetter = createTypesetter()
  const services = createServices({
    pool,
    clock: createStillClock(instantAt('2026-11-18', '10:00')),
    hub: createHub(),
    dataFolder,
    secret: Buffer.alloc(32, 7),
    demo: false,
    typesetter,
    publicUrl: 'http://bench.test',
  })
  return {
    services,
    ownerConnection,
    dataFolder,
    async stop() {
      await typesetter.stop()
      await pool.end()
      await postgres.stop()
    },
  }
}
