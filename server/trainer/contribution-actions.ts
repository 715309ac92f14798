import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { nameTrainer } from '../activity/trainer-actions.ts'
import { durationMinutes } from '../activity/rules.ts'
import { activitySettings, choosable } from '../activity/settings.ts'
import { findActivity } from '../activity/store.ts'
import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit, listSchoolsOf } from '../org/store.ts'
import { can } from './access.ts'
import { getTrainer } from './actions.ts'
import type { ContributionInput } from './contract.ts'
import { findDescribedTrainer, recordLectureOf, wordsNamed } from './described.ts'
import { contributionFacts, ratingDays, wordForBody, wordsFor } from './rules.ts'
import * as store from './store.ts'

interface Giver {
  trainerId: string | null
  guidePersonId: string | null
  guideUnitId: string | null
  /** Of the own staff. */
  ownPersonId: string | null
  /** The word of the regime for the guide. */
  guide: string
  trainers: string[]
  level: string
}

/** Who gave it: just one of the pool, of the staff, or a body; with the words by which it counts. */
async function findGiver(tx: Tx, input: ContributionInput): Promise<Giver> {
  const { trainerId = null, guidePersonId = null, guideUnitId = null } = input
  const none = { trainerId: null, guidePersonId: null, guideUnitId: null, trainers: [], level: '' }
  const named = await wordsNamed(tx, 'guidance.given', 'guide')
  const chosen = named.find((word) => word.id === input.guideWord)?.id
  if (trainerId !== null) {
    const trainer = await getTrainer(tx, trainerId)
    const described = await findDescribedTrainer(tx, trainerId)
    const words = wordsFor({ ...trainer, isOwn: trainer.personId !== null }, named)
    return {
      ...none,
      trainerId,
      ownPersonId: trainer.personId,
      guide: chosen ?? words[0] ?? trainer.kind,
      trainers: described?.trainers ?? [trainer.kind],
      level: trainer.level,
    }
  }
  if (guidePersonId !== null) {
    const person = (await findPerson(tx, guidePersonId)) ?? refuseNotFound('人员')
    return { ...none, guidePersonId, ownPersonId: person.id, guide: chosen ?? 'colleague' }
  }
  if (guideUnitId !== null) {
    const unit = (await findUnit(tx, guideUnitId)) ?? refuseNotFound('组织机构')
    return {
      ...none,
      guideUnitId,
      ownPersonId: null,
      guide: chosen ?? wordForBody(unit.name, named) ?? 'body',
    }
  }
  return refuse('请选择由谁主讲或指导。', { fields: { trainerId: '请选择' } })
}

async function checkForWhom(tx: Tx, input: ContributionInput): Promise<void> {
  for (const personId of input.personIds ?? []) if (!(await findPerson(tx, personId))) refuseNotFound('人员')
  if (input.unitId && !(await findUnit(tx, input.unitId))) refuseNotFound('组')
  if (input.schoolId && !(await listSchoolsOf(tx, tx.orgId)).some((one) => one.id === input.schoolId))
    refuseNotFound('学校')
}

/**
 * Records a lecture or guidance that was given. With an activity of the calendar nothing is typed again: its day, length,
 * people and theme are used, and a lecture makes the trainer the activity's. By itself it needs subject, day and length.
 */
export async function recordContribution(tx: Tx, input: ContributionInput): Promise<{ id: string }> {
  const activity = input.activityId
    ? ((await findActivity(tx, input.activityId)) ?? refuseNotFound('活动'))
    : undefined
  const unitId = activity ? activity.unitId : (input.unitId ?? null)
  demand(can.record(tx.actor, unitId))
  if (input.fee != null) demand(can.seeFee(tx.actor))
  await store.lockRoom(tx)
  const giver = await findGiver(tx, input)
  await checkForWhom(tx, input)
  const invitation = input.invitationId
    ? ((await store.findInvitation(tx, input.invitationId)) ?? refuseNotFound('邀请'))
    : undefined
  if (invitation && (invitation.status !== 'approved' || invitation.isGiven))
    refuse('这份邀请没有批准，或已经登记过了。', { fields: { invitationId: '请重新选择' } })
  if (invitation && invitation.trainerId !== giver.trainerId)
    refuse('这份邀请请的是别人，请重新选择。', { fields: { invitationId: '请的是别人' } })
  const isLecture = input.kind === 'lecture'
  if (isLecture && giver.trainerId === null)
    refuse('讲座的主讲人请从师资库里选；还没有登记的先登记。', { fields: { trainerId: '请选择' } })
  const heldOn = activity?.heldOn ?? input.heldOn ?? refuse('请选择日期。', { fields: { heldOn: '请选择' } })
  if (heldOn > tx.today)
    refuse('日期不能晚于今天；还没有讲的请用“邀请”。', {
      fields: { [activity ? 'activityId' : 'heldOn']: '晚于今天' },
    })
  const subject = (activity?.theme ?? input.subject ?? '').trim() || (invitation?.subject ?? '')
  if (subject === '')
    refuse(isLecture ? '请填写讲座题目。' : '请填写指导了什么。', { fields: { subject: '请填写' } })
  const fee = input.fee ?? invitation?.fee ?? null
  if (isLecture && activity && giver.trainerId !== null) {
    const { spoke } = await nameTrainer(tx, {
      activityId: activity.id,
      trainerId: giver.trainerId,
      personId: giver.ownPersonId,
    })
    const made = await recordLectureOf(
      tx,
      { ...activity, trainerId: giver.trainerId, minutes: durationMinutes(activity) },
      { spoke, invitationId: invitation?.id ?? null, note: input.note ?? '', fee },
    )
    await audit(tx, { type: 'trainer.contributionRecorded', id: made.id, payload: { subject, heldOn } })
    return made
  }
  const activityKind = isLecture ? await lectureKind(tx, heldOn, input.activityKind ?? '') : ''
  const row = {
    id: newId(),
    kind: input.kind,
    trainerId: giver.trainerId,
    guidePersonId: giver.guidePersonId,
    guideUnitId: giver.guideUnitId,
    guideWord: input.guideWord ?? '',
    invitationId: invitation?.id ?? null,
    activityId: activity?.id ?? null,
    activityKind,
    subject,
    heldOn,
    minutes: activity ? Math.max(5, durationMinutes(activity)) : (input.minutes ?? 60),
    guidanceKind: input.guidanceKind ?? '',
    mode: input.mode || 'faceToFace',
    answered: input.answered ?? true,
    beneficiary: input.beneficiary ?? '',
    unitId,
    personIds: activity ? [] : [...new Set(input.personIds ?? [])],
    schoolId: input.schoolId ?? null,
    note: input.note?.trim() ?? '',
    fee,
  }
  await store.insertContribution(tx, row)
  await recordFacts(tx, contributionFacts(tx.orgId, { ...row, ...giver }))
  await audit(tx, {
    type: 'trainer.contributionRecorded',
    id: row.id,
    payload: { kind: row.kind, subject, heldOn, guide: giver.guide },
  })
  changed(tx, 'trainer')
  return { id: row.id }
}

/** The kind of activity as which a lecture counts that nobody planned: the chosen one, else what sounds like a lecture. */
async function lectureKind(tx: Tx, on: LocalDate, wanted: string): Promise<string> {
  const kinds = choosable((await activitySettings(tx, on)).kinds)
  if (wanted !== '' && !kinds.some((one) => one.id === wanted))
    refuse('现行制度没有这类活动，请重新选择。', { fields: { activityKind: '请重新选择' } })
  // Where the regime knows no lectures it counts only by who gave it, not as another kind of activity.
  return wanted || (kinds.find(({ label }) => /讲座|讲学|讲课/.test(label))?.id ?? 'lecture')
}

async function getContribution(tx: Tx, id: string): Promise<store.ContributionRow> {
  const row = (await store.lockContribution(tx, id)) ?? refuseNotFound('讲座或指导')
  if (row.withdrawnBecause !== null) refuse('这次记录已经作废，请刷新页面。')
  return row
}

/** What was paid, in yuan. */
export async function setFee(tx: Tx, input: { contributionId: string; fee: number | null }): Promise<void> {
  demand(can.maintain(tx.actor))
  demand(can.seeFee(tx.actor))
  const row = await getContribution(tx, input.contributionId)
  await store.setFee(tx, row.id, input.fee)
  await audit(tx, { type: 'trainer.feeSet', id: row.id, payload: { before: row.fee, fee: input.fee } })
  changed(tx, 'trainer')
}

/** A record made by mistake: its facts are reversed, and the activity no longer names the trainer. */
export async function withdrawContribution(
  tx: Tx,
  input: { contributionId: string; reason: string },
): Promise<void> {
  const row = await getContribution(tx, input.contributionId)
  demand(can.record(tx.actor, row.unitId))
  await store.withdrawContribution(tx, row.id, input.reason.trim())
  await reverseFacts(tx, { room: 'trainer', id: row.id })
  if (row.kind === 'lecture' && row.activityId !== null)
    await nameTrainer(tx, { activityId: row.activityId, trainerId: null, personId: null })
  await audit(tx, { type: 'trainer.contributionWithdrawn', id: row.id, payload: { reason: input.reason } })
  changed(tx, 'trainer')
}

/** The last day on which people may say what they thought. */
export const ratingUntil = (heldOn: LocalDate): LocalDate => addDays(heldOn, ratingDays)

/** One to five stars and perhaps a sentence by somebody who was there; said again, it replaces what was said. */
export async function rate(
  tx: Tx,
  input: { contributionId: string; stars: number; sentence?: string },
): Promise<void> {
  const personId = tx.actor.personId ?? refuse('请用本人的账号评价。')
  const row = await getContribution(tx, input.contributionId)
  const part = (await store.findMyPart(tx, row.id, personId)) ?? refuseNotFound('讲座或指导')
  const isOver = tx.today > ratingUntil(row.heldOn)
  demand(can.rate(tx.actor, { ...part, isOver, withdrawnBecause: row.withdrawnBecause }))
  await store.saveRating(tx, {
    contributionId: row.id,
    personId,
    stars: input.stars,
    sentence: input.sentence?.trim() ?? '',
  })
  // Only that somebody did; what was said is not named.
  await audit(tx, { type: 'trainer.rated', id: row.id, payload: {} })
  changed(tx, 'trainer')
}
