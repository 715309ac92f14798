import { daysBetween } from '../../engine/days.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, type FactInput } from '../facts/actions.ts'
import { demand, refuse, refuseForbidden, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { getLocked } from './locked.ts'
import { applyCorrection } from './attendance-actions.ts'
import * as store from './attendance-store.ts'
import { attendanceSettings, leaveReview } from './attendance-settings.ts'
import type { LeaveAdvice, LeaveKind } from './words.ts'
import { countsOn, hasAttended, madeUpFact } from './rules.ts'
import { isExpected, type ActivityRow } from './store.ts'

/** The caller asks for leave from one activity; after its start it is marked as late. Returns the id. */
export async function requestLeave(
  tx: Tx,
  input: { activityId: string; kind: LeaveKind; reason: string },
): Promise<{ id: string; askedLate: boolean }> {
  const personId = tx.actor.personId ?? refuseForbidden('请用教师本人的账号请假。')
  const activity = await getLocked(tx, input.activityId)
  demand(can.askLeave(tx.actor, activity, await isExpected(tx, activity, personId)))
  if (input.reason.trim() === '') refuse('请写明请假的原因。', { fields: { reason: '请填写' } })
  const { askWithinDays } = await attendanceSettings(tx, activity.heldOn)
  if (daysBetween(activity.heldOn, tx.today) > askWithinDays) {
    refuse(`活动过去已超过 ${askWithinDays} 天，不能再请假。如有特殊情况，请找教导处登记。`)
  }
  const attendance = await store.findAttendance(tx, activity.id, personId)
  if (attendance && attendance.status !== 'absent' && attendance.status !== 'onLeave') {
    refuse('您已经签到，不用请假。如要提前离开，请告诉主持人。')
  }
  const earlier = await store.findLeave(tx, { activityId: activity.id, personId })
  if (earlier?.status === 'asked') refuse('您已经提交过请假，正在等教导处审批。')
  if (earlier?.status === 'granted') refuse('您的请假已经批准，不用再交。')
  const askedLate = tx.now >= activity.startsAt
  const id = await store.upsertLeave(tx, {
    id: earlier?.id ?? newId(),
    personId,
    activityId: activity.id,
    kind: input.kind,
    reason: input.reason.trim(),
    askedLate,
    status: 'asked',
    decidedBy: null,
  })
  await audit(tx, {
    type: 'leave.requested',
    id,
    payload: { activityId: activity.id, kind: input.kind, askedLate },
  })
  changed(tx, 'attendance', 'activity')
  return { id, askedLate }
}

/** The caller takes a request back while nobody has decided. */
export async function withdrawLeave(tx: Tx, id: string): Promise<void> {
  const leave = (await store.findLeave(tx, { id })) ?? refuseNotFound('请假')
  if (leave.personId !== tx.actor.personId) refuseNotFound('请假')
  if (leave.status !== 'asked') refuse('教导处已经处理，不能撤回。')
  await store.updateLeave(tx, { id, status: 'withdrawn', note: '' })
  await audit(tx, { type: 'leave.withdrawn', id })
  changed(tx, 'attendance', 'activity')
}

/** The group leader says what to think of a request, before it is decided; may be said anew until then. */
export async function adviseLeave(
  tx: Tx,
  input: { id: string; advice: LeaveAdvice; note?: string },
): Promise<void> {
  const seen = (await store.findLeave(tx, { id: input.id, seen: true })) ?? refuseNotFound('请假')
  const activity = await getLocked(tx, seen.activityId)
  demand(can.adviseLeave(tx.actor, activity, seen.personId))
  const leave = (await store.findLeave(tx, { id: input.id })) ?? refuseNotFound('请假')
  if (leave.status !== 'asked')
    refuse('这条请假已经处理过了，不用再签意见。', { status: 409, code: 'decidedAlready' })
  const note = (input.note ?? '').trim()
  if (input.advice === 'oppose' && note === '')
    refuse('建议不批准请写明理由，供教导处决定。', { fields: { note: '请填写' } })
  await store.updateAdvice(tx, { id: leave.id, advice: input.advice, note })
  await audit(tx, { type: 'leave.advised', id: leave.id, payload: { advice: input.advice, note } })
  changed(tx, 'attendance')
}

/** That a leave was granted; `approval` is which time. Counts on the day of the activity. */
function approvedFact(
  tx: Tx,
  activity: ActivityRow,
  leave: { id: string; personId: string; kind: LeaveKind; beforehand: boolean; approval: number },
): FactInput {
  const roles = tx.actor.roles
  return {
    kind: 'leave.approved',
    subject: { kind: 'person', id: leave.personId },
    on: countsOn(activity),
    quantity: 1,
    attributes: {
      leaveKind: leave.kind,
      approvedBy: roles.includes('academicOffice') ? 'academicOffice' : (roles[0] ?? 'system'),
      beforehand: leave.beforehand,
    },
    source: { room: 'attendance', id: leave.id },
    key: `leave:${leave.id}:approved:${leave.approval}`,
  }
}

/** 教导处 grants or declines (declining needs a reason); granted after closing turns absent into on leave. */
export async function decideLeave(
  tx: Tx,
  input: { id: string; grant: boolean; note?: string },
): Promise<void> {
  const seen = (await store.findLeave(tx, { id: input.id, seen: true })) ?? refuseNotFound('请假')
  demand(can.decideLeave(tx.actor, seen.personId))
  const activity = await getLocked(tx, seen.activityId)
  const found = (await store.findLeave(tx, { id: input.id })) ?? refuseNotFound('请假')
  if (found.status !== 'asked')
    refuse('这条请假已经处理过了，请刷新。', { status: 409, code: 'decidedAlready' })
  const note = (input.note ?? '').trim()
  if (!input.grant && note === '') refuse('不批准请写明原因，让老师知道。', { fields: { note: '请填写' } })
  const waits = await leaveReview(tx, activity, found)
  if (waits !== null) refuse(waits, { status: 409, code: 'waitsForAdvice' })
  await store.updateLeave(tx, { id: found.id, status: input.grant ? 'granted' : 'declined', note })
  await audit(tx, { type: input.grant ? 'leave.granted' : 'leave.declined', id: found.id, payload: { note } })
  if (input.grant) {
    await recordFacts(tx, [
      approvedFact(tx, activity, { ...found, beforehand: !found.askedLate, approval: found.approvals + 1 }),
    ])
    await applyLeave(tx, activity, found.personId)
  }
  changed(tx, 'attendance', 'activity', 'activityLive')
}

/** 教导处 enters a leave that was asked by word of mouth; it is granted at once. */
export async function recordLeave(
  tx: Tx,
  input: { activityId: string; personId: string; kind: LeaveKind; reason: string },
): Promise<{ id: string }> {
  demand(can.decideLeave(tx.actor, input.personId))
  const activity = await getLocked(tx, input.activityId)
  demand(can.askLeave(tx.actor, activity, await isExpected(tx, activity, input.personId)))
  if (input.reason.trim() === '') refuse('请写明请假的原因。', { fields: { reason: '请填写' } })
  const earlier = await store.findLeave(tx, { activityId: activity.id, personId: input.personId })
  if (earlier?.status === 'granted') refuse('这位老师的请假已经批准，不用再登记。')
  const id = await store.upsertLeave(tx, {
    id: earlier?.id ?? newId(),
    personId: input.personId,
    activityId: activity.id,
    kind: input.kind,
    reason: input.reason.trim(),
    askedLate: tx.now >= activity.startsAt,
    status: 'granted',
    decidedBy: tx.actor.personId,
  })
  await audit(tx, {
    type: 'leave.recorded',
    id,
    payload: { activityId: activity.id, personId: input.personId, kind: input.kind },
  })
  await recordFacts(tx, [
    approvedFact(tx, activity, {
      id,
      personId: input.personId,
      kind: input.kind,
      beforehand: tx.now < activity.startsAt,
      approval: (earlier?.approvals ?? 0) + 1,
    }),
  ])
  await applyLeave(tx, activity, input.personId)
  changed(tx, 'attendance', 'activity', 'activityLive')
  return { id }
}

/** What a granted leave does to a closed activity. Before closing nothing: closing reads it. */
export async function applyLeave(tx: Tx, activity: ActivityRow, personId: string): Promise<void> {
  if (activity.status !== 'closed') return
  const attendance = await store.findAttendance(tx, activity.id, personId)
  if (!attendance || attendance.status !== 'absent') return
  await applyCorrection(tx, activity, {
    personId,
    status: 'onLeave',
    signedAt: null,
    source: 'leave',
    note: '请假补批',
    before: attendance.status,
  })
}

/** The caller hands in what was studied to make up for a missed activity. */
export async function handInMakeUp(
  tx: Tx,
  input: { id: string; note: string; minutes: number },
): Promise<void> {
  const makeUp = (await store.findMakeUp(tx, { id: input.id })) ?? refuseNotFound('补学')
  if (makeUp.personId !== tx.actor.personId) refuseNotFound('补学')
  if (makeUp.status === 'confirmed') refuse('补学已经确认，不用再交。')
  if (input.note.trim().length < 10)
    refuse('请用几句话写下补学的收获（至少 10 个字）。', { fields: { note: '至少 10 个字' } })
  await store.updateMakeUp(tx, {
    id: makeUp.id,
    status: 'handedIn',
    note: input.note.trim(),
    minutes: input.minutes,
    decisionNote: '',
  })
  await audit(tx, { type: 'makeUp.handedIn', id: makeUp.id, payload: { minutes: input.minutes } })
  changed(tx, 'attendance')
}

/** The leader confirms a make-up (a fact follows) or returns it with a reason. */
export async function decideMakeUp(
  tx: Tx,
  input: { id: string; confirm: boolean; note?: string },
): Promise<void> {
  const seen = (await store.findMakeUp(tx, { id: input.id, seen: true })) ?? refuseNotFound('补学')
  const activity = await getLocked(tx, seen.activityId)
  demand(can.decideMakeUp(tx.actor, activity, seen.personId))
  const makeUp = (await store.findMakeUp(tx, { id: input.id })) ?? refuseNotFound('补学')
  if (makeUp.status !== 'handedIn') {
    refuse(makeUp.status === 'confirmed' ? '这份补学已经确认过了。' : '老师还没有交补学，等交了再确认。', {
      status: 409,
      code: 'decidedAlready',
    })
  }
  const note = (input.note ?? '').trim()
  if (!input.confirm && note === '')
    refuse('退回请写明原因，让老师知道怎么改。', { fields: { note: '请填写' } })
  await store.updateMakeUp(tx, {
    id: makeUp.id,
    status: input.confirm ? 'confirmed' : 'returned',
    decisionNote: note,
  })
  if (input.confirm) {
    const attendance = await store.findAttendance(tx, activity.id, makeUp.personId)
    if (attendance && !hasAttended(attendance.status)) {
      await recordFacts(tx, [
        madeUpFact(activity, { personId: makeUp.personId, version: attendance.version }, makeUp),
      ])
    }
  }
  await audit(tx, {
    type: input.confirm ? 'makeUp.confirmed' : 'makeUp.returned',
    id: makeUp.id,
    payload: { note, minutes: makeUp.minutes },
  })
  changed(tx, 'attendance')
}
