import { findingOf, noDetail } from './shape.ts'
import type { Shape } from './shape.ts'

/**
 * A rule that people must judge: shown with its clause and the reason, never computed. It stands once, with the
 * organisation, whomever it binds.
 */
export const manualShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const [period] = scope.periods('schoolYear')
    if (!period || subject.kind !== 'organisation') return []
    return [
      {
        finding: findingOf(rule, scope, subject, period, { state: 'manual' }),
        detail: () => ({
          ...noDetail(rule.rule.title, rule.rule.clause),
          because: rule.rule.manual ?? '',
          formula: '不由系统计算',
        }),
      },
    ]
  },
}
