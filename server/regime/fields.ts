import { describeRule, valueLabels } from '../../engine/describe.ts'
import { valueWord } from '../../engine/describe-condition.ts'
import { factKinds } from '../../engine/facts.ts'
import { unitKinds } from '../../engine/subjects.ts'
import { periodKinds } from '../../engine/periods.ts'
import { type Binds, blocksOf, minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import { type FieldPath, type FieldValue, rawOf } from './regime-text.ts'

/** A value of a regime that a school may change. */
export interface Field {
  /** Where it stands in the data, e.g. `['rules', 3, 'minima', 0, 'atLeast']`. */
  path: FieldPath
  label: string
  kind: 'number' | 'yesNo' | 'choice' | 'choices' | 'text' | 'day'
  value: FieldValue
  options: { value: string; label: string }[] | null
  /** May be left empty. */
  optional: boolean
  clause: string | null
  note: string | null
  /** The value is that of this setting and is changed there. */
  setting: { name: string; label: string } | null
}

type Plain = Record<string, unknown>
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const choicesOf: Record<string, { value: string; label: string }[]> = {
  per: Object.entries(periodKinds).map(([value, label]) => ({ value, label })),
  makeUp: [
    { value: 'none', label: '不能补' },
    { value: 'term', label: '本学期内可补' },
    { value: 'schoolYear', label: '本学年内可补' },
  ],
  dueBy: [
    { value: 'opening', label: '学期初' },
    { value: 'middle', label: '学期中' },
    { value: 'closing', label: '学期末' },
  ],
  measure: [
    { value: 'count', label: '件数' },
    { value: 'hours', label: '学时' },
    { value: 'quantity', label: '数量' },
    { value: 'days', label: '不同的日子' },
    { value: 'kinds', label: '不同的种类' },
    { value: 'credits', label: '学分' },
  ],
  combine: [
    { value: 'average', label: '取平均' },
    { value: 'sum', label: '相加' },
    { value: 'last', label: '取最后一次' },
  ],
  each: [
    { value: 'fact', label: '每次' },
    { value: 'hour', label: '每学时' },
    { value: 'quantity', label: '每计量单位' },
  ],
  missingVoice: [
    { value: 'wait', label: '等齐再算' },
    { value: 'spread', label: '权重分给其他方' },
  ],
  takenAt: [
    { value: 'periodStart', label: '周期开始时' },
    { value: 'periodEnd', label: '周期结束时' },
    { value: 'schoolYearStart', label: '学年开始时' },
  ],
}

/** The closed lists from which the values of settings come: registered values of facts, kinds of units. */
const closedLists: string[][] = [
  ...Object.values(factKinds).flatMap((kind) =>
    Object.values(kind.attributes as Record<string, { values?: string[] }>).flatMap((attribute) =>
      attribute.values ? [attribute.values] : [],
    ),
  ),
  Object.keys(unitKinds),
]

function listHolding(values: string[]): string[] | null {
  return closedLists.find((list) => values.every((value) => list.includes(value))) ?? null
}

/** A value as people read it. */
export function valueText(regime: Regime | null, value: unknown): string {
  if (value === null || value === undefined) return '（未写）'
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (typeof value === 'number') return String(Math.round(value * 1000) / 1000)
  if (Array.isArray(value))
    return value.length === 0 ? '（空）' : value.map((one) => valueText(regime, one)).join('、')
  if (typeof value !== 'string') return ''
  for (const options of Object.values(choicesOf)) {
    const found = options.find((option) => option.value === value)
    if (found) return found.label
  }
  return regime && /^[A-Za-z]/.test(value) ? valueWord(regime, '', value) : value
}

/** Whom a rule binds, in words. */
export function bindsText(regime: Regime, rule: Rule): string {
  const one = (binds: Binds): string => {
    if ('person' in binds) return regime.cohorts.find((cohort) => cohort.id === binds.person)?.label ?? '教师'
    return 'unit' in binds ? binds.unit.map((kind) => unitKinds[kind] ?? '小组').join('、') : '学校'
  }
  const minima = minimaOf(regime, rule)
  return [
    ...new Set(minima.length > 0 ? minima.map((minimum) => one(minimum.binds)) : [one(rule.binds)]),
  ].join('、')
}

/** Every setting as a field, in the order of the file. */
export function settingFields(regime: Regime): Field[] {
  return Object.entries(regime.settings).map(([name, setting]) => {
    const shape = settingKind(regime, name, setting.value)
    return {
      path: ['settings', name, 'value'],
      label: setting.label,
      ...shape,
      value: setting.value,
      optional: false,
      clause: setting.clause ?? null,
      note: setting.note === undefined ? null : inWords(setting.note, shape.options),
      setting: null,
    }
  })
}

/** A writer's note with the words of the choices in place of their names: 可改为“本学年内可补”. */
function inWords(note: string, options: Field['options']): string {
  return note.replace(/\s?\b([A-Za-z]{3,})\b\s?/g, (whole, name: string) => {
    const label = options?.find((option) => option.value === name)?.label
    return label === undefined ? whole : `“${label}”`
  })
}

const longPeriods = ['month', 'term', 'schoolYear', 'calendarYear', 'fiveYears']

function settingKind(
  regime: Regime,
  name: string,
  value: number | boolean | string | string[],
): Pick<Field, 'kind' | 'options'> {
  const labelled = (list: string[]) => list.map((one) => ({ value: one, label: valueText(regime, one) }))
  if (typeof value === 'number') return { kind: 'number', options: null }
  if (typeof value === 'boolean') return { kind: 'yesNo', options: null }
  if (Array.isArray(value)) {
    const list = listHolding(value) ?? vocabularyHolding(regime, value)
    return list ? { kind: 'choices', options: labelled(list) } : { kind: 'text', options: null }
  }
  for (const [key, options] of Object.entries(choicesOf)) {
    const fits = options.some((option) => option.value === value)
    // `term` is a period as well as a span for making up; the name of the setting tells.
    if (fits && (key !== 'makeUp' || /makeUp/i.test(name) || value === 'none')) {
      if (key === 'per' && /makeUp/i.test(name)) continue
      if (key === 'per' && choicesOf.dueBy?.some((option) => option.value === value) && /due/i.test(name))
        return { kind: 'choice', options: choicesOf.dueBy }
      return {
        kind: 'choice',
        options: longPeriods.includes(value)
          ? options.filter((option) => key !== 'per' || longPeriods.includes(option.value))
          : options,
      }
    }
  }
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return { kind: 'day', options: null }
  const list = listHolding([value]) ?? vocabularyHolding(regime, [value])
  return list && list.length > 1
    ? { kind: 'choice', options: labelled(list) }
    : { kind: 'text', options: null }
}

function vocabularyHolding(regime: Regime, values: string[]): string[] | null {
  if (values.length === 0) return null
  const lists = Object.values(regime.vocabularies as Record<string, { id: string }[]>)
  const found = lists.find((terms) => values.every((value) => terms.some((term) => term.id === value)))
  return found ? found.map((term) => term.id) : null
}

/** What a school does not change by form: what the rule is about, its conditions and names of other parts. */
const fixed = new Set([
  'id',
  'clause',
  'kind',
  'title',
  'text',
  'note',
  'binds',
  'where',
  'when',
  'otherwise',
  'fact',
  'of',
  'vocabulary',
  'attribute',
  'form',
  'rule',
  'table',
  'kindsOf',
  'role',
  'roles',
  'unitKinds',
  'words',
  'noun',
  'hint',
  'manual',
  'by',
  'for',
  'level',
])
/** Words that are part of what is decided. */
const worded = new Set(['grade', 'result', 'consequence', 'because'])

/** The numbers and words of one rule that a school may change, each with the clause on which it rests. */
export function ruleFields(regime: Regime, raw: unknown, index: number): Field[] {
  const rule = regime.rules[index]
  if (!isPlain(raw) || !rule) return []
  const fields: Field[] = []
  walk(regime, raw, ['rules', index], [], rule.clause, fields)
  if (blocksOf(rule)[0] === 'minimum' && rule.minima === undefined) {
    for (const name of ['graceDays', 'makeUp'] as const) {
      if (name in raw) continue
      fields.push({
        path: ['rules', index, name],
        label: valueLabels[name] ?? name,
        kind: name === 'makeUp' ? 'choice' : 'number',
        value: null,
        options: choicesOf[name] ?? null,
        optional: true,
        clause: null,
        note: '没有单独写的，按全校的设置',
        setting: null,
      })
    }
  }
  fields.push(...voiceWeights(rule, raw, index))
  fields.push(
    textField(['rules', index, 'consequence'], '后果', rule.consequence ?? null, rule.clause),
    textField(['rules', index, 'note'], '本校说明', rule.note ?? null, null),
  )
  return fields
}

/** Weights of voices that the text leaves at one each. */
function voiceWeights(rule: Rule, raw: Plain, index: number): Field[] {
  const parts = isPlain(raw.score) && Array.isArray(raw.score.parts) ? (raw.score.parts as unknown[]) : []
  return parts.flatMap((part, at) =>
    (isPlain(part) && Array.isArray(part.voices) ? (part.voices as unknown[]) : []).flatMap((voice, which) =>
      !isPlain(voice) || 'weight' in voice
        ? []
        : [
            {
              path: ['rules', index, 'score', 'parts', at, 'voices', which, 'weight'],
              label: `${String((part as Plain).label)} · ${String(voice.label)} · 权重`,
              kind: 'number' as const,
              value: null,
              options: null,
              optional: true,
              clause: rule.clause,
              note: '没有单独写的，各方权重都是 1',
              setting: null,
            },
          ],
    ),
  )
}

const textField = (path: FieldPath, label: string, value: string | null, clause: string | null): Field => ({
  path,
  label,
  kind: 'text',
  value,
  options: null,
  optional: true,
  clause,
  note: null,
  setting: null,
})

function walk(
  regime: Regime,
  node: Plain,
  path: FieldPath,
  context: string[],
  clause: string,
  fields: Field[],
): void {
  const own = typeof node.clause === 'string' ? node.clause : clause
  const note = typeof node.note === 'string' && path.length > 2 ? node.note : null
  for (const [name, value] of Object.entries(node)) {
    if (fixed.has(name) || name === 'consequence') continue
    const at = [...path, name]
    const label = [...context, valueLabels[name] ?? '数值'].join(' · ')
    const base = { path: at, label, clause: own, note, optional: false, options: null, setting: null }
    if (isPlain(value) && Object.keys(value).length === 1 && typeof value.setting === 'string') {
      const setting = regime.settings[value.setting]
      fields.push({
        ...base,
        kind: 'text',
        value: setting?.value ?? null,
        setting: { name: value.setting, label: setting?.label ?? value.setting },
      })
    } else if (typeof value === 'number') fields.push({ ...base, kind: 'number', value })
    else if (typeof value === 'boolean') fields.push({ ...base, kind: 'yesNo', value })
    else if (typeof value === 'string') {
      const options = choicesOf[name]
      if (options) fields.push({ ...base, kind: 'choice', value, options })
      else if (/^\d{4}-\d{2}-\d{2}$/.test(value)) fields.push({ ...base, kind: 'day', value })
      else if (worded.has(name)) fields.push({ ...base, kind: 'text', value })
    } else if (Array.isArray(value)) {
      value.forEach((one, index) => {
        const inner: FieldPath = [...at, index]
        if (isPlain(one)) walk(regime, one, inner, [...context, nameOf(one, name, index)], own, fields)
        else if (typeof one === 'number')
          fields.push({ ...base, path: inner, label: `${label} ${index + 1}`, kind: 'number', value: one })
        else if (name === 'grades' && typeof one === 'string')
          fields.push({ ...base, path: inner, label: `${label} ${index + 1}`, kind: 'text', value: one })
      })
    } else if (isPlain(value)) walk(regime, value, at, context, own, fields)
  }
}

/** What one of several parts is called beside its numbers. */
function nameOf(part: Plain, list: string, index: number): string {
  for (const key of ['title', 'label', 'grade', 'name', 'because'])
    if (typeof part[key] === 'string') return part[key]
  const period = (periodKinds as Record<string, string>)[String(part.per)]
  if (period !== undefined) return period
  const fact = typeof part.fact === 'string' ? part.fact : ''
  const kind = (factKinds as Record<string, { label: string } | undefined>)[fact]
  return kind?.label ?? `${valueLabels[list] ?? '第'}${index + 1}`
}

/** Every field of a text, so that nothing else can be changed by form. */
export function fieldsOf(regime: Regime, text: string): { settings: Field[]; rules: Field[][] } {
  const raw = rawOf(text)
  const tables: Field[] = []
  for (const list of ['tables', 'phases'] as const) {
    const parts = Array.isArray(raw[list]) ? (raw[list] as unknown[]) : []
    parts.forEach((part, index) => {
      if (isPlain(part)) walk(regime, part, [list, index], [nameOf(part, list, index)], '', tables)
    })
  }
  for (const field of tables) if (field.clause === '') field.clause = null
  const rules = Array.isArray(raw.rules) ? (raw.rules as unknown[]) : []
  return {
    settings: [...settingFields(regime), ...tables],
    rules: regime.rules.map((_, index) => ruleFields(regime, rules[index], index)),
  }
}

// ── Differences between two versions ─────────────────────────────────────────

export interface ValueChange {
  kind: 'value' | 'added' | 'removed'
  ruleId: string | null
  clause: string | null
  /** 教学反思 · 至少 */
  label: string
  old: string
  new: string
}

/** The value of a setting in the words of its own choices. */
export function settingText(regime: Regime, name: string): string {
  const setting = regime.settings[name]
  if (!setting) return '（未写）'
  const { options } = settingKind(regime, name, setting.value)
  const word = (one: unknown) =>
    options?.find((option) => option.value === one)?.label ?? valueText(regime, one)
  return Array.isArray(setting.value) ? setting.value.map(word).join('、') : word(setting.value)
}

/** What differs between two regimes, for people: settings, rules that came and went, values and words of rules. */
export function changesBetween(old: Regime, renewed: Regime): ValueChange[] {
  const changes: ValueChange[] = []
  const settingNames = new Set([...Object.keys(old.settings), ...Object.keys(renewed.settings)])
  for (const name of settingNames) {
    const [before, after] = [old.settings[name], renewed.settings[name]]
    if (JSON.stringify(before?.value) === JSON.stringify(after?.value)) continue
    changes.push({
      kind: before ? (after ? 'value' : 'removed') : 'added',
      ruleId: null,
      clause: after?.clause ?? before?.clause ?? null,
      label: `设置 · ${after?.label ?? before?.label ?? name}`,
      old: settingText(old, name),
      new: settingText(renewed, name),
    })
  }
  const byId = new Map(old.rules.map((rule) => [rule.id, rule]))
  const newIds = new Set(renewed.rules.map((rule) => rule.id))
  for (const rule of renewed.rules) {
    const before = byId.get(rule.id)
    const { id: ruleId, clause, title } = rule
    if (!before) {
      changes.push({
        kind: 'added',
        ruleId,
        clause,
        label: title,
        old: '',
        new: describeRule(renewed, rule).join(''),
      })
      continue
    }
    changes.push(...leafChanges(old, renewed, before, rule))
  }
  for (const rule of old.rules) {
    if (newIds.has(rule.id)) continue
    const { id: ruleId, clause, title } = rule
    changes.push({
      kind: 'removed',
      ruleId,
      clause,
      label: title,
      old: describeRule(old, rule).join(''),
      new: '',
    })
  }
  return changes
}

const wordOf: Record<string, string> = {
  title: '名称',
  text: '条文',
  note: '说明',
  where: '计入的条件',
  when: '条件',
  fact: '计入的记录',
  clause: '条款号',
  kind: '种类',
  manual: '人工确认的原因',
  noun: '称呼',
  otherwise: '不计时的说法',
  label: '名称',
  hint: '提示',
}

function leafChanges(old: Regime, renewed: Regime, before: Rule, after: Rule): ValueChange[] {
  const changes: ValueChange[] = []
  const compare = (a: unknown, b: unknown, key: string, context: string[], inBinds = false): void => {
    if (JSON.stringify(a) === JSON.stringify(b)) return
    if (isPlain(a) && isPlain(b)) {
      for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(a[name], b[name], name, context, inBinds || name === 'binds')
      return
    }
    if (Array.isArray(a) && Array.isArray(b) && [...a, ...b].some(isPlain)) {
      for (let index = 0; index < Math.max(a.length, b.length); index++) {
        const part = b[index] ?? a[index]
        compare(
          a[index],
          b[index],
          key,
          isPlain(part) ? [...context, nameOf(part, key, index)] : context,
          inBinds,
        )
      }
      return
    }
    const text = (regime: Regime, value: unknown): string =>
      isPlain(value) || (Array.isArray(value) && value.some(isPlain))
        ? '（一组内容）'
        : valueText(regime, value)
    changes.push({
      kind: 'value',
      ruleId: after.id,
      clause: after.clause,
      label: [after.title, ...context, inBinds ? '对象' : (valueLabels[key] ?? wordOf[key] ?? '内容')].join(
        ' · ',
      ),
      old: text(old, a),
      new: text(renewed, b),
    })
  }
  compare(before, after, '', [])
  // What was read from a setting is named once, with the setting.
  return changes.filter((change) => change.old !== change.new)
}
