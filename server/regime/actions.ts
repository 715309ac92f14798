import { setImmediate } from 'node:timers/promises'
import type { Finding, LocalDate, Subject, UnitInput } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { saveSchoolFigures } from '../district/actions.ts'
import { gatherNews } from '../district/news.ts'
import { figuresOf } from '../district/rules.ts'
import { markForRecompute } from '../facts/actions.ts'
import { markSubjects, takeMarks } from '../facts/store.ts'
import { enqueue } from '../kit/jobs.ts'
import { type Services, systemActor } from '../kit/services.ts'
import type { Actor, Tx } from '../kit/sql.ts'
import { findOrganisation, listOrganisations, type Organisation } from '../org/store.ts'
import { type Basis, batchesOf, computeFindings, findingSetsOf } from './compute.ts'
import { loadFacts, loadWhole, type SchoolYear } from './input.ts'
import { reachOf, unpackFindings } from './rules.ts'
import * as store from './store.ts'
import {
  currentTerm,
  enqueueRebuild,
  findYearInForce,
  listMissingRegimes,
  takeOverDistrictRegimes,
  yearFor,
  type YearInForce,
} from './adoption.ts'

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
