import type { Period } from '../periods.ts'
import type { PreparedRule } from '../prepare.ts'
import type { Regime, RegimeForm } from '../schema.ts'
import { candidatesFor, spanOf } from '../scope.ts'
import type { Candidate, Scope } from '../scope.ts'
import type { Subject } from '../types.ts'
import {
  concerns,
  findingOf,
  noDetail,
  periodsFor,
  resting,
  standingOf,
  stateOf,
  traceFactsOf,
  within,
} from './shape.ts'
import type { Shape, Working } from './shape.ts'

/** The attribute of a fact in which a room leaves the parts that were filled in. */
const partsAttribute: Record<RegimeForm['for'], string> = {
  plan: 'parts',
  summary: 'parts',
  work: 'parts',
  record: 'parts',
  papers: 'papers',
  minutes: 'minutesParts',
  settledItems: 'settledItems',
}

/** Labels of the required sections that a fact lacks. */
function missingSections(
  form: RegimeForm,
  attributes: Record<string, unknown>,
  attribute = partsAttribute[form.for],
): string[] {
  const filled = attributes[attribute]
  const parts = Array.isArray(filled) ? filled : []
  return form.sections
    .filter((section) => section.required && !parts.includes(section.id))
    .map((section) => section.label)
}

const formById = (regime: Regime, id: string | undefined) => regime.forms.find((form) => form.id === id)

/** Every record of a period is complete: required sections of papers, minutes, settled items, and conditions. */
export const formShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.form
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const counts = scope.prepared.counts(block.counts)
    const form = formById(scope.prepared.regime, block.form)
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const candidates = candidatesFor(counts, subject, scope, undefined, spanOf(periods))
    for (const candidate of candidates) {
      if (candidate.because !== null || !form) continue
      const missing = missingSections(form, candidate.fact.attributes, block.attribute)
      if (missing.length > 0) candidate.because = `没有填写：${missing.join('、')}`
    }
    return completeShare(rule, subject, scope, candidates, {
      periods,
      unit: block.unit,
      share: block.share,
      ...(block.atLeast === undefined ? {} : { atLeast: block.atLeast }),
      asks: form
        ? `每${block.unit}须有：${form.sections.map((section) => section.label).join('、')}`
        : '每份记录都符合要求',
    })
  },
}

export interface ShareAsk {
  periods: Period[]
  unit: string
  share: number
  asks: string
  /** So many complete records are owed, even where there are none. */
  atLeast?: number
  /** What the complete records together lack, in words; empty when nothing. */
  lacks?: (complete: Candidate[]) => string
  /** A result in words for the complete records of a period. */
  resultOf?: (complete: Candidate[]) => string
}

/** One finding per period: how many of its records are complete. Without records nothing is asked. */
export function completeShare(
  rule: PreparedRule,
  subject: Subject,
  scope: Scope,
  candidates: Candidate[],
  ask: ShareAsk,
): Working[] {
  const { title, clause, binds } = rule.rule
  const detail = { ...noDetail(title, clause), inputs: [{ label: '规定', value: ask.asks, from: clause }] }
  const standings = ask.periods.map((period) => standingOf(binds, subject, period, scope, rule.rule.id))
  if (standings.every((standing) => !standing.asked && !standing.bound)) return []
  return ask.periods.map((period, index): Working => {
    const standing = standings[index]
    const own = candidates.filter((candidate) => within(period, candidate.day))
    const records = own.filter((candidate) => !scope.tracing || !scope.isUndone(candidate.fact.id))
    const complete = records.filter((candidate) => candidate.because === null)
    const given = { unit: ask.unit, factIds: complete.map((candidate) => candidate.fact.id) }
    if (standing && !standing.asked) return resting(rule, scope, subject, period, standing, given, detail)
    const share = Math.ceil(records.length * ask.share - 1e-9)
    const target = Math.max(ask.atLeast ?? 0, share)
    const empty = target === 0
    const lacks = ask.lacks?.(complete) ?? ''
    const met = !empty && complete.length >= target && lacks === ''
    const over = scope.on > period.to
    const state = empty
      ? over
        ? 'notApplicable'
        : 'open'
      : stateOf(met, records.length > 0, period, period.to, scope)
    const finding = findingOf(rule, scope, subject, period, {
      ...given,
      state,
      value: complete.length,
      target: empty ? null : target,
      dueOn: empty ? null : period.to,
      result: ask.resultOf && records.length > 0 ? ask.resultOf(complete) : null,
    })
    return {
      finding,
      detail: () => ({
        ...detail,
        facts: traceFactsOf(own),
        formula: `完整 ${complete.length} ${ask.unit} ÷ 全部 ${records.length} ${ask.unit}`,
        because: empty ? '此期间没有记录，不作要求' : lacks === '' ? null : lacks,
      }),
    }
  })
}
