import { addDays } from '../../engine/days.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { localDateOf, localTimeOf } from '../kit/dates.ts'
import { demand, refuse, refuseForbidden } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { getLocked } from './locked.ts'
import * as store from './attendance-store.ts'
import * as codes from './codes.ts'
import type { SignInResult } from './contract.ts'
import { attendanceLabels, type AttendanceSource, type AttendanceStatus } from './words.ts'
import * as participation from './participation-store.ts'
import {
  hasAttended,
  personFacts,
  sessionMinutes,
  sessionsText,
  statusBySessions,
  statusBySigning,
} from './rules.ts'
import { checkTries, findByNumber, noteWrongNumber } from './running.ts'
import { activitySettings } from './settings.ts'
import { countMissingPeople, type ActivityRow } from './store.ts'

const expired = '这个二维码已过期，请扫大屏幕上最新的码。'
const unreadable = '这不是签到二维码，请扫大屏幕上的码。'

function signer(tx: Tx): string {
  if (tx.actor.personId === null || !tx.actor.roles.includes('teacher') || tx.actor.districtId !== null) {
    refuseForbidden('签到只对本校教职工开放。')
  }
  return tx.actor.personId
}

/**
 * Signs the caller in with the code from the screen: the one shown now or the one before, or (with the receipt of the
 * page) one that was fresh when the page was opened. The same person signing in again gets the same friendly answer.
 */
export async function signIn(
  tx: Tx,
  secret: Buffer,
  input: { token: string; receipt?: string | undefined },
): Promise<SignInResult> {
  const personId = signer(tx)
  const code = codes.readToken(secret, input.token) ?? refuse(unreadable, { code: 'unreadable' })
  const openedAt = input.receipt ? codes.readReceipt(secret, input.receipt, input.token, tx.now) : undefined
  if (!codes.isFresh(code.window, tx.now) && !(openedAt && codes.isFresh(code.window, openedAt))) {
    refuse(expired, { code: 'expired' })
  }
  return enter(tx, { activityId: code.activityId, personId, at: openedAt ?? tx.now, source: 'code' })
}

/** Signs the caller in with the six digits from the screen. */
export async function signInByNumber(tx: Tx, secret: Buffer, number: string): Promise<SignInResult> {
  const personId = signer(tx)
  checkTries(personId)
  const activityId = await findByNumber(tx, secret, number)
  if (activityId === undefined) {
    noteWrongNumber(personId)
    refuse('没有正在签到的活动用这个数字。数字每 15 秒换一次，请照大屏幕上最新的输入。', { code: 'expired' })
  }
  return enter(tx, { activityId, personId, at: tx.now, source: 'number' })
}

async function enter(
  tx: Tx,
  input: { activityId: string; personId: string; at: Date; source: AttendanceSource },
): Promise<SignInResult> {
  const row =
    (await store.insertSignIn(tx, input)) ??
    refuse('这不是本校的活动，不能用本校账号签到。外校老师请扫大屏幕上的“来宾”码登记。', {
      status: 404,
      code: 'notFound',
    })
  const isHere =
    row.newAt !== null ||
    (row.earlierStatus !== null && row.earlierStatus !== 'absent' && row.earlierStatus !== 'onLeave')
  if (!isHere && row.isWaiting && row.status === 'running') refuseWaiting()
  if (!isHere && row.status !== 'running') refuseNotRunning(row)
  if (row.newAt === null && row.earlierStatus === 'absent') {
    refuse('组长点名时记您缺席。您若已到场，请当面告诉组长改过来。')
  }
  const isNew = row.newAt !== null || row.newSession !== null
  return resultOf(tx, row, isNew, isNew ? input.at : (row.earlierAt ?? tx.now))
}

function resultOf(tx: Tx, row: store.SignInRow, isNew: boolean, at: Date): SignInResult {
  return {
    result: isNew ? 'signedIn' : 'already',
    activityId: row.id,
    theme: row.theme,
    place: row.place,
    unitName: row.unitName ?? '全校',
    personName: tx.actor.name,
    time: localTimeOf(at),
    isGuest: !row.isExpected,
    session: row.newSession,
  }
}

function refuseWaiting(): never {
  refuse('这次活动名额已满，您还在候补名单里。请到主持人处，由主持人点一下“录入”就算签到。', {
    code: 'waiting',
  })
}

function refuseNotRunning(row: Pick<store.SignInRow, 'status' | 'closedAt'>): never {
  if (row.status === 'planned') refuse('活动还没有开始签到，请等主持人开始后再试。', { code: 'notStarted' })
  if (row.status === 'cancelled') refuse('这个活动已经取消，不用签到。', { code: 'cancelled' })
  refuse(
    `活动已在 ${row.closedAt ? localTimeOf(row.closedAt) : ''} 结束，不能再签到。您若到场参加了，请找组长更正考勤。`,
    {
      code: 'closed',
    },
  )
}

/**
 * Takes a scan that waited in a phone without network, up to 12 hours later, also after closing: the phone must have
 * read the code while it was shown and the activity must have been running then. `sentAt` is the phone's clock at
 * sending; the difference to ours sets `scannedAt` right.
 */
export async function deliverParked(
  tx: Tx,
  secret: Buffer,
  input: { token: string; scannedAt: Date; sentAt?: Date | null | undefined },
): Promise<SignInResult> {
  const personId = signer(tx)
  const code = codes.readToken(secret, input.token) ?? refuse(unreadable, { code: 'unreadable' })
  const shift = input.sentAt ? tx.now.getTime() - input.sentAt.getTime() : 0
  const scannedAt = new Date(Math.min(input.scannedAt.getTime() + shift, tx.now.getTime()))
  if (!codes.isParkedInTime(code.window, scannedAt, tx.now)) {
    refuse('这次扫码与大屏幕当时显示的码对不上，不能补签。您若到场参加了，请找组长更正考勤。', {
      code: 'expired',
    })
  }
  const row =
    (await store.insertSignIn(tx, {
      activityId: code.activityId,
      personId,
      at: scannedAt,
      source: 'parked',
    })) ??
    refuse('这不是本校的活动，不能用本校账号签到。外校老师请扫大屏幕上的“来宾”码登记。', {
      status: 404,
      code: 'notFound',
    })
  if (row.status === 'running') {
    if (row.newAt === null && row.isWaiting) refuseWaiting()
    if (row.newAt === null && row.earlierStatus === 'absent')
      refuse('组长点名时记您缺席。您若已到场，请当面告诉组长改过来。')
    const isNew = row.newAt !== null || row.newSession !== null
    return resultOf(tx, row, isNew, isNew ? scannedAt : (row.earlierAt ?? scannedAt))
  }
  const ranThen =
    row.status === 'closed' &&
    row.startedAt !== null &&
    row.startedAt <= new Date(scannedAt.getTime() + codes.parkedToleranceMilliseconds) &&
    row.closedAt !== null &&
    scannedAt <= row.closedAt
  if (!ranThen) refuseNotRunning(row)
  return settleParked(tx, row, personId, scannedAt)
}

/** A scan that arrived after closing turns absent or on leave into present or late; what a leader decided by hand stays. */
async function settleParked(
  tx: Tx,
  row: store.SignInRow,
  personId: string,
  scannedAt: Date,
): Promise<SignInResult> {
  const activity = await getLocked(tx, row.id)
  const before = await store.findAttendance(tx, row.id, personId)
  if (activity.leastSessions !== null) return settleParkedSession(tx, row, activity, { personId, scannedAt })
  if (before && hasAttended(before.status)) return resultOf(tx, row, false, before.signedAt ?? scannedAt)
  if (before && before.source !== 'closing' && before.source !== 'leave') {
    refuse('组长点名时记您未到。您若到场参加了，请找组长更正考勤。')
  }
  const settings = await activitySettings(tx, activity.heldOn)
  await applyCorrection(tx, activity, {
    personId,
    status: statusBySigning(scannedAt, activity, settings.lateAfterMinutes),
    signedAt: scannedAt,
    source: 'parked',
    note: '断网时扫码，联网后补交',
    before: before?.status ?? null,
  })
  return resultOf(tx, row, true, scannedAt)
}

/** Of an activity with several sessions the scan counts for the one that was on; what makes present is counted anew. */
async function settleParkedSession(
  tx: Tx,
  row: store.SignInRow,
  activity: ActivityRow,
  { personId, scannedAt }: { personId: string; scannedAt: Date },
): Promise<SignInResult> {
  const before = await store.findAttendance(tx, activity.id, personId)
  const was = await participation.listSessionsOf(tx, activity.id, personId)
  const hour = 3_600_000
  const session = (await participation.listSessions(tx, activity.id)).find(
    (one) => one.endsAt >= scannedAt && one.startsAt.getTime() <= scannedAt.getTime() + hour,
  )
  if (!session || was.includes(session.number)) return resultOf(tx, row, false, before?.signedAt ?? scannedAt)
  const sessions = [...was, session.number].sort((a, b) => a - b)
  await applyCorrection(tx, activity, {
    personId,
    status: statusBySessions(sessions.length, activity.leastSessions ?? 1, {
      before: before?.status ?? null,
      onLeave: before?.status === 'onLeave',
    }),
    signedAt: before?.signedAt ?? scannedAt,
    source: 'parked',
    note: `第 ${session.number} 场断网时扫码，联网后补交`,
    before: before?.status ?? null,
    sessions,
  })
  return resultOf(tx, { ...row, newSession: session.number }, true, scannedAt)
}

/**
 * Writes a final status after closing, and (of several sessions) in which the person was: the old facts of this person are reversed, new ones left, and the make-up
 * opened or taken away. The activity must be locked.
 */
export async function applyCorrection(
  tx: Tx,
  activity: ActivityRow,
  change: {
    personId: string
    status: AttendanceStatus
    signedAt: Date | null
    source: AttendanceSource
    note: string
    before: AttendanceStatus | null
    /** In which sessions, where there are several; left out, as it stands. */
    sessions?: number[] | undefined
  },
): Promise<void> {
  const counted = activity.leastSessions === null ? undefined : await countSessions(tx, activity.id, change)
  const version = await store.correctStatus(tx, activity.id, change)
  await store.insertChange(tx, {
    id: newId(),
    activityId: activity.id,
    personId: change.personId,
    from: change.before,
    to: change.status,
    source: change.source,
    reason: change.note,
    ...(counted ? { sessions: { from: counted.from, to: counted.to } } : {}),
  })
  await reverseFacts(tx, { room: 'activity', id: activity.id }, { kind: 'person', id: change.personId })
  let confirmed: store.MakeUpRow | undefined
  if (hasAttended(change.status)) {
    await store.deleteMakeUp(tx, activity.id, change.personId)
    const leave = await store.findLeave(tx, {
      activityId: activity.id,
      personId: change.personId,
      seen: true,
    })
    if (leave?.status === 'granted')
      await reverseFacts(tx, { room: 'attendance', id: leave.id }, { kind: 'person', id: change.personId })
  } else {
    const settings = await activitySettings(tx, activity.heldOn)
    const missedStatus = change.status === 'onLeave' ? 'onLeave' : 'absent'
    const dueOn = addDays(localDateOf(tx.now), settings.makeUpDays)
    await store.openMakeUps(tx, activity.id, [
      { id: newId(), personId: change.personId, missedStatus, dueOn },
    ])
    const makeUp = await store.findMakeUp(tx, { activityId: activity.id, personId: change.personId })
    if (makeUp?.status === 'confirmed') confirmed = makeUp
  }
  await recordFacts(tx, personFacts(activity, { ...change, version, minutes: counted?.minutes }, confirmed))
  await audit(tx, {
    type: 'attendance.corrected',
    id: activity.id,
    payload: {
      personId: change.personId,
      from: change.before,
      to: change.status,
      source: change.source,
      reason: change.note,
      ...(counted ? { sessions: counted.to } : {}),
    },
  })
  changed(tx, 'activity', 'attendance', 'activityLive', 'participation')
}

/** Writes in which sessions the person was, and gives those of before, of now, and how long these were together. */
async function countSessions(
  tx: Tx,
  activityId: string,
  change: { personId: string; sessions?: number[] | undefined },
): Promise<{ from: number[]; to: number[]; minutes: number }> {
  const from = await participation.listSessionsOf(tx, activityId, change.personId)
  const to = change.sessions ?? from
  if (change.sessions)
    await participation.replaceSessionsOf(tx, { activityId, personId: change.personId, numbers: to })
  const all = await participation.listSessions(tx, activityId)
  return { from, to, minutes: sessionMinutes(all.filter((one) => to.includes(one.number))) }
}

/**
 * Corrects one person's attendance after closing, with the reason. `seen` is the status that the corrector saw: when
 * somebody was quicker, nothing is changed (409) and the refusal says who.
 */
export async function correctAttendance(
  tx: Tx,
  input: {
    id: string
    personId: string
    status: AttendanceStatus
    reason: string
    seen?: AttendanceStatus | null | undefined
    sessions?: number[] | null | undefined
  },
): Promise<void> {
  const activity = await getLocked(tx, input.id)
  demand(can.correct(tx.actor, activity))
  if (input.reason.trim() === '') refuse('请写明更正的原因。', { fields: { reason: '请填写' } })
  if ((await countMissingPeople(tx, [input.personId])) > 0)
    refuse('名单里没有这位老师，请刷新后再试。', { status: 404, code: 'notFound' })
  const before = await store.findAttendance(tx, activity.id, input.personId)
  if (input.seen && before && before.status !== input.seen) {
    const last = await store.findLastChange(tx, activity.id, input.personId)
    refuse(
      `${last?.byName ?? '系统'}刚刚已把考勤更正为“${attendanceLabels[before.status]}”，您看到的是旧的结果，请刷新后再决定。`,
      { status: 409, code: 'correctedAlready' },
    )
  }
  const sessions = activity.leastSessions === null ? undefined : await sessionsMeant(tx, activity, input)
  const isSame =
    sessions === undefined ||
    sessions.join() === (await participation.listSessionsOf(tx, activity.id, input.personId)).join()
  if (before?.status === input.status && isSame) refuse('考勤已经是这个结果，不用更正。')
  await applyCorrection(tx, activity, {
    personId: input.personId,
    status: input.status,
    signedAt: null,
    source: 'rollCall',
    note: input.reason.trim(),
    before: before?.status ?? null,
    sessions,
  })
}

/**
 * In which sessions somebody will have been by a correction; those that stand where it says none. Refuses what the
 * sessions contradict: present with too few of them, or absent with enough.
 */
export async function sessionsMeant(
  tx: Tx,
  activity: ActivityRow,
  input: { personId: string; status: AttendanceStatus; sessions?: number[] | null | undefined },
): Promise<number[]> {
  const all = (await participation.listSessions(tx, activity.id)).map((one) => one.number)
  const least = activity.leastSessions ?? 1
  const stands = input.sessions ?? (await participation.listSessionsOf(tx, activity.id, input.personId))
  const unknown = stands.find((number) => !all.includes(number))
  if (unknown !== undefined) refuse(`这次活动没有第 ${unknown} 场，请刷新后再试。`)
  const numbers = all.filter((number) => stands.includes(number))
  if (hasAttended(input.status) && numbers.length < least)
    refuse(
      `这次活动共 ${all.length} 场，至少到 ${least} 场才算出席；现在记的是${sessionsText(numbers)}，请勾选到场的场次。`,
      { fields: { sessions: '请勾选' } },
    )
  if (hasAttended(input.status) || numbers.length < least) return numbers
  // Absent altogether: the sessions go with it, unless they were named.
  if (input.sessions)
    refuse(`到了 ${numbers.length} 场就算出席，请选“出席”，或去掉没有到的场次。`, {
      fields: { sessions: '与结果不符' },
    })
  return []
}

/** Roll-call of many people at once while the activity runs; `status: null` takes an entry back. */
export async function recordRollCall(
  tx: Tx,
  input: { id: string; entries: { personId: string; status: AttendanceStatus | null }[]; paper?: boolean },
): Promise<{ recorded: number }> {
  const activity = await getLocked(tx, input.id)
  demand(can.rollCall(tx.actor, activity))
  if (activity.leastSessions !== null) refuse('这次活动分了场次，请选好是哪一场再点名。')
  const entries = [...new Map(input.entries.map((entry) => [entry.personId, entry])).values()]
  if (
    (await countMissingPeople(
      tx,
      entries.map((entry) => entry.personId),
    )) > 0
  ) {
    refuse('名单里有不属于本校的人员，请刷新后再点名。', { status: 404, code: 'notFound' })
  }
  const set = entries.filter(
    (entry): entry is { personId: string; status: AttendanceStatus } => entry.status !== null,
  )
  await store.upsertRollCall(tx, activity.id, set, input.paper ? 'paper' : 'rollCall')
  await store.deleteAttendance(
    tx,
    activity.id,
    entries.filter((entry) => entry.status === null).map((entry) => entry.personId),
  )
  await audit(tx, {
    type: 'attendance.rollCallRecorded',
    id: activity.id,
    payload: { paper: input.paper ?? false, entries: entries.map((entry) => [entry.personId, entry.status]) },
  })
  changed(tx, 'activity', 'activityLive')
  return { recorded: entries.length }
}
