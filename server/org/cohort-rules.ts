import { attributesOn, isInPost, meets, personRegister } from '../../engine/cohorts.ts'
import type { Conditions } from '../../engine/conditions.ts'
import type { AttributeValue, LocalDate, PersonInput, UnitInput } from '../../engine/types.ts'
import {
  type CohortSubject,
  cohortSubjects,
  type CohortTest,
  cohortTests,
  postRoleLabels,
  staffKindLabels,
  unitKindLabels,
} from './words.ts'

/** One part of a saved condition; all parts hold together. */
export interface CohortPart {
  subject: CohortSubject
  test: CohortTest
  value: string
}

const numbers: readonly CohortSubject[] = ['age', 'yearsInSchool', 'yearsTeaching']
/** Closed lists, with the words for their values. */
export const cohortValues: Partial<Record<CohortSubject, Record<string, string>>> = {
  staffKind: staffKindLabels,
  gender: { 男: '男', 女: '女' },
  classTeacher: { yes: '是', no: '不是' },
  roles: postRoleLabels,
  unitKinds: unitKindLabels,
}

/** What is wrong with a part, in a sentence; null when it can be asked. */
export function partProblem(part: CohortPart): string | null {
  const { label, tests } = cohortSubjects[part.subject]
  if (!(tests as readonly CohortTest[]).includes(part.test))
    return `“${label}”不能这样问，请选择${tests.map((test) => `“${cohortTests[test]}”`).join('或')}。`
  if (part.test === 'known' || part.test === 'none') return null
  if (numbers.includes(part.subject)) {
    const years = Number(part.value)
    return Number.isInteger(years) && years >= 0 && years <= 100 ? null : `${label}请填 0 到 100 的整数。`
  }
  const values = cohortValues[part.subject]
  if (values) return part.value in values ? null : `${label}请从列表里选。`
  if (part.value.trim() === '') return `请填写${label}。`
  return /["\\\n\r]/.test(part.value) ? `${label}里不能有引号和换行。` : null
}

/** A saved condition in the language of the regimes. */
export function conditionOf(parts: readonly CohortPart[]): string {
  return parts.map(partCondition).join(' && ')
}

/** One part in the language of the regimes. */
export function partCondition({ subject, test, value }: CohortPart): string {
  const text = JSON.stringify(value.trim())
  if (test === 'below') return `${subject} < ${Number(value)}`
  if (test === 'atLeast') return `${subject} >= ${Number(value)}`
  if (test === 'known') return `${subject} != ""`
  if (test === 'none') return `${subject} == ""`
  if (subject === 'classTeacher') return value === 'yes' ? 'classTeacher' : '!classTeacher'
  if (subject === 'roles' || subject === 'unitKinds') return `${text} in ${subject}`
  return test === 'contains' ? `${subject}.contains(${text})` : `${subject} == ${text}`
}

/** A saved condition in words: 年龄不满 40 周岁，身份是教师. */
export function partsText(parts: readonly CohortPart[]): string {
  return parts
    .map(({ subject, test, value }) => {
      const { label, unit } = cohortSubjects[subject]
      if (test === 'known' || test === 'none') return `${cohortTests[test]}${label}`
      if (unit !== '') return `${label}${cohortTests[test]} ${value} ${unit}`
      const word = cohortValues[subject]?.[value] ?? value.trim()
      if (subject === 'classTeacher') return `${word}班主任`
      return `${label}${cohortTests[test]}“${word}”`
    })
    .join('，')
}

export interface CohortMembers {
  people: PersonInput[]
  /** Those of whom it cannot be said, with what is not on record. */
  unknown: { person: PersonInput; missing: string[] }[]
}

/** Who meets all of some conditions on a day, of the people in post then; one that is not met decides. */
export function membersOn(
  wanted: readonly string[],
  asked: {
    conditions: Conditions
    settings: Record<string, AttributeValue>
    people: readonly PersonInput[]
    units: readonly UnitInput[]
    day: LocalDate
  },
): CohortMembers {
  const kinds = new Map(asked.units.map((unit) => [unit.id, unit.kind]))
  const tests = wanted.map((condition) => asked.conditions.forPerson(condition))
  const found: CohortMembers = { people: [], unknown: [] }
  for (const person of asked.people) {
    if (!isInPost(person, asked.day)) continue
    const values = {
      ...attributesOn(person, (id) => kinds.get(id), asked.day),
      settings: asked.settings,
    }
    const answers = tests.map((test) => meets(test, values, personRegister))
    const missing = [...new Set(answers.flatMap((answer) => answer.missing))]
    if (answers.every((answer) => answer.met)) found.people.push(person)
    else if (answers.every((answer) => answer.met || answer.missing.length > 0))
      found.unknown.push({ person, missing })
  }
  return found
}
