import type { Hub } from '../kit/hub.ts'
import type { Tx } from '../kit/sql.ts'
import { readArrivals } from './attendance-store.ts'

type Arrivals = Awaited<ReturnType<typeof readArrivals>>

/** Names shown on the wall. */
const shownNames = 30
/** An answer serves everybody who asks within this time, unless something happened since. */
const shareMilliseconds = 300
/** Schools whose messages are heard; each holds at most the activities that somebody watches. */
const schools = new WeakMap<Hub, Map<string, Map<string, { answer: Promise<Arrivals>; until: number }>>>()

function memoryOf(hub: Hub, orgId: string) {
  const bySchool =
    schools.get(hub) ?? new Map<string, Map<string, { answer: Promise<Arrivals>; until: number }>>()
  schools.set(hub, bySchool)
  let memory = bySchool.get(orgId)
  if (!memory) {
    const own = new Map<string, { answer: Promise<Arrivals>; until: number }>()
    memory = own
    bySchool.set(orgId, own)
    // Whatever is told to the pages makes the answer old before any of them can ask again.
    hub.listen(orgId, (message) => {
      if (message.rooms.includes('activityLive')) own.clear()
    })
  }
  return memory
}

/**
 * Who has come, read once for all who ask at the same moment: hundreds of phones that watch one list cost as much as
 * one. The caller has found that this reader may see the activity.
 */
export function shareArrivals(hub: Hub, tx: Tx, activityId: string): Promise<Arrivals> {
  const memory = memoryOf(hub, tx.orgId)
  const known = memory.get(activityId)
  if (known && known.until > performance.now()) return known.answer
  const answer = readArrivals(tx, activityId, shownNames)
  if (memory.size > 200) memory.clear()
  memory.set(activityId, { answer, until: performance.now() + shareMilliseconds })
  answer.catch(() => memory.delete(activityId))
  return answer
}
