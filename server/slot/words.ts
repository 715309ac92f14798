/** Words of fixed study times, for server and pages. */
export const dayPartLabels = {
  morning: '上午',
  afternoon: '下午',
  afterSchool: '放学后',
  evening: '晚上',
} as const
export type DayPart = keyof typeof dayPartLabels

export const parityLabels = { every: '每周', odd: '单周', even: '双周' } as const
export type Parity = keyof typeof parityLabels

export const slotStatusLabels = {
  proposed: '待教导处审核',
  filed: '已备案',
  returned: '已退回',
  withdrawn: '已停用',
} as const
export type SlotStatus = keyof typeof slotStatusLabels

export const shiftStatusLabels = { asked: '待教导处同意', granted: '已顺延', declined: '未同意' } as const
export type ShiftStatus = keyof typeof shiftStatusLabels

export const weekdayLabels = ['周一', '周二', '周三', '周四', '周五', '周六', '周日'] as const
export const weekdayOfLabel = (weekday: number): string => weekdayLabels[weekday - 1] ?? ''

export interface Period {
  number: number
  starts: string
  ends: string
}
/** The usual lessons of a day; a school sets its own. */
export const usualPeriods: Period[] = [
  { number: 1, starts: '08:10', ends: '08:50' },
  { number: 2, starts: '09:00', ends: '09:40' },
  { number: 3, starts: '10:10', ends: '10:50' },
  { number: 4, starts: '11:00', ends: '11:40' },
  { number: 5, starts: '13:50', ends: '14:30' },
  { number: 6, starts: '14:40', ends: '15:20' },
  { number: 7, starts: '15:30', ends: '16:10' },
  { number: 8, starts: '16:20', ends: '17:00' },
]
/** Where no periods are named, the usual time of a part of the day. */
export const usualTimes: Record<DayPart, { starts: string; ends: string }> = {
  morning: { starts: '09:00', ends: '10:50' },
  afternoon: { starts: '14:40', ends: '16:10' },
  afterSchool: { starts: '17:00', ends: '18:00' },
  evening: { starts: '19:00', ends: '20:30' },
}
