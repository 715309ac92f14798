import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { reverseFacts } from '../facts/actions.ts'
import { removeAttachmentsOf } from '../files/actions.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnitsOfPerson } from '../org/store.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { withMeant } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import { leaveFacts, markGiven } from './actions.ts'
import type { ObservationDraft } from './contract.ts'
import { tellObserved } from './listeners.ts'
import * as store from './observation-store.ts'
import { recordRating } from './rating-actions.ts'
import * as rules from './rules.ts'
import { getSheet, sheetsInUse } from './sheets.ts'
import { findLesson, findTeacher, listLessons, lockLesson, type LessonRow } from './store.ts'
import type { Inspection } from './words.ts'

/** The observer of a new observation: the person who acts; a named machine names the person. */
function observerOf(tx: Tx, named: string | undefined): string {
  const personId = tx.actor.kind === 'system' ? named : tx.actor.personId
  return personId ?? refuse('请用本人的账号写听课记录。')
}

export interface StartInput {
  lessonId?: string | undefined
  teacherId?: string | undefined
  className?: string
  subject?: string
  topic?: string
  period?: number | null
  heldOn?: LocalDate | undefined
  dropIn?: boolean
  observerId?: string
}

/**
 * Begins to observe a booked lesson, or any lesson of a colleague. Where the lesson turns out to be booked, the notes
 * belong to it; begun twice, the same notes are opened again. A drop-in visit shows what the last one asked for.
 */
export async function startObservation(tx: Tx, input: StartInput): Promise<{ id: string }> {
  const observerId = observerOf(tx, input.observerId)
  await store.lockObserver(tx, observerId)
  const dropIn = input.dropIn ?? false
  if (dropIn) demand(can.dropIn(tx.actor))
  const heldOn = input.heldOn ?? tx.today
  const lesson = await findBooked(tx, input, heldOn)
  if (lesson) {
    demand(can.observe({ ...tx.actor, personId: observerId }, lesson, tx.today))
    const mine = await store.findMyObservation(tx, lesson.id, observerId)
    if (mine) return { id: mine.id }
  }
  const teacherId = lesson?.teacherId ?? input.teacherId
  if (!teacherId) refuse('请选择听谁的课。', { fields: { teacherId: '请选择教师。' } })
  if (teacherId === observerId) refuse('自己的课不写听课记录；可以写教学反思。')
  const day = lesson?.heldOn ?? heldOn
  if (day > tx.today) refuse('还没有到上课的日子，当天再打开。', { fields: { heldOn: '还没有到。' } })
  if (day < addDays(tx.today, -rules.daysBack))
    refuse(`只能补写最近 ${rules.daysBack} 天的听课记录。`, { fields: { heldOn: '太早。' } })
  const teacher = (await findTeacher(tx, teacherId, day)) ?? refuseNotFound('人员')
  if (!teacher.serves)
    refuse(`${teacher.name}那天不在本校任职，请核对日期或另选教师。`, {
      fields: { teacherId: '不在本校任职。' },
    })
  const period = lesson?.period ?? input.period ?? null
  if (!lesson) {
    const open = await store.findOpenDraft(tx, { observerId, teacherId, heldOn: day, period })
    if (open) return { id: open.id }
  }
  const id = newId()
  const isPrincipal = tx.actor.roles.includes('principal')
  const earlier = dropIn
    ? await store.findLastActionStep(tx, {
        teacherId,
        observerId: isPrincipal ? null : observerId,
        exceptId: id,
      })
    : undefined
  const [sheet] = await sheetsInUse(tx)
  await store.insertObservation(tx, {
    id,
    lessonId: lesson?.id ?? null,
    observerId,
    teacherId,
    heldOn: day,
    period,
    className: lesson?.className ?? rules.plainName(input.className ?? ''),
    subject: lesson?.subject ?? ((input.subject ?? '').trim() || teacher.subject),
    topic: lesson?.topic ?? (input.topic ?? '').trim(),
    dropIn,
    contentTags: lesson?.contentTags ?? [],
    notes: [],
    sheet: sheet ?? null,
    scores: {},
    comment: '',
    actionStep: '',
    followsId: earlier?.id ?? null,
    followed: null,
    status: 'draft',
    draftVersion: 1,
    submissions: 0,
    startedAt: tx.now,
    savedAt: tx.now,
    submittedAt: null,
    readAt: null,
    answer: '',
    answeredAt: null,
    inspection: null,
    inspectionRemark: '',
    inspectedAt: null,
    commentPoints: null,
    commentScorings: 0,
  })
  await audit(tx, { type: 'lesson.observationStarted', id, payload: { teacherId, heldOn: day, dropIn } })
  changed(tx, 'lesson')
  return { id }
}

async function findBooked(tx: Tx, input: StartInput, heldOn: LocalDate): Promise<LessonRow | undefined> {
  if (input.lessonId) return (await findLesson(tx, input.lessonId)) ?? refuseNotFound('课')
  if (!input.teacherId || !input.period) return undefined
  const booked = await listLessons(tx, {
    teacherId: input.teacherId,
    from: heldOn,
    to: heldOn,
    statuses: ['booked', 'given'],
  })
  return booked.find((lesson) => lesson.period === input.period)
}

/** The observation held until the end of the transaction, if the caller may see it. */
async function lockVisible(tx: Tx, id: string): Promise<store.ObservationRow> {
  const row = (await store.lockObservation(tx, id)) ?? refuseNotFound('听课记录')
  await demandVisible(tx, row)
  return row
}

/** Whoever may not see an observation is told that there is none. */
export async function demandVisible(tx: Tx, row: store.ObservationRow): Promise<void> {
  const units = tx.actor.leads.length > 0 ? await listUnitsOfPerson(tx, row.observerId, row.heldOn) : []
  if (
    can.see(
      tx.actor,
      row,
      units.map((unit) => unit.id),
    ) !== null
  )
    refuseNotFound('听课记录')
}

/**
 * Saves a draft that is still the version that was read. The same content sent again is passed over; another on top of
 * a newer version is refused (409 `conflict`) with the newer one in `fields`.
 */
export async function saveObservation(
  tx: Tx,
  input: ObservationDraft & { id: string; version: number },
): Promise<{ version: number; savedAt: Date }> {
  const row = await lockVisible(tx, input.id)
  demand(can.edit(tx.actor, row))
  const sheet =
    input.sheetId === null
      ? null
      : row.sheet?.id === input.sheetId
        ? row.sheet
        : await getSheet(tx, input.sheetId)
  const booked = row.lessonId !== null
  const next: store.ObservationRow = {
    ...row,
    // What the booking says is not typed again.
    className: booked ? row.className : rules.plainName(input.className),
    subject: booked ? row.subject : input.subject,
    topic: booked ? row.topic : input.topic,
    period: booked ? row.period : input.period,
    contentTags: input.contentTags,
    notes: input.notes,
    sheet,
    scores: rules.knownScores(sheet, input.scores),
    comment: input.comment,
    actionStep: input.actionStep,
    followed: row.followsId === null ? null : input.followed,
  }
  if (JSON.stringify(contentOf(next)) === JSON.stringify(contentOf(row)))
    return { version: row.draftVersion, savedAt: row.savedAt }
  if (input.version !== row.draftVersion)
    throw new Refusal('这份听课记录在另一台设备上改过了。两份都还在，请选择保留哪一份。', {
      status: 409,
      code: 'conflict',
      fields: {
        version: String(row.draftVersion),
        savedAt: row.savedAt.toISOString(),
        content: JSON.stringify(contentOf(row)),
      },
    })
  await store.updateDraft(tx, next)
  changed(tx, 'lesson')
  return { version: row.draftVersion + 1, savedAt: tx.now }
}

/** What the observer writes, as it is saved. */
export function contentOf(row: store.ObservationRow): ObservationDraft {
  return {
    className: row.className,
    subject: row.subject,
    topic: row.topic,
    period: row.period,
    contentTags: row.contentTags,
    notes: row.notes.map(({ id, minute, text }) => ({ id, minute, text })),
    sheetId: row.sheet?.id ?? null,
    // The database keeps keys in its own order.
    scores: Object.fromEntries(Object.entries(row.scores).sort(([a], [b]) => (a < b ? -1 : 1))),
    comment: row.comment,
    actionStep: row.actionStep,
    followed: row.followed,
  }
}

/**
 * Hands the notes in: the observation counts, the feedback reaches the teacher, a booked lesson is known to have been
 * given, and a full sheet becomes the observer's rating of it.
 */
export async function submitObservation(tx: Tx, input: { id: string }): Promise<void> {
  const row = await lockVisible(tx, input.id)
  demand(can.edit(tx.actor, row))
  const lesson = row.lessonId === null ? undefined : await lockLesson(tx, row.lessonId)
  if (lesson?.status === 'cancelled')
    refuse(`这节课已经取消（${lesson.reason}），没有上，听课记录不能提交；可以删除草稿。`)
  const hasNotes = row.notes.some((note) => note.text.trim() !== '')
  if (!hasNotes && row.comment.trim() === '')
    refuse('还没有记录，请至少记一笔或写一句评语再提交。', {
      code: 'incomplete',
      fields: { notes: '请记一笔。' },
    })
  if (row.dropIn && row.comment.trim() === '')
    refuse('随时听课请当场写下意见，再提交。', { code: 'incomplete', fields: { comment: '请写意见。' } })
  if (row.followsId !== null && row.followed === null)
    refuse('请先选择上次的改进要求落实得怎样。', { code: 'incomplete', fields: { followed: '请选择。' } })
  if (row.className.trim() === '')
    refuse('请选择班级再提交。', { code: 'incomplete', fields: { className: '请选择班级。' } })
  await store.markSubmitted(tx, row.id)
  // Before facts and trace, so that others who hold what this locks are never waited for while they wait for us.
  if (lesson) await tellObserved(tx, lesson)
  // Completed notes wait for the next look; that the first one was made stays on record.
  if (row.inspection === 'insufficient')
    await store.saveInspection(tx, { id: row.id, inspection: null, remark: '' })
  if (lesson) await markGiven(tx, lesson)
  await leaveObserved(tx, {
    ...row,
    submissions: row.submissions + 1,
    submittedAt: row.submittedAt ?? tx.now,
  })
  if (lesson && row.sheet && rules.missingCriteria(row.sheet, row.scores).length === 0)
    await recordRating(tx, lesson, {
      personId: row.observerId,
      sheet: row.sheet,
      scores: row.scores,
      comment: row.comment.trim(),
    })
  await audit(tx, {
    type: 'lesson.observed',
    id: row.id,
    payload: { teacherId: row.teacherId, dropIn: row.dropIn },
  })
  changed(tx, 'lesson', 'home')
}

async function leaveObserved(tx: Tx, row: store.ObservationRow): Promise<void> {
  const lesson = row.lessonId === null ? undefined : await findLesson(tx, row.lessonId)
  const tags = withMeant(await vocabularyOf(tx, 'contentTags'), row.contentTags)
  await leaveFacts(tx, [
    rules.observedFact(row, {
      kind: lesson?.kind ?? '',
      caseId: lesson?.caseId ?? '',
      tags,
      submittedOn: localDateOf(row.submittedAt ?? tx.now),
    }),
  ])
}

/** Takes handed-in notes back to correct them; until they are handed in again they do not count. */
export async function reopenObservation(tx: Tx, input: { id: string }): Promise<void> {
  const row = await lockVisible(tx, input.id)
  demand(can.reopen(tx.actor, row))
  await store.markReopened(tx, row.id)
  await reverseFacts(tx, { room: 'lesson', id: row.id })
  await audit(tx, { type: 'lesson.observationReopened', id: row.id })
  changed(tx, 'lesson', 'home')
}

export async function discardObservation(tx: Tx, input: { id: string }): Promise<void> {
  const row = await lockVisible(tx, input.id)
  demand(can.discard(tx.actor, row))
  await removeAttachmentsOf(tx, 'observation', row.id)
  await store.deleteDraft(tx, row.id)
  await audit(tx, { type: 'lesson.observationDiscarded', id: row.id, payload: { teacherId: row.teacherId } })
  changed(tx, 'lesson')
}

/** The teacher has opened the feedback. */
export async function readFeedback(tx: Tx, input: { id: string }): Promise<void> {
  const row = await lockVisible(tx, input.id)
  if (tx.actor.personId !== row.teacherId || row.readAt !== null || row.status !== 'submitted') return
  await store.markRead(tx, row.id)
  changed(tx, 'lesson')
}

/** The teacher answers; the answer is a part of the feedback, so that the fact is renewed. May be improved later. */
export async function answerFeedback(tx: Tx, input: { id: string; answer: string }): Promise<void> {
  const row = await lockVisible(tx, input.id)
  demand(can.answer(tx.actor, row))
  const answer = input.answer.trim()
  if (answer === '') refuse('请写几句回应。', { fields: { answer: '请写几句。' } })
  await store.saveAnswer(tx, row.id, answer)
  await reverseFacts(tx, { room: 'lesson', id: row.id })
  await leaveObserved(tx, { ...row, answer, submissions: row.submissions + 1 })
  await audit(tx, { type: 'lesson.feedbackAnswered', id: row.id })
  changed(tx, 'lesson', 'home')
}

/** Names the inspections as a source of facts, apart from the notes themselves. */
const inspectionRoom = 'lessonInspection'

/** Marks notes as inspected, several at once; null takes the mark back. Each leaves a check of the observer's notes. */
export async function inspectObservations(
  tx: Tx,
  input: { ids: string[]; inspection: Inspection | null; remark: string },
): Promise<void> {
  for (const id of [...new Set(input.ids)].sort()) {
    const row = await lockVisible(tx, id)
    demand(can.inspect(tx.actor, row))
    if (input.inspection === 'insufficient' && input.remark.trim() === '')
      refuse('评为“需补充”时请写明要补什么。', { fields: { remark: '请写明。' } })
    await store.saveInspection(tx, { id, inspection: input.inspection, remark: input.remark.trim() })
    const reversed = await reverseFacts(tx, { room: inspectionRoom, id })
    if (input.inspection !== null) {
      await leaveFacts(
        tx,
        [
          {
            kind: 'check.done',
            personId: row.observerId,
            on: tx.today,
            quantity: 1,
            attributes: {
              checkKind: 'scheduled',
              object: 'lessonNotes',
              checker: tx.actor.roles.find((role) => role !== 'teacher') ?? 'academicOffice',
              passed: input.inspection !== 'insufficient',
            },
            source: id,
            key: `lesson:inspection:${id}:${tx.now.getTime()}:${reversed}`,
          },
        ],
        inspectionRoom,
      )
    }
    await audit(tx, { type: 'lesson.inspected', id, payload: { inspection: input.inspection } })
  }
  changed(tx, 'lesson')
}
