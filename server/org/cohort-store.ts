import { sql, type Tx } from '../kit/sql.ts'
import type { CohortPart } from './cohort-rules.ts'

export interface CohortRow {
  id: string
  name: string
  parts: CohortPart[]
  condition: string
}

/** The school's own saved conditions, by name. */
export function listCohorts(tx: Tx): Promise<CohortRow[]> {
  return tx.many<CohortRow>(
    sql`SELECT id, name, parts, condition FROM cohorts WHERE org_id = ${tx.orgId} ORDER BY name`,
  )
}

export function findCohort(tx: Tx, id: string): Promise<CohortRow | undefined> {
  return tx.maybe<CohortRow>(
    sql`SELECT id, name, parts, condition FROM cohorts WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

export async function saveCohort(tx: Tx, row: CohortRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO cohorts (org_id, id, name, parts, condition, created_by, created_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.name}, ${JSON.stringify(row.parts)}, ${row.condition}, ${tx.actor.personId},
      ${tx.now})
    ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, parts = excluded.parts, condition = excluded.condition`)
}

export async function deleteCohort(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM cohorts WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
