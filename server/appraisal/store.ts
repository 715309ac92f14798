import type { LocalDate } from '../../engine/types.ts'
import { empty, sql, type Tx } from '../kit/sql.ts'
import type { ScorePart } from './words.ts'

export interface ScoreRow {
  id: string
  personId: string
  personName: string
  part: ScorePart
  voice: string
  title: string
  scoredOn: LocalDate
  points: number
  remark: string
  recordedByName: string | null
  recordedAt: Date
  reversedAt: Date | null
}
export interface SheetKey {
  part: ScorePart
  voice: string
  title: string
  scoredOn: LocalDate
}
export interface NewScore {
  id: string
  personId: string
  points: number
  remark: string
}

const select = sql`
  SELECT s.id, s.subject_id AS person_id, p.name AS person_name, s.part, s.voice, s.title, s.scored_on, s.points, s.remark,
    r.name AS recorded_by_name, s.recorded_at, s.reversed_at
  FROM scores s
  JOIN people p ON p.org_id = s.org_id AND p.id = s.subject_id
  LEFT JOIN people r ON r.org_id = s.org_id AND r.id = s.recorded_by`

/** One sheet is written by one at a time. */
export async function lockSheet(tx: Tx, sheet: SheetKey): Promise<void> {
  const name = `scores:${tx.orgId}:${sheet.part}:${sheet.voice}:${sheet.title}:${sheet.scoredOn}`
  await tx.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
}

export function listStanding(tx: Tx, sheet: SheetKey): Promise<ScoreRow[]> {
  return tx.many<ScoreRow>(sql`
    ${select} WHERE s.org_id = ${tx.orgId} AND s.subject_kind = 'person' AND s.part = ${sheet.part} AND s.voice = ${sheet.voice}
      AND s.title = ${sheet.title} AND s.scored_on = ${sheet.scoredOn} AND s.reversed_at IS NULL
    ORDER BY p.sort_key, p.staff_number`)
}

export function listOfPerson(tx: Tx, personId: string): Promise<ScoreRow[]> {
  return tx.many<ScoreRow>(sql`
    ${select} WHERE s.org_id = ${tx.orgId} AND s.subject_kind = 'person' AND s.subject_id = ${personId}
    ORDER BY s.scored_on DESC, s.recorded_at DESC LIMIT 500`)
}

export function lockScore(tx: Tx, id: string): Promise<ScoreRow | undefined> {
  return tx.maybe<ScoreRow>(
    sql`${select} WHERE s.org_id = ${tx.orgId} AND s.subject_kind = 'person' AND s.id = ${id} FOR UPDATE OF s`,
  )
}

export function listSheets(
  tx: Tx,
  part?: ScorePart,
): Promise<(SheetKey & { people: number; average: number })[]> {
  return tx.many(sql`
    SELECT part, voice, title, scored_on, count(*) AS people, round(avg(points), 1) AS average FROM scores
    WHERE org_id = ${tx.orgId} AND subject_kind = 'person' AND reversed_at IS NULL ${part ? sql`AND part = ${part}` : empty}
    GROUP BY part, voice, title, scored_on ORDER BY scored_on DESC, title, voice LIMIT 300`)
}

export async function insertScores(tx: Tx, sheet: SheetKey, scores: NewScore[]): Promise<void> {
  const rows = scores.map((score) => ({ ...score, person_id: score.personId }))
  await tx.run(sql`
    INSERT INTO scores (org_id, id, subject_kind, subject_id, part, voice, title, scored_on, points, remark, recorded_by, recorded_at)
    SELECT ${tx.orgId}::uuid, r.id, 'person', r.person_id, ${sheet.part}, ${sheet.voice}, ${sheet.title}, ${sheet.scoredOn}::date,
      r.points, r.remark, ${tx.actor.personId}::uuid, ${tx.now}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, person_id uuid, points numeric, remark text)`)
}

export async function markReversed(tx: Tx, ids: string[]): Promise<void> {
  await tx.run(sql`
    UPDATE scores SET reversed_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ANY (${ids}::uuid[])`)
}

/** Which of these people are on the register of the school at all. */
export async function listKnownPeople(tx: Tx, ids: string[]): Promise<Set<string>> {
  const rows = await tx.many<{ id: string }>(sql`
    SELECT id FROM people WHERE org_id = ${tx.orgId} AND id = ANY (${ids}::uuid[])`)
  return new Set(rows.map((row) => row.id))
}

/** People in service with their first group, for the grid. */
export function listPeopleWithGroup(
  tx: Tx,
): Promise<{ id: string; name: string; staffNumber: string; group: string }[]> {
  return tx.many(sql`
    SELECT p.id, p.name, p.staff_number, coalesce(g.name, '') AS "group" FROM people p
    LEFT JOIN LATERAL (
      SELECT u.name FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
      WHERE m.org_id = p.org_id AND m.person_id = p.id AND u.kind NOT IN ('body', 'department')
        AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})
      ORDER BY u.kind = 'teachingResearchGroup' DESC, u.name LIMIT 1) g ON true
    WHERE p.org_id = ${tx.orgId} AND EXISTS (
      SELECT 1 FROM service_periods s WHERE s.org_id = p.org_id AND s.person_id = p.id
        AND s.from_on <= ${tx.today} AND (s.to_on IS NULL OR s.to_on >= ${tx.today}))
    ORDER BY g.name NULLS LAST, p.sort_key, p.staff_number`)
}
