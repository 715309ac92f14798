import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { AttachmentView } from '../files/contract.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import { type NoticeChange, type NoticeStatus, type Whole, wholeLabels } from './words.ts'

const wholes = Object.keys(wholeLabels) as [Whole, ...Whole[]]
// A line break in what becomes the head of an e-mail could carry further lines into it.
const oneLine = /^[^\p{Cc}\u2028\u2029]*$/u

/** To whom a notice goes; all parts together. */
const audience = z.object({
  whole: z.enum(wholes).nullable().default(null),
  unitIds: z.array(id).max(100).default([]),
  /** Groups of people as the regime names them. */
  cohorts: z.array(z.string().max(60)).max(30).default([]),
  personIds: z.array(id).max(500, '一次最多选 500 人').default([]),
  /** The district's: in which schools; empty for all. */
  schoolIds: z.array(id).max(300).default([]),
})
export type Audience = z.output<typeof audience>

const title = z
  .string()
  .trim()
  .max(80, '标题请不超过 80 字')
  .regex(oneLine, '标题只能写一行，不能有换行等控制字符')
const body = z.string().max(20_000, '正文请不超过 20000 字')
const because = z.string().trim().max(300, '请不超过 300 字')

export interface NoticeLine {
  id: string
  title: string
  sender: string
  kindLabel: string
  status: NoticeStatus
  sentAt: Date | null
  confirmByDay: LocalDate | null
  /** Mine, where I am a receiver. */
  mine: { isUnread: boolean; mustConfirm: boolean; confirmedAt: Date | null; remindedAt: Date | null } | null
  /** For those who sent it. */
  counts: { receivers: number; read: number; confirmed: number } | null
  isCorrected: boolean
}

export interface ReceiverLine {
  personId: string
  name: string
  /** Groups of the person. */
  note: string
  openedAt: Date | null
  confirmedAt: Date | null
  remindedAt: Date | null
}

export interface NoticeView extends NoticeLine {
  kind: string
  body: string
  audience: Audience
  audienceText: string
  version: number
  withdrawnBecause: string
  readShare: number | null
  attachments: AttachmentView[]
  changes: {
    what: NoticeChange
    at: Date
    byName: string
    because: string
    titleBefore: string
    bodyBefore: string
  }[]
  /** Those who have it, for its sender; people who have not read it stand first. */
  receivers: ReceiverLine[] | null
  /** The district's: how each school stands. */
  schools: { id: string; name: string; receivers: number; read: number; confirmed: number }[] | null
  abilities: Record<'edit' | 'send' | 'confirm' | 'remind' | 'correct' | 'withdraw' | 'close', string | null>
}

export interface AudienceChoices {
  kinds: { value: string; label: string }[]
  wholes: { value: Whole; label: string }[]
  units: { id: string; name: string; people: number }[]
  cohorts: { id: string; label: string; people: number }[]
  people: { id: string; name: string; note: string }[]
  schools: { id: string; name: string }[]
}

const content = {
  kind: z.string().trim().min(1).max(60),
  title,
  body,
  audience,
  confirmByDay: localDate.nullable(),
}

export const noticeApi = {
  /** What I received, and what I (or my office, my group) sent. */
  listNotices: endpoint('member', z.object({ box: z.enum(['received', 'sent']).default('received') }))<{
    notices: NoticeLine[]
    abilities: { write: string | null }
  }>(),
  getNotice: endpoint('member', z.object({ id }))<NoticeView>(),
  /** What a writer may choose from. */
  getAudienceChoices: endpoint('member', z.object({}))<AudienceChoices>(),
  /** A draft, the empty one that lies there already if there is one; with words where another room proposes them. */
  startNotice: endpoint(
    'member',
    z.object({
      kind: z.string().trim().min(1).max(60).default('general'),
      title: title.default(''),
      body: body.default(''),
    }),
  )<{ id: string }>(),
  saveNotice: endpoint('member', z.object({ id, ...content }))<Record<string, never>>(),
  /** Saves and sends. */
  sendNotice: endpoint('member', z.object({ id, ...content }))<{ receivers: number }>(),
  discardNotice: endpoint('member', z.object({ id }))<Record<string, never>>(),
  /** I have it before me. */
  openNotice: endpoint('member', z.object({ id }))<Record<string, never>>(),
  confirmNotice: endpoint('member', z.object({ id }))<Record<string, never>>(),
  /** Tells those who have not read or confirmed it once more, at most once a day. */
  remindUnread: endpoint('member', z.object({ id }))<{ reminded: number }>(),
  correctNotice: endpoint('member', z.object({ id, title, body, because }))<Record<string, never>>(),
  withdrawNotice: endpoint('member', z.object({ id, because }))<Record<string, never>>(),
  /** Ends the count: the share of readers is recorded. */
  closeNotice: endpoint('member', z.object({ id }))<{ readShare: number }>(),
  /** Who has read and confirmed, as an Excel file. */
  getReceiversFile: fileEndpoint('member', z.object({ id })),
}
export type NoticeApi = typeof noticeApi
