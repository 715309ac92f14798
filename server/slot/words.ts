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

/** A lesson of the school day; the school keeps the times with its lessons. */
export interface Period {
  number: number
  starts: string
  ends: string
}
/** Where no periods are named, the usual time of a part of the day. */
export const usualTimes: Record<DayPart, { starts: string; ends: string }> = {
  morning: { starts: '09:00', ends: '10:50' },
  afternoon: { starts: '14:50', ends: '16:20' },
  afterSchool: { starts: '17:10', ends: '18:10' },
  evening: { starts: '19:00', ends: '20:30' },
}
