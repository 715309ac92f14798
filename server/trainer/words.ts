/** Words of trainers, invitations and contributions, for server and pages. */

/** Kinds of trainers. `label` fits what regimes call them; the first word that fits a kind is the nearest. */
export const trainerKinds = {
  expert: '专家',
  famousTeacher: '名师',
  researchOfficer: '教研员',
  specialGradeTeacher: '特级教师',
  subjectLeader: '学科带头人',
  backbone: '骨干教师',
  expertTeacher: '教学能手',
  trainingLeader: '研修引领者',
  researchDirector: '教科室主任',
} as const
export type TrainerKind = keyof typeof trainerKinds
export const trainerKindNames = Object.keys(trainerKinds) as [TrainerKind, ...TrainerKind[]]

/** Levels from the lowest to the highest, as facts name them. */
export const trainerLevels = {
  school: '校级',
  county: '县级',
  district: '区级',
  city: '市级',
  province: '省级',
  nation: '国家级',
} as const
export type TrainerLevel = keyof typeof trainerLevels
export const trainerLevelNames = Object.keys(trainerLevels) as [TrainerLevel, ...TrainerLevel[]]

export const invitationKindLabels = {
  adviser: '聘为顾问',
  lecture: '请来讲座',
  guidance: '请来指导',
} as const
export type InvitationKind = keyof typeof invitationKindLabels

export const invitationStatusLabels = {
  proposed: '待校长批准',
  approved: '已批准',
  refused: '未批准',
  withdrawn: '已撤回',
} as const
export type InvitationStatus = keyof typeof invitationStatusLabels

export const contributionKindLabels = { lecture: '讲座', guidance: '指导' } as const
export type ContributionKind = keyof typeof contributionKindLabels

export const starLabels = ['没有收获', '收获不大', '有些收获', '收获较大', '收获很大'] as const

interface Word {
  id: string
  label: string
}
/** What guidance is about, where the regime names nothing. */
export const usualGuidanceKinds: Word[] = [
  { id: 'classroomTeaching', label: '课堂教学' },
  { id: 'textbookAndMethod', label: '教材教法' },
  { id: 'topic', label: '课题研究' },
  { id: 'learningHelp', label: '疑难解答' },
]
export const usualModes: Word[] = [
  { id: 'faceToFace', label: '面对面' },
  { id: 'online', label: '线上' },
  { id: 'written', label: '书面' },
]
/** The duty of an adviser, where the regime names none. */
export const usualDuties: Word[] = [{ id: 'adviser', label: '校本研修顾问' }]
