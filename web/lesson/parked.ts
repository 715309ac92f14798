import { asApiError } from '../kit/api.ts'
import { deliverParkedFiles } from '../kit/parked-files.ts'
import { invalidate } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { lesson } from './api.ts'
import type { ObservationDetail } from './api.ts'

/** What the observer writes, as it is saved. */
export interface ObservationContent {
  className: string
  subject: string
  topic: string
  period: number | null
  contentTags: string[]
  notes: { id: string; minute: number | null; text: string }[]
  sheetId: string | null
  scores: Record<string, number>
  comment: string
  actionStep: string
  followed: ObservationDetail['followed']
}

/** Notes that were handed in while the phone had no network. */
const key = 'xiaoyan.parkedObservations'

interface Parked {
  id: string
  version: number
  content: ObservationContent
  title: string
  at: number
}

function readParked(): Parked[] {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '[]') as Parked[]) ?? []
  } catch {
    return []
  }
}
function write(list: Parked[]): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(list.slice(-20)))
    return true
  } catch {
    return false
  }
}

export function isParked(id: string): boolean {
  return readParked().some((one) => one.id === id)
}
/** Keeps notes to be handed in later; false where this device keeps nothing. */
export function parkObservation(parked: Parked): boolean {
  return write([...readParked().filter((one) => one.id !== parked.id), parked])
}
export function unpark(id: string): void {
  write(readParked().filter((one) => one.id !== id))
}

let delivering = false
/** Hands in whatever waits. What the server refuses for good is said once; the draft itself stays to be finished. */
export async function deliverObservations(): Promise<void> {
  if (delivering || readParked().length === 0) return
  delivering = true
  try {
    // Photos go first: what is handed in takes no more.
    await deliverParkedFiles()
    for (const parked of readParked()) {
      try {
        await lesson.saveObservation({ id: parked.id, version: parked.version, ...parked.content })
        await lesson.submitObservation({ id: parked.id })
        notify(`暂存的听课记录已提交：${parked.title}`, { kind: 'success' })
      } catch (problem) {
        const failure = asApiError(problem)
        if (failure.isConnection || failure.status === 0 || failure.status >= 500) return
        // Another account is signed in on this phone: it waits for its own.
        if ([401, 403, 404].includes(failure.status) && Date.now() - parked.at < 14 * 86_400_000) continue
        notify(`听课记录《${parked.title}》没有提交：${failure.message}`, { kind: 'error' })
      }
      unpark(parked.id)
      invalidate(['lesson'])
    }
  } finally {
    delivering = false
  }
}

/** Delivers at the start of the application and whenever the network is back. */
export function keepDelivering(): void {
  if (typeof window === 'undefined') return
  addEventListener('online', () => void deliverObservations())
  setTimeout(() => void deliverObservations(), 2000)
}
