import { z } from 'zod'
import { periodKinds, type PeriodKind } from '../../engine/periods.ts'
import { type RuleKind, ruleKinds } from '../../engine/schema.ts'
import { type SimpleConditions, type SimpleOperator, simpleOperators } from '../../engine/simple-words.ts'
import type { SubjectKind } from '../../engine/types.ts'
import { endpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'

/** Parts of a version beside the values of its rules: cohorts, forms, word lists, and whole rules. */

export interface AttributeChoice {
  name: string
  label: string
  type: 'string' | 'number' | 'boolean' | 'strings'
  options: { value: string; label: string }[]
  /** Whether something else than the options may be written. */
  open: boolean
}

/** Whom a condition meets today among those in post. */
export interface CohortCount {
  matched: number
  of: number
  names: string[]
  /** Of these people something is not on record, so that nothing can be said. */
  undecided: { names: string[]; missing: string[] }
  /** Why the condition cannot be asked. */
  problem: string | null
}

export interface CohortView {
  id: string
  label: string
  /** Null where the condition goes beyond what the form can show. */
  conditions: SimpleConditions | null
  described: string
  takenAt: string
  clause: string | null
  note: string | null
  usedBy: string[]
  count: CohortCount
}

export interface FormView {
  id: string
  label: string
  clause: string
  /** 计划（学校） */
  about: string
  sections: { id: string; label: string; hint: string; required: boolean }[]
  usedBy: string[]
}

export interface WordListView {
  name: string
  label: string
  terms: { id: string; label: string; clause: string | null; used: boolean }[]
}

export interface PartsPage {
  id: string
  rowVersion: number
  cohorts: CohortView[]
  attributes: AttributeChoice[]
  forms: FormView[]
  /** What a new form may be for. */
  formKinds: { value: FormFor; label: string }[]
  workKinds: { value: string; label: string }[]
  lists: WordListView[]
  /** Settings that a condition names: `age < settings.youngAge`. */
  settings: { name: string; label: string; value: string }[]
  abilities: { edit: string | null }
}

export interface FactChoice {
  kind: string
  label: string
  unit: string
  quantity: string
  subjects: SubjectKind[]
  /** Whether a page keeps such records already. */
  isKept: boolean
  attributes: AttributeChoice[]
}
export interface RuleChoices {
  facts: FactChoice[]
  cohorts: { id: string; label: string }[]
  unitKinds: { value: string; label: string }[]
  forms: { id: string; label: string }[]
  periods: { value: PeriodKind; label: string }[]
}

const rowVersion = z.number().int().min(1)
const name = z.string().max(60)
const words = (longest: number) => z.string().trim().max(longest)
const conditions = z.object({
  join: z.enum(['all', 'any']),
  conditions: z
    .array(
      z.object({
        attribute: name,
        operator: z.enum(Object.keys(simpleOperators) as [SimpleOperator, ...SimpleOperator[]]),
        value: z.union([
          z.string().max(80),
          z.number(),
          z.array(z.string().max(80)).max(40),
          z.object({ setting: name }),
          z.null(),
        ]),
      }),
    )
    .max(12),
})

const formFors = ['plan', 'summary', 'minutes', 'settledItems', 'papers', 'work', 'record'] as const
export type FormFor = (typeof formFors)[number]
const levels = ['organisation', 'group', 'teacher'] as const

/** Facts of a kind that count: all of them, or those that meet conditions. */
const counted = z.object({ fact: z.string().max(60), where: conditions })
export type CountedForm = z.output<typeof counted>

const ruleForm = z.object({
  kind: z.enum(Object.keys(ruleKinds) as [RuleKind, ...RuleKind[]]),
  shape: z.enum(['amount', 'form', 'limit', 'score', 'manual']),
  title: words(40),
  clause: words(40),
  text: words(600),
  consequence: words(300),
  binds: z.object({
    of: z.enum(['person', 'unit', 'organisation']),
    cohort: name,
    unitKinds: z.array(name).max(10),
  }),
  per: z.enum(Object.keys(periodKinds) as [PeriodKind, ...PeriodKind[]]),
  counts: counted,
  /** Whose facts: the subject's own, those of the members of a group, of everybody. */
  of: z.enum(['subject', 'members', 'everyone']),
  atLeast: z.number(),
  measure: z.enum(['count', 'hours', 'quantity']),
  unit: words(10),
  form: name,
  /** For limits: so many bring the result. */
  reaches: z.number(),
  result: words(60),
  /** For scores: by weights, or points that add up. */
  scoring: z.enum(['weights', 'points']),
  parts: z
    .array(z.object({ label: words(40), amount: z.number(), most: z.number().nullable(), counts: counted }))
    .max(20),
  bands: z.array(z.object({ grade: words(20), from: z.number() })).max(10),
  manual: words(300),
})
export type RuleForm = z.output<typeof ruleForm>

export const regimePartsApi = {
  getParts: endpoint('member', z.object({ id }))<PartsPage>(),
  /** Whom a condition would meet today, while it is being written. */
  getCohortCount: endpoint('member', z.object({ id, conditions }))<CohortCount>(),
  getRuleChoices: endpoint('member', z.object({ id }))<RuleChoices>(),
  /** A draft with nothing in it but the usual settings and words, for a regulation that is none of those that ship. */
  createEmpty: endpoint('member', z.object({ title: words(80), issuedBy: words(80) }))<{ id: string }>(),
  /** `cohortId` empty: a new one. `conditions` null: the condition stays as it is. */
  saveCohort: endpoint(
    'member',
    z.object({
      id,
      rowVersion,
      cohort: name,
      label: words(40),
      conditions: conditions.nullable(),
      clause: words(40),
      note: words(300),
    }),
  )<{ rowVersion: number }>(),
  removeCohort: endpoint('member', z.object({ id, rowVersion, cohort: name }))<{ rowVersion: number }>(),
  saveForm: endpoint(
    'member',
    z.object({
      id,
      rowVersion,
      form: name,
      label: words(40),
      clause: words(40),
      /** What a new form is for; an existing one keeps what it has. */
      about: z.object({ for: z.enum(formFors), level: z.enum(levels).nullable(), workKind: name }),
      sections: z
        .array(z.object({ section: name, label: words(60), hint: words(200), required: z.boolean() }))
        .max(40),
    }),
  )<{ rowVersion: number }>(),
  removeForm: endpoint('member', z.object({ id, rowVersion, form: name }))<{ rowVersion: number }>(),
  saveWords: endpoint(
    'member',
    z.object({
      id,
      rowVersion,
      list: name,
      terms: z.array(z.object({ term: name, label: words(40), clause: words(40) })).max(80),
    }),
  )<{ rowVersion: number }>(),
  addRule: endpoint('member', z.object({ id, rowVersion, rule: ruleForm }))<{
    rowVersion: number
    ruleId: string
  }>(),
  removeRule: endpoint('member', z.object({ id, rowVersion, ruleId: z.string().max(90) }))<{
    rowVersion: number
  }>(),
}
export type RegimePartsApi = typeof regimePartsApi
