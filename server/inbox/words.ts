/** Words of the inbox, for server and pages. */

/** What is decided in the inbox itself. */
export const decidedKindLabels = {
  work: '审核作品',
  planReview: '审核计划、总结',
  planFile: '盖章备案',
  leave: '审批请假',
  makeUp: '确认补学',
  leaveAdvice: '签请假意见',
  appeal: '答复考勤申诉',
  training: '确认上级培训',
  lesson: '确认开课',
  invitation: '批准聘请、邀请',
  talk: '审核说课稿',
  correction: '核对资料更正',
} as const
export type DecidedKind = keyof typeof decidedKindLabels

/** What is decided where it stands, one tap away. */
export const placedKindLabels = {
  slot: '备案固定时间',
  shift: '同意顺延',
  delivery: '验收项目材料',
  supply: '办理物资申请',
  growth: '确认成长和骨干',
  regimeVersion: '确认制度版本',
  dutyConfirmation: '人工确认',
  regulationApproval: '批准学校制度',
  regulationAnswer: '答复修改建议',
} as const
export type PlacedKind = keyof typeof placedKindLabels

export const inboxKindLabels = { ...decidedKindLabels, ...placedKindLabels }
export type InboxKind = keyof typeof inboxKindLabels

/** What a person is asked to do by others, beyond what the regime wants. */
export const taskKindLabels = {
  movedUp: '候补转正',
  materials: '确认材料',
  minutes: '确认记录',
  preparationComment: '评议备课',
  preparationVersion: '写自己的教案',
  talkScore: '说课评分',
  consultation: '征求意见',
  delivery: '提交项目材料',
  lesson: '上课和听课',
  teaching: '研修流程和备课',
  survey: '问卷',
  topic: '网上交流',
  rating: '评价培训',
} as const
export type TaskKind = keyof typeof taskKindLabels
