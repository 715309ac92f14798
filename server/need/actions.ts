import { randomUUID } from 'node:crypto'
import { addDays } from '../../engine/days.ts'
import type { TermInput } from '../../engine/types.ts'
import { findActivity } from '../activity/store.ts'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, Refusal, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { findPerson, findUnit } from '../org/store.ts'
import { listObservations } from '../lesson/observation-store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import type { Answers, LayerCriteria, ModuleInput, SurveyInput, Term } from './contract.ts'
import { forgetLayers, type Layers, loadLayers } from './layers.ts'
import {
  answerProblem,
  countAnswers,
  likedForm,
  planFact,
  surveyFact,
  surveyProblem,
  wantedModules,
} from './rules.ts'
import * as store from './store.ts'
import { needSurveyKind, usualModules, type WeaknessSource } from './words.ts'

/** The term of a day's work: the one named, else the one of today (between terms the last one). */
export async function getTerm(tx: Tx, termId?: string): Promise<{ term: TermInput; terms: TermInput[] }> {
  const { terms } = await loadCalendar(tx)
  const term =
    termId === undefined
      ? (terms.filter((one) => one.from <= tx.today).at(-1) ?? terms[0])
      : terms.find((one) => one.id === termId)
  if (!term)
    return termId === undefined
      ? refuse('还没有校历，请先在“学年和校历”里填学年和学期。')
      : refuseNotFound('学期')
  return { term, terms }
}

// ── Words ─────────────────────────────────────────────────────────────────────

/** Fewer contents than these are no list to choose from. */
const fewestTerms = 3

/** What modules can be about: the contents that the regime and the school name, else the usual ones. */
export async function listModuleTerms(tx: Tx): Promise<(Term & { inUse: boolean })[]> {
  const named = (await vocabularyOf(tx, 'contentTags')).map((term) => ({
    id: term.id,
    label: term.label,
    inUse: isInUse(term, tx.today),
  }))
  if (named.length >= fewestTerms) return named
  return [...named, ...usualModules.map((term) => ({ ...term, inUse: true }))]
}

/** Kinds of surveys: that of needs, and those that the rules in force count. */
export async function listSurveyKinds(tx: Tx): Promise<Term[]> {
  const kinds = new Map([[needSurveyKind, '研修需求']])
  for (const { regime } of await regimesInForce(tx, tx.today)) {
    const words = new Map(
      Object.values(regime.vocabularies)
        .flat()
        .map((term) => [term.id, term.label]),
    )
    for (const [, name] of JSON.stringify(regime.rules).matchAll(/surveyKind == \\?["'](\w+)/g))
      if (name !== undefined && words.has(name)) kinds.set(name, words.get(name) ?? name)
  }
  return [...kinds].map(([id, label]) => ({ id, label }))
}

// ── Surveys ───────────────────────────────────────────────────────────────────

async function getLockedSurvey(tx: Tx, id: string): Promise<store.SurveyRow> {
  return (await store.lockSurvey(tx, id)) ?? refuseNotFound('问卷')
}

function checkLayers(layers: Layers, ids: string[], field: string): void {
  const known = new Set(layers.list.filter((layer) => !layer.isRetired).map((layer) => layer.id))
  const wrong = ids.find((id) => !known.has(id))
  if (wrong !== undefined)
    refuse(`“${layers.labelOf(wrong)}”这个层次已经不用了，请重新选择。`, {
      fields: { [field]: '请重新选择' },
    })
}

/** Begins a survey as a draft, or saves a draft that is still the version that was read. */
export async function saveSurvey(
  tx: Tx,
  input: SurveyInput & { id?: string | undefined; version?: number | undefined },
): Promise<{ id: string; version: number }> {
  const { id: given, version, ...fields } = input
  checkLayers(await loadLayers(tx), fields.layers, 'layers')
  if (given === undefined) {
    demand(can.organise(tx.actor))
    const id = newId()
    await store.insertSurvey(tx, id, fields)
    await audit(tx, { type: 'need.surveyStarted', id, payload: { title: fields.title } })
    changed(tx, 'need')
    return { id, version: 1 }
  }
  const survey = await getLockedSurvey(tx, given)
  demand(can.edit(tx.actor, survey))
  if (version !== undefined && version !== survey.version)
    throw new Refusal('问卷刚被别人改过，请刷新后看最新的再改。', { status: 409, code: 'conflict' })
  await store.updateSurvey(tx, survey.id, fields)
  changed(tx, 'need')
  return { id: survey.id, version: survey.version + 1 }
}

/** Sends a survey to everybody who belongs to one of its layers today. Refuses one without questions or people. */
export async function openSurvey(tx: Tx, input: { id: string }): Promise<{ asked: number }> {
  const survey = await getLockedSurvey(tx, input.id)
  demand(can.edit(tx.actor, survey))
  const problem = surveyProblem(survey, tx.today)
  if (problem) refuse(problem.message, { fields: { [problem.field]: problem.message } })
  const layers = await loadLayers(tx)
  const byPerson = new Map<string, string[]>()
  for (const layer of survey.layers)
    for (const personId of layers.membersOn(layer, tx.today))
      byPerson.set(personId, [...(byPerson.get(personId) ?? []), layer])
  if (byPerson.size === 0)
    refuse('选中的层次里现在没有人，请换一个层次，或先在人员里补上出生日期、参加工作日期、骨干级别。', {
      fields: { layers: '里面没有人' },
    })
  await store.insertAsked(
    tx,
    survey.id,
    [...byPerson].map(([personId, own]) => ({ personId, layers: own })),
  )
  await store.markOpened(tx, survey.id)
  await audit(tx, {
    type: 'need.surveyOpened',
    id: survey.id,
    payload: { title: survey.title, asked: byPerson.size, anonymous: survey.anonymous },
  })
  changed(tx, 'need', 'home')
  return { asked: byPerson.size }
}

/** Ends a survey and leaves the fact `survey.held`. */
export async function closeSurvey(tx: Tx, input: { id: string }): Promise<void> {
  const survey = await getLockedSurvey(tx, input.id)
  demand(can.close(tx.actor, survey))
  await store.markClosed(tx, survey.id)
  await recordFacts(tx, [surveyFact(tx.orgId, survey, tx.today)])
  await audit(tx, { type: 'need.surveyClosed', id: survey.id, payload: { title: survey.title } })
  changed(tx, 'need', 'home')
}

export async function discardSurvey(tx: Tx, input: { id: string }): Promise<void> {
  const survey = await getLockedSurvey(tx, input.id)
  demand(can.edit(tx.actor, survey))
  await store.deleteSurvey(tx, survey.id)
  await audit(tx, { type: 'need.surveyDiscarded', id: survey.id, payload: { title: survey.title } })
  changed(tx, 'need')
}

/**
 * Takes the answer of the person who acts. A named one may be changed while the survey runs; an anonymous one is kept
 * under an id without order and without time, and the audit log says nothing of it, so that nobody can tell whose it is.
 */
export async function answerSurvey(tx: Tx, input: { id: string; answers: Answers }): Promise<void> {
  const survey = (await store.findSurvey(tx, input.id)) ?? refuseNotFound('问卷')
  const personId = tx.actor.personId ?? ''
  const mine = personId === '' ? undefined : await store.lockAsked(tx, survey.id, personId)
  demand(can.answer(tx.actor, survey, mine, tx.today))
  const problem = answerProblem(survey.questions, input.answers)
  if (problem) refuse(problem)
  await store.saveAnswer(tx, {
    id: survey.anonymous ? randomUUID() : newId(),
    surveyId: survey.id,
    personId: survey.anonymous ? null : personId,
    layers: mine?.layers ?? [],
    answers: input.answers,
  })
  await store.markAnswered(tx, survey.id, personId)
  if (!survey.anonymous) await audit(tx, { type: 'need.surveyAnswered', id: survey.id })
  changed(tx, 'need', 'home')
}

/** Counts of a survey as they may be shown. */
export async function resultsOf(tx: Tx, survey: store.SurveyRow) {
  const layers = await loadLayers(tx)
  const answers = await store.listAnswers(tx, survey.id)
  const asked = await store.listAsked(tx, survey.id)
  const groups = survey.layers.map((id) => ({ id, label: layers.labelOf(id) }))
  return { results: countAnswers(survey, groups, asked, answers), answers, asked }
}

// ── Plan and modules ──────────────────────────────────────────────────────────

async function getLockedModule(tx: Tx, id: string): Promise<store.ModuleRow> {
  const found = (await store.listModules(tx, { id }))[0] ?? refuseNotFound('培训模块')
  await store.lockPlan(tx, found.termId)
  return found
}

/** What must be true of a module's words and people before it is written. */
async function checkModule(tx: Tx, input: ModuleInput, before?: store.ModuleRow): Promise<void> {
  const layers = await loadLayers(tx)
  if (before?.layer !== input.layer) checkLayers(layers, [input.layer], 'layer')
  const wants = async (
    field: 'contentTag' | 'form' | 'activityKind',
    terms: () => Promise<{ id: string }[]>,
    name: string,
  ) => {
    if (input[field] === '' || input[field] === before?.[field]) return
    if (!(await terms()).some((term) => term.id === input[field]))
      refuse(`没有这个${name}，请从列表中选择。`, { fields: { [field]: '请重新选择' } })
  }
  await wants('contentTag', () => listModuleTerms(tx), '内容')
  await wants('form', () => vocabularyOf(tx, 'activityForms'), '形式')
  await wants('activityKind', () => vocabularyOf(tx, 'activityKinds'), '活动类别')
  if (!(await findPerson(tx, input.responsibleId))) refuseNotFound('教师')
  if (input.unitId !== null && !(await findUnit(tx, input.unitId))) refuseNotFound('组')
  if (input.surveyId !== null && !(await store.findSurvey(tx, input.surveyId))) refuseNotFound('问卷')
  for (const id of input.weaknessIds) if (!(await store.findWeakness(tx, id))) refuseNotFound('登记的不足')
}

/** Puts a module into the plan of a term, or changes one. */
export async function saveModule(
  tx: Tx,
  input: ModuleInput & { id?: string | undefined },
): Promise<{ id: string }> {
  demand(can.organise(tx.actor))
  const { id: given, weaknessIds, ...fields } = input
  const { term } = await getTerm(tx, input.termId)
  await store.lockPlan(tx, term.id)
  const before = given === undefined ? undefined : await getLockedModule(tx, given)
  if (before && before.termId !== term.id) refuse('模块属于别的学期，不能换学期；请在新学期里另加一个。')
  await checkModule(tx, input, before)
  const id = given ?? newId()
  await store.saveModule(tx, id, fields)
  await store.assignWeaknesses(tx, id, weaknessIds)
  await audit(tx, {
    type: before ? 'need.moduleChanged' : 'need.moduleAdded',
    id,
    payload: { title: fields.title, layer: fields.layer, termId: term.id },
  })
  await leavePlanFact(tx, term.id)
  changed(tx, 'need')
  return { id }
}

/** Takes a module out of the plan; one that was carried by activities already stays. */
export async function removeModule(tx: Tx, input: { id: string }): Promise<void> {
  const module = await getLockedModule(tx, input.id)
  demand(can.organise(tx.actor))
  const linked = await store.listLinked(tx, [module.id])
  if (linked.length > 0)
    refuse(`“${module.title}”已经安排了 ${linked.length} 次活动，要留底；可以改名称和层次，不能删去。`)
  await store.deleteModule(tx, module.id)
  await audit(tx, { type: 'need.moduleRemoved', id: module.id, payload: { title: module.title } })
  await leavePlanFact(tx, module.termId)
  changed(tx, 'need')
}

/** Lays the plan of a term open to all. */
export async function publishPlan(tx: Tx, input: { termId: string }): Promise<void> {
  demand(can.organise(tx.actor))
  const { term } = await getTerm(tx, input.termId)
  await store.lockPlan(tx, term.id)
  if (await store.findPlan(tx, term.id)) refuse('这个学期的培训计划已经发布，以后加的模块会直接显示。')
  if ((await store.listModules(tx, { termId: term.id })).length === 0)
    refuse('计划里还没有模块，请先加上，再发布。')
  const id = newId()
  await store.insertPlan(tx, { id, termId: term.id })
  await audit(tx, { type: 'need.planPublished', id, payload: { termId: term.id } })
  await leavePlanFact(tx, term.id)
  changed(tx, 'need')
}

/** The published plan as a plan that is filed, where the regime asks for one of layered training. */
async function leavePlanFact(tx: Tx, termId: string): Promise<void> {
  const plan = await store.findPlan(tx, termId)
  if (!plan) return
  const regimes = await regimesInForce(tx, tx.today)
  if (!regimes.some(({ regime }) => JSON.stringify(regime.rules).includes('layeredTraining'))) return
  const modules = await store.listModules(tx, { termId })
  const weak = new Set((await store.listWeaknesses(tx)).map((one) => one.moduleId))
  await reverseFacts(tx, { room: 'need', id: plan.id })
  const fact = planFact(
    tx.orgId,
    plan,
    modules.map((module) => ({ ...module, rests: module.surveyId !== null || weak.has(module.id) })),
    tx.today,
  )
  // Each change leaves a new one in place of the one reversed.
  await recordFacts(tx, [{ ...fact, key: `${fact.key}:${newId()}` }])
}

/** The usual length of one activity, of which a proposed module plans two. */
const proposedMinutes = 180

/** Makes modules of what the survey shows to be wanted, by layer; what the plan has already is left out. */
export async function proposeModules(
  tx: Tx,
  input: { id: string; termId: string },
): Promise<{ made: number }> {
  demand(can.organise(tx.actor))
  const survey = await getLockedSurvey(tx, input.id)
  if (survey.status === 'draft') refuse('问卷还没有发出。')
  const { term } = await getTerm(tx, input.termId)
  const { results } = await resultsOf(tx, survey)
  if (results.hidden !== null) refuse(results.hidden)
  const known = new Set(
    (await store.listModules(tx, { termId: term.id })).map((one) => `${one.layer} ${one.contentTag}`),
  )
  const terms = new Map((await listModuleTerms(tx)).map((one) => [one.id, one.label]))
  const forms = new Set((await vocabularyOf(tx, 'activityForms')).map((one) => one.id))
  const layers = await loadLayers(tx)
  const responsibleId = tx.actor.personId ?? refuse('请用本人的账号拟计划。')
  const wanted = wantedModules(results).filter(({ layer, module }) => !known.has(`${layer} ${module}`))
  for (const { layer, module, label } of wanted) {
    const form = likedForm(results, layer)
    await saveModule(tx, {
      title: `${label}（${layers.labelOf(layer)}）`.slice(0, 60),
      termId: term.id,
      contentTag: terms.has(module) ? module : '',
      layer,
      form: forms.has(form) ? form : '',
      activityKind: '',
      plannedMinutes: proposedMinutes,
      responsibleId,
      unitId: null,
      guidanceCourse: false,
      aim: '',
      surveyId: survey.id,
      weaknessIds: [],
    })
  }
  if (wanted.length === 0) refuse('问卷里想学的内容，计划里都已经有了，或没有一项达到三成。')
  return { made: wanted.length }
}

// ── Activities of a module ────────────────────────────────────────────────────

/** Has an activity carry a module. One activity carries one module; `note` says what a closed one no longer brings. */
export async function linkActivity(
  tx: Tx,
  input: { id: string; activityId: string },
): Promise<{ note: string | null }> {
  const module = await getLockedModule(tx, input.id)
  demand(can.arrange(tx.actor, module))
  const activity = (await findActivity(tx, input.activityId)) ?? refuseNotFound('活动')
  if (activity.status === 'cancelled') refuse('活动已经取消，不能作为培训内容。')
  const linked = await store.findModuleOf(tx, activity.id)
  if (linked)
    refuse(
      linked.moduleId === module.id
        ? '这次活动已经在这个模块里。'
        : '这次活动已经属于另一个模块，请先在那里去掉。',
    )
  await store.insertLink(tx, module.id, activity.id)
  await audit(tx, { type: 'need.activityLinked', id: module.id, payload: { activityId: activity.id } })
  changed(tx, 'need')
  return {
    note:
      activity.status === 'closed'
        ? '活动已经结束：计入模块进度，但不再补记“依据需求诊断”。以后请先关联，再举行。'
        : null,
  }
}

export async function unlinkActivity(tx: Tx, input: { id: string; activityId: string }): Promise<void> {
  const module = await getLockedModule(tx, input.id)
  demand(can.arrange(tx.actor, module))
  if ((await store.deleteLink(tx, module.id, input.activityId)) === 0) refuseNotFound('活动')
  await audit(tx, {
    type: 'need.activityUnlinked',
    id: module.id,
    payload: { activityId: input.activityId },
  })
  changed(tx, 'need')
}

/** Activities of the module's term that no module has yet. */
export async function findActivities(tx: Tx, input: { id: string }) {
  const module = (await store.listModules(tx, { id: input.id }))[0] ?? refuseNotFound('培训模块')
  demand(can.arrange(tx.actor, module))
  const { term } = await getTerm(tx, module.termId)
  return store.listFreeActivities(tx, { from: term.from, to: term.to, unitId: module.unitId })
}

// ── Weaknesses ────────────────────────────────────────────────────────────────

/** Notes a weakness of a group or (without one) of the school, perhaps from an observation of one's own. */
export async function noteWeakness(
  tx: Tx,
  input: {
    unitId: string | null
    layer: string
    contentTag: string
    text: string
    source: WeaknessSource
    foundOn?: string | undefined
    observationId: string | null
  },
): Promise<{ id: string }> {
  if (input.unitId !== null && !(await findUnit(tx, input.unitId))) refuseNotFound('组')
  demand(can.note(tx.actor, input.unitId))
  const foundOn = input.foundOn ?? tx.today
  if (foundOn > tx.today)
    refuse('发现的日期还没有到，请填今天或以前。', { fields: { foundOn: '不能在今天以后' } })
  if (input.layer !== '') checkLayers(await loadLayers(tx), [input.layer], 'layer')
  if (input.contentTag !== '' && !(await listModuleTerms(tx)).some((term) => term.id === input.contentTag))
    refuse('没有这个内容，请从列表中选择。', { fields: { contentTag: '请重新选择' } })
  if (
    input.observationId !== null &&
    !(await listOwnObservations(tx)).some((one) => one.id === input.observationId)
  )
    refuseNotFound('听课记录')
  const id = newId()
  await store.insertWeakness(tx, { ...input, id, foundOn })
  await audit(tx, { type: 'need.weaknessNoted', id, payload: { unitId: input.unitId, source: input.source } })
  changed(tx, 'need')
  return { id }
}

export async function withdrawWeakness(tx: Tx, input: { weaknessId: string }): Promise<void> {
  const weakness = (await store.findWeakness(tx, input.weaknessId)) ?? refuseNotFound('登记的不足')
  demand(can.note(tx.actor, weakness.unitId))
  if (weakness.moduleId !== null) refuse('已经有培训模块针对它，要留底；请先在模块里去掉。')
  await store.withdrawWeakness(tx, weakness.id)
  await audit(tx, { type: 'need.weaknessWithdrawn', id: weakness.id })
  changed(tx, 'need')
}

/** Observations that the person who acts handed in during the last 60 days. */
export async function listOwnObservations(tx: Tx) {
  if (tx.actor.personId === null) return []
  return listObservations(tx, {
    observerId: tx.actor.personId,
    status: 'submitted',
    from: addDays(tx.today, -60),
    limit: 30,
  })
}

// ── Layers of the school ──────────────────────────────────────────────────────

async function getUsualLayer(tx: Tx, id: string) {
  const layer = (await loadLayers(tx)).list.find((one) => one.id === id) ?? refuseNotFound('层次')
  if (layer.source === 'regime') refuse(`“${layer.label}”由制度规定，不能在这里改；请在制度的设置里改。`)
  if (layer.source === 'own') refuse(`“${layer.label}”是学校保存的人员范围，请到“人员范围”里改。`)
  return layer
}

/** Says who belongs to a usual layer of this school: up to which age somebody is young, and the like. */
export async function saveLayer(tx: Tx, input: { layer: string; criteria: LayerCriteria }): Promise<void> {
  demand(can.organise(tx.actor))
  const layer = await getUsualLayer(tx, input.layer)
  if (layer.id === 'allTeachers') refuse('“全员”就是全体教师，不能改。')
  const { yearsTeachingAtLeast: least, yearsTeachingAtMost: most } = input.criteria
  if (least !== undefined && most !== undefined && least > most)
    refuse('从教年数的下限比上限大，没有人能符合，请核对。', { fields: { criteria: '请核对' } })
  if (Object.values(input.criteria).every((one) => one === undefined || one === false))
    refuse('请至少写一个条件；全体教师请选“全员”。', { fields: { criteria: '请填写' } })
  await store.saveLayer(tx, { id: layer.id, label: layer.label, criteria: input.criteria, retiredOn: null })
  await audit(tx, {
    type: 'need.layerSaved',
    id: null,
    payload: { layer: layer.id, criteria: input.criteria },
  })
  forgetLayers(tx)
  changed(tx, 'need')
}

/** Takes a usual layer out of the choice; modules and surveys that name it keep it. */
export async function retireLayer(tx: Tx, input: { layer: string }): Promise<void> {
  demand(can.organise(tx.actor))
  const layer = await getUsualLayer(tx, input.layer)
  if (layer.id === 'allTeachers') refuse('“全员”总要有，不能停用。')
  await store.saveLayer(tx, {
    id: layer.id,
    label: layer.label,
    criteria: layer.criteria ?? {},
    retiredOn: tx.today,
  })
  await audit(tx, { type: 'need.layerRetired', id: null, payload: { layer: layer.id } })
  forgetLayers(tx)
  changed(tx, 'need')
}
