import type { Actor } from '../kit/sql.ts'
import type { InvitationStatus } from './words.ts'

const holds = (actor: Actor, ...roles: Actor['roles'][number][]) =>
  actor.kind === 'system' || actor.roles.some((role) => roles.includes(role))
const onlyLooks = (actor: Actor) => (actor.districtId === null ? null : '区里查看学校时只能看，不能改。')

/** Who may do what with trainers, invitations, lectures and guidance: null means yes, a sentence is the reason why not. */
export const can = {
  /** The pool, and proposing whom to invite. */
  maintain(actor: Actor): string | null {
    if (holds(actor, 'academicOffice', 'researchOffice', 'principal', 'districtOfficer'))
      return onlyLooks(actor)
    return '师资由教导处、教科室登记和邀请。'
  },
  /** Only a district lends its people out. */
  offer(actor: Actor, organisation: { kind: 'school' | 'district' }): string | null {
    return organisation.kind === 'district' ? can.maintain(actor) : '只有区里能把师资提供给学校。'
  },
  /** In a school the principal; a district's officers decide for themselves. */
  decide(actor: Actor, invitation: { status: InvitationStatus }): string | null {
    if (!holds(actor, 'principal', 'districtOfficer')) return '聘请和邀请由校长批准。'
    if (invitation.status !== 'proposed') return '已经处理过了。'
    return onlyLooks(actor)
  },
  withdraw(actor: Actor, invitation: { status: InvitationStatus }): string | null {
    if (invitation.status === 'approved' && !holds(actor, 'principal', 'districtOfficer'))
      return '已批准的由校长撤回。'
    if (invitation.status !== 'proposed' && invitation.status !== 'approved') return '已经处理过了。'
    return can.maintain(actor)
  },
  /** The offices everything, a leader what concerns the own group. */
  record(actor: Actor, unitId: string | null): string | null {
    if (can.maintain(actor) === null) return null
    if (unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)) return onlyLooks(actor)
    return '讲座和指导由教导处、教科室登记；本组的由组长登记。'
  },
  /** Opening the form at all. */
  recordSomething(actor: Actor): string | null {
    return can.record(actor, actor.leads[0]?.unitId ?? null)
  },
  seeFee(actor: Actor): string | null {
    if (actor.districtId !== null) return '费用只有学校的校长和教导处能看。'
    return holds(actor, 'principal', 'academicOffice', 'districtOfficer')
      ? null
      : '费用只有校长和教导处能看。'
  },
  seePhone(actor: Actor): string | null {
    if (actor.districtId !== null) return '联系电话只有学校自己能看。'
    return can.maintain(actor) === null || actor.leads.length > 0
      ? null
      : '联系电话由教导处、教科室和组长查看。'
  },
  /** Where something went wrong, before it is taken back it is shown to whoever may record. */
  rate(
    actor: Actor,
    contribution: { wasThere: boolean; isOwn: boolean; isOver: boolean; withdrawnBecause: string | null },
  ): string | null {
    if (actor.personId === null || actor.districtId !== null) return '请用本人的账号评价。'
    if (contribution.withdrawnBecause !== null) return '这次记录已经作废。'
    if (contribution.isOwn) return '自己讲的不用评价。'
    if (!contribution.wasThere) return '参加过的老师才能评价。'
    return contribution.isOver ? '评价的时间已经过了。' : null
  },
}
