import { scopeFor } from './evaluate.ts'
import type { Regime } from './schema.ts'
import { creditsFor } from './shapes/credits.ts'
import type { Candidate } from './scope.ts'
import type { EvaluationInput, LocalDate, TraceFact } from './types.ts'

export interface TableCredits {
  tableId: string
  label: string
  unit: string
  /** What the table grants in the school year, after its caps, to hundredths. */
  credits: number
  rows: { rowId: string; label: string; credits: number; facts: TraceFact[] }[]
}

/** What the conversion tables of a regime grant a person in a school year, by table and row, as known on a day. */
export function creditsOf(
  regime: Regime,
  input: EvaluationInput,
  personId: string,
  options: { on: LocalDate; schoolYearId: string },
): TableCredits[] {
  const scope = scopeFor(regime, input, options, true)
  const { from, to } = scope.schoolYear
  const subject = { kind: 'person', id: personId } as const
  return [...Map.groupBy(regime.tables, (table) => table.id)].map(([tableId, versions]) => {
    const inForce =
      versions.find(
        (table) => (table.from ?? '') <= options.on && (table.to === undefined || options.on <= table.to),
      ) ?? versions[0]
    const own = creditsFor({ table: tableId }, subject, scope).filter(
      (candidate) => from <= candidate.day && candidate.day <= to && !scope.isUndone(candidate.fact.id),
    )
    const labels = new Map(versions.flatMap((table) => table.rows.map((row) => [row.id, row.label] as const)))
    return {
      tableId,
      label: inForce?.label ?? tableId,
      unit: inForce?.unit ?? '',
      credits: sumOf(own),
      rows: [...Map.groupBy(own, (candidate) => candidate.row?.id ?? '')].map(([rowId, facts]) => ({
        rowId,
        label: labels.get(rowId) ?? rowId,
        credits: sumOf(facts),
        facts: facts.map(({ fact, day, amount, because, cut }) => ({
          factId: fact.id,
          on: day,
          counted: because === null ? hundredths(amount) : 0,
          because: because ?? cut ?? null,
        })),
      })),
    }
  })
}

const hundredths = (value: number) => Math.round(value * 100) / 100
const sumOf = (candidates: Candidate[]) =>
  hundredths(candidates.reduce((sum, one) => sum + (one.because === null ? one.amount : 0), 0))
