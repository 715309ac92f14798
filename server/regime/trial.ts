import {
  compareFindings,
  type Difference,
  type Direction,
  summariseDifferences,
} from '../../engine/compare.ts'
import { evaluate } from '../../engine/evaluate.ts'
import type { Regime } from '../../engine/schema.ts'
import { type Finding, findingStateLabels, type Subject } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { refuse } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { regimesInForce, yearFor } from './adoption.ts'
import type { TrialPage, TrialRow } from './drafts-contract.ts'
import { loadInput } from './input.ts'
import { listPeopleServing, loadUnits } from './store.ts'

const mostRows = 400
const worstFirst: Direction[] = ['worse', 'added', 'better', 'removed', 'changed']

/**
 * What would be if a version had been in force in a school year: both regimes over the same facts, and who would fare
 * differently by which rule. Nothing is written. `schoolYearId`: the last one that is over unless said.
 */
export async function tryRegime(
  tx: Tx,
  renewed: Regime,
  asked: { schoolYearId?: string | undefined; ruleId?: string | undefined },
): Promise<TrialPage> {
  const begun = performance.now()
  const calendar = await loadCalendar(tx)
  const years = calendar.schoolYears.filter((one) => one.from <= tx.today).reverse()
  const year =
    years.find((one) => one.id === asked.schoolYearId) ??
    (asked.schoolYearId === undefined ? yearFor(calendar, tx.today) : undefined) ??
    refuse('校历里没有这个学年，请先在“校历”中设置，再试算。')
  const on = tx.today
  // The version by which the year is judged: of a year that is over the last one that was in force in it.
  const judgedBy = await regimesInForce(tx, on < year.to ? on : year.to)
  const inForce = judgedBy.find((one) => one.level === 'school')?.regime
  const units = (await loadUnits(tx)).filter(
    (unit) => unit.from <= year.to && (unit.to === null || unit.to >= year.from),
  )
  const people = await listPeopleServing(tx, year.from, year.to)
  const subjects: Subject[] = [
    { kind: 'organisation', id: tx.orgId },
    ...units.map((unit): Subject => ({ kind: 'unit', id: unit.id })),
    ...people.map((id): Subject => ({ kind: 'person', id })),
  ]
  const regimes = inForce ? [inForce, renewed] : [renewed]
  const input = await loadInput(tx, { subjects, regimes, calendar, year })
  const options = { on, schoolYearId: year.id, subjects }
  const oldFindings = inForce ? evaluate(inForce, input, options) : []
  const newFindings = evaluate(renewed, input, options)
  const differences = compareFindings(
    oldFindings,
    newFindings,
    inForce ? { regimes: { old: inForce, new: renewed } } : {},
  )
  const summary = summariseDifferences(differences)
  const names = new Map<string, string>([
    [tx.orgId, '学校'],
    ...input.people.map((person): [string, string] => [person.id, person.name]),
    ...input.units.map((unit): [string, string] => [unit.id, unit.name]),
  ])
  const shown = asked.ruleId ? differences.filter((one) => one.ruleId === asked.ruleId) : differences
  const rows = rowsOf(shown, renewed, inForce, names)
  return {
    schoolYearId: year.id,
    years: years.map((one) => one.id),
    on,
    against: inForce ? { title: inForce.title, version: inForce.version } : null,
    people: people.length,
    milliseconds: Math.round(performance.now() - begun),
    subjects: summary.subjects,
    rules: summary.rules.map(({ ruleId, differences: counts }) => ({
      ruleId,
      ...ruleName(ruleId, renewed, inForce),
      worse: counts.worse + counts.added,
      better: counts.better + counts.removed,
      other: counts.changed,
    })),
    rows: rows.slice(0, mostRows),
    total: rows.length,
  }
}

function ruleName(ruleId: string, renewed: Regime, old: Regime | undefined) {
  const rule = renewed.rules.find((one) => one.id === ruleId) ?? old?.rules.find((one) => one.id === ruleId)
  return { title: rule?.title ?? ruleId, clause: rule?.clause ?? '' }
}

/** One row for each subject, rule and direction, with the period that tells most. */
function rowsOf(
  differences: Difference[],
  renewed: Regime,
  old: Regime | undefined,
  names: Map<string, string>,
): TrialRow[] {
  const groups = Map.groupBy(differences, (one) =>
    [one.direction, one.ruleId, one.minimumId, one.subject.kind, one.subject.id].join('|'),
  )
  const rows = [...groups.values()].flatMap((group): TrialRow[] => {
    const told =
      group.find((one) => one.new?.state === 'overdue') ??
      group.find((one) => one.old?.state === 'overdue') ??
      group[0]
    if (!told) return []
    return [
      {
        subject: { ...told.subject, name: names.get(told.subject.id) ?? '' },
        ruleId: told.ruleId,
        ...ruleName(told.ruleId, renewed, old),
        direction: told.direction,
        periods: group.length,
        period: told.tallies ? '整个学年' : told.period.label,
        old: side(told.old),
        new: side(told.new),
      },
    ]
  })
  return rows.sort(
    (a, b) =>
      worstFirst.indexOf(a.direction) - worstFirst.indexOf(b.direction) ||
      b.periods - a.periods ||
      a.subject.name.localeCompare(b.subject.name, 'zh'),
  )
}

const number = (value: number) => String(Math.round(value * 100) / 100)

/** One finding in figures and in a sentence. */
export function side(finding: Finding | null): TrialRow['new'] {
  if (!finding) return null
  const { state, value, target, unit, result } = finding
  const figure =
    value === null
      ? (result ?? findingStateLabels[state])
      : target === null
        ? `${number(value)} ${unit}`
        : `${number(value)}/${number(target)} ${unit}`
  const asked = target === null ? '没有数量要求' : `要求 ${number(target)} ${unit}`
  const has = value === null ? '' : `，实有 ${number(value)} ${unit}`
  return {
    state,
    figure,
    sentence: `${asked}${has}，${findingStateLabels[state]}${result ? `（${result}）` : ''}`,
  }
}
