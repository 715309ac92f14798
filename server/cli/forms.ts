import { z } from 'zod'
import { dayNumber, dayOf } from '../../engine/days.ts'
import { findingStateLabels } from '../../engine/types.ts'
import type { FindingState } from '../../engine/types.ts'

/** The forms of the files that the command line reads and writes, also as JSON Schema in `schemas/`. */

/** Whether the calendar has this day. */
function isDay(text: string): boolean {
  return dayOf(dayNumber(text)) === text
}

const day = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
    error: '日期请写成 2026-09-01 的样子，并且日历上要有这一天',
    abort: true,
  })
  .refine(isDay, '日历上没有这一天')
  .describe('日期，如 2026-09-01')
const text = z.string().trim().min(1)
const value = z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
const dated = { from: day, to: day.nullable().default(null) }
const closed = z.strictObject({ from: day, to: day })

export const calendarSchema = z.strictObject({
  schoolYears: z.array(z.strictObject({ id: text.describe('如 2026-2027'), from: day, to: day })).min(1),
  terms: z
    .array(
      z.strictObject({
        id: text.describe('如 2026-2027-1'),
        schoolYearId: text,
        number: z.union([z.literal(1), z.literal(2)]),
        name: text,
        from: day,
        to: day,
        windows: z
          .strictObject({ opening: closed, middle: closed, closing: closed })
          .describe('期初、期中、期末'),
      }),
    )
    .min(1),
  specialDays: z
    .array(z.strictObject({ day, kind: z.enum(['holiday', 'workday']), name: text }))
    .default([])
    .describe('放假的日子和调休上班的日子'),
})

export const unitsSchema = z.array(
  z.strictObject({
    id: text,
    kind: text.describe('组织类别，如 teachingResearchGroup'),
    name: text,
    parentId: text.nullable().default(null),
    attributes: z.record(z.string(), value).default({}),
    from: day.default('1970-01-01'),
    to: day.nullable().default(null),
  }),
)

export const peopleSchema = z.array(
  z.strictObject({
    id: text.describe('工号'),
    name: text,
    service: z
      .array(z.strictObject(dated))
      .min(1)
      .default([{ from: '1970-01-01', to: null }])
      .describe('在职的日子'),
    attributes: z
      .array(z.strictObject({ name: text, value, ...dated }))
      .default([])
      .describe('带起止日期的属性，如 staffKind'),
    memberships: z.array(z.strictObject({ unitId: text, ...dated })).default([]),
    posts: z
      .array(z.strictObject({ unitId: text.nullable().default(null), role: text, ...dated }))
      .default([]),
    absences: z
      .array(z.strictObject({ kind: text, ...dated }))
      .default([])
      .describe('长假，这些日子不作要求'),
  }),
)

export const factsSchema = z.array(
  z.strictObject({
    id: text.optional().describe('不写时按顺序编号'),
    kind: text.describe('事实种类，见 xiaoyan facts kinds'),
    subject: z
      .strictObject({ kind: z.enum(['person', 'unit', 'organisation']), id: text })
      .describe('记在谁名下'),
    on: day.describe('哪一天的事'),
    recordedOn: day.optional().describe('哪一天登记的，不写时同一天'),
    quantity: z.number().optional().describe('数量；以分钟计的种类必须写'),
    attributes: z.record(z.string(), value).default({}),
    source: z.strictObject({ room: text, id: text }).optional(),
    reverses: text.nullable().default(null).describe('撤销哪一条记录'),
  }),
)

const subject = z.strictObject({
  kind: z.enum(['person', 'unit', 'organisation']),
  id: z.string(),
  name: z.string(),
})
const period = z.strictObject({ kind: z.string(), id: z.string(), label: z.string(), from: day, to: day })
const state = z.enum(Object.keys(findingStateLabels) as [FindingState, ...FindingState[]])
const figures = { minutes: z.number(), hours: z.number() }
const traceFact = z.strictObject({
  factId: z.string(),
  on: day,
  counted: z.number(),
  because: z.string().nullable(),
})
const problem = z.strictObject({
  file: z.string().nullable(),
  line: z.number().nullable(),
  column: z.string().nullable(),
  message: z.string(),
})

/** What `xiaoyan evaluate --json` prints. */
export const findingsSchema = z.strictObject({
  on: day.optional(),
  schoolYear: z.string().optional(),
  regimes: z
    .array(z.strictObject({ id: z.string(), title: z.string(), version: z.string(), file: z.string() }))
    .optional(),
  findings: z
    .array(
      z.strictObject({
        regimeId: z.string(),
        ruleId: z.string(),
        minimumId: z.string(),
        subject,
        period,
        state,
        value: z.number().nullable(),
        target: z.number().nullable(),
        unit: z.string(),
        dueOn: day.nullable(),
        result: z.string().nullable(),
        trace: z.strictObject({
          clause: z.strictObject({ document: z.string(), number: z.string() }),
          title: z.string(),
          sentence: z.string(),
          formula: z.string(),
          inputs: z.array(
            z.strictObject({ label: z.string(), value: z.string(), from: z.string().optional() }),
          ),
          facts: z.array(traceFact),
          exceptions: z.array(z.string()),
        }),
      }),
    )
    .optional(),
  hours: z
    .array(
      z.strictObject({
        regimeId: z.string(),
        subject,
        minutesPerHour: z.number(),
        ...figures,
        bySource: z.array(z.strictObject({ source: z.string(), ...figures, factIds: z.array(z.string()) })),
        terms: z.array(z.strictObject({ termId: z.string(), name: z.string(), ...figures })),
      }),
    )
    .optional(),
  credits: z
    .array(
      z.strictObject({
        regimeId: z.string(),
        subject,
        tableId: z.string(),
        label: z.string(),
        unit: z.string(),
        credits: z.number(),
        rows: z.array(
          z.strictObject({
            rowId: z.string(),
            label: z.string(),
            credits: z.number(),
            facts: z.array(traceFact),
          }),
        ),
      }),
    )
    .optional()
    .describe('换算表给出的学分、学时或积分，按学年'),
  scores: z
    .array(
      z.strictObject({
        regimeId: z.string(),
        ruleId: z.string(),
        subject,
        period,
        score: z.number().nullable(),
        grade: z.string().nullable(),
        forced: z.string().nullable(),
        parts: z.array(
          z.strictObject({
            id: z.string(),
            label: z.string(),
            value: z.number().nullable(),
            points: z.number().nullable(),
            missing: z.string().nullable(),
            formula: z.string(),
            factIds: z.array(z.string()),
          }),
        ),
      }),
    )
    .optional(),
  ignored: z
    .array(z.strictObject({ file: z.string(), columns: z.array(z.string()) }))
    .optional()
    .describe('文件里没有用到的列'),
  problems: z.array(problem).describe('有问题时只有这一项，什么也不计算'),
})
export type FindingsOutput = z.output<typeof findingsSchema>
