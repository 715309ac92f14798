import type { Actor } from '../kit/sql.ts'

const holds = (actor: Actor, ...roles: Actor['roles'][number][]) =>
  actor.kind === 'system' || actor.roles.some((role) => roles.includes(role))
const onlyLooks = (actor: Actor) => (actor.districtId === null ? null : '区里查看学校时只能看，不能改。')

/** Who may do what with bodies, duties, environment and growth: null means yes, a sentence is the reason why not. */
export const can = {
  /** Posts, members, term of office and appointment paper of a body. */
  appoint(actor: Actor): string | null {
    if (holds(actor, 'principal', 'administrator', 'districtOfficer')) return onlyLooks(actor)
    return '组织机构的人员由校长或管理员任命。'
  },
  assign(actor: Actor): string | null {
    if (holds(actor, 'principal', 'academicOffice')) return onlyLooks(actor)
    return '职责由校长或教导处分配。'
  },
  maintainEnvironment(actor: Actor): string | null {
    if (holds(actor, 'principal', 'academicOffice', 'administrator')) return onlyLooks(actor)
    return '研修条件由教导处（后勤）或管理员登记。'
  },
  request(actor: Actor): string | null {
    if (actor.personId === null) return '请用本人的账号提出申请。'
    return onlyLooks(actor)
  },
  deliver(actor: Actor, request: { status: string }): string | null {
    if (request.status !== 'requested') return '这份申请已经办理过了。'
    return can.maintainEnvironment(actor)
  },
  withdrawRequest(actor: Actor, request: { status: string; requestedBy: string }): string | null {
    if (request.status !== 'requested') return '这份申请已经办理过了。'
    return actor.personId === request.requestedBy ? onlyLooks(actor) : '申请由提出的人自己撤回。'
  },
  propose(actor: Actor): string | null {
    if (holds(actor, 'academicOffice', 'researchOffice', 'principal')) return onlyLooks(actor)
    return '成长阶段和骨干由教导处、教科室提出。'
  },
  /** Titles of groups, of the school, and (in a district) of its schools. */
  recordTitle(actor: Actor): string | null {
    if (holds(actor, 'academicOffice', 'researchOffice', 'principal', 'districtOfficer'))
      return onlyLooks(actor)
    return '集体称号由教导处、教科室或校长登记。'
  },
  confirm(actor: Actor, proposal: { status: string }): string | null {
    if (!holds(actor, 'principal')) return '由校长确认。'
    if (proposal.status !== 'proposed') return '只有待确认的提名需要确认。'
    return onlyLooks(actor)
  },
  withdrawProposal(actor: Actor, proposal: { status: string }): string | null {
    if (proposal.status === 'confirmed' && !holds(actor, 'principal')) return '已确认的由校长撤销。'
    if (proposal.status !== 'proposed' && proposal.status !== 'confirmed') return '已经退回或撤回。'
    return can.propose(actor)
  },
  /** A body speaks through its members. */
  giveOpinion(actor: Actor, isMember: boolean): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    return isMember ? null : '由评审小组、领导小组等机构的成员代表机构提出。'
  },
  /** Proposals that are not decided, and those sent back, concern the offices and the person. */
  seeProposal(actor: Actor, proposal: { status: string; personId: string }, sitsInBody = false): boolean {
    return (
      proposal.status === 'confirmed' ||
      actor.personId === proposal.personId ||
      (sitsInBody && proposal.status === 'proposed') ||
      can.propose(actor) === null
    )
  },
}
