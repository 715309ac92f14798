export const specialDayLabels = { holiday: '放假', workday: '调休上班' } as const
export type SpecialDayKind = keyof typeof specialDayLabels

export const windowLabels = { opening: '期初', middle: '期中', closing: '期末' } as const
export type WindowName = keyof typeof windowLabels
export const windowNames = Object.keys(windowLabels) as WindowName[]
