import { sql, type Tx } from '../kit/sql.ts'

export interface AuditEntry {
  id: string
  at: Date
  actorName: string
  actorPersonId: string | null
  type: string
  recordRoom: string
  recordId: string | null
  payload: Record<string, unknown>
}
export interface AuditSeal {
  number: number
  sealedAt: Date
  entryIds: string[]
  previousHash: string
  hash: string
}

export async function insertEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await tx.run(sql`
    WITH entry AS (
      INSERT INTO audit_entries (org_id, id, at, actor_name, actor_person_id, type, record_room, record_id, payload)
      VALUES (${tx.orgId}, ${entry.id}, ${entry.at}, ${entry.actorName}, ${entry.actorPersonId}, ${entry.type},
        ${entry.recordRoom}, ${entry.recordId}, ${JSON.stringify(entry.payload)})
      RETURNING org_id, id)
    INSERT INTO audit_unsealed (org_id, entry_id) SELECT org_id, id FROM entry`)
}

/** One sealing at a time per organisation. */
export async function lockSeals(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`audit:${tx.orgId}`}, 0))`)
}

export async function takeUnsealed(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ entryId: string }>(
    sql`DELETE FROM audit_unsealed WHERE org_id = ${tx.orgId} RETURNING entry_id`,
  )
  return rows.map((row) => row.entryId)
}

/** The entries in the order of their ids, which is the order that the hash uses. */
export function listEntries(tx: Tx, ids: string[]): Promise<AuditEntry[]> {
  return tx.many<AuditEntry>(sql`
    SELECT id, at, actor_name, actor_person_id, type, record_room, record_id, payload FROM audit_entries
    WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[]) ORDER BY id`)
}

export function listSeals(tx: Tx): Promise<AuditSeal[]> {
  return tx.many<AuditSeal>(sql`
    SELECT number, sealed_at, entry_ids, previous_hash, hash FROM audit_seals WHERE org_id = ${tx.orgId} ORDER BY number`)
}

export function findLastSeal(tx: Tx): Promise<AuditSeal | undefined> {
  return tx.maybe<AuditSeal>(sql`
    SELECT number, sealed_at, entry_ids, previous_hash, hash FROM audit_seals
    WHERE org_id = ${tx.orgId} ORDER BY number DESC LIMIT 1`)
}

export async function insertSeal(tx: Tx, seal: AuditSeal): Promise<void> {
  await tx.run(sql`
    INSERT INTO audit_seals (org_id, number, sealed_at, entry_ids, previous_hash, hash)
    VALUES (${tx.orgId}, ${seal.number}, ${seal.sealedAt}, ${seal.entryIds}::uuid[], ${seal.previousHash}, ${seal.hash})`)
}
