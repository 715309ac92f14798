import { attributesOn, meets, personRegister } from '../../engine/cohorts.ts'
import { type Conditions, conditionsOf, settingValues } from '../../engine/conditions.ts'
import type { Regime } from '../../engine/schema.ts'
import { regimesNow } from '../duty/standing.ts'
import type { Tx } from '../kit/sql.ts'
import { loadPeople, loadUnits } from '../regime/store.ts'
import { wordsNamed } from '../trainer/described.ts'
import { usualModesOf } from './rules.ts'
import type { ActivitySettings, Term } from './settings.ts'
import * as store from './store.ts'

/** For whom activities may be, as the regimes in force name it. */
export async function audienceWords(tx: Tx): Promise<Term[]> {
  const listed = (await regimesNow(tx)).flatMap((regime) =>
    regime.rules.flatMap(({ list }) => {
      if (list?.attribute !== 'audience' || list.vocabulary === undefined) return []
      const terms = (regime.vocabularies as Record<string, Term[] | undefined>)[list.vocabulary]
      return (terms ?? []).map(({ id, label }) => ({ id, label }))
    }),
  )
  const named = await wordsNamed(tx, 'activity.held', 'audience')
  return [...listed, ...named.filter((word) => !listed.some((other) => other.id === word.id))]
}

/** How activities of each kind usually work: as somebody said last, else as the names of kind and form say. */
export async function modesByKind(
  tx: Tx,
  settings: ActivitySettings,
  unitId: string | null,
): Promise<Record<string, string[]>> {
  if (settings.modes.length === 0) return {}
  const last = new Map((await store.listUsualModes(tx, unitId)).map((row) => [row.kind, row.modes]))
  return Object.fromEntries(
    settings.kinds.map(({ id }) => [id, last.get(id) ?? usualModesOf(settings, { kind: id, form: '' })]),
  )
}

const conditionsByRegime = new WeakMap<Regime, Conditions>()
/** Conditions of a regime, compiled once. */
function conditionsFor(regime: Regime): Conditions {
  const known = conditionsByRegime.get(regime) ?? conditionsOf(regime)
  conditionsByRegime.set(regime, known)
  return known
}

/** The condition of the regime behind a word for an audience: its cohort of that name. */
function conditionOf(regime: Regime, word: Term): string | undefined {
  const cohort = regime.cohorts.find(({ id, label }) => id === word.id || label === word.label)
  return cohort?.when ?? (/骨干/.test(word.label) ? 'backboneLevel != ""' : undefined)
}

/** For whom it was: everybody where the whole school is expected, else the cohorts to which all belong who were expected. */
async function audienceOf(tx: Tx, activity: store.ActivityRow): Promise<string[]> {
  const words = await audienceWords(tx)
  if (words.length === 0) return []
  const isWhole = activity.scope === 'organisation' && !activity.byEnrolment
  const ids = new Set(await store.listExpectedIds(tx, activity.id))
  const [people, units] = await Promise.all([loadPeople(tx, null), loadUnits(tx)])
  const kinds = new Map(units.map((unit) => [unit.id, unit.kind]))
  const expected = people.filter((person) => ids.has(person.id))
  const regimes = await regimesNow(tx)
  return words
    .filter((word) => {
      if (/全员|全体/.test(word.label)) return isWhole
      if (isWhole || expected.length === 0) return false
      return regimes.some((regime) => {
        const condition = conditionOf(regime, word)
        if (condition === undefined) return false
        const test = conditionsFor(regime).forPerson(condition)
        const settings = settingValues(regime)
        return expected.every((person) => {
          const attributes = attributesOn(person, (id) => kinds.get(id), activity.heldOn)
          return meets(test, { ...attributes, settings }, personRegister).met
        })
      })
    })
    .map((word) => word.id)
}

/** What was not said when it was planned follows now that it is held: the usual ways, and for whom it was. */
export async function settleAttributes(
  tx: Tx,
  activity: store.ActivityRow,
  settings: ActivitySettings,
): Promise<{ modes: string[] | null; audience: string[] | null }> {
  let { modes, audience } = activity
  if (modes === null && settings.modes.length > 0)
    modes =
      (await store.listUsualModes(tx, activity.unitId, activity.kind))[0]?.modes ??
      usualModesOf(settings, activity)
  audience ??= await audienceOf(tx, activity)
  return { modes, audience }
}
