import { numberSetting } from '../../engine/schema.ts'
import type { LocalDate } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { listPosts } from '../org/store.ts'
import { activitySettings } from './settings.ts'
import type { ActivityRow } from './store.ts'

/** How the school wants leave, appeals and clashes handled; a regime may say otherwise by settings of the same names. */
export interface AttendanceSettings {
  /** School days after closing within which a teacher may appeal. */
  appealDays: number
  /** Days after an activity within which leave may still be asked for. */
  askWithinDays: number
  /** Whether 教导处 decides a leave only after the group leader has given advice. */
  leaveAdvice: boolean
  /**
   * Somebody attends one of two activities at the same hour: for the other a leave is asked by itself and decided by
   * 教导处 (`ask`), granted by itself (`excuse`), or nothing happens (`none`).
   */
  sameHour: 'ask' | 'excuse' | 'none'
  /** Statuses and kinds of leave that do not spoil a month of full attendance (满勤), e.g. `duty`. */
  fullAttendanceAllows: string[]
  makeUpDays: number
}

/** Reads them from the regime in force on a day. */
export async function attendanceSettings(tx: Tx, on: LocalDate = tx.today): Promise<AttendanceSettings> {
  const settings = await activitySettings(tx, on)
  const regime = settings.regimes[0]
  const number = (name: string, usual: number) => (regime ? numberSetting(regime, name, usual) : usual)
  const value = (name: string): unknown => regime?.settings[name]?.value
  const sameHour = value('sameHour')
  const allows = value('fullAttendanceAllows')
  return {
    appealDays: number('appealDays', 7),
    askWithinDays: number('leaveAskWithinDays', 7),
    leaveAdvice: value('leaveAdvice') === true,
    sameHour: sameHour === 'excuse' || sameHour === 'none' ? sameHour : 'ask',
    fullAttendanceAllows: Array.isArray(allows) ? allows.map(String) : ['duty', 'study'],
    makeUpDays: settings.makeUpDays,
  }
}

/**
 * Why a leave cannot be decided yet: the regime wants the group leader's advice first. Nobody waits for it once the
 * activity has begun, or where the group has no other leader.
 */
export async function leaveReview(
  tx: Tx,
  activity: ActivityRow,
  leave: { personId: string; advice: string | null },
): Promise<string | null> {
  if (leave.advice !== null || activity.unitId === null || tx.now >= activity.startsAt) return null
  if (!(await attendanceSettings(tx, activity.heldOn)).leaveAdvice) return null
  const leader = (await listPosts(tx, tx.today)).find(
    (post) =>
      post.role === 'groupLeader' && post.unitId === activity.unitId && post.personId !== leave.personId,
  )
  return leader ? `制度要求组长先签意见，请等${leader.personName}签好后再审批。` : null
}
