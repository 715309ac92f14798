import { evaluate } from '../../engine/evaluate.ts'
import { hoursOf } from '../../engine/hours.ts'
import type { Regime, Rule } from '../../engine/schema.ts'
import { scoreOf, type SubjectScore } from '../../engine/scores.ts'
import type { Finding, Subject } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import type { YearInForce } from '../regime/adoption.ts'
import { loadInput } from '../regime/input.ts'
import { packHours, type SubjectSummary, summariseSubject } from '../regime/rules.ts'

/** What the engine says of one person and school year on the day of asking. */
export interface Figures {
  findings: Finding[]
  summary: SubjectSummary
  /** Scores with the parts of which they are made, by rule and period. */
  scores: { regime: Regime; rule: Rule; score: SubjectScore }[]
}

/**
 * Asks the engine itself rather than the finding sets that boards show: those follow a change by a moment, and an
 * issued paper must agree with the records beside its figures.
 */
export async function loadFigures(tx: Tx, inForce: YearInForce, personId: string): Promise<Figures> {
  const { calendar, year } = inForce
  const regimes = inForce.regimes.map((one) => one.regime)
  const subject: Subject = { kind: 'person', id: personId }
  const input = await loadInput(tx, { subjects: [subject], regimes, calendar, year })
  const options = { on: tx.today, schoolYearId: year.id }
  const findings = regimes.flatMap((regime) => evaluate(regime, input, { ...options, subjects: [subject] }))
  const counting = regimes.find((regime) => regime.hours.length > 0)
  const hours = counting ? packHours(counting.id, hoursOf(counting, input, personId, options)) : null
  const terms = calendar.terms.filter((term) => term.schoolYearId === year.id)
  const scores = regimes.flatMap((regime) =>
    regime.rules
      .filter((rule) => rule.score !== undefined && 'person' in rule.binds)
      .flatMap((rule) =>
        scoreOf(regime, input, { ...options, ruleId: rule.id, subject })
          .filter(({ period }) =>
            findings.some(
              (finding) =>
                finding.regimeId === regime.id &&
                finding.ruleId === rule.id &&
                finding.period.id === period.id &&
                finding.period.from <= tx.today &&
                finding.state !== 'notApplicable' &&
                finding.state !== 'excused',
            ),
          )
          .map((score) => ({ regime, rule, score })),
      ),
  )
  return { findings, summary: summariseSubject(findings, regimes, hours, terms, tx.today), scores }
}
