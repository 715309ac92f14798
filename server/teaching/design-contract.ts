import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import type { DiffRun } from '../kit/compare.ts'
import { endpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { DesignKind, DesignStatus } from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>
const title = z.string().trim().min(1, '请写课题').max(60, '课题请不超过 60 字')
const body = z.string().max(200_000, '教案太长，请分成几份')
const number = z.number().int().min(1)

export interface DesignLine {
  id: string
  kind: DesignKind
  title: string
  personName: string
  isMine: boolean
  leftOn: LocalDate | null
  unitName: string | null
  status: DesignStatus
  dueOn: LocalDate | null
  isLate: boolean
  versions: number
  savedAt: Date | null
  comments: number
  open: number
}
export interface CommentView {
  id: string
  version: number
  quote: string
  text: string
  personName: string
  at: Date
  answer: string
  answeredByName: string | null
}
export interface DesignView extends DesignLine {
  unitId: string | null
  runId: string | null
  lessonId: string | null
  contentTags: string[]
  tagChoices: { id: string; label: string }[]
  /** The latest text, and its paragraphs as plain text. */
  body: string
  version: number
  paragraphs: string[]
  history: { number: number; note: string; authorName: string | null; savedAt: Date }[]
  commentList: CommentView[]
  minutes: string
  minutesOn: LocalDate | null
  parent: { id: string; version: number; title: string } | null
  /** Members' own versions: how much each differs from the shared text. */
  personal: { id: string; personName: string; status: DesignStatus; changedPercent: number }[]
  myVersionId: string | null
  members: { id: string; name: string }[]
  abilities: Record<'write' | 'comment' | 'lead' | 'reassign' | 'adapt', Ability>
}

export const designApi = {
  listDesigns: endpoint('member', z.object({ view: z.enum(['mine', 'group', 'all']).default('mine') }))<{
    designs: DesignLine[]
    units: { id: string; name: string; members: { id: string; name: string }[] }[]
    abilities: { start: Ability; assign: Ability; all: Ability }
  }>(),
  getDesign: endpoint('member', z.object({ id }))<DesignView>(),
  /** Two versions, or a personal version and the shared one it came from, paragraph by paragraph. */
  getComparison: endpoint(
    'member',
    z.object({ id, from: number.optional(), to: number.optional(), withParent: z.boolean().default(false) }),
  )<{
    before: string
    after: string
    /** Side by side: null where a paragraph is only on the other side. */
    rows: {
      before: DiffRun[] | null
      after: DiffRun[] | null
      change: 'same' | 'changed' | 'inserted' | 'deleted'
    }[]
    inserted: number
    deleted: number
  }>(),
  startDesign: endpoint(
    'staff',
    z.object({
      title,
      runId: id.nullable().default(null),
      lessonId: id.nullable().default(null),
      body: body.default(''),
    }),
  )<{ id: string }>(),
  assignPreparation: endpoint(
    'leaders',
    z.object({ title, unitId: id, personId: id, dueOn: localDate.nullable().default(null) }),
  )<{ id: string }>(),
  reassignDrafter: endpoint('leaders', z.object({ id, personId: id }))<Nothing>(),
  /** Saves on top of `base`; else 409 `conflict` with the other text and both merged in `fields`. */
  saveDesign: endpoint(
    'staff',
    z.object({ id, base: z.number().int().min(0), body, note: z.string().trim().max(60).default('') }),
  )<{ version: number }>(),
  /** What it is about, by the words of the list of contents. */
  tagDesign: endpoint(
    'staff',
    z.object({ id, contentTags: z.array(z.string().min(1).max(60)).max(8, '最多选 8 个') }),
  )<Nothing>(),
  presentDesign: endpoint('staff', z.object({ id }))<Nothing>(),
  takeBackDesign: endpoint('staff', z.object({ id, reason: z.string().trim().max(500) }))<Nothing>(),
  commentDesign: endpoint(
    'staff',
    z.object({
      id,
      version: number,
      quote: z.string().max(2000),
      text: z.string().trim().max(1000, '意见请不超过 1000 字'),
    }),
  )<{ commentId: string }>(),
  answerComment: endpoint(
    'staff',
    z.object({ commentId: id, answer: z.string().trim().max(500) }),
  )<Nothing>(),
  saveMinutes: endpoint('staff', z.object({ id, minutes: z.string().max(50_000), on: localDate }))<Nothing>(),
  adaptDesign: endpoint('staff', z.object({ id }))<{ id: string }>(),
  settleDesign: endpoint('staff', z.object({ id }))<Nothing>(),
}
export type DesignApi = typeof designApi
