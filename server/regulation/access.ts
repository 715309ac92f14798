import type { Actor } from '../kit/sql.ts'
import { approvalProblem } from './rules.ts'
import type { Stage, Stance } from './words.ts'

/** What must be known of a version to decide who may do what. */
export interface RegulationForAccess {
  stage: Stage
  consultTo: string | null
  opinionStates: { stance: Stance; answer: string | null }[]
  /** Another version of the same regulation is being made. */
  hasOpenVersion: boolean
}

const isSystem = (actor: Actor) => actor.kind === 'system'
const looksIn = (actor: Actor) => actor.districtId !== null
const isDistrict = (actor: Actor) => actor.roles.includes('districtOfficer') && !looksIn(actor)
const drafts = (actor: Actor) =>
  !looksIn(actor) &&
  (isSystem(actor) ||
    actor.roles.includes('academicOffice') ||
    actor.roles.includes('researchOffice') ||
    isDistrict(actor))
const approves = (actor: Actor) =>
  !looksIn(actor) && (isSystem(actor) || actor.roles.includes('principal') || isDistrict(actor))

const notDrafter = '制度由教导处、教科室起草；您可以在征求意见时提出建议。'
const notPrincipal = '制度由校长批准、废止。'
const isOpen = (stage: Stage) =>
  stage === 'draft' || stage === 'announced' || stage === 'consultation' || stage === 'answering'

export const can = {
  draft(actor: Actor): string | null {
    return drafts(actor) ? null : notDrafter
  },
  /** Drafts are seen by those who draft and approve; from the consultation on everybody reads. */
  see(actor: Actor, version: { stage: Stage }): string | null {
    if (version.stage !== 'draft') return null
    return drafts(actor) || approves(actor) ? null : '这份制度还在起草，征求意见时再请您看。'
  },
  edit(actor: Actor, version: RegulationForAccess): string | null {
    if (!drafts(actor)) return notDrafter
    if (version.stage === 'announced' || version.stage === 'consultation')
      return '正在征求意见，条文不能改动；要改请先结束征求意见。'
    return isOpen(version.stage) ? null : '已批准的文本不能修改；要改请起草修订稿。'
  },
  discard(actor: Actor, version: RegulationForAccess): string | null {
    if (!drafts(actor)) return notDrafter
    return version.stage === 'draft' ? null : '征求过意见的文本要留底，不能删除。'
  },
  consult(actor: Actor, version: RegulationForAccess): string | null {
    if (!drafts(actor)) return notDrafter
    return isOpen(version.stage) ? null : '这一版已经批准，要再征求意见请起草修订稿。'
  },
  endConsultation(actor: Actor, version: RegulationForAccess): string | null {
    if (!drafts(actor)) return notDrafter
    return version.stage === 'consultation' || version.stage === 'announced' ? null : '现在没有在征求意见。'
  },
  giveOpinion(actor: Actor, version: RegulationForAccess): string | null {
    if (actor.personId === null || looksIn(actor)) return '意见由本校教职工用本人账号提出。'
    if (version.stage === 'consultation') return null
    if (version.stage === 'announced') return '征求意见还没有开始。'
    return version.stage === 'draft'
      ? '还没有征求意见。'
      : '征求意见已经结束，不能再提；可以直接向教导处反映。'
  },
  withdrawOpinion(
    actor: Actor,
    version: { stage: Stage },
    opinion: { personId: string; answer: string | null },
  ): string | null {
    if (actor.personId !== opinion.personId || looksIn(actor)) return '只有本人可以撤回自己的意见。'
    if (opinion.answer !== null) return '这条意见已经答复，不能撤回。'
    return version.stage === 'consultation' ? null : '征求意见已经结束，意见要留底。'
  },
  answer(actor: Actor, version: { stage: Stage }): string | null {
    if (!drafts(actor)) return '意见由起草部门（教导处、教科室）答复。'
    return version.stage === 'consultation' || version.stage === 'answering'
      ? null
      : '这一版已经批准，答复不能再改。'
  },
  approve(actor: Actor, version: RegulationForAccess): string | null {
    if (!approves(actor)) return notPrincipal
    return approvalProblem(version.stage, version.opinionStates, version.consultTo)
  },
  withdrawApproval(actor: Actor, version: RegulationForAccess): string | null {
    if (!approves(actor)) return notPrincipal
    if (version.hasOpenVersion) return '下一版已经在起草，不能撤回这一版的批准。'
    return version.stage === 'approved' ? null : '只有批准了还没有施行的制度可以撤回；已施行的请修订或废止。'
  },
  revise(actor: Actor, version: RegulationForAccess): string | null {
    if (!drafts(actor)) return notDrafter
    if (version.hasOpenVersion) return '已经有一份修订稿在办理，请先办完那一份。'
    return isOpen(version.stage) ? '这一版还没有批准，直接修改即可。' : null
  },
  repeal(actor: Actor, version: RegulationForAccess): string | null {
    if (!approves(actor)) return notPrincipal
    return version.stage === 'inForce' ? null : '只有正在施行的制度可以废止。'
  },
  linkRules(actor: Actor): string | null {
    return drafts(actor) ? null : notDrafter
  },
}
