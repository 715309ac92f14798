import { holdsOn, isInPost, meets, personRegister, unitRegister } from '../cohorts.ts'
import type { BodyBlock } from '../schema.ts'
import { membersIn } from '../scope.ts'
import type { Scope } from '../scope.ts'
import type { LocalDate } from '../types.ts'
import { concerns, findingOf, noDetail } from './shape.ts'
import type { Shape } from './shape.ts'

function holdersOf(role: string, unitId: string, day: LocalDate, scope: Scope) {
  return scope.input.people.filter((person) =>
    person.posts.some((post) => post.unitId === unitId && post.role === role && holdsOn(post, day)),
  )
}

/** What a unit lacks of one part of its composition, in words; empty when it is complete. */
function missingMembers(
  wanted: BodyBlock['members'][number],
  unitId: string,
  day: LocalDate,
  scope: Scope,
): string[] {
  const condition = wanted.when ? scope.prepared.conditions.forPerson(wanted.when) : null
  const fits = (person: (typeof scope.input.people)[number]) =>
    !condition || meets(condition, scope.attributes(person, day), personRegister).met
  const belonging = new Set([
    ...membersIn(unitId, day, scope),
    ...scope.input.people.filter((person) =>
      person.posts.some((post) => post.unitId === unitId && holdsOn(post, day)),
    ),
  ])
  const inRole = wanted.role ? holdersOf(wanted.role, unitId, day, scope) : [...belonging]
  const present = inRole.filter(fits)
  if (wanted.everybody) {
    const outside = scope.input.people.filter(
      (person) => isInPost(person, day) && fits(person) && !belonging.has(person),
    )
    return outside.length === 0 ? [] : [`${wanted.label}还差 ${outside.length} 人`]
  }
  return present.length >= wanted.atLeast
    ? []
    : [`${wanted.label}应有 ${wanted.atLeast} 人，现有 ${present.length} 人`]
}

/** A body exists, and somebody holds its posts; asked on the day of the question, from the register of units. */
export const bodyShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.body
    const [period] = scope.periods('schoolYear')
    if (!block || !period || !concerns(rule.rule.binds, subject, scope)) return []
    const day = scope.on < period.from ? period.from : scope.on > period.to ? period.to : scope.on
    const condition = block.when ? scope.prepared.conditions.forUnit(block.when) : null
    const existing = scope.input.units.filter((unit) => {
      const { settings } = scope.prepared
      const values = { ...unit.attributes, name: unit.name, kind: unit.kind, settings }
      const meant = block.unitKinds.includes(unit.kind) && holdsOn(unit, day)
      return meant && (!condition || meets(condition, values, unitRegister).met)
    })
    const faults = new Map(
      existing.map((unit) => [
        unit,
        [
          ...block.roles
            .filter((role) => holdersOf(role, unit.id, day, scope).length === 0)
            .map(() => '还没有负责人'),
          ...block.members.flatMap((wanted) => missingMembers(wanted, unit.id, day, scope)),
        ],
      ]),
    )
    const staffed = existing.filter((unit) => faults.get(unit)?.length === 0)
    const dueOn = scope.prepared.calendar.terms.find((term) => term.schoolYearId === scope.schoolYear.id)
      ?.windows.opening.to
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
    return [
      {
        finding,
        detail: () => ({
          ...noDetail(rule.rule.title, rule.rule.clause),
          formula: `应有 ${block.atLeast} ${block.unit}，现有 ${staffed.length} ${block.unit}`,
          inputs: existing.map((unit) => ({ label: unit.name, value: `${unit.from} 起`, from: '组织机构' })),
          because: wanting ? `${wanting.name}：${faults.get(wanting)?.join('、')}` : null,
        }),
      },
    ]
  },
}
