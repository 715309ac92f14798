import { factKinds, type FactKind } from '../../engine/facts.ts'
import type { Regime } from '../../engine/schema.ts'
import { writeSimple } from '../../engine/simple-conditions.ts'
import type { SimpleConditions } from '../../engine/simple-words.ts'
import type { CountedForm, RuleForm } from './parts-contract.ts'

/** A rule as a school writes it by form, turned into the data of the regime. Pure: nothing is read or written here. */

const register: Record<string, FactKind | undefined> = factKinds

/** The number after the highest that the regime has used: `qingshan-08`. */
export function nextRuleId(regime: Pick<Regime, 'id' | 'rules'>): string {
  const highest = Math.max(0, ...regime.rules.map((rule) => Number(/-(\d+)$/.exec(rule.id)?.[1] ?? 0)))
  return `${regime.id}-${String(highest + 1).padStart(2, '0')}`
}

/** A name for a new part that none of these has: `cohort3`. */
export function freeName(beginning: string, taken: Iterable<string>): string {
  const names = new Set(taken)
  let number = names.size + 1
  while (names.has(`${beginning}${number}`)) number++
  return `${beginning}${number}`
}

/** What is missing in conditions; null when they can be written. */
export function problemOfConditions({ conditions }: SimpleConditions): string | null {
  for (const { attribute, value, operator } of conditions) {
    if (attribute === '') return '请选择条件看哪一项。'
    const asksNothing = ['filled', 'empty', 'yes', 'no'].includes(operator)
    if (!asksNothing && (value === null || value === '' || (Array.isArray(value) && value.length === 0)))
      return '请把条件填写完整。'
  }
  return null
}

/** What is wrong with a rule, by the field of the form; empty when it can be added. */
export function problemsOfRule(rule: RuleForm): Record<string, string> {
  const wrong: Record<string, string> = {}
  const must = (field: string, holds: boolean, sentence: string) => {
    if (!holds) wrong[field] ??= sentence
  }
  must('title', rule.title !== '', '请写名称，例如“教学反思”。')
  must('clause', rule.clause !== '', '请写条款号，例如“二.7”：任何规定都要能查到出处。')
  must('text', rule.text !== '', '请写制度原文，或用自己的话转述。')
  if (rule.binds.of === 'person') must('binds', rule.binds.cohort !== '', '请选择约束哪些人。')
  if (rule.binds.of === 'unit') must('binds', rule.binds.unitKinds.length > 0, '请选择约束哪类小组。')
  const counts = (field: string, { fact, where }: CountedForm) => {
    must(field, register[fact] !== undefined, '请选择数哪种记录。')
    const problem = problemOfConditions(where)
    if (problem !== null) must(field, false, problem)
  }
  if (rule.shape === 'amount' || rule.shape === 'form' || rule.shape === 'limit')
    counts('counts', rule.counts)
  if (rule.shape === 'amount') {
    must('atLeast', rule.atLeast > 0, '请写至少多少，要大于 0。')
    must('unit', rule.unit !== '', '请写单位，例如“篇”。')
  }
  if (rule.shape === 'form')
    must('form', rule.form !== '', '请选择用哪一份表单；还没有的，先在“人群、表单、词表”里加。')
  if (rule.shape === 'limit') {
    must('reaches', rule.reaches > 0, '请写满几次，要大于 0。')
    must('result', rule.result !== '', '请写满了以后怎样，例如“不合格”。')
  }
  if (rule.shape === 'score') {
    must('parts', rule.parts.length > 0, '请至少写一项得分。')
    for (const part of rule.parts) {
      must('parts', part.label !== '', '请给每一项得分写名称。')
      must(
        'parts',
        rule.scoring === 'points' ? part.amount !== 0 : part.amount > 0,
        '请写每一项的分值或权重。',
      )
      counts('parts', part.counts)
    }
    const grades = rule.bands.map((band) => band.grade)
    must('bands', !grades.includes(''), '请给每一等写名称。')
    must('bands', new Set(grades).size === grades.length, '两个等次的名称相同。')
    const from = rule.bands.map((band) => band.from)
    must('bands', new Set(from).size === from.length, '两个等次从同一分数开始。')
  }
  if (rule.shape === 'manual')
    must('manual', rule.manual.length >= 4, '请写明为什么只能由人判断，至少 4 个字。')
  return wrong
}

/** The rule as it stands in the text of a regime. */
export function ruleOf(ruleId: string, rule: RuleForm): Record<string, unknown> {
  const { kind, clause, title, text, per } = rule
  return {
    id: ruleId,
    clause,
    kind,
    title,
    text,
    binds: bindsOf(rule),
    ...(rule.consequence === '' ? {} : { consequence: rule.consequence }),
    ...blockOf(rule, per),
  }
}

function bindsOf({ binds }: RuleForm): Record<string, unknown> {
  if (binds.of === 'person') return { person: binds.cohort }
  return binds.of === 'unit' ? { unit: binds.unitKinds } : { organisation: true }
}

function countOf({ fact, where }: CountedForm, of: RuleForm['of'], subject: RuleForm['binds']['of']) {
  const condition = writeSimple(where)
  // What is never recorded of a school or a group itself is counted of its people.
  const own = register[fact]?.subjects.includes(subject) ?? true
  const whose = own ? of : subject === 'organisation' ? 'everyone' : 'members'
  return {
    fact,
    ...(condition === '' ? {} : { where: condition }),
    ...(whose === 'subject' || subject === 'person' ? {} : { of: whose }),
  }
}

function blockOf(rule: RuleForm, per: RuleForm['per']): Record<string, unknown> {
  const counts = () => countOf(rule.counts, rule.of, rule.binds.of)
  switch (rule.shape) {
    case 'amount':
      return {
        counts: counts(),
        ...(rule.measure === 'count' ? {} : { measure: rule.measure }),
        atLeast: rule.atLeast,
        unit: rule.unit,
        per,
      }
    case 'form':
      return {
        form: { counts: counts(), form: rule.form, per, ...(rule.unit === '' ? {} : { unit: rule.unit }) },
      }
    case 'limit':
      return {
        limit: {
          counts: counts(),
          reaches: rule.reaches,
          ...(rule.unit === '' ? {} : { unit: rule.unit }),
          per,
          result: rule.result,
        },
      }
    case 'score':
      return { score: { per, ...partsOf(rule), ...bandsOf(rule) } }
    case 'manual':
      return { manual: rule.manual }
  }
}

function partsOf(rule: RuleForm): Record<string, unknown> {
  const list = rule.parts.map((part, index) => ({
    id: `part${index + 1}`,
    label: part.label,
    clause: rule.clause,
    counts: countOf(part.counts, rule.of, rule.binds.of),
    ...(rule.scoring === 'weights'
      ? { weight: part.amount }
      : { points: part.amount, ...(part.most === null || part.most <= 0 ? {} : { max: part.most }) }),
  }))
  return rule.scoring === 'weights' ? { parts: list } : { points: list }
}

function bandsOf(rule: RuleForm): Record<string, unknown> {
  if (rule.bands.length === 0) return {}
  const bands = [...rule.bands].sort((a, b) => a.from - b.from)
  return {
    bands: bands.map((band, index) => {
      const next = bands[index + 1]
      return {
        grade: band.grade,
        from: band.from,
        ...(next ? { below: next.from } : {}),
        clause: rule.clause,
      }
    }),
  }
}
