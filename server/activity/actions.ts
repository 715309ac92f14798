import { addDays, dayLabel, daysBetween } from '../../engine/days.ts'
import { termOf } from '../../engine/periods.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { instantAt, localDateOf, localTimeOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound, Refusal } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit } from '../org/store.ts'
import { needAttributes } from '../need/links.ts'
import { caseAttributes } from '../teaching/case-attributes.ts'
import { type DescribedTrainer, findDescribedTrainer, recordLectureOf } from '../trainer/described.ts'
import { can } from './access.ts'
import { settleAttributes } from './attributes.ts'
import * as attendance from './attendance-store.ts'
import type { AgendaItem, PlanInput } from './contract.ts'
import type { AttendanceStatus } from './words.ts'
import * as participation from './participation-store.ts'
import * as rules from './rules.ts'
import { forgetRunning } from './running.ts'
import { activitySettings, minutesParts, settledParts, tagsMeant, type ActivitySettings } from './settings.ts'
import { openTheme } from './series-rules.ts'
import { sharedPeopleOf } from './shared-people.ts'
import { findActivityClashes, timeAttributes } from '../slot/clashes.ts'
import { getLocked } from './locked.ts'
import { excuseFromHere, excuseFromOthers } from './same-hour.ts'
import * as store from './store.ts'

/**
 * Puts an activity on the calendar. Refuses what the regime in force wants settled and is not (with the clause),
 * words that the regime does not know, and a second activity of the same group at the same time.
 * Warnings name activities that share people or the place.
 */
export async function planActivity(tx: Tx, input: PlanInput): Promise<{ id: string; warnings: string[] }> {
  const unitId = input.scope === 'organisation' ? null : (input.unitId ?? null)
  demand(can.plan(tx.actor, input.scope, unitId))
  if (input.scope !== 'organisation') {
    if (unitId === null) refuse('请选择是哪个组的活动。', { fields: { unitId: '请选择' } })
    if (!(await findUnit(tx, unitId))) refuseNotFound('单位')
  }
  const settings = await activitySettings(tx, input.day)
  const activity = {
    id: newId(),
    unitId,
    scope: input.scope,
    kind: input.kind,
    form: input.form ?? '',
    contentTags: tagsMeant(settings, input.contentTags ?? []),
    modes: input.modes ?? null,
    audience: input.audience ?? null,
    trainerId: input.trainerId ?? null,
    theme: input.theme.trim(),
    content: input.content ?? '',
    place: (input.place ?? '').trim(),
    heldOn: input.day,
    ...timesOf(input.day, input.startTime, input.endTime),
    hostId: input.hostId ?? null,
    speakerId: input.speakerId ?? null,
    recorderId: input.recorderId ?? null,
    agenda: agendaOf(input.agenda),
  }
  activity.speakerId ??= (await getTrainerNamed(tx, activity.trainerId))?.personId ?? null
  checkPlan(settings, activity)
  await checkPeople(tx, activity)
  const warnings = [...(await checkOverlap(tx, activity)), ...(await checkTime(tx, settings, activity))]
  await store.insertActivity(tx, activity)
  await audit(tx, {
    type: 'activity.planned',
    id: activity.id,
    payload: { theme: activity.theme, kind: activity.kind, unitId, day: input.day },
  })
  changed(tx, 'activity', 'participation')
  return { id: activity.id, warnings }
}

type Planned = Parameters<typeof store.insertActivity>[1]

/** The trainer of the pool that was named; one of the own staff is also the speaker where nobody else is. */
async function getTrainerNamed(tx: Tx, trainerId: string | null): Promise<DescribedTrainer | undefined> {
  if (trainerId === null) return undefined
  return (await findDescribedTrainer(tx, trainerId)) ?? refuseNotFound('师资')
}

function agendaOf(agenda: PlanInput['agenda']): AgendaItem[] {
  return (agenda ?? [])
    .map((item) => ({ text: item.text.trim(), done: item.done ?? false }))
    .filter((item) => item.text !== '')
}

function timesOf(day: LocalDate, startTime: string, endTime: string): { startsAt: Date; endsAt: Date } {
  const [startsAt, endsAt] = [instantAt(day, startTime), instantAt(day, endTime)]
  if (endsAt <= startsAt) refuse('结束时间要晚于开始时间。', { fields: { endTime: '要晚于开始时间' } })
  return { startsAt, endsAt }
}

const fieldOfPart: Record<string, string> = {
  time: 'startTime',
  people: 'unitId',
  host: 'hostId',
  speaker: 'speakerId',
  mainSpeaker: 'speakerId',
}

/** Words of the school's lists and settled items; a kind that was chosen before it was retired (`kept`) may stay. */
function checkPlan(settings: ActivitySettings, activity: Planned, kept?: string): void {
  if (activity.theme === '') refuse('请填写活动主题。', { fields: { theme: '请填写' } })
  refuseSameRecorder(activity)
  const foreign = (terms: { id: string }[], id: string) => !terms.some((term) => term.id === id)
  if (settings.hasOwnKinds && foreign(settings.kinds, activity.kind)) {
    refuse(`现行制度没有“${activity.kind}”这类活动，请从列出的类别中选择。`, {
      fields: { kind: '请重新选择' },
    })
  }
  const retired = settings.kinds.find((term) => term.id === activity.kind && !term.inUse)
  if (retired && retired.id !== kept)
    refuse(`“${retired.label}”已经停用，请另选活动类别。`, { fields: { kind: '请重新选择' } })
  const part = rules.findUnsettled(settledParts(settings, activity.kind), rules.settledItems(activity))
  if (part) {
    refuse(`制度要求活动安排前落实“${part.label}”，请补上后再发布。`, {
      ...(part.clause === undefined ? {} : { clause: part.clause }),
      fields: { [fieldOfPart[part.id] ?? part.id]: '请填写' },
    })
  }
}

/** Minutes are written by somebody else than the one who leads and confirms them. */
export function refuseSameRecorder(activity: {
  hostId?: string | null | undefined
  recorderId?: string | null | undefined
}): void {
  if (activity.recorderId && activity.recorderId === activity.hostId)
    refuse('记录人和主持人要分开：主持人要确认记录，请另选一位记录人。', {
      fields: { recorderId: '不能是主持人' },
    })
}

async function checkPeople(tx: Tx, activity: Planned): Promise<void> {
  const ids = [activity.hostId, activity.speakerId, activity.recorderId].filter((id) => id !== null)
  if (ids.length > 0 && (await store.countMissingPeople(tx, ids)) > 0) refuseNotFound('人员')
}

async function checkOverlap(tx: Tx, activity: Planned): Promise<string[]> {
  const others = await store.listOverlapping(tx, activity)
  const shared = await sharedPeopleOf(tx, activity.unitId, [activity])
  const own = others.find((other) => other.unitId === activity.unitId)
  if (own) {
    refuse(`这个时间${own.unitName ?? '全校'}已经安排了《${own.theme}》，请换个时间，或先取消那一次。`, {
      fields: { startTime: '与另一活动重叠' },
    })
  }
  const met = others.map((other) =>
    other.place !== '' && other.place === activity.place
      ? `${other.place}同一时间还有${other.unitName ?? '全校'}的《${other.theme}》。`
      : `同一时间有${other.unitName ?? '全校'}的《${other.theme}》，有的老师会两头冲突。`,
  )
  return [...shared, ...met]
}

/** When an activity is, for whoever looks for clashes. */
const whenOf = (activity: Pick<store.ActivityRow, 'unitId' | 'heldOn' | 'startsAt' | 'endsAt'>) => ({
  unitId: activity.unitId,
  day: activity.heldOn,
  starts: localTimeOf(activity.startsAt),
  ends: localTimeOf(activity.endsAt),
})

/**
 * Lessons and fixed times of others that the activity meets, as warnings; refused with the clause where the regime
 * keeps fixed times from any other use (xinhongqiao-08).
 */
async function checkTime(tx: Tx, settings: ActivitySettings, activity: Planned): Promise<string[]> {
  // Nobody reads the warnings of a told story.
  if (tx.notes.get('bulk')) return []
  const { warnings, taken } = await findActivityClashes(tx, whenOf(activity))
  if (taken && settings.moveForbiddenBy !== null) {
    refuse(
      `${taken.when}是${taken.ownerName}的固定研修时间“${taken.title}”，制度规定不能挪作他用，请换个时间。`,
      { clause: settings.moveForbiddenBy, fields: { startTime: '与固定研修时间冲突' } },
    )
  }
  return warnings
}

/**
 * Changes what was planned, except the day (`moveActivity`), the group and a speaker once named (`swapSpeaker`, which
 * asks for the reason). Only before it is closed. Returns what else happens at the time.
 */
export async function changeActivity(
  tx: Tx,
  input: { id: string } & Partial<Omit<PlanInput, 'scope' | 'unitId' | 'day'>>,
): Promise<{ warnings: string[] }> {
  const before = await getLocked(tx, input.id)
  demand(can.change(tx.actor, before))
  if (before.speakerId !== null && input.speakerId !== undefined && input.speakerId !== before.speakerId) {
    refuse('中心发言人已经定了；要换人，请用“换中心发言人”并写明原因。', {
      fields: { speakerId: '换人要写明原因' },
    })
  }
  const settings = await activitySettings(tx, before.heldOn)
  const activity: store.ActivityRow = {
    ...before,
    kind: input.kind ?? before.kind,
    form: input.form ?? before.form,
    contentTags: input.contentTags ? tagsMeant(settings, input.contentTags) : before.contentTags,
    theme: input.theme?.trim() ?? before.theme,
    modes: input.modes === undefined ? before.modes : input.modes,
    audience: input.audience === undefined ? before.audience : input.audience,
    trainerId: input.trainerId === undefined ? before.trainerId : input.trainerId,
    content: input.content ?? before.content,
    place: input.place?.trim() ?? before.place,
    ...timesOf(
      before.heldOn,
      input.startTime ?? localTimeOf(before.startsAt),
      input.endTime ?? localTimeOf(before.endsAt),
    ),
    hostId: input.hostId === undefined ? before.hostId : input.hostId,
    speakerId: input.speakerId === undefined ? before.speakerId : input.speakerId,
    recorderId: input.recorderId === undefined ? before.recorderId : input.recorderId,
    agenda: input.agenda === undefined ? before.agenda : agendaOf(input.agenda),
  }
  const trainer = await getTrainerNamed(tx, activity.trainerId)
  activity.speakerId ??= trainer?.personId ?? null
  checkPlan(settings, activity, before.kind)
  await checkPeople(tx, activity)
  const warnings = [...(await checkOverlap(tx, activity)), ...(await checkTime(tx, settings, activity))]
  await store.updateActivity(tx, activity)
  await audit(tx, { type: 'activity.changed', id: before.id, payload: { theme: activity.theme } })
  changed(tx, 'activity', 'participation', 'activityLive')
  return { warnings }
}

/**
 * Moves an activity to another day with a reason. It still counts for the week first planned. Refused with the
 * clause where the regime forbids moving.
 */
export async function moveActivity(
  tx: Tx,
  input: {
    id: string
    day: LocalDate
    reason: string
    startTime?: string | null
    endTime?: string | null
    place?: string | null
  },
): Promise<void> {
  const before = await getLocked(tx, input.id)
  const settings = await activitySettings(tx, before.heldOn)
  if (
    before.status === 'planned' &&
    settings.moveForbiddenBy !== null &&
    can.run(tx.actor, before) === null
  ) {
    refuse('制度规定教研活动时间不能挪作他用，一般不予调换。请按原定时间举行，或取消后说明原因。', {
      clause: settings.moveForbiddenBy,
    })
  }
  demand(can.move(tx.actor, before, null))
  if (input.reason.trim() === '') refuse('请写明改期的原因。', { fields: { reason: '请填写' } })
  const activity: store.ActivityRow = {
    ...before,
    heldOn: input.day,
    ...timesOf(
      input.day,
      input.startTime ?? localTimeOf(before.startsAt),
      input.endTime ?? localTimeOf(before.endsAt),
    ),
    place: input.place ?? before.place,
    movedFrom: before.movedFrom ?? before.heldOn,
    movedReason: input.reason.trim(),
  }
  // Back on its first day it was never moved.
  if (activity.movedFrom === activity.heldOn) activity.movedFrom = null
  if (before.leastSessions !== null) {
    // Its sessions keep their hours and go along.
    const days = daysBetween(before.heldOn, input.day)
    await participation.shiftSessions(tx, before.id, days)
    const shifted = (instant: Date) => new Date(instant.getTime() + days * 86_400_000)
    Object.assign(activity, { startsAt: shifted(before.startsAt), endsAt: shifted(before.endsAt) })
  }
  await checkOverlap(tx, activity)
  await checkTime(tx, settings, activity)
  await store.updateActivity(tx, activity)
  await audit(tx, {
    type: 'activity.moved',
    id: before.id,
    payload: { from: before.heldOn, to: input.day, reason: input.reason },
  })
  changed(tx, 'activity', 'participation')
}

/** Cancels an activity that was not closed; a running one loses its sign-ins with it. */
export async function cancelActivity(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const activity = await getLocked(tx, input.id)
  demand(can.cancel(tx.actor, activity))
  if (input.reason.trim() === '') refuse('请写明取消的原因。', { fields: { reason: '请填写' } })
  await store.updateStatus(tx, { ...activity, status: 'cancelled', cancelledReason: input.reason.trim() })
  await audit(tx, { type: 'activity.cancelled', id: activity.id, payload: { reason: input.reason } })
  tx.afterCommit(() => forgetRunning(tx.orgId))
  changed(tx, 'activity', 'participation', 'activityLive')
}

/** Who speaks next in a group, with everybody's number of speeches this term. */
export async function proposeSpeaker(
  tx: Tx,
  unitId: string,
  day: LocalDate,
): Promise<{ speaker: rules.Speaking | undefined; members: rules.Speaking[]; because: string }> {
  const term = termOf(await loadCalendar(tx), day) ?? { from: addDays(day, -150), to: addDays(day, 150) }
  const members = await store.listSpeaking(tx, unitId, day, term)
  return { speaker: rules.nextSpeaker(members), members, because: rules.speakerBecause(members) }
}

/** Lets somebody else speak, with the reason; kept with the activity. */
export async function swapSpeaker(
  tx: Tx,
  input: { id: string; toPersonId: string; reason: string },
): Promise<void> {
  const activity = await getLocked(tx, input.id)
  demand(can.change(tx.actor, activity))
  if (input.reason.trim() === '') refuse('请写明换人的原因。', { fields: { reason: '请填写' } })
  if (activity.speakerId === input.toPersonId) refuse('中心发言人已经是这位老师。')
  if (!(await findPerson(tx, input.toPersonId))) refuseNotFound('人员')
  await store.updateActivity(tx, { ...activity, speakerId: input.toPersonId })
  await store.insertSwap(tx, {
    id: newId(),
    activityId: activity.id,
    fromPersonId: activity.speakerId,
    toPersonId: input.toPersonId,
    reason: input.reason.trim(),
  })
  await audit(tx, {
    type: 'activity.speakerSwapped',
    id: activity.id,
    payload: { from: activity.speakerId, to: input.toPersonId, reason: input.reason },
  })
  changed(tx, 'activity', 'participation', 'activityLive')
}

/**
 * Opens the sign-in and takes down who is expected: members of the group that day, or everybody. Returns how many.
 * The host or leader who opens it is there and need not sign in.
 */
export async function startActivity(tx: Tx, id: string): Promise<{ expected: number }> {
  const activity = await getLocked(tx, id)
  demand(can.start(tx.actor, activity))
  if (activity.heldOn > tx.today) {
    refuse(`活动定在${dayLabel(activity.heldOn)}，今天还不能开始签到。`)
  }
  if (activity.theme === openTheme)
    refuse('这次活动的主题还没有定，请先写上主题再开始签到。', { fields: { theme: '请填写' } })
  const expected = await store.takeExpected(tx, activity)
  await store.updateStatus(tx, { ...activity, status: 'running', startedAt: tx.now })
  const { personId, leads } = tx.actor
  if (personId && (personId === activity.hostId || leads.some((lead) => lead.unitId === activity.unitId))) {
    await attendance.insertPresence(tx, id, personId)
    // Whoever runs it is there the whole time; a session can be taken back by hand.
    if (activity.leastSessions !== null)
      await participation.addSessionPresence(tx, { activityId: id, personId, which: 'all' })
  }
  await audit(tx, { type: 'activity.started', id, payload: { expected } })
  tx.afterCommit(() => forgetRunning(tx.orgId))
  changed(tx, 'activity', 'participation', 'activityLive')
  return { expected }
}

/**
 * Closes an activity: everybody gets a final status (present, late, on leave, absent), facts are left, make-ups opened.
 * `minutes` sets the real length where it differs from the plan. Whoever closes second is told who was first.
 */
export async function closeActivity(
  tx: Tx,
  input: { id: string; minutes?: number | null },
): Promise<{ counts: Record<AttendanceStatus, number>; missingParts: string[] }> {
  const before = await getLocked(tx, input.id)
  if (before.status === 'closed') {
    demand(can.run(tx.actor, before))
    const by = before.closedBy ? await findPerson(tx, before.closedBy) : undefined
    throw new Refusal(
      `${by?.id === tx.actor.personId ? '您' : (by?.name ?? '另一位负责人')}已在 ${localTimeOf(before.closedAt ?? tx.now)} 结束了这个活动，不用再操作。`,
      { status: 409, code: 'closedAlready' },
    )
  }
  demand(can.close(tx.actor, before))
  const settings = await activitySettings(tx, before.heldOn)
  const sessions = await participation.listSessions(tx, before.id)
  const minutes = input.minutes ?? (sessions.length > 0 ? rules.sessionMinutes(sessions) : null)
  const activity: store.ActivityRow = {
    ...before,
    status: 'closed',
    closedAt: tx.now,
    closedBy: tx.actor.personId,
    endsAt: minutes ? new Date(before.startsAt.getTime() + minutes * 60_000) : before.endsAt,
  }
  await excuseFromHere(tx, before)
  await attendance.finaliseAttendance(tx, activity.id, rules.lateFrom(activity, settings.lateAfterMinutes))
  if (sessions.length > 0) await participation.settleSessions(tx, activity.id, activity.leastSessions ?? 1)
  await store.updateStatus(tx, activity)
  Object.assign(activity, await settleAttributes(tx, before, settings))
  if (activity.modes !== before.modes || activity.audience !== before.audience)
    await store.updateActivity(tx, activity)
  const people = await attendance.listAttendance(tx, activity.id)
  const attended =
    sessions.length > 0
      ? new Map(
          (await participation.listSessionMinutes(tx, activity.id)).map((row) => [row.personId, row.minutes]),
        )
      : undefined
  await recordFacts(tx, [
    await heldFactOf(tx, activity),
    ...people.flatMap((row) =>
      rules.personFacts(activity, { ...row, minutes: attended && (attended.get(row.personId) ?? 0) }),
    ),
  ])
  if (activity.trainerId !== null) {
    const trainer = await getTrainerNamed(tx, activity.trainerId)
    const there = people.find((row) => row.personId === trainer?.personId)
    await recordLectureOf(
      tx,
      { ...activity, trainerId: activity.trainerId, minutes: rules.durationMinutes(activity) },
      {
        spoke:
          there?.status != null && rules.hasAttended(there.status) && activity.speakerId !== there.personId,
      },
    )
  }
  await attendance.openMakeUps(
    tx,
    activity.id,
    people
      .filter((row) => row.status === 'onLeave' || row.status === 'absent')
      .map((row) => ({
        id: newId(),
        personId: row.personId,
        missedStatus: row.status as 'onLeave' | 'absent',
        dueOn: addDays(localDateOf(tx.now), settings.makeUpDays),
      })),
  )
  await excuseFromOthers(tx, activity)
  const counts = countStatuses(people)
  await audit(tx, {
    type: 'activity.closed',
    id: activity.id,
    payload: { ...counts, minutes: rules.durationMinutes(activity) },
  })
  tx.afterCommit(() => forgetRunning(tx.orgId))
  changed(tx, 'activity', 'participation', 'attendance', 'activityLive')
  return { counts, missingParts: rules.missingParts(minutesParts(settings, activity.kind), activity.minutes) }
}

/** That it was held, with all that the school's records say of it. */
export async function heldFactOf(tx: Tx, activity: store.ActivityRow) {
  const [time, materials, unit, trainer] = [
    await timeAttributes(tx, whenOf(activity)),
    await participation.listMaterials(tx, activity.id),
    activity.unitId === null ? undefined : await findUnit(tx, activity.unitId),
    await getTrainerNamed(tx, activity.trainerId),
  ]
  const released = materials.filter((material) => material.releasedOn <= activity.heldOn)
  const papers = released.map((material) => material.title)
  const last = released
    .map((material) => material.releasedOn)
    .sort()
    .at(-1)
  return rules.heldFact(activity, {
    ...time,
    ...(await needAttributes(tx, activity)),
    planned: activity.seriesId !== null,
    ...(papers.length > 0 ? { papers } : {}),
    ...(await caseAttributes(tx, activity.id, papers)),
    ...(last === undefined ? {} : { leadDays: daysBetween(last, activity.heldOn) }),
    ...(unit?.subject ? { subject: unit.subject } : {}),
    ...(trainer ? { trainers: trainer.trainers, trainerLevel: trainer.trainerLevel } : {}),
  })
}

export function countStatuses(
  people: { status: AttendanceStatus | null }[],
): Record<AttendanceStatus, number> {
  const counts = { signedIn: 0, present: 0, late: 0, leftEarly: 0, onLeave: 0, absent: 0 }
  for (const { status } of people) if (status) counts[status]++
  return counts
}

/** Ticks or changes the agenda while it is planned or running. */
export async function saveAgenda(tx: Tx, input: { id: string; agenda: AgendaItem[] }): Promise<void> {
  const activity = await getLocked(tx, input.id)
  demand(can.change(tx.actor, activity))
  await store.updateActivity(tx, { ...activity, agenda: agendaOf(input.agenda) })
  changed(tx, 'activity', 'participation')
}

/** After closing, leaders and recorders may complete the minutes for so many days; the offices always. */
const supplementDays = 7

/**
 * Saves the minutes as a draft. `version` is the one that was read: when somebody else saved since, the refusal (409,
 * `minutesChanged`) carries their text in `fields`, and nothing is lost. After closing, the proof that it was held
 * follows the parts that are filled in.
 */
export async function saveMinutes(
  tx: Tx,
  input: { id: string; version: number; parts: Record<string, string> },
): Promise<{ version: number; missingParts: string[] }> {
  const activity = await getLocked(tx, input.id)
  demand(can.writeMinutes(tx.actor, activity))
  const settings = await activitySettings(tx, activity.heldOn)
  const parts = minutesParts(settings, activity.kind)
  const texts: Record<string, string> = { ...activity.minutes }
  for (const [part, text] of Object.entries(input.parts)) {
    if (parts.some((known) => known.id === part) || part in activity.minutes) texts[part] = text
  }
  const missing = rules.missingParts(parts, texts)
  if (sameTexts(texts, activity.minutes)) return { version: activity.minutesVersion, missingParts: missing }
  if (input.version !== activity.minutesVersion) await refuseChanged(tx, activity)
  if (activity.status === 'closed') {
    const until = addDays(localDateOf(activity.closedAt ?? tx.now), supplementDays)
    if (tx.today > until && !can.seeAllLeaves(tx.actor)) {
      refuse(`活动结束超过 ${supplementDays} 天，记录已归档；如需补充，请找教导处。`)
    }
  }
  const version = activity.minutesVersion + 1
  await store.updateMinutes(tx, { id: activity.id, minutes: texts, version })
  if (activity.status === 'closed') {
    if (rules.filledParts(texts).join() !== rules.filledParts(activity.minutes).join()) {
      const fact = await heldFactOf(tx, { ...activity, minutes: texts, minutesVersion: version })
      await reverseFacts(tx, fact.source, fact.subject)
      await recordFacts(tx, [fact])
    }
    await audit(tx, { type: 'activity.minutesSupplemented', id: activity.id, payload: { version } })
  }
  changed(tx, 'activity', 'participation')
  return { version, missingParts: missing }
}

function sameTexts(one: Record<string, string>, other: Record<string, string>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...keys].every((key) => (one[key] ?? '') === (other[key] ?? ''))
}

async function refuseChanged(tx: Tx, activity: store.ActivityRow): Promise<never> {
  const by = activity.minutesSavedBy ? await findPerson(tx, activity.minutesSavedBy) : undefined
  const fields: Record<string, string> = { version: String(activity.minutesVersion) }
  for (const [part, text] of Object.entries(activity.minutes)) fields[`parts.${part}`] = text
  throw new Refusal(
    `${by?.name ?? '另一位老师'}在 ${localTimeOf(activity.minutesSavedAt ?? tx.now)} 也修改了记录。您写的还在本页，请对照合并后再保存。`,
    { status: 409, code: 'minutesChanged', fields },
  )
}
