import { attributesOn, holdsOn, isInPost, meets, personRegister, unitRegister } from '../cohorts.ts'
import type { Conditions } from '../conditions.ts'
import { valueWord } from '../describe-condition.ts'
import type { BodyBlock, Regime } from '../schema.ts'
import type { AttributeValue, LocalDate, PersonInput, UnitInput } from '../types.ts'
import { concerns, findingOf, noDetail } from './shape.ts'
import type { Shape } from './shape.ts'

/** What the composition of a body is held against: the people and units on a day, and conditions over them. */
export interface BodyQuestion {
  regime: Regime
  conditions: Conditions
  settings: Record<string, AttributeValue>
  people: readonly PersonInput[]
  /** Attributes of a person on the day, with the settings that a condition may compare them with. */
  attributes: (person: PersonInput) => Record<string, unknown>
  day: LocalDate
}

/** A question over plain lists, for whoever has no evaluation at hand. */
export function bodyQuestion(
  given: Pick<BodyQuestion, 'regime' | 'conditions' | 'settings' | 'day'> & {
    people: readonly PersonInput[]
    units: readonly UnitInput[]
  },
): BodyQuestion {
  const kinds = new Map(given.units.map((unit) => [unit.id, unit.kind]))
  const { settings, day } = given
  return {
    ...given,
    attributes: (person) => ({ ...attributesOn(person, (id) => kinds.get(id), day), settings }),
  }
}

/** People in post on the day who meet a condition over posts and attributes. */
export function peopleWho(condition: string, asked: BodyQuestion): PersonInput[] {
  const test = asked.conditions.forPerson(condition)
  return asked.people.filter(
    (person) => isInPost(person, asked.day) && meets(test, asked.attributes(person), personRegister).met,
  )
}

/** Whether a rule about bodies speaks of a unit. */
export function isMeant(
  block: BodyBlock,
  unit: UnitInput,
  { conditions, settings }: Pick<BodyQuestion, 'conditions' | 'settings'>,
): boolean {
  if (!block.unitKinds.includes(unit.kind)) return false
  if (block.when === undefined) return true
  const values = { ...unit.attributes, name: unit.name, kind: unit.kind, settings }
  return meets(conditions.forUnit(block.when), values, unitRegister).met
}

/** One part of what a rule asks of a body, in words. */
export interface CompositionPart {
  label: string
  met: boolean
  sentence: string
}

/** What a rule asks of the composition of a body, part by part: its posts, then its members. */
export function compositionOf(block: BodyBlock, unit: UnitInput, asked: BodyQuestion): CompositionPart[] {
  const { people, day, regime } = asked
  const inRole = (role: string) =>
    people.filter((person) =>
      person.posts.some((post) => post.unitId === unit.id && post.role === role && holdsOn(post, day)),
    )
  const isIn = (one: { from: LocalDate; to: LocalDate | null; unitId: string | null }) =>
    one.unitId === unit.id && holdsOn(one, day)
  const belonging = new Set(
    people.filter(
      (person) => person.posts.some(isIn) || (isInPost(person, day) && person.memberships.some(isIn)),
    ),
  )
  const heads = block.roles.map((role): CompositionPart => {
    const label = valueWord(regime, 'roles', role)
    const met = inRole(role).length > 0
    return { label, met, sentence: met ? `${label}已有人担任` : `还没有${label}` }
  })
  const members = block.members.map((wanted): CompositionPart => {
    const { label } = wanted
    const fitting = wanted.when === undefined ? null : new Set(peopleWho(wanted.when, asked))
    if (wanted.everybody) {
      const all = fitting ? [...fitting] : people.filter((person) => isInPost(person, day))
      const outside = all.filter((person) => !belonging.has(person))
      const names = outside.slice(0, 8).map((person) => person.name)
      return {
        label,
        met: outside.length === 0,
        sentence:
          outside.length === 0
            ? `${label}全部在内`
            : `${label}还差 ${outside.length} 人：${names.join('、')}${outside.length > names.length ? '等' : ''}`,
      }
    }
    const asRole = wanted.role ? inRole(wanted.role) : [...belonging]
    const present = asRole.filter((person) => !fitting || fitting.has(person)).length
    return {
      label,
      met: present >= wanted.atLeast,
      sentence: `${label}应有 ${wanted.atLeast} 人，现有 ${present} 人`,
    }
  })
  return [...heads, ...members]
}

/** A body exists, and somebody holds its posts; asked on the day of the question, from the register of units. */
export const bodyShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.body
    const [period] = scope.periods('schoolYear')
    if (!block || !period || !concerns(rule.rule.binds, subject, scope)) return []
    const day = scope.on < period.from ? period.from : scope.on > period.to ? period.to : scope.on
    const { regime, conditions, settings, calendar } = scope.prepared
    const asked: BodyQuestion = {
      regime,
      conditions,
      settings,
      people: scope.input.people,
      attributes: (person) => scope.attributes(person, day),
      day,
    }
    const existing = scope.input.units.filter((unit) => holdsOn(unit, day) && isMeant(block, unit, asked))
    const faults = new Map(
      existing.map((unit) => [unit, compositionOf(block, unit, asked).filter((part) => !part.met)]),
    )
    const staffed = existing.filter((unit) => faults.get(unit)?.length === 0)
    const dueOn = calendar.terms.find((term) => term.schoolYearId === scope.schoolYear.id)?.windows.opening.to
    const met = staffed.length >= block.atLeast
    const wanting = existing.find((unit) => (faults.get(unit)?.length ?? 0) > 0)
    const finding = findingOf(rule, scope, subject, period, {
      state: met
        ? 'done'
        : scope.on > (dueOn ?? period.to)
          ? 'overdue'
          : existing.length > 0
            ? 'partly'
            : 'open',
      value: staffed.length,
      target: block.atLeast,
      unit: block.unit,
      dueOn: dueOn ?? null,
    })
    const lacking = (unit: UnitInput) => faults.get(unit)?.map((part) => part.sentence) ?? []
    return [
      {
        finding,
        detail: () => ({
          ...noDetail(rule.rule.title, rule.rule.clause),
          formula: `应有 ${block.atLeast} ${block.unit}，现有 ${staffed.length} ${block.unit}`,
          inputs: existing.map((unit) => ({ label: unit.name, value: `${unit.from} 起`, from: '组织机构' })),
          because: wanting ? `${wanting.name}：${lacking(wanting).join('、')}` : null,
        }),
      },
    ]
  },
}
