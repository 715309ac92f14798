import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { type Pool, queryPublic, sql, type Tx } from '../kit/sql.ts'
import type { RecordBooklet } from '../typesetting/types.ts'
import type { DocumentKind } from './words.ts'

interface Days {
  from: LocalDate
  to: LocalDate
}

// ── Issued papers ────────────────────────────────────────────────────────────

export interface IssuedRow {
  id: string
  kind: DocumentKind
  subjectId: string
  holderName: string
  schoolYearId: string
  title: string
  code: string
  templateVersion: string
  dataHash: string
  issuedOn: LocalDate
  issuedByName: string | null
}

/** Takes a number; false when it is taken already. */
export async function takeNumber(tx: Tx, code: string, documentId: string): Promise<boolean> {
  const taken = await tx.run(sql`
    INSERT INTO document_numbers (code, org_id, document_id) VALUES (${code}, ${tx.orgId}, ${documentId})
    ON CONFLICT (code) DO NOTHING`)
  return taken === 1
}

export async function insertIssued(
  tx: Tx,
  document: Omit<IssuedRow, 'issuedOn' | 'issuedByName'> & { data: unknown },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO issued_documents (org_id, id, kind, subject_kind, subject_id, holder_name, school_year_id, title, code,
      template_version, data, data_hash, issued_on, issued_by, issued_at)
    VALUES (${tx.orgId}, ${document.id}, ${document.kind}, 'person', ${document.subjectId}, ${document.holderName},
      ${document.schoolYearId}, ${document.title}, ${document.code}, ${document.templateVersion},
      ${JSON.stringify(document.data)}::jsonb, ${document.dataHash}, ${tx.today}, ${tx.actor.personId}, ${tx.now})`)
}

const columns = sql`d.id, d.kind, d.subject_id, d.holder_name, d.school_year_id, d.title, d.code, d.template_version,
  d.data_hash, d.issued_on, p.name AS issued_by_name`

/** An issued paper with its frozen data. */
export function findIssued(tx: Tx, id: string): Promise<(IssuedRow & { data: RecordBooklet }) | undefined> {
  return tx.maybe(sql`
    SELECT ${columns}, d.data FROM issued_documents d
    LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.issued_by
    WHERE d.org_id = ${tx.orgId} AND d.id = ${id}`)
}

/** Issued papers without their data, the newest first: of some people, or of all. */
export function listIssued(
  tx: Tx,
  filter: { personIds?: string[]; schoolYearId?: string },
): Promise<IssuedRow[]> {
  const { personIds = null, schoolYearId = null } = filter
  return tx.many<IssuedRow>(sql`
    SELECT ${columns} FROM issued_documents d
    LEFT JOIN people p ON p.org_id = d.org_id AND p.id = d.issued_by
    WHERE d.org_id = ${tx.orgId} AND d.subject_kind = 'person'
      AND (${personIds}::uuid[] IS NULL OR d.subject_id = ANY(${personIds}::uuid[]))
      AND (${schoolYearId}::text IS NULL OR d.school_year_id = ${schoolYearId}::text)
    ORDER BY d.issued_on DESC, d.id DESC`)
}

/** Which organisation and document stand behind a number; public, the content is not. */
export async function findNumber(
  pool: Pool,
  code: string,
): Promise<{ orgId: string; documentId: string } | undefined> {
  const rows = await queryPublic<{ orgId: string; documentId: string }>(
    pool,
    sql`SELECT org_id, document_id FROM document_numbers WHERE code = ${code}`,
  )
  return rows[0]
}

// ── The list of booklets ─────────────────────────────────────────────────────

export interface BookletRow {
  personId: string
  name: string
  staffNumber: string
  groups: { unitId: string; name: string }[]
  plans: number
  reflections: number
  excerpts: number
  activities: number
  overdueRules: number
}

/**
 * Everybody who served within the days, with their groups on a day and how many records the booklet would hold. What
 * is late comes from the finding sets.
 */
export function listBooklets(
  tx: Tx,
  wanted: Days & { on: LocalDate; schoolYearId: string; termIds: string[]; personId?: string },
): Promise<BookletRow[]> {
  const { from, to, on } = wanted
  const personId = wanted.personId ?? null
  return tx.many<BookletRow>(sql`
    SELECT p.id AS person_id, p.name, p.staff_number,
      (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('unitId', u.id, 'name', u.name)), '[]')
        FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = p.org_id AND m.person_id = p.id AND u.kind NOT IN ('body', 'department')
          AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})) AS groups,
      (SELECT count(*) FROM plans n WHERE n.org_id = p.org_id AND n.owner_id = p.id AND n.level = 'teacher'
        AND n.status IN ('submitted', 'reviewed', 'filed') AND n.term_id = ANY(${wanted.termIds}::text[])) AS plans,
      (SELECT count(*) FROM works w WHERE w.org_id = p.org_id AND w.person_id = p.id AND w.status = 'accepted'
        AND w.kind = 'reflection' AND w.counts_on BETWEEN ${from} AND ${to}) AS reflections,
      (SELECT count(*) FROM study_entries s WHERE s.org_id = p.org_id AND s.person_id = p.id AND s.withdrawn_at IS NULL
        AND s.excerpt <> '' AND s.studied_on BETWEEN ${from} AND ${to}) AS excerpts,
      (SELECT count(*) FROM attendance t JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id
        WHERE t.org_id = p.org_id AND t.person_id = p.id AND a.status = 'closed'
          AND t.status IN ('present', 'late', 'leftEarly') AND a.held_on BETWEEN ${from} AND ${to}) AS activities,
      (SELECT count(DISTINCT (r ->> 'regimeId', r ->> 'ruleId', r ->> 'minimumId'))
        FROM finding_sets f, jsonb_each(f.summary -> 'terms') t, jsonb_array_elements(t.value) r
        WHERE f.org_id = p.org_id AND f.subject_kind = 'person' AND f.subject_id = p.id
          AND f.school_year_id = ${wanted.schoolYearId} AND r ->> 'state' = 'overdue') AS overdue_rules
    FROM people p
    WHERE p.org_id = ${tx.orgId} AND (${personId}::uuid IS NULL OR p.id = ${personId}::uuid)
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${to} AND (s.to_on IS NULL OR s.to_on >= ${from}))
    ORDER BY p.sort_key, p.staff_number`)
}

// ── What goes into a booklet ─────────────────────────────────────────────────

/** Whether a person served at all within the days. */
export async function servedWithin(tx: Tx, personId: string, days: Days): Promise<boolean> {
  const rows = await tx.many(sql`
    SELECT 1 FROM service_periods WHERE org_id = ${tx.orgId} AND person_id = ${personId}
      AND from_on <= ${days.to} AND (to_on IS NULL OR to_on >= ${days.from}) LIMIT 1`)
  return rows.length > 0
}

export interface AcceptedWork {
  kind: string
  title: string
  body: string
  parts: Record<string, string>
  countsOn: LocalDate
  reviewerName: string | null
  remark: string
}
/** Accepted works of a person within the days, as they were handed in; reflections first. */
export function listAcceptedWorks(tx: Tx, personId: string, days: Days): Promise<AcceptedWork[]> {
  return tx.many<AcceptedWork>(sql`
    SELECT w.kind, v.title, v.body, v.parts, w.counts_on, r.name AS reviewer_name, v.remark
    FROM works w
    JOIN LATERAL (SELECT x.title, x.body, x.parts, x.remark, x.decided_by FROM work_versions x
      WHERE x.org_id = w.org_id AND x.work_id = w.id AND x.decision = 'accepted' ORDER BY x.number DESC LIMIT 1) v ON true
    LEFT JOIN people r ON r.org_id = w.org_id AND r.id = v.decided_by
    WHERE w.org_id = ${tx.orgId} AND w.person_id = ${personId} AND w.status = 'accepted'
      AND w.counts_on BETWEEN ${days.from} AND ${days.to}
    ORDER BY w.kind = 'reflection' DESC, w.counts_on, w.id`)
}

export interface Excerpt {
  studiedOn: LocalDate
  content: string
  minutes: number
  excerpt: string
}
/** Study entries with an excerpt within the days, in order. */
export function listExcerpts(tx: Tx, personId: string, days: Days): Promise<Excerpt[]> {
  return tx.many<Excerpt>(sql`
    SELECT studied_on, content, minutes, excerpt FROM study_entries
    WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND withdrawn_at IS NULL AND excerpt <> ''
      AND studied_on BETWEEN ${days.from} AND ${days.to}
    ORDER BY studied_on, created_at, id`)
}

export interface AttendedActivity {
  heldOn: LocalDate
  theme: string
  unitName: string | null
  status: string
  /** As the fact of the attendance says; null where none counts. */
  minutes: number | null
  madeUp: boolean
}
/** Closed activities at which the person was expected or present, in order. */
export function listAttended(tx: Tx, personId: string, days: Days): Promise<AttendedActivity[]> {
  return tx.many<AttendedActivity>(sql`
    SELECT a.held_on, a.theme, u.name AS unit_name, t.status,
      (SELECT f.quantity FROM facts f WHERE f.org_id = a.org_id AND f.source_room = 'activity' AND f.source_id = a.id
        AND f.kind = 'activity.attended' AND f.subject_kind = 'person' AND f.subject_id = t.person_id AND f.reverses IS NULL
        AND NOT EXISTS (SELECT 1 FROM facts b WHERE b.org_id = f.org_id AND b.reverses = f.id)
        ORDER BY f.recorded_at DESC LIMIT 1) AS minutes,
      EXISTS (SELECT 1 FROM make_ups m WHERE m.org_id = a.org_id AND m.activity_id = a.id AND m.person_id = t.person_id
        AND m.status = 'confirmed') AS made_up
    FROM attendance t JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE t.org_id = ${tx.orgId} AND t.person_id = ${personId} AND a.status = 'closed'
      AND a.held_on BETWEEN ${days.from} AND ${days.to}
    ORDER BY a.held_on, a.starts_at, a.id`)
}

export interface EvaluationScore {
  voice: string
  title: string
  scoredOn: LocalDate
  points: number
  remark: string
}
/** Evaluations of a person within the days that still stand, in order. */
export function listEvaluations(tx: Tx, personId: string, days: Days): Promise<EvaluationScore[]> {
  return tx.many<EvaluationScore>(sql`
    SELECT voice, title, scored_on, points, remark FROM scores
    WHERE org_id = ${tx.orgId} AND subject_kind = 'person' AND subject_id = ${personId} AND part = 'evaluation'
      AND reversed_at IS NULL AND scored_on BETWEEN ${days.from} AND ${days.to}
    ORDER BY scored_on, recorded_at, id`)
}

/** Values of a person as they were on a day (subject, title). */
export async function loadAttributes(
  tx: Tx,
  personId: string,
  on: LocalDate,
): Promise<Record<string, AttributeValue>> {
  const rows = await tx.many<{ name: string; value: AttributeValue }>(sql`
    SELECT name, value FROM person_attributes WHERE org_id = ${tx.orgId} AND person_id = ${personId}
      AND from_on <= ${on} AND (to_on IS NULL OR to_on >= ${on})`)
  return Object.fromEntries(rows.map((row) => [row.name, row.value]))
}
