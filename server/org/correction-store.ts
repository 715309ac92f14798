import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { CorrectionStatus } from './words.ts'

export interface CorrectionRow {
  id: string
  personId: string
  personName: string
  /** Values by name: attributes, and `phone`. */
  changes: Record<string, AttributeValue>
  from: LocalDate
  note: string
  status: CorrectionStatus
  decisionNote: string
  proposedAt: Date
  decidedByName: string | null
}
const columns = sql`c.id, c.person_id, p.name AS person_name, c.changes, c.from_on AS "from", c.note, c.status,
  c.decision_note, c.proposed_at, d.name AS decided_by_name`
const joins = sql`JOIN people p ON p.org_id = c.org_id AND p.id = c.person_id
  LEFT JOIN people d ON d.org_id = c.org_id AND d.id = c.decided_by`

export async function insertCorrection(
  tx: Tx,
  row: Pick<CorrectionRow, 'id' | 'personId' | 'changes' | 'from' | 'note'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO person_corrections (org_id, id, person_id, changes, from_on, note, status, proposed_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.personId}, ${JSON.stringify(row.changes)}, ${row.from}, ${row.note}, 'proposed',
      ${tx.now})`)
}

/** A correction, locked until the end of the transaction. */
export function lockCorrection(tx: Tx, id: string): Promise<CorrectionRow | undefined> {
  return tx.maybe<CorrectionRow>(sql`
    SELECT ${columns} FROM person_corrections c ${joins} WHERE c.org_id = ${tx.orgId} AND c.id = ${id} FOR UPDATE OF c`)
}

/** Those of one person, the latest first. */
export function listCorrectionsOf(tx: Tx, personId: string): Promise<CorrectionRow[]> {
  return tx.many<CorrectionRow>(sql`
    SELECT ${columns} FROM person_corrections c ${joins}
    WHERE c.org_id = ${tx.orgId} AND c.person_id = ${personId} ORDER BY c.proposed_at DESC, c.id DESC LIMIT 20`)
}

/** Those that nobody has decided, the longest waiting first. */
export function listOpenCorrections(tx: Tx): Promise<CorrectionRow[]> {
  return tx.many<CorrectionRow>(sql`
    SELECT ${columns} FROM person_corrections c ${joins}
    WHERE c.org_id = ${tx.orgId} AND c.status = 'proposed' ORDER BY c.proposed_at, c.id LIMIT 200`)
}

export async function settleCorrection(
  tx: Tx,
  row: { id: string; status: CorrectionStatus; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE person_corrections SET status = ${row.status}, decision_note = ${row.note}, decided_by = ${tx.actor.personId},
      decided_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}
