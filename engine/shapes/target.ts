import { meets, personRegister } from '../cohorts.ts'
import type { Period } from '../periods.ts'
import type { PreparedRule } from '../prepare.ts'
import type { Aim } from '../schema.ts'
import { bindingOf, candidatesFor, membersIn } from '../scope.ts'
import type { Candidate, Scope } from '../scope.ts'
import type { PersonInput, Subject } from '../types.ts'
import {
  concerns,
  findingOf,
  noDetail,
  overlaps,
  periodsFor,
  resting,
  standingOf,
  stateOf,
  traceFactsOf,
} from './shape.ts'
import type { Others, Shape, Working } from './shape.ts'

/** Whether one person has reached what a target is about, and what is still missing. */
interface Answer {
  person: PersonInput
  missing: string[]
  facts: Candidate[]
}

/** A share, or a number, of a cohort that has reached something; the cohort moves with people who come and go. */
export const targetShape: Shape = {
  evaluate: (rule, subject, scope, others) => {
    const block = rule.rule.target
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const standings = periods.map((period) =>
      standingOf(rule.rule.binds, subject, period, scope, rule.rule.id),
    )
    if (standings.every((standing) => !standing.asked && !standing.bound)) return []
    const { title, clause } = rule.rule
    const aims = [{ id: 'main', title, ...block }, ...block.also]
    return aims.flatMap((aim) =>
      periods.map((period, index): Working => {
        const standing = standings[index]
        const given = { minimumId: aim.id, unit: '%' }
        if (standing && !standing.asked)
          return resting(rule, scope, subject, period, standing, given, noDetail(aim.title, clause))
        const answers = cohortIn(aim, subject, period, scope).map((person) =>
          answerOf(aim, person, period, scope, others),
        )
        return workingOf(rule, aim, subject, period, scope, answers)
      }),
    )
  },
}

/** Who belongs to the cohort: asked on the last day of the period, or today while it runs. */
function cohortIn(block: Aim, subject: Subject, period: Period, scope: Scope): PersonInput[] {
  const day = scope.on < period.from ? period.from : scope.on > period.to ? period.to : scope.on
  const there =
    subject.kind === 'unit'
      ? membersIn(subject.id, day, scope)
      : scope.input.people.filter(({ service }) =>
          service.some((range) => range.from <= day && (range.to === null || day <= range.to)),
        )
  const moment = { ...period, to: day }
  return there.filter(
    (person) =>
      bindingOf({ person: block.among }, { kind: 'person', id: person.id }, moment, scope).bound === 'yes',
  )
}

function answerOf(block: Aim, person: PersonInput, period: Period, scope: Scope, others: Others): Answer {
  const subject: Subject = { kind: 'person', id: person.id }
  const answer: Answer = { person, missing: [], facts: [] }
  if (block.rule) {
    const title = scope.prepared.findRule(block.rule)?.rule.title ?? block.rule
    const findings = others
      .evaluate(block.rule, subject)
      .map(({ finding }) => finding)
      .filter((finding) => overlaps(finding.period, period))
    const asked = findings.filter(({ state }) => state !== 'notApplicable' && state !== 'excused')
    if (asked.length === 0 || asked.some(({ state }) => state !== 'done')) answer.missing.push(title)
  }
  for (const { label, counts } of block.each ?? []) {
    const facts = candidatesFor(scope.prepared.counts(counts), subject, scope, undefined, period)
    answer.facts.push(...facts)
    if (!facts.some(({ because }) => because === null)) answer.missing.push(label)
  }
  if (block.when) {
    const day = scope.on > period.to ? period.to : scope.on
    const condition = scope.prepared.conditions.forPerson(block.when)
    if (!meets(condition, scope.attributes(person, day), personRegister).met) answer.missing.push('条件')
  }
  return answer
}

function workingOf(
  rule: PreparedRule,
  block: Aim & { id: string; title: string },
  subject: Subject,
  period: Period,
  scope: Scope,
  answers: Answer[],
): Working {
  const reached = answers.filter(({ missing }) => missing.length === 0)
  const byShare = block.people === undefined
  const wanted = byShare ? Math.round((block.share ?? 1) * 10000) / 100 : (block.people ?? 0)
  const value = byShare
    ? answers.length === 0
      ? null
      : Math.floor((reached.length / answers.length) * 10000 + 1e-9) / 100
    : reached.length
  const { clause } = rule.rule
  const lacking = answers.filter(({ missing }) => missing.length > 0)
  return {
    finding: findingOf(rule, scope, subject, period, {
      minimumId: block.id,
      state:
        value === null
          ? 'notApplicable'
          : stateOf(value >= wanted - 1e-9, reached.length > 0, period, period.to, scope),
      value,
      target: wanted,
      unit: byShare ? '%' : '人',
      dueOn: period.to,
      factIds: reached.flatMap(({ facts }) =>
        facts.filter(({ because }) => because === null).map(({ fact }) => fact.id),
      ),
    }),
    detail: () => ({
      ...noDetail(block.title, clause),
      facts: traceFactsOf(answers.flatMap(({ facts }) => facts)),
      formula: `达到 ${reached.length} 人 ÷ 应达到 ${answers.length} 人${value === null ? '' : ` = ${byShare ? `${value}%` : `${value} 人`}`}`,
      inputs: lacking
        .slice(0, 50)
        .map(({ person, missing }) => ({ label: person.name, value: `还缺：${missing.join('、')}` })),
      because:
        value === null
          ? '没有属于这一人群的人'
          : lacking.length > 0
            ? `${lacking.length} 人还没有达到`
            : null,
    }),
  }
}
