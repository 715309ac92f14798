import { listOrganisations } from '../org/store.ts'
import { type Services, systemActor } from '../kit/services.ts'
import { handUpFigures, recomputeMarked, rebuildOrganisation } from './actions.ts'
import { rebuildOrganisations } from './rebuild.ts'

const actor = systemActor('job:recompute')

/**
 * Computes the findings of every marked subject of an organisation again, then its figures for the district. With
 * `rebuild` everything of the school year, after a regime was adopted or the clock has moved to another day.
 */
export async function recomputeJob(
  services: Services,
  payload: { orgId: string; rebuild?: boolean },
): Promise<void> {
  if (payload.rebuild) await rebuildOrganisation(services, payload.orgId, actor)
  else if (await recomputeMarked(services, payload.orgId, actor))
    await recomputeMarked(services, payload.orgId, actor)
}

/** The school's figures for its district, after its findings have changed. */
export async function handUpJob(services: Services, payload: { orgId: string }): Promise<void> {
  await handUpFigures(services, payload.orgId, actor)
}

/** A new day has begun: what was due may be overdue now, in every organisation. */
export async function rollDayJob(services: Services): Promise<void> {
  const organisations = await listOrganisations(services.pool)
  await rebuildOrganisations(
    services,
    organisations.map(({ id }) => id),
    actor,
  )
}
