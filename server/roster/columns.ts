import type { LocalDate } from '../../engine/types.ts'

/** What a roster file says about one person. `null`: the file does not say (column missing or cell empty). */
export interface RosterRow {
  /** Line in the file as Excel shows it, from 1. */
  row: number
  employeeNumber: string
  name: string
  sex: 'male' | 'female' | null
  birthDate: LocalDate | null
  staffKind: 'teacher' | 'staff' | null
  /** For lists, an empty list means that the file says 无: none. */
  subjects: string[] | null
  title: string | null
  degree: string | null
  joinedOn: LocalDate | null
  firstAppointedOn: LocalDate | null
  backboneLevel: string | null
  backboneAuthority: string | null
  putonghuaLevel: string | null
  teachingStyle: string | null
  mobile: string | null
  teachingResearchGroups: string[] | null
  lessonPreparationGroups: string[] | null
  gradeGroups: string[] | null
  posts: RosterPost[] | null
}

export type GroupKind = 'teachingResearchGroup' | 'lessonPreparationGroup' | 'gradeGroup'

/** A post; for 组长 and 副组长 of a group with the group that the person leads, which the same row names. */
export interface RosterPost {
  title: string
  leads: { kind: GroupKind; name: string } | null
}

/** One mistake in the file. Row and column are those that Excel shows; `null` where the whole file is meant. */
export interface RosterProblem {
  row: number | null
  /** Column letter, `C`. */
  column: string | null
  columnTitle: string | null
  /** What stands in the cell, as text. */
  value: string
  /** One Chinese sentence: what is wrong and what to do. */
  message: string
}

export type RosterField = Exclude<keyof RosterRow, 'row'>

export interface RosterColumn {
  field: RosterField
  /** The header that the template uses. */
  title: string
  required: boolean
  synonyms: string[]
  /** How to fill it in, for the second sheet of the template. */
  hint: string
  examples: [string, string]
  width: number
}

export const groupFields: { field: RosterField & `${string}Groups`; kind: GroupKind; label: string }[] = [
  { field: 'teachingResearchGroups', kind: 'teachingResearchGroup', label: '教研组' },
  { field: 'lessonPreparationGroups', kind: 'lessonPreparationGroup', label: '备课组' },
  { field: 'gradeGroups', kind: 'gradeGroup', label: '年级组' },
]

export const rosterColumns: RosterColumn[] = [
  {
    field: 'employeeNumber',
    title: '工号',
    required: true,
    synonyms: [
      '职工号',
      '教工号',
      '教职工号',
      '员工号',
      '教师工号',
      '员工编号',
      '教师编号',
      '教工编号',
      '职工编号',
      '教职工编号',
      '人员编号',
    ],
    hint: '必填。每人一个，不能重复；字母、数字均可，前面的0会保留。以后更新名册时按工号认人，请不要更换。',
    examples: ['0012', '0035'],
    width: 12,
  },
  {
    field: 'name',
    title: '姓名',
    required: true,
    synonyms: ['名字', '教师姓名', '教职工姓名', '职工姓名', '员工姓名'],
    hint: '必填。',
    examples: ['曾小明', '单国英'],
    width: 12,
  },
  {
    field: 'sex',
    title: '性别',
    required: false,
    synonyms: [],
    hint: '男或女。',
    examples: ['男', '女'],
    width: 8,
  },
  {
    field: 'birthDate',
    title: '出生日期',
    required: false,
    synonyms: ['出生年月日', '出生年月', '出生时间', '生日'],
    hint: '要有年、月、日，例如 1986-03-05，也可写成 1986.3.5、1986/3/5、1986年3月5日。',
    examples: ['1986-03-05', '1975年11月20日'],
    width: 14,
  },
  {
    field: 'staffKind',
    title: '身份',
    required: false,
    synonyms: ['人员类别', '人员类型', '人员身份', '教职工类别'],
    hint: '教师或职员。',
    examples: ['教师', '教师'],
    width: 8,
  },
  {
    field: 'subjects',
    title: '任教学科',
    required: false,
    synonyms: ['学科', '任课学科', '所教学科', '任教科目', '任课科目', '科目'],
    hint: '有几门就用“、”隔开，例如 语文、道德与法治。',
    examples: ['语文、道德与法治', '数学'],
    width: 18,
  },
  {
    field: 'title',
    title: '职称',
    required: false,
    synonyms: ['专业技术职称', '专业技术职务', '技术职称', '现任职称'],
    hint: '例如 二级教师、一级教师、高级教师、正高级教师。',
    examples: ['一级教师', '高级教师'],
    width: 12,
  },
  {
    field: 'joinedOn',
    title: '入职日期',
    required: false,
    synonyms: [
      '入职时间',
      '入校日期',
      '入校时间',
      '到校日期',
      '到校时间',
      '进校时间',
      '进校日期',
      '来校时间',
      '来校日期',
      '调入时间',
      '调入日期',
    ],
    hint: '到本校工作的日期，写法与出生日期相同。',
    examples: ['2012-08-20', '1998.8.25'],
    width: 14,
  },
  {
    field: 'firstAppointedOn',
    title: '参加工作日期',
    required: false,
    synonyms: ['参加工作时间', '参加工作年月', '参加工作年月日', '工作时间', '初任日期', '初次任教日期'],
    hint: '第一次走上教学岗位的日期，写法与出生日期相同；按从教年数算的规定要用。',
    examples: ['2008-08-25', '1996.8.25'],
    width: 14,
  },
  {
    field: 'degree',
    title: '学历',
    required: false,
    synonyms: ['最高学历', '文化程度', '学历学位'],
    hint: '例如 本科、硕士研究生。',
    examples: ['本科', '大专'],
    width: 12,
  },
  {
    field: 'backboneLevel',
    title: '骨干级别',
    required: false,
    synonyms: ['骨干教师级别', '骨干称号', '骨干教师', '骨干'],
    hint: '例如 县级骨干教师、市级学科带头人。',
    examples: ['', '县级骨干教师'],
    width: 16,
  },
  {
    field: 'backboneAuthority',
    title: '骨干认定单位',
    required: false,
    synonyms: ['认定单位', '骨干授予单位', '授予单位'],
    hint: '发文认定骨干的单位，例如 县教育局。',
    examples: ['', '县教育局'],
    width: 16,
  },
  {
    field: 'putonghuaLevel',
    title: '普通话等级',
    required: false,
    synonyms: ['普通话水平', '普通话', '普通话级别', '普通话水平等级'],
    hint: '例如 二级甲等。',
    examples: ['二级甲等', '二级乙等'],
    width: 12,
  },
  {
    field: 'teachingStyle',
    title: '教学特色',
    required: false,
    synonyms: ['教学风格', '自定教学特色'],
    hint: '自己定的教学特色，不超过30个字。',
    examples: ['', '读写结合'],
    width: 18,
  },
  {
    field: 'mobile',
    title: '手机',
    required: false,
    synonyms: ['手机号', '手机号码', '移动电话', '联系电话', '联系方式', '电话', '电话号码'],
    hint: '11位手机号。',
    examples: ['13800000001', '13800000002'],
    width: 14,
  },
  {
    field: 'teachingResearchGroups',
    title: '教研组',
    required: false,
    synonyms: ['所在教研组', '所属教研组', '学科组', '学科教研组'],
    hint: '参加几个组就用“、”隔开；同一个组每行要写得一样。',
    examples: ['语文教研组', '数学教研组'],
    width: 16,
  },
  {
    field: 'lessonPreparationGroups',
    title: '备课组',
    required: false,
    synonyms: ['所在备课组', '所属备课组', '集体备课组'],
    hint: '同上。',
    examples: ['三年级语文备课组', '五年级数学备课组'],
    width: 18,
  },
  {
    field: 'gradeGroups',
    title: '年级组',
    required: false,
    synonyms: ['所在年级组', '所属年级组', '年级', '所在年级', '任教年级'],
    hint: '同上。',
    examples: ['三年级组', '五年级组'],
    width: 12,
  },
  {
    field: 'posts',
    title: '职务',
    required: false,
    synonyms: ['行政职务', '校内职务', '担任职务', '现任职务'],
    hint: '例如 校长、副校长、教导主任、教科室主任；组长请写明是哪种组：教研组长、备课组长、年级组长，组也要写在本行的相应列里。几个职务用“、”隔开。',
    examples: ['备课组长', '教导主任、教研组长'],
    width: 18,
  },
]

const byHeader = new Map<string, RosterColumn>()
for (const column of rosterColumns) {
  for (const title of [column.title, ...column.synonyms]) byHeader.set(title, column)
}

/** Finds the column that a header cell means, whatever spaces, stars and remarks in brackets it carries. */
export function findColumn(header: string): RosterColumn | undefined {
  const bare = header
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]/gu, '')
    .replace(/[([{【〔].*$/u, '')
    .replace(/[*:：•]|必填$|选填$/gu, '')
  return byHeader.get(bare)
}

/** `0` → `A`, `27` → `AB`. */
export function columnLetter(index: number): string {
  let letters = ''
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  }
  return letters
}
