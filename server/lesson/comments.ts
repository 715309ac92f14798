import { audit } from '../audit/actions.ts'
import { reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { can } from './access.ts'
import { getLocked, leaveFacts } from './actions.ts'
import type { CommentLine } from './contract.ts'
import * as store from './observation-store.ts'
import * as rules from './rules.ts'
import { listObservers, type LessonRow, type Period } from './store.ts'
import { factVoices } from './words.ts'

/** Names points for comments as a source of facts, apart from the notes themselves. */
const commentRoom = 'lessonComment'
/** The section of the appraisal under which a regime counts them. */
const commentSection = 'lessonComments'

/** Whether a regime in force counts points for written comments. */
async function countsPoints(tx: Tx): Promise<boolean> {
  const regimes = await regimesInForce(tx, tx.today)
  return regimes.some(({ regime }) =>
    JSON.stringify(regime.rules).includes(`section == \\"${commentSection}\\"`),
  )
}

/** What the observers of one lesson wrote, in the order in which they wrote it, and who still owes it. */
export async function loadComments(
  tx: Tx,
  lesson: LessonRow,
  periods: readonly Period[],
): Promise<{ lines: CommentLine[]; missing: string[]; countsPoints: boolean } | null> {
  if (can.seeComments(tx.actor, lesson) !== null) return null
  const observations = await store.listObservations(tx, { lessonId: lesson.id, status: 'submitted' })
  const counts = await countsPoints(tx)
  const end = periods.find((period) => period.number === lesson.period)?.to
  const lines = observations
    .sort((a, b) => (a.submittedAt?.getTime() ?? 0) - (b.submittedAt?.getTime() ?? 0))
    .map(
      (one): CommentLine => ({
        observationId: one.id,
        observerName: one.observerName,
        comment: one.comment.trim(),
        actionStep: one.actionStep,
        writtenAt: one.submittedAt,
        writtenLabel: rules.writtenLabel(one.submittedAt ?? one.savedAt, lesson.heldOn, end),
        onTheSpot: rules.isSameDay(one.submittedAt ?? one.savedAt, lesson.heldOn),
        points: one.commentPoints,
        abilities: {
          open: can.see(tx.actor, one, []),
          score: counts ? can.scoreComment(tx.actor, lesson, one) : '学校的制度没有要求给评课意见评分。',
        },
      }),
    )
  const wrote = new Set(observations.filter((one) => one.comment.trim() !== '').map((one) => one.observerId))
  const missing = (await listObservers(tx, lesson.id))
    .filter((one) => !wrote.has(one.personId))
    .map((one) => one.name)
  return { lines, missing, countsPoints: counts }
}

/**
 * Gives points to the comment that an observer wrote on a lesson, or takes them back (null). They count for the
 * observer under `lessonComments`; given again, the earlier ones are reversed.
 */
export async function scoreComment(
  tx: Tx,
  input: { observationId: string; points: number | null },
): Promise<void> {
  const row = (await store.lockObservation(tx, input.observationId)) ?? refuseNotFound('评课意见')
  if (row.lessonId === null) refuse('只有事先安排的课才给评课意见评分。')
  const lesson = await getLocked(tx, row.lessonId)
  if (can.seeComments(tx.actor, lesson) !== null) refuseNotFound('评课意见')
  demand(can.scoreComment(tx.actor, lesson, row))
  if (!(await countsPoints(tx))) refuse('学校的制度没有要求给评课意见评分。')
  if (row.comment.trim() === '') refuse('这位老师没有写评课意见，不能评分。')
  if (row.commentPoints === input.points) return
  await store.saveCommentPoints(tx, { id: row.id, points: input.points })
  await reverseFacts(tx, { room: commentRoom, id: row.id })
  if (input.points !== null)
    await leaveFacts(
      tx,
      [
        {
          kind: 'evaluation.scored',
          personId: row.observerId,
          on: lesson.heldOn,
          quantity: input.points,
          attributes: {
            voice: factVoices.leaders,
            sheet: commentSection,
            criteria: [],
            section: commentSection,
            commented: true,
            caseId: lesson.caseId,
          },
          source: row.id,
          key: `lesson:comment:${row.id}:${row.commentScorings + 1}`,
        },
      ],
      commentRoom,
    )
  await audit(tx, { type: 'lesson.commentScored', id: row.id, payload: { points: input.points } })
  changed(tx, 'lesson')
}
