import { meets, personRegister } from '../cohorts.ts'
import type { Period } from '../periods.ts'
import type { PreparedRule } from '../prepare.ts'
import type { ScoreBlock } from '../schema.ts'
import { candidatesFor } from '../scope.ts'
import type { Candidate, Scope } from '../scope.ts'
import { isAsked } from '../summary.ts'
import type { Subject } from '../types.ts'
import {
  concerns,
  findingOf,
  noDetail,
  overlaps,
  periodRef,
  periodsFor,
  resting,
  standingOf,
  traceFactsOf,
} from './shape.ts'
import type { Others, Shape, Working } from './shape.ts'

/** One part of a score: what it yields, or that it is missing. A missing part is never nought. */
export interface ScorePart {
  id: string
  label: string
  /** Share of the whole, 0 to 1, in a weighted score; null in a table of points. */
  weight: number | null
  /** The part's own result before weighting; null while missing. */
  value: number | null
  missing: boolean
  /** What is missing, in words; null when nothing. */
  missingLabel: string | null
  /** What it adds to the whole; null while missing. */
  points: number | null
  candidates: Candidate[]
  formula: string
}

export interface ForcedResult {
  ruleId: string
  grade: string
  rank: number
  sentence: string
}

export interface ScoreResult {
  parts: ScorePart[]
  /** Null while a part is missing. */
  score: number | null
  /** The grade that holds: a forced one before that of the band; null without score or bands. */
  grade: string | null
  forced: ForcedResult | null
}

const round = (value: number) => Math.round(value * 100 + 1e-7) / 100
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

type WeightedPart = NonNullable<ScoreBlock['parts']>[number]
type PointsPart = NonNullable<ScoreBlock['points']>[number]

function combined(part: WeightedPart, candidates: Candidate[]): number {
  const values = candidates.map((candidate) => candidate.fact.quantity)
  if (part.combine === 'sum') return values.reduce((sum, value) => sum + value, 0)
  return part.combine === 'last' ? (values.at(-1) ?? 0) : mean(values)
}

interface Sitting {
  /** Whether the period is over, so that a voice that may be missing is waited for no longer. */
  over: boolean
  /** Who speaks for a voice: another one where the person evaluated holds that voice. */
  voiceOf: (voice: Voice) => string
  /** The share in percent that another rule reached; null while it has no result. */
  reached: (ruleId: string) => number | null
}
type Voice = NonNullable<WeightedPart['voices']>[number]

function weightedPart(
  part: WeightedPart,
  total: number,
  candidates: Candidate[],
  sitting: Sitting,
): ScorePart {
  const weight = part.weight / total
  const counting = candidates.filter((candidate) => candidate.because === null)
  const base = { id: part.id, label: part.label, weight, candidates }
  const lacking = (missingLabel: string): ScorePart => ({
    ...base,
    value: null,
    missing: true,
    missingLabel,
    points: null,
    formula: `${part.label}：缺`,
  })
  const done = (value: number, formula: string): ScorePart => ({
    ...base,
    value: round(value),
    missing: false,
    missingLabel: null,
    points: round(value * weight),
    formula: `${part.label} ${formula} × ${round(weight * 100)}%`,
  })
  if (part.rule !== undefined) {
    const value = sitting.reached(part.rule)
    return value === null ? lacking(part.label) : done(value, `${round(value)}`)
  }
  if (!part.voices) {
    return counting.length === 0
      ? lacking(part.label)
      : done(combined(part, counting), `${round(combined(part, counting))}`)
  }
  const byVoice = part.voices.map((voice) => ({
    voice,
    own: counting.filter((candidate) => candidate.fact.attributes.voice === sitting.voiceOf(voice)),
  }))
  const silent = byVoice.filter(({ own }) => own.length === 0).map(({ voice }) => voice.label)
  if (silent.length === part.voices.length) return lacking(part.label)
  const speaking = byVoice.filter(({ own }) => own.length > 0)
  const mayMiss = part.missingVoice === 'spread' && sitting.over && speaking.length >= part.leastVoices
  if (silent.length > 0 && !mayMiss) return lacking(`${part.label}（${silent.join('、')}）`)
  const weights = speaking.reduce((sum, { voice }) => sum + voice.weight, 0)
  const value = speaking.reduce(
    (sum, { voice, own }) => sum + (combined(part, own) * voice.weight) / weights,
    0,
  )
  const voices = [
    ...speaking.map(({ voice, own }) => `${voice.label} ${round(combined(part, own))}`),
    ...silent.map((label) => `${label}未评，其权重分给其余`),
  ].join('，')
  return done(value, `${round(value)}（${voices}）`)
}

function pointsPart(part: PointsPart, candidates: Candidate[], minutesPerHour: number): ScorePart {
  const counting = candidates.filter((candidate) => candidate.because === null)
  const quantity = counting.reduce((sum, candidate) => sum + candidate.fact.quantity, 0)
  const amount =
    part.each === 'fact'
      ? counting.length
      : part.each === 'hour'
        ? round(quantity / minutesPerHour)
        : quantity
  const missing = part.required && counting.length === 0
  const points = Math.max(
    part.min ?? Number.NEGATIVE_INFINITY,
    Math.min(amount * part.points, part.max ?? Number.POSITIVE_INFINITY),
  )
  const most = part.max === undefined ? '' : `（最多 ${part.max}）`
  return {
    id: part.id,
    label: part.label,
    weight: null,
    value: missing ? null : round(amount),
    missing,
    missingLabel: missing ? part.label : null,
    points: missing ? null : round(points),
    candidates,
    formula: missing ? `${part.label}：缺` : `${part.label} ${round(amount)} × ${part.points}${most}`,
  }
}

/** The score of a subject in a period, with parts, band and forced result. */
export function scoreIn(
  rule: PreparedRule,
  subject: Subject,
  period: Period,
  scope: Scope,
  others: Others,
): ScoreResult {
  const block = rule.rule.score
  if (!block) throw new Error(`${rule.rule.id} holds no score`)
  const candidates = (part: WeightedPart | PointsPart) =>
    part.counts === undefined
      ? []
      : candidatesFor(scope.prepared.counts(part.counts), subject, scope, undefined, period)
  const sitting = sittingOf(subject, period, scope, others)
  const total = (block.parts ?? []).reduce((sum, part) => sum + part.weight, 0)
  const parts = block.parts
    ? block.parts.map((part) => weightedPart(part, total, candidates(part), sitting))
    : (block.points ?? []).map((part) => pointsPart(part, candidates(part), scope.prepared.minutesPerHour))
  const complete = parts.every((part) => !part.missing)
  // Weighted from the unrounded shares, so that 2 decimals of each part do not add up to an error.
  const score = complete ? round(parts.reduce((sum, part) => sum + scoreShare(part), 0)) : null
  const forced = forcedResult(rule.rule.id, period, scope, others)
  const band = score === null ? undefined : bandOf(block, score)
  return { parts, score, grade: forced?.grade ?? band?.grade ?? null, forced }
}

function sittingOf(subject: Subject, period: Period, scope: Scope, others: Others): Sitting {
  const person = subject.kind === 'person' ? scope.people.get(subject.id) : undefined
  return {
    over: scope.on > period.to,
    voiceOf: (voice) => {
      if (!voice.insteadOf || !person) return voice.id
      const condition = scope.prepared.conditions.forPerson(voice.insteadOf.when)
      const day = scope.on > period.to ? period.to : scope.on
      const { met } = meets(condition, scope.attributes(person, day), personRegister)
      return met ? voice.insteadOf.by : voice.id
    },
    reached: (ruleId) => {
      const shares = others
        .evaluate(ruleId)
        .map(({ finding }) => finding)
        .filter((finding) => overlaps(finding.period, period) && isAsked(finding.state))
        .flatMap(({ value, target }) =>
          value === null
            ? []
            : [target === null || target === 0 ? value : Math.min(100, (value * 100) / target)],
        )
      return shares.length === 0 ? null : mean(shares)
    },
  }
}

const scoreShare = (part: ScorePart) =>
  part.weight === null ? (part.points ?? 0) : (part.value ?? 0) * part.weight

function bandOf(block: ScoreBlock, score: number) {
  return block.bands?.find((band) => score >= band.from && (band.below === undefined || score < band.below))
}

/** 按第4条, 按三(二): documents number their clauses in many ways. */
const clauseWords = (clause: string) => (/^[0-9.]+$/.test(clause) ? `按第${clause}条` : `按${clause}`)

function forcedResult(ruleId: string, period: Period, scope: Scope, others: Others): ForcedResult | null {
  const forcing = scope.prepared.regime.rules.flatMap((rule) => {
    const forces = rule.limit?.forces
    return forces?.rule === ruleId ? [{ rule, forces }] : []
  })
  let best: ForcedResult | null = null
  for (const { rule, forces } of forcing) {
    const hit = others
      .evaluate(rule.id)
      .find(
        ({ finding }) =>
          finding.result !== null && finding.period.from <= period.to && finding.period.to >= period.from,
      )
    if (!hit || (best && best.rank <= forces.rank)) continue
    const { value, unit } = hit.finding
    const sentence = `${rule.title} ${value} ${unit}，${clauseWords(rule.clause)}定为“${forces.grade}”，不看得分`
    best = { ruleId: rule.id, grade: forces.grade, rank: forces.rank, sentence }
  }
  return best
}

/** Weighted parts or a table of points, bands over the score, and forced results that go before the band. */
export const scoreShape: Shape = {
  evaluate: (rule, subject, scope, others) => {
    const block = rule.rule.score
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const standings = periods.map((period) =>
      standingOf(rule.rule.binds, subject, period, scope, rule.rule.id),
    )
    if (standings.every((standing) => !standing.asked && !standing.bound)) return []
    return periods.map((period, index): Working => {
      const standing = standings[index]
      if (standing && !standing.asked)
        return resting(rule, scope, subject, period, standing, { unit: block.unit })
      return workingOf(rule, block, subject, period, scope, scoreIn(rule, subject, period, scope, others))
    })
  },
}

function workingOf(
  rule: PreparedRule,
  block: ScoreBlock,
  subject: Subject,
  period: Period,
  scope: Scope,
  result: ScoreResult,
): Working {
  const { parts, score, grade, forced } = result
  const lacking = parts.flatMap((part) => part.missingLabel ?? [])
  const facts = parts.flatMap((part) => part.candidates)
  const counting = facts.filter((candidate) => candidate.because === null)
  const over = scope.on > period.to
  // A table of points is final only when its period is over: until then every act may still add to it.
  const final = score !== null && (block.parts !== undefined || over)
  const state = forced || final ? 'done' : over ? 'overdue' : counting.length > 0 ? 'partly' : 'open'
  const words = forced
    ? forced.grade
    : lacking.length > 0
      ? `缺：${lacking.join('、')}`
      : grade === null || final
        ? grade
        : `目前${grade}`
  const finding = findingOf(rule, scope, subject, periodRef(period), {
    state,
    value: score,
    target: block.bands?.[1]?.from ?? null,
    unit: block.unit,
    dueOn: period.to,
    result: words,
    factIds: [...new Set(counting.map((candidate) => candidate.fact.id))],
  })
  return {
    finding,
    detail: () => ({
      ...noDetail(rule.rule.title, rule.rule.clause),
      facts: traceFactsOf(facts).map((fact, index) => {
        const candidate = facts[index]
        return candidate?.because === null ? { ...fact, counted: candidate.fact.quantity } : fact
      }),
      formula: `${parts.map((part) => part.formula).join(' + ')} = ${score ?? '缺项，尚不能合计'}`,
      inputs: [
        ...parts.map((part) => ({
          label: part.label,
          value: part.missing
            ? '缺'
            : `${part.value}${part.weight === null ? `，计 ${part.points} 分` : ' 分'}`,
          from: sourceOfPart(block, part.id, rule.rule.clause),
        })),
        ...(block.bands ?? []).map((band) => ({
          label: band.grade,
          value:
            band.below === undefined
              ? `${band.from} 分及以上`
              : `${band.from} 分及以上、${band.below} 分以下`,
          from: band.clause ?? rule.rule.clause,
        })),
      ],
      exceptions: forced ? [forced.sentence] : [],
      because: forced
        ? forced.sentence
        : lacking.length > 0
          ? `缺${lacking.join('、')}，缺项不按零分计算`
          : null,
    }),
  }
}

function sourceOfPart(block: ScoreBlock, id: string, fallback: string): string {
  const part = block.parts?.find((one) => one.id === id) ?? block.points?.find((one) => one.id === id)
  if (part?.clause) return part.clause
  return part && 'note' in part && part.note ? part.note : fallback
}
