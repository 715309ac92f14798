import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { DesignKind, DesignStatus } from './words.ts'

/** Designs of lessons, their versions, and what colleagues say of their paragraphs. */

export interface DesignRow {
  id: string
  kind: DesignKind
  title: string
  personId: string
  unitId: string | null
  parentId: string | null
  parentVersion: number | null
  runId: string | null
  lessonId: string | null
  status: DesignStatus
  dueOn: LocalDate | null
  contentTags: string[]
  minutes: string
  minutesOn: LocalDate | null
  assignedBy: string | null
  settledOn: LocalDate | null
  /** Counts how often its facts were left anew. */
  revision: number
}
export interface DesignLineRow extends DesignRow {
  personName: string
  unitName: string | null
  leftOn: LocalDate | null
  versions: number
  savedAt: Date | null
  comments: number
  open: number
}

const columns = sql`d.id, d.kind, d.title, d.person_id, d.unit_id, d.parent_id, d.parent_version, d.run_id, d.lesson_id, d.status,
  d.due_on, d.content_tags, d.minutes, d.minutes_on, d.assigned_by, d.settled_on, d.revision`

export function findDesign(tx: Tx, id: string): Promise<DesignRow | undefined> {
  return tx.maybe<DesignRow>(
    sql`SELECT ${columns} FROM designs d WHERE d.org_id = ${tx.orgId} AND d.id = ${id}`,
  )
}
export function lockDesign(tx: Tx, id: string): Promise<DesignRow | undefined> {
  return tx.maybe<DesignRow>(
    sql`SELECT ${columns} FROM designs d WHERE d.org_id = ${tx.orgId} AND d.id = ${id} FOR UPDATE`,
  )
}
export function findPersonal(tx: Tx, parentId: string, personId: string): Promise<DesignRow | undefined> {
  return tx.maybe<DesignRow>(sql`
    SELECT ${columns} FROM designs d WHERE d.org_id = ${tx.orgId} AND d.parent_id = ${parentId} AND d.person_id = ${personId}
      AND d.kind = 'personal'`)
}

export interface DesignFilter {
  id?: string
  personId?: string
  unitIds?: readonly string[]
  parentId?: string
  runId?: string
  lessonId?: string
  kind?: DesignKind
}
/** Designs with names and figures, the latest first. */
export function listDesigns(tx: Tx, filter: DesignFilter): Promise<DesignLineRow[]> {
  const conditions: Sql[] = [sql`d.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`d.id = ${filter.id}`)
  if (filter.parentId) conditions.push(sql`d.parent_id = ${filter.parentId}`)
  if (filter.runId) conditions.push(sql`d.run_id = ${filter.runId}`)
  if (filter.lessonId) conditions.push(sql`d.lesson_id = ${filter.lessonId}`)
  if (filter.kind) conditions.push(sql`d.kind = ${filter.kind}`)
  const ofUnits = sql`d.unit_id = ANY (${[...(filter.unitIds ?? [])]}::uuid[])`
  if (filter.personId && filter.unitIds)
    conditions.push(sql`(d.person_id = ${filter.personId} OR ${ofUnits})`)
  else if (filter.personId) conditions.push(sql`d.person_id = ${filter.personId}`)
  else if (filter.unitIds) conditions.push(ofUnits)
  return tx.many<DesignLineRow>(sql`
    SELECT ${columns}, p.name AS person_name, u.name AS unit_name,
      (SELECT CASE WHEN bool_or(s.to_on IS NULL OR s.to_on >= ${tx.today}) THEN NULL ELSE max(s.to_on) + 1 END
        FROM service_periods s WHERE s.org_id = d.org_id AND s.person_id = d.person_id) AS left_on,
      coalesce(v.versions, 0) AS versions, v.saved_at, coalesce(c.comments, 0) AS comments, coalesce(c.open, 0) AS open
    FROM designs d
    JOIN people p ON p.org_id = d.org_id AND p.id = d.person_id
    LEFT JOIN units u ON u.org_id = d.org_id AND u.id = d.unit_id
    LEFT JOIN LATERAL (SELECT count(*) AS versions, max(x.saved_at) AS saved_at FROM design_versions x
      WHERE x.org_id = d.org_id AND x.design_id = d.id) v ON true
    LEFT JOIN LATERAL (SELECT count(*) AS comments, count(*) FILTER (WHERE x.answered_at IS NULL) AS open
      FROM design_comments x WHERE x.org_id = d.org_id AND x.design_id = d.id) c ON true
    WHERE ${join(conditions, ' AND ')} ORDER BY d.created_at DESC, d.id LIMIT 300`)
}

export async function insertDesign(
  tx: Tx,
  design: Pick<
    DesignRow,
    | 'id'
    | 'kind'
    | 'title'
    | 'personId'
    | 'unitId'
    | 'parentId'
    | 'parentVersion'
    | 'runId'
    | 'lessonId'
    | 'dueOn'
    | 'contentTags'
  >,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO designs (org_id, id, kind, title, person_id, unit_id, parent_id, parent_version, run_id, lesson_id, status, due_on,
      content_tags, assigned_by, created_at)
    VALUES (${tx.orgId}, ${design.id}, ${design.kind}, ${design.title}, ${design.personId}, ${design.unitId}, ${design.parentId},
      ${design.parentVersion}, ${design.runId}, ${design.lessonId}, 'drafting', ${design.dueOn}, ${design.contentTags}, ${tx.actor.personId}, ${tx.now})`)
}
export async function updateDesign(tx: Tx, design: DesignRow): Promise<void> {
  await tx.run(sql`
    UPDATE designs SET title = ${design.title}, person_id = ${design.personId}, status = ${design.status},
      minutes = ${design.minutes}, minutes_on = ${design.minutesOn}, settled_on = ${design.settledOn}, revision = ${design.revision},
      parent_version = ${design.parentVersion}, due_on = ${design.dueOn}, content_tags = ${design.contentTags}
    WHERE org_id = ${tx.orgId} AND id = ${design.id}`)
}

export interface VersionRow {
  number: number
  body: string
  note: string
  authorName: string | null
  savedAt: Date
}
/** All versions, the first first. */
export function listVersions(tx: Tx, designId: string): Promise<VersionRow[]> {
  return tx.many<VersionRow>(sql`
    SELECT v.number, v.body, v.note, p.name AS author_name, v.saved_at
    FROM design_versions v LEFT JOIN people p ON p.org_id = v.org_id AND p.id = v.author_id
    WHERE v.org_id = ${tx.orgId} AND v.design_id = ${designId} ORDER BY v.number`)
}
/** One version, the latest unless told. */
export function findVersion(tx: Tx, designId: string, number?: number): Promise<VersionRow | undefined> {
  return tx.maybe<VersionRow>(sql`
    SELECT v.number, v.body, v.note, p.name AS author_name, v.saved_at
    FROM design_versions v LEFT JOIN people p ON p.org_id = v.org_id AND p.id = v.author_id
    WHERE v.org_id = ${tx.orgId} AND v.design_id = ${designId} AND (${number ?? null}::int IS NULL OR v.number = ${number ?? null}::int)
    ORDER BY v.number DESC LIMIT 1`)
}
export async function insertVersion(
  tx: Tx,
  version: { designId: string; number: number; body: string; note: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO design_versions (org_id, design_id, number, body, note, author_id, saved_at)
    VALUES (${tx.orgId}, ${version.designId}, ${version.number}, ${version.body}, ${version.note}, ${tx.actor.personId}, ${tx.now})`)
}

export interface CommentRow {
  id: string
  designId: string
  version: number
  quote: string
  text: string
  personId: string
  personName: string
  at: Date
  answer: string
  answeredByName: string | null
  answeredAt: Date | null
}
const commentColumns = sql`c.id, c.design_id, c.version, c.quote, c.text, c.person_id, p.name AS person_name, c.at, c.answer,
  a.name AS answered_by_name, c.answered_at`
const commentTables = sql`design_comments c JOIN people p ON p.org_id = c.org_id AND p.id = c.person_id
  LEFT JOIN people a ON a.org_id = c.org_id AND a.id = c.answered_by`
export function listComments(tx: Tx, designId: string): Promise<CommentRow[]> {
  return tx.many<CommentRow>(sql`
    SELECT ${commentColumns} FROM ${commentTables} WHERE c.org_id = ${tx.orgId} AND c.design_id = ${designId} ORDER BY c.at, c.id`)
}
export function findComment(tx: Tx, id: string): Promise<CommentRow | undefined> {
  return tx.maybe<CommentRow>(
    sql`SELECT ${commentColumns} FROM ${commentTables} WHERE c.org_id = ${tx.orgId} AND c.id = ${id}`,
  )
}
export async function insertComment(
  tx: Tx,
  comment: Pick<CommentRow, 'id' | 'designId' | 'version' | 'quote' | 'text' | 'personId'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO design_comments (org_id, id, design_id, version, quote, text, person_id, at)
    VALUES (${tx.orgId}, ${comment.id}, ${comment.designId}, ${comment.version}, ${comment.quote}, ${comment.text},
      ${comment.personId}, ${tx.now})`)
}
export async function answerComment(tx: Tx, id: string, answer: string): Promise<void> {
  await tx.run(sql`
    UPDATE design_comments SET answer = ${answer}, answered_by = ${tx.actor.personId}, answered_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
