import { factKinds } from '../../engine/facts.ts'
import { isAsked } from '../../engine/summary.ts'
import { explain } from '../../engine/trace/explain.ts'
import type { Finding, Subject, Trace } from '../../engine/types.ts'
import { refuse } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findYearInForce, type YearInForce } from './adoption.ts'
import type { TraceAnswer, TraceRecordRef } from './contract.ts'
import { loadInput } from './input.ts'
import {
  packFindings,
  ruleKey,
  type RuleSummary,
  sentenceOf,
  termsOfPeriod,
  unpackFindings,
} from './rules.ts'
import * as store from './store.ts'

export interface TraceQuestion {
  subject: Subject
  ruleId: string
  regimeId?: string | undefined
  minimumId?: string | undefined
  periodId?: string | undefined
}

const noRule = () =>
  refuse('现行制度中没有这一条，可能已换用新的制度。请从进度页重新进入。', { status: 404, code: 'notFound' })

/** The school year in which a period lies, whose own regime then explains it; the present one otherwise. */
async function yearOf(tx: Tx, periodId: string | undefined): Promise<YearInForce> {
  const current = (await findYearInForce(tx)) ?? noRule()
  const yearId = current.calendar.schoolYears.find((year) => periodId?.startsWith(year.id))?.id
  if (!yearId || yearId === current.year.id) return current
  return (await findYearInForce(tx, yearId)) ?? noRule()
}

/** Which finding a question is about, and the others of the same duty in the same term. */
function choose(
  findings: Finding[],
  periodId: string | undefined,
  told: string | undefined,
  today: string,
): Finding {
  return (
    findings.find((one) => one.period.id === (periodId ?? told)) ??
    findings.find((one) => one.period.id === told) ??
    findings.find((one) => one.period.from <= today && today <= one.period.to) ??
    findings[0] ??
    refuse('制度对此没有要求，或进度还没有算出。请稍后从进度页重新进入。', { status: 404, code: 'notFound' })
  )
}

/**
 * Why a figure is as it is, with the records behind its facts. The facts are read anew and judged as of today. For the
 * sum over a term (`periodId` is a term's id) the records of all its periods stand together. Whoever calls has made
 * sure that the reader may see the subject, whose name is `name`.
 */
export async function loadTrace(tx: Tx, question: TraceQuestion, name: string): Promise<TraceAnswer> {
  const { subject } = question
  const inForce = await yearOf(tx, question.periodId)
  const { calendar, year } = inForce
  const regime =
    inForce.regimes.find(
      ({ regime: one }) =>
        (question.regimeId === undefined || one.id === question.regimeId) &&
        one.rules.some((rule) => rule.id === question.ruleId),
    )?.regime ?? noRule()
  const set = await store.findFindingSet(tx, subject, year.id)
  const all = unpackFindings(set?.findings ?? packFindings([]), subject).filter(
    (finding) =>
      finding.regimeId === regime.id &&
      finding.ruleId === question.ruleId &&
      (question.minimumId === undefined || finding.minimumId === question.minimumId),
  )
  const terms = calendar.terms.filter((term) => term.schoolYearId === year.id)
  const wholeTerm = terms.find((term) => term.id === question.periodId)
  const rows = Object.entries(set?.summary.terms ?? {})
    .filter(([termId]) => !wholeTerm || termId === wholeTerm.id)
    .flatMap(([, own]) => own)
    .filter((row) => all.some((finding) => ruleKey(finding) === ruleKey(row)))
  const finding = choose(all, wholeTerm ? undefined : question.periodId, rows[0]?.periodId, tx.today)
  const shownIn = wholeTerm ? [wholeTerm.id] : termsOfPeriod(finding.period, terms)
  const siblings = all.filter(
    (one) =>
      one.minimumId === finding.minimumId &&
      one.state !== 'notApplicable' &&
      termsOfPeriod(one.period, terms).some((term) => shownIn.includes(term)),
  )
  const input = await loadInput(tx, { subjects: [subject], regimes: [regime], calendar, year })
  const traceOf = (one: Finding): Trace => explain(regime, input, one, tx.today) ?? noRule()
  const summed = wholeTerm && siblings.filter((one) => isAsked(one.state)).length > 1
  const traces = summed ? siblings.map(traceOf) : [traceOf(finding)]
  const told = traces.find((one) => one.finding.period.id === finding.period.id) ?? traces[0] ?? noRule()
  const row = rows.find((one) => ruleKey(one) === ruleKey(finding))
  const rule = regime.rules.find((one) => one.id === question.ruleId) ?? noRule()
  const trace =
    summed && row
      ? {
          ...sumOf(told, row, wholeTerm),
          sentence: sentenceOf(
            { regime, rule, term: wholeTerm, schoolYear: year, on: tx.today },
            row,
            siblings,
          ),
        }
      : told

  const facts = new Map(input.facts.map((fact) => [fact.id, fact]))
  const traced = distinct(traces.flatMap((one) => one.facts))
  const sources = traced.flatMap((one) => facts.get(one.factId)?.source ?? [])
  const titles = new Map(
    (await store.listRecordNames(tx, sources)).map((record) => [`${record.room} ${record.id}`, record.title]),
  )
  const names = new Map([...input.people, ...input.units].map((one) => [one.id, one.name]))
  const records = traced.map((one): TraceRecordRef => {
    const fact = facts.get(one.factId)
    const kind = (factKinds as Record<string, { label: string }>)[fact?.kind ?? '']?.label ?? ''
    const title = fact ? titles.get(`${fact.source.room} ${fact.source.id}`) : undefined
    return {
      ...one,
      title: title || kind || '记录',
      kind,
      unit: finding.unit,
      room: fact?.source.room ?? '',
      recordId: fact?.source.id ?? '',
      about: fact && fact.subject.id !== subject.id ? (names.get(fact.subject.id) ?? null) : null,
    }
  })
  return {
    trace,
    subject: { ...subject, name },
    records,
    periods: siblings.map((one) => ({ id: one.period.id, label: one.period.label, state: one.state })),
    term:
      summed || siblings.length > 1 ? (terms.find((term) => shownIn.includes(term.id))?.id ?? null) : null,
    evaluatedOn: tx.today,
  }
}

/** The same explanation for the sum over a term. */
function sumOf(
  told: Trace,
  row: RuleSummary,
  term: { id: string; name: string; from: string; to: string },
): Trace {
  const rule = told.inputs[0]?.value
  return {
    ...told,
    finding: {
      ...told.finding,
      period: { kind: 'term', id: term.id, label: term.name, from: term.from, to: term.to },
      state: row.state,
      value: row.value,
      target: row.target,
      dueOn: row.dueOn,
      result: row.result,
      factIds: [],
    },
    formula: `${rule ?? told.rule.title}；本学期 ${row.asked} 期有要求，已完成 ${row.done} 期${
      row.overdue > 0 ? `，逾期 ${row.overdue} 期` : ''
    }，合计 ${row.value ?? 0}${row.target === null ? '' : `/${row.target}`} ${row.unit}（每一期多做的不超过该期应做的）`,
  }
}

/** A fact that fills two periods stands once, with what it counts for both. */
function distinct(facts: Trace['facts']): Trace['facts'] {
  const byId = new Map<string, Trace['facts'][number]>()
  for (const fact of facts) {
    const known = byId.get(fact.factId)
    if (!known) byId.set(fact.factId, { ...fact })
    else if (fact.counted > 0) {
      known.because = known.counted > 0 ? known.because : fact.because
      known.counted = Math.round((known.counted + fact.counted) * 100) / 100
    }
  }
  return [...byId.values()].sort((a, b) =>
    a.on < b.on ? -1 : a.on > b.on ? 1 : a.factId < b.factId ? -1 : 1,
  )
}
