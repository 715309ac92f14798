import type { LocalDate } from '../../engine/types.ts'
import type { Actor } from '../kit/sql.ts'
import type { LessonStatus } from './words.ts'

/** As much of a lesson as permission depends on. */
export interface LessonForAccess {
  teacherId: string
  unitId: string | null
  createdBy: string | null
  status: LessonStatus
  heldOn: LocalDate
  /** First day after the teacher has left for good. */
  teacherLeftOn?: LocalDate | null
}
/** As much of an observation. */
export interface ObservationForAccess {
  observerId: string
  teacherId: string
  dropIn: boolean
  status: 'draft' | 'submitted'
  answeredAt: Date | null
  inspection: string | null
  commentPoints: number | null
}

const isSystem = (actor: Actor) => actor.kind === 'system'
const looksIn = (actor: Actor) => actor.districtId !== null
const holds = (actor: Actor, ...roles: Actor['roles'][number][]) =>
  roles.some((role) => actor.roles.includes(role))
const inOffice = (actor: Actor) =>
  isSystem(actor) || holds(actor, 'academicOffice', 'researchOffice', 'principal')
const leads = (actor: Actor, unitId: string | null) =>
  unitId !== null && actor.leads.some((lead) => lead.unitId === unitId)
const notFromDistrict = (actor: Actor) => (looksIn(actor) ? '区级只能查看，不能代学校操作。' : null)

/** Those who may visit a lesson unannounced. */
export const isLeader = (actor: Actor) =>
  isSystem(actor) || holds(actor, 'principal', 'vicePrincipal', 'academicOffice', 'researchOffice')

/** Who may do what with lessons, observations and ratings: null means yes, a sentence is the reason why not. */
export const can = {
  /** For oneself, for members of the own group (`unitIds` of the teacher), the offices for everybody. */
  book(actor: Actor, teacher: { personId: string; unitIds: readonly string[] } | null): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (inOffice(actor) || teacher === null) return null
    if (actor.personId === teacher.personId) return null
    if (teacher.unitIds.some((unitId) => leads(actor, unitId))) return null
    return '只能安排自己的课；组长可以安排本组老师的课，教导处可以安排所有人的课。'
  },
  /** Whether a booking needs nobody else's word. */
  confirmsOwn(actor: Actor, lesson: { teacherId: string; unitId: string | null }): boolean {
    return inOffice(actor) || (leads(actor, lesson.unitId) && actor.personId !== lesson.teacherId)
  },
  confirm(actor: Actor, lesson: LessonForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (lesson.status !== 'asked') return '这节课不需要确认。'
    if (inOffice(actor)) return null
    if (!leads(actor, lesson.unitId)) return '由本组组长或教导处确认。'
    return actor.personId === lesson.teacherId ? '自己的课请教导处确认。' : null
  },
  run(actor: Actor, lesson: LessonForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (inOffice(actor) || leads(actor, lesson.unitId)) return null
    if (actor.personId === lesson.teacherId || actor.personId === lesson.createdBy) return null
    return '只有上课教师、组长和教导处能改动这节课。'
  },
  change(actor: Actor, lesson: LessonForAccess): string | null {
    if (lesson.status === 'given') return '这节课已经上了，安排不能再改；登记错了请先“更正为未上”。'
    if (lesson.status === 'cancelled') return '这节课已经取消，请重新安排一节。'
    return can.run(actor, lesson)
  },
  record(actor: Actor, lesson: LessonForAccess): string | null {
    return lesson.status === 'cancelled' ? '这节课已经取消。' : can.run(actor, lesson)
  },
  cancel(actor: Actor, lesson: LessonForAccess): string | null {
    if (lesson.status === 'given') return '这节课已经上了，不能取消。'
    if (lesson.status === 'cancelled') return '这节课已经取消。'
    return can.run(actor, lesson)
  },
  give(actor: Actor, lesson: LessonForAccess, today: LocalDate): string | null {
    if (lesson.status === 'given') return '已经登记为上过。'
    if (lesson.status === 'cancelled') return '这节课已经取消。'
    if (lesson.status === 'asked') return '这节课还没有确认，请先请组长或教导处确认。'
    if (lesson.heldOn > today) return '还没有到上课的日子。'
    if (lesson.teacherLeftOn && lesson.teacherLeftOn <= lesson.heldOn)
      return '上课教师那天已经离校，这节课不能登记为上过；请取消。'
    return can.run(actor, lesson)
  },
  takeBack(actor: Actor, lesson: LessonForAccess): string | null {
    if (lesson.status !== 'given') return '这节课还没有登记为上过。'
    return can.run(actor, lesson)
  },
  enrol(actor: Actor, lesson: LessonForAccess, today: LocalDate): string | null {
    if (actor.personId === null || looksIn(actor)) return '请用本校教师的账号报名。'
    if (actor.personId === lesson.teacherId) return '这是您自己的课。'
    if (lesson.status === 'cancelled') return '这节课已经取消，不能报名。'
    if (lesson.status === 'asked') return '这节课还没有确认，确认后再报名。'
    if (lesson.status === 'given' || lesson.heldOn < today)
      return '这节课已经上过；听过课的可以直接写听课记录。'
    return null
  },
  observe(actor: Actor, lesson: LessonForAccess, today: LocalDate): string | null {
    if (actor.personId === null || looksIn(actor)) return '听课记录用本校教师的账号写。'
    if (actor.personId === lesson.teacherId) return '自己的课不写听课记录；可以写教学反思。'
    if (lesson.status === 'cancelled') return '这节课已经取消，没有上。'
    if (lesson.status === 'asked') return '这节课还没有确认。'
    if (lesson.heldOn > today) return '还没有到上课的日子，当天再打开。'
    return null
  },
  repeat(actor: Actor, lesson: LessonForAccess): string | null {
    if (lesson.status !== 'given') return '上过以后才能安排改进课。'
    return can.run(actor, lesson)
  },

  dropIn(actor: Actor): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    return isLeader(actor) ? null : '随时听课由学校领导进行；您可以从“听课”里写听课记录。'
  },
  /**
   * Notes: observer, the teacher once they are handed in, the offices, the leader of the observer's group. Visits of
   * leaders: the leader, the teacher, the principal.
   */
  see(actor: Actor, observation: ObservationForAccess, observerUnitIds: readonly string[]): string | null {
    const hidden = '这份听课记录只有听课人、上课教师和负责检查的人能看。'
    if (isSystem(actor)) return null
    if (looksIn(actor)) return hidden
    if (actor.personId === observation.observerId) return null
    if (observation.status === 'draft') return hidden
    if (actor.personId === observation.teacherId) return null
    if (holds(actor, 'principal')) return null
    if (observation.dropIn) return hidden
    if (inOffice(actor) || observerUnitIds.some((unitId) => leads(actor, unitId))) return null
    return hidden
  },
  edit(actor: Actor, observation: ObservationForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (!isSystem(actor) && actor.personId !== observation.observerId) return '只有听课人能写这份记录。'
    return observation.status === 'draft' ? null : '已经提交；要改请先撤回。'
  },
  discard(actor: Actor, observation: ObservationForAccess & { submissions: number }): string | null {
    const reason = can.edit(actor, observation)
    if (reason !== null) return reason
    return observation.submissions > 0 ? '提交过的记录要留底，不能删除。' : null
  },
  reopen(actor: Actor, observation: ObservationForAccess): string | null {
    if (!isSystem(actor) && actor.personId !== observation.observerId) return '只有听课人能撤回这份记录。'
    if (observation.status === 'draft') return '这份记录还没有提交。'
    if (observation.answeredAt !== null) return '上课教师已经回应，不能撤回；可以当面补充。'
    // Notes that were found wanting are there to be completed.
    if (observation.inspection !== null && observation.inspection !== 'insufficient')
      return '教导处已经检查过，不能撤回；需要更正请告诉教导处。'
    if (observation.commentPoints !== null) return '评课意见已经评分，不能撤回；可以当面补充。'
    return notFromDistrict(actor)
  },
  answer(actor: Actor, observation: ObservationForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (!isSystem(actor) && actor.personId !== observation.teacherId) return '由上课教师回应。'
    return observation.status === 'submitted' ? null : '听课人还没有提交。'
  },
  inspect(actor: Actor, observation: ObservationForAccess | null): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (!inOffice(actor)) return '听课记录由教导处检查。'
    if (observation === null) return null
    if (!isSystem(actor) && actor.personId === observation.observerId) return '自己的听课记录请别人检查。'
    if (observation.dropIn && !isSystem(actor) && !holds(actor, 'principal'))
      return '随时听课的反馈表由校长查看。'
    return observation.status === 'submitted' ? null : '还没有提交，不能检查。'
  },
  seeAll(actor: Actor): string | null {
    if (looksIn(actor)) return '区级只看节数，不看听课记录的内容。'
    return inOffice(actor) || actor.leads.length > 0 ? null : '全部听课记录由组长（本组）、教导处和校长查看。'
  },
  /** Who owes which lessons: figures without what was written. */
  seeDuties(actor: Actor): string | null {
    return looksIn(actor) ? null : can.seeAll(actor)
  },
  settle(actor: Actor): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    return isSystem(actor) || holds(actor, 'academicOffice', 'researchOffice')
      ? null
      : '评课表和听课安排由教导处、教科室设置。'
  },

  /** What observers wrote on one lesson, side by side: for its teacher, who leads the group, the offices. */
  seeComments(actor: Actor, lesson: LessonForAccess): string | null {
    if (looksIn(actor)) return '区级只看节数，不看评课意见。'
    if (inOffice(actor) || leads(actor, lesson.unitId) || actor.personId === lesson.teacherId) return null
    return '大家的评课意见由上课教师、组长和教导处查看。'
  },
  /** Points for a written comment, where the regime counts them. */
  scoreComment(actor: Actor, lesson: LessonForAccess, observation: ObservationForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (!inOffice(actor) && !leads(actor, lesson.unitId)) return '评课意见由组长或教导处评分。'
    if (!isSystem(actor) && actor.personId === observation.observerId) return '自己的评课意见请别人评分。'
    return observation.status === 'submitted' ? null : '还没有提交，不能评分。'
  },

  /** `knows`: same subject or group as the teacher, or has observed the lesson. */
  rate(
    actor: Actor,
    lesson: LessonForAccess,
    about: { knows: boolean; selfAllowed: boolean },
  ): string | null {
    if (actor.personId === null || looksIn(actor)) return '评课用本校教师的账号打分。'
    if (lesson.status !== 'given') return '这节课还没有上，上过以后才能评。'
    if (actor.personId === lesson.teacherId)
      return about.selfAllowed ? null : '不能给自己的课打分；可以写教学反思。'
    if (about.knows || isLeader(actor)) return null
    return '评课由同学科或同组教师、学校领导和专家打分；听过这节课的老师提交听课记录后也能评。'
  },
  /** Writes down the rating of somebody from outside. */
  rateAsExpert(actor: Actor, lesson: LessonForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (lesson.status !== 'given') return '这节课还没有上，上过以后才能评。'
    if (actor.personId === lesson.teacherId) return '自己的课请组长或教导处登记专家评分。'
    return inOffice(actor) || leads(actor, lesson.unitId) ? null : '专家评分由组长或教导处登记。'
  },
  withdrawRating(actor: Actor, rating: { personId: string | null }, lesson: LessonForAccess): string | null {
    if (looksIn(actor)) return notFromDistrict(actor)
    if (isSystem(actor) || (rating.personId !== null && actor.personId === rating.personId)) return null
    return rating.personId === null ? can.rateAsExpert(actor, lesson) : '只有打分人能撤回自己的评分。'
  },
}
