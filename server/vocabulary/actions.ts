import type { Regime } from '../../engine/schema.ts'
import { schoolYearOf } from '../../engine/periods.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse } from '../kit/errors.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { can } from './access.ts'
import type { VocabularyView } from './contract.ts'
import { isInUse, mergeTerms, nextOwnId, type RegimeTerms, type Term, type TermChange } from './rules.ts'
import * as store from './store.ts'
import { vocabularies, type VocabularyName } from './words.ts'

/** The attribute of facts that carries a list's terms, and the kinds that are counted. */
const countedBy: Partial<Record<VocabularyName, { attribute: string; kinds: string[] }>> = {
  contentTags: { attribute: 'contentTags', kinds: ['activity.held'] },
  activityForms: { attribute: 'form', kinds: ['activity.held'] },
  activityKinds: { attribute: 'activityKind', kinds: ['activity.held'] },
  modes: { attribute: 'modes', kinds: ['activity.held'] },
  workKinds: { attribute: 'workKind', kinds: ['work.accepted'] },
  lessonKinds: { attribute: 'lessonKind', kinds: ['lesson.given'] },
  studyKinds: { attribute: 'studyKind', kinds: ['study.logged'] },
  voices: { attribute: 'voice', kinds: ['evaluation.scored'] },
  documentKinds: { attribute: 'documentKind', kinds: ['document.issued'] },
}

/** What a regime brings to the lists. */
export const termsOfRegime = (level: 'school' | 'district', regime: Regime): RegimeTerms => ({
  level,
  title: regime.title,
  vocabularies: regime.vocabularies as RegimeTerms['vocabularies'],
})

/** What the school has made of its lists; read once in a transaction. */
export async function loadTermChanges(tx: Tx): Promise<TermChange[]> {
  const known = tx.notes.get('vocabulary') as TermChange[] | undefined
  if (known) return known
  const changes = await store.listChanges(tx)
  tx.notes.set('vocabulary', changes)
  return changes
}

/**
 * One fixed list as it is in force on a day (today unless told): the regimes' terms merged with the school's own. Retired terms come too,
 * for the labels of old records; `isInUse` says whether one may still be chosen.
 */
export async function vocabularyOf(tx: Tx, name: VocabularyName, on = tx.today): Promise<Term[]> {
  const regimes = (await regimesInForce(tx, on)).map((one) => termsOfRegime(one.level, one.regime))
  return mergeTerms(name, regimes, await loadTermChanges(tx))
}

/** Every list with the uses of its terms in this school year. */
export async function loadVocabularies(
  tx: Tx,
): Promise<{ vocabularies: VocabularyView[]; schoolYear: string | null }> {
  const year = schoolYearOf(await loadCalendar(tx), tx.today)
  const regimes = (await regimesInForce(tx, tx.today)).map((one) => termsOfRegime(one.level, one.regime))
  const changes = await loadTermChanges(tx)
  const views: VocabularyView[] = []
  for (const [key, about] of Object.entries(vocabularies)) {
    const name = key as VocabularyName
    const counted = countedBy[name]
    const uses =
      counted && year
        ? new Map((await store.countUses(tx, year, counted)).map((row) => [row.term, row.uses]))
        : null
    const terms = mergeTerms(name, regimes, changes)
    const other = regimes.length > 1 ? regimes.find((one) => one.level === 'district') : undefined
    views.push({
      name,
      ...about,
      terms: terms.map((term) => ({
        ...term,
        uses: uses ? (uses.get(term.id) ?? 0) : null,
        inUse: isInUse(term, tx.today),
      })),
      others: (other?.vocabularies[name] ?? []).map((term) => ({
        id: term.id,
        label: term.label,
        regimeTitle: other?.title ?? '',
      })),
    })
  }
  return { vocabularies: views, schoolYear: year ? `${year.id.replace('-', '—')}学年` : null }
}

interface Place {
  vocabulary: VocabularyName
  termId: string
}

const blank = (place: Place): TermChange => ({
  ...place,
  label: null,
  groupName: null,
  position: null,
  isOwn: false,
  retiredOn: null,
  standsFor: null,
})

/** Locks the lists and gives the one with what was made of its terms. */
async function lockVocabulary(
  tx: Tx,
  name: VocabularyName,
): Promise<{ terms: Term[]; changes: TermChange[] }> {
  demand(can.edit(tx.actor))
  await store.lockChanges(tx)
  tx.notes.delete('vocabulary')
  const terms = await vocabularyOf(tx, name)
  return { terms, changes: (await loadTermChanges(tx)).filter((change) => change.vocabulary === name) }
}

async function lockTerm(tx: Tx, place: Place): Promise<{ term: Term; terms: Term[]; change: TermChange }> {
  const { terms, changes } = await lockVocabulary(tx, place.vocabulary)
  const term = terms.find((one) => one.id === place.termId) ?? refuse('词表里没有这个词，请刷新页面。')
  const change = changes.find((one) => one.termId === place.termId) ?? blank(place)
  return { term, terms, change }
}

async function keep(tx: Tx, type: string, change: TermChange): Promise<void> {
  await store.saveChange(tx, change)
  tx.notes.delete('vocabulary')
  await audit(tx, { type: `vocabulary.${type}`, id: tx.orgId, payload: { ...change } })
  changed(tx, 'vocabulary', 'activity', 'work')
}

function checkLabel(tx: Tx, terms: Term[], label: string, except?: string): void {
  if (terms.some((term) => term.id !== except && term.label === label && isInUse(term, tx.today)))
    refuse(`已经有“${label}”，请换一个名称。`, { fields: { label: '已经有这个词。' } })
}

/** Adds a term of the school's own at the end of the list. */
export async function addTerm(
  tx: Tx,
  input: { vocabulary: VocabularyName; label: string; group?: string },
): Promise<{ termId: string }> {
  const { terms, changes } = await lockVocabulary(tx, input.vocabulary)
  const label = input.label.trim()
  checkLabel(tx, terms, label)
  const termId = nextOwnId(changes)
  await keep(tx, 'termAdded', {
    ...blank({ vocabulary: input.vocabulary, termId }),
    label,
    groupName: input.group?.trim() || null,
    isOwn: true,
  })
  return { termId }
}

/** Gives a term another word or group, or says for which term of the other regime it stands. The id stays. */
export async function saveTerm(
  tx: Tx,
  input: {
    vocabulary: VocabularyName
    termId: string
    label: string
    group: string
    standsFor: string | null
  },
): Promise<void> {
  const { term, terms, change } = await lockTerm(tx, input)
  const label = input.label.trim()
  checkLabel(tx, terms, label, input.termId)
  if (input.standsFor !== null) {
    const other = terms.find((one) => one.id === input.standsFor)
    if (other?.source !== 'district' || term.source === 'district')
      refuse('只能把本校的词对应到区制度的词。', { fields: { standsFor: '请从区制度的词中选择。' } })
  }
  await keep(tx, 'termChanged', {
    ...change,
    label: term.source === 'own' || label !== (term.regimeLabel ?? term.label) ? label : null,
    groupName: input.group.trim(),
    standsFor: input.standsFor,
  })
}

/** A term is not chosen any more from today on; old records keep it. */
export async function retireTerm(tx: Tx, input: Place): Promise<void> {
  const { terms, change } = await lockTerm(tx, input)
  if (!terms.some((one) => one.id !== input.termId && isInUse(one, tx.today)))
    refuse('至少要保留一个可选的词。请先增加新的词，再停用这一个。')
  await keep(tx, 'termRetired', { ...change, retiredOn: tx.today })
}

export async function restoreTerm(tx: Tx, input: Place): Promise<void> {
  const { change } = await lockTerm(tx, input)
  await keep(tx, 'termRestored', { ...change, retiredOn: null })
}

/** Puts the terms of a list in order; terms that are not named follow. */
export async function orderTerms(
  tx: Tx,
  input: { vocabulary: VocabularyName; termIds: string[] },
): Promise<void> {
  const { terms, changes } = await lockVocabulary(tx, input.vocabulary)
  const known = new Set(terms.map((term) => term.id))
  const order = [...new Set(input.termIds)].filter((termId) => known.has(termId))
  for (const [position, termId] of order.entries()) {
    const place = { vocabulary: input.vocabulary, termId }
    const change = changes.find((one) => one.termId === termId) ?? blank(place)
    if (change.position !== position) await store.saveChange(tx, { ...change, position })
  }
  tx.notes.delete('vocabulary')
  await audit(tx, {
    type: 'vocabulary.ordered',
    id: tx.orgId,
    payload: { vocabulary: input.vocabulary, order },
  })
  changed(tx, 'vocabulary', 'activity', 'work')
}
