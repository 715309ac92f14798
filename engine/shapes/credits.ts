import { isInCell } from '../prepare.ts'
import type { PreparedCount, PreparedTable } from '../prepare.ts'
import type { Counts, Table } from '../schema.ts'
import { candidatesFor } from '../scope.ts'
import type { Candidate, Scope } from '../scope.ts'
import type { Fact, Subject } from '../types.ts'

type TableReference = Extract<Counts, { table: string }>
type Cap = Table['caps'][number]

const isInForce = (table: Table, fact: Fact) =>
  (table.from === undefined || table.from <= fact.on) && (table.to === undefined || fact.on <= table.to)

/**
 * What a conversion table grants a subject for the cell that is asked for (categories, levels, topics), fact by fact
 * in order of time, after the caps per item, year and cycle.
 */
export function creditsFor(reference: TableReference, subject: Subject, scope: Scope): Candidate[] {
  return scope.prepared
    .tables(reference.table)
    .flatMap((table) => grantedBy(table, reference, subject, scope))
    .sort((a, b) => (a.day === b.day ? (a.fact.id < b.fact.id ? -1 : 1) : a.day < b.day ? -1 : 1))
}

function grantedBy(
  { table, counts }: PreparedTable,
  reference: TableReference,
  subject: Subject,
  scope: Scope,
): Candidate[] {
  const grantOf = (fact: Fact, { row }: PreparedCount) => {
    if (!row) return 0
    const { minutesPerHour } = scope.prepared
    const sizes = { fact: 1, hour: fact.quantity / minutesPerHour, quantity: fact.quantity }
    return Math.min(row.grants * sizes[row.each], row.maxPerFact ?? Number.POSITIVE_INFINITY)
  }
  // What was earned at the school before uses up the caps of the cycle as well.
  const candidates = candidatesFor(counts, subject, scope, grantOf, null, true).filter(
    (candidate) =>
      isInForce(table, candidate.fact) && candidate.row !== undefined && isInCell(candidate.row, reference),
  )
  for (const cap of table.caps) applyCap(cap, table, candidates, subject, scope)
  return candidates
}

/** The rest of a cap is shared out in order of time: what comes later counts for less or not at all. */
function applyCap(cap: Cap, table: Table, candidates: Candidate[], subject: Subject, scope: Scope) {
  const used = new Map<string, number>()
  for (const candidate of candidates) {
    const { row } = candidate
    if (candidate.because !== null || !row || !isInCell(row, cap)) continue
    if (cap.rows && !cap.rows.includes(row.id)) continue
    const period = scope.prepared.periodAt(cap.per, candidate.day, scope.cycleStart(subject))
    const id = period?.id ?? ''
    const before = used.get(id) ?? 0
    const left = Math.max(0, cap.atMost - before)
    used.set(id, before + Math.min(left, candidate.amount))
    if (candidate.amount <= left + 1e-9) continue
    const reason = `${cap.label}：${period?.label ?? ''}最多 ${cap.atMost} ${table.unit}，已满`
    if (left <= 1e-9) candidate.because = reason
    else candidate.cut = `${reason}，只计其余 ${Math.round(left * 100) / 100} ${table.unit}`
    candidate.amount = left
  }
}
