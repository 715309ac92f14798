import type { Actor } from '../kit/sql.ts'
import type { PlanLevel, PlanStatus } from './words.ts'

/** What must be known of a paper to decide who may do what. */
export interface PlanForAccess {
  level: PlanLevel
  ownerId: string
  status: PlanStatus
  /** Groups of the owner of a teacher's paper. */
  ownerGroupIds: string[]
  submittedBy: string | null
  districtNumber: string | null
}

const isSystem = (actor: Actor) => actor.kind === 'system'
const isAcademic = (actor: Actor) => actor.roles.includes('academicOffice')
const isOffice = (actor: Actor) => isAcademic(actor) || actor.roles.includes('researchOffice')
const isPrincipal = (actor: Actor) => actor.roles.includes('principal')
const leadsUnit = (actor: Actor, unitId: string) => actor.leads.some((lead) => lead.unitId === unitId)
const leadsOwner = (actor: Actor, plan: PlanForAccess) =>
  plan.ownerGroupIds.some((unitId) => leadsUnit(actor, unitId))

/** Why the caller may not write a paper of this owner, or null. */
function writeProblem(actor: Actor, level: PlanLevel, ownerId: string): string | null {
  if (isSystem(actor)) return null
  if (level === 'teacher') return actor.personId === ownerId ? null : '个人计划、总结由本人撰写。'
  if (level === 'group') return leadsUnit(actor, ownerId) ? null : '组的计划、总结由组长撰写。'
  return isOffice(actor) || isPrincipal(actor) ? null : '学校的计划、总结由教导处、教科室或校长撰写。'
}

/** The caller handed this paper in, or it is about the caller: somebody else must decide. */
function isOwn(actor: Actor, plan: PlanForAccess): boolean {
  if (actor.personId === null) return false
  return actor.personId === plan.submittedBy || (plan.level === 'teacher' && actor.personId === plan.ownerId)
}

export const can = {
  start(actor: Actor, paper: { level: PlanLevel; ownerId: string }): string | null {
    return writeProblem(actor, paper.level, paper.ownerId)
  },
  /** Papers of the school and its groups are read by all once handed in; a teacher's by those who guide or oversee. */
  see(actor: Actor, plan: PlanForAccess): string | null {
    if (writeProblem(actor, plan.level, plan.ownerId) === null) return null
    if (isPrincipal(actor) || isOffice(actor)) return null
    const isPublic = plan.status !== 'draft' && plan.status !== 'returned'
    if (plan.level !== 'teacher' && isPublic && actor.roles.length > 0) return null
    if (plan.level === 'teacher' && leadsOwner(actor, plan)) return null
    if (isPublic && actor.roles.includes('districtOfficer')) return null
    return plan.level === 'teacher'
      ? '只有本人、所在组组长、教导处、教科室和校长可以看这份材料。'
      : '这份材料还没有提交。'
  },
  edit(actor: Actor, plan: PlanForAccess): string | null {
    const problem = writeProblem(actor, plan.level, plan.ownerId)
    if (problem) return problem
    if (plan.status === 'submitted') return '材料正在审核，不能修改；需要修改请先撤回。'
    if (plan.status === 'reviewed') return '材料已审核，等待盖章备案，不能修改。'
    if (plan.status === 'filed') return '材料已盖章备案，不能修改；确需修改请校长撤销备案。'
    return null
  },
  submit(actor: Actor, plan: PlanForAccess): string | null {
    return can.edit(actor, plan)
  },
  takeBack(actor: Actor, plan: PlanForAccess): string | null {
    const problem = writeProblem(actor, plan.level, plan.ownerId)
    if (problem) return problem
    return plan.status === 'submitted' ? null : '只有还没有审核的材料可以撤回。'
  },
  review(actor: Actor, plan: PlanForAccess): string | null {
    if (isOwn(actor, plan)) return '自己提交的材料不能由自己审核，请由教导处其他人员或校长审核。'
    const guides = isSystem(actor) || isOffice(actor) || isPrincipal(actor)
    if (!guides && !(plan.level === 'teacher' && leadsOwner(actor, plan))) {
      return plan.level === 'teacher'
        ? '个人材料由所在组组长或教导处审核。'
        : '组和学校的材料由教导处、教科室或校长审核。'
    }
    return plan.status === 'submitted' ? null : '这份材料不在待审核状态，请刷新页面看最新情况。'
  },
  return(actor: Actor, plan: PlanForAccess): string | null {
    return plan.status === 'reviewed' ? can.file(actor, plan) : can.review(actor, plan)
  },
  file(actor: Actor, plan: PlanForAccess): string | null {
    if (!isSystem(actor) && !isAcademic(actor) && !isPrincipal(actor)) return '盖章备案由教导处或校长办理。'
    if (isOwn(actor, plan)) return '自己提交的材料不能由自己盖章，请由校长或教导处其他人员办理。'
    if (plan.status === 'submitted') return '材料还没有审核，请先审核再盖章备案。'
    return plan.status === 'reviewed' ? null : '这份材料不在待盖章状态，请刷新页面看最新情况。'
  },
  withdrawFiling(actor: Actor, plan: PlanForAccess): string | null {
    if (!isSystem(actor) && !isPrincipal(actor)) return '撤销备案由校长办理。'
    return plan.status === 'filed' ? null : '这份材料没有备案，不需要撤销。'
  },
  fileWithDistrict(actor: Actor, plan: PlanForAccess): string | null {
    if (!isSystem(actor) && !isAcademic(actor) && !isPrincipal(actor)) return '报区备案由教导处或校长登记。'
    if (plan.level !== 'organisation') return '只有学校的计划、总结需要报区备案。'
    if (plan.districtNumber !== null) return '这份材料已经登记了区里的备案号。'
    return plan.status === 'filed' ? null : '请先在校内盖章备案，再登记区里的备案号。'
  },
}
