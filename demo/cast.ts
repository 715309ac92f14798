import type { LocalDate } from '../engine/types.ts'
import { type Chance, createChance } from './chance.ts'
import { createNames } from './names.ts'

/** How somebody goes about duties: the share of them that gets done, and done in time. */
export interface Character {
  diligence: number
  punctuality: number
}

export interface CastMember extends Character {
  key: string
  staffNumber: string
  name: string
  gender: '女' | '男'
  birthDate: LocalDate
  staffKind: 'teaching' | 'support'
  subject: string
  title: string
  /** Key of the group, null for people without one. */
  group: string | null
  post: 'principal' | 'academicOffice' | 'researchOffice' | 'groupLeader' | null
  joinedOn: LocalDate
}

export interface CastGroup {
  key: string
  name: string
  subject: string
  /** Which bank of themes the group draws from. */
  themes: string
  weekday: number
  place: string
}

export interface CastSchool {
  key: 'xinglong' | 'xinhongqiao' | 'baihe'
  name: string
  regimeId: string
  /** Weekday of collective study of the whole school, 1 = Monday. */
  studyDay: number
  groups: CastGroup[]
  people: CastMember[]
}

export const districtName = '云岭区'
/** The same for every demo account, so that one can go in and out of all roles. */
export const demoPassword = 'xiaoyan2026'

const titles = ['二级教师', '二级教师', '一级教师', '一级教师', '一级教师', '高级教师', '三级教师']

interface SchoolPlan {
  key: CastSchool['key']
  name: string
  regimeId: string
  studyDay: number
  prefix: string
  groups: (CastGroup & { size: number })[]
  leaders: number
  support: number
}

const group = (
  key: string,
  name: string,
  subject: string,
  themes: string,
  weekday: number,
  place: string,
  size: number,
) => ({
  key,
  name,
  subject,
  themes,
  weekday,
  place,
  size,
})

// Staff of 24, 60 and 120: groups, three school leaders each, the rest without teaching duties.
const plans: SchoolPlan[] = [
  {
    key: 'xinglong',
    name: '兴隆小学',
    regimeId: 'xinglong',
    studyDay: 5,
    prefix: 'XL',
    leaders: 3,
    support: 2,
    groups: [
      group('chinese', '语文教研组', '语文', '语文', 2, '二楼会议室', 8),
      group('maths', '数学教研组', '数学', '数学', 3, '三楼数学办公室', 6),
      group('other', '综合教研组', '科学', '综合', 4, '科学实验室', 5),
    ],
  },
  {
    key: 'xinhongqiao',
    name: '新虹桥小学',
    regimeId: 'xinhongqiao',
    studyDay: 4,
    prefix: 'XH',
    leaders: 3,
    support: 4,
    groups: [
      group('chineseLower', '低段语文教研组', '语文', '语文', 2, '一号楼 203', 10),
      group('chineseUpper', '高段语文教研组', '语文', '语文', 3, '一号楼 305', 11),
      group('mathsLower', '低段数学教研组', '数学', '数学', 2, '一号楼 204', 8),
      group('mathsUpper', '高段数学教研组', '数学', '数学', 4, '一号楼 306', 9),
      group('english', '英语教研组', '英语', '英语', 1, '语音室', 6),
      group('arts', '艺体科教研组', '音乐', '综合', 5, '二号楼 101', 9),
    ],
  },
  {
    key: 'baihe',
    name: '百合小学',
    regimeId: 'baihe-5',
    studyDay: 2,
    prefix: 'BH',
    leaders: 4,
    support: 12,
    groups: [
      group('gradeOne', '一年级语文教研组', '语文', '语文', 2, '启蒙楼 102', 13),
      group('gradeMiddle', '中段语文教研组', '语文', '语文', 2, '启蒙楼 201', 14),
      group('gradeUpper', '高段语文教研组', '语文', '语文', 2, '明理楼 301', 14),
      group('mathsLower', '低段数学教研组', '数学', '数学', 3, '启蒙楼 105', 13),
      group('mathsUpper', '高段数学教研组', '数学', '数学', 3, '明理楼 305', 14),
      group('english', '英语教研组', '英语', '英语', 4, '明理楼 402', 12),
      group('science', '科学信息教研组', '科学', '综合', 4, '科创中心', 12),
      group('artsSports', '艺体教研组', '美术', '综合', 4, '艺术楼 104', 12),
    ],
  },
]

const otherSubjects: Record<string, string[]> = {
  other: ['英语', '科学', '音乐', '体育', '美术'],
  arts: ['音乐', '体育', '美术', '科学', '信息科技', '道德与法治'],
  science: ['科学', '信息科技', '道德与法治', '综合实践'],
  artsSports: ['美术', '音乐', '体育'],
}

/** The whole cast, the same at every telling. */
export function createCast(): CastSchool[] {
  const chance = createChance(20_250_901)
  const nextName = createNames(chance)
  return plans.map((plan) => {
    const people: CastMember[] = []
    const add = (part: Pick<CastMember, 'staffKind' | 'subject' | 'group' | 'post'>) => {
      const number = people.length + 1
      const { name, gender } = nextName()
      people.push({
        ...part,
        ...character(chance, part.post !== null),
        key: `${plan.key}-${number}`,
        staffNumber: `${plan.prefix}${String(number).padStart(3, '0')}`,
        name,
        gender,
        birthDate: `${chance.between(1967, 2002)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`,
        title: part.staffKind === 'teaching' ? chance.pick(titles) : '',
        joinedOn: `${chance.between(2004, 2024)}-09-01`,
      })
    }
    const posts = ['principal', 'academicOffice', 'researchOffice', null] as const
    for (let index = 0; index < plan.leaders; index++) {
      add({
        staffKind: 'teaching',
        subject: index === 0 ? '道德与法治' : '语文',
        group: null,
        post: posts[index] ?? null,
      })
    }
    for (const one of plan.groups) {
      for (let index = 0; index < one.size; index++) {
        const subjects = otherSubjects[one.key]
        const subject = subjects ? (subjects[index % subjects.length] ?? one.subject) : one.subject
        add({ staffKind: 'teaching', subject, group: one.key, post: index === 0 ? 'groupLeader' : null })
      }
    }
    for (let index = 0; index < plan.support; index++)
      add({ staffKind: 'support', subject: '', group: null, post: null })
    const groups = plan.groups.map(({ key, name, subject, themes, weekday, place }) => ({
      key,
      name,
      subject,
      themes,
      weekday,
      place,
    }))
    return {
      key: plan.key,
      name: plan.name,
      regimeId: plan.regimeId,
      studyDay: plan.studyDay,
      groups,
      people,
    }
  })
}

/** Most do what they should, some are ahead, a few are well behind. */
function character(chance: Chance, hasPost: boolean): Character {
  const draw = chance.next()
  if (hasPost || draw < 0.25) return { diligence: 1, punctuality: 0.98 }
  if (draw < 0.8) return { diligence: 0.92, punctuality: 0.93 }
  if (draw < 0.94) return { diligence: 0.75, punctuality: 0.85 }
  return { diligence: 0.45, punctuality: 0.75 }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
