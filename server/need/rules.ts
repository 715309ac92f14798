import type { AttributeValue, LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import type { Answers, LayerCriteria, Question, SurveyResults } from './contract.ts'
import { fewestAnonymous } from './words.ts'

// ── Layers ────────────────────────────────────────────────────────────────────

/** The layers that schools know anyway, with what they mean until the school says otherwise. */
export const usualLayers: { id: string; label: string; criteria: LayerCriteria }[] = [
  { id: 'allTeachers', label: '全员', criteria: {} },
  { id: 'youngTeachers', label: '青年教师', criteria: { ageAtMost: 35 } },
  { id: 'backboneTeachers', label: '骨干教师', criteria: { backbone: true } },
  { id: 'newTeachers', label: '新教师', criteria: { yearsTeachingAtMost: 2 } },
]

/** Whether somebody belongs to a layer by the attributes of a day; what is not on record is not met. */
export function isInLayer(criteria: LayerCriteria, values: Record<string, AttributeValue>): boolean {
  if ((values.staffKind ?? 'teaching') !== 'teaching') return false
  const { age, yearsTeaching } = values
  const { ageAtMost, yearsTeachingAtMost, yearsTeachingAtLeast } = criteria
  if (ageAtMost !== undefined && !(typeof age === 'number' && age <= ageAtMost)) return false
  if (
    yearsTeachingAtMost !== undefined &&
    !(typeof yearsTeaching === 'number' && yearsTeaching <= yearsTeachingAtMost)
  )
    return false
  if (
    yearsTeachingAtLeast !== undefined &&
    !(typeof yearsTeaching === 'number' && yearsTeaching >= yearsTeachingAtLeast)
  )
    return false
  return criteria.backbone !== true || (values.backboneLevel ?? '') !== ''
}

/** What a layer means, in words: `35 周岁及以下、登记了骨干级别的教师`. */
export function criteriaText(criteria: LayerCriteria): string {
  const parts = [
    criteria.ageAtMost === undefined ? '' : `${criteria.ageAtMost} 周岁及以下`,
    criteria.yearsTeachingAtMost === undefined ? '' : `从教不超过 ${criteria.yearsTeachingAtMost} 整年`,
    criteria.yearsTeachingAtLeast === undefined ? '' : `从教满 ${criteria.yearsTeachingAtLeast} 年`,
    criteria.backbone === true ? '登记了骨干级别' : '',
  ].filter((part) => part !== '')
  return parts.length === 0 ? '全体教师' : `${parts.join('、')}的教师`
}

// ── Surveys ───────────────────────────────────────────────────────────────────

const chosen = new Set(['modules', 'forms', 'one', 'several'])

/** What is wrong with a survey before it goes out; null when it may. */
export function surveyProblem(
  survey: { questions: Question[]; layers: string[]; dueOn: LocalDate },
  today: LocalDate,
): { field: string; message: string } | null {
  if (survey.layers.length === 0) return { field: 'layers', message: '请选择问哪些教师。' }
  if (survey.questions.length === 0)
    return { field: 'questions', message: '还没有题目，请至少留一题，或用系统拟好的题目。' }
  for (const [index, question] of survey.questions.entries()) {
    const field = `questions.${index}`
    if (question.label.trim() === '') return { field, message: `第 ${index + 1} 题还没有写问什么。` }
    if (!chosen.has(question.kind)) continue
    if (question.options.length < 2) return { field, message: `第 ${index + 1} 题至少要有 2 个选项。` }
    const labels = question.options.map((option) => option.label.trim())
    if (labels.includes('')) return { field, message: `第 ${index + 1} 题有空的选项，请写上或删去。` }
    if (new Set(labels).size !== labels.length)
      return { field, message: `第 ${index + 1} 题有两个一样的选项，请删去一个。` }
  }
  if (survey.dueOn < today) return { field: 'dueOn', message: '截止日已经过去，请选今天或以后的一天。' }
  return null
}

/** What is wrong with an answer; null when it may be handed in. Every question by choice wants one. */
export function answerProblem(questions: Question[], answers: Answers): string | null {
  const known = new Set(questions.map((question) => question.id))
  if (Object.keys(answers).some((id) => !known.has(id))) return '问卷刚改过，请刷新后再答。'
  for (const [index, question] of questions.entries()) {
    const given = answers[question.id] ?? []
    const name = `第 ${index + 1} 题`
    if (question.kind === 'text') {
      if (given.length > 1 || (given[0] ?? '').length > 500) return `${name}请不超过 500 字。`
      continue
    }
    if (given.length === 0) return `${name}还没有选。`
    if (question.kind === 'one' && given.length > 1) return `${name}只能选一项。`
    if (given.length > question.most && question.kind !== 'one') return `${name}最多选 ${question.most} 项。`
    const options = new Set(question.options.map((option) => option.id))
    if (given.some((one) => !options.has(one)) || new Set(given).size !== given.length)
      return `${name}的选项已经变了，请刷新后再选。`
  }
  return null
}

/**
 * Counts of every option, in all and by layer. Of an anonymous survey nothing is counted before so many have answered,
 * neither in all nor in a layer, so that nobody can be guessed.
 */
export function countAnswers(
  survey: { questions: Question[]; anonymous: boolean },
  layers: { id: string; label: string }[],
  people: { layers: string[]; answered: boolean }[],
  given: { layers: string[]; answers: Answers; personName: string | null }[],
): SurveyResults {
  const enough = (count: number) => !survey.anonymous || count >= fewestAnonymous
  const shown = enough(given.length)
  const groups = layers.map((layer) => ({
    ...layer,
    asked: people.filter((one) => one.layers.includes(layer.id)).length,
    answered: people.filter((one) => one.answered && one.layers.includes(layer.id)).length,
  }))
  return {
    asked: people.length,
    answered: people.filter((one) => one.answered).length,
    hidden: shown ? null : `匿名问卷满 ${fewestAnonymous} 人回答后才显示结果。`,
    layers: groups,
    questions: survey.questions.map((question) => ({
      id: question.id,
      kind: question.kind,
      label: question.label,
      options: question.options
        .map((option) => {
          const by = given.filter((one) => (one.answers[question.id] ?? []).includes(option.id))
          return {
            ...option,
            count: shown ? by.length : null,
            byLayer: groups.map((group) =>
              shown && enough(group.answered)
                ? by.filter((one) => one.layers.includes(group.id)).length
                : null,
            ),
          }
        })
        .sort((a, b) => (b.count ?? 0) - (a.count ?? 0)),
      texts: shown
        ? given.flatMap((one) => {
            const text = (one.answers[question.id] ?? [])[0] ?? ''
            return question.kind === 'text' && text !== '' ? [{ text, personName: one.personName }] : []
          })
        : [],
    })),
  }
}

/** So many people of a layer (as a share) must want a module before it is proposed for the plan. */
const proposedShare = 0.3
const proposedPerLayer = 2

/** Modules that the survey asks for, by layer: those wanted most, and by at least three in ten of the layer. */
export function wantedModules(results: SurveyResults): { layer: string; module: string; label: string }[] {
  const asked = results.questions.filter((question) => question.kind === 'modules')
  return results.layers.flatMap((layer, place) =>
    asked
      .flatMap((question) => question.options)
      .map((option) => ({ option, count: option.byLayer[place] ?? 0 }))
      .filter(({ count }) => layer.answered > 0 && count / layer.answered >= proposedShare)
      .sort((a, b) => b.count - a.count)
      .slice(0, proposedPerLayer)
      .map(({ option }) => ({ layer: layer.id, module: option.id, label: option.label })),
  )
}

/** The form that most of a layer like best; empty where nobody was asked. */
export function likedForm(results: SurveyResults, layer: string): string {
  const place = results.layers.findIndex((one) => one.id === layer)
  const options = results.questions.find((question) => question.kind === 'forms')?.options ?? []
  const best = options
    .map((option) => ({ id: option.id, count: option.byLayer[place] ?? option.count ?? 0 }))
    .sort((a, b) => b.count - a.count)[0]
  return best && best.count > 0 ? best.id : ''
}

// ── Progress and facts ────────────────────────────────────────────────────────

export interface HeldActivity {
  minutes: number
  /** Members of the layer on its day who were expected, and those of them who came. */
  expected: string[]
  attended: string[]
}

/** How far a module has come: what was held, how many of the layer came, how many it has reached at least once. */
export function moduleProgress(held: HeldActivity[], people: string[]) {
  const expected = held.reduce((sum, one) => sum + one.expected.length, 0)
  // Whoever came without being expected is reached, but is no share of those expected.
  const attended = held.reduce(
    (sum, one) => sum + one.attended.filter((id) => one.expected.includes(id)).length,
    0,
  )
  const reached = new Set(held.flatMap((one) => one.attended))
  return {
    held: held.length,
    heldMinutes: held.reduce((sum, one) => sum + one.minutes, 0),
    expected,
    attended,
    people: people.length,
    reached: people.filter((id) => reached.has(id)).length,
    ratePerMille: expected === 0 ? null : Math.round((attended / expected) * 1000),
  }
}

/** That a survey was held, about the organisation, on the day it was closed. */
export function surveyFact(
  orgId: string,
  survey: { id: string; kind: string; layers: string[] },
  today: LocalDate,
): FactInput {
  return {
    kind: 'survey.held',
    subject: { kind: 'organisation', id: orgId },
    on: today,
    quantity: 1,
    attributes: { surveyKind: survey.kind, respondents: survey.layers },
    source: { room: 'need', id: survey.id },
    key: `need:${survey.id}:held`,
  }
}

/**
 * The plan of training by layers as a plan that is filed (majiabao-plan-41): its parts follow from what the modules
 * hold. Left only where the regime asks for such a plan by name, so that it never stands in for another.
 */
export function planFact(
  orgId: string,
  plan: { id: string; termId: string },
  modules: { layer: string; form: string; plannedMinutes: number; rests: boolean }[],
  today: LocalDate,
): FactInput {
  const layers = new Set(modules.map((module) => module.layer))
  const parts = [
    modules.some((module) => module.rests) ? 'needs' : '',
    layers.size > 1 ? 'trainingLayers' : '',
    modules.length > 0 && modules.every((module) => module.form !== '') ? 'guidance' : '',
    modules.length > 0 && modules.every((module) => module.plannedMinutes > 0) ? 'progress' : '',
  ].filter((part) => part !== '')
  return {
    kind: 'plan.filed',
    subject: { kind: 'organisation', id: orgId },
    on: today,
    quantity: 1,
    attributes: {
      paper: 'plan',
      level: 'organisation',
      planKind: 'layeredTraining',
      horizon: 'term',
      filedWith: 'school',
      parts,
    },
    source: { room: 'need', id: plan.id },
    key: `need:${plan.id}:${plan.termId}`,
  }
}
