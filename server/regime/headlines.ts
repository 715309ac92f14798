import { factKinds } from '../../engine/facts.ts'
import { describeRule } from '../../engine/describe.ts'
import { periodKinds } from '../../engine/periods.ts'
import { minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import { factKindsOf } from '../../engine/summary.ts'
import { standingOfRule } from './rules.ts'

export interface HeadlineValue {
  text: string
  clause: string
  ruleId: string
}
export interface Headline {
  key: string
  label: string
  values: HeadlineValue[]
}

type Sorter = (rule: Rule, facts: string[], regime: Regime) => boolean
const has =
  (...prefixes: string[]) =>
  (facts: string[]) =>
    facts.some((fact) => prefixes.some((prefix) => fact.startsWith(prefix)))

const isHours = (regime: Regime, rule: Rule): boolean =>
  minimaOf(regime, rule).some(
    (minimum) =>
      minimum.counts === 'hours' || minimum.measure === 'hours' || minimum.measure === ('credits' as never),
  )
const workKindsOf = (rule: Rule): string => JSON.stringify([rule.counts, rule.minima])

/** The dimensions in which regimes are compared; a rule stands under the first that fits. */
const dimensions: { key: string; label: string; fits: Sorter }[] = [
  { key: 'score', label: '评分与等次', fits: (rule) => rule.score !== undefined },
  { key: 'award', label: '证书与评选', fits: (rule) => rule.award !== undefined || rule.kind === 'award' },
  {
    key: 'absence',
    label: '缺勤限度',
    fits: (rule, facts) => rule.limit !== undefined && has('activity.attended', 'attendance', 'leave')(facts),
  },
  { key: 'limit', label: '其他限度', fits: (rule) => rule.limit !== undefined },
  { key: 'money', label: '经费', fits: (rule, facts) => rule.kind === 'money' || has('money.')(facts) },
  {
    key: 'hours',
    label: '学时、学分',
    fits: (rule, _facts, regime) => isHours(regime, rule) && rule.kind === 'quota',
  },
  {
    key: 'reflection',
    label: '教学反思',
    fits: (rule, facts) =>
      has('work.')(facts) && /reflection/i.test(workKindsOf(rule)) && rule.kind === 'quota',
  },
  { key: 'work', label: '作品与成果', fits: (_rule, facts) => has('work.', 'contest.')(facts) },
  {
    key: 'observation',
    label: '听课评课',
    fits: (_rule, facts) => has('lesson.observed', 'observation')(facts),
  },
  { key: 'lesson', label: '上课', fits: (_rule, facts) => has('lesson.')(facts) },
  {
    key: 'group',
    label: '小组活动',
    fits: (rule, facts) =>
      has('activity.')(facts) && 'unit' in rule.binds && rule.form === undefined && rule.list === undefined,
  },
  {
    key: 'schoolActivity',
    label: '全校活动',
    fits: (rule, facts) => has('activity.')(facts) && rule.form === undefined && rule.list === undefined,
  },
  { key: 'reading', label: '学习与笔记', fits: (_rule, facts) => has('study.', 'book.', 'notebook.')(facts) },
  { key: 'plan', label: '计划与总结', fits: (rule, facts) => has('plan.')(facts) && rule.form === undefined },
  { key: 'topic', label: '课题', fits: (_rule, facts) => has('topic.')(facts) },
  { key: 'check', label: '检查', fits: (rule, facts) => rule.kind === 'check' || has('check.')(facts) },
  { key: 'target', label: '目标', fits: (rule) => rule.kind === 'target' },
]

const number = (value: number) => String(Math.round(value * 100) / 100)

function valuesOf(regime: Regime, rule: Rule): string[] {
  const minima = minimaOf(regime, rule)
  if (minima.length > 0)
    return minima.map(
      (minimum) =>
        `${minimum.title}：${periodKinds[minimum.per] ?? ''}${minimum.per === 'termWindow' ? '各' : ''}不少于 ${number(minimum.atLeast)} ${minimum.unit}`,
    )
  if (rule.limit)
    return [`${rule.title}：满 ${number(rule.limit.reaches)} ${rule.limit.unit}即“${rule.limit.result}”`]
  if (rule.score) {
    const { parts, points, bands, unit } = rule.score
    const total = (parts ?? []).reduce((sum, part) => sum + part.weight, 0)
    return [
      ...(parts ?? []).map((part) => {
        const voices = (part.voices ?? []).map((voice) => `${voice.label} ${number(voice.weight)}`).join('、')
        return `${part.label} ${number((part.weight / total) * 100)}%${voices === '' ? '' : `（${voices}）`}`
      }),
      ...(points ? [`${points.length} 项积分：${points.map((part) => part.label).join('、')}`] : []),
      ...(bands ?? []).map(
        (band) =>
          `${band.grade}：${number(band.from)} ${unit}起${band.below === undefined ? '' : `，不到 ${number(band.below)} ${unit}`}`,
      ),
    ]
  }
  return describeRule(regime, rule).slice(0, 1)
}

/** The numbers by which people compare regimes, in the same order for every regime; empty ones included. */
export function headlinesOf(regime: Regime): Headline[] {
  const result: Headline[] = dimensions.map(({ key, label }) => ({ key, label, values: [] }))
  const byKey = new Map(result.map((headline) => [headline.key, headline]))
  for (const rule of regime.rules) {
    if (standingOfRule(regime, rule) === 'manual') continue
    const facts = factKindsOf(regime, rule).filter((kind) => kind in factKinds)
    const dimension = dimensions.find((one) => one.fits(rule, facts, regime))
    if (!dimension) continue
    byKey
      .get(dimension.key)
      ?.values.push(...valuesOf(regime, rule).map((text) => ({ text, clause: rule.clause, ruleId: rule.id })))
  }
  return result
}

/** How many rules there are, and who looks after them. */
export function countsOfRegime(regime: Regime) {
  const standings = regime.rules.map((rule) => standingOfRule(regime, rule))
  const of = (wanted: string) => standings.filter((standing) => standing === wanted).length
  return {
    rules: regime.rules.length,
    evaluated: of('evaluated'),
    manual: of('manual'),
    noRecords: of('noRecords'),
    settings: Object.keys(regime.settings).length,
    open: Object.values(regime.settings).filter((setting) => setting.note !== undefined).length,
  }
}
