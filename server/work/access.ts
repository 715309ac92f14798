import type { Actor } from '../kit/sql.ts'
import type { WorkStatus } from './words.ts'
import { isEditable } from './rules.ts'

/** What must be known of a work to decide who may do what. */
export interface WorkForAccess {
  personId: string
  status: WorkStatus
  lastVersion: number
  /** Groups (not bodies or departments) of which the author is a member today, or was when handing the work in. */
  authorGroupIds: string[]
  /** The author holds a post in 教导处 or 教科室. */
  authorHoldsOffice: boolean
}

const isSystem = (actor: Actor) => actor.kind === 'system'
const isOwn = (actor: Actor, work: WorkForAccess) =>
  actor.personId !== null && actor.personId === work.personId

/** Leader of a group of the author, 教导处, 教科室; the principal for those who hold these offices. */
function isReviewer(actor: Actor, work: WorkForAccess): boolean {
  if (isSystem(actor)) return true
  if (actor.roles.includes('academicOffice') || actor.roles.includes('researchOffice')) return true
  if (actor.roles.includes('principal') && work.authorHoldsOffice) return true
  return actor.leads.some((lead) => work.authorGroupIds.includes(lead.unitId))
}

export const can = {
  /** Drafts are their author's alone; what was handed in is seen by those who review, lead or oversee. */
  see(actor: Actor, work: WorkForAccess): string | null {
    if (isOwn(actor, work) || isSystem(actor)) return null
    if (work.lastVersion === 0) return '这是别人的草稿，还没有提交。'
    if (isReviewer(actor, work)) return null
    if (actor.roles.includes('principal') || actor.roles.includes('districtOfficer')) return null
    return '只有作者本人、所在组组长、教导处、教科室和校长可以看这篇作品。'
  },
  edit(actor: Actor, work: WorkForAccess): string | null {
    if (!isOwn(actor, work) && !isSystem(actor)) return '只有作者本人可以修改。'
    if (work.status === 'submitted') return '作品正在审核，不能修改；需要修改请先撤回。'
    if (work.status === 'accepted') return '作品已采纳，不能再修改。'
    return isEditable(work.status) ? null : '作品现在不能修改。'
  },
  submit(actor: Actor, work: WorkForAccess): string | null {
    if (!isOwn(actor, work) && !isSystem(actor)) return '只有作者本人可以提交。'
    if (work.status === 'submitted') return '作品已经提交，正在等待审核。'
    if (work.status === 'accepted') return '作品已采纳，无需再提交。'
    return null
  },
  withdraw(actor: Actor, work: WorkForAccess): string | null {
    if (!isOwn(actor, work) && !isSystem(actor)) return '只有作者本人可以撤回。'
    if (work.status === 'accepted') return '作品已采纳，不能撤回；确需修改请联系审核人。'
    if (work.status !== 'submitted') return '作品没有在审核中，不需要撤回。'
    return null
  },
  discard(actor: Actor, work: WorkForAccess): string | null {
    if (!isOwn(actor, work) && !isSystem(actor)) return '只有作者本人可以删除草稿。'
    if (work.lastVersion > 0) return '提交过的作品要留底，不能删除。'
    return null
  },
  review(actor: Actor, work: WorkForAccess): string | null {
    if (isOwn(actor, work)) return '自己的作品不能由自己审核，请由教导处或教科室审核。'
    if (!isReviewer(actor, work)) return '只有作者所在组的组长、教导处或教科室可以审核这篇作品。'
    if (work.status !== 'submitted') return '这篇作品不在待审核状态，请刷新页面看最新情况。'
    return null
  },
  reverse(actor: Actor, work: WorkForAccess): string | null {
    if (isOwn(actor, work)) return '自己的作品不能由自己取消采纳。'
    if (!isReviewer(actor, work)) return '只有作者所在组的组长、教导处或教科室可以取消采纳。'
    if (work.status !== 'accepted') return '这篇作品没有被采纳，不需要取消。'
    return null
  },
}
