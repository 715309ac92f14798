import { addDays, mondayOf } from '../../engine/days.ts'
import { isSchoolDay, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate, TermInput } from '../../engine/types.ts'
import { nextDayFor, type ShiftRule } from '../slot/rules.ts'
import type { Parity } from '../slot/words.ts'

/** What stands for a theme that is still to be found; it settles nothing. */
export const openTheme = '主题待定'

/** One day of a series as the calendar has it. */
export interface LaidOutDay {
  day: LocalDate
  /** The day on which it would have been, where the regime moves what a holiday takes. */
  movedFrom: LocalDate | null
  weekLabel: string
}
/** A day that falls away because of a holiday. */
export interface SkippedDay {
  day: LocalDate
  because: string
}

/**
 * All dates of a term on one weekday, in every, the odd or the even weeks. A day without school is moved to the next
 * one where the regime says so (`nextDays`), else it falls away; never before `from`, never out of the term.
 */
export function layOut(
  calendar: CalendarInput,
  term: TermInput,
  series: { weekday: number; parity: Parity; from: LocalDate },
  shift: Pick<ShiftRule, 'nextDays' | 'schoolDays' | 'forbiddenBy' | 'clause'>,
): { days: LaidOutDay[]; skipped: SkippedDay[] } {
  const days: LaidOutDay[] = []
  const skipped: SkippedDay[] = []
  const begin = series.from > term.from ? series.from : term.from
  for (let day = addDays(mondayOf(begin), series.weekday - 1); day <= term.to; day = addDays(day, 7)) {
    const week = weekOf(calendar, day)
    if (day < begin || !week) continue
    if (series.parity !== 'every' && (week.number % 2 === 1) !== (series.parity === 'odd')) continue
    if (isSchoolDay(calendar, day)) {
      days.push({ day, movedFrom: null, weekLabel: week.label })
      continue
    }
    const name = calendar.specialDays.find((special) => special.day === day)?.name || '不上课'
    const moves = shift.nextDays !== null && shift.forbiddenBy === null
    const next = moves ? nextDayFor(day, { ...shift, schoolDays: true }, calendar) : null
    if (next !== null && next <= term.to && mondayOf(next) === mondayOf(day))
      days.push({ day: next, movedFrom: day, weekLabel: week.label })
    else skipped.push({ day, because: name })
  }
  return { days, skipped }
}

/** What a member has said before the series begins. */
export interface Member {
  personId: string
  name: string
  /** Speeches of this term that stand already. */
  spoken: number
  /** Speeches of the term before. */
  spokenBefore: number
  lastOn: LocalDate | null
  /** Days of long leave: `to` null while nobody knows the end. */
  away: { from: LocalDate; to: LocalDate | null }[]
}

/** Whether a member is on long leave on a day. */
export function isAway(member: Pick<Member, 'away'>, day: LocalDate): boolean {
  return member.away.some((leave) => leave.from <= day && (leave.to === null || leave.to >= day))
}

/**
 * Who speaks on each day: whoever spoke least this term, then whoever spoke least the term before, then whoever waited
 * longest, then the order of the list. So nobody twice before everybody once (xinhongqiao-18); who is on leave on a
 * day is passed over and comes next. Null where nobody is there.
 */
export function proposeRotation(members: readonly Member[], days: readonly LocalDate[]): (string | null)[] {
  const state = members.map((member, order) => ({
    member,
    order,
    spoken: member.spoken,
    lastOn: member.lastOn ?? '',
  }))
  return days.map((day) => {
    let best: (typeof state)[number] | undefined
    for (const one of state) {
      if (isAway(one.member, day)) continue
      if (
        !best ||
        one.spoken < best.spoken ||
        (one.spoken === best.spoken &&
          (one.member.spokenBefore < best.member.spokenBefore ||
            (one.member.spokenBefore === best.member.spokenBefore && one.lastOn < best.lastOn)))
      )
        best = one
    }
    if (!best) return null
    best.spoken++
    best.lastOn = day
    return best.member.personId
  })
}

/** How a proposal came about, as a sentence. */
export function rotationSentence(members: readonly Member[], chosen: readonly (string | null)[]): string {
  if (members.length === 0) return '本组还没有成员，请先在“组和成员”里加上。'
  const counts = new Map<string, number>()
  for (const id of chosen) if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
  const totals = members.map((member) => member.spoken + (counts.get(member.personId) ?? 0))
  const resting = members.filter((member) => !counts.has(member.personId) && member.away.length > 0)
  const least = Math.min(...totals)
  const most = Math.max(...totals)
  const share = least === most ? `每人 ${most} 次` : `每人 ${least} 至 ${most} 次`
  const rest =
    resting.length > 0 ? `；${resting.map((member) => member.name).join('、')}请长假，没有排入` : ''
  return `共 ${chosen.length} 次，本组 ${members.length} 人，${share}，上学期发言少的排在前面${rest}。`
}
