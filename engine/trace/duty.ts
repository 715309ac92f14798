import { dayLabel, daysBetween } from '../days.ts'
import { periodKinds } from '../periods.ts'
import type { PeriodKind } from '../periods.ts'
import type { MakeUp, Rule } from '../schema.ts'
import { isAsked } from '../summary.ts'
import type { ClosedRange, Finding, LocalDate, PeriodRef } from '../types.ts'

/** 应…, 已…, 请在…前… */
interface Words {
  owe: string
  have: string
  hand: string
}
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

/** A duty as sentences speak of it. */
export interface Duty {
  /** 教学反思 */
  noun: string
  unit: string
  words: Words
  /** Whether one after the other is handed in (篇, 次) rather than an amount reached (学时). */
  counted: boolean
  makeUp: MakeUp
  /** Where the days lie up to which it can be made up. */
  term: ClosedRange | null
  schoolYear: ClosedRange
  on: LocalDate
}

/** The words of a rule, else those that go with the kind of fact that counts. */
export function dutyWords(rule: Pick<Rule, 'words'>, factKind: string | undefined): Words {
  return {
    ...(wordsByFact[factKind ?? ''] ?? { owe: '完成', have: '已完成', hand: '完成' }),
    ...rule.words,
  }
}

/** Periods of which a term has several, with what one of them is called when counted and when it is now. */
const manyInTerm: Partial<Record<PeriodKind, { counter: string; now: string }>> = {
  week: { counter: '周', now: '本周' },
  oddWeek: { counter: '周', now: '本周' },
  evenWeek: { counter: '周', now: '本周' },
  fortnight: { counter: '次', now: '这两周' },
  halfMonth: { counter: '次', now: '这半月' },
  month: { counter: '个月', now: '本月' },
  termWindow: { counter: '次', now: '本期' },
}
/** Whether a term has several periods of the kind, so that a sentence speaks of them. */
export function isManyInTerm(kind: PeriodKind): boolean {
  return manyInTerm[kind] !== undefined
}
const windows = new Set(['opening', 'middle', 'closing'])

export const figure = (value: number): string => String(Math.round(value * 100) / 100)

const askedOf = (findings: Finding[]) =>
  findings.filter((finding) => isAsked(finding.state) && finding.target !== null)

/** `本学期` where the day lies in the term, else its name; the same for years. */
export function spanName(period: PeriodRef, on: LocalDate): string {
  const now = on >= period.from && on <= period.to
  const words: Record<string, string> = { term: '本学期', schoolYear: '本学年', calendarYear: '今年' }
  return (now && words[period.kind]) || period.label
}

/**
 * How somebody stands with a duty. For what is asked once in a term or year: 本学期应写反思 10 篇，已采纳 7 篇，还差 3
 * 篇；请在 1月15日 前交。 For what is asked every week or fortnight, of these: 教学反思每两周 1 篇：已到期 5 次，完成 4
 * 次，缺第5—6周；下一篇请在 11月29日 前交。 `findings` are those of one minimum in one term; `kind` is its period.
 */
export function dutySentence(duty: Duty, findings: Finding[], kind: PeriodKind): string {
  const many = manyInTerm[kind]
  const asked = askedOf(findings)
  if (many && asked.length > 0) return manySentence(duty, asked, kind, many)
  // Years that run across the school year: the one in which the day lies.
  const one =
    asked.find((finding) => finding.period.from <= duty.on && duty.on <= finding.period.to) ?? asked.at(-1)
  return one ? `${oneClause(duty, one)}。` : `${duty.noun}：本学期不作要求。`
}

/** What a single period asks: 第5—6周应写反思 1 篇，已采纳 0 篇，还差 1 篇，已过期（本学期内可补）。 */
export function periodSentence(duty: Duty, finding: Finding, kind: PeriodKind): string {
  return `${oneClause({ ...duty, noun: withoutPeriod(duty.noun, kind) }, finding)}。`
}

function oneClause(duty: Duty, finding: Finding): string {
  const { unit, words, noun } = duty
  const [value, target] = [finding.value ?? 0, finding.target ?? 0]
  const name = spanName(finding.period, duty.on)
  const head = `${name}应${words.owe}${noun} ${figure(target)} ${unit}，${words.have} ${figure(value)} ${unit}`
  if (target - value <= 1e-9) return `${head}，${finding.result ?? '已经完成'}`
  const lacking = `${head}，还差 ${figure(target - value)} ${unit}`
  if (finding.state === 'overdue') return `${lacking}，已过期${mayMakeUp(duty)}`
  return finding.dueOn === null || finding.dueOn < duty.on
    ? lacking
    : `${lacking}；请在 ${dayWithin(finding.dueOn, duty.on)} 前${words.hand}`
}

function manySentence(
  duty: Duty,
  asked: Finding[],
  kind: PeriodKind,
  { counter, now }: { counter: string; now: string },
): string {
  const { unit, on } = duty
  const due = asked.filter((one) => one.state === 'overdue' || (one.dueOn !== null && one.dueOn < on))
  const missed = due.filter((one) => one.state !== 'done')
  const rest = asked.filter((one) => !due.includes(one))
  const each = kind === 'termWindow' ? '各' : ''
  const usual = rest[0] ?? asked.at(-1)
  const how = `${duty.noun.startsWith(periodKinds[kind]) ? ' ' : `${periodKinds[kind]}${each} `}${figure(usual?.target ?? 0)} ${unit}`
  const parts: string[] = []
  if (missed.length > 0) {
    const done = due.length - missed.length
    parts.push(
      `已到期 ${due.length} ${counter}，完成 ${done} ${counter}，缺${labelsOf(missed, on)}${missed.length > namedAtMost ? `等 ${missed.length} ${counter}` : ''}${mayMakeUp(duty)}`,
    )
  } else if (due.length > 0) {
    parts.push(
      rest.length === 0 ? `${due.length} ${counter}都已完成` : `已到期的 ${due.length} ${counter}都已完成`,
    )
  }
  const present = rest.filter((one) => one.period.from <= on)
  const next = rest
    .filter((one) => one.state !== 'done')
    .sort((a, b) => ((a.dueOn ?? '') < (b.dueOn ?? '') ? -1 : 1))[0]
  const isPresent = next !== undefined && present.includes(next)
  if (!isPresent && present.length > 0) parts.push(`${nameOf(present.at(-1), now, on)}已完成`)
  if (next) parts.push(requestFor(duty, next, isPresent ? nameOf(next, now, on) : null))
  const [first = '', ...others] = parts
  return `${duty.noun}${how}：${[first, ...others].join(missed.length > 0 ? '；' : '，')}。`
}

/** 下一篇请在 11月29日 前交; 本周还差 0.5 学时，请在 11月22日 前完成. */
function requestFor(duty: Duty, next: Finding, present: string | null): string {
  const { unit, words } = duty
  const lacking = (next.target ?? 0) - (next.value ?? 0)
  const by = next.dueOn === null ? '' : `请在 ${dayWithin(next.dueOn, duty.on)} 前${words.hand}`
  const whichever = duty.counted && /^[篇次份节件项本个]$/.test(unit) ? `下一${unit}` : '下一期'
  if (present === null || (duty.counted && lacking <= 1)) return `${whichever}${by}`
  return `${present}还差 ${figure(lacking)} ${unit}${by === '' ? '' : `，${by}`}`
}

const namedAtMost = 3

/** 第3周、第5周: which periods are missing, the first few of them. */
function labelsOf(missed: Finding[], on: LocalDate): string {
  return missed
    .slice(0, namedAtMost)
    .map(({ period }) =>
      period.label.replace(/（[单双]周）$/, '').replace(new RegExp(`^${on.slice(0, 4)}年(?=\\d)`), ''),
    )
    .join('、')
}

/** 本周, or the name of a period that has ended and is still in time. */
function nameOf(finding: Finding | undefined, now: string, on: LocalDate): string {
  if (!finding) return now
  const isNow = finding.period.from <= on && on <= finding.period.to
  return isNow && !windows.has(finding.period.kind) ? now : finding.period.label
}

/** 教研活动 of 每周教研活动, where the week is named beside it. */
function withoutPeriod(noun: string, kind: PeriodKind): string {
  const word = periodKinds[kind]
  return noun.startsWith(word) && noun.length > word.length ? noun.slice(word.length) : noun
}

/** 1月15日; with its year where it is further away than the next one of this name. */
function dayWithin(day: LocalDate, on: LocalDate): string {
  return daysBetween(on, day) > 360 ? `${day.slice(0, 4)}年${dayLabel(day)}` : dayLabel(day)
}

function mayMakeUp({ makeUp, term, schoolYear, on }: Duty): string {
  if (makeUp === 'term' && term && on <= term.to) return '（本学期内可补）'
  if (makeUp === 'schoolYear' && on <= schoolYear.to) return '（本学年内可补）'
  return ''
}
