import { addDays } from '../days.ts'
import { factKinds } from '../facts.ts'
import type { FactKind } from '../facts.ts'
import type { Period } from '../periods.ts'
import type { PreparedRule } from '../prepare.ts'
import type { FlowBlock } from '../schema.ts'
import { candidatesFor } from '../scope.ts'
import type { Candidate, Scope } from '../scope.ts'
import type { Fact, Subject } from '../types.ts'
import {
  concerns,
  findingOf,
  noDetail,
  periodsFor,
  resting,
  standingOf,
  stateOf,
  traceFactsOf,
  within,
} from './shape.ts'
import type { Shape, Working } from './shape.ts'

type Step = FlowBlock['steps'][number]

/** One matter with what has been done of it. */
interface Matter {
  key: string
  begun: Candidate[]
  done: { step: Step; candidate: Candidate }[]
  /** What is missing or wrong, in words; empty when the matter is complete. */
  faults: string[]
}

/** Facts of one matter carry one `caseId`, or belong to one topic; without either a period holds one matter. */
function matterKey(fact: Fact, period: Period): string {
  const { caseId, topicId } = fact.attributes
  if (typeof caseId === 'string' && caseId !== '') return caseId
  return typeof topicId === 'string' && topicId !== '' ? topicId : `~${period.id}`
}

/** Matters follow ordered steps: 一课六环节, action research, review–stamp–filing, leave and make-up. */
export const flowShape: Shape = {
  evaluate: (rule, subject, scope) => {
    const block = rule.rule.flow
    if (!block || !concerns(rule.rule.binds, subject, scope)) return []
    const { binds } = rule.rule
    const find = (counts: Step['counts']) => candidatesFor(scope.prepared.counts(counts), subject, scope)
    const steps = block.steps.map((step) => ({ step, candidates: find(step.counts) }))
    const begins = block.begins ? find(block.begins) : null
    const periods = periodsFor(rule.rule, block.per, subject, scope)
    const standings = periods.map((period) => standingOf(binds, subject, period, scope, rule.rule.id))
    if (standings.every((standing) => !standing.asked && !standing.bound)) return []
    return periods.map((period, index): Working => {
      const standing = standings[index]
      if (standing && !standing.asked)
        return resting(rule, scope, subject, period, standing, { unit: block.unit })
      const matters = mattersIn(period, block, steps, begins)
      return workingOf(rule, block, subject, period, scope, matters)
    })
  },
}

function mattersIn(
  period: Period,
  block: FlowBlock,
  steps: { step: Step; candidates: Candidate[] }[],
  begins: Candidate[] | null,
): Matter[] {
  const starting = begins ?? steps.flatMap(({ candidates }) => candidates)
  const keys = new Map<string, Candidate[]>()
  for (const candidate of starting) {
    if (candidate.because !== null || !within(period, candidate.day)) continue
    const key = matterKey(candidate.fact, period)
    keys.set(key, [...(keys.get(key) ?? []), candidate])
  }
  // A matter whose steps lie in several periods belongs to the one in which it began.
  const beganEarlier = (key: string) =>
    starting.some(
      ({ fact, day, because }) =>
        because === null && !key.startsWith('~') && day < period.from && matterKey(fact, period) === key,
    )
  return [...keys]
    .filter(([key]) => !beganEarlier(key))
    .map(([key, begun]) => followUp(key, begun, begins !== null, block, steps, period))
}

const labelOf = (kind: string) => (factKinds as Record<string, FactKind>)[kind]?.label ?? '开始'

function followUp(
  key: string,
  begun: Candidate[],
  hasBeginning: boolean,
  block: FlowBlock,
  steps: { step: Step; candidates: Candidate[] }[],
  period: Period,
): Matter {
  const matter: Matter = { key, begun: hasBeginning ? begun : [], done: [], faults: [] }
  let before: { label: string; day: string } | null =
    hasBeginning && begun[0] ? { label: labelOf(begun[0].fact.kind), day: begun[0].day } : null
  for (const { step, candidates } of steps) {
    const own = candidates.filter(
      (candidate) =>
        candidate.because === null &&
        matterKey(candidate.fact, period) === key &&
        (!key.startsWith('~') || within(period, candidate.day)),
    )
    const inOrder = block.ordered && before ? own.filter(({ day }) => day >= (before?.day ?? '')) : own
    const first = inOrder[0] ?? null
    if (!first) {
      if (own.length > 0) matter.faults.push(`“${step.label}”早于“${before?.label ?? ''}”`)
      else if (!step.optional) matter.faults.push(`缺“${step.label}”`)
      continue
    }
    const { day } = first
    matter.done.push({ step, candidate: first })
    if (step.withinDays !== undefined && before && day > addDays(before.day, step.withinDays)) {
      matter.faults.push(`“${step.label}”晚于“${before.label}”后 ${step.withinDays} 天`)
    }
    before = { label: step.label, day }
  }
  return matter
}

function workingOf(
  rule: PreparedRule,
  block: FlowBlock,
  subject: Subject,
  period: Period,
  scope: Scope,
  matters: Matter[],
): Working {
  const complete = matters.filter((matter) => matter.faults.length === 0)
  const target = Math.max(block.atLeast ?? 0, matters.length)
  const over = scope.on > period.to
  const state =
    target === 0
      ? over
        ? 'notApplicable'
        : 'open'
      : stateOf(complete.length >= target, matters.length > 0, period, period.to, scope)
  const factIds = complete.flatMap(({ done }) => done.map(({ candidate }) => candidate.fact.id))
  const broken = matters.filter((matter) => matter.faults.length > 0)
  return {
    finding: findingOf(rule, scope, subject, period, {
      state,
      value: complete.length,
      target: target === 0 ? null : target,
      unit: block.unit,
      dueOn: target === 0 ? null : period.to,
      factIds: [...new Set(factIds)],
    }),
    detail: () => ({
      ...noDetail(rule.rule.title, rule.rule.clause),
      facts: matters.flatMap(({ begun, done, faults }) => {
        const all = traceFactsOf([...begun, ...done.map(({ candidate }) => candidate)])
        const why = faults.length > 0 ? `这一${block.unit}还不完整：${faults.join('、')}` : null
        return all.map((fact) => (why === null ? fact : { ...fact, counted: 0, because: why }))
      }),
      formula: `步骤齐全 ${complete.length} ${block.unit} ÷ 应完成 ${target} ${block.unit}`,
      inputs: block.steps.map((step, index) => ({
        label: `第${index + 1}步`,
        value: `${step.label}${step.withinDays === undefined ? '' : `（${step.withinDays} 天内）`}${step.optional ? '（可省）' : ''}`,
        from: step.clause ?? rule.rule.clause,
      })),
      because:
        target === 0
          ? '此期间没有需要办理的事项，不作要求'
          : broken.length > 0
            ? `${broken.length} ${block.unit}未完成：${broken[0]?.faults.join('、')}`
            : null,
    }),
  }
}
