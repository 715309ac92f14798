import { adviseLeave, decideLeave, decideMakeUp } from '../activity/leave-actions.ts'
import { answerAppeal, decideTraining } from '../attendance/actions.ts'
import { Refusal } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { confirmLesson } from '../lesson/actions.ts'
import { listLessonsToConfirm } from '../lesson/reminders.ts'
import { decideCorrection, listCorrectionsToDecide } from '../org/corrections.ts'
import { filePlan, listPlansToDecide, reviewPlan } from '../plan/actions.ts'
import { paperLabels, planLevelLabels } from '../plan/words.ts'
import { acceptTalk } from '../teaching/talk-actions.ts'
import { listTalksToReview } from '../teaching/talk-present.ts'
import { approveInvitation } from '../trainer/invitation-actions.ts'
import { listInvitationsToDecide } from '../trainer/reminders.ts'
import { acceptWork, listWorksToReview } from '../work/actions.ts'
import {
  listAppealsToAnswer,
  listLeavesToAdvise,
  listLeavesToDecide,
  listMakeUpsToConfirm,
  listTrainingsToConfirm,
} from './attendance.ts'
import type { DecidedItem, InboxItem } from './contract.ts'
import { listPlaced } from './placed.ts'
import type { DecidedKind } from './words.ts'

/** A work that its group leader leaves lying for so long also waits for the office. */
const leaderDays = 7

/** Whoever decides nothing is not asked for. */
function decides(tx: Tx): boolean {
  return (
    tx.actor.leads.length > 0 ||
    tx.actor.roles.some((role) => role !== 'teacher' && role !== 'districtOfficer')
  )
}

/** Everything that waits for the decision of the person who acts, the longest waiting first. */
export async function listWaiting(tx: Tx): Promise<InboxItem[]> {
  if (!decides(tx) || tx.actor.districtId) return []
  // Leave is asked for before an activity and cannot wait; all else in the order in which it came.
  const lists = await Promise.all([listDecided(tx), listPlaced(tx)])
  return lists
    .flat()
    .sort(
      (a, b) =>
        Number(b.kind === 'leave') - Number(a.kind === 'leave') ||
        a.waitingSince.getTime() - b.waitingSince.getTime(),
    )
}

async function listDecided(tx: Tx): Promise<DecidedItem[]> {
  const [worksToReview, plansToDecide, correctionsToDecide, ...others] = await Promise.all([
    listWorksToReview(tx),
    listPlansToDecide(tx),
    listCorrectionsToDecide(tx),
    listLeavesToDecide(tx),
    listLeavesToAdvise(tx),
    listMakeUpsToConfirm(tx),
    listAppealsToAnswer(tx),
    listTrainingsToConfirm(tx),
    listLessonsToConfirm(tx),
    listInvitationsToDecide(tx),
    listTalksToReview(tx),
  ])
  const works = worksToReview
    .filter((work) => {
      const days = (tx.now.getTime() - (work.submittedAt ?? tx.now).getTime()) / 86_400_000
      return work.waitsForLeader === null || days > leaderDays
    })
    .map(
      (work): DecidedItem => ({
        kind: 'work',
        id: work.id,
        title: work.title,
        personName: work.author.name,
        detail: `${work.kindLabel} · ${work.characters} 字${work.waitsForLeader ? ` · 组长${work.waitsForLeader}还没有审核` : ''}`,
        text: work.beginning,
        waitingSince: work.submittedAt ?? work.savedAt,
        batch: true,
      }),
    )
  const plans = plansToDecide.map(
    (plan): DecidedItem => ({
      kind: plan.decision === 'review' ? 'planReview' : 'planFile',
      id: plan.id,
      title: plan.title,
      personName: plan.owner.name,
      detail: `${planLevelLabels[plan.level]}${paperLabels[plan.paper]}${plan.decision === 'file' && plan.opinion ? ` · 审核意见：${plan.opinion}` : ''}`,
      text: '',
      waitingSince: plan.submittedAt ?? plan.savedAt,
      batch: true,
    }),
  )
  const corrections = correctionsToDecide.map(
    (one): DecidedItem => ({
      kind: 'correction',
      id: one.id,
      title: `${one.personName}：资料更正`,
      personName: one.personName,
      detail: one.changes.map(({ label, before, after }) => `${label} ${before} → ${after}`).join(' · '),
      text: one.note,
      waitingSince: one.proposedAt,
      batch: true,
    }),
  )
  return [...works, ...plans, ...others.flat(), ...corrections]
}

const approve: Record<DecidedKind, (tx: Tx, id: string) => Promise<unknown>> = {
  work: (tx, id) => acceptWork(tx, { id }),
  planReview: (tx, id) => reviewPlan(tx, { id }),
  planFile: (tx, id) => filePlan(tx, { id }),
  leave: (tx, id) => decideLeave(tx, { id, grant: true }),
  makeUp: (tx, id) => decideMakeUp(tx, { id, confirm: true }),
  leaveAdvice: (tx, id) => adviseLeave(tx, { id, advice: 'support' }),
  appeal: (tx, id) => answerAppeal(tx, { id, grant: true }),
  training: (tx, id) => decideTraining(tx, { id, confirm: true }),
  lesson: (tx, id) => confirmLesson(tx, { id }),
  invitation: (tx, id) => approveInvitation(tx, { invitationId: id }),
  talk: (tx, id) => acceptTalk(tx, { id, original: true, remark: '' }),
  correction: (tx, id) => decideCorrection(tx, { id, accept: true }),
}

/** Passes several things at once; what is refused stays as it was and is named with the reason. */
export async function approveMany(
  tx: Tx,
  input: { items: { kind: DecidedKind; id: string }[] },
): Promise<{ done: number; refused: { id: string; reason: string }[] }> {
  const refused: { id: string; reason: string }[] = []
  let done = 0
  // In one order everywhere, so that two at once cannot wait for each other.
  const items = [...new Map(input.items.map((item) => [`${item.kind} ${item.id}`, item]))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  for (const [, item] of items) {
    try {
      await approve[item.kind](tx, item.id)
      done++
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refused.push({ id: item.id, reason: error.message })
    }
  }
  return { done, refused }
}
