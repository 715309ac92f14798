import { evaluateRule, scopeFor } from './evaluate.ts'
import type { Regime } from './schema.ts'
import { scoreIn } from './shapes/score.ts'
import type { ForcedResult, ScorePart } from './shapes/score.ts'
import type { EvaluationInput, LocalDate, PeriodRef, Subject, TraceFact } from './types.ts'
import { periodRef, traceFactsOf } from './shapes/shape.ts'

export interface SubjectScore {
  period: PeriodRef
  parts: (Omit<ScorePart, 'candidates'> & { facts: TraceFact[] })[]
  /** Null while a part is missing: what is missing is not nought. */
  score: number | null
  grade: string | null
  /** A result that holds whatever the score, with the sentence that says why. */
  forced: ForcedResult | null
}

/** The scores of a subject under a score rule, one per period of the school year; throws on any other rule. */
export function scoreOf(
  regime: Regime,
  input: EvaluationInput,
  options: { ruleId: string; subject: Subject; on: LocalDate; schoolYearId: string },
): SubjectScore[] {
  const scope = scopeFor(regime, input, options)
  const rule = scope.prepared.findRule(options.ruleId)
  if (!rule?.rule.score) throw new Error(`${options.ruleId} is no score rule of ${regime.id}`)
  return scope.periods(rule.rule.score.per).map((period) => {
    const result = scoreIn(rule, options.subject, period, scope, {
      evaluate: (ruleId, subject = options.subject) => {
        const other = scope.prepared.findRule(ruleId)
        return other ? evaluateRule(other, subject, scope) : []
      },
    })
    return {
      ...result,
      period: periodRef(period),
      parts: result.parts.map(({ candidates, ...part }) => ({ ...part, facts: traceFactsOf(candidates) })),
    }
  })
}
