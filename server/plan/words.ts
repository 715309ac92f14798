/** Words of plans and summaries, for server and pages. */
export const paperLabels = { plan: '计划', summary: '总结' } as const
export type Paper = keyof typeof paperLabels
export const planLevelLabels = { organisation: '学校', group: '组', teacher: '个人' } as const
export type PlanLevel = keyof typeof planLevelLabels
export const horizonLabels = { term: '学期', schoolYear: '学年', fiveYears: '五年' } as const
export type Horizon = keyof typeof horizonLabels
export const planStatusLabels = {
  draft: '草稿',
  submitted: '已提交',
  returned: '已退回',
  reviewed: '已审核',
  filed: '已盖章备案',
} as const
export type PlanStatus = keyof typeof planStatusLabels
export const planStepLabels = {
  submitted: '提交',
  takenBack: '本人撤回',
  returned: '退回',
  reviewed: '审核通过',
  filed: '盖章备案',
  withdrawn: '撤销备案',
  filedWithDistrict: '报区备案',
} as const
export type PlanStep = keyof typeof planStepLabels
