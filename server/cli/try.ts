import { compareFindings, directionLabels, summariseDifferences } from '../../engine/compare.ts'
import type { ComparisonSummary, Difference, Direction } from '../../engine/compare.ts'
import { findingKey } from '../../engine/evaluate.ts'
import type { Regime } from '../../engine/schema.ts'
import { explainAll } from '../../engine/trace/explain.ts'
import { findingStateLabels } from '../../engine/types.ts'
import type { Finding, Trace } from '../../engine/types.ts'
import { figureOf, namesOf, subjectText } from './evaluate.ts'
import { readQuestion } from './inputs.ts'
import type { Call } from './main.ts'
import { type Answer, WrongUsage } from './output.ts'
import { readRegime } from './regime-files.ts'

/** One side of a difference: what the regime says, and why. */
interface Side
  extends Pick<Finding, 'ruleId' | 'period' | 'state' | 'value' | 'target' | 'unit' | 'dueOn' | 'result'> {
  clause: string
  sentence: string
  formula: string
}

const directions: Direction[] = ['worse', 'added', 'better', 'removed', 'changed']

/** `xiaoyan try`: who fares differently under a changed regime, on the same facts, and why. */
export async function tryCommand(call: Call): Promise<Answer> {
  const read = (name: 'old' | 'new') => {
    const given = call.options[name] ?? []
    if (given.length !== 1) throw new WrongUsage(`--${name} 要写一次（制度文件或编号）。`)
    return readRegime(String(given[0]))
  }
  const [old, renewed] = [read('old'), read('new')]
  const regimes = { old: old.regime, new: renewed.regime }
  const { input, on, schoolYearId, subjects, ruleIds, ignored } = await readQuestion(call, [
    old.regime,
    renewed.regime,
  ])
  const tracesOf = (regime: Regime) =>
    explainAll(regime, input, {
      on,
      schoolYearId,
      ...(subjects ? { subjects } : {}),
      ...(ruleIds ? { ruleIds } : {}),
    })
  const [oldTraces, newTraces] = [tracesOf(old.regime), tracesOf(renewed.regime)]
  const findings = (traces: Trace[]) => traces.map((trace) => trace.finding)
  const differences = compareFindings(findings(oldTraces), findings(newTraces), {
    regimes,
    ...(call.flags.has('all') ? {} : { on }),
  })
  const byKey = (traces: Trace[]) => new Map(traces.map((trace) => [findingKey(trace.finding), trace]))
  const [oldByKey, newByKey] = [byKey(oldTraces), byKey(newTraces)]
  const named = namesOf(input)
  const titles = new Map([...old.regime.rules, ...renewed.regime.rules].map((rule) => [rule.id, rule.title]))
  const shown = differences.map((difference) => ({
    ruleId: difference.ruleId,
    title: titles.get(difference.ruleId) ?? difference.ruleId,
    minimumId: difference.minimumId,
    subject: named(difference.subject),
    period: difference.period,
    direction: difference.direction,
    parts: difference.parts,
    tallies: difference.tallies,
    old: sideOf(difference.old, oldByKey),
    new: sideOf(difference.new, newByKey),
  }))
  const summary = summariseDifferences(differences)
  const about = ({ regime: { id, title, version }, file }: typeof old) => ({ id, title, version, file })
  return {
    text: textOf(shown, summary, titles, on),
    data: {
      on,
      schoolYear: schoolYearId,
      old: about(old),
      new: about(renewed),
      summary: {
        ...summary,
        rules: summary.rules.map((rule) => ({ ...rule, title: titles.get(rule.ruleId) ?? rule.ruleId })),
      },
      differences: shown,
      ignored,
      problems: [],
    },
  }
}

function sideOf(finding: Finding | null, traces: Map<string, Trace>): Side | null {
  if (!finding) return null
  const { ruleId, period, state, value, target, unit, dueOn, result } = finding
  const trace = traces.get(findingKey(finding))
  return {
    ruleId,
    period,
    state,
    value,
    target,
    unit,
    dueOn,
    result,
    clause: trace?.rule.clause.number ?? '',
    sentence: trace?.sentence ?? '',
    formula: trace?.formula ?? '',
  }
}

type Shown = Omit<Difference, 'subject' | 'old' | 'new'> & {
  title: string
  subject: ReturnType<ReturnType<typeof namesOf>>
  old: Side | null
  new: Side | null
}

function textOf(
  differences: Shown[],
  summary: ComparisonSummary,
  titles: Map<string, string>,
  on: string,
): string {
  if (differences.length === 0) return `按 ${on} 已有的记录，两份制度对每个人的结果都一样。`
  const lines = [
    `按 ${on} 已有的记录：${directions
      .filter((direction) => summary.differences[direction] > 0)
      .map(
        (direction) =>
          `${directionLabels[direction]} ${summary.differences[direction]} 处（${summary.subjects[direction]} 个对象）`,
      )
      .join('，')}`,
    ...summary.rules.map(
      ({ ruleId, differences: own }) =>
        `  ${titles.get(ruleId) ?? ruleId}（${ruleId}）：${directions
          .filter((direction) => own[direction] > 0)
          .map((direction) => `${directionLabels[direction]} ${own[direction]}`)
          .join('，')}`,
    ),
  ]
  for (const direction of directions) {
    const own = differences.filter((difference) => difference.direction === direction)
    if (own.length === 0) continue
    lines.push('', directionLabels[direction])
    for (const one of own) {
      const span = one.tallies
        ? `全学年：原来 ${one.tallies.old.asked} 期、逾期 ${one.tallies.old.overdue}，现在 ${one.tallies.new.asked} 期、逾期 ${one.tallies.new.overdue}`
        : one.period.label
      lines.push(`  ${subjectText(one.subject)}  ${one.title}（${one.ruleId}）  ${span}`)
      lines.push(`    原来：${sideText(one.old)}`, `    现在：${sideText(one.new)}`)
    }
  }
  return lines.join('\n')
}

function sideText(side: Side | null): string {
  if (!side) return '没有这项要求'
  const words = [findingStateLabels[side.state], figureOf(side), side.result ?? ''].filter(
    (word) => word !== '',
  )
  return `${words.join('  ')}  ${side.sentence}`
}
