import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { AgendaItem } from './contract.ts'
import type { ActivityStatus, AttendanceStatus, Scope } from './words.ts'

export interface ActivityRow {
  id: string
  orgId: string
  unitId: string | null
  scope: Scope
  kind: string
  form: string
  contentTags: string[]
  /** In which ways it works and for whom; null: not said, then it follows at the closing. */
  modes: string[] | null
  audience: string[] | null
  /** Who teaches, of the pool of trainers. */
  trainerId: string | null
  theme: string
  content: string
  place: string
  heldOn: LocalDate
  startsAt: Date
  endsAt: Date
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  movedFrom: LocalDate | null
  movedReason: string | null
  status: ActivityStatus
  startedAt: Date | null
  closedAt: Date | null
  closedBy: string | null
  minutes: Record<string, string>
  minutesVersion: number
  minutesSavedAt: Date | null
  minutesSavedBy: string | null
  agenda: AgendaItem[]
  cancelledReason: string | null
  seriesId: string | null
  byEnrolment: boolean
  capacity: number | null
  leastSessions: number | null
  minutesConfirmedAt: Date | null
  minutesConfirmedBy: string | null
}
/** With the names that pages show, and the reader's own part in it. */
export interface ActivityView extends ActivityRow {
  unitName: string | null
  hostName: string | null
  speakerName: string | null
  recorderName: string | null
  closedByName: string | null
  minutesSavedByName: string | null
  expected: number | null
  attended: number | null
  myStatus: AttendanceStatus | null
  iAmListed: boolean
  iAskedLeave: boolean
}

const columns = sql`a.id, a.org_id, a.unit_id, a.scope, a.kind, a.form, a.content_tags, a.theme, a.content, a.place,
  a.held_on, a.starts_at, a.ends_at, a.host_id, a.speaker_id, a.recorder_id, a.moved_from, a.moved_reason, a.status,
  a.started_at, a.closed_at, a.closed_by, a.minutes, a.minutes_version, a.minutes_saved_at, a.minutes_saved_by,
  a.agenda, a.cancelled_reason, a.series_id, a.by_enrolment, a.capacity, a.least_sessions, a.minutes_confirmed_at,
  a.minutes_confirmed_by, a.modes, a.audience, a.trainer_id`

/** Members of the activity's unit, or everybody in service, on its day; nobody on long leave. */
function expectedOn(unitId: string | null, day: LocalDate, orgId: string): Sql {
  const people =
    unitId === null
      ? sql`SELECT DISTINCT s.person_id FROM service_periods s
          WHERE s.org_id = ${orgId} AND s.from_on <= ${day} AND (s.to_on IS NULL OR s.to_on >= ${day})`
      : sql`SELECT DISTINCT m.person_id FROM memberships m
          JOIN service_periods s ON s.org_id = m.org_id AND s.person_id = m.person_id
            AND s.from_on <= ${day} AND (s.to_on IS NULL OR s.to_on >= ${day})
          WHERE m.org_id = ${orgId} AND m.unit_id = ${unitId} AND m.from_on <= ${day}
            AND (m.to_on IS NULL OR m.to_on >= ${day})`
  return sql`SELECT e.person_id FROM (${people}) e WHERE NOT EXISTS (
    SELECT 1 FROM long_absences l WHERE l.org_id = ${orgId} AND l.person_id = e.person_id
      AND l.from_on <= ${day} AND (l.to_on IS NULL OR l.to_on >= ${day}))`
}

/** Whether somebody serves in the school on a day and is not on long leave. */
export async function isThereOn(tx: Tx, personId: string, day: LocalDate): Promise<boolean> {
  const row = await tx.maybe(sql`
    SELECT 1 FROM (${expectedOn(null, day, tx.orgId)}) e WHERE e.person_id = ${personId}`)
  return row !== undefined
}

/** Who enrolled and has a place. */
function enrolledIn(activityId: string, orgId: string): Sql {
  return sql`SELECT n.person_id FROM enrolments n
    WHERE n.org_id = ${orgId} AND n.activity_id = ${activityId} AND n.status = 'enrolled'`
}

export async function insertActivity(
  tx: Tx,
  activity: Omit<
    ActivityRow,
    | 'orgId'
    | 'movedFrom'
    | 'movedReason'
    | 'status'
    | 'startedAt'
    | 'closedAt'
    | 'closedBy'
    | 'minutes'
    | 'minutesVersion'
    | 'minutesSavedAt'
    | 'minutesSavedBy'
    | 'cancelledReason'
    | 'seriesId'
    | 'byEnrolment'
    | 'capacity'
    | 'leastSessions'
    | 'minutesConfirmedAt'
    | 'minutesConfirmedBy'
  >,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO activities (org_id, id, unit_id, scope, kind, form, content_tags, theme, content, place, held_on,
      starts_at, ends_at, host_id, speaker_id, recorder_id, status, agenda, modes, audience, trainer_id, created_by,
      created_at)
    VALUES (${tx.orgId}, ${activity.id}, ${activity.unitId}, ${activity.scope}, ${activity.kind}, ${activity.form},
      ${activity.contentTags}, ${activity.theme}, ${activity.content}, ${activity.place}, ${activity.heldOn},
      ${activity.startsAt}, ${activity.endsAt}, ${activity.hostId}, ${activity.speakerId}, ${activity.recorderId},
      'planned', ${JSON.stringify(activity.agenda)}::jsonb, ${activity.modes}, ${activity.audience}, ${activity.trainerId},
      ${tx.actor.personId}, ${tx.now})`)
}

/** Writes everything that planning, moving and changing may set. */
export async function updateActivity(tx: Tx, activity: ActivityRow): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET kind = ${activity.kind}, form = ${activity.form}, content_tags = ${activity.contentTags},
      theme = ${activity.theme}, content = ${activity.content}, place = ${activity.place}, held_on = ${activity.heldOn},
      starts_at = ${activity.startsAt}, ends_at = ${activity.endsAt}, host_id = ${activity.hostId},
      speaker_id = ${activity.speakerId}, recorder_id = ${activity.recorderId},
      agenda = ${JSON.stringify(activity.agenda)}::jsonb, moved_from = ${activity.movedFrom},
      moved_reason = ${activity.movedReason}, modes = ${activity.modes}, audience = ${activity.audience},
      trainer_id = ${activity.trainerId}
    WHERE org_id = ${tx.orgId} AND id = ${activity.id}`)
}

export async function updateStatus(
  tx: Tx,
  activity: Pick<
    ActivityRow,
    'id' | 'status' | 'startedAt' | 'closedAt' | 'closedBy' | 'endsAt' | 'cancelledReason'
  >,
): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET status = ${activity.status}, started_at = ${activity.startedAt}, closed_at = ${activity.closedAt},
      closed_by = ${activity.closedBy}, ends_at = ${activity.endsAt}, cancelled_reason = ${activity.cancelledReason}
    WHERE org_id = ${tx.orgId} AND id = ${activity.id}`)
}

export async function updateMinutes(
  tx: Tx,
  input: { id: string; minutes: Record<string, string>; version: number },
): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET minutes = ${JSON.stringify(input.minutes)}::jsonb, minutes_version = ${input.version},
      minutes_saved_at = ${tx.now}, minutes_saved_by = ${tx.actor.personId}, minutes_confirmed_at = NULL, minutes_confirmed_by = NULL
    WHERE org_id = ${tx.orgId} AND id = ${input.id}`)
}

export function findActivity(tx: Tx, id: string): Promise<ActivityRow | undefined> {
  return tx.maybe<ActivityRow>(
    sql`SELECT ${columns} FROM activities a WHERE a.org_id = ${tx.orgId} AND a.id = ${id}`,
  )
}

/** The same, held until the transaction ends: sign-ins wait, a second closer waits. */
export function lockActivity(tx: Tx, id: string): Promise<ActivityRow | undefined> {
  return tx.maybe<ActivityRow>(
    sql`SELECT ${columns} FROM activities a WHERE a.org_id = ${tx.orgId} AND a.id = ${id} FOR UPDATE`,
  )
}

/** Activities with names and figures; only those of the reader with `mine`. */
export function listViews(
  tx: Tx,
  filter: {
    id?: string
    from?: LocalDate
    to?: LocalDate
    unitId?: string | null
    kind?: string | null
    status?: string | null
    search?: string | null
    mine?: boolean
  },
): Promise<ActivityView[]> {
  const me = tx.actor.personId
  const conditions: Sql[] = [sql`a.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`a.id = ${filter.id}`)
  if (filter.from) conditions.push(sql`(a.held_on >= ${filter.from} OR a.moved_from >= ${filter.from})`)
  if (filter.to) conditions.push(sql`a.held_on <= ${filter.to}`)
  if (filter.unitId) conditions.push(sql`a.unit_id = ${filter.unitId}`)
  if (filter.kind) conditions.push(sql`a.kind = ${filter.kind}`)
  if (filter.status) conditions.push(sql`a.status = ${filter.status}`)
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(a.theme ILIKE ${pattern} OR s.name ILIKE ${pattern} OR a.place ILIKE ${pattern})`)
  }
  if (filter.mine) {
    conditions.push(sql`a.status <> 'cancelled' AND (a.host_id = ${me} OR a.speaker_id = ${me} OR a.recorder_id = ${me}
      OR a.unit_id = ANY(${tx.actor.leads.map((lead) => lead.unitId)}::uuid[])
      OR p.person_id IS NOT NULL OR t.person_id IS NOT NULL
      OR (a.started_at IS NULL AND (a.scope = 'organisation' OR a.unit_id = ANY(${[...tx.actor.unitIds]}::uuid[]))))`)
  }
  return tx.many<ActivityView>(sql`
    SELECT ${columns}, u.name AS unit_name, h.name AS host_name, s.name AS speaker_name, r.name AS recorder_name,
      c.name AS closed_by_name, w.name AS minutes_saved_by_name, t.status AS my_status,
      CASE WHEN a.started_at IS NULL THEN
        (CASE WHEN a.by_enrolment THEN EXISTS (SELECT 1 FROM enrolments n WHERE n.org_id = a.org_id AND n.activity_id = a.id
          AND n.person_id = ${me} AND n.status = 'enrolled')
        ELSE a.scope = 'organisation' OR a.unit_id = ANY(${[...tx.actor.unitIds]}::uuid[]) END)
        ELSE p.person_id IS NOT NULL END AS i_am_listed,
      EXISTS (SELECT 1 FROM leaves l WHERE l.org_id = a.org_id AND l.activity_id = a.id AND l.person_id = ${me}
        AND l.status IN ('asked', 'granted')) AS i_asked_leave,
      CASE WHEN a.started_at IS NOT NULL THEN
        (SELECT count(*) FROM activity_people e WHERE e.org_id = a.org_id AND e.activity_id = a.id) END AS expected,
      CASE WHEN a.started_at IS NOT NULL THEN
        (SELECT count(*) FROM attendance x JOIN activity_people e ON e.org_id = x.org_id AND e.activity_id = x.activity_id
            AND e.person_id = x.person_id WHERE x.org_id = a.org_id AND x.activity_id = a.id
          AND x.status IN ('signedIn', 'present', 'late', 'leftEarly')) END AS attended
    FROM activities a
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people h ON h.org_id = a.org_id AND h.id = a.host_id
    LEFT JOIN people s ON s.org_id = a.org_id AND s.id = a.speaker_id
    LEFT JOIN people r ON r.org_id = a.org_id AND r.id = a.recorder_id
    LEFT JOIN people c ON c.org_id = a.org_id AND c.id = a.closed_by
    LEFT JOIN people w ON w.org_id = a.org_id AND w.id = a.minutes_saved_by
    LEFT JOIN activity_people p ON p.org_id = a.org_id AND p.activity_id = a.id AND p.person_id = ${me}
    LEFT JOIN attendance t ON t.org_id = a.org_id AND t.activity_id = a.id AND t.person_id = ${me}
    WHERE ${join(conditions, ' AND ')}
    ORDER BY a.starts_at, a.id LIMIT 1000`)
}

/** An activity of the same unit at an overlapping time, or (for a warning) one in the same place. */
export function listOverlapping(
  tx: Tx,
  activity: { id: string; unitId: string | null; place: string; startsAt: Date; endsAt: Date },
): Promise<{ id: string; theme: string; unitId: string | null; place: string; unitName: string | null }[]> {
  return tx.many(sql`
    SELECT a.id, a.theme, a.unit_id, a.place, u.name AS unit_name FROM activities a
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE a.org_id = ${tx.orgId} AND a.id <> ${activity.id} AND a.status IN ('planned', 'running')
      AND a.starts_at < ${activity.endsAt} AND a.ends_at > ${activity.startsAt}
      AND (a.unit_id IS NOT DISTINCT FROM ${activity.unitId}::uuid OR a.unit_id IS NULL OR ${activity.unitId}::uuid IS NULL
        OR (a.place <> '' AND a.place = ${activity.place}))`)
}

/** The group's last activity that was not cancelled, before any day: what the next one will probably be like. */
export function findLastOfUnit(tx: Tx, unitId: string | null): Promise<ActivityRow | undefined> {
  return tx.maybe<ActivityRow>(sql`
    SELECT ${columns} FROM activities a WHERE a.org_id = ${tx.orgId} AND a.unit_id IS NOT DISTINCT FROM ${unitId}::uuid
      AND a.status <> 'cancelled' ORDER BY a.held_on DESC, a.starts_at DESC LIMIT 1`)
}

/** Members of a unit on a day with their speeches: this term's number, and the last day ever. */
export function listSpeaking(
  tx: Tx,
  unitId: string,
  day: LocalDate,
  term: { from: LocalDate; to: LocalDate },
): Promise<{ personId: string; name: string; spoken: number; lastOn: LocalDate | null }[]> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name,
      count(a.id) FILTER (WHERE a.held_on BETWEEN ${term.from} AND ${term.to})::int AS spoken, max(a.held_on) AS last_on
    FROM (${expectedOn(unitId, day, tx.orgId)}) e
    JOIN people p ON p.org_id = ${tx.orgId} AND p.id = e.person_id
    LEFT JOIN activities a ON a.org_id = p.org_id AND a.speaker_id = p.id AND a.unit_id = ${unitId} AND a.status <> 'cancelled'
    GROUP BY p.id, p.name, p.sort_key, p.staff_number ORDER BY p.sort_key, p.staff_number`)
}

export async function insertSwap(
  tx: Tx,
  swap: { id: string; activityId: string; fromPersonId: string | null; toPersonId: string; reason: string },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO speaker_swaps (org_id, id, activity_id, from_person_id, to_person_id, reason, at, by_person_id)
    VALUES (${tx.orgId}, ${swap.id}, ${swap.activityId}, ${swap.fromPersonId}, ${swap.toPersonId}, ${swap.reason}, ${tx.now}, ${tx.actor.personId})`)
}

export function listSwaps(
  tx: Tx,
  activityId: string,
): Promise<{ from: string; to: string; reason: string; at: Date; by: string }[]> {
  return tx.many(sql`
    SELECT coalesce(f.name, '') AS "from", t.name AS "to", s.reason, s.at, coalesce(b.name, '') AS by FROM speaker_swaps s
    LEFT JOIN people f ON f.org_id = s.org_id AND f.id = s.from_person_id
    JOIN people t ON t.org_id = s.org_id AND t.id = s.to_person_id
    LEFT JOIN people b ON b.org_id = s.org_id AND b.id = s.by_person_id
    WHERE s.org_id = ${tx.orgId} AND s.activity_id = ${activityId} ORDER BY s.at`)
}

/** How the last activity of each kind worked, where somebody said so: the group's own, else anybody's. */
export function listUsualModes(
  tx: Tx,
  unitId: string | null,
  kind?: string,
): Promise<{ kind: string; modes: string[] }[]> {
  return tx.many(sql`
    SELECT DISTINCT ON (a.kind) a.kind, a.modes FROM activities a
    WHERE a.org_id = ${tx.orgId} AND a.modes IS NOT NULL AND a.status <> 'cancelled'
      AND (${kind ?? null}::text IS NULL OR a.kind = ${kind ?? null})
    ORDER BY a.kind, (a.unit_id IS NOT DISTINCT FROM ${unitId}::uuid) DESC, a.held_on DESC`)
}

/** Who was expected, by the list that was taken at the start. */
export async function listExpectedIds(tx: Tx, activityId: string): Promise<string[]> {
  const rows = await tx.many<{ personId: string }>(sql`
    SELECT person_id FROM activity_people WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
  return rows.map((row) => row.personId)
}

/** Takes down who is expected; once, when the activity starts. Returns how many. */
export async function takeExpected(tx: Tx, activity: ActivityRow): Promise<number> {
  await tx.run(sql`
    INSERT INTO activity_people (org_id, activity_id, person_id)
    SELECT ${tx.orgId}, ${activity.id}, e.person_id FROM (${activity.byEnrolment ? enrolledIn(activity.id, tx.orgId) : expectedOn(activity.unitId, activity.heldOn, tx.orgId)}) e
    ON CONFLICT DO NOTHING`)
  const row = await tx.one<{ count: number }>(
    sql`SELECT count(*) FROM activity_people WHERE org_id = ${tx.orgId} AND activity_id = ${activity.id}`,
  )
  return row.count
}

/** Who will be expected, before the start. */
export function listExpected(
  tx: Tx,
  activity: Pick<ActivityRow, 'id' | 'unitId' | 'heldOn' | 'byEnrolment'>,
): Promise<{ personId: string; name: string; staffNumber: string }[]> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name, p.staff_number
    FROM (${activity.byEnrolment ? enrolledIn(activity.id, tx.orgId) : expectedOn(activity.unitId, activity.heldOn, tx.orgId)}) e
    JOIN people p ON p.org_id = ${tx.orgId} AND p.id = e.person_id ORDER BY p.sort_key, p.staff_number`)
}

/** Whether somebody is expected: on the list once it is taken, by membership before. */
export async function isExpected(tx: Tx, activity: ActivityRow, personId: string | null): Promise<boolean> {
  if (personId === null) return false
  const rows = activity.startedAt
    ? await tx.many(
        sql`SELECT 1 FROM activity_people WHERE org_id = ${tx.orgId} AND activity_id = ${activity.id} AND person_id = ${personId}`,
      )
    : await tx.many(
        sql`SELECT 1 FROM (${expectedOn(activity.unitId, activity.heldOn, tx.orgId)}) e WHERE e.person_id = ${personId}`,
      )
  return rows.length > 0
}

/** Ids of the running activities of the school in order of their start; read before any school's scope, so through one. */
export async function listRunningIds(tx: Tx): Promise<string[]> {
  const rows = await tx.many<{ id: string }>(
    sql`SELECT id FROM activities WHERE org_id = ${tx.orgId} AND status = 'running' ORDER BY started_at, id`,
  )
  return rows.map((row) => row.id)
}

export async function countMissingPeople(tx: Tx, personIds: string[]): Promise<number> {
  const row = await tx.one<{ count: number }>(sql`
    SELECT count(*) FROM unnest(${personIds}::uuid[]) AS wanted (id)
    WHERE NOT EXISTS (SELECT 1 FROM people p WHERE p.org_id = ${tx.orgId} AND p.id = wanted.id)`)
  return row.count
}

/** People in service today whose name, pinyin, initials or 工号 begins so. */
export function findPeople(tx: Tx, search: string): Promise<{ id: string; name: string; note: string }[]> {
  const pattern = `${search.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`
  return tx.many(sql`
    SELECT p.id, p.name, coalesce((SELECT string_agg(u.name, '、') FROM memberships m
      JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id WHERE m.org_id = p.org_id AND m.person_id = p.id
        AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})), '') AS note
    FROM people p WHERE p.org_id = ${tx.orgId}
      AND (p.name LIKE ${pattern} OR p.pinyin LIKE ${pattern} OR p.pinyin_initials LIKE ${pattern} OR lower(p.staff_number) LIKE ${pattern})
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${tx.today} AND (s.to_on IS NULL OR s.to_on >= ${tx.today}))
    ORDER BY p.sort_key LIMIT 20`)
}
