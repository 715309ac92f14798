import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

export interface AreaSchoolRow {
  unitId: string
  areaName: string
  schoolId: string
  name: string
  leads: boolean
  from: LocalDate
}

/** Which schools are in which area on a day or later. */
export function listAreaSchools(tx: Tx, on: LocalDate): Promise<AreaSchoolRow[]> {
  return tx.many<AreaSchoolRow>(sql`
    SELECT a.unit_id, u.name AS area_name, a.school_id, o.name, a.leads, a.from_on AS "from"
    FROM area_schools a JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    JOIN organisations o ON o.id = a.school_id
    WHERE a.org_id = ${tx.orgId} AND (a.to_on IS NULL OR a.to_on >= ${on}) ORDER BY a.leads DESC, o.name`)
}

export async function insertAreaSchools(
  tx: Tx,
  row: { unitId: string; schoolIds: string[]; from: LocalDate },
): Promise<void> {
  if (row.schoolIds.length === 0) return
  await tx.run(sql`
    INSERT INTO area_schools (org_id, unit_id, school_id, from_on)
    SELECT ${tx.orgId}, ${row.unitId}, unnest(${row.schoolIds}::uuid[]), ${row.from}
    ON CONFLICT (org_id, unit_id, school_id, from_on) DO UPDATE SET to_on = NULL`)
}

/** Ends it on a day; what would only have begun later never was. */
export async function endAreaSchool(
  tx: Tx,
  row: { unitId: string; schoolId: string; on: LocalDate },
): Promise<number> {
  const later = await tx.run(sql`
    DELETE FROM area_schools WHERE org_id = ${tx.orgId} AND unit_id = ${row.unitId} AND school_id = ${row.schoolId}
      AND from_on > ${row.on}`)
  const ended = await tx.run(sql`
    UPDATE area_schools SET to_on = ${row.on} WHERE org_id = ${tx.orgId} AND unit_id = ${row.unitId}
      AND school_id = ${row.schoolId} AND (to_on IS NULL OR to_on > ${row.on})`)
  return later + ended
}

export async function setLeadSchool(tx: Tx, row: { unitId: string; schoolId: string }): Promise<void> {
  await tx.run(sql`
    UPDATE area_schools SET leads = (school_id = ${row.schoolId})
    WHERE org_id = ${tx.orgId} AND unit_id = ${row.unitId} AND to_on IS NULL`)
}
