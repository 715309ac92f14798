import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { LessonScope, LessonStatus, LessonStep } from './words.ts'

/** The room's settings, its lessons and those who come to observe them; observations and ratings have stores of their own. */

export interface Period {
  number: number
  from: string
  to: string
}

export interface SettingsRow {
  confirms: boolean
  periods: Period[]
}

export function findSettings(tx: Tx): Promise<SettingsRow | undefined> {
  return tx.maybe<SettingsRow>(sql`SELECT confirms, periods FROM lesson_settings WHERE org_id = ${tx.orgId}`)
}

export async function saveSettings(tx: Tx, settings: SettingsRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_settings (org_id, confirms, periods, saved_by, saved_at)
    VALUES (${tx.orgId}, ${settings.confirms}, ${JSON.stringify(settings.periods)}::jsonb, ${tx.actor.personId}, ${tx.now})
    ON CONFLICT (org_id) DO UPDATE SET confirms = excluded.confirms, periods = excluded.periods,
      saved_by = excluded.saved_by, saved_at = excluded.saved_at`)
}

export interface LessonRow {
  id: string
  /** The first lesson of a series taught again; the lesson's own id where there is none before. */
  caseId: string
  /** The lesson that this one teaches again. */
  followsId: string | null
  kind: string
  scope: LessonScope
  teacherId: string
  unitId: string | null
  guideId: string | null
  subject: string
  className: string
  topic: string
  room: string
  heldOn: LocalDate
  period: number
  contentTags: string[]
  researchTopicId: string | null
  note: string
  /** What is written down of it, by the parts of the regime's form. */
  record: Record<string, string>
  status: LessonStatus
  /** Why it was last changed, declined or cancelled. */
  reason: string
  givenCount: number
  givenAt: Date | null
  confirmedBy: string | null
  createdBy: string | null
  createdAt: Date
}

/** With the names that pages show, and the reader's own part in it. */
export interface LessonView extends LessonRow {
  teacherName: string
  teacherLeftOn: LocalDate | null
  guideName: string | null
  unitName: string | null
  observers: number
  observed: number
  ratings: number
  iEnrolled: boolean
  /** The reader's own observation of it. */
  myObservationId: string | null
  iRated: boolean
}

const columns = sql`l.id, l.case_id, l.follows_id, l.kind, l.scope, l.teacher_id, l.unit_id, l.guide_id, l.subject,
  l.class_name, l.topic, l.room, l.held_on, l.period, l.content_tags, l.research_topic_id, l.note, l.record, l.status, l.reason,
  l.given_count, l.given_at, l.confirmed_by, l.created_by, l.created_at`

/** A lesson by its id. */
export function findLesson(tx: Tx, id: string): Promise<LessonRow | undefined> {
  return tx.maybe<LessonRow>(
    sql`SELECT ${columns} FROM lessons l WHERE l.org_id = ${tx.orgId} AND l.id = ${id}`,
  )
}

/** The same, held until the transaction ends. */
export function lockLesson(tx: Tx, id: string): Promise<LessonRow | undefined> {
  return tx.maybe<LessonRow>(
    sql`SELECT ${columns} FROM lessons l WHERE l.org_id = ${tx.orgId} AND l.id = ${id} FOR UPDATE`,
  )
}

export interface LessonFilter {
  id?: string
  /** All lessons of a series that was taught again. */
  caseId?: string
  from?: LocalDate
  to?: LocalDate
  kind?: string | null
  unitId?: string | null
  teacherId?: string | null
  statuses?: LessonStatus[]
  search?: string | null
  /** Only those that the reader gives, guides or has enrolled for. */
  mine?: boolean
}

/** Lessons with names and figures, in the order of day and period. */
export function listLessons(tx: Tx, filter: LessonFilter = {}): Promise<LessonView[]> {
  const me = tx.actor.personId
  const conditions: Sql[] = [sql`l.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`l.id = ${filter.id}`)
  if (filter.caseId) conditions.push(sql`l.case_id = ${filter.caseId}`)
  if (filter.from) conditions.push(sql`l.held_on >= ${filter.from}`)
  if (filter.to) conditions.push(sql`l.held_on <= ${filter.to}`)
  if (filter.kind) conditions.push(sql`l.kind = ${filter.kind}`)
  if (filter.unitId) conditions.push(sql`l.unit_id = ${filter.unitId}`)
  if (filter.teacherId) conditions.push(sql`l.teacher_id = ${filter.teacherId}`)
  if (filter.statuses) conditions.push(sql`l.status = ANY (${filter.statuses}::text[])`)
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(
      sql`(l.topic ILIKE ${pattern} OR t.name ILIKE ${pattern} OR t.pinyin_initials ILIKE ${pattern} OR l.class_name ILIKE ${pattern} OR l.subject ILIKE ${pattern})`,
    )
  }
  if (filter.mine)
    conditions.push(sql`(l.teacher_id = ${me} OR l.guide_id = ${me} OR e.person_id IS NOT NULL)`)
  return tx.many<LessonView>(sql`
    SELECT ${columns}, t.name AS teacher_name, g.name AS guide_name, u.name AS unit_name,
      (SELECT CASE WHEN bool_or(s.to_on IS NULL OR s.to_on >= ${tx.today}) THEN NULL ELSE max(s.to_on) + 1 END
        FROM service_periods s WHERE s.org_id = l.org_id AND s.person_id = l.teacher_id) AS teacher_left_on,
      (SELECT count(*) FROM lesson_observers x WHERE x.org_id = l.org_id AND x.lesson_id = l.id) AS observers,
      (SELECT count(*) FROM observations x WHERE x.org_id = l.org_id AND x.lesson_id = l.id AND x.status = 'submitted') AS observed,
      (SELECT count(*) FROM lesson_ratings x WHERE x.org_id = l.org_id AND x.lesson_id = l.id) AS ratings,
      e.person_id IS NOT NULL AS i_enrolled, o.id AS my_observation_id, r.id IS NOT NULL AS i_rated
    FROM lessons l
    JOIN people t ON t.org_id = l.org_id AND t.id = l.teacher_id
    LEFT JOIN people g ON g.org_id = l.org_id AND g.id = l.guide_id
    LEFT JOIN units u ON u.org_id = l.org_id AND u.id = l.unit_id
    LEFT JOIN lesson_observers e ON e.org_id = l.org_id AND e.lesson_id = l.id AND e.person_id = ${me}
    LEFT JOIN observations o ON o.org_id = l.org_id AND o.lesson_id = l.id AND o.observer_id = ${me}
    LEFT JOIN lesson_ratings r ON r.org_id = l.org_id AND r.lesson_id = l.id AND r.person_id = ${me}
    WHERE ${join(conditions, ' AND ')}
    ORDER BY l.held_on, l.period, l.id LIMIT 2000`)
}

/** Those who plan lessons of a day take turns, so that two bookings cannot miss each other. */
export async function lockDay(tx: Tx, day: LocalDate): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`lessons:${tx.orgId}:${day}`}, 0))`)
}

/** Other lessons of the same period that share teacher, class or room; cancelled ones are out of the way. */
export function listClashing(
  tx: Tx,
  lesson: Pick<LessonRow, 'id' | 'heldOn' | 'period' | 'teacherId' | 'className' | 'room'>,
): Promise<
  (Pick<LessonRow, 'id' | 'teacherId' | 'className' | 'room' | 'topic'> & { teacherName: string })[]
> {
  return tx.many(sql`
    SELECT l.id, l.teacher_id, l.class_name, l.room, l.topic, t.name AS teacher_name
    FROM lessons l JOIN people t ON t.org_id = l.org_id AND t.id = l.teacher_id
    WHERE l.org_id = ${tx.orgId} AND l.held_on = ${lesson.heldOn} AND l.period = ${lesson.period}
      AND l.id <> ${lesson.id} AND l.status <> 'cancelled'
      AND (l.teacher_id = ${lesson.teacherId} OR l.class_name = ${lesson.className} OR (l.room <> '' AND l.room = ${lesson.room}))
    ORDER BY l.teacher_id = ${lesson.teacherId} DESC, l.class_name = ${lesson.className} DESC`)
}

export async function insertLesson(tx: Tx, lesson: LessonRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO lessons (org_id, id, case_id, follows_id, kind, scope, teacher_id, unit_id, guide_id, subject, class_name,
      topic, room, held_on, period, content_tags, research_topic_id, note, status, reason, confirmed_by, confirmed_at,
      created_by, created_at)
    VALUES (${tx.orgId}, ${lesson.id}, ${lesson.caseId}, ${lesson.followsId}, ${lesson.kind}, ${lesson.scope},
      ${lesson.teacherId}, ${lesson.unitId}, ${lesson.guideId}, ${lesson.subject}, ${lesson.className}, ${lesson.topic},
      ${lesson.room}, ${lesson.heldOn}, ${lesson.period}, ${lesson.contentTags}, ${lesson.researchTopicId}, ${lesson.note},
      ${lesson.status}, '', ${lesson.confirmedBy}, ${lesson.confirmedBy === null ? null : tx.now}, ${tx.actor.personId}, ${tx.now})`)
}

/** Writes everything that booking and changing may set. */
export async function updateLesson(tx: Tx, lesson: LessonRow): Promise<void> {
  await tx.run(sql`
    UPDATE lessons SET kind = ${lesson.kind}, scope = ${lesson.scope}, guide_id = ${lesson.guideId},
      subject = ${lesson.subject}, class_name = ${lesson.className}, topic = ${lesson.topic}, room = ${lesson.room},
      held_on = ${lesson.heldOn}, period = ${lesson.period}, content_tags = ${lesson.contentTags},
      research_topic_id = ${lesson.researchTopicId}, note = ${lesson.note}, reason = ${lesson.reason}, unit_id = ${lesson.unitId}
    WHERE org_id = ${tx.orgId} AND id = ${lesson.id}`)
}

export async function updateStatus(
  tx: Tx,
  lesson: { id: string; status: LessonStatus; reason: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE lessons SET status = ${lesson.status}, reason = ${lesson.reason},
      confirmed_by = CASE WHEN status = 'asked' AND ${lesson.status}::text = 'booked' THEN ${tx.actor.personId}::uuid ELSE confirmed_by END,
      confirmed_at = CASE WHEN status = 'asked' AND ${lesson.status}::text = 'booked' THEN ${tx.now}::timestamptz ELSE confirmed_at END,
      given_at = CASE WHEN ${lesson.status}::text = 'given' THEN ${tx.now}::timestamptz END,
      given_count = given_count + CASE WHEN ${lesson.status}::text = 'given' THEN 1 ELSE 0 END
    WHERE org_id = ${tx.orgId} AND id = ${lesson.id}`)
}

export interface StepRow {
  step: LessonStep
  personName: string | null
  at: Date
  reason: string
  detail: string
}

export async function insertStep(
  tx: Tx,
  step: { id: string; lessonId: string; step: LessonStep; reason?: string; detail?: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO lesson_steps (org_id, id, lesson_id, step, person_id, at, reason, detail)
    VALUES (${tx.orgId}, ${step.id}, ${step.lessonId}, ${step.step}, ${tx.actor.personId}, ${tx.now}, ${step.reason ?? ''}, ${step.detail ?? ''})`)
}

export function listSteps(tx: Tx, lessonId: string): Promise<StepRow[]> {
  return tx.many<StepRow>(sql`
    SELECT s.step, p.name AS person_name, s.at, s.reason, s.detail
    FROM lesson_steps s LEFT JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id
    WHERE s.org_id = ${tx.orgId} AND s.lesson_id = ${lessonId} ORDER BY s.at, s.id`)
}

export async function insertObserver(tx: Tx, lessonId: string, personId: string): Promise<number> {
  return tx.run(sql`
    INSERT INTO lesson_observers (org_id, lesson_id, person_id, enrolled_at)
    VALUES (${tx.orgId}, ${lessonId}, ${personId}, ${tx.now}) ON CONFLICT DO NOTHING`)
}

export async function deleteObserver(tx: Tx, lessonId: string, personId: string): Promise<number> {
  return tx.run(sql`
    DELETE FROM lesson_observers WHERE org_id = ${tx.orgId} AND lesson_id = ${lessonId} AND person_id = ${personId}`)
}

export interface ObserverRow {
  personId: string
  name: string
  /** Has handed in the notes. */
  observed: boolean
}

export function listObservers(tx: Tx, lessonId: string): Promise<ObserverRow[]> {
  return tx.many<ObserverRow>(sql`
    SELECT p.id AS person_id, p.name, bool_or(o.status = 'submitted') IS TRUE AS observed
    FROM people p
    LEFT JOIN observations o ON o.org_id = p.org_id AND o.observer_id = p.id AND o.lesson_id = ${lessonId}
    WHERE p.org_id = ${tx.orgId} AND (o.status = 'submitted' OR EXISTS (SELECT 1 FROM lesson_observers x
      WHERE x.org_id = p.org_id AND x.lesson_id = ${lessonId} AND x.person_id = p.id))
    GROUP BY p.id, p.name, p.sort_key ORDER BY p.sort_key`)
}

/** Words used before, the latest first: from them the next booking chooses instead of typing. */
export function listUsedWords(
  tx: Tx,
): Promise<{ teacherId: string; className: string; subject: string; room: string }[]> {
  return tx.many(sql`
    SELECT teacher_id, class_name, subject, room FROM (
      SELECT teacher_id, class_name, subject, room, held_on FROM lessons WHERE org_id = ${tx.orgId}
      UNION ALL
      SELECT teacher_id, class_name, subject, '' AS room, held_on FROM observations WHERE org_id = ${tx.orgId} AND class_name <> ''
    ) w GROUP BY teacher_id, class_name, subject, room ORDER BY max(held_on) DESC LIMIT 1000`)
}

/** People in service on a day with their subject, for the lists from which a teacher is chosen. */
export function listTeachers(
  tx: Tx,
  on: LocalDate,
): Promise<
  { id: string; name: string; initials: string; staffNumber: string; subject: string; unitIds: string[] }[]
> {
  return tx.many(sql`
    SELECT p.id, p.name, p.pinyin_initials AS initials, p.staff_number,
      ARRAY(SELECT m.unit_id FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.from_on <= ${on}
        AND (m.to_on IS NULL OR m.to_on >= ${on})) AS unit_ids,
      coalesce((SELECT a.value #>> '{}' FROM person_attributes a WHERE a.org_id = p.org_id AND a.person_id = p.id
        AND a.name = 'subject' AND a.from_on <= ${on} AND (a.to_on IS NULL OR a.to_on >= ${on})
        ORDER BY a.from_on DESC LIMIT 1), '') AS subject
    FROM people p
    WHERE p.org_id = ${tx.orgId} AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id
      AND s.person_id = p.id AND s.from_on <= ${on} AND (s.to_on IS NULL OR s.to_on >= ${on}))
    ORDER BY p.sort_key, p.staff_number`)
}

/** Whether a person serves on a day, and the subject then. */
export async function findTeacher(
  tx: Tx,
  personId: string,
  on: LocalDate,
): Promise<{ name: string; serves: boolean; subject: string } | undefined> {
  return tx.maybe(sql`
    SELECT p.name,
      EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id AND s.from_on <= ${on}
        AND (s.to_on IS NULL OR s.to_on >= ${on})) AS serves,
      coalesce((SELECT a.value #>> '{}' FROM person_attributes a WHERE a.org_id = p.org_id AND a.person_id = p.id
        AND a.name = 'subject' AND a.from_on <= ${on} AND (a.to_on IS NULL OR a.to_on >= ${on})
        ORDER BY a.from_on DESC LIMIT 1), '') AS subject
    FROM people p WHERE p.org_id = ${tx.orgId} AND p.id = ${personId}`)
}

/** Whether a design was written for a lesson in the room of designs. */
export async function hasDesign(tx: Tx, lessonId: string): Promise<boolean> {
  const found = await tx.maybe(sql`
    SELECT 1 FROM designs d WHERE d.org_id = ${tx.orgId} AND d.lesson_id = ${lessonId}
      AND EXISTS (SELECT 1 FROM design_versions v WHERE v.org_id = d.org_id AND v.design_id = d.id) LIMIT 1`)
  return found !== undefined
}

export async function updateRecord(
  tx: Tx,
  lesson: { id: string; record: Record<string, string> },
): Promise<void> {
  await tx.run(sql`
    UPDATE lessons SET record = ${JSON.stringify(lesson.record)}::jsonb WHERE org_id = ${tx.orgId} AND id = ${lesson.id}`)
}

/** The fact of a lesson was left anew. */
export async function updateGivenCount(tx: Tx, lesson: { id: string; givenCount: number }): Promise<void> {
  await tx.run(
    sql`UPDATE lessons SET given_count = ${lesson.givenCount} WHERE org_id = ${tx.orgId} AND id = ${lesson.id}`,
  )
}
