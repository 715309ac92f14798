import { loadRegime, problemLine } from '../../engine/load.ts'
import type { Regime } from '../../engine/schema.ts'
import type { CalendarInput, LocalDate, TermInput } from '../../engine/types.ts'
import { getRegimeText, listRegimeIds } from '../../regimes/read.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed, type Services } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import type { Organisation } from '../org/store.ts'
import type { Basis } from './compute.ts'
import type { SchoolYear } from './input.ts'
import * as store from './store.ts'

/** A regime as it binds an organisation: its own, or the district's that binds at the same time. */
export interface RegimeInForce {
  adoptionId: string
  level: 'school' | 'district'
  schoolYearId: string
  fromOn: LocalDate
  regime: Regime
}

/** Parsed once per adoption; an adoption's text never changes. Schools with the same text share one object. */
const parsedByAdoption = new Map<string, Regime>()
const parsedByText = new Map<string, Regime>()

/** Reads a regime's text; a text that cannot be read is refused with the place of the mistake. */
export function parseRegime(text: string, name: string): Regime {
  let regime = parsedByText.get(text)
  if (!regime) {
    const result = loadRegime(text, name)
    if (!result.regime) {
      refuse(`这份制度读不懂，没有采用。${result.problems.slice(0, 3).map(problemLine).join('；')}`)
    }
    regime = result.regime
    parsedByText.set(text, regime)
  }
  return regime
}

async function regimeOfAdoption(tx: Tx, adoption: store.AdoptionRow): Promise<Regime> {
  const key = `${tx.orgId} ${adoption.id}`
  let regime = parsedByAdoption.get(key)
  if (!regime) {
    regime = parseRegime(await store.getAdoptionSource(tx, adoption.id), adoption.regimeId)
    parsedByAdoption.set(key, regime)
  }
  return regime
}

/** The regimes that bind this organisation on a day: its own first, then the district's. Empty before the first adoption. */
export async function regimesInForce(
  tx: Tx,
  day: LocalDate,
  known?: store.AdoptionRow[],
): Promise<RegimeInForce[]> {
  const adoptions = known ?? (await store.listAdoptions(tx))
  const result: RegimeInForce[] = []
  for (const origin of ['own', 'district'] as const) {
    const adoption = adoptions.find((row) => row.origin === origin && row.fromOn <= day)
    if (!adoption) continue
    result.push({
      adoptionId: adoption.id,
      level: origin === 'own' ? 'school' : 'district',
      schoolYearId: adoption.schoolYearId,
      fromOn: adoption.fromOn,
      regime: await regimeOfAdoption(tx, adoption),
    })
  }
  return result
}

/** An adoption with its regime, in force or not; undefined where there is none of this id. */
export async function findAdoptedRegime(tx: Tx, adoptionId: string): Promise<RegimeInForce | undefined> {
  const adoption = (await store.listAdoptions(tx)).find((row) => row.id === adoptionId)
  if (!adoption) return undefined
  return {
    adoptionId: adoption.id,
    level: adoption.origin === 'own' ? 'school' : 'district',
    schoolYearId: adoption.schoolYearId,
    fromOn: adoption.fromOn,
    regime: await regimeOfAdoption(tx, adoption),
  }
}

/** The school's own regime on a day; null before one is adopted. */
export async function findOwnRegime(tx: Tx, day: LocalDate = tx.today): Promise<Regime | null> {
  return (await regimesInForce(tx, day)).find((one) => one.level === 'school')?.regime ?? null
}

let presetRegimes: Regime[] | undefined
/** The regimes that come with the program and can be read; their files are read once, they change with the program. */
export function listPresetRegimes(): Regime[] {
  presetRegimes ??= listRegimeIds().flatMap((id) => {
    const text = getRegimeText(id)
    const known = parsedByText.get(text)
    if (known) return known
    const { regime } = loadRegime(text, `${id}/regime.yaml`)
    if (regime) parsedByText.set(text, regime)
    return regime ?? []
  })
  return presetRegimes
}

/**
 * Adopts a regime that comes with the program for a school year from a day on: its text is copied, so that past
 * years stay as they were. Refuses an unknown school year, a day outside it, an unknown regime. The same adoption
 * repeated changes nothing. A district's regime is handed on to its schools by the job that follows.
 */
export async function adoptRegime(
  tx: Tx,
  input: { regimeId: string; schoolYearId: string; from: LocalDate },
): Promise<void> {
  const calendar = await loadCalendar(tx)
  const year =
    calendar.schoolYears.find((one) => one.id === input.schoolYearId) ??
    refuse(`校历中还没有 ${input.schoolYearId} 学年，请先在“校历”中设置学年和学期，再采用制度。`)
  if (input.from < year.from || input.from > year.to) {
    refuse('生效日期不在这个学年内，请选择学年中的一天。', { fields: { from: '不在这个学年内' } })
  }
  if (!listRegimeIds().includes(input.regimeId)) refuse('没有这份制度，请从列表中选择。', { status: 404 })
  const source = getRegimeText(input.regimeId)
  const regime = parseRegime(source, input.regimeId)
  const id = newId()
  const added = await store.insertAdoption(tx, {
    id,
    schoolYearId: year.id,
    regimeId: regime.id,
    version: regime.version,
    title: regime.title,
    source,
    fromOn: input.from,
    adoptedBy: tx.actor.personId,
    origin: 'own',
    originId: null,
  })
  if (added === 0) return
  await audit(tx, {
    type: 'regime.adopted',
    id,
    payload: { regimeId: regime.id, version: regime.version, schoolYearId: year.id, from: input.from },
  })
  await enqueueRebuild(tx)
  changed(tx, 'regime', 'access')
}

/** Has everything of the current school year computed again once the transaction is committed. */
export async function enqueueRebuild(tx: Tx): Promise<void> {
  if (tx.notes.get('bulk')) return
  await enqueue(tx, 'recompute', { orgId: tx.orgId, rebuild: true }, { key: `rebuild:${tx.orgId}` })
}

/**
 * Takes over what the district has adopted into the school's own scope. Run by the recompute job of a school, so a
 * school that joins the district later gets it as well. Gives the number of regimes taken over.
 */
export async function takeOverDistrictRegimes(
  services: Services,
  school: Organisation,
  actor: Actor,
): Promise<number> {
  if (school.districtId === null) return 0
  const known = await services.inOrganisation(
    school.id,
    actor,
    async (tx) => ({ adoptions: await store.listAdoptions(tx), calendar: await loadCalendar(tx) }),
    { readOnly: true },
  )
  const missing = await listMissingRegimes(services, school, actor, known)
  for (const adoption of missing) {
    const source = await services.inOrganisation(school.districtId, actor, (tx) =>
      store.getAdoptionSource(tx, adoption.id),
    )
    await services.inOrganisation(school.id, actor, async (tx) => {
      const id = newId()
      const added = await store.insertAdoption(tx, {
        ...adoption,
        id,
        source,
        adoptedBy: null,
        origin: 'district',
        originId: adoption.id,
      })
      if (added === 0) return
      await audit(tx, {
        type: 'regime.receivedFromDistrict',
        id,
        payload: { regimeId: adoption.regimeId, version: adoption.version, from: adoption.fromOn },
      })
      changed(tx, 'regime')
    })
  }
  return missing.length
}

/** What the district has adopted for one of the school's years and the school has not taken over yet. */
export async function listMissingRegimes(
  services: Services,
  school: Organisation,
  actor: Actor,
  known: Pick<Basis, 'calendar' | 'adoptions'>,
): Promise<store.AdoptionRow[]> {
  if (school.districtId === null) return []
  const adopted = await services.inOrganisation(school.districtId, actor, (tx) => store.listAdoptions(tx), {
    readOnly: true,
  })
  const taken = new Set(known.adoptions.map((row) => row.originId))
  const years = new Set(known.calendar.schoolYears.map((year) => year.id))
  return adopted.filter((row) => row.origin === 'own' && !taken.has(row.id) && years.has(row.schoolYearId))
}

/** The school year of a day; in the holidays between two years the one that ended last. */
export function yearFor(calendar: CalendarInput, day: LocalDate): SchoolYear | undefined {
  return calendar.schoolYears.filter((year) => year.from <= day).at(-1)
}

/** The term of a day; between terms the one that ended last, before the first one the first. */
export function currentTerm(
  calendar: CalendarInput,
  year: SchoolYear,
  day: LocalDate,
): TermInput | undefined {
  const terms = calendar.terms.filter((term) => term.schoolYearId === year.id)
  return terms.filter((term) => term.from <= day).at(-1) ?? terms[0]
}

export interface YearInForce {
  calendar: CalendarInput
  year: SchoolYear
  regimes: RegimeInForce[]
}

/** A school year with the regimes by which it is judged; null without calendar or regime. */
export async function findYearInForce(
  tx: Tx,
  schoolYearId?: string,
  basis?: Pick<Basis, 'calendar' | 'adoptions'>,
): Promise<YearInForce | null> {
  const calendar = basis?.calendar ?? (await loadCalendar(tx))
  const year = schoolYearId
    ? calendar.schoolYears.find((one) => one.id === schoolYearId)
    : yearFor(calendar, tx.today)
  if (!year) return null
  const regimes = await regimesInForce(tx, tx.today < year.to ? tx.today : year.to, basis?.adoptions)
  return regimes.length > 0 ? { calendar, year, regimes } : null
}
