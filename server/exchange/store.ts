import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { TopicForAccess } from './access.ts'
import type { LinkRoom, SelectionLevel, TopicKind, TopicView } from './words.ts'

export interface TopicRow extends TopicForAccess {
  id: string
  kind: TopicKind
  title: string
  body: string
  problemKind: string
  linkRoom: LinkRoom | null
  linkId: string | null
  linkTitle: string
  answerId: string | null
  version: number
  pinned: boolean
  createdOn: LocalDate
  createdAt: Date
  editedAt: Date | null
  lastAt: Date
}
const topicColumns = sql`t.id, t.kind, t.unit_id, t.author_id, t.title, t.body, t.problem_kind, t.link_room, t.link_id,
  t.link_title, t.answer_id, t.version, t.pinned, t.closed, t.hidden_reason, t.created_on, t.created_at, t.edited_at, t.last_at`

export interface TopicListRow extends TopicRow {
  unitName: string | null
  authorName: string
  lastByName: string
  replies: number
  /** Null: never opened. */
  readAt: Date | null
  unread: number
  isSelected: boolean
}
/** How many topics a list shows at most. */
const mostTopics = 200

export interface TopicFilter {
  id?: string
  view?: TopicView
  unitId?: string | null
  search?: string | null
  linkId?: string
  /** Whoever does not read everything: own groups and the school. */
  readableUnits?: string[] | null
}
/** Topics with how they stand for the person who acts: pinned ones first, then by the last word. */
export function listTopics(tx: Tx, filter: TopicFilter): Promise<TopicListRow[]> {
  const me = tx.actor.personId
  const pattern = filter.search ? `%${filter.search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%` : null
  const view = filter.view ?? 'all'
  return tx.many<TopicListRow>(sql`
    SELECT ${topicColumns}, u.name AS unit_name, p.name AS author_name, coalesce(lp.name, p.name) AS last_by_name,
      coalesce(c.replies, 0)::int AS replies, r.read_at, coalesce(c.unread, 0)::int AS unread,
      EXISTS (SELECT 1 FROM exchange_selections s WHERE s.org_id = t.org_id AND s.source_id = t.id AND s.withdrawn_at IS NULL) AS is_selected
    FROM exchange_topics t
    JOIN people p ON p.org_id = t.org_id AND p.id = t.author_id
    LEFT JOIN units u ON u.org_id = t.org_id AND u.id = t.unit_id
    LEFT JOIN exchange_reads r ON r.org_id = t.org_id AND r.topic_id = t.id AND r.person_id = ${me}::uuid
    LEFT JOIN LATERAL (SELECT count(*) AS replies,
        count(*) FILTER (WHERE x.author_id IS DISTINCT FROM ${me}::uuid AND (r.read_at IS NULL OR x.created_at > r.read_at)) AS unread,
        (array_agg(x.author_id ORDER BY x.created_at DESC))[1] AS last_by,
        bool_or(x.author_id = ${me}::uuid) AS i_wrote
      FROM exchange_replies x WHERE x.org_id = t.org_id AND x.topic_id = t.id AND x.withdrawn_at IS NULL AND x.hidden_reason IS NULL) c ON true
    LEFT JOIN people lp ON lp.org_id = t.org_id AND lp.id = c.last_by
    WHERE t.org_id = ${tx.orgId}
      AND (${filter.id ?? null}::uuid IS NULL OR t.id = ${filter.id ?? null}::uuid)
      AND (${filter.linkId ?? null}::uuid IS NULL OR t.link_id = ${filter.linkId ?? null}::uuid)
      AND (${filter.unitId ?? null}::uuid IS NULL OR t.unit_id = ${filter.unitId ?? null}::uuid)
      AND (${filter.readableUnits ?? null}::uuid[] IS NULL OR t.unit_id IS NULL OR t.author_id = ${me}::uuid
        OR t.unit_id = ANY(${filter.readableUnits ?? null}::uuid[]))
      AND (${pattern}::text IS NULL OR t.title ILIKE ${pattern} OR t.body ILIKE ${pattern} OR p.name ILIKE ${pattern})
      AND (${view} = 'all' OR (${view} = 'questions' AND t.kind = 'question' AND t.answer_id IS NULL AND NOT t.closed)
        OR (${view} = 'unread' AND ((r.read_at IS NULL AND t.author_id IS DISTINCT FROM ${me}::uuid) OR coalesce(c.unread, 0) > 0))
        OR (${view} = 'mine' AND (t.author_id = ${me}::uuid OR coalesce(c.i_wrote, false))))
    ORDER BY t.pinned DESC, t.last_at DESC, t.id LIMIT ${mostTopics}`)
}
export function lockTopic(tx: Tx, id: string): Promise<TopicRow | undefined> {
  return tx.maybe<TopicRow>(
    sql`SELECT ${topicColumns} FROM exchange_topics t WHERE t.org_id = ${tx.orgId} AND t.id = ${id} FOR UPDATE`,
  )
}
export function findTopic(tx: Tx, id: string): Promise<TopicRow | undefined> {
  return tx.maybe<TopicRow>(
    sql`SELECT ${topicColumns} FROM exchange_topics t WHERE t.org_id = ${tx.orgId} AND t.id = ${id}`,
  )
}
export async function insertTopic(
  tx: Tx,
  topic: Omit<
    TopicRow,
    'answerId' | 'version' | 'pinned' | 'closed' | 'hiddenReason' | 'createdAt' | 'editedAt' | 'lastAt'
  >,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO exchange_topics (org_id, id, kind, unit_id, author_id, title, body, problem_kind, link_room, link_id, link_title,
      created_on, created_at, last_at)
    VALUES (${tx.orgId}, ${topic.id}, ${topic.kind}, ${topic.unitId}, ${topic.authorId}, ${topic.title}, ${topic.body},
      ${topic.problemKind}, ${topic.linkRoom}, ${topic.linkId}, ${topic.linkTitle}, ${topic.createdOn}, ${tx.now}, ${tx.now})`)
}
export async function updateTopic(tx: Tx, topic: TopicRow): Promise<void> {
  await tx.run(sql`
    UPDATE exchange_topics SET title = ${topic.title}, body = ${topic.body}, answer_id = ${topic.answerId},
      version = ${topic.version}, pinned = ${topic.pinned}, closed = ${topic.closed}, hidden_reason = ${topic.hiddenReason},
      hidden_by = ${topic.hiddenReason === null ? null : tx.actor.personId}, edited_at = ${topic.editedAt}, last_at = ${topic.lastAt}
    WHERE org_id = ${tx.orgId} AND id = ${topic.id}`)
}
export async function markRead(tx: Tx, topicId: string, personId: string): Promise<void> {
  await tx.run(sql`
    INSERT INTO exchange_reads (org_id, topic_id, person_id, read_at) VALUES (${tx.orgId}, ${topicId}, ${personId}, ${tx.now})
    ON CONFLICT (org_id, topic_id, person_id) DO UPDATE SET read_at = excluded.read_at`)
}
/** The record that a topic is about, with the group to which it belongs; undefined where there is none. */
export function findRecord(
  tx: Tx,
  room: LinkRoom,
  id: string,
): Promise<{ title: string; unitId: string | null } | undefined> {
  if (room === 'activity')
    return tx.maybe(sql`
      SELECT theme AS title, unit_id FROM activities WHERE org_id = ${tx.orgId} AND id = ${id} AND status <> 'cancelled'`)
  if (room === 'lesson')
    return tx.maybe(sql`
      SELECT topic AS title, NULL::uuid AS unit_id FROM lessons WHERE org_id = ${tx.orgId} AND id = ${id} AND status <> 'cancelled'`)
  return tx.maybe(sql`
    SELECT title, NULL::uuid AS unit_id FROM outside_trainings WHERE org_id = ${tx.orgId} AND id = ${id} AND status <> 'removed'`)
}

// ── Replies ───────────────────────────────────────────────────────────────────

export interface ReplyRow {
  id: string
  topicId: string
  parentId: string | null
  authorId: string
  authorName: string
  body: string
  createdAt: Date
  editedAt: Date | null
  withdrawnAt: Date | null
  hiddenReason: string | null
  isSelected: boolean
  files: number
}
const replies = (tx: Tx) => sql`
  SELECT r.id, r.topic_id, r.parent_id, r.author_id, p.name AS author_name, r.body, r.created_at, r.edited_at, r.withdrawn_at,
    r.hidden_reason,
    EXISTS (SELECT 1 FROM exchange_selections s WHERE s.org_id = r.org_id AND s.source_id = r.id AND s.withdrawn_at IS NULL) AS is_selected,
    (SELECT count(*) FROM attachments a WHERE a.org_id = r.org_id AND a.owner_room = 'exchange' AND a.owner_id = r.id
      AND a.removed_at IS NULL)::int AS files
  FROM exchange_replies r JOIN people p ON p.org_id = r.org_id AND p.id = r.author_id
  WHERE r.org_id = ${tx.orgId}`
/** In the order in which they were written. */
export function listReplies(tx: Tx, topicId: string): Promise<ReplyRow[]> {
  return tx.many<ReplyRow>(
    sql`${replies(tx)} AND r.topic_id = ${topicId} ORDER BY r.created_at, r.id LIMIT 1000`,
  )
}
export function findReply(tx: Tx, id: string): Promise<ReplyRow | undefined> {
  return tx.maybe<ReplyRow>(sql`${replies(tx)} AND r.id = ${id}`)
}
export async function insertReply(
  tx: Tx,
  reply: Pick<ReplyRow, 'id' | 'topicId' | 'parentId' | 'authorId' | 'body'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO exchange_replies (org_id, id, topic_id, parent_id, author_id, body, created_at)
    VALUES (${tx.orgId}, ${reply.id}, ${reply.topicId}, ${reply.parentId}, ${reply.authorId}, ${reply.body}, ${tx.now})`)
}
export async function updateReply(tx: Tx, reply: ReplyRow): Promise<void> {
  await tx.run(sql`
    UPDATE exchange_replies SET body = ${reply.body}, edited_at = ${reply.editedAt}, withdrawn_at = ${reply.withdrawnAt},
      hidden_reason = ${reply.hiddenReason}, hidden_by = ${reply.hiddenReason === null ? null : tx.actor.personId}
    WHERE org_id = ${tx.orgId} AND id = ${reply.id}`)
}
/** Own questions with words of others that were not read yet; and questions of groups that nobody has answered. */
export function listWaitingTopics(
  tx: Tx,
  about: { personId: string; ledUnitIds: string[]; before: Date },
): Promise<
  { id: string; title: string; isOwn: boolean; authorName: string; unread: number; createdAt: Date }[]
> {
  return tx.many(sql`
    SELECT t.id, t.title, t.author_id = ${about.personId} AS is_own, p.name AS author_name, c.unread, t.created_at
    FROM exchange_topics t
    JOIN people p ON p.org_id = t.org_id AND p.id = t.author_id
    LEFT JOIN exchange_reads r ON r.org_id = t.org_id AND r.topic_id = t.id AND r.person_id = ${about.personId}
    JOIN LATERAL (SELECT count(*)::int AS replies,
        (count(*) FILTER (WHERE x.author_id <> ${about.personId} AND (r.read_at IS NULL OR x.created_at > r.read_at)))::int AS unread
      FROM exchange_replies x WHERE x.org_id = t.org_id AND x.topic_id = t.id AND x.withdrawn_at IS NULL AND x.hidden_reason IS NULL) c ON true
    WHERE t.org_id = ${tx.orgId} AND t.kind = 'question' AND t.answer_id IS NULL AND NOT t.closed AND t.hidden_reason IS NULL
      AND ((t.author_id = ${about.personId} AND c.unread > 0)
        OR (t.unit_id = ANY(${about.ledUnitIds}::uuid[]) AND t.author_id <> ${about.personId} AND c.replies = 0
          AND t.created_at < ${about.before}))
    ORDER BY t.created_at LIMIT 20`)
}

// ── What was chosen ───────────────────────────────────────────────────────────

export interface SelectionRow {
  id: string
  source: 'topic' | 'reply' | 'work'
  sourceId: string
  /** Of a reply: the topic in which it stands. */
  topicId: string | null
  level: SelectionLevel
  workKind: string
  authorId: string
  authorName: string
  title: string
  body: string
  remark: string
  selectedOn: LocalDate
}
const selections = (tx: Tx) => sql`
  SELECT s.id, s.source, s.source_id, r.topic_id, s.level, s.work_kind, s.author_id, p.name AS author_name, s.title, s.body,
    s.remark, s.selected_on
  FROM exchange_selections s
  JOIN people p ON p.org_id = s.org_id AND p.id = s.author_id
  LEFT JOIN exchange_replies r ON s.source = 'reply' AND r.org_id = s.org_id AND r.id = s.source_id
  WHERE s.org_id = ${tx.orgId} AND s.withdrawn_at IS NULL`
export function listSelections(tx: Tx): Promise<SelectionRow[]> {
  return tx.many<SelectionRow>(sql`${selections(tx)} ORDER BY s.selected_on DESC, s.id DESC LIMIT 200`)
}
export function findSelection(tx: Tx, id: string): Promise<SelectionRow | undefined> {
  return tx.maybe<SelectionRow>(sql`${selections(tx)} AND s.id = ${id}`)
}
export async function insertSelection(
  tx: Tx,
  row: Omit<SelectionRow, 'topicId' | 'authorName'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO exchange_selections (org_id, id, source, source_id, level, work_kind, author_id, title, body, remark, selected_on,
      selected_by)
    VALUES (${tx.orgId}, ${row.id}, ${row.source}, ${row.sourceId}, ${row.level}, ${row.workKind}, ${row.authorId}, ${row.title},
      ${row.body}, ${row.remark}, ${row.selectedOn}, ${tx.actor.personId})`)
}
export async function withdrawSelection(tx: Tx, id: string, reason: string): Promise<void> {
  await tx.run(sql`
    UPDATE exchange_selections SET withdrawn_reason = ${reason}, withdrawn_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
export async function isSelected(tx: Tx, sourceId: string): Promise<boolean> {
  const rows = await tx.many(sql`
    SELECT 1 FROM exchange_selections WHERE org_id = ${tx.orgId} AND source_id = ${sourceId} AND withdrawn_at IS NULL`)
  return rows.length > 0
}

export interface ArticleRow {
  id: string
  schoolId: string
  schoolName: string
  authorName: string
  workKindLabel: string
  isWork: boolean
  title: string
  body: string
  remark: string
  publishedOn: LocalDate
}
/** In the scope of the district. */
export function listArticles(tx: Tx): Promise<ArticleRow[]> {
  return tx.many<ArticleRow>(sql`
    SELECT id, school_id, school_name, author_name, work_kind_label, is_work, title, body, remark, published_on
    FROM exchange_articles WHERE org_id = ${tx.orgId} ORDER BY published_on DESC, id DESC LIMIT 200`)
}
export async function insertArticle(tx: Tx, article: ArticleRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO exchange_articles (org_id, id, school_id, school_name, author_name, work_kind_label, is_work, title, body, remark,
      published_on)
    VALUES (${tx.orgId}, ${article.id}, ${article.schoolId}, ${article.schoolName}, ${article.authorName},
      ${article.workKindLabel}, ${article.isWork}, ${article.title}, ${article.body}, ${article.remark}, ${article.publishedOn})`)
}
export async function deleteArticle(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM exchange_articles WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

// ── Online courses ────────────────────────────────────────────────────────────

export interface CourseRow {
  id: string
  personId: string
  personName: string
  title: string
  platform: string
  address: string
  studyEntryId: string
  minutes: number
  studiedOn: LocalDate
  files: number
  withdrawnReason: string | null
}
const courses = (tx: Tx) => sql`
  SELECT c.id, c.person_id, p.name AS person_name, c.title, c.platform, c.address, c.study_entry_id, c.minutes, c.studied_on,
    (SELECT count(*) FROM attachments a WHERE a.org_id = c.org_id AND a.owner_room = 'exchange' AND a.owner_id = c.id
      AND a.removed_at IS NULL)::int AS files,
    CASE WHEN e.withdrawn_at IS NOT NULL THEN e.withdrawn_reason END AS withdrawn_reason
  FROM online_courses c
  JOIN people p ON p.org_id = c.org_id AND p.id = c.person_id
  JOIN study_entries e ON e.org_id = c.org_id AND e.id = c.study_entry_id
  WHERE c.org_id = ${tx.orgId}`
export function listCourses(tx: Tx, personId: string | null): Promise<CourseRow[]> {
  return tx.many<CourseRow>(sql`
    ${courses(tx)} AND (${personId}::uuid IS NULL OR c.person_id = ${personId}::uuid)
    ORDER BY c.studied_on DESC, c.id DESC LIMIT 500`)
}
export function findCourse(tx: Tx, id: string): Promise<CourseRow | undefined> {
  return tx.maybe<CourseRow>(sql`${courses(tx)} AND c.id = ${id}`)
}
export async function insertCourse(
  tx: Tx,
  course: Omit<CourseRow, 'personName' | 'files' | 'withdrawnReason'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO online_courses (org_id, id, person_id, title, platform, address, study_entry_id, minutes, studied_on, created_at)
    VALUES (${tx.orgId}, ${course.id}, ${course.personId}, ${course.title}, ${course.platform}, ${course.address},
      ${course.studyEntryId}, ${course.minutes}, ${course.studiedOn}, ${tx.now})`)
}
/** Platforms used in the school, the most used first. */
export async function listPlatforms(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ platform: string }>(sql`
    SELECT platform FROM online_courses WHERE org_id = ${tx.orgId} GROUP BY platform ORDER BY count(*) DESC, platform LIMIT 8`)
  return rows.map((row) => row.platform)
}

// ── Figures ───────────────────────────────────────────────────────────────────

export interface FigureRow {
  personId: string
  name: string
  groups: string
  topics: number
  questions: number
  replies: number
  answers: number
  selected: number
  courseMinutes: number
}
/** What everybody in service contributed in a range of days. */
export function listFigures(
  tx: Tx,
  range: { from: LocalDate; to: LocalDate },
  unitIds: string[] | null,
): Promise<FigureRow[]> {
  const within = sql`BETWEEN ${range.from} AND ${range.to}`
  const day = sql`(x.created_at AT TIME ZONE 'Asia/Shanghai')::date`
  return tx.many<FigureRow>(sql`
    SELECT p.id AS person_id, p.name,
      coalesce((SELECT string_agg(DISTINCT u.name, '、') FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = p.org_id AND m.person_id = p.id AND u.kind NOT IN ('body', 'department') AND m.from_on <= ${tx.today}
          AND (m.to_on IS NULL OR m.to_on >= ${tx.today})), '') AS groups,
      coalesce(t.topics, 0)::int AS topics, coalesce(t.questions, 0)::int AS questions, coalesce(r.replies, 0)::int AS replies,
      coalesce(a.answers, 0)::int AS answers, coalesce(s.selected, 0)::int AS selected, coalesce(c.minutes, 0)::int AS course_minutes
    FROM people p
    LEFT JOIN (SELECT author_id, count(*) FILTER (WHERE kind = 'discussion') AS topics,
        count(*) FILTER (WHERE kind = 'question') AS questions FROM exchange_topics
      WHERE org_id = ${tx.orgId} AND hidden_reason IS NULL AND created_on ${within} GROUP BY author_id) t ON t.author_id = p.id
    LEFT JOIN (SELECT x.author_id, count(*) AS replies FROM exchange_replies x WHERE x.org_id = ${tx.orgId}
        AND x.withdrawn_at IS NULL AND x.hidden_reason IS NULL AND ${day} ${within} GROUP BY x.author_id) r ON r.author_id = p.id
    LEFT JOIN (SELECT x.author_id, count(*) AS answers FROM exchange_topics q
        JOIN exchange_replies x ON x.org_id = q.org_id AND x.id = q.answer_id
        WHERE q.org_id = ${tx.orgId} AND q.hidden_reason IS NULL AND ${day} ${within} GROUP BY x.author_id) a ON a.author_id = p.id
    LEFT JOIN (SELECT author_id, count(*) AS selected FROM exchange_selections WHERE org_id = ${tx.orgId}
        AND withdrawn_at IS NULL AND selected_on ${within} GROUP BY author_id) s ON s.author_id = p.id
    LEFT JOIN (SELECT c.person_id, sum(c.minutes) AS minutes FROM online_courses c
        JOIN study_entries e ON e.org_id = c.org_id AND e.id = c.study_entry_id AND e.withdrawn_at IS NULL
        WHERE c.org_id = ${tx.orgId} AND c.studied_on ${within} GROUP BY c.person_id) c ON c.person_id = p.id
    WHERE p.org_id = ${tx.orgId} AND EXISTS (SELECT 1 FROM service_periods v WHERE v.org_id = p.org_id AND v.person_id = p.id
        AND v.from_on <= ${tx.today} AND (v.to_on IS NULL OR v.to_on >= ${tx.today}))
      AND (${unitIds}::uuid[] IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id
        AND m.unit_id = ANY(${unitIds}::uuid[]) AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})))
    ORDER BY p.sort_key, p.staff_number`)
}
