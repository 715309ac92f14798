/** The closed lists of this room with their Chinese labels; without zod, so that pages may import them. */
export const organiserLabels = {
  area: '学区（片区）',
  college: '进修学校',
  county: '县级',
  district: '区级',
  city: '市级',
  province: '省级',
  nation: '国家级',
} as const
export type Organiser = keyof typeof organiserLabels
export const trainingStatusLabels = {
  reported: '待确认',
  returned: '已退回',
  confirmed: '已确认',
  removed: '已撤销',
} as const
export type TrainingStatus = keyof typeof trainingStatusLabels
export const appealStatusLabels = {
  asked: '待答复',
  granted: '已更正',
  refused: '维持原记录',
  withdrawn: '已撤回',
} as const
export type AppealStatus = keyof typeof appealStatusLabels
export const finalLabels = {
  present: '出席',
  late: '迟到',
  leftEarly: '早退',
  onLeave: '请假',
  absent: '缺席',
} as const
export type FinalStatus = keyof typeof finalLabels
