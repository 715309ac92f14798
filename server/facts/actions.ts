import type { FactKindName } from '../../engine/facts.ts'
import { factKinds } from '../../engine/facts.ts'
import type { AttributeValue, LocalDate, Subject } from '../../engine/types.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { insertFacts, listLiveFactsOfSource, markSubjects, type NewFact } from './store.ts'

export interface FactInput {
  kind: FactKindName
  subject: Subject
  /** The day for which it counts. */
  on: LocalDate
  quantity: number
  attributes: Record<string, AttributeValue>
  source: { room: string; id: string }
  /**
   * Names the act, so that the same act recorded twice leaves one fact: usually room, record and subject,
   * with a version where a record may count again after a correction.
   */
  key: string
}

/**
 * Leaves facts in the same transaction as the act, and marks their subjects so that their findings are computed
 * again. A fact whose key is known already is passed over.
 */
export async function recordFacts(tx: Tx, facts: FactInput[]): Promise<void> {
  if (facts.length === 0) return
  for (const fact of facts) {
    if (!(factKinds[fact.kind].subjects as readonly string[]).includes(fact.subject.kind)) {
      throw new Error(`fact ${fact.kind} cannot be about a ${fact.subject.kind}`)
    }
  }
  await insertFacts(
    tx,
    facts.map((fact): NewFact => ({ ...fact, id: newId(), reverses: null })),
  )
  await markForRecompute(
    tx,
    facts.map((fact) => fact.subject),
  )
}

/**
 * Reverses every fact that still stands of one record (or only those about one subject): the figures fall back to
 * what they were. Returns how many were reversed.
 */
export async function reverseFacts(
  tx: Tx,
  source: { room: string; id: string },
  only?: Subject,
): Promise<number> {
  const standing = (await listLiveFactsOfSource(tx, source)).filter(
    (fact) => !only || (fact.subjectKind === only.kind && fact.subjectId === only.id),
  )
  await insertFacts(
    tx,
    standing.map(
      (fact): NewFact => ({
        id: newId(),
        kind: fact.kind,
        subject: { kind: fact.subjectKind, id: fact.subjectId },
        on: fact.countsOn,
        quantity: fact.quantity,
        attributes: fact.attributes,
        source,
        key: `reverse:${fact.id}`,
        reverses: fact.id,
      }),
    ),
  )
  await markForRecompute(
    tx,
    standing.map((fact) => ({ kind: fact.subjectKind, id: fact.subjectId })),
  )
  return standing.length
}

/**
 * Has the findings of these subjects computed again once the transaction is committed. While a whole story is told
 * (`tx.notes.bulk`) nothing is marked; whoever tells it rebuilds everything at the end.
 */
export async function markForRecompute(tx: Tx, subjects: Subject[]): Promise<void> {
  if (subjects.length === 0 || tx.notes.get('bulk')) return
  await markSubjects(tx, subjects)
  await enqueue(tx, 'recompute', { orgId: tx.orgId }, { key: `recompute:${tx.orgId}` })
  changed(tx, 'regime')
}
