import {
  findForm,
  numberSetting,
  type FormSection,
  type Regime,
  type VocabularyTerm,
} from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce } from '../regime/actions.ts'

/** A word of a closed list with its Chinese label. */
export interface Term {
  id: string
  label: string
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
  kinds: Term[]
  forms: Term[]
  contentTags: Term[]
  /** Whether the words above come from the regime; only then are other words refused. */
  hasOwnKinds: boolean
  lateAfterMinutes: number
  makeUpDays: number
  /** The clause that forbids moving an activity to another day; null where it may be moved. */
  moveForbiddenBy: string | null
  regimes: Regime[]
}

const defaultKinds: Term[] = [
  { id: 'groupResearch', label: '教研活动' },
  { id: 'themedDiscussion', label: '专题研讨' },
  { id: 'caseStudy', label: '课例研究' },
  { id: 'collectivePreparation', label: '集体备课' },
  { id: 'theoryStudy', label: '理论学习' },
  { id: 'lecture', label: '专题讲座' },
  { id: 'onlineTraining', label: '网络研修' },
  { id: 'meeting', label: '专门会议' },
]
const defaultForms: Term[] = [
  { id: 'faceToFace', label: '集中面授' },
  { id: 'discussion', label: '研讨交流' },
  { id: 'observation', label: '听课评课' },
  { id: 'online', label: '线上' },
]
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
  return settingsOf((await regimesInForce(tx, on)).map((one) => one.regime))
}

/** The same from the regimes themselves; pure. */
export function settingsOf(regimes: Regime[]): ActivitySettings {
  const words = (name: 'activityKinds' | 'activityForms' | 'contentTags'): Term[] => {
    const all = regimes.flatMap((regime): VocabularyTerm[] => regime.vocabularies[name])
    return [...new Map(all.map((term) => [term.id, { id: term.id, label: term.label }])).values()]
  }
  const kinds = words('activityKinds')
  const forms = words('activityForms')
  const first = regimes[0]
  return {
    kinds: kinds.length > 0 ? kinds : defaultKinds,
    forms: forms.length > 0 ? forms : defaultForms,
    contentTags: words('contentTags'),
    hasOwnKinds: kinds.length > 0,
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
