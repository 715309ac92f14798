import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { type FileContent, removeAttachmentsOf, takeOverFiles } from '../files/actions.ts'
import { dayText, localDateOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed, type Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, listSchoolsOf, listUnits } from '../org/store.ts'
import { can } from './access.ts'
import type { Audience } from './contract.ts'
import { enqueueDelivery } from './mail.ts'
import { cancelOfNotice } from './message-store.ts'
import { listKinds, listReceiverIds } from './receivers.ts'
import { isOver, letterOf, shareOf } from './rules.ts'
import * as store from './store.ts'

export const nobody: Audience = { whole: null, unitIds: [], cohorts: [], personIds: [], schoolIds: [] }

export interface NoticeContent {
  kind: string
  title: string
  body: string
  audience: Audience
  confirmByDay: LocalDate | null
}

const getLocked = async (tx: Tx, id: string): Promise<store.NoticeRow> =>
  (await store.findNotice(tx, id, true)) ?? refuseNotFound('通知')

/**
 * A draft, empty or with words that another room proposes; the one that its author has not begun to fill in is taken
 * up again.
 */
export async function startNotice(
  tx: Tx,
  words: { kind?: string; title?: string; body?: string } = {},
): Promise<{ id: string }> {
  demand(can.write(tx.actor))
  const authorId = tx.actor.personId ?? refuse('这个账号没有对应的教职工，不能发通知。')
  const { kind = 'general', title = '', body = '' } = words
  await checkKind(tx, kind)
  const empty = await store.findEmptyDraft(tx, authorId)
  if (empty) {
    const row = title === '' && body === '' ? undefined : await store.findNotice(tx, empty.id, true)
    if (row) await store.updateNotice(tx, { ...row, kind, title, body })
    return empty
  }
  const id = newId()
  await store.insertNotice(tx, {
    id,
    authorId,
    unitId: null,
    sender: '',
    kind,
    title,
    body,
    audience: nobody,
    confirmByDay: null,
    status: 'draft',
  })
  return { id }
}

export async function saveNotice(tx: Tx, input: { id: string } & NoticeContent): Promise<void> {
  const notice = await getLocked(tx, input.id)
  demand(can.edit(tx.actor, notice))
  await checkKind(tx, input.kind)
  // Whoever is named must be one of ours, also in a draft.
  if (!tx.actor.roles.includes('districtOfficer')) await listReceiverIds(tx, input.audience)
  else await schoolsOf(tx, input.audience)
  await store.updateNotice(tx, { ...notice, ...contentOf(input) })
  changed(tx, 'notice')
}

const contentOf = ({ kind, title, body, audience, confirmByDay }: NoticeContent): NoticeContent => ({
  kind,
  title,
  body: body.trim(),
  audience,
  confirmByDay,
})

async function checkKind(tx: Tx, kind: string): Promise<void> {
  if (!(await listKinds(tx)).some((one) => one.value === kind))
    refuse('没有这种通知类别，请重新选择。', { fields: { kind: '请重新选择' } })
}

export async function discardNotice(tx: Tx, input: { id: string }): Promise<void> {
  const notice = await getLocked(tx, input.id)
  demand(can.edit(tx.actor, notice))
  await removeAttachmentsOf(tx, 'notice', notice.id)
  await store.deleteDraft(tx, notice.id)
  await audit(tx, { type: 'notice.discarded', id: notice.id })
  changed(tx, 'notice')
}

/** In whose name a notice goes out: the office, or the group to which a leader writes. */
async function senderOf(tx: Tx, audience: Audience): Promise<{ sender: string; unitId: string | null }> {
  const { roles, name } = tx.actor
  if (roles.includes('districtOfficer'))
    return { sender: (await findOrganisation(tx))?.name ?? '区教师研修中心', unitId: null }
  if (roles.includes('principal')) return { sender: '校长室', unitId: null }
  if (roles.includes('academicOffice')) return { sender: '教导处', unitId: null }
  if (roles.includes('researchOffice')) return { sender: '教科室', unitId: null }
  if (roles.includes('vicePrincipal')) return { sender: '校长室', unitId: null }
  const led = tx.actor.leads.map((lead) => lead.unitId)
  const unitId = audience.unitIds.find((id) => led.includes(id)) ?? led[0] ?? null
  const unit = (await listUnits(tx, tx.today)).find((one) => one.id === unitId)
  return { sender: unit?.name ?? name, unitId: unit?.id ?? null }
}

/** The district's schools that a notice goes to; all where none is named. */
async function schoolsOf(tx: Tx, audience: Audience): Promise<{ id: string; name: string }[]> {
  const schools = await listSchoolsOf(tx, tx.orgId)
  if (audience.unitIds.length > 0 || audience.personIds.length > 0 || audience.cohorts.length > 0)
    refuse('区里的通知发给学校，请选择学校和人员范围。', { fields: { audience: '请重新选择' } })
  if (audience.schoolIds.some((id) => !schools.some((school) => school.id === id)))
    refuse('选中的学校不属于本区，请重新选择。', { fields: { audience: '请重新选择' } })
  return audience.schoolIds.length === 0
    ? schools
    : schools.filter((school) => audience.schoolIds.includes(school.id))
}

/**
 * Sends a notice to everybody who belongs to its receivers today, and leaves the fact `notice.sent`. The district's goes
 * on to its schools by jobs. Refuses a notice without title, text or receivers.
 */
export async function sendNotice(
  tx: Tx,
  services: Services,
  input: { id: string } & NoticeContent,
): Promise<{ receivers: number }> {
  const draft = await getLocked(tx, input.id)
  demand(can.edit(tx.actor, draft))
  demand(can.write(tx.actor))
  if (input.title.trim() === '') refuse('请填写标题。', { fields: { title: '请填写' } })
  if (input.body.trim() === '') refuse('请填写正文。', { fields: { body: '请填写' } })
  if (input.confirmByDay !== null && input.confirmByDay < tx.today)
    refuse('确认的截止日已经过去，请改为今天或以后。', { fields: { confirmByDay: '请改' } })
  await checkKind(tx, input.kind)
  const notice: store.NoticeRow = {
    ...draft,
    ...contentOf(input),
    ...(await senderOf(tx, input.audience)),
    status: 'sent',
    sentAt: tx.now,
  }
  const isDistrict = tx.actor.roles.includes('districtOfficer')
  let receivers = 0
  if (isDistrict) {
    const schools = await schoolsOf(tx, input.audience)
    if (schools.length === 0 || input.audience.whole === null)
      refuse('请选择发给各校的哪些人。', { fields: { audience: '请选择' } })
    receivers = schools.length
  } else {
    const ids = await listReceiverIds(tx, input.audience)
    if (ids.length === 0)
      refuse('还没有选择接收人，或选中的范围里现在没有人。', { fields: { audience: '请选择' } })
    receivers = ids.length
    await store.insertReceivers(tx, notice.id, ids)
    await ring(tx, services, notice, ids, `notice ${notice.id} 1`)
  }
  await store.updateNotice(tx, notice)
  await store.insertChange(tx, { id: newId(), noticeId: notice.id, what: 'sent' })
  await leaveFact(tx, notice, null)
  await audit(tx, {
    type: 'notice.sent',
    id: notice.id,
    payload: { title: notice.title, kind: notice.kind, receivers },
  })
  if (isDistrict) await passOn(tx, notice)
  changed(tx, 'notice', 'message')
  return { receivers }
}

/**
 * The fact of a notice: when it is sent without a share of readers; when it is closed that one is reversed and a new one
 * says how many read it. Both count for the day of sending.
 */
async function leaveFact(tx: Tx, notice: store.NoticeRow, readShare: number | null): Promise<void> {
  const source = { room: 'notice', id: notice.id }
  if (readShare !== null) await reverseFacts(tx, source)
  await recordFacts(tx, [
    {
      kind: 'notice.sent',
      subject:
        notice.unitId === null ? { kind: 'organisation', id: tx.orgId } : { kind: 'unit', id: notice.unitId },
      on: localDateOf(notice.sentAt ?? tx.now),
      quantity: 1,
      attributes: { noticeKind: notice.kind, ...(readShare === null ? {} : { readShare }) },
      source,
      key: `notice:${notice.id}:${readShare === null ? 'sent' : 'closed'}`,
    },
  ])
}

/** E-mails about a notice, to those who want them; inside the product it is there already. */
async function ring(
  tx: Tx,
  services: Services,
  notice: store.NoticeRow,
  personIds: string[],
  key: string,
  word = '通知',
): Promise<void> {
  const letter = letterOf(
    `${word}：${notice.title}（${notice.sender}）`,
    [
      notice.title,
      '',
      ...notice.body.split('\n'),
      '',
      `${notice.sender}　${dayText(localDateOf(notice.sentAt ?? tx.now))}`,
      ...(notice.confirmByDay === null ? [] : [`请在 ${dayText(notice.confirmByDay)} 前打开校研确认收到。`]),
    ],
    services.publicUrl,
  )
  for (const personId of personIds)
    await enqueueDelivery(tx, services, { personId, kind: 'notice', key, noticeId: notice.id, letter })
}

/** Has every school of the district take over how the notice now stands. */
async function passOn(tx: Tx, notice: store.NoticeRow): Promise<void> {
  for (const school of await schoolsOf(tx, notice.audience))
    await enqueue(
      tx,
      'passOnNotice',
      { districtId: tx.orgId, noticeId: notice.id, schoolId: school.id },
      { key: `passOnNotice:${notice.id}:${school.id}` },
    )
}

// ── Receivers ─────────────────────────────────────────────────────────────────

async function getReceived(tx: Tx, id: string): Promise<{ notice: store.NoticeRow; personId: string }> {
  const notice = (await store.findNotice(tx, id)) ?? refuseNotFound('通知')
  const { personId, districtId } = tx.actor
  if (districtId !== null || !personId || !(await store.findReceiver(tx, id, personId)))
    refuseNotFound('通知')
  return { notice, personId }
}

/** The receipt: the receiver has the present text before them. */
export async function openNotice(tx: Tx, input: { id: string }): Promise<void> {
  const { notice, personId } = await getReceived(tx, input.id)
  if (notice.status === 'draft') refuseNotFound('通知')
  if ((await store.markOpened(tx, notice.id, personId, notice.version)) > 0) changed(tx, 'notice', 'message')
}

export async function confirmNotice(tx: Tx, input: { id: string }): Promise<void> {
  const { notice, personId } = await getReceived(tx, input.id)
  if (notice.status === 'withdrawn') refuse('这条通知已经撤回，不用确认。')
  if (notice.confirmByDay === null) refuse('这条通知不要求确认，看过就可以。')
  if ((await store.markConfirmed(tx, notice.id, personId, notice.version)) > 0) {
    await audit(tx, { type: 'notice.confirmed', id: notice.id, payload: { version: notice.version } })
    changed(tx, 'notice', 'message')
  }
}

// ── Whoever sent it ───────────────────────────────────────────────────────────

/** Tells those who have not read (or confirmed) it once more; at most once a day. */
export async function remindUnread(
  tx: Tx,
  services: Services,
  input: { id: string },
): Promise<{ reminded: number }> {
  const notice = await getLocked(tx, input.id)
  demand(can.change(tx.actor, notice))
  if (notice.remindedAt !== null && localDateOf(notice.remindedAt) === tx.today)
    refuse('今天已经提醒过一次，请明天再提醒，免得打扰大家。')
  const isDistrict = tx.actor.roles.includes('districtOfficer')
  const reminded = isDistrict ? [] : await remindReceivers(tx, services, notice)
  if (!isDistrict && reminded.length === 0) refuse('大家都已经看过，不用提醒。')
  await store.updateNotice(tx, { ...notice, remindedAt: tx.now })
  await store.insertChange(tx, { id: newId(), noticeId: notice.id, what: 'reminded' })
  await audit(tx, { type: 'notice.reminded', id: notice.id, payload: { reminded: reminded.length } })
  if (isDistrict) await passOn(tx, notice)
  changed(tx, 'notice', 'message')
  return { reminded: reminded.length }
}

async function remindReceivers(tx: Tx, services: Services, notice: store.NoticeRow): Promise<string[]> {
  const ids = await store.markReminded(tx, notice)
  await ring(tx, services, notice, ids, `reminder ${notice.id} ${tx.today}`, '提醒')
  return ids
}

/** Puts other words in place of the old ones, which stay in the trace; everybody is asked to read it again. */
export async function correctNotice(
  tx: Tx,
  services: Services,
  input: { id: string; title: string; body: string; because: string },
): Promise<void> {
  const notice = await getLocked(tx, input.id)
  demand(can.change(tx.actor, notice))
  if (input.title.trim() === '') refuse('请填写标题。', { fields: { title: '请填写' } })
  if (input.body.trim() === '') refuse('请填写正文。', { fields: { body: '请填写' } })
  if (input.because === '') refuse('请写明更正的原因。', { fields: { because: '请填写' } })
  if (input.title === notice.title && input.body.trim() === notice.body) refuse('内容没有变化，不用更正。')
  const corrected = { ...notice, title: input.title, body: input.body.trim(), version: notice.version + 1 }
  await store.updateNotice(tx, corrected)
  await store.insertChange(tx, {
    id: newId(),
    noticeId: notice.id,
    what: 'corrected',
    because: input.because,
    titleBefore: notice.title,
    bodyBefore: notice.body,
  })
  await cancelOfNotice(tx, notice.id)
  await audit(tx, { type: 'notice.corrected', id: notice.id, payload: { because: input.because } })
  if (tx.actor.roles.includes('districtOfficer')) await passOn(tx, corrected)
  else await ringAgain(tx, services, corrected)
  changed(tx, 'notice', 'message')
}

async function ringAgain(tx: Tx, services: Services, notice: store.NoticeRow): Promise<void> {
  const ids = (await store.listReceivers(tx, notice.id)).map((one) => one.personId)
  await ring(tx, services, notice, ids, `notice ${notice.id} ${notice.version}`, '更正')
}

/** Takes a notice back with a reason; whoever has it sees that it no longer holds, and its fact is reversed. */
export async function withdrawNotice(tx: Tx, input: { id: string; because: string }): Promise<void> {
  const notice = await getLocked(tx, input.id)
  demand(can.change(tx.actor, notice))
  if (input.because === '') refuse('请写明撤回的原因。', { fields: { because: '请填写' } })
  const withdrawn = { ...notice, status: 'withdrawn' as const, withdrawnBecause: input.because }
  await store.updateNotice(tx, withdrawn)
  await store.insertChange(tx, {
    id: newId(),
    noticeId: notice.id,
    what: 'withdrawn',
    because: input.because,
  })
  await cancelOfNotice(tx, notice.id)
  await reverseFacts(tx, { room: 'notice', id: notice.id })
  await audit(tx, { type: 'notice.withdrawn', id: notice.id, payload: { because: input.because } })
  if (tx.actor.roles.includes('districtOfficer')) await passOn(tx, withdrawn)
  changed(tx, 'notice', 'message')
}

/** Ends the count: the share of readers is written into the fact. Later readers are still noted. */
export async function closeNotice(
  tx: Tx,
  services: Services,
  input: { id: string },
): Promise<{ readShare: number }> {
  const notice = await getLocked(tx, input.id)
  demand(can.close(tx.actor, notice))
  return close(tx, notice, await countsOf(tx, services, notice))
}

async function close(tx: Tx, notice: store.NoticeRow, counts: store.Counts): Promise<{ readShare: number }> {
  const readShare = shareOf(counts, notice.confirmByDay !== null)
  await store.updateNotice(tx, { ...notice, status: 'closed', closedAt: tx.now, readShare })
  await store.insertChange(tx, { id: newId(), noticeId: notice.id, what: 'closed' })
  await leaveFact(tx, notice, readShare)
  await audit(tx, { type: 'notice.closed', id: notice.id, payload: { readShare } })
  changed(tx, 'notice')
  return { readShare }
}

/** Closes every notice whose day has passed or that all have read. */
export async function closeOver(tx: Tx, services: Services): Promise<number> {
  let closed = 0
  for (const notice of await store.listOpen(tx)) {
    const counts = await countsOf(tx, services, notice)
    if (!isOver(notice, shareOf(counts, notice.confirmByDay !== null), tx.today)) continue
    await close(tx, notice, counts)
    closed++
  }
  return closed
}

const none: store.Counts = { receivers: 0, read: 0, confirmed: 0 }

async function countsOf(tx: Tx, services: Services, notice: store.NoticeRow): Promise<store.Counts> {
  const organisation = await findOrganisation(tx)
  if (organisation?.kind !== 'district')
    return (await store.countReceivers(tx, [notice.id])).get(notice.id) ?? none
  return (await countsOfSchools(tx, services, notice)).reduce(
    (sum, one) => ({
      receivers: sum.receivers + one.receivers,
      read: sum.read + one.read,
      confirmed: sum.confirmed + one.confirmed,
    }),
    none,
  )
}

/** How a notice of the district stands in each school, read in the scope of that school; figures, no names. */
export async function countsOfSchools(
  tx: Tx,
  services: Services,
  notice: store.NoticeRow,
): Promise<({ id: string; name: string } & store.Counts)[]> {
  const result: ({ id: string; name: string } & store.Counts)[] = []
  for (const school of await schoolsOf(tx, notice.audience)) {
    const counts = await services.inOrganisation(
      school.id,
      tx.actor,
      async (own) => {
        const passed = await own.maybe<{ id: string }>(store.originQuery(own, notice.id))
        return passed ? (await store.countReceivers(own, [passed.id])).get(passed.id) : undefined
      },
      { readOnly: true },
    )
    result.push({ ...school, ...(counts ?? none) })
  }
  return result
}

/**
 * In a school: takes over how a notice of its district now stands. Called by a job with the notice as read in the
 * district's scope; taking it over twice changes nothing.
 */
export async function takeOver(
  tx: Tx,
  services: Services,
  origin: store.NoticeRow,
  files: readonly FileContent[] = [],
): Promise<void> {
  if (origin.status === 'draft' || origin.sentAt === null) return
  const known = await store.findByOrigin(tx, origin.id)
  if (!known) {
    if (origin.status === 'withdrawn') return
    const ids = await listReceiverIds(tx, { ...origin.audience, schoolIds: [] })
    const id = newId()
    const audience = { ...origin.audience, schoolIds: [] }
    await store.insertNotice(tx, {
      ...origin,
      id,
      audience,
      authorId: null,
      unitId: null,
      originId: origin.id,
      status: 'sent',
    })
    await takeOverFiles(tx, { room: 'notice', id }, files)
    await store.insertReceivers(tx, id, ids)
    await store.insertChange(tx, { id: newId(), noticeId: id, what: 'sent' })
    const notice = (await store.findNotice(tx, id)) ?? refuseNotFound('通知')
    await ring(tx, services, notice, ids, `notice ${id} ${origin.version}`)
    await audit(tx, { type: 'notice.takenOver', id, payload: { title: origin.title } })
    changed(tx, 'notice', 'message')
    return
  }
  const next = {
    ...known,
    title: origin.title,
    body: origin.body,
    version: origin.version,
    status: origin.status === 'withdrawn' ? ('withdrawn' as const) : known.status,
    withdrawnBecause: origin.withdrawnBecause,
    remindedAt: origin.remindedAt,
  }
  await store.updateNotice(tx, next)
  if (next.version > known.version) {
    await store.insertChange(tx, {
      id: newId(),
      noticeId: known.id,
      what: 'corrected',
      titleBefore: known.title,
      bodyBefore: known.body,
    })
    await cancelOfNotice(tx, known.id)
    await ringAgain(tx, services, next)
  }
  if (next.status === 'withdrawn' && known.status !== 'withdrawn') {
    await store.insertChange(tx, {
      id: newId(),
      noticeId: known.id,
      what: 'withdrawn',
      because: origin.withdrawnBecause,
    })
    await cancelOfNotice(tx, known.id)
  } else if (origin.remindedAt !== null && origin.remindedAt.getTime() !== known.remindedAt?.getTime()) {
    await remindReceivers(tx, services, next)
    await store.insertChange(tx, { id: newId(), noticeId: known.id, what: 'reminded' })
  }
  changed(tx, 'notice', 'message')
}
