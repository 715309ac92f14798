import { z } from 'zod'
import {
  awardBlock,
  binds,
  bodyBlock,
  clause,
  cohort,
  count,
  counts,
  day,
  exception,
  flowBlock,
  form,
  formBlock,
  hasSource,
  identifier,
  limitBlock,
  linkBlock,
  listBlock,
  makeUp,
  minimum,
  minimumShape,
  phase,
  rotationBlock,
  scoreBlock,
  section,
  setting,
  shareBlock,
  sourced,
  sourceMissing,
  table,
  targetBlock,
  term,
  text,
  words,
} from './blocks.ts'
import type { PeriodKind } from './periods.ts'

/** The sixteen kinds of rules in which the regimes speak; see capabilities, "Shapes of rules". */
export const ruleKinds = {
  body: '组织机构',
  doc: '文件',
  slot: '固定时间',
  cadence: '活动频次',
  quota: '个人任务',
  act: '应有行动',
  flow: '流程',
  form: '必填内容',
  list: '固定分类',
  check: '检查',
  score: '评分',
  link: '挂钩',
  award: '评选与证书',
  money: '经费',
  archive: '档案',
  target: '目标',
} as const
export type RuleKind = keyof typeof ruleKinds

const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+-\d{2,}$/),
  clause,
  kind: z.enum(Object.keys(ruleKinds) as [RuleKind, ...RuleKind[]]),
  title: text,
  text,
  note: text.optional(),
  binds: binds.default({ organisation: true, level: 'school' }),
  ...minimumShape,
  minima: z.array(minimum).min(1).optional(),
  form: formBlock.optional(),
  list: listBlock.optional(),
  limit: limitBlock.optional(),
  score: scoreBlock.optional(),
  award: awardBlock.optional(),
  body: bodyBlock.optional(),
  rotation: rotationBlock.optional(),
  flow: flowBlock.optional(),
  link: linkBlock.optional(),
  share: shareBlock.optional(),
  target: targetBlock.optional(),
  /** Only these months (1–12) of a duty by the month; only these phases of a duty by the phase. */
  months: z.array(z.number().int().min(1).max(12)).min(1).optional(),
  phases: z.array(identifier).min(1).optional(),
  /** A fact that filled one of the minima fills no other of this rule. */
  eachFactOnce: z.boolean().default(false),
  /** Why people must look for themselves; the rule is shown and never computed. */
  manual: text.optional(),
  /** Facts that count for this rule also count for those, or only here when `counts` is false. */
  inside: z.array(z.strictObject({ rule: z.string(), counts: z.boolean().default(true) })).default([]),
  exceptions: z.array(exception).default([]),
  consequence: text.optional(),
  /** How sentences speak of it: 应`写`反思…，`已采纳`…，请在…前`交`. */
  noun: text.optional(),
  words: words.default({}),
})

const hoursSource = z
  .strictObject({
    id: identifier,
    label: text,
    counts: z.union([count.transform((one) => [one]), z.array(count).min(1)]),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)

export const regimeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  version: text,
  document: z.strictObject({ title: text, issuedBy: text, source: text, note: text.optional() }),
  inForceFrom: day,
  settings: z.record(identifier, setting),
  vocabularies: z
    .strictObject({
      activityKinds: z.array(term).default([]),
      activityForms: z.array(term).default([]),
      contentTags: z.array(term).default([]),
      workKinds: z.array(term).default([]),
      lessonKinds: z.array(term).default([]),
      voices: z.array(term).default([]),
      modes: z.array(term).default([]),
      growthSteps: z.array(term).default([]),
      studyKinds: z.array(term).default([]),
      documentKinds: z.array(term).default([]),
      archiveKinds: z.array(term).default([]),
      resourceKinds: z.array(term).default([]),
      purposes: z.array(term).default([]),
      layers: z.array(term).default([]),
      /** Chinese words for whatever else conditions name: flows, steps, duties, kinds of tests and courses. */
      otherTerms: z.array(term).default([]),
    })
    .prefault({}),
  forms: z.array(form).default([]),
  cohorts: z.array(cohort).default([]),
  /** Conversions into 学时, 学分 or points. */
  tables: z.array(table).default([]),
  /** Named stretches of a programme. */
  phases: z.array(phase).default([]),
  /** What a person's 学时 are made of. */
  hours: z.array(hoursSource).default([]),
  /** Empty only in a version that is being written; it cannot be adopted. */
  rules: z.array(rule),
})

export type Regime = z.output<typeof regimeSchema>
export type Rule = Regime['rules'][number]
export type Count = z.output<typeof count>
export type Counts = z.output<typeof counts>
export type Binds = z.output<typeof binds>
export type Cohort = z.output<typeof cohort>
export type RegimeForm = z.output<typeof form>
export type FormSection = z.output<typeof section>
export type VocabularyTerm = z.output<typeof term>
export type VocabularyName = keyof Regime['vocabularies']
export type MakeUp = z.output<typeof makeUp>
export type Table = z.output<typeof table>
export type FlowBlock = z.output<typeof flowBlock>
export type LinkBlock = z.output<typeof linkBlock>
export type BodyBlock = z.output<typeof bodyBlock>
export type TargetBlock = z.output<typeof targetBlock>
/** What one of the aims of a target rule asks for. */
export type Aim = Omit<TargetBlock, 'per' | 'also'>
export type ScoreBlock = z.output<typeof scoreBlock>
export type Exception = z.output<typeof exception>

/** One least amount of a rule, with what it takes over from the rule filled in. */
export interface Minimum {
  id: string
  title: string
  clause: string
  binds: Binds
  counts: Counts
  atLeast: number
  measure: 'count' | 'hours' | 'quantity' | 'days' | 'kinds' | 'credits'
  kindsOf: string | null
  minutesPerUnit: number | null
  unit: string
  per: PeriodKind
  dueBy: 'opening' | 'middle' | 'closing' | null
  earlyDays: number
  graceDays: number
  makeUp: MakeUp
  maxPerPeriod: number | null
  prorate: boolean
}

/** The blocks that make a rule computable; exactly one of them stands in a rule. */
const ruleBlocks = [
  'minimum',
  'form',
  'list',
  'limit',
  'score',
  'award',
  'body',
  'rotation',
  'flow',
  'link',
  'share',
  'target',
  'manual',
] as const
export type RuleBlock = (typeof ruleBlocks)[number]

/** The blocks that a rule states; loading refuses anything but exactly one. */
export function blocksOf(rule: Rule): RuleBlock[] {
  return ruleBlocks.filter((block) =>
    block === 'minimum' ? rule.counts !== undefined || rule.minima !== undefined : rule[block] !== undefined,
  )
}

/** A setting as a number; `fallback` where the regime does not state it. */
export function numberSetting(regime: Regime, name: string, fallback: number): number {
  const value = regime.settings[name]?.value
  return typeof value === 'number' ? value : fallback
}

/** The least amounts that a rule asks for; empty for rules of another shape. */
export function minimaOf(regime: Regime, rule: Rule): Minimum[] {
  if (!blocksOf(rule).includes('minimum')) return []
  const grace = numberSetting(regime, 'graceDays', 0)
  const setting = regime.settings.makeUp?.value
  const usual = makeUp.safeParse(setting).data ?? 'none'
  const own = rule.minima ?? [{ id: 'main', ...pickMinimum(rule) }]
  return own.map((minimum) => ({
    id: minimum.id,
    title: ('title' in minimum ? minimum.title : undefined) ?? rule.title,
    clause: ('clause' in minimum ? minimum.clause : undefined) ?? rule.clause,
    binds: ('binds' in minimum ? minimum.binds : undefined) ?? rule.binds,
    counts: minimum.counts ?? rule.counts ?? [],
    atLeast: minimum.atLeast ?? rule.atLeast ?? 0,
    measure: minimum.measure === 'count' ? rule.measure : minimum.measure,
    kindsOf: minimum.kindsOf ?? rule.kindsOf ?? null,
    minutesPerUnit: minimum.minutesPerUnit ?? rule.minutesPerUnit ?? null,
    unit: minimum.unit ?? rule.unit ?? '',
    per: minimum.per ?? rule.per ?? 'schoolYear',
    dueBy: minimum.dueBy ?? rule.dueBy ?? null,
    earlyDays: minimum.earlyDays || rule.earlyDays,
    graceDays: minimum.graceDays ?? rule.graceDays ?? grace,
    makeUp: minimum.makeUp ?? rule.makeUp ?? usual,
    maxPerPeriod: minimum.maxPerPeriod ?? rule.maxPerPeriod ?? null,
    prorate: minimum.prorate ?? rule.prorate ?? regime.settings.prorate?.value !== false,
  }))
}

function pickMinimum(rule: Rule) {
  const { counts: ruleCounts, atLeast, measure, minutesPerUnit, unit, per, dueBy } = rule
  const { earlyDays, graceDays, makeUp: ruleMakeUp, maxPerPeriod, kindsOf, prorate } = rule
  const limits = { earlyDays, graceDays, makeUp: ruleMakeUp, maxPerPeriod, kindsOf, prorate }
  return { counts: ruleCounts, atLeast, measure, minutesPerUnit, unit, per, dueBy, ...limits }
}

/** The required parts that the regime states for a paper, the minutes, the settled items or a work. */
export function findForm(
  regime: Regime,
  wanted: { for: RegimeForm['for']; level?: RegimeForm['level']; workKind?: string; activityKind?: string },
): RegimeForm | undefined {
  return regime.forms.find(
    (form) =>
      form.for === wanted.for &&
      (form.level === undefined || form.level === wanted.level) &&
      (form.workKind === undefined || form.workKind === wanted.workKind) &&
      (form.activityKinds === undefined || form.activityKinds.includes(wanted.activityKind ?? '')),
  )
}
