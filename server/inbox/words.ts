/** Words of the inbox, for server and pages. */
export const inboxKindLabels = {
  work: '审核作品',
  planReview: '审核计划、总结',
  planFile: '盖章备案',
  leave: '审批请假',
  makeUp: '确认补学',
} as const
export type InboxKind = keyof typeof inboxKindLabels
