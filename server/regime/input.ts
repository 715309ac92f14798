import { prepare } from '../../engine/prepare.ts'
import { addDays } from '../../engine/days.ts'
import type { Regime } from '../../engine/schema.ts'
import { indexFacts } from '../../engine/scope.ts'
import type {
  CalendarInput,
  ClosedRange,
  EvaluationInput,
  Fact,
  LocalDate,
  Subject,
  UnitInput,
} from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation, type Organisation } from '../org/store.ts'
import { reachOf } from './rules.ts'
import { countFacts, listFacts, listFactsOfKinds, listFactsToJudge } from '../facts/store.ts'
import * as store from './store.ts'

export type SchoolYear = CalendarInput['schoolYears'][number]

/** Days before a period whose facts may still count for it (plans filed before the term), and days of grace after it. */
const margin = 92
const longestCycle = 5 * 366

/** The days whose facts can matter for a school year, by the periods that the regimes count by (up to five years). */
export function factRange(
  regimes: Regime[],
  calendar: CalendarInput,
  year: SchoolYear,
): { from: LocalDate; to: LocalDate } {
  let { from, to }: { from: LocalDate; to: LocalDate } = year
  for (const regime of regimes) {
    const prepared = prepare(regime, calendar)
    for (const kind of reachOf(regime).periodKinds) {
      for (const period of prepared.periods(kind, year)) {
        if (period.from < from) from = period.from
        if (period.to > to) to = period.to
      }
      // Somebody's own cycle may have begun up to five years ago, whenever the regime's began.
      if (kind === 'fiveYears') {
        const first = addDays(year.from, -longestCycle)
        if (first < from) from = first
      }
    }
  }
  return { from: addDays(from, -margin), to: addDays(to, margin) }
}

/**
 * Everything that the engine may know to judge these subjects in one school year: their own rows and facts, and of
 * others only what a rule asks for (members of a group that speaks in turn, everybody for duties of the school).
 */
export async function loadInput(
  tx: Tx,
  wanted: {
    subjects: Subject[]
    regimes: Regime[]
    calendar: CalendarInput
    year: SchoolYear
    /** When they are known already. */
    units?: UnitInput[]
    organisation?: Organisation
    /** Without the records behind the facts, which only explanations name. */
    withoutSources?: boolean
    /** Facts of these subjects (and perhaps of others, and of other years). */
    facts?: Fact[]
  },
): Promise<EvaluationInput> {
  const { subjects, regimes, calendar, year } = wanted
  const reaches = regimes.map(reachOf)
  const units = wanted.units ?? (await store.loadUnits(tx))
  const unitIds = new Set(subjects.filter((subject) => subject.kind === 'unit').map((subject) => subject.id))
  const wholeSchool = subjects.some((subject) => subject.kind === 'organisation')
  const own = subjects.filter((subject) => subject.kind === 'person').map((subject) => subject.id)
  const members =
    unitIds.size > 0 && reaches.some((reach) => reach.membersCount)
      ? (await store.listMemberships(tx, year.from, year.to))
          .filter((membership) => unitIds.has(membership.unitId))
          .map((membership) => membership.personId)
      : []
  const everybody = wholeSchool || (unitIds.size > 0 && reaches.some((reach) => reach.bodies))
  const range = factRange(regimes, calendar, year)
  const asked = new Set<string>()
  for (const subject of subjects) asked.add(subject.id)
  const factSubjects: Subject[] = [
    ...subjects,
    ...members.filter((id) => !asked.has(id)).map((id): Subject => ({ kind: 'person', id })),
  ]
  const kindsOfEveryone = reaches.flatMap((reach) =>
    reach.everyoneBinds.some((kind) => subjects.some((subject) => subject.kind === kind))
      ? reach.everyoneKinds
      : [],
  )
  const [people, factsOfSubjects, factsOfEveryone, organisation] = await Promise.all([
    store.loadPeople(tx, everybody ? null : [...new Set([...own, ...members])]),
    wanted.facts
      ? factsWithin(tx, wanted.facts, range, asked, factSubjects)
      : wanted.withoutSources
        ? listFactsToJudge(tx, range, { subjects: factSubjects })
        : listFacts(tx, range, factSubjects),
    wanted.withoutSources
      ? listFactsToJudge(tx, range, { kinds: [...new Set(kindsOfEveryone)] })
      : listFactsOfKinds(tx, range, [...new Set(kindsOfEveryone)]),
    wanted.organisation ?? findOrganisation(tx),
  ])
  const facts: Fact[] = [...factsOfSubjects, ...factsOfEveryone]
  return {
    organisation: organisationInput(tx, organisation),
    calendar,
    people,
    units,
    facts,
  }
}

function organisationInput(tx: Tx, organisation: Organisation | undefined): EvaluationInput['organisation'] {
  const level = organisation?.kind === 'district' ? 'district' : 'school'
  return {
    id: tx.orgId,
    name: organisation?.name ?? '',
    attributes: { ...organisation?.attributes, level },
  }
}

/** Everything of an organisation over some school years, read and indexed once: `window` then cuts out the one year. */
export interface WholeInput {
  input: EvaluationInput
  windows: Map<string, ClosedRange>
}

/** Everything of an organisation over some school years; null where there are more facts than may be held at once. */
export async function loadWhole(
  tx: Tx,
  known: { organisation: Organisation; calendar: CalendarInput; units: UnitInput[] },
  years: { regimes: Regime[]; calendar: CalendarInput; year: SchoolYear }[],
  factsAtOnce: number,
): Promise<WholeInput | null> {
  const windows = new Map(
    years.map(({ regimes, calendar, year }) => [year.id, factRange(regimes, calendar, year)]),
  )
  const range = unionOf([...windows.values()])
  if (!range || (await countFacts(tx, range, factsAtOnce + 1)) > factsAtOnce) return null
  const people = await store.loadPeople(tx, null)
  const { organisation, calendar, units } = known
  const facts = await listFactsToJudge(tx, range, {
    subjects: [
      { kind: 'organisation', id: tx.orgId },
      ...units.map(({ id }): Subject => ({ kind: 'unit', id })),
      ...people.map(({ id }): Subject => ({ kind: 'person', id })),
    ],
  })
  const index = indexFacts(facts, tx.today)
  return {
    input: { organisation: organisationInput(tx, organisation), calendar, people, units, facts, index },
    windows,
  }
}

function unionOf(ranges: ClosedRange[]): ClosedRange | null {
  const [first] = ranges
  if (!first) return null
  const range = { ...first }
  for (const { from, to } of ranges) {
    if (from < range.from) range.from = from
    if (to > range.to) range.to = to
  }
  return range
}

/** Of facts already read those of the asked in a range of days; those of others are read. */
async function factsWithin(
  tx: Tx,
  known: Fact[],
  range: { from: LocalDate; to: LocalDate },
  asked: Set<string>,
  subjects: Subject[],
): Promise<Fact[]> {
  const others = subjects.filter((subject) => !asked.has(subject.id))
  const own = known.filter(
    (fact) => fact.on >= range.from && fact.on <= range.to && asked.has(fact.subject.id),
  )
  return others.length === 0 ? own : [...own, ...(await listFactsToJudge(tx, range, { subjects: others }))]
}

/** The facts of some subjects over several school years, to be judged: read once for all of them. */
export async function loadFacts(
  tx: Tx,
  subjects: Subject[],
  years: { regimes: Regime[]; calendar: CalendarInput; year: SchoolYear }[],
): Promise<Fact[]> {
  const range = unionOf(years.map(({ regimes, calendar, year }) => factRange(regimes, calendar, year)))
  return range && subjects.length > 0 ? listFactsToJudge(tx, range, { subjects }) : []
}
