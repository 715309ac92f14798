import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { localDate } from '../org/contract.ts'

export const leapLabels = {
  tomorrow: '明天',
  nextMonday: '下周一',
  twoWeeks: '两周后',
  termEnd: '学期末',
  start: '回到原处',
} as const
export type Leap = keyof typeof leapLabels
const leaps = Object.keys(leapLabels) as [Leap, ...Leap[]]

export interface DemoClockView {
  today: LocalDate
  /** `11月18日 周三 08:10`. */
  label: string
  /** Where the story leaves off. */
  start: LocalDate
  isMoved: boolean
  earliest: LocalDate
  latest: LocalDate
  /** What each leap leads to; null where it would lead out of the story. */
  leaps: { leap: Leap; label: string; day: LocalDate | null; dayLabel: string }[]
}

export const demoApi = {
  /** The demo's present. Like all of this room it does not exist outside the demo. */
  getClock: endpoint('signedIn', z.object({}))<DemoClockView>(),
  /** Moves the demo's present for everybody; all findings are worked out anew. */
  moveClock: endpoint('signedIn', z.object({ to: z.union([z.enum(leaps), localDate]) }))<DemoClockView>(),
}
export type DemoApi = typeof demoApi
