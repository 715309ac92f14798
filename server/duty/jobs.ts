import { type Services, systemActor } from '../kit/services.ts'
import { listOrganisations } from '../org/store.ts'
import { settleEverything } from './actions.ts'
import { followRules, loadRegister } from './body-actions.ts'
import { settleAdvisers } from '../trainer/invitation-actions.ts'
import * as store from './store.ts'

const actor = systemActor('job:settleDuties')

/**
 * Makes derived members of bodies agree with the posts, and leaves or reverses the facts of duties and conditions that
 * hold on. For one organisation after its posts have changed, for all of them on a new day.
 */
export async function settleDutiesJob(services: Services, payload: { orgId?: string }): Promise<void> {
  const ids = payload.orgId ? [payload.orgId] : (await listOrganisations(services.pool)).map(({ id }) => id)
  for (const id of ids)
    await services.inOrganisation(id, actor, async (tx) => {
      await store.lockRoom(tx)
      await followRules(tx, await loadRegister(tx))
      await settleEverything(tx)
      await settleAdvisers(tx)
    })
}
