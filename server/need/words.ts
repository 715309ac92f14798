/** Words of training by need, for server and pages. */
export const surveyStatusLabels = { draft: '草稿', open: '正在调查', closed: '已结束' } as const
export type SurveyStatus = keyof typeof surveyStatusLabels

export const questionKindLabels = {
  modules: '想学什么（多选）',
  forms: '喜欢的形式（多选）',
  one: '单选',
  several: '多选',
  text: '自己写',
} as const
export type QuestionKind = keyof typeof questionKindLabels

export const weaknessSourceLabels = {
  lesson: '听课',
  check: '常规检查',
  talk: '座谈、交流',
  results: '质量分析',
  other: '其他',
} as const
export type WeaknessSource = keyof typeof weaknessSourceLabels

export const layerSourceLabels = { regime: '制度规定', usual: '常用', own: '本校自定' } as const
export type LayerSource = keyof typeof layerSourceLabels

/** Usual modules, for schools whose regime names no contents of training. */
export const usualModules = [
  { id: 'curriculumStandard', label: '课程标准与教材' },
  { id: 'classroomTeaching', label: '课堂教学方法' },
  { id: 'homeworkAndAssessment', label: '作业与评价' },
  { id: 'informationTechnology', label: '信息技术应用' },
  { id: 'classManagement', label: '班级管理' },
  { id: 'researchMethods', label: '课题与写作' },
] as const

/** The tag that marks an activity as a guidance course (校本研修指导课程). */
export const guidanceCourseTag = 'guidanceCourse'
/** The survey of training needs; other kinds are those that the regime counts. */
export const needSurveyKind = 'trainingNeed'
/** Answers of an anonymous survey are counted from so many on, so that nobody can be guessed. */
export const fewestAnonymous = 3
