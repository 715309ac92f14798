import { personAttributes, unitAttributes, unitKinds } from '../../engine/subjects.ts'
import type { SubjectAttribute } from '../../engine/subjects.ts'
import type { AttributeValue, DateRange, LocalDate, PersonInput, UnitInput } from '../../engine/types.ts'
import { absenceKindLabels, postRoleLabels, staffKindLabels, unitKindLabels } from '../org/words.ts'
import { parseDate } from '../roster/values.ts'
import { peopleSchema, unitsSchema } from './forms.ts'
import { few } from './output.ts'
import { isTable, partsOf, readPlain, readTable, yesOrNo } from './tables.ts'
import type { Column, Reporter, Row } from './tables.ts'

/** Files of people and of units. */

const personRegister: Record<string, SubjectAttribute> = personAttributes
/** What the engine works out by itself. */
const derived = new Set(['age', 'yearsInSchool', 'yearsTeaching', 'roles', 'unitKinds'])
const attributeNames = Object.keys(personRegister).filter((name) => !derived.has(name))

const synonyms: Record<string, string[]> = {
  staffKind: ['身份', '人员类型'],
  joinedOn: ['入职日期'],
  birthDate: ['生日', '出生年月日'],
  subject: ['学科', 'subjects'],
}

/** Columns of a roster that name groups of one kind. */
const groupColumns: Record<string, string> = {
  教研组: 'teachingResearchGroup',
  备课组: 'lessonPreparationGroup',
  年级组: 'gradeGroup',
}

const peopleColumns: Column[] = [
  { field: 'id', titles: ['工号', 'id', 'staffNumber', '职工号', '教师编号'], required: true },
  { field: 'name', titles: ['姓名', 'name'], required: true },
  { field: 'leftOn', titles: ['离校日期', '离职日期', 'leftOn'] },
  { field: 'units', titles: ['所在组', '所在组织', 'units', 'memberships'] },
  ...Object.entries(groupColumns).map(([title, kind]) => ({ field: kind, titles: [title, kind] })),
  { field: 'posts', titles: ['职务', 'posts', 'roles'] },
  { field: 'absences', titles: ['长假', 'absences'] },
  ...attributeNames.map((name) => ({
    field: name,
    titles: [personRegister[name]?.label ?? name, name, ...(synonyms[name] ?? [])],
  })),
]

const unitColumns: Column[] = [
  { field: 'id', titles: ['编号', 'id'], required: true },
  { field: 'name', titles: ['名称', 'name'], required: true },
  { field: 'kind', titles: ['类别', 'kind'], required: true },
  { field: 'parentId', titles: ['上级', 'parentId'] },
  { field: 'from', titles: ['成立日期', '开始', 'from'] },
  { field: 'to', titles: ['撤销日期', '结束', 'to'] },
  ...Object.entries<SubjectAttribute>(unitAttributes)
    .filter(([name]) => name !== 'name' && name !== 'kind')
    .map(([name, { label }]) => ({ field: name, titles: [label, name] })),
]

const long: LocalDate = '1970-01-01'

export interface Read<Thing> {
  things: Thing[]
  /** Headings of columns that were not read. */
  ignored: string[]
}

/** Reports ids that come twice; lines are only looked for then. */
function checkIds(
  list: { id: string; placeOf: () => { line: number; column: string | null } }[],
  what: string,
  reporter: Reporter,
) {
  const seen = new Map<string, (typeof list)[number]>()
  for (const one of list) {
    const first = seen.get(one.id)
    if (!first) {
      seen.set(one.id, one)
      continue
    }
    const { line, column } = one.placeOf()
    reporter.report(line, column, `${what}“${one.id}”重复，第 ${first.placeOf().line} 行已经有了。`)
  }
}

function valueOf(
  row: Row,
  field: string,
  about: SubjectAttribute,
  reporter: Reporter,
): AttributeValue | null {
  const text = row.text(field)
  if (text === '') return null
  if (/^(birthDate|.*On)$/.test(field)) return row.day(field)
  if (about.type === 'number') return row.number(field)
  if (about.type === 'strings') return partsOf(text)
  if (about.type === 'boolean') {
    const value = yesOrNo(text)
    if (value === null)
      reporter.report(row.line, row.column(field), `“${about.label}”请填“是”或“否”，现在是“${text}”。`)
    return value
  }
  const labels = field === 'staffKind' ? byLabel(staffKindLabels) : {}
  const value = labels[text] ?? text
  if (about.values && !about.values.includes(value)) {
    const allowed = field === 'staffKind' ? Object.values(staffKindLabels) : about.values
    reporter.report(
      row.line,
      row.column(field),
      `“${about.label}”不能填“${text}”；可以填：${few([...allowed], 20)}。`,
    )
    return null
  }
  return value
}

const byLabel = (labels: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, label]) => [label, name]))

const unitKindNames: Record<string, string> = { ...byLabel(unitKindLabels), ...byLabel(unitKinds) }

/** Reads units from a table or from JSON. */
export async function readUnits(reporter: Reporter): Promise<Read<UnitInput>> {
  if (!isTable(reporter.file)) {
    const read = readPlain(reporter, unitsSchema)
    if (!read) return { things: [], ignored: [] }
    checkUnits(read.value, (index) => ({ line: read.lineOf([index]), column: null }), reporter)
    return { things: read.value, ignored: [] }
  }
  const table = await readTable(reporter, unitColumns)
  if (!table) return { things: [], ignored: [] }
  const units = table.rows.map((row): UnitInput => {
    for (const field of ['id', 'name', 'kind'])
      if (row.text(field) === '')
        reporter.report(row.line, row.column(field), `缺少${titleOf(unitColumns, field)}。`)
    const attributes: UnitInput['attributes'] = {}
    for (const [name, about] of Object.entries<SubjectAttribute>(unitAttributes)) {
      if (name === 'name' || name === 'kind') continue
      const value = valueOf(row, name, about, reporter)
      if (value !== null) attributes[name] = value
    }
    return {
      id: row.text('id'),
      name: row.text('name'),
      kind: unitKindNames[row.text('kind')] ?? row.text('kind'),
      parentId: row.text('parentId') || null,
      from: row.day('from') ?? long,
      to: row.day('to'),
      attributes,
    }
  })
  checkUnits(
    units,
    (index) => ({ line: table.rows[index]?.line ?? 1, column: table.rows[index]?.column('id') ?? null }),
    reporter,
  )
  return { things: units, ignored: table.ignored.map(({ title }) => title) }
}

const titleOf = (columns: Column[], field: string) =>
  columns.find((column) => column.field === field)?.titles[0] ?? field

function checkUnits(
  units: UnitInput[],
  placeOf: (index: number) => { line: number; column: string | null },
  reporter: Reporter,
) {
  checkIds(
    units.flatMap((unit, index) => (unit.id === '' ? [] : [{ id: unit.id, placeOf: () => placeOf(index) }])),
    '编号',
    reporter,
  )
  const ids = new Set(units.map((unit) => unit.id))
  units.forEach((unit, index) => {
    const line = () => placeOf(index).line
    if (unit.kind !== '' && !(unit.kind in unitKinds))
      reporter.report(
        line(),
        null,
        `不认识的组织类别“${unit.kind}”；可以用：${Object.entries(unitKinds)
          .map(([name, label]) => `${label}（${name}）`)
          .join('、')}。`,
      )
    if (unit.parentId !== null && !ids.has(unit.parentId))
      reporter.report(line(), null, `上级“${unit.parentId}”不在这个文件里。`)
    if (unit.to !== null && unit.to < unit.from)
      reporter.report(line(), null, `“${unit.name}”的结束日期早于开始日期。`)
  })
}

/**
 * Reads people from a table or from JSON. Groups are those of `units`; without a file of units they are made from the
 * columns 教研组, 备课组 and 年级组, as a school's roster has them.
 */
export async function readPeople(
  reporter: Reporter,
  units: UnitInput[] | null,
): Promise<Read<PersonInput> & { units: UnitInput[] }> {
  const made = new Map<string, UnitInput>()
  if (!isTable(reporter.file)) {
    const read = readPlain(reporter, peopleSchema)
    if (!read) return { things: [], ignored: [], units: units ?? [] }
    read.value.forEach((person, index) =>
      checkPerson(person, units, (path) => read.lineOf([index, ...path]), reporter),
    )
    checkIds(
      read.value.map((person, index) => ({
        id: person.id,
        placeOf: () => ({ line: read.lineOf([index]), column: null }),
      })),
      '工号',
      reporter,
    )
    return { things: read.value, ignored: [], units: units ?? [] }
  }
  const table = await readTable(reporter, peopleColumns)
  if (!table) return { things: [], ignored: [], units: units ?? [] }
  const people = table.rows.map((row) => personOf(row, units, made, reporter))
  checkIds(
    table.rows.flatMap((row) =>
      row.text('id') === ''
        ? []
        : [{ id: row.text('id'), placeOf: () => ({ line: row.line, column: row.column('id') }) }],
    ),
    '工号',
    reporter,
  )
  return {
    things: people,
    ignored: table.ignored.map(({ title }) => title),
    units: units ?? [...made.values()],
  }
}

function personOf(
  row: Row,
  units: UnitInput[] | null,
  made: Map<string, UnitInput>,
  reporter: Reporter,
): PersonInput {
  const { line, text } = row
  for (const field of ['id', 'name'])
    if (text(field) === '')
      reporter.report(
        line,
        row.column(field),
        `缺少${titleOf(peopleColumns, field)}；如果这不是人员行，请删去整行。`,
      )
  const attributes: PersonInput['attributes'] = []
  const joined = row.day('joinedOn')
  const left = row.day('leftOn')
  const service: DateRange = { from: joined ?? long, to: left }
  if (joined && left && left < joined) reporter.report(line, row.column('leftOn'), '离校日期早于到校日期。')
  for (const name of attributeNames) {
    const about = personRegister[name]
    // Its problems were reported above.
    const value = name === 'joinedOn' ? joined : about ? valueOf(row, name, about, reporter) : null
    if (value !== null) attributes.push({ name, value, from: long, to: null })
  }
  const memberships: PersonInput['memberships'] = []
  const join = (unit: UnitInput) => {
    if (!memberships.some((one) => one.unitId === unit.id)) memberships.push({ ...service, unitId: unit.id })
  }
  for (const field of ['units', ...Object.values(groupColumns)]) {
    for (const name of partsOf(text(field))) {
      const kind = field === 'units' ? null : field
      const unit = units
        ? findUnit(units, name, kind)
        : kind
          ? unitMade(made, name, kind)
          : [...made.values()].find((one) => one.name === name)
      if (unit) join(unit)
      else
        reporter.report(
          line,
          row.column(field),
          units
            ? `组织文件里没有“${name}”；有：${few(units.map((one) => one.name))}。`
            : `“${name}”是哪一类组织？请用 --units 给出组织文件，或把它写在教研组、备课组、年级组的列里。`,
        )
    }
  }
  return {
    id: text('id'),
    name: text('name'),
    service: [service],
    attributes,
    memberships,
    posts: partsOf(text('posts')).map((post) =>
      postOf(post, service, memberships, units ?? [...made.values()]),
    ),
    absences: absencesOf(row, reporter),
  }
}

const findUnit = (units: UnitInput[], name: string, kind: string | null) =>
  units.find((unit) => unit.id === name) ??
  units.find((unit) => unit.name === name && (kind === null || unit.kind === kind)) ??
  units.find((unit) => unit.name === name)

function unitMade(made: Map<string, UnitInput>, name: string, kind: string): UnitInput {
  let unit = made.get(`${kind} ${name}`)
  if (!unit) {
    const taken = [...made.values()].some((one) => one.id === name)
    unit = {
      id: taken ? `${kind}-${name}` : name,
      kind,
      name,
      parentId: null,
      attributes: {},
      from: long,
      to: null,
    }
    made.set(`${kind} ${name}`, unit)
  }
  return unit
}

const roleNames: Record<string, string> = {
  ...byLabel(postRoleLabels),
  教研组长: 'groupLeader',
  备课组长: 'groupLeader',
  年级组长: 'groupLeader',
  教导主任: 'academicOffice',
  教务主任: 'academicOffice',
  教科室主任: 'researchOffice',
}

/** `组长`, `数学教研组组长`, `groupLeader@math`: a role, and the unit in which it is held where that is clear. */
function postOf(
  written: string,
  service: DateRange,
  memberships: PersonInput['memberships'],
  units: UnitInput[],
): PersonInput['posts'][number] {
  const [role = '', at] = written.split(/[@＠]/u)
  const leader = /^(.+?)组?组?长$/u.exec(role)?.[1]
  const named = units.find(
    (unit) => unit.id === at || unit.name === at || (leader && unit.name.startsWith(leader)),
  )
  const kind = Object.entries(groupColumns).find(([title]) => role.startsWith(title))?.[1]
  const own = memberships
    .flatMap((one) => units.find((unit) => unit.id === one.unitId) ?? [])
    .filter((unit) => kind === undefined || unit.kind === kind)
  const known = roleNames[role] ?? (named && role.endsWith('组长') ? 'groupLeader' : role)
  const unit = named ?? (known === 'groupLeader' && own.length === 1 ? own[0] : undefined)
  return { ...service, unitId: unit?.id ?? null, role: known }
}

const absenceNames: Record<string, string> = byLabel(absenceKindLabels)

/** `产假 2026-10-01至2027-01-31；病休 2027-03-01` */
function absencesOf(row: Row, reporter: Reporter): PersonInput['absences'] {
  const found: PersonInput['absences'] = []
  for (const part of row.text('absences').split(/[;；、\n]/u)) {
    if (part.trim() === '') continue
    const [, kind = '', first = '', last = ''] =
      /^\s*(\D+?)\s*[:：]?\s*(\d\S*?)(?:\s*(?:至|到|~|—|–)+\s*(\d\S*))?\s*$/u.exec(part) ?? []
    const from = parseDate(first)
    const to = last === '' ? { value: null } : parseDate(last)
    if (!('value' in from) || !('value' in to)) {
      reporter.report(
        row.line,
        row.column('absences'),
        `看不懂“${part.trim()}”，请写成“产假 2026-10-01至2027-01-31”的样子。`,
      )
      continue
    }
    if (to.value !== null && to.value < from.value)
      reporter.report(row.line, row.column('absences'), `“${part.trim()}”的结束早于开始。`)
    found.push({ kind: absenceNames[kind.trim()] ?? kind.trim(), from: from.value, to: to.value })
  }
  return found
}

function checkPerson(
  person: PersonInput,
  units: UnitInput[] | null,
  lineOf: (path: (string | number)[]) => number,
  reporter: Reporter,
) {
  const ids = new Set((units ?? []).map((unit) => unit.id))
  person.attributes.forEach(({ name, value }, index) => {
    const line = () => lineOf(['attributes', index])
    const about = personRegister[name]
    if (!about || derived.has(name)) {
      reporter.report(
        line(),
        'attributes',
        `不认识的人员属性“${name}”；可以用：${attributeNames.join('、')}。`,
      )
      return
    }
    const type = Array.isArray(value) ? 'strings' : typeof value
    if (type !== about.type)
      reporter.report(line(), 'attributes', `人员属性“${about.label}”（${name}）的值不对。`)
    else if (about.values && !about.values.includes(String(value)))
      reporter.report(
        line(),
        'attributes',
        `人员属性“${about.label}”不能是“${String(value)}”；可以用：${about.values.join('、')}。`,
      )
  })
  person.memberships.forEach(({ unitId }, index) => {
    if (!ids.has(unitId))
      reporter.report(lineOf(['memberships', index]), 'memberships', `组织文件里没有“${unitId}”。`)
  })
  const ranges = ['service', 'absences'] as const
  for (const name of ranges)
    person[name].forEach((range, index) => {
      if (range.to !== null && range.to < range.from)
        reporter.report(lineOf([name, index]), name, `${person.name}的结束日期早于开始日期。`)
    })
}
