import { type PeriodKind, periodKinds } from '../../engine/periods.ts'
import { type Counts, type Minimum, minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import { isAsked } from '../../engine/summary.ts'
import { findingStateLabels, type FindingState, type TermInput } from '../../engine/types.ts'
import type { YearInForce } from '../regime/adoption.ts'
import type { RuleSummary } from '../regime/rules.ts'
import { textToBlocks } from '../typesetting/rich-text.ts'
import type { Evaluation, HoursRow, RecordBooklet, RuleResult, StateMark } from '../typesetting/types.ts'
import type { Figures } from './figures.ts'
import type { EvaluationScore } from './store.ts'

// The chapters that set findings in words. Nothing is worked out here: every figure is one of the engine's, printed
// without blanks between figure and unit, because the typesetting puts its own space there.

const mark = (kind: FindingState, label = findingStateLabels[kind]): StateMark => ({ kind, label })
export const figure = (value: number): string => String(Number(value.toFixed(2)))
const amount = (value: number | null, unit: string): string =>
  value === null ? '—' : `${figure(value)}${unit}`

/** `第一学期`. */
export const shortTerm = (term: Pick<TermInput, 'number'>): string =>
  `第${term.number === 1 ? '一' : '二'}学期`

/** The terms of the year that have begun by the day. */
function begunTerms({ calendar, year }: YearInForce, on: string): TermInput[] {
  return calendar.terms.filter((term) => term.schoolYearId === year.id && term.from <= on)
}

const yearKinds = new Set<PeriodKind>(['schoolYear', 'calendarYear', 'fiveYears'])
const isYearly = (per: PeriodKind | null): boolean => per !== null && yearKinds.has(per)
const bindsPerson = (rule: Rule, minimum: Minimum | undefined): boolean =>
  'person' in (minimum?.binds ?? rule.binds)
const atLeast = (minimum: Minimum): string =>
  `${periodKinds[minimum.per]}${figure(minimum.atLeast)}${minimum.unit}`

// ── 研修学时 ─────────────────────────────────────────────────────────────────

interface HoursMinimum {
  regime: Regime
  rule: Rule
  minimum: Minimum
}

function hoursMinimaOf(regimes: Regime[]): HoursMinimum[] {
  return regimes.flatMap((regime) =>
    regime.rules.flatMap((rule) =>
      minimaOf(regime, rule)
        .filter((minimum) => minimum.measure === 'hours' && bindsPerson(rule, minimum))
        .map((minimum) => ({ regime, rule, minimum })),
    ),
  )
}

const sameCounts = (a: Counts, b: Counts): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * What was reached by term: each source of hours, against the least amount that the regime sets for the same records
 * and the whole term; then the least amounts by week or month, and those that ask for all sources together.
 */
export function hoursPart(inForce: YearInForce, figures: Figures, on: string): RecordBooklet['hours'] {
  const { hours, terms } = figures.summary
  if (!hours) return { summary: '本校采用的制度没有规定学时。', rows: [], totals: [] }
  const regimes = inForce.regimes.map((one) => one.regime)
  const sources = regimes.find((regime) => regime.id === hours.regimeId)?.hours ?? []
  const minima = hoursMinimaOf(regimes)
  const begun = begunTerms(inForce, on)
  const rows: HoursRow[] = []
  for (const term of begun) {
    const summaryOf = (one: HoursMinimum) => summaryIn(terms[term.id], one)
    const reached = hours.terms.find((one) => one.termId === term.id)
    const shown = new Set<HoursMinimum>()
    for (const part of reached?.bySource ?? []) {
      const counts = sources.find((source) => source.label === part.source)?.counts
      const own = minima.find(
        (one) =>
          one.minimum.per === 'term' && counts && sameCounts(one.minimum.counts, counts) && summaryOf(one),
      )
      const summary = own && summaryOf(own)
      if (own) shown.add(own)
      else if (part.count === 0) continue
      rows.push({
        term: shortTerm(term),
        kind: part.source,
        achieved: `${figure(part.hours)}学时`,
        minimum: summary?.target == null ? '—' : amount(summary.target, summary.unit),
        state: summary ? mark(summary.state) : mark('notApplicable', '无下限'),
      })
    }
    for (const one of minima) {
      const summary = summaryOf(one)
      if (shown.has(one) || isYearly(one.minimum.per) || !summary || summary.state === 'notApplicable')
        continue
      rows.push(minimumRow(one.minimum, summary, shortTerm(term)))
    }
  }
  for (const one of minima.filter(({ minimum }) => isYearly(minimum.per))) {
    const summary = begun.flatMap((term) => summaryIn(terms[term.id], one) ?? []).at(-1)
    if (summary && summary.state !== 'notApplicable') rows.push(minimumRow(one.minimum, summary, '全学年'))
  }
  return {
    summary: `1学时按${figure(hours.minutesPerHour)}分钟计。本学年已记录${figure(hours.hours)}学时。`,
    rows,
    totals: [
      ...hours.terms
        .filter((term) => begun.some((one) => one.id === term.termId))
        .map((term) => ({
          label: begun
            .filter((one) => one.id === term.termId)
            .map(shortTerm)
            .join(''),
          value: `${figure(term.hours)}学时`,
        })),
      { label: '学年合计', value: `${figure(hours.hours)}学时` },
    ],
  }
}

function summaryIn(rules: RuleSummary[] | undefined, wanted: HoursMinimum): RuleSummary | undefined {
  const { regime, rule, minimum } = wanted
  return rules?.find(
    (one) => one.regimeId === regime.id && one.ruleId === rule.id && one.minimumId === minimum.id,
  )
}

function minimumRow(minimum: Minimum, summary: RuleSummary, term: string): HoursRow {
  const whole = minimum.per === 'term' || isYearly(minimum.per)
  return {
    term,
    kind: whole ? minimum.title : `${minimum.title}（${periodKinds[minimum.per]}）`,
    achieved: whole ? amount(summary.value, summary.unit) : reachedPeriods(minimum.per, summary),
    minimum: whole && summary.target !== null ? amount(summary.target, summary.unit) : atLeast(minimum),
    state: mark(summary.state),
  }
}

const countWords: Partial<Record<PeriodKind, string>> = {
  week: '周',
  oddWeek: '个单周',
  evenWeek: '个双周',
  fortnight: '个两周',
  month: '个月',
}

/** `11周达到`. */
function reachedPeriods(per: PeriodKind, summary: RuleSummary): string {
  return `${summary.done}${countWords[per] ?? '期'}达到`
}

// ── 按制度逐条核对 ───────────────────────────────────────────────────────────

function perOf(regime: Regime, rule: Rule, minimum: Minimum | undefined): PeriodKind | null {
  const block = rule.form ?? rule.list ?? rule.limit ?? rule.score ?? rule.rotation
  if (minimum) return minimum.per
  if (block) return block.per
  const basis = rule.award && regime.rules.find((one) => one.id === rule.award?.rule)
  return basis?.score?.per ?? null
}

/** The result rule by rule in the order of the regimes; each term that has begun on a line of its own. */
export function rulesPart(inForce: YearInForce, figures: Figures, on: string): RecordBooklet['rules'] {
  const rows: RuleResult[] = []
  for (const { regime, level } of inForce.regimes) {
    for (const rule of regime.rules) {
      const minima = minimaOf(regime, rule)
      const seen = new Set<string>()
      for (const term of begunTerms(inForce, on)) {
        for (const summary of figures.summary.terms[term.id] ?? []) {
          if (summary.regimeId !== regime.id || summary.ruleId !== rule.id) continue
          if (summary.state === 'notApplicable') continue
          const minimum = minima.find((one) => one.id === summary.minimumId)
          const per = perOf(regime, rule, minimum)
          const yearly = isYearly(per)
          const key = `${summary.minimumId} ${yearly ? '' : term.id}`
          if (seen.has(key)) continue
          seen.add(key)
          rows.push(ruleRow({ rule, minimum, per, summary, period: yearly ? '' : shortTerm(term), level }))
        }
      }
    }
  }
  const states: [FindingState[], string][] = [
    [['done'], '已完成'],
    [['partly', 'open', 'dueSoon'], '正在进行'],
    [['overdue'], '有逾期'],
    [['excused'], '按规定免除'],
    [['manual'], '待人工确认'],
  ]
  const counts = states.flatMap(([kinds, words]) => {
    const count = rows.filter((row) => kinds.includes(row.state.kind)).length
    return count > 0 ? [`${count}项${words}`] : []
  })
  return {
    summary:
      rows.length > 0
        ? `制度对本人的要求逐条核对共${rows.length}项：${counts.join('，')}。`
        : '制度没有对本人提出可以核对的要求。',
    rows,
  }
}

function ruleRow(one: {
  rule: Rule
  minimum: Minimum | undefined
  per: PeriodKind | null
  summary: RuleSummary
  period: string
  level: 'school' | 'district'
}): RuleResult {
  const { rule, minimum, per, summary } = one
  const { state, target, value, unit, asked, done, overdue, result } = summary
  // What the columns beside it say of the whole term or year need not be said twice.
  const often = minimum && per !== 'term' && !isYearly(per) ? `：${atLeast(minimum)}` : ''
  const name = rule.limit ? (rule.noun ?? rule.title) : (minimum?.title ?? rule.title)
  const many = asked > 1 && per !== null
  const word = (per && countWords[per]) ?? '期'
  const notes = [
    one.period,
    many && done + overdue > 0 ? `${done}${word}达到${overdue > 0 ? `，${overdue}${word}逾期` : ''}` : '',
    result ?? '',
    one.level === 'district' ? '区级制度' : '',
  ].filter((note) => note !== '')
  const resting = !isAsked(state)
  return {
    clause: minimum?.clause ?? rule.clause,
    rule: `${name}${often}`,
    target:
      resting || target === null ? '—' : rule.limit ? `少于${amount(target, unit)}` : amount(target, unit),
    achieved: resting ? '—' : amount(value, unit),
    state: mark(state),
    note: notes.join('；'),
  }
}

// ── 考评 ─────────────────────────────────────────────────────────────────────

const signers: Record<string, string> = {
  self: '教师',
  peers: '组长',
  principal: '校长',
  guidanceGroup: '指导组组长',
}

/** The voices of the regime in their order, each with what was recorded; what is missing stays empty for the pen. */
export function evaluationPart(
  inForce: YearInForce,
  scores: EvaluationScore[],
): RecordBooklet['evaluations'] {
  const voices = new Map<string, string>()
  for (const { regime } of inForce.regimes) {
    for (const voice of regime.rules
      .flatMap((rule) => rule.score?.parts ?? [])
      .flatMap((part) => part.voices ?? []))
      if (!voices.has(voice.id)) voices.set(voice.id, voice.label)
    for (const voice of regime.vocabularies.voices)
      if (!voices.has(voice.id)) voices.set(voice.id, voice.label)
  }
  for (const score of scores) if (!voices.has(score.voice)) voices.set(score.voice, '其他评价')
  if (voices.size === 0) return { summary: '本校采用的制度没有规定由谁评价。', voices: [] }
  const labels = [...voices.values()]
  const recorded = [...voices.keys()].filter((id) => scores.some((score) => score.voice === id)).length
  const standing =
    recorded === 0
      ? '目前还没有登记评价，下面留作填写。'
      : recorded === voices.size
        ? '各方评价均已登记。'
        : '已登记的印在下面，其余留作填写。'
  return {
    summary: `依次由${labels.join('、')}。${standing}`,
    voices: [...voices].map(([id, label]) =>
      voiceOf(
        id,
        label,
        scores.filter((score) => score.voice === id),
      ),
    ),
  }
}

function voiceOf(id: string, label: string, own: EvaluationScore[]): Evaluation {
  const short = label.length > 2 && label.endsWith('评') ? label.slice(-2) : label
  const remarks = own.flatMap((score) => {
    const head = own.length > 1 ? `${score.title}${figure(score.points)}分。` : ''
    return head + score.remark === '' ? [] : textToBlocks(`${head}${score.remark}`)
  })
  return {
    name: short,
    voice: [short === label ? '' : label, ...own.map((score) => score.title).slice(-1)]
      .filter((part) => part !== '')
      .join('　'),
    score: own.length > 0 ? `${own.map((score) => figure(score.points)).join('、')}分` : null,
    blocks: remarks,
    signature: { label: signers[id] ?? label, name: null, date: null },
  }
}

// ── 考评结果 ─────────────────────────────────────────────────────────────────

/** How the final score came about, part by part, and what follows from it. */
export function resultPart(
  inForce: YearInForce,
  figures: Figures,
  named: { person: string; school: string; schoolYear: string },
): RecordBooklet['result'] {
  const many = figures.scores.length > 1
  const scores = figures.scores.flatMap(({ rule, score }) => [
    ...score.parts.map((part) => {
      const share = part.weight === null ? '' : `占${figure(part.weight * 100)}%`
      if (part.missing)
        return { label: [part.label, share].filter(Boolean).join('，'), value: `缺${missingOf(part)}` }
      const value = part.weight === null ? '' : `${part.label}${amount(part.value, '分')}，${share}`
      return { label: value || part.label, value: amount(part.points, '分') }
    }),
    {
      label: many ? `${rule.title}（${score.period.label}）` : rule.title,
      value: score.score === null ? '评分齐全后合计' : amount(score.score, '分'),
    },
  ])
  const { grade, statement } = conclusionOf(inForce, figures, named)
  return { scores, grade, statement, sealLabel: named.school, sealDate: null }
}

function missingOf(part: { label: string; missingLabel: string | null }): string {
  const lacking = (part.missingLabel ?? '').replace(part.label, '').replace(/^（|）$/g, '')
  return lacking === '' ? '' : `：${lacking}`
}

function conclusionOf(
  { regimes }: YearInForce,
  figures: Figures,
  named: { person: string; schoolYear: string },
): { grade: string | null; statement: string } {
  const head = `${named.person}老师${named.schoolYear}校本研修`
  for (const { regime } of regimes) {
    for (const rule of regime.rules) {
      if (!rule.award) continue
      const basis = figures.scores.find(
        (one) => one.regime.id === regime.id && one.rule.id === rule.award?.rule,
      )
      const finding = figures.findings.findLast(
        (one) => one.regimeId === regime.id && one.ruleId === rule.id && one.result !== null,
      )
      const settled = finding && (finding.state === 'done' || finding.state === 'notApplicable')
      if (!settled || !basis) continue
      const score =
        basis.score.score === null ? '' : `${basis.rule.title}${amount(basis.score.score, '分')}，`
      const grade =
        finding.state === 'done'
          ? (basis.score.grade ?? rule.award.result.split('，')[0] ?? null)
          : basis.score.grade
      return { grade, statement: `${head}${score}依据《${regime.title}》${rule.clause}：${finding.result}。` }
    }
  }
  const graded = figures.scores.find(
    ({ regime, rule, score }) =>
      score.grade !== null &&
      figures.findings.some(
        (one) =>
          one.regimeId === regime.id &&
          one.ruleId === rule.id &&
          one.period.id === score.period.id &&
          one.state === 'done',
      ),
  )
  if (graded) {
    const { regime, rule, score } = graded
    const forced = score.forced ? `${score.forced.sentence}。` : ''
    const points = score.score === null ? '' : `${rule.title}${amount(score.score, '分')}，`
    return {
      grade: score.grade,
      statement: `${head}${points}依据《${regime.title}》${rule.clause}评定为“${score.grade}”。${forced}`,
    }
  }
  return {
    grade: null,
    statement:
      figures.scores.length > 0
        ? '各项评分齐全后，考评结果由学校填写并盖章。'
        : '本校采用的制度没有规定分数和等次，考评结果由学校填写并盖章。',
  }
}
