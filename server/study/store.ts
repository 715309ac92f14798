import type { LocalDate } from '../../engine/types.ts'
import { empty, sql, type Tx } from '../kit/sql.ts'
import type { StudyKind } from './words.ts'

export interface StudyRow {
  id: string
  personId: string
  studiedOn: LocalDate
  kind: StudyKind
  content: string
  minutes: number
  excerpt: string
  createdAt: Date
  withdrawnAt: Date | null
  withdrawnReason: string
}

const columns = sql`id, person_id, studied_on, kind, content, minutes, excerpt, created_at, withdrawn_at, withdrawn_reason`

/** Entries of one person at a time, so that the same study sent twice at once is seen. */
export async function lockPerson(tx: Tx, personId: string): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`study:${personId}`}, 0))`)
}

export function listStanding(tx: Tx, personId: string, day: LocalDate): Promise<StudyRow[]> {
  return tx.many<StudyRow>(sql`
    SELECT ${columns} FROM study_entries
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND studied_on = ${day} AND withdrawn_at IS NULL`)
}

export function listEntries(tx: Tx, personId: string, from?: LocalDate): Promise<StudyRow[]> {
  return tx.many<StudyRow>(sql`
    SELECT ${columns} FROM study_entries
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} ${from ? sql`AND studied_on >= ${from}` : empty}
    ORDER BY studied_on DESC, created_at DESC, id DESC LIMIT 500`)
}

export function lockEntry(tx: Tx, id: string): Promise<StudyRow | undefined> {
  return tx.maybe<StudyRow>(sql`
    SELECT ${columns} FROM study_entries WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`)
}

export async function insertEntry(
  tx: Tx,
  entry: Omit<StudyRow, 'createdAt' | 'withdrawnAt' | 'withdrawnReason'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO study_entries (org_id, id, person_id, studied_on, kind, content, minutes, excerpt, created_at)
    VALUES (${tx.orgId}, ${entry.id}, ${entry.personId}, ${entry.studiedOn}, ${entry.kind}, ${entry.content}, ${entry.minutes},
      ${entry.excerpt}, ${tx.now})`)
}

export async function markWithdrawn(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.run(sql`
    UPDATE study_entries SET withdrawn_at = ${tx.now}, withdrawn_reason = ${reason} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
