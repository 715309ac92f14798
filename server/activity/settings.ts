import { findForm, numberSetting, type FormSection, type Regime } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { loadTermChanges, termsOfRegime } from '../vocabulary/actions.ts'
import { isInUse, mergeTerms, type TermChange, withMeant } from '../vocabulary/rules.ts'

/** A word of a closed list with its Chinese label. */
export interface Term {
  id: string
  label: string
}
/** A term of the school's lists; retired ones keep their label for old records. */
interface ListedTerm extends Term {
  inUse: boolean
  /** The term of the district's list for which it stands. */
  standsFor: string | null
}
/** A required part of the minutes or an item to be settled beforehand; `clause` where the regime demands it. */
export interface Part {
  id: string
  label: string
  hint?: string
  required: boolean
  clause?: string
}

/** How the school's regime wants activities done; sensible words where it says nothing or none is adopted. */
export interface ActivitySettings {
  kinds: ListedTerm[]
  forms: ListedTerm[]
  contentTags: ListedTerm[]
  /** Ways of study that the regime names; empty where it names none. */
  modes: ListedTerm[]
  /** Whether the words above come from the regime; only then are other words refused. */
  hasOwnKinds: boolean
  lateAfterMinutes: number
  makeUpDays: number
  /** The clause that forbids moving an activity to another day; null where it may be moved. */
  moveForbiddenBy: string | null
  regimes: Regime[]
}

const defaultParts: Part[] = [
  { id: 'process', label: '活动过程', hint: '按先后写主要环节', required: true },
  { id: 'opinions', label: '主要发言', hint: '谁说了什么', required: true },
  { id: 'agreedView', label: '形成的共识', hint: '一致的看法和下一步', required: true },
]
const defaultSettled: Part[] = [
  { id: 'time', label: '时间', required: true },
  { id: 'place', label: '地点', required: true },
  { id: 'people', label: '人员', required: true },
  { id: 'content', label: '内容', required: true },
]

/** Reads what the regimes in force on a day (today unless told) say of activities. */
export async function activitySettings(tx: Tx, on: LocalDate = tx.today): Promise<ActivitySettings> {
  const regimes = (await regimesInForce(tx, on)).map((one) => one.regime)
  return settingsOf(regimes, await loadTermChanges(tx), on)
}

/** The same from the regimes themselves (the school's own first) and what the school made of their lists; pure. */
export function settingsOf(
  regimes: Regime[],
  changes: TermChange[] = [],
  on: LocalDate = '9999-12-31',
): ActivitySettings {
  const sources = regimes.map((regime) => termsOfRegime('school', regime))
  const words = (name: 'activityKinds' | 'activityForms' | 'contentTags' | 'modes') =>
    mergeTerms(name, sources, changes).map((term) => ({ ...term, inUse: isInUse(term, on) }))
  const kinds = words('activityKinds')
  const first = regimes[0]
  return {
    kinds,
    forms: words('activityForms'),
    contentTags: words('contentTags'),
    modes: words('modes'),
    hasOwnKinds: kinds.some((term) => term.source !== 'usual'),
    lateAfterMinutes: first ? numberSetting(first, 'lateAfterMinutes', 10) : 10,
    makeUpDays: first ? numberSetting(first, 'makeUpDays', 14) : 14,
    moveForbiddenBy: moveForbiddenBy(regimes),
    regimes,
  }
}

/** A regime forbids moving by the setting `activitiesMayMove: false`. */
function moveForbiddenBy(regimes: Regime[]): string | null {
  for (const regime of regimes) {
    const setting = regime.settings.activitiesMayMove
    if (setting?.value === false) return `${regime.title} ${setting.clause ?? ''}`.trim()
  }
  return null
}

/** The terms that may be chosen, as choices. */
export function choosable(terms: readonly ListedTerm[]): Term[] {
  return terms.filter((term) => term.inUse).map(({ id, label }) => ({ id, label }))
}

/** Tags together with those of the district's list for which they stand, so that the activity counts in both. */
export function tagsMeant(settings: ActivitySettings, tags: readonly string[]): string[] {
  return withMeant(settings.contentTags, tags)
}

/** What must be settled before an activity of this kind is published. */
export function settledParts(settings: ActivitySettings, kind: string): Part[] {
  return partsFor(settings, 'settledItems', kind) ?? defaultSettled
}

/** The parts of the minutes of an activity of this kind that somebody writes; attendance comes from signing in. */
export function minutesParts(settings: ActivitySettings, kind: string): Part[] {
  return (partsFor(settings, 'minutes', kind) ?? defaultParts).filter((part) => part.id !== 'attendance')
}

function partsFor(
  settings: ActivitySettings,
  purpose: 'minutes' | 'settledItems',
  kind: string,
): Part[] | undefined {
  for (const regime of settings.regimes) {
    const form = findForm(regime, { for: purpose, level: 'group', activityKind: kind })
    if (form) return form.sections.map((section) => toPart(section, form.clause))
  }
  return undefined
}

function toPart(section: FormSection, formClause: string): Part {
  return {
    id: section.id,
    label: section.label,
    ...(section.hint === undefined ? {} : { hint: section.hint }),
    required: section.required,
    clause: section.clause ?? formClause,
  }
}

/** The label of a word, or the word itself when the regime no longer has it. */
export function labelOf(terms: readonly Term[], id: string): string {
  return terms.find((term) => term.id === id)?.label ?? id
}
