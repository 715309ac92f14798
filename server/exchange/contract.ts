import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import {
  type LinkRoom,
  linkLabels,
  type SelectionLevel,
  selectionLevelLabels,
  type TopicKind,
  topicKindLabels,
  type TopicView,
  topicViewLabels,
} from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>
const kinds = Object.keys(topicKindLabels) as [TopicKind, ...TopicKind[]]
const rooms = Object.keys(linkLabels) as [LinkRoom, ...LinkRoom[]]
const levels = Object.keys(selectionLevelLabels) as [SelectionLevel, ...SelectionLevel[]]
const views = Object.keys(topicViewLabels) as [TopicView, ...TopicView[]]
const one = z.object({ id })
const reason = z.string().trim().min(1, '请写明原因').max(200, '原因不超过 200 字')
const title = z.string().trim().min(1, '请写一句话的标题').max(80, '标题不超过 80 字')
const body = z.string().trim().max(5000, '一次发言不超过 5000 字')

export interface Term {
  id: string
  label: string
}
export interface TopicLine {
  id: string
  kind: TopicKind
  title: string
  /** The first words. */
  beginning: string
  unitId: string | null
  /** The group, or 全校. */
  place: string
  authorName: string
  createdAt: Date
  lastAt: Date
  lastByName: string
  replies: number
  /** Words of others since I read it; null: not opened yet. */
  unread: number | null
  answered: boolean
  pinned: boolean
  closed: boolean
  hidden: boolean
  link: { room: LinkRoom; id: string; title: string } | null
}
export interface ReplyView {
  id: string
  parentId: string | null
  parentName: string | null
  authorName: string
  isMine: boolean
  isAnswer: boolean
  /** Empty where it was withdrawn, or hidden from the reader. */
  body: string
  createdAt: Date
  edited: boolean
  state: 'shown' | 'withdrawn' | 'hidden'
  hiddenReason: string | null
  selected: boolean
  files: number
  isNew: boolean
  abilities: Record<'edit' | 'withdraw' | 'hide' | 'markAnswer' | 'select', Ability>
}
export interface TopicDetail extends TopicLine {
  body: string
  problemKind: string
  problemLabel: string
  isMine: boolean
  edited: boolean
  hiddenReason: string | null
  answerId: string | null
  selected: boolean
  replyList: ReplyView[]
  workKinds: Term[]
  problemKinds: Term[]
  people: number
  abilities: Record<'reply' | 'edit' | 'pin' | 'hide' | 'close' | 'markAnswer' | 'select', Ability>
}
export interface SelectionLine {
  id: string
  source: 'topic' | 'reply' | 'work'
  /** The topic or the work; null where the reader may not open it. */
  sourceId: string | null
  level: SelectionLevel
  workKindLabel: string
  authorName: string
  /** Of another school, in the district's list. */
  schoolName: string | null
  title: string
  body: string
  remark: string
  on: LocalDate
  abilities: { withdraw: Ability }
}
export interface CourseLine {
  id: string
  personName: string
  title: string
  platform: string
  address: string
  minutes: number
  studiedOn: LocalDate
  files: number
  /** Withdrawn in the list of self-study; no longer counted. */
  withdrawnReason: string | null
  isMine: boolean
}
export interface FigureLine {
  personId: string
  name: string
  groups: string
  topics: number
  questions: number
  replies: number
  answers: number
  selected: number
  courseMinutes: number
}

export const exchangeApi = {
  listTopics: endpoint(
    'member',
    z.object({
      view: z.enum(views).default('all'),
      unitId: id.nullish(),
      search: z.string().trim().max(60).nullish(),
    }),
  )<{
    topics: TopicLine[]
    units: Term[]
    counts: { unread: number; questions: number }
    abilities: { open: Ability; figures: Ability }
  }>(),
  getTopic: endpoint('member', one)<TopicDetail>(),
  /** For the form: where one may post, and what the linked record is. */
  getOpening: endpoint('staff', z.object({ room: z.enum(rooms).optional(), recordId: id.optional() }))<{
    units: Term[]
    problemKinds: Term[]
    /** What is proposed: after an activity its group and its name. */
    unitId: string | null
    title: string
    link: { room: LinkRoom; id: string; title: string } | null
    /** The talk about this record that there is already. */
    existing: string | null
  }>(),
  /** Topics about a record, for the record's own page. */
  listForRecord: endpoint('member', z.object({ room: z.enum(rooms), recordId: id }))<
    { id: string; title: string; replies: number; unread: number | null }[]
  >(),
  openTopic: endpoint(
    'staff',
    z.object({
      kind: z.enum(kinds),
      unitId: id.nullable(),
      title,
      body: body.default(''),
      problemKind: z.string().max(60).default(''),
      link: z
        .object({ room: z.enum(rooms), id })
        .nullable()
        .default(null),
    }),
  )<{ id: string }>(),
  editTopic: endpoint('staff', z.object({ id, title, body: body.default('') }))<Nothing>(),
  /** That the person who acts has seen everything so far. */
  readTopic: endpoint('staff', one)<Nothing>(),
  reply: endpoint(
    'staff',
    z.object({ id, parentId: id.nullable().default(null), body: body.min(1, '请写点什么再发') }),
  )<{ replyId: string }>(),
  editReply: endpoint('staff', z.object({ replyId: id, body: body.min(1, '请写点什么') }))<Nothing>(),
  withdrawReply: endpoint('staff', z.object({ replyId: id }))<Nothing>(),
  /** Marks the reply that answers the question; null takes the mark back. */
  markAnswer: endpoint('staff', z.object({ id, replyId: id.nullable() }))<Nothing>(),
  pinTopic: endpoint('staff', z.object({ id, pinned: z.boolean() }))<Nothing>(),
  closeTopic: endpoint('staff', z.object({ id, closed: z.boolean() }))<Nothing>(),
  hideTopic: endpoint('staff', z.object({ id, reason }))<Nothing>(),
  restoreTopic: endpoint('staff', one)<Nothing>(),
  hideReply: endpoint('staff', z.object({ replyId: id, reason }))<Nothing>(),
  restoreReply: endpoint('staff', z.object({ replyId: id }))<Nothing>(),

  listSelected: endpoint('member', z.object({}))<{
    school: SelectionLine[]
    district: SelectionLine[]
    abilities: { select: Ability }
  }>(),
  /** Accepted works that are not chosen yet, for the choice. */
  findWorks: endpoint('member', z.object({ search: z.string().trim().max(60).default('') }))<
    {
      id: string
      title: string
      kindLabel: string
      authorName: string
      on: LocalDate | null
      beginning: string
    }[]
  >(),
  selectContribution: endpoint(
    'office',
    z.object({
      source: z.enum(['topic', 'reply', 'work']),
      sourceId: id,
      level: z.enum(levels),
      /** What kind of writing it is; a work has its own. */
      workKind: z.string().max(60).default(''),
      title: z.string().trim().max(80, '标题不超过 80 字').default(''),
      remark: z.string().trim().max(200, '推荐语不超过 200 字').default(''),
    }),
  )<{ selectionId: string }>(),
  withdrawSelection: endpoint('office', z.object({ selectionId: id, reason }))<Nothing>(),

  listCourses: endpoint('member', z.object({ whose: z.enum(['mine', 'all']).default('mine') }))<{
    courses: CourseLine[]
    platforms: string[]
    earliest: LocalDate
    minutes: number
    abilities: { all: Ability }
  }>(),
  logCourse: endpoint(
    'staff',
    z.object({
      title: z.string().trim().min(1, '请写课程名称').max(100, '课程名称不超过 100 字'),
      platform: z.string().trim().min(1, '请选择或填写平台').max(40, '平台名称不超过 40 字'),
      minutes: z.number().int('请填整数分钟').min(1, '至少 1 分钟').max(720, '一次最多 720 分钟'),
      studiedOn: localDate,
      address: z.string().trim().max(500).default(''),
      again: z.boolean().default(false),
    }),
  )<{ id: string }>(),
  withdrawCourse: endpoint('staff', z.object({ courseId: id, reason }))<Nothing>(),
  listFigures: endpoint('member', z.object({ from: localDate, to: localDate }))<FigureLine[]>(),
  getFiguresFile: fileEndpoint('member', z.object({ from: localDate, to: localDate })),
}
