import type { Actor } from '../kit/sql.ts'
import type { RunStatus, StepActor, TalkStatus } from './words.ts'

const isSystem = (actor: Actor) => actor.kind === 'system'
const onlyLooks = (actor: Actor) => (actor.districtId === null ? null : '区级只能查看，不能代学校操作。')
const inOffice = (actor: Actor) =>
  isSystem(actor) ||
  (['academicOffice', 'researchOffice', 'principal', 'vicePrincipal'] as const).some((role) =>
    actor.roles.includes(role),
  )
const leads = (actor: Actor, unitId: string | null) =>
  unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)
const belongs = (actor: Actor, unitId: string | null) =>
  unitId !== null && (actor.unitIds.includes(unitId) || leads(actor, unitId))
const isMe = (actor: Actor, personId: string | null) => personId !== null && actor.personId === personId
const oversees = (actor: Actor) => inOffice(actor) || actor.roles.includes('districtOfficer')

export interface RunForAccess {
  personId: string | null
  unitId: string | null
  status: RunStatus
  /** The actor has handed in notes of one of its lessons. */
  observes?: boolean
}
export interface DesignForAccess {
  kind: 'own' | 'shared' | 'personal'
  personId: string
  unitId: string | null
  status: 'drafting' | 'discussing' | 'final'
  assignedBy: string | null
}
export interface TalkForAccess {
  personId: string
  status: TalkStatus
  submissions: number
}

/** Who may do what with matters in steps, designs and 说课: null means yes, a sentence is the reason why not. */
export const can = {
  /** For oneself; leaders for their group; the offices for everybody. */
  begin(actor: Actor, of: { personId: string | null; unitId: string | null }): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (inOffice(actor) || leads(actor, of.unitId)) return null
    if (of.personId !== null && isMe(actor, of.personId)) return null
    return '只能为自己开始；为本组老师由组长开始，为全校老师由教导处开始。'
  },
  beginForOthers(actor: Actor): string | null {
    return (
      onlyLooks(actor) ?? (inOffice(actor) || actor.leads.length > 0 ? null : '由组长或教导处为大家开始。')
    )
  },
  see(actor: Actor, run: RunForAccess): string | null {
    if (oversees(actor) || isMe(actor, run.personId) || belongs(actor, run.unitId)) return null
    if (run.observes) return null
    return '只有本人、同组老师、听过课的老师、教导处和校长可以看。'
  },
  /** Takes a step: who, follows from the step. */
  act(actor: Actor, run: RunForAccess, step: StepActor): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.personId === null) return '请用本人的账号填写。'
    if (run.status === 'stopped') return '这件事已经中止，不能再填写。'
    const own = isMe(actor, run.personId)
    if (step === 'owner') return own ? null : '这一步由本人填写。'
    if (step === 'members') return belongs(actor, run.unitId) ? null : '这一步由组内成员填写。'
    if (step === 'peers') {
      if (own) return '这一步由听课的同伴填写，不能自己评自己。'
      return run.observes || belongs(actor, run.unitId) || inOffice(actor)
        ? null
        : '这一步由听课的老师和同组老师填写。'
    }
    if (own) return '这一步不能由本人填写，请组长或教导处填写。'
    if (step === 'leader')
      return leads(actor, run.unitId) || inOffice(actor) ? null : '这一步由组长或教导处填写。'
    return inOffice(actor) ? null : '这一步由教导处填写。'
  },
  withdraw(actor: Actor, run: RunForAccess, entry: { personId: string }): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    return isMe(actor, entry.personId) || leads(actor, run.unitId) || inOffice(actor)
      ? null
      : '只能撤回自己填写的；别人的由组长或教导处撤回。'
  },
  stop(actor: Actor, run: RunForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (run.status !== 'running') return '已经结束，不需要中止。'
    return leads(actor, run.unitId) || inOffice(actor) ? null : '由组长或教导处中止。'
  },
  decideSpread(actor: Actor): string | null {
    return onlyLooks(actor) ?? (inOffice(actor) ? null : '是否推广由教导处决定。')
  },

  assign(actor: Actor, unitId: string | null): string | null {
    return (
      onlyLooks(actor) ?? (inOffice(actor) || leads(actor, unitId) ? null : '集体备课由组长或教导处安排。')
    )
  },
  seeDesign(actor: Actor, design: DesignForAccess): string | null {
    if (oversees(actor) || isMe(actor, design.personId) || belongs(actor, design.unitId)) return null
    return '只有本人、同组老师、教导处和校长可以看。'
  },
  /** A shared design is written by all members while it is drafted or discussed. */
  write(actor: Actor, design: DesignForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (design.status === 'final') return '已经定稿，不能再改；可以另存自己的版本。'
    if (isMe(actor, design.personId) || isSystem(actor)) return null
    if (design.kind !== 'shared') return '这是别人的教案，只能看和评。'
    return belongs(actor, design.unitId) || inOffice(actor) ? null : '由备课组成员修改。'
  },
  comment(actor: Actor, design: DesignForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.personId === null) return '请用本人的账号评议。'
    return can.seeDesign(actor, design)
  },
  /** Puts it before the group, keeps the minutes, settles it. */
  lead(actor: Actor, design: DesignForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (isMe(actor, design.personId) || leads(actor, design.unitId) || inOffice(actor)) return null
    return '由主备人、组长或教导处办理。'
  },
  reassign(actor: Actor, design: DesignForAccess): string | null {
    if (design.status === 'final') return '已经定稿，不需要换主备人。'
    return can.assign(actor, design.unitId)
  },
  adapt(actor: Actor, design: DesignForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (design.kind !== 'shared') return '只有集体备课的共同设计可以另存个人版本。'
    if (design.status === 'drafting') return '共同设计还在起草，提交讨论以后再改成自己的版本。'
    return belongs(actor, design.unitId) ? null : '由本组成员写自己的版本。'
  },

  seeTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (isMe(actor, talk.personId) || isSystem(actor)) return null
    return talk.submissions === 0 ? '这是别人的草稿，还没有提交。' : null
  },
  writeTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (!isMe(actor, talk.personId)) return '只有说课人本人可以修改。'
    if (talk.status === 'submitted') return '说课稿正在审核，不能修改。'
    return talk.status === 'accepted' ? '说课稿已采纳，不能再修改。' : null
  },
  reviewTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (isMe(actor, talk.personId)) return '自己的说课稿不能由自己审核。'
    if (!inOffice(actor) && actor.leads.length === 0) return '由组长、教导处或教科室审核。'
    return talk.status === 'submitted' ? null : '这篇说课稿不在待审核状态。'
  },
  reverseTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (isMe(actor, talk.personId) || !inOffice(actor)) return '由教导处或教科室取消采纳。'
    return onlyLooks(actor) ?? (talk.status === 'accepted' ? null : '还没有采纳，不需要取消。')
  },
  timeTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (talk.submissions === 0) return '先提交说课稿，再计时说课。'
    return inOffice(actor) || actor.leads.length > 0 ? null : '由组长或教导处计时登记。'
  },
  scoreTalk(actor: Actor, talk: TalkForAccess): string | null {
    if (onlyLooks(actor)) return onlyLooks(actor)
    if (actor.personId === null) return '请用本人的账号评分。'
    if (isMe(actor, talk.personId)) return '不能给自己评分。'
    return talk.submissions === 0 ? '说课稿还没有提交，不能评分。' : null
  },
  settle(actor: Actor): string | null {
    return onlyLooks(actor) ?? (inOffice(actor) ? null : '限时和查重标准由教导处设定。')
  },
  oversees,
}
