import type { Actor } from '../kit/sql.ts'

const offices = ['academicOffice', 'principal'] as const
const inOffice = (actor: Actor) =>
  actor.kind === 'system' || offices.some((role) => actor.roles.includes(role))
const leads = (actor: Actor, unitId: string | null) =>
  unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)
const onlyLooks = (actor: Actor) =>
  actor.districtId === null ? null : '区里查看学校时只能看，不能改学校的固定时间。'

/** Who may do what with fixed times: null means yes, a sentence is the reason why not. */
export const can = {
  propose(actor: Actor, unitId: string | null): string | null {
    if (inOffice(actor) || leads(actor, unitId)) return onlyLooks(actor)
    return unitId === null
      ? '全校的固定研修时间由教导处或校长设定。'
      : '本组的固定时间由组长提出，或由教导处设定。'
  },
  proposeAny(actor: Actor): string | null {
    if (inOffice(actor) || actor.leads.length > 0) return onlyLooks(actor)
    return '固定研修时间由组长提出、教导处备案。'
  },
  change(actor: Actor, slot: { unitId: string | null; status: string }): string | null {
    if (slot.status === 'withdrawn') return '这个固定时间已经停用，请另外提出。'
    return can.propose(actor, slot.unitId)
  },
  approve(actor: Actor, slot: { status: string }): string | null {
    if (!inOffice(actor)) return '固定时间由教导处审核备案。'
    if (slot.status !== 'proposed') return '只有待审核的固定时间需要备案。'
    return onlyLooks(actor)
  },
  withdraw(actor: Actor, slot: { unitId: string | null; status: string }): string | null {
    if (slot.status === 'withdrawn') return '这个固定时间已经停用。'
    if (slot.status === 'filed' && !inOffice(actor)) return '已备案的固定时间由教导处停用。'
    return can.propose(actor, slot.unitId)
  },
  /** The organiser asks, 教导处 moves at once. */
  shift(actor: Actor, slot: { unitId: string | null; status: string }): string | null {
    if (slot.status !== 'filed') return '备案以后才有按时举行的场次，现在不用顺延。'
    return can.propose(actor, slot.unitId)
  },
  decideShift(actor: Actor): string | null {
    return inOffice(actor) ? onlyLooks(actor) : '顺延由教导处同意。'
  },
  grantsAtOnce: inOffice,
  maintain(actor: Actor): string | null {
    if (inOffice(actor) || actor.roles.includes('researchOffice')) return onlyLooks(actor)
    return '作息时间和课表由教导处维护。'
  },
}
