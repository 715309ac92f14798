import { createHash } from 'node:crypto'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import type { Tx } from '../kit/sql.ts'
import {
  type AuditEntry,
  findLastSeal,
  insertEntry,
  insertSeal,
  listEntries,
  listSeals,
  lockSeals,
  takeUnsealed,
} from './store.ts'

/** Writes down who did what, in the same transaction. `type` is room and verb in the past: `plan.filed`. */
export async function audit(
  tx: Tx,
  entry: { type: string; id: string | null; payload?: Record<string, unknown> },
): Promise<void> {
  await insertEntry(tx, {
    id: newId(),
    at: tx.now,
    actorName: tx.actor.name,
    actorPersonId: tx.actor.personId,
    type: entry.type,
    recordRoom: entry.type.slice(0, entry.type.indexOf('.')),
    recordId: entry.id,
    payload: entry.payload ?? {},
  })
  await enqueue(
    tx,
    'sealAudit',
    { orgId: tx.orgId },
    { key: `sealAudit:${tx.orgId}`, runAt: new Date(Date.now() + 10_000) },
  )
}

/** Closes what was written since the last seal into the chain. Safe to run twice. Returns the number of entries sealed. */
export async function sealAudit(tx: Tx): Promise<number> {
  await lockSeals(tx)
  const ids = await takeUnsealed(tx)
  if (ids.length === 0) return 0
  const last = await findLastSeal(tx)
  const entries = await listEntries(tx, ids)
  const previousHash = last?.hash ?? ''
  await insertSeal(tx, {
    number: (last?.number ?? 0) + 1,
    sealedAt: tx.now,
    entryIds: entries.map((entry) => entry.id),
    previousHash,
    hash: hashOf(previousHash, entries),
  })
  return entries.length
}

/**
 * Goes through the whole chain of one organisation: every seal must follow its predecessor and match its entries,
 * which must all still be there unchanged.
 */
export async function verifyAudit(tx: Tx): Promise<{ seals: number; entries: number; problems: string[] }> {
  const problems: string[] = []
  let previousHash = ''
  let entryCount = 0
  let expected = 1
  const seals = await listSeals(tx)
  for (const seal of seals) {
    if (seal.number !== expected) problems.push(`第 ${expected} 号封条缺失`)
    expected = seal.number + 1
    const entries = await listEntries(tx, seal.entryIds)
    entryCount += entries.length
    if (entries.length !== seal.entryIds.length)
      problems.push(`第 ${seal.number} 号封条缺 ${seal.entryIds.length - entries.length} 条记录`)
    if (seal.previousHash !== previousHash) problems.push(`第 ${seal.number} 号封条与前一号不相接`)
    if (seal.hash !== hashOf(seal.previousHash, entries))
      problems.push(`第 ${seal.number} 号封条内的记录被改动过`)
    previousHash = seal.hash
  }
  return { seals: seals.length, entries: entryCount, problems }
}

function hashOf(previousHash: string, entries: AuditEntry[]): string {
  const hash = createHash('sha256').update(previousHash)
  for (const entry of entries) {
    hash.update(
      JSON.stringify([
        entry.id,
        entry.at.toISOString(),
        entry.actorName,
        entry.actorPersonId,
        entry.type,
        entry.recordRoom,
        entry.recordId,
        sorted(entry.payload),
      ]),
    )
  }
  return hash.digest('hex')
}

/** The database keeps keys in its own order; the hash must not depend on it. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const record = value as Record<string, unknown>
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, sorted(record[key])]),
  )
}
