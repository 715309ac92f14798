import type { Actor } from '../kit/sql.ts'
import type { NoticeStatus } from './words.ts'

/** What must be known of a notice to decide who may do what. */
export interface NoticeForAccess {
  authorId: string | null
  unitId: string | null
  status: NoticeStatus
  originId: string | null
}

const officeRoles = ['academicOffice', 'researchOffice', 'principal', 'vicePrincipal'] as const
const isOffice = (actor: Actor) => officeRoles.some((role) => actor.roles.includes(role))
const isDistrict = (actor: Actor) => actor.roles.includes('districtOfficer')

export const can = {
  /** Whether the actor may write to the whole school (for the district: to its schools), and not only to groups led. */
  writeToAll(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看，不能替学校发通知。'
    if (actor.kind === 'system' || isOffice(actor) || isDistrict(actor)) return null
    return '发给全校的通知由校长、教导处、教科室发；组长可以发给本组。'
  },
  write(actor: Actor): string | null {
    if (actor.districtId !== null) return can.writeToAll(actor)
    if (can.writeToAll(actor) === null || actor.leads.length > 0) return null
    return '通知由校长、教导处、教科室和组长发布。'
  },
  /** Whoever looks after a notice: its author, and the offices for what went out in the school's or a group's name. */
  manage(actor: Actor, notice: NoticeForAccess): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看。'
    if (notice.originId !== null) return '这是区里发来的通知，由区里管理。'
    if (actor.kind === 'system') return null
    if (notice.authorId !== null && notice.authorId === actor.personId) return null
    if (notice.status !== 'draft' && (isOffice(actor) || isDistrict(actor))) return null
    return '通知由发布人、校长、教导处和教科室管理。'
  },
  /** How its receivers stand: for those who manage it; of the district's notices for the school's offices. */
  seeReceivers(actor: Actor, notice: NoticeForAccess): string | null {
    if (notice.originId !== null && isOffice(actor)) return null
    return can.manage(actor, notice)
  },
  edit(actor: Actor, notice: NoticeForAccess): string | null {
    const problem = can.manage(actor, notice)
    if (problem) return problem
    return notice.status === 'draft' ? null : '通知已经发出，不能直接修改；请用“更正”，原文会留下记录。'
  },
  change(actor: Actor, notice: NoticeForAccess): string | null {
    const problem = can.manage(actor, notice)
    if (problem) return problem
    if (notice.status === 'draft') return '通知还没有发出。'
    return notice.status === 'withdrawn' ? '通知已经撤回。' : null
  },
  close(actor: Actor, notice: NoticeForAccess): string | null {
    return can.change(actor, notice) ?? (notice.status === 'closed' ? '已经结束统计。' : null)
  },
  /** Mail server and quiet hours. */
  manageMail(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看。'
    if (actor.kind === 'system') return null
    if (actor.roles.includes('administrator') || actor.roles.includes('principal')) return null
    return '发信邮箱和提醒时间由管理员或校长设置。'
  },
}
