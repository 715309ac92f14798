/** What people can say of a duty that only people can judge. */
export const confirmationLabels = {
  done: '已做到',
  notDone: '没有做到',
  notDue: '本期不要求',
} as const
export type ConfirmationResult = keyof typeof confirmationLabels
export const confirmationResults = Object.keys(confirmationLabels) as [
  ConfirmationResult,
  ...ConfirmationResult[],
]

/** How far a version of a regime has come. */
export const draftStateLabels = {
  draft: '修订中',
  submitted: '等待确认',
  confirmed: '已确认',
  discarded: '已作废',
} as const

/** How somebody fares under other rules or other facts. */
export const directionLabels = {
  worse: '变差',
  added: '新增要求',
  better: '变好',
  removed: '不再要求',
  changed: '有变化',
} as const
