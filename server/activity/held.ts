import { recordFacts, reverseFacts } from '../facts/actions.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { heldFactOf } from './actions.ts'
import { getLocked } from './locked.ts'

/** Leaves the proof that an activity was held anew, because what other rooms say of it has changed. */
export async function renewHeld(tx: Tx, activityId: string): Promise<void> {
  const activity = await getLocked(tx, activityId)
  if (activity.status !== 'closed') return
  const fact = await heldFactOf(tx, activity)
  await reverseFacts(tx, fact.source, fact.subject)
  // A fact under a key that was reversed would be passed over.
  await recordFacts(tx, [{ ...fact, key: `${fact.key}:${newId()}` }])
  changed(tx, 'activity')
}
