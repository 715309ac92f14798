/** Words of programmes, for server and pages. */
export const programmeStatusLabels = { draft: '草稿', published: '进行中', closed: '已结束' } as const
export type ProgrammeStatus = keyof typeof programmeStatusLabels

export const ownerLabels = { organisation: '本单位', units: '各组', schools: '各校' } as const
export type Owner = keyof typeof ownerLabels

export const artefactLabels = {
  plan: '计划',
  summary: '总结',
  activity: '活动',
  document: '制度、文件',
  any: '其他材料',
} as const
export type Artefact = keyof typeof artefactLabels

export const deliveryStatusLabels = {
  open: '未交',
  dueSoon: '快到期',
  overdue: '已逾期',
  delivered: '已交',
  late: '逾期交',
} as const
export type DeliveryState = keyof typeof deliveryStatusLabels

/** What the receiver says of something handed in. */
export const decisionLabels = { waiting: '待验收', accepted: '已验收', returned: '已退回' } as const
export type Decision = keyof typeof decisionLabels

export const eventLabels = {
  delivered: '提交',
  withdrawn: '撤回',
  accepted: '验收',
  returned: '退回',
} as const
export type DeliveryEvent = keyof typeof eventLabels

export const linkLabels = { plan: '计划和总结', activity: '研修活动', regulation: '学校制度' } as const
export type LinkRoom = keyof typeof linkLabels
