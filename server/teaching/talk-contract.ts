import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { TalkStatus } from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>

export interface TalkLine {
  id: string
  title: string
  personName: string
  isMine: boolean
  occasion: string
  occasionLabel: string
  status: TalkStatus
  submittedOn: LocalDate | null
  spokenOn: LocalDate | null
  seconds: number | null
  limitMinutes: number
  scores: number
  mean: number | null
  /** Shown to those who review, and to the author. */
  similarPercent: number | null
  /** What the reviewer found; null before. */
  original: boolean | null
}
export interface TalkView extends TalkLine {
  form: { key: string; label: string; hint: string; required: boolean; clause: string }[]
  sections: Record<string, string>
  version: number
  similarTo: string
  warnPercent: number
  remark: string
  decidedByName: string | null
  sheet: { id: string; title: string; criteria: { id: string; label: string; hint: string; most: number }[] }
  /** Of all judges for speaker and leaders; a judge sees the own one. */
  scoreList: {
    judgeName: string
    points: Record<string, number>
    total: number
    comment: string
    isMine: boolean
  }[]
  abilities: Record<'write' | 'review' | 'reverse' | 'time' | 'score', Ability>
}

export const talkApi = {
  listTalks: endpoint(
    'member',
    z.object({ status: z.enum(['draft', 'submitted', 'returned', 'accepted']).optional() }),
  )<{
    talks: TalkLine[]
    occasions: { id: string; label: string }[]
    settings: {
      limitMinutes: number
      similarPercent: number
      sections: { key: string; label: string; hint: string; required: boolean; clause: string }[]
    }
    abilities: { settle: Ability }
  }>(),
  getTalk: endpoint('member', z.object({ id }))<TalkView>(),
  /** The paper beside the text to which it is most alike: which stretches stand in both. */
  getLikeness: endpoint('member', z.object({ id }))<{
    source: string
    percent: number
    sections: { label: string; runs: { text: string; isShared: boolean }[] }[]
  }>(),
  startTalk: endpoint(
    'staff',
    z.object({
      title: z.string().trim().min(1, '请写课题').max(60, '课题请不超过 60 字'),
      occasion: z.string().max(60).optional(),
    }),
  )<{ id: string }>(),
  saveTalk: endpoint(
    'staff',
    z.object({
      id,
      version: z.number().int().min(1),
      sections: z.record(z.string().max(60), z.string().max(10_000, '一部分请不超过 10000 字')),
    }),
  )<{ version: number }>(),
  submitTalk: endpoint('staff', z.object({ id }))<{ similarPercent: number }>(),
  acceptTalk: endpoint(
    'leaders',
    z.object({ id, original: z.boolean(), remark: z.string().trim().max(500).default('') }),
  )<Nothing>(),
  returnTalk: endpoint('leaders', z.object({ id, reason: z.string().trim().max(500) }))<Nothing>(),
  timeTalk: endpoint(
    'leaders',
    z.object({
      id,
      seconds: z.number().int().min(1, '请先计时').max(7200, '最多两小时'),
      on: localDate.optional(),
    }),
  )<{ over: boolean }>(),
  scoreTalk: endpoint(
    'staff',
    z.object({
      id,
      points: z.record(z.string().max(60), z.number().int().min(0, '分数不能小于 0').max(100)),
      comment: z.string().trim().max(1000).default(''),
    }),
  )<{ total: number }>(),
  saveTalkSettings: endpoint(
    'office',
    z.object({
      limitMinutes: z.number().int().min(1, '至少 1 分钟').max(60, '最多 60 分钟'),
      similarPercent: z.number().int().min(5, '至少 5%').max(100, '最多 100%'),
      /** The parts of a paper as the school wants them; null: the regime's or the usual ones. */
      sections: z
        .array(
          z.object({
            key: z.string().max(60).default(''),
            label: z.string().trim().min(1, '请写这一部分的名称').max(20, '名称请不超过 20 字'),
            hint: z.string().trim().max(100, '说明请不超过 100 字').default(''),
            required: z.boolean().default(true),
          }),
        )
        .min(1, '至少要有一个部分')
        .max(20, '最多 20 个部分')
        .nullable()
        .default(null),
    }),
  )<Nothing>(),
  getTalksFile: fileEndpoint('member', z.object({})),
}
export type TalkApi = typeof talkApi
