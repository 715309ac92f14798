import { demoStartDay } from '../../demo/days.ts'
import { demoNow, tellDemo } from '../../demo/tell.ts'
import { refuse } from '../kit/errors.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { queryPublic, sql } from '../kit/sql.ts'
import { listOrganisations } from '../org/store.ts'
import { enqueueRebuild } from '../regime/adoption.ts'

/** Tells the story into an empty database at the first start, and sets the demo's clock. */
export async function startDemo(services: Services, say: (text: string) => void): Promise<void> {
  const [told] = await queryPublic<{ value: unknown }>(
    services.pool,
    sql`SELECT value FROM server_settings WHERE name = 'demoAccounts'`,
  )
  if (!told) {
    if ((await listOrganisations(services.pool)).length > 0) {
      refuse('数据文件夹里的演示没有讲完，请删除该文件夹后重新运行 npm run demo。')
    }
    await tellDemo(services, say)
  }
  services.clock.moveTo(await loadDemoInstant(services))
  // The server may have been stopped in the middle of a telling, before its findings were computed.
  if (services.clock.today() > demoStartDay) await enqueueRebuilds(services)
}

/** Where the demo's clock was left. */
async function loadDemoInstant(services: Services): Promise<Date> {
  const [row] = await queryPublic<{ value: string }>(
    services.pool,
    sql`SELECT value FROM server_settings WHERE name = 'demoClock'`,
  )
  return row ? new Date(row.value) : demoNow
}

/** Keeps the demo's clock for the next start. */
export async function saveDemoInstant(services: Services, instant: Date): Promise<void> {
  await queryPublic(
    services.pool,
    sql`INSERT INTO server_settings (name, value) VALUES ('demoClock', ${JSON.stringify(instant.toISOString())}::jsonb)
      ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
  )
}

/** Has the findings of every organisation worked out anew by the queue. */
export async function enqueueRebuilds(services: Services): Promise<void> {
  for (const organisation of await listOrganisations(services.pool))
    await services.inOrganisation(organisation.id, systemActor('demo:clock'), enqueueRebuild)
}
