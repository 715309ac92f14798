import { addDays } from '../../engine/days.ts'
import { numberSetting } from '../../engine/schema.ts'
import type { HomeItem } from '../home/contract.ts'
import { dayText, localDateOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { listPeople, listUnits } from '../org/store.ts'
import { findOwnRegime } from '../regime/adoption.ts'
import { vocabularyOf } from '../vocabulary/actions.ts'
import { isInUse, type Term as VocabularyTerm } from '../vocabulary/rules.ts'
import { can } from './access.ts'
import * as actions from './actions.ts'
import type {
  Choices,
  ModuleLine,
  ModuleView,
  Overview,
  Question,
  SurveyLine,
  SurveyView,
  Term,
  WeaknessView,
} from './contract.ts'
import { type Layers, loadLayers, presentLayers } from './layers.ts'
import { moduleProgress } from './rules.ts'
import * as store from './store.ts'
import { needSurveyKind } from './words.ts'

const usualMinutesPerHour = 45

async function minutesPerHourOf(tx: Tx): Promise<number> {
  const regime = await findOwnRegime(tx)
  return regime ? numberSetting(regime, 'minutesPerHour', usualMinutesPerHour) : usualMinutesPerHour
}

/** Labels of the words that modules name; one that is gone shows itself. */
interface Words {
  tag(id: string): string
  form(id: string): string
}
async function loadWords(tx: Tx): Promise<Words> {
  const tags = new Map((await actions.listModuleTerms(tx)).map((term) => [term.id, term.label]))
  const forms = new Map((await vocabularyOf(tx, 'activityForms')).map((term) => [term.id, term.label]))
  return { tag: (id) => tags.get(id) ?? id, form: (id) => forms.get(id) ?? id }
}

// ── Modules ───────────────────────────────────────────────────────────────────

/** Those of the layer on the day of each activity, of whom some were expected and some came. */
function progressOf(linked: store.LinkedRow[], module: store.ModuleRow, layers: Layers, today: string) {
  const held = linked
    .filter((one) => one.moduleId === module.id && one.status === 'closed')
    .map((one) => {
      const members = new Set(layers.membersOn(module.layer, one.heldOn, module.unitId))
      return {
        minutes: one.minutes,
        expected: one.expected.filter((id) => members.has(id)),
        attended: one.attended.filter((id) => members.has(id)),
      }
    })
  return moduleProgress(held, layers.membersOn(module.layer, today, module.unitId))
}

async function presentModules(tx: Tx, modules: store.ModuleRow[]) {
  const layers = await loadLayers(tx)
  const words = await loadWords(tx)
  const linked = await store.listLinked(
    tx,
    modules.map((module) => module.id),
  )
  const weaknesses = await store.listWeaknesses(tx)
  const lines = modules.map((module): ModuleLine => {
    const own = linked.filter((one) => one.moduleId === module.id)
    const arrange = can.arrange(tx.actor, module)
    const organise = can.organise(tx.actor)
    return {
      ...module,
      layerLabel: layers.labelOf(module.layer),
      tagLabel: module.contentTag === '' ? '' : words.tag(module.contentTag),
      formLabel: module.form === '' ? '' : words.form(module.form),
      unitName: module.unitName ?? '',
      surveyTitle: module.surveyTitle ?? '',
      weaknesses: weaknesses
        .filter((one) => one.moduleId === module.id)
        .map((one) => ({ id: one.id, text: one.text })),
      ahead: own.filter((one) => one.status !== 'closed').length,
      progress: progressOf(linked, module, layers, tx.today),
      isMine:
        tx.actor.personId !== null &&
        layers.membersOn(module.layer, tx.today, module.unitId).includes(tx.actor.personId),
      abilities: {
        change: organise,
        remove: organise ?? (own.length > 0 ? '已经安排了活动的模块要留底，不能删去。' : null),
        arrange,
      },
    }
  })
  return { lines, linked, layers, weaknesses, words }
}

/** One module with its activities and, for whoever arranges them, who has been reached. */
export async function viewModule(tx: Tx, id: string): Promise<ModuleView> {
  const module = (await store.listModules(tx, { id }))[0] ?? refuseNotFound('培训模块')
  const { term } = await actions.getTerm(tx, module.termId)
  demand(can.seePlan(tx.actor, (await store.findPlan(tx, module.termId)) !== undefined))
  const { lines, linked, layers } = await presentModules(tx, [module])
  const line = lines[0] as ModuleLine
  const names = new Map((await listPeople(tx, tx.today)).map((person) => [person.id, person.name]))
  const arranges = line.abilities.arrange === null || can.organise(tx.actor) === null
  return {
    ...line,
    term: { id: term.id, label: term.name },
    minutesPerHour: await minutesPerHourOf(tx),
    activities: linked.map((one) => {
      const members = new Set(layers.membersOn(module.layer, one.heldOn, module.unitId))
      return {
        id: one.id,
        theme: one.theme,
        day: one.heldOn,
        minutes: one.minutes,
        status: one.status,
        expected: one.expected.filter((person) => members.has(person)).length,
        // Whoever came without being expected is reached, but is no share of those expected.
        attended: one.attended.filter((person) => members.has(person) && one.expected.includes(person))
          .length,
        mine: one.myStatus,
      }
    }),
    people: arranges
      ? layers.membersOn(module.layer, tx.today, module.unitId).flatMap((personId) => {
          const name = names.get(personId)
          const attended = linked.filter(
            (one) => one.status === 'closed' && one.attended.includes(personId),
          ).length
          return name === undefined ? [] : [{ id: personId, name, attended }]
        })
      : null,
  }
}

// ── Overview ──────────────────────────────────────────────────────────────────

function surveyLine(tx: Tx, row: store.SurveyListRow): SurveyLine {
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    layers: row.layers,
    dueOn: row.dueOn,
    anonymous: row.anonymous,
    asked: row.asked,
    answered: row.answered,
    waits: row.status === 'open' && row.iAnswered === false && row.dueOn >= tx.today,
    isOver: row.status === 'open' && row.dueOn < tx.today,
    questions: row.questions.length,
  }
}
const maySee = (tx: Tx) => (row: store.SurveyListRow) =>
  can.see(tx.actor, row, row.iAnswered !== null) === null

async function weaknessViews(
  tx: Tx,
  rows: store.WeaknessRow[],
  layers: Layers,
  words: Words,
): Promise<WeaknessView[]> {
  const moduleIds = rows.flatMap((row) => row.moduleId ?? [])
  const linked = await store.listLinked(tx, moduleIds)
  const titles = new Map(
    moduleIds.length === 0
      ? []
      : (await store.listModules(tx, {})).map((module) => [module.id, module.title] as const),
  )
  return rows.map((row) => {
    const answered = linked.some((one) => one.moduleId === row.moduleId && one.status === 'closed')
    return {
      id: row.id,
      unitId: row.unitId,
      unitName: row.unitName ?? '全校',
      layer: row.layer,
      layerLabel: row.layer === '' ? '' : layers.labelOf(row.layer),
      contentTag: row.contentTag,
      tagLabel: row.contentTag === '' ? '' : words.tag(row.contentTag),
      text: row.text,
      foundOn: row.foundOn,
      source: row.source,
      notedByName: row.notedByName,
      module: row.moduleId === null ? null : { id: row.moduleId, title: titles.get(row.moduleId) ?? '' },
      state: row.moduleId === null ? 'open' : answered ? 'answered' : 'planned',
      abilities: {
        withdraw:
          can.note(tx.actor, row.unitId) ?? (row.moduleId === null ? null : '已经有培训模块针对它，要留底。'),
      },
    }
  })
}

/** The plan of a term, the surveys and the weaknesses on which it rests. */
export async function viewOverview(tx: Tx, termId?: string): Promise<Overview> {
  const { term, terms } = await actions.getTerm(tx, termId)
  const plan = await store.findPlan(tx, term.id)
  const organise = can.organise(tx.actor)
  const mayRead = can.seePlan(tx.actor, plan !== undefined) === null
  const modules = mayRead ? await store.listModules(tx, { termId: term.id }) : []
  const { lines, layers, weaknesses, words } = await presentModules(tx, modules)
  const seen = weaknesses.filter(
    (row) =>
      can.note(tx.actor, row.unitId) === null ||
      tx.actor.districtId !== null ||
      row.unitId === null ||
      tx.actor.unitIds.includes(row.unitId),
  )
  return {
    term: { id: term.id, label: term.name, from: term.from, to: term.to },
    terms: terms.map((one) => ({ id: one.id, label: one.name })),
    minutesPerHour: await minutesPerHourOf(tx),
    isPublished: plan !== undefined,
    publishedOn: plan?.publishedAt ? localDateOf(plan.publishedAt) : null,
    modules: lines,
    surveys: (await store.listSurveys(tx)).filter(maySee(tx)).map((row) => surveyLine(tx, row)),
    weaknesses: await weaknessViews(tx, seen, layers, words),
    layers: presentLayers(layers, tx.today),
    myLayers: tx.actor.personId === null ? [] : layers.layersOf(tx.actor.personId, tx.today),
    abilities: {
      organise,
      publish:
        organise ??
        (plan !== undefined ? '已经发布。' : modules.length === 0 ? '计划里还没有模块，请先加上。' : null),
      note: tx.actor.leads.length > 0 && tx.actor.districtId === null ? null : can.note(tx.actor, null),
    },
  }
}

// ── Choices and the ready-made survey ─────────────────────────────────────────

const plain = (terms: VocabularyTerm[], today: string): Term[] =>
  terms.filter((term) => isInUse(term, today)).map(({ id, label }) => ({ id, label }))

/** A survey of three taps and a line, of the words of this school: usable as it is. */
function usualQuestions(modules: Term[], forms: Term[]): Question[] {
  return [
    {
      id: 'modules',
      kind: 'modules',
      label: '这学期最想提高的是哪几方面？',
      most: 3,
      options: modules.slice(0, 30),
    },
    ...(forms.length > 1
      ? [
          {
            id: 'forms',
            kind: 'forms' as const,
            label: '您觉得哪些形式最有用？',
            most: 2,
            options: forms.slice(0, 30),
          },
        ]
      : []),
    {
      id: 'difficulty',
      kind: 'one',
      label: '目前教学中最大的困难是什么？',
      most: 1,
      options: [
        { id: 'design', label: '吃透教材、设计教学' },
        { id: 'class', label: '组织课堂、调动学生' },
        { id: 'differences', label: '照顾学生差异' },
        { id: 'technology', label: '用好信息技术' },
        { id: 'writing', label: '反思、写作和课题' },
      ],
    },
    { id: 'words', kind: 'text', label: '还希望学校安排什么？（可以不写）', most: 1, options: [] },
  ]
}

/** Everything from which surveys and modules are made. */
export async function loadChoices(tx: Tx, termId?: string): Promise<Choices> {
  const { term } = await actions.getTerm(tx, termId)
  const layers = presentLayers(await loadLayers(tx), tx.today)
  const modules = (await actions.listModuleTerms(tx))
    .filter((one) => one.inUse)
    .map(({ id, label }) => ({ id, label }))
  const forms = plain(await vocabularyOf(tx, 'activityForms'), tx.today)
  const all = can.organise(tx.actor) === null
  const led = new Set(tx.actor.leads.map((lead) => lead.unitId))
  return {
    surveyKinds: await actions.listSurveyKinds(tx),
    modules,
    forms,
    activityKinds: plain(await vocabularyOf(tx, 'activityKinds'), tx.today),
    layers,
    units: (await listUnits(tx, tx.today))
      .filter((unit) => unit.kind !== 'body' && unit.kind !== 'department' && (all || led.has(unit.id)))
      .map((unit) => ({ id: unit.id, label: unit.name })),
    people: (await listPeople(tx, tx.today)).map((person) => ({ id: person.id, label: person.name })),
    surveys: (await store.listSurveys(tx))
      .filter((row) => row.status !== 'draft' && maySee(tx)(row))
      .map((row) => ({ id: row.id, label: row.title })),
    weaknesses: (await store.listWeaknesses(tx)).map((row) => ({
      id: row.id,
      label: `${row.unitName ?? '全校'}：${row.text}`.slice(0, 60),
    })),
    minutesPerHour: await minutesPerHourOf(tx),
    survey: {
      title: `${term.name.replace(/^.*学年/, '')}研修需求调查`,
      note: '用不了一分钟，点选就行。结果用来安排下面的培训。',
      kind: needSurveyKind,
      layers: layers
        .filter((layer) => layer.people > 0 && layer.source !== 'own')
        .slice(0, 4)
        .map((layer) => layer.id),
      dueOn: addDays(tx.today, 7),
      anonymous: false,
      sharesSummary: true,
      questions: usualQuestions(modules, forms),
    },
  }
}

// ── One survey ────────────────────────────────────────────────────────────────

/** One survey as the caller may see it: to answer, to read its counts, or to change it while a draft. */
export async function viewSurvey(tx: Tx, id: string): Promise<SurveyView> {
  const row = (await store.listSurveys(tx)).find((one) => one.id === id) ?? refuseNotFound('问卷')
  const isAsked = row.iAnswered !== null
  demand(can.see(tx.actor, row, isAsked))
  const mayRead = can.seeResults(tx.actor, row, isAsked)
  const organise = can.organise(tx.actor)
  const counted = mayRead === null ? await actions.resultsOf(tx, row) : null
  const mine = isAsked ? { answered: row.iAnswered === true } : undefined
  const answers = row.anonymous || tx.actor.personId === null ? [] : await store.listAnswers(tx, row.id)
  const modules = organise === null ? await store.listModules(tx, {}) : []
  const results = counted?.results ?? null
  return {
    ...surveyLine(tx, row),
    kind: row.kind,
    kindLabel: (await actions.listSurveyKinds(tx)).find((one) => one.id === row.kind)?.label ?? row.kind,
    note: row.note,
    sharesSummary: row.sharesSummary,
    version: row.version,
    questionList: row.questions,
    myAnswers: answers.find((one) => one.personId === tx.actor.personId)?.answers ?? null,
    answeredByMe: row.iAnswered === true,
    // What colleagues wrote in their own words is for those who draw up the plan.
    results:
      results && organise !== null
        ? { ...results, questions: results.questions.map((one) => ({ ...one, texts: [] })) }
        : results,
    missing:
      counted && organise === null && !row.anonymous
        ? counted.asked.filter((one) => !one.answered).map((one) => one.name)
        : null,
    modules: modules.filter((module) => module.surveyId === row.id).length,
    abilities: {
      edit: can.edit(tx.actor, row),
      open: can.edit(tx.actor, row),
      close: can.close(tx.actor, row),
      discard: can.edit(tx.actor, row),
      answer: can.answer(tx.actor, row, mine, tx.today),
      results: mayRead,
      propose: organise ?? (row.status === 'draft' ? '问卷还没有发出。' : (results?.hidden ?? null)),
    },
  }
}

// ── First page ────────────────────────────────────────────────────────────────

/** Surveys that wait for the person's answer, and those past their day that wait to be closed. */
export async function needItems(tx: Tx): Promise<(HomeItem & { rank: number })[]> {
  if (tx.actor.personId === null || tx.actor.districtId !== null) return []
  const open = (await store.listSurveys(tx)).filter((row) => row.status === 'open')
  return open.flatMap((row): (HomeItem & { rank: number })[] => {
    const place = { page: 'survey' as const, id: row.id }
    const about = { countsFor: '', title: row.title }
    if (row.iAnswered === false && row.dueOn >= tx.today)
      return [
        {
          ...about,
          key: `survey ${row.id}`,
          state: row.dueOn <= addDays(tx.today, 2) ? 'dueSoon' : 'open',
          mark: `${dayText(row.dueOn)}前`,
          detail: `${row.questions.length} 题，点选就行${row.anonymous ? '，不记名' : ''}。`,
          action: { label: '回答', place },
          rank: row.dueOn <= addDays(tx.today, 2) ? 4 : 5,
        },
      ]
    if (row.dueOn < tx.today && can.close(tx.actor, row) === null)
      return [
        {
          ...about,
          key: `survey over ${row.id}`,
          state: 'open',
          mark: '已到期',
          detail: `${row.asked} 人中 ${row.answered} 人已答，可以结束并看结果。`,
          action: { label: '看结果', place },
          rank: 5,
        },
      ]
    return []
  })
}
