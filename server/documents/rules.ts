import { createHash, randomInt } from 'node:crypto'

/** Letters and digits that nobody mistakes for one another on paper: no 0 O, 1 I L, no U. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A new number such as `XY-2026-7K3M-9QPD`, from the year of issue. */
export function newCode(year: string): string {
  const letters = Array.from({ length: 8 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `XY-${year}-${letters.slice(0, 4)}-${letters.slice(4)}`
}

/** A number as somebody types it (small letters, blanks, other dashes) in the way in which it was issued. */
export function readCode(typed: string): string {
  const plain = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
  const parts = /^(XY)(\d{4})(.{4})(.{4})$/.exec(plain)
  return parts ? parts.slice(1).join('-') : plain
}

/** JSON in which equal values are equal text: keys in order, no blanks. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonicalJson(each)}`).join(',')}}`
}

/** The fingerprint of frozen data, as hexadecimal SHA-256. */
export function fingerprintOf(data: unknown): string {
  return createHash('sha256').update(canonicalJson(data)).digest('hex')
}

/** As much of a fingerprint as people compare. */
export const shortFingerprint = (fingerprint: string): string => fingerprint.slice(0, 12)

const missesAllowed = 30
const windowMilliseconds = 10 * 60_000

/** Counts unknown numbers asked for from one address, so that nobody tries them out by the thousand. */
export function createGuessLimit() {
  const misses = new Map<string, { count: number; until: number }>()
  return {
    isOver(address: string, now: Date): boolean {
      const known = misses.get(address)
      return known !== undefined && known.until > now.getTime() && known.count >= missesAllowed
    },
    miss(address: string, now: Date): void {
      if (misses.size > 10_000) misses.clear()
      const known = misses.get(address)
      if (known && known.until > now.getTime()) known.count++
      else misses.set(address, { count: 1, until: now.getTime() + windowMilliseconds })
    },
  }
}

/** What a booklet holds so far and what is late: 目前收入计划和总结 1 份、反思 7 篇…；还有 2 项逾期。 */
export function bookletSentence(line: {
  plans: number
  reflections: number
  excerpts: number
  activities: number
  overdueRules: number
}): string {
  const parts = [
    line.plans > 0 ? `计划和总结 ${line.plans} 份` : '',
    line.reflections > 0 ? `反思 ${line.reflections} 篇` : '',
    line.excerpts > 0 ? `学习摘记 ${line.excerpts} 则` : '',
    line.activities > 0 ? `集体研修 ${line.activities} 次` : '',
  ].filter((part) => part !== '')
  const held =
    parts.length > 0 ? `目前收入${parts.join('、')}` : '目前还没有内容，提交计划、反思或参加活动后自动收入'
  return `${held}${line.overdueRules > 0 ? `；有 ${line.overdueRules} 项要求逾期` : ''}。`
}
