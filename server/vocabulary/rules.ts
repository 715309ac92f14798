import type { LocalDate } from '../../engine/types.ts'
import { type TermSource, usualTerms, type VocabularyName } from './words.ts'

/** A term as it is chosen and shown: the regime's, with what the school has made of it, or the school's own. */
export interface Term {
  id: string
  label: string
  /** The regime's own word, where the school uses another. */
  regimeLabel: string | null
  source: TermSource
  regimeTitle: string | null
  clause: string | null
  group: string
  /** Not chosen any more from this day on; null while in use. */
  retiredOn: LocalDate | null
  /** The term of the other regime's list for which it stands. */
  standsFor: string | null
}

/** What the school has made of a term. */
export interface TermChange {
  vocabulary: string
  termId: string
  label: string | null
  groupName: string | null
  position: number | null
  isOwn: boolean
  retiredOn: LocalDate | null
  standsFor: string | null
}

/** What a regime brings: its terms by vocabulary. */
export interface RegimeTerms {
  level: 'school' | 'district'
  title: string
  vocabularies: Record<string, readonly RegimeTerm[] | undefined>
}
interface RegimeTerm {
  id: string
  label: string
  clause?: string | undefined
  group?: string | undefined
}

/**
 * One list: the terms of the regimes (the school's before the district's), then the usual ones, then the school's own,
 * with its words, groups and order. Retired terms stay at their place, so that old records keep their labels.
 */
export function mergeTerms(
  name: VocabularyName,
  regimes: readonly RegimeTerms[],
  changes: readonly TermChange[],
): Term[] {
  const terms = new Map<string, Term>()
  const add = (term: RegimeTerm, source: TermSource, regimeTitle: string | null) => {
    if (terms.has(term.id)) return
    terms.set(term.id, {
      id: term.id,
      label: term.label,
      regimeLabel: null,
      source,
      regimeTitle,
      clause: term.clause ?? null,
      group: term.group ?? '',
      retiredOn: null,
      standsFor: null,
    })
  }
  for (const regime of regimes)
    for (const term of regime.vocabularies[name] ?? []) add(term, regime.level, regime.title)
  const usual = usualTerms[name]
  if (usual && (usual.when === 'always' || terms.size === 0))
    for (const term of usual.terms) add(term, 'usual', null)
  const positions = new Map<string, number>()
  for (const change of changes) {
    if (change.vocabulary !== name) continue
    if (change.isOwn) add({ id: change.termId, label: change.label ?? '' }, 'own', null)
    const term = terms.get(change.termId)
    if (!term) continue
    if (change.label !== null && term.source !== 'own' && change.label !== term.label) {
      term.regimeLabel = term.label
      term.label = change.label
    }
    if (change.groupName !== null) term.group = change.groupName
    term.retiredOn = change.retiredOn
    term.standsFor = change.standsFor
    if (change.position !== null) positions.set(change.termId, change.position)
  }
  // Terms without a place of their own keep the order in which they came, after those that were placed.
  return [...terms.values()]
    .map((term, index) => ({ term, place: positions.get(term.id) ?? 10_000 + index }))
    .sort((a, b) => a.place - b.place)
    .map(({ term }) => term)
}

/** Whether a term may be chosen on a day. */
export function isInUse(term: { retiredOn: LocalDate | null }, on: LocalDate): boolean {
  return term.retiredOn === null || term.retiredOn > on
}

/** The next id for a term of the school's own: own1, own2 … */
export function nextOwnId(changes: readonly { termId: string }[]): string {
  const used = new Set(changes.map((change) => change.termId))
  let serial = 1
  while (used.has(`own${serial}`)) serial++
  return `own${serial}`
}

/** Terms together with those for which they stand, so that records count in both regimes. */
export function withMeant(
  terms: readonly Pick<Term, 'id' | 'standsFor'>[],
  ids: readonly string[],
): string[] {
  const meant = new Map(terms.map((term) => [term.id, term.standsFor]))
  return [...new Set(ids.flatMap((id) => [id, meant.get(id) ?? id]))]
}
