/** Words of individual study, for server and pages. */
export const studyKindLabels = {
  theory: '理论学习',
  professional: '专业学习',
  policy: '政策学习',
  network: '网络研修',
} as const
export type StudyKind = keyof typeof studyKindLabels
