import { periodKinds, periodsOf } from '../../engine/periods.ts'
import type { Regime, Rule } from '../../engine/schema.ts'
import { minimaOf } from '../../engine/schema.ts'
import { isAsked, madeUp, statesFromWorst } from '../../engine/summary.ts'
import { addDays } from '../../engine/days.ts'
import type { CalendarInput, Finding, FindingState, LocalDate, TermInput } from '../../engine/types.ts'
import { dayText } from '../kit/dates.ts'
import type { Tx } from '../kit/sql.ts'
import { currentTerm, findYearInForce, yearFor, type YearInForce } from './adoption.ts'
import type {
  BoardCellRef,
  BoardHead,
  BoardRowRef,
  BoardWeekRef,
  Matrix,
  MatrixCellRef,
  MatrixColumnRef,
  MatrixRowRef,
  RegimeRef,
  SubjectBoard,
} from './contract.ts'
import {
  byRule,
  hasNoRecords,
  numbersOf,
  type RuleSummary,
  ruleKey,
  sentenceOf,
  termsOfPeriod,
  unpackFindings,
} from './rules.ts'
import * as store from './store.ts'

/** Everything that is the same for all boards of one request. */
export interface BoardView {
  inForce: YearInForce
  term: TermInput
  /** Whether the term lies in the present school year, whose findings are kept up to date. */
  isCurrentYear: boolean
  rules: Map<string, { rule: Rule; regime: Regime; level: 'school' | 'district'; order: number }>
}

/** The school year and term to show, with the regimes that judge it; null before a regime is adopted. */
export async function findView(tx: Tx, termId: string | undefined): Promise<BoardView | null> {
  let inForce = await findYearInForce(tx)
  if (!inForce) return null
  const current = yearFor(inForce.calendar, tx.today)
  let term = currentTerm(inForce.calendar, inForce.year, tx.today)
  const wanted = termId ? inForce.calendar.terms.find((one) => one.id === termId) : undefined
  if (wanted) {
    term = wanted
    if (wanted.schoolYearId !== inForce.year.id) inForce = await findYearInForce(tx, wanted.schoolYearId)
  }
  if (!inForce || !term) return null
  const rules: BoardView['rules'] = new Map()
  for (const { regime, level } of inForce.regimes)
    for (const rule of regime.rules)
      rules.set(`${regime.id}|${rule.id}`, { rule, regime, level, order: rules.size })
  return { inForce, term, isCurrentYear: inForce.year.id === current?.id, rules }
}

export function regimeRefs(view: BoardView): RegimeRef[] {
  return view.inForce.regimes.map(({ regime, level }) => ({
    id: regime.id,
    title: regime.title,
    version: regime.version,
    level,
  }))
}

const termRef = ({ id, name, from, to }: TermInput) => ({ id, name, from, to })

export function headOf(
  tx: Tx,
  view: BoardView | null,
  evaluatedOn: LocalDate | null,
  sentence: string,
): BoardHead {
  return {
    term: view ? termRef(view.term) : null,
    terms: (view?.inForce.calendar.terms ?? [])
      .filter((term) => term.from <= tx.today || term.id === view?.term.id)
      .map(termRef),
    regimes: view ? regimeRefs(view) : [],
    evaluatedOn,
    isStale: view !== null && view.isCurrentYear && evaluatedOn !== tx.today,
    sentence,
  }
}

export const noRegimeSentence = '本校还没有采用校本研修制度，采用以后这里自动列出每个人应做的事。'

function weeksOf(calendar: CalendarInput, term: TermInput): BoardWeekRef[] {
  const weeks = periodsOf('week', calendar, term).filter((week) => week.termId === term.id)
  return weeks.map((week, index) => ({
    id: week.id,
    number: index + 1,
    label: `${week.label} ${dayText(week.from)}至${dayText(week.to)}`,
    from: week.from,
    to: week.to,
    holiday:
      week.schoolDays.length > 0
        ? null
        : (calendar.specialDays.find(
            (day) => day.kind === 'holiday' && day.day >= week.from && day.day <= week.to,
          )?.name ?? '放假'),
  }))
}

/** The weeks in which a period is drawn: those whose Wednesday it holds. */
function spanOf(
  weeks: BoardWeekRef[],
  from: LocalDate,
  to: LocalDate,
): { from: number; span: number } | null {
  const holds = weeks.map((week) => addDays(week.from, 2)).map((middle) => middle >= from && middle <= to)
  const first = holds.indexOf(true)
  if (first >= 0) return { from: first, span: holds.lastIndexOf(true) - first + 1 }
  const within = weeks.findIndex((week) => week.from <= to && week.to >= from)
  return within < 0 ? null : { from: within, span: 1 }
}

/** What a minimum is called; two of one rule that share its name are told apart by their period. */
function minimumTitle(
  regime: Regime,
  rule: Rule,
  minimumId: string,
): { title: string; note: string; clause: string } {
  const minima = minimaOf(regime, rule)
  const index = minima.findIndex((one) => one.id === minimumId)
  const minimum = minima[index]
  if (!minimum) return { title: rule.title, note: '', clause: rule.clause }
  const shared = minima.filter((one) => one.title === minimum.title).length > 1
  return {
    title: shared ? `${minimum.title}（${periodKinds[minimum.per]}）` : minimum.title,
    note: numbersOf(regime, rule)[index]?.value ?? '',
    clause: minimum.clause,
  }
}

const rank = (state: FindingState) => statesFromWorst.indexOf(state)

/** The board of one person, group or the school: its duties by the weeks of the term. */
export async function loadSubjectBoard(
  tx: Tx,
  view: BoardView | null,
  subject: SubjectBoard['subject'],
): Promise<SubjectBoard> {
  const set = view ? await store.findFindingSet(tx, subject, view.inForce.year.id) : undefined
  if (!view) {
    return {
      ...headOf(tx, null, null, noRegimeSentence),
      subject,
      weeks: [],
      today: null,
      rows: [],
      manual: [],
      hours: null,
    }
  }
  const { calendar, year } = view.inForce
  const weeks = weeksOf(calendar, view.term)
  const terms = calendar.terms.filter((term) => term.schoolYearId === year.id)
  const findings = set ? unpackFindings(set.findings, subject) : []
  const summaries = new Map((set?.summary.terms[view.term.id] ?? []).map((row) => [ruleKey(row), row]))
  const rows: BoardRowRef[] = []
  const manual: SubjectBoard['manual'] = []
  for (const group of byRule(findings)) {
    const first = group[0] as Finding
    const summary = summaries.get(ruleKey(first))
    const known = view.rules.get(`${first.regimeId}|${first.ruleId}`)
    if (!summary || !known || summary.state === 'notApplicable') continue
    const about = minimumTitle(known.regime, known.rule, first.minimumId)
    // What people judge stands apart from what is counted, also once they have said something.
    if (summary.state === 'manual' || known.rule.manual !== undefined) {
      manual.push({
        confirmed: confirmedAs[summary.state] ?? null,
        ruleId: first.ruleId,
        regimeId: first.regimeId,
        clause: about.clause,
        title: about.title,
        because:
          known.rule.manual ??
          (hasNoRecords(known.regime, known.rule) || hasNoRecords(known.regime, known.rule, first.minimumId)
            ? '系统还没有登记这类记录，暂时不能计算。'
            : '名册资料不全，暂不能判断是否适用。'),
      })
      continue
    }
    const inTerm = group.filter((finding) => termsOfPeriod(finding.period, terms).includes(view.term.id))
    rows.push({
      key: ruleKey(first),
      regimeId: first.regimeId,
      ruleId: first.ruleId,
      minimumId: first.minimumId,
      ...about,
      level: known.level,
      state: waitsForRecords(known.rule, summary) ? 'notApplicable' : summary.state,
      value: summary.value,
      target: known.rule.limit ? null : summary.target,
      unit: summary.unit,
      result: summary.result,
      dueOn: summary.dueOn,
      overdue: summary.overdue,
      periodId: summary.periodId,
      sentence: sentenceOf(
        { ...known, term: view.term, schoolYear: year, on: set?.evaluatedOn ?? tx.today },
        summary,
        inTerm,
      ),
      cells: inTerm.flatMap((finding) => cellOf(finding, weeks, known.rule.limit !== undefined)),
    })
  }
  const today = weeks.findIndex((week) => week.from <= tx.today && tx.today <= week.to)
  return {
    ...headOf(tx, view, set?.evaluatedOn ?? null, boardSentence(rows, set !== undefined)),
    subject,
    weeks,
    today: today < 0 ? null : today,
    rows,
    manual,
    hours: set?.summary.hours ?? null,
  }
}

/** What every record must fulfil asks for nothing as long as there is none. */
function waitsForRecords(rule: Rule, summary: { state: FindingState; target: number | null }): boolean {
  const looksAtRecords = rule.form ?? rule.list ?? rule.flow
  return looksAtRecords !== undefined && summary.state === 'open' && summary.target === null
}

const confirmedAs: Partial<Record<FindingState, 'done' | 'notDone' | 'notDue'>> = {
  done: 'done',
  overdue: 'notDone',
  excused: 'notDue',
}

function cellOf(finding: Finding, weeks: BoardWeekRef[], limit: boolean): BoardCellRef[] {
  const span =
    finding.state === 'notApplicable' ? null : spanOf(weeks, finding.period.from, finding.period.to)
  if (!span) return []
  return [
    {
      ...span,
      periodId: finding.period.id,
      periodLabel: finding.period.label,
      state: finding.state,
      makeUp: finding.result === madeUp,
      value: finding.value,
      target: limit ? null : finding.target,
      unit: finding.unit,
      dueOn: finding.dueOn,
    },
  ]
}

/** 本学期应做的 12 件事：5 件已完成，1 件有逾期，2 件即将到期。最先要做：… */
export function boardSentence(rows: BoardRowRef[], computed: boolean): string {
  if (!computed) return '进度正在第一次计算，稍后自动出现。'
  const asked = rows.filter((row) => isAsked(row.state))
  if (asked.length === 0) return '本学期制度没有要求做的事。'
  const count = (state: FindingState) => asked.filter((row) => row.state === state).length
  const parts = [`${count('done')} 项已完成`]
  if (count('overdue') > 0) parts.push(`${count('overdue')} 项有逾期`)
  if (count('dueSoon') > 0) parts.push(`${count('dueSoon')} 项即将到期`)
  const first = [...asked]
    .filter((row) => row.state !== 'done')
    .sort((a, b) => rank(a.state) - rank(b.state) || ((a.dueOn ?? '9999') < (b.dueOn ?? '9999') ? -1 : 1))[0]
  const urge =
    first && (first.state === 'overdue' || first.state === 'dueSoon')
      ? `先看“${first.title}”：${first.sentence}`
      : ''
  return `本学期应做 ${asked.length} 项，${parts.join('，')}。${urge}`
}

// ── Matrices ─────────────────────────────────────────────────────────────────

export function columnsOf(view: BoardView, rows: (RuleSummary[] | null)[]): MatrixColumnRef[] {
  const seen = new Map<string, { column: MatrixColumnRef; order: number }>()
  for (const summary of rows.flatMap((row) => row ?? [])) {
    const key = ruleKey(summary)
    if (seen.has(key) || summary.state === 'notApplicable' || summary.state === 'manual') continue
    const known = view.rules.get(`${summary.regimeId}|${summary.ruleId}`)
    if (!known || known.rule.manual !== undefined) continue
    const { regimeId, ruleId, minimumId, unit } = summary
    const about = minimumTitle(known.regime, known.rule, minimumId)
    seen.set(key, {
      column: { key, regimeId, ruleId, minimumId, unit, level: known.level, ...about },
      order: known.order + minimaOf(known.regime, known.rule).findIndex((one) => one.id === minimumId) / 100,
    })
  }
  return [...seen.values()].sort((a, b) => a.order - b.order).map(({ column }) => column)
}

export function cellsOf(view: BoardView, rules: RuleSummary[] | null): Record<string, MatrixCellRef> {
  const cells: Record<string, MatrixCellRef> = {}
  for (const summary of rules ?? []) {
    if (summary.state === 'manual' || summary.state === 'notApplicable') continue
    const { state, value, overdue, periodId, result } = summary
    // A limit is nothing to be reached.
    const target = view.rules.get(`${summary.regimeId}|${summary.ruleId}`)?.rule.limit ? null : summary.target
    cells[ruleKey(summary)] = {
      state,
      value,
      target,
      text: target === null ? result : null,
      overdue,
      periodId,
    }
  }
  return cells
}

/**
 * Many people under one rule: the share of what has fallen due that is done. Before anything has fallen due, how far
 * they have come together.
 */
export function cellOfPeople(summaries: RuleSummary[]): MatrixCellRef | null {
  const asked = summaries.filter((summary) => isAsked(summary.state))
  if (asked.length === 0) return null
  const sum = (of: (summary: RuleSummary) => number) =>
    asked.reduce((total, summary) => total + of(summary), 0)
  const states = asked.map((summary) => summary.state)
  const overdue = sum((summary) => summary.overdue)
  const due = overdue + sum((summary) => summary.done)
  const going: FindingState = states.includes('dueSoon')
    ? 'dueSoon'
    : states.every((one) => one === 'done')
      ? 'done'
      : states.some((one) => one === 'done' || one === 'partly')
        ? 'partly'
        : 'open'
  const behind = states.filter((state) => state === 'overdue').length
  if (due === 0) {
    const value = Math.round(sum((summary) => summary.value ?? 0) * 10) / 10
    const target = sum((summary) => summary.target ?? 0)
    return { state: going, value, target: target === 0 ? null : target, text: null, overdue: 0, periodId: '' }
  }
  const share = Math.floor(((due - overdue) / due) * 100)
  const state = share < fewOverdueShare ? 'overdue' : overdue > 0 && going === 'done' ? 'partly' : going
  return { state, value: due - overdue, target: due, text: `${share}%`, overdue: behind, periodId: '' }
}

/** From this share on a few late ones among many are no alarm for the whole group; they stand out one picture below. */
export const fewOverdueShare = 90

/** Members by rules, from what is kept of each. */
export function matrixOfPeople(
  view: BoardView,
  people: { id: string; name: string; note: string }[],
  summaries: Map<string, RuleSummary[] | null>,
): Matrix {
  const rows = people.map(
    (person): MatrixRowRef => ({
      key: person.id,
      subject: { kind: 'person', id: person.id },
      title: person.name,
      note: person.note,
      cells: cellsOf(view, summaries.get(person.id) ?? null),
    }),
  )
  return {
    columns: columnsOf(
      view,
      people.map((person) => summaries.get(person.id) ?? null),
    ),
    rows,
  }
}

/** Groups by rules: their own duties, then how far their members keep up. */
export function matrixOfGroups(
  view: BoardView,
  groups: { id: string; name: string; note: string; memberIds: string[] }[],
  summaries: Map<string, RuleSummary[] | null>,
): Matrix {
  const own = columnsOf(
    view,
    groups.map((group) => summaries.get(group.id) ?? null),
  )
  const members = columnsOf(
    view,
    groups.flatMap((group) => group.memberIds.map((id) => summaries.get(id) ?? null)),
  ).filter((column) => !own.some((other) => other.key === column.key))
  const rows = groups.map((group): MatrixRowRef => {
    const cells = cellsOf(view, summaries.get(group.id) ?? null)
    const ofMembers = new Map<string, RuleSummary[]>()
    for (const id of group.memberIds)
      for (const summary of summaries.get(id) ?? []) {
        const list = ofMembers.get(ruleKey(summary))
        if (list) list.push(summary)
        else ofMembers.set(ruleKey(summary), [summary])
      }
    for (const column of members) {
      const cell = cellOfPeople(ofMembers.get(column.key) ?? [])
      if (cell) cells[column.key] = cell
    }
    return {
      key: group.id,
      subject: { kind: 'unit', id: group.id },
      title: group.name,
      note: group.note,
      cells,
    }
  })
  return { columns: [...own, ...members], rows }
}

/** How much of what has fallen due is done; `share` is null before anything has. */
export function dueOf(rows: (RuleSummary[] | null | undefined)[]): { overdue: number; share: number | null } {
  let overdue = 0
  let done = 0
  for (const summary of rows.flatMap((row) => row ?? [])) {
    overdue += summary.overdue
    done += summary.done
  }
  const due = overdue + done
  return { overdue, share: due === 0 ? null : Math.floor((done / due) * 100) }
}

/** Whether somebody has a duty that is late. */
export const isBehind = (rules: RuleSummary[] | null | undefined): boolean =>
  (rules ?? []).some((summary) => summary.state === 'overdue')
