import { lessonKindLabels } from '../lesson/words.ts'
import { regulationKindLabels } from '../regulation/words.ts'
import { workKindLabels } from '../work/words.ts'

/** The fixed lists, in the order in which they are shown; `about` says where their terms are chosen. */
export const vocabularies = {
  contentTags: { label: '内容标签', about: '安排活动时标注，可以多选' },
  activityForms: { label: '活动形式', about: '安排活动时选择' },
  modes: { label: '研修方式', about: '制度规定的研修环节' },
  activityKinds: { label: '活动类别', about: '安排活动时选择' },
  workKinds: { label: '作品种类', about: '写作时选择' },
  lessonKinds: { label: '课型', about: '登记上课时选择' },
  studyKinds: { label: '自学类别', about: '登记个人研修时选择' },
  growthSteps: { label: '成长阶段', about: '教师档案中登记' },
  voices: { label: '评价主体', about: '登记考评得分时选择' },
  documentKinds: { label: '制度类别', about: '起草制度时选择' },
} as const
export type VocabularyName = keyof typeof vocabularies

/** From where a term comes. */
export const sourceLabels = {
  school: '本校制度',
  district: '区制度',
  usual: '常用词',
  own: '校内自定',
} as const
export type TermSource = keyof typeof sourceLabels

interface UsualTerms {
  terms: { id: string; label: string }[]
  /** Beside what a regime names, or only where it names nothing. */
  when: 'always' | 'otherwise'
}
const fromLabels = (labels: Record<string, string>) =>
  Object.entries(labels).map(([id, label]) => ({ id, label }))

/** Words that every school knows, for the lists that a regime may leave open. */
export const usualTerms: Partial<Record<VocabularyName, UsualTerms>> = {
  activityKinds: {
    when: 'otherwise',
    terms: [
      { id: 'groupResearch', label: '教研活动' },
      { id: 'themedDiscussion', label: '专题研讨' },
      { id: 'caseStudy', label: '课例研究' },
      { id: 'collectivePreparation', label: '集体备课' },
      { id: 'theoryStudy', label: '理论学习' },
      { id: 'lecture', label: '专题讲座' },
      { id: 'onlineTraining', label: '网络研修' },
      { id: 'meeting', label: '专门会议' },
    ],
  },
  activityForms: {
    when: 'otherwise',
    terms: [
      { id: 'faceToFace', label: '集中面授' },
      { id: 'discussion', label: '研讨交流' },
      { id: 'observation', label: '听课评课' },
      { id: 'online', label: '线上' },
    ],
  },
  lessonKinds: { when: 'always', terms: fromLabels(lessonKindLabels) },
  workKinds: { when: 'always', terms: fromLabels(workKindLabels) },
  documentKinds: { when: 'always', terms: fromLabels(regulationKindLabels) },
}
