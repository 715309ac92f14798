import { factKinds } from '../../engine/facts.ts'
import { periodKinds, type PeriodKind } from '../../engine/periods.ts'
import type { PersonHours } from '../../engine/hours.ts'
import { blocksOf, type Count, type Counts, minimaOf, type Regime, type Rule } from '../../engine/schema.ts'
import {
  countsOf,
  type DutySummary,
  factKindsOf,
  flatCounts,
  isAsked,
  summariseDuty,
} from '../../engine/summary.ts'
import { dutySentence, dutyWords, spanName } from '../../engine/trace/duty.ts'
import type {
  ClosedRange,
  Finding,
  FindingState,
  LocalDate,
  PeriodRef,
  Subject,
  TermInput,
} from '../../engine/types.ts'

// ── Keeping findings small ───────────────────────────────────────────────────

/** The states by number; new ones only at the end, stored findings name them by place. */
const states: FindingState[] = [
  'done',
  'partly',
  'open',
  'dueSoon',
  'overdue',
  'excused',
  'notApplicable',
  'manual',
]

type PackedPeriod = [kind: string, id: string, label: string, from: LocalDate, to: LocalDate]
type PackedRow = [
  period: number,
  state: number,
  value: number | null,
  target: number | null,
  /** 0 for none, 1 for the last day of the period. */
  dueOn: LocalDate | 0 | 1,
  result: string | null,
  /** Facts by their place in the list: first one and how many follow each other, again and again. */
  ...facts: number[],
]
type PackedRule = [regime: number, ruleId: string, minimumId: string, unit: string, rows: PackedRow[]]

/**
 * The findings of one subject as they are stored: regimes, periods and facts once, findings as short rows under their
 * rule. The ids of facts are the longest part by far: they are kept as the bytes that they are, in base64.
 */
interface CurrentPack {
  regimes: string[]
  periods: PackedPeriod[]
  rules: PackedRule[]
  facts: string | string[]
}

/** As findings were stored before: read until they are computed the next time. */
interface EarlierPack {
  regimes: string[]
  periods: PeriodRef[]
  findings: [
    regime: number,
    ruleId: string,
    minimumId: string,
    period: number,
    state: FindingState,
    value: number | null,
    target: number | null,
    unit: string,
    dueOn: LocalDate | null,
    result: string | null,
    factIds: string[],
  ][]
}
export type PackedFindings = CurrentPack | EarlierPack

const sameEnd = (a: Finding, b: Finding) =>
  a.ruleId === b.ruleId && a.minimumId === b.minimumId && a.unit === b.unit && a.regimeId === b.regimeId

/** Findings in the engine's order, made small. */
export function packFindings(findings: Finding[]): CurrentPack {
  const regimes: string[] = []
  const periods: PackedPeriod[] = []
  const rules: PackedRule[] = []
  const facts: string[] = []
  const periodPlaces = new Map<string, number>()
  const factPlaces = new Map<string, number>()
  let rows: PackedRow[] = []
  let before: Finding | undefined
  for (const finding of findings) {
    const { period, dueOn } = finding
    if (!before || !sameEnd(before, finding)) {
      let regime = regimes.indexOf(finding.regimeId)
      if (regime < 0) regime = regimes.push(finding.regimeId) - 1
      rows = []
      rules.push([regime, finding.ruleId, finding.minimumId, finding.unit, rows])
    }
    before = finding
    let place = periodPlaces.get(period.id)
    if (place === undefined) {
      place = periods.push([period.kind, period.id, period.label, period.from, period.to]) - 1
      periodPlaces.set(period.id, place)
    }
    const due = dueOn === null ? 0 : dueOn === period.to ? 1 : dueOn
    const row: PackedRow = [
      place,
      states.indexOf(finding.state),
      finding.value,
      finding.target,
      due,
      finding.result,
    ]
    let last = -2
    for (const id of finding.factIds) {
      let fact = factPlaces.get(id)
      if (fact === undefined) {
        fact = facts.push(id) - 1
        factPlaces.set(id, fact)
      }
      if (fact === last + 1) (row[row.length - 1] as number)++
      else row.push(fact, 1)
      last = fact
    }
    rows.push(row)
  }
  return { regimes, periods, rules, facts: packIds(facts) }
}

const dash = 45
const digitOf = new Int16Array(128).fill(-1)
for (let digit = 0; digit < 16; digit++) digitOf['0123456789abcdef'.charCodeAt(digit)] = digit

/** Sixteen bytes for each id; the ids themselves where one is not of the usual form. By hand: there are millions. */
function packIds(ids: string[]): string | string[] {
  const bytes = Buffer.allocUnsafe(ids.length * 16)
  let at = 0
  for (const id of ids) {
    if (id.length !== 36) return ids
    for (let place = 0; place < 36; place += 2) {
      if (place === 8 || place === 13 || place === 18 || place === 23) {
        if (id.charCodeAt(place) !== dash) return ids
        place += 1
      }
      const high = digitOf[id.charCodeAt(place)] ?? -1
      const low = digitOf[id.charCodeAt(place + 1)] ?? -1
      if (high < 0 || low < 0) return ids
      bytes[at++] = high * 16 + low
    }
  }
  return bytes.toString('base64url')
}

function unpackIds(packed: string | string[]): string[] {
  if (typeof packed !== 'string') return packed
  const digits = Buffer.from(packed, 'base64url').toString('hex')
  const ids: string[] = []
  for (let at = 0; at < digits.length; at += 32) {
    const part = (from: number, to: number) => digits.slice(at + from, at + to)
    ids.push(`${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`)
  }
  return ids
}

/** The findings as the engine gave them. */
export function unpackFindings(packed: PackedFindings, subject: Subject): Finding[] {
  if ('findings' in packed) return unpackEarlier(packed, subject)
  const periods = packed.periods.map(
    ([kind, id, label, from, to]): PeriodRef => ({ kind, id, label, from, to }),
  )
  const ids = unpackIds(packed.facts)
  return packed.rules.flatMap(([regime, ruleId, minimumId, unit, rows]) =>
    rows.map(([place, state, value, target, due, result, ...runs]): Finding => {
      const period = periods[place] as PeriodRef
      const factIds: string[] = []
      for (let at = 0; at < runs.length; at += 2) {
        const first = runs[at] as number
        for (let offset = 0; offset < (runs[at + 1] as number); offset++)
          factIds.push(ids[first + offset] as string)
      }
      return {
        regimeId: packed.regimes[regime] as string,
        ruleId,
        minimumId,
        subject,
        period,
        state: states[state] as FindingState,
        value,
        target,
        unit,
        dueOn: due === 0 ? null : due === 1 ? period.to : due,
        result,
        factIds,
      }
    }),
  )
}

function unpackEarlier(packed: EarlierPack, subject: Subject): Finding[] {
  return packed.findings.map(
    ([regime, ruleId, minimumId, period, state, value, target, unit, dueOn, result, factIds]) => ({
      regimeId: packed.regimes[regime] as string,
      ruleId,
      minimumId,
      subject,
      period: packed.periods[period] as PeriodRef,
      state,
      value,
      target,
      unit,
      dueOn,
      result,
      factIds,
    }),
  )
}

// ── What a board shows of one rule in one term ───────────────────────────────

/** One rule (or one of its minima) for one subject over one term. */
export interface RuleSummary extends DutySummary {
  regimeId: string
  ruleId: string
  minimumId: string
}

/** 学时 without the facts behind them. */
export interface HoursFigures {
  minutes: number
  hours: number
  bySource: { source: string; minutes: number; hours: number; count: number }[]
}
export interface HoursSummary extends HoursFigures {
  regimeId: string
  minutesPerHour: number
  terms: (HoursFigures & { termId: string; name: string })[]
}

/** What is kept of a person's 学时 for the pages; the trace works the facts out again. */
export function packHours(regimeId: string, hours: PersonHours): HoursSummary {
  const figures = (one: Pick<PersonHours, 'minutes' | 'hours' | 'bySource'>): HoursFigures => ({
    minutes: one.minutes,
    hours: one.hours,
    bySource: one.bySource.map(({ facts, ...source }) => ({ ...source, count: facts.length })),
  })
  return {
    regimeId,
    minutesPerHour: hours.minutesPerHour,
    ...figures(hours),
    terms: hours.terms.map((term) => ({ termId: term.termId, name: term.name, ...figures(term) })),
  }
}

export interface SubjectSummary {
  terms: Record<string, RuleSummary[]>
  hours: HoursSummary | null
}

/** The terms under which a period is shown: the one that holds most of it; years stand under each of their terms. */
export function termsOfPeriod(period: PeriodRef, terms: TermInput[]): string[] {
  const overlap = (term: ClosedRange) => {
    const from = term.from > period.from ? term.from : period.from
    const to = term.to < period.to ? term.to : period.to
    return from <= to ? Date.parse(to) - Date.parse(from) + 1 : 0
  }
  const touched = terms.map((term) => ({ id: term.id, size: overlap(term) })).filter((term) => term.size > 0)
  if (['schoolYear', 'calendarYear', 'fiveYears'].includes(period.kind)) return touched.map((term) => term.id)
  return touched
    .sort((a, b) => b.size - a.size)
    .slice(0, 1)
    .map((term) => term.id)
}

export const ruleKey = (finding: Pick<Finding, 'regimeId' | 'ruleId' | 'minimumId'>): string =>
  `${finding.regimeId}|${finding.ruleId}|${finding.minimumId}`

/** Findings of one subject by rule and minimum, in the order in which the engine gave them. */
export function byRule(findings: Finding[]): Finding[][] {
  const groups = new Map<string, Finding[]>()
  let before: Finding | undefined
  let group: Finding[] = []
  for (const finding of findings) {
    // Those of one rule mostly come one after the other.
    if (
      before?.ruleId !== finding.ruleId ||
      before.minimumId !== finding.minimumId ||
      before.regimeId !== finding.regimeId
    ) {
      const key = ruleKey(finding)
      group = groups.get(key) ?? []
      groups.set(key, group)
    }
    group.push(finding)
    before = finding
  }
  return [...groups.values()]
}

/** Under which of these terms each period is shown: the same for everybody. */
const termsShown = new WeakMap<TermInput[], Map<string, string[]>>()

/** What boards show of one subject, for each term of the school year. `findings` are in the engine's order. */
export function summariseSubject(
  findings: Finding[],
  regimes: Regime[],
  hours: HoursSummary | null,
  terms: TermInput[],
  today: LocalDate,
): SubjectSummary {
  let shown = termsShown.get(terms)
  if (!shown) {
    shown = new Map()
    termsShown.set(terms, shown)
  }
  const known = shown
  const termsOf = (period: PeriodRef): string[] => {
    let found = known.get(period.id)
    if (!found) {
      found = termsOfPeriod(period, terms)
      known.set(period.id, found)
    }
    return found
  }
  const groups = byRule(findings)
  const unkept = unkeptRules(regimes)
  const summary: SubjectSummary = { terms: {}, hours }
  for (const term of terms) {
    summary.terms[term.id] = groups.flatMap((group): RuleSummary[] => {
      const own = group.filter((finding) => termsOf(finding.period).includes(term.id))
      const duty = summariseDuty(own, today)
      const [first] = own
      if (!duty || !first) return []
      const { regimeId, ruleId, minimumId } = first
      return [withoutRecords({ regimeId, ruleId, minimumId, ...duty }, unkept)]
    })
  }
  return summary
}

const unkeptByRegime = new WeakMap<Regime, string[]>()
/** Rules, or single minima of them, whose records nobody keeps here yet. */
function unkeptRules(regimes: Regime[]): Set<string> {
  return new Set(
    regimes.flatMap((regime) => {
      let unkept = unkeptByRegime.get(regime)
      if (!unkept) {
        unkept = regime.rules.flatMap((rule) =>
          hasNoRecords(regime, rule)
            ? [`${regime.id}|${rule.id}`]
            : minimaOf(regime, rule)
                .filter((minimum) => hasNoRecords(regime, rule, minimum.id))
                .map((minimum) => `${regime.id}|${rule.id}|${minimum.id}`),
        )
        unkeptByRegime.set(regime, unkept)
      }
      return unkept
    }),
  )
}

/** Nobody is late with what cannot be recorded: such a rule waits for people until there is a record after all. */
function withoutRecords(row: RuleSummary, unkept: Set<string>): RuleSummary {
  const isUnkept = unkept.has(`${row.regimeId}|${row.ruleId}`) || unkept.has(ruleKey(row))
  if (!isUnkept || (row.value ?? 0) > 0 || !isAsked(row.state)) return row
  return { ...row, state: 'manual', dueOn: null, asked: 0, done: 0, overdue: 0 }
}

// ── Whom a fact touches ──────────────────────────────────────────────────────

/** How far a fact reaches beyond the subject that it is about, by a regime's rules. */
export interface Reach {
  /** Kinds of facts of everybody that count for somebody else's duty, and the kinds of subjects whose duty that is. */
  everyoneKinds: string[]
  everyoneBinds: ('person' | 'unit' | 'organisation')[]
  /** Members' facts count for their group (speakers in turn). */
  membersCount: boolean
  /** Units and posts themselves are asked for. */
  bodies: boolean
  /** Kinds of periods that the rules count by. */
  periodKinds: PeriodKind[]
}

/** Facts of people that the result of a whole rests on: those of a target are looked at person by person. */
function countsOfOthers(regime: Regime, rule: Rule): Count[] {
  const shared = countsOf(regime, rule).filter((count) => count.of !== 'subject')
  if (!rule.target) return shared
  const basis = regime.rules.find((one) => one.id === rule.target?.rule)
  return [...countsOf(regime, rule), ...(basis ? countsOf(regime, basis) : [])]
}

const bindsKind = (binds: Rule['binds']): 'person' | 'unit' | 'organisation' =>
  'person' in binds ? 'person' : 'unit' in binds ? 'unit' : 'organisation'

const reaches = new WeakMap<Regime, Reach>()
export function reachOf(regime: Regime): Reach {
  let reach = reaches.get(regime)
  if (reach) return reach
  const everyoneKinds = new Set<string>()
  const everyoneBinds = new Set<'person' | 'unit' | 'organisation'>()
  const kinds = new Set<PeriodKind>(['schoolYear'])
  for (const rule of regime.rules) {
    for (const count of countsOfOthers(regime, rule)) {
      everyoneKinds.add(count.fact)
      for (const binds of [rule.binds, ...(rule.minima ?? []).flatMap((minimum) => minimum.binds ?? [])])
        everyoneBinds.add(bindsKind(binds))
    }
    const { form, list, limit, score, rotation, flow, share, target } = rule
    const blocks = [rule, ...(rule.minima ?? []), form, list, limit, score, rotation, flow, share, target]
    for (const block of blocks) if (block?.per) kinds.add(block.per)
  }
  for (const cap of regime.tables.flatMap((table) => table.caps)) kinds.add(cap.per)
  reach = {
    everyoneKinds: [...everyoneKinds],
    everyoneBinds: [...everyoneBinds],
    membersCount: regime.rules.some((rule) => rule.rotation !== undefined),
    bodies: regime.rules.some((rule) => rule.body !== undefined || rule.target !== undefined),
    periodKinds: [...kinds],
  }
  reaches.set(regime, reach)
  return reach
}

/** Whether rules can be computed, are for people to judge, or wait for records that nobody keeps here yet. */
export function standingOfRule(regime: Regime, rule: Rule): 'evaluated' | 'manual' | 'noRecords' {
  if (blocksOf(rule)[0] === 'manual') return 'manual'
  return hasNoRecords(regime, rule) ? 'noRecords' : 'evaluated'
}

/**
 * Whether a rule, or one of its minima, could never be met here because no room keeps what it asks for: not even one
 * kind of what it counts, a step of its flow, a part of its score, or the rule on which it rests.
 */
export function hasNoRecords(regime: Regime, rule: Rule, minimumId?: string): boolean {
  const isKept = (kind: string) => (factKinds as Record<string, { room: string | null }>)[kind]?.room != null
  const isUnkept = (counts: Counts) => !flatCounts(regime, counts).some(({ fact }) => isKept(fact))
  const minimum = minimaOf(regime, rule).find(({ id }) => id === minimumId)
  if (minimum) return isUnkept(minimum.counts)
  const { flow, share, target, score, award, link } = rule
  const needed: (Counts | undefined)[] = [
    flow?.begins,
    ...(flow?.steps ?? []).map((step) => (step.optional ? undefined : step.counts)),
    share?.part,
    share?.whole,
    ...(target?.each ?? []).map((one) => one.counts),
    ...(score?.parts ?? []).map((part) => part.counts),
  ]
  if (needed.some((counts) => counts !== undefined && isUnkept(counts))) return true
  const bases = [award?.rule, target?.rule, ...(link?.rules ?? [])]
  if (regime.rules.some((basis) => bases.includes(basis.id) && hasNoRecords(regime, basis))) return true
  const kinds = factKindsOf(regime, rule)
  return kinds.length > 0 && !kinds.some(isKept)
}

// ── Columns that schools of different regimes share ──────────────────────────

export const categoryLabels = {
  activity: '研修活动',
  attendance: '参加与发言',
  work: '研修作品',
  study: '个人研修',
  plan: '计划与总结',
  hours: '学时',
  lesson: '课堂',
  appraisal: '检查与考评',
} as const
export type Category = keyof typeof categoryLabels

const categoryOfFact: [prefix: string, category: Category][] = [
  ['activity.held', 'activity'],
  ['activity.', 'attendance'],
  ['attendance.', 'attendance'],
  ['work.', 'work'],
  ['contest.', 'work'],
  ['topic.', 'work'],
  ['study.', 'study'],
  ['plan.', 'plan'],
  ['lesson.', 'lesson'],
  ['check.', 'appraisal'],
  ['evaluation.', 'appraisal'],
]

/** The column of the district's board to which a rule belongs; null for rules that are not counted. */
export function categoryOf(regime: Regime, rule: Rule): Category | null {
  const minima = minimaOf(regime, rule)
  if (minima.some((minimum) => minimum.counts === 'hours')) return 'hours'
  const kind = factKindsOf(regime, rule)[0]
  return (kind && categoryOfFact.find(([prefix]) => kind.startsWith(prefix))?.[1]) || null
}

// ── Sentences ────────────────────────────────────────────────────────────────

const number = (value: number): string => String(Math.round(value * 10) / 10)
/** One sentence on how a duty stands in a term; `findings` are its own in that term, on the day of the board. */
export function sentenceOf(
  about: { regime: Regime; rule: Rule; term: TermInput; schoolYear: ClosedRange; on: LocalDate },
  summary: RuleSummary,
  findings: Finding[],
): string {
  const { regime, rule, term, schoolYear, on } = about
  const { unit, value, target, state } = summary
  const minimum = minimaOf(regime, rule).find((one) => one.id === summary.minimumId)
  const title = minimum?.title ?? rule.title
  if (state === 'excused') return '按规定免除，不作要求。'
  if (state === 'manual') return '需要由人确认，系统不代为判断。'
  if (target === null) {
    if (summary.result !== null)
      return `${title}：${value === null ? '' : `${number(value)} ${unit}，`}${summary.result}。`
    return value === null ? '还没有可以计算的记录。' : `${title}：${number(value)} ${unit}。`
  }
  const noun = rule.noun ?? title
  const [first] = findings
  if (rule.limit) {
    const span = first ? spanName(first.period, on) : term.name
    return `${span}${noun} ${number(value ?? 0)} ${unit}；满 ${number(target)} ${unit}即${rule.limit.result}。`
  }
  const measure = minimum?.measure ?? 'count'
  return dutySentence(
    {
      noun,
      unit,
      words: dutyWords(rule, measure === 'hours' ? undefined : factKindsOf(regime, rule)[0]),
      counted: measure === 'count' || measure === 'days',
      makeUp: minimum?.makeUp ?? 'none',
      term,
      schoolYear,
      on,
    },
    findings,
    minimum?.per ?? 'term',
  )
}

/** `每两周不少于 1 次`, one for each minimum; empty for rules without a number. */
export function numbersOf(regime: Regime, rule: Rule): { label: string; value: string }[] {
  const minima = minimaOf(regime, rule)
  return minima.map((minimum) => ({
    label: minimum.title === rule.title ? '' : minimum.title,
    value: `${periodKinds[minimum.per]}${minimum.per === 'termWindow' ? '各' : ''}不少于 ${number(minimum.atLeast)} ${minimum.unit}`,
  }))
}
