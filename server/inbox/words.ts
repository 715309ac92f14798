/** Words of the inbox, for server and pages. */
export const inboxKindLabels = {
  work: '审核作品',
  planReview: '审核计划、总结',
  planFile: '盖章备案',
  leave: '审批请假',
  makeUp: '确认补学',
  leaveAdvice: '签请假意见',
  appeal: '答复考勤申诉',
  training: '确认上级培训',
  lesson: '确认开课',
  correction: '核对资料更正',
} as const
export type InboxKind = keyof typeof inboxKindLabels
