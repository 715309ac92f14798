import { asksAttributesOnly, conditionsOf, settingValues } from './conditions.ts'
import type { Condition, Conditions, DayWords } from './conditions.ts'
import { isSchoolDay, periodsOf, weekOf } from './periods.ts'
import type { Period, PeriodKind } from './periods.ts'
import { blocksOf, minimaOf, numberSetting } from './schema.ts'
import type { Binds, Count, Counts, Minimum, Regime, Rule, RuleBlock, Table } from './schema.ts'
import { countsOf } from './summary.ts'
import type { AttributeValue, CalendarInput, ClosedRange, Fact, LocalDate } from './types.ts'

/** What a kind of fact that counts says of a fact: it counts, or why not. */
export interface Verdict {
  count: PreparedCount
  because: string | null
}

/** One kind of fact that counts, with its conditions compiled. */
export interface PreparedCount {
  kind: string
  /** Name of the source in a breakdown of hours; empty elsewhere. */
  source: string
  where: Condition | null
  requires: { condition: Condition; otherwise: string }[]
  of: Count['of']
  worth: number
  maxPerFact: number | null
  /** The row of a conversion table that grants something for such a fact. */
  row: Table['rows'][number] | null
  /** What was said of facts with the same attributes; null where the conditions ask for more than attributes. */
  verdicts: WeakMap<Fact['attributes'], Verdict | null> | null
}

/** A conversion table with the conditions of its rows compiled, in the order in which they are tried. */
export interface PreparedTable {
  table: Table
  counts: PreparedCount[]
}

export interface PreparedMinimum extends Minimum {
  prepared: PreparedCount[]
  /** Facts that count for a narrower rule instead, and what to say of them. */
  exclusions: { counts: PreparedCount[]; because: string }[]
}

export interface PreparedRule {
  rule: Rule
  block: RuleBlock
  minima: PreparedMinimum[]
  exceptions: { exception: Rule['exceptions'][number]; condition: Condition }[]
}

/** A regime ready to be evaluated against a calendar; holds no fact and may be kept as long as both live. */
export interface Prepared {
  regime: Regime
  calendar: CalendarInput
  rules: PreparedRule[]
  conditions: Conditions
  settings: Record<string, AttributeValue>
  minutesPerHour: number
  hours: PreparedCount[]
  counts: (counts: Counts) => PreparedCount[]
  findRule: (ruleId: string) => PreparedRule | undefined
  /** The tables of an id, of which one is in force on a day. */
  tables: (id: string) => PreparedTable[]
  cohort: (id: string) => { label: string; takenAt: string; condition: Condition } | undefined
  unitCondition: (binds: Binds) => Condition | null
  /** The periods of a kind in one school year, computed once. */
  periods: (kind: PeriodKind, schoolYear: ClosedRange & { id: string }, cycleStart?: number) => Period[]
  /** The period of a kind in which a day lies, in whatever school year. */
  periodAt: (kind: PeriodKind, day: LocalDate, cycleStart?: number) => Period | undefined
  dayWords: DayWords
}

const known = new WeakMap<Regime, Map<string, Prepared>>()
const sameObject = new WeakMap<Regime, WeakMap<CalendarInput, Prepared>>()
const calendarsKept = 8

/**
 * Compiles the conditions of a regime and lays out the periods of a calendar. The result is kept by regime and by
 * the content of the calendar, so calling it before every evaluation costs next to nothing.
 */
export function prepare(regime: Regime, calendar: CalendarInput): Prepared {
  let byObject = sameObject.get(regime)
  const same = byObject?.get(calendar)
  if (same) return same
  const key = JSON.stringify(calendar)
  let byCalendar = known.get(regime)
  if (!byCalendar) {
    byCalendar = new Map()
    known.set(regime, byCalendar)
  }
  let prepared = byCalendar.get(key)
  if (!prepared) {
    if (byCalendar.size >= calendarsKept) byCalendar.clear()
    prepared = prepareAnew(regime, JSON.parse(key))
    byCalendar.set(key, prepared)
  }
  byObject ??= new WeakMap()
  byObject.set(calendar, prepared)
  sameObject.set(regime, byObject)
  return prepared
}

function prepareAnew(regime: Regime, calendar: CalendarInput): Prepared {
  const conditions = conditionsOf(regime)
  // All at once: what a fact's values must hold is known only when every condition over its kind is.
  for (const count of regime.rules.flatMap((rule) => countsOf(regime, rule))) {
    if (count.where !== undefined) conditions.forFact(count.fact, count.where)
    for (const required of count.requires) conditions.forFact(count.fact, required.when)
  }
  const compileOne = (count: Count, source = '', row: PreparedCount['row'] = null): PreparedCount => {
    const where = count.where === undefined ? null : conditions.forFact(count.fact, count.where)
    const requires = count.requires.map((required) => ({
      condition: conditions.forFact(count.fact, required.when),
      otherwise: required.otherwise,
    }))
    const asked = [where, ...requires.map((required) => required.condition)]
    return {
      kind: count.fact,
      source,
      where,
      requires,
      of: count.of,
      worth: count.worth,
      maxPerFact: count.maxPerFact ?? null,
      row,
      verdicts: asked.every((condition) => condition === null || asksAttributesOnly(condition))
        ? new WeakMap()
        : null,
    }
  }
  const hours = regime.hours.flatMap((source) =>
    source.counts.map((count) => compileOne(count, source.label)),
  )
  const tables = regime.tables.map(
    (table): PreparedTable => ({
      table,
      counts: table.rows.flatMap((row) =>
        Array.isArray(row.counts) ? row.counts.map((count) => compileOne(count, row.label, row)) : [],
      ),
    }),
  )
  const compiled = new WeakMap<object, PreparedCount[]>()
  const counts = (list: Counts): PreparedCount[] => {
    if (list === 'hours') return hours
    let made = compiled.get(list)
    if (!made) {
      made = Array.isArray(list)
        ? list.map((count) => compileOne(count))
        : tables
            .filter(({ table }) => table.id === list.table)
            .flatMap((one) => one.counts.filter(({ row }) => row !== null && isInCell(row, list)))
      compiled.set(list, made)
    }
    return made
  }
  const cohorts = new Map(
    regime.cohorts.map((cohort) => [
      cohort.id,
      { label: cohort.label, takenAt: cohort.takenAt, condition: conditions.forPerson(cohort.when) },
    ]),
  )
  const rules = regime.rules.map((rule): PreparedRule => {
    const minima = minimaOf(regime, rule).map((minimum) => ({
      ...minimum,
      prepared: [...counts(minimum.counts), ...insideCounts(rule)],
      exclusions: exclusionsOf(rule),
    }))
    const exceptions = rule.exceptions
      .map((exception) => ({ exception, condition: conditions.forPerson(exception.when) }))
      .sort((a, b) => a.exception.rank - b.exception.rank)
    return { rule, block: blocksOf(rule)[0] ?? 'manual', minima, exceptions }
  })

  /** Rules that say that they lie inside this one: their facts count here too, or only there. */
  function narrowerRules(rule: Rule, counting: boolean): Rule[] {
    return regime.rules.filter((other) =>
      other.inside.some((inside) => inside.rule === rule.id && inside.counts === counting),
    )
  }
  function countsOfRule(rule: Rule): PreparedCount[] {
    return minimaOf(regime, rule).flatMap((minimum) => counts(minimum.counts))
  }
  function insideCounts(rule: Rule): PreparedCount[] {
    return narrowerRules(rule, true).flatMap(countsOfRule)
  }
  function exclusionsOf(rule: Rule) {
    return narrowerRules(rule, false).map((other) => ({
      counts: countsOfRule(other),
      because: `已计入“${other.title}”（${other.clause}），这里不重复计算`,
    }))
  }

  const rulesById = new Map(rules.map((prepared) => [prepared.rule.id, prepared]))
  const periods = new Map<string, Period[]>()
  // Where the document itself names the cycle, that holds; else what the district has set; else the regime's reading.
  const isStated = regime.settings.cycleStart?.clause !== undefined
  const cycle = (!isStated && calendar.cycle) || {
    start: numberSetting(regime, 'cycleStart', 2021),
    startMonth: numberSetting(regime, 'cycleStartMonth', 1),
  }
  const optionsFor = (cycleStart = cycle.start) => ({
    cycleStart,
    cycleStartMonth: cycle.startMonth,
    phases: regime.phases,
  })
  const weekNumbers = new Map<LocalDate, number>()
  const days = new Map<string, Period | undefined>()
  return {
    regime,
    calendar,
    rules,
    conditions,
    settings: settingValues(regime),
    minutesPerHour: numberSetting(regime, 'minutesPerHour', 45),
    hours,
    counts,
    findRule: (ruleId) => rulesById.get(ruleId),
    tables: (id) => tables.filter(({ table }) => table.id === id),
    cohort: (id) => cohorts.get(id),
    unitCondition: (binds) => ('unit' in binds && binds.when ? conditions.forUnit(binds.when) : null),
    periods: (kind, schoolYear, cycleStart) => {
      const key = `${kind} ${schoolYear.id} ${cycleStart ?? ''}`
      let found = periods.get(key)
      if (!found) {
        found = periodsOf(kind, calendar, schoolYear, optionsFor(cycleStart))
        periods.set(key, found)
      }
      return found
    },
    periodAt: (kind, day, cycleStart) => {
      const key = `${kind} ${day} ${cycleStart ?? ''}`
      if (!days.has(key)) {
        const range = { from: day, to: day }
        days.set(key, periodsOf(kind, calendar, range, optionsFor(cycleStart)).at(-1))
      }
      return days.get(key)
    },
    dayWords: {
      weekNumber: (day) => {
        let number = weekNumbers.get(day)
        if (number === undefined) {
          number = weekOf(calendar, day)?.number ?? 0
          weekNumbers.set(day, number)
        }
        return number
      },
      isSchoolDay: (day) => isSchoolDay(calendar, day),
    },
  }
}

/** Whether a row of a table, or a cap, belongs to the cell that a minimum asks for. */
export function isInCell(
  row: Pick<Table['rows'][number], 'category' | 'level' | 'topic'>,
  cell: { categories?: string[] | undefined; levels?: string[] | undefined; topics?: string[] | undefined },
): boolean {
  const fits = (list: string[] | undefined, value: string | undefined) =>
    list === undefined || (value !== undefined && list.includes(value))
  return fits(cell.categories, row.category) && fits(cell.levels, row.level) && fits(cell.topics, row.topic)
}
