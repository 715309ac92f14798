import { weekdayOf } from '../../engine/days.ts'
import { termOf, weekOf } from '../../engine/periods.ts'
import type { LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import type { Tx } from '../kit/sql.ts'
import { listLessonsOfPerson } from '../slot/store.ts'
import { lessonSettings } from './actions.ts'
import type { TimetabledPeriod } from './contract.ts'
import { classIn, periodLabel } from './rules.ts'

/** What a teacher has on a day by the timetable, so that a lesson is booked (or observed) with one tap. */
export async function listTimetableOf(
  tx: Tx,
  input: { teacherId: string; heldOn: LocalDate },
): Promise<TimetabledPeriod[]> {
  const calendar = await loadCalendar(tx)
  const term = termOf(calendar, input.heldOn)
  if (!term) return []
  const week = weekOf(calendar, input.heldOn)
  const other = week && week.number % 2 === 0 ? 'odd' : 'even'
  const { periods } = await lessonSettings(tx)
  return (await listLessonsOfPerson(tx, term.id, input.teacherId))
    .filter((one) => one.weekday === weekdayOf(input.heldOn) && one.parity !== other)
    .map(({ period, what }) => ({
      period,
      periodLabel: periodLabel(periods, period),
      className: classIn(what),
      what,
    }))
}
