import { addDays, mondayOf, weekdayLabel, weekdayOf } from '../../engine/days.ts'
import { daysOf, isSchoolDay, termOf, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, ClosedRange, LocalDate } from '../../engine/types.ts'
import { can as activityCan } from '../activity/access.ts'
import { findActivity } from '../activity/store.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText, localTimeOf } from '../kit/dates.ts'
import { demand, refuseNotFound } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { findUnit, listMembers } from '../org/store.ts'
import { can } from './access.ts'
import { findActivityClashes, loadPeriods } from './clashes.ts'
import * as rules from './rules.ts'
import * as store from './store.ts'
import type { Parity } from './words.ts'

/** A lesson of somebody's timetable on a day. */
export interface LessonOnDay {
  day: LocalDate
  period: number
  starts: string
  ends: string
  what: string
}

function parityOf(calendar: CalendarInput, day: LocalDate): Parity {
  const week = weekOf(calendar, day)
  return week && week.number % 2 === 0 ? 'even' : 'odd'
}

/** A person's lessons on the school days of a range, by day and period. */
export async function listLessonsOfDays(
  tx: Tx,
  calendar: CalendarInput,
  personId: string,
  range: ClosedRange,
): Promise<LessonOnDay[]> {
  const terms = calendar.terms.filter((term) => term.from <= range.to && term.to >= range.from)
  if (terms.length === 0) return []
  const periods = new Map((await loadPeriods(tx)).map((period) => [period.number, period]))
  const found: LessonOnDay[] = []
  for (const term of terms) {
    const lessons = await store.listLessonsOfPerson(tx, term.id, personId)
    if (lessons.length === 0) continue
    const from = term.from > range.from ? term.from : range.from
    const to = term.to < range.to ? term.to : range.to
    for (const day of daysOf({ from, to })) {
      if (!isSchoolDay(calendar, day)) continue
      const weekday = weekdayOf(day)
      const parity = parityOf(calendar, day)
      for (const lesson of lessons) {
        const period = periods.get(lesson.period)
        if (!period || lesson.weekday !== weekday) continue
        if (lesson.parity !== 'every' && lesson.parity !== parity) continue
        found.push({
          day,
          period: lesson.period,
          starts: period.starts,
          ends: period.ends,
          what: lesson.what,
        })
      }
    }
  }
  return found
}

export interface FreeTimeLine extends rules.FreeTime {
  /** `11月26日 周四 第7–8节`. */
  label: string
}

/**
 * When the members of a group have no lesson, in the week of a day and the next one; where that is never, the times at
 * which the fewest have one. Without a timetable nothing is proposed.
 */
export async function findFreeTimes(
  tx: Tx,
  input: { unitId: string; day: LocalDate },
): Promise<{ members: number; times: FreeTimeLine[] }> {
  if (!(await findUnit(tx, input.unitId))) refuseNotFound('组')
  demand(can.propose(tx.actor, input.unitId))
  const calendar = await loadCalendar(tx)
  const members = await listMembers(tx, input.unitId, tx.today)
  const monday = mondayOf(input.day)
  const from = monday > tx.today ? monday : addDays(tx.today, 1)
  const days = daysOf({ from, to: addDays(monday > tx.today ? monday : mondayOf(from), 13) }).filter((day) =>
    isSchoolDay(calendar, day),
  )
  const [first] = days
  const term = first === undefined ? undefined : termOf(calendar, first)
  if (first === undefined || !term) return { members: members.length, times: [] }
  const ids = new Set(members.map((member) => member.personId))
  const lessons = (
    await store.listLessonsOn(tx, { termId: term.id, weekdays: [1, 2, 3, 4, 5, 6, 7], on: first })
  ).filter((lesson) => ids.has(lesson.personId))
  if (lessons.length === 0) return { members: members.length, times: [] }
  const taken = await store.listTakenTimes(tx, {
    unitId: input.unitId,
    from: first,
    to: days.at(-1) ?? first,
  })
  const times = rules.freeTimes(
    lessons,
    await loadPeriods(tx),
    days
      .filter((day) => termOf(calendar, day)?.id === term.id)
      .map((day) => ({ day, weekday: weekdayOf(day), parity: parityOf(calendar, day) })),
    taken.map((row) => ({
      day: row.day,
      starts: localTimeOf(row.startsAt),
      ends: localTimeOf(row.endsAt),
    })),
  )
  return {
    members: members.length,
    times: times.map((time) => ({
      ...time,
      label: `${dayText(time.day)} ${weekdayLabel(time.day)} ${rules.periodsText(time.firstPeriod, time.lastPeriod)}`,
    })),
  }
}

/**
 * What an activity would meet at a time, before it is published or changed: for whoever may plan for the group, or runs
 * the activity.
 */
export async function previewClashes(
  tx: Tx,
  input: {
    unitId: string | null
    day: LocalDate
    starts: string
    ends: string
    activityId?: string | undefined
  },
): Promise<{ warnings: string[] }> {
  let { unitId, day } = input
  if (input.activityId !== undefined) {
    const activity = (await findActivity(tx, input.activityId)) ?? refuseNotFound('活动')
    demand(activityCan.run(tx.actor, activity))
    unitId = activity.unitId
    day = activity.heldOn
  } else {
    if (unitId !== null && !(await findUnit(tx, unitId))) refuseNotFound('组')
    demand(activityCan.plan(tx.actor, unitId === null ? 'organisation' : 'group', unitId))
  }
  if (input.ends <= input.starts) return { warnings: [] }
  const { warnings } = await findActivityClashes(tx, { unitId, day, starts: input.starts, ends: input.ends })
  return { warnings }
}
