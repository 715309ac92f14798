import type { Services } from '../kit/services.ts'
import { listOrganisations } from '../org/store.ts'

/** Whether the program has no organisation yet and waits for its setup page. */
export async function needsSetup(services: Services): Promise<boolean> {
  return (await listOrganisations(services.pool)).length === 0
}
