import type { PreparedRule } from '../prepare.ts'
import type { Scope } from '../scope.ts'
import type { Detail } from '../shapes/shape.ts'
import { isAsked } from '../summary.ts'
import type { Finding } from '../types.ts'
import { type Duty, dutySentence, dutyWords, figure, isManyInTerm, periodSentence, spanName } from './duty.ts'

/** One sentence in plain Chinese that answers why a finding is as it is. */
export function sentenceOf(
  rule: PreparedRule,
  finding: Finding,
  siblings: Finding[],
  detail: Detail,
  scope: Scope,
): string {
  if (rule.block === 'manual') return ended(detail.because ?? '')
  if (!isAsked(finding.state)) return restingSentence(finding, detail)
  const noun = rule.rule.noun ?? detail.title
  const value = finding.value ?? 0
  const { unit, target } = finding
  const when = spanName(finding.period, scope.on)
  switch (rule.block) {
    case 'minimum':
      return minimumSentence(rule, finding, siblings, noun, scope)
    case 'form':
    case 'list': {
      if (target === null) return `${when}还没有记录，有了记录再看“${noun}”是否完整。`
      const records = detail.facts.filter((fact) => fact.because !== '这条记录已撤销').length
      const lacking = records - value
      // All records may be in order and still too few of them, or not of every kind.
      if (finding.state !== 'done' && lacking <= 0) {
        const short = value < target ? `，应有 ${figure(target)} ${unit}` : ''
        return ended(
          `${when}“${noun}”：已有 ${figure(value)} ${unit}${short}${finding.result ? `，${finding.result}` : ''}${detail.because ? `；${detail.because}` : ''}`,
        )
      }
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
    case 'flow':
      return target === null
        ? `${when}“${noun}”还没有开始办理的事项。`
        : value >= target
          ? `${when}“${noun}”${figure(value)} ${unit}都已按步骤完成。`
          : ended(
              `${when}“${noun}”应完成 ${figure(target)} ${unit}，步骤齐全 ${figure(value)} ${unit}${detail.because ? `；${detail.because}` : ''}`,
            )
    case 'link':
      return finding.result
        ? `${when}${noun}：${finding.result}。`
        : `${when}${noun}：所依据的结果还没有出来。`
    case 'share':
      return finding.value === null
        ? `${when}${noun}：还没有登记基数，比例算不出来。`
        : `${when}${noun}：${detail.formula}，规定不少于 ${figure(target ?? 0)}%。`
    case 'target':
      return ended(
        `${when}${noun}：${detail.formula}，目标 ${figure(target ?? 0)} ${unit}${detail.because ? `；${detail.because}` : ''}`,
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

function minimumSentence(
  rule: PreparedRule,
  finding: Finding,
  siblings: Finding[],
  noun: string,
  scope: Scope,
): string {
  const minimum = rule.minima.find((one) => one.id === finding.minimumId)
  const { period } = finding
  const { terms } = scope.prepared.calendar
  const term = terms.find((one) => one.from <= period.to && one.to >= period.from) ?? null
  const hours = minimum?.measure === 'hours'
  const duty: Duty = {
    noun,
    unit: finding.unit,
    words: dutyWords(rule.rule, hours ? undefined : minimum?.prepared[0]?.kind),
    counted: minimum?.measure === 'count' || minimum?.measure === 'days',
    makeUp: minimum?.makeUp ?? 'none',
    term,
    schoolYear: scope.schoolYear,
    on: scope.on,
  }
  const kind = minimum?.per ?? 'term'
  const inTerm = term
    ? siblings.filter((one) => one.period.from <= term.to && one.period.to >= term.from)
    : [finding]
  const own = periodSentence(duty, finding, kind)
  return inTerm.length > 1 && isManyInTerm(kind) ? `${own}${dutySentence(duty, inTerm, kind)}` : own
}

function scoreSentence(finding: Finding, when: string, noun: string, detail: Detail): string {
  if (detail.exceptions.length > 0) return `${when}${noun}：${detail.exceptions.join('；')}。`
  if (finding.value === null) return `${when}${noun}还不能合计：${detail.because}。`
  const grade = finding.result ? `，${finding.result}` : ''
  return `${when}${noun} ${figure(finding.value)} ${finding.unit}${grade}（${detail.formula}）。`
}
