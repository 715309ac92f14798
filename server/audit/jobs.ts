import { type Services, systemActor } from '../kit/services.ts'
import { sealAudit } from './actions.ts'

/** Closes the newest audit entries of an organisation into the chain of hashes. */
export async function sealAuditJob(services: Services, payload: { orgId: string }): Promise<void> {
  await services.inOrganisation(payload.orgId, systemActor('job:sealAudit'), sealAudit)
}
