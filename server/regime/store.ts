import type {
  AttributeValue,
  LocalDate,
  PersonInput,
  Subject,
  SubjectKind,
  UnitInput,
} from '../../engine/types.ts'
import { empty, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { PackedFindings, SubjectSummary } from './rules.ts'

export interface AdoptionRow {
  id: string
  schoolYearId: string
  regimeId: string
  version: string
  title: string
  fromOn: LocalDate
  adoptedBy: string | null
  adoptedAt: Date
  origin: 'own' | 'district'
  /** The district's adoption of which this is the copy. */
  originId: string | null
}

/** Title of the regime in force today, for the header; null before one is adopted. */
export async function currentRegimeTitle(tx: Tx): Promise<string | null> {
  const row = await tx.maybe<{ title: string }>(sql`
    SELECT title FROM regime_adoptions WHERE org_id = ${tx.orgId} AND from_on <= ${tx.today}
    ORDER BY origin = 'own' DESC, from_on DESC, adopted_at DESC LIMIT 1`)
  return row?.title ?? null
}

/** All adoptions without their texts, the newest first. */
export function listAdoptions(tx: Tx): Promise<AdoptionRow[]> {
  return tx.many<AdoptionRow>(sql`
    SELECT id, school_year_id, regime_id, version, title, from_on, adopted_by, adopted_at, origin, origin_id
    FROM regime_adoptions WHERE org_id = ${tx.orgId} ORDER BY from_on DESC, adopted_at DESC, id DESC`)
}

/** The text of the regulation as it was when it was adopted. */
export async function getAdoptionSource(tx: Tx, adoptionId: string): Promise<string> {
  const row = await tx.one<{ source: string }>(
    sql`SELECT source FROM regime_adoptions WHERE org_id = ${tx.orgId} AND id = ${adoptionId}`,
  )
  return row.source
}

export async function insertAdoption(
  tx: Tx,
  adoption: Omit<AdoptionRow, 'adoptedAt'> & { source: string },
): Promise<number> {
  return tx.run(sql`
    INSERT INTO regime_adoptions (org_id, id, school_year_id, regime_id, version, title, source, from_on, adopted_by, adopted_at, origin, origin_id)
    VALUES (${tx.orgId}, ${adoption.id}, ${adoption.schoolYearId}, ${adoption.regimeId}, ${adoption.version}, ${adoption.title},
      ${adoption.source}, ${adoption.fromOn}, ${adoption.adoptedBy}, ${tx.now}, ${adoption.origin}, ${adoption.originId})
    ON CONFLICT (org_id, school_year_id, origin, regime_id, version, from_on) DO NOTHING`)
}

/** One recomputation of an organisation at a time, so that a slower one never overwrites newer findings. */
export async function lockRecompute(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`recompute:${tx.orgId}`}, 0))`)
}

// ── What the engine reads ────────────────────────────────────────────────────

const among = (column: Sql, ids: string[] | null): Sql =>
  ids === null ? empty : sql` AND ${column} = ANY(${ids}::uuid[])`
const personId = sql`person_id`

/** People as the engine takes them: the given ones, or everybody. One statement for each table. */
export async function loadPeople(tx: Tx, ids: string[] | null): Promise<PersonInput[]> {
  if (ids?.length === 0) return []
  type Dated = { personId: string; from: LocalDate; to: LocalDate | null }
  // All six travel together.
  const [rows, services, attributes, memberships, posts, absences] = await Promise.all([
    tx.many<{ id: string; name: string }>(
      sql`SELECT id, name FROM people WHERE org_id = ${tx.orgId}${among(sql`id`, ids)} ORDER BY id`,
    ),
    tx.many<Dated>(
      sql`SELECT person_id, from_on AS "from", to_on AS "to" FROM service_periods WHERE org_id = ${tx.orgId}${among(personId, ids)} ORDER BY from_on, id`,
    ),
    tx.many<Dated & { name: string; value: AttributeValue }>(
      sql`SELECT person_id, name, value, from_on AS "from", to_on AS "to" FROM person_attributes WHERE org_id = ${tx.orgId}${among(personId, ids)} ORDER BY name, from_on`,
    ),
    tx.many<Dated & { unitId: string }>(
      sql`SELECT person_id, unit_id, from_on AS "from", to_on AS "to" FROM memberships WHERE org_id = ${tx.orgId}${among(personId, ids)} ORDER BY from_on, id`,
    ),
    tx.many<Dated & { unitId: string | null; role: string }>(
      sql`SELECT person_id, unit_id, role, from_on AS "from", to_on AS "to" FROM posts WHERE org_id = ${tx.orgId}${among(personId, ids)} ORDER BY from_on, id`,
    ),
    tx.many<Dated & { kind: string }>(
      sql`SELECT person_id, kind, from_on AS "from", to_on AS "to" FROM long_absences WHERE org_id = ${tx.orgId}${among(personId, ids)} ORDER BY from_on, id`,
    ),
  ])
  const people = new Map<string, PersonInput>(
    rows.map((row) => [
      row.id,
      { ...row, service: [], attributes: [], memberships: [], posts: [], absences: [] },
    ]),
  )
  for (const { personId: id, ...range } of services) people.get(id)?.service.push(range)
  for (const { personId: id, ...attribute } of attributes) people.get(id)?.attributes.push(attribute)
  for (const { personId: id, ...membership } of memberships) people.get(id)?.memberships.push(membership)
  for (const { personId: id, ...post } of posts) people.get(id)?.posts.push(post)
  for (const { personId: id, ...absence } of absences) people.get(id)?.absences.push(absence)
  return [...people.values()]
}

/** Every unit, past ones included: they are few, and memberships name them. */
export async function loadUnits(tx: Tx): Promise<UnitInput[]> {
  const rows = await tx.many<Omit<UnitInput, 'attributes'> & { subject: string | null }>(sql`
    SELECT id, kind, name, parent_id, subject, from_on AS "from", to_on AS "to" FROM units WHERE org_id = ${tx.orgId} ORDER BY id`)
  return rows.map(({ subject, ...unit }) => {
    const attributes: UnitInput['attributes'] = {}
    if (subject !== null) attributes.subject = subject
    return { ...unit, attributes }
  })
}

/** People who serve on some day of a range. */
export async function listPeopleServing(tx: Tx, from: LocalDate, to: LocalDate): Promise<string[]> {
  const rows = await tx.many<{ personId: string }>(sql`
    SELECT DISTINCT person_id FROM service_periods
    WHERE org_id = ${tx.orgId} AND from_on <= ${to} AND (to_on IS NULL OR to_on >= ${from}) ORDER BY person_id`)
  return rows.map((row) => row.personId)
}

/** Pairs of person and unit that hold on some day of a range. */
export function listMemberships(
  tx: Tx,
  from: LocalDate,
  to: LocalDate,
): Promise<{ personId: string; unitId: string }[]> {
  return tx.many(sql`
    SELECT DISTINCT person_id, unit_id FROM memberships
    WHERE org_id = ${tx.orgId} AND from_on <= ${to} AND (to_on IS NULL OR to_on >= ${from})`)
}

// ── Finding sets ─────────────────────────────────────────────────────────────

export interface FindingSetToSave {
  subject: Subject
  findings: PackedFindings
  summary: SubjectSummary
}

/** Stands in no JSON text, so many of them can travel as one. */
const separator = '\u001f'

/** Most sets come out as they were: those stay where they lie, which is less to write than to compare. */
export async function saveFindingSets(tx: Tx, schoolYearId: string, sets: FindingSetToSave[]): Promise<void> {
  if (sets.length === 0) return
  const texts = (of: (set: FindingSetToSave) => unknown) =>
    sets.map((set) => JSON.stringify(of(set))).join(separator)
  await tx.run(sql`
    INSERT INTO finding_sets (org_id, subject_kind, subject_id, school_year_id, evaluated_on, evaluated_at, findings, summary)
    SELECT ${tx.orgId}, r.kind, r.subject, ${schoolYearId}, ${tx.today}, ${tx.now}, r.findings::json, r.summary::jsonb
    FROM unnest(${sets.map((set) => set.subject.kind)}::text[], ${sets.map((set) => set.subject.id)}::uuid[],
      string_to_array(${texts((set) => set.findings)}, ${separator}),
      string_to_array(${texts((set) => set.summary)}, ${separator})) AS r (kind, subject, findings, summary)
    ON CONFLICT (org_id, school_year_id, subject_kind, subject_id) DO UPDATE SET
      evaluated_on = excluded.evaluated_on, evaluated_at = excluded.evaluated_at,
      findings = CASE WHEN finding_sets.findings::text = excluded.findings::text THEN finding_sets.findings ELSE excluded.findings END,
      summary = CASE WHEN finding_sets.summary = excluded.summary THEN finding_sets.summary ELSE excluded.summary END`)
}

/** Takes away the sets of everybody who is not (any more) a subject of the school year. */
export async function deleteOtherFindingSets(
  tx: Tx,
  schoolYearId: string,
  subjects: Subject[],
): Promise<void> {
  await tx.run(sql`
    DELETE FROM finding_sets WHERE org_id = ${tx.orgId} AND school_year_id = ${schoolYearId}
      AND NOT (subject_id = ANY(${subjects.map((subject) => subject.id)}::uuid[]))`)
}

export interface FindingSetRow {
  evaluatedOn: LocalDate
  evaluatedAt: Date
  findings: PackedFindings
  summary: SubjectSummary
}
export function findFindingSet(
  tx: Tx,
  subject: Subject,
  schoolYearId: string,
): Promise<FindingSetRow | undefined> {
  return tx.maybe<FindingSetRow>(sql`
    SELECT evaluated_on, evaluated_at, findings, summary FROM finding_sets
    WHERE org_id = ${tx.orgId} AND school_year_id = ${schoolYearId} AND subject_kind = ${subject.kind} AND subject_id = ${subject.id}`)
}

export interface TermSummaryRow {
  subjectKind: SubjectKind
  subjectId: string
  evaluatedOn: LocalDate
  rules: SubjectSummary['terms'][string] | null
  hours: SubjectSummary['hours']
}
/** What boards show of each subject in one term; the findings themselves stay where they are. */
export function listTermSummaries(
  tx: Tx,
  schoolYearId: string,
  termId: string,
  subjectIds: string[] | null = null,
): Promise<TermSummaryRow[]> {
  return tx.many<TermSummaryRow>(sql`
    SELECT subject_kind, subject_id, evaluated_on, summary -> 'terms' -> ${termId}::text AS rules, summary -> 'hours' AS hours
    FROM finding_sets WHERE org_id = ${tx.orgId} AND school_year_id = ${schoolYearId}${among(sql`subject_id`, subjectIds)}`)
}

// ── The records behind facts ─────────────────────────────────────────────────

export interface RecordName {
  room: string
  id: string
  title: string
}
/** What the records behind facts are called, by room; a room that is not known here is shown by its kind of fact. */
export async function listRecordNames(
  tx: Tx,
  sources: { room: string; id: string }[],
): Promise<RecordName[]> {
  if (sources.length === 0) return []
  const ids = [...new Set(sources.map((source) => source.id))]
  return tx.many<RecordName>(sql`
    SELECT 'activity' AS room, id, theme AS title FROM activities WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'work', id, title FROM works WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'training', id, title FROM outside_trainings WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'study', id, content FROM study_entries WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'plan', id, title FROM plans WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'lesson', id, topic FROM lessons WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'lesson', id, '听课：' || coalesce(nullif(topic, ''), class_name || subject) FROM observations WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'org', id, '由' || from_name || '转来的记录' FROM transfers WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'trainer', id, subject FROM contributions WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'trainer', id, '聘请：' || subject FROM trainer_invitations WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'duty', id, holder_name FROM held_titles WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'need', id, '分层培训计划' FROM need_plans WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'need', id, title FROM need_surveys WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'exchange', id, title FROM exchange_topics WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'exchange', id, title FROM exchange_selections WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])
    UNION ALL SELECT 'appraisal', id, title FROM scores WHERE org_id = ${tx.orgId} AND id = ANY(${ids}::uuid[])`)
}
