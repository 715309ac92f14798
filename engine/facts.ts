import type { AttributeValue, SubjectKind } from './types.ts'

/**
 * The register of fact kinds: the only words that rooms and regimes share. A room never knows which rule counts
 * its facts; a rule never knows which room left them.
 */
export interface FactKind {
  label: string
  subjects: SubjectKind[]
  /** What `quantity` measures. */
  quantity: { unit: string; label: string }
  /** Attributes that a rule's condition may name, with the values where the list is closed. */
  attributes: Record<
    string,
    { label: string; type: 'string' | 'number' | 'boolean' | 'strings'; values?: string[] }
  >
  /** The room that leaves such facts; null while no room keeps these records yet. */
  room: string | null
}

const activityAttributes: FactKind['attributes'] = {
  activityKind: { label: '活动类别', type: 'string' },
  form: { label: '活动形式', type: 'string' },
  contentTags: { label: '内容标签', type: 'strings' },
  scope: { label: '范围', type: 'string', values: ['organisation', 'group', 'body', 'area', 'district'] },
  theme: { label: '主题', type: 'string' },
  unitId: { label: '组织单位', type: 'string' },
}

export const factKinds = {
  'activity.held': {
    label: '活动已举行',
    subjects: ['unit', 'organisation'],
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      ...activityAttributes,
      minutesParts: { label: '记录已填部分', type: 'strings' },
      hostNamed: { label: '有主持人', type: 'boolean' },
      speakerNamed: { label: '有中心发言人', type: 'boolean' },
      settledItems: { label: '已落实事项', type: 'strings' },
      movedFrom: { label: '原定日期', type: 'string' },
    },
    room: 'activity',
  },
  'activity.attended': {
    label: '参加活动',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      ...activityAttributes,
      status: {
        label: '出勤',
        type: 'string',
        values: ['present', 'late', 'leftEarly', 'onLeave', 'absent'],
      },
    },
    room: 'activity',
  },
  'attendance.madeUp': {
    label: '补学已确认',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '补学时长' },
    attributes: { ...activityAttributes, missedStatus: { label: '原出勤', type: 'string' } },
    room: 'activity',
  },
  'activity.spoke': {
    label: '中心发言',
    subjects: ['person'],
    quantity: { unit: '次', label: '次数' },
    attributes: activityAttributes,
    room: 'activity',
  },
  'work.accepted': {
    label: '作品已采纳',
    subjects: ['person'],
    quantity: { unit: '篇', label: '篇数' },
    attributes: {
      workKind: { label: '作品种类', type: 'string' },
      characters: { label: '字数', type: 'number' },
      parts: { label: '已填部分', type: 'strings' },
    },
    room: 'work',
  },
  'study.logged': {
    label: '个人研修',
    subjects: ['person'],
    quantity: { unit: '分钟', label: '时长' },
    attributes: {
      studyKind: {
        label: '研修类别',
        type: 'string',
        values: ['theory', 'professional', 'policy', 'network'],
      },
      hasExcerpt: { label: '有摘记', type: 'boolean' },
    },
    room: 'study',
  },
  'plan.filed': {
    label: '计划、总结已备案',
    subjects: ['person', 'unit', 'organisation'],
    quantity: { unit: '份', label: '份数' },
    attributes: {
      paper: { label: '文种', type: 'string', values: ['plan', 'summary'] },
      level: { label: '层级', type: 'string', values: ['organisation', 'group', 'teacher'] },
      parts: { label: '已填部分', type: 'strings' },
      linkedUpward: { label: '依据上级计划', type: 'boolean' },
      horizon: { label: '时限', type: 'string', values: ['term', 'schoolYear', 'fiveYears'] },
      filedWith: { label: '备案机关', type: 'string', values: ['school', 'district'] },
    },
    room: 'plan',
  },
  'check.scored': {
    label: '平时检查得分',
    subjects: ['person', 'unit', 'organisation'],
    quantity: { unit: '分', label: '得分（百分制）' },
    attributes: { checkKind: { label: '检查方式', type: 'string', values: ['scheduled', 'random'] } },
    room: 'appraisal',
  },
  'evaluation.scored': {
    label: '考评得分',
    subjects: ['person', 'unit', 'organisation'],
    quantity: { unit: '分', label: '得分' },
    attributes: { voice: { label: '评价主体', type: 'string' } },
    room: 'appraisal',
  },
  'lesson.given': {
    label: '上课',
    subjects: ['person'],
    quantity: { unit: '节', label: '节数' },
    attributes: { lessonKind: { label: '课型', type: 'string' } },
    room: null,
  },
  'topic.approved': {
    label: '课题立项',
    subjects: ['person', 'unit', 'organisation'],
    quantity: { unit: '项', label: '项数' },
    attributes: { level: { label: '级别', type: 'string' } },
    room: null,
  },
  'money.budgeted': {
    label: '经费预算',
    subjects: ['organisation'],
    quantity: { unit: '元', label: '金额' },
    attributes: { purpose: { label: '用途', type: 'string' } },
    room: null,
  },
  'contest.entered': {
    label: '参评作品已提交',
    subjects: ['person'],
    quantity: { unit: '件', label: '件数' },
    attributes: {
      contest: { label: '评比', type: 'string' },
      workKind: { label: '作品种类', type: 'string' },
    },
    room: null,
  },
} satisfies Record<string, FactKind>

export type FactKindName = keyof typeof factKinds

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
  body: '工作机构',
  department: '处室',
}
