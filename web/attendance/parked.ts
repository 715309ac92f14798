import { attendance } from '../activity/api.ts'
import type { SignInResult } from '../activity/api.ts'
import { asApiError } from '../kit/api.ts'
import { notify } from '../kit/toast.tsx'

/** Scans made without network; the page behind the code (`/s/…`) keeps its own in the same place. */
const key = 'xiaoyan.parkedScans'

export interface ParkedScan {
  token: string
  scannedAt: number
}

export function readParked(): ParkedScan[] {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? '[]') as ParkedScan[]) ?? []
  } catch {
    return []
  }
}
function write(scans: ParkedScan[]): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(scans.slice(-20)))
    return true
  } catch {
    return false
  }
}

/** Keeps a scan for later; false where this device keeps nothing. */
export function parkScan(scan: ParkedScan): boolean {
  const scans = readParked()
  return scans.some((other) => other.token === scan.token) || write([...scans, scan])
}

let delivering = false
/** Delivers every scan that waits. What the server refuses for good is said once and forgotten. */
export async function deliverParked(): Promise<void> {
  if (delivering || readParked().length === 0) return
  delivering = true
  try {
    for (const scan of readParked()) {
      const { token } = scan
      try {
        const result: SignInResult = await attendance.deliverParked({
          token,
          scannedAt: new Date(scan.scannedAt).toISOString(),
          sentAt: new Date().toISOString(),
        })
        notify(`暂存的签到已提交：《${result.theme}》${result.time} 签到`, { kind: 'success' })
      } catch (problem) {
        const failure = asApiError(problem)
        if (failure.isConnection || failure.status === 401 || failure.status >= 500 || failure.status === 0)
          return
        notify(failure.message, { kind: 'error' })
      }
      write(readParked().filter((other) => other.token !== token))
    }
  } finally {
    delivering = false
  }
}

/** Delivers at the start of the application and whenever the network is back. */
export function keepDelivering(): void {
  if (typeof window === 'undefined') return
  addEventListener('online', () => void deliverParked())
  setTimeout(() => {
    void deliverParked()
    // Keeps the page behind the code on this phone, for halls without network; browsers allow it over https only.
    navigator.serviceWorker?.register('/s/worker.js', { scope: '/s/' }).catch(() => undefined)
  }, 1500)
}
