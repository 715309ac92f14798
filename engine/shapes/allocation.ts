import { addDays } from '../days.ts'
import type { Period } from '../periods.ts'
import type { MakeUp } from '../schema.ts'
import type { Candidate } from '../scope.ts'
import { within } from './shape.ts'

/** A fact, or a part of it, that fills a period. */
export interface Filling {
  candidate: Candidate
  amount: number
  /** In its own period, in the days of grace after it, or made up later from what was over. */
  how: 'own' | 'grace' | 'madeUp'
}

export interface Allocated {
  period: Period
  sum: number
  fillings: Filling[]
  /** Amounts that belong to this period by their day and fill an earlier one. */
  givenAway: { candidate: Candidate; amount: number; to: Period }[]
}

export interface Ask {
  period: Period
  /** In the measure's own size (minutes for hours); 0 where nothing is asked. */
  target: number
}

export interface AllocationRules {
  earlyDays: number
  graceDays: number
  makeUp: MakeUp
}

const tiny = 1e-9

/**
 * Shares facts out to periods so that none counts twice:
 * 1. each fact belongs to the period in which its day lies; where an earlier period still lacks something, facts in
 *    its days of grace fill it first, and facts up to `earlyDays` before a period belong to it if to no other;
 * 2. what a later period has beyond its own target makes up for the oldest gap, within the term or the school year.
 * The result depends on the facts alone, not on the order in which they arrive, and a further fact never lowers a sum.
 */
export function allocate(
  candidates: Candidate[],
  asks: Ask[],
  rules: AllocationRules,
  onlyNeeded = false,
): Allocated[] {
  const left = new Map<Candidate, number>()
  for (const candidate of candidates) if (candidate.because === null) left.set(candidate, candidate.amount)
  const results = asks.map(({ period }): Allocated => ({ period, sum: 0, fillings: [], givenAway: [] }))

  const fill = (result: Allocated, candidate: Candidate, wanted: number, how: Filling['how']) => {
    const amount = Math.min(left.get(candidate) ?? 0, wanted)
    if (amount <= tiny) return
    left.set(candidate, (left.get(candidate) ?? 0) - amount)
    result.sum += amount
    result.fillings.push({ candidate, amount, how })
  }

  let cursor = 0
  const available = candidates.filter((candidate) => candidate.because === null)
  asks.forEach(({ period, target }, index) => {
    const result = results[index]
    if (!result) return
    const start = rules.earlyDays > 0 ? addDays(period.from, -rules.earlyDays) : period.from
    const end = rules.graceDays > 0 ? addDays(period.to, rules.graceDays) : period.to
    while (cursor < available.length && (available[cursor]?.day ?? '') < start && rules.earlyDays === 0)
      cursor++
    for (let at = cursor; at < available.length; at++) {
      const candidate = available[at]
      if (!candidate || candidate.day > end) break
      if (candidate.day < start) continue
      if (candidate.day <= period.to) {
        fill(result, candidate, onlyNeeded ? target - result.sum : Number.POSITIVE_INFINITY, 'own')
      } else if (result.sum < target - tiny) {
        const owner = results.find((other) => within(other.period, candidate.day))
        const before = result.sum
        fill(result, candidate, target - result.sum, 'grace')
        if (owner && result.sum > before)
          owner.givenAway.push({ candidate, amount: result.sum - before, to: period })
      }
    }
  })

  if (rules.makeUp !== 'none') makeUpGaps(asks, results, left, candidates, rules)
  return results
}

function makeUpGaps(
  asks: Ask[],
  results: Allocated[],
  left: Map<Candidate, number>,
  candidates: Candidate[],
  rules: AllocationRules,
) {
  const reaches = (gap: Period, candidate: Candidate, owner: Period | undefined) => {
    if (candidate.day <= addDays(gap.to, rules.graceDays)) return false
    if (rules.makeUp === 'schoolYear') return true
    return owner ? owner.termId === gap.termId : false
  }
  asks.forEach(({ period, target }, index) => {
    const result = results[index]
    if (!result || result.sum >= target - tiny) return
    const take = (candidate: Candidate, most: number) => {
      const amount = Math.min(most, target - result.sum)
      if (amount <= tiny) return 0
      result.sum += amount
      result.fillings.push({ candidate, amount, how: 'madeUp' })
      return amount
    }
    for (let later = index + 1; later < results.length; later++) {
      const owner = results[later]
      if (!owner) continue
      // Only what the later period has beyond its own need, the last facts first.
      for (const filling of [...owner.fillings].reverse()) {
        const surplus = owner.sum - (asks[later]?.target ?? 0)
        if (surplus <= tiny || result.sum >= target - tiny) break
        if (filling.how !== 'own' || !reaches(period, filling.candidate, owner.period)) continue
        const amount = take(filling.candidate, Math.min(filling.amount, surplus))
        if (amount <= 0) continue
        filling.amount -= amount
        owner.sum -= amount
        owner.givenAway.push({ candidate: filling.candidate, amount, to: period })
      }
      owner.fillings = owner.fillings.filter((filling) => filling.amount > tiny)
    }
    for (const candidate of candidates) {
      const rest = left.get(candidate) ?? 0
      if (rest <= tiny || !reaches(period, candidate, undefined)) continue
      left.set(candidate, rest - take(candidate, rest))
    }
  })
}
