import { type Services, systemActor } from '../kit/services.ts'
import { recordInForce } from './actions.ts'

/** On the day from which an approved regulation is in force, its fact is left. */
export async function regulationInForceJob(
  services: Services,
  payload: { orgId: string; id: string },
): Promise<void> {
  await services.inOrganisation(payload.orgId, systemActor('job:regulationInForce'), (tx) =>
    recordInForce(tx, payload.id),
  )
}
