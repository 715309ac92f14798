import { sql, type Tx } from '../kit/sql.ts'
import type { SchoolFigures } from './contract.ts'

/** Keeps a school's figures in the district's scope; the transaction must be in that scope. */
export async function saveFigures(
  tx: Tx,
  school: { id: string; name: string },
  schoolYearId: string,
  figures: SchoolFigures,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO district_figures (org_id, school_id, school_year_id, school_name, figures, computed_at)
    VALUES (${tx.orgId}, ${school.id}, ${schoolYearId}, ${school.name}, ${JSON.stringify(figures)}::jsonb, ${tx.now})
    ON CONFLICT (org_id, school_year_id, school_id) DO UPDATE SET
      school_name = excluded.school_name, figures = excluded.figures, computed_at = excluded.computed_at`)
}

export interface FiguresRow {
  schoolId: string
  schoolName: string
  schoolYearId: string
  figures: SchoolFigures
  computedAt: Date
}
/** The newest figures of each school. */
export function listFigures(tx: Tx): Promise<FiguresRow[]> {
  return tx.many<FiguresRow>(sql`
    SELECT DISTINCT ON (school_id) school_id, school_name, school_year_id, figures, computed_at
    FROM district_figures WHERE org_id = ${tx.orgId} ORDER BY school_id, school_year_id DESC`)
}

export function listSchools(tx: Tx): Promise<{ id: string; name: string }[]> {
  return tx.many(
    sql`SELECT id, name FROM organisations WHERE district_id = ${tx.orgId} AND kind = 'school' ORDER BY name`,
  )
}
