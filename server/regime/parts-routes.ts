import { attributesOn, isInPost, meets, personRegister } from '../../engine/cohorts.ts'
import { ConditionError, conditionsOf } from '../../engine/conditions.ts'
import { describeCondition, valueWord } from '../../engine/describe-condition.ts'
import { type FactKind, factKinds } from '../../engine/facts.ts'
import { attributesOfWords } from '../../engine/lint/words.ts'
import { periodKinds } from '../../engine/periods.ts'
import type { Regime } from '../../engine/schema.ts'
import { readSimple, writeSimple } from '../../engine/simple-conditions.ts'
import { personAttributes, type SubjectAttribute, unitKinds } from '../../engine/subjects.ts'
import type { LocalDate, PersonInput, UnitInput } from '../../engine/types.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import { room } from '../kit/serve.ts'
import type { Tx } from '../kit/sql.ts'
import { postRoleLabels } from '../org/words.ts'
import { usualTerms } from '../vocabulary/words.ts'
import { can } from './access.ts'
import { readable, whyNotEditable } from './drafts.ts'
import * as drafts from './drafts-store.ts'
import { settingText } from './fields.ts'
import { vocabularyLabels } from './pages.ts'
import * as parts from './parts.ts'
import {
  type AttributeChoice,
  type CohortCount,
  type FormFor,
  type PartsPage,
  regimePartsApi,
  type RuleChoices,
} from './parts-contract.ts'
import { problemOfConditions } from './rule-form.ts'
import { loadPeople, loadUnits } from './store.ts'

const formLabels: Record<FormFor, string> = {
  plan: '计划',
  summary: '总结',
  minutes: '活动记录',
  settledItems: '活动前落实的事项',
  papers: '活动附的材料',
  work: '作品',
  record: '其他记录',
}
const levelLabels = { organisation: '学校', group: '小组', teacher: '教师' }

async function getDraft(tx: Tx, id: string) {
  demand(can.seeVersions(tx.actor))
  const draft = (await drafts.findDraft(tx, id)) ?? refuseNotFound('制度版本')
  return { draft, regime: readable(draft.text, 'regime') }
}

/** The words of a closed list, as they may stand in a condition over an attribute. */
function optionsOf(
  regime: Regime,
  name: string,
  values: readonly string[] | undefined,
): AttributeChoice['options'] {
  const labelled = (value: string) => {
    const word = valueWord(regime, name, value)
    return { value, label: word === '制度指定的一类' ? value : word }
  }
  if (values) return values.map(labelled)
  for (const [list, terms] of Object.entries(
    regime.vocabularies as Record<string, { id: string; label: string }[]>,
  )) {
    const attributes = attributesOfWords[list] ?? [list.replace(/s$/, ''), list]
    if (!attributes.includes(name)) continue
    const usual = terms.length === 0 ? (usualTerms[list as keyof typeof usualTerms]?.terms ?? []) : terms
    return usual.map((term) => ({ value: term.id, label: term.label }))
  }
  return []
}

function choiceOf(
  regime: Regime,
  name: string,
  about: { label: string; type: AttributeChoice['type']; values?: string[] },
  found: AttributeChoice['options'] = [],
): AttributeChoice {
  const options = optionsOf(regime, name, about.values)
  // Where a list says what there is, nothing else may stand in a condition.
  const listed = options.length > 0
  const isText = about.type === 'string' || about.type === 'strings'
  return {
    name,
    label: about.label,
    type: about.type,
    options: listed ? options : found,
    open: !listed && isText,
  }
}

/** What a condition over people may ask, with the words that stand in the roster today. */
function personChoices(regime: Regime, people: PersonInput[], on: LocalDate): AttributeChoice[] {
  const inRoster = new Map<string, Set<string>>()
  for (const person of people)
    for (const { name, value, from, to } of person.attributes)
      if (typeof value === 'string' && value !== '' && from <= on && (to === null || to >= on))
        inRoster.set(name, (inRoster.get(name) ?? new Set()).add(value))
  const own: Record<string, AttributeChoice['options']> = {
    roles: Object.entries(postRoleLabels).map(([value, label]) => ({ value, label })),
    unitKinds: Object.entries(unitKinds).map(([value, label]) => ({ value, label })),
  }
  const dates = ['birthDate', 'joinedOn', 'firstAppointedOn', 'cycleStartYear']
  return Object.entries<SubjectAttribute>(personAttributes)
    .filter(([name]) => !dates.includes(name))
    .map(([name, about]) => {
      const found = [...(inRoster.get(name) ?? [])].sort((a, b) => a.localeCompare(b, 'zh'))
      const words = found.map((value) => {
        const label = valueWord(regime, name, value)
        return { value, label: label === '制度指定的一类' ? value : label }
      })
      return choiceOf(regime, name, about, own[name] ?? words)
    })
}

/** Whom a condition meets on a day, among those in post. */
export function countCohort(
  regime: Regime,
  source: string,
  { people, units, on }: { people: PersonInput[]; units: UnitInput[]; on: LocalDate },
): CohortCount {
  const answer: CohortCount = {
    matched: 0,
    of: 0,
    names: [],
    undecided: { names: [], missing: [] },
    problem: null,
  }
  const kindOf = new Map(units.map((unit) => [unit.id, unit.kind]))
  const missing = new Set<string>()
  try {
    const condition = conditionsOf(regime).forPerson(source)
    for (const person of people) {
      if (!isInPost(person, on)) continue
      answer.of++
      const values = attributesOn(person, (id) => kindOf.get(id), on)
      const result = meets(condition, values, personRegister)
      if (result.missing.length > 0) {
        answer.undecided.names.push(person.name)
        for (const name of result.missing) missing.add(name)
      } else if (result.met) {
        answer.matched++
        answer.names.push(person.name)
      }
    }
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error
    return { ...answer, problem: error.message }
  }
  const byName = (a: string, b: string) => a.localeCompare(b, 'zh')
  answer.names = answer.names.sort(byName).slice(0, 12)
  answer.undecided = { names: answer.undecided.names.sort(byName).slice(0, 12), missing: [...missing] }
  return answer
}

async function partsPage(tx: Tx, id: string): Promise<PartsPage> {
  const { draft, regime } = await getDraft(tx, id)
  const [people, units] = [await loadPeople(tx, null), await loadUnits(tx)]
  const takenAt = { periodStart: '周期开始时', periodEnd: '周期结束时', schoolYearStart: '学年开始时' }
  const lists: Record<string, { id: string; label: string; clause?: string | undefined }[]> =
    regime.vocabularies
  return {
    id,
    rowVersion: draft.rowVersion,
    cohorts: regime.cohorts.map((cohort) => ({
      id: cohort.id,
      label: cohort.label,
      conditions: readSimple(cohort.when),
      described: describeCondition(regime, { of: 'person' }, cohort.when),
      takenAt: takenAt[cohort.takenAt],
      clause: cohort.clause ?? null,
      note: cohort.note ?? null,
      usedBy: parts.rulesNaming(regime, cohort.id),
      count: countCohort(regime, cohort.when, { people, units, on: tx.today }),
    })),
    attributes: personChoices(regime, people, tx.today),
    forms: regime.forms.map((form) => ({
      id: form.id,
      label: form.label,
      clause: form.clause,
      about: [
        formLabels[form.for],
        ...(form.level === undefined ? [] : [levelLabels[form.level]]),
        ...(form.workKind === undefined ? [] : [valueWord(regime, 'workKind', form.workKind)]),
        ...(form.activityKinds ?? []).map((kind) => valueWord(regime, 'activityKind', kind)),
      ].join(' · '),
      sections: form.sections.map(({ id: section, label, hint, required }) => ({
        id: section,
        label,
        hint: hint ?? '',
        required,
      })),
      usedBy: regime.rules.filter((rule) => rule.form?.form === form.id).map((rule) => rule.title),
    })),
    formKinds: Object.entries(formLabels).map(([value, label]) => ({ value: value as FormFor, label })),
    workKinds: optionsOf(regime, 'workKind', undefined),
    lists: Object.entries(lists).map(([name, terms]) => ({
      name,
      label: vocabularyLabels[name as keyof Regime['vocabularies']],
      terms: terms.map((term) => ({
        id: term.id,
        label: term.label,
        clause: term.clause ?? null,
        used: parts.isNamed(regime, term.id),
      })),
    })),
    settings: Object.entries(regime.settings).map(([name, { label }]) => ({
      name,
      label,
      value: settingText(regime, name),
    })),
    abilities: { edit: can.editVersions(tx.actor) ?? whyNotEditable(draft.state) },
  }
}

/** What may be asked of any fact beside the attributes of its kind. */
const ofEveryFact: [string, string, AttributeChoice['options']][] = [
  ['quantity', '数量', []],
  [
    'weekday',
    '星期几',
    ['周一', '周二', '周三', '周四', '周五', '周六', '周日'].map((label, index) => ({
      value: String(index + 1),
      label,
    })),
  ],
  ['recordedAfterDays', '事后几天登记', []],
]

function ruleChoices(regime: Regime): RuleChoices {
  return {
    facts: Object.entries<FactKind>(factKinds).map(([kind, about]) => ({
      kind,
      label: about.label,
      unit: about.quantity.unit,
      quantity: about.quantity.label,
      subjects: about.subjects,
      isKept: about.room !== null,
      attributes: [
        ...Object.entries(about.attributes)
          .filter(([name]) => !name.endsWith('Id'))
          .map(([name, attribute]) => choiceOf(regime, name, attribute)),
        ...ofEveryFact.map(([name, label, options]) => ({
          name,
          label,
          type: 'number' as const,
          options,
          open: options.length === 0,
        })),
      ],
    })),
    cohorts: regime.cohorts.map(({ id, label }) => ({ id, label })),
    unitKinds: Object.entries(unitKinds).map(([value, label]) => ({ value, label })),
    forms: regime.forms.map(({ id, label }) => ({ id, label })),
    periods: Object.entries(periodKinds).flatMap(([value, label]) =>
      value === 'phase' && regime.phases.length === 0
        ? []
        : [{ value: value as RuleChoices['periods'][number]['value'], label }],
    ),
  }
}

export const regimePartsRoom = room('regimeParts', regimePartsApi, {
  getParts: ({ tx, input }) => partsPage(tx, input.id),
  async getCohortCount({ tx, input }) {
    const { regime } = await getDraft(tx, input.id)
    const { conditions } = input
    const problem =
      conditions.conditions.length === 0 ? '请至少写一个条件。' : problemOfConditions(conditions)
    const known = { people: await loadPeople(tx, null), units: await loadUnits(tx), on: tx.today }
    return problem === null
      ? countCohort(regime, writeSimple(conditions), known)
      : { ...countCohort(regime, 'true', known), matched: 0, names: [], problem }
  },
  async getRuleChoices({ tx, input }) {
    return ruleChoices((await getDraft(tx, input.id)).regime)
  },
  createEmpty: ({ tx, input }) => parts.createEmpty(tx, input),
  saveCohort: ({ tx, input }) => parts.saveCohort(tx, input),
  removeCohort: ({ tx, input }) => parts.removeCohort(tx, input),
  saveForm: ({ tx, input }) => parts.saveForm(tx, input),
  removeForm: ({ tx, input }) => parts.removeForm(tx, input),
  saveWords: ({ tx, input }) => parts.saveWords(tx, input),
  addRule: ({ tx, input }) => parts.addRule(tx, input),
  removeRule: ({ tx, input }) => parts.removeRule(tx, input),
})
