import { addDays, weekdayOf } from '../../engine/days.ts'
import { termOf, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Tx } from '../kit/sql.ts'
import { usualPeriods } from '../lesson/rules.ts'
import { findSettings } from '../lesson/store.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Parity, Period } from './words.ts'

/** The times of the school's lessons: its own, else the usual ones. */
export async function loadPeriods(tx: Tx): Promise<Period[]> {
  const periods = (await findSettings(tx))?.periods ?? usualPeriods
  return periods.map(({ number, from, to }) => ({ number, starts: from, ends: to }))
}

export interface When {
  unitId: string | null
  day: LocalDate
  starts: string
  ends: string
}

/** Lessons that members (or everybody) have at a time of a day, by the timetable of its term. */
async function lessonsAt(tx: Tx, calendar: CalendarInput, when: When, periods: Period[]) {
  const term = termOf(calendar, when.day)
  if (!term) return []
  const weekday = weekdayOf(when.day)
  const lessons = await store.listLessonsOfUnit(tx, {
    termId: term.id,
    weekday,
    unitId: when.unitId,
    on: when.day,
  })
  const week = weekOf(calendar, when.day)
  const parity: Parity = week && week.number % 2 === 0 ? 'even' : 'odd'
  return rules.lessonsAt(lessons, { weekday, parity, starts: when.starts, ends: when.ends }, periods)
}

/** Filed fixed times of others that fall on the same hour of a day. */
async function slotsOfOthersAt(tx: Tx, calendar: CalendarInput, when: When): Promise<store.SlotRow[]> {
  const filed = (await store.listSlots(tx)).filter(
    (slot) => slot.status === 'filed' && slot.unitId !== when.unitId && rules.overlap(slot, when),
  )
  if (filed.length === 0) return []
  const shifts = await store.listShifts(tx, addDays(when.day, -60))
  return filed.filter((slot) => {
    const own = shifts.filter((shift) => shift.slotId === slot.id && shift.status === 'granted')
    return rules.occurrencesOf(slot, calendar, { from: when.day, to: when.day }, own).length > 0
  })
}

/** What an activity at this time collides with. */
export interface ActivityClashes {
  /** `张老师周四第7节有课`, in sentences for the planner. */
  warnings: string[]
  /** The fixed time of another that would be used for something else; only where people of both would be drawn away. */
  taken: { ownerName: string; title: string; when: string } | null
}

/**
 * What a planned activity collides with: lessons of those who should come, and fixed times of others. An activity of
 * the whole school takes the time of every group; one of a group takes that of the whole school.
 */
export async function findActivityClashes(tx: Tx, when: When): Promise<ActivityClashes> {
  const calendar = await loadCalendar(tx)
  const lessons = await lessonsAt(tx, calendar, when, await loadPeriods(tx))
  const warnings = rules.lessonSentences(lessons).map((sentence) => `${sentence}。`)
  const others = await slotsOfOthersAt(tx, calendar, when)
  const taken = others.find((slot) => slot.unitId === null || when.unitId === null)
  for (const slot of others)
    warnings.push(
      `这时是${slot.unitName ?? '全校'}的固定研修时间“${slot.title}”（${rules.slotText(slot)}）。`,
    )
  return {
    warnings,
    taken: taken
      ? { ownerName: taken.unitName ?? '全校', title: taken.title, when: rules.slotText(taken) }
      : null,
  }
}

/** Part of the day, working hours and clashes with lessons of an activity that was held. */
export async function timeAttributes(tx: Tx, when: When): Promise<rules.TimeAttributes> {
  const [calendar, periods] = await Promise.all([loadCalendar(tx), loadPeriods(tx)])
  const term = termOf(calendar, when.day)
  const known = term ? (await store.countLessons(tx, term.id)).lessons > 0 : false
  return {
    dayPart: rules.dayPartOf(when.starts, periods),
    inWorkingHours: rules.isInWorkingHours(calendar, when.day, when.ends),
    ...(known ? { clashes: (await lessonsAt(tx, calendar, when, periods)).length > 0 } : {}),
  }
}

/** The owner's next free occurrence of a filed fixed time, for planning an activity. */
export async function findNextOccurrence(
  tx: Tx,
  unitId: string | null,
  from: LocalDate,
): Promise<(rules.Occurrence & { slot: store.SlotRow; when: string }) | undefined> {
  const own = (await store.listSlots(tx)).filter((slot) => slot.status === 'filed' && slot.unitId === unitId)
  if (own.length === 0) return undefined
  const calendar = await loadCalendar(tx)
  const taken = new Set(await store.listActivityDays(tx, unitId, addDays(from, -14)))
  const shifts = (await store.listShifts(tx, addDays(from, -60))).filter((one) => one.status === 'granted')
  const range = { from, to: addDays(from, 120) }
  const next = own
    .flatMap((slot) =>
      rules
        .occurrencesOf(
          slot,
          calendar,
          range,
          shifts.filter((shift) => shift.slotId === slot.id),
        )
        .filter((one) => !taken.has(one.movedFrom ?? one.day))
        .map((one) => ({ ...one, slot, when: rules.slotText(slot) })),
    )
    .sort((a, b) => (a.day + a.slot.starts < b.day + b.slot.starts ? -1 : 1))
  return next[0]
}
