import { addDays, dayLabel } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { FactInput } from '../facts/actions.ts'
import type { ProgrammeInput } from './contract.ts'
import type { Artefact, DeliveryState } from './words.ts'

/** Days before the last one from which something counts as due soon. */
export const soonDays = 14

/** Where a delivery stands on a day. */
export function stateOf(dueOn: LocalDate, deliveredOn: LocalDate | null, today: LocalDate): DeliveryState {
  if (deliveredOn !== null) return deliveredOn <= dueOn ? 'delivered' : 'late'
  if (today > dueOn) return 'overdue'
  return addDays(today, soonDays) >= dueOn ? 'dueSoon' : 'open'
}

/** What is wrong with a programme, with the field; null when it may be saved. */
export function problemOf(
  input: ProgrammeInput,
  isDistrict: boolean,
): { field: string; message: string } | null {
  let before: { title: string; to: LocalDate } | null = null
  for (const [index, phase] of input.phases.entries()) {
    const at = `phases.${index}`
    if (phase.to < phase.from)
      return { field: `${at}.to`, message: `“${phase.title}”的最后一天在第一天之前，请核对日期。` }
    if (before && phase.from <= before.to)
      return {
        field: `${at}.from`,
        message: `“${phase.title}”从${dayLabel(phase.from)}开始，和“${before.title}”（到${dayLabel(before.to)}）重叠，请错开。`,
      }
    for (const [place, item] of phase.deliverables.entries()) {
      const field = `${at}.deliverables.${place}`
      if (item.dueOn < phase.from || item.dueOn > phase.to)
        return {
          field: `${field}.dueOn`,
          message: `“${item.title}”的期限${item.dueOn}不在“${phase.title}”（${phase.from} 至 ${phase.to}）之内。`,
        }
      if (item.owner === 'schools' && !isDistrict)
        return {
          field: `${field}.owner`,
          message: `“${item.title}”写的是各校提交，只有区里的项目可以这样要求。`,
        }
      if (item.owner === 'units' && isDistrict)
        return { field: `${field}.owner`, message: `“${item.title}”请写由各校提交，由学校再分到组。` }
      if (item.owner === 'units' && !item.unitKind)
        return { field: `${field}.unitKind`, message: `“${item.title}”请选择由哪一类组提交。` }
    }
    before = phase
  }
  return null
}

export interface Delivered {
  deliveryId: string
  version: number
  programmeId: string
  flow: string
  step: string
  artefact: Artefact
  unitId: string | null
  orgId: string
  deliveredOn: LocalDate
  isDistrict: boolean
  hasArtefact: boolean
  /** What is linked left its own fact already (a filed plan, a held activity). */
  isLinked: boolean
  /** Who acts: the role by which. */
  actor: string
}

/**
 * What a delivery leaves: always that the step is done; a plan or summary handed in as files also counts as filed. One
 * that is linked has left that fact in its own room already, and is not counted twice.
 */
export function deliveryFacts(one: Delivered): FactInput[] {
  const subject = one.unitId
    ? { kind: 'unit' as const, id: one.unitId }
    : { kind: 'organisation' as const, id: one.orgId }
  const shared = {
    subject,
    on: one.deliveredOn,
    quantity: 1,
    source: { room: 'programme', id: one.deliveryId },
  }
  const facts: FactInput[] = [
    {
      ...shared,
      kind: 'step.done',
      attributes: {
        flow: one.flow,
        step: one.step,
        caseId: one.programmeId,
        actor: one.actor,
        artefact: one.hasArtefact,
      },
      key: `programme:${one.deliveryId}:step:${one.version}`,
    },
  ]
  if ((one.artefact === 'plan' || one.artefact === 'summary') && !one.isLinked) {
    facts.push({
      ...shared,
      kind: 'plan.filed',
      attributes: {
        paper: one.artefact,
        level: one.unitId ? 'group' : 'organisation',
        planKind: 'programme',
        horizon: one.artefact === 'plan' ? 'programme' : 'phase',
        filedWith: one.isDistrict ? 'district' : 'school',
        parts: [],
      },
      key: `programme:${one.deliveryId}:filed:${one.version}`,
    })
  }
  return facts
}
