import type { ClosedRange, LocalDate } from '../../engine/types.ts'
import { sql, type Tx } from '../kit/sql.ts'
import type { AgendaWho } from './agenda.ts'

export interface AgendaActivity {
  id: string
  scope: 'organisation' | 'group' | 'body'
  unitId: string | null
  unitName: string | null
  theme: string
  place: string
  heldOn: LocalDate
  movedFrom: LocalDate | null
  startsAt: Date
  endsAt: Date
  status: 'planned' | 'running' | 'closed' | 'cancelled'
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  speakerName: string | null
  isMine: boolean
}

/** Activities of a range with no more than a calendar shows. */
export function listActivitiesForAgenda(
  tx: Tx,
  range: ClosedRange,
  who: AgendaWho,
): Promise<AgendaActivity[]> {
  const units = [...who.unitIds]
  const me = who.personId
  const mine = sql`(a.host_id = ${me}::uuid OR a.speaker_id = ${me}::uuid OR a.recorder_id = ${me}::uuid
    OR CASE WHEN a.started_at IS NULL THEN a.scope = 'organisation' OR a.unit_id = ANY(${units}::uuid[])
      ELSE EXISTS (SELECT 1 FROM activity_people e WHERE e.org_id = a.org_id AND e.activity_id = a.id AND e.person_id = ${me}::uuid) END)`
  return tx.many<AgendaActivity>(sql`
    SELECT a.id, a.scope, a.unit_id, u.name AS unit_name, a.theme, a.place, a.held_on, a.moved_from, a.starts_at, a.ends_at,
      a.status, a.host_id, a.speaker_id, a.recorder_id, s.name AS speaker_name,
      ${me === null ? sql`false` : sql`coalesce(${mine}, false)`} AS is_mine
    FROM activities a
    LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    LEFT JOIN people s ON s.org_id = a.org_id AND s.id = a.speaker_id
    WHERE a.org_id = ${tx.orgId} AND a.held_on BETWEEN ${range.from} AND ${range.to}
      AND ${
        who.scope === 'school'
          ? sql`true`
          : who.scope === 'group'
            ? sql`(a.unit_id = ANY(${units}::uuid[]) OR a.scope = 'organisation')`
            : sql`coalesce(${mine}, false)`
      }
    ORDER BY a.starts_at, a.id`)
}

/** Days for which a group (null: the whole school) already has an activity. */
export function listDaysTaken(
  tx: Tx,
  range: ClosedRange,
): Promise<{ unitId: string | null; day: LocalDate }[]> {
  return tx.many(sql`
    SELECT unit_id, coalesce(moved_from, held_on) AS day FROM activities
    WHERE org_id = ${tx.orgId} AND held_on BETWEEN ${range.from} AND ${range.to} AND status <> 'cancelled'`)
}

export interface PlannedActivity {
  id: string
  scope: 'organisation' | 'group' | 'body'
  unitId: string | null
  unitName: string | null
  theme: string
  heldOn: LocalDate
  startsAt: Date
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  status: 'planned'
}
/** Activities that are still to come. */
export function listPlannedFrom(tx: Tx, from: LocalDate): Promise<PlannedActivity[]> {
  return tx.many<PlannedActivity>(sql`
    SELECT a.id, a.scope, a.unit_id, u.name AS unit_name, a.theme, a.held_on, a.starts_at, a.host_id, a.speaker_id,
      a.recorder_id, a.status
    FROM activities a LEFT JOIN units u ON u.org_id = a.org_id AND u.id = a.unit_id
    WHERE a.org_id = ${tx.orgId} AND a.status = 'planned' AND a.held_on >= ${from} ORDER BY a.starts_at`)
}

// ── Secret addresses ─────────────────────────────────────────────────────────

export interface FeedRow {
  id: string
  personId: string | null
  unitId: string | null
  unitName: string | null
  createdBy: string | null
  createdByName: string | null
  createdAt: Date
  withTimetable: boolean
  lastReadOn: LocalDate | null
}
const feedColumns = sql`f.id, f.person_id, f.unit_id, u.name AS unit_name, f.created_by, p.name AS created_by_name,
  f.created_at, f.with_timetable, f.last_read_on`
const feedJoins = sql`LEFT JOIN units u ON u.org_id = f.org_id AND u.id = f.unit_id
  LEFT JOIN people p ON p.org_id = f.org_id AND p.id = f.created_by`

/** Addresses that still work: a person's own, and those of these units. */
export function listFeeds(tx: Tx, personId: string, unitIds: string[] | 'all'): Promise<FeedRow[]> {
  return tx.many<FeedRow>(sql`
    SELECT ${feedColumns} FROM calendar_feeds f ${feedJoins}
    WHERE f.org_id = ${tx.orgId} AND f.revoked_at IS NULL AND (f.person_id = ${personId}
      OR ${unitIds === 'all' ? sql`f.unit_id IS NOT NULL` : sql`f.unit_id = ANY(${unitIds}::uuid[])`})
    ORDER BY (f.unit_id IS NOT NULL), u.name, f.created_at`)
}
export function findFeed(tx: Tx, id: string): Promise<FeedRow | undefined> {
  return tx.maybe<FeedRow>(sql`
    SELECT ${feedColumns} FROM calendar_feeds f ${feedJoins}
    WHERE f.org_id = ${tx.orgId} AND f.id = ${id} AND f.revoked_at IS NULL`)
}
export function findFeedByHash(tx: Tx, hash: Buffer): Promise<FeedRow | undefined> {
  return tx.maybe<FeedRow>(sql`
    SELECT ${feedColumns} FROM calendar_feeds f ${feedJoins}
    WHERE f.org_id = ${tx.orgId} AND f.token_hash = ${hash} AND f.revoked_at IS NULL`)
}
export async function insertFeed(
  tx: Tx,
  feed: {
    id: string
    personId: string | null
    unitId: string | null
    tokenHash: Buffer
    withTimetable: boolean
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO calendar_feeds (org_id, id, person_id, unit_id, token_hash, with_timetable, created_by, created_at)
    VALUES (${tx.orgId}, ${feed.id}, ${feed.personId}, ${feed.unitId}, ${feed.tokenHash}, ${feed.withTimetable},
      ${tx.actor.personId}, ${tx.now})`)
}
export async function revokeFeed(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE calendar_feeds SET revoked_at = ${tx.now} WHERE org_id = ${tx.orgId} AND id = ${id} AND revoked_at IS NULL`)
}
/** Notes the day of the last reading, once a day. */
export async function noteReading(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`
    UPDATE calendar_feeds SET last_read_on = ${tx.today}
    WHERE org_id = ${tx.orgId} AND id = ${id} AND last_read_on IS DISTINCT FROM ${tx.today}`)
}
