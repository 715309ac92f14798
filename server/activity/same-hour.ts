import { audit } from '../audit/actions.ts'
import { newId } from '../kit/ids.ts'
import type { Tx } from '../kit/sql.ts'
import { attendanceSettings } from './attendance-settings.ts'
import * as store from './attendance-store.ts'
import { applyLeave } from './leave-actions.ts'
import { getLocked } from './locked.ts'
import type { ActivityRow } from './store.ts'

/**
 * Somebody belongs to several groups that meet at the same hour and can be at one only. What happens to the others is
 * said by the setting `sameHour`; by default leave is asked for by itself, marked as 公务冲突, and 教导处 decides.
 */

/** Before closing: those missing here who are at another activity at this hour. */
export async function excuseFromHere(tx: Tx, activity: ActivityRow): Promise<void> {
  await excuse(tx, activity, false)
}

/** After closing: those who were here and were taken down as absent at another that closed before. */
export async function excuseFromOthers(tx: Tx, activity: ActivityRow): Promise<void> {
  await excuse(tx, activity, true)
}

async function excuse(tx: Tx, activity: ActivityRow, here: boolean): Promise<void> {
  const clashes = await store.listSameHour(tx, activity, here)
  if (clashes.length === 0) return
  const { sameHour } = await attendanceSettings(tx, activity.heldOn)
  if (sameHour === 'none') return
  for (const clash of clashes) {
    const missed = here ? clash.otherId : activity.id
    const attended = here
      ? { id: activity.id, theme: activity.theme }
      : { id: clash.otherId, theme: clash.otherTheme }
    const id = await store.upsertLeave(tx, {
      id: newId(),
      personId: clash.personId,
      activityId: missed,
      kind: 'duty',
      reason: `公务冲突：同一时间参加了《${attended.theme}》。`,
      askedLate: false,
      status: sameHour === 'excuse' ? 'granted' : 'asked',
      decidedBy: null,
      clashActivityId: attended.id,
    })
    await audit(tx, {
      type: sameHour === 'excuse' ? 'leave.grantedBySameHour' : 'leave.requestedBySameHour',
      id,
      payload: { activityId: missed, personId: clash.personId, attended: attended.id },
    })
    if (sameHour === 'excuse' && here) await applyLeave(tx, await getLocked(tx, missed), clash.personId)
  }
}
