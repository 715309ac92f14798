import type { LocalDate } from '../../engine/types.ts'
import { empty, join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { WorkForAccess } from './access.ts'
import type { WorkStatus } from './words.ts'

export interface WorkRow extends WorkForAccess {
  id: string
  authorName: string
  kind: string
  title: string
  body: string
  parts: Record<string, string>
  characters: number
  status: WorkStatus
  draftVersion: number
  countsOn: LocalDate | null
  savedAt: Date
  submittedAt: Date | null
  decidedAt: Date | null
  decidedByName: string | null
  remark: string
}

export interface VersionRow {
  number: number
  title: string
  body: string
  parts: Record<string, string>
  characters: number
  submittedAt: Date
  decision: 'accepted' | 'returned' | 'withdrawn' | null
  decidedByName: string | null
  decidedAt: Date | null
  remark: string
}

/** Everything of a work but, in lists, its text (only the beginning). */
function selectWork(tx: Tx, body: Sql, title: Sql = sql`w.title`): Sql {
  return sql`
    SELECT w.id, w.person_id, p.name AS author_name, w.kind, ${title} AS title, ${body} AS body, w.parts, w.characters, w.status,
      w.draft_version, w.counts_on, w.saved_at, w.submitted_at, w.decided_at, d.name AS decided_by_name,
      coalesce(v.number, 0) AS last_version, coalesce(v.remark, '') AS remark,
      ARRAY(SELECT m.unit_id FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = w.org_id AND m.person_id = w.person_id AND u.kind NOT IN ('body', 'department')
          AND (m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})
            OR m.from_on <= w.counts_on AND (m.to_on IS NULL OR m.to_on >= w.counts_on))) AS author_group_ids,
      EXISTS (SELECT 1 FROM posts o WHERE o.org_id = w.org_id AND o.person_id = w.person_id
        AND o.role IN ('academicOffice', 'researchOffice')
        AND o.from_on <= ${tx.today} AND (o.to_on IS NULL OR o.to_on >= ${tx.today})) AS author_holds_office
    FROM works w
    JOIN people p ON p.org_id = w.org_id AND p.id = w.person_id
    LEFT JOIN people d ON d.org_id = w.org_id AND d.id = w.decided_by
    LEFT JOIN LATERAL (SELECT x.number, x.remark, x.title, x.body FROM work_versions x
      WHERE x.org_id = w.org_id AND x.work_id = w.id ORDER BY x.number DESC LIMIT 1) v ON true`
}
const beginning = sql`left(w.body, 400)`
// Others read what was handed in, never what the author is changing at the moment.
const handedInBeginning = sql`left(v.body, 400)`
const handedInTitle = sql`v.title`

export function findWork(tx: Tx, id: string): Promise<WorkRow | undefined> {
  return tx.maybe<WorkRow>(sql`${selectWork(tx, sql`w.body`)} WHERE w.org_id = ${tx.orgId} AND w.id = ${id}`)
}

/** Locks the work until the end of the transaction. */
export function lockWork(tx: Tx, id: string): Promise<WorkRow | undefined> {
  return tx.maybe<WorkRow>(
    sql`${selectWork(tx, sql`w.body`)} WHERE w.org_id = ${tx.orgId} AND w.id = ${id} FOR UPDATE OF w`,
  )
}

export function listWorksOfPerson(tx: Tx, personId: string, status?: WorkStatus): Promise<WorkRow[]> {
  return tx.many<WorkRow>(sql`
    ${selectWork(tx, beginning)} WHERE w.org_id = ${tx.orgId} AND w.person_id = ${personId}
      ${status ? sql`AND w.status = ${status}` : empty}
    ORDER BY w.saved_at DESC LIMIT 500`)
}

export interface WaitingRow extends WorkRow {
  /** Another leader of a group of the author, whose turn it is before the office's. */
  leaderName: string | null
}

/** Works that wait for a decision, the longest first. */
export function listWaiting(tx: Tx): Promise<WaitingRow[]> {
  return tx.many<WaitingRow>(sql`
    SELECT s.*, (SELECT q.name FROM posts o JOIN people q ON q.org_id = o.org_id AND q.id = o.person_id
      WHERE o.org_id = ${tx.orgId} AND o.role = 'groupLeader' AND o.unit_id = ANY (s.author_group_ids)
        AND o.person_id <> s.person_id AND o.from_on <= ${tx.today} AND (o.to_on IS NULL OR o.to_on >= ${tx.today})
      ORDER BY o.from_on LIMIT 1) AS leader_name
    FROM (${selectWork(tx, beginning)} WHERE w.org_id = ${tx.orgId} AND w.status = 'submitted') s
    ORDER BY s.submitted_at LIMIT 2000`)
}

export interface WorkFilter {
  status?: string | undefined
  kind?: string | undefined
  personId?: string | undefined
  search?: string | undefined
  /** Only works of members of these groups; null: of everybody. */
  groupIds: string[] | null
  limit: number
}

/** Works that were handed in, newest first, with the number of all that match. */
export async function listWorks(tx: Tx, filter: WorkFilter): Promise<{ rows: WorkRow[]; total: number }> {
  const conditions: Sql[] = [sql`w.org_id = ${tx.orgId}`, sql`w.submitted_at IS NOT NULL`]
  conditions.push(
    filter.status ? sql`w.status = ${filter.status}` : sql`w.status IN ('submitted', 'returned', 'accepted')`,
  )
  if (filter.kind) conditions.push(sql`w.kind = ${filter.kind}`)
  if (filter.personId) conditions.push(sql`w.person_id = ${filter.personId}`)
  if (filter.search) {
    const pattern = `%${filter.search.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`
    conditions.push(
      sql`(w.title ILIKE ${pattern} OR p.name ILIKE ${pattern} OR p.pinyin_initials ILIKE ${pattern})`,
    )
  }
  if (filter.groupIds) {
    conditions.push(sql`EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = w.org_id AND m.person_id = w.person_id
      AND m.unit_id = ANY (${filter.groupIds}::uuid[]) AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today}))`)
  }
  const where = join(conditions, ' AND ')
  const { total } = await tx.one<{ total: number }>(sql`
    SELECT count(*) AS total FROM works w JOIN people p ON p.org_id = w.org_id AND p.id = w.person_id WHERE ${where}`)
  const rows = await tx.many<WorkRow>(sql`
    ${selectWork(tx, handedInBeginning, handedInTitle)} WHERE ${where} ORDER BY w.submitted_at DESC, w.id LIMIT ${filter.limit}`)
  return { rows, total }
}

export function listVersions(tx: Tx, workId: string): Promise<VersionRow[]> {
  return tx.many<VersionRow>(sql`
    SELECT v.number, v.title, v.body, v.parts, v.characters, v.submitted_at, v.decision, d.name AS decided_by_name, v.decided_at, v.remark
    FROM work_versions v LEFT JOIN people d ON d.org_id = v.org_id AND d.id = v.decided_by
    WHERE v.org_id = ${tx.orgId} AND v.work_id = ${workId} ORDER BY v.number DESC`)
}

/** A draft of the kind in which nothing stands yet. */
export function findEmptyDraft(tx: Tx, personId: string, kind: string): Promise<{ id: string } | undefined> {
  return tx.maybe<{ id: string }>(sql`
    SELECT id FROM works WHERE org_id = ${tx.orgId} AND person_id = ${personId} AND kind = ${kind} AND status = 'draft'
      AND title = '' AND body = '' AND parts = '{}'::jsonb ORDER BY created_at DESC LIMIT 1`)
}

export async function insertWork(
  tx: Tx,
  work: {
    id: string
    personId: string
    kind: string
    title: string
    body: string
    parts: Record<string, string>
    characters: number
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO works (org_id, id, person_id, kind, title, body, parts, characters, status, created_at, saved_at)
    VALUES (${tx.orgId}, ${work.id}, ${work.personId}, ${work.kind}, ${work.title}, ${work.body},
      ${JSON.stringify(work.parts)}::jsonb, ${work.characters}, 'draft', ${tx.now}, ${tx.now})`)
}

export async function updateDraft(
  tx: Tx,
  id: string,
  draft: { title: string; body: string; parts: Record<string, string>; characters: number },
): Promise<void> {
  await tx.run(sql`
    UPDATE works SET title = ${draft.title}, body = ${draft.body}, parts = ${JSON.stringify(draft.parts)}::jsonb,
      characters = ${draft.characters}, draft_version = draft_version + 1, saved_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Freezes what stands in the draft as a version and puts the work up for review. */
export async function freezeVersion(tx: Tx, id: string, number: number, countsOn: LocalDate): Promise<void> {
  await tx.run(sql`
    WITH submitted AS (
      UPDATE works SET status = 'submitted', counts_on = ${countsOn}, submitted_at = ${tx.now}, decided_at = NULL, decided_by = NULL
      WHERE org_id = ${tx.orgId} AND id = ${id} RETURNING org_id, id, title, body, parts, characters)
    INSERT INTO work_versions (org_id, work_id, number, title, body, parts, characters, submitted_at)
    SELECT s.org_id, s.id, ${number}::int, s.title, s.body, s.parts, s.characters, ${tx.now} FROM submitted s`)
}

/** Writes the decision on the last version and on the work. */
export async function decideVersion(
  tx: Tx,
  id: string,
  decision: {
    number: number
    decision: 'accepted' | 'returned' | 'withdrawn'
    remark: string
    /** False when the withdrawn version was the only one: the work counts on the day it is handed in again. */
    keepCountsOn: boolean
  },
): Promise<void> {
  await tx.run(sql`
    WITH decided AS (
      UPDATE work_versions SET decision = ${decision.decision}, decided_by = ${tx.actor.personId}, decided_at = ${tx.now},
        remark = ${decision.remark}
      WHERE org_id = ${tx.orgId} AND work_id = ${id} AND number = ${decision.number})
    UPDATE works SET status = ${decision.decision}, decided_by = ${tx.actor.personId}, decided_at = ${tx.now}
      ${decision.keepCountsOn ? empty : sql`, counts_on = NULL`}
    WHERE org_id = ${tx.orgId} AND id = ${id}`)
}

/** Whether a reviewer has ever decided on the work. */
export async function wasDecided(tx: Tx, id: string): Promise<boolean> {
  const row = await tx.one<{ decided: boolean }>(sql`
    SELECT EXISTS (SELECT 1 FROM work_versions WHERE org_id = ${tx.orgId} AND work_id = ${id}
      AND decision IN ('accepted', 'returned')) AS decided`)
  return row.decided
}

export async function deleteWork(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM works WHERE org_id = ${tx.orgId} AND id = ${id}`)
}
