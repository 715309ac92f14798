import type { LocalDate } from '../../engine/types.ts'
import { empty, join, sql, type Sql, type Tx } from '../kit/sql.ts'
import type { NoticeForAccess } from './access.ts'
import type { Audience } from './contract.ts'
import type { NoticeChange, NoticeStatus } from './words.ts'

export interface NoticeRow extends NoticeForAccess {
  id: string
  sender: string
  kind: string
  title: string
  body: string
  audience: Audience
  confirmByDay: LocalDate | null
  version: number
  createdAt: Date
  sentAt: Date | null
  remindedAt: Date | null
  closedAt: Date | null
  readShare: number | null
  withdrawnBecause: string
}

export interface Counts {
  receivers: number
  read: number
  confirmed: number
}

const columns = sql`n.id, n.author_id, n.unit_id, n.sender, n.kind, n.title, n.body, n.audience, n.confirm_by_day, n.status, n.version,
  n.created_at, n.sent_at, n.reminded_at, n.closed_at, n.read_share, n.withdrawn_because, n.origin_id`

export function findNotice(tx: Tx, id: string, lock = false): Promise<NoticeRow | undefined> {
  return tx.maybe<NoticeRow>(
    sql`SELECT ${columns} FROM notices n WHERE n.org_id = ${tx.orgId} AND n.id = ${id} ${lock ? sql`FOR UPDATE` : empty}`,
  )
}

export function findByOrigin(tx: Tx, originId: string): Promise<NoticeRow | undefined> {
  return tx.maybe<NoticeRow>(
    sql`SELECT ${columns} FROM notices n WHERE n.org_id = ${tx.orgId} AND n.origin_id = ${originId} FOR UPDATE`,
  )
}

/** Finds the notice that a school took over; read by the district in the school's scope. */
export const originQuery = (tx: Tx, originId: string): Sql =>
  sql`SELECT id FROM notices WHERE org_id = ${tx.orgId} AND origin_id = ${originId}`

/** An empty draft that its author has not begun to fill in. */
export function findEmptyDraft(tx: Tx, authorId: string): Promise<{ id: string } | undefined> {
  return tx.maybe(sql`
    SELECT id FROM notices WHERE org_id = ${tx.orgId} AND author_id = ${authorId} AND status = 'draft' AND title = '' AND body = ''
    ORDER BY created_at DESC LIMIT 1`)
}

export async function insertNotice(
  tx: Tx,
  notice: Pick<
    NoticeRow,
    | 'id'
    | 'authorId'
    | 'unitId'
    | 'sender'
    | 'kind'
    | 'title'
    | 'body'
    | 'audience'
    | 'confirmByDay'
    | 'status'
  > & { originId?: string | null; version?: number; sentAt?: Date | null },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO notices (org_id, id, author_id, unit_id, sender, kind, title, body, audience, confirm_by_day, status, version, created_at,
      sent_at, origin_id)
    VALUES (${tx.orgId}, ${notice.id}, ${notice.authorId}, ${notice.unitId}, ${notice.sender}, ${notice.kind}, ${notice.title},
      ${notice.body}, ${JSON.stringify(notice.audience)}::jsonb, ${notice.confirmByDay}, ${notice.status}, ${notice.version ?? 1}, ${tx.now},
      ${notice.sentAt ?? null}, ${notice.originId ?? null})`)
}

/** Writes the changeable fields of a notice as they now are. */
export async function updateNotice(tx: Tx, notice: NoticeRow): Promise<void> {
  await tx.run(sql`
    UPDATE notices SET unit_id = ${notice.unitId}, sender = ${notice.sender}, kind = ${notice.kind}, title = ${notice.title},
      body = ${notice.body}, audience = ${JSON.stringify(notice.audience)}::jsonb, confirm_by_day = ${notice.confirmByDay},
      status = ${notice.status}, version = ${notice.version}, sent_at = ${notice.sentAt}, reminded_at = ${notice.remindedAt},
      closed_at = ${notice.closedAt}, read_share = ${notice.readShare}, withdrawn_because = ${notice.withdrawnBecause}
    WHERE org_id = ${tx.orgId} AND id = ${notice.id}`)
}

export async function deleteDraft(tx: Tx, id: string): Promise<void> {
  await tx.run(sql`DELETE FROM notices WHERE org_id = ${tx.orgId} AND id = ${id} AND status = 'draft'`)
}

export async function insertReceivers(tx: Tx, noticeId: string, personIds: string[]): Promise<void> {
  await tx.run(sql`
    INSERT INTO notice_receivers (org_id, notice_id, person_id)
    SELECT ${tx.orgId}, ${noticeId}, id FROM unnest(${personIds}::uuid[]) AS id ON CONFLICT DO NOTHING`)
}

export interface ReceiverRow {
  personId: string
  openedAt: Date | null
  openedVersion: number | null
  confirmedAt: Date | null
  confirmedVersion: number | null
  remindedAt: Date | null
}

export function findReceiver(tx: Tx, noticeId: string, personId: string): Promise<ReceiverRow | undefined> {
  return tx.maybe<ReceiverRow>(sql`
    SELECT person_id, opened_at, opened_version, confirmed_at, confirmed_version, reminded_at FROM notice_receivers
    WHERE org_id = ${tx.orgId} AND notice_id = ${noticeId} AND person_id = ${personId}`)
}

export function listReceivers(
  tx: Tx,
  noticeId: string,
): Promise<(ReceiverRow & { name: string; note: string })[]> {
  return tx.many(sql`
    SELECT r.person_id, p.name, r.opened_at, r.opened_version, r.confirmed_at, r.confirmed_version, r.reminded_at,
      coalesce((SELECT string_agg(u.name, '、' ORDER BY u.name) FROM memberships m JOIN units u ON u.org_id = m.org_id AND u.id = m.unit_id
        WHERE m.org_id = ${tx.orgId} AND m.person_id = r.person_id AND m.from_on <= ${tx.today} AND (m.to_on IS NULL OR m.to_on >= ${tx.today})
          AND u.kind <> 'body'), '') AS note
    FROM notice_receivers r JOIN people p ON p.org_id = r.org_id AND p.id = r.person_id
    WHERE r.org_id = ${tx.orgId} AND r.notice_id = ${noticeId}
    ORDER BY (r.opened_at IS NOT NULL), p.sort_key, p.staff_number`)
}

export async function markOpened(
  tx: Tx,
  noticeId: string,
  personId: string,
  version: number,
): Promise<number> {
  return tx.run(sql`
    UPDATE notice_receivers SET opened_at = ${tx.now}, opened_version = ${version}
    WHERE org_id = ${tx.orgId} AND notice_id = ${noticeId} AND person_id = ${personId} AND opened_version IS DISTINCT FROM ${version}`)
}

export async function markConfirmed(
  tx: Tx,
  noticeId: string,
  personId: string,
  version: number,
): Promise<number> {
  return tx.run(sql`
    UPDATE notice_receivers SET confirmed_at = ${tx.now}, confirmed_version = ${version},
      opened_at = coalesce(opened_at, ${tx.now}), opened_version = ${version}
    WHERE org_id = ${tx.orgId} AND notice_id = ${noticeId} AND person_id = ${personId} AND confirmed_version IS DISTINCT FROM ${version}`)
}

/** Marks those who still owe it as reminded and gives their ids. */
export async function markReminded(
  tx: Tx,
  notice: Pick<NoticeRow, 'id' | 'version' | 'confirmByDay'>,
): Promise<string[]> {
  const owes = notice.confirmByDay === null ? sql`opened_version` : sql`confirmed_version`
  const rows = await tx.many<{ personId: string }>(sql`
    UPDATE notice_receivers SET reminded_at = ${tx.now}
    WHERE org_id = ${tx.orgId} AND notice_id = ${notice.id} AND ${owes} IS DISTINCT FROM ${notice.version} RETURNING person_id`)
  return rows.map((row) => row.personId)
}

export async function countReceivers(tx: Tx, ids: string[]): Promise<Map<string, Counts>> {
  if (ids.length === 0) return new Map()
  const rows = await tx.many<Counts & { id: string }>(sql`
    SELECT n.id, count(r.person_id)::int AS receivers, (count(*) FILTER (WHERE r.opened_version = n.version))::int AS read,
      (count(*) FILTER (WHERE r.confirmed_version = n.version))::int AS confirmed
    FROM notices n JOIN notice_receivers r ON r.org_id = n.org_id AND r.notice_id = n.id
    WHERE n.org_id = ${tx.orgId} AND n.id = ANY(${ids}::uuid[]) GROUP BY n.id`)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

export type ReceivedRow = NoticeRow & ReceiverRow

/** Notices of a person, the newest first; withdrawn ones stay so that whoever has read them learns of it. */
export function listReceived(
  tx: Tx,
  personId: string,
  filter: { unread?: boolean; limit?: number } = {},
): Promise<ReceivedRow[]> {
  const owed = filter.unread
    ? sql`AND n.status IN ('sent', 'closed') AND (r.opened_version IS DISTINCT FROM n.version
        OR (n.confirm_by_day IS NOT NULL AND r.confirmed_version IS DISTINCT FROM n.version))`
    : empty
  return tx.many<ReceivedRow>(sql`
    SELECT ${columns}, r.person_id, r.opened_at, r.opened_version, r.confirmed_at, r.confirmed_version,
      r.reminded_at AS reminded_at
    FROM notice_receivers r JOIN notices n ON n.org_id = r.org_id AND n.id = r.notice_id
    WHERE r.org_id = ${tx.orgId} AND r.person_id = ${personId} AND n.status <> 'draft' ${owed}
    ORDER BY n.sent_at DESC, n.id DESC LIMIT ${filter.limit ?? 100}`)
}

export async function countUnread(tx: Tx, personId: string): Promise<number> {
  const { count } = await tx.one<{ count: number }>(sql`
    SELECT count(*)::int AS count FROM notice_receivers r JOIN notices n ON n.org_id = r.org_id AND n.id = r.notice_id
    WHERE r.org_id = ${tx.orgId} AND r.person_id = ${personId} AND n.status IN ('sent', 'closed')
      AND (r.opened_version IS DISTINCT FROM n.version OR (n.confirm_by_day IS NOT NULL AND r.confirmed_version IS DISTINCT FROM n.version))`)
  return count
}

/** What went out from here, and the drafts of one author. */
export function listSent(
  tx: Tx,
  filter: { authorId: string | null; unitIds: string[]; all: boolean },
): Promise<NoticeRow[]> {
  const parts: Sql[] = [sql`n.author_id = ${filter.authorId}::uuid`]
  if (filter.all) parts.push(sql`n.status <> 'draft'`)
  else if (filter.unitIds.length > 0)
    parts.push(sql`(n.status <> 'draft' AND n.unit_id = ANY(${filter.unitIds}::uuid[]))`)
  return tx.many<NoticeRow>(sql`
    SELECT ${columns} FROM notices n WHERE n.org_id = ${tx.orgId} AND (${join(parts, ' OR ')})
      AND NOT (n.status = 'draft' AND n.title = '' AND n.body = '')
    ORDER BY (n.status <> 'draft'), n.sent_at DESC, n.created_at DESC LIMIT 200`)
}

export function listOpen(tx: Tx): Promise<NoticeRow[]> {
  return tx.many<NoticeRow>(
    sql`SELECT ${columns} FROM notices n WHERE n.org_id = ${tx.orgId} AND n.status = 'sent' AND n.origin_id IS NULL ORDER BY n.id FOR UPDATE`,
  )
}

export async function insertChange(
  tx: Tx,
  change: {
    id: string
    noticeId: string
    what: NoticeChange
    because?: string
    titleBefore?: string
    bodyBefore?: string
  },
): Promise<void> {
  await tx.run(sql`
    INSERT INTO notice_changes (org_id, id, notice_id, at, by_name, what, because, title_before, body_before)
    VALUES (${tx.orgId}, ${change.id}, ${change.noticeId}, ${tx.now}, ${tx.actor.kind === 'system' ? '系统' : tx.actor.name}, ${change.what},
      ${change.because ?? ''}, ${change.titleBefore ?? ''}, ${change.bodyBefore ?? ''})`)
}

export function listChanges(tx: Tx, noticeId: string) {
  return tx.many<{
    what: NoticeChange
    at: Date
    byName: string
    because: string
    titleBefore: string
    bodyBefore: string
  }>(sql`
    SELECT what, at, by_name, because, title_before, body_before FROM notice_changes
    WHERE org_id = ${tx.orgId} AND notice_id = ${noticeId} ORDER BY at, id`)
}

export type { NoticeStatus }
