import { can } from '../activity/access.ts'
import { listLeaves, listMakeUps } from '../activity/attendance-store.ts'
import { attendanceSettings } from '../activity/attendance-settings.ts'
import { leaveAdviceLabels, leaveKindLabels } from '../activity/words.ts'
import { listAppeals, listWaitingTrainings } from '../attendance/queries.ts'
import { finalLabels, organiserLabels } from '../attendance/words.ts'
import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { listPosts } from '../org/store.ts'
import type { DecidedItem, ReturnedItem } from './contract.ts'

/** Leaves that wait for the caller. The principal is asked only where nobody of 教导处 is free to decide. */
export async function listLeavesToDecide(tx: Tx): Promise<DecidedItem[]> {
  const leaves = (await listLeaves(tx, { status: 'asked' })).filter(
    (leave) => can.decideLeave(tx.actor, leave.personId) === null,
  )
  if (leaves.length === 0) return []
  const posts = await listPosts(tx, tx.today)
  const isAcademic = tx.actor.roles.includes('academicOffice')
  return leaves
    .filter(
      (leave) =>
        isAcademic ||
        !posts.some((post) => post.role === 'academicOffice' && post.personId !== leave.personId),
    )
    .map((leave) => ({
      kind: 'leave' as const,
      id: leave.id,
      title: `${leave.personName}：${leaveKindLabels[leave.kind]}`,
      personName: leave.personName,
      detail: `${dayText(leave.heldOn)} ${leave.unitName ?? '全校'} · ${leave.theme}${leave.askedLate ? ' · 活动开始后才提出' : ''}${
        leave.advice
          ? ` · ${leave.advisedByName ?? '组长'}${leaveAdviceLabels[leave.advice]}${leave.adviceNote}`
          : ''
      }`,
      text: leave.reason,
      waitingSince: leave.askedAt,
      batch: false,
    }))
}

/** Make-ups that wait for the caller: the leader's of the group; the office's where there is no other leader. */
export async function listMakeUpsToConfirm(tx: Tx): Promise<DecidedItem[]> {
  const makeUps = (await listMakeUps(tx, { status: 'handedIn' })).filter(
    (makeUp) => can.decideMakeUp(tx.actor, { ...makeUp, ...noPeople }, makeUp.personId) === null,
  )
  if (makeUps.length === 0) return []
  const posts = await listPosts(tx, tx.today)
  const isOffice = tx.actor.roles.some((role) => role === 'academicOffice' || role === 'researchOffice')
  return makeUps
    .filter((makeUp) => {
      if (makeUp.unitId !== null && tx.actor.leads.some((lead) => lead.unitId === makeUp.unitId)) return true
      const hasLeader = posts.some(
        (post) =>
          post.role === 'groupLeader' &&
          post.unitId !== null &&
          post.unitId === makeUp.unitId &&
          post.personId !== makeUp.personId,
      )
      return isOffice && !hasLeader
    })
    .map((makeUp) => ({
      kind: 'makeUp' as const,
      id: makeUp.id,
      title: `${makeUp.personName}：补学 ${makeUp.minutes} 分钟`,
      personName: makeUp.personName,
      detail: `补 ${dayText(makeUp.heldOn)} ${makeUp.unitName ?? '全校'} · ${makeUp.theme}`,
      text: makeUp.note,
      waitingSince: makeUp.handedInAt ?? tx.now,
      batch: true,
    }))
}

const noPeople = { hostId: null, speakerId: null, recorderId: null, status: 'closed' as const }

/** Make-ups of a person that came back. */
export async function listReturnedMakeUps(tx: Tx, personId: string): Promise<ReturnedItem[]> {
  return (await listMakeUps(tx, { personId, status: 'returned' })).map((makeUp) => ({
    kind: 'makeUp' as const,
    id: makeUp.id,
    title: `补学：${makeUp.theme}`,
    reason: makeUp.decisionNote,
    byName: makeUp.decidedByName,
    at: null,
    action: { label: '重新补学', place: { page: 'leaves' as const } },
  }))
}

/** Requests on which the caller, as leader of the group, is to be heard; only where the regime wants advice. */
export async function listLeavesToAdvise(tx: Tx): Promise<DecidedItem[]> {
  // Few regimes want advice: then nothing more is read.
  if (tx.actor.leads.length === 0 || !(await attendanceSettings(tx)).leaveAdvice) return []
  const waiting = (
    await listLeaves(tx, { status: 'asked', unitIds: tx.actor.leads.map((lead) => lead.unitId) })
  ).filter((leave) => leave.advice === null && can.adviseLeave(tx.actor, leave, leave.personId) === null)
  return waiting.map((leave) => ({
    kind: 'leaveAdvice' as const,
    id: leave.id,
    title: `${leave.personName}：${leaveKindLabels[leave.kind]}`,
    personName: leave.personName,
    detail: `${dayText(leave.heldOn)} ${leave.unitName ?? '全校'} · ${leave.theme}`,
    text: leave.reason,
    waitingSince: leave.askedAt,
    batch: true,
  }))
}

/** Appeals against recorded attendance that the caller may answer; the principal's only where they are of 教导处. */
export async function listAppealsToAnswer(tx: Tx): Promise<DecidedItem[]> {
  const appeals = (await listAppeals(tx, 'waiting')).filter((appeal) => appeal.abilities.answer === null)
  if (appeals.length === 0) return []
  const posts = await listPosts(tx, tx.today)
  const isAcademic = tx.actor.roles.includes('academicOffice')
  return appeals
    .filter(
      (appeal) =>
        isAcademic ||
        !posts.some((post) => post.role === 'academicOffice' && post.personId !== appeal.person.id),
    )
    .map((appeal) => ({
      kind: 'appeal' as const,
      id: appeal.id,
      title: `${appeal.person.name}：${finalLabels[appeal.recorded]}应为${finalLabels[appeal.wanted]}`,
      personName: appeal.person.name,
      detail: `${dayText(appeal.activity.day)} ${appeal.activity.unitName} · ${appeal.activity.theme}`,
      text: appeal.reason,
      waitingSince: appeal.askedAt,
      batch: false,
    }))
}

/** Training that teachers reported of themselves and the caller may confirm. */
export async function listTrainingsToConfirm(tx: Tx): Promise<DecidedItem[]> {
  return (await listWaitingTrainings(tx)).map((training) => ({
    kind: 'training' as const,
    id: training.id,
    title: training.title,
    personName: training.people.map((one) => one.name).join('、'),
    detail: `${organiserLabels[training.organiser]} ${training.organiserName} · ${training.minutes} 分钟 · ${
      training.attachments === 0 ? '还没有附证明' : `证明 ${training.attachments} 个`
    }`,
    text: training.note,
    waitingSince: training.recordedAt,
    batch: training.attachments > 0,
  }))
}
