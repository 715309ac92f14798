import { type Services, systemActor } from '../kit/services.ts'
import { listOrganisations } from './store.ts'
import { compareRecent } from './transfers.ts'

const actor = systemActor('job:compareTransfers')

/** Once a day: what was corrected at the old school of somebody who was transferred is followed at the new one. */
export async function compareTransfersJob(services: Services): Promise<void> {
  for (const { id, kind } of await listOrganisations(services.pool))
    if (kind === 'school') await services.inOrganisation(id, actor, compareRecent)
}
