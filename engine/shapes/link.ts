import type { PreparedRule } from '../prepare.ts'
import type { LinkBlock } from '../schema.ts'
import type { Scope } from '../scope.ts'
import type { Finding, FindingState, Subject } from '../types.ts'
import { concerns, findingOf, noDetail, overlaps } from './shape.ts'
import type { Shape, Working } from './shape.ts'

const settledStates = new Set<FindingState>(['done', 'overdue', 'notApplicable', 'excused'])

/** How severe a consequence is, in the words of regulations. */
export const strengthLabels: Record<LinkBlock['strength'], string> = {
  condition: '必备条件',
  veto: '一票否决',
  preference: '优先',
  points: '加减分',
  basis: '作为依据',
}

/** Whether the result of a rule is good enough for the decision; null while it is not settled. */
function isMet(block: LinkBlock, finding: Finding): boolean | null {
  if (!settledStates.has(finding.state)) return null
  // A score that waits for a voice says nothing against anybody, however late it is.
  if (finding.value === null && finding.result?.startsWith('缺：')) return null
  if (block.grades) return finding.result !== null && block.grades.includes(finding.result)
  if (block.atLeast !== undefined) return finding.value !== null && finding.value >= block.atLeast
  return finding.state !== 'overdue'
}

/** A consequence in another decision: condition, veto, preference, points, or basis. Never a score of nought. */
export const linkShape: Shape = {
  evaluate: (rule, subject, scope, others) => {
    const block = rule.rule.link
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const [first = [], ...rest] = block.rules.map((ruleId) =>
      others.evaluate(ruleId).map(({ finding }) => finding),
    )
    const seen = new Set<string>()
    return first
      .filter(({ period }) => !seen.has(period.id) && seen.add(period.id))
      .map((lead): Working => {
        const inPeriod = (list: Finding[]) => list.filter(({ period }) => overlaps(period, lead.period))
        const bases = [
          first.filter(({ period }) => period.id === lead.period.id),
          ...rest.map(inPeriod),
        ].flat()
        return workingOf(rule, block, subject, scope, lead, bases)
      })
  },
}

function workingOf(
  rule: PreparedRule,
  block: LinkBlock,
  subject: Subject,
  scope: Scope,
  lead: Finding,
  bases: Finding[],
): Working {
  const answers = bases.map((finding) => isMet(block, finding))
  const missed = answers.includes(false)
  const settled = !answers.includes(null)
  const where = block.targets.join('、')
  const points = missed ? (block.pointsWhenMissed ?? 0) : settled ? (block.points ?? 0) : 0
  const { state, result } = outcome(block, { missed, settled, where, points })
  const titleOf = (ruleId: string) => scope.prepared.findRule(ruleId)?.rule.title ?? ruleId
  return {
    finding: findingOf(rule, scope, subject, lead.period, {
      state,
      value: block.strength === 'points' ? points : null,
      unit: block.strength === 'points' ? '分' : '',
      dueOn: lead.dueOn,
      result,
      factIds: [...new Set(bases.flatMap((finding) => finding.factIds))],
    }),
    detail: () => ({
      ...noDetail(rule.rule.title, rule.rule.clause),
      formula: `${block.rules.map(titleOf).join('、')} → ${strengthLabels[block.strength]}：${where}`,
      inputs: bases.map((finding, index) => ({
        label: `${titleOf(finding.ruleId)}（${finding.period.label}）`,
        value: answers[index] === null ? '还没有结果' : answers[index] ? '达到' : '没有达到',
        from: finding.ruleId,
      })),
      because: result ?? '所依据的结果还没有出来',
    }),
  }
}

function outcome(
  block: LinkBlock,
  { missed, settled, where, points }: { missed: boolean; settled: boolean; where: string; points: number },
): { state: FindingState; result: string | null } {
  if (block.strength === 'condition') {
    if (missed) return { state: 'overdue', result: `不具备条件：${where}` }
    return settled ? { state: 'done', result: `具备条件：${where}` } : { state: 'open', result: null }
  }
  if (block.strength === 'veto') {
    if (missed) return { state: 'overdue', result: `一票否决：${where}` }
    return settled ? { state: 'done', result: '没有被否决' } : { state: 'open', result: null }
  }
  if (block.strength === 'preference') {
    if (missed) return { state: 'notApplicable', result: `没有优先资格：${where}` }
    return settled ? { state: 'done', result: `优先：${where}` } : { state: 'open', result: null }
  }
  if (block.strength === 'points') {
    if (!settled && !missed) return { state: 'open', result: null }
    const sign = points > 0 ? `加 ${points} 分` : points < 0 ? `扣 ${-points} 分` : '不加不减'
    return { state: points < 0 ? 'overdue' : 'done', result: `${where}：${sign}` }
  }
  if (!settled && !missed) return { state: 'open', result: null }
  return { state: 'done', result: `${where}：${missed ? '未达到' : '达到'}` }
}
