import { setImmediate } from 'node:timers/promises'
import { loadRegime, problemLine } from '../../engine/load.ts'
import type { Regime } from '../../engine/schema.ts'
import type { CalendarInput, Finding, LocalDate, Subject, TermInput, UnitInput } from '../../engine/types.ts'
import { getRegimeText, listRegimeIds } from '../../regimes/read.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { saveSchoolFigures } from '../district/actions.ts'
import { gatherNews } from '../district/news.ts'
import { figuresOf } from '../district/rules.ts'
import { markForRecompute } from '../facts/actions.ts'
import { markSubjects, takeMarks } from '../facts/store.ts'
import { refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { enqueue } from '../kit/jobs.ts'
import { changed, type Services, systemActor } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { findOrganisation, listOrganisations, type Organisation } from '../org/store.ts'
import { type Basis, batchesOf, computeFindings, findingSetsOf } from './compute.ts'
import { loadFacts, loadWhole, type SchoolYear } from './input.ts'
import { reachOf, unpackFindings } from './rules.ts'
import * as store from './store.ts'

// ── Regimes ──────────────────────────────────────────────────────────────────

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

/** The regimes that come with the program and can be read. */
export function listPresetRegimes(): Regime[] {
  return listRegimeIds().flatMap((id) => {
    const text = getRegimeText(id)
    const known = parsedByText.get(text)
    if (known) return known
    const { regime } = loadRegime(text, `${id}/regime.yaml`)
    if (regime) parsedByText.set(text, regime)
    return regime ?? []
  })
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
async function takeOverDistrictRegimes(
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
async function listMissingRegimes(
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

// ── Findings ─────────────────────────────────────────────────────────────────

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

/** Whether duties of the school or its units rest on the facts of everybody, which is much to read for one fact. */
const restsOnEverybody = (inForce: YearInForce): boolean =>
  inForce.regimes.some(({ regime }) => reachOf(regime).everyoneBinds.some((kind) => kind !== 'person'))

const hasSchool = (marked: Subject[]): boolean => marked.some((subject) => subject.kind === 'organisation')

/**
 * Marked subjects and those whose duties their facts may touch; what rests on the facts of everybody only with the mark
 * of the school.
 */
async function widen(
  tx: Tx,
  inForce: YearInForce,
  marked: Subject[],
  units: UnitInput[],
): Promise<Subject[]> {
  const subjects = new Map(marked.map((subject) => [subject.id, subject]))
  const reaches = inForce.regimes.map((one) => reachOf(one.regime))
  const people = marked.filter((subject) => subject.kind === 'person').map((subject) => subject.id)
  if (people.length > 0 && reaches.some((reach) => reach.membersCount)) {
    const marks = new Set(people)
    for (const { personId, unitId } of await store.listMemberships(tx, inForce.year.from, inForce.year.to))
      if (marks.has(personId)) subjects.set(unitId, { kind: 'unit', id: unitId })
  }
  if (restsOnEverybody(inForce) && !hasSchool(marked)) return [...subjects.values()]
  if (reaches.some((reach) => reach.bodies || reach.everyoneBinds.includes('organisation')))
    subjects.set(tx.orgId, { kind: 'organisation', id: tx.orgId })
  if (reaches.some((reach) => reach.everyoneBinds.includes('unit')))
    for (const unit of units) subjects.set(unit.id, { kind: 'unit', id: unit.id })
  return [...subjects.values()]
}

/**
 * Computes the findings of every marked subject again, and has the school's figures handed up to its district. Safe to run
 * twice and beside itself: one recomputation of an organisation at a time. For a district it works out the duties of
 * the office itself and hands on its regime. Gives true where the school itself is marked now, because its duties rest
 * on the facts of everybody: people see their own figures first, and a second call follows.
 */
export async function recomputeMarked(services: Services, orgId: string, actor: Actor): Promise<boolean> {
  const outcome = await services.inOrganisation(orgId, actor, async (tx) => {
    // These travel together; what stands behind the lock sees what the recomputation before has written.
    const [, found, marked, calendar, adoptions, units] = await Promise.all([
      store.lockRecompute(tx),
      findOrganisation(tx),
      takeMarks(tx),
      loadCalendar(tx),
      store.listAdoptions(tx),
      store.loadUnits(tx),
    ])
    if (!found) return { organisation: found, computed: nothing, missesRegime: false }
    const basis: Basis = { organisation: found, calendar, adoptions, units }
    if (found.kind === 'district') {
      const own = await computeMarked(tx, basis, [{ kind: 'organisation', id: orgId }])
      return { organisation: found, computed: own, missesRegime: false }
    }
    const [missing, done] = await Promise.all([
      listMissingRegimes(services, found, actor, basis),
      marked.length > 0 ? computeMarked(tx, basis, marked) : nothing,
    ])
    return { organisation: found, computed: done, missesRegime: missing.length > 0 }
  })
  const { organisation, computed, missesRegime } = outcome
  if (organisation?.kind === 'district') await handDown(services, organisation, actor)
  // A school that joined the district after it had adopted its regime.
  if (organisation && missesRegime) {
    await rebuildOrganisation(services, orgId, actor)
    return false
  }
  if (computed.some) services.hub.tell(orgId, { rooms: ['regime', 'board'] })
  return computed.schoolFollows
}

const nothing = { some: false, schoolFollows: false }

async function computeMarked(tx: Tx, basis: Basis, marked: Subject[]): Promise<typeof nothing> {
  const inForce = await findYearInForce(tx, undefined, basis)
  if (!inForce) return nothing
  // A fact recorded in the first weeks of a year may belong to the year before.
  const earlier = previousYear(inForce, tx.today)
  const before = earlier ? await findYearInForce(tx, earlier.id, basis) : null
  const compute = async () => {
    for (const year of before ? [inForce, before] : [inForce])
      for (const batch of batchesOf(
        // A district office has duties of its own; the people in it are not judged as teachers.
        basis.organisation.kind === 'district' ? marked : await widen(tx, year, marked, basis.units),
      ))
        await computeFindings(tx, year, batch, basis)
  }
  // The figures need every finding of the school: they follow in a job, once for many changes.
  const handUp = async () => {
    if (basis.organisation.districtId !== null)
      await enqueue(tx, 'handUp', { orgId: tx.orgId }, { key: `handUp:${tx.orgId}` })
  }
  const schoolFollows =
    basis.organisation.kind !== 'district' && !hasSchool(marked) && restsOnEverybody(inForce)
  const markSchool = async () => {
    if (schoolFollows) await markSubjects(tx, [{ kind: 'organisation', id: tx.orgId }])
  }
  await Promise.all([compute(), handUp(), markSchool()])
  return { some: true, schoolFollows }
}

/** Hands the school's figures up to its district, as they follow from its findings now. */
export async function handUpFigures(services: Services, orgId: string, actor: Actor): Promise<void> {
  const organisation = await services.inOrganisation(orgId, actor, (tx) => findOrganisation(tx), {
    readOnly: true,
  })
  if (organisation) await announce(services, organisation, actor)
}

const daysOfAfterglow = 60
function previousYear(inForce: YearInForce, today: LocalDate): SchoolYear | undefined {
  const years = inForce.calendar.schoolYears
  const earlier = years[years.indexOf(inForce.year) - 1]
  return earlier && (Date.parse(today) - Date.parse(earlier.to)) / 86_400_000 <= daysOfAfterglow
    ? earlier
    : undefined
}

/** An organisation with more facts than this is computed in batches of people, lest it fills the memory. */
const mostFactsAtOnce = 250_000

/**
 * Computes everything of an organisation anew: the current school year, or with `years: 'all'` every year that has a
 * regime. The facts are read once for all years. The result is the same as after each change.
 */
export async function rebuildOrganisation(
  services: Services,
  orgId: string,
  actor: Actor,
  options: { years?: 'current' | 'all'; factsAtOnce?: number } = {},
): Promise<void> {
  const organisation = await services.inOrganisation(orgId, actor, (tx) => findOrganisation(tx), {
    readOnly: true,
  })
  if (!organisation) return
  if (organisation.kind === 'district') await handDown(services, organisation, actor)
  await takeOverDistrictRegimes(services, organisation, actor)
  const yearIds = await services.inOrganisation(orgId, actor, async (tx) => {
    const calendar = await loadCalendar(tx)
    const current = yearFor(calendar, tx.today)
    if (options.years !== 'all') return current ? [current.id] : []
    return calendar.schoolYears.filter((year) => year.from <= tx.today).map((year) => year.id)
  })
  await rebuildYears(services, orgId, actor, yearIds, options.factsAtOnce ?? mostFactsAtOnce)
  await announce(services, organisation, actor)
}

async function rebuildYears(
  services: Services,
  orgId: string,
  actor: Actor,
  yearIds: string[],
  factsAtOnce: number,
): Promise<void> {
  const plans = await services.inOrganisation(orgId, actor, async (tx) => {
    const units = await store.loadUnits(tx)
    const found: YearPlan[] = []
    for (const yearId of yearIds) {
      const inForce = await findYearInForce(tx, yearId)
      if (inForce) found.push({ yearId, subjects: await listSubjects(tx, inForce.year, units) })
      else found.push({ yearId, subjects: [] })
    }
    return found
  })
  if (!(await rebuildAtOnce(services, orgId, actor, plans, factsAtOnce)))
    await rebuildInBatches(services, orgId, actor, plans)
  for (const { yearId, subjects } of plans)
    await services.inOrganisation(orgId, actor, (tx) => store.deleteOtherFindingSets(tx, yearId, subjects))
}

/** Who is judged in a school year. */
interface YearPlan {
  yearId: string
  subjects: Subject[]
}

/** What every step of a rebuild needs, behind the lock. */
async function lockBasis(tx: Tx): Promise<Basis | null> {
  const [, organisation, calendar, adoptions, units] = await Promise.all([
    store.lockRecompute(tx),
    findOrganisation(tx),
    loadCalendar(tx),
    store.listAdoptions(tx),
    store.loadUnits(tx),
  ])
  return organisation ? { organisation, calendar, adoptions, units } : null
}

const withRegimes = ({ calendar, year, regimes }: YearInForce) => ({
  calendar,
  year,
  regimes: regimes.map((one) => one.regime),
})

/** All years in one transaction from facts that are read once; false, with nothing done, where they are too many. */
function rebuildAtOnce(
  services: Services,
  orgId: string,
  actor: Actor,
  plans: YearPlan[],
  factsAtOnce: number,
): Promise<boolean> {
  return services.inOrganisation(orgId, actor, async (tx) => {
    const basis = await lockBasis(tx)
    if (!basis) return true
    const years: { inForce: YearInForce; subjects: Subject[] }[] = []
    for (const { yearId, subjects } of plans) {
      const inForce = await findYearInForce(tx, yearId, basis)
      if (inForce && subjects.length > 0) years.push({ inForce, subjects })
    }
    if (years.length === 0) return true
    const whole = await loadWhole(
      tx,
      basis,
      years.map(({ inForce }) => withRegimes(inForce)),
      factsAtOnce,
    )
    if (!whole) return false
    basis.whole = whole
    // While the database writes one batch, the next is worked out.
    let saved = Promise.resolve()
    for (const { inForce, subjects } of years)
      for (const batch of batchesOf(subjects)) {
        const sets = await findingSetsOf(tx, inForce, batch, basis)
        await saved
        saved = store.saveFindingSets(tx, inForce.year.id, sets)
        // Reported where it is awaited, not as nobody's.
        saved.catch(() => undefined)
        // The program answers others between two batches.
        await setImmediate()
      }
    await saved
    return true
  })
}

/** Batches of people, each in a transaction of its own that reads their facts once for all years. */
async function rebuildInBatches(
  services: Services,
  orgId: string,
  actor: Actor,
  plans: YearPlan[],
): Promise<void> {
  const everybody = new Map(plans.flatMap(({ subjects }) => subjects.map((one) => [one.id, one] as const)))
  const idsOf = new Map(plans.map(({ yearId, subjects }) => [yearId, new Set(subjects.map(({ id }) => id))]))
  for (const batch of batchesOf([...everybody.values()])) {
    await services.inOrganisation(orgId, actor, async (tx) => {
      const basis = await lockBasis(tx)
      if (!basis) return
      const years: { inForce: YearInForce; subjects: Subject[] }[] = []
      for (const { yearId } of plans) {
        const inForce = await findYearInForce(tx, yearId, basis)
        const subjects = batch.filter((subject) => idsOf.get(yearId)?.has(subject.id))
        if (inForce && subjects.length > 0) years.push({ inForce, subjects })
      }
      basis.facts = await loadFacts(
        tx,
        batch,
        years.map(({ inForce }) => withRegimes(inForce)),
      )
      for (const { inForce, subjects } of years) await computeFindings(tx, inForce, subjects, basis)
    })
  }
}

/** Everybody who is judged in a school year: the school, its units, whoever serves on some day; of a district itself. */
async function listSubjects(tx: Tx, { from, to }: SchoolYear, units: UnitInput[]): Promise<Subject[]> {
  const own: Subject = { kind: 'organisation', id: tx.orgId }
  if ((await findOrganisation(tx))?.kind === 'district') return [own]
  return [
    own,
    ...units
      .filter((unit) => unit.from <= to && (unit.to === null || unit.to >= from))
      .map((unit): Subject => ({ kind: 'unit', id: unit.id })),
    ...(await store.listPeopleServing(tx, from, to)).map((id): Subject => ({ kind: 'person', id })),
  ]
}

/** Gives the district's regime to each of its schools and computes those that it is new to. */
async function handDown(services: Services, district: Organisation, actor: Actor): Promise<void> {
  for (const school of await listOrganisations(services.pool)) {
    if (school.districtId !== district.id || school.kind !== 'school') continue
    if ((await takeOverDistrictRegimes(services, school, actor)) > 0)
      await rebuildOrganisation(services, school.id, actor)
  }
}

/** After new findings: the district's figures, then everybody's open pages. */
async function announce(services: Services, organisation: Organisation, actor: Actor): Promise<void> {
  if (organisation.districtId !== null) {
    const figures = await services.inOrganisation(organisation.id, actor, collectFigures, { readOnly: true })
    if (figures) await saveSchoolFigures(services, organisation, actor, figures.schoolYearId, figures.figures)
  }
  services.hub.tell(organisation.id, { rooms: ['regime', 'board'] })
  if (organisation.districtId)
    services.hub.tell(organisation.districtId, { rooms: ['district', 'regime', 'board'] })
}

/** What the school hands up to its district of the present term. */
async function collectFigures(tx: Tx) {
  const inForce = await findYearInForce(tx)
  const term = inForce && currentTerm(inForce.calendar, inForce.year, tx.today)
  if (!inForce || !term) return null
  const summaries = await store.listTermSummaries(tx, inForce.year.id, term.id)
  const kinds = new Map(
    inForce.regimes.flatMap(({ regime }) =>
      regime.vocabularies.activityKinds.map((one) => [one.id, one.label]),
    ),
  )
  return {
    schoolYearId: inForce.year.id,
    figures: {
      ...figuresOf(summaries, inForce.regimes, term, tx.today),
      ...(await gatherNews(tx, (kind) => kinds.get(kind) ?? '研修活动')),
    },
  }
}

/** Findings of one subject, as last computed; empty before the first time. */
export async function listFindings(tx: Tx, subject: Subject, schoolYearId: string): Promise<Finding[]> {
  const set = await store.findFindingSet(tx, subject, schoolYearId)
  return set ? unpackFindings(set.findings, subject) : []
}

/**
 * Has findings computed again that were made on an earlier day: what was due soon then may be overdue now. Called by
 * pages, whose own transaction only reads. Gives whether something was out of date.
 */
export async function refreshIfStale(
  services: Services,
  orgId: string,
  evaluatedOn: LocalDate | null,
  subject: Subject | null,
): Promise<boolean> {
  const today = services.clock.today()
  if (evaluatedOn === today) return false
  await services.inOrganisation(orgId, systemActor('regime'), (tx) =>
    subject ? markForRecompute(tx, [subject]) : enqueueRebuild(tx),
  )
  return true
}
