import { addDays } from '../../engine/periods.ts'
import type { LocalDate } from '../../engine/types.ts'

/** Study may be entered so many days afterwards. */
const latestEntryDays = 60
/** Nobody studies longer on one day. */
const dayMinutes = 960

export function earliestDay(today: LocalDate): LocalDate {
  return addDays(today, -latestEntryDays)
}

export interface EntryToCheck {
  studiedOn: LocalDate
  content: string
  minutes: number
}

const bare = (text: string) => text.replaceAll(/[\s\p{P}]/gu, '').toLowerCase()

/** Why an entry cannot be taken, beside the entries of the same day that stand already; or null. */
export function entryProblem(
  entry: EntryToCheck,
  others: EntryToCheck[],
  today: LocalDate,
  again: boolean,
): { message: string; code: string; field: string } | null {
  if (entry.studiedOn > today)
    return { message: '这一天还没有到，请在学习以后再登记。', code: 'future', field: 'studiedOn' }
  if (entry.studiedOn < earliestDay(today)) {
    return {
      message: `只能登记最近 ${latestEntryDays} 天的学习；更早的请联系教导处。`,
      code: 'tooOld',
      field: 'studiedOn',
    }
  }
  const same = others.find((other) => bare(other.content) === bare(entry.content))
  if (same && !again) {
    return {
      message: `这一天已经登记过“${same.content.slice(0, 30)}”（${same.minutes} 分钟）。如果确实又学了一次，请选“确实又学了一次”再登记。`,
      code: 'duplicate',
      field: 'content',
    }
  }
  const total = others.reduce((sum, other) => sum + other.minutes, entry.minutes)
  if (total > dayMinutes) {
    return {
      message: `这一天登记的学习共 ${total} 分钟，超过了 ${dayMinutes} 分钟，请核对时长。`,
      code: 'tooMuch',
      field: 'minutes',
    }
  }
  return null
}
