import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { localDate } from '../org/contract.ts'

export const leapLabels = {
  tomorrow: '明天',
  nextMonday: '下周一',
  twoWeeks: '两周后',
  month: '一个月后',
  termEnd: '学期末',
} as const
export type Leap = keyof typeof leapLabels
const leaps = Object.keys(leapLabels) as [Leap, ...Leap[]]

/** The story on its way to a later day. */
export interface TellingView {
  /** `正在讲到 12月8日…`. */
  label: string
  /** `讲到 1月10日 周日 为止`. */
  toLabel: string
  /** From 0 to 1. */
  share: number
}

/** How the last telling ended. */
export interface ToldView {
  /** Tells one telling from the next. */
  number: number
  sentence: string
  isFailed: boolean
}

export interface DemoClockView {
  today: LocalDate
  /** `11月18日 周三 08:10`. */
  label: string
  /** Where the story leaves off at the first start. */
  start: LocalDate
  isMoved: boolean
  /** The latest day to which one can go. */
  latest: LocalDate
  /** Why the caller may not move it; null when he may. */
  moveProblem: string | null
  telling: TellingView | null
  told: ToldView | null
  /** What each leap leads to; null where it would lead out of the story. */
  leaps: { leap: Leap; label: string; day: LocalDate | null; dayLabel: string }[]
}

export const demoApi = {
  /** The demo's present. Like all of this room it does not exist outside the demo. */
  getClock: endpoint('signedIn', z.object({}))<DemoClockView>(),
  /** Has the story told on to a later day, for everybody; answers at once, `getClock` shows how far it is. */
  moveClock: endpoint('signedIn', z.object({ to: z.union([z.enum(leaps), localDate]) }))<DemoClockView>(),
}
export type DemoApi = typeof demoApi
