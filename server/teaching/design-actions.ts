import { parseBlocks } from './blocks.ts'
import type { LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { type FactInput, recordFacts, reverseFacts } from '../facts/actions.ts'
import { mergeParagraphs } from '../kit/compare.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import { newId } from '../kit/ids.ts'
import { cleanWriting } from '../kit/paragraphs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findLesson } from '../lesson/store.ts'
import { renewGiven } from '../lesson/actions.ts'
import { findPerson, findUnit, getStanding, listMembers, listUnitsOfPerson } from '../org/store.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { withMeant } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import * as store from './design-store.ts'
import * as rules from './rules.ts'
import { findRun } from './store.ts'

/** Begins a design of one's own, alone or for a matter in steps, with its first text if there is one. */
export async function startDesign(
  tx: Tx,
  input: { title: string; runId?: string | null; lessonId?: string | null; body?: string },
): Promise<{ id: string }> {
  const personId = tx.actor.personId ?? refuse('请用本人的账号写教案。')
  const title = input.title.trim()
  if (title === '') refuse('请写课题。', { fields: { title: '请填写。' } })
  const run = input.runId ? await findRun(tx, input.runId) : undefined
  if (input.runId && (!run || can.see(tx.actor, run) !== null)) refuseNotFound('研修流程')
  if (run && run.personId !== null && run.personId !== personId) refuse('这件事的教案由本人来写。')
  const lesson = input.lessonId ? ((await findLesson(tx, input.lessonId)) ?? refuseNotFound('课')) : null
  if (lesson && lesson.teacherId !== personId) refuse('这节课的教案由上课教师来写。')
  const units = await listUnitsOfPerson(tx, personId, tx.today)
  const id = newId()
  await store.insertDesign(tx, {
    id,
    kind: 'own',
    title,
    personId,
    unitId:
      run?.unitId ?? units.find((unit) => unit.kind === 'teachingResearchGroup')?.id ?? units[0]?.id ?? null,
    parentId: null,
    parentVersion: null,
    runId: run?.id ?? null,
    lessonId: lesson?.id ?? null,
    dueOn: null,
    contentTags: lesson?.contentTags ?? [],
  })
  const body = cleanWriting(input.body ?? '')
  if (body !== '') {
    await store.insertVersion(tx, { designId: id, number: 1, body, note: '' })
    if (lesson) await renewGiven(tx, lesson.id)
  }
  await audit(tx, { type: 'teaching.designStarted', id, payload: { title } })
  changed(tx, 'teaching', 'design')
  return { id }
}

/** The leader gives a topic and names who drafts the shared design. */
export async function assignPreparation(
  tx: Tx,
  input: {
    title: string
    unitId: string
    personId: string
    dueOn: LocalDate | null
    lessonId?: string | null
  },
): Promise<{ id: string }> {
  if (!(await findUnit(tx, input.unitId))) refuseNotFound('教研组')
  demand(can.assign(tx.actor, input.unitId))
  await demandDrafter(tx, input.unitId, input.personId)
  const title = input.title.trim()
  if (title === '') refuse('请写备课的课题。', { fields: { title: '请填写。' } })
  if (input.dueOn !== null && input.dueOn < tx.today)
    refuse('初稿期限早于今天，请改期。', { fields: { dueOn: '早于今天。' } })
  if (input.lessonId && !(await findLesson(tx, input.lessonId))) refuseNotFound('课')
  const id = newId()
  await store.insertDesign(tx, {
    id,
    kind: 'shared',
    title,
    personId: input.personId,
    unitId: input.unitId,
    parentId: null,
    parentVersion: null,
    runId: null,
    lessonId: input.lessonId ?? null,
    dueOn: input.dueOn,
    contentTags: [],
  })
  await audit(tx, { type: 'teaching.preparationAssigned', id, payload: { ...input, title } })
  changed(tx, 'design', 'home')
  return { id }
}

async function demandDrafter(tx: Tx, unitId: string, personId: string): Promise<void> {
  const person = (await findPerson(tx, personId)) ?? refuseNotFound('人员')
  if ((await getStanding(tx, personId, tx.today)).hasLeft)
    refuse(`${person.name}已不在本校任职，请另选主备人。`, { fields: { personId: '已离任。' } })
  if (!(await listMembers(tx, unitId, tx.today)).some((member) => member.personId === personId))
    refuse(`${person.name}不是本组成员，请从组内选主备人。`, { fields: { personId: '不是本组成员。' } })
}

async function lockVisible(tx: Tx, id: string): Promise<store.DesignRow> {
  const design = (await store.lockDesign(tx, id)) ?? refuseNotFound('教案')
  if (can.seeDesign(tx.actor, design) !== null) refuseNotFound('教案')
  return design
}

/** Hands the drafting to another member, for example when the drafter has left. */
export async function reassignDrafter(tx: Tx, input: { id: string; personId: string }): Promise<void> {
  const design = await lockVisible(tx, input.id)
  if (design.kind !== 'shared' || design.unitId === null) refuse('只有集体备课可以换主备人。')
  demand(can.reassign(tx.actor, design))
  await demandDrafter(tx, design.unitId, input.personId)
  if (design.revision > 0) {
    // The fact of the first drafter stays as it was; only who goes on changes.
    await audit(tx, { type: 'teaching.drafterChanged', id: design.id, payload: { from: design.personId } })
  }
  await store.updateDesign(tx, { ...design, personId: input.personId })
  await audit(tx, { type: 'teaching.drafterNamed', id: design.id, payload: { personId: input.personId } })
  changed(tx, 'design')
}

/**
 * Saves a new version on top of the one that was read. If somebody else has saved meanwhile nothing is overwritten:
 * 409 `conflict` with the other text and both texts merged paragraph by paragraph, which the second then looks through.
 */
export async function saveDesign(
  tx: Tx,
  input: { id: string; base: number; body: string; note?: string },
): Promise<{ version: number }> {
  const design = await lockVisible(tx, input.id)
  demand(can.write(tx.actor, design))
  const body = cleanWriting(input.body)
  if (plainText(body) === '') refuse('教案还没有内容，写好再保存。', { fields: { body: '请写教案。' } })
  const latest = await store.findVersion(tx, design.id)
  if (latest && latest.body === body) return { version: latest.number }
  if (latest && latest.number !== input.base) {
    const base = input.base === 0 ? undefined : await store.findVersion(tx, design.id, input.base)
    const { merged, clashes } = mergeParagraphs(
      parseBlocks(base?.body ?? ''),
      parseBlocks(body),
      parseBlocks(latest.body),
    )
    throw new Refusal(
      `${latest.authorName ?? '别人'}刚才保存了第 ${latest.number} 稿。两份文字都在：请看合在一起的稿子，核对后再保存。`,
      {
        status: 409,
        code: 'conflict',
        fields: {
          version: String(latest.number),
          authorName: latest.authorName ?? '',
          savedAt: latest.savedAt.toISOString(),
          body: latest.body,
          merged: merged.join(''),
          clashes: String(clashes),
        },
      },
    )
  }
  const version = (latest?.number ?? 0) + 1
  await store.insertVersion(tx, {
    designId: design.id,
    number: version,
    body,
    note: (input.note ?? '').trim(),
  })
  // A lesson that has its design counts with it, also where the design was written afterwards.
  if (version === 1 && design.lessonId !== null) await renewGiven(tx, design.lessonId)
  changed(tx, 'design', 'teaching')
  return { version }
}

/** The drafter puts the shared design before the group: from now on it counts as prepared together. */
export async function presentDesign(tx: Tx, input: { id: string }): Promise<void> {
  const design = await lockVisible(tx, input.id)
  demand(can.lead(tx.actor, design))
  if (design.kind !== 'shared' || design.unitId === null) refuse('只有集体备课需要提交讨论。')
  if (design.status !== 'drafting') return
  const latest = (await store.findVersion(tx, design.id)) ?? refuse('还没有初稿，写好保存以后再提交讨论。')
  const presented = { ...design, status: 'discussing' as const, revision: design.revision + 1 }
  await store.updateDesign(tx, presented)
  await recordFacts(tx, await presentedFacts(tx, presented, latest))
  await audit(tx, { type: 'teaching.designPresented', id: design.id, payload: { version: latest.number } })
  changed(tx, 'design', 'home')
}

/** That a shared design was put before the group counts for the group and for its drafter. */
async function presentedFacts(
  tx: Tx,
  design: store.DesignRow,
  latest: store.VersionRow,
): Promise<FactInput[]> {
  const attributes = {
    caseId: design.id,
    parts: rules.partsOfDesign(plainText(latest.body)),
    collective: true,
    adapted: false,
    contentTags: withMeant(await vocabularyOf(tx, 'contentTags'), design.contentTags),
  }
  return [
    { kind: 'unit' as const, id: design.unitId ?? '' },
    { kind: 'person' as const, id: design.personId },
  ].map((subject) => ({
    kind: 'lesson.prepared' as const,
    subject,
    on: tx.today,
    quantity: 1,
    attributes,
    source: { room: 'teaching', id: design.id },
    key: `design:${design.id}:${subject.kind}:${design.revision}`,
  }))
}

/**
 * Says what a design is about, by the words of the list of contents. A shared one that is being discussed has its facts
 * renewed. Refuses unknown words and designs that are settled.
 */
export async function tagDesign(tx: Tx, input: { id: string; contentTags: string[] }): Promise<void> {
  const design = await lockVisible(tx, input.id)
  demand(can.write(tx.actor, design))
  const known = await vocabularyOf(tx, 'contentTags')
  if (input.contentTags.some((tag) => !known.some((term) => term.id === tag)))
    refuse('有一个内容标签不在词表里，请刷新页面后重选。', { fields: { contentTags: '请重选。' } })
  const contentTags = [...new Set(input.contentTags)]
  if (contentTags.join() === design.contentTags.join()) return
  const latest = design.status === 'discussing' ? await store.findVersion(tx, design.id) : undefined
  const next = { ...design, contentTags, revision: design.revision + (latest ? 1 : 0) }
  await store.updateDesign(tx, next)
  if (latest) {
    await reverseFacts(tx, { room: 'teaching', id: design.id })
    await recordFacts(tx, await presentedFacts(tx, next, latest))
  }
  await audit(tx, { type: 'teaching.designTagged', id: design.id, payload: { contentTags } })
  changed(tx, 'design')
}

/** Back to drafting, for example when it was put before the group too early; its facts are reversed. */
export async function takeBackDesign(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const design = await lockVisible(tx, input.id)
  demand(can.lead(tx.actor, design))
  const reason = input.reason.trim()
  if (reason === '') refuse('退回时请写明原因。', { fields: { reason: '请写明原因。' } })
  const before = {
    drafting: null,
    discussing: 'drafting',
    final: design.kind === 'shared' ? 'discussing' : 'drafting',
  } as const
  const status = before[design.status] ?? refuse('还在起草，不需要退回。')
  if (status === 'drafting') await reverseFacts(tx, { room: 'teaching', id: design.id })
  await store.updateDesign(tx, { ...design, status, settledOn: null })
  await audit(tx, { type: 'teaching.designTakenBack', id: design.id, payload: { reason } })
  changed(tx, 'design', 'home')
}

export async function commentDesign(
  tx: Tx,
  input: { id: string; version: number; quote: string; text: string },
): Promise<{ commentId: string }> {
  const design = await lockVisible(tx, input.id)
  demand(can.comment(tx.actor, design))
  const version = (await store.findVersion(tx, design.id, input.version)) ?? refuseNotFound('稿子')
  const quote = input.quote.trim()
  if (!plainText(version.body).includes(quote)) refuse('这一段已经改过，请刷新页面后再评。')
  const text = input.text.trim()
  if (text === '') refuse('请写意见。', { fields: { text: '请填写。' } })
  const known = (await store.listComments(tx, design.id)).find(
    (one) => one.personId === tx.actor.personId && one.text === text && one.quote === quote,
  )
  if (known) return { commentId: known.id }
  const commentId = newId()
  await store.insertComment(tx, {
    id: commentId,
    designId: design.id,
    version: version.number,
    quote,
    text,
    personId: tx.actor.personId ?? '',
  })
  changed(tx, 'design')
  return { commentId }
}

/** Says what became of a comment. */
export async function answerComment(tx: Tx, input: { commentId: string; answer: string }): Promise<void> {
  const comment = (await store.findComment(tx, input.commentId)) ?? refuseNotFound('意见')
  const design = await lockVisible(tx, comment.designId)
  demand(can.lead(tx.actor, design))
  const answer = input.answer.trim()
  if (answer === '') refuse('请写怎样处理。', { fields: { answer: '请填写。' } })
  await store.answerComment(tx, comment.id, answer)
  changed(tx, 'design')
}

export async function saveMinutes(
  tx: Tx,
  input: { id: string; minutes: string; on: LocalDate },
): Promise<void> {
  const design = await lockVisible(tx, input.id)
  demand(can.lead(tx.actor, design))
  if (design.kind !== 'shared' || design.status === 'drafting') refuse('提交讨论以后再写讨论记录。')
  if (input.on > tx.today) refuse('讨论日期不能晚于今天。', { fields: { on: '晚于今天。' } })
  await store.updateDesign(tx, { ...design, minutes: cleanWriting(input.minutes), minutesOn: input.on })
  await audit(tx, { type: 'teaching.minutesSaved', id: design.id, payload: { on: input.on } })
  changed(tx, 'design')
}

/** A member's own version of the shared design, taken from its latest text; there is one for each member. */
export async function adaptDesign(tx: Tx, input: { id: string }): Promise<{ id: string }> {
  const shared = await lockVisible(tx, input.id)
  demand(can.adapt(tx.actor, shared))
  const personId = tx.actor.personId ?? refuse('请用本人的账号写自己的版本。')
  const known = await store.findPersonal(tx, shared.id, personId)
  if (known) return { id: known.id }
  const latest = (await store.findVersion(tx, shared.id)) ?? refuse('共同设计还没有内容。')
  const id = newId()
  await store.insertDesign(tx, {
    id,
    kind: 'personal',
    title: shared.title,
    personId,
    unitId: shared.unitId,
    parentId: shared.id,
    parentVersion: latest.number,
    runId: null,
    lessonId: null,
    dueOn: null,
    contentTags: shared.contentTags,
  })
  await store.insertVersion(tx, { designId: id, number: 1, body: latest.body, note: '取自共同设计' })
  await audit(tx, {
    type: 'teaching.designAdapted',
    id,
    payload: { parentId: shared.id, version: latest.number },
  })
  changed(tx, 'design')
  return { id }
}

/** Settles a design: a shared one needs the minutes of its discussion; a personal one counts for its teacher. */
export async function settleDesign(tx: Tx, input: { id: string }): Promise<void> {
  const design = await lockVisible(tx, input.id)
  demand(
    design.kind === 'shared'
      ? can.lead(tx.actor, design)
      : can.write(tx.actor, { ...design, status: 'drafting' }),
  )
  if (design.status === 'final') return
  const latest = (await store.findVersion(tx, design.id)) ?? refuse('还没有内容，写好再定稿。')
  if (design.kind === 'shared') {
    if (design.status === 'drafting') refuse('先提交讨论，再定稿。')
    if (plainText(design.minutes) === '')
      refuse('还没有讨论记录，写好讨论记录再定稿。', { fields: { minutes: '请填写。' } })
  }
  const revision = design.revision + 1
  await store.updateDesign(tx, { ...design, status: 'final', settledOn: tx.today, revision })
  if (design.kind !== 'shared') {
    const text = plainText(latest.body)
    const parent = design.parentId
      ? await store.findVersion(tx, design.parentId, design.parentVersion ?? undefined)
      : undefined
    const run = design.runId ? await findRun(tx, design.runId) : undefined
    await recordFacts(tx, [
      {
        kind: 'lesson.prepared',
        subject: { kind: 'person', id: design.personId },
        on: tx.today,
        quantity: 1,
        attributes: {
          caseId: design.parentId ?? run?.caseId ?? design.id,
          parts: rules.partsOfDesign(text),
          collective: false,
          adapted: parent ? rules.isAdapted(text, plainText(parent.body)) : false,
          contentTags: withMeant(await vocabularyOf(tx, 'contentTags'), design.contentTags),
        },
        source: { room: 'teaching', id: design.id },
        key: `design:${design.id}:settled:${revision}`,
      },
    ])
  }
  await audit(tx, { type: 'teaching.designSettled', id: design.id, payload: { version: latest.number } })
  changed(tx, 'design', 'home')
}
