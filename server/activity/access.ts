import type { Actor } from '../kit/sql.ts'
import type { ActivityStatus, Scope } from './words.ts'

/** As much of an activity as permission depends on. */
export interface Concern {
  scope: Scope
  unitId: string | null
  hostId: string | null
  speakerId: string | null
  recorderId: string | null
  status: ActivityStatus
}

const offices = ['academicOffice', 'researchOffice', 'principal'] as const

function isSystem(actor: Actor): boolean {
  return actor.kind === 'system'
}
function inOffice(actor: Actor): boolean {
  return isSystem(actor) || offices.some((role) => actor.roles.includes(role))
}
function leads(actor: Actor, unitId: string | null): boolean {
  return unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)
}
function runs(actor: Actor, activity: Concern): boolean {
  return (
    inOffice(actor) ||
    leads(actor, activity.unitId) ||
    (actor.personId !== null && actor.personId === activity.hostId)
  )
}
function mayDecideLeave(actor: Actor): boolean {
  return isSystem(actor) || actor.roles.includes('academicOffice') || actor.roles.includes('principal')
}
const lookingIn = (actor: Actor): string | null =>
  actor.districtId === null ? null : '区级只能查看，不能代学校操作。'

/** Who may do what with activities and attendance: null means yes, a sentence is the reason why not. */
export const can = {
  plan(actor: Actor, scope: Scope, unitId: string | null): string | null {
    if (inOffice(actor) || (scope !== 'organisation' && leads(actor, unitId))) return lookingIn(actor)
    return scope === 'organisation'
      ? '全校活动由教导处、教科室或校长安排。'
      : '只有本组组长、教导处、教科室或校长能安排本组的活动。'
  },
  /** Title and time are for everybody; the rest for those who belong to it. */
  open(actor: Actor, activity: Concern, isExpected: boolean): string | null {
    if (actor.districtId !== null || inOffice(actor) || activity.scope === 'organisation' || isExpected)
      return null
    if (activity.unitId !== null && actor.unitIds.includes(activity.unitId)) return null
    if (runs(actor, activity)) return null
    const own = [activity.speakerId, activity.recorderId]
    if (actor.personId !== null && own.includes(actor.personId)) return null
    return '这是其他组的活动，您只能看到题目和时间。'
  },
  run(actor: Actor, activity: Concern): string | null {
    if (runs(actor, activity)) return lookingIn(actor)
    return '只有主持人、组长、教导处、教科室或校长能操作这个活动。'
  },
  change(actor: Actor, activity: Concern): string | null {
    if (activity.status === 'closed') return '活动已经结束，安排不能再改。'
    if (activity.status === 'cancelled') return '活动已经取消。'
    return can.run(actor, activity)
  },
  move(actor: Actor, activity: Concern, forbiddenBy: string | null): string | null {
    if (activity.status !== 'planned')
      return activity.status === 'running' ? '活动正在进行，不能改期。' : can.change(actor, activity)
    if (forbiddenBy !== null) return `制度规定教研活动时间不能挪作他用，一般不予调换（${forbiddenBy}）。`
    return can.run(actor, activity)
  },
  cancel(actor: Actor, activity: Concern): string | null {
    return can.change(actor, activity)
  },
  start(actor: Actor, activity: Concern): string | null {
    if (activity.status === 'running') return '活动已经开始。'
    return can.change(actor, activity)
  },
  close(actor: Actor, activity: Concern): string | null {
    if (activity.status === 'planned') return '活动还没有开始，请先开始签到。'
    if (activity.status === 'closed') return '活动已经结束。'
    return can.change(actor, activity)
  },
  writeMinutes(actor: Actor, activity: Concern): string | null {
    if (activity.status === 'cancelled') return '活动已经取消。'
    if (actor.personId !== null && actor.personId === activity.recorderId) return lookingIn(actor)
    return runs(actor, activity) ? lookingIn(actor) : '活动记录由记录人、主持人或组长填写。'
  },
  rollCall(actor: Actor, activity: Concern): string | null {
    if (activity.status === 'planned') return '活动还没有开始，请先开始签到。'
    if (activity.status === 'closed') return '活动已经结束，请用“更正考勤”并写明原因。'
    return can.change(actor, activity)
  },
  correct(actor: Actor, activity: Concern): string | null {
    if (activity.status !== 'closed') return '活动结束后才需要更正；进行中请直接点名。'
    if (
      actor.personId !== null &&
      actor.personId === activity.hostId &&
      !leads(actor, activity.unitId) &&
      !inOffice(actor)
    )
      return '更正考勤请找组长或教导处。'
    return can.run(actor, activity)
  },
  askLeave(_actor: Actor, activity: Concern, isExpected: boolean): string | null {
    if (activity.status === 'cancelled') return '活动已经取消，不用请假。'
    return isExpected ? null : '您不在这个活动的应到名单里，不用请假。'
  },
  decideLeave(actor: Actor, personId: string): string | null {
    if (!mayDecideLeave(actor)) return '请假由教导处审批。'
    if (actor.personId === personId && !actor.roles.includes('principal')) return '自己的请假请由校长审批。'
    return lookingIn(actor)
  },
  /** Advice comes from whoever leads the group, not from the one who asks. */
  adviseLeave(actor: Actor, activity: Pick<Concern, 'unitId'>, personId: string): string | null {
    if (actor.personId === personId) return '自己的请假不能自己签意见。'
    return leads(actor, activity.unitId) ? lookingIn(actor) : '请假意见由本组组长签。'
  },
  decideMakeUp(actor: Actor, activity: Concern, personId: string): string | null {
    if (actor.personId === personId && !isSystem(actor)) return '自己的补学不能自己确认，请教导处确认。'
    if (inOffice(actor) || leads(actor, activity.unitId)) return lookingIn(actor)
    return '补学由组长或教导处确认。'
  },
  /** Everybody sees their own figures, leaders those of their unit, the offices all. */
  seeStatistics(actor: Actor, unitId: string | null): 'all' | 'own' {
    return actor.districtId !== null || inOffice(actor) || leads(actor, unitId) ? 'all' : 'own'
  },
  seeAllLeaves(actor: Actor): boolean {
    return actor.districtId !== null || inOffice(actor)
  },
}
