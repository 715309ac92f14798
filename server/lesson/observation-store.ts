import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { Note, Sheet } from './contract.ts'
import type { Followed, Inspection, RatingVoice } from './words.ts'

/** What an observer writes and the teacher answers. */
export interface ObservationRow {
  id: string
  lessonId: string | null
  observerId: string
  teacherId: string
  heldOn: LocalDate
  period: number | null
  className: string
  subject: string
  topic: string
  dropIn: boolean
  contentTags: string[]
  notes: Note[]
  sheet: Sheet | null
  /** Index of the chosen step by criterion. */
  scores: Record<string, number>
  comment: string
  actionStep: string
  followsId: string | null
  followed: Followed | null
  status: 'draft' | 'submitted'
  draftVersion: number
  submissions: number
  startedAt: Date
  savedAt: Date
  submittedAt: Date | null
  readAt: Date | null
  answer: string
  answeredAt: Date | null
  inspection: Inspection | null
  inspectionRemark: string
  inspectedAt: Date | null
  commentPoints: number | null
  /** Counts how often points were given. */
  commentScorings: number
}
/** With the names that pages show. */
export interface ObservationLineRow extends ObservationRow {
  observerName: string
  teacherName: string
  inspectedByName: string | null
  /** Of the lesson that was booked. */
  lessonKind: string | null
}

const columns = sql`o.id, o.lesson_id, o.observer_id, o.teacher_id, o.held_on, o.period, o.class_name, o.subject, o.topic,
  o.drop_in, o.content_tags, o.notes, o.sheet, o.scores, o.comment, o.action_step, o.follows_id, o.followed, o.status,
  o.draft_version, o.submissions, o.started_at, o.saved_at, o.submitted_at, o.read_at, o.answer, o.answered_at,
  o.inspection, o.inspection_remark, o.inspected_at, o.comment_points, o.comment_scorings`

export function findObservation(tx: Tx, id: string): Promise<ObservationRow | undefined> {
  return tx.maybe<ObservationRow>(
    sql`SELECT ${columns} FROM observations o WHERE o.org_id = ${tx.orgId} AND o.id = ${id}`,
  )
}

export function lockObservation(tx: Tx, id: string): Promise<ObservationRow | undefined> {
  return tx.maybe<ObservationRow>(
    sql`SELECT ${columns} FROM observations o WHERE o.org_id = ${tx.orgId} AND o.id = ${id} FOR UPDATE`,
  )
}

export function findMyObservation(
  tx: Tx,
  lessonId: string,
  observerId: string,
): Promise<ObservationRow | undefined> {
  return tx.maybe<ObservationRow>(sql`
    SELECT ${columns} FROM observations o
    WHERE o.org_id = ${tx.orgId} AND o.lesson_id = ${lessonId} AND o.observer_id = ${observerId}`)
}

/** The draft of a lesson that nobody booked, so that opening it twice begins it once. */
export function findOpenDraft(
  tx: Tx,
  about: { observerId: string; teacherId: string; heldOn: LocalDate; period: number | null },
): Promise<ObservationRow | undefined> {
  return tx.maybe<ObservationRow>(sql`
    SELECT ${columns} FROM observations o
    WHERE o.org_id = ${tx.orgId} AND o.observer_id = ${about.observerId} AND o.teacher_id = ${about.teacherId}
      AND o.held_on = ${about.heldOn} AND o.period IS NOT DISTINCT FROM ${about.period} AND o.lesson_id IS NULL AND o.status = 'draft'
    ORDER BY o.started_at DESC LIMIT 1`)
}

/** One observer at a time, so that a tap sent twice begins one observation. */
export async function lockObserver(tx: Tx, personId: string): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`observer:${personId}`}, 0))`)
}

export interface ObservationFilter {
  id?: string
  observerId?: string
  teacherId?: string
  lessonId?: string
  from?: LocalDate
  to?: LocalDate
  status?: 'draft' | 'submitted'
  dropIn?: boolean
  inspected?: boolean
  /** Observers who are members of these units today. */
  unitIds?: readonly string[]
  limit?: number
}

function where(tx: Tx, filter: ObservationFilter): Sql {
  const conditions: Sql[] = [sql`o.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`o.id = ${filter.id}`)
  if (filter.observerId) conditions.push(sql`o.observer_id = ${filter.observerId}`)
  if (filter.teacherId) conditions.push(sql`o.teacher_id = ${filter.teacherId}`)
  if (filter.lessonId) conditions.push(sql`o.lesson_id = ${filter.lessonId}`)
  if (filter.from) conditions.push(sql`o.held_on >= ${filter.from}`)
  if (filter.to) conditions.push(sql`o.held_on <= ${filter.to}`)
  if (filter.status) conditions.push(sql`o.status = ${filter.status}`)
  if (filter.dropIn !== undefined) conditions.push(sql`o.drop_in = ${filter.dropIn}`)
  if (filter.inspected !== undefined)
    conditions.push(filter.inspected ? sql`o.inspection IS NOT NULL` : sql`o.inspection IS NULL`)
  if (filter.unitIds)
    conditions.push(sql`EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = o.org_id AND m.person_id = o.observer_id
      AND m.unit_id = ANY (${[...filter.unitIds]}::uuid[]) AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today}))`)
  return join(conditions, ' AND ')
}

/** Observations, the newest first. */
export function listObservations(tx: Tx, filter: ObservationFilter): Promise<ObservationLineRow[]> {
  return tx.many<ObservationLineRow>(sql`
    SELECT ${columns}, b.name AS observer_name, t.name AS teacher_name, i.name AS inspected_by_name, l.kind AS lesson_kind
    FROM observations o
    JOIN people b ON b.org_id = o.org_id AND b.id = o.observer_id
    JOIN people t ON t.org_id = o.org_id AND t.id = o.teacher_id
    LEFT JOIN people i ON i.org_id = o.org_id AND i.id = o.inspected_by
    LEFT JOIN lessons l ON l.org_id = o.org_id AND l.id = o.lesson_id
    WHERE ${where(tx, filter)}
    ORDER BY o.held_on DESC, o.started_at DESC, o.id DESC LIMIT ${filter.limit ?? 300}`)
}

/** The last visit of a teacher that left something to do: by the same leader, or (for the principal) by anybody. */
export function findLastActionStep(
  tx: Tx,
  about: { teacherId: string; observerId: string | null; exceptId: string },
): Promise<{ id: string; heldOn: LocalDate; actionStep: string; observerName: string } | undefined> {
  return tx.maybe(sql`
    SELECT o.id, o.held_on, o.action_step, b.name AS observer_name
    FROM observations o JOIN people b ON b.org_id = o.org_id AND b.id = o.observer_id
    WHERE o.org_id = ${tx.orgId} AND o.teacher_id = ${about.teacherId} AND o.drop_in AND o.status = 'submitted'
      AND o.action_step <> '' AND o.id <> ${about.exceptId}
      AND (${about.observerId}::uuid IS NULL OR o.observer_id = ${about.observerId}::uuid)
    ORDER BY o.held_on DESC, o.submitted_at DESC LIMIT 1`)
}

export async function insertObservation(tx: Tx, row: ObservationRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO observations (org_id, id, lesson_id, observer_id, teacher_id, held_on, period, class_name, subject, topic,
      drop_in, content_tags, sheet, follows_id, status, started_at, saved_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.lessonId}, ${row.observerId}, ${row.teacherId}, ${row.heldOn}, ${row.period},
      ${row.className}, ${row.subject}, ${row.topic}, ${row.dropIn}, ${row.contentTags},
      ${row.sheet === null ? null : JSON.stringify(row.sheet)}::jsonb, ${row.followsId}, 'draft', ${row.startedAt}, ${tx.now})`)
}

/** Writes the draft and counts its version up. */
export async function updateDraft(tx: Tx, row: ObservationRow): Promise<void> {
  await tx.run(sql`
    UPDATE observations SET class_name = ${row.className}, subject = ${row.subject}, topic = ${row.topic}, period = ${row.period},
      content_tags = ${row.contentTags}, notes = ${JSON.stringify(row.notes)}::jsonb,
      sheet = ${row.sheet === null ? null : JSON.stringify(row.sheet)}::jsonb, scores = ${JSON.stringify(row.scores)}::jsonb,
      comment = ${row.comment}, action_step = ${row.actionStep}, followed = ${row.followed},
      draft_version = draft_version + 1, saved_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${row.id}`)
}

export async function markSubmitted(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE observations SET status = 'submitted', submissions = submissions + 1, submitted_at = coalesce(submitted_at, ${tx.now}::timestamptz)
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function markReopened(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE observations SET status = 'draft', read_at = NULL WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function deleteDraft(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM observations WHERE org_id = ${tx.orgId} AND id = ${id} AND status = 'draft'`)
}

export async function markRead(tx: Tx, id: string): Promise<void> {
  await tx.run(
    sql`UPDATE observations SET read_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id} AND read_at IS NULL`,
  )
}

export async function saveAnswer(tx: Tx, id: string, answer: string): Promise<void> {
  await tx.run(sql`
    UPDATE observations SET answer = ${answer}, answered_at = ${tx.now}, submissions = submissions + 1,
      read_at = coalesce(read_at, ${tx.now}::timestamptz)
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export async function saveInspection(
  tx: Tx,
  input: { id: string; inspection: Inspection | null; remark: string },
): Promise<void> {
  const at = input.inspection === null ? null : tx.now
  await tx.run(sql`
    UPDATE observations SET inspection = ${input.inspection}, inspection_remark = ${input.remark}, inspected_at = ${at},
      inspected_by = ${input.inspection === null ? null : tx.actor.personId}
    WHERE org_id = ${tx.orgId} AND id = ${input.id}`)
}

export async function saveCommentPoints(tx: Tx, input: { id: string; points: number | null }): Promise<void> {
  await tx.run(sql`
    UPDATE observations SET comment_points = ${input.points}::numeric,
      comment_scorings = comment_scorings + ${input.points === null ? 0 : 1}
    WHERE org_id = ${tx.orgId} AND id = ${input.id}`)
}

export interface MonthCount {
  personId: string
  name: string
  unitNames: string[]
  /** `2026-11`. */
  month: string
  observed: number
  /** Of these: with notes inspected. */
  inspected: number
  dropIns: number
}

/** How many observations everybody in service has handed in, by month. */
export function countByMonth(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  unitIds: readonly string[] | null,
): Promise<MonthCount[]> {
  const on = range.to < tx.today ? range.to : tx.today
  return tx.many<MonthCount>(sql`
    SELECT p.id AS person_id, p.name, coalesce(to_char(o.held_on, 'YYYY-MM'), '') AS month,
      count(o.id) AS observed, count(o.inspection) AS inspected, count(o.id) FILTER (WHERE o.drop_in) AS drop_ins,
      ARRAY(SELECT u.name FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})
          AND u.kind = 'teachingResearchGroup' ORDER BY u.name) AS unit_names
    FROM people p
    LEFT JOIN observations o ON o.org_id = p.org_id AND o.observer_id = p.id AND o.status = 'submitted'
      AND o.held_on BETWEEN ${range.from} AND ${range.to}
    WHERE p.org_id = ${tx.orgId} AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id
        AND s.person_id = p.id AND s.from_on <= ${on} AND (s.to_on IS NULL OR s.to_on >= ${on}))
      AND (${unitIds === null ? null : [...unitIds]}::uuid[] IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = p.org_id
        AND m.person_id = p.id AND m.unit_id = ANY (${unitIds === null ? null : [...unitIds]}::uuid[])
        AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})))
    GROUP BY p.org_id, p.id, p.name, p.sort_key, to_char(o.held_on, 'YYYY-MM') ORDER BY p.sort_key, month`)
}

// ── Sheets and ratings ────────────────────────────────────────────────────────

export interface SheetRow {
  sheetId: string
  version: number
  title: string
  content: Pick<Sheet, 'steps' | 'criteria' | 'voices'>
  retired: boolean
  savedAt: Date
  savedByName: string | null
}

/** Every version of every sheet, the newest first. */
export function listSheetVersions(tx: Tx): Promise<SheetRow[]> {
  return tx.many<SheetRow>(sql`
    SELECT s.sheet_id, s.version, s.title, s.content, s.retired, s.saved_at, p.name AS saved_by_name
    FROM lesson_sheets s LEFT JOIN people p ON p.org_id = s.org_id AND p.id = s.saved_by
    WHERE s.org_id = ${tx.orgId} ORDER BY s.sheet_id, s.version DESC`)
}

export async function lockSheets(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`lessonSheets:${tx.orgId}`}, 0))`)
}

export async function insertSheet(tx: Tx, sheet: Omit<SheetRow, 'savedAt' | 'savedByName'>): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_sheets (org_id, sheet_id, version, title, content, retired, saved_by, saved_at)
    VALUES (${tx.orgId}, ${sheet.sheetId}, ${sheet.version}, ${sheet.title}, ${JSON.stringify(sheet.content)}::jsonb,
      ${sheet.retired}, ${tx.actor.personId}, ${tx.now})`)
}

export interface RatingRow {
  id: string
  lessonId: string
  personId: string | null
  expertName: string
  voice: RatingVoice
  sheet: Sheet
  scores: Record<string, number>
  total: number
  comment: string
  number: number
  ratedAt: Date
}

const ratingColumns = sql`r.id, r.lesson_id, r.person_id, r.expert_name, r.voice, r.sheet, r.scores, r.total, r.comment, r.number, r.rated_at`

export function listRatings(
  tx: Tx,
  lessonIds: readonly string[],
): Promise<(RatingRow & { personName: string | null })[]> {
  return tx.many(sql`
    SELECT ${ratingColumns}, p.name AS person_name
    FROM lesson_ratings r LEFT JOIN people p ON p.org_id = r.org_id AND p.id = r.person_id
    WHERE r.org_id = ${tx.orgId} AND r.lesson_id = ANY (${[...lessonIds]}::uuid[]) ORDER BY r.rated_at, r.id`)
}

/** The rating of a colleague, or of an expert by name. */
export function findRating(
  tx: Tx,
  lessonId: string,
  who: { personId: string } | { expertName: string },
): Promise<RatingRow | undefined> {
  return tx.maybe<RatingRow>(sql`
    SELECT ${ratingColumns} FROM lesson_ratings r WHERE r.org_id = ${tx.orgId} AND r.lesson_id = ${lessonId}
      AND ${'personId' in who ? sql`r.person_id = ${who.personId}` : sql`r.person_id IS NULL AND r.expert_name = ${who.expertName}`}`)
}

export function lockRating(tx: Tx, id: string): Promise<RatingRow | undefined> {
  return tx.maybe<RatingRow>(
    sql`SELECT ${ratingColumns} FROM lesson_ratings r WHERE r.org_id = ${tx.orgId} AND r.id = ${id} FOR UPDATE`,
  )
}

export async function saveRating(tx: Tx, rating: Omit<RatingRow, 'ratedAt'>): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_ratings (org_id, id, lesson_id, person_id, expert_name, voice, sheet, scores, total, comment, number,
      rated_at, recorded_by)
    VALUES (${tx.orgId}, ${rating.id}, ${rating.lessonId}, ${rating.personId}, ${rating.expertName}, ${rating.voice},
      ${JSON.stringify(rating.sheet)}::jsonb, ${JSON.stringify(rating.scores)}::jsonb, ${rating.total}, ${rating.comment},
      ${rating.number}, ${tx.now}, ${tx.actor.personId})
    ON CONFLICT (org_id, id) DO UPDATE SET sheet = excluded.sheet, scores = excluded.scores, total = excluded.total,
      comment = excluded.comment, number = excluded.number, rated_at = excluded.rated_at, voice = excluded.voice`)
}

export async function deleteRating(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM lesson_ratings WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
