import { candidatesFor } from '../scope.ts'
import type { VocabularyName } from '../schema.ts'
import { completeShare } from './form.ts'
import { concerns } from './shape.ts'
import type { Shape } from './shape.ts'

/** Records carry a term of a fixed vocabulary; the result says how many of its terms were used. */
export const listShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.list
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const terms = scope.prepared.regime.vocabularies[block.vocabulary as VocabularyName]
    const known = new Set(terms.map((term) => term.id))
    const termsOf = (attributes: Record<string, unknown>): string[] => {
      const value = attributes[block.attribute]
      return (Array.isArray(value) ? value : [value]).filter((one) => known.has(one))
    }
    const candidates = candidatesFor(scope.prepared.counts(block.counts), subject, scope)
    for (const candidate of candidates) {
      if (candidate.because !== null) continue
      if (termsOf(candidate.fact.attributes).length === 0) candidate.because = '没有标注规定的类别'
    }
    return completeShare(rule, subject, scope, candidates, {
      periods: scope.periods(block.per),
      unit: block.unit,
      share: 1,
      asks: `标注以下类别之一：${terms.map((term) => term.label).join('、')}`,
      resultOf: (complete) => {
        const used = new Set(complete.flatMap((candidate) => termsOf(candidate.fact.attributes)))
        return `用到 ${used.size} 种，共 ${terms.length} 种`
      },
    })
  },
}
