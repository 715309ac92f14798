import { audit } from '../audit/actions.ts'
import { reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnitsOfPerson } from '../org/store.ts'
import { can, isLeader } from './access.ts'
import { getLocked, leaveFacts } from './actions.ts'
import type { Sheet } from './contract.ts'
import * as store from './observation-store.ts'
import * as rules from './rules.ts'
import { getSheet, sheetsInUse } from './sheets.ts'
import { findTeacher, type LessonRow } from './store.ts'
import type { RatingVoice } from './words.ts'

/** Whether somebody may speak as a peer: same subject, same group, or notes handed in of this lesson. */
export async function knowsLesson(tx: Tx, lesson: LessonRow, personId: string): Promise<boolean> {
  const observation = await store.findMyObservation(tx, lesson.id, personId)
  if (observation?.status === 'submitted') return true
  const person = await findTeacher(tx, personId, lesson.heldOn)
  if (person && person.subject !== '' && person.subject === lesson.subject) return true
  const units = await listUnitsOfPerson(tx, personId, lesson.heldOn)
  return units.some((unit) => unit.id === lesson.unitId)
}

/**
 * Rates a lesson that was given with one of the sheets; rated again, the earlier scores are replaced. Nobody rates the
 * own lesson unless the sheet takes a self-rating; the rating of an expert from outside is entered by name.
 */
export async function rateLesson(
  tx: Tx,
  input: {
    id: string
    sheetId: string
    scores: Record<string, number>
    comment: string
    expertName?: string
    personId?: string
  },
): Promise<{ ratingId: string; total: number }> {
  const lesson = await getLocked(tx, input.id)
  const sheet = await getSheet(tx, input.sheetId)
  const expertName = (input.expertName ?? '').trim()
  const personId = (tx.actor.kind === 'system' ? input.personId : null) ?? tx.actor.personId
  if (expertName !== '') demand(can.rateAsExpert(tx.actor, lesson))
  else if (personId === null) refuse('请用本人的账号评课。')
  else {
    const knows = await knowsLesson(tx, lesson, personId)
    demand(can.rate({ ...tx.actor, personId }, lesson, { knows, selfAllowed: allowsSelf(sheet) }))
  }
  const missing = rules.missingCriteria(sheet, input.scores)
  if (missing.length > 0)
    refuse(`还有 ${missing.length} 项没有评：${missing.slice(0, 3).join('、')}。`, {
      code: 'incomplete',
      fields: { scores: '请评完每一项。' },
    })
  return recordRating(tx, lesson, {
    ...(expertName === '' ? { personId: personId ?? '' } : { expertName }),
    sheet,
    scores: rules.knownScores(sheet, input.scores),
    comment: input.comment.trim(),
  })
}

const allowsSelf = (sheet: Sheet) => sheet.voices.self !== null

/** Whether any sheet in use takes a self-rating. */
export async function selfAllowed(tx: Tx): Promise<boolean> {
  return (await sheetsInUse(tx)).some(allowsSelf)
}

/** Writes a rating in place of the same person's earlier one and renews its facts. */
export async function recordRating(
  tx: Tx,
  lesson: LessonRow,
  input: { sheet: Sheet; scores: Record<string, number>; comment: string } & (
    | { personId: string }
    | { expertName: string }
  ),
): Promise<{ ratingId: string; total: number }> {
  const earlier = await store.findRating(tx, lesson.id, input)
  const personId = 'personId' in input ? input.personId : null
  const voice: RatingVoice =
    personId === null
      ? 'experts'
      : personId === lesson.teacherId
        ? 'self'
        : isLeader(tx.actor) && tx.actor.kind === 'person'
          ? 'leaders'
          : 'peers'
  const rating = {
    id: earlier?.id ?? newId(),
    lessonId: lesson.id,
    personId,
    expertName: 'expertName' in input ? input.expertName : '',
    voice,
    sheet: input.sheet,
    scores: input.scores,
    total: rules.totalOf(input.sheet, input.scores) ?? 0,
    comment: input.comment,
    number: (earlier?.number ?? 0) + 1,
  }
  if (earlier) await reverseFacts(tx, { room: 'lesson', id: earlier.id })
  await store.saveRating(tx, rating)
  await leaveFacts(tx, rules.ratingFacts(rating, lesson))
  await audit(tx, {
    type: 'lesson.rated',
    id: lesson.id,
    payload: { ratingId: rating.id, sheet: input.sheet.id, total: rating.total, voice },
  })
  changed(tx, 'lesson')
  return { ratingId: rating.id, total: rating.total }
}

export async function withdrawRating(tx: Tx, input: { ratingId: string }): Promise<void> {
  const rating = (await store.lockRating(tx, input.ratingId)) ?? refuseNotFound('评分')
  const lesson = await getLocked(tx, rating.lessonId)
  demand(can.withdrawRating(tx.actor, rating, lesson))
  await reverseFacts(tx, { room: 'lesson', id: rating.id })
  await store.deleteRating(tx, rating.id)
  await audit(tx, { type: 'lesson.ratingWithdrawn', id: lesson.id, payload: { total: rating.total } })
  changed(tx, 'lesson')
}
