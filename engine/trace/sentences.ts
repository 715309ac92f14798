import { dayLabel } from '../days.ts'
import type { PreparedRule } from '../prepare.ts'
import type { Scope } from '../scope.ts'
import type { Detail } from '../shapes/shape.ts'
import type { Finding, PeriodRef } from '../types.ts'

interface Words {
  /** 应…, 已…, 请在…前… */
  owe: string
  have: string
  hand: string
}
const plainWords: Words = { owe: '完成', have: '已完成', hand: '完成' }
const wordsByFact: Record<string, Words> = {
  'work.accepted': { owe: '写', have: '已采纳', hand: '交' },
  'plan.filed': { owe: '交', have: '已备案', hand: '交' },
  'activity.held': { owe: '开展', have: '已开展', hand: '举行' },
  'activity.spoke': { owe: '作', have: '已作', hand: '安排' },
  'lesson.given': { owe: '上', have: '已上', hand: '上' },
  'check.scored': { owe: '进行', have: '已进行', hand: '进行' },
  'topic.approved': { owe: '立', have: '已立项', hand: '申报' },
  'money.budgeted': { owe: '安排', have: '已安排', hand: '安排' },
  'contest.entered': { owe: '提交', have: '已提交', hand: '提交' },
}

const figure = (value: number) => String(Math.round(value * 100) / 100)
const restingStates = new Set(['excused', 'notApplicable', 'manual'])

/** One sentence in plain Chinese that answers why a finding is as it is. */
export function sentenceOf(
  rule: PreparedRule,
  finding: Finding,
  siblings: Finding[],
  detail: Detail,
  scope: Scope,
): string {
  if (rule.block === 'manual') return ended(detail.because ?? '')
  if (restingStates.has(finding.state)) return restingSentence(finding, detail)
  const noun = rule.rule.noun ?? detail.title
  const value = finding.value ?? 0
  const { unit, target } = finding
  const when = spanName(finding.period, scope)
  switch (rule.block) {
    case 'minimum':
      return minimumSentence(rule, finding, siblings, noun, scope)
    case 'form':
    case 'list': {
      if (target === null) return `${when}还没有记录，有了记录再看“${noun}”是否完整。`
      const records = detail.facts.filter((fact) => fact.because !== '这条记录已撤销').length
      const lacking = records - value
      const words = finding.result ? `，${finding.result}` : ''
      return lacking > 0
        ? `${when}“${noun}”：${records} ${unit}中 ${figure(value)} ${unit}符合要求，${lacking} ${unit}有缺项${words}，请补全。`
        : `${when}“${noun}”：${records} ${unit}全部符合要求${words}。`
    }
    case 'limit':
      return finding.result
        ? `${when}${noun} ${figure(value)} ${unit}，已达到 ${target} ${unit}：${finding.result}。`
        : `${when}${noun} ${figure(value)} ${unit}；达到 ${target} ${unit}即“${rule.rule.limit?.result}”。`
    case 'score':
      return scoreSentence(finding, when, noun, detail)
    case 'award':
      return finding.result
        ? `${when}${finding.value === null ? '' : `得分 ${figure(finding.value)} 分，`}${finding.result}。`
        : `${when}还没有考评结果，结果出来以后才能决定“${noun}”。`
    case 'body':
      return ended(
        `${noun}：应有 ${target} ${unit}，现有 ${figure(value)} ${unit}${detail.because ? `；${detail.because}` : ''}`,
      )
    case 'rotation':
      return ended(
        `${when} ${target} 人中已有 ${figure(value)} 人轮到${detail.because ? `；${detail.because}` : ''}`,
      )
  }
}

const ended = (sentence: string) => (sentence.endsWith('。') ? sentence : `${sentence}。`)

function restingSentence(finding: Finding, detail: Detail): string {
  const because = detail.because ?? ''
  const label = finding.period.label
  // A reason that already names the period is not given its name twice.
  const opening = because.includes(label) ? '' : `${label}：`
  if (finding.state === 'excused') return `${opening}${because}，免除这一期的“${detail.title}”。`
  if (finding.state === 'manual') return `${opening}${because}，请人工确认。`
  return ended(`${opening}${because}`)
}

/** `本学期` where the day lies in the term, else its name; the same for school years. */
function spanName(period: PeriodRef, scope: Scope): string {
  const now = scope.on >= period.from && scope.on <= period.to
  if (period.kind === 'term') return now ? '本学期' : period.label
  if (period.kind === 'schoolYear') return now ? '本学年' : period.label
  return period.label
}

/** All findings of the same duty in the term (or the long period) to which a finding belongs. */
function span(finding: Finding, siblings: Finding[], scope: Scope): { name: string; findings: Finding[] } {
  const { period } = finding
  const term = scope.prepared.calendar.terms.find((one) => one.from <= period.to && one.to >= period.from)
  const long = ['term', 'schoolYear', 'calendarYear', 'fiveYears'].includes(period.kind)
  if (long || !term) return { name: spanName(period, scope), findings: [finding] }
  const now = scope.on >= term.from && scope.on <= term.to
  const inTerm = siblings.filter((one) => one.period.from <= term.to && one.period.to >= term.from)
  return { name: now ? '本学期' : term.name, findings: inTerm }
}

function minimumSentence(
  rule: PreparedRule,
  finding: Finding,
  siblings: Finding[],
  noun: string,
  scope: Scope,
): string {
  const minimum = rule.minima.find((one) => one.id === finding.minimumId)
  const counted = minimum?.measure === 'count' || minimum?.measure === 'days'
  const kind = minimum?.prepared[0]?.kind ?? ''
  const usual = minimum?.measure === 'hours' ? plainWords : (wordsByFact[kind] ?? plainWords)
  const words = { ...usual, ...rule.rule.words }
  const { name, findings } = span(finding, siblings, scope)
  const asked = findings.filter((one) => one.target !== null && !restingStates.has(one.state))
  const owed = asked.reduce((sum, one) => sum + (one.target ?? 0), 0)
  const single = asked.length === 1
  const have = asked.reduce(
    (sum, one) => sum + (single ? (one.value ?? 0) : Math.min(one.value ?? 0, one.target ?? 0)),
    0,
  )
  const { unit } = finding
  const head = `${name}应${words.owe}${noun} ${figure(owed)} ${unit}，${words.have} ${figure(have)} ${unit}`
  const lacking = owed - have
  if (lacking <= 1e-9) return `${head}，已经完成。`

  const overdue = asked
    .filter((one) => one.state === 'overdue')
    .reduce((sum, one) => sum + (one.target ?? 0) - (one.value ?? 0), 0)
  const late = overdue > 0 ? `，其中 ${figure(overdue)} ${unit}已过期${mayMakeUp(rule, finding, scope)}` : ''
  const [next] = asked
    .filter((one) => one.state !== 'done' && one.dueOn !== null && one.dueOn >= scope.on)
    .sort((a, b) => ((a.dueOn ?? '') < (b.dueOn ?? '') ? -1 : 1))
  if (!next?.dueOn) return `${head}，还差 ${figure(lacking)} ${unit}${late}。`
  const rest = (next.target ?? 0) - (next.value ?? 0)
  const date = dayLabel(next.dueOn)
  const request =
    asked.length === 1
      ? `请在 ${date} 前${words.hand}`
      : counted
        ? `下一${unit}请在 ${date} 前${words.hand}`
        : `${next.period.label}还差 ${figure(rest)} ${unit}，请在 ${date} 前${words.hand}`
  return `${head}，还差 ${figure(lacking)} ${unit}${late}；${request}。`
}

function mayMakeUp(rule: PreparedRule, finding: Finding, scope: Scope): string {
  const makeUp = rule.minima.find((one) => one.id === finding.minimumId)?.makeUp ?? 'none'
  if (makeUp === 'none') return ''
  const range =
    makeUp === 'schoolYear'
      ? scope.schoolYear
      : scope.prepared.calendar.terms.find(
          (term) => term.from <= finding.period.to && term.to >= finding.period.from,
        )
  if (!range || scope.on > range.to) return ''
  return makeUp === 'term' ? '（本学期内可补）' : '（本学年内可补）'
}

function scoreSentence(finding: Finding, when: string, noun: string, detail: Detail): string {
  if (detail.exceptions.length > 0) return `${when}${noun}：${detail.exceptions.join('；')}。`
  if (finding.value === null) return `${when}${noun}还不能合计：${detail.because}。`
  const grade = finding.result ? `，${finding.result}` : ''
  return `${when}${noun} ${figure(finding.value)} ${finding.unit}${grade}（${detail.formula}）。`
}
