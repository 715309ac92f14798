import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findUnit, listUnits } from '../org/store.ts'
import { can } from './access.ts'
import type { FeedLine } from './agenda-contract.ts'
import * as store from './agenda-store.ts'
import { hashOfToken, newFeedToken } from './feed.ts'

/** The addresses that the caller may see, and the groups for which one may be made. */
export async function listFeeds(
  tx: Tx,
): Promise<{ feeds: FeedLine[]; units: { id: string; name: string }[] }> {
  const { actor } = tx
  if (actor.personId === null || actor.districtId !== null) return { feeds: [], units: [] }
  const units = (await listUnits(tx, tx.today)).filter(
    (unit) => unit.kind !== 'department' && can.subscribe(actor, unit.id) === null,
  )
  const seesAll = actor.roles.includes('academicOffice') || actor.roles.includes('principal')
  const rows = await store.listFeeds(tx, actor.personId, seesAll ? 'all' : units.map((unit) => unit.id))
  return {
    feeds: rows.map((row) => ({
      id: row.id,
      label: row.unitName ?? '我的日程',
      unitId: row.unitId,
      createdAt: row.createdAt,
      createdByName: row.createdByName,
      withTimetable: row.withTimetable,
      lastReadOn: row.lastReadOn,
      abilities: { revoke: can.revokeFeed(actor, row) },
    })),
    units: units.map((unit) => ({ id: unit.id, name: unit.name })),
  }
}

/**
 * Makes a secret address for one's own calendar or that of a group; the caller's earlier address of the same calendar
 * stops working. The secret itself is not kept.
 */
export async function createFeed(
  tx: Tx,
  input: { unitId: string | null; withTimetable?: boolean },
): Promise<{ token: string }> {
  const { personId } = tx.actor
  if (personId === null) refuse('请用个人账号操作。')
  if (input.unitId !== null && !(await findUnit(tx, input.unitId))) refuseNotFound('组')
  demand(can.subscribe(tx.actor, input.unitId))
  const earlier = (await store.listFeeds(tx, personId, input.unitId === null ? [] : [input.unitId])).filter(
    (feed) => feed.unitId === input.unitId && feed.createdBy === personId,
  )
  for (const feed of earlier) await store.revokeFeed(tx, feed.id)
  const token = newFeedToken(tx.orgId)
  const id = newId()
  await store.insertFeed(tx, {
    id,
    personId: input.unitId === null ? personId : null,
    unitId: input.unitId,
    tokenHash: hashOfToken(token),
    // A group's calendar is read by others: nobody's lessons stand in it.
    withTimetable: input.unitId === null && input.withTimetable === true,
  })
  await audit(tx, { type: 'calendar.feedCreated', id, payload: { unitId: input.unitId } })
  changed(tx, 'agenda')
  return { token }
}

/** The address stops working at once. */
export async function revokeFeed(tx: Tx, input: { id: string }): Promise<void> {
  const feed = (await store.findFeed(tx, input.id)) ?? refuseNotFound('日历地址')
  if (feed.personId !== null && feed.personId !== tx.actor.personId) refuseNotFound('日历地址')
  demand(can.revokeFeed(tx.actor, feed))
  await store.revokeFeed(tx, feed.id)
  await audit(tx, { type: 'calendar.feedRevoked', id: feed.id, payload: { unitId: feed.unitId } })
  changed(tx, 'agenda')
}
