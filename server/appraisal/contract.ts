import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import { scorePartLabels, type ScorePart } from './words.ts'

const parts = Object.keys(scorePartLabels) as [ScorePart, ...ScorePart[]]
const points = z.number('请填 0—100 的分数').min(0, '分数不低于 0').max(100, '分数不高于 100')

export interface ScoreView {
  id: string
  person: { id: string; name: string }
  part: ScorePart
  /** Kind of the check, or voice of the evaluation. */
  voice: string
  voiceLabel: string
  title: string
  scoredOn: LocalDate
  points: number
  remark: string
  recordedByName: string | null
  recordedAt: Date
  /** Set when a correction took its place; it no longer counts. */
  reversedAt: Date | null
}

export interface ScoreSheet {
  title: string
  part: ScorePart
  voice: string
  voiceLabel: string
  scoredOn: LocalDate
  people: number
  average: number
}

export const appraisalApi = {
  /** The words of the regime for the voices of an evaluation, and everybody who can get a score. */
  getScoreOptions: endpoint('leaders', z.object({}))<{
    voices: { id: string; label: string }[]
    people: { id: string; name: string; staffNumber: string; group: string }[]
    abilities: { record: string | null }
  }>(),
  /** The checks and evaluations recorded so far, newest first. */
  listScoreSheets: endpoint('member', z.object({ part: z.enum(parts).optional() }))<ScoreSheet[]>(),
  /** The scores of one sheet. */
  listScores: endpoint(
    'member',
    z.object({
      part: z.enum(parts),
      voice: z.string().max(60),
      title: z.string().max(120),
      scoredOn: localDate,
    }),
  )<ScoreView[]>(),
  listMyScores: endpoint('staff', z.object({}))<ScoreView[]>(),
  /** Records one sheet: a score that stands already is replaced when it differs, passed over when it is the same. */
  recordScores: endpoint(
    'office',
    z.object({
      part: z.enum(parts),
      voice: z.string().trim().max(60).default(''),
      title: z.string().trim().min(1, '请填检查或考评的名称').max(120),
      scoredOn: localDate,
      rows: z
        .array(z.object({ personId: id, points, remark: z.string().trim().max(500).default('') }))
        .min(1, '请至少填一位老师的分数')
        .max(1000),
    }),
  )<{ recorded: number; corrected: number; unchanged: number }>(),
  reverseScore: endpoint('office', z.object({ id, reason: z.string().trim().max(500) }))<
    Record<string, never>
  >(),
}
