import type { Actor } from '../kit/sql.ts'
import type { ProgrammeStatus } from './words.ts'

const holds = (actor: Actor, ...roles: string[]) =>
  actor.kind === 'system' || actor.roles.some((role) => roles.includes(role))
const onlyLooks = (actor: Actor) =>
  actor.districtId === null ? null : '区里查看学校时只能看，不能代学校操作。'

export const can = {
  /** In a school the principal (or 教导处 and 教科室 for it), in a district its officers. */
  define(actor: Actor): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    return holds(actor, 'principal', 'academicOffice', 'researchOffice', 'districtOfficer')
      ? null
      : '项目由区教研员或校长（教导处、教科室）设定。'
  },
  change(actor: Actor, programme: { status: ProgrammeStatus; isOwn: boolean }): string | null {
    if (!programme.isOwn) return '这是区里的项目，由区里修改；学校按要求提交。'
    if (programme.status === 'closed') return '项目已经结束，不能再改。'
    return can.define(actor)
  },
  publish(actor: Actor, programme: { status: ProgrammeStatus; isOwn: boolean }): string | null {
    if (programme.status !== 'draft') return '项目已经发布。'
    if (actor.kind === 'person' && programme.isOwn && !holds(actor, 'principal', 'districtOfficer'))
      return onlyLooks(actor) ?? '项目由校长（区里由教研员）发布。'
    return can.change(actor, programme)
  },
  close(actor: Actor, programme: { status: ProgrammeStatus; isOwn: boolean }): string | null {
    if (programme.status !== 'published') return '只有进行中的项目可以结束。'
    return can.publish(actor, { ...programme, status: 'draft' })
  },
  discard(actor: Actor, programme: { status: ProgrammeStatus; isOwn: boolean }): string | null {
    if (programme.status !== 'draft') return '已经发布的项目不能删除，可以结束。'
    return can.change(actor, programme)
  },
  /** Drafts are seen by those who make them. */
  see(actor: Actor, programme: { status: ProgrammeStatus }): boolean {
    return programme.status !== 'draft' || can.define(actor) === null
  },
  /** The group's leader for the group, the offices for everything. */
  deliver(actor: Actor, programme: { status: ProgrammeStatus }, unitId: string | null): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (programme.status !== 'published')
      return programme.status === 'draft' ? '项目还没有发布。' : '项目已经结束。'
    if (holds(actor, 'principal', 'academicOffice', 'researchOffice', 'districtOfficer')) return null
    if (unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)) return null
    return unitId === null ? '由校长、教导处或教科室提交。' : '由本组组长、教导处或教科室提交。'
  },
  /** What was accepted stays as it is. */
  changeDelivery(actor: Actor, programme: { status: ProgrammeStatus }, one: Handed): string | null {
    if (one.status === 'accepted') return '已经验收，不能再改；确实要改，请验收的人退回。'
    return can.deliver(actor, programme, one.unitId)
  },
  /**
   * Accepting or returning what was handed in: 教导处 or the principal of a school, the officers of a district for what
   * its schools hand in; nobody for the own hand-in. What was accepted can still be returned.
   */
  receive(
    actor: Actor,
    programme: { status: ProgrammeStatus; isDistrict: boolean },
    one: Handed & { deliveredBy: string | null },
  ): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (one.status !== 'delivered' && one.status !== 'accepted')
      return one.status === 'returned' ? '已经退回，等对方重新提交。' : '还没有提交。'
    if (programme.status !== 'published') return '项目已经结束，不再验收。'
    if (holds(actor, 'districtOfficer')) return null
    if (programme.isDistrict) return '区里的项目由区里验收。'
    if (!holds(actor, 'principal', 'academicOffice')) return '由教导处或校长验收。'
    if (actor.personId !== null && actor.personId === one.deliveredBy)
      return '自己交的材料不能自己验收，请教导处的同事或校长验收。'
    return null
  },
}

/** As much of a delivery as permission depends on. */
interface Handed {
  status: string
  unitId: string | null
}
