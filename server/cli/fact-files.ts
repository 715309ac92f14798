import { factKinds } from '../../engine/facts.ts'
import type { FactKind } from '../../engine/facts.ts'
import { valueWord } from '../../engine/describe-condition.ts'
import { attributesOfWords } from '../../engine/lint/words.ts'
import type { Regime } from '../../engine/schema.ts'
import type { AttributeValue, EvaluationInput, Fact, Subject, SubjectKind } from '../../engine/types.ts'
import { attendanceLabels, scopeLabels } from '../activity/words.ts'
import { checkKindLabels, voiceLabels } from '../appraisal/words.ts'
import { horizonLabels, paperLabels, planLevelLabels } from '../plan/words.ts'
import { studyKindLabels } from '../study/words.ts'
import { workKindLabels } from '../work/words.ts'
import { factsSchema } from './forms.ts'
import { few } from './output.ts'
import type { Read } from './roster.ts'
import { isTable, partsOf, readPlain, readTable, yesOrNo } from './tables.ts'
import type { Column, Reporter, Row, Table } from './tables.ts'

/** Files of facts: what people and groups did. */

const register: Record<string, FactKind | undefined> = factKinds

const columns: Column[] = [
  { field: 'id', titles: ['编号', '记录编号', 'id'] },
  { field: 'kind', titles: ['种类', '事实种类', 'kind'], required: true },
  { field: 'subject', titles: ['对象', '谁', '工号', 'subject', 'subjectId'], required: true },
  { field: 'subjectKind', titles: ['对象类别', 'subjectKind'] },
  { field: 'on', titles: ['日期', 'on', 'date'], required: true },
  { field: 'recordedOn', titles: ['登记日期', 'recordedOn'] },
  { field: 'quantity', titles: ['数量', '时长', '分钟', 'quantity'] },
  { field: 'reverses', titles: ['撤销', 'reverses'] },
  { field: 'attributes', titles: ['属性', 'attributes'] },
  { field: 'remark', titles: ['备注', '说明', 'remark', 'note'] },
]

/** Everybody and everything that a fact may be about. */
export type Subjects = Pick<EvaluationInput, 'people' | 'units' | 'organisation'> & {
  /** False where the files of people or units could not be read: then a name that is not found says nothing. */
  complete: boolean
}

/** Words in Chinese for the values of attributes, as the pages and the regimes say them; a word may mean several. */
type Labels = Record<string, Record<string, string[]>>

/** Under this name stand words that belong to no attribute by name: flows, steps, who checks. */
const anyAttribute = ''

function labelsFor(regimes: Regime[]): Labels {
  const labels: Labels = {}
  const add = (attribute: string, label: string, value: string) => {
    labels[attribute] ??= {}
    const known = (labels[attribute][label] ??= [])
    if (!known.includes(value)) known.push(value)
  }
  const addAll = (attribute: string, words: Record<string, string>) => {
    for (const [value, label] of Object.entries(words)) add(attribute, label, value)
  }
  for (const regime of regimes) {
    for (const [list, terms] of Object.entries(regime.vocabularies))
      for (const attribute of attributesOfWords[list] ?? [list.replace(/s$/, '')])
        for (const term of terms) add(attribute, term.label, term.id)
    for (const term of regime.vocabularies.otherTerms) add(anyAttribute, term.label, term.id)
    for (const form of regime.forms)
      for (const section of form.sections)
        for (const attribute of ['parts', 'minutesParts', 'settledItems', 'papers'])
          add(attribute, section.label, section.id)
  }
  addAll('status', attendanceLabels)
  addAll('missedStatus', attendanceLabels)
  addAll('scope', scopeLabels)
  addAll('workKind', workKindLabels)
  addAll('studyKind', studyKindLabels)
  addAll('paper', paperLabels)
  addAll('level', planLevelLabels)
  addAll('horizon', horizonLabels)
  addAll('checkKind', checkKindLabels)
  addAll('voice', voiceLabels)
  const [regime] = regimes
  if (!regime) return labels
  for (const kind of Object.values<FactKind>(factKinds))
    for (const [name, { values }] of Object.entries(kind.attributes))
      for (const value of values ?? []) {
        const label = valueWord(regime, name, value)
        if (/^[^A-Za-z]+$/.test(label) && label !== unsaidWord) add(name, label, value)
      }
  return labels
}

/** What `valueWord` says of a word that it does not know. */
const unsaidWord = '制度指定的一类'

/** Reads facts from a table or from JSON; Chinese words of the regimes' vocabularies are understood. */
export async function readFacts(
  reporter: Reporter,
  subjects: Subjects,
  regimes: Regime[],
): Promise<Read<Fact>> {
  const labels = labelsFor(regimes)
  if (isTable(reporter.file)) {
    const table = await readTable(reporter, columns)
    return table ? factsOfTable(table, subjects, labels, reporter) : { things: [], ignored: [] }
  }
  const read = readPlain(reporter, factsSchema)
  if (!read) return { things: [], ignored: [] }
  const known = new Set([
    ...subjects.people.map(({ id }) => `person ${id}`),
    ...subjects.units.map(({ id }) => `unit ${id}`),
    `organisation ${subjects.organisation.id}`,
  ])
  const names = namesOfKinds(subjects.organisation)
  const facts = read.value.map((given, index): Fact => {
    const line = () => read.lineOf([index])
    const kind = register[given.kind]
    if (!kind) reportKind(given.kind, line(), 'kind', reporter)
    else {
      checkSubject(kind, given.subject.kind, names, line, 'subject', reporter)
      for (const [name, value] of Object.entries(given.attributes))
        checkAttribute(kind, name, value, () => read.lineOf([index, 'attributes', name]), reporter)
      if (given.quantity === undefined && isTimed(kind)) reportQuantity(kind, line(), 'quantity', reporter)
    }
    if (subjects.complete && !known.has(`${given.subject.kind} ${given.subject.id}`))
      reporter.report(read.lineOf([index, 'subject']), 'subject', `名册里没有“${given.subject.id}”。`)
    const id = given.id ?? String(index + 1)
    return {
      ...given,
      id,
      recordedOn: given.recordedOn ?? given.on,
      quantity: given.quantity ?? 1,
      source: given.source ?? { room: 'file', id: `${reporter.file}:${index}` },
    }
  })
  checkAll(facts, (index) => ({ line: read.lineOf([index]), column: null }), reporter)
  return { things: facts, ignored: [] }
}

const isTimed = (kind: FactKind) => kind.quantity.unit === '分钟'

function reportKind(written: string, line: number, column: string | null, { report }: Reporter) {
  const all = Object.entries(factKinds).map(([name, { label }]) => `${label}（${name}）`)
  report(line, column, `不认识的事实种类“${written}”；可以用：${few(all, 12)}，全部见 xiaoyan facts kinds。`)
}

function reportQuantity(kind: FactKind, line: number, column: string | null, { report }: Reporter) {
  report(line, column, `“${kind.label}”要写${kind.quantity.label}（${kind.quantity.unit}）。`)
}

const isDistrict = ({ attributes }: EvaluationInput['organisation']) => attributes.level === 'district'

/** What subjects of a kind are called in files of a school, or of a district. */
const namesOfKinds = (organisation: EvaluationInput['organisation']): Record<SubjectKind, string> => ({
  person: '个人',
  unit: '组',
  organisation: isDistrict(organisation) ? '区' : '学校',
})

function checkSubject(
  kind: FactKind,
  subject: SubjectKind,
  names: Record<SubjectKind, string>,
  line: () => number,
  column: string | null,
  { report }: Reporter,
) {
  if (kind.subjects.includes(subject)) return
  const allowed = kind.subjects.map((one) => names[one]).join('、')
  report(line(), column, `“${kind.label}”记在${allowed}名下，不能记在${names[subject]}名下。`)
}

function checkAttribute(
  kind: FactKind,
  name: string,
  value: AttributeValue,
  line: () => number,
  { report }: Reporter,
) {
  const about = kind.attributes[name]
  if (!about) {
    report(
      line(),
      name,
      `“${kind.label}”没有属性“${name}”；可以用：${Object.keys(kind.attributes).join('、')}。`,
    )
    return
  }
  const type = Array.isArray(value) ? 'strings' : typeof value
  if (type !== about.type)
    report(line(), name, `“${about.label}”（${name}）的值不对，应为${typeNames[about.type]}。`)
  else if (about.values && !about.values.includes(String(value)))
    report(line(), name, `“${about.label}”不能是“${String(value)}”；可以用：${about.values.join('、')}。`)
}

const typeNames = { string: '文字', number: '数字', boolean: '是或否', strings: '几个词' } as const

function factsOfTable(table: Table, subjects: Subjects, labels: Labels, reporter: Reporter): Read<Fact> {
  const { report } = reporter
  const names = new Set(
    Object.values<FactKind>(factKinds).flatMap((kind) =>
      Object.entries(kind.attributes).flatMap(([name, { label }]) => [name, label]),
    ),
  )
  const unknown = table.ignored.filter(({ title }) => !names.has(title))
  for (const { title, column } of unknown)
    report(table.line, column, `不认识的列“${title}”：没有哪一类事实有这个属性；备注请写在“备注”列。`)
  const findKind = kindFinder()
  const find = subjectFinder(subjects)
  const facts = table.rows.map((row, index): Fact => {
    const written = row.text('kind')
    const name = findKind(written)
    const kind = name === undefined ? undefined : register[name]
    if (written === '') report(row.line, row.column('kind'), '没有写种类。')
    else if (!kind) reportKind(written, row.line, row.column('kind'), reporter)
    const subject = subjectOf(row, kind, find, subjects, reporter)
    const on = row.day('on')
    if (row.text('on') === '') report(row.line, row.column('on'), '没有写日期。')
    const quantity = row.number('quantity')
    if (kind && isTimed(kind) && row.text('quantity') === '')
      reportQuantity(kind, row.line, row.column('quantity'), reporter)
    const id = row.text('id') || `第${row.line}行`
    return {
      id,
      kind: name ?? written,
      subject: subject ?? { kind: 'person', id: '' },
      on: on ?? '1970-01-01',
      recordedOn: row.day('recordedOn') ?? on ?? '1970-01-01',
      quantity: quantity ?? 1,
      attributes: kind
        ? attributesOf(
            row,
            kind,
            unknown.map(({ title }) => title),
            labels,
            reporter,
          )
        : {},
      source: { room: 'file', id: `${reporter.file}:${row.line || index}` },
      reverses: row.text('reverses') || null,
    }
  })
  checkAll(
    facts,
    (index) => ({ line: table.rows[index]?.line ?? 1, column: table.rows[index]?.column('id') ?? null }),
    reporter,
  )
  return { things: facts, ignored: [] }
}

function kindFinder(): (written: string) => string | undefined {
  const names = new Map<string, string>()
  for (const [name, kind] of Object.entries<FactKind>(factKinds)) {
    names.set(name, name)
    if (!names.has(kind.label)) names.set(kind.label, name)
  }
  return (written) => names.get(written)
}

const subjectKinds: Record<string, SubjectKind> = {
  个人: 'person',
  教师: 'person',
  人: 'person',
  person: 'person',
  组: 'unit',
  组织: 'unit',
  unit: 'unit',
  学校: 'organisation',
  全校: 'organisation',
  区: 'organisation',
  全区: 'organisation',
  organisation: 'organisation',
}

/** Finds subjects by id first, then by name; several of one name are told apart by nobody. */
function subjectFinder({
  people,
  units,
  organisation,
}: Subjects): (written: string, kind?: SubjectKind) => Subject[] {
  const all: { subject: Subject; name: string }[] = [
    ...people.map(({ id, name }) => ({ subject: { kind: 'person' as const, id }, name })),
    ...units.map(({ id, name }) => ({ subject: { kind: 'unit' as const, id }, name })),
  ]
  const whole = { kind: 'organisation' as const, id: organisation.id }
  const words = isDistrict(organisation) ? ['区', '全区', '本区'] : ['学校', '全校', '本校']
  for (const name of [...words, 'organisation', organisation.name, organisation.id])
    all.push({ subject: whole, name })
  const byId = Map.groupBy(all, ({ subject }) => subject.id)
  const byName = Map.groupBy(all, ({ name }) => name)
  return (written, kind) => {
    const fits = ({ subject }: { subject: Subject }) => kind === undefined || subject.kind === kind
    const ids = (byId.get(written) ?? []).filter(fits)
    const found = ids.length > 0 ? ids : (byName.get(written) ?? []).filter(fits)
    return [...new Map(found.map(({ subject }) => [`${subject.kind}:${subject.id}`, subject])).values()]
  }
}

function subjectOf(
  row: Row,
  kind: FactKind | undefined,
  find: ReturnType<typeof subjectFinder>,
  { complete, organisation }: Subjects,
  reporter: Reporter,
): Subject | null {
  const { report } = reporter
  const names = namesOfKinds(organisation)
  const written = row.text('subject')
  const column = row.column('subject')
  const kindWritten = row.text('subjectKind')
  const wanted = kindWritten === '' ? undefined : subjectKinds[kindWritten]
  if (kindWritten !== '' && wanted === undefined)
    report(
      row.line,
      row.column('subjectKind'),
      `对象类别不能是“${kindWritten}”；可以用：${Object.values(names).join('、')}。`,
    )
  if (written === '') {
    report(row.line, column, `没有写是谁的记录（工号、姓名、组名或“${names.organisation}”）。`)
    return null
  }
  const found = find(written, wanted)
  const [subject] = found
  if (!subject) {
    if (!complete) return null
    report(
      row.line,
      column,
      `名册和组织里没有“${written}”，请核对工号、姓名、组名或“${names.organisation}”。`,
    )
    return null
  }
  if (found.length > 1) {
    report(row.line, column, `有 ${found.length} 个“${written}”，请改写工号或编号。`)
    return null
  }
  if (kind) checkSubject(kind, subject.kind, names, () => row.line, column, reporter)
  return subject
}

function attributesOf(
  row: Row,
  kind: FactKind,
  unknown: string[],
  labels: Labels,
  { report }: Reporter,
): Fact['attributes'] {
  const attributes: Fact['attributes'] = {}
  const written = [
    ...row.others.filter(({ title }) => !unknown.includes(title)),
    ...row
      .text('attributes')
      .split(/[;；\n]/u)
      .filter((part) => part.trim() !== '')
      .map((part) => {
        const [title = '', ...rest] = part.split(/[=＝:：]/u)
        return { title: title.trim(), column: row.column('attributes') ?? '', text: rest.join('=').trim() }
      }),
  ]
  for (const { title, column, text } of written) {
    const found = Object.entries(kind.attributes).find(
      ([name, { label }]) => name === title || label === title,
    )
    if (!found) {
      const all = Object.entries(kind.attributes).map(([name, { label }]) => `${label}（${name}）`)
      report(row.line, column, `“${kind.label}”没有“${title}”这个属性；可以用：${few(all, 20)}。`)
      continue
    }
    const [name, about] = found
    const words = labels[name] ?? {}
    // Whoever writes the English value means that value, whatever the words are.
    const translate = (word: string) => {
      if (about.values?.includes(word)) return word
      const meant = words[word] ?? labels[anyAttribute]?.[word] ?? []
      return meant.find((value) => about.values?.includes(value) ?? true) ?? word
    }
    const refuse = (allowed: string) =>
      report(row.line, column, `“${about.label}”不能填“${text}”；${allowed}。`)
    if (about.type === 'strings') attributes[name] = partsOf(text).map(translate)
    else if (about.type === 'number') {
      const value = Number(text)
      if (Number.isFinite(value)) attributes[name] = value
      else refuse('请填数字')
    } else if (about.type === 'boolean') {
      const value = yesOrNo(text)
      if (value === null) refuse('请填“是”或“否”')
      else attributes[name] = value
    } else {
      const value = translate(text)
      if (about.values && !about.values.includes(value))
        refuse(`可以填：${allowedWords(about.values, words)}`)
      else attributes[name] = value
    }
  }
  return attributes
}

function allowedWords(values: string[], words: Record<string, string[]>): string {
  const labels = new Map(
    Object.entries(words).flatMap(([label, own]) => own.map((value) => [value, label] as const)),
  )
  return values.map((value) => (labels.has(value) ? `${labels.get(value)}（${value}）` : value)).join('、')
}

function checkAll(
  facts: Fact[],
  placeOf: (index: number) => { line: number; column: string | null },
  { report }: Reporter,
) {
  const seen = new Map<string, number>()
  facts.forEach((fact, index) => {
    const first = seen.get(fact.id)
    if (first === undefined) {
      seen.set(fact.id, index)
      return
    }
    const { line, column } = placeOf(index)
    report(line, column, `记录编号“${fact.id}”重复，第 ${placeOf(first).line} 行已经有了。`)
  })
  facts.forEach((fact, index) => {
    if (fact.reverses !== null && !seen.has(fact.reverses))
      report(placeOf(index).line, null, `要撤销的记录“${fact.reverses}”不在这个文件里。`)
  })
}
