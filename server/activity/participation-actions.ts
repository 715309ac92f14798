import { dayLabel, daysBetween } from '../../engine/days.ts'
import { numberSetting } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { removeAttachmentsOf } from '../files/actions.ts'
import { instantAt } from '../kit/dates.ts'
import { demand, refuse, refuseForbidden, refuseNotFound, Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { getLocked } from './locked.ts'
import { insertPresence } from './attendance-store.ts'
import * as store from './participation-store.ts'
import { missingParts } from './rules.ts'
import { checkTries, findByNumber, noteWrongNumber } from './running.ts'
import { listTemplates } from './series-store.ts'
import { activitySettings, minutesParts } from './settings.ts'
import { type ActivityRow, countMissingPeople, isExpected, updateActivity } from './store.ts'

const tell = (tx: Tx) => changed(tx, 'activity', 'participation', 'activityLive')

function person(tx: Tx): string {
  return tx.actor.personId ?? refuseForbidden('请用教师本人的账号操作。')
}

// ── Materials ────────────────────────────────────────────────────────────────

/** Days ahead that materials of this activity should be handed out: the kind's template, else the regime's setting. */
export async function leadDaysOf(
  tx: Tx,
  activity: Pick<ActivityRow, 'kind' | 'heldOn'>,
): Promise<number | null> {
  const template = (await listTemplates(tx)).find((one) => one.kind === activity.kind)
  if (template?.leadDays != null) return template.leadDays
  const { regimes } = await activitySettings(tx, activity.heldOn)
  const regime = regimes.find((one) => one.settings.leadDays !== undefined)
  return regime ? numberSetting(regime, 'leadDays', 0) : null
}

/** How late a hand-out is against the lead time, as a sentence; null when in time. */
export function lateSentence(
  releasedOn: LocalDate,
  heldOn: LocalDate,
  leadDays: number | null,
): string | null {
  const days = daysBetween(releasedOn, heldOn)
  if (days < 0) return `活动后 ${-days} 天才发放`
  if (leadDays === null || days >= leadDays) return null
  return days === 0 ? `当天才发放，应提前 ${leadDays} 天` : `只提前 ${days} 天，应提前 ${leadDays} 天`
}

/** Adds a hand-out. A day of release that is past becomes today: what was not out cannot have been seen. */
export async function addMaterial(
  tx: Tx,
  input: {
    activityId: string
    title: string
    note: string
    address: string
    releasedOn: LocalDate
    byChoice: boolean
  },
): Promise<{ materialId: string }> {
  const activity = await getLocked(tx, input.activityId)
  if (activity.status === 'closed') refuse('活动已经结束，材料不能再发放；要留存的材料请附在活动记录里。')
  demand(can.change(tx.actor, activity))
  if (input.title.trim() === '') refuse('请写上材料的题目。', { fields: { title: '请填写' } })
  if (input.address.trim() !== '' && !/^https?:\/\/\S+$/.test(input.address.trim()))
    refuse('网址应以 http:// 或 https:// 开头。', { fields: { address: '请检查网址' } })
  if (input.releasedOn > activity.heldOn)
    refuse(`材料要在活动（${dayLabel(activity.heldOn)}）之前发放，请改发放日期。`, {
      fields: { releasedOn: '晚于活动' },
    })
  if ((await store.listMaterials(tx, activity.id)).length >= 40)
    refuse('一次活动最多 40 份材料，请合并后再加。')
  const materialId = newId()
  await store.insertMaterial(tx, {
    ...input,
    id: materialId,
    title: input.title.trim(),
    address: input.address.trim(),
    releasedOn: input.releasedOn < tx.today ? tx.today : input.releasedOn,
  })
  await audit(tx, {
    type: 'activity.materialAdded',
    id: activity.id,
    payload: { title: input.title, on: input.releasedOn },
  })
  tell(tx)
  return { materialId }
}

/** Takes a hand-out back while the activity has not closed; its files go with it. */
export async function removeMaterial(tx: Tx, input: { materialId: string }): Promise<void> {
  const material = (await store.findMaterial(tx, input.materialId)) ?? refuseNotFound('材料')
  const activity = await getLocked(tx, material.activityId)
  demand(can.change(tx.actor, activity))
  await removeAttachmentsOf(tx, 'material', material.id)
  await store.deleteMaterial(tx, material.id)
  await audit(tx, { type: 'activity.materialRemoved', id: activity.id, payload: { title: material.title } })
  tell(tx)
}

/** The caller confirms everything that is out, and chooses from what is to be chosen. */
export async function receiveMaterials(
  tx: Tx,
  input: { activityId: string; chosenIds: string[] },
): Promise<void> {
  const personId = person(tx)
  const activity = await getLocked(tx, input.activityId)
  if (activity.status === 'cancelled') refuse('活动已经取消，不用再确认材料。')
  if (!(await isExpected(tx, activity, personId))) refuse('您不在这个活动的应到名单里，不用确认材料。')
  const out = (await store.listMaterials(tx, activity.id)).filter((one) => one.releasedOn <= tx.today)
  if (out.length === 0) refuse('还没有发放材料，等发放后再确认。')
  const toChoose = out.filter((one) => one.byChoice)
  const chosen = new Set(input.chosenIds)
  if (toChoose.length > 0 && !toChoose.some((one) => chosen.has(one.id)))
    refuse('请至少选一份要学习的材料。', { fields: { chosenIds: '请选择' } })
  await store.upsertReceipts(
    tx,
    personId,
    out.map((one) => ({ materialId: one.id, chosen: one.byChoice && chosen.has(one.id) })),
  )
  await audit(tx, { type: 'activity.materialsReceived', id: activity.id, payload: { count: out.length } })
  changed(tx, 'participation')
}

// ── Sessions ─────────────────────────────────────────────────────────────────

/** Sets the sessions of an activity before it starts, and in how many one must be to count as present. */
export async function saveSessions(
  tx: Tx,
  input: {
    activityId: string
    least?: number | null | undefined
    sessions: { day: LocalDate; startTime: string; endTime: string }[]
  },
): Promise<void> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.change(tx.actor, activity))
  if (activity.status !== 'planned') refuse('活动已经开始，场次不能再改。')
  const sessions = input.sessions
    .map((one) => ({
      heldOn: one.day,
      startsAt: instantAt(one.day, one.startTime),
      endsAt: instantAt(one.day, one.endTime),
    }))
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
    .map((one, index) => ({ ...one, number: index + 1 }))
  for (const [index, one] of sessions.entries()) {
    const before = sessions[index - 1]
    if (one.endsAt <= one.startsAt) refuse(`第 ${one.number} 场的结束时间要晚于开始时间。`)
    if (before && before.endsAt > one.startsAt)
      refuse(`第 ${before.number} 场和第 ${one.number} 场的时间重叠，请调整。`)
  }
  if (sessions.length === 1) refuse('只有一场就不用分场次；请再加一场，或全部去掉。')
  const least = sessions.length === 0 ? null : (input.least ?? sessions.length)
  if (least !== null && least > sessions.length)
    refuse(`一共 ${sessions.length} 场，“至少参加”不能多于 ${sessions.length} 场。`, {
      fields: { least: '多于场次' },
    })
  await store.replaceSessions(tx, activity.id, { least, sessions })
  const [first, last] = [sessions[0], sessions.at(-1)]
  if (first && last)
    await updateActivity(tx, {
      ...activity,
      heldOn: first.heldOn,
      startsAt: first.startsAt,
      endsAt: last.endsAt,
    })
  await audit(tx, {
    type: 'activity.sessionsSaved',
    id: activity.id,
    payload: { sessions: sessions.length, least },
  })
  tell(tx)
}

/** The roll-call of one session while the activity runs: who was there and who was not. */
export async function recordSession(
  tx: Tx,
  input: { activityId: string; number: number; entries: { personId: string; present: boolean }[] },
): Promise<{ recorded: number }> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.rollCall(tx.actor, activity))
  if (!(await store.listSessions(tx, activity.id)).some((one) => one.number === input.number))
    refuse(`没有第 ${input.number} 场，请刷新后再试。`)
  const entries = [...new Map(input.entries.map((entry) => [entry.personId, entry])).values()]
  const people = (present: boolean) =>
    entries.filter((entry) => entry.present === present).map((entry) => entry.personId)
  if ((await countMissingPeople(tx, [...people(true), ...people(false)])) > 0) refuseNotFound('人员')
  for (const present of [true, false])
    await store.setSessionPresence(tx, {
      activityId: activity.id,
      number: input.number,
      personIds: people(present),
      present,
    })
  await audit(tx, {
    type: 'activity.sessionRecorded',
    id: activity.id,
    payload: { number: input.number, present: people(true), absent: people(false) },
  })
  tell(tx)
  return { recorded: entries.length }
}

// ── Enrolment ────────────────────────────────────────────────────────────────

/** Moves up as many of those who wait as there is room for; returns who. The activity must be locked. */
async function moveUp(
  tx: Tx,
  activity: Pick<ActivityRow, 'id' | 'capacity' | 'startedAt'>,
): Promise<string[]> {
  const rows = await store.listEnrolments(tx, activity.id)
  const waiting = rows.filter((row) => row.status === 'waiting')
  const free =
    activity.capacity === null ? waiting.length : activity.capacity - (rows.length - waiting.length)
  const moved = waiting.slice(0, Math.max(0, free))
  for (const row of moved) {
    await store.upsertEnrolment(tx, {
      activityId: activity.id,
      personId: row.personId,
      status: 'enrolled',
      movedUp: true,
    })
    if (activity.startedAt) await store.addExpected(tx, activity.id, row.personId)
  }
  return moved.map((row) => row.name)
}

/** Whether people enrol for an activity, and how many have room. More room moves those up who wait. */
export async function setEnrolment(
  tx: Tx,
  input: { activityId: string; byEnrolment: boolean; capacity?: number | null | undefined },
): Promise<{ movedUp: number }> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.change(tx.actor, activity))
  if (activity.status !== 'planned') refuse('活动已经开始，报名方式不能再改；候补的老师请直接“录入”。')
  const enrolled = (await store.listEnrolments(tx, activity.id)).filter(
    (row) => row.status === 'enrolled',
  ).length
  const capacity = input.byEnrolment ? (input.capacity ?? null) : null
  if (capacity !== null && capacity < enrolled)
    refuse(`已有 ${enrolled} 人报上名，名额不能少于 ${enrolled}。`, {
      fields: { capacity: `不能少于 ${enrolled}` },
    })
  await store.updateEnrolmentSettings(tx, { id: activity.id, byEnrolment: input.byEnrolment, capacity })
  const moved = await moveUp(tx, { ...activity, capacity })
  await audit(tx, {
    type: 'activity.enrolmentSet',
    id: activity.id,
    payload: { byEnrolment: input.byEnrolment, capacity },
  })
  tell(tx)
  return { movedUp: moved.length }
}

/** The caller enrols; when it is full, onto the waiting list. */
export async function enrol(
  tx: Tx,
  input: { activityId: string },
): Promise<{ status: 'enrolled' | 'waiting'; place: number | null }> {
  const personId = person(tx)
  const activity = await getLocked(tx, input.activityId)
  demand(can.open(tx.actor, activity, false))
  if (!activity.byEnrolment) refuse('这个活动不用报名，按时参加就可以。')
  if (activity.status !== 'planned') refuse('活动已经开始或结束，不能再报名；请直接到场，由主持人录入。')
  const rows = await store.listEnrolments(tx, activity.id)
  const mine = rows.find((row) => row.personId === personId)
  if (mine) refuse(mine.status === 'enrolled' ? '您已经报上名了。' : '您已经在候补名单里了。')
  const enrolled = rows.filter((row) => row.status === 'enrolled').length
  const status = activity.capacity === null || enrolled < activity.capacity ? 'enrolled' : 'waiting'
  await store.upsertEnrolment(tx, { activityId: activity.id, personId, status })
  await audit(tx, { type: 'activity.enrolled', id: activity.id, payload: { personId, status } })
  tell(tx)
  return { status, place: status === 'waiting' ? rows.length - enrolled + 1 : null }
}

/** The caller gives the place back; the next of the waiting list moves up and is told. Returns who did. */
export async function leaveEnrolment(
  tx: Tx,
  input: { activityId: string },
): Promise<{ movedUp: string | null }> {
  const personId = person(tx)
  const activity = await getLocked(tx, input.activityId)
  const mine = (await store.listEnrolments(tx, activity.id)).find((row) => row.personId === personId)
  if (!mine) refuse('您没有报名这个活动。')
  if (activity.status !== 'planned') refuse('活动已经开始，不能退出报名；不能参加请办请假。')
  await store.upsertEnrolment(tx, { activityId: activity.id, personId, status: 'left' })
  const moved = await moveUp(tx, activity)
  await audit(tx, { type: 'activity.enrolmentLeft', id: activity.id, payload: { personId, movedUp: moved } })
  tell(tx)
  return { movedUp: moved[0] ?? null }
}

/** Takes somebody in from the waiting list in one tap, also beyond the capacity; while it runs they are present. */
export async function admit(tx: Tx, input: { activityId: string; personId: string }): Promise<void> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.change(tx.actor, activity))
  const row = (await store.listEnrolments(tx, activity.id)).find((one) => one.personId === input.personId)
  if (row?.status !== 'waiting') refuse('这位老师不在候补名单里，请刷新后再看。')
  await store.upsertEnrolment(tx, { ...input, status: 'enrolled', movedUp: true })
  if (activity.status === 'running') {
    await store.addExpected(tx, activity.id, input.personId)
    await insertPresence(tx, activity.id, input.personId)
    if (activity.leastSessions !== null) await store.addSessionPresence(tx, { ...input, which: 'now' })
  }
  await audit(tx, { type: 'activity.admitted', id: activity.id, payload: { personId: input.personId } })
  tell(tx)
}

export async function noteMovedUp(tx: Tx, input: { activityId: string }): Promise<void> {
  const activity = await getLocked(tx, input.activityId)
  await store.markSeen(tx, activity.id, person(tx))
  changed(tx, 'participation')
}

// ── Guests ───────────────────────────────────────────────────────────────────

function checkGuest(input: { name: string; school: string }): { name: string; school: string } {
  const [name, school] = [input.name.trim(), input.school.trim()]
  if (name === '') refuse('请写上您的姓名。', { fields: { name: '请填写' } })
  if (school === '') refuse('请写上您的学校或单位。', { fields: { school: '请填写' } })
  return { name, school }
}

/** Whoever runs it writes down a guest. Listed apart; no facts are left. */
export async function addGuest(
  tx: Tx,
  input: { activityId: string; name: string; school: string },
): Promise<{ guestId: string }> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.run(tx.actor, activity))
  if (activity.status !== 'running' && activity.status !== 'closed')
    refuse('活动还没有开始，来宾到场后再登记。')
  const guest = { id: newId(), activityId: activity.id, ...checkGuest(input) }
  if (!(await store.insertGuest(tx, guest))) refuse('这位来宾已经登记过了。')
  await audit(tx, {
    type: 'activity.guestAdded',
    id: activity.id,
    payload: { name: guest.name, school: guest.school },
  })
  tell(tx)
  return { guestId: guest.id }
}

export async function removeGuest(tx: Tx, input: { activityId: string; guestId: string }): Promise<void> {
  const activity = await getLocked(tx, input.activityId)
  demand(can.run(tx.actor, activity))
  if ((await store.deleteGuest(tx, activity.id, input.guestId)) === 0) refuseNotFound('来宾')
  await audit(tx, { type: 'activity.guestRemoved', id: activity.id, payload: { guestId: input.guestId } })
  tell(tx)
}

/** A guest signs by the number on the screen, without an account. `from` tells devices apart for counting wrong tries. */
export async function signGuest(
  tx: Tx,
  secret: Buffer,
  input: { number: string; name: string; school: string; from: string },
): Promise<{ activityId: string; theme: string; isNew: boolean }> {
  const guest = checkGuest(input)
  checkTries(input.from)
  const activityId = await findByNumber(tx, secret, input.number)
  if (activityId === undefined) {
    noteWrongNumber(input.from)
    refuse('没有正在签到的活动用这个数字。数字每 15 秒换一次，请照大屏幕上最新的输入。', { code: 'expired' })
  }
  const activity = await getLocked(tx, activityId)
  if ((await store.listGuests(tx, activityId)).length >= 500) refuse('来宾登记已满 500 人，请找主持人。')
  const isNew = await store.insertGuest(tx, { id: newId(), activityId, ...guest })
  if (isNew) await audit(tx, { type: 'activity.guestSigned', id: activityId, payload: guest })
  changed(tx, 'participation', 'activityLive')
  return { activityId, theme: activity.theme, isNew }
}

// ── Minutes ──────────────────────────────────────────────────────────────────

/** Why somebody may not confirm the minutes; null when they may. */
export function confirmAbility(
  tx: Tx,
  activity: Pick<
    ActivityRow,
    | 'scope'
    | 'unitId'
    | 'hostId'
    | 'speakerId'
    | 'recorderId'
    | 'status'
    | 'minutesConfirmedAt'
    | 'minutesVersion'
  >,
): string | null {
  if (activity.status !== 'closed') return '活动结束后由主持人确认记录。'
  if (activity.minutesConfirmedAt !== null) return '记录已经确认。'
  if (activity.minutesVersion === 0) return '还没有写记录，写好后再确认。'
  const { personId } = tx.actor
  if (activity.hostId !== null && activity.hostId !== personId && tx.actor.kind === 'person')
    return '活动记录由主持人确认。'
  return can.run(tx.actor, activity)
}

/**
 * The host confirms the minutes as they were read. Refused while required parts are missing (named), and when somebody
 * saved since; any later change has to be confirmed again.
 */
export async function confirmMinutes(tx: Tx, input: { activityId: string; version: number }): Promise<void> {
  const activity = await getLocked(tx, input.activityId)
  demand(confirmAbility(tx, activity))
  if (activity.minutesVersion !== input.version)
    throw new Refusal('记录刚刚有人改过，请看过最新的内容再确认。', { status: 409, code: 'minutesChanged' })
  const settings = await activitySettings(tx, activity.heldOn)
  const missing = missingParts(minutesParts(settings, activity.kind), activity.minutes)
  if (missing.length > 0) refuse(`记录还缺：${missing.join('、')}。补齐后再确认。`)
  await store.confirmMinutes(tx, activity.id)
  await audit(tx, { type: 'activity.minutesConfirmed', id: activity.id, payload: { version: input.version } })
  tell(tx)
}
