import type { LocalDate } from '../../engine/types.ts'
import { empty, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { Clause } from './contract.ts'
import type { VersionDates } from './rules.ts'
import type { Answer, Numbering, Stance } from './words.ts'

export interface VersionRow extends VersionDates {
  id: string
  regulationId: string
  kind: string
  ruleIds: string[]
  number: number
  title: string
  documentNumber: string
  numbering: Numbering
  note: string
  clauses: Clause[]
  consultedClauses: Clause[] | null
  approvedByName: string | null
  approvedRole: string | null
  remark: string
  draftVersion: number
  savedAt: Date
  draftedByName: string | null
  hasOpenVersion: boolean
  opinionStates: { stance: Stance; answer: Answer | null }[]
  hasMine: boolean
}

export interface OpinionRow {
  id: string
  versionId: string
  clauseId: string | null
  personId: string
  personName: string
  stance: Stance
  text: string
  at: Date
  answer: Answer | null
  answerReason: string
  answeredByName: string | null
  answeredAt: Date | null
}

function selectVersion(tx: Tx): Sql {
  return sql`
    SELECT v.id, v.regulation_id, r.kind, r.rule_ids, v.number, v.title, v.document_number, v.numbering, v.note, v.clauses,
      v.consulted_clauses, v.consult_from, v.consult_to, v.consult_closed_at, v.approved_at, a.name AS approved_by_name,
      v.approved_role, v.remark, v.in_force_from, v.in_force_to, v.repeal_reason, v.draft_version, v.saved_at,
      d.name AS drafted_by_name,
      EXISTS (SELECT 1 FROM regulation_versions o WHERE o.org_id = v.org_id AND o.regulation_id = v.regulation_id
        AND o.approved_at IS NULL AND o.id <> v.id) AS has_open_version,
      (SELECT coalesce(json_agg(json_build_object('stance', o.stance, 'answer', o.answer)), '[]') FROM regulation_opinions o
        WHERE o.org_id = v.org_id AND o.version_id = v.id) AS opinion_states,
      EXISTS (SELECT 1 FROM regulation_opinions o WHERE o.org_id = v.org_id AND o.version_id = v.id
        AND o.person_id = ${tx.actor.personId}::uuid) AS has_mine
    FROM regulation_versions v
    JOIN regulations r ON r.org_id = v.org_id AND r.id = v.regulation_id
    LEFT JOIN people a ON a.org_id = v.org_id AND a.id = v.approved_by
    LEFT JOIN people d ON d.org_id = v.org_id AND d.id = v.created_by`
}

/** All versions of one regulation, the newest first. */
export function listVersions(tx: Tx, regulationId: string): Promise<VersionRow[]> {
  return tx.many<VersionRow>(sql`
    ${selectVersion(tx)} WHERE v.org_id = ${tx.orgId} AND v.regulation_id = ${regulationId} ORDER BY v.number DESC`)
}

/** Versions of every regulation in the order in which they were begun, the newest version first. */
export function listAllVersions(
  tx: Tx,
  filter: { ruleId?: string; inConsultation?: boolean } = {},
): Promise<VersionRow[]> {
  return tx.many<VersionRow>(sql`
    ${selectVersion(tx)} WHERE v.org_id = ${tx.orgId}
      ${filter.ruleId === undefined ? empty : sql`AND ${filter.ruleId} = ANY (r.rule_ids)`}
      ${filter.inConsultation === true ? sql`AND v.approved_at IS NULL AND v.consult_from IS NOT NULL` : empty}
    ORDER BY r.created_at, v.number DESC LIMIT 2000`)
}

/** Locks a regulation with its versions until the end of the transaction; false where there is none. */
export async function lockRegulation(tx: Tx, id: string): Promise<boolean> {
  const rows = await tx.many(
    sql`SELECT 1 FROM regulations WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`,
  )
  return rows.length > 0
}

/** Those who give document numbers at the same time take turns. */
export async function lockNumbers(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`regulation:${tx.orgId}`}, 0))`)
}

export async function listDocumentNumbers(
  tx: Tx,
): Promise<{ documentNumber: string; regulationId: string }[]> {
  return tx.many(sql`
    SELECT document_number, regulation_id FROM regulation_versions
    WHERE org_id = ${tx.orgId} AND approved_at IS NOT NULL AND document_number <> ''`)
}

export async function insertRegulation(tx: Tx, regulation: { id: string; kind: string }): Promise<void> {
  await tx.run(sql`
    INSERT INTO regulations (org_id, id, kind, created_by, created_at)
    VALUES (${tx.orgId}, ${regulation.id}, ${regulation.kind}, ${tx.actor.personId}, ${tx.now})`)
}

export interface VersionText {
  title: string
  documentNumber: string
  numbering: Numbering
  note: string
  clauses: Clause[]
}

export async function insertVersion(
  tx: Tx,
  version: VersionText & { id: string; regulationId: string; number: number },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO regulation_versions (org_id, id, regulation_id, number, title, document_number, numbering, note, clauses,
      created_by, saved_by, saved_at)
    VALUES (${tx.orgId}, ${version.id}, ${version.regulationId}, ${version.number}, ${version.title}, ${version.documentNumber},
      ${version.numbering}, ${version.note}, ${JSON.stringify(version.clauses)}::jsonb, ${tx.actor.personId},
      ${tx.actor.personId}, ${tx.now})`)
}

export async function updateKind(tx: Tx, id: string, kind: string): Promise<void> {
  await tx.run(sql`UPDATE regulations SET kind = ${kind} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function updateRules(tx: Tx, id: string, ruleIds: string[]): Promise<void> {
  await tx.run(
    sql`UPDATE regulations SET rule_ids = ${ruleIds}::text[] WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

export async function updateText(tx: Tx, id: string, text: VersionText): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_versions SET title = ${text.title}, document_number = ${text.documentNumber},
      numbering = ${text.numbering}, note = ${text.note}, clauses = ${JSON.stringify(text.clauses)}::jsonb,
      draft_version = draft_version + 1, saved_by = ${tx.actor.personId}, saved_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Removes a draft; the regulation goes with its only version. */
export async function deleteVersion(tx: Tx, version: { id: string; regulationId: string }): Promise<void> {
  await tx.run(sql`DELETE FROM regulation_versions WHERE org_id = ${tx.orgId} AND id = ${version.id}`)
  await tx.run(sql`
    DELETE FROM regulations r WHERE r.org_id = ${tx.orgId} AND r.id = ${version.regulationId}
      AND NOT EXISTS (SELECT 1 FROM regulation_versions v WHERE v.org_id = r.org_id AND v.regulation_id = r.id)`)
}

/** Lays the text as it stands before the teachers. */
export async function updateConsultation(tx: Tx, id: string, from: LocalDate, to: LocalDate): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_versions SET consult_from = ${from}, consult_to = ${to}, consult_closed_at = NULL,
      consulted_clauses = clauses WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function closeConsultation(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`UPDATE regulation_versions SET consult_closed_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

export async function markApproved(
  tx: Tx,
  id: string,
  approval: { role: string; inForceFrom: LocalDate; documentNumber: string; remark: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_versions SET approved_by = ${tx.actor.personId}, approved_role = ${approval.role}, approved_at = ${tx.now},
      in_force_from = ${approval.inForceFrom}, document_number = ${approval.documentNumber}, remark = ${approval.remark}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function clearApproval(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_versions SET approved_by = NULL, approved_role = NULL, approved_at = NULL, in_force_from = NULL,
      remark = ${reason}, draft_version = draft_version + 1 WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Writes the last day of a version; null opens its end again. */
export async function updateEnd(
  tx: Tx,
  id: string,
  end: { lastDay: LocalDate | null; repealReason: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_versions SET in_force_to = ${end.lastDay}, repeal_reason = ${end.repealReason}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

// ── Opinions ──────────────────────────────────────────────────────────────────

function selectOpinion(): Sql {
  return sql`
    SELECT o.id, o.version_id, o.clause_id, o.person_id, p.name AS person_name, o.stance, o.text, o.at, o.answer,
      o.answer_reason, b.name AS answered_by_name, o.answered_at
    FROM regulation_opinions o
    JOIN people p ON p.org_id = o.org_id AND p.id = o.person_id
    LEFT JOIN people b ON b.org_id = o.org_id AND b.id = o.answered_by`
}

export function listOpinions(tx: Tx, versionId: string): Promise<OpinionRow[]> {
  return tx.many<OpinionRow>(
    sql`${selectOpinion()} WHERE o.org_id = ${tx.orgId} AND o.version_id = ${versionId} ORDER BY o.at, o.id`,
  )
}

export function lockOpinion(tx: Tx, id: string): Promise<OpinionRow | undefined> {
  return tx.maybe<OpinionRow>(
    sql`${selectOpinion()} WHERE o.org_id = ${tx.orgId} AND o.id = ${id} FOR UPDATE OF o`,
  )
}

/** The regulation that a version belongs to. */
export async function findRegulationOf(tx: Tx, versionId: string): Promise<string | undefined> {
  const row = await tx.maybe<{ regulationId: string }>(
    sql`SELECT regulation_id FROM regulation_versions WHERE org_id = ${tx.orgId} AND id = ${versionId}`,
  )
  return row?.regulationId
}

/** One opinion per person and clause: a later one replaces the earlier, unless that has been answered. */
export async function saveOpinion(
  tx: Tx,
  opinion: { id: string; versionId: string; clauseId: string | null; stance: Stance; text: string },
): Promise<string | undefined> {
  const row = await tx.maybe<{ id: string }>(sql`
    INSERT INTO regulation_opinions (org_id, id, version_id, clause_id, person_id, stance, text, at)
    VALUES (${tx.orgId}, ${opinion.id}, ${opinion.versionId}, ${opinion.clauseId}, ${tx.actor.personId}, ${opinion.stance},
      ${opinion.text}, ${tx.now})
    ON CONFLICT (org_id, version_id, person_id, clause_id) DO UPDATE SET stance = ${opinion.stance}, text = ${opinion.text},
      at = ${tx.now} WHERE regulation_opinions.answer IS NULL
    RETURNING id`)
  return row?.id
}

export async function deleteOpinion(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM regulation_opinions WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function saveAnswer(tx: Tx, id: string, answer: Answer, reason: string): Promise<void> {
  await tx.run(sql`
    UPDATE regulation_opinions SET answer = ${answer}, answer_reason = ${reason}, answered_by = ${tx.actor.personId},
      answered_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
