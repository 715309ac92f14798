import { evaluateRule, findingKey, scopeFor } from '../evaluate.ts'
import type { EvaluationOptions } from '../evaluate.ts'
import { schoolYearOf } from '../periods.ts'
import type { Regime } from '../schema.ts'
import { subjectsOf } from '../scope.ts'
import type { Detail } from '../shapes/shape.ts'
import type { EvaluationInput, Finding, LocalDate, Trace } from '../types.ts'
import { sentenceOf } from './sentences.ts'

/** A finding, or what identifies one; `findingKey` makes the string. */
export type FindingReference = string | Pick<Finding, 'ruleId' | 'minimumId' | 'subject' | 'period'>

/**
 * Why a finding is as it is on a day: a sentence, the facts that counted and those that did not, formula, inputs and
 * clause. Null when the regime asks nothing of the kind.
 */
export function explain(
  regime: Regime,
  input: EvaluationInput,
  reference: FindingReference,
  on: LocalDate,
): Trace | null {
  const key = typeof reference === 'string' ? reference : findingKey(reference)
  const [ruleId = '', , kind = '', id = ''] = key.split('|')
  if (kind !== 'person' && kind !== 'unit' && kind !== 'organisation') return null
  const subject = { kind, id } as const
  const current = schoolYearOf(input.calendar, on)
  const years = [...input.calendar.schoolYears].sort(
    (a, b) => Number(b.id === current?.id) - Number(a.id === current?.id),
  )
  for (const { id: schoolYearId } of years) {
    const scope = scopeFor(regime, input, { on, schoolYearId }, true)
    const rule = scope.prepared.findRule(ruleId)
    if (!rule) return null
    const workings = evaluateRule(rule, subject, scope)
    const working = workings.find(({ finding }) => findingKey(finding) === key)
    if (!working) continue
    const { finding } = working
    const detail = working.detail()
    const siblings = workings.map((one) => one.finding).filter((one) => one.minimumId === finding.minimumId)
    return traceOf(regime, rule.rule, finding, detail, sentenceOf(rule, finding, siblings, detail, scope))
  }
  return null
}

/** Every finding that `evaluate` would give, each with its explanation; opens the evaluation only once. */
export function explainAll(regime: Regime, input: EvaluationInput, options: EvaluationOptions): Trace[] {
  const scope = scopeFor(regime, input, options, true)
  const traces: Trace[] = []
  for (const subject of options.subjects ?? subjectsOf(scope)) {
    for (const rule of scope.prepared.rules) {
      if (options.ruleIds && !options.ruleIds.includes(rule.rule.id)) continue
      const workings = evaluateRule(rule, subject, scope)
      const byMinimum = Map.groupBy(
        workings.map((working) => working.finding),
        (finding) => finding.minimumId,
      )
      for (const { finding, detail: work } of workings) {
        const detail = work()
        const siblings = byMinimum.get(finding.minimumId) ?? []
        traces.push(
          traceOf(regime, rule.rule, finding, detail, sentenceOf(rule, finding, siblings, detail, scope)),
        )
      }
    }
  }
  return traces
}

function traceOf(
  regime: Regime,
  rule: Regime['rules'][number],
  finding: Finding,
  detail: Detail,
  sentence: string,
): Trace {
  return {
    finding,
    regime: { id: regime.id, version: regime.version, title: regime.title },
    rule: {
      id: rule.id,
      title: detail.title,
      kind: rule.kind,
      clause: { document: regime.document.title, number: detail.clause },
      text: rule.note ? `${rule.text}（说明：${rule.note}）` : rule.text,
    },
    sentence,
    formula: detail.formula,
    inputs: detail.inputs,
    facts: detail.facts,
    exceptions:
      rule.consequence && finding.state === 'overdue'
        ? [...detail.exceptions, rule.consequence]
        : detail.exceptions,
  }
}
