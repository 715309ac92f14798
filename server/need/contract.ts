import { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { endpoint, fileEndpoint } from '../kit/contract.ts'
import { id, localDate } from '../org/contract.ts'
import {
  type LayerSource,
  type QuestionKind,
  questionKindLabels,
  type SurveyStatus,
  type WeaknessSource,
  weaknessSourceLabels,
} from './words.ts'

type Ability = string | null
type Nothing = Record<string, never>
const questionKinds = Object.keys(questionKindLabels) as [QuestionKind, ...QuestionKind[]]
const sources = Object.keys(weaknessSourceLabels) as [WeaknessSource, ...WeaknessSource[]]

const word = z.string().trim().max(60)
const one = z.object({ id })
const inTerm = z.object({ termId: z.string().max(40).optional() })
const years = z.number().int('请填整数').min(0).max(70, '请填 0—70 的整数').optional()
const criteria = z.object({
  ageAtMost: years,
  yearsTeachingAtMost: years,
  yearsTeachingAtLeast: years,
  backbone: z.boolean().optional(),
})
/** Who belongs to a layer, by the staff register; nothing asked means every teacher. */
export type LayerCriteria = z.output<typeof criteria>

const option = z.object({
  id: z.string().min(1).max(60),
  label: z.string().trim().max(60, '选项不超过 60 字'),
})
const question = z.object({
  id: z.string().min(1).max(40),
  kind: z.enum(questionKinds),
  label: z.string().trim().max(120, '题目不超过 120 字'),
  /** How many may be chosen. */
  most: z.number().int().min(1).max(20).default(3),
  options: z.array(option).max(30, '一题最多 30 个选项').default([]),
})
export type Question = z.output<typeof question>
/** By question: the options chosen, or the one text that was written. */
export type Answers = Record<string, string[]>

const surveyFields = z.object({
  title: z.string().trim().min(1, '请写问卷名称').max(60, '名称不超过 60 字'),
  note: z.string().trim().max(500, '说明不超过 500 字').default(''),
  kind: word.default('trainingNeed'),
  layers: z.array(word).max(20),
  dueOn: localDate,
  anonymous: z.boolean().default(false),
  sharesSummary: z.boolean().default(true),
  questions: z
    .array(question)
    .max(20, '一份问卷最多 20 题')
    .refine((list) => new Set(list.map((one) => one.id)).size === list.length, '题目编号重复'),
})
export type SurveyInput = z.output<typeof surveyFields>

const moduleFields = z.object({
  title: z.string().trim().min(1, '请写模块名称').max(60, '名称不超过 60 字'),
  termId: z.string().max(40),
  contentTag: word.default(''),
  layer: word.min(1, '请选择面向哪个层次'),
  form: word.default(''),
  activityKind: word.default(''),
  plannedMinutes: z.number().int('请填整数分钟').min(0).max(60_000, '计划时间太长，请核对'),
  responsibleId: id,
  unitId: id.nullable().default(null),
  guidanceCourse: z.boolean().default(false),
  aim: z.string().trim().max(500, '目标不超过 500 字').default(''),
  surveyId: id.nullable().default(null),
  weaknessIds: z.array(id).max(30).default([]),
})
export type ModuleInput = z.output<typeof moduleFields>

export interface Term {
  id: string
  label: string
}
export interface LayerView extends Term {
  source: LayerSource
  /** Who belongs to it, in words. */
  meaning: string
  /** People in it today. */
  people: number
  /** Null where the regime says who belongs; only those of the school can be changed. */
  criteria: LayerCriteria | null
}
export interface SurveyLine {
  id: string
  title: string
  status: SurveyStatus
  layers: string[]
  dueOn: LocalDate
  anonymous: boolean
  asked: number
  answered: number
  /** I am asked and have not answered. */
  waits: boolean
  isOver: boolean
  questions: number
}
export interface SurveyResults {
  asked: number
  answered: number
  /** Why nothing is counted yet. */
  hidden: string | null
  layers: { id: string; label: string; asked: number; answered: number }[]
  questions: {
    id: string
    kind: QuestionKind
    label: string
    /** The most wanted first; null where it is not shown. `byLayer` in the order of the layers. */
    options: { id: string; label: string; count: number | null; byLayer: (number | null)[] }[]
    texts: { text: string; personName: string | null }[]
  }[]
}
export interface SurveyView extends SurveyLine {
  kind: string
  kindLabel: string
  note: string
  sharesSummary: boolean
  version: number
  questionList: Question[]
  myAnswers: Answers | null
  answeredByMe: boolean
  results: SurveyResults | null
  /** Who has not answered; null where the survey is anonymous or it is not mine to know. */
  missing: string[] | null
  /** Modules already proposed from it. */
  modules: number
  abilities: Record<'edit' | 'open' | 'close' | 'discard' | 'answer' | 'results' | 'propose', Ability>
}
export interface WeaknessView {
  id: string
  unitId: string | null
  unitName: string
  layer: string
  layerLabel: string
  contentTag: string
  tagLabel: string
  text: string
  foundOn: LocalDate
  source: WeaknessSource
  notedByName: string | null
  module: { id: string; title: string } | null
  /** Planned once a module takes it up, answered once one of its activities was held. */
  state: 'open' | 'planned' | 'answered'
  abilities: { withdraw: Ability }
}
export interface Progress {
  held: number
  heldMinutes: number
  /** Person-times of the layer: expected and attended. */
  expected: number
  attended: number
  /** People of the layer today, and those of them reached at least once. */
  people: number
  reached: number
  ratePerMille: number | null
}
export interface ModuleLine {
  id: string
  title: string
  layer: string
  layerLabel: string
  contentTag: string
  tagLabel: string
  form: string
  formLabel: string
  activityKind: string
  plannedMinutes: number
  responsibleId: string
  responsibleName: string
  unitId: string | null
  unitName: string
  guidanceCourse: boolean
  aim: string
  surveyId: string | null
  surveyTitle: string
  weaknesses: { id: string; text: string }[]
  /** Activities arranged but not held yet. */
  ahead: number
  progress: Progress
  /** I belong to the layer. */
  isMine: boolean
  abilities: { change: Ability; remove: Ability; arrange: Ability }
}
export interface ModuleActivity {
  id: string
  theme: string
  day: LocalDate
  minutes: number
  status: string
  expected: number
  attended: number
  /** Mine: present, absent …; null where I was not expected. */
  mine: string | null
}
export interface ModuleView extends ModuleLine {
  term: Term
  minutesPerHour: number
  activities: ModuleActivity[]
  /** People of the layer with how often they came; only for whoever arranges it. */
  people: { id: string; name: string; attended: number }[] | null
}
export interface Overview {
  term: Term & { from: LocalDate; to: LocalDate }
  terms: Term[]
  minutesPerHour: number
  isPublished: boolean
  publishedOn: LocalDate | null
  modules: ModuleLine[]
  surveys: SurveyLine[]
  weaknesses: WeaknessView[]
  layers: LayerView[]
  myLayers: string[]
  abilities: { organise: Ability; publish: Ability; note: Ability }
}
/** Everything from which surveys and modules are made; the words of the school's regime first. */
export interface Choices {
  surveyKinds: Term[]
  modules: Term[]
  forms: Term[]
  activityKinds: Term[]
  layers: LayerView[]
  units: Term[]
  people: Term[]
  surveys: Term[]
  weaknesses: Term[]
  minutesPerHour: number
  /** A survey that can go out as it is. */
  survey: SurveyInput
}
export interface ObservationChoice {
  id: string
  label: string
  text: string
}

export const needApi = {
  /** The plan of a term (this one unless told) with what shows the needs. */
  getOverview: endpoint('member', inTerm)<Overview>(),
  getChoices: endpoint('leaders', inTerm)<Choices>(),
  getSurvey: endpoint('member', one)<SurveyView>(),
  saveSurvey: endpoint(
    'leaders',
    surveyFields.extend({ id: id.optional(), version: z.number().int().optional() }),
  )<{ id: string; version: number }>(),
  /** Sends it to everybody who belongs to its layers today. */
  openSurvey: endpoint('leaders', one)<{ asked: number }>(),
  closeSurvey: endpoint('leaders', one)<Nothing>(),
  discardSurvey: endpoint('leaders', one)<Nothing>(),
  answerSurvey: endpoint(
    'staff',
    z.object({ id, answers: z.record(z.string().max(40), z.array(z.string().trim().max(500)).max(20)) }),
  )<Nothing>(),
  getSurveyFile: fileEndpoint('member', one),
  /** One module for each thing that a layer wants, into the plan of the term. */
  proposeModules: endpoint('leaders', z.object({ id, termId: z.string().max(40) }))<{ made: number }>(),
  getModule: endpoint('member', one)<ModuleView>(),
  saveModule: endpoint('leaders', moduleFields.extend({ id: id.optional() }))<{ id: string }>(),
  removeModule: endpoint('leaders', one)<Nothing>(),
  publishPlan: endpoint('leaders', z.object({ termId: z.string().max(40) }))<Nothing>(),
  getPlanFile: fileEndpoint('member', inTerm),
  /** Activities of the term that could carry the module: of its group or the school, linked to none. */
  findActivities: endpoint('member', one)<{ id: string; theme: string; day: LocalDate; status: string }[]>(),
  linkActivity: endpoint('staff', z.object({ id, activityId: id }))<{ note: string | null }>(),
  unlinkActivity: endpoint('staff', z.object({ id, activityId: id }))<Nothing>(),
  noteWeakness: endpoint(
    'leaders',
    z.object({
      unitId: id.nullable(),
      layer: word.default(''),
      contentTag: word.default(''),
      text: z.string().trim().min(1, '请写发现了什么').max(300, '请不超过 300 字'),
      source: z.enum(sources),
      foundOn: localDate.optional(),
      observationId: id.nullable().default(null),
    }),
  )<{ id: string }>(),
  withdrawWeakness: endpoint('leaders', z.object({ weaknessId: id }))<Nothing>(),
  /** The caller's own submitted observations, from which a weakness is taken. */
  findObservations: endpoint('leaders', z.object({}))<ObservationChoice[]>(),
  saveLayer: endpoint('leaders', z.object({ layer: word, criteria }))<Nothing>(),
  retireLayer: endpoint('leaders', z.object({ layer: word }))<Nothing>(),
}
