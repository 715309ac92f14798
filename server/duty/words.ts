/** Words of bodies, duties, environment and growth, for server and pages. */
export const holderKinds = ['person', 'unit', 'organisation'] as const
export type HolderKind = (typeof holderKinds)[number]

export const supplyStatusLabels = {
  requested: '待送到',
  delivered: '已送到',
  declined: '未同意',
  withdrawn: '已撤回',
} as const
export type SupplyStatus = keyof typeof supplyStatusLabels

export const proposalKindLabels = { step: '成长阶段', candidate: '培养对象', title: '骨干称号' } as const
export type ProposalKind = keyof typeof proposalKindLabels

export const proposalStatusLabels = {
  proposed: '待校长确认',
  confirmed: '已确认',
  returned: '已退回',
  withdrawn: '已撤回',
} as const
export type ProposalStatus = keyof typeof proposalStatusLabels

/** Layers of management where the regime names none. */
export const usualLayers = [
  { id: 'principalLayer', label: '校长' },
  { id: 'officeLayer', label: '教导处、教科室' },
  { id: 'groupLayer', label: '教研组' },
  { id: 'teacherLayer', label: '教师' },
]
/** Kinds of conditions where the regime names none. */
export const usualEnvironmentKinds = [
  { id: 'venue', label: '研修场地' },
  { id: 'equipment', label: '设备' },
  { id: 'informationTechnology', label: '网络和信息技术' },
  { id: 'studyTime', label: '共同研修时间' },
  { id: 'resourceLibrary', label: '图书资料' },
]
/** Steps of a ladder where the regime names none. */
export const usualSteps = [
  { id: 'initial', label: '初任' },
  { id: 'competent', label: '胜任' },
  { id: 'backbone', label: '骨干' },
  { id: 'wellKnown', label: '知名' },
  { id: 'expert', label: '专家' },
]
export const usualTitles = [
  { id: 'backboneTeacher', label: '骨干教师' },
  { id: 'teachingExpert', label: '教学能手' },
  { id: 'subjectLeader', label: '学科带头人' },
  { id: 'famousTeacher', label: '名师' },
]
/** Titles of groups and schools that every regime may know. */
export const usualBodyTitles = [
  { id: 'advancedGroup', label: '先进教研组' },
  { id: 'demonstrationSchool', label: '示范学校' },
]
/** Levels of the 骨干 pool from the lowest to the highest, as facts name them. */
export const titleLevels = [
  { id: 'school', label: '校级' },
  { id: 'county', label: '县级' },
  { id: 'district', label: '区级' },
  { id: 'city', label: '市级' },
  { id: 'province', label: '省级' },
  { id: 'nation', label: '国家级' },
]

/** Rules by which members are derived, in the language of conditions over people. */
export const memberRules = [
  {
    id: 'groupLeaders',
    label: '全体教研组长',
    condition: '"groupLeader" in roles && "teachingResearchGroup" in unitKinds',
  },
  {
    id: 'gradeLeaders',
    label: '全体年级组长',
    condition: '"groupLeader" in roles && "gradeGroup" in unitKinds',
  },
  {
    id: 'preparationLeaders',
    label: '全体备课组长',
    condition: '"groupLeader" in roles && "lessonPreparationGroup" in unitKinds',
  },
  { id: 'leaders', label: '校长、副校长', condition: '"principal" in roles || "vicePrincipal" in roles' },
  { id: 'academicOffice', label: '教导处人员', condition: '"academicOffice" in roles' },
  { id: 'researchOffice', label: '教科室人员', condition: '"researchOffice" in roles' },
  { id: 'backbones', label: '全体骨干教师', condition: 'backboneLevel != ""' },
  { id: 'subjectLeaders', label: '全体学科带头人', condition: 'backboneLevel.contains("学科带头人")' },
  { id: 'teachers', label: '全体教师', condition: 'staffKind == "teaching"' },
]
