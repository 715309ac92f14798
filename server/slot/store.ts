import type { LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { DayPart, Parity, ShiftStatus, SlotStatus } from './words.ts'

export interface SlotRow {
  id: string
  unitId: string | null
  unitName: string | null
  /** Day on which the group was dissolved. */
  unitTo: LocalDate | null
  title: string
  studyKind: string
  place: string
  weekday: number
  dayPart: DayPart
  firstPeriod: number | null
  lastPeriod: number | null
  starts: string
  ends: string
  parity: Parity
  from: LocalDate
  /** The last day; that of the group where it was dissolved before. */
  to: LocalDate | null
  status: SlotStatus
  number: string | null
  note: string
  proposedBy: string | null
  proposedByName: string | null
  decidedByName: string | null
  version: number
}
export type NewSlot = Omit<
  SlotRow,
  'unitName' | 'unitTo' | 'number' | 'note' | 'proposedBy' | 'proposedByName' | 'decidedByName' | 'version'
>

const columns = sql`s.id, s.unit_id, u.name AS unit_name, u.to_on AS unit_to, s.title, s.study_kind, s.place, s.weekday,
  s.day_part, s.first_period, s.last_period, s.starts, s.ends, s.parity, s.from_on AS "from",
  least(s.to_on, u.to_on) AS "to", s.status, s.number, s.note, s.proposed_by, p.name AS proposed_by_name,
  d.name AS decided_by_name, s.version`
const joins = sql`LEFT JOIN units u ON u.org_id = s.org_id AND u.id = s.unit_id
  LEFT JOIN people p ON p.org_id = s.org_id AND p.id = s.proposed_by
  LEFT JOIN people d ON d.org_id = s.org_id AND d.id = s.decided_by`

/** All fixed times, those of the school first; a dissolved group's end with it. */
export function listSlots(tx: Tx): Promise<SlotRow[]> {
  return tx.many<SlotRow>(sql`
    SELECT ${columns} FROM slots s ${joins} WHERE s.org_id = ${tx.orgId}
    ORDER BY (s.unit_id IS NOT NULL), s.weekday, s.starts, u.name, s.id`)
}
export function findSlot(tx: Tx, id: string): Promise<SlotRow | undefined> {
  return tx.maybe<SlotRow>(
    sql`SELECT ${columns} FROM slots s ${joins} WHERE s.org_id = ${tx.orgId} AND s.id = ${id}`,
  )
}
/** Two who set fixed times at once take turns, so that neither overlooks the other's. */
export async function lockSlots(tx: Tx): Promise<void> {
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${`slots:${tx.orgId}`}, 0))`)
}

export async function insertSlot(tx: Tx, slot: NewSlot & { number: string | null }): Promise<void> {
  await tx.run(sql`
    INSERT INTO slots (org_id, id, unit_id, title, study_kind, place, weekday, day_part, first_period, last_period, starts,
      ends, parity, from_on, to_on, status, number, proposed_by, proposed_at, decided_by, decided_at)
    VALUES (${tx.orgId}, ${slot.id}, ${slot.unitId}, ${slot.title}, ${slot.studyKind}, ${slot.place}, ${slot.weekday},
      ${slot.dayPart}, ${slot.firstPeriod}, ${slot.lastPeriod}, ${slot.starts}, ${slot.ends}, ${slot.parity}, ${slot.from},
      ${slot.to}, ${slot.status}, ${slot.number}, ${tx.actor.personId}, ${tx.now},
      ${slot.status === 'filed' ? tx.actor.personId : null}, ${slot.status === 'filed' ? tx.now : null})`)
}
export async function updateSlot(tx: Tx, slot: NewSlot): Promise<void> {
  await tx.run(sql`
    UPDATE slots SET title = ${slot.title}, study_kind = ${slot.studyKind}, place = ${slot.place},
      weekday = ${slot.weekday}, day_part = ${slot.dayPart}, first_period = ${slot.firstPeriod},
      last_period = ${slot.lastPeriod}, starts = ${slot.starts}, ends = ${slot.ends}, parity = ${slot.parity},
      from_on = ${slot.from}, to_on = ${slot.to}, status = ${slot.status}, version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${slot.id}`)
}
export async function decideSlot(
  tx: Tx,
  slot: { id: string; status: SlotStatus; number: string | null; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE slots SET status = ${slot.status}, number = ${slot.number}, note = ${slot.note},
      decided_by = ${tx.actor.personId}, decided_at = ${tx.now}, version = version + 1
    WHERE org_id = ${tx.orgId} AND id = ${slot.id}`)
}
/** Ends a fixed time after its last day; what never began is withdrawn as a whole. */
export async function endSlot(tx: Tx, slot: { id: string; lastDay: LocalDate | null }): Promise<void> {
  await tx.run(
    slot.lastDay === null
      ? sql`UPDATE slots SET status = 'withdrawn', version = version + 1 WHERE org_id = ${tx.orgId} AND id = ${slot.id}`
      : sql`UPDATE slots SET to_on = ${slot.lastDay}, version = version + 1 WHERE org_id = ${tx.orgId} AND id = ${slot.id}`,
  )
}
/** How many numbers were given in a year. */
export async function countNumbers(tx: Tx, beginning: string): Promise<number> {
  const row = await tx.one<{ count: number }>(
    sql`SELECT count(*) FROM slots WHERE org_id = ${tx.orgId} AND number LIKE ${`${beginning}%`}`,
  )
  return row.count
}

// ── Occurrences on another day ───────────────────────────────────────────────

export interface ShiftRow {
  id: string
  slotId: string
  originalOn: LocalDate
  newOn: LocalDate
  reason: string
  status: ShiftStatus
  askedByName: string | null
  decidedByName: string | null
  decisionNote: string
}
const shiftColumns = sql`h.id, h.slot_id, h.original_on, h.new_on, h.reason, h.status, p.name AS asked_by_name,
  d.name AS decided_by_name, h.decision_note`
const shiftJoins = sql`LEFT JOIN people p ON p.org_id = h.org_id AND p.id = h.asked_by
  LEFT JOIN people d ON d.org_id = h.org_id AND d.id = h.decided_by`

/** Moved occurrences whose old or new day lies on or after a day. */
export function listShifts(tx: Tx, from: LocalDate): Promise<ShiftRow[]> {
  return tx.many<ShiftRow>(sql`
    SELECT ${shiftColumns} FROM slot_shifts h ${shiftJoins}
    WHERE h.org_id = ${tx.orgId} AND greatest(h.original_on, h.new_on) >= ${from} ORDER BY h.original_on DESC, h.id`)
}
export function findShift(tx: Tx, id: string): Promise<ShiftRow | undefined> {
  return tx.maybe<ShiftRow>(
    sql`SELECT ${shiftColumns} FROM slot_shifts h ${shiftJoins} WHERE h.org_id = ${tx.orgId} AND h.id = ${id}`,
  )
}
export function findShiftOf(tx: Tx, slotId: string, originalOn: LocalDate): Promise<ShiftRow | undefined> {
  return tx.maybe<ShiftRow>(sql`
    SELECT ${shiftColumns} FROM slot_shifts h ${shiftJoins}
    WHERE h.org_id = ${tx.orgId} AND h.slot_id = ${slotId} AND h.original_on = ${originalOn} AND h.status <> 'declined'`)
}
export async function insertShift(
  tx: Tx,
  shift: {
    id: string
    slotId: string
    originalOn: LocalDate
    newOn: LocalDate
    reason: string
    status: ShiftStatus
    activityId: string | null
  },
): Promise<void> {
  const granted = shift.status === 'granted'
  await tx.run(sql`
    INSERT INTO slot_shifts (org_id, id, slot_id, original_on, new_on, reason, status, asked_by, asked_at, decided_by,
      decided_at, activity_id)
    VALUES (${tx.orgId}, ${shift.id}, ${shift.slotId}, ${shift.originalOn}, ${shift.newOn}, ${shift.reason}, ${shift.status},
      ${tx.actor.personId}, ${tx.now}, ${granted ? tx.actor.personId : null}, ${granted ? tx.now : null}, ${shift.activityId})`)
}
export async function updateShift(
  tx: Tx,
  shift: { id: string; status: ShiftStatus; note: string; activityId: string | null },
): Promise<void> {
  await tx.run(sql`
    UPDATE slot_shifts SET status = ${shift.status}, decision_note = ${shift.note}, decided_by = ${tx.actor.personId},
      decided_at = ${tx.now}, activity_id = ${shift.activityId} WHERE org_id = ${tx.orgId} AND id = ${shift.id}`)
}

// ── Lessons of the timetable ─────────────────────────────────────────────────

export interface TimetableLesson {
  personId: string
  personName: string
  weekday: number
  period: number
  parity: Parity
  what: string
}
/** Lessons on a weekday of a term of people who serve on a day: of a unit's members, or of everybody. */
export function listLessonsOfUnit(
  tx: Tx,
  input: { termId: string; weekday: number; unitId: string | null; on: LocalDate },
): Promise<TimetableLesson[]> {
  return tx.many<TimetableLesson>(sql`
    SELECT l.person_id, p.name AS person_name, l.weekday, l.period, l.parity, l.what FROM timetable_lessons l
    JOIN people p ON p.org_id = l.org_id AND p.id = l.person_id
    WHERE l.org_id = ${tx.orgId} AND l.term_id = ${input.termId} AND l.weekday = ${input.weekday}
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = l.org_id AND s.person_id = l.person_id
        AND s.from_on <= ${input.on} AND (s.to_on IS NULL OR s.to_on >= ${input.on}))
      AND NOT EXISTS (SELECT 1 FROM long_absences a WHERE a.org_id = l.org_id AND a.person_id = l.person_id
        AND a.from_on <= ${input.on} AND (a.to_on IS NULL OR a.to_on >= ${input.on}))
      AND (${input.unitId}::uuid IS NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = l.org_id
        AND m.unit_id = ${input.unitId} AND m.person_id = l.person_id AND m.from_on <= ${input.on}
        AND (m.to_on IS NULL OR m.to_on >= ${input.on})))
    ORDER BY p.sort_key, p.staff_number, l.period`)
}
/** Lessons on these weekdays of a term of everybody who serves on a day. */
export function listLessonsOn(
  tx: Tx,
  input: { termId: string; weekdays: number[]; on: LocalDate },
): Promise<TimetableLesson[]> {
  return tx.many<TimetableLesson>(sql`
    SELECT l.person_id, p.name AS person_name, l.weekday, l.period, l.parity, l.what FROM timetable_lessons l
    JOIN people p ON p.org_id = l.org_id AND p.id = l.person_id
    WHERE l.org_id = ${tx.orgId} AND l.term_id = ${input.termId} AND l.weekday = ANY(${input.weekdays}::int[])
      AND EXISTS (SELECT 1 FROM service_periods s WHERE s.org_id = l.org_id AND s.person_id = l.person_id
        AND s.from_on <= ${input.on} AND (s.to_on IS NULL OR s.to_on >= ${input.on}))
      AND NOT EXISTS (SELECT 1 FROM long_absences a WHERE a.org_id = l.org_id AND a.person_id = l.person_id
        AND a.from_on <= ${input.on} AND (a.to_on IS NULL OR a.to_on >= ${input.on}))
    ORDER BY p.sort_key, p.staff_number, l.period`)
}
export function listLessonsOfPerson(
  tx: Tx,
  termId: string,
  personId: string,
): Promise<{ weekday: number; period: number; parity: Parity; what: string }[]> {
  return tx.many(sql`
    SELECT weekday, period, parity, what FROM timetable_lessons
    WHERE org_id = ${tx.orgId} AND term_id = ${termId} AND person_id = ${personId} ORDER BY weekday, period`)
}
export async function countLessons(tx: Tx, termId: string): Promise<{ lessons: number; people: number }> {
  return tx.one(sql`
    SELECT count(*)::int AS lessons, count(DISTINCT person_id)::int AS people FROM timetable_lessons
    WHERE org_id = ${tx.orgId} AND term_id = ${termId}`)
}
/** Replaces the whole timetable of a term. */
export async function replaceLessons(
  tx: Tx,
  termId: string,
  lessons: Omit<TimetableLesson, 'personName'>[],
): Promise<void> {
  await tx.run(sql`DELETE FROM timetable_lessons WHERE org_id = ${tx.orgId} AND term_id = ${termId}`)
  await tx.run(sql`
    INSERT INTO timetable_lessons (org_id, term_id, person_id, weekday, period, parity, what)
    SELECT ${tx.orgId}, ${termId}, r."personId", r.weekday, r.period, r.parity, r.what
    FROM jsonb_to_recordset(${JSON.stringify(lessons)}::jsonb) AS r ("personId" uuid, weekday int, period int, parity text, what text)`)
}

/** Who is a member of which unit on a day; units that have fixed times only. */
export function listMembersOfSlots(
  tx: Tx,
  on: LocalDate,
): Promise<{ unitId: string; personId: string; personName: string }[]> {
  return tx.many(sql`
    SELECT m.unit_id, m.person_id, p.name AS person_name FROM memberships m
    JOIN people p ON p.org_id = m.org_id AND p.id = m.person_id
    WHERE m.org_id = ${tx.orgId} AND m.from_on <= ${on} AND (m.to_on IS NULL OR m.to_on >= ${on})
    ORDER BY p.sort_key, p.staff_number`)
}

/** A planned activity of the owner of a fixed time on a day. */
export function findActivityAt(
  tx: Tx,
  unitId: string | null,
  day: LocalDate,
): Promise<{ id: string; theme: string; heldOn: LocalDate } | undefined> {
  return tx.maybe(sql`
    SELECT id, theme, held_on FROM activities WHERE org_id = ${tx.orgId} AND status = 'planned' AND held_on = ${day}
      AND unit_id IS NOT DISTINCT FROM ${unitId}::uuid ORDER BY starts_at LIMIT 1`)
}
/** When a group, or the whole school, already has an activity. */
export function listTakenTimes(
  tx: Tx,
  input: { unitId: string; from: LocalDate; to: LocalDate },
): Promise<{ day: LocalDate; startsAt: Date; endsAt: Date }[]> {
  return tx.many(sql`
    SELECT held_on AS day, starts_at, ends_at FROM activities
    WHERE org_id = ${tx.orgId} AND status <> 'cancelled' AND held_on BETWEEN ${input.from} AND ${input.to}
      AND (unit_id = ${input.unitId} OR scope = 'organisation')`)
}
/** Days on which the owner already has an activity (by the day first planned). */
export async function listActivityDays(tx: Tx, unitId: string | null, from: LocalDate): Promise<LocalDate[]> {
  const rows = await tx.many<{ day: LocalDate }>(sql`
    SELECT coalesce(moved_from, held_on) AS day FROM activities
    WHERE org_id = ${tx.orgId} AND status <> 'cancelled' AND unit_id IS NOT DISTINCT FROM ${unitId}::uuid
      AND coalesce(moved_from, held_on) >= ${from}`)
  return rows.map((row) => row.day)
}
