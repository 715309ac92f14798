import type { Counts } from '../schema.ts'
import { candidatesFor, spanOf } from '../scope.ts'
import {
  concerns,
  findingOf,
  noDetail,
  periodsFor,
  resting,
  standingOf,
  traceFactsOf,
  within,
} from './shape.ts'
import type { Shape, Working } from './shape.ts'

/** A count that must not be reached: from `reaches` on the consequence follows (absences and the like). */
export const limitShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.limit
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const { title, clause, binds } = rule.rule
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const find = (counts: Counts) =>
      candidatesFor(scope.prepared.counts(counts), subject, scope, undefined, spanOf(periods))
    const counted = find(block.counts)
    const offsets = block.offsets ? find(block.offsets) : []
    const standings = periods.map((period) => standingOf(binds, subject, period, scope, rule.rule.id))
    if (standings.every((standing) => !standing.asked && !standing.bound)) return []
    return periods.map((period, index): Working => {
      const standing = standings[index]
      const inPeriod = counted.filter((candidate) => within(period, candidate.day))
      const hits = inPeriod.filter((candidate) => candidate.because === null)
      const taken = offsets.filter((candidate) => candidate.because === null && within(period, candidate.day))
      const value = Math.max(0, hits.length - taken.length)
      const given = { unit: block.unit, value, factIds: hits.map((candidate) => candidate.fact.id) }
      if (standing && !standing.asked) return resting(rule, scope, subject, period, standing, given)
      const reached = value >= block.reaches
      const near = value > 0 && value === block.reaches - 1 && scope.on <= period.to
      const state = reached ? 'overdue' : near ? 'dueSoon' : scope.on < period.from ? 'open' : 'done'
      const finding = findingOf(rule, scope, subject, period, {
        ...given,
        state,
        target: block.reaches,
        result: reached ? block.result : null,
      })
      const formula = block.offsets
        ? `${hits.length} ${block.unit} − 已补 ${taken.length} ${block.unit} = ${value} ${block.unit}`
        : `${value} ${block.unit}`
      return {
        finding,
        detail: () => ({
          ...noDetail(title, clause),
          facts: [
            ...traceFactsOf(inPeriod),
            ...taken.map(({ fact, day }) => ({
              factId: fact.id,
              on: day,
              counted: -1,
              because: '已补，抵去一次',
            })),
          ],
          formula: `${formula}；达到 ${block.reaches} ${block.unit}即“${block.result}”`,
          inputs: [{ label: '限度', value: `${block.reaches} ${block.unit}`, from: clause }],
          because: reached
            ? `已有 ${value} ${block.unit}，达到 ${block.reaches} ${block.unit}：${block.result}`
            : null,
        }),
      }
    })
  },
}
