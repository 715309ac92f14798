import type { AttributeValue } from '../../engine/types.ts'
import { groupFields, type RosterPost, type RosterRow } from '../roster/columns.ts'
import type { ExistingPerson, RosterChange } from '../roster/rules.ts'
import type { PostRole, UnitKind } from './words.ts'
import type { RegisteredPerson } from './roster-store.ts'

/** Posts of a roster that carry a role in the program; all others are kept as words about the person. */
const roleByTitle: Record<string, PostRole> = {
  校长: 'principal',
  教导主任: 'academicOffice',
  教导副主任: 'academicOffice',
  教务主任: 'academicOffice',
  教务副主任: 'academicOffice',
  教科室主任: 'researchOffice',
  教科室副主任: 'researchOffice',
  教研室主任: 'researchOffice',
}
/** Roles that a roster hands out and takes away; administrators and district officers are appointed by hand. */
const rosterRoles: readonly PostRole[] = ['principal', 'academicOffice', 'researchOffice', 'groupLeader']
const groupKinds: readonly string[] = groupFields.map((field) => field.kind)

export function roleOf(post: RosterPost): PostRole | null {
  if (post.leads) return post.title === '组长' ? 'groupLeader' : null
  return roleByTitle[post.title] ?? null
}

/** Whether a roster speaks for this post: the offices, and leading one of the kinds of groups that it names. */
export function isRosterPost(post: RegisteredPerson['posts'][number]): boolean {
  if (!rosterRoles.includes(post.role)) return false
  return post.role !== 'groupLeader' || (post.kind !== null && groupKinds.includes(post.kind))
}

export const postText = (post: RosterPost) => (post.leads ? `${post.leads.name}${post.title}` : post.title)

const text = (value: AttributeValue | undefined): string | null =>
  typeof value === 'string' && value !== '' ? value : null
const list = (value: AttributeValue | undefined): string[] => (Array.isArray(value) ? value : [])

/** A person of the register in the words of a roster, so that both can be compared. */
export function asRosterPerson(person: RegisteredPerson): ExistingPerson {
  const { attributes } = person
  const gender = text(attributes.gender)
  const staffKind = text(attributes.staffKind)
  const subject = text(attributes.subject)
  const groups = (kind: UnitKind) =>
    person.memberships.filter((one) => one.kind === kind).map((one) => one.name)
  const posts: RosterPost[] = person.posts
    .filter(isRosterPost)
    .map((post) =>
      post.role === 'groupLeader'
        ? { title: '组长', leads: { kind: post.kind as 'gradeGroup', name: post.name ?? '' } }
        : { title: post.title, leads: null },
    )
  for (const position of list(attributes.positions)) {
    const group = person.memberships.find((one) => position === `${one.name}副组长`)
    posts.push(
      group
        ? { title: '副组长', leads: { kind: group.kind as 'gradeGroup', name: group.name } }
        : { title: position, leads: null },
    )
  }
  return {
    id: person.id,
    employeeNumber: person.staffNumber,
    name: person.name,
    sex: gender === null ? null : gender === '男' ? 'male' : 'female',
    birthDate: text(attributes.birthDate),
    staffKind: staffKind === null ? null : staffKind === 'support' ? 'staff' : 'teacher',
    subjects: list(attributes.subjects).length > 0 ? list(attributes.subjects) : subject ? [subject] : [],
    title: text(attributes.title),
    degree: text(attributes.degree),
    joinedOn: text(attributes.joinedOn),
    firstAppointedOn: text(attributes.firstAppointedOn),
    backboneLevel: text(attributes.backboneLevel),
    backboneAuthority: text(attributes.backboneAuthority),
    putonghuaLevel: text(attributes.putonghuaLevel),
    teachingStyle: text(attributes.teachingStyle),
    mobile: person.phone,
    teachingResearchGroups: groups('teachingResearchGroup'),
    lessonPreparationGroups: groups('lessonPreparationGroup'),
    gradeGroups: groups('gradeGroup'),
    posts,
  }
}

/** Fields of a roster that are kept as they are written. */
const plainFields = [
  'title',
  'degree',
  'joinedOn',
  'firstAppointedOn',
  'backboneLevel',
  'backboneAuthority',
  'putonghuaLevel',
  'teachingStyle',
] as const

/** What a row says of a person's attributes; what it does not say is left out. */
export function attributesOf(row: RosterRow): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {}
  if (row.sex) values.gender = row.sex === 'male' ? '男' : '女'
  if (row.birthDate) values.birthDate = row.birthDate
  if (row.staffKind) values.staffKind = row.staffKind === 'teacher' ? 'teaching' : 'support'
  if (row.subjects) {
    values.subjects = row.subjects
    values.subject = row.subjects[0] ?? ''
  }
  for (const name of plainFields) if (row[name]) values[name] = row[name]
  if (row.posts) {
    values.positions = row.posts.filter((post) => roleOf(post) === null).map(postText)
    values.classTeacher = row.posts.some((post) => post.title === '班主任')
  }
  return values
}

/** A value that says nothing and is not kept. */
export function isEmpty(value: AttributeValue): boolean {
  return value === '' || value === false || (Array.isArray(value) && value.length === 0)
}

/** `语文教研组` → `语文`: what two names for the same group have in common. */
export function bareGroupName(name: string): string {
  return name
    .replace(/组$/u, '')
    .replace(/(教研|备课|学科|年级)$/u, '')
    .replace(/年级$/u, '年')
}

/** The subject that the name of a teaching-research group tells. */
export function subjectOfGroup(kind: UnitKind, name: string): string | null {
  if (kind !== 'teachingResearchGroup') return null
  const bare = bareGroupName(name)
  return (
    [
      '语文',
      '数学',
      '英语',
      '科学',
      '音乐',
      '美术',
      '体育',
      '道德与法治',
      '信息科技',
      '劳动',
      '物理',
      '化学',
      '生物',
      '历史',
      '地理',
      '政治',
    ].find((subject) => bare.endsWith(subject)) ?? null
  )
}

const sexText = { male: '男', female: '女' } as const
const kindText = { teacher: '教师', staff: '职员' } as const

/** A value of the roster as people read it; `（空）` where there is none. */
export function valueText(value: RosterChange['after']): string {
  if (value === null || value === '' || (Array.isArray(value) && value.length === 0)) return '（空）'
  if (Array.isArray(value))
    return value.map((one) => (typeof one === 'string' ? one : postText(one))).join('、')
  return sexText[value as 'male'] ?? kindText[value as 'staff'] ?? value
}

/** All groups of a row, for one cell: 语文教研组、三年级组. */
export function groupsText(row: RosterRow): string {
  return groupFields.flatMap(({ field }) => row[field] ?? []).join('、')
}
