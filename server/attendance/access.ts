import type { Actor } from '../kit/sql.ts'
import type { TrainingStatus } from './words.ts'

const offices = ['academicOffice', 'researchOffice', 'principal'] as const
const lookingIn = (actor: Actor): string | null =>
  actor.districtId === null ? null : '区级只能查看，不能代学校操作。'

function inOffice(actor: Actor): boolean {
  return actor.kind === 'system' || offices.some((role) => actor.roles.includes(role))
}

/** As much of a training as permission depends on; `leaderIds` lead all of its people. */
export interface TrainingConcern {
  status: TrainingStatus
  recordedBy: string | null
  personIds: string[]
}

/** Who may do what with books, appeals and trainings: null means yes, a sentence is the reason why not. */
export const can = {
  /** Everybody the own book; leaders those of their members; the offices and the district all. */
  seeBook(actor: Actor, person: { id: string; unitIds: string[] }): string | null {
    if (actor.districtId !== null || inOffice(actor) || actor.personId === person.id) return null
    if (person.unitIds.some((unitId) => actor.leads.some((lead) => lead.unitId === unitId))) return null
    return '只能看自己的考勤；组长可以看本组老师的。'
  },
  answerAppeal(actor: Actor, personId: string): string | null {
    const decides =
      actor.kind === 'system' || actor.roles.includes('academicOffice') || actor.roles.includes('principal')
    if (!decides) return '考勤申诉由教导处答复。'
    if (actor.personId === personId && !actor.roles.includes('principal')) return '自己的申诉请由校长答复。'
    return lookingIn(actor)
  },
  seeAllAppeals(actor: Actor): boolean {
    return actor.districtId !== null || inOffice(actor)
  },
  seeTraining(actor: Actor, training: TrainingConcern, ledIds: ReadonlySet<string>): string | null {
    if (actor.districtId !== null || inOffice(actor) || training.recordedBy === actor.personId) return null
    const concerns = training.personIds.some((one) => one === actor.personId || ledIds.has(one))
    return concerns ? null : '这次培训没有您，也没有您组里的老师。'
  },
  /** For whom somebody may record at all. */
  recordFor(actor: Actor, personIds: string[], ledIds: ReadonlySet<string>): string | null {
    if (inOffice(actor)) return lookingIn(actor)
    if (personIds.every((one) => one === actor.personId || ledIds.has(one))) return lookingIn(actor)
    return actor.leads.length > 0
      ? '组长只能登记本组老师，其他老师请教导处登记。'
      : '您只能登记自己的培训，其他老师请组长或教导处登记。'
  },
  /** Whether it counts at once: recorded by somebody in charge, and not only for oneself. */
  countsAtOnce(actor: Actor, personIds: string[]): boolean {
    return inOffice(actor) || (actor.leads.length > 0 && personIds.some((one) => one !== actor.personId))
  },
  changeTraining(actor: Actor, training: TrainingConcern): string | null {
    if (training.status === 'removed') return '这条培训已经撤销。'
    if (inOffice(actor)) return lookingIn(actor)
    if (training.recordedBy !== actor.personId) return '只有登记人和教导处能修改。'
    const isOwnReport = training.personIds.every((one) => one === actor.personId)
    return training.status === 'confirmed' && isOwnReport ? '已经确认，如有错误请找教导处更正。' : null
  },
  decideTraining(actor: Actor, training: TrainingConcern, ledIds: ReadonlySet<string>): string | null {
    if (training.status !== 'reported') return '这条培训没有等待确认。'
    if (
      actor.personId !== null &&
      training.personIds.includes(actor.personId) &&
      !actor.roles.includes('principal')
    )
      return '自己的培训不能自己确认。'
    if (inOffice(actor) || training.personIds.every((one) => ledIds.has(one))) return lookingIn(actor)
    return '培训由组长或教导处确认。'
  },
}
