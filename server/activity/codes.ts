import { createHmac, timingSafeEqual } from 'node:crypto'
import { isUuid } from '../kit/sql.ts'

/** A code on the screen is replaced after this time. */
export const windowMilliseconds = 15_000
/** How many windows back a code is still taken from a request that arrives now. */
export const graceWindows = 1
/** A scan that waited in a phone: how far its time may lie from the code's window, and how late it may arrive. */
export const parkedToleranceMilliseconds = 60_000
export const parkedLimitMilliseconds = 12 * 3_600_000
/** Whoever opened the page with a fresh code may take this long to type name and password. */
export const receiptMilliseconds = 10 * 60_000

const tokenBytes = 30
const macBytes = 10

export interface Code {
  activityId: string
  /** Number of the window in which the code was shown. */
  window: number
}

/** The window in which an instant lies. */
export function windowOf(instant: Date): number {
  return Math.floor(instant.getTime() / windowMilliseconds)
}

/** Milliseconds until the code of an instant turns. */
export function millisecondsLeft(instant: Date): number {
  return windowMilliseconds - (instant.getTime() % windowMilliseconds)
}

/** The code shown on the screen: activity, window and a proof that the server made it; 40 characters. */
export function tokenFor(secret: Buffer, code: Code): string {
  const body = Buffer.alloc(tokenBytes - macBytes)
  Buffer.from(code.activityId.replaceAll('-', ''), 'hex').copy(body)
  body.writeUInt32BE(code.window, 16)
  return Buffer.concat([body, macOf(secret, body)]).toString('base64url')
}

/** Reads a code; undefined when it was not made by this server. Says nothing about its age. */
export function readToken(secret: Buffer, token: string): Code | undefined {
  if (!/^[\w-]{40}$/.test(token)) return undefined
  const bytes = Buffer.from(token, 'base64url')
  const body = bytes.subarray(0, tokenBytes - macBytes)
  if (!timingSafeEqual(bytes.subarray(tokenBytes - macBytes), macOf(secret, body))) return undefined
  const hex = body.toString('hex', 0, 16)
  const activityId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return isUuid(activityId) ? { activityId, window: body.readUInt32BE(16) } : undefined
}

function macOf(secret: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', secret).update('activity-code').update(body).digest().subarray(0, macBytes)
}

/** Whether a code may still be used by a request that arrives now: the one on the screen or the one before it. */
export function isFresh(window: number, now: Date): boolean {
  const age = windowOf(now) - window
  return age >= 0 && age <= graceWindows
}

/**
 * Whether a scan that waited in a phone fits its code: the phone read it while it was shown, at most 12 hours ago.
 * `scannedAt` is already set right by the difference between the phone's clock and the server's.
 */
export function isParkedInTime(window: number, scannedAt: Date, now: Date): boolean {
  const shownFrom = window * windowMilliseconds
  const shownUntil = shownFrom + windowMilliseconds
  const scan = scannedAt.getTime()
  return (
    scan >= shownFrom - parkedToleranceMilliseconds &&
    scan <= shownUntil + parkedToleranceMilliseconds &&
    shownFrom <= now.getTime() &&
    now.getTime() - scan <= parkedLimitMilliseconds
  )
}

/** The six digits beside the code, for one window; `attempt` avoids a number that another running activity shows. */
function numberFor(secret: Buffer, code: Code, attempt: number): string {
  const digest = createHmac('sha256', secret)
    .update(`activity-number ${code.activityId} ${code.window} ${attempt}`)
    .digest()
  return String(digest.readUIntBE(0, 6) % 1_000_000).padStart(6, '0')
}

/** The numbers of all running activities of a school in a window; no two are alike. `activityIds` in order of their start. */
export function numbersFor(
  secret: Buffer,
  activityIds: readonly string[],
  window: number,
): Map<string, string> {
  const taken = new Map<string, string>()
  for (const activityId of activityIds) {
    let attempt = 0
    let number = numberFor(secret, { activityId, window }, attempt)
    while (taken.has(number)) number = numberFor(secret, { activityId, window }, ++attempt)
    taken.set(number, activityId)
  }
  return taken
}

/** Proof that this browser opened the sign-in page while the code was fresh; lives in a cookie that scripts cannot read. */
export function receiptFor(secret: Buffer, token: string, openedAt: Date): string {
  const at = openedAt.getTime().toString(36)
  return `${token}.${at}.${receiptMac(secret, token, at)}`
}

/** When the page was opened with this code; undefined when the receipt is foreign, for another code or too old. */
export function readReceipt(secret: Buffer, receipt: string, token: string, now: Date): Date | undefined {
  const [receiptToken, at, mac] = receipt.split('.')
  if (receiptToken !== token || !at || mac !== receiptMac(secret, token, at)) return undefined
  const openedAt = new Date(Number.parseInt(at, 36))
  const age = now.getTime() - openedAt.getTime()
  return age >= 0 && age <= receiptMilliseconds ? openedAt : undefined
}

function receiptMac(secret: Buffer, token: string, at: string): string {
  return createHmac('sha256', secret)
    .update(`activity-receipt ${token} ${at}`)
    .digest('base64url')
    .slice(0, 16)
}
