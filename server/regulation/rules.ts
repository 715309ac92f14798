import { dayLabel } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { compareTexts } from '../kit/compare.ts'
import type { Clause, DiffLine } from './contract.ts'
import { labelsOf, type Numbering, type Stage, type Stance } from './words.ts'

export interface VersionDates {
  approvedAt: Date | null
  inForceFrom: LocalDate | null
  inForceTo: LocalDate | null
  repealReason: string | null
  consultFrom: LocalDate | null
  consultTo: LocalDate | null
  consultClosedAt: Date | null
}

/** Where a version stands on a day. */
export function stageOf(version: VersionDates, today: LocalDate): Stage {
  if (version.approvedAt !== null && version.inForceFrom !== null) {
    if (version.inForceTo !== null && version.inForceTo < today)
      return version.repealReason === null ? 'replaced' : 'repealed'
    return version.inForceFrom > today ? 'approved' : 'inForce'
  }
  if (version.consultFrom === null || version.consultTo === null) return 'draft'
  if (version.consultClosedAt !== null || version.consultTo < today) return 'answering'
  return version.consultFrom > today ? 'announced' : 'consultation'
}

/** A proposal must be answered; plain agreement needs no answer. */
export function needsAnswer(opinion: { stance: Stance; answer: string | null }): boolean {
  return opinion.stance === 'change' && opinion.answer === null
}

/** Why a version cannot be approved now, or null (yangyi-12: regulations are discussed with the teachers). */
export function approvalProblem(
  stage: Stage,
  opinions: readonly { stance: Stance; answer: string | null }[],
  consultTo: LocalDate | null,
): string | null {
  if (stage === 'announced' || stage === 'consultation')
    return `正在征求意见${consultTo === null ? '' : `（到${dayLabel(consultTo)}为止）`}，结束以后才能批准。`
  const open = opinions.filter(needsAnswer).length
  if (open > 0) return `还有 ${open} 条修改建议没有答复，请起草部门先逐条答复。`
  if (stage !== 'draft' && stage !== 'answering') return '这一版已经批准，不需要再批。'
  return null
}

/** What is still missing before the text may be laid before people, or null. */
export function textProblem(version: { title: string; clauses: readonly Clause[] }): string | null {
  if (version.title.trim() === '') return '请先写制度名称。'
  if (!version.clauses.some((clause) => clause.kind === 'clause')) return '还没有条文，请至少写一条。'
  const labels = labelsOf(version.clauses, 'article')
  const empty = version.clauses.findIndex((clause) => clause.text.trim() === '')
  return empty === -1 ? null : `${labels[empty]}还是空的，请写好或删去。`
}

// ── Comparison of two texts ───────────────────────────────────────────────────

/** Share of neighbouring pairs of signs that two texts have in common, 0 to 1. */
function likeness(a: string, b: string): number {
  const pairs = (text: string) => {
    const signs = Array.from(text)
    return new Set(signs.slice(1).map((sign, index) => (signs[index] ?? '') + sign))
  }
  const one = pairs(a)
  const other = pairs(b)
  if (one.size === 0 || other.size === 0) return a === b ? 1 : 0
  let common = 0
  for (const pair of one) if (other.has(pair)) common++
  return (2 * common) / (one.size + other.size)
}

/**
 * Two texts clause by clause: clauses that are the same one (by id, else by likeness) side by side with what was
 * inserted and deleted; clauses that are gone stand where they stood.
 */
export function compareClauses(
  before: { clauses: readonly Clause[]; numbering: Numbering },
  after: { clauses: readonly Clause[]; numbering: Numbering },
): DiffLine[] {
  const oldLabels = labelsOf(before.clauses, before.numbering)
  const newLabels = labelsOf(after.clauses, after.numbering)
  const partner = new Map<number, number>()
  const taken = new Set<number>()
  for (const [index, clause] of after.clauses.entries()) {
    const found = before.clauses.findIndex((one) => one.id === clause.id)
    if (found === -1) continue
    partner.set(index, found)
    taken.add(found)
  }
  for (const [index, clause] of after.clauses.entries()) {
    if (partner.has(index)) continue
    let best = -1
    let most = 0.45
    for (const [old, one] of before.clauses.entries()) {
      if (taken.has(old) || one.kind !== clause.kind) continue
      const like = likeness(one.text, clause.text)
      if (like > most) [best, most] = [old, like]
    }
    if (best === -1) continue
    partner.set(index, best)
    taken.add(best)
  }
  const gone = (old: number): DiffLine => ({
    change: 'deleted',
    kind: before.clauses[old]?.kind ?? 'clause',
    before: oldLabels[old] ?? '',
    after: null,
    runs: [{ kind: 'deleted', text: before.clauses[old]?.text ?? '' }],
  })
  const lines: DiffLine[] = []
  let next = 0
  for (const [index, clause] of after.clauses.entries()) {
    const old = partner.get(index)
    if (old === undefined) {
      lines.push({
        change: 'inserted',
        kind: clause.kind,
        before: null,
        after: newLabels[index] ?? '',
        runs: [{ kind: 'inserted', text: clause.text }],
      })
      continue
    }
    for (; next < old; next++) if (!taken.has(next)) lines.push(gone(next))
    next = Math.max(next, old + 1)
    const earlier = before.clauses[old]?.text ?? ''
    lines.push({
      change: earlier === clause.text ? 'same' : 'changed',
      kind: clause.kind,
      before: oldLabels[old] ?? '',
      after: newLabels[index] ?? '',
      runs: compareTexts(earlier, clause.text),
    })
  }
  for (; next < before.clauses.length; next++) if (!taken.has(next)) lines.push(gone(next))
  return lines
}
