import { concerns, findingOf, noDetail } from './shape.ts'
import type { Shape, Working } from './shape.ts'

/** A certificate or title that follows from another rule's score or grade. */
export const awardShape: Shape = {
  evaluate: (rule, subject, scope, others) => {
    const block = rule.rule.award
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const { title, clause } = rule.rule
    return others.evaluate(block.rule).map(({ finding: basis }): Working => {
      const settled = basis.state === 'done'
      const byScore =
        block.atLeast !== undefined && (basis.value ?? Number.NEGATIVE_INFINITY) >= block.atLeast
      const byGrade = block.grades?.includes(basis.result ?? '') ?? false
      const reached = settled && (byScore || byGrade)
      const finding = findingOf(rule, scope, subject, basis.period, {
        state: reached ? 'done' : settled ? 'notApplicable' : basis.state,
        value: basis.value,
        target: block.atLeast ?? basis.target,
        unit: basis.unit,
        dueOn: basis.dueOn,
        result: reached ? block.result : settled ? `未达到：${block.result}` : null,
        factIds: basis.factIds,
      })
      const wanted =
        block.atLeast === undefined ? `等次为${block.grades?.join('或')}` : `不低于 ${block.atLeast} 分`
      return {
        finding,
        detail: () => ({
          ...noDetail(title, clause),
          formula: `${wanted}时${block.result}`,
          inputs: [
            {
              label: '依据',
              value: `${basis.value ?? '尚无得分'}，${basis.result ?? '未定等次'}`,
              from: block.rule,
            },
          ],
          because: settled ? null : '考评还没有结果',
        }),
      }
    })
  },
}
