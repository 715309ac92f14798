import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'

// ── Materials handed out ahead ───────────────────────────────────────────────

export interface MaterialRow {
  id: string
  activityId: string
  title: string
  note: string
  address: string
  releasedOn: LocalDate
  byChoice: boolean
}

export async function insertMaterial(tx: Tx, row: MaterialRow): Promise<void> {
  await tx.run(sql`
    INSERT INTO activity_materials (org_id, id, activity_id, title, note, address, released_on, by_choice, created_by, created_at)
    VALUES (${tx.orgId}, ${row.id}, ${row.activityId}, ${row.title}, ${row.note}, ${row.address}, ${row.releasedOn}, ${row.byChoice},
      ${tx.actor.personId}, ${tx.now})`)
}

export async function deleteMaterial(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM activity_materials WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export function findMaterial(tx: Tx, id: string): Promise<MaterialRow | undefined> {
  return tx.maybe(sql`
    SELECT id, activity_id, title, note, address, released_on, by_choice FROM activity_materials
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

export function listMaterials(tx: Tx, activityId: string): Promise<MaterialRow[]> {
  return tx.many(sql`
    SELECT id, activity_id, title, note, address, released_on, by_choice FROM activity_materials
    WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} ORDER BY created_at, id`)
}

export function listReceipts(
  tx: Tx,
  activityId: string,
): Promise<{ materialId: string; personId: string; name: string; receivedAt: Date; chosen: boolean }[]> {
  return tx.many(sql`
    SELECT r.material_id, r.person_id, p.name, r.received_at, r.chosen FROM material_receipts r
    JOIN activity_materials m ON m.org_id = r.org_id AND m.id = r.material_id
    JOIN people p ON p.org_id = r.org_id AND p.id = r.person_id
    WHERE r.org_id = ${tx.orgId} AND m.activity_id = ${activityId} ORDER BY p.sort_key`)
}

/** Takes down that somebody has the materials, and which of those to choose from were chosen. */
export async function upsertReceipts(
  tx: Tx,
  personId: string,
  rows: { materialId: string; chosen: boolean }[],
): Promise<void> {
  const records = rows.map((row) => ({ material_id: row.materialId, chosen: row.chosen }))
  await tx.run(sql`
    INSERT INTO material_receipts (org_id, material_id, person_id, received_at, chosen)
    SELECT ${tx.orgId}, r.material_id, ${personId}, ${tx.now}, r.chosen
    FROM jsonb_to_recordset(${JSON.stringify(records)}::jsonb) AS r (material_id uuid, chosen boolean)
    ON CONFLICT (org_id, material_id, person_id) DO UPDATE SET chosen = excluded.chosen`)
}

// ── Sessions ─────────────────────────────────────────────────────────────────

export interface SessionRow {
  number: number
  heldOn: LocalDate
  startsAt: Date
  endsAt: Date
  present: number
}

export function listSessions(tx: Tx, activityId: string): Promise<SessionRow[]> {
  return tx.many(sql`
    SELECT s.number, s.held_on, s.starts_at, s.ends_at, (SELECT count(*)::int FROM session_presence p
      WHERE p.org_id = s.org_id AND p.activity_id = s.activity_id AND p.number = s.number) AS present
    FROM activity_sessions s WHERE s.org_id = ${tx.orgId} AND s.activity_id = ${activityId} ORDER BY s.number`)
}

/** Replaces the sessions of an activity that has not begun; the activity lasts from the first to the last. */
export async function replaceSessions(
  tx: Tx,
  activityId: string,
  input: { least: number | null; sessions: Omit<SessionRow, 'present'>[] },
): Promise<void> {
  await tx.run(sql`DELETE FROM activity_sessions WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
  const rows = input.sessions.map((one) => ({
    number: one.number,
    held_on: one.heldOn,
    starts_at: one.startsAt.toISOString(),
    ends_at: one.endsAt.toISOString(),
  }))
  await tx.run(sql`
    INSERT INTO activity_sessions (org_id, activity_id, number, held_on, starts_at, ends_at)
    SELECT ${tx.orgId}, ${activityId}, r.number, r.held_on, r.starts_at, r.ends_at
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (number int, held_on date, starts_at timestamptz, ends_at timestamptz)`)
  await tx.run(sql`
    UPDATE activities SET least_sessions = ${input.least} WHERE org_id = ${tx.orgId} AND id = ${activityId}`)
}

/** Moves all sessions of an activity by so many days. */
export async function shiftSessions(tx: Tx, activityId: string, days: number): Promise<void> {
  await tx.run(sql`
    UPDATE activity_sessions SET held_on = held_on + ${days}::int, starts_at = starts_at + make_interval(days => ${days}::int),
      ends_at = ends_at + make_interval(days => ${days}::int)
    WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
}

/** Who was there in how many sessions, and for how many minutes. */
export function listSessionMinutes(
  tx: Tx,
  activityId: string,
): Promise<{ personId: string; sessions: number; minutes: number }[]> {
  return tx.many(sql`
    SELECT p.person_id, count(*)::int AS sessions, sum(round(extract(epoch FROM s.ends_at - s.starts_at) / 60))::int AS minutes
    FROM session_presence p JOIN activity_sessions s ON s.org_id = p.org_id AND s.activity_id = p.activity_id AND s.number = p.number
    WHERE p.org_id = ${tx.orgId} AND p.activity_id = ${activityId} GROUP BY p.person_id`)
}

/** At closing: whoever came to enough sessions is present, the others are on leave or absent. */
export async function settleSessions(tx: Tx, activityId: string, least: number): Promise<void> {
  await tx.run(sql`
    UPDATE attendance t SET status = CASE WHEN x.sessions >= ${least} THEN 'present' WHEN x.on_leave THEN 'onLeave' ELSE 'absent' END,
      note = CASE WHEN x.sessions >= ${least} THEN t.note ELSE '到 ' || x.sessions || ' 场，少于 ' || ${least}::text || ' 场' END
    FROM (SELECT a.person_id,
        (SELECT count(*) FROM session_presence p WHERE p.org_id = a.org_id AND p.activity_id = a.activity_id
          AND p.person_id = a.person_id) AS sessions,
        EXISTS (SELECT 1 FROM leaves l WHERE l.org_id = a.org_id AND l.activity_id = a.activity_id
          AND l.person_id = a.person_id AND l.status = 'granted') AS on_leave
      FROM attendance a WHERE a.org_id = ${tx.orgId} AND a.activity_id = ${activityId}) x
    WHERE t.org_id = ${tx.orgId} AND t.activity_id = ${activityId} AND t.person_id = x.person_id
      AND t.status IN ('present', 'late')`)
}

/** Takes down or takes back that people were in a session; whoever came to one has signed in, whoever to none has not. */
export async function setSessionPresence(
  tx: Tx,
  input: { activityId: string; number: number; personIds: string[]; present: boolean },
): Promise<void> {
  if (input.personIds.length === 0) return
  const { activityId, number, personIds } = input
  if (input.present) {
    await tx.run(sql`
      INSERT INTO session_presence (org_id, activity_id, number, person_id, signed_at, recorded_by)
      SELECT ${tx.orgId}, ${activityId}, ${number}, id, ${tx.now}, ${tx.actor.personId} FROM unnest(${personIds}::uuid[]) AS id
      ON CONFLICT DO NOTHING`)
    // The session's own beginning: written down later, nobody is late for it.
    await tx.run(sql`
      INSERT INTO attendance (org_id, activity_id, person_id, status, signed_at, received_at, source, recorded_by)
      SELECT s.org_id, s.activity_id, id, 'signedIn', least(s.starts_at, ${tx.now}), ${tx.now}, 'rollCall', ${tx.actor.personId}
      FROM unnest(${personIds}::uuid[]) AS id
      JOIN activity_sessions s ON s.org_id = ${tx.orgId} AND s.activity_id = ${activityId} AND s.number = ${number}
      ON CONFLICT DO NOTHING`)
    return
  }
  await tx.run(sql`
    DELETE FROM session_presence WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}
      AND number = ${number} AND person_id = ANY(${personIds}::uuid[])`)
  await tx.run(sql`
    DELETE FROM attendance t WHERE t.org_id = ${tx.orgId} AND t.activity_id = ${activityId} AND t.person_id = ANY(${personIds}::uuid[])
      AND t.status = 'signedIn' AND NOT EXISTS (SELECT 1 FROM session_presence p
        WHERE p.org_id = t.org_id AND p.activity_id = t.activity_id AND p.person_id = t.person_id)`)
}

/** Somebody who signed in is there: in every session (whoever runs it), or in the one that is on or comes next. */
export async function addSessionPresence(
  tx: Tx,
  input: { activityId: string; personId: string; which: 'all' | 'now' },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO session_presence (org_id, activity_id, number, person_id, signed_at, recorded_by)
    SELECT s.org_id, s.activity_id, s.number, ${input.personId}, ${tx.now}, ${tx.actor.personId} FROM activity_sessions s
    WHERE s.org_id = ${tx.orgId} AND s.activity_id = ${input.activityId} AND EXISTS (SELECT 1 FROM attendance t
        WHERE t.org_id = s.org_id AND t.activity_id = s.activity_id AND t.person_id = ${input.personId})
      AND (${input.which === 'all'} OR s.number = coalesce(
      (SELECT min(n.number) FROM activity_sessions n WHERE n.org_id = s.org_id AND n.activity_id = s.activity_id AND n.ends_at >= ${tx.now}),
      (SELECT max(n.number) FROM activity_sessions n WHERE n.org_id = s.org_id AND n.activity_id = s.activity_id)))
    ON CONFLICT DO NOTHING`)
}

/** Writes exactly in which sessions one person was. */
export async function replaceSessionsOf(
  tx: Tx,
  input: { activityId: string; personId: string; numbers: number[] },
): Promise<void> {
  await tx.run(sql`
    DELETE FROM session_presence WHERE org_id = ${tx.orgId} AND activity_id = ${input.activityId} AND person_id = ${input.personId}
      AND number <> ALL(${input.numbers}::int[])`)
  await tx.run(sql`
    INSERT INTO session_presence (org_id, activity_id, number, person_id, signed_at, recorded_by)
    SELECT ${tx.orgId}, ${input.activityId}, number, ${input.personId}, ${tx.now}, ${tx.actor.personId}
    FROM unnest(${input.numbers}::int[]) AS number ON CONFLICT DO NOTHING`)
}

/** In which sessions one person was, in order. */
export async function listSessionsOf(tx: Tx, activityId: string, personId: string): Promise<number[]> {
  const rows = await tx.many<{ number: number }>(sql`
    SELECT number FROM session_presence WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}
      AND person_id = ${personId} ORDER BY number`)
  return rows.map((row) => row.number)
}

export async function listSessionPresence(
  tx: Tx,
  activityId: string,
): Promise<{ number: number; personId: string }[]> {
  return tx.many(sql`
    SELECT number, person_id FROM session_presence WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}`)
}

// ── Enrolment ────────────────────────────────────────────────────────────────

export interface EnrolmentRow {
  personId: string
  name: string
  status: 'enrolled' | 'waiting' | 'left'
  at: Date
  movedUpAt: Date | null
  seenAt: Date | null
}

/** Enrolled first, then those who wait, each in the order in which they came. */
export function listEnrolments(tx: Tx, activityId: string): Promise<EnrolmentRow[]> {
  return tx.many(sql`
    SELECT e.person_id, p.name, e.status, e.at, e.moved_up_at, e.seen_at FROM enrolments e
    JOIN people p ON p.org_id = e.org_id AND p.id = e.person_id
    WHERE e.org_id = ${tx.orgId} AND e.activity_id = ${activityId} AND e.status <> 'left'
    ORDER BY e.status, e.at, e.person_id`)
}

export async function upsertEnrolment(
  tx: Tx,
  row: { activityId: string; personId: string; status: EnrolmentRow['status']; movedUp?: boolean },
): Promise<void> {
  const movedUpAt = row.movedUp ? tx.now : null
  await tx.run(sql`
    INSERT INTO enrolments (org_id, activity_id, person_id, status, at, moved_up_at)
    -- Two in the same instant still stand one after the other.
    SELECT ${tx.orgId}, ${row.activityId}, ${row.personId}, ${row.status}, greatest(${tx.now}::timestamptz, max(e.at) + interval '1 millisecond'),
      ${movedUpAt}::timestamptz
    FROM enrolments e WHERE e.org_id = ${tx.orgId} AND e.activity_id = ${row.activityId}
    ON CONFLICT (org_id, activity_id, person_id) DO UPDATE SET status = excluded.status, moved_up_at = excluded.moved_up_at,
      seen_at = NULL, at = CASE WHEN enrolments.status = 'left' THEN excluded.at ELSE enrolments.at END`)
}

export async function markSeen(tx: Tx, activityId: string, personId: string): Promise<void> {
  await tx.run(sql`
    UPDATE enrolments SET seen_at = ${tx.now} WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}
      AND person_id = ${personId} AND seen_at IS NULL`)
}

export async function updateEnrolmentSettings(
  tx: Tx,
  input: { id: string; byEnrolment: boolean; capacity: number | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET by_enrolment = ${input.byEnrolment}, capacity = ${input.capacity}
    WHERE org_id = ${tx.orgId} AND id = ${input.id}`)
}

/** Puts somebody on the list of a running activity. */
export async function addExpected(tx: Tx, activityId: string, personId: string): Promise<void> {
  await tx.run(sql`
    INSERT INTO activity_people (org_id, activity_id, person_id) VALUES (${tx.orgId}, ${activityId}, ${personId})
    ON CONFLICT DO NOTHING`)
}

// ── Guests ───────────────────────────────────────────────────────────────────

export interface GuestRow {
  id: string
  name: string
  school: string
  signedAt: Date
}

export function listGuests(tx: Tx, activityId: string): Promise<GuestRow[]> {
  return tx.many(sql`
    SELECT id, name, school, signed_at FROM activity_guests WHERE org_id = ${tx.orgId} AND activity_id = ${activityId}
    ORDER BY signed_at, id`)
}

/** Returns whether the guest is new. */
export async function insertGuest(
  tx: Tx,
  guest: { id: string; activityId: string; name: string; school: string },
): Promise<boolean> {
  const made = await tx.run(sql`
    INSERT INTO activity_guests (org_id, id, activity_id, name, school, signed_at, recorded_by)
    SELECT a.org_id, ${guest.id}, a.id, ${guest.name}, ${guest.school}, ${tx.now}, ${tx.actor.personId}
    FROM activities a WHERE a.org_id = ${tx.orgId} AND a.id = ${guest.activityId} AND a.status IN ('running', 'closed')
    ON CONFLICT (org_id, activity_id, name, school) DO NOTHING`)
  return made > 0
}

export async function deleteGuest(tx: Tx, activityId: string, guestId: string): Promise<number> {
  return tx.run(sql`
    DELETE FROM activity_guests WHERE org_id = ${tx.orgId} AND activity_id = ${activityId} AND id = ${guestId}`)
}

// ── Minutes confirmed, and what waits for somebody ───────────────────────────

export async function confirmMinutes(tx: Tx, activityId: string): Promise<void> {
  await tx.run(sql`
    UPDATE activities SET minutes_confirmed_at = ${tx.now}, minutes_confirmed_by = ${tx.actor.personId}
    WHERE org_id = ${tx.orgId} AND id = ${activityId}`)
}

/** What of activities waits for a person: materials not received, minutes to confirm, moved up from the waiting list. */
export function listNotices(
  tx: Tx,
  personId: string,
): Promise<
  { kind: 'movedUp' | 'materials' | 'minutes'; activityId: string; theme: string; heldOn: LocalDate }[]
> {
  return tx.many(sql`
    SELECT 'movedUp' AS kind, a.id AS activity_id, a.theme, a.held_on FROM enrolments e
    JOIN activities a ON a.org_id = e.org_id AND a.id = e.activity_id AND a.status IN ('planned', 'running')
    WHERE e.org_id = ${tx.orgId} AND e.person_id = ${personId} AND e.status = 'enrolled' AND e.moved_up_at IS NOT NULL AND e.seen_at IS NULL
    UNION ALL
    SELECT 'materials', a.id, a.theme, a.held_on FROM activities a
    WHERE a.org_id = ${tx.orgId} AND a.status = 'planned' AND a.held_on BETWEEN ${tx.today} AND ${tx.today}::date + 60
      AND (a.unit_id = ANY(${[...tx.actor.unitIds]}::uuid[]) OR (a.scope = 'organisation' AND NOT a.by_enrolment)
        OR EXISTS (SELECT 1 FROM enrolments e WHERE e.org_id = a.org_id AND e.activity_id = a.id AND e.person_id = ${personId} AND e.status = 'enrolled'))
      AND EXISTS (SELECT 1 FROM activity_materials m WHERE m.org_id = a.org_id AND m.activity_id = a.id AND m.released_on <= ${tx.today}
        AND NOT EXISTS (SELECT 1 FROM material_receipts r WHERE r.org_id = m.org_id AND r.material_id = m.id AND r.person_id = ${personId}))
    UNION ALL
    SELECT 'minutes', a.id, a.theme, a.held_on FROM activities a
    WHERE a.org_id = ${tx.orgId} AND a.status = 'closed' AND a.host_id = ${personId} AND a.recorder_id IS NOT NULL
      AND a.minutes_confirmed_at IS NULL AND a.minutes_version > 0 AND a.minutes_saved_by IS DISTINCT FROM ${personId}
      AND a.held_on >= ${tx.today}::date - 60
    ORDER BY 4 LIMIT 20`)
}
