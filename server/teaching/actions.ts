import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { type FactInput, recordFacts, reverseFacts } from '../facts/actions.ts'
import { listAttachmentsOf, removeAttachmentsOf } from '../files/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import { newId } from '../kit/ids.ts'
import { cleanWriting } from '../kit/paragraphs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findLesson, type LessonRow } from '../lesson/store.ts'
import { findObservation } from '../lesson/observation-store.ts'
import { findPerson, findUnit, getStanding, listMembers, listUnitsOfPerson } from '../org/store.ts'
import { addTerm, vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse } from '../vocabulary/rules.ts'
import { findWork } from '../work/store.ts'
import { can } from './access.ts'
import { moveCase } from './case-actions.ts'
import { listFlows } from './definitions.ts'
import { findDesign } from './design-store.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import { type LinkRoom, spreadingWord } from './words.ts'

export interface StartInput {
  flow: string
  title: string
  /** One matter for each of these; empty: one for the group as a whole. */
  personIds: string[]
  unitId: string | null
  from?: LocalDate | undefined
  daysPerStep?: number | undefined
  lastDay?: LocalDate | null | undefined
  /** The lesson with which it begins: its teacher, topic and case are taken from there. */
  lessonId?: string | null
}

/**
 * Begins a flow for people or for a group. The steps are taken over as they are in the regime today; the same matter
 * begun again is found, not doubled. Refuses people who do not serve and groups where the flow is one of people.
 */
export async function startFlow(tx: Tx, input: StartInput): Promise<{ batchId: string; ids: string[] }> {
  const definition = (await listFlows(tx)).find((flow) => flow.flow === input.flow)
  if (!definition) refuse('没有这种流程，请从列表中选择。', { fields: { flow: '请从列表中选择。' } })
  const lesson = input.lessonId ? ((await findLesson(tx, input.lessonId)) ?? refuseNotFound('课')) : null
  if (lesson?.status === 'cancelled') refuse('这节课已经取消，请换一节课。')
  const title = input.title.trim() || (lesson?.topic.replace(/[《》]/g, '') ?? '')
  if (title === '') refuse('请写主题或课题。', { fields: { title: '请填写。' } })
  const from = input.from ?? tx.today
  const lastDay = input.lastDay ?? null
  if (lastDay !== null && lastDay < from)
    refuse('完成期限早于开始日期，请改期。', { fields: { lastDay: '早于开始日期。' } })
  const steps = rules.withDueDays(definition, from, input.daysPerStep ?? 7, lastDay)
  const owners = await ownersOf(
    tx,
    definition.of,
    lesson ? { ...input, personIds: [lesson.teacherId] } : input,
  )
  const batchId = newId()
  const ids: string[] = []
  for (const owner of owners) {
    demand(can.begin(tx.actor, owner))
    const same = await store.findSameRun(tx, { flow: definition.flow, title, ...owner })
    if (same) {
      ids.push(same.id)
      continue
    }
    const id = newId()
    ids.push(id)
    await store.insertRun(tx, {
      id,
      caseId: lesson?.caseId ?? id,
      batchId,
      flow: definition.flow,
      flowLabel: definition.label,
      clause: definition.clause,
      title,
      ...owner,
      ordered: definition.ordered,
      steps,
      status: 'running',
      reason: '',
      begunBy: tx.actor.personId,
      begunOn: tx.today,
      spread: null,
      spreadReason: '',
      model: '',
      modelTag: '',
      decidedBy: null,
      decidedOn: null,
      revision: 1,
    })
    await audit(tx, {
      type: 'teaching.begun',
      id,
      payload: { flow: definition.flow, title, personId: owner.personId, unitId: owner.unitId },
    })
  }
  changed(tx, 'teaching', 'home')
  return { batchId, ids }
}

async function ownersOf(
  tx: Tx,
  of: 'person' | 'unit',
  input: StartInput,
): Promise<{ personId: string | null; unitId: string | null }[]> {
  if (input.unitId !== null && !(await findUnit(tx, input.unitId))) refuseNotFound('教研组')
  if (of === 'unit') {
    const own = tx.actor.unitIds[0] ?? null
    const unitId = input.unitId ?? own
    if (unitId === null) refuse('这种流程由全组一起做，请选择教研组。', { fields: { unitId: '请选择。' } })
    return [{ personId: null, unitId }]
  }
  const personIds =
    input.personIds.length > 0
      ? [...new Set(input.personIds)]
      : input.unitId !== null
        ? (await listMembers(tx, input.unitId, tx.today)).map((member) => member.personId)
        : tx.actor.personId
          ? [tx.actor.personId]
          : []
  if (personIds.length === 0) refuse('请选择老师。', { fields: { personIds: '请选择。' } })
  const owners = []
  for (const personId of personIds.sort()) {
    const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
    if ((await getStanding(tx, personId, tx.today)).hasLeft)
      refuse(`${person.name}已不在本校任职，请去掉后再开始。`, { fields: { personIds: '有人已离任。' } })
    const units = await listUnitsOfPerson(tx, personId, tx.today)
    const unit =
      units.find((one) => one.id === input.unitId) ??
      units.find((one) => one.kind === 'teachingResearchGroup') ??
      units[0]
    owners.push({ personId, unitId: unit?.id ?? null })
  }
  return owners
}

type SeenRun = store.RunRow & { observes: boolean }

/** With what the actor has to do with it beyond the own group. */
export async function withObserving(tx: Tx, run: store.RunRow): Promise<SeenRun> {
  const { personId } = tx.actor
  return { ...run, observes: personId !== null && (await store.isObservedBy(tx, run, personId)) }
}

async function lockVisible(tx: Tx, id: string): Promise<SeenRun> {
  const run = await withObserving(tx, (await store.lockRun(tx, id)) ?? refuseNotFound('研修流程'))
  if (can.see(tx.actor, run) !== null) refuseNotFound('研修流程')
  return run
}
function stepOf(run: store.RunRow, stepId: string): store.RunStep {
  return run.steps.find((step) => step.id === stepId) ?? refuse('没有这一步，请刷新页面。')
}

/** Begins what is left at a step, so that photos and files can be attached; an open draft is taken up again. */
export async function openStep(tx: Tx, input: { id: string; stepId: string }): Promise<{ entryId: string }> {
  const run = await lockVisible(tx, input.id)
  const step = stepOf(run, input.stepId)
  demand(can.act(tx.actor, run, step.actor))
  const personId = tx.actor.personId ?? refuse('请用本人的账号填写。')
  const entries = await store.listEntries(tx, [run.id])
  const mine = entries.find((entry) => entry.step === step.id && entry.personId === personId)
  if (mine) return { entryId: mine.id }
  const entryId = newId()
  await store.insertEntry(tx, { id: entryId, runId: run.id, step: step.id, personId })
  return { entryId }
}

export interface FinishInput {
  id: string
  stepId: string
  body: string
  links: { room: LinkRoom; id: string }[]
  on?: LocalDate | undefined
}

/**
 * Takes a step: text, files or records that exist already. Refuses a step out of order, an empty one, and a lesson
 * that does not belong to the matter. The same sent twice is one.
 */
export async function finishStep(
  tx: Tx,
  input: FinishInput,
): Promise<{ entryId: string; finished: boolean }> {
  const found = await lockVisible(tx, input.id)
  const step = stepOf(found, input.stepId)
  demand(can.act(tx.actor, found, step.actor))
  const personId = tx.actor.personId ?? refuse('请用本人的账号填写。')
  const entries = await store.listEntries(tx, [found.id])
  const mine = entries.find((entry) => entry.step === step.id && entry.personId === personId)
  const body = cleanWriting(input.body)
  if (mine?.doneOn) {
    const same =
      mine.body === body &&
      mine.links.map((link) => link.id).join() === input.links.map((link) => link.id).join()
    if (same) return { entryId: mine.id, finished: found.status === 'finished' }
    refuse(`“${step.label}”已经完成；要改请先撤回这一步。`, { code: 'done' })
  }
  const other = entries.find((entry) => entry.step === step.id && entry.doneOn !== null)
  if (other && (step.actor === 'owner' || step.actor === 'leader' || step.actor === 'office'))
    refuse(`“${step.label}”已由${other.personName}完成，不用再填。`, { code: 'done' })
  const { links, lesson } = await readLinks(tx, found, input.links)
  if (step.isLesson) checkLesson(step, found, lesson)
  const run = lesson ? await joinCase(tx, found, entries, lesson, step) : found
  const on = step.isLesson && lesson ? lesson.heldOn : (input.on ?? tx.today)
  const problem = rules.orderProblem(run, entries, step.id, on, tx.today)
  if (problem) refuse(problem, { code: 'order' })
  const files = mine ? (await listAttachmentsOf(tx, 'teaching', mine.id)).length : 0
  const artefact = plainText(body) !== '' || links.length > 0 || files > 0
  if (step.needsArtefact && !artefact)
    refuse('请写几句话，或附上照片、文件，或选一条已有的记录。', { fields: { body: '请留下材料。' } })
  const entryId = mine?.id ?? newId()
  if (!mine) await store.insertEntry(tx, { id: entryId, runId: run.id, step: step.id, personId })
  const entry = { id: entryId, step: step.id, personId, body, links, doneOn: on }
  await store.updateEntry(tx, entry)
  await recordFacts(tx, [factOf(run, step, { ...entry, doneOn: on }, artefact, rules.postOf(tx.actor))])
  await audit(tx, { type: 'teaching.stepDone', id: run.id, payload: { step: step.id, entryId, on } })
  await takeComments(tx, run)
  const finished = rules.isComplete(run, await store.listEntries(tx, [run.id]))
  if (finished !== (run.status === 'finished'))
    await store.updateRun(tx, { ...run, status: finished ? 'finished' : 'running' })
  changed(tx, 'teaching', 'home')
  return { entryId, finished }
}

/**
 * What observers wrote with their notes stands at the step at which they are asked for it, as soon as its turn has
 * come: nobody writes it twice.
 */
async function takeComments(tx: Tx, run: store.RunRow): Promise<void> {
  if (run.caseId === run.id) return
  for (const step of run.steps.filter((one) => one.actor === 'peers')) {
    const entries = await store.listEntries(tx, [run.id])
    if (rules.orderProblem(run, entries, step.id, tx.today, tx.today) !== null) continue
    for (const written of await store.listCommentsOfCase(tx, run.caseId)) {
      const known = entries.find((entry) => entry.step === step.id && entry.personId === written.observerId)
      if (known?.doneOn || written.observerId === run.personId) continue
      const entry = {
        id: known?.id ?? newId(),
        step: step.id,
        personId: written.observerId,
        body: known?.body ?? '',
        links: [
          {
            room: 'observation' as const,
            id: written.id,
            label: `${written.heldOn} 听课 ${written.topic}`,
          },
        ],
        doneOn: tx.today,
      }
      if (!known) await store.insertEntry(tx, { ...entry, runId: run.id })
      await store.updateEntry(tx, entry)
      await recordFacts(tx, [factOf(run, step, entry, true, 'teacher')])
      await audit(tx, {
        type: 'teaching.stepDone',
        id: run.id,
        payload: { step: step.id, entryId: entry.id, on: tx.today, observationId: written.id },
      })
    }
  }
}

/** The same for every running matter of a lesson, when an observer hands in the notes. */
export async function takeCommentsOfLesson(tx: Tx, lesson: { caseId: string }): Promise<void> {
  const runs: store.RunRow[] = []
  const found = await store.listRuns(tx, { caseId: lesson.caseId, status: 'running' })
  for (const id of found.map((run) => run.id).sort()) {
    const run = await store.lockRun(tx, id)
    if (run) runs.push(run)
  }
  for (const run of runs) {
    await takeComments(tx, run)
    if (rules.isComplete(run, await store.listEntries(tx, [run.id])))
      await store.updateRun(tx, { ...run, status: 'finished' })
    changed(tx, 'teaching', 'home')
  }
}

async function readLinks(
  tx: Tx,
  run: store.RunRow,
  wanted: FinishInput['links'],
): Promise<{ links: store.Link[]; lesson: LessonRow | null }> {
  const links: store.Link[] = []
  let lesson: LessonRow | null = null
  for (const { room, id } of wanted) {
    if (room === 'lesson') {
      const found = (await findLesson(tx, id)) ?? refuseNotFound('课')
      lesson = found
      links.push({
        room,
        id,
        label: `${found.heldOn} ${found.className}《${found.topic.replace(/[《》]/g, '')}》`,
      })
    } else if (room === 'work') {
      const found = (await findWork(tx, id)) ?? refuseNotFound('作品')
      if (
        found.lastVersion === 0 ||
        (found.personId !== run.personId && found.personId !== tx.actor.personId)
      )
        refuseNotFound('作品')
      links.push({ room, id, label: found.title })
    } else if (room === 'observation') {
      const found = (await findObservation(tx, id)) ?? refuseNotFound('听课记录')
      const own = [run.personId, tx.actor.personId]
      if (found.status !== 'submitted' || (!own.includes(found.observerId) && !own.includes(found.teacherId)))
        refuseNotFound('听课记录')
      links.push({ room, id, label: `${found.heldOn} 听课 ${found.topic}` })
    } else {
      const found = (await findDesign(tx, id)) ?? refuseNotFound('教案')
      if (can.seeDesign(tx.actor, found) !== null) refuseNotFound('教案')
      links.push({ room, id, label: found.title })
    }
  }
  return { links, lesson }
}

function checkLesson(step: store.RunStep, run: store.RunRow, lesson: LessonRow | null): void {
  if (!lesson)
    refuse(`“${step.label}”请选择已经上过的课；还没有登记就先到“课”里安排。`, {
      fields: { links: '请选课。' },
    })
  if (lesson.status !== 'given')
    refuse('这节课还没有登记为“已上”，上过以后再选。', { fields: { links: '还没有上。' } })
  if (run.personId !== null && lesson.teacherId !== run.personId)
    refuse('这节课不是本人上的，请选本人的课。', { fields: { links: '不是本人的课。' } })
  if (step.lessonKinds.length > 0 && !step.lessonKinds.includes(lesson.kind))
    refuse(`按${step.clause}，“${step.label}”要用规定的课型；请改这节课的课型，或另选一节。`, {
      fields: { links: '课型不对。' },
    })
}

/** The matter takes over the word under which its lessons stand, so that a rule sees them as one. */
async function joinCase(
  tx: Tx,
  run: store.RunRow,
  entries: store.EntryRow[],
  lesson: LessonRow,
  step: store.RunStep,
): Promise<store.RunRow> {
  if (run.caseId === lesson.caseId) return run
  if (run.caseId !== run.id) {
    if (!step.isLesson) return run
    refuse('这节课与前面选的课不是同一课例；改进课请从第一次的课“再上一次”安排，两次才能对照。', {
      fields: { links: '不是同一课例。' },
    })
  }
  const joined = { ...run, caseId: lesson.caseId, revision: run.revision + 1 }
  await store.updateRun(tx, joined)
  await moveCase(tx, run.caseId, lesson.caseId)
  const facts: FactInput[] = []
  for (const entry of entries) {
    if (!entry.doneOn) continue
    const done = joined.steps.find((one) => one.id === entry.step)
    await reverseFacts(tx, { room: 'teaching', id: entry.id })
    if (done) facts.push(factOf(joined, done, { ...entry, doneOn: entry.doneOn }, true, 'teacher'))
  }
  await recordFacts(tx, facts)
  return joined
}

function factOf(
  run: store.RunRow,
  step: store.RunStep,
  entry: { id: string; personId: string; doneOn: LocalDate },
  artefact: boolean,
  actor: string,
): FactInput {
  const subject =
    step.subject === 'actor'
      ? { kind: 'person' as const, id: entry.personId }
      : run.personId !== null
        ? { kind: 'person' as const, id: run.personId }
        : { kind: 'unit' as const, id: run.unitId ?? '' }
  return {
    kind: 'step.done',
    subject,
    on: entry.doneOn,
    quantity: 1,
    attributes: { flow: run.flow, step: step.word, caseId: run.caseId, actor, artefact },
    source: { room: 'teaching', id: entry.id },
    key: `teaching:${entry.id}:${run.revision}`,
  }
}

/** Takes a step back: its fact is reversed, and it can be done anew. Refuses while a later step rests on it. */
export async function withdrawStep(tx: Tx, input: { entryId: string; reason: string }): Promise<void> {
  const known = (await store.findEntry(tx, input.entryId)) ?? refuseNotFound('记录')
  const run = await lockVisible(tx, known.runId)
  const entry = (await store.findEntry(tx, input.entryId)) ?? refuseNotFound('记录')
  demand(can.withdraw(tx.actor, run, entry))
  const reason = input.reason.trim()
  if (entry.doneOn !== null && reason === '')
    refuse('撤回时请写明原因。', { fields: { reason: '请写明原因。' } })
  const problem = rules.withdrawProblem(run, await store.listEntries(tx, [run.id]), entry)
  if (problem) refuse(problem, { code: 'order' })
  await store.withdrawEntry(tx, entry.id, reason)
  if (entry.doneOn === null) await removeAttachmentsOf(tx, 'teaching', entry.id)
  await reverseFacts(tx, { room: 'teaching', id: entry.id })
  const left = (await store.listEntries(tx, [run.id])).filter((one) => one.id !== entry.id)
  const spreads = run.steps.find((step) => step.id === entry.step)?.word === spreadingWord
  await store.updateRun(tx, {
    ...run,
    status: run.status === 'stopped' ? 'stopped' : rules.isComplete(run, left) ? 'finished' : 'running',
    ...(spreads
      ? { spread: null, spreadReason: '', model: '', modelTag: '', decidedBy: null, decidedOn: null }
      : {}),
  })
  await audit(tx, { type: 'teaching.stepWithdrawn', id: run.id, payload: { entryId: entry.id, reason } })
  changed(tx, 'teaching', 'home')
}

/** Ends a matter that will not be finished, for example because its teacher has left. What was done stays. */
export async function stopRun(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const run = await lockVisible(tx, input.id)
  demand(can.stop(tx.actor, run))
  const reason = input.reason.trim()
  if (reason === '') refuse('中止时请写明原因。', { fields: { reason: '请写明原因。' } })
  await store.updateRun(tx, { ...run, status: 'stopped', reason })
  await audit(tx, { type: 'teaching.stopped', id: run.id, payload: { reason } })
  changed(tx, 'teaching', 'home')
}

/**
 * 教导处 decides whether a case is spread, with the reason and the name of the model. A decision to spread is the last
 * step of a flow that has one. The model's name becomes a word of the list of contents, so that lessons which follow
 * it can say so. Refuses before the steps before it are done.
 */
export async function decideSpread(
  tx: Tx,
  input: { id: string; spread: boolean; reason: string; model: string },
): Promise<void> {
  const run = await lockVisible(tx, input.id)
  demand(can.decideSpread(tx.actor))
  if (run.status === 'stopped') refuse('这件事已经中止，不能再推广。')
  const reason = input.reason.trim()
  const model = input.model.trim()
  if (reason === '') refuse('请写明理由。', { fields: { reason: '请写明理由。' } })
  if (input.spread && model === '')
    refuse('推广时请给教学模式起个名字，好让大家找到。', { fields: { model: '请填写。' } })
  const entries = await store.listEntries(tx, [run.id])
  const step = run.steps.find((one) => one.word === spreadingWord)
  const missing = run.steps.find(
    (one) =>
      one !== step &&
      !one.optional &&
      !entries.some((entry) => entry.step === one.id && entry.doneOn !== null),
  )
  if (missing) refuse(`还没有完成“${missing.label}”，做完再决定是否推广。`)
  for (const entry of entries.filter((one) => one.step === step?.id)) {
    await store.withdrawEntry(tx, entry.id, '重新决定')
    await reverseFacts(tx, { room: 'teaching', id: entry.id })
  }
  if (step && input.spread && tx.actor.personId)
    await finishStep(tx, { id: run.id, stepId: step.id, body: `${model}：${reason}`, links: [] })
  const modelTag = input.spread ? await tagOfModel(tx, model) : ''
  const now = (await store.lockRun(tx, run.id)) ?? run
  await store.updateRun(tx, {
    ...now,
    spread: input.spread,
    spreadReason: reason,
    model,
    modelTag,
    decidedBy: tx.actor.personId,
    decidedOn: tx.today,
  })
  await audit(tx, {
    type: 'teaching.spreadDecided',
    id: run.id,
    payload: { spread: input.spread, reason, model },
  })
  changed(tx, 'teaching', 'home')
}

/** The word of the list of contents that stands for a model; a new one where none bears its name. */
async function tagOfModel(tx: Tx, model: string): Promise<string> {
  const known = (await vocabularyOf(tx, 'contentTags')).find(
    (term) => term.label === model && isInUse(term, tx.today),
  )
  if (known) return known.id
  // Whoever may decide to spread a model may give it its word, also where others look after the lists.
  const roles = [...new Set([...tx.actor.roles, 'academicOffice' as const])]
  const { termId } = await addTerm(
    { ...tx, actor: { ...tx.actor, roles } },
    { vocabulary: 'contentTags', label: model },
  )
  return termId
}
