import { candidatesFor, spanOf } from '../scope.ts'
import type { Candidate } from '../scope.ts'
import type { VocabularyName } from '../schema.ts'
import { completeShare } from './form.ts'
import { concerns, periodsFor } from './shape.ts'
import type { Shape } from './shape.ts'

/** Records carry a term of a fixed vocabulary; the result says how many of its terms were used. */
export const listShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.list
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const terms = scope.prepared.regime.vocabularies[block.vocabulary as VocabularyName].filter(
      (term) => !block.terms || block.terms.includes(term.id),
    )
    const wanted = block.use === 'all' ? terms.length : (block.use ?? 0)
    const known = new Set(terms.map((term) => term.id))
    const termsOf = (attributes: Record<string, unknown>): string[] => {
      const value = attributes[block.attribute]
      return (Array.isArray(value) ? value : [value]).filter((one) => known.has(one))
    }
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const counts = scope.prepared.counts(block.counts)
    const candidates = candidatesFor(counts, subject, scope, undefined, spanOf(periods))
    for (const candidate of candidates) {
      if (candidate.because !== null) continue
      if (termsOf(candidate.fact.attributes).length === 0) candidate.because = '没有标注规定的类别'
    }
    const lacks = (complete: Candidate[]) => {
      const used = new Set(complete.flatMap((candidate) => termsOf(candidate.fact.attributes)))
      const missing = terms.filter((term) => !used.has(term.id)).map((term) => term.label)
      return used.size >= wanted ? '' : `还没有：${missing.join('、')}`
    }
    return completeShare(rule, subject, scope, candidates, {
      periods,
      unit: block.unit,
      // Where so many terms must be used, other records may lie beside them.
      share: wanted > 0 ? 0 : 1,
      ...(wanted > 0 ? { atLeast: 1, lacks } : {}),
      asks: `标注以下类别之一：${terms.map((term) => term.label).join('、')}`,
      resultOf: (complete) => {
        const used = new Set(complete.flatMap((candidate) => termsOf(candidate.fact.attributes)))
        return `用到 ${used.size} 种，共 ${terms.length} 种`
      },
    })
  },
}
