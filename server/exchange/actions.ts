import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, findUnit } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { logStudy, withdrawStudy } from '../study/actions.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { findWork } from '../work/store.ts'
import { can } from './access.ts'
import type { Term } from './contract.ts'
import { addressProblem, courseContent, selectionFact, topicFacts } from './rules.ts'
import * as store from './store.ts'
import type { LinkRoom, SelectionLevel, TopicKind } from './words.ts'

/** Kinds of problems that the rules in force count: `problemKind == "keyPoints"`, with the regime's own words. */
export async function listProblemKinds(tx: Tx): Promise<Term[]> {
  const kinds = new Map<string, string>()
  for (const { regime } of await regimesInForce(tx, tx.today)) {
    const words = new Map(
      Object.values(regime.vocabularies)
        .flat()
        .map((term) => [term.id, term.label]),
    )
    for (const [, name] of JSON.stringify(regime.rules).matchAll(/problemKind == \\?["'](\w+)/g))
      if (name !== undefined && words.has(name)) kinds.set(name, words.get(name) ?? name)
  }
  return [...kinds].map(([id, label]) => ({ id, label }))
}

const author = (tx: Tx): string => tx.actor.personId ?? refuse('请用本人的账号发言。')

/** The topic, locked, if the caller may see it. */
async function getLocked(tx: Tx, id: string): Promise<store.TopicRow> {
  const topic = (await store.lockTopic(tx, id)) ?? refuseNotFound('话题')
  demand(can.see(tx.actor, topic))
  return topic
}
async function getReply(tx: Tx, replyId: string): Promise<{ reply: store.ReplyRow; topic: store.TopicRow }> {
  const found = (await store.findReply(tx, replyId)) ?? refuseNotFound('回复')
  const topic = await getLocked(tx, found.topicId)
  // Read again under the lock of its topic.
  return { reply: (await store.findReply(tx, replyId)) ?? refuseNotFound('回复'), topic }
}

/** Leaves the facts of a topic anew, in place of those it left before. */
async function leaveFacts(tx: Tx, topic: store.TopicRow): Promise<void> {
  const replies = await store.listReplies(tx, topic.id)
  const isTalk = replies.some(
    (reply) => reply.authorId !== topic.authorId && reply.withdrawnAt === null && reply.hiddenReason === null,
  )
  await reverseFacts(tx, { room: 'exchange', id: topic.id })
  const version = topic.version + 1
  await store.updateTopic(tx, { ...topic, version })
  await recordFacts(tx, topicFacts({ ...topic, version }, isTalk))
}

// ── Topics ────────────────────────────────────────────────────────────────────

/** Opens a topic or asks a question, in a group or before the whole school, perhaps about a record. */
export async function openTopic(
  tx: Tx,
  input: {
    kind: TopicKind
    unitId: string | null
    title: string
    body?: string
    problemKind?: string
    link?: { room: LinkRoom; id: string } | null
  },
): Promise<{ id: string }> {
  if (input.unitId !== null && !(await findUnit(tx, input.unitId))) refuseNotFound('组')
  demand(can.open(tx.actor, input.unitId))
  const problemKind = input.kind === 'question' ? (input.problemKind ?? '') : ''
  if (problemKind !== '' && !(await listProblemKinds(tx)).some((kind) => kind.id === problemKind))
    refuse('没有这类问题，请从列表中选择。', { fields: { problemKind: '请重新选择' } })
  const record = input.link ? await store.findRecord(tx, input.link.room, input.link.id) : null
  if (record === undefined) refuseNotFound('活动或课')
  const authorId = author(tx)
  const id = newId()
  const { kind, unitId, title, body = '' } = input
  await store.insertTopic(tx, {
    id,
    kind,
    unitId,
    authorId,
    title,
    body,
    problemKind,
    linkRoom: input.link?.room ?? null,
    linkId: input.link?.id ?? null,
    linkTitle: record?.title ?? '',
    createdOn: tx.today,
  })
  await store.markRead(tx, id, authorId)
  const topic = (await store.findTopic(tx, id)) ?? refuseNotFound('话题')
  await recordFacts(tx, topicFacts(topic, false))
  await audit(tx, { type: 'exchange.topicOpened', id, payload: { kind, title, unitId } })
  changed(tx, 'exchange', 'home')
  return { id }
}

export async function editTopic(tx: Tx, input: { id: string; title: string; body: string }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  demand(can.edit(tx.actor, topic))
  if (topic.closed) refuse('话题已经结束，不能再改。')
  if (await store.isSelected(tx, topic.id)) refuse('已被选为精选，不能再改；要改请先请教科室撤下。')
  await store.updateTopic(tx, { ...topic, title: input.title, body: input.body, editedAt: tx.now })
  await audit(tx, { type: 'exchange.topicEdited', id: topic.id, payload: { before: topic.title } })
  changed(tx, 'exchange')
}

/** Everything so far has been seen. */
export async function readTopic(tx: Tx, input: { id: string }): Promise<void> {
  const topic = (await store.findTopic(tx, input.id)) ?? refuseNotFound('话题')
  demand(can.see(tx.actor, topic))
  await store.markRead(tx, topic.id, author(tx))
  changed(tx, 'home')
}

/** Marks the reply that answers the question (or takes the mark back); the question then counts as answered. */
export async function markAnswer(tx: Tx, input: { id: string; replyId: string | null }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  demand(can.markAnswer(tx.actor, topic))
  if (input.replyId !== null) {
    const reply = (await store.findReply(tx, input.replyId)) ?? refuseNotFound('回复')
    if (reply.topicId !== topic.id) refuseNotFound('回复')
    if (reply.withdrawnAt !== null || reply.hiddenReason !== null)
      refuse('这条回复已经撤回或收起，请选另一条。')
  } else if (topic.answerId === null) refuse('这个问题还没有标记解答。')
  const answered = { ...topic, answerId: input.replyId }
  await leaveFacts(tx, answered)
  await audit(tx, { type: 'exchange.answerMarked', id: topic.id, payload: { replyId: input.replyId } })
  changed(tx, 'exchange', 'home')
}

export async function pinTopic(tx: Tx, input: { id: string; pinned: boolean }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  demand(can.moderate(tx.actor, topic))
  await store.updateTopic(tx, { ...topic, pinned: input.pinned })
  await audit(tx, { type: 'exchange.topicPinned', id: topic.id, payload: { pinned: input.pinned } })
  changed(tx, 'exchange')
}

/** Ends a topic or opens it again: whoever began it, or the moderator. */
export async function closeTopic(tx: Tx, input: { id: string; closed: boolean }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  if (topic.authorId !== tx.actor.personId || tx.actor.districtId !== null)
    demand(can.moderate(tx.actor, topic))
  await store.updateTopic(tx, { ...topic, closed: input.closed })
  await audit(tx, { type: 'exchange.topicClosed', id: topic.id, payload: { closed: input.closed } })
  changed(tx, 'exchange', 'home')
}

/** Puts a topic out of sight with a reason that its author reads; it no longer counts. */
export async function hideTopic(tx: Tx, input: { id: string; reason: string }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  demand(can.moderate(tx.actor, topic))
  if (topic.hiddenReason !== null) refuse('这个话题已经收起。')
  if (await store.isSelected(tx, topic.id)) refuse('已被选为精选，请先撤下再收起。')
  await leaveFacts(tx, { ...topic, hiddenReason: input.reason, pinned: false })
  await audit(tx, { type: 'exchange.topicHidden', id: topic.id, payload: { reason: input.reason } })
  changed(tx, 'exchange', 'home')
}

export async function restoreTopic(tx: Tx, input: { id: string }): Promise<void> {
  const topic = await getLocked(tx, input.id)
  demand(can.moderate(tx.actor, topic))
  if (topic.hiddenReason === null) refuse('这个话题没有收起。')
  await leaveFacts(tx, { ...topic, hiddenReason: null })
  await audit(tx, { type: 'exchange.topicRestored', id: topic.id })
  changed(tx, 'exchange')
}

// ── Replies ───────────────────────────────────────────────────────────────────

/** Says something on a topic, or answers a reply. */
export async function reply(
  tx: Tx,
  input: { id: string; parentId?: string | null; body: string },
): Promise<{ replyId: string }> {
  const topic = await getLocked(tx, input.id)
  demand(can.reply(tx.actor, topic))
  const parentId = input.parentId ?? null
  const parent = parentId === null ? null : await store.findReply(tx, parentId)
  if (parent === undefined || (parent !== null && parent.topicId !== topic.id)) refuseNotFound('回复')
  if (parent && (parent.withdrawnAt !== null || parent.hiddenReason !== null))
    refuse('您要回复的发言已经撤回或收起，请直接回复话题。')
  const replyId = newId()
  const authorId = author(tx)
  await store.insertReply(tx, { id: replyId, topicId: topic.id, parentId, authorId, body: input.body.trim() })
  const spoken = { ...topic, lastAt: tx.now }
  // Only the talk after training away from school waits for the words of others.
  if (topic.linkRoom === 'training') await leaveFacts(tx, spoken)
  else await store.updateTopic(tx, spoken)
  await store.markRead(tx, topic.id, authorId)
  await audit(tx, { type: 'exchange.replied', id: topic.id, payload: { replyId } })
  changed(tx, 'exchange', 'home')
  return { replyId }
}

export async function editReply(tx: Tx, input: { replyId: string; body: string }): Promise<void> {
  const { reply: found, topic } = await getReply(tx, input.replyId)
  demand(can.edit(tx.actor, found))
  demand(can.reply(tx.actor, topic))
  if (found.withdrawnAt !== null) refuse('这条回复已经撤回，请另写一条。')
  if (found.isSelected) refuse('已被选为精选，不能再改；要改请先请教科室撤下。')
  await store.updateReply(tx, { ...found, body: input.body.trim(), editedAt: tx.now })
  await audit(tx, { type: 'exchange.replyEdited', id: topic.id, payload: { replyId: found.id } })
  changed(tx, 'exchange')
}

/** Takes a reply out of its topic; what it carried (the answer, the talk) falls with it. */
async function removeReply(
  tx: Tx,
  topic: store.TopicRow,
  next: store.ReplyRow,
  entry: { type: string; payload: object },
) {
  if (next.isSelected) refuse('已被选为精选，请先撤下。')
  await store.updateReply(tx, next)
  const answerId = topic.answerId === next.id ? null : topic.answerId
  if (answerId !== topic.answerId || topic.linkRoom === 'training')
    await leaveFacts(tx, { ...topic, answerId })
  await audit(tx, { type: entry.type, id: topic.id, payload: { replyId: next.id, ...entry.payload } })
  changed(tx, 'exchange', 'home')
}

export async function withdrawReply(tx: Tx, input: { replyId: string }): Promise<void> {
  const { reply: found, topic } = await getReply(tx, input.replyId)
  demand(can.edit(tx.actor, found))
  if (found.withdrawnAt !== null) refuse('这条回复已经撤回。')
  const next = { ...found, withdrawnAt: tx.now }
  await removeReply(tx, topic, next, { type: 'exchange.replyWithdrawn', payload: {} })
}

export async function hideReply(tx: Tx, input: { replyId: string; reason: string }): Promise<void> {
  const { reply: found, topic } = await getReply(tx, input.replyId)
  demand(can.moderate(tx.actor, topic))
  if (found.withdrawnAt !== null || found.hiddenReason !== null) refuse('这条回复已经撤回或收起。')
  const next = { ...found, hiddenReason: input.reason }
  await removeReply(tx, topic, next, { type: 'exchange.replyHidden', payload: { reason: input.reason } })
}

export async function restoreReply(tx: Tx, input: { replyId: string }): Promise<void> {
  const { reply: found, topic } = await getReply(tx, input.replyId)
  demand(can.moderate(tx.actor, topic))
  if (found.hiddenReason === null) refuse('这条回复没有收起。')
  await store.updateReply(tx, { ...found, hiddenReason: null })
  if (topic.linkRoom === 'training') await leaveFacts(tx, topic)
  await audit(tx, { type: 'exchange.replyRestored', id: topic.id, payload: { replyId: found.id } })
  changed(tx, 'exchange')
}

// ── What is chosen ────────────────────────────────────────────────────────────

/** What a post is called as a writing where nobody says otherwise. */
const usualWorkKind = 'essay'

async function contributionOf(tx: Tx, input: { source: 'topic' | 'reply' | 'work'; sourceId: string }) {
  if (input.source === 'work') {
    const work = (await findWork(tx, input.sourceId)) ?? refuseNotFound('作品')
    if (work.status !== 'accepted') refuse('只有已经采纳的作品可以选为精选。')
    return { authorId: work.personId, title: work.title, body: plainText(work.body), workKind: work.kind }
  }
  if (input.source === 'topic') {
    const topic = await getLocked(tx, input.sourceId)
    if (topic.hiddenReason !== null) refuse('这个话题已经收起，不能选为精选。')
    return { authorId: topic.authorId, title: topic.title, body: topic.body || topic.title, workKind: '' }
  }
  const { reply: found, topic } = await getReply(tx, input.sourceId)
  if (found.withdrawnAt !== null || found.hiddenReason !== null)
    refuse('这条回复已经撤回或收起，不能选为精选。')
  return { authorId: found.authorId, title: topic.title, body: found.body, workKind: '' }
}

/** Publishes a contribution inside the school, or before the whole district, and leaves `work.published`. */
export async function selectContribution(
  tx: Tx,
  input: {
    source: 'topic' | 'reply' | 'work'
    sourceId: string
    level: SelectionLevel
    workKind?: string
    title?: string
    remark?: string
  },
): Promise<{ selectionId: string }> {
  demand(can.select(tx.actor))
  const from = await contributionOf(tx, input)
  if (await store.isSelected(tx, input.sourceId)) refuse('已经选为精选，不用再选。')
  const kinds = await vocabularyOf(tx, 'workKinds')
  const workKind = from.workKind || input.workKind || usualWorkKind
  if (from.workKind === '' && input.workKind && !kinds.some((kind) => kind.id === input.workKind))
    refuse('没有这个作品种类，请从列表中选择。', { fields: { workKind: '请重新选择' } })
  const organisation = (await findOrganisation(tx)) ?? refuseNotFound('学校')
  if (input.level === 'district' && organisation.districtId === null)
    refuse('学校还没有归入任何区，只能在校内发布。', { fields: { level: '请选校内' } })
  const id = newId()
  const title = input.title?.trim() || from.title
  const row = {
    id,
    source: input.source,
    sourceId: input.sourceId,
    level: input.level,
    workKind,
    authorId: from.authorId,
    title,
    body: from.body,
    remark: input.remark ?? '',
    selectedOn: tx.today,
  }
  await store.insertSelection(tx, row)
  await recordFacts(tx, [selectionFact(row)])
  const { authorName } = (await store.findSelection(tx, id)) ?? refuseNotFound('精选')
  if (input.level === 'district' && organisation.districtId !== null)
    await inScopeOf(tx, organisation.districtId, (district) =>
      store.insertArticle(district, {
        id,
        schoolId: organisation.id,
        schoolName: organisation.name,
        authorName,
        workKindLabel: kinds.find((kind) => kind.id === workKind)?.label ?? '',
        isWork: input.source === 'work',
        title,
        body: from.body,
        remark: row.remark,
        publishedOn: tx.today,
      }),
    )
  await audit(tx, {
    type: 'exchange.selected',
    id,
    payload: { source: input.source, sourceId: input.sourceId, level: input.level },
  })
  changed(tx, 'exchange')
  return { selectionId: id }
}

/** Takes a contribution down with a reason; its fact is reversed and the district no longer shows it. */
export async function withdrawSelection(
  tx: Tx,
  input: { selectionId: string; reason: string },
): Promise<void> {
  demand(can.select(tx.actor))
  const selection = (await store.findSelection(tx, input.selectionId)) ?? refuseNotFound('精选')
  await store.withdrawSelection(tx, selection.id, input.reason)
  await reverseFacts(tx, { room: 'exchange', id: selection.id })
  const districtId = (await findOrganisation(tx))?.districtId ?? null
  if (selection.level === 'district' && districtId !== null)
    await inScopeOf(tx, districtId, (district) => store.deleteArticle(district, selection.id))
  await audit(tx, {
    type: 'exchange.selectionWithdrawn',
    id: selection.id,
    payload: { reason: input.reason },
  })
  changed(tx, 'exchange')
}

// ── Online courses ────────────────────────────────────────────────────────────

/**
 * Enters an online course of the person who acts: counted as network study by the room of self-study, with its limits
 * of day and length. The proof is a link or a file.
 */
export async function logCourse(
  tx: Tx,
  input: {
    title: string
    platform: string
    minutes: number
    studiedOn: string
    address?: string
    again?: boolean
  },
): Promise<{ id: string }> {
  const address = (input.address ?? '').trim()
  const problem = addressProblem(address)
  if (problem) refuse(problem, { fields: { address: problem } })
  const personId = author(tx)
  const entry = await logStudy(tx, {
    studiedOn: input.studiedOn,
    kind: 'network',
    content: courseContent(input),
    minutes: input.minutes,
    again: input.again ?? false,
  })
  const id = newId()
  const { title, platform, minutes, studiedOn } = input
  await store.insertCourse(tx, {
    id,
    personId,
    title,
    platform,
    address,
    studyEntryId: entry.id,
    minutes,
    studiedOn,
  })
  await audit(tx, { type: 'exchange.courseLogged', id, payload: { title, platform, minutes } })
  changed(tx, 'exchange')
  return { id }
}

export async function withdrawCourse(tx: Tx, input: { courseId: string; reason: string }): Promise<void> {
  const course = (await store.findCourse(tx, input.courseId)) ?? refuseNotFound('网络课程')
  if (course.personId !== tx.actor.personId) refuseNotFound('网络课程')
  if (course.withdrawnReason !== null) refuse('这条记录已经撤销。')
  await withdrawStudy(tx, { id: course.studyEntryId, reason: input.reason })
  await audit(tx, { type: 'exchange.courseWithdrawn', id: course.id, payload: { reason: input.reason } })
  changed(tx, 'exchange')
}

/** Files of one's replies and courses: proofs, pictures. */
export const fileOwner = {
  async see(tx: Tx, recordId: string): Promise<string | null> {
    const course = await store.findCourse(tx, recordId)
    if (course)
      return course.personId === tx.actor.personId || can.seeFigures(tx.actor) === null
        ? null
        : '证明只有本人、组长和教导处可以看。'
    const found = (await store.findReply(tx, recordId)) ?? refuseNotFound('记录')
    if (found.withdrawnAt !== null || found.hiddenReason !== null) return '这条回复已经撤回或收起。'
    const topic = (await store.findTopic(tx, found.topicId)) ?? refuseNotFound('话题')
    return can.see(tx.actor, topic)
  },
  async attach(tx: Tx, recordId: string): Promise<string | null> {
    const course = await store.findCourse(tx, recordId)
    if (course) return course.personId === tx.actor.personId ? null : '只能给自己的记录附证明。'
    const found = (await store.findReply(tx, recordId)) ?? refuseNotFound('记录')
    return can.edit(tx.actor, found)
  },
}
