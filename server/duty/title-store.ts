import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

/** Those who record titles of one organisation at once take turns. */
export async function lockTitles(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`titles:${tx.orgId}`}, 0))`)
}

/** A title of a group (`unitId`), of a district's school (`schoolId`), or of the organisation itself (neither). */
export interface TitleRow {
  id: string
  unitId: string | null
  schoolId: string | null
  holderName: string
  title: string
  level: string
  grantedOn: LocalDate
  proof: string
}
export function listTitles(tx: Tx): Promise<TitleRow[]> {
  return tx.many(sql`
    SELECT t.id, t.unit_id, t.school_id, t.holder_name, t.title, t.level, t.granted_on, t.proof FROM held_titles t
    WHERE t.org_id = ${tx.orgId} AND t.withdrawn_because IS NULL ORDER BY t.granted_on DESC, t.id DESC LIMIT 500`)
}
export async function insertTitle(tx: Tx, row: TitleRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO held_titles (org_id, id, unit_id, school_id, holder_name, title, level, granted_on, proof, recorded_by,
      recorded_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.unitId}, ${row.schoolId}, ${row.holderName}, ${row.title}, ${row.level},
      ${row.grantedOn}, ${row.proof}, ${tx.actor.personId}, ${tx.now})`)
}
export async function withdrawTitle(tx: Tx, id: string, because: string): Promise<void> {
  await tx.run(
    sql`UPDATE held_titles SET withdrawn_because = ${because} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}
