/** Words of online study and exchange, for server and pages. */
export const topicKindLabels = { discussion: '话题', question: '提问' } as const
export type TopicKind = keyof typeof topicKindLabels

export const linkLabels = { activity: '活动', lesson: '公开课', training: '外出培训' } as const
export type LinkRoom = keyof typeof linkLabels

export const selectionLevelLabels = { school: '校内', district: '全区' } as const
export type SelectionLevel = keyof typeof selectionLevelLabels

export const topicViewLabels = {
  all: '全部',
  questions: '待解答',
  unread: '有新回复',
  mine: '我参与的',
} as const
export type TopicView = keyof typeof topicViewLabels

/** Platforms that schools use most, offered to tap. */
export const usualPlatforms = [
  '国家中小学智慧教育平台',
  '学习强国',
  '中国教师研修网',
  '中国大学MOOC',
] as const

/** The flow and step of the discussion after training away from school (外出培训反馈). */
export const outingFlow = { flow: 'outingFeedback', step: 'discussion' } as const
/** The outlet of what is chosen: the school's own pages (学校博客). */
export const schoolOutlet = 'schoolBlog'
