import { scopeFor } from './evaluate.ts'
import type { Regime } from './schema.ts'
import { candidatesFor } from './scope.ts'
import type { Candidate, Scope } from './scope.ts'
import { traceFactsOf } from './shapes/shape.ts'
import type { ClosedRange, EvaluationInput, LocalDate, TraceFact } from './types.ts'

export interface HoursFigures {
  minutes: number
  /** 学时, cut to tenths. */
  hours: number
  bySource: { source: string; minutes: number; hours: number; facts: TraceFact[] }[]
}

export interface PersonHours extends HoursFigures {
  schoolYearId: string
  minutesPerHour: number
  /** Facts in the holidays belong to the school year and to no term. */
  terms: (HoursFigures & { termId: string; name: string })[]
}

/** A person's 学时 of a school year and of its terms, by source, as known on a day. Facts list minutes as counted. */
export function hoursOf(
  regime: Regime,
  input: EvaluationInput,
  personId: string,
  options: { on: LocalDate; schoolYearId: string },
): PersonHours {
  const scope = scopeFor(regime, input, options)
  const { hours: counts, minutesPerHour, calendar } = scope.prepared
  const subject = { kind: 'person', id: personId } as const
  const candidates = candidatesFor(counts, subject, scope, (fact) => fact.quantity, null, true)
  const figures = (range: ClosedRange) => figuresIn(range, candidates, scope)
  return {
    schoolYearId: options.schoolYearId,
    minutesPerHour,
    ...figures(scope.schoolYear),
    terms: calendar.terms
      .filter((term) => term.schoolYearId === options.schoolYearId)
      .map((term) => ({ termId: term.id, name: term.name, ...figures(term) })),
  }
}

function figuresIn(range: ClosedRange, candidates: Candidate[], scope: Scope): HoursFigures {
  const { hours: counts, minutesPerHour } = scope.prepared
  const bySource = new Map<string, Candidate[]>()
  for (const count of counts) bySource.set(count.source, [])
  for (const candidate of candidates) {
    if (candidate.day < range.from || candidate.day > range.to) continue
    if (candidate.because === null) bySource.get(candidate.source)?.push(candidate)
  }
  const inHours = (minutes: number) => Math.floor((minutes * 10) / minutesPerHour + 1e-9) / 10
  const sum = (list: Candidate[]) => list.reduce((minutes, candidate) => minutes + candidate.amount, 0)
  const minutes = sum([...bySource.values()].flat())
  return {
    minutes,
    hours: inHours(minutes),
    bySource: [...bySource].map(([source, own]) => ({
      source,
      minutes: sum(own),
      hours: inHours(sum(own)),
      facts: traceFactsOf(own),
    })),
  }
}
