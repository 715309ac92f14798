import type { Tx } from '../kit/sql.ts'
import { refuse } from '../kit/errors.ts'
import { numbersFor, graceWindows, windowOf } from './codes.ts'
import { listRunningIds } from './store.ts'

/** The running activities of a school, remembered for moments, so that signing in by number needs no second look-up. */
const runningBySchool = new Map<string, { ids: string[]; until: number }>()
const rememberMilliseconds = 3_000

export function forgetRunning(orgId: string): void {
  runningBySchool.delete(orgId)
}

async function runningIds(tx: Tx, fresh: boolean): Promise<{ ids: string[]; fromMemory: boolean }> {
  const known = runningBySchool.get(tx.orgId)
  if (!fresh && known && known.until > performance.now()) return { ids: known.ids, fromMemory: true }
  const ids = await listRunningIds(tx)
  if (runningBySchool.size > 2_000) runningBySchool.clear()
  runningBySchool.set(tx.orgId, { ids, until: performance.now() + rememberMilliseconds })
  return { ids, fromMemory: false }
}

/** The number of an activity in the window of now; undefined when it does not run. */
export async function numberOf(tx: Tx, secret: Buffer, activityId: string): Promise<string | undefined> {
  const { ids } = await runningIds(tx, true)
  for (const [number, id] of numbersFor(secret, ids, windowOf(tx.now))) if (id === activityId) return number
  return undefined
}

/** The running activity of this school that shows (or showed in the window before) this number. */
export async function findByNumber(tx: Tx, secret: Buffer, number: string): Promise<string | undefined> {
  for (const fresh of [false, true]) {
    const { ids, fromMemory } = await runningIds(tx, fresh)
    for (let back = 0; back <= graceWindows; back++) {
      const found = numbersFor(secret, ids, windowOf(tx.now) - back).get(number)
      if (found) return found
    }
    if (!fromMemory) break
  }
  return undefined
}

// Six digits could be tried out; ten wrong ones in five minutes are enough.
const wrongNumbers = new Map<string, { count: number; until: number }>()

export function checkTries(personId: string): void {
  const tries = wrongNumbers.get(personId)
  if (tries && tries.until > performance.now() && tries.count >= 10) {
    refuse('数字输错次数太多，请 5 分钟后再试，或直接扫大屏幕上的二维码。', {
      status: 429,
      code: 'throttled',
    })
  }
}

export function noteWrongNumber(personId: string): void {
  const tries = wrongNumbers.get(personId)
  if (tries && tries.until > performance.now()) tries.count++
  else {
    if (wrongNumbers.size > 10_000) wrongNumbers.clear()
    wrongNumbers.set(personId, { count: 1, until: performance.now() + 5 * 60_000 })
  }
}

/**
 * How often the pages that show arrivals are told, at most: the first at once, the rest together. The more pages are
 * open, the longer the pause, so that reading the list never takes the server from those who sign in.
 */
const announceMilliseconds = 700
const pausePerPage = 8
const waiting = new Map<string, { again: boolean }>()

/** Tells of arrivals without flooding: 2,000 sign-ins in a minute are some eighty messages. */
export function announceArrival(key: string, tell: () => void, pages = 0): void {
  const pending = waiting.get(key)
  if (pending) {
    pending.again = true
    return
  }
  const entry = { again: false }
  waiting.set(key, entry)
  tell()
  setTimeout(
    () => {
      waiting.delete(key)
      if (entry.again) announceArrival(key, tell, pages)
    },
    Math.max(announceMilliseconds, pages * pausePerPage),
  ).unref()
}
