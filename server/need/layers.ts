import { attributesOn, isInPost, meets, personRegister } from '../../engine/cohorts.ts'
import { type Condition, conditionsOf, settingValues } from '../../engine/conditions.ts'
import { prepare } from '../../engine/prepare.ts'
import type { Regime } from '../../engine/schema.ts'
import type { LocalDate, PersonInput } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Tx } from '../kit/sql.ts'
import { partsText } from '../org/cohort-rules.ts'
import { listCohorts } from '../org/cohort-store.ts'
import { listPresetRegimes, regimesInForce } from '../regime/adoption.ts'
import { loadPeople, loadUnits } from '../regime/store.ts'
import type { LayerCriteria, LayerView } from './contract.ts'
import { criteriaText, isInLayer, usualLayers } from './rules.ts'
import { listOwnLayers } from './store.ts'
import type { LayerSource } from './words.ts'

interface Layer {
  id: string
  label: string
  source: LayerSource
  criteria: LayerCriteria | null
  /** The regime's own condition, with the settings that it may name. */
  condition: { test: Condition; settings: Record<string, unknown> } | null
  /** Who belongs, in words; where the criteria do not say it. */
  meaning: string
  /** No longer chosen; old records keep its name. */
  isRetired: boolean
}

/** The layers of a school with everybody, so that each can be asked for any day. */
export interface Layers {
  list: Layer[]
  labelOf(layer: string): string
  /** Teachers of a layer who are in post on a day; with a group only its members. */
  membersOn(layer: string, day: LocalDate, unitId?: string | null): string[]
  /** The layers of a person on a day. */
  layersOf(personId: string, day: LocalDate): string[]
}

/** The words by which the regime's rules name the audience of activities: `list: { attribute: audience, vocabulary }`. */
function audienceTerms(regime: Regime): { id: string; label: string }[] {
  return regime.rules.flatMap((rule) => {
    const list = rule.list
    if (!list || list.attribute !== 'audience') return []
    const words = regime.vocabularies as Record<string, { id: string; label: string }[] | undefined>
    return words[list.vocabulary] ?? []
  })
}

/** Everything of which the regimes, the usual layers and the school's own ones make the list. */
async function listLayers(tx: Tx): Promise<Layer[]> {
  const calendar = await loadCalendar(tx)
  const layers = new Map<string, Layer>()
  const own = await listOwnLayers(tx)
  const named = new Map<string, NonNullable<Layer['condition']>>()
  const add = (layer: Layer) => {
    if (layers.has(layer.id) || [...layers.values()].some((one) => one.label === layer.label)) return
    layers.set(layer.id, layer)
  }
  const plain = { criteria: null, condition: null, meaning: '按制度规定的人群', isRetired: false }
  const regimes = await regimesInForce(tx, tx.today)
  for (const { regime } of regimes) {
    const prepared = prepare(regime, calendar)
    for (const cohort of regime.cohorts) {
      const test = prepared.cohort(cohort.id)?.condition
      if (test) named.set(cohort.id, { test, settings: settingValues(regime) })
    }
    for (const term of audienceTerms(regime)) add({ ...plain, ...term, source: 'regime' })
    // Every regime calls its whole staff teachers: that layer is 全员.
    for (const cohort of regime.cohorts)
      if (cohort.id !== 'teachers') {
        const usual = usualLayers.find((one) => one.label === cohort.label)
        add({
          ...plain,
          id: usual?.id ?? cohort.id,
          label: cohort.label,
          source: 'regime',
          condition: named.get(cohort.id) ?? null,
        })
      }
  }
  for (const layer of layers.values()) layer.condition ??= named.get(layer.id) ?? null
  for (const layer of layers.values())
    if (layer.condition === null)
      layer.criteria = usualLayers.find((one) => one.id === layer.id)?.criteria ?? {}
  for (const usual of usualLayers) add({ ...plain, ...usual, source: 'usual' })
  for (const { id, label, criteria, retiredOn } of own) {
    const known = layers.get(id)
    const isRetired = retiredOn !== null && retiredOn <= tx.today
    if (known?.source === 'usual') Object.assign(known, { criteria, label, isRetired })
  }
  // The conditions that the school saved for itself; read in the language of a regime, whichever there is.
  const language = regimes[0]?.regime ?? listPresetRegimes()[0]
  if (language)
    for (const cohort of await listCohorts(tx))
      add({
        ...plain,
        id: cohort.id,
        label: cohort.name,
        source: 'own',
        condition: {
          test: conditionsOf(language).forPerson(cohort.condition),
          settings: settingValues(language),
        },
        meaning: partsText(cohort.parts),
      })
  // 全员 stands first, whatever brought it.
  return [...layers.values()].sort((a, b) => Number(b.id === 'allTeachers') - Number(a.id === 'allTeachers'))
}

const isMemberOn = (person: PersonInput, unitId: string | null, day: LocalDate): boolean =>
  unitId === null ||
  person.memberships.some(
    (one) => one.unitId === unitId && one.from <= day && (one.to === null || one.to >= day),
  )

/** Reads the layers and the staff register once; everything else is computed from them. */
export async function loadLayers(tx: Tx): Promise<Layers> {
  const known = tx.notes.get('needLayers') as Layers | undefined
  if (known) return known
  const list = await listLayers(tx)
  const [people, units] = [await loadPeople(tx, null), await loadUnits(tx)]
  const kinds = new Map(units.map((unit) => [unit.id, unit.kind]))
  const days = new Map<LocalDate, { person: PersonInput; values: ReturnType<typeof attributesOn> }[]>()
  const onDay = (day: LocalDate) => {
    const found =
      days.get(day) ??
      people
        .filter((person) => isInPost(person, day))
        .map((person) => ({ person, values: attributesOn(person, (id) => kinds.get(id), day) }))
    days.set(day, found)
    return found
  }
  const belongs = (layer: Layer, values: ReturnType<typeof attributesOn>) =>
    layer.condition === null
      ? isInLayer(layer.criteria ?? {}, values)
      : meets(layer.condition.test, { ...values, settings: layer.condition.settings }, personRegister).met
  const members = new Map<string, string[]>()
  const layers: Layers = {
    list,
    labelOf: (id) => list.find((layer) => layer.id === id)?.label ?? id,
    membersOn(id, day, unitId = null) {
      const key = `${id} ${day} ${unitId ?? ''}`
      const layer = list.find((one) => one.id === id)
      const found =
        members.get(key) ??
        (layer
          ? onDay(day)
              .filter(({ person, values }) => belongs(layer, values) && isMemberOn(person, unitId, day))
              .map(({ person }) => person.id)
          : [])
      members.set(key, found)
      return found
    },
    layersOf: (personId, day) =>
      list.filter((layer) => layers.membersOn(layer.id, day).includes(personId)).map((layer) => layer.id),
  }
  tx.notes.set('needLayers', layers)
  return layers
}

/** Forgets what was read, after a layer was changed in the same transaction. */
export function forgetLayers(tx: Tx): void {
  tx.notes.delete('needLayers')
}

/** The layers as pages show them, with how many belong today. */
export function presentLayers(layers: Layers, today: LocalDate): LayerView[] {
  return layers.list
    .filter((layer) => !layer.isRetired)
    .map((layer) => ({
      id: layer.id,
      label: layer.label,
      source: layer.source,
      meaning: layer.condition === null ? criteriaText(layer.criteria ?? {}) : layer.meaning,
      people: layers.membersOn(layer.id, today).length,
      criteria: layer.source === 'usual' ? (layer.criteria ?? {}) : null,
    }))
}
