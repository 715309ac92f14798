import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

export interface OpinionRow {
  id: string
  about: 'growth' | 'environment'
  proposalId: string | null
  unitId: string
  bodyName: string
  personName: string | null
  agrees: boolean
  note: string
  on: LocalDate
}

/** Opinions of one kind, the latest first. */
export function listOpinions(tx: Tx, about: OpinionRow['about']): Promise<OpinionRow[]> {
  return tx.many<OpinionRow>(sql`
    SELECT c.id, c.about, c.proposal_id, c.unit_id, u.name AS body_name, p.name AS person_name, c.agrees, c.note,
      c.given_on AS "on"
    FROM committee_opinions c JOIN units u ON u.org_id = c.org_id AND u.id = c.unit_id
    LEFT JOIN people p ON p.org_id = c.org_id AND p.id = c.person_id
    WHERE c.org_id = ${tx.orgId} AND c.about = ${about} ORDER BY c.given_at DESC, c.id DESC LIMIT 1000`)
}

export async function insertOpinion(
  tx: Tx,
  row: Pick<OpinionRow, 'id' | 'about' | 'proposalId' | 'unitId' | 'agrees' | 'note'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO committee_opinions (org_id, id, about, proposal_id, unit_id, person_id, agrees, note, given_on, given_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.about}, ${row.proposalId}, ${row.unitId}, ${tx.actor.personId}, ${row.agrees},
      ${row.note}, ${tx.today}, ${tx.now})`)
}
