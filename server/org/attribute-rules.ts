import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import { type AttributeName, attributeLabels } from './words.ts'

const dayAttributes: readonly string[] = ['birthDate', 'joinedOn', 'firstAppointedOn']

const isDay = (text: string) =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text)

/** What is wrong with values of a person's record, by name; empty when they may be kept. An empty text is no value. */
export function attributeProblems(
  values: Record<string, AttributeValue>,
  today: LocalDate,
): Record<string, string> {
  const problems: Record<string, string> = {}
  for (const [name, value] of Object.entries(values)) {
    if (!dayAttributes.includes(name) || value === '') continue
    const label = attributeLabels[name as AttributeName]
    if (typeof value !== 'string' || !isDay(value)) problems[name] = `${label}要写成 1986-03-05 的样子`
    else if (value < '1920') problems[name] = `${label}太早，请核对年份`
    else if (name !== 'joinedOn' && value > today) problems[name] = `${label}在今天之后，请核对`
  }
  if (
    problems.birthDate === undefined &&
    typeof values.birthDate === 'string' &&
    values.birthDate !== '' &&
    Number(values.birthDate.slice(0, 4)) + 14 > Number(today.slice(0, 4))
  )
    problems.birthDate = '出生日期离今天不到 14 年，请核对年份'
  return problems
}

/** A value of the record as people read it; `（空）` where there is none. */
export function attributeText(value: AttributeValue | null | undefined): string {
  if (value === null || value === undefined || value === '' || value === false) return '（空）'
  if (Array.isArray(value)) return value.length === 0 ? '（空）' : value.join('、')
  return value === true ? '是' : String(value)
}

/** Whether two values say the same; the order in lists means nothing but for the first. */
export function isSameValue(
  a: AttributeValue | null | undefined,
  b: AttributeValue | null | undefined,
): boolean {
  return attributeText(a) === attributeText(b)
}
