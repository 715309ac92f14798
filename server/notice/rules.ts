import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { addDays } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { instantAt, localDateOf, localTimeOf } from '../kit/dates.ts'

// ── Quiet hours ───────────────────────────────────────────────────────────────

export interface Quiet {
  quietFrom: string
  quietTo: string
}

/** Whether a time of the day (`HH:mm`) lies in the quiet hours, which may reach over midnight. */
export function isQuiet(time: string, { quietFrom, quietTo }: Quiet): boolean {
  if (quietFrom === quietTo) return false
  return quietFrom < quietTo ? time >= quietFrom && time < quietTo : time >= quietFrom || time < quietTo
}

/** The instant itself, or the end of the quiet hours in which it lies. */
export function afterQuiet(instant: Date, quiet: Quiet): Date {
  const time = localTimeOf(instant)
  if (!isQuiet(time, quiet)) return instant
  const day = localDateOf(instant)
  return instantAt(time < quiet.quietTo ? day : addDays(day, 1), quiet.quietTo)
}

// ── Reminders ─────────────────────────────────────────────────────────────────

const dayMilliseconds = 86_400_000

/**
 * Whether a matter is told (again): when it is new, came back after it was done, has changed, or has lain for
 * `repeatDays` since it was told last.
 */
export function mustTell(
  known: { fingerprint: string; toldAt: Date; endedAt: Date | null } | undefined,
  fingerprint: string,
  now: Date,
  repeatDays: number,
): boolean {
  if (!known || known.endedAt !== null || known.fingerprint !== fingerprint) return true
  return now.getTime() - known.toldAt.getTime() >= repeatDays * dayMilliseconds
}

// ── The share of readers ──────────────────────────────────────────────────────

/** Whole percent of receivers who read it, or confirmed it where that was asked. */
export function shareOf(
  counts: { receivers: number; read: number; confirmed: number },
  mustConfirm: boolean,
): number {
  if (counts.receivers === 0) return 0
  return Math.floor(((mustConfirm ? counts.confirmed : counts.read) / counts.receivers) * 100)
}

/** Days after which a notice without a day for confirming is closed. */
const openDays = 14

/** Whether the count of a notice ends: all have read it, its day has passed, or it has been out for two weeks. */
export function isOver(
  notice: { confirmByDay: LocalDate | null; sentAt: Date | null },
  share: number,
  today: LocalDate,
): boolean {
  if (share === 100) return true
  if (notice.confirmByDay !== null) return notice.confirmByDay < today
  return notice.sentAt !== null && addDays(localDateOf(notice.sentAt), openDays) < today
}

// ── Delivery ──────────────────────────────────────────────────────────────────

const pauses = [1, 5, 15, 60, 180, 360, 720]

/** Minutes until the next attempt after so many that failed; null when it is given up. */
export function pauseAfter(attempts: number): number | null {
  return pauses[attempts - 1] ?? null
}

/** Six digits and their hash, bound to the person and the address. */
export function codeHashOf(secret: Buffer, personId: string, email: string, code: string): Buffer {
  return createHmac('sha256', secret).update(`email-code ${personId} ${email} ${code}`).digest()
}

function passwordKey(secret: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'mail-password', 32))
}

/** Seals a password with the installation's secret (AES-256-GCM), bound to its organisation. */
export function sealPassword(secret: Buffer, orgId: string, password: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', passwordKey(secret), nonce).setAAD(Buffer.from(orgId))
  return Buffer.concat([nonce, cipher.update(password, 'utf8'), cipher.final(), cipher.getAuthTag()])
}

/** The password, or undefined when it was sealed with another secret or for another organisation. */
export function openPassword(secret: Buffer, orgId: string, sealed: Buffer): string | undefined {
  try {
    const decipher = createDecipheriv('aes-256-gcm', passwordKey(secret), sealed.subarray(0, 12))
      .setAAD(Buffer.from(orgId))
      .setAuthTag(sealed.subarray(-16))
    return decipher.update(sealed.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

// ── Letters ───────────────────────────────────────────────────────────────────

export interface Letter {
  subject: string
  body: string
  html: string
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
/** What stands in the head of a letter has no line breaks. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()

/** A letter as plain text and simple HTML, with the address at which everything is found. */
export function letterOf(subject: string, lines: string[], address: string): Letter {
  const foot = address === '' ? '请登录校研，在“消息”里查看和办理。' : `查看和办理：${address}/messages`
  const link =
    address === ''
      ? escaped(foot)
      : `<a href="${escaped(address)}/messages" style="color:#1f6f5c">打开校研查看和办理</a>`
  return {
    subject: oneLine(subject).slice(0, 150),
    body: `${lines.join('\n')}\n\n${foot}\n`,
    html: `<div style="font:16px/1.7 'PingFang SC','Microsoft YaHei',sans-serif;color:#222;max-width:640px">${lines
      .map((line) => (line === '' ? '<br>' : `<p style="margin:0 0 8px">${escaped(line)}</p>`))
      .join('')}<p style="margin:24px 0 0">${link}</p></div>`,
  }
}

export interface DigestInput {
  name: string
  school: string
  notices: { title: string; sender: string; confirmByDay: string | null }[]
  reminders: { mark: string; title: string; detail: string; isNew: boolean }[]
}

/** Everything that is new or due as one letter; null when nothing is. */
export function digestOf(input: DigestInput, dayLabel: string, address: string): Letter | null {
  const { notices, reminders } = input
  if (notices.length === 0 && reminders.length === 0) return null
  const counts = [
    reminders.length > 0 ? `${reminders.length} 件事要办` : '',
    notices.length > 0 ? `${notices.length} 条通知未读` : '',
  ].filter((part) => part !== '')
  const lines = [`${input.name}老师，您有 ${counts.join('，')}。`]
  if (reminders.length > 0) lines.push('', '要办的事')
  for (const [index, one] of reminders.entries())
    lines.push(
      `${index + 1}. ${one.title}（${one.mark}）${one.isNew ? '【新】' : ''}${one.detail === '' ? '' : `　${one.detail}`}`,
    )
  if (notices.length > 0) lines.push('', '未读通知')
  for (const [index, one] of notices.entries())
    lines.push(
      `${index + 1}. ${one.title}（${one.sender}）${one.confirmByDay === null ? '' : `　请在 ${one.confirmByDay} 前确认`}`,
    )
  return letterOf(`${dayLabel}：${counts.join('，')}（${input.school}）`, lines, address)
}
