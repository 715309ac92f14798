import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

/** A transfer as one side keeps it: the old school (`out`), the new one (`in`), the district (`seen`). */
export interface TransferRow {
  id: string
  side: 'in' | 'out' | 'seen'
  personName: string
  fromId: string
  fromName: string
  fromPersonId: string
  toId: string
  toName: string
  toPersonId: string
  lastDay: LocalDate
  note: string
  /** Records that went along, as last compared. */
  carried: number
  comparedAt: Date
  withdrawnBecause: string | null
}

const columns = sql`id, side, person_name, from_id, from_name, from_person_id, to_id, to_name, to_person_id, last_day,
  note, carried, compared_at, withdrawn_because`

export async function insertTransfer(tx: Tx, row: TransferRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO transfers (org_id, ${columns})
    VALUES (${tx.orgId}, ${row.id}, ${row.side}, ${row.personName}, ${row.fromId}, ${row.fromName}, ${row.fromPersonId},
      ${row.toId}, ${row.toName}, ${row.toPersonId}, ${row.lastDay}, ${row.note}, ${row.carried}, ${row.comparedAt},
      ${row.withdrawnBecause})`)
}

export async function updateTransfer(
  tx: Tx,
  id: string,
  row: { carried: number; withdrawnBecause: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE transfers SET carried = ${row.carried}, withdrawn_because = ${row.withdrawnBecause}, compared_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export function findTransfer(tx: Tx, id: string): Promise<TransferRow | undefined> {
  return tx.maybe<TransferRow>(
    sql`SELECT ${columns} FROM transfers WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

/** Transfers of one person of this school, the latest first. */
export function listOfPerson(tx: Tx, personId: string): Promise<TransferRow[]> {
  return tx.many<TransferRow>(sql`
    SELECT ${columns} FROM transfers
    WHERE org_id = ${tx.orgId} AND (side = 'in' AND to_person_id = ${personId} OR side = 'out' AND from_person_id = ${personId})
    ORDER BY last_day DESC, id DESC`)
}

/** All transfers that this organisation knows of, the latest first. */
export function listAll(tx: Tx): Promise<TransferRow[]> {
  return tx.many<TransferRow>(sql`
    SELECT ${columns} FROM transfers WHERE org_id = ${tx.orgId} ORDER BY last_day DESC, id DESC LIMIT 500`)
}

export function listReceivedSince(tx: Tx, day: LocalDate): Promise<TransferRow[]> {
  return tx.many<TransferRow>(sql`
    SELECT ${columns} FROM transfers
    WHERE org_id = ${tx.orgId} AND side = 'in' AND last_day >= ${day} ORDER BY last_day, id`)
}

/** Where a person served before; spans that are known already stay. */
export async function insertSchoolsBefore(
  tx: Tx,
  personId: string,
  spans: { name: string; from: LocalDate; to: LocalDate }[],
): Promise<void> {
  await tx.run(sql`
    INSERT INTO person_attributes (org_id, person_id, name, from_on, to_on, value)
    SELECT ${tx.orgId}, ${personId}, 'schoolBefore', s."from", s."to", to_jsonb(s.name)
    FROM jsonb_to_recordset(${JSON.stringify(spans)}::jsonb) AS s (name text, "from" date, "to" date)
    ON CONFLICT DO NOTHING`)
}
