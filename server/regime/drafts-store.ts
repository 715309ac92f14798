import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { DraftState } from './drafts-contract.ts'
import type { SwitchedOff } from './regime-text.ts'

export interface DraftRow {
  id: string
  regimeId: string
  title: string
  version: string
  originKind: 'preset' | 'district' | 'own' | 'file'
  originName: string
  switchedOff: SwitchedOff
  state: DraftState
  schoolYearId: string | null
  fromOn: LocalDate | null
  remark: string | null
  rowVersion: number
  createdBy: string | null
  createdAt: Date
  updatedAt: Date
  submittedBy: string | null
  submittedAt: Date | null
  decidedBy: string | null
  decidedAt: Date | null
  adoptionId: string | null
}
export interface DraftText {
  base: string
  text: string
}

const columns = sql`id, regime_id, title, version, origin_kind, origin_name, switched_off, state, school_year_id, from_on, remark,
  row_version, created_by, created_at, updated_at, submitted_by, submitted_at, decided_by, decided_at, adoption_id`

/** Versions without their texts, the newest first; those that were put aside are left out. */
export function listDrafts(tx: Tx): Promise<DraftRow[]> {
  return tx.many<DraftRow>(sql`
    SELECT ${columns} FROM regime_drafts WHERE org_id = ${tx.orgId} AND state <> 'discarded' ORDER BY created_at DESC, id DESC`)
}

export function countDrafts(tx: Tx): Promise<{ count: number }> {
  return tx.one(sql`SELECT count(*)::int AS count FROM regime_drafts WHERE org_id = ${tx.orgId}`)
}

export function findDraft(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<(DraftRow & DraftText) | undefined> {
  return options.lock
    ? tx.maybe(
        sql`SELECT ${columns}, base, text FROM regime_drafts WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`,
      )
    : tx.maybe(
        sql`SELECT ${columns}, base, text FROM regime_drafts WHERE org_id = ${tx.orgId} AND id = ${id}`,
      )
}

export async function insertDraft(
  tx: Tx,
  draft: Pick<
    DraftRow,
    'id' | 'regimeId' | 'title' | 'version' | 'originKind' | 'originName' | 'switchedOff'
  > &
    DraftText,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO regime_drafts (org_id, id, regime_id, title, version, origin_kind, origin_name, base, text, switched_off, state,
      row_version, created_by, created_at, updated_at)
    VALUES (${tx.orgId}, ${draft.id}, ${draft.regimeId}, ${draft.title}, ${draft.version}, ${draft.originKind}, ${draft.originName},
      ${draft.base}, ${draft.text}, ${JSON.stringify(draft.switchedOff)}::jsonb, 'draft', 1, ${tx.actor.personId}, ${tx.now}, ${tx.now})`)
}

export async function saveContent(
  tx: Tx,
  id: string,
  draft: Pick<DraftRow, 'regimeId' | 'title' | 'version' | 'switchedOff'> & { text: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE regime_drafts SET regime_id = ${draft.regimeId}, title = ${draft.title}, version = ${draft.version}, text = ${draft.text},
      switched_off = ${JSON.stringify(draft.switchedOff)}::jsonb, row_version = row_version + 1, updated_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function markSubmitted(
  tx: Tx,
  id: string,
  when: { schoolYearId: string; from: LocalDate },
): Promise<void> {
  await tx.run(sql`
    UPDATE regime_drafts SET state = 'submitted', school_year_id = ${when.schoolYearId}, from_on = ${when.from}, remark = NULL,
      submitted_by = ${tx.actor.personId}, submitted_at = ${tx.now}, decided_by = NULL, decided_at = NULL,
      row_version = row_version + 1, updated_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function markDecided(
  tx: Tx,
  id: string,
  decision: { state: DraftState; remark: string | null; adoptionId: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE regime_drafts SET state = ${decision.state}, remark = ${decision.remark}, adoption_id = ${decision.adoptionId},
      decided_by = ${tx.actor.personId}, decided_at = ${tx.now}, row_version = row_version + 1, updated_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Takes back a version that has not come into force. */
export function deleteAdoption(tx: Tx, adoptionId: string): Promise<number> {
  return tx.run(sql`
    DELETE FROM regime_adoptions WHERE org_id = ${tx.orgId} AND id = ${adoptionId} AND from_on > ${tx.today} AND origin = 'own'`)
}

/** Rules that were switched off in the versions that were put in force, by adoption. */
export async function listSwitchedOff(tx: Tx): Promise<Map<string, SwitchedOff>> {
  const rows = await tx.many<{ adoptionId: string; switchedOff: SwitchedOff }>(sql`
    SELECT adoption_id, switched_off FROM regime_drafts WHERE org_id = ${tx.orgId} AND adoption_id IS NOT NULL`)
  return new Map(rows.map((row) => [row.adoptionId, row.switchedOff]))
}

/** Names of people, for the pages. */
export async function listNames(tx: Tx, ids: (string | null)[]): Promise<Map<string, string>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  if (wanted.length === 0) return new Map()
  const rows = await tx.many<{ id: string; name: string }>(
    sql`SELECT id, name FROM people WHERE org_id = ${tx.orgId} AND id = ANY(${wanted}::uuid[])`,
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}

export interface ReadingDecision {
  setting: string
  value: unknown
  decision: 'kept' | 'changed'
  decidedBy: string | null
  decidedAt: Date
}
/** The latest decision on each setting of a regime. */
export function listReadings(tx: Tx, regimeId: string): Promise<ReadingDecision[]> {
  return tx.many<ReadingDecision>(sql`
    SELECT DISTINCT ON (setting) setting, value, decision, decided_by, decided_at FROM regime_readings
    WHERE org_id = ${tx.orgId} AND regime_id = ${regimeId} ORDER BY setting, decided_at DESC, id DESC`)
}

export async function insertReading(
  tx: Tx,
  reading: { id: string; regimeId: string; setting: string; value: unknown; decision: 'kept' | 'changed' },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO regime_readings (org_id, id, regime_id, setting, value, decision, decided_by, decided_at)
    VALUES (${tx.orgId}, ${reading.id}, ${reading.regimeId}, ${reading.setting}, ${JSON.stringify(reading.value)}::jsonb,
      ${reading.decision}, ${tx.actor.personId}, ${tx.now})`)
}
