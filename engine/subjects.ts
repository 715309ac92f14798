import type { AttributeValue } from './types.ts'

/** An attribute that a condition over people or units may name. */
export interface SubjectAttribute {
  label: string
  type: 'string' | 'number' | 'boolean' | 'strings'
  values?: string[]
  /** What holds when nothing is on record; without it a cohort that asks for the attribute cannot be decided. */
  assume?: AttributeValue
}

/** Attributes of people: dated values of the staff register, and what the engine derives from them on a day. */
export const personAttributes = {
  gender: { label: '性别', type: 'string' },
  birthDate: { label: '出生日期', type: 'string' },
  staffKind: { label: '人员类别', type: 'string', values: ['teaching', 'support'], assume: 'teaching' },
  subject: { label: '任教学科', type: 'string', assume: '' },
  grade: { label: '任教年级', type: 'string', assume: '' },
  title: { label: '职称', type: 'string', assume: '' },
  joinedOn: { label: '到校日期', type: 'string' },
  firstAppointedOn: { label: '参加工作日期', type: 'string' },
  backboneLevel: { label: '骨干级别', type: 'string', assume: '' },
  growthStep: { label: '成长阶段', type: 'string', assume: '' },
  putonghuaLevel: { label: '普通话等级', type: 'string', assume: '' },
  degree: { label: '学历', type: 'string', assume: '' },
  teachingStyle: { label: '教学特色', type: 'string', assume: '' },
  backboneAuthority: { label: '骨干认定单位', type: 'string', assume: '' },
  // On days before a transfer: the school at which somebody served then.
  schoolBefore: { label: '调入前的学校', type: 'string', assume: '' },
  cycleStartYear: { label: '五年周期起始年', type: 'number' },
  classTeacher: { label: '班主任', type: 'boolean', assume: false },
  // Derived: full years from `birthDate`, from `joinedOn` and from `firstAppointedOn` to the day.
  age: { label: '年龄', type: 'number' },
  yearsInSchool: { label: '到校年数', type: 'number' },
  yearsTeaching: { label: '从教年数', type: 'number' },
  // Derived: roles of the posts and kinds of the units on the day.
  roles: { label: '职务', type: 'strings', assume: [] },
  unitKinds: { label: '所在组织', type: 'strings', assume: [] },
} satisfies Record<string, SubjectAttribute>

/** Attributes of units that a condition may name. */
export const unitAttributes = {
  name: { label: '名称', type: 'string' },
  kind: { label: '类别', type: 'string' },
  subject: { label: '学科', type: 'string', assume: '' },
} satisfies Record<string, SubjectAttribute>

/** Kinds of units that a rule may bind, with their names for people. */
export const unitKinds: Record<string, string> = {
  teachingResearchGroup: '教研组',
  lessonPreparationGroup: '备课组',
  gradeGroup: '年级组',
  trainingGroup: '培训组',
  topicGroup: '课题组',
  team: '团队',
  area: '片区',
  body: '工作机构',
  department: '处室',
}
