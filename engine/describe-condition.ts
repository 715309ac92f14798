import { parse } from '@marcbachmann/cel-js'
import { factKinds } from './facts.ts'
import { attributesOfWords } from './lint/words.ts'
import { personAttributes, unitAttributes, unitKinds } from './subjects.ts'
import type { FactKind } from './facts.ts'
import type { Regime } from './schema.ts'
import type { SubjectAttribute } from './subjects.ts'

/** What a condition speaks of: a kind of fact, a person or a unit. */
type About = { of: 'fact'; kind: string } | { of: 'person' } | { of: 'unit' }
type Syntax = { op: string; args: unknown }
type Labels = Record<string, { label: string; type?: string }>

const isSyntax = (value: unknown): value is Syntax =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value

const factNames: Labels = {
  quantity: { label: '数量' },
  day: { label: '日期' },
  weekday: { label: '星期' },
  recordedAfterDays: { label: '事后登记的天数' },
  weekNumber: { label: '学期周次' },
  month: { label: '月份' },
  movedByDays: { label: '推后的天数' },
  movedBySchoolDays: { label: '推后的上课日数' },
  plannedWeekday: { label: '原定星期' },
}

/** Words for the values of closed lists that the regime itself does not name. */
const words: Record<string, string> = {
  present: '出席',
  late: '迟到',
  leftEarly: '早退',
  onLeave: '请假',
  absent: '缺席',
  plan: '计划',
  summary: '总结',
  organisation: '学校',
  group: '小组',
  teacher: '教师',
  body: '工作机构',
  area: '片区',
  district: '区',
  school: '学校',
  term: '学期',
  schoolYear: '学年',
  fiveYears: '五年',
  scheduled: '定期检查',
  random: '随机检查',
  theory: '理论学习',
  professional: '业务学习',
  policy: '政策学习',
  network: '网络学习',
  teaching: '教师',
  support: '职员',
  training: '培训',
  reflection: '教学反思',
  groupLeader: '组长',
  academicOffice: '教导处',
  researchOffice: '教科室',
  principal: '校长',
  administrator: '管理员',
  districtOfficer: '区级教研员',
  self: '自评',
  peers: '互评',
  city: '市',
  county: '县',
  province: '省',
  provincial: '省级',
  national: '国家级',
  male: '男',
  female: '女',
  done: '已做到',
  notDone: '没有做到',
  notDue: '本期不要求',
  ...unitKinds,
}

/** Attributes of people whose values are closed, so that no list of the regime names them. */
const closedPeople: Record<string, SubjectAttribute | undefined> = personAttributes

const weekdayNames = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']

/** A value of an attribute in Chinese: by the regime's own lists first, then by the common words. */
export function valueWord(regime: Regime, attribute: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number' || typeof value === 'bigint') {
    const day = /[wW]eekday$/.test(attribute) ? weekdayNames[Number(value) - 1] : undefined
    return day ?? String(value)
  }
  const text = String(value)
  if (text === '') return '空'
  const lists: Record<string, { id: string; label: string }[]> = regime.vocabularies
  const sections = regime.forms.flatMap((form) => form.sections)
  const isSection = attribute === 'parts' || attribute === 'minutesParts' || attribute === 'settledItems'
  // The same id may stand in several lists: that of the attribute speaks first.
  const named = Object.keys(lists).filter((list) => attributesOfWords[list]?.includes(attribute))
  const own = isSection ? sections : named.flatMap((list) => lists[list] ?? [])
  const labelIn = (terms: { id: string; label: string }[]) => terms.find((term) => term.id === text)?.label
  const found =
    labelIn(own) ??
    // Posts are the same everywhere, whatever voices or layers of a regime bear their name.
    (attribute === 'roles' || attribute === 'role' || closedPeople[attribute]?.values?.includes(text)
      ? words[text]
      : undefined) ??
    (isSection ? undefined : labelIn(Object.values(lists).flat())) ??
    words[text] ??
    labelIn(sections)
  if (found !== undefined) return found
  return /[A-Za-z]{2,}/.test(text) ? '制度指定的一类' : text
}

/** `workKind == "reflection"` as 作品种类是“教学反思”. What cannot be said is called 符合制度写明的条件. */
export function describeCondition(regime: Regime, about: About, source: string): string {
  const labels: Labels =
    about.of === 'fact'
      ? { ...factNames, ...(factKinds as Record<string, FactKind | undefined>)[about.kind]?.attributes }
      : about.of === 'person'
        ? (personAttributes as Labels)
        : (unitAttributes as Labels)
  try {
    return phrase({ regime, labels }, parse(source).ast) ?? unsaid
  } catch {
    return unsaid
  }
}
const unsaid = '符合制度写明的条件'

interface Reader {
  regime: Regime
  labels: Labels
}

const comparisons: Record<string, [before: string, after: string]> = {
  '>=': ['不少于', '不超过'],
  '>': ['多于', '少于'],
  '<=': ['不超过', '不少于'],
  '<': ['少于', '多于'],
}

function phrase(reader: Reader, node: unknown): string | null {
  if (!isSyntax(node)) return null
  const args = Array.isArray(node.args) ? (node.args as unknown[]) : [node.args]
  const [left, right] = args
  switch (node.op) {
    case '&&':
    case '||':
      return both(phrase(reader, left), phrase(reader, right), node.op === '&&' ? '，并且' : '，或者')
    case '!_': {
      const inner = phrase(reader, left)
      return inner === null ? null : `不满足“${inner}”`
    }
    case 'id':
      return labelOf(reader, node)
    case '.': {
      const setting = settingOf(reader, node)
      return setting ? `设置“${setting.label}”为“是”` : null
    }
    case '==':
    case '!=':
      return equality(reader, left, right, node.op === '==')
    case 'in':
      return membership(reader, left, right)
    case 'rcall': {
      const [name, receiver, given] = args as [string, unknown, unknown[]]
      const label = labelOf(reader, receiver)
      const value = given?.[0] === undefined ? null : wordOf(reader, receiver, given[0])
      if (label === null || value === null) return null
      if (name === 'contains') return `${label}里有“${value}”`
      if (name === 'startsWith') return `${label}以“${value}”开头`
      if (name === 'endsWith') return `${label}以“${value}”结尾`
      return null
    }
    default: {
      const compared = comparisons[node.op]
      return compared ? comparison(reader, left, right, compared) : null
    }
  }
}

const both = (one: string | null, other: string | null, word: string) =>
  one === null || other === null ? null : `${one}${word}${other}`

const nameOf = (node: unknown): string =>
  isSyntax(node) && node.op === 'id' && typeof node.args === 'string' ? node.args : ''

function labelOf(reader: Reader, node: unknown): string | null {
  const name = nameOf(node)
  if (name !== '') return reader.labels[name]?.label ?? null
  if (isSyntax(node) && node.op === 'call' && Array.isArray(node.args) && node.args[0] === 'size') {
    const inner = (node.args[1] as unknown[] | undefined)?.[0]
    const label = labelOf(reader, inner)
    return label === null ? null : `${label}的项数`
  }
  return null
}

function settingOf(reader: Reader, node: unknown) {
  if (!isSyntax(node) || node.op !== '.' || !Array.isArray(node.args)) return undefined
  const [object, name] = node.args as [unknown, unknown]
  return nameOf(object) === 'settings' ? reader.regime.settings[String(name)] : undefined
}

/** A value as a word; a setting by its name and present value. */
function wordOf(reader: Reader, about: unknown, node: unknown): string | null {
  const attribute = nameOf(about)
  const setting = settingOf(reader, node)
  if (setting) {
    const values = Array.isArray(setting.value) ? setting.value : [setting.value]
    return values.map((one) => valueWord(reader.regime, attribute, one)).join('、')
  }
  if (!isSyntax(node)) return null
  if (node.op === 'value') return valueWord(reader.regime, attribute, node.args)
  if (node.op === '-_') {
    const inner = wordOf(reader, about, node.args)
    return inner === null ? null : `-${inner}`
  }
  if (node.op === 'list' && Array.isArray(node.args)) {
    const inner = node.args.map((one) => wordOf(reader, about, one))
    return inner.includes(null) ? null : inner.join('、')
  }
  return null
}

function equality(reader: Reader, left: unknown, right: unknown, positive: boolean): string | null {
  const parity = parityOf(left, right, positive)
  if (parity !== null) return parity
  const swapped = labelOf(reader, left) === null
  const [name, value] = swapped ? [right, left] : [left, right]
  const label = labelOf(reader, name)
  const word = wordOf(reader, name, value)
  if (label === null || word === null) return null
  return `${label}${positive ? '是' : '不是'}“${word}”`
}

/** `weekNumber % 2 == 1` is the odd weeks. */
function parityOf(left: unknown, right: unknown, positive: boolean): string | null {
  if (!isSyntax(left) || left.op !== '%' || !Array.isArray(left.args)) return null
  const [name, divisor] = left.args as unknown[]
  const number = (node: unknown) => (isSyntax(node) && node.op === 'value' ? Number(node.args) : Number.NaN)
  if (nameOf(name) !== 'weekNumber' || number(divisor) !== 2) return null
  const odd = number(right) === 1 ? positive : number(right) === 0 ? !positive : null
  return odd === null ? null : odd ? '在单周' : '在双周'
}

function membership(reader: Reader, left: unknown, right: unknown): string | null {
  const set = labelOf(reader, right)
  if (set !== null) {
    const word = wordOf(reader, right, left)
    return word === null ? null : `${set}里有“${word}”`
  }
  const label = labelOf(reader, left)
  const word = wordOf(reader, left, right)
  if (label === null || word === null) return null
  return `${label}是${word}${word.includes('、') ? '之一' : ''}`
}

function comparison(
  reader: Reader,
  left: unknown,
  right: unknown,
  [before, after]: [string, string],
): string | null {
  const swapped = labelOf(reader, left) === null
  const [name, value] = swapped ? [right, left] : [left, right]
  const label = labelOf(reader, name)
  // Two figures of one record may be compared: 报销金额不少于实际费用.
  const other = labelOf(reader, value)
  const word = other ?? wordOf(reader, name, value)
  if (label === null || word === null) return null
  return `${label}${swapped ? after : before}${other === null ? ' ' : ''}${word}`
}
