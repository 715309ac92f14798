import type { Actor } from '../kit/sql.ts'
import type { SurveyStatus } from './words.ts'

const isSystem = (actor: Actor) => actor.kind === 'system'
const looksIn = (actor: Actor) => actor.districtId !== null
const holds = (actor: Actor, ...roles: string[]) =>
  isSystem(actor) || actor.roles.some((role) => roles.includes(role))
const onlyLooks = '区里查看学校时只能看，不能代学校操作。'

export const can = {
  /** 教导处 and 教科室 draw up surveys and the plan; the principal may as well. */
  organise(actor: Actor): string | null {
    if (looksIn(actor)) return onlyLooks
    return holds(actor, 'academicOffice', 'researchOffice', 'principal')
      ? null
      : '需求问卷和培训计划由教导处、教科室安排。'
  },
  edit(actor: Actor, survey: { status: SurveyStatus }): string | null {
    if (survey.status !== 'draft') return '问卷已经发出，题目不能再改；可以结束后另发一份。'
    return can.organise(actor)
  },
  close(actor: Actor, survey: { status: SurveyStatus }): string | null {
    if (survey.status !== 'open') return survey.status === 'draft' ? '问卷还没有发出。' : '问卷已经结束。'
    return can.organise(actor)
  },
  /** Drafts are seen by those who draw them up; open ones by those who are asked; the counts as the survey says. */
  see(actor: Actor, survey: { status: SurveyStatus }, isAsked: boolean): string | null {
    if (can.organise(actor) === null) return null
    if (looksIn(actor) && survey.status !== 'draft') return null
    if (survey.status === 'draft') return '问卷还在拟，发出后再请您看。'
    return isAsked ? null : '这份问卷没有发给您。'
  },
  seeResults(
    actor: Actor,
    survey: { status: SurveyStatus; sharesSummary: boolean },
    isAsked: boolean,
  ): string | null {
    if (survey.status === 'draft') return '问卷还没有发出。'
    if (can.organise(actor) === null || looksIn(actor)) return null
    if (!isAsked || !survey.sharesSummary) return '结果由教导处、教科室汇总使用。'
    return survey.status === 'closed' ? null : '问卷结束后可以看到汇总。'
  },
  answer(
    actor: Actor,
    survey: { status: SurveyStatus; dueOn: string; anonymous: boolean },
    mine: { answered: boolean } | undefined,
    today: string,
  ): string | null {
    if (looksIn(actor)) return onlyLooks
    if (mine === undefined) return '这份问卷没有发给您。'
    if (survey.status !== 'open') return survey.status === 'closed' ? '问卷已经结束。' : '问卷还没有发出。'
    if (today > survey.dueOn) return '问卷已过截止日，不再收答案；有需要请直接告诉教导处。'
    if (mine.answered && survey.anonymous) return '您已经交过。匿名问卷交了就认不出是谁的，不能再改。'
    return null
  },
  /** A weakness of a group is noted by its leader, of any by the offices. */
  note(actor: Actor, unitId: string | null): string | null {
    if (looksIn(actor)) return onlyLooks
    if (can.organise(actor) === null) return null
    if (unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)) return null
    return unitId === null ? '全校的不足由教导处、教科室或校长登记。' : '本组的不足由组长或教导处登记。'
  },
  seePlan(actor: Actor, isPublished: boolean): string | null {
    return isPublished || can.organise(actor) === null ? null : '培训计划还在拟，发布后再请您看。'
  },
  /** Whoever is responsible for a module arranges its activities. */
  arrange(actor: Actor, module: { responsibleId: string; unitId: string | null }): string | null {
    if (looksIn(actor)) return onlyLooks
    if (can.organise(actor) === null || actor.personId === module.responsibleId) return null
    if (module.unitId !== null && actor.leads.some((lead) => lead.unitId === module.unitId)) return null
    return '活动由这个模块的负责人或教导处安排。'
  },
}
