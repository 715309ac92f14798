import type { FindingState } from '../types.ts'
import { concerns, confirmationIn, findingOf, noDetail, periodsFor } from './shape.ts'
import type { Shape, Working } from './shape.ts'

const confirmedStates: Record<string, FindingState> = { done: 'done', notDone: 'overdue', notDue: 'excused' }
const confirmedWords: Record<string, string> = {
  done: '经人工确认，已经做到',
  notDone: '经人工确认，没有做到',
  notDue: '经人工确认，本期不需要',
}

/**
 * A rule that people must judge: shown with its clause and the reason, settled by what the person responsible
 * confirmed in the period. It stands once, with the organisation, whomever it binds.
 */
export const manualShape: Shape = {
  evaluate: (rule, subject, scope) => {
    if (subject.kind !== 'organisation') return []
    const { binds } = rule.rule
    if ('organisation' in binds && !concerns(binds, subject, scope)) return []
    return periodsFor(rule.rule, rule.rule.per ?? 'schoolYear', subject, scope).map((period): Working => {
      const fact = confirmationIn(rule.rule.id, subject, period, scope)
      const answer = String(fact?.attributes.result ?? '')
      const note = fact && typeof fact.attributes.note === 'string' ? fact.attributes.note : ''
      return {
        finding: findingOf(rule, scope, subject, period, {
          state: confirmedStates[answer] ?? 'manual',
          result: fact ? '人工确认' : null,
          factIds: fact ? [fact.id] : [],
        }),
        detail: () => ({
          ...noDetail(rule.rule.title, rule.rule.clause),
          facts: fact ? [{ factId: fact.id, on: fact.on, counted: 1, because: null }] : [],
          because: fact
            ? `${confirmedWords[answer] ?? ''}${note === '' ? '' : `：${note}`}`
            : (rule.rule.manual ?? ''),
          formula: '不由系统计算，由人工确认',
        }),
      }
    })
  },
}
