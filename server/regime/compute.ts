import { evaluate } from '../../engine/evaluate.ts'
import { hoursOf } from '../../engine/hours.ts'
import type { Regime } from '../../engine/schema.ts'
import { indexFacts } from '../../engine/scope.ts'
import type { CalendarInput, EvaluationInput, Fact, Finding, Subject, UnitInput } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import type { Organisation } from '../org/store.ts'
import type { YearInForce } from './adoption.ts'
import { loadInput, type WholeInput } from './input.ts'
import { packFindings, packHours, summariseSubject } from './rules.ts'
import * as store from './store.ts'

/** What several steps of one recomputation need, read once. */
export interface Basis {
  calendar: CalendarInput
  adoptions: store.AdoptionRow[]
  units: UnitInput[]
  organisation: Organisation
  /** Facts of the subjects in question over all years in question. */
  facts?: Fact[]
  /** All that is known of the organisation over all years in question. */
  whole?: WholeInput
}

/** Evaluates subjects by every regime in force and keeps the result; all of one transaction. */
export async function computeFindings(
  tx: Tx,
  inForce: YearInForce,
  subjects: Subject[],
  basis?: Basis,
): Promise<void> {
  if (subjects.length === 0) return
  await store.saveFindingSets(tx, inForce.year.id, await findingSetsOf(tx, inForce, subjects, basis))
}

async function inputFor(
  tx: Tx,
  { calendar, year }: YearInForce,
  regimes: Regime[],
  subjects: Subject[],
  basis?: Basis,
): Promise<EvaluationInput> {
  const window = basis?.whole?.windows.get(year.id)
  if (basis?.whole && window) return { ...basis.whole.input, window }
  const wanted = { subjects, regimes, calendar, year, withoutSources: true }
  const input = await loadInput(tx, { ...wanted, ...basis })
  // One index for every regime and for the hours.
  return { ...input, index: indexFacts(input.facts, tx.today) }
}

/** What every regime in force says of subjects in a school year, ready to be kept. */
export async function findingSetsOf(
  tx: Tx,
  inForce: YearInForce,
  subjects: Subject[],
  basis?: Basis,
): Promise<store.FindingSetToSave[]> {
  const { calendar, year } = inForce
  const regimes = inForce.regimes.map((one) => one.regime)
  const input = await inputFor(tx, inForce, regimes, subjects, basis)
  const known = new Set([...input.people, ...input.units].map((one) => one.id))
  const present = subjects.filter((subject) => subject.kind === 'organisation' || known.has(subject.id))
  const options = { on: tx.today, schoolYearId: year.id, subjects: present }
  const bySubject = new Map<string, Finding[]>(present.map((subject) => [subject.id, []]))
  for (const regime of regimes)
    for (const finding of evaluate(regime, input, options)) bySubject.get(finding.subject.id)?.push(finding)
  const countsHours = regimes.find((regime) => regime.hours.length > 0)
  const terms = calendar.terms.filter((term) => term.schoolYearId === year.id)
  return present.map((subject) => {
    const findings = bySubject.get(subject.id) ?? []
    const hours =
      countsHours && subject.kind === 'person'
        ? packHours(countsHours.id, hoursOf(countsHours, input, subject.id, options))
        : null
    return {
      subject,
      findings: packFindings(findings),
      summary: summariseSubject(findings, regimes, hours, terms, tx.today),
    }
  })
}

const batchSize = 25

/** Few enough that others are answered between two of them. */
export function batchesOf<Item>(items: Item[]): Item[][] {
  const batches: Item[][] = []
  for (let start = 0; start < items.length; start += batchSize)
    batches.push(items.slice(start, start + batchSize))
  return batches
}
