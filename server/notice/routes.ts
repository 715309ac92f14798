import { listAttachmentsOf } from '../files/actions.ts'
import { registerFileOwner } from '../files/owners.ts'
import { refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import { noticeApi, type NoticeLine, type NoticeView, type ReceiverLine } from './contract.ts'
import { receiversFile } from './files.ts'
import { audienceText, listChoices, listKinds } from './receivers.ts'
import * as store from './store.ts'

registerFileOwner('notice', {
  async see(tx, id) {
    await getVisible(tx, id)
    return null
  },
  async attach(tx, id) {
    const { notice } = await getVisible(tx, id)
    return can.edit(tx.actor, notice)
  },
})

/** A notice that the caller received or looks after; to all others it does not exist. */
async function getVisible(
  tx: Tx,
  id: string,
): Promise<{ notice: store.NoticeRow; mine: store.ReceiverRow | undefined }> {
  const notice = (await store.findNotice(tx, id)) ?? refuseNotFound('通知')
  const { personId, districtId } = tx.actor
  const mine = personId && districtId === null ? await store.findReceiver(tx, id, personId) : undefined
  const received = mine !== undefined && notice.status !== 'draft'
  if (!received && can.seeReceivers(tx.actor, notice) !== null) refuseNotFound('通知')
  return { notice, mine: received ? mine : undefined }
}

const mineOf = (notice: store.NoticeRow, mine: store.ReceiverRow): NonNullable<NoticeLine['mine']> => {
  const confirmed = mine.confirmedVersion === notice.version
  return {
    isUnread: notice.status !== 'withdrawn' && mine.openedVersion !== notice.version,
    mustConfirm: notice.status !== 'withdrawn' && notice.confirmByDay !== null && !confirmed,
    confirmedAt: confirmed ? mine.confirmedAt : null,
    remindedAt: mine.remindedAt,
  }
}

function lineOf(
  notice: store.NoticeRow,
  kinds: ReadonlyMap<string, string>,
  more: { mine?: store.ReceiverRow | undefined; counts?: store.Counts | undefined },
): NoticeLine {
  return {
    id: notice.id,
    title: notice.title,
    sender: notice.sender,
    kindLabel: kinds.get(notice.kind) ?? notice.kind,
    status: notice.status,
    sentAt: notice.sentAt,
    confirmByDay: notice.confirmByDay,
    mine: more.mine ? mineOf(notice, more.mine) : null,
    counts: more.counts ?? null,
    isCorrected: notice.version > 1,
  }
}

const kindsOf = async (tx: Tx) => new Map((await listKinds(tx)).map((one) => [one.value, one.label]))

/** Notices that the caller received, as lines. */
export async function listReceivedLines(
  tx: Tx,
  filter: { unread?: boolean; limit?: number } = {},
): Promise<NoticeLine[]> {
  const { personId, districtId } = tx.actor
  if (!personId || districtId !== null) return []
  const rows = await store.listReceived(tx, personId, filter)
  if (rows.length === 0) return []
  const kinds = await kindsOf(tx)
  return rows.map((row) => lineOf(row, kinds, { mine: row }))
}

async function viewNotice(tx: Tx, services: Services, id: string): Promise<NoticeView> {
  const { notice, mine } = await getVisible(tx, id)
  const { actor } = tx
  const sees = can.seeReceivers(actor, notice) === null && notice.status !== 'draft'
  const isDistrict = actor.roles.includes('districtOfficer') && actor.districtId === null
  const schools = sees && isDistrict ? await actions.countsOfSchools(tx, services, notice) : null
  const rows = sees && !isDistrict && actor.districtId === null ? await store.listReceivers(tx, id) : null
  const counts = schools
    ? schools.reduce(
        (sum, one) => ({
          receivers: sum.receivers + one.receivers,
          read: sum.read + one.read,
          confirmed: sum.confirmed + one.confirmed,
        }),
        { receivers: 0, read: 0, confirmed: 0 },
      )
    : sees
      ? (await store.countReceivers(tx, [id])).get(id)
      : undefined
  return {
    ...lineOf(notice, await kindsOf(tx), { mine, counts }),
    kind: notice.kind,
    body: notice.body,
    audience: notice.audience,
    audienceText: await audienceText(tx, notice.audience),
    version: notice.version,
    withdrawnBecause: notice.withdrawnBecause,
    readShare: notice.readShare,
    attachments: await listAttachmentsOf(tx, 'notice', id),
    changes: await store.listChanges(tx, id),
    receivers: rows?.map((row) => receiverOf(notice, row)).sort(byOwing) ?? null,
    schools,
    abilities: {
      edit: can.edit(actor, notice),
      send: can.edit(actor, notice),
      confirm: mine && notice.confirmByDay !== null ? null : '这条通知不要求您确认。',
      remind: can.change(actor, notice),
      correct: can.change(actor, notice),
      withdraw: can.change(actor, notice),
      close: can.close(actor, notice),
    },
  }
}

const receiverOf = (
  notice: store.NoticeRow,
  row: store.ReceiverRow & { name: string; note: string },
): ReceiverLine => ({
  personId: row.personId,
  name: row.name,
  note: row.note,
  openedAt: row.openedVersion === notice.version ? row.openedAt : null,
  confirmedAt: row.confirmedVersion === notice.version ? row.confirmedAt : null,
  remindedAt: row.remindedAt,
})
const owing = (line: ReceiverLine) => (line.openedAt === null ? 0 : line.confirmedAt === null ? 1 : 2)
const byOwing = (a: ReceiverLine, b: ReceiverLine) => owing(a) - owing(b)

export const noticeRoom = room('notice', noticeApi, {
  async listNotices({ tx, input }) {
    const abilities = { write: can.write(tx.actor) }
    if (input.box === 'received') return { notices: await listReceivedLines(tx), abilities }
    if (abilities.write !== null) return { notices: [], abilities }
    const rows = await store.listSent(tx, {
      authorId: tx.actor.personId,
      unitIds: tx.actor.leads.map((lead) => lead.unitId),
      all: can.writeToAll(tx.actor) === null,
    })
    const counts = await store.countReceivers(
      tx,
      rows.map((row) => row.id),
    )
    const kinds = await kindsOf(tx)
    return { notices: rows.map((row) => lineOf(row, kinds, { counts: counts.get(row.id) })), abilities }
  },
  getNotice({ tx, services, input }) {
    return viewNotice(tx, services, input.id)
  },
  async getAudienceChoices({ tx }) {
    if (can.write(tx.actor) !== null)
      return { kinds: [], wholes: [], units: [], cohorts: [], people: [], schools: [] }
    return listChoices(tx)
  },
  startNotice({ tx, input }) {
    return actions.startNotice(tx, input)
  },
  async saveNotice({ tx, input }) {
    await actions.saveNotice(tx, input)
    return {}
  },
  sendNotice({ tx, services, input }) {
    return actions.sendNotice(tx, services, input)
  },
  async discardNotice({ tx, input }) {
    await actions.discardNotice(tx, input)
    return {}
  },
  async openNotice({ tx, input }) {
    await actions.openNotice(tx, input)
    return {}
  },
  async confirmNotice({ tx, input }) {
    await actions.confirmNotice(tx, input)
    return {}
  },
  remindUnread({ tx, services, input }) {
    return actions.remindUnread(tx, services, input)
  },
  async correctNotice({ tx, services, input }) {
    await actions.correctNotice(tx, services, input)
    return {}
  },
  async withdrawNotice({ tx, input }) {
    await actions.withdrawNotice(tx, input)
    return {}
  },
  closeNotice({ tx, services, input }) {
    return actions.closeNotice(tx, services, input)
  },
  async getReceiversFile({ tx, services, input }) {
    const view = await viewNotice(tx, services, input.id)
    if (!view.receivers && !view.schools) refuseNotFound('名单')
    return receiversFile(view)
  },
})
