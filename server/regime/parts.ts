import { type Document, isMap, isSeq, parseDocument, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Regime } from '../../engine/schema.ts'
import { writeSimple } from '../../engine/simple-conditions.ts'
import type { SimpleConditions } from '../../engine/simple-words.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { getForEdit, insertFrom, readable } from './drafts.ts'
import * as drafts from './drafts-store.ts'
import type { FormFor, RuleForm } from './parts-contract.ts'
import { readText, type SwitchedOff } from './regime-text.ts'
import { inWords } from './remarks.ts'
import { freeName, nextRuleId, problemOfConditions, problemsOfRule, ruleOf } from './rule-form.ts'
import { starterText } from './starter.ts'

/** Which draft is changed, and the version that the writer has seen. */
interface Editing {
  id: string
  rowVersion: number
}

/**
 * Changes the data of a draft: the whole is read again, and whatever is then wrong is refused with nothing changed. The
 * writer's remarks in the text stay.
 */
async function rewrite(
  tx: Tx,
  editing: Editing,
  change: (document: Document, regime: Regime) => { type: string; payload: Record<string, unknown> },
): Promise<{ rowVersion: number }> {
  const draft = await getForEdit(tx, editing.id, editing.rowVersion)
  const document = parseDocument(draft.text)
  const entry = change(document, readable(draft.text, 'regime'))
  const text = document.toString({ lineWidth: 118 })
  const { regime, problems } = readText(text, '制度')
  if (!regime)
    refuse(`没有保存：${inWords(problems[0]?.message ?? '内容不对')}。`, { code: 'regimeProblems' })
  const ids = new Set(regime.rules.map((rule) => rule.id))
  const switchedOff: SwitchedOff = Object.fromEntries(
    Object.entries(draft.switchedOff).filter(([id]) => ids.has(id)),
  )
  const { id: regimeId, title, version } = regime
  await drafts.saveContent(tx, draft.id, { regimeId, title, version, switchedOff, text })
  await audit(tx, { type: entry.type, id: draft.id, payload: entry.payload })
  changed(tx, 'regimeDrafts', 'regimeParts')
  return { rowVersion: draft.rowVersion + 1 }
}

/** A list of the document, made where there is none. */
function listAt(document: Document, path: string[]): YAMLSeq<YAMLMap> {
  const there = document.getIn(path)
  if (isSeq(there)) return there as YAMLSeq<YAMLMap>
  document.setIn(path, document.createNode([]))
  return document.getIn(path) as YAMLSeq<YAMLMap>
}
const findPart = (list: YAMLSeq<YAMLMap>, id: string) => list.items.find((one) => one.get('id') === id)

/** Small parts on one line, as people write them. */
function nodeOf(document: Document, value: unknown, inline: string[] = []) {
  const node = document.createNode(value)
  visit(node, {
    Pair(_, pair) {
      const name = String((pair.key as { value?: unknown }).value)
      if (inline.includes(name) && (isMap(pair.value) || isSeq(pair.value))) pair.value.flow = true
    },
  })
  return node
}

/** Sets words of a part; empty ones are taken away. */
function setWords(part: YAMLMap, words: Record<string, string>): void {
  for (const [name, text] of Object.entries(words)) {
    if (text === '') part.delete(name)
    else part.set(name, text)
  }
}

const must = (holds: boolean, sentence: string, field: string) => {
  if (!holds) refuse(sentence, { fields: { [field]: sentence } })
}

/** Makes a draft in which no rule stands yet, for a regulation that is none of those that ship. */
export async function createEmpty(
  tx: Tx,
  input: { title: string; issuedBy: string },
): Promise<{ id: string }> {
  demand(can.editVersions(tx.actor))
  must(input.title.length >= 2, '请写制度的名称，例如“青山小学校本研修制度”。', 'title')
  must(input.issuedBy.length >= 2, '请写制度由谁发布，例如“青山小学”。', 'issuedBy')
  const text = starterText({ id: `own-${newId().slice(-8)}`, ...input, on: tx.today })
  return insertFrom(tx, { text, originKind: 'own', switchedOff: {}, asItIs: true })
}

/** Adds or changes a group of people of whom rules speak. */
export function saveCohort(
  tx: Tx,
  input: Editing & {
    cohort: string
    label: string
    conditions: SimpleConditions | null
    clause: string
    note: string
  },
): Promise<{ rowVersion: number }> {
  must(input.label !== '', '请写这群人的名称，例如“青年教师”。', 'label')
  must(
    input.clause !== '' || input.note !== '',
    '请写依据：条款号，或说明由谁设定（条款没有规定的）。',
    'clause',
  )
  const { conditions } = input
  if (conditions !== null) {
    must(conditions.conditions.length > 0, '请至少写一个条件。', 'conditions')
    const problem = problemOfConditions(conditions)
    if (problem !== null) must(false, problem, 'conditions')
  }
  return rewrite(tx, input, (document, regime) => {
    const list = listAt(document, ['cohorts'])
    let part = findPart(list, input.cohort)
    if (!part) {
      if (input.cohort !== '') refuseNotFound('人群')
      if (conditions === null) refuse('请至少写一个条件。')
      const id = freeName(
        'cohort',
        regime.cohorts.map((one) => one.id),
      )
      part = document.createNode({ id }) as YAMLMap
      part.flow = true
      list.add(part)
    }
    setWords(part, { label: input.label })
    if (conditions !== null) part.set('when', writeSimple(conditions))
    setWords(part, { clause: input.clause, note: input.note })
    return { type: 'regime.cohortSaved', payload: { label: input.label, when: String(part.get('when')) } }
  })
}

export function removeCohort(tx: Tx, input: Editing & { cohort: string }): Promise<{ rowVersion: number }> {
  return rewrite(tx, input, (document, regime) => {
    const cohort = regime.cohorts.find((one) => one.id === input.cohort) ?? refuseNotFound('人群')
    const users = rulesNaming(regime, cohort.id)
    if (users.length > 0) refuse(`“${cohort.label}”还有规则用到（${users.join('、')}），不能删去。`)
    const list = listAt(document, ['cohorts'])
    list.items = list.items.filter((one) => one.get('id') !== cohort.id)
    return { type: 'regime.cohortRemoved', payload: { label: cohort.label } }
  })
}

/** Titles of the rules in whose data a name stands. */
export function rulesNaming(regime: Regime, name: string): string[] {
  return regime.rules.filter((rule) => JSON.stringify(rule).includes(`"${name}"`)).map((rule) => rule.title)
}

/** Adds or changes a form: its required and other sections in their order. */
export function saveForm(
  tx: Tx,
  input: Editing & {
    form: string
    label: string
    clause: string
    about: { for: FormFor; level: 'organisation' | 'group' | 'teacher' | null; workKind: string }
    sections: { section: string; label: string; hint: string; required: boolean }[]
  },
): Promise<{ rowVersion: number }> {
  must(input.label !== '', '请写表单的名称，例如“教研活动记录”。', 'label')
  must(input.clause !== '', '请写条款号：任何规定都要能查到出处。', 'clause')
  must(input.sections.length > 0, '请至少写一个部分。', 'sections')
  must(!input.sections.some((one) => one.label === ''), '请给每一部分写名称。', 'sections')
  return rewrite(tx, input, (document, regime) => {
    const list = listAt(document, ['forms'])
    let part = findPart(list, input.form)
    if (!part) {
      if (input.form !== '') refuseNotFound('表单')
      const { for: belongs, level, workKind } = input.about
      if (belongs === 'work' && workKind === '') refuse('请选择是哪一种作品的表单。')
      part = document.createNode({
        id: freeName(
          'form',
          regime.forms.map((one) => one.id),
        ),
        label: input.label,
        clause: input.clause,
        for: belongs,
        ...((belongs === 'plan' || belongs === 'summary') && level !== null ? { level } : {}),
        ...(belongs === 'work' ? { workKind } : {}),
      }) as YAMLMap
      list.add(part)
    }
    part.set('label', input.label)
    part.set('clause', input.clause)
    const before = part.get('sections')
    const known = isSeq(before) ? (before as YAMLSeq<YAMLMap>) : undefined
    const taken = new Set(known?.items.map((one) => String(one.get('id'))))
    const sections = document.createNode([]) as YAMLSeq<YAMLMap>
    for (const { section, label, hint, required } of input.sections) {
      let item = known && findPart(known, section)
      if (!item || sections.items.includes(item)) {
        const id = freeName('section', taken)
        taken.add(id)
        item = document.createNode({ id }) as YAMLMap
        item.flow = true
      }
      setWords(item, { label, hint })
      if (required) item.delete('required')
      else item.set('required', false)
      sections.add(item)
    }
    part.set('sections', sections)
    return {
      type: 'regime.formSaved',
      payload: { label: input.label, sections: input.sections.map((one) => one.label) },
    }
  })
}

export function removeForm(tx: Tx, input: Editing & { form: string }): Promise<{ rowVersion: number }> {
  return rewrite(tx, input, (document, regime) => {
    const form = regime.forms.find((one) => one.id === input.form) ?? refuseNotFound('表单')
    const users = regime.rules.filter((rule) => rule.form?.form === form.id).map((rule) => rule.title)
    if (users.length > 0) refuse(`“${form.label}”还有规则用到（${users.join('、')}），不能删去。`)
    const list = listAt(document, ['forms'])
    list.items = list.items.filter((one) => one.get('id') !== form.id)
    return { type: 'regime.formRemoved', payload: { label: form.label } }
  })
}

/** The words of one list in their order; what is left out goes, unless a rule or form names it. */
export function saveWords(
  tx: Tx,
  input: Editing & { list: string; terms: { term: string; label: string; clause: string }[] },
): Promise<{ rowVersion: number }> {
  must(!input.terms.some((one) => one.label === ''), '请给每个词写名称，不要的请删去。', 'terms')
  const labels = input.terms.map((one) => one.label)
  must(new Set(labels).size === labels.length, '有两个词的名称相同，请改一个。', 'terms')
  return rewrite(tx, input, (document, regime) => {
    const lists: Record<string, { id: string; label: string }[]> = regime.vocabularies
    const before = Object.hasOwn(lists, input.list) ? (lists[input.list] ?? []) : refuseNotFound('词表')
    const gone = before.filter((term) => !input.terms.some((one) => one.term === term.id))
    for (const term of gone)
      if (isNamed(regime, term.id)) refuse(`“${term.label}”还有规则或表单用到，不能删去。`)
    const known = listAt(document, ['vocabularies', input.list])
    const taken = new Set(before.map((term) => term.id))
    const terms = document.createNode([]) as YAMLSeq<YAMLMap>
    for (const { term, label, clause } of input.terms) {
      let item = findPart(known, term)
      if (!item || terms.items.includes(item)) {
        const id = freeName('term', taken)
        taken.add(id)
        item = document.createNode({ id }) as YAMLMap
        item.flow = true
      }
      setWords(item, { label, clause })
      terms.add(item)
    }
    document.setIn(['vocabularies', input.list], terms)
    return { type: 'regime.wordsSaved', payload: { list: input.list, words: labels } }
  })
}

/** Whether a word of a list is named by a rule, a form, a cohort, a setting, the hours or a table. */
export function isNamed(regime: Regime, word: string): boolean {
  const { rules, forms, cohorts, settings, hours, tables } = regime
  return new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(
    JSON.stringify({ rules, forms, cohorts, settings, hours, tables }),
  )
}

/** Adds a rule that was written by form, as the last one; gives its id. */
export async function addRule(
  tx: Tx,
  input: Editing & { rule: RuleForm },
): Promise<{ rowVersion: number; ruleId: string }> {
  const wrong = problemsOfRule(input.rule)
  const [first] = Object.values(wrong)
  if (first !== undefined) refuse(first, { fields: wrong })
  let ruleId = ''
  const { rowVersion } = await rewrite(tx, input, (document, regime) => {
    ruleId = nextRuleId(regime)
    const list = listAt(document, ['rules'])
    list.flow = false
    list.add(nodeOf(document, ruleOf(ruleId, input.rule), ['binds', 'counts']) as YAMLMap)
    return {
      type: 'regime.ruleAdded',
      payload: { ruleId, title: input.rule.title, clause: input.rule.clause },
    }
  })
  return { rowVersion, ruleId }
}

/** Takes a rule out of the draft; refused while another rests on it. */
export function removeRule(tx: Tx, input: Editing & { ruleId: string }): Promise<{ rowVersion: number }> {
  return rewrite(tx, input, (document, regime) => {
    const rule = regime.rules.find((one) => one.id === input.ruleId) ?? refuseNotFound('规则')
    const users = rulesNaming(
      { ...regime, rules: regime.rules.map((one) => ({ ...one, id: '', inside: [] })) },
      rule.id,
    )
    if (users.length > 0)
      refuse(`还有规则以“${rule.title}”为依据（${users.join('、')}），请先删去或改掉那一条。`)
    const list = listAt(document, ['rules'])
    list.items = list.items.filter((one) => one.get('id') !== rule.id)
    for (const item of list.items) {
      const inside = item.get('inside')
      if (!isSeq(inside)) continue
      inside.items = inside.items.filter((one) => !isMap(one) || one.get('rule') !== rule.id)
      if (inside.items.length === 0) item.delete('inside')
    }
    return { type: 'regime.ruleRemoved', payload: { ruleId: rule.id, title: rule.title } }
  })
}
