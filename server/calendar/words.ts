export const specialDayLabels = { holiday: '放假', workday: '调休上班' } as const
export type SpecialDayKind = keyof typeof specialDayLabels

export const windowLabels = { opening: '期初', middle: '期中', closing: '期末' } as const
export type WindowName = keyof typeof windowLabels
export const windowNames = Object.keys(windowLabels) as WindowName[]

export const agendaKindLabels = {
  activity: '活动',
  slot: '固定时间',
  lesson: '研究课',
  deadline: '截止',
  programme: '阶段任务',
  week: '专题周',
} as const
export type AgendaKind = keyof typeof agendaKindLabels

export const agendaScopeLabels = { mine: '我的', group: '本组', school: '全校' } as const
export type AgendaScope = keyof typeof agendaScopeLabels

export const agendaStateLabels = {
  planned: '已安排',
  running: '进行中',
  done: '已完成',
  cancelled: '已取消',
  free: '待安排',
  missed: '没有安排活动',
  due: '待完成',
  overdue: '已逾期',
} as const
export type AgendaState = keyof typeof agendaStateLabels

/** Parts of a day in a week's sheet; what has no time stands last. */
export const partOfDayLabels = {
  morning: '上午',
  afternoon: '下午',
  evening: '放学后、晚上',
  day: '截止',
} as const
export type PartOfDay = keyof typeof partOfDayLabels
export function partOfDay(starts: string | null): PartOfDay {
  if (starts === null) return 'day'
  if (starts < '12:00') return 'morning'
  return starts < '17:00' ? 'afternoon' : 'evening'
}
