/** Kinds of units with the names people know; a unit's own name is free. */
export const unitKindLabels = {
  department: '部门',
  teachingResearchGroup: '教研组',
  lessonPreparationGroup: '备课组',
  gradeGroup: '年级组',
  trainingGroup: '培训组',
  topicGroup: '课题组',
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
  joinedOn: '入职日期',
  firstAppointedOn: '参加工作日期',
  classTeacher: '班主任',
  backboneLevel: '骨干级别',
  growthStep: '成长阶段',
  putonghuaLevel: '普通话等级',
  positions: '其他职务',
} as const
export type AttributeName = keyof typeof attributeLabels
export const attributeNames = Object.keys(attributeLabels) as AttributeName[]

export const absenceKindLabels = {
  sickness: '病休',
  maternity: '产假',
  secondment: '借调',
  study: '脱产学习',
  other: '其他长假',
} as const
export type AbsenceKind = keyof typeof absenceKindLabels
export const absenceKinds = Object.keys(absenceKindLabels) as [AbsenceKind, ...AbsenceKind[]]
