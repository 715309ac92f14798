import { z } from 'zod'
import { periodKinds } from './periods.ts'
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

const clause = z.string().trim().min(1)
const text = z.string().trim().min(1)
const identifier = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/)
const condition = z.string().trim().min(1)
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
const periodKind = z.enum(Object.keys(periodKinds) as [PeriodKind, ...PeriodKind[]])

/** Every value states where it comes from: a clause of the document, or a note that says who assumed it and why. */
const sourced = { clause: clause.optional(), note: text.optional() }
const hasSource = (value: { clause?: string | undefined; note?: string | undefined }) =>
  value.clause !== undefined || value.note !== undefined
const sourceMissing = '这个数值没有写明依据：请写 clause（条款号），条款没有规定的写 note（说明由谁设定）'

const setting = z
  .strictObject({
    label: text,
    value: z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)

const term = z.strictObject({
  id: identifier,
  label: text,
  group: text.optional(),
  clause: clause.optional(),
})

const section = z.strictObject({
  id: identifier,
  label: text,
  hint: text.optional(),
  required: z.boolean().default(true),
  clause: clause.optional(),
})

/** Required parts of a paper, of the minutes of an activity, of the items settled before it, or of a work. */
const form = z.strictObject({
  id: identifier,
  label: text,
  clause,
  for: z.enum(['plan', 'summary', 'minutes', 'settledItems', 'work']),
  level: z.enum(['organisation', 'group', 'teacher']).optional(),
  workKind: identifier.optional(),
  activityKinds: z.array(identifier).optional(),
  sections: z.array(section).min(1),
})

const cohort = z.strictObject({
  id: identifier,
  label: text,
  when: condition,
  /** The day on which the condition is asked; always a day on which the person serves, if there is one. */
  takenAt: z.enum(['periodStart', 'periodEnd', 'schoolYearStart']).default('periodEnd'),
  ...sourced,
})

const binds = z.union([
  z.strictObject({ person: identifier }),
  z.strictObject({ unit: z.array(identifier).min(1), when: condition.optional() }),
  z.strictObject({ organisation: z.literal(true) }),
])

const count = z.strictObject({
  fact: z.string(),
  where: condition.optional(),
  /** A fact that fails one of these is listed as not counted, with the sentence. */
  requires: z.array(z.strictObject({ when: condition, otherwise: text })).default([]),
  /** `everyone`: facts of all subjects count, for duties of the organisation. */
  of: z.enum(['subject', 'everyone']).default('subject'),
  maxPerFact: z.number().positive().optional(),
})
const counts = z.union([z.literal('hours'), count.transform((one) => [one]), z.array(count).min(1)])

const words = z.strictObject({ owe: text.optional(), have: text.optional(), hand: text.optional() })
const makeUp = z.enum(['none', 'term', 'schoolYear'])

const minimumShape = {
  counts: counts.optional(),
  atLeast: z.number().positive().optional(),
  measure: z.enum(['count', 'hours', 'quantity', 'days']).default('count'),
  /** Minutes of one unit where `measure` is `hours`; the regime's `minutesPerHour` unless said here. */
  minutesPerUnit: z.number().positive().optional(),
  unit: text.optional(),
  per: periodKind.optional(),
  /** A window by whose end it is due, although it counts for the whole period. */
  dueBy: z.enum(['opening', 'middle', 'closing']).optional(),
  /** Facts up to so many days before the period count for it (a plan filed before the term begins). */
  earlyDays: z.number().int().min(0).default(0),
  graceDays: z.number().int().min(0).optional(),
  makeUp: makeUp.optional(),
  maxPerPeriod: z.number().positive().optional(),
}
const minimum = z.strictObject({
  id: identifier,
  title: text.optional(),
  binds: binds.optional(),
  clause: clause.optional(),
  ...minimumShape,
})

const formBlock = z.strictObject({
  counts,
  /** Id of a form whose required sections must all be filled in. */
  form: identifier.optional(),
  per: periodKind,
  unit: text.default('份'),
  /** Share of the records that must be complete. */
  share: z.number().min(0).max(1).default(1),
})
const listBlock = z.strictObject({
  counts,
  vocabulary: identifier,
  attribute: identifier,
  per: periodKind,
  unit: text.default('次'),
})
const limitBlock = z.strictObject({
  counts,
  /** Facts that take one away each (absences that were made up). */
  offsets: counts.optional(),
  reaches: z.number().positive(),
  unit: text.default('次'),
  per: periodKind,
  result: text,
  /** The grade that is given to a score whatever the points; the lowest rank wins. */
  forces: z.strictObject({ rule: z.string(), grade: text, rank: z.number().int().min(1) }).optional(),
})
const band = z.strictObject({
  grade: text,
  from: z.number(),
  below: z.number().optional(),
  clause: clause.optional(),
})
const voice = z.strictObject({ id: identifier, label: text, weight: z.number().positive().default(1) })
const weightedPart = z.strictObject({
  id: identifier,
  label: text,
  weight: z.number().positive(),
  clause,
  counts,
  combine: z.enum(['average', 'sum', 'last']).default('average'),
  /** Each voice must have spoken, else the part is missing; its result is their weighted mean. */
  voices: z.array(voice).optional(),
})
const pointsPart = z
  .strictObject({
    id: identifier,
    label: text,
    counts,
    points: z.number(),
    each: z.enum(['fact', 'hour', 'quantity']).default('fact'),
    max: z.number().positive().optional(),
    /** Without any fact the part is missing rather than nought. */
    required: z.boolean().default(false),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)
const scoreBlock = z
  .strictObject({
    per: periodKind,
    parts: z.array(weightedPart).min(1).optional(),
    points: z.array(pointsPart).min(1).optional(),
    bands: z.array(band).min(1).optional(),
    unit: text.default('分'),
  })
  .refine(
    (score) => (score.parts === undefined) !== (score.points === undefined),
    '评分须写 parts（按权重）或 points（按积分）其中一种',
  )
const awardBlock = z
  .strictObject({
    rule: z.string(),
    atLeast: z.number().optional(),
    grades: z.array(text).optional(),
    result: text,
  })
  .refine(
    (award) => award.atLeast !== undefined || award.grades !== undefined,
    '请写明分数线 atLeast 或等次 grades',
  )
const bodyBlock = z.strictObject({
  unitKinds: z.array(identifier).min(1),
  when: condition.optional(),
  atLeast: z.number().int().positive().default(1),
  unit: text.default('个'),
  /** Each such unit has somebody in one of these roles. */
  roles: z.array(identifier).default([]),
})
const rotationBlock = z.strictObject({ counts, per: periodKind })

const exception = z.strictObject({
  id: identifier,
  when: condition,
  rank: z.number().int().min(1),
  because: text,
  clause,
  /** What is asked instead; without it the duty is excused. */
  atLeast: z.number().min(0).optional(),
})

const rule = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+-\d{2,}$/),
  clause,
  kind: z.enum(Object.keys(ruleKinds) as [RuleKind, ...RuleKind[]]),
  title: text,
  text,
  note: text.optional(),
  binds: binds.default({ organisation: true }),
  ...minimumShape,
  minima: z.array(minimum).min(1).optional(),
  form: formBlock.optional(),
  list: listBlock.optional(),
  limit: limitBlock.optional(),
  score: scoreBlock.optional(),
  award: awardBlock.optional(),
  body: bodyBlock.optional(),
  rotation: rotationBlock.optional(),
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
  .strictObject({ id: identifier, label: text, counts: count.transform((one) => [one]), ...sourced })
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
    })
    .prefault({}),
  forms: z.array(form).default([]),
  cohorts: z.array(cohort).default([]),
  /** What a person's 学时 are made of. */
  hours: z.array(hoursSource).default([]),
  rules: z.array(rule).min(1),
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
  measure: 'count' | 'hours' | 'quantity' | 'days'
  minutesPerUnit: number | null
  unit: string
  per: PeriodKind
  dueBy: 'opening' | 'middle' | 'closing' | null
  earlyDays: number
  graceDays: number
  makeUp: MakeUp
  maxPerPeriod: number | null
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
    measure: minimum.measure,
    minutesPerUnit: minimum.minutesPerUnit ?? rule.minutesPerUnit ?? null,
    unit: minimum.unit ?? rule.unit ?? '',
    per: minimum.per ?? rule.per ?? 'schoolYear',
    dueBy: minimum.dueBy ?? rule.dueBy ?? null,
    earlyDays: minimum.earlyDays || rule.earlyDays,
    graceDays: minimum.graceDays ?? rule.graceDays ?? grace,
    makeUp: minimum.makeUp ?? rule.makeUp ?? usual,
    maxPerPeriod: minimum.maxPerPeriod ?? rule.maxPerPeriod ?? null,
  }))
}

function pickMinimum(rule: Rule) {
  const { counts: ruleCounts, atLeast, measure, minutesPerUnit, unit, per, dueBy } = rule
  const { earlyDays, graceDays, makeUp: ruleMakeUp, maxPerPeriod } = rule
  const limits = { earlyDays, graceDays, makeUp: ruleMakeUp, maxPerPeriod }
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
