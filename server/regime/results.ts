import { createHash } from 'node:crypto'
import { compareFindings } from '../../engine/compare.ts'
import { dayLabel } from '../../engine/days.ts'
import { findingKey } from '../../engine/evaluate.ts'
import { isAsked } from '../../engine/summary.ts'
import { explainAll } from '../../engine/trace/explain.ts'
import type { CalendarInput, ClosedRange, Finding, LocalDate, Subject, Trace } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { localDateOf } from '../kit/dates.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findOrganisation } from '../org/store.ts'
import { can } from './access.ts'
import { findYearInForce, type YearInForce } from './adoption.ts'
import { getSubject } from './confirmations.ts'
import { listNames } from './drafts-store.ts'
import { loadInput } from './input.ts'
import type { ResultDifference, ResultPage, ResultsPage } from './results-contract.ts'
import * as store from './results-store.ts'
import { unpackFindings } from './rules.ts'
import { listMemberships, listPeopleServing, loadUnits } from './store.ts'
import { side } from './trial.ts'

/** A term or school year whose results can be confirmed. */
interface Span extends ClosedRange {
  id: string
  label: string
  schoolYearId: string
  /** The first day of the closing window: before it nothing is a result. */
  mayConfirmFrom: LocalDate
  isYear: boolean
}

function spansOf(calendar: CalendarInput, today: LocalDate): Span[] {
  const years = calendar.schoolYears.map((year): Span => {
    const last = calendar.terms.filter((term) => term.schoolYearId === year.id).at(-1)
    return {
      id: year.id,
      label: `${year.id.replace('-', '—')}学年`,
      schoolYearId: year.id,
      from: year.from,
      to: year.to,
      mayConfirmFrom: last?.windows.closing.from ?? year.to,
      isYear: true,
    }
  })
  const terms = calendar.terms.map(
    (term): Span => ({
      id: term.id,
      label: term.name,
      schoolYearId: term.schoolYearId,
      from: term.from,
      to: term.to,
      mayConfirmFrom: term.windows.closing.from,
      isYear: false,
    }),
  )
  return [...terms, ...years]
    .filter((span) => span.from <= today)
    .sort((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : Number(b.isYear) - Number(a.isYear)))
}

const tooEarly = (span: Span): string =>
  `${span.label}的结果从 ${span.mayConfirmFrom.slice(0, 4)}年${dayLabel(span.mayConfirmFrom)}起可以确认，现在还没有到期末。`

/** The findings that belong to a term (whole periods inside it) or to a school year (all of them). */
export function findingsIn(span: ClosedRange & { isYear: boolean }, findings: Finding[]): Finding[] {
  return findings.filter(
    ({ period, state, factIds }) =>
      (span.isYear || (period.from >= span.from && period.to <= span.to)) &&
      (state !== 'notApplicable' || factIds.length > 0),
  )
}

/** The same findings give the same digest, in whatever order they come. */
export function digestOf(findings: Finding[]): string {
  const rows = findings
    .map((one) => [
      one.regimeId,
      findingKey(one),
      one.state,
      one.value,
      one.target,
      one.unit,
      one.result,
      [...one.factIds].sort(),
    ])
    .map((row) => JSON.stringify(row))
    .sort()
  return createHash('sha256').update(rows.join('\n')).digest('hex')
}

/** Everybody and everything whose results can be confirmed in a term or year, with names. */
async function subjectsOf(tx: Tx, span: ClosedRange): Promise<(Subject & { name: string })[]> {
  const serving = await listPeopleServing(tx, span.from, span.to)
  const names = await listNames(tx, serving)
  const units = await loadUnits(tx)
  return [
    ...serving.map((id) => ({ kind: 'person' as const, id, name: names.get(id) ?? '' })),
    ...units
      .filter((unit) => unit.from <= span.to && (unit.to === null || unit.to >= span.from))
      .map(({ id, name }) => ({ kind: 'unit' as const, id, name })),
    { kind: 'organisation' as const, id: tx.orgId, name: (await findOrganisation(tx))?.name ?? '学校' },
  ]
}

/** Whose results the caller may see: the offices all, a leader those of the own groups and their members, a teacher the own. */
async function visible(tx: Tx, span: ClosedRange, all: (Subject & { name: string })[]) {
  if (can.seeSchool(tx.actor) === null) return all
  const led = tx.actor.leads.map((lead) => lead.unitId)
  const members =
    led.length === 0
      ? new Set<string>()
      : new Set(
          (await listMemberships(tx, span.from, span.to))
            .filter((one) => led.includes(one.unitId))
            .map((one) => one.personId),
        )
  return all.filter((subject) => {
    if (subject.kind === 'person') return subject.id === tx.actor.personId || members.has(subject.id)
    return subject.kind === 'unit' && can.seeGroup(tx.actor, subject.id) === null
  })
}

/**
 * Whose results are to be confirmed in a term or year, which are confirmed, and where something changed since: of
 * people, of groups that the regime binds, and of the school.
 */
export async function listResults(tx: Tx, asked: { spanId?: string | undefined }): Promise<ResultsPage> {
  const calendar = await loadCalendar(tx)
  const spans = spansOf(calendar, tx.today)
  const span =
    spans.find((one) => one.id === asked.spanId) ??
    spans.find((one) => one.mayConfirmFrom <= tx.today) ??
    spans[0]
  const page: ResultsPage = {
    spans: spans.map(({ id, label, from, to, mayConfirmFrom }) => ({ id, label, from, to, mayConfirmFrom })),
    spanId: span?.id ?? null,
    people: [],
    groups: [],
    school: [],
    abilities: {
      confirm:
        can.confirmResults(tx.actor) ?? (span && tx.today < span.mayConfirmFrom ? tooEarly(span) : null),
    },
  }
  if (!span) return page
  const subjects = await visible(tx, span, await subjectsOf(tx, span))
  const entries = await store.listResults(tx, span.id)
  const names = await listNames(
    tx,
    entries.map((one) => one.confirmedBy),
  )
  const ids = subjects.map((subject) => subject.id)
  const sets = new Map(
    (await store.listFindingSets(tx, span.schoolYearId, ids)).map((row) => [row.subjectId, row.findings]),
  )
  const latest = new Map(entries.map((one) => [one.subjectId, one]))
  for (const { name, ...subject } of subjects) {
    const packed = sets.get(subject.id)
    const findings = packed ? findingsIn(span, unpackFindings(packed, subject)) : []
    const last = latest.get(subject.id)
    // Nothing is asked of departments and the like: they have no results.
    if (subject.kind === 'unit' && !last && !findings.some((one) => isAsked(one.state))) continue
    const asks = findings.filter((one) => isAsked(one.state))
    const list = { person: page.people, unit: page.groups, organisation: page.school }[subject.kind]
    list.push({
      subject: { ...subject, name },
      latest: last
        ? {
            id: last.id,
            sequence: last.sequence,
            on: localDateOf(last.confirmedAt),
            byName: last.confirmedBy ? (names.get(last.confirmedBy) ?? null) : null,
          }
        : null,
      asked: asks.length,
      done: asks.filter((one) => one.state === 'done').length,
      overdue: asks.filter((one) => one.state === 'overdue').length,
      differs: last !== undefined && last.digest !== digestOf(findings),
    })
  }
  for (const list of [page.people, page.groups])
    list.sort((a, b) => a.subject.name.localeCompare(b.subject.name, 'zh'))
  return page
}

async function getSpan(tx: Tx, spanId: string): Promise<{ span: Span; inForce: YearInForce }> {
  const span =
    spansOf(await loadCalendar(tx), tx.today).find((one) => one.id === spanId) ??
    refuse('没有这个学期或学年，请刷新后再选。', { status: 404, code: 'notFound' })
  const inForce =
    (await findYearInForce(tx, span.schoolYearId)) ?? refuse('这个学年没有采用制度，没有结果可以确认。')
  return { span, inForce }
}

/** Findings with their explanations, worked out anew from the facts as they are known today. */
async function workOut(
  tx: Tx,
  span: Span,
  { calendar, year, regimes }: YearInForce,
  subjects: Subject[],
): Promise<Map<string, Trace[]>> {
  const all = regimes.map((one) => one.regime)
  const input = await loadInput(tx, { subjects, regimes: all, calendar, year })
  const traces = all.flatMap((regime) =>
    explainAll(regime, input, { on: tx.today, schoolYearId: year.id, subjects }),
  )
  const bySubject = Map.groupBy(traces, (trace) => trace.finding.subject.id)
  return new Map(
    subjects.map(({ id }) => {
      const own = bySubject.get(id) ?? []
      const kept = new Set(
        findingsIn(
          span,
          own.map((trace) => trace.finding),
        ),
      )
      return [id, own.filter((trace) => kept.has(trace.finding))]
    }),
  )
}

/**
 * Confirms results of people, groups or the school for a term or year: findings and explanations are kept as they are
 * and never changed. Where nothing differs from the last entry nothing is written; else a new entry follows. Gives how many of each.
 */
export async function confirmResults(
  tx: Tx,
  input: { spanId: string; subjects: Subject[]; remark?: string | undefined },
): Promise<{ confirmed: number; unchanged: number }> {
  demand(can.confirmResults(tx.actor))
  const { span, inForce } = await getSpan(tx, input.spanId)
  if (tx.today < span.mayConfirmFrom) refuse(tooEarly(span))
  const known = new Map((await subjectsOf(tx, span)).map((one) => [one.id, one.kind]))
  const subjects = [...new Map(input.subjects.map((one) => [one.id, one])).values()]
  for (const { kind, id } of subjects)
    if (known.get(id) !== kind) refuseNotFound({ person: '人员', unit: '小组', organisation: '学校' }[kind])
  await store.lockResults(tx)
  const latest = new Map((await store.listResults(tx, span.id)).map((one) => [one.subjectId, one]))
  const traces = await workOut(tx, span, inForce, subjects)
  let confirmed = 0
  for (const { kind, id } of subjects) {
    const own = traces.get(id) ?? []
    const findings = own.map((trace) => trace.finding)
    const digest = digestOf(findings)
    const before = latest.get(id)
    if (before?.digest === digest) continue
    const entry = newId()
    await store.insertResult(tx, {
      id: entry,
      subjectKind: kind,
      subjectId: id,
      schoolYearId: span.schoolYearId,
      spanId: span.id,
      sequence: (before?.sequence ?? 0) + 1,
      findings,
      traces: own,
      digest,
      remark: input.remark === undefined || input.remark === '' ? null : input.remark,
    })
    await audit(tx, {
      type: 'regime.resultConfirmed',
      id: entry,
      payload: {
        subjectKind: kind,
        subjectId: id,
        span: span.id,
        sequence: (before?.sequence ?? 0) + 1,
        digest,
      },
    })
    confirmed++
  }
  if (confirmed > 0) changed(tx, 'regimeResults')
  return { confirmed, unchanged: subjects.length - confirmed }
}

/** One entry as it was confirmed, beside the one before it and what is found today. */
export async function getResult(tx: Tx, resultId: string): Promise<ResultPage> {
  const row = (await store.findResult(tx, resultId)) ?? refuseNotFound('结果')
  const subject = { kind: row.subjectKind, id: row.subjectId }
  const { name, unitIds } = await getSubject(tx, subject)
  demand(
    subject.kind === 'person'
      ? can.seePerson(tx.actor, { id: subject.id, unitIds })
      : subject.kind === 'unit'
        ? can.seeGroup(tx.actor, subject.id)
        : can.seeSchool(tx.actor),
  )
  const { span, inForce } = await getSpan(tx, row.spanId)
  const entries = await store.listResults(tx, row.spanId, row.subjectId)
  const names = await listNames(
    tx,
    entries.map((one) => one.confirmedBy),
  )
  const previous = entries.find((one) => one.sequence === row.sequence - 1)
  const before = previous ? await store.findResult(tx, previous.id) : undefined
  const now = (await workOut(tx, span, inForce, [subject])).get(row.subjectId) ?? []
  const titles = new Map(
    [...row.traces, ...(before?.traces ?? []), ...now].map((trace) => [trace.rule.id, trace.rule]),
  )
  const differences = (old: Finding[], renewed: Finding[]): ResultDifference[] =>
    compareFindings(old, renewed).map((one) => ({
      ruleId: one.ruleId,
      title: titles.get(one.ruleId)?.title ?? one.ruleId,
      clause: titles.get(one.ruleId)?.clause.number ?? '',
      period: one.period.label,
      direction: one.direction,
      old: side(one.old)?.sentence ?? '不作要求',
      new: side(one.new)?.sentence ?? '不作要求',
    }))
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null))
  return {
    id: row.id,
    subject: { ...subject, name },
    span: span.label,
    sequence: row.sequence,
    on: localDateOf(row.confirmedAt),
    byName: nameOf(row.confirmedBy),
    remark: row.remark,
    digest: row.digest,
    regimes: [
      ...new Set(row.traces.map((trace) => `《${trace.regime.title}》第 ${trace.regime.version} 版`)),
    ],
    rows: row.traces.map((trace) => ({
      key: `${trace.finding.regimeId}|${findingKey(trace.finding)}`,
      clause: trace.rule.clause.number,
      title: trace.rule.title,
      period: trace.finding.period.label,
      state: trace.finding.state,
      figure: side(trace.finding)?.figure ?? '',
      trace,
    })),
    entries: entries.map((one) => ({
      id: one.id,
      sequence: one.sequence,
      on: localDateOf(one.confirmedAt),
      byName: nameOf(one.confirmedBy),
      remark: one.remark,
    })),
    sinceBefore: before ? differences(before.findings, row.findings) : [],
    sinceThen: differences(
      row.findings,
      now.map((trace) => trace.finding),
    ),
  }
}
