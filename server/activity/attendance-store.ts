import type { LocalDate } from '../../engine/types.ts'
import { join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type {
  ActivityStatus,
  AttendanceSource,
  AttendanceStatus,
  LeaveAdvice,
  LeaveKind,
  LeaveStatus,
  MakeUpStatus,
} from './words.ts'
import { type OfPerson, thisRecord } from './of-person.ts'
import type { ActivityRow } from './store.ts'

export interface AttendanceRow {
  personId: string
  status: AttendanceStatus
  signedAt: Date | null
  source: AttendanceSource
  version: number
  note: string
}
/** The answer of the one statement that signs in. */
export interface SignInRow {
  id: string
  theme: string
  place: string
  unitName: string | null
  status: ActivityStatus
  startsAt: Date
  startedAt: Date | null
  closedAt: Date | null
  /** Whether the activity really runs: its row is held, whatever the statement saw when it began. */
  isHeld: boolean
  /** When this request made the record; null when it was there before or was not made. */
  newAt: Date | null
  /** The record as it was before this request. */
  earlierStatus: AttendanceStatus | null
  earlierAt: Date | null
  earlierSource: AttendanceSource | null
  isExpected: boolean
  /** On the waiting list of a full activity: no record was made. */
  isWaiting: boolean
  /** Of an activity with several: the session for which this request signed in. */
  newSession: number | null
}

/**
 * Signs in, in one statement: checks that the activity of this school runs (holding its row, so that closing waits or
 * is seen), makes the record unless there is one, and tells what is known. No row: no such activity in this school.
 * The last thing that signing in writes: whoever is refused afterwards left no record.
 */
export async function insertSignIn(
  tx: Tx,
  input: { activityId: string; personId: string; at: Date; source: AttendanceSource },
): Promise<SignInRow | undefined> {
  const row = await trySignIn(tx, input)
  // It was closed while this statement waited for it: what the statement saw is out of date.
  return row && row.status === 'running' && !row.isHeld ? trySignIn(tx, input) : row
}

function trySignIn(
  tx: Tx,
  input: { activityId: string; personId: string; at: Date; source: AttendanceSource },
): Promise<SignInRow | undefined> {
  const { activityId, personId } = input
  return tx.last<SignInRow>(sql`
    WITH running AS (
      SELECT id FROM activities WHERE org_id = ${tx.orgId} AND id = ${activityId} AND status = 'running' FOR KEY SHARE
    ), waiting AS (
      SELECT 1 FROM enrolments WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND person_id = ${personId} AND status = 'waiting'
    ), session AS (
      -- The session that is on, or begins within the hour.
      INSERT INTO session_presence (org_id, activity_id, number, person_id, signed_at)
      SELECT s.org_id, s.activity_id, s.number, ${personId}, ${input.at} FROM activity_sessions s
      WHERE s.org_id = ${tx.orgId} AND s.activity_id = ${activityId} AND s.ends_at >= ${input.at}
        AND s.starts_at <= ${input.at}::timestamptz + interval '1 hour' AND EXISTS (SELECT 1 FROM running) AND NOT EXISTS (SELECT 1 FROM waiting)
      ORDER BY s.number LIMIT 1 ON CONFLICT DO NOTHING
      RETURNING number
    ), made AS (
      INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source, recorded_by)
      SELECT ${tx.orgId}, id, ${personId}, 'signedIn', ${input.at}, ${tx.now}, ${input.source}, ${personId} FROM running
      WHERE NOT EXISTS (SELECT 1 FROM waiting)
      ON CONFLICT (org_id, activity_id, person_id) DO NOTHING
      RETURNING signed_at
    )
    SELECT a.id, a.theme, a.place, a.status, a.starts_at, a.started_at, a.closed_at, u.name AS unit_name,
      EXISTS (SELECT 1 FROM running) AS is_held, (SELECT signed_at FROM made) AS new_at, t.status AS earlier_status, t.signed_at AS earlier_at, t.source AS earlier_source,
      EXISTS (SELECT 1 FROM activity_people e WHERE e.org_id = a.org_id AND e.activity_id = a.id AND e.person_id = ${personId}) AS is_expected,
      EXISTS (SELECT 1 FROM waiting) AS is_waiting, (SELECT number FROM session) AS new_session
    FROM activities a
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN attendance t ON t.org_id = a.org_id AND t.activity_id = a.id AND t.person_id = ${personId}
    WHERE a.org_id = ${tx.orgId} AND a.id = ${activityId}`)
}

/** Takes down that an expected person is there, without a code. */
export async function insertPresence(tx: Tx, activityId: string, personId: string): Promise<void> {
  await tx.run(sql`
    INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source, recorded_by)
    SELECT e.org_id, e.activity_id, e.person_id, 'signedIn', ${tx.now}, ${tx.now}, 'rollCall', ${personId}
    FROM activity_people e
    WHERE e.org_id = ${tx.orgId} AND e.activity_id = ${activityId} AND e.person_id = ${personId}
    ON CONFLICT (org_id, activity_id, person_id) DO NOTHING`)
}

export function findAttendance(
  tx: Tx,
  activityId: string,
  personId: string,
): Promise<AttendanceRow | undefined> {
  return tx.maybe<AttendanceRow>(sql`
    SELECT person_id, status, signed_at, source, version, note FROM attendance
    WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND person_id = ${personId}`)
}

export function listAttendance(tx: Tx, activityId: string): Promise<AttendanceRow[]> {
  return tx.many<AttendanceRow>(sql`
    SELECT person_id, status, signed_at, source, version, note FROM attendance
    WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
}

/** Roll-call of many people in one statement; an earlier time of signing in stays. */
export async function upsertRollCall(
  tx: Tx,
  activityId: string,
  entries: { personId: string; status: AttendanceStatus }[],
  source: 'rollCall' | 'paper',
): Promise<void> {
  if (entries.length === 0) return
  await tx.run(sql`
    INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source, recorded_by)
    SELECT ${tx.orgId}, ${activityId}, r.person_id, r.status,
      CASE WHEN r.status = 'absent' THEN NULL ELSE ${tx.now}::timestamptz END, ${tx.now}, ${source}, ${tx.actor.personId}
    FROM jsonb_to_recordset(${JSON.stringify(entries.map((entry) => ({ person_id: entry.personId, status: entry.status })))}::jsonb)
      AS r (person_id uuid, status text)
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET status = excluded.status, source = excluded.source,
      signed_at = coalesce(attendance.signed_at, excluded.signed_at), recorded_by = excluded.recorded_by`)
}

export async function deleteAttendance(tx: Tx, activityId: string, personIds: string[]): Promise<void> {
  if (personIds.length === 0) return
  await tx.run(sql`
    DELETE FROM attendance WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND person_id = ANY(${personIds}::uuid[])`)
}

/** At closing: whoever signed in is present or late, whoever is missing is on leave or absent. */
export async function finaliseAttendance(tx: Tx, activityId: string, lateAfter: Date): Promise<void> {
  await tx.run(sql`
    UPDATE attendance SET status = CASE WHEN signed_at > ${lateAfter} THEN 'late' ELSE 'present' END
    WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND status = 'signedIn'`)
  await tx.run(sql`
    INSERT INTO attendance (org_id, activity_id, person_id, status, received_at, source, recorded_by)
    SELECT e.org_id, e.activity_id, e.person_id, CASE WHEN l.id IS NULL THEN 'absent' ELSE 'onLeave' END, ${tx.now},
      CASE WHEN l.id IS NULL THEN 'closing' ELSE 'leave' END, ${tx.actor.personId}
    FROM activity_people e
    LEFT JOIN leaves l ON l.org_id = e.org_id AND l.activity_id = e.activity_id AND l.person_id = e.person_id AND l.status = 'granted'
    WHERE e.org_id = ${tx.orgId} AND e.activity_id = ${activityId}
    ON CONFLICT (org_id, activity_id, person_id) DO NOTHING`)
}

/** Writes a status after closing, with the next version. Returns the version. */
export async function correctStatus(
  tx: Tx,
  activityId: string,
  entry: {
    personId: string
    status: AttendanceStatus
    signedAt: Date | null
    source: AttendanceSource
    note: string
  },
): Promise<number> {
  const row = await tx.one<{ version: number }>(sql`
    INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source, recorded_by, note)
    VALUES (${tx.orgId}, ${activityId}, ${entry.personId}, ${entry.status}, ${entry.signedAt}, ${tx.now}, ${entry.source}, ${tx.actor.personId}, ${entry.note})
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET status = excluded.status, source = excluded.source,
      signed_at = coalesce(excluded.signed_at, attendance.signed_at), recorded_by = excluded.recorded_by,
      note = excluded.note, version = attendance.version + 1
    RETURNING version`)
  return row.version
}

/** Everybody expected or present, with leave, in the order of names. */
export function listPeopleOfActivity(
  tx: Tx,
  activityId: string,
): Promise<
  {
    personId: string
    name: string
    staffNumber: string
    isGuest: boolean
    status: AttendanceStatus | null
    signedAt: Date | null
    source: AttendanceSource | null
    note: string | null
    leaveKind: LeaveKind | null
    leaveStatus: LeaveStatus | null
    sessions: number[] | null
  }[]
> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name, p.staff_number, e.person_id IS NULL AS is_guest, t.status, t.signed_at, t.source, t.note,
      l.kind AS leave_kind, l.status AS leave_status, s.numbers AS sessions
    FROM (SELECT person_id FROM activity_people WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}
      UNION SELECT person_id FROM attendance WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}) x
    JOIN people p ON p.org_id = ${tx.orgId} AND p.id = x.person_id
    LEFT JOIN activity_people e ON e.org_id = p.org_id AND e.activity_id = ${activityId} AND e.person_id = p.id
    LEFT JOIN attendance t ON t.org_id = p.org_id AND t.activity_id = ${activityId} AND t.person_id = p.id
    LEFT JOIN leaves l ON l.org_id = p.org_id AND l.activity_id = ${activityId} AND l.person_id = p.id
      AND l.status IN ('asked', 'granted')
    LEFT JOIN (SELECT person_id, array_agg(number ORDER BY number) AS numbers FROM session_presence
      WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} GROUP BY person_id) s ON s.person_id = p.id
    ORDER BY e.person_id IS NULL, p.sort_key, p.staff_number`)
}

/** The latest arrivals and the counts of a running activity, in one statement. */
export async function readArrivals(
  tx: Tx,
  activityId: string,
  limit: number,
): Promise<{
  expected: number
  arrived: number
  guests: number
  names: { name: string; at: Date; isGuest: boolean }[]
}> {
  const row = await tx.one<{
    expected: number
    arrived: number
    guests: number
    names: { name: string; at: string; isGuest: boolean }[] | null
  }>(sql`
    WITH here AS (
      SELECT t.person_id, t.signed_at, e.person_id IS NULL AS is_guest FROM attendance t
      LEFT JOIN activity_people e ON e.org_id = t.org_id AND e.activity_id = t.activity_id AND e.person_id = t.person_id
      WHERE t.org_id = ${tx.orgId} AND t.activity_id = ${activityId} AND t.status IN ('signedIn', 'present', 'late', 'leftEarly')
    )
    SELECT (SELECT count(*) FROM activity_people WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}) AS expected,
      (SELECT count(*) FROM here WHERE NOT is_guest) AS arrived, (SELECT count(*) FROM here WHERE is_guest) AS guests,
      (SELECT json_agg(json_build_object('name', n.name, 'at', n.signed_at, 'isGuest', n.is_guest)) FROM (
        SELECT p.name, h.signed_at, h.is_guest FROM here h JOIN people p ON p.org_id = ${tx.orgId} AND p.id = h.person_id
        ORDER BY h.signed_at DESC NULLS LAST LIMIT ${limit}) n) AS names`)
  return { ...row, names: (row.names ?? []).map((entry) => ({ ...entry, at: new Date(entry.at) })) }
}

export function listMissing(
  tx: Tx,
  activityId: string,
): Promise<{ id: string; name: string; leave: LeaveKind | null }[]> {
  return tx.many(sql`
    SELECT p.id, p.name, l.kind AS leave FROM activity_people e
    JOIN people p ON p.org_id = e.org_id AND p.id = e.person_id
    LEFT JOIN leaves l ON l.org_id = e.org_id AND l.activity_id = e.activity_id AND l.person_id = e.person_id AND l.status = 'granted'
    WHERE e.org_id = ${tx.orgId} AND e.activity_id = ${activityId} AND NOT EXISTS (
      SELECT 1 FROM attendance t WHERE t.org_id = e.org_id AND t.activity_id = e.activity_id AND t.person_id = e.person_id
        AND t.status NOT IN ('absent', 'onLeave'))
    ORDER BY p.sort_key`)
}

// ── Leave ────────────────────────────────────────────────────────────────────

export interface LeaveRow {
  id: string
  personId: string
  activityId: string
  kind: LeaveKind
  reason: string
  askedAt: Date
  askedLate: boolean
  status: LeaveStatus
  advice: LeaveAdvice | null
  clashActivityId: string | null
  approvals: number
}
export interface LeaveView extends LeaveRow {
  personName: string
  theme: string
  heldOn: LocalDate
  startsAt: Date
  unitName: string | null
  activityStatus: ActivityStatus
  decidedByName: string | null
  decisionNote: string
  unitId: string | null
  adviceNote: string
  advisedByName: string | null
  clashTheme: string | null
}

/** One leave, held until the transaction ends unless only `seen`; hold the activity first. */
export function findLeave(tx: Tx, where: OfPerson): Promise<LeaveRow | undefined> {
  return tx.maybe<LeaveRow>(sql`
    SELECT id, person_id, activity_id, kind, reason, asked_at, asked_late, status, advice, clash_activity_id, approvals FROM leaves
    WHERE ${thisRecord(tx, where)}`)
}

/** Asks (again, after it was withdrawn or declined). Returns the id. */
export async function upsertLeave(
  tx: Tx,
  leave: Omit<LeaveRow, 'askedAt' | 'advice' | 'clashActivityId' | 'approvals'> & {
    decidedBy: string | null
    clashActivityId?: string
  },
): Promise<string> {
  const decidedAt = leave.status === 'granted' ? tx.now : null
  const row = await tx.one<{ id: string }>(sql`
    INSERT INTO leaves (org_id, id, person_id, activity_id, kind, reason, asked_at, asked_late, status, decided_by, decided_at,
      clash_activity_id, approvals)
    VALUES (${tx.orgId}, ${leave.id}, ${leave.personId}, ${leave.activityId}, ${leave.kind}, ${leave.reason}, ${tx.now},
      ${leave.askedLate}, ${leave.status}, ${leave.decidedBy}, ${decidedAt}, ${leave.clashActivityId ?? null}::uuid,
      ${leave.status === 'granted' ? 1 : 0})
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
      asked_at = excluded.asked_at, asked_late = excluded.asked_late, status = excluded.status,
      decided_by = excluded.decided_by, decided_at = excluded.decided_at, decision_note = '',
      clash_activity_id = excluded.clash_activity_id, advice = NULL, advice_note = '', advised_by = NULL, advised_at = NULL,
      approvals = leaves.approvals + excluded.approvals
    RETURNING id`)
  return row.id
}

export async function updateLeave(
  tx: Tx,
  leave: { id: string; status: LeaveStatus; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE leaves SET status = ${leave.status}, decided_by = ${tx.actor.personId}, decided_at = ${tx.now}, decision_note = ${leave.note},
      approvals = approvals + ${leave.status === 'granted' ? 1 : 0}
    WHERE org_id = ${tx.orgId} AND id = ${leave.id}`)
}

/** Writes down what the group leader says of a request. */
export async function updateAdvice(
  tx: Tx,
  leave: { id: string; advice: LeaveAdvice; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE leaves SET advice = ${leave.advice}, advice_note = ${leave.note}, advised_by = ${tx.actor.personId}, advised_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${leave.id}`)
}

/** Keeps what a correction changed, by whom and why. */
export async function insertChange(
  tx: Tx,
  change: {
    id: string
    activityId: string
    personId: string
    from: AttendanceStatus | null
    to: AttendanceStatus
    source: AttendanceSource
    reason: string
    /** In which sessions before and now, where there are several. */
    sessions?: { from: number[]; to: number[] }
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO attendance_changes (org_id, id, activity_id, person_id, from_status, to_status, source, reason, changed_at, changed_by,
      from_sessions, to_sessions)
    VALUES (${tx.orgId}, ${change.id}, ${change.activityId}, ${change.personId}, ${change.from}, ${change.to}, ${change.source},
      ${change.reason}, ${tx.now}, ${tx.actor.personId}, ${change.sessions?.from ?? null}::int[], ${change.sessions?.to ?? null}::int[])`)
}

/** The last correction of one person's attendance: who and when. */
export function findLastChange(
  tx: Tx,
  activityId: string,
  personId: string,
): Promise<{ at: Date; byName: string | null; to: AttendanceStatus } | undefined> {
  return tx.maybe(sql`
    SELECT c.changed_at AS at, p.name AS by_name, c.to_status AS "to" FROM attendance_changes c
    LEFT JOIN people p ON p.org_id = c.org_id AND p.id = c.changed_by
    WHERE c.org_id = ${tx.orgId} AND c.activity_id = ${activityId} AND c.person_id = ${personId}
    ORDER BY c.changed_at DESC, c.id DESC LIMIT 1`)
}

/**
 * Who of an activity is at another of the same day whose time overlaps, and asked no leave yet: with `here: true` those
 * who are here and missing there (there closed), else those who are missing here and there already.
 */
export function listSameHour(
  tx: Tx,
  activity: Pick<ActivityRow, 'id' | 'heldOn' | 'startsAt' | 'endsAt'>,
  here: boolean,
): Promise<{ personId: string; otherId: string; otherTheme: string }[]> {
  const came = sql`('signedIn', 'present', 'late', 'leftEarly')`
  const other = here
    ? sql`o.status = 'closed' AND t.status IN ${came} AND n.status = 'absent'`
    : sql`o.status IN ('running', 'closed') AND n.status IN ${came} AND (t.status IS NULL OR t.status = 'absent')`
  const missedAt = here ? sql`o.id` : sql`${activity.id}::uuid`
  return tx.many(sql`
    SELECT DISTINCT ON (s.person_id, s.missed_id) s.person_id, s.other_id, s.other_theme FROM (
      SELECT e.person_id, o.id AS other_id, o.theme AS other_theme, ${missedAt} AS missed_id, o.starts_at
      FROM activities o
      JOIN activity_people e ON e.org_id = o.org_id AND e.activity_id = ${activity.id}
      JOIN activity_people x ON x.org_id = o.org_id AND x.activity_id = o.id AND x.person_id = e.person_id
      LEFT JOIN attendance t ON t.org_id = o.org_id AND t.activity_id = e.activity_id AND t.person_id = e.person_id
      LEFT JOIN attendance n ON n.org_id = o.org_id AND n.activity_id = o.id AND n.person_id = e.person_id
      WHERE o.org_id = ${tx.orgId} AND o.held_on = ${activity.heldOn} AND o.id <> ${activity.id}
        AND o.starts_at < ${activity.endsAt} AND o.ends_at > ${activity.startsAt} AND ${other}
    ) s
    WHERE NOT EXISTS (SELECT 1 FROM leaves l WHERE l.org_id = ${tx.orgId} AND l.activity_id = s.missed_id AND l.person_id = s.person_id)
    ORDER BY s.person_id, s.missed_id, s.starts_at`)
}

export function listLeaves(
  tx: Tx,
  filter: { personId?: string; status?: LeaveStatus; unitIds?: string[]; from?: LocalDate; to?: LocalDate },
): Promise<LeaveView[]> {
  const conditions: Sql[] = [sql`l.org_id = ${tx.orgId}`]
  if (filter.personId) conditions.push(sql`l.person_id = ${filter.personId}`)
  if (filter.status) conditions.push(sql`l.status = ${filter.status}`)
  if (filter.unitIds) conditions.push(sql`a.unit_id = ANY(${filter.unitIds}::uuid[])`)
  if (filter.from) conditions.push(sql`a.held_on >= ${filter.from}`)
  if (filter.to) conditions.push(sql`a.held_on <= ${filter.to}`)
  return tx.many<LeaveView>(sql`
    SELECT l.id, l.person_id, l.activity_id, l.kind, l.reason, l.asked_at, l.asked_late, l.status, l.decision_note,
      l.advice, l.advice_note, l.clash_activity_id, l.approvals, v.name AS advised_by_name, c.theme AS clash_theme, a.unit_id,
      p.name AS person_name, a.theme, a.held_on, a.starts_at, u.name AS unit_name, a.status AS activity_status, d.name AS decided_by_name
    FROM leaves l JOIN people p ON p.org_id = l.org_id AND p.id = l.person_id
    JOIN activities a ON a.org_id = l.org_id AND a.id = l.activity_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people d ON d.org_id = l.org_id AND d.id = l.decided_by
    LEFT JOIN people v ON v.org_id = l.org_id AND v.id = l.advised_by
    LEFT JOIN activities c ON c.org_id = l.org_id AND c.id = l.clash_activity_id
    WHERE ${join(conditions, ' AND ')} ORDER BY (l.status = 'asked') DESC, a.held_on DESC, l.asked_at DESC LIMIT 500`)
}

// ── Make-up ──────────────────────────────────────────────────────────────────

export interface MakeUpRow {
  id: string
  personId: string
  activityId: string
  missedStatus: 'onLeave' | 'absent'
  dueOn: LocalDate
  note: string
  minutes: number
  handedInAt: Date | null
  status: MakeUpStatus
}
export interface MakeUpView
  extends MakeUpRow,
    Pick<ActivityRow, 'theme' | 'heldOn' | 'startsAt' | 'endsAt' | 'unitId' | 'scope'> {
  personName: string
  unitName: string | null
  decidedByName: string | null
  decisionNote: string
}

/** Opens a make-up for each; one that is open already stays, with the new status. */
export async function openMakeUps(
  tx: Tx,
  activityId: string,
  entries: { id: string; personId: string; missedStatus: 'onLeave' | 'absent'; dueOn: LocalDate }[],
): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map((entry) => ({
    id: entry.id,
    person_id: entry.personId,
    missed_status: entry.missedStatus,
    due_on: entry.dueOn,
  }))
  await tx.run(sql`
    INSERT INTO make_ups (org_id, id, person_id, activity_id, missed_status, due_on, status)
    SELECT ${tx.orgId}, r.id, r.person_id, ${activityId}, r.missed_status, r.due_on, 'due'
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, person_id uuid, missed_status text, due_on date)
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET missed_status = excluded.missed_status`)
}

/** Takes the duty away: the person was there after all. */
export async function deleteMakeUp(tx: Tx, activityId: string, personId: string): Promise<void> {
  await tx.run(
    sql`DELETE FROM make_ups WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND person_id = ${personId}`,
  )
}

/** One make-up, held until the transaction ends unless only `seen`; hold the activity first. */
export function findMakeUp(tx: Tx, where: OfPerson): Promise<MakeUpRow | undefined> {
  return tx.maybe<MakeUpRow>(sql`
    SELECT id, person_id, activity_id, missed_status, due_on, note, minutes, handed_in_at, status FROM make_ups
    WHERE ${thisRecord(tx, where)}`)
}

export async function updateMakeUp(
  tx: Tx,
  makeUp: { id: string; status: MakeUpStatus; note?: string; minutes?: number; decisionNote?: string },
): Promise<void> {
  const handsIn = makeUp.status === 'handedIn'
  await tx.run(sql`
    UPDATE make_ups SET status = ${makeUp.status}, note = coalesce(${makeUp.note ?? null}, note),
      minutes = coalesce(${makeUp.minutes ?? null}::int, minutes),
      handed_in_at = CASE WHEN ${handsIn} THEN ${tx.now}::timestamptz ELSE handed_in_at END,
      decided_by = CASE WHEN ${handsIn} THEN NULL ELSE ${tx.actor.personId}::uuid END,
      decided_at = CASE WHEN ${handsIn} THEN NULL ELSE ${tx.now}::timestamptz END,
      decision_note = coalesce(${makeUp.decisionNote ?? null}, decision_note)
    WHERE org_id = ${tx.orgId} AND id = ${makeUp.id}`)
}

export function listMakeUps(
  tx: Tx,
  filter: { personId?: string; status?: MakeUpStatus; unitIds?: string[] },
): Promise<MakeUpView[]> {
  const conditions: Sql[] = [sql`m.org_id = ${tx.orgId}`]
  if (filter.personId) conditions.push(sql`m.person_id = ${filter.personId}`)
  if (filter.status) conditions.push(sql`m.status = ${filter.status}`)
  if (filter.unitIds) conditions.push(sql`a.unit_id = ANY(${filter.unitIds}::uuid[])`)
  return tx.many<MakeUpView>(sql`
    SELECT m.id, m.person_id, m.activity_id, m.missed_status, m.due_on, m.note, m.minutes, m.handed_in_at, m.status, m.decision_note,
      p.name AS person_name, a.theme, a.held_on, a.starts_at, a.ends_at, a.unit_id, a.scope, u.name AS unit_name, d.name AS decided_by_name
    FROM make_ups m JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    JOIN activities a ON a.org_id = m.org_id AND a.id = m.activity_id
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people d ON d.org_id = m.org_id AND d.id = m.decided_by
    WHERE ${join(conditions, ' AND ')} ORDER BY (m.status = 'confirmed'), m.due_on, p.sort_key LIMIT 500`)
}

// ── Statistics ───────────────────────────────────────────────────────────────

export function listStatistics(
  tx: Tx,
  filter: {
    from: LocalDate
    to: LocalDate
    unitId: string | null
    kind: string | null
    personId: string | null
  },
): Promise<
  {
    personId: string
    name: string
    staffNumber: string
    unitNames: string
    expected: number
    present: number
    late: number
    leftEarly: number
    onLeave: number
    absent: number
    madeUp: number
    minutes: number
  }[]
> {
  return tx.many(sql`
    SELECT p.id AS person_id, p.name, p.staff_number,
      coalesce((SELECT string_agg(DISTINCT u.name, '、') FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.from_on <= ${filter.to} AND (m.to_on IS NULL OR m.to_on >= ${filter.from})), '') AS unit_names,
      count(e.person_id)::int AS expected,
      count(*) FILTER (WHERE t.status = 'present')::int AS present, count(*) FILTER (WHERE t.status = 'late')::int AS late,
      count(*) FILTER (WHERE t.status = 'leftEarly')::int AS left_early, count(*) FILTER (WHERE t.status = 'onLeave')::int AS on_leave,
      count(*) FILTER (WHERE t.status = 'absent')::int AS absent, count(*) FILTER (WHERE k.status = 'confirmed')::int AS made_up,
      coalesce(sum(CASE WHEN t.status NOT IN ('present', 'late', 'leftEarly') THEN 0
        WHEN a.least_sessions IS NULL THEN round(extract(epoch FROM a.ends_at - a.starts_at) / 60)
        ELSE (SELECT coalesce(sum(round(extract(epoch FROM s.ends_at - s.starts_at) / 60)), 0) FROM session_presence q
          JOIN activity_sessions s ON s.org_id = q.org_id AND s.activity_id = q.activity_id AND s.number = q.number
          WHERE q.org_id = t.org_id AND q.activity_id = t.activity_id AND q.person_id = t.person_id) END), 0)::int AS minutes
    FROM attendance t
    JOIN activities a ON a.org_id = t.org_id AND a.id = t.activity_id AND a.status = 'closed'
    JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    LEFT JOIN activity_people e ON e.org_id = t.org_id AND e.activity_id = t.activity_id AND e.person_id = t.person_id
    LEFT JOIN make_ups k ON k.org_id = t.org_id AND k.activity_id = t.activity_id AND k.person_id = t.person_id
    WHERE t.org_id = ${tx.orgId} AND coalesce(a.moved_from, a.held_on) BETWEEN ${filter.from} AND ${filter.to}
      AND (${filter.unitId}::uuid IS NULL OR a.unit_id = ${filter.unitId}::uuid)
      AND (${filter.kind}::text IS NULL OR a.kind = ${filter.kind}::text)
      AND (${filter.personId}::uuid IS NULL OR t.person_id = ${filter.personId}::uuid)
    GROUP BY p.org_id, p.id, p.name, p.staff_number, p.sort_key ORDER BY p.sort_key, p.staff_number`)
}
