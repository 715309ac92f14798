/** What can be found, in the order in which it is shown. */
export const matchKindLabels = { person: '人员', group: '组', activity: '活动', school: '学校' } as const
export type MatchKind = keyof typeof matchKindLabels
