import { addDays, dayLabel, mondayOf, weekdayOf } from '../days.ts'
import { factKinds } from '../facts.ts'
import { unitKinds } from '../subjects.ts'
import type { FactKind } from '../facts.ts'
import type { LintContext } from '../lint.ts'
import { periodKinds, termOf } from '../periods.ts'
import type { Period, PeriodKind } from '../periods.ts'
import { isInCell, prepare } from '../prepare.ts'
import { minimaOf, numberSetting } from '../schema.ts'
import type { Minimum, Regime, Rule } from '../schema.ts'
import type { CalendarInput, LocalDate } from '../types.ts'
import { liesInside } from './conditions.ts'
import { countedIn, walk } from './parts.ts'
import type { Counted, LintReport, Path } from './parts.ts'

const register: Record<string, FactKind | undefined> = factKinds
const names: Record<string, string> = periodKinds
const windowNames = { opening: '期初', middle: '期中', closing: '期末' } as const
const shortKinds = new Set<string>(['week', 'oddWeek', 'evenWeek', 'fortnight', 'halfMonth'])

/** One least amount with what counts for it and where it stands. */
interface Demand {
  rule: Rule
  minimum: Minimum
  counted: Counted[]
  path: Path
}

/** Amounts that cannot be reached, contradict each other, or fall due when nobody is there. */
export function lintAmounts(
  regime: Regime,
  calendar: CalendarInput | null,
  context: LintContext,
  report: LintReport,
): void {
  const demands = regime.rules.flatMap((rule, index) =>
    minimaOf(regime, rule).map((minimum, at): Demand => {
      const path: Path = rule.minima ? ['rules', index, 'minima', at] : ['rules', index]
      const counted = minimum.counts === 'hours' ? regime.hours : minimum.counts
      return { rule, minimum, counted: countedIn(counted, [...path, 'counts'], regime), path }
    }),
  )
  for (const demand of demands) {
    lintCaps(demand, report)
    if (calendar) {
      lintPeriods(regime, demand, calendar, context, report)
      lintCredits(regime, demand, calendar, report)
    }
  }
  lintPairs(regime, demands, calendar, report)
  regime.rules.forEach((rule, index) => {
    lintLimit(regime, rule, index, demands, report)
    lintScore(rule, index, report)
    lintAward(regime, rule, index, report)
    if (calendar) lintWindows(rule, index, calendar, report)
  })
  if (calendar) lintEndOfYear(regime, calendar, report)
}

function lintCaps({ rule, minimum, path }: Demand, report: LintReport) {
  const { maxPerPeriod, atLeast, unit, per } = minimum
  if (maxPerPeriod !== null && maxPerPeriod < atLeast)
    report(
      'warning',
      rule.id,
      [...path, 'maxPerPeriod'],
      `${names[per]}最多算 ${maxPerPeriod} ${unit}，却要求不少于 ${atLeast} ${unit}，永远完不成。`,
    )
}

/** The periods of a kind in the school years of a calendar. */
function periodsIn(kind: PeriodKind, calendar: CalendarInput, regime: Regime): Period[] {
  const prepared = prepare(regime, calendar)
  const periods = prepared.calendar.schoolYears.flatMap((year) => prepared.periods(kind, year))
  return [...new Map(periods.map((period) => [period.id, period])).values()]
}

/** The periods in which a rule asks something: whole ones with school days, in the months that it names. */
function askingPeriods({ minimum, rule }: Demand, calendar: CalendarInput, regime: Regime): Period[] {
  return periodsIn(minimum.per, calendar, regime).filter(
    (period) =>
      period.schoolDays.length > 0 &&
      period.incomplete === null &&
      (!rule.months ||
        !['month', 'halfMonth'].includes(period.kind) ||
        rule.months.includes(Number(period.from.slice(5, 7)))),
  )
}

const weeksOf = (period: Period) => new Set(period.schoolDays.map(mondayOf)).size

function lintPeriods(
  regime: Regime,
  demand: Demand,
  calendar: CalendarInput,
  context: LintContext,
  report: LintReport,
) {
  const { rule, minimum, path } = demand
  const periods = askingPeriods(demand, calendar, regime)
  // Calendar years and cycles are only partly covered by a calendar of one school year.
  const whole = periods.filter((period) => isCovered(period, calendar))
  const most = mostOf(regime, demand, context)
  const tooShort = whole.flatMap((period) => {
    const possible = most(period)
    return possible !== null && minimum.atLeast > possible.amount + 1e-9 ? [{ period, ...possible }] : []
  })
  const [first] = tooShort
  if (first) {
    const all = tooShort.length === whole.length
    const asked = `${names[minimum.per]}要求 ${minimum.atLeast} ${minimum.unit}`
    const severity = all && first.sure ? 'warning' : 'note'
    report(
      severity,
      rule.id,
      [...path, 'atLeast'],
      all
        ? `${asked}，而${first.period.label}${first.because}。`
        : `${asked}，有 ${tooShort.length} 期排不下（如${first.period.label}${first.because}）。`,
    )
  }
  lintDueDays(demand, whole, calendar, report)
}

/** Whether the whole period lies in the school years that the calendar holds. */
function isCovered(period: Period, calendar: CalendarInput): boolean {
  if (!['calendarYear', 'fiveYears', 'phase'].includes(period.kind)) return true
  return (
    calendar.schoolYears.some((year) => year.from <= period.from) &&
    calendar.schoolYears.some((year) => year.to >= period.to)
  )
}

interface Possible {
  amount: number
  because: string
  /** Nothing but the calendar was assumed. */
  sure: boolean
}

/** The most that can be done in a period; null where nothing limits it. */
function mostOf(
  regime: Regime,
  demand: Demand,
  { slotsPerWeek }: LintContext,
): (period: Period) => Possible | null {
  const { minimum, counted } = demand
  const size = minimum.minutesPerUnit ?? numberSetting(regime, 'minutesPerHour', 45)
  const activities = counted.length > 0 && counted.every(({ fact }) => register[fact]?.room === 'activity')
  const everyone = counted.some((count) => !count.own)
  const worth = Math.max(1, ...counted.map((count) => count.worth))
  const caps = counted.map((count) => count.maxPerFact)
  const cap = caps.length > 0 && caps.every((one) => one !== null) ? Math.max(...caps) : null
  const slotKind =
    'unit' in minimum.binds
      ? minimum.binds.unit.find((kind) => slotsPerWeek?.[kind] !== undefined)
      : 'organisation' in minimum.binds
        ? 'organisation'
        : undefined
  const slots = slotKind === undefined || everyone ? undefined : slotsPerWeek?.[slotKind]
  const held = counted.every(({ fact }) => fact === 'activity.held')
  return (period) => {
    const days = period.schoolDays.length
    const weeks = weeksOf(period)
    if (minimum.measure === 'hours') {
      if (counted.length > 0 && counted.every((count) => register[count.fact]?.quantity.unit === '分钟')) {
        // Eight hours on every school day is more than anybody can give.
        const amount = Math.floor((days * 8 * 60) / size)
        if (minimum.atLeast > amount && !everyone)
          return {
            amount,
            because: `只有 ${days} 个上课日，每天八小时也只有 ${amount} ${minimum.unit}`,
            sure: true,
          }
        const calendarDays = daysIn(period)
        if (cap !== null && !everyone) {
          const capped = (calendarDays * cap) / size
          return {
            amount: capped,
            because: `每次最多算 ${cap} 分钟，每天一次也只有 ${Math.floor(capped)} ${minimum.unit}`,
            sure: true,
          }
        }
      }
      return null
    }
    if (minimum.measure === 'quantity' || minimum.measure === 'kinds' || minimum.measure === 'credits')
      return null
    if (minimum.measure === 'days') {
      const amount = activities ? days : daysIn(period)
      return { amount, because: `只有 ${amount} ${activities ? '个上课日' : '天'}`, sure: true }
    }
    if (!activities || everyone) return null
    if (slots !== undefined && held) {
      const kind = slotKind === 'organisation' ? '学校' : (unitKinds[slotKind ?? ''] ?? slotKind)
      const amount = Math.round(slots * weeks * worth * 100) / 100
      return {
        amount,
        because: `有 ${weeks} 周，${kind}每周 ${slots} 个固定时间，一共只有 ${amount} 次`,
        sure: true,
      }
    }
    if (!held)
      return { amount: days * 2 * worth, because: `只有 ${days} 个上课日，一天两次也不够`, sure: true }
    if (shortKinds.has(minimum.per))
      return { amount: days * worth, because: `只有 ${days} 个上课日`, sure: true }
    return { amount: weeks * worth, because: `只有 ${weeks} 个教学周，平均每周不止一次`, sure: true }
  }
}

/** Credits that the caps of a table do not let anybody reach. */
function lintCredits(
  regime: Regime,
  { rule, minimum, path }: Demand,
  calendar: CalendarInput,
  report: LintReport,
) {
  const { counts, atLeast, unit, per } = minimum
  if (typeof counts === 'string' || Array.isArray(counts)) return
  const tables = regime.tables.filter((table) => table.id === counts.table)
  const [period] = periodsIn(per, calendar, regime)
  if (tables.length === 0 || !period) return
  const limits = tables.map((table) => mostCredits(table, counts, period, calendar, regime))
  if (limits.some((limit) => limit === null)) return
  const most = Math.round(limits.reduce<number>((sum, limit) => sum + (limit ?? 0), 0) * 100) / 100
  if (atLeast > most)
    report(
      'warning',
      rule.id,
      [...path, 'atLeast'],
      `${names[per]}要求 ${atLeast} ${unit}，而各项上限加起来只有 ${most} ${unit}，谁也达不到。`,
    )
}

/** The most that a table can grant in a period: each row under its tightest cap; null where a row has none. */
function mostCredits(
  table: Regime['tables'][number],
  cell: Parameters<typeof isInCell>[1],
  period: Period,
  calendar: CalendarInput,
  regime: Regime,
): number | null {
  const chosen = new Map<string, number>()
  for (const row of table.rows.filter((one) => isInCell(one, cell))) {
    const caps = table.caps
      .filter((cap) => isInCell(row, cap) && (!cap.rows || cap.rows.includes(row.id)))
      .map((cap) => ({ id: cap.id, most: cap.atMost * timesIn(cap.per, period, calendar, regime) }))
      .sort((a, b) => a.most - b.most)
    const [tightest] = caps
    if (!tightest) return null
    chosen.set(tightest.id, tightest.most)
  }
  return [...chosen.values()].reduce((sum, most) => sum + most, 0)
}

/** How often a cap begins anew within a period; in years beyond the calendar as often as in the one it holds. */
function timesIn(kind: PeriodKind, period: Period, calendar: CalendarInput, regime: Regime): number {
  const years = Math.max(1, Math.round(daysIn(period) / 365))
  const usual: Partial<Record<PeriodKind, number>> = {
    fiveYears: Math.ceil(years / 5),
    calendarYear: years,
    schoolYear: years,
  }
  // A calendar year touches two school years, and the other way round; the more generous reading is taken.
  const crossing =
    (period.kind === 'calendarYear' && kind === 'schoolYear') ||
    (period.kind === 'schoolYear' && kind === 'calendarYear')
  const own = usual[kind]
  if (own !== undefined) return Math.max(1, own) + (crossing ? 1 : 0)
  const perYear = periodsIn(kind, calendar, regime).length / Math.max(1, calendar.schoolYears.length)
  const inside = periodsIn(kind, calendar, regime).filter(
    (one) => one.from <= period.to && one.to >= period.from,
  ).length
  return years > 1 ? Math.ceil(perYear * years) : Math.max(1, inside)
}

const daysIn = (period: Period) => {
  let count = 0
  for (let day = period.from; day <= period.to; day = addDays(day, 1)) count++
  return count
}

/** Rules that count the same: one asks more than the caps of the other allow, or the two ask different amounts. */
function lintPairs(regime: Regime, demands: Demand[], calendar: CalendarInput | null, report: LintReport) {
  const key = ({ minimum, rule }: Demand) =>
    JSON.stringify([
      minimum.counts,
      minimum.measure,
      minimum.kindsOf,
      minimum.minutesPerUnit,
      minimum.binds,
      rule.inside,
      rule.months,
      rule.phases,
    ])
  for (const group of Map.groupBy(demands, key).values()) {
    group.forEach((demand, index) => {
      for (const other of group.slice(index + 1)) {
        if (demand.minimum.per === other.minimum.per) lintTwice(demand, other, report)
        else if (calendar) {
          lintNested(regime, demand, other, calendar, report)
          lintNested(regime, other, demand, calendar, report)
        }
      }
    })
  }
}

function lintTwice(demand: Demand, other: Demand, report: LintReport) {
  const [a, b] = [demand.minimum, other.minimum]
  if (a.dueBy !== b.dueBy) return
  const what = `“${a.title}”（${a.clause}）和“${b.title}”（${b.clause}）数的是同样的记录`
  if (a.atLeast === b.atLeast) {
    report('note', other.rule.id, other.path, `${what}，要求也一样，可以合并为一条。`)
    return
  }
  report(
    'warning',
    other.rule.id,
    [...other.path, 'atLeast'],
    `${what}，一条要求 ${a.atLeast} ${a.unit}，一条要求 ${b.atLeast} ${b.unit}，互相矛盾。`,
  )
}

/** `short` counts by shorter periods than `long`: its caps and its least amounts, added up, must fit. */
function lintNested(
  regime: Regime,
  short: Demand,
  long: Demand,
  calendar: CalendarInput,
  report: LintReport,
) {
  const shorts = askingPeriods(short, calendar, regime)
  const longs = askingPeriods(long, calendar, regime).filter((period) => isCovered(period, calendar))
  const [period] = longs
  if (!period) return
  const inside = shorts.filter(
    (one) => one.from >= addDays(period.from, -6) && one.to <= addDays(period.to, 6),
  ).length
  if (inside < 2) return
  const { maxPerPeriod, atLeast, unit } = short.minimum
  const round = (value: number) => Math.round(value * 100) / 100
  if (maxPerPeriod !== null && long.minimum.atLeast > round(maxPerPeriod * inside))
    report(
      'warning',
      long.rule.id,
      [...long.path, 'atLeast'],
      `${names[long.minimum.per]}要求 ${long.minimum.atLeast} ${unit}，但${names[short.minimum.per]}最多算 ${maxPerPeriod} ${unit}，${inside} 期一共只有 ${round(maxPerPeriod * inside)} ${unit}。`,
    )
  const most = long.minimum.maxPerPeriod
  if (most !== null && round(atLeast * inside) > most)
    report(
      'warning',
      short.rule.id,
      [...short.path, 'atLeast'],
      `${names[short.minimum.per]}要求 ${atLeast} ${unit}，${inside} 期一共 ${round(atLeast * inside)} ${unit}，超过${names[long.minimum.per]}最多算的 ${most} ${unit}。`,
    )
}

/** A limit on the very records that another rule asks for. */
function lintLimit(regime: Regime, rule: Rule, index: number, demands: Demand[], report: LintReport) {
  const { limit } = rule
  if (!limit) return
  const path: Path = ['rules', index, 'limit', 'reaches']
  const limited = countedIn(limit.counts, path, regime)
  for (const { minimum, counted, rule: other } of demands) {
    const same = JSON.stringify(minimum.binds) === JSON.stringify(rule.binds) && minimum.per === limit.per
    if (!same || minimum.measure !== 'count' || counted.length === 0 || minimum.atLeast < limit.reaches)
      continue
    if (!counted.every((count) => limited.some((one) => liesInside(count, one, regime)))) continue
    report(
      'warning',
      rule.id,
      path,
      `和“${other.title}”（${other.clause}）矛盾：那里要求不少于 ${minimum.atLeast} ${minimum.unit}，这里达到 ${limit.reaches} ${limit.unit}就“${limit.result}”。`,
    )
  }
}

/** The most points that a score can have; null where nothing limits it. */
function mostPoints(rule: Rule): number | null {
  const { score } = rule
  if (!score?.points) return null
  let sum = 0
  for (const part of score.points) {
    if (part.points <= 0) continue
    if (part.max === undefined) return null
    sum += part.max
  }
  return sum
}

function lintScore(rule: Rule, index: number, report: LintReport) {
  const most = mostPoints(rule)
  if (most === null) return
  rule.score?.bands?.forEach((band, at) => {
    if (band.from > most)
      report(
        'warning',
        rule.id,
        ['rules', index, 'score', 'bands', at],
        `各项上限加起来只有 ${most} 分，谁也达不到“${band.grade}”的 ${band.from} 分。`,
      )
  })
}

/** Grades and marks that another rule asks for and that its score never gives. */
function lintAward(regime: Regime, rule: Rule, index: number, report: LintReport) {
  walk(rule, ['rules', index], (object, path) => {
    const bases = [object.rule, ...(Array.isArray(object.rules) ? object.rules : [])]
      .map((id) => regime.rules.find((one) => one.id === id))
      .filter((one) => one?.score !== undefined)
    for (const basis of bases) {
      if (!basis) continue
      const most = mostPoints(basis)
      if (typeof object.atLeast === 'number' && most !== null && object.atLeast > most)
        report(
          'warning',
          rule.id,
          [...path, 'atLeast'],
          `“${basis.title}”各项上限加起来只有 ${most} 分，谁也达不到 ${object.atLeast} 分。`,
        )
      const known = basis.score?.bands?.map((band) => band.grade)
      if (!known || !Array.isArray(object.grades)) continue
      const unknown = object.grades.filter((grade) => !known.includes(grade))
      if (unknown.length > 0)
        report(
          unknown.length === object.grades.length ? 'warning' : 'note',
          rule.id,
          [...path, 'grades'],
          `“${basis.title}”没有等次“${unknown.join('”“')}”；它的等次是${known.join('、')}。`,
        )
    }
  })
}

type WindowName = keyof typeof windowNames
const isWindow = (name: unknown): name is WindowName => typeof name === 'string' && name in windowNames

/** Windows that the calendar lacks, or by whose end something is due that does not lie in the period. */
function lintWindows(rule: Rule, index: number, calendar: CalendarInput, report: LintReport) {
  walk(rule, ['rules', index], (object, path) => {
    const { per, dueBy } = object
    const ofTerm: unknown[] = per === 'termWindow' ? Object.keys(windowNames) : [per]
    const used = [...new Set([...ofTerm, dueBy])].filter(isWindow)
    for (const name of used) {
      for (const term of calendar.terms) {
        const window = term.windows[name]
        if (window.from <= window.to && window.from >= term.from && window.to <= term.to) continue
        report(
          'warning',
          rule.id,
          [...path, dueBy === name ? 'dueBy' : 'per'],
          `校历里${term.name}没有可用的${windowNames[name]}（现为 ${window.from} 到 ${window.to}），请先在校历中设好。`,
        )
      }
    }
    if (isWindow(dueBy) && typeof per === 'string' && shortKinds.has(per))
      report(
        'warning',
        rule.id,
        [...path, 'dueBy'],
        `${names[per] ?? per}的要求却以${windowNames[dueBy]}为期限，多数时候期限不在这一期里；dueBy 只适合每学期或每学年的要求。`,
      )
  })
}

/** Whether nobody is at school on a day because of a holiday; a weekend counts as the Friday before it. */
function isHoliday(day: LocalDate, calendar: CalendarInput): boolean {
  const weekday = weekdayOf(day)
  const working = weekday > 5 ? addDays(day, 5 - weekday) : day
  if (!termOf(calendar, working)) return true
  return calendar.specialDays.some((special) => special.day === working && special.kind === 'holiday')
}

function lintDueDays(
  { rule, minimum, path }: Demand,
  periods: Period[],
  calendar: CalendarInput,
  report: LintReport,
) {
  if (['schoolYear', 'calendarYear', 'fiveYears'].includes(minimum.per) && minimum.dueBy === null) return
  const late = periods.flatMap((period) => {
    const term = calendar.terms.find((one) => one.id === period.termId)
    const last = minimum.dueBy && term ? term.windows[minimum.dueBy].to : period.to
    const dueOn = addDays(last, minimum.graceDays)
    return isHoliday(dueOn, calendar) ? [{ period, dueOn }] : []
  })
  const [first] = late
  if (!first) return
  const which = late.length === 1 ? first.period.label : `${late.length} 期（如${first.period.label}）`
  report(
    'note',
    rule.id,
    path,
    `${which}的最后期限 ${dayLabel(first.dueOn)} 在假期里，老师不在校，宜提前提醒。`,
  )
}

/** All duties of a school year fall due on its last day, in the summer holidays: said once. */
function lintEndOfYear(regime: Regime, calendar: CalendarInput, report: LintReport) {
  const rules = regime.rules.filter((rule) =>
    minimaOf(regime, rule).some((minimum) => minimum.per === 'schoolYear' && minimum.dueBy === null),
  )
  const [year] = calendar.schoolYears
  if (rules.length === 0 || !year || !isHoliday(year.to, calendar)) return
  report(
    'note',
    null,
    ['rules'],
    `按学年的 ${rules.length} 条要求以学年最后一天 ${dayLabel(year.to)} 为期限，那天在假期里；要提前请写 dueBy。`,
  )
}
