import type { Actor } from '../kit/sql.ts'

export const can = {
  /** 校历 is kept by principal, 教导处 and administrator, in a district by its officers as well. */
  save(actor: Actor): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看，不能改学校的校历。'
    if (actor.kind === 'system') return null
    const keepers = ['principal', 'academicOffice', 'administrator', 'districtOfficer']
    return actor.roles.some((role) => keepers.includes(role))
      ? null
      : '校历由校长、教导处或管理员设置；需要更正请告诉他们。'
  },
  /** A secret address for the own calendar, or that of a group to which one belongs. */
  subscribe(actor: Actor, unitId: string | null): string | null {
    if (actor.districtId !== null) return '区里查看学校时不能订阅学校的日历。'
    if (unitId === null || actor.kind === 'system') return null
    const belongs = actor.unitIds.includes(unitId) || actor.leads.some((lead) => lead.unitId === unitId)
    const offices = ['principal', 'academicOffice']
    return belongs || actor.roles.some((role) => offices.includes(role)) ? null : '只能订阅自己所在组的日历。'
  },
  /** Whoever made it, the group's leader, 教导处. */
  revokeFeed(
    actor: Actor,
    feed: { personId: string | null; unitId: string | null; createdBy: string | null },
  ): string | null {
    if (actor.districtId !== null) return '区里查看学校时只能看。'
    if (actor.personId !== null && (feed.personId ?? feed.createdBy) === actor.personId) return null
    if (feed.personId !== null) return '这是别人的日历地址。'
    const leads = actor.leads.some((lead) => lead.unitId === feed.unitId)
    return leads || actor.roles.includes('academicOffice') || actor.roles.includes('principal')
      ? null
      : '这个地址由建立它的人、组长或教导处停用。'
  },
}
