import { candidatesFor, membersIn } from '../scope.ts'
import type { Candidate } from '../scope.ts'
import { concerns, findingOf, noDetail, resting, standingOf, stateOf, traceFactsOf, within } from './shape.ts'
import type { Shape, Working } from './shape.ts'

/** Members of a unit take turns: everybody once before anybody twice. */
export const rotationShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.rotation
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const { title, clause, binds } = rule.rule
    const counts = scope.prepared.counts(block.counts)
    return scope.periods(block.per).flatMap((period): Working[] => {
      const standing = standingOf(binds, subject, period, scope, rule.rule.id)
      if (!standing.asked) return standing.bound ? [resting(rule, scope, subject, period, standing)] : []
      const day = scope.on < period.from ? period.from : scope.on > period.to ? period.to : scope.on
      const turns = membersIn(subject.id, day, scope).map((person) => ({
        person,
        own: candidatesFor(counts, { kind: 'person', id: person.id }, scope).filter(
          ({ fact, day: on }) => within(period, on) && (fact.attributes.unitId ?? subject.id) === subject.id,
        ),
      }))
      const counting = (own: Candidate[]) => own.filter((candidate) => candidate.because === null)
      const spoken = turns.filter(({ own }) => counting(own).length > 0)
      const waiting = turns.filter(({ own }) => counting(own).length === 0).map(({ person }) => person.name)
      const twice = turns.filter(({ own }) => counting(own).length > 1).map(({ person }) => person.name)
      const outOfTurn = waiting.length > 0 && twice.length > 0
      const met = turns.length > 0 && waiting.length === 0
      const empty = turns.length === 0
      const finding = findingOf(rule, scope, subject, period, {
        state: empty ? 'notApplicable' : stateOf(met, spoken.length > 0, period, period.to, scope),
        value: spoken.length,
        target: empty ? null : turns.length,
        unit: '人',
        dueOn: empty ? null : period.to,
        result: outOfTurn ? '轮次不均' : null,
        factIds: turns.flatMap(({ own }) => counting(own).map(({ fact }) => fact.id)),
      })
      const uneven = `${twice.join('、')}已轮到两次以上，${waiting.join('、')}还没有轮到`
      return [
        {
          finding,
          detail: () => ({
            ...noDetail(title, clause),
            facts: traceFactsOf(turns.flatMap(({ own }) => own)),
            formula: `已轮到 ${spoken.length} 人 ÷ 成员 ${turns.length} 人`,
            inputs: turns.map(({ person, own }) => ({
              label: person.name,
              value: `${counting(own).length} 次`,
            })),
            because: empty
              ? '组内没有在岗成员'
              : outOfTurn
                ? uneven
                : waiting.length > 0
                  ? `还没有轮到：${waiting.join('、')}`
                  : null,
          }),
        },
      ]
    })
  },
}
