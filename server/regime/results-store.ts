import type { Finding, LocalDate, SubjectKind, Trace } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { PackedFindings } from './rules.ts'
import type { ConfirmationResult } from './words.ts'

export interface ConfirmationRow {
  id: string
  regimeId: string
  ruleId: string
  subjectKind: SubjectKind
  subjectId: string
  schoolYearId: string
  periodId: string
  periodLabel: string
  countsOn: LocalDate
  result: ConfirmationResult
  sentence: string
  link: string | null
  confirmedBy: string | null
  confirmedAt: Date
  withdrawnBy: string | null
  withdrawnAt: Date | null
  withdrawnBecause: string | null
}

const columns = sql`id, regime_id, rule_id, subject_kind, subject_id, school_year_id, period_id, period_label, counts_on, result,
  sentence, link, confirmed_by, confirmed_at, withdrawn_by, withdrawn_at, withdrawn_because`

/** Everything that was confirmed of a subject in a school year, withdrawn ones included. */
export function listConfirmations(
  tx: Tx,
  subjectId: string,
  schoolYearId: string,
): Promise<ConfirmationRow[]> {
  return tx.many<ConfirmationRow>(sql`
    SELECT ${columns} FROM duty_confirmations
    WHERE org_id = ${tx.orgId} AND subject_id = ${subjectId} AND school_year_id = ${schoolYearId} ORDER BY confirmed_at, id`)
}

export function findConfirmation(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<ConfirmationRow | undefined> {
  return options.lock
    ? tx.maybe(
        sql`SELECT ${columns} FROM duty_confirmations WHERE org_id = ${tx.orgId} AND id = ${id} FOR UPDATE`,
      )
    : tx.maybe(sql`SELECT ${columns} FROM duty_confirmations WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Gives 0 where the duty of that period has been confirmed already. */
export function insertConfirmation(
  tx: Tx,
  row: Omit<
    ConfirmationRow,
    'confirmedBy' | 'confirmedAt' | 'withdrawnBy' | 'withdrawnAt' | 'withdrawnBecause'
  >,
): Promise<number> {
  return tx.run(sql`
    INSERT INTO duty_confirmations (org_id, id, regime_id, rule_id, subject_kind, subject_id, school_year_id, period_id, period_label,
      counts_on, result, sentence, link, confirmed_by, confirmed_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.regimeId}, ${row.ruleId}, ${row.subjectKind}, ${row.subjectId}, ${row.schoolYearId},
      ${row.periodId}, ${row.periodLabel}, ${row.countsOn}, ${row.result}, ${row.sentence}, ${row.link}, ${tx.actor.personId}, ${tx.now})
    ON CONFLICT DO NOTHING`)
}

export async function markWithdrawn(tx: Tx, id: string, because: string): Promise<void> {
  await tx.run(sql`
    UPDATE duty_confirmations SET withdrawn_by = ${tx.actor.personId}, withdrawn_at = ${tx.now}, withdrawn_because = ${because}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

// ── Corrections ──────────────────────────────────────────────────────────────

export interface LateFact {
  id: string
  kind: string
  subjectKind: SubjectKind
  subjectId: string
  countsOn: LocalDate
  recordedOn: LocalDate
  reverses: string | null
  recordedBy: string | null
}

/** Facts that became known within the days and count for an earlier day. */
export function listLateFacts(tx: Tx, from: LocalDate, to: LocalDate): Promise<LateFact[]> {
  return tx.many<LateFact>(sql`
    SELECT id, kind, subject_kind, subject_id, counts_on, (recorded_at AT TIME ZONE 'Asia/Shanghai')::date AS recorded_on, reverses, recorded_by
    FROM facts WHERE org_id = ${tx.orgId} AND recorded_at >= (${from}::date::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND recorded_at < ((${to}::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
      AND counts_on < (recorded_at AT TIME ZONE 'Asia/Shanghai')::date
    ORDER BY recorded_at, id`)
}

// ── Results that stay ────────────────────────────────────────────────────────

export interface ResultRow {
  id: string
  subjectKind: SubjectKind
  subjectId: string
  schoolYearId: string
  spanId: string
  sequence: number
  digest: string
  remark: string | null
  confirmedBy: string | null
  confirmedAt: Date
}
const resultColumns = sql`id, subject_kind, subject_id, school_year_id, span_id, sequence, digest, remark, confirmed_by, confirmed_at`

/** Entries of a term or year without their contents, the oldest first. */
export function listResults(tx: Tx, spanId: string, subjectId: string | null = null): Promise<ResultRow[]> {
  return subjectId === null
    ? tx.many<ResultRow>(sql`
        SELECT ${resultColumns} FROM confirmed_results WHERE org_id = ${tx.orgId} AND span_id = ${spanId} ORDER BY sequence`)
    : tx.many<ResultRow>(sql`
        SELECT ${resultColumns} FROM confirmed_results
        WHERE org_id = ${tx.orgId} AND span_id = ${spanId} AND subject_id = ${subjectId} ORDER BY sequence`)
}

export function findResult(
  tx: Tx,
  id: string,
): Promise<(ResultRow & { findings: Finding[]; traces: Trace[] }) | undefined> {
  return tx.maybe(
    sql`SELECT ${resultColumns}, findings, traces FROM confirmed_results WHERE org_id = ${tx.orgId} AND id = ${id}`,
  )
}

export async function insertResult(
  tx: Tx,
  row: Omit<ResultRow, 'confirmedBy' | 'confirmedAt'> & { findings: Finding[]; traces: Trace[] },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO confirmed_results (org_id, id, subject_kind, subject_id, school_year_id, span_id, sequence, findings, traces, digest,
      remark, confirmed_by, confirmed_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.subjectKind}, ${row.subjectId}, ${row.schoolYearId}, ${row.spanId}, ${row.sequence},
      ${JSON.stringify(row.findings)}::jsonb, ${JSON.stringify(row.traces)}::jsonb, ${row.digest}, ${row.remark},
      ${tx.actor.personId}, ${tx.now})`)
}

/** One confirmation of results at a time, so that no entry gets another's number. */
export async function lockResults(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`results:${tx.orgId}`}, 0))`)
}

/** The findings of these people as last computed. */
export function listFindingSets(
  tx: Tx,
  schoolYearId: string,
  subjectIds: string[],
): Promise<{ subjectId: string; findings: PackedFindings }[]> {
  return tx.many(sql`
    SELECT subject_id, findings FROM finding_sets
    WHERE org_id = ${tx.orgId} AND school_year_id = ${schoolYearId} AND subject_id = ANY(${subjectIds}::uuid[])`)
}
