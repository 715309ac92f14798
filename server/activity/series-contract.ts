import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import type { Ability, Named } from './contract.ts'
import type { Part, Term } from './settings.ts'
import type { ActivityStatus } from './words.ts'

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '时间应写成 15:30 的样子')
const line = (max: number) => z.string().trim().max(max, `最多 ${max} 字`)
const parity = z.enum(['every', 'odd', 'even'])
const termId = z.string().max(30)
const nothing = z.object({})
type Nothing = Record<string, never>

/** One day of a series before or after it was laid out. */
export interface SeriesRow {
  /** Null while it is a proposal. */
  activityId: string | null
  day: LocalDate
  movedFrom: LocalDate | null
  weekLabel: string
  kind: string
  kindLabel: string
  /** Empty while it is open. */
  theme: string
  speaker: Named | null
  /** Says so when the speaker will not be there: left the group, on leave. */
  speakerProblem: string | null
  status: ActivityStatus | null
  swaps: number
}
export interface SeriesView {
  unit: Named | null
  units: Named[]
  term: { id: string; name: string; from: LocalDate; to: LocalDate } | null
  terms: { id: string; name: string }[]
  kinds: Term[]
  members: (Named & { spoken: number; spokenBefore: number; away: boolean })[]
  /** What stands already for the term. */
  existing: SeriesRow[]
  /** Planned activities whose speaker will not be there, with who could speak instead. */
  repairs: { activityId: string; speakerId: string; speakerName: string }[]
  /** How a new series would be laid out; empty rows where the term is over. */
  proposal: {
    weekday: number
    parity: 'every' | 'odd' | 'even'
    startTime: string
    endTime: string
    place: string
    kind: string
    hostId: string | null
    recorderId: string | null
    rows: SeriesRow[]
    skipped: { day: LocalDate; because: string }[]
    sentence: string
    /** Where day and hour come from: the group's fixed time. */
    slot: string | null
  } | null
  settled: Part[]
  abilities: { plan: Ability }
}
export interface TemplateView {
  kind: string
  kindLabel: string
  minutes: number | null
  place: string
  materials: string[]
  agenda: string[]
  leadDays: number | null
  /** From the regime in force. */
  settled: Part[]
  minutesParts: Part[]
}
export interface LeaderLine {
  personId: string
  name: string
  title: string
  /** `2026-10` → visits of that month. */
  months: { month: string; count: number }[]
  total: number
  visits: { activityId: string; day: LocalDate; theme: string; unitName: string }[]
}

const term = z.object({ unitId: id.nullish(), termId: termId.nullish() })

export const seriesApi = {
  /** What stands for a term of a group and how a series would be laid out with this weekday and these weeks. */
  getSeries: endpoint(
    'leaders',
    term.extend({
      weekday: z.coerce.number().int().min(1).max(7).nullish(),
      parity: parity.nullish(),
      kind: z.string().max(60).nullish(),
    }),
  )<SeriesView>(),
  /** Lays out all activities of a term in one step. */
  createSeries: endpoint(
    'leaders',
    z.object({
      unitId: id,
      termId,
      weekday: z.number().int().min(1).max(7),
      parity,
      startTime: time,
      endTime: time,
      place: line(80).default(''),
      hostId: id.nullish(),
      recorderId: id.nullish(),
      rows: z
        .array(
          z.object({
            day: localDate,
            movedFrom: localDate.nullish(),
            kind: line(60),
            theme: line(120).default(''),
            speakerId: id.nullish(),
          }),
        )
        .min(1, '请至少留下一次活动')
        .max(60),
    }),
  )<{ created: number; warnings: string[] }>(),
  saveThemes: endpoint(
    'leaders',
    z.object({
      unitId: id,
      rows: z
        .array(z.object({ activityId: id, theme: line(120) }))
        .min(1)
        .max(100),
    }),
  )<{ saved: number }>(),
  /** Two members change their turns, with the reason; kept with both activities. */
  swapTurns: endpoint(
    'leaders',
    z.object({ activityId: id, withActivityId: id, reason: line(200) }),
  )<Nothing>(),
  /** Others speak where the speaker will not be there, all at once. */
  repairRotation: endpoint(
    'leaders',
    z.object({
      unitId: id,
      reason: line(200),
      rows: z
        .array(z.object({ activityId: id, speakerId: id }))
        .min(1)
        .max(60),
    }),
  )<{ changed: number }>(),
  getSeriesFile: fileEndpoint('leaders', term),

  /** The group's last activity, for planning the next like it, and what each kind usually is. */
  getPlanHelp: endpoint('leaders', z.object({ unitId: id.nullish() }))<{
    last: {
      kind: string
      form: string
      contentTags: string[]
      theme: string
      content: string
      place: string
      startTime: string
      endTime: string
      hostId: string | null
      recorderId: string | null
      agenda: string
      day: LocalDate
    } | null
    templates: { kind: string; minutes: number | null; place: string; agenda: string }[]
  }>(),
  listTemplates: endpoint('leaders', nothing)<{
    templates: TemplateView[]
    abilities: { change: Ability }
  }>(),
  saveTemplate: endpoint(
    'office',
    z.object({
      kind: line(60),
      minutes: z.number().int().min(5, '最短 5 分钟').max(720, '最长 12 小时').nullish(),
      place: line(80).default(''),
      materials: z.array(line(60)).max(20).default([]),
      agenda: z.array(line(200)).max(40).default([]),
      leadDays: z.number().int().min(0).max(60, '最多提前 60 天').nullish(),
    }),
  )<Nothing>(),

  /** Planned activities of groups that were dissolved. */
  listStranded: endpoint('office', nothing)<
    {
      activityId: string
      theme: string
      day: LocalDate
      unitName: string
      endedOn: LocalDate
      speakerName: string | null
    }[]
  >(),
  moveToUnit: endpoint(
    'office',
    z.object({ activityIds: z.array(id).min(1).max(100), unitId: id, reason: line(200) }),
  )<{
    moved: number
  }>(),
  cancelMany: endpoint('office', z.object({ activityIds: z.array(id).min(1).max(100), reason: line(200) }))<{
    cancelled: number
  }>(),

  listLeaderVisits: endpoint('office', z.object({ from: localDate, to: localDate }))<LeaderLine[]>(),
  getLeaderVisitsFile: fileEndpoint('office', z.object({ from: localDate, to: localDate })),
}
