import { audit } from '../audit/actions.ts'
import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { demand, refuse } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { heldFactOf } from './actions.ts'
import { findAttendance } from './attendance-store.ts'
import { getLocked } from './locked.ts'
import { hasAttended } from './rules.ts'
import * as store from './store.ts'

/**
 * Says after the closing who of the pool taught (`null`: nobody). The fact that it was held is left again with it.
 * `spoke` says whether a trainer of the own staff (`personId`) was there without being its speaker.
 */
export async function nameTrainer(
  tx: Tx,
  input: { activityId: string; trainerId: string | null; personId: string | null },
): Promise<{ activity: store.ActivityRow; spoke: boolean }> {
  const before = await getLocked(tx, input.activityId)
  demand(can.run(tx.actor, before))
  if (before.status !== 'closed')
    refuse('活动还没有结束：请在活动的“修改安排”里选主讲人，结束时会自动记下。', {
      fields: { activityId: '还没有结束' },
    })
  if (input.trainerId !== null && before.trainerId !== null)
    refuse('这次活动已经有主讲人了；登记错了请先作废原来那一条。', { fields: { activityId: '已有主讲人' } })
  const activity = { ...before, trainerId: input.trainerId }
  await store.updateActivity(tx, activity)
  const fact = await heldFactOf(tx, activity)
  await reverseFacts(tx, fact.source, fact.subject)
  // A fact under a key that was reversed would be passed over.
  await recordFacts(tx, [{ ...fact, key: `${fact.key}:${newId()}` }])
  await audit(tx, {
    type: 'activity.trainerNamed',
    id: activity.id,
    payload: { trainerId: input.trainerId },
  })
  changed(tx, 'activity', 'participation')
  const status =
    input.personId === null ? undefined : (await findAttendance(tx, activity.id, input.personId))?.status
  return {
    activity,
    spoke: status != null && hasAttended(status) && activity.speakerId !== input.personId,
  }
}
