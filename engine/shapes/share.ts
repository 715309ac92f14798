import { candidatesFor } from '../scope.ts'
import {
  concerns,
  findingOf,
  noDetail,
  periodsFor,
  resting,
  standingOf,
  stateOf,
  traceFactsOf,
  within,
} from './shape.ts'
import type { Shape, Working } from './shape.ts'

/** One amount as a share of another: training money of the public funds, a rate of participation. */
export const shareShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.share
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const { title, clause, binds } = rule.rule
    const find = (counts: typeof block.part) =>
      candidatesFor(scope.prepared.counts(counts), subject, scope, (fact, count) =>
        block.measure === 'quantity' ? fact.quantity : count.worth,
      )
    const [parts, wholes] = [find(block.part), find(block.whole)]
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const standings = periods.map((period) => standingOf(binds, subject, period, scope, rule.rule.id))
    if (standings.every((standing) => !standing.asked && !standing.bound)) return []
    const wanted = Math.round(block.atLeast * 10000) / 100
    return periods.map((period, index): Working => {
      const standing = standings[index]
      if (standing && !standing.asked) return resting(rule, scope, subject, period, standing, { unit: '%' })
      const own = parts.filter((candidate) => within(period, candidate.day))
      const all = wholes.filter((candidate) => within(period, candidate.day))
      const sum = (list: typeof own) =>
        list.reduce((total, { amount, because }) => total + (because === null ? amount : 0), 0)
      const [part, whole] = [sum(own), sum(all)]
      const value = whole === 0 ? null : Math.floor((part / whole) * 10000 + 1e-9) / 100
      const over = scope.on > period.to
      const state =
        value === null
          ? over
            ? 'overdue'
            : 'open'
          : stateOf(value >= wanted - 1e-9, part > 0, period, period.to, scope)
      return {
        finding: findingOf(rule, scope, subject, period, {
          state,
          value,
          target: wanted,
          unit: '%',
          dueOn: period.to,
          factIds: own.filter(({ because }) => because === null).map(({ fact }) => fact.id),
        }),
        detail: () => ({
          ...noDetail(title, clause),
          facts: traceFactsOf([
            ...own,
            ...all.filter((candidate) => !own.some(({ fact }) => fact === candidate.fact)),
          ]),
          formula: value === null ? '没有基数，比例算不出来' : `${part} ÷ ${whole} = ${value}%`,
          inputs: [{ label: '规定', value: `不少于 ${wanted}%`, from: clause }],
          because: value === null ? '还没有登记基数，比例算不出来' : null,
        }),
      }
    })
  },
}
