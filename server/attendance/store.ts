import type { LocalDate } from '../../engine/types.ts'
import { type OfPerson, thisRecord } from '../activity/of-person.ts'
import type {
  ActivityStatus,
  AttendanceSource,
  AttendanceStatus,
  LeaveKind,
  LeaveStatus,
  MakeUpStatus,
} from '../activity/words.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { AppealStatus, FinalStatus } from './words.ts'

// ── One person's book ────────────────────────────────────────────────────────

export interface BookRow {
  id: string
  theme: string
  kind: string
  heldOn: LocalDate
  startsAt: Date
  endsAt: Date
  startedAt: Date | null
  closedAt: Date | null
  unitName: string | null
  isGuest: boolean
  status: AttendanceStatus
  signedAt: Date | null
  source: AttendanceSource
  version: number
  note: string
  recordedByName: string | null
  leaveId: string | null
  leaveKind: LeaveKind | null
  leaveStatus: LeaveStatus | null
  leaveNote: string | null
  makeUpId: string | null
  makeUpStatus: MakeUpStatus | null
  makeUpDueOn: LocalDate | null
  appealId: string | null
  appealStatus: AppealStatus | null
  appealWanted: FinalStatus | null
  appealAnswer: string | null
  leastSessions: number | null
  allSessions: number[] | null
  attendedSessions: number[] | null
}

/** The numbers of all sessions, and of those in which the person was; without any where the activity has one. */
function sessionsOf(activity: Sql, personId: Sql): Sql {
  return sql`${activity}.least_sessions,
      CASE WHEN ${activity}.least_sessions IS NOT NULL THEN (SELECT array_agg(s.number ORDER BY s.number) FROM activity_sessions s
        WHERE s.org_id = ${activity}.org_id AND s.activity_id = ${activity}.id) END AS all_sessions,
      CASE WHEN ${activity}.least_sessions IS NOT NULL THEN (SELECT array_agg(q.number ORDER BY q.number) FROM session_presence q
        WHERE q.org_id = ${activity}.org_id AND q.activity_id = ${activity}.id AND q.person_id = ${personId}) END AS attended_sessions`
}

/** Closed activities of one person between two days with everything that hangs on them, latest first. */
export function listBook(
  tx: Tx,
  filter: { personId: string; from: LocalDate; to: LocalDate },
): Promise<BookRow[]> {
  return tx.many<BookRow>(sql`
    SELECT a.id, a.theme, a.kind, a.held_on, a.starts_at, a.ends_at, a.started_at, a.closed_at, u.name AS unit_name,
      e.person_id IS NULL AS is_guest, t.status, t.signed_at, t.source, t.version, t.note, r.name AS recorded_by_name,
      l.id AS leave_id, l.kind AS leave_kind, l.status AS leave_status, l.decision_note AS leave_note,
      k.id AS make_up_id, k.status AS make_up_status, k.due_on AS make_up_due_on,
      p.id AS appeal_id, p.status AS appeal_status, p.wanted AS appeal_wanted, p.answer AS appeal_answer,
      ${sessionsOf(sql`a`, sql`t.person_id`)}
    FROM attendance t
    JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id AND a.status = 'closed'
    LEFT JOIN activity_people e ON e.org_id = t.org_id AND e.activity_id = t.activity_id AND e.person_id = t.person_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people r ON r.org_id = t.org_id AND r.id = t.recorded_by
    LEFT JOIN leaves l ON l.org_id = t.org_id AND l.activity_id = t.activity_id AND l.person_id = t.person_id AND l.status <> 'withdrawn'
    LEFT JOIN make_ups k ON k.org_id = t.org_id AND k.activity_id = t.activity_id AND k.person_id = t.person_id
    LEFT JOIN attendance_appeals p ON p.org_id = t.org_id AND p.activity_id = t.activity_id AND p.person_id = t.person_id
      AND p.status <> 'withdrawn'
    WHERE t.org_id = ${tx.orgId} AND t.person_id = ${filter.personId} AND a.held_on BETWEEN ${filter.from} AND ${filter.to}
    ORDER BY a.starts_at DESC LIMIT 500`)
}

export interface ChangeRow {
  activityId: string
  personId: string
  personName: string
  from: AttendanceStatus | null
  to: AttendanceStatus
  reason: string
  at: Date
  byName: string | null
  fromSessions: number[] | null
  toSessions: number[] | null
}

/** Corrections of one person's attendance, or of one activity; latest first. */
export function listChanges(
  tx: Tx,
  where: { personId: string; activityIds: string[] } | { activityId: string },
): Promise<ChangeRow[]> {
  const condition =
    'activityId' in where
      ? sql`c.activity_id = ${where.activityId}`
      : sql`c.person_id = ${where.personId} AND c.activity_id = ANY(${where.activityIds}::uuid[])`
  return tx.many<ChangeRow>(sql`
    SELECT c.activity_id, c.person_id, p.name AS person_name, c.from_status AS "from", c.to_status AS "to", c.reason,
      c.changed_at AS at, b.name AS by_name, c.from_sessions, c.to_sessions
    FROM attendance_changes c JOIN people p ON p.org_id = c.org_id AND p.id = c.person_id
    LEFT JOIN people b ON b.org_id = c.org_id AND b.id = c.changed_by
    WHERE c.org_id = ${tx.orgId} AND ${condition} ORDER BY c.changed_at DESC, c.id DESC LIMIT 500`)
}

// ── Appeals ──────────────────────────────────────────────────────────────────

export interface AppealRow {
  id: string
  activityId: string
  personId: string
  recorded: FinalStatus
  wanted: FinalStatus
  reason: string
  askedAt: Date
  status: AppealStatus
  answer: string
  answeredAt: Date | null
}
export interface AppealView extends AppealRow {
  personName: string
  theme: string
  heldOn: LocalDate
  unitName: string | null
  activityStatus: ActivityStatus
  answeredByName: string | null
  leastSessions: number | null
  allSessions: number[] | null
  attendedSessions: number[] | null
}

/** One appeal, held until the transaction ends unless only `seen`; hold the activity first. */
export function findAppeal(tx: Tx, where: OfPerson): Promise<AppealRow | undefined> {
  return tx.maybe<AppealRow>(sql`
    SELECT id, activity_id, person_id, recorded, wanted, reason, asked_at, status, answer, answered_at FROM attendance_appeals
    WHERE ${thisRecord(tx, where)}`)
}

/** Asks, or asks again after it was taken back. Returns the id. */
export async function upsertAppeal(
  tx: Tx,
  appeal: {
    id: string
    activityId: string
    personId: string
    recorded: FinalStatus
    wanted: FinalStatus
    reason: string
  },
): Promise<string> {
  const row = await tx.one<{ id: string }>(sql`
    INSERT INTO attendance_appeals (org_id, id, activity_id, person_id, recorded, wanted, reason, asked_at, status)
    VALUES (${tx.orgId}, ${appeal.id}, ${appeal.activityId}, ${appeal.personId}, ${appeal.recorded}, ${appeal.wanted},
      ${appeal.reason}, ${tx.now}, 'asked')
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET recorded = excluded.recorded, wanted = excluded.wanted,
      reason = excluded.reason, asked_at = excluded.asked_at, status = 'asked', answer = '', answered_by = NULL, answered_at = NULL
    RETURNING id`)
  return row.id
}

export async function updateAppeal(
  tx: Tx,
  appeal: { id: string; status: AppealStatus; answer: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE attendance_appeals SET status = ${appeal.status}, answer = ${appeal.answer}, answered_by = ${tx.actor.personId},
      answered_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${appeal.id}`)
}

export function listAppeals(
  tx: Tx,
  filter: { personId?: string; status?: AppealStatus },
): Promise<AppealView[]> {
  const conditions: Sql[] = [sql`p.org_id = ${tx.orgId}`, sql`p.status <> 'withdrawn'`]
  if (filter.personId !== undefined) conditions.push(sql`p.person_id = ${filter.personId}`)
  if (filter.status) conditions.push(sql`p.status = ${filter.status}`)
  return tx.many<AppealView>(sql`
    SELECT p.id, p.activity_id, p.person_id, p.recorded, p.wanted, p.reason, p.asked_at, p.status, p.answer, p.answered_at,
      n.name AS person_name, a.theme, a.held_on, a.status AS activity_status, u.name AS unit_name, b.name AS answered_by_name,
      ${sessionsOf(sql`a`, sql`p.person_id`)}
    FROM attendance_appeals p JOIN people n ON n.org_id = p.org_id AND n.id = p.person_id
    JOIN activities a ON a.org_id = p.org_id AND a.id = p.activity_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people b ON b.org_id = p.org_id AND b.id = p.answered_by
    WHERE ${join(conditions, ' AND ')} ORDER BY (p.status = 'asked') DESC, p.asked_at DESC LIMIT 500`)
}

// ── Figures ──────────────────────────────────────────────────────────────────

interface Period {
  from: LocalDate
  to: LocalDate
  unitId: string | null
  kind: string | null
  personId: string | null
}
export interface FigureRow {
  unitId: string | null
  unitName: string | null
  kind: string | null
  month: string | null
  by: 'unit' | 'kind' | 'month'
  activities: number
  expected: number
  present: number
  late: number
  leftEarly: number
  onLeave: number
  absent: number
}

/** Attendance of the expected by organising unit, by kind and by month, in one reading. */
export function listFigures(tx: Tx, period: Period): Promise<FigureRow[]> {
  return tx.many<FigureRow>(sql`
    WITH marks AS (
      SELECT a.id, a.unit_id, a.kind, to_char(coalesce(a.moved_from, a.held_on), 'YYYY-MM') AS month, t.status
      FROM activities a
      JOIN attendance t ON t.org_id = a.org_id AND t.activity_id = a.id
      JOIN activity_people e ON e.org_id = t.org_id AND e.activity_id = t.activity_id AND e.person_id = t.person_id
      WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND coalesce(a.moved_from, a.held_on) BETWEEN ${period.from} AND ${period.to}
        AND (${period.unitId}::uuid IS NULL OR a.unit_id = ${period.unitId}::uuid)
        AND (${period.kind}::text IS NULL OR a.kind = ${period.kind}::text)
        AND (${period.personId}::uuid IS NULL OR t.person_id = ${period.personId}::uuid)
    ), sums AS (
      SELECT unit_id, kind, month, GROUPING(unit_id, kind, month) AS level, count(DISTINCT id)::int AS activities, count(*)::int AS expected,
        count(*) FILTER (WHERE status = 'present')::int AS present, count(*) FILTER (WHERE status = 'late')::int AS late,
        count(*) FILTER (WHERE status = 'leftEarly')::int AS left_early, count(*) FILTER (WHERE status = 'onLeave')::int AS on_leave,
        count(*) FILTER (WHERE status = 'absent')::int AS absent
      FROM marks GROUP BY GROUPING SETS ((unit_id), (kind), (month))
    )
    SELECT s.unit_id, u.name AS unit_name, s.kind, s.month, s.activities, s.expected, s.present, s.late, s.left_early, s.on_leave, s.absent,
      CASE s.level WHEN 3 THEN 'unit' WHEN 5 THEN 'kind' ELSE 'month' END AS by
    FROM sums s LEFT JOIN units u ON u.org_id = ${tx.orgId} AND u.id = s.unit_id
    ORDER BY s.level, s.month, u.name NULLS FIRST, s.kind`)
}

/** Every absence without leave, latest first. */
export function listAbsences(
  tx: Tx,
  period: Period,
): Promise<
  {
    personId: string
    name: string
    activityId: string
    theme: string
    heldOn: LocalDate
    unitName: string | null
    makeUp: MakeUpStatus | null
  }[]
> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name, a.id AS activity_id, a.theme, a.held_on, u.name AS unit_name, k.status AS make_up
    FROM activities a
    JOIN attendance t ON t.org_id = a.org_id AND t.activity_id = a.id AND t.status = 'absent'
    JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN make_ups k ON k.org_id = t.org_id AND k.activity_id = t.activity_id AND k.person_id = t.person_id
    WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND coalesce(a.moved_from, a.held_on) BETWEEN ${period.from} AND ${period.to}
      AND (${period.unitId}::uuid IS NULL OR a.unit_id = ${period.unitId}::uuid)
      AND (${period.kind}::text IS NULL OR a.kind = ${period.kind}::text)
      AND (${period.personId}::uuid IS NULL OR t.person_id = ${period.personId}::uuid)
    ORDER BY a.starts_at DESC, p.sort_key LIMIT 300`)
}

export interface MonthRow {
  personId: string
  name: string
  staffNumber: string
  unitNames: string
  expected: number
  marks: { status: AttendanceStatus; day: LocalDate; theme: string; leaveKind: LeaveKind | null }[]
}

/** Everybody in service with what was not simply present in a month. */
export function listMonth(
  tx: Tx,
  filter: { from: LocalDate; to: LocalDate; unitId: string | null; personId: string | null },
): Promise<MonthRow[]> {
  return tx.many<MonthRow>(sql`
    WITH marks AS (
      SELECT t.person_id, count(*)::int AS expected,
        json_agg(json_build_object('status', t.status, 'day', coalesce(a.moved_from, a.held_on), 'theme', a.theme, 'leaveKind', l.kind)
          ORDER BY a.starts_at) FILTER (WHERE t.status <> 'present') AS marks
      FROM activities a
      JOIN attendance t ON t.org_id = a.org_id AND t.activity_id = a.id
      JOIN activity_people e ON e.org_id = t.org_id AND e.activity_id = t.activity_id AND e.person_id = t.person_id
      LEFT JOIN leaves l ON l.org_id = t.org_id AND l.activity_id = t.activity_id AND l.person_id = t.person_id AND l.status = 'granted'
      WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND coalesce(a.moved_from, a.held_on) BETWEEN ${filter.from} AND ${filter.to}
      GROUP BY t.person_id
    ), groups AS (
      SELECT m.person_id, string_agg(DISTINCT u.name, '、') AS names FROM memberships m
      JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
      WHERE m.org_id = ${tx.orgId} AND m.from_on <= ${filter.to} AND (m.to_on IS NULL OR m.to_on >= ${filter.from})
      GROUP BY m.person_id
    )
    SELECT p.id AS person_id, p.name, p.staff_number, coalesce(g.names, '') AS unit_names,
      coalesce(k.expected, 0) AS expected, coalesce(k.marks, '[]'::json) AS marks
    FROM people p LEFT JOIN marks k ON k.person_id = p.id LEFT JOIN groups g ON g.person_id = p.id
    WHERE p.org_id = ${tx.orgId}
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${filter.to} AND (s.to_on IS NULL OR s.to_on >= ${filter.from}))
      AND (${filter.personId}::uuid IS NULL OR p.id = ${filter.personId}::uuid)
      AND (${filter.unitId}::uuid IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id
        AND m.unit_id = ${filter.unitId}::uuid AND m.from_on <= ${filter.to} AND (m.to_on IS NULL OR m.to_on >= ${filter.from})))
    ORDER BY p.sort_key, p.staff_number`)
}
