import { z } from 'zod'
import { periodKinds } from './periods.ts'
import type { PeriodKind } from './periods.ts'

/** The building blocks of the regime language; `schema.ts` puts them together. */

export const clause = z.string().trim().min(1)
export const text = z.string().trim().min(1)
export const identifier = z.string().regex(/^[A-Za-z][A-Za-z0-9-]*$/)
export const condition = z.string().trim().min(1)
export const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/)
export const periodKind = z.enum(Object.keys(periodKinds) as [PeriodKind, ...PeriodKind[]])

/** Every value states where it comes from: a clause of the document, or a note that says who assumed it and why. */
export const sourced = { clause: clause.optional(), note: text.optional() }
export const hasSource = (value: { clause?: string | undefined; note?: string | undefined }) =>
  value.clause !== undefined || value.note !== undefined
export const sourceMissing =
  '这个数值没有写明依据：请写 clause（条款号），条款没有规定的写 note（说明由谁设定）'

export const setting = z
  .strictObject({
    label: text,
    value: z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)

export const term = z.strictObject({
  id: identifier,
  label: text,
  group: text.optional(),
  clause: clause.optional(),
})

export const section = z.strictObject({
  id: identifier,
  label: text,
  hint: text.optional(),
  required: z.boolean().default(true),
  clause: clause.optional(),
})

/** Required parts of a paper, of the minutes of an activity, of the items settled before it, or of a work. */
export const form = z.strictObject({
  id: identifier,
  label: text,
  clause,
  /** What the form belongs to; `record` stands for any other fact with an attribute `parts`. */
  for: z.enum(['plan', 'summary', 'minutes', 'settledItems', 'papers', 'work', 'record']),
  level: z.enum(['organisation', 'group', 'teacher']).optional(),
  workKind: identifier.optional(),
  activityKinds: z.array(identifier).optional(),
  sections: z.array(section).min(1),
})

export const cohort = z.strictObject({
  id: identifier,
  label: text,
  when: condition,
  /** The day on which the condition is asked; always a day on which the person serves, if there is one. */
  takenAt: z.enum(['periodStart', 'periodEnd', 'schoolYearStart']).default('periodEnd'),
  ...sourced,
})

export const binds = z.union([
  z.strictObject({ person: identifier }),
  z.strictObject({ unit: z.array(identifier).min(1), when: condition.optional() }),
  /** `district`: a duty of the district office itself, not of its schools. */
  z.strictObject({ organisation: z.literal(true), level: z.enum(['school', 'district']).default('school') }),
])

export const count = z.strictObject({
  fact: z.string(),
  where: condition.optional(),
  /** A fact that fails one of these is listed as not counted, with the sentence. */
  requires: z.array(z.strictObject({ when: condition, otherwise: text })).default([]),
  /** `everyone`: facts of all subjects count, for duties of the organisation; `members`: those of a unit's people. */
  of: z.enum(['subject', 'everyone', 'members']).default('subject'),
  /** How much one such fact is worth where facts are counted: a topic may stand for two papers. */
  worth: z.number().positive().default(1),
  maxPerFact: z.number().positive().optional(),
})
/** Credits of a conversion table, all of them or those of a cell: categories, levels and named topics. */
const fromTable = z.strictObject({
  table: identifier,
  categories: z.array(text).optional(),
  levels: z.array(text).optional(),
  topics: z.array(text).optional(),
})
export const counts = z.union([
  z.literal('hours'),
  fromTable,
  count.transform((one) => [one]),
  z.array(count).min(1),
])

export const words = z.strictObject({ owe: text.optional(), have: text.optional(), hand: text.optional() })
export const makeUp = z.enum(['none', 'term', 'schoolYear'])

export const minimumShape = {
  counts: counts.optional(),
  atLeast: z.number().positive().optional(),
  /** `kinds` counts different values of the attribute `kindsOf`; `credits` adds up what a table grants. */
  measure: z.enum(['count', 'hours', 'quantity', 'days', 'kinds', 'credits']).default('count'),
  kindsOf: identifier.optional(),
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
  /** Whether less is asked of those who were in post for part of a long period; the regime's `prorate` unless said. */
  prorate: z.boolean().optional(),
}
export const minimum = z.strictObject({
  id: identifier,
  title: text.optional(),
  binds: binds.optional(),
  clause: clause.optional(),
  ...minimumShape,
})

export const formBlock = z.strictObject({
  counts,
  /** Id of a form whose required sections must all be filled in. */
  form: identifier.optional(),
  per: periodKind,
  unit: text.default('份'),
  /** Attribute that lists the parts that are there, where it is not the usual one of the form. */
  attribute: identifier.optional(),
  /** Share of the records that must be complete. */
  share: z.number().min(0).max(1).default(1),
  /** So many complete records are owed; without it a period without records asks for nothing. */
  atLeast: z.number().int().positive().optional(),
})
export const listBlock = z.strictObject({
  counts,
  vocabulary: identifier,
  attribute: identifier,
  /** Only these terms of the vocabulary. */
  terms: z.array(identifier).min(1).optional(),
  /** At least so many of the terms must have been used; `all`: every one. */
  use: z.union([z.literal('all'), z.number().int().positive()]).optional(),
  per: periodKind,
  unit: text.default('次'),
})
export const limitBlock = z.strictObject({
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
export const band = z.strictObject({
  grade: text,
  from: z.number(),
  below: z.number().optional(),
  clause: clause.optional(),
})
/** `insteadOf`: who speaks for this voice when the one who is evaluated meets the condition (the principal). */
export const voice = z.strictObject({
  id: identifier,
  label: text,
  weight: z.number().positive().default(1),
  insteadOf: z.strictObject({ when: condition, by: identifier }).optional(),
})
const weightedPart = z.strictObject({
  id: identifier,
  label: text,
  weight: z.number().positive(),
  clause,
  /** Facts whose amounts are the result of the part, or `rule`: the share that another rule reached, in percent. */
  counts: counts.optional(),
  rule: z.string().optional(),
  combine: z.enum(['average', 'sum', 'last']).default('average'),
  /** Their weighted mean is the result. A voice that has not spoken is never nought: the part waits for it, or … */
  voices: z.array(voice).optional(),
  /** … `spread`: once the period is over its weight goes to the others, if at least `leastVoices` have spoken. */
  missingVoice: z.enum(['wait', 'spread']).default('wait'),
  leastVoices: z.number().int().positive().default(2),
})
const pointsPart = z
  .strictObject({
    id: identifier,
    label: text,
    counts,
    points: z.number(),
    each: z.enum(['fact', 'hour', 'quantity']).default('fact'),
    max: z.number().positive().optional(),
    /** The lowest sum, for deductions. */
    min: z.number().negative().optional(),
    /** Without any fact the part is missing rather than nought. */
    required: z.boolean().default(false),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)
export const scoreBlock = z
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
export const awardBlock = z
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
export const bodyBlock = z.strictObject({
  unitKinds: z.array(identifier).min(1),
  when: condition.optional(),
  atLeast: z.number().int().positive().default(1),
  unit: text.default('个'),
  /** Each such unit has somebody in each of these roles. */
  roles: z.array(identifier).default([]),
  /** Composition: so many people of a role, or whoever meets a condition, are in each such unit. */
  members: z
    .array(
      z.strictObject({
        label: text,
        role: identifier.optional(),
        when: condition.optional(),
        atLeast: z.number().int().positive().default(1),
        /** Everybody in the school who meets the condition belongs to it (heads of groups, all teachers). */
        everybody: z.boolean().default(false),
      }),
    )
    .default([]),
})
export const rotationBlock = z.strictObject({ counts, per: periodKind })

export const exception = z.strictObject({
  id: identifier,
  when: condition,
  rank: z.number().int().min(1),
  because: text,
  clause,
  /** What is asked instead; without it the duty is excused. */
  atLeast: z.number().min(0).optional(),
})

/** Ordered steps of one matter; facts of one matter carry the same `caseId`. */
export const flowBlock = z.strictObject({
  per: periodKind,
  unit: text.default('件'),
  /** So many complete matters are owed; without it only those that were begun must be complete. */
  atLeast: z.number().int().positive().optional(),
  /** What begins a matter, where it is not the first step: every such fact must be followed through. */
  begins: counts.optional(),
  ordered: z.boolean().default(true),
  steps: z
    .array(
      z.strictObject({
        id: identifier,
        label: text,
        counts,
        /** Days after the step before it (or after what begins the matter) in which it must be done. */
        withinDays: z.number().int().min(0).optional(),
        optional: z.boolean().default(false),
        clause: clause.optional(),
      }),
    )
    .min(1),
})

/** A consequence elsewhere: what follows in which decision when other rules are met or not. */
export const linkBlock = z.strictObject({
  /** The rules whose results are looked at; all of them must be met. */
  rules: z.array(z.string()).min(1),
  /** When a result counts as met: these grades, at least so much, else whatever the rule itself asks. */
  grades: z.array(text).optional(),
  atLeast: z.number().optional(),
  /** In which decisions: 评优、晋级 … */
  targets: z.array(text).min(1),
  strength: z.enum(['condition', 'veto', 'preference', 'points', 'basis']),
  /** For `points`: what is added (or taken away) when met, or when not met. */
  points: z.number().optional(),
  pointsWhenMissed: z.number().optional(),
})

/** One amount as a share of another: 5 % of the public funds, a rate of participation. */
export const shareBlock = z.strictObject({
  part: counts,
  whole: counts,
  measure: z.enum(['count', 'quantity']).default('quantity'),
  /** 0.05 is 5 %. */
  atLeast: z.number().positive(),
  per: periodKind,
})

const aim = {
  /** Cohort of people; of a unit only its members where the rule binds units. */
  among: identifier,
  /** Reached by meeting another rule, … */
  rule: z.string().optional(),
  /** … by facts, each of these lists at least once, … */
  each: z
    .array(z.strictObject({ id: identifier, label: text, counts }))
    .min(1)
    .optional(),
  /** … or by a condition over the person. */
  when: condition.optional(),
  /** 0.8 is 80 %. */
  share: z.number().min(0).max(1).optional(),
  people: z.number().int().positive().optional(),
}
/** A share, or a number, of a cohort that must have reached something; `also` holds further aims of the rule. */
export const targetBlock = z.strictObject({
  ...aim,
  per: periodKind,
  also: z.array(z.strictObject({ id: identifier, title: text, ...aim })).default([]),
})

const cap = z
  .strictObject({
    id: identifier,
    label: text,
    /** Rows to which it applies: all, or those of these categories, levels, topics or row ids. */
    rows: z.array(identifier).optional(),
    categories: z.array(text).optional(),
    levels: z.array(text).optional(),
    topics: z.array(text).optional(),
    per: periodKind,
    atMost: z.number().positive(),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)
const tableRow = z
  .strictObject({
    id: identifier,
    label: text,
    category: text.optional(),
    level: text.optional(),
    topic: text.optional(),
    counts,
    /** What is granted: per fact, per hour (`minutesPerHour`) or per unit of the quantity. */
    grants: z.number().positive(),
    each: z.enum(['fact', 'hour', 'quantity']).default('fact'),
    maxPerFact: z.number().positive().optional(),
    ...sourced,
  })
  .refine(hasSource, sourceMissing)
/** A conversion into 学时, 学分 or points; the first row that a fact meets grants, several tables stand side by side. */
export const table = z.strictObject({
  id: identifier,
  label: text,
  unit: text,
  /** Facts before this day are converted by the earlier table of the same id … */
  from: day.optional(),
  /** … and facts after this one by a later one. */
  to: day.optional(),
  rows: z.array(tableRow).min(1),
  caps: z.array(cap).default([]),
})

export const phase = z.strictObject({ id: identifier, label: text, from: day, to: day, ...sourced })
