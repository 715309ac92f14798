import { isSchoolDay } from '../../engine/periods.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { listLiveFactsOfSource } from '../facts/store.ts'
import { listAttachmentsOf } from '../files/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnitsOfPerson } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse, withMeant } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import type { RecordForm } from './contract.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { LessonScope, LessonStatus, LessonStep } from './words.ts'

/** The room's settings; sensible ones until the school has made its own. */
export async function lessonSettings(tx: Tx): Promise<store.SettingsRow> {
  return (await store.findSettings(tx)) ?? { confirms: false, periods: rules.usualPeriods }
}

export async function saveLessonSettings(tx: Tx, input: store.SettingsRow): Promise<void> {
  demand(can.settle(tx.actor))
  const problem = rules.periodsProblem(input.periods)
  if (problem) refuse(problem, { fields: { periods: problem } })
  await store.saveSettings(tx, input)
  await audit(tx, { type: 'lesson.settingsSaved', id: null, payload: { ...input } })
  changed(tx, 'lesson')
}

export interface Booking {
  kind: string
  scope: LessonScope
  teacherId: string
  guideId: string | null
  subject: string
  className: string
  topic: string
  room: string
  heldOn: LocalDate
  period: number
  contentTags: string[]
  note: string
}

/** Checks what a booking says and gives it in one way of writing, with the teacher's group of that day. */
async function checkBooking(tx: Tx, input: Booking, lessonId: string) {
  const teacher = (await store.findTeacher(tx, input.teacherId, input.heldOn)) ?? refuseNotFound('人员')
  const units = await listUnitsOfPerson(tx, input.teacherId, input.heldOn)
  demand(can.book(tx.actor, { personId: input.teacherId, unitIds: units.map((unit) => unit.id) }))
  if (!teacher.serves)
    refuse(`${teacher.name}那天不在本校任职，不能安排上课；请换一位教师。`, {
      fields: { teacherId: '不在本校任职。' },
    })
  if (input.guideId !== null) {
    const guide = (await store.findTeacher(tx, input.guideId, input.heldOn)) ?? refuseNotFound('人员')
    if (input.guideId === input.teacherId)
      refuse('指导教师不能是上课教师本人。', { fields: { guideId: '请另选一位。' } })
    if (!guide.serves)
      refuse(`指导教师${guide.name}那天不在本校任职，请换一位。`, { fields: { guideId: '不在本校任职。' } })
  }
  const kind = (await vocabularyOf(tx, 'lessonKinds')).find((term) => term.id === input.kind)
  if (!kind) refuse('没有这种课型，请从列表中选择。', { fields: { kind: '请从列表中选择。' } })
  const known = await vocabularyOf(tx, 'contentTags')
  const unknown = input.contentTags.find((tag) => !known.some((term) => term.id === tag))
  if (unknown !== undefined)
    refuse('有一个内容标签不在词表里，请刷新页面后重选。', { fields: { contentTags: '请重选。' } })
  const calendar = await loadCalendar(tx)
  const problem = rules.dayProblem(input.heldOn, tx.today, isSchoolDay(calendar, input.heldOn))
  if (problem) refuse(problem, { fields: { heldOn: problem } })
  const settings = await lessonSettings(tx)
  if (!settings.periods.some((period) => period.number === input.period))
    refuse(`学校一天只有 ${settings.periods.length} 节课，没有第${input.period}节。`, {
      fields: { period: '没有这一节。' },
    })
  const placed = {
    ...input,
    subject: input.subject.trim(),
    topic: input.topic.trim(),
    note: input.note.trim(),
    className: rules.plainName(input.className),
    room: rules.plainName(input.room),
    unitId: (units.find((unit) => unit.kind === 'teachingResearchGroup') ?? units[0])?.id ?? null,
  }
  await store.lockDay(tx, input.heldOn)
  const clash = rules.clashProblem(placed, await store.listClashing(tx, { ...placed, id: lessonId }))
  if (clash) refuse(clash.message, { code: 'clash', fields: { [clash.field]: clash.message } })
  return { placed, kind, settings }
}

async function step(
  tx: Tx,
  lessonId: string,
  name: LessonStep,
  more: { reason?: string; detail?: string } = {},
): Promise<void> {
  await store.insertStep(tx, { id: newId(), lessonId, step: name, ...more })
  await audit(tx, { type: `lesson.${name}`, id: lessonId, payload: more })
  changed(tx, 'lesson', 'home', 'inbox')
}

/**
 * Books a lesson. It is announced at once, or waits for the group leader's or 教导处's word where the school wants it.
 * With `followsId` an earlier lesson is taught again: both belong to one case. Refuses days without school, people who
 * do not serve, and the same teacher, class or room twice in a period.
 */
export async function bookLesson(
  tx: Tx,
  input: Booking & { followsId?: string | null },
): Promise<{ id: string; status: LessonStatus }> {
  const id = newId()
  const earlier = input.followsId ? await store.findLesson(tx, input.followsId) : undefined
  if (input.followsId && !earlier) refuseNotFound('课')
  if (earlier && earlier.status !== 'given') refuse('上次的课还没有上，上过以后再安排改进课。')
  const { placed, kind, settings } = await checkBooking(tx, input, id)
  if (!isInUse(kind, tx.today))
    refuse(`“${kind.label}”已经停用，请另选课型。`, { fields: { kind: '已经停用。' } })
  const sure = !settings.confirms || can.confirmsOwn(tx.actor, placed)
  const status = sure ? 'booked' : 'asked'
  await store.insertLesson(tx, {
    ...placed,
    id,
    caseId: earlier?.caseId ?? id,
    followsId: earlier?.id ?? null,
    researchTopicId: earlier?.researchTopicId ?? null,
    status,
    reason: '',
    givenCount: 0,
    record: {},
    givenAt: null,
    confirmedBy: settings.confirms && sure ? tx.actor.personId : null,
    createdBy: tx.actor.personId,
    createdAt: tx.now,
  })
  await step(tx, id, status)
  return { id, status }
}

/** The lesson held until the end of the transaction; refuses where there is none. */
export async function getLocked(tx: Tx, id: string): Promise<store.LessonRow> {
  return (await store.lockLesson(tx, id)) ?? refuseNotFound('课')
}

/** Changes what was booked. Once colleagues have enrolled, a new time, class or room needs a reason. */
export async function changeLesson(tx: Tx, input: Booking & { id: string; reason: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.change(tx.actor, lesson))
  const { placed } = await checkBooking(tx, input, lesson.id)
  const detail = rules.changeDetail(lesson, placed)
  const reason = input.reason.trim()
  const enrolled = (await store.listObservers(tx, lesson.id)).length
  if (detail !== '' && enrolled > 0 && reason === '')
    refuse(`已有 ${enrolled} 位老师报名听课，请写明调整原因，好告诉他们。`, {
      fields: { reason: '请写明原因。' },
    })
  await store.updateLesson(tx, { ...lesson, ...placed, reason })
  await step(tx, lesson.id, 'changed', { reason, detail })
}

export async function confirmLesson(tx: Tx, input: { id: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.confirm(tx.actor, lesson))
  await store.updateStatus(tx, { id: lesson.id, status: 'booked', reason: '' })
  await step(tx, lesson.id, 'confirmed')
}

function getReason(text: string, what: string): string {
  const reason = text.trim()
  if (reason === '') refuse(`${what}时请写明原因。`, { fields: { reason: '请写明原因。' } })
  return reason
}

/** The booking is declined with a reason; the teacher books another time. */
export async function declineLesson(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.confirm(tx.actor, lesson))
  const reason = getReason(input.reason, '不同意')
  await store.updateStatus(tx, { id: lesson.id, status: 'cancelled', reason })
  await step(tx, lesson.id, 'declined', { reason })
}

/** Cancels a lesson that has not been given; those who enrolled read why. */
export async function cancelLesson(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.cancel(tx.actor, lesson))
  const reason = getReason(input.reason, '取消')
  await store.updateStatus(tx, { id: lesson.id, status: 'cancelled', reason })
  await step(tx, lesson.id, 'cancelled', { reason })
}

/** The lesson was given: it counts for its teacher on its day. */
export async function giveLesson(tx: Tx, input: { id: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  const teacher = await store.findTeacher(tx, lesson.teacherId, lesson.heldOn)
  const leftOn = teacher?.serves ? null : lesson.heldOn
  demand(can.give(tx.actor, { ...lesson, teacherLeftOn: leftOn }, tx.today))
  await markGiven(tx, lesson)
}

/** Marks a booked lesson as given and leaves its fact; also called when somebody hands in notes of it. */
export async function markGiven(tx: Tx, lesson: store.LessonRow): Promise<void> {
  if (lesson.status !== 'booked') return
  await store.updateStatus(tx, { id: lesson.id, status: 'given', reason: lesson.reason })
  await leaveGiven(tx, { ...lesson, givenCount: lesson.givenCount + 1 })
  await step(tx, lesson.id, 'given')
}

async function leaveGiven(tx: Tx, lesson: store.LessonRow): Promise<void> {
  const tags = withMeant(await vocabularyOf(tx, 'contentTags'), lesson.contentTags)
  await leaveFacts(tx, [rules.givenFact(lesson, tags, await partsOf(tx, lesson))])
}

/** What there is of a lesson: its design, and the parts of its record that are written. */
async function partsOf(tx: Tx, lesson: store.LessonRow): Promise<string[]> {
  const files = await listAttachmentsOf(tx, 'lesson', lesson.id)
  const hasDesign = files.length > 0 || (await store.hasDesign(tx, lesson.id))
  const written = Object.keys(lesson.record).sort()
  return [...new Set([...(hasDesign ? rules.designParts : []), ...written])]
}

/** Counts a lesson anew that was given, where it has come to have (or to lack) a design or a part of its record. */
export async function renewGiven(tx: Tx, id: string): Promise<void> {
  const lesson = await store.lockLesson(tx, id)
  if (lesson?.status !== 'given') return
  const [fact] = await listLiveFactsOfSource(tx, { room: 'lesson', id })
  const parts = await partsOf(tx, lesson)
  if (!fact || [fact.attributes.parts].flat().join() === parts.join()) return
  await reverseFacts(tx, { room: 'lesson', id })
  const givenCount = lesson.givenCount + 1
  await store.updateGivenCount(tx, { id, givenCount })
  await leaveGiven(tx, { ...lesson, givenCount })
  changed(tx, 'lesson', 'home')
}

/** What the regimes in force want written down of lessons of a kind, or none. */
export async function findRecordForm(tx: Tx, kind: string): Promise<RecordForm | null> {
  for (const { regime } of await regimesInForce(tx, tx.today)) {
    const form = regime.forms.find((one) => one.for === 'record' && one.id === kind)
    if (form)
      return {
        title: form.label,
        clause: `《${regime.title}》${form.clause ?? ''}`,
        sections: form.sections.map(({ id, label, hint, required }) => ({
          key: id,
          label,
          hint: hint ?? '',
          required,
        })),
      }
  }
  return null
}

/** Writes down what the regime wants of a lesson of its kind; the parts that are written count with it. */
export async function saveLessonRecord(
  tx: Tx,
  input: { id: string; sections: Record<string, string> },
): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.record(tx.actor, lesson))
  const form = await findRecordForm(tx, lesson.kind)
  if (!form) refuse('制度没有要求这种课写记录；可以附上教案和课件。')
  const record = Object.fromEntries(
    form.sections.flatMap(({ key }) => {
      const text = (input.sections[key] ?? '').trim()
      return text === '' ? [] : [[key, text]]
    }),
  )
  if (JSON.stringify(record) === JSON.stringify(lesson.record)) return
  await store.updateRecord(tx, { id: lesson.id, record })
  await renewGiven(tx, lesson.id)
  await audit(tx, { type: 'lesson.recordSaved', id: lesson.id, payload: { parts: Object.keys(record) } })
  changed(tx, 'lesson')
}

/** Takes back that a lesson was given: its fact is reversed. Refuses where colleagues have handed in notes of it. */
export async function takeBackGiven(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  demand(can.takeBack(tx.actor, lesson))
  const reason = getReason(input.reason, '更正')
  const [view] = await store.listLessons(tx, { id: lesson.id })
  if (view && view.observed + view.ratings > 0)
    refuse('已有老师提交了听课记录或评分，说明这节课上过；如果是登记错了，请他们先撤回。')
  await store.updateStatus(tx, { id: lesson.id, status: 'booked', reason })
  await reverseFacts(tx, { room: 'lesson', id: lesson.id })
  await step(tx, lesson.id, 'notGiven', { reason })
}

/** Leaves the facts of the room, with the room's name as their source. */
export async function leaveFacts(tx: Tx, facts: rules.FactDraft[], room = 'lesson'): Promise<void> {
  await recordFacts(
    tx,
    facts.map(({ personId, source, ...fact }) => ({
      ...fact,
      subject: { kind: 'person' as const, id: personId },
      source: { room, id: source },
    })),
  )
}

/** Enrols the person who acts as an observer (a named machine names the person); twice is once. */
export async function enrol(tx: Tx, input: { id: string; personId?: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  const personId = tx.actor.kind === 'system' ? input.personId : tx.actor.personId
  if (!personId) refuse('请用本校教师的账号报名。')
  demand(can.enrol({ ...tx.actor, personId }, lesson, tx.today))
  await store.insertObserver(tx, lesson.id, personId)
  changed(tx, 'lesson', 'home')
}

export async function leaveLesson(tx: Tx, input: { id: string }): Promise<void> {
  const lesson = await getLocked(tx, input.id)
  if (!tx.actor.personId) refuse('请用本校教师的账号操作。')
  await store.deleteObserver(tx, lesson.id, tx.actor.personId)
  changed(tx, 'lesson', 'home')
}
