export const documentKindLabels = { recordBooklet: '校本研修报告册' } as const
export type DocumentKind = keyof typeof documentKindLabels

/** By what the list of booklets can be narrowed. */
export const bookletStateLabels = { issued: '已签发', notIssued: '未签发', overdue: '有逾期' } as const
export type BookletState = keyof typeof bookletStateLabels
