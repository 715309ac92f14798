import { prepare } from './prepare.ts'
import type { PreparedRule } from './prepare.ts'
import type { Regime } from './schema.ts'
import { openScope, subjectsOf } from './scope.ts'
import type { Scope } from './scope.ts'
import { shapeOf } from './shapes/registry.ts'
import type { Working } from './shapes/shape.ts'
import type { EvaluationInput, Finding, LocalDate, Subject } from './types.ts'

export interface EvaluationOptions {
  /** The day on which the question is asked; nothing recorded later is used. */
  on: LocalDate
  schoolYearId: string
  /** Only these; everybody in the input otherwise. */
  subjects?: Subject[]
  /** Only these rules; all of the regime otherwise. */
  ruleIds?: string[]
}

/**
 * Applies a regime to everything known by a day: one finding per rule, minimum, subject and period of the school
 * year, future periods included. Pure; throws on a school year that the calendar does not hold.
 */
export function evaluate(regime: Regime, input: EvaluationInput, options: EvaluationOptions): Finding[] {
  const scope = scopeFor(regime, input, options)
  const findings: Finding[] = []
  for (const subject of options.subjects ?? subjectsOf(scope)) {
    for (const rule of scope.prepared.rules) {
      if (options.ruleIds && !options.ruleIds.includes(rule.rule.id)) continue
      for (const working of evaluateRule(rule, subject, scope)) findings.push(working.finding)
    }
  }
  return findings
}

/** Opens the evaluation that `evaluate` and `explain` share. */
export function scopeFor(
  regime: Regime,
  input: EvaluationInput,
  options: Pick<EvaluationOptions, 'on' | 'schoolYearId'>,
  tracing = false,
): Scope {
  const schoolYear = input.calendar.schoolYears.find((year) => year.id === options.schoolYearId)
  if (!schoolYear) throw new Error(`The calendar holds no school year ${options.schoolYearId}`)
  return openScope(prepare(regime, input.calendar), input, options.on, schoolYear, tracing)
}

/** One rule for one subject, with the way to explain each finding. */
export function evaluateRule(rule: PreparedRule, subject: Subject, scope: Scope): Working[] {
  return shapeOf(rule).evaluate(rule, subject, scope, {
    evaluate: (ruleId, whom = subject) => {
      const other = scope.prepared.findRule(ruleId)
      return other && other !== rule ? evaluateRule(other, whom, scope) : []
    },
  })
}

/** What tells one finding from all others of a regime and school year. */
export function findingKey(finding: Pick<Finding, 'ruleId' | 'minimumId' | 'subject' | 'period'>): string {
  const { ruleId, minimumId, subject, period } = finding
  return [ruleId, minimumId, subject.kind, subject.id, period.id].join('|')
}
