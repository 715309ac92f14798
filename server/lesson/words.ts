/** Kinds of lessons that every school knows; a regime names its own beside them. */
export const lessonKindLabels = {
  publicLesson: '公开课',
  discussionLesson: '研讨课',
  demonstrationLesson: '示范课',
  reportLesson: '汇报课',
  debutLesson: '亮相课',
  improvedLesson: '改进课',
} as const

export const lessonStatusLabels = {
  asked: '待确认',
  booked: '已安排',
  given: '已上',
  cancelled: '已取消',
} as const
export type LessonStatus = keyof typeof lessonStatusLabels

/** For whom a lesson is given. */
export const lessonScopeLabels = {
  group: '本组',
  organisation: '全校',
  area: '片区',
  district: '区级',
  city: '市级',
  province: '省级',
} as const
export type LessonScope = keyof typeof lessonScopeLabels

export const lessonStepLabels = {
  asked: '申请',
  booked: '安排',
  confirmed: '确认',
  declined: '不同意',
  changed: '调整',
  cancelled: '取消',
  given: '上课',
  notGiven: '更正为未上',
} as const
export type LessonStep = keyof typeof lessonStepLabels

/** Who rates a lesson. */
export const voiceLabels = { peers: '同行', leaders: '学校领导', experts: '专家', self: '自评' } as const
export type RatingVoice = keyof typeof voiceLabels
/** The same as facts name them: apart from the voices of the yearly appraisal, which must not count lessons. */
export const factVoices: Record<RatingVoice, string> = {
  peers: 'lessonPeers',
  leaders: 'lessonLeaders',
  experts: 'lessonExperts',
  self: 'lessonSelf',
}

export const followedLabels = { yes: '已落实', partly: '部分落实', no: '未落实' } as const
export type Followed = keyof typeof followedLabels

export const inspectionLabels = { excellent: '优秀', qualified: '合格', insufficient: '需补充' } as const
export type Inspection = keyof typeof inspectionLabels

/** What observers note most often; one tap instead of typing. */
export const quickPhrases = [
  '导入自然，学生很快进入状态',
  '问题有层次，指向本课重点',
  '留给学生独立思考的时间',
  '小组讨论有分工、有结果',
  '学生上台讲解，表达完整',
  '追问到位，暴露了学生的想法',
  '板书清楚，重点突出',
  '练习有梯度，及时反馈',
  '个别学生没有参与',
  '提问偏多，思考时间不足',
  '讲得偏多，学生活动少',
  '节奏前松后紧',
] as const
