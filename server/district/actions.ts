import type { Services } from '../kit/services.ts'
import type { Actor } from '../kit/sql.ts'
import type { Organisation } from '../org/store.ts'
import type { SchoolFigures } from './contract.ts'
import * as store from './store.ts'

/** Puts a school's figures into its district's scope, in a transaction of the district; the district reads nothing else. */
export async function saveSchoolFigures(
  services: Services,
  school: Organisation,
  actor: Actor,
  schoolYearId: string,
  figures: SchoolFigures,
): Promise<void> {
  if (school.districtId === null) return
  await services.inOrganisation(school.districtId, actor, (tx) =>
    store.saveFigures(tx, { id: school.id, name: school.name }, schoolYearId, figures),
  )
}
