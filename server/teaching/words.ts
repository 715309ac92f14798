/** Who acts at a step. */
export type StepActor = keyof typeof stepActorLabels
export const stepActorLabels = {
  owner: '本人',
  members: '组内成员',
  peers: '听课教师、同伴',
  leader: '组长',
  office: '教导处',
} as const

/** About whom the fact of a step is: the matter's person or group, or whoever acted. */
export type StepSubject = 'run' | 'actor'

export type RunStatus = keyof typeof runStatusLabels
export const runStatusLabels = { running: '进行中', finished: '已完成', stopped: '已中止' } as const

/** Records that can be left at a step instead of writing. */
export type LinkRoom = keyof typeof linkRoomLabels
export const linkRoomLabels = { lesson: '课', work: '作品', observation: '听课记录', design: '教案' } as const

/** One step of a flow. */
export interface FlowStep {
  id: string
  label: string
  hint: string
  actor: StepActor
  subject: StepSubject
  /** The word under which its fact stands. */
  word: string
  /** It is done by giving a lesson; of one of these kinds where any is named. */
  isLesson: boolean
  lessonKinds: string[]
  needsArtefact: boolean
  optional: boolean
  withinDays: number | null
  clause: string
}
export interface FlowDefinition {
  flow: string
  label: string
  about: string
  /** Begun for a person or for a group as a whole. */
  of: 'person' | 'unit'
  ordered: boolean
  clause: string
  /** `regime` or one that every school knows. */
  source: 'regime' | 'usual'
  steps: FlowStep[]
}

type Usual = Partial<FlowStep> & Pick<FlowStep, 'id' | 'label'>
const usual = (flow: string, label: string, about: string, steps: Usual[]): FlowDefinition => ({
  flow,
  label,
  about,
  of: 'person',
  ordered: true,
  clause: '',
  source: 'usual',
  steps: steps.map((step) => ({
    hint: '',
    actor: 'owner',
    subject: step.actor === 'peers' ? 'actor' : 'run',
    word: step.id,
    isLesson: false,
    lessonKinds: [],
    needsArtefact: true,
    optional: false,
    withinDays: null,
    clause: '',
    ...step,
  })),
})

/** The flows that every school can use; a regime's flow of the same word stands in their place. */
export const usualFlows: FlowDefinition[] = [
  usual('sixLinks', '一课六环节', '一节公开课从课前介绍到上改进课，两稿教案并排对照。', [
    { id: 'introduction', label: '课前介绍', hint: '选好要上的课，附上第一稿教案，说说设计意图。' },
    { id: 'lesson', label: '上课听课', hint: '课上过以后选这节课。', isLesson: true },
    { id: 'selfReflection', label: '教师反思', hint: '目标达成了没有，哪里与设想不同。' },
    { id: 'comments', label: '听课教师评课', hint: '一条优点、一条建议。', actor: 'peers' },
    { id: 'revisedDesign', label: '根据评课意见改课', hint: '改好教案第二稿，写明采纳了哪些意见。' },
    {
      id: 'improvedLesson',
      label: '上改进课',
      hint: '从第一次的课“再上一次”，上过以后选这节课。',
      isLesson: true,
    },
  ]),
  usual('actionResearch', '行动研究', '从自己课堂里的一个问题做起。', [
    { id: 'problem', label: '问题', hint: '课堂上反复遇到的一个小问题。' },
    { id: 'planning', label: '计划', hint: '打算怎样改，用几周，看什么变化。' },
    { id: 'action', label: '行动', hint: '做了什么，可以选一节课或一篇作品。' },
    { id: 'observation', label: '观察', hint: '看到了什么变化，可以选听课记录。' },
    { id: 'evaluation', label: '评价', hint: '问题解决了多少，下一步怎样做。' },
  ]),
  usual('learningProcess', '主题学习过程', '围绕一个主题，学了用、用了再想。', [
    { id: 'theme', label: '确定主题' },
    { id: 'theory', label: '理论学习', hint: '读了什么，摘一两句。' },
    { id: 'practice', label: '指导实践', hint: '在哪节课上用了。' },
    { id: 'reflection', label: '课后反思' },
    { id: 'practiceAgain', label: '再实践' },
    { id: 'writing', label: '随笔、心得', hint: '可以选已经写好的作品。' },
  ]),
  usual('teacherRating', '课例研究（评定、再作课）', '评定、再上一次、再评定，好的加以推广。', [
    { id: 'summing', label: '评定', hint: '选第一次的课，作客观总结。', actor: 'leader' },
    { id: 'lessonAgain', label: '再作课', hint: '上过以后选再上的那节课。', isLesson: true },
    { id: 'ratingAgain', label: '再评定', hint: '与第一次比，进步在哪里。', actor: 'leader' },
    {
      id: 'spreading',
      label: '推广',
      hint: '由教导处决定是否推广并写明理由。',
      actor: 'office',
      optional: true,
    },
  ]),
]

/** Flows of regimes that other rooms keep: supplies, papers, outings, tests, topics of research. */
export const flowsElsewhere: ReadonlySet<string> = new Set([
  'supplies',
  'supply',
  'callForPapers',
  'upwardApplication',
  'resultReview',
  'notebookCheck',
  'degreeStudy',
  'furtherTraining',
  'trainingTasks',
  'outing',
  'outingFeedback',
  'primaryScienceTest',
  'smallTopic',
  'experimentPlan',
])

/** The step at which 教导处 decides whether something is spread. */
export const spreadingWord = 'spreading'

export type DesignKind = keyof typeof designKindLabels
export const designKindLabels = { own: '教案', shared: '集体备课', personal: '个性化教案' } as const
export type DesignStatus = keyof typeof designStatusLabels
export const designStatusLabels = { drafting: '起草中', discussing: '讨论中', final: '已定稿' } as const

export type TalkStatus = keyof typeof talkStatusLabels
export const talkStatusLabels = {
  draft: '草稿',
  submitted: '待审核',
  returned: '已退回',
  accepted: '已采纳',
} as const

/** The parts of a 说课 paper where the regime names none. */
export const usualTalkSections = [
  { key: 'textbook', label: '教材', hint: '内容、地位、重点难点' },
  { key: 'students', label: '学情', hint: '学生已经会什么，难在哪里' },
  { key: 'objectives', label: '目标', hint: '看得见、说得清的目标' },
  { key: 'methods', label: '教法学法', hint: '为什么这样教、这样学' },
  { key: 'process', label: '教学过程', hint: '环节和意图，不抄教案' },
  { key: 'boardDesign', label: '板书', hint: '板书和这样设计的理由' },
  { key: 'theoryBasis', label: '理论依据', hint: '课标或理论的哪一条' },
] as const

/** The sheet for 说课 where the regime names none; points in all 100. */
export const usualTalkSheet = {
  id: 'lessonTalkScores',
  title: '说课评分表',
  criteria: [
    { id: 'timeKept', label: '用时', hint: '不超过限时', most: 10 },
    { id: 'focus', label: '重点亮点', hint: '重点讲透，有自己的特色', most: 35 },
    { id: 'theoryGrounds', label: '理论依据', hint: '说得出为什么', most: 30 },
    { id: 'notLessonPlan', label: '区别于教案', hint: '说理由，不念流程', most: 25 },
  ],
}
export const usualTalkSettings = { limitMinutes: 15, similarPercent: 40 }

/** What was found of a paper's originality. */
export const originalWord = (original: boolean | null): string =>
  original === null ? '待认定' : original ? '原创' : '不是原创'
