import type { HomeItem } from '../home/contract.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import { plainText } from '../kit/html.ts'
import type { Tx } from '../kit/sql.ts'
import { inScopeOf } from '../org/scope.ts'
import { findOrganisation, listUnits } from '../org/store.ts'
import { earliestDay } from '../study/rules.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse } from '../vocabulary/rules.ts'
import { listWorks } from '../work/store.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { listProblemKinds } from './actions.ts'
import type {
  CourseLine,
  FigureLine,
  ReplyView,
  SelectionLine,
  Term,
  TopicDetail,
  TopicLine,
} from './contract.ts'
import * as store from './store.ts'
import { type LinkRoom, type TopicView, usualPlatforms } from './words.ts'

// ── Topics ────────────────────────────────────────────────────────────────────

function lineOf(tx: Tx, row: store.TopicListRow): TopicLine {
  const isMine = row.authorId === tx.actor.personId
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    beginning: row.body.slice(0, 120),
    unitId: row.unitId,
    place: row.unitName ?? '全校',
    authorName: row.authorName,
    createdAt: row.createdAt,
    lastAt: row.lastAt,
    lastByName: row.lastByName,
    replies: row.replies,
    unread: row.readAt === null && !isMine ? null : row.unread,
    answered: row.answerId !== null,
    pinned: row.pinned,
    closed: row.closed,
    hidden: row.hiddenReason !== null,
    link:
      row.linkRoom === null || row.linkId === null
        ? null
        : { room: row.linkRoom, id: row.linkId, title: row.linkTitle },
  }
}

/** Groups whose topics the caller reads; null: all. */
function readableUnits(tx: Tx): string[] | null {
  if (can.see(tx.actor, unseen) === null) return null
  return [...new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)])]
}
/** A topic of a group to which nobody belongs: whoever sees it sees all. */
const unseen = { unitId: '', authorId: '', closed: false, hiddenReason: null, kind: 'discussion' as const }

/** Groups in which the caller may open a topic. */
async function unitsToOpen(tx: Tx): Promise<Term[]> {
  return (await listUnits(tx, tx.today))
    .filter((unit) => unit.kind !== 'department' && can.open(tx.actor, unit.id) === null)
    .map((unit) => ({ id: unit.id, label: unit.name }))
}

export async function loadTopics(
  tx: Tx,
  input: { view: TopicView; unitId?: string | null | undefined; search?: string | null | undefined },
) {
  const readable = readableUnits(tx)
  const shown = (row: store.TopicListRow) => can.see(tx.actor, row) === null
  const all = (await store.listTopics(tx, { readableUnits: readable })).filter(shown)
  const rows =
    input.view === 'all' && !input.unitId && !input.search
      ? all
      : (
          await store.listTopics(tx, {
            view: input.view,
            unitId: input.unitId ?? null,
            search: input.search ?? null,
            readableUnits: readable,
          })
        ).filter(shown)
  const lines = all.map((row) => lineOf(tx, row))
  const units = new Map(all.flatMap((row) => (row.unitId ? [[row.unitId, row.unitName ?? ''] as const] : [])))
  for (const unit of await unitsToOpen(tx))
    if (tx.actor.unitIds.includes(unit.id)) units.set(unit.id, unit.label)
  return {
    topics: rows.map((row) => lineOf(tx, row)),
    units: [...units].map(([id, label]) => ({ id, label })),
    counts: {
      unread: lines.filter((line) => line.unread === null || line.unread > 0).length,
      questions: lines.filter((line) => line.kind === 'question' && !line.answered && !line.closed).length,
    },
    abilities: { open: can.open(tx.actor, null), figures: can.seeFigures(tx.actor) },
  }
}

export async function viewTopic(tx: Tx, id: string): Promise<TopicDetail> {
  const row = (await store.listTopics(tx, { id }))[0] ?? refuseNotFound('话题')
  demand(can.see(tx.actor, row))
  const replies = await store.listReplies(tx, id)
  const moderate = can.moderate(tx.actor, row)
  const select = can.select(tx.actor)
  const mark = can.markAnswer(tx.actor, row)
  const names = new Map(replies.map((one) => [one.id, one.authorName]))
  const kinds = await listProblemKinds(tx)
  const chosen = '已经选为精选。'
  const view = (one: store.ReplyRow): ReplyView => {
    const state = one.withdrawnAt !== null ? 'withdrawn' : one.hiddenReason !== null ? 'hidden' : 'shown'
    const isMine = one.authorId === tx.actor.personId
    const gone =
      state === 'withdrawn' ? '这条回复已经撤回。' : state === 'hidden' ? '这条回复已经收起。' : null
    const edit = gone ?? can.edit(tx.actor, one)
    const reads = state === 'shown' || (state === 'hidden' && (isMine || moderate === null))
    return {
      id: one.id,
      parentId: one.parentId,
      parentName: one.parentId === null ? null : (names.get(one.parentId) ?? null),
      authorName: one.authorName,
      isMine,
      isAnswer: row.answerId === one.id,
      body: reads ? one.body : '',
      createdAt: one.createdAt,
      edited: one.editedAt !== null,
      state,
      hiddenReason: reads ? one.hiddenReason : null,
      selected: one.isSelected,
      files: state === 'shown' ? one.files : 0,
      isNew: !isMine && row.readAt !== null && one.createdAt > row.readAt,
      abilities: {
        edit: edit ?? can.reply(tx.actor, row) ?? (one.isSelected ? chosen : null),
        withdraw: edit ?? (one.isSelected ? chosen : null),
        hide: state === 'withdrawn' ? gone : moderate,
        markAnswer: gone ?? mark,
        select: gone ?? select ?? (one.isSelected ? chosen : null),
      },
    }
  }
  const workKinds = select === null ? await vocabularyOf(tx, 'workKinds') : []
  return {
    ...lineOf(tx, row),
    body: row.body,
    problemKind: row.problemKind,
    problemLabel: kinds.find((kind) => kind.id === row.problemKind)?.label ?? '',
    isMine: row.authorId === tx.actor.personId,
    edited: row.editedAt !== null,
    hiddenReason: row.hiddenReason,
    answerId: row.answerId,
    selected: row.isSelected,
    replyList: replies.map(view),
    workKinds: workKinds
      .filter((kind) => isInUse(kind, tx.today))
      .map(({ id: kind, label }) => ({ id: kind, label })),
    problemKinds: kinds,
    people: new Set([
      row.authorId,
      ...replies.filter((one) => one.withdrawnAt === null).map((one) => one.authorId),
    ]).size,
    abilities: {
      reply: can.reply(tx.actor, row),
      edit: can.edit(tx.actor, row) ?? (row.isSelected ? chosen : row.closed ? '话题已经结束。' : null),
      pin: moderate,
      hide: moderate,
      close: tx.actor.districtId === null && row.authorId === tx.actor.personId ? null : moderate,
      markAnswer: mark,
      select:
        select ??
        (row.isSelected ? chosen : row.hiddenReason === null ? null : '这个话题已经收起，不能选为精选。'),
    },
  }
}

/** What a new topic starts from: after an activity its group and its name, or the talk that there is already. */
export async function loadOpening(
  tx: Tx,
  input: { room?: LinkRoom | undefined; recordId?: string | undefined },
) {
  const units = await unitsToOpen(tx)
  const base = { units, problemKinds: await listProblemKinds(tx), existing: null, link: null, title: '' }
  const only = units.filter((unit) => tx.actor.unitIds.includes(unit.id))
  const usualUnit = only.length === 1 ? (only[0]?.id ?? null) : null
  if (input.room === undefined || input.recordId === undefined) return { ...base, unitId: null }
  const record = (await store.findRecord(tx, input.room, input.recordId)) ?? refuseNotFound('活动或课')
  const known = (await store.listTopics(tx, { linkId: input.recordId })).find(
    (row) => can.see(tx.actor, row) === null && row.hiddenReason === null,
  )
  return {
    ...base,
    // The talk after training away from school is held in one's own group.
    unitId:
      input.room === 'training'
        ? usualUnit
        : record.unitId !== null && units.some((unit) => unit.id === record.unitId)
          ? record.unitId
          : null,
    title:
      `${input.room === 'training' ? '外出学习分享' : input.room === 'lesson' ? '课后交流' : '活动后交流'}：${record.title}`.slice(
        0,
        80,
      ),
    link: { room: input.room, id: input.recordId, title: record.title },
    existing: known?.id ?? null,
  }
}

export async function loadForRecord(tx: Tx, input: { room: LinkRoom; recordId: string }) {
  const rows = await store.listTopics(tx, { linkId: input.recordId })
  return rows
    .filter(
      (row) => row.linkRoom === input.room && can.see(tx.actor, row) === null && row.hiddenReason === null,
    )
    .map((row) => lineOf(tx, row))
    .map(({ id, title, replies, unread }) => ({ id, title, replies, unread }))
}

// ── What is chosen ────────────────────────────────────────────────────────────

const selectionOf =
  (tx: Tx, labels: Map<string, string>) =>
  (row: store.SelectionRow): SelectionLine => ({
    id: row.id,
    source: row.source,
    sourceId: row.source === 'reply' ? row.topicId : row.sourceId,
    level: row.level,
    workKindLabel: labels.get(row.workKind) ?? '',
    authorName: row.authorName,
    schoolName: null,
    title: row.title,
    body: row.body,
    remark: row.remark,
    on: row.selectedOn,
    abilities: { withdraw: can.select(tx.actor) },
  })

/** The contributions chosen in the school, and those of the district's schools; a district reads the latter. */
export async function loadSelected(tx: Tx) {
  const labels = new Map((await vocabularyOf(tx, 'workKinds')).map((kind) => [kind.id, kind.label]))
  const organisation = (await findOrganisation(tx)) ?? refuseNotFound('学校')
  const districtId = organisation.kind === 'district' ? organisation.id : organisation.districtId
  const articles =
    districtId === null
      ? []
      : districtId === tx.orgId
        ? await store.listArticles(tx)
        : await inScopeOf(tx, districtId, store.listArticles)
  return {
    school: (await store.listSelections(tx)).map(selectionOf(tx, labels)),
    district: articles
      .filter((article) => article.schoolId !== tx.orgId)
      .map(
        (article): SelectionLine => ({
          id: article.id,
          source: article.isWork ? 'work' : 'topic',
          sourceId: null,
          level: 'district',
          workKindLabel: article.workKindLabel,
          authorName: article.authorName,
          schoolName: article.schoolName,
          title: article.title,
          body: article.body,
          remark: article.remark,
          on: article.publishedOn,
          abilities: { withdraw: '由发表的学校撤下。' },
        }),
      ),
    abilities: { select: organisation.kind === 'district' ? '精选由学校选出。' : can.select(tx.actor) },
  }
}

/** Accepted works to choose from, the newest first. */
export async function loadWorks(tx: Tx, search: string) {
  demand(can.select(tx.actor))
  const labels = new Map((await vocabularyOf(tx, 'workKinds')).map((kind) => [kind.id, kind.label]))
  const { rows } = await listWorks(tx, {
    status: 'accepted',
    groupIds: null,
    limit: 40,
    ...(search === '' ? {} : { search }),
  })
  const known = new Set((await store.listSelections(tx)).map((one) => one.sourceId))
  return rows
    .filter((row) => !known.has(row.id))
    .map((row) => ({
      id: row.id,
      title: row.title,
      kindLabel: labels.get(row.kind) ?? row.kind,
      authorName: row.authorName,
      on: row.countsOn,
      beginning: plainText(row.body).slice(0, 100),
    }))
}

// ── Courses and figures ───────────────────────────────────────────────────────

export async function loadCourses(tx: Tx, whose: 'mine' | 'all') {
  const all = can.seeFigures(tx.actor)
  if (whose === 'all') demand(all)
  const rows = await store.listCourses(tx, whose === 'mine' ? tx.actor.personId : null)
  const own = whose === 'mine' ? rows : await ledOnly(tx, rows)
  const used = await store.listPlatforms(tx)
  return {
    courses: own.map(
      ({ studyEntryId: _entry, personId, ...row }): CourseLine => ({
        ...row,
        isMine: personId === tx.actor.personId,
      }),
    ),
    platforms: [...used, ...usualPlatforms.filter((name) => !used.includes(name))].slice(0, 8),
    earliest: earliestDay(tx.today),
    minutes: own.filter((row) => row.withdrawnReason === null).reduce((sum, row) => sum + row.minutes, 0),
    abilities: { all },
  }
}

/** Leaders see their own groups, the offices everybody. */
function unitsOfFigures(tx: Tx): string[] | null {
  return can.select(tx.actor) === null || tx.actor.districtId !== null
    ? null
    : tx.actor.leads.map((lead) => lead.unitId)
}
async function ledOnly<Row extends { personId: string }>(tx: Tx, rows: Row[]): Promise<Row[]> {
  const units = unitsOfFigures(tx)
  if (units === null) return rows
  const people = new Set(
    (await store.listFigures(tx, { from: tx.today, to: tx.today }, units)).map((row) => row.personId),
  )
  return rows.filter((row) => people.has(row.personId))
}

/** What everybody contributed in a range of days: of the groups one leads, or of the school. */
export async function loadFigures(tx: Tx, range: { from: string; to: string }): Promise<FigureLine[]> {
  demand(can.seeFigures(tx.actor))
  return store.listFigures(tx, range, unitsOfFigures(tx))
}

export function figuresSheet(rows: FigureLine[]): Sheet {
  const count = (title: string) => ({ title, width: 12, kind: 'integer' as const })
  return {
    name: '网上交流',
    columns: [
      { title: '姓名', width: 12, kind: 'text' },
      { title: '所在组', width: 24, kind: 'text' },
      count('话题'),
      count('提问'),
      count('回复'),
      count('解答'),
      count('精选'),
      count('网络课程分钟'),
    ],
    rows: rows.map((row) => [
      row.name,
      row.groups,
      row.topics,
      row.questions,
      row.replies,
      row.answers,
      row.selected,
      row.courseMinutes,
    ]),
  }
}

// ── First page ────────────────────────────────────────────────────────────────

/** Questions of a group stay so long before its leader is asked to look. */
const quietDays = 3

/** New words on one's own questions, and questions of one's groups that nobody has answered. */
export async function exchangeItems(tx: Tx): Promise<(HomeItem & { rank: number })[]> {
  const me = tx.actor.personId
  if (me === null || tx.actor.districtId !== null) return []
  const waiting = await store.listWaitingTopics(tx, {
    personId: me,
    ledUnitIds: tx.actor.leads.map((lead) => lead.unitId),
    before: new Date(tx.now.getTime() - quietDays * 86_400_000),
  })
  return waiting.map((topic) => ({
    key: `topic ${topic.id}`,
    state: 'open' as const,
    mark: topic.isOwn ? `${topic.unread} 条新回复` : '还没有人答',
    title: topic.isOwn ? `您的提问：${topic.title}` : topic.title,
    detail: topic.isOwn
      ? '看一看，能解决问题的请点“解答了我的问题”。'
      : `${topic.authorName}提的问题已有 ${quietDays} 天没有人回复。`,
    countsFor: '',
    action: { label: topic.isOwn ? '看回复' : '去回复', place: { page: 'topic' as const, id: topic.id } },
    rank: 6,
  }))
}
