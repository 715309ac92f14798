/** Kinds of units with the names people know; a unit's own name is free. */
export const unitKindLabels = {
  department: '部门',
  teachingResearchGroup: '教研组',
  lessonPreparationGroup: '备课组',
  gradeGroup: '年级组',
  trainingGroup: '培训组',
  topicGroup: '课题组',
  team: '班主任、青年教师等团队',
  area: '片区（学区）',
  body: '领导小组等组织',
} as const
export type UnitKind = keyof typeof unitKindLabels
export const unitKinds = Object.keys(unitKindLabels) as [UnitKind, ...UnitKind[]]

export const postRoleLabels = {
  groupLeader: '组长',
  deputyLeader: '副组长',
  academicOffice: '教导处',
  researchOffice: '教科室',
  vicePrincipal: '副校长',
  principal: '校长',
  archivist: '档案员',
  administrator: '管理员',
  districtOfficer: '区级教研员',
} as const
export type PostRole = keyof typeof postRoleLabels
export const postRoles = Object.keys(postRoleLabels) as [PostRole, ...PostRole[]]

/** What a post lets its holder do here, in a sentence; the gates of the server hold to it. */
export const postRoleMeans: Record<PostRole, string> = {
  groupLeader: '安排和主持本组活动，审核本组的作品和补学，提出固定时间，看本组进度。',
  deputyLeader: '协助组长，看本组的安排。',
  academicOffice: '维护人员、组和校历，审批请假，审核和盖章备案计划，备案固定时间，分配职责。',
  researchOffice: '审核作品和计划，提出成长阶段和骨干，安排师资，建人员范围。',
  vicePrincipal: '参加各组活动，随时听课并写意见。',
  principal: '任免职务和机构成员，确认骨干和成长阶段，采用和修改制度，看全校进度。',
  archivist: '整理和查阅报告册、档案。',
  administrator: '维护人员、组、账号和设置。',
  districtOfficer: '看各校的进度和记录，备案学校的计划，设定全区的项目、片区和五年周期。',
}

export const staffKindLabels = { teaching: '教师', support: '职员' } as const
export type StaffKind = keyof typeof staffKindLabels

/** Attributes of a person that can be kept, in the order of the form. */
export const attributeLabels = {
  gender: '性别',
  birthDate: '出生日期',
  staffKind: '身份',
  subjects: '任教学科',
  grade: '任教年级',
  title: '职称',
  degree: '学历',
  joinedOn: '入职日期',
  firstAppointedOn: '参加工作日期',
  classTeacher: '班主任',
  backboneLevel: '骨干级别',
  backboneAuthority: '骨干认定单位',
  growthStep: '成长阶段',
  putonghuaLevel: '普通话等级',
  teachingStyle: '教学特色',
  positions: '其他职务',
} as const
export type AttributeName = keyof typeof attributeLabels
export const attributeNames = Object.keys(attributeLabels) as AttributeName[]

/** What people may say is wrong in their own record. */
export const ownAttributeNames = [
  'gender',
  'birthDate',
  'subjects',
  'grade',
  'title',
  'degree',
  'joinedOn',
  'firstAppointedOn',
  'backboneLevel',
  'backboneAuthority',
  'putonghuaLevel',
  'teachingStyle',
] as const satisfies readonly AttributeName[]
export type OwnAttributeName = (typeof ownAttributeNames)[number]

export const correctionStatusLabels = {
  proposed: '待教导处核对',
  accepted: '已更正',
  declined: '未采纳',
  withdrawn: '已撤回',
} as const
export type CorrectionStatus = keyof typeof correctionStatusLabels

export const absenceKindLabels = {
  sickness: '病休',
  maternity: '产假',
  secondment: '借调',
  study: '脱产学习',
  other: '其他长假',
} as const
export type AbsenceKind = keyof typeof absenceKindLabels
export const absenceKinds = Object.keys(absenceKindLabels) as [AbsenceKind, ...AbsenceKind[]]

/** What a saved condition may ask of a person, with the ways of asking. */
export const cohortTests = {
  below: '不满',
  atLeast: '满',
  is: '是',
  contains: '含有',
  known: '有',
  none: '没有',
} as const
export type CohortTest = keyof typeof cohortTests
const inYears: readonly CohortTest[] = ['below', 'atLeast']
const inWords: readonly CohortTest[] = ['contains', 'is', 'known', 'none']
export const cohortSubjects = {
  age: { label: '年龄', unit: '周岁', tests: inYears },
  yearsInSchool: { label: '到校年数', unit: '年', tests: inYears },
  yearsTeaching: { label: '从教年数', unit: '年', tests: inYears },
  staffKind: { label: '身份', unit: '', tests: ['is'] },
  subject: { label: '任教学科', unit: '', tests: inWords },
  grade: { label: '任教年级', unit: '', tests: inWords },
  title: { label: '职称', unit: '', tests: inWords },
  degree: { label: '学历', unit: '', tests: inWords },
  backboneLevel: { label: '骨干级别', unit: '', tests: inWords },
  putonghuaLevel: { label: '普通话等级', unit: '', tests: inWords },
  teachingStyle: { label: '教学特色', unit: '', tests: inWords },
  gender: { label: '性别', unit: '', tests: ['is'] },
  classTeacher: { label: '班主任', unit: '', tests: ['is'] },
  roles: { label: '岗位', unit: '', tests: ['is'] },
  unitKinds: { label: '所在组织', unit: '', tests: ['is'] },
} as const satisfies Record<string, { label: string; unit: string; tests: readonly CohortTest[] }>
export type CohortSubject = keyof typeof cohortSubjects
