import type { Actor } from '../kit/sql.ts'

/** What must be known of a topic to decide who may do what. */
export interface TopicForAccess {
  unitId: string | null
  authorId: string
  closed: boolean
  hiddenReason: string | null
  kind: 'discussion' | 'question'
}

const isSystem = (actor: Actor) => actor.kind === 'system'
const looksIn = (actor: Actor) => actor.districtId !== null
const holds = (actor: Actor, ...roles: string[]) =>
  isSystem(actor) || actor.roles.some((role) => roles.includes(role))
const isOffice = (actor: Actor) => holds(actor, 'academicOffice', 'researchOffice', 'principal')
const onlyLooks = '区里查看学校时只能看，不能代学校发言。'

export const can = {
  /** A group's topics are its members'; the offices, the principal and the district read everything. */
  see(actor: Actor, topic: TopicForAccess): string | null {
    const reads =
      isOffice(actor) ||
      looksIn(actor) ||
      topic.unitId === null ||
      topic.authorId === actor.personId ||
      actor.unitIds.includes(topic.unitId) ||
      actor.leads.some((lead) => lead.unitId === topic.unitId)
    if (!reads) return '这是别的组的话题，只有组员可以看。'
    if (
      topic.hiddenReason !== null &&
      can.moderate(actor, topic) !== null &&
      topic.authorId !== actor.personId
    )
      return '这个话题已被管理者收起。'
    return null
  },
  open(actor: Actor, unitId: string | null): string | null {
    if (looksIn(actor)) return onlyLooks
    if (actor.personId === null && !isSystem(actor)) return '请用本人的账号发言。'
    if (unitId === null || isOffice(actor)) return null
    return actor.unitIds.includes(unitId) || actor.leads.some((lead) => lead.unitId === unitId)
      ? null
      : '只能在自己所在的组里发起话题。'
  },
  reply(actor: Actor, topic: TopicForAccess): string | null {
    if (looksIn(actor)) return onlyLooks
    const hidden = can.see(actor, topic)
    if (hidden !== null) return hidden
    if (topic.hiddenReason !== null) return '话题已被收起，不能再回复。'
    return topic.closed ? '话题已经结束，不能再回复。' : null
  },
  /** One's own words. */
  edit(actor: Actor, post: { authorId: string; hiddenReason: string | null }): string | null {
    if (looksIn(actor)) return onlyLooks
    if (!isSystem(actor) && actor.personId !== post.authorId) return '只有本人可以修改自己的发言。'
    return post.hiddenReason === null ? null : '这条发言已被收起，不能修改。'
  },
  /** Whoever asked says what answered it; the group's leader and the offices may as well. */
  markAnswer(actor: Actor, topic: TopicForAccess): string | null {
    if (looksIn(actor)) return onlyLooks
    if (topic.kind !== 'question') return '只有提问才有“已解答”。'
    if (topic.hiddenReason !== null) return '话题已被收起。'
    return topic.authorId === actor.personId || can.moderate(actor, topic) === null
      ? null
      : '由提问的人、组长或教导处标记。'
  },
  /** The group's leader in the group, 教导处 and 教科室 everywhere. */
  moderate(actor: Actor, topic: { unitId: string | null }): string | null {
    if (looksIn(actor)) return onlyLooks
    if (isOffice(actor)) return null
    if (topic.unitId !== null && actor.leads.some((lead) => lead.unitId === topic.unitId)) return null
    return topic.unitId === null ? '全校的话题由教导处、教科室管理。' : '组里的话题由组长或教导处管理。'
  },
  select(actor: Actor): string | null {
    if (looksIn(actor)) return onlyLooks
    return isOffice(actor) ? null : '精选由教科室、教导处选出。'
  },
  seeFigures(actor: Actor): string | null {
    return isOffice(actor) || looksIn(actor) || actor.leads.length > 0
      ? null
      : '全校的参与情况由教导处、教科室和组长查看。'
  },
}
