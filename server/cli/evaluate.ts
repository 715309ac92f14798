import { creditsOf } from '../../engine/credits.ts'
import { hoursOf } from '../../engine/hours.ts'
import { countedIn } from '../../engine/lint/parts.ts'
import type { Regime } from '../../engine/schema.ts'
import { scoreOf } from '../../engine/scores.ts'
import { isAsked } from '../../engine/summary.ts'
import { explainAll } from '../../engine/trace/explain.ts'
import { findingStateLabels } from '../../engine/types.ts'
import type { EvaluationInput, Finding, Subject, Trace } from '../../engine/types.ts'
import type { FindingsOutput } from './forms.ts'
import { type Question, readQuestion } from './inputs.ts'
import type { Call } from './main.ts'
import { type Answer, WrongUsage } from './output.ts'
import { readRegime } from './regime-files.ts'

type NamedSubject = NonNullable<FindingsOutput['findings']>[number]['subject']

/** Subjects with the names under which people know them. */
export function namesOf(input: EvaluationInput): (subject: Subject) => NamedSubject {
  const names = new Map([
    ...input.people.map(({ id, name }) => [`person ${id}`, name] as const),
    ...input.units.map(({ id, name }) => [`unit ${id}`, name] as const),
    [`organisation ${input.organisation.id}`, input.organisation.name] as const,
  ])
  return ({ kind, id }) => ({ kind, id, name: names.get(`${kind} ${id}`) ?? id })
}

/** `教学反思 二.7`, `王芳（t02）`, `8／10 篇`: how a finding is told in a line. */
export function figureOf({ value, target, unit }: Pick<Finding, 'value' | 'target' | 'unit'>): string {
  if (value === null && target === null) return ''
  if (target === null) return `${value} ${unit}`
  return `${value ?? 0}／${target} ${unit}`
}

export function subjectText({ kind, id, name }: NamedSubject): string {
  return kind === 'person' && id !== name ? `${name}（${id}）` : name
}

/** `xiaoyan evaluate`: findings, hours and scores of the people in the files under one regime, or several at once. */
export async function evaluateCommand(call: Call): Promise<Answer> {
  const names = call.options.regime ?? []
  if (names.length === 0) throw new WrongUsage('没有写 --regime（制度文件或编号）。')
  const read = names.map(readRegime)
  const regimes = read.map(({ regime }) => regime)
  const twice = regimes.find((regime, index) => regimes.findIndex((one) => one.id === regime.id) !== index)
  if (twice) throw new WrongUsage(`制度 ${twice.id} 写了两次；要比较一份制度的两个版本，请用 xiaoyan try。`)
  const question = await readQuestion(call, regimes)
  const named = namesOf(question.input)
  const { on, schoolYearId, subjects, ruleIds } = question
  const options = {
    on,
    schoolYearId,
    ...(subjects ? { subjects } : {}),
    ...(ruleIds ? { ruleIds } : {}),
  }
  const traces = regimes.flatMap((regime) => explainAll(regime, question.input, options))
  const findings = traces.map((trace) => findingOutput(trace, named))
  const hours = regimes.flatMap((regime) => hoursOutput(regime, question, named))
  const credits = regimes.flatMap((regime) => creditsOutput(regime, question, named))
  const scores = regimes.flatMap((regime) => scoresOutput(regime, traces, question, named))
  const data: FindingsOutput = {
    on,
    schoolYear: schoolYearId,
    regimes: read.map(({ regime: { id, title, version }, file }) => ({ id, title, version, file })),
    findings,
    hours,
    credits,
    scores,
    ignored: question.ignored,
    problems: [],
  }
  return { text: textOf(data, call.flags.has('trace'), call.flags.has('all')), data }
}

type FindingOutput = NonNullable<FindingsOutput['findings']>[number]

function findingOutput(trace: Trace, named: (subject: Subject) => NamedSubject): FindingOutput {
  const { finding, rule, sentence, formula, inputs, facts, exceptions } = trace
  const { regimeId, ruleId, minimumId, period, state, value, target, unit, dueOn, result } = finding
  return {
    regimeId,
    ruleId,
    minimumId,
    subject: named(finding.subject),
    period,
    state,
    value,
    target,
    unit,
    dueOn,
    result,
    trace: { clause: rule.clause, title: rule.title, sentence, formula, inputs, facts, exceptions },
  }
}

/**
 * The input with the facts of one person only, so that figures per person do not read everybody's facts again for
 * each; the whole input where the hours or tables of a regime count what others did.
 */
function narrowed(regime: Regime, input: EvaluationInput): (personId: string) => EvaluationInput {
  const shared = countedIn({ hours: regime.hours, tables: regime.tables }, [], regime).some(
    (count) => !count.own,
  )
  if (shared) return () => input
  const reversals = input.facts.filter((fact) => fact.reverses !== null)
  const own = Map.groupBy(
    input.facts.filter((fact) => fact.reverses === null && fact.subject.kind === 'person'),
    (fact) => fact.subject.id,
  )
  return (personId) => ({ ...input, facts: [...(own.get(personId) ?? []), ...reversals] })
}

function hoursOutput(
  regime: Regime,
  { input, on, schoolYearId, subjects }: Question,
  named: (subject: Subject) => NamedSubject,
): NonNullable<FindingsOutput['hours']> {
  if (regime.hours.length === 0) return []
  const people = subjects ?? input.people.map(({ id }) => ({ kind: 'person' as const, id }))
  const inputOf = narrowed(regime, input)
  return people.map((subject) => {
    const figures = hoursOf(regime, inputOf(subject.id), subject.id, { on, schoolYearId })
    return {
      regimeId: regime.id,
      subject: named(subject),
      minutesPerHour: figures.minutesPerHour,
      minutes: figures.minutes,
      hours: figures.hours,
      bySource: figures.bySource.map(({ source, minutes, hours, facts }) => ({
        source,
        minutes,
        hours,
        factIds: facts.map((fact) => fact.factId),
      })),
      terms: figures.terms.map(({ termId, name, minutes, hours }) => ({ termId, name, minutes, hours })),
    }
  })
}

function creditsOutput(
  regime: Regime,
  { input, on, schoolYearId, subjects }: Question,
  named: (subject: Subject) => NamedSubject,
): NonNullable<FindingsOutput['credits']> {
  if (regime.tables.length === 0) return []
  const people = subjects ?? input.people.map(({ id }) => ({ kind: 'person' as const, id }))
  const inputOf = narrowed(regime, input)
  return people.flatMap((subject) =>
    creditsOf(regime, inputOf(subject.id), subject.id, { on, schoolYearId }).map((table) => ({
      regimeId: regime.id,
      subject: named(subject),
      ...table,
    })),
  )
}

/** The scores behind the findings of score rules, with their parts. */
function scoresOutput(
  regime: Regime,
  traces: Trace[],
  { input, on, schoolYearId }: Question,
  named: (subject: Subject) => NamedSubject,
): NonNullable<FindingsOutput['scores']> {
  return regime.rules
    .filter((rule) => rule.score !== undefined)
    .flatMap((rule) => {
      const asked = traces.filter(({ finding }) => finding.ruleId === rule.id && isAsked(finding.state))
      const subjects = new Map(
        asked.map(({ finding: { subject } }) => [`${subject.kind} ${subject.id}`, subject]),
      )
      return [...subjects.values()].flatMap((subject) =>
        scoreOf(regime, input, { ruleId: rule.id, subject, on, schoolYearId })
          .filter(({ period }) =>
            asked.some(({ finding }) => finding.subject.id === subject.id && finding.period.id === period.id),
          )
          .map(({ period, score, grade, forced, parts }) => ({
            regimeId: regime.id,
            ruleId: rule.id,
            subject: named(subject),
            period,
            score,
            grade,
            forced: forced?.sentence ?? null,
            parts: parts.map(({ id, label, value, points, missingLabel, formula, facts }) => ({
              id,
              label,
              value,
              points,
              missing: missingLabel,
              formula,
              factIds: facts.map((fact) => fact.factId),
            })),
          })),
      )
    })
}

function textOf(data: FindingsOutput, tracing: boolean, all: boolean): string {
  const { on = '', regimes = [], findings = [], hours = [], credits = [], scores = [], ignored = [] } = data
  const lines = [
    `${regimes.map(({ title, version }) => `${title}（第 ${version} 版）`).join('，')}；${on} 看 ${data.schoolYear} 学年`,
  ]
  for (const { file, columns } of ignored) lines.push(`${file} 没有用到的列：${columns.join('、')}`)
  const bySubject = Map.groupBy(findings, ({ subject }) => `${subject.kind} ${subject.id}`)
  for (const own of bySubject.values()) {
    const [first] = own
    if (!first) continue
    const shown = own.filter(({ period, state }) => all || (period.from <= on && state !== 'notApplicable'))
    if (shown.length === 0) continue
    lines.push('', subjectText(first.subject))
    for (const duty of Map.groupBy(shown, ({ ruleId, minimumId }) => `${ruleId} ${minimumId}`).values()) {
      const [one] = duty
      if (!one) continue
      lines.push(`  ${one.trace.title}（${one.trace.clause.number}，${one.ruleId}）`)
      for (const finding of duty) lines.push(...findingLines(finding, tracing))
    }
    const sameSubject = ({ subject }: { subject: NamedSubject }) =>
      subject.kind === first.subject.kind && subject.id === first.subject.id
    for (const one of hours.filter(sameSubject)) {
      const sources = one.bySource.filter(({ minutes }) => minutes > 0)
      const parts = sources.map(({ source, hours: own }) => `${source} ${own}`).join('，')
      const whose = regimes.length > 1 ? `${regimes.find(({ id }) => id === one.regimeId)?.title}：` : ''
      lines.push(`  ${whose}学时合计 ${one.hours} 学时${parts === '' ? '' : `（${parts}）`}`)
    }
    for (const one of credits.filter(sameSubject)) {
      const parts = one.rows.map(({ label, credits: own }) => `${label} ${own}`).join('，')
      lines.push(`  ${one.label} ${one.credits} ${one.unit}${parts === '' ? '' : `（${parts}）`}`)
    }
    for (const one of scores.filter(sameSubject)) {
      const missing = one.parts.flatMap((part) => part.missing ?? [])
      const figure = one.score === null ? `还不能合计，缺${missing.join('、')}` : `${one.score} 分`
      lines.push(`  得分 ${one.period.label}：${figure}${one.grade === null ? '' : `，${one.grade}`}`)
    }
  }
  return lines.join('\n')
}

function findingLines(finding: FindingOutput, tracing: boolean): string[] {
  const { period, state, result, trace } = finding
  const figure = figureOf(finding)
  const words = [findingStateLabels[state], figure, result ?? ''].filter((word) => word !== '').join('  ')
  const lines = [`    ${period.label}  ${words}`]
  if (!tracing) return lines
  lines.push(`      ${trace.sentence}`)
  if (trace.formula !== '') lines.push(`      算法：${trace.formula}`)
  for (const { label, value, from } of trace.inputs)
    lines.push(`      ${label}：${value}${from === undefined ? '' : `（${from}）`}`)
  for (const fact of trace.facts)
    lines.push(
      `      ${fact.on} 记录 ${fact.factId}：计 ${fact.counted}${fact.because === null ? '' : `，${fact.because}`}`,
    )
  for (const exception of trace.exceptions) lines.push(`      ${exception}`)
  return lines
}
