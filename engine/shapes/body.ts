import { holdsOn, meets, unitRegister } from '../cohorts.ts'
import { concerns, findingOf, noDetail } from './shape.ts'
import type { Shape } from './shape.ts'

/** A body exists, and somebody holds its posts; asked on the day of the question, from the register of units. */
export const bodyShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.body
    const [period] = scope.periods('schoolYear')
    if (!block || !period || !concerns(rule.rule.binds, subject, scope)) return []
    const day = scope.on < period.from ? period.from : scope.on > period.to ? period.to : scope.on
    const condition = block.when ? scope.prepared.conditions.forUnit(block.when) : null
    const existing = scope.input.units.filter((unit) => {
      const values = { ...unit.attributes, name: unit.name, kind: unit.kind }
      const meant = block.unitKinds.includes(unit.kind) && holdsOn(unit, day)
      return meant && (!condition || meets(condition, values, unitRegister).met)
    })
    const staffed = existing.filter((unit) =>
      block.roles.every((role) =>
        scope.input.people.some((person) =>
          person.posts.some((post) => post.unitId === unit.id && post.role === role && holdsOn(post, day)),
        ),
      ),
    )
    const dueOn = scope.prepared.calendar.terms.find((term) => term.schoolYearId === scope.schoolYear.id)
      ?.windows.opening.to
    const met = staffed.length >= block.atLeast
    const vacant = existing.length - staffed.length
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
          because: vacant > 0 ? `${vacant} ${block.unit}还没有负责人` : null,
        }),
      },
    ]
  },
}
