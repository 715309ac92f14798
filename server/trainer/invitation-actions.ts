import { dayLabel } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { settleFacts } from '../duty/standing.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { getTrainer } from './actions.ts'
import { wordsNamed } from './described.ts'
import { letterNumber, type Word, wordsFor } from './rules.ts'
import * as store from './store.ts'
import { type InvitationKind, type InvitationStatus, usualDuties } from './words.ts'

/** The duties for which somebody may be engaged: those in whose rules trainers are named, else the usual one. */
export async function adviserDuties(tx: Tx): Promise<Word[]> {
  const named = (await wordsNamed(tx, 'duty.assigned', 'duty')).filter(({ label }) =>
    /辅导员|顾问|指导教师|兼职教研员|导师/.test(label),
  )
  return named.length > 0 ? named : usualDuties
}

/**
 * Proposes to engage somebody as an adviser for a term, or to invite to a lecture or guidance. What the principal (a
 * district's officer) proposes is approved with it.
 */
export async function invite(
  tx: Tx,
  input: {
    trainerId: string
    kind: InvitationKind
    subject: string
    duty?: string
    from: LocalDate
    to?: LocalDate | null
    place?: string
    fee?: number | null
  },
): Promise<{ id: string; status: InvitationStatus }> {
  demand(can.maintain(tx.actor))
  if (input.fee != null) demand(can.seeFee(tx.actor))
  await store.lockRoom(tx)
  const trainer = await getTrainer(tx, input.trainerId)
  if (trainer.leftOn !== null) refuse(`${trainer.name}已经不在师资库里，请先恢复。`)
  const isAdviser = input.kind === 'adviser'
  const to = isAdviser ? (input.to ?? null) : null
  if (isAdviser && to === null) refuse('请填写聘期到哪一天。', { fields: { to: '请填写' } })
  if (to !== null && to < input.from)
    refuse('聘期的最后一天在第一天之前，请核对日期。', { fields: { to: '在第一天之前' } })
  if (!isAdviser && input.from < tx.today && !tx.notes.get('bulk'))
    refuse('想请来的日子已经过去；已经讲过的，请直接登记。', { fields: { from: '已经过去' } })
  const duties = await adviserDuties(tx)
  const duty = isAdviser ? input.duty || (duties[0]?.id ?? '') : ''
  if (isAdviser && !duties.some((one) => one.id === duty))
    refuse('没有这种聘请，请重新选择。', { fields: { duty: '请重新选择' } })
  const others = await store.listInvitations(tx, { trainerIds: [trainer.id] })
  const same = others.find(
    (one) =>
      one.kind === input.kind &&
      (one.status === 'proposed' || one.status === 'approved') &&
      (isAdviser
        ? one.duty === duty && one.from <= (to ?? input.from) && input.from <= (one.to ?? one.from)
        : one.from === input.from && !one.isGiven),
  )
  if (same)
    refuse(
      isAdviser
        ? `${trainer.name}在 ${same.from} 至 ${same.to ?? ''} 已经${same.status === 'approved' ? '受聘' : '提出聘请'}，聘期不能重叠。`
        : `${dayLabel(input.from)}已经${same.status === 'approved' ? '请了' : '提出请'}${trainer.name}，不用再提。`,
      { fields: { from: '已经提出' } },
    )
  const id = newId()
  await store.insertInvitation(tx, {
    id,
    trainerId: trainer.id,
    kind: input.kind,
    subject: input.subject.trim(),
    duty,
    from: input.from,
    to,
    place: input.place?.trim() ?? '',
    fee: input.fee ?? null,
  })
  await audit(tx, {
    type: 'trainer.invited',
    id,
    payload: { trainerId: trainer.id, kind: input.kind, subject: input.subject, from: input.from },
  })
  changed(tx, 'trainer', 'inbox')
  if (can.decide(tx.actor, { status: 'proposed' }) !== null || tx.actor.kind === 'system')
    return { id, status: 'proposed' }
  await approveInvitation(tx, { invitationId: id })
  return { id, status: 'approved' }
}

async function getInvitation(tx: Tx, id: string): Promise<store.InvitationRow> {
  await store.lockRoom(tx)
  return (await store.findInvitation(tx, id)) ?? refuseNotFound('邀请')
}

/** The principal approves; an adviser gets a letter with its number and counts from the first day on. */
export async function approveInvitation(
  tx: Tx,
  input: { invitationId: string },
): Promise<{ letterNumber: string }> {
  const row = await getInvitation(tx, input.invitationId)
  demand(can.decide(tx.actor, row))
  const year = tx.today.slice(0, 4)
  const number = row.kind === 'adviser' ? letterNumber(year, await store.countLetters(tx, year)) : ''
  await store.decideInvitation(tx, { id: row.id, status: 'approved', reason: '', letterNumber: number })
  await settleAdviser(tx, { ...row, status: 'approved' })
  await audit(tx, { type: 'trainer.invitationApproved', id: row.id, payload: { letterNumber: number } })
  changed(tx, 'trainer', 'inbox')
  return { letterNumber: number }
}

/** The principal says no, with the reason. */
export async function refuseInvitation(
  tx: Tx,
  input: { invitationId: string; reason: string },
): Promise<void> {
  const row = await getInvitation(tx, input.invitationId)
  demand(can.decide(tx.actor, row))
  if (input.reason.trim() === '') refuse('请写明不批准的原因。', { fields: { reason: '请填写' } })
  await store.decideInvitation(tx, {
    id: row.id,
    status: 'refused',
    reason: input.reason.trim(),
    letterNumber: '',
  })
  await audit(tx, { type: 'trainer.invitationRefused', id: row.id, payload: { reason: input.reason } })
  changed(tx, 'trainer', 'inbox')
}

/** Taken back, also after it was approved: an adviser's facts are reversed. Refused once the lecture has been given. */
export async function withdrawInvitation(
  tx: Tx,
  input: { invitationId: string; reason: string },
): Promise<void> {
  const row = await getInvitation(tx, input.invitationId)
  demand(can.withdraw(tx.actor, row))
  if (row.isGiven) refuse('这次已经登记为讲过，不能撤回；登记错了请先作废那次登记。')
  const { letterNumber: number } = row
  await store.decideInvitation(tx, {
    id: row.id,
    status: 'withdrawn',
    reason: input.reason.trim(),
    letterNumber: number,
  })
  await settleAdviser(tx, { ...row, status: 'withdrawn' })
  await audit(tx, { type: 'trainer.invitationWithdrawn', id: row.id, payload: { reason: input.reason } })
  changed(tx, 'trainer', 'inbox')
}

/** Makes the facts of an adviser's appointment agree with its term; in each school year that it reaches it counts once. */
async function settleAdviser(tx: Tx, row: store.InvitationRow): Promise<void> {
  if (row.kind !== 'adviser') return
  const trainer = await getTrainer(tx, row.trainerId)
  const isOwn = trainer.personId !== null
  const [role = trainer.kind] = wordsFor({ ...trainer, isOwn }, await wordsNamed(tx, 'duty.assigned', 'role'))
  await settleFacts(tx, {
    room: 'trainer',
    id: row.id,
    kind: 'duty.assigned',
    subject: trainer.personId
      ? { kind: 'person', id: trainer.personId }
      : { kind: 'organisation', id: tx.orgId },
    attributes: { duty: row.duty, layer: '', role },
    from: row.from,
    to: row.to,
    isWithdrawn: row.status !== 'approved',
    per: 'schoolYear',
  })
}

/** Leaves the facts of advisers for a new school year, and takes back those of what has ended; once a day. */
export async function settleAdvisers(tx: Tx): Promise<void> {
  for (const row of await store.listInvitations(tx, { status: 'approved' })) await settleAdviser(tx, row)
}
