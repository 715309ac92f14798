import { dayLabel } from '../../engine/days.ts'
import { getLocked } from '../activity/locked.ts'
import { applyCorrection, sessionsMeant } from '../activity/attendance-actions.ts'
import { attendanceSettings } from '../activity/attendance-settings.ts'
import { findAttendance } from '../activity/attendance-store.ts'
import { listSessions } from '../activity/participation-store.ts'
import { hasAttended } from '../activity/rules.ts'
import { activitySettings } from '../activity/settings.ts'
import { countMissingPeople } from '../activity/store.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, refuse, refuseForbidden, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { type TrainingInput, trainingInput } from './contract.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import * as trainings from './training-store.ts'
import { type FinalStatus, finalLabels, type TrainingStatus } from './words.ts'

// ── Appeals ──────────────────────────────────────────────────────────────────

/** A teacher disputes the own attendance of a closed activity, until so many school days after it was closed. */
export async function appealAttendance(
  tx: Tx,
  input: { activityId: string; wanted: FinalStatus; reason: string },
): Promise<{ id: string }> {
  const personId = tx.actor.personId ?? refuseForbidden('请用教师本人的账号申诉。')
  const activity = await getLocked(tx, input.activityId)
  const attendance =
    (await findAttendance(tx, activity.id, personId)) ??
    refuse('这次活动没有您的考勤记录，不用申诉。', { status: 404, code: 'notFound' })
  if (activity.status !== 'closed' || activity.closedAt === null || attendance.status === 'signedIn')
    refuse('活动还没有结束，考勤没有定下来，请直接告诉主持人。')
  // Of several sessions one alone may be disputed.
  if (attendance.status === input.wanted && activity.leastSessions === null)
    refuse(`考勤已经记为“${finalLabels[input.wanted]}”，请选一个不同的结果。`, {
      fields: { wanted: '与现在相同' },
    })
  if (input.reason.trim() === '')
    refuse('请写明理由，比如当时在哪里、谁可以证明。', { fields: { reason: '请填写' } })
  const until = rules.appealUntil(
    await loadCalendar(tx),
    localDateOf(activity.closedAt),
    (await attendanceSettings(tx, activity.heldOn)).appealDays,
  )
  if (tx.today > until)
    refuse(`这次活动的考勤申诉已在${dayLabel(until)}截止。如有特殊情况，请当面找教导处。`, {
      code: 'tooLate',
    })
  const earlier = await store.findAppeal(tx, { activityId: activity.id, personId })
  if (earlier?.status === 'asked') refuse('您已经申诉过，正在等教导处答复。')
  if (earlier?.status === 'granted' || earlier?.status === 'refused')
    refuse(
      `教导处已经答复过这次申诉（${dayLabel(localDateOf(earlier.answeredAt ?? tx.now))}），如仍有不同意见，请当面找教导处。`,
    )
  const id = await store.upsertAppeal(tx, {
    id: earlier?.id ?? newId(),
    activityId: activity.id,
    personId,
    recorded: attendance.status,
    wanted: input.wanted,
    reason: input.reason.trim(),
  })
  await audit(tx, {
    type: 'attendance.appealed',
    id,
    payload: {
      activityId: activity.id,
      from: attendance.status,
      wanted: input.wanted,
      reason: input.reason.trim(),
    },
  })
  changed(tx, 'attendanceBook', 'inbox')
  return { id }
}

/** The teacher takes an appeal back while nobody has answered. */
export async function withdrawAppeal(tx: Tx, id: string): Promise<void> {
  const appeal = (await store.findAppeal(tx, { id })) ?? refuseNotFound('申诉')
  if (appeal.personId !== tx.actor.personId) refuseNotFound('申诉')
  if (appeal.status !== 'asked') refuse('教导处已经答复，不能撤回。')
  await store.updateAppeal(tx, { id, status: 'withdrawn', answer: '' })
  await audit(tx, { type: 'attendance.appealWithdrawn', id })
  changed(tx, 'attendanceBook', 'inbox')
}

/**
 * 教导处 answers: granted corrects the attendance as wanted, refused needs the reason. Of an activity with several
 * sessions `sessions` says in which the person was; left out, in all of them where presence is granted.
 */
export async function answerAppeal(
  tx: Tx,
  input: { id: string; grant: boolean; answer?: string; sessions?: number[] | null | undefined },
): Promise<void> {
  const seen = (await store.findAppeal(tx, { id: input.id, seen: true })) ?? refuseNotFound('申诉')
  demand(can.answerAppeal(tx.actor, seen.personId))
  const activity = await getLocked(tx, seen.activityId)
  const appeal = (await store.findAppeal(tx, { id: input.id })) ?? refuseNotFound('申诉')
  if (appeal.status !== 'asked')
    refuse('这条申诉已经处理过了，请刷新。', { status: 409, code: 'decidedAlready' })
  const answer = (input.answer ?? '').trim()
  if (!input.grant && answer === '')
    refuse('维持原记录请写明理由，让老师知道。', { fields: { answer: '请填写' } })
  await store.updateAppeal(tx, { id: appeal.id, status: input.grant ? 'granted' : 'refused', answer })
  await audit(tx, {
    type: input.grant ? 'attendance.appealGranted' : 'attendance.appealRefused',
    id: appeal.id,
    payload: { answer },
  })
  if (input.grant) {
    const before = await findAttendance(tx, activity.id, appeal.personId)
    const sessions =
      activity.leastSessions === null
        ? undefined
        : await sessionsMeant(tx, activity, {
            personId: appeal.personId,
            status: appeal.wanted,
            sessions:
              input.sessions ??
              (hasAttended(appeal.wanted)
                ? (await listSessions(tx, activity.id)).map((session) => session.number)
                : null),
          })
    if (before?.status !== appeal.wanted || sessions !== undefined)
      await applyCorrection(tx, activity, {
        personId: appeal.personId,
        status: appeal.wanted,
        signedAt: null,
        source: 'rollCall',
        note: `申诉成立：${answer === '' ? appeal.reason : answer}`,
        before: before?.status ?? null,
        sessions,
      })
  }
  changed(tx, 'attendanceBook', 'inbox')
}

// ── Training organised by others ─────────────────────────────────────────────

/** Members of the groups that the caller leads. */
export async function ledBy(tx: Tx): Promise<Set<string>> {
  if (tx.actor.leads.length === 0) return new Set()
  const led = await trainings.listLed(
    tx,
    tx.actor.leads.map((lead) => lead.unitId),
  )
  return new Set(led.map((person) => person.id))
}

/**
 * Records a training organised by others for several people, or changes one: its old facts are reversed and new ones
 * left. What a teacher reports of oneself counts once the leader or 教导处 has confirmed it.
 */
export async function saveTraining(
  tx: Tx,
  given: TrainingInput,
): Promise<{ id: string; status: TrainingStatus }> {
  const input = trainingInput.parse(given)
  const people = [...new Map(input.people.map((one) => [one.personId, one])).values()]
  const personIds = people.map((one) => one.personId)
  const before = input.trainingId
    ? ((await trainings.findTraining(tx, input.trainingId)) ?? refuseNotFound('培训'))
    : undefined
  const peopleBefore = before ? await trainings.listTrainingPeople(tx, before.id) : []
  const led = await ledBy(tx)
  if (before) {
    const concern = { ...before, personIds: peopleBefore.map((one) => one.personId) }
    if (can.seeTraining(tx.actor, concern, led) !== null) refuseNotFound('培训')
    demand(can.changeTraining(tx.actor, concern))
  }
  if ((await countMissingPeople(tx, personIds)) > 0)
    refuse('名单里有不属于本校的人员，请重新选择。', { status: 404, code: 'notFound' })
  demand(can.recordFor(tx.actor, personIds, led))
  const until = input.lastDay ?? input.day
  if (until < input.day) refuse('结束日期不能早于开始日期。', { fields: { lastDay: '早于开始日期' } })
  if (input.day > tx.today) refuse('培训还没有开始，请在参加之后再登记。', { fields: { day: '还没有到' } })
  const { kinds, hasOwnKinds } = await activitySettings(tx, input.day)
  if (
    hasOwnKinds &&
    input.kind !== before?.kind &&
    !kinds.some((kind) => kind.inUse && kind.id === input.kind)
  )
    refuse('请从列出的活动类别中选择。', { fields: { kind: '请选择' } })
  const id = before?.id ?? newId()
  const same = await trainings.findSameTraining(tx, { id, title: input.title, heldOn: input.day, personIds })
  if (same)
    refuse(
      `${same.name}的这次培训已由${same.recordedByName ?? '系统'}登记过，不用再登记；请去掉已登记的老师。`,
      {
        fields: { people: '有人已登记' },
      },
    )
  const status = can.countsAtOnce(tx.actor, personIds) ? 'confirmed' : 'reported'
  const training = {
    id,
    title: input.title,
    kind: input.kind,
    organiser: input.organiser,
    organiserName: input.organiserName,
    place: input.place,
    heldOn: input.day,
    endedOn: until,
    minutes: input.minutes,
    note: input.note,
    status: status as TrainingStatus,
    recordedBy: before?.recordedBy ?? tx.actor.personId,
  }
  const version = Math.max(0, ...peopleBefore.map((one) => one.version)) + 1
  const marked = people.map((one) => ({ ...one, version }))
  await trainings.upsertTraining(tx, training)
  await trainings.replacePeople(tx, id, marked)
  if (before) await reverseFacts(tx, { room: 'training', id })
  if (status === 'confirmed')
    await recordFacts(
      tx,
      marked.map((one) => rules.trainingFact(training, one)),
    )
  await audit(tx, {
    type: before ? 'training.changed' : 'training.recorded',
    id,
    payload: {
      title: input.title,
      organiser: input.organiser,
      day: input.day,
      minutes: input.minutes,
      status,
      people: people.map((one) => [one.personId, one.status]),
    },
  })
  changed(tx, 'attendanceBook', 'training', 'inbox')
  return { id, status }
}

/** Confirms what a teacher reported (it then counts) or returns it with a reason. */
export async function decideTraining(
  tx: Tx,
  input: { id: string; confirm: boolean; note?: string },
): Promise<void> {
  const training = (await trainings.findTraining(tx, input.id)) ?? refuseNotFound('培训')
  const people = await trainings.listTrainingPeople(tx, training.id)
  const concern = { ...training, personIds: people.map((one) => one.personId) }
  const led = await ledBy(tx)
  if (can.seeTraining(tx.actor, concern, led) !== null) refuseNotFound('培训')
  demand(can.decideTraining(tx.actor, concern, led))
  const note = (input.note ?? '').trim()
  if (!input.confirm && note === '')
    refuse('退回请写明原因，让老师知道怎么改。', { fields: { note: '请填写' } })
  if (input.confirm && (await listAttachmentsOf(tx, 'training', training.id)).length === 0)
    refuse('还没有附证明（通知、证书或照片），请退回让老师补上，再确认。', { code: 'noProof' })
  await trainings.updateTraining(tx, {
    id: training.id,
    status: input.confirm ? 'confirmed' : 'returned',
    note,
  })
  if (input.confirm)
    await recordFacts(
      tx,
      people.map((one) => rules.trainingFact(training, one)),
    )
  await audit(tx, {
    type: input.confirm ? 'training.confirmed' : 'training.returned',
    id: training.id,
    payload: { note },
  })
  changed(tx, 'attendanceBook', 'training', 'inbox')
}

/** Takes back a training recorded by mistake; its facts are reversed. */
export async function removeTraining(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const training = (await trainings.findTraining(tx, input.id)) ?? refuseNotFound('培训')
  const people = await trainings.listTrainingPeople(tx, training.id)
  const concern = { ...training, personIds: people.map((one) => one.personId) }
  if (can.seeTraining(tx.actor, concern, await ledBy(tx)) !== null) refuseNotFound('培训')
  demand(can.changeTraining(tx.actor, concern))
  if (input.reason.trim() === '') refuse('请写明撤销的原因。', { fields: { reason: '请填写' } })
  await trainings.updateTraining(tx, { id: training.id, status: 'removed', note: input.reason.trim() })
  await reverseFacts(tx, { room: 'training', id: training.id })
  await audit(tx, { type: 'training.removed', id: training.id, payload: { reason: input.reason.trim() } })
  changed(tx, 'attendanceBook', 'training', 'inbox')
}
