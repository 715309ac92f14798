/** Kinds of works that every school knows; a regime may name more. */
export const workKindLabels: Record<string, string> = {
  reflection: '教学反思',
  essay: '教学随笔',
  narrative: '教学叙事',
  record: '教学实录',
  lessonAnalysis: '课例分析',
  paper: '教学论文',
  case: '教学案例',
}
export type WorkStatus = keyof typeof workStatusLabels
export const workStatusLabels = {
  draft: '草稿',
  submitted: '已提交',
  returned: '已退回',
  accepted: '已采纳',
  withdrawn: '已撤回',
} as const
