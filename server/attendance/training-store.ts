import type { LocalDate } from '../../engine/types.ts'
import { empty, join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { FinalStatus, Organiser, TrainingStatus } from './words.ts'

export interface TrainingRow {
  id: string
  title: string
  kind: string
  organiser: Organiser
  organiserName: string
  place: string
  heldOn: LocalDate
  endedOn: LocalDate
  minutes: number
  note: string
  status: TrainingStatus
  recordedBy: string | null
  recordedAt: Date
  decisionNote: string
}
export interface TrainingPerson {
  personId: string
  name: string
  status: FinalStatus
  version: number
}
export interface TrainingRead extends TrainingRow {
  recordedByName: string | null
  people: { id: string; name: string; status: FinalStatus }[]
  attachments: number
}

/** One training, held until the transaction ends unless only `seen`. */
export function findTraining(tx: Tx, id: string, seen = false): Promise<TrainingRow | undefined> {
  return tx.maybe<TrainingRow>(sql`
    SELECT id, title, kind, organiser, organiser_name, place, held_on, ended_on, minutes, note, status, recorded_by, recorded_at, decision_note
    FROM outside_trainings WHERE org_id = ${tx.orgId} AND id = ${id} ${seen ? empty : sql`FOR UPDATE`}`)
}

export function listTrainingPeople(tx: Tx, trainingId: string): Promise<TrainingPerson[]> {
  return tx.many<TrainingPerson>(sql`
    SELECT t.person_id, p.name, t.status, t.version FROM outside_training_people t
    JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    WHERE t.org_id = ${tx.orgId} AND t.training_id = ${trainingId} ORDER BY p.sort_key, p.staff_number`)
}

export async function upsertTraining(
  tx: Tx,
  training: Omit<TrainingRow, 'recordedAt' | 'decisionNote'>,
): Promise<void> {
  await tx.run(sql`
    INSERT INTO outside_trainings (org_id, id, title, kind, organiser, organiser_name, place, held_on, ended_on, minutes, note,
      status, recorded_by, recorded_at)
    VALUES (${tx.orgId}, ${training.id}, ${training.title}, ${training.kind}, ${training.organiser}, ${training.organiserName},
      ${training.place}, ${training.heldOn}, ${training.endedOn}, ${training.minutes}, ${training.note}, ${training.status},
      ${training.recordedBy}, ${tx.now})
    ON CONFLICT (org_id, id) DO UPDATE SET title = excluded.title, kind = excluded.kind, organiser = excluded.organiser,
      organiser_name = excluded.organiser_name, place = excluded.place, held_on = excluded.held_on, ended_on = excluded.ended_on,
      minutes = excluded.minutes, note = excluded.note, status = excluded.status, decision_note = ''`)
}

/** Replaces who took part; everybody gets a version higher than any before, so that new facts can be left. */
export async function replacePeople(
  tx: Tx,
  trainingId: string,
  people: { personId: string; status: FinalStatus; version: number }[],
): Promise<void> {
  await tx.run(
    sql`DELETE FROM outside_training_people WHERE org_id = ${tx.orgId} AND training_id = ${trainingId}`,
  )
  await tx.run(sql`
    INSERT INTO outside_training_people (org_id, training_id, person_id, status, version)
    SELECT ${tx.orgId}, ${trainingId}, r.person_id, r.status, r.version
    FROM jsonb_to_recordset(${JSON.stringify(
      people.map((one) => ({ person_id: one.personId, status: one.status, version: one.version })),
    )}::jsonb) AS r (person_id uuid, status text, version int)`)
}

export async function updateTraining(
  tx: Tx,
  training: { id: string; status: TrainingStatus; note: string },
): Promise<void> {
  await tx.run(sql`
    UPDATE outside_trainings SET status = ${training.status}, decision_note = ${training.note}, decided_by = ${tx.actor.personId},
      decided_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${training.id}`)
}

/** Trainings with their people, latest first. */
export function listTrainings(
  tx: Tx,
  filter: {
    id?: string
    from?: LocalDate
    to?: LocalDate
    search?: string
    personId?: string
    status?: TrainingStatus
  },
): Promise<TrainingRead[]> {
  const conditions: Sql[] = [sql`o.org_id = ${tx.orgId}`]
  if (filter.id) conditions.push(sql`o.id = ${filter.id}`)
  else conditions.push(sql`o.status <> 'removed'`)
  if (filter.from) conditions.push(sql`o.ended_on >= ${filter.from}`)
  if (filter.to) conditions.push(sql`o.held_on <= ${filter.to}`)
  if (filter.status) conditions.push(sql`o.status = ${filter.status}`)
  if (filter.personId)
    conditions.push(sql`EXISTS (SELECT 1 FROM outside_training_people m WHERE m.org_id = o.org_id AND m.training_id = o.id
      AND m.person_id = ${filter.personId})`)
  if (filter.search) {
    const pattern = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
    conditions.push(sql`(o.title LIKE ${pattern} OR o.organiser_name LIKE ${pattern})`)
  }
  return tx.many<TrainingRead>(sql`
    SELECT o.id, o.title, o.kind, o.organiser, o.organiser_name, o.place, o.held_on, o.ended_on, o.minutes, o.note, o.status,
      o.recorded_by, o.recorded_at, o.decision_note, r.name AS recorded_by_name,
      (SELECT coalesce(json_agg(json_build_object('id', p.id, 'name', p.name, 'status', t.status) ORDER BY p.sort_key, p.staff_number), '[]'::json)
        FROM outside_training_people t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
        WHERE t.org_id = o.org_id AND t.training_id = o.id) AS people,
      (SELECT count(*)::int FROM attachments x WHERE x.org_id = o.org_id AND x.owner_room = 'training' AND x.owner_id = o.id
        AND x.removed_at IS NULL) AS attachments
    FROM outside_trainings o LEFT JOIN people r ON r.org_id = o.org_id AND r.id = o.recorded_by
    WHERE ${join(conditions, ' AND ')} ORDER BY o.held_on DESC, o.recorded_at DESC LIMIT 500`)
}

/** Names of organisers as they were written before, the latest first. */
export function listOrganiserNames(tx: Tx): Promise<{ organiser: Organiser; name: string }[]> {
  return tx.many(sql`
    SELECT organiser, organiser_name AS name FROM outside_trainings
    WHERE org_id = ${tx.orgId} AND organiser_name <> '' AND status <> 'removed'
    GROUP BY organiser, organiser_name ORDER BY max(recorded_at) DESC LIMIT 40`)
}

/** The same training of the same day recorded before, so that nobody counts twice. */
export function findSameTraining(
  tx: Tx,
  training: { id: string; title: string; heldOn: LocalDate; personIds: string[] },
): Promise<{ name: string; recordedByName: string | null } | undefined> {
  return tx.maybe(sql`
    SELECT p.name, r.name AS recorded_by_name FROM outside_trainings o
    JOIN outside_training_people t ON t.org_id = o.org_id AND t.training_id = o.id AND t.person_id = ANY(${training.personIds}::uuid[])
    JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id
    LEFT JOIN people r ON r.org_id = o.org_id AND r.id = o.recorded_by
    WHERE o.org_id = ${tx.orgId} AND o.id <> ${training.id} AND o.status IN ('reported', 'confirmed')
      AND o.title = ${training.title} AND o.held_on = ${training.heldOn} LIMIT 1`)
}

/** Confirmed trainings between two days by level of the organiser. */
export function listByOrganiser(
  tx: Tx,
  period: { from: LocalDate; to: LocalDate; personId: string | null },
): Promise<{ organiser: Organiser; trainings: number; attended: number }[]> {
  return tx.many(sql`
    SELECT o.organiser, count(DISTINCT o.id)::int AS trainings,
      count(*) FILTER (WHERE t.status IN ('present', 'late', 'leftEarly'))::int AS attended
    FROM outside_trainings o JOIN outside_training_people t ON t.org_id = o.org_id AND t.training_id = o.id
    WHERE o.org_id = ${tx.orgId} AND o.status = 'confirmed' AND o.held_on BETWEEN ${period.from} AND ${period.to}
      AND (${period.personId}::uuid IS NULL OR t.person_id = ${period.personId}::uuid)
    GROUP BY o.organiser ORDER BY 2 DESC`)
}

/** Members of the units somebody leads today. */
export function listLed(tx: Tx, unitIds: string[]): Promise<{ id: string; name: string }[]> {
  return tx.many(sql`
    SELECT p.id, p.name FROM people p WHERE p.org_id = ${tx.orgId} AND EXISTS (
      SELECT 1 FROM memberships m WHERE m.org_id = p.org_id AND m.person_id = p.id AND m.unit_id = ANY(${unitIds}::uuid[])
        AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today}))
    ORDER BY p.sort_key, p.staff_number`)
}

/** Names of everybody ever on the staff, by id. */
export async function listNames(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.many<{ id: string; name: string }>(
    sql`SELECT id, name FROM people WHERE org_id = ${tx.orgId}`,
  )
  return new Map(rows.map((row) => [row.id, row.name]))
}
