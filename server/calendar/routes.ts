import { isSchoolDay, periodsOf, schoolYearOf, daysOf } from '../../engine/periods.ts'
import type { CalendarInput, TermInput } from '../../engine/types.ts'
import { room } from '../kit/serve.ts'
import { can } from './access.ts'
import { listAffected } from './agenda-view.ts'
import * as actions from './actions.ts'
import { calendarApi, type TermView } from './contract.ts'
import { proposeSchoolYear, schoolYearName } from './rules.ts'
import { loadCalendar } from './store.ts'

export const calendarRoom = room('calendar', calendarApi, {
  async getCalendar({ tx }) {
    const calendar = await loadCalendar(tx)
    return {
      schoolYears: calendar.schoolYears.map((year) => ({
        ...year,
        name: schoolYearName(year.id),
        terms: calendar.terms
          .filter((term) => term.schoolYearId === year.id)
          .map((term) => describeTerm(calendar, term)),
      })),
      specialDays: calendar.specialDays,
      currentYearId: schoolYearOf(calendar, tx.today)?.id ?? calendar.schoolYears.at(-1)?.id ?? null,
      today: tx.today,
      abilities: { save: can.save(tx.actor) },
    }
  },
  async proposeSchoolYear({ input }) {
    return proposeSchoolYear(input.startYear)
  },
  async saveSchoolYear({ tx, input }) {
    await actions.saveSchoolYear(tx, input)
    return { id: input.id }
  },
  proposeSpecialDays({ tx, input }) {
    return actions.proposeSpecialDays(tx, input.schoolYearId)
  },
  async saveSpecialDays({ tx, input }) {
    await actions.saveSpecialDays(tx, input)
    return { saved: input.days.length, affected: (await listAffected(tx)).length }
  },
})

function describeTerm(calendar: CalendarInput, term: TermInput): TermView {
  const weeks = periodsOf('week', calendar, term).filter((week) => week.termId === term.id)
  return {
    id: term.id,
    number: term.number,
    name: term.name,
    from: term.from,
    to: term.to,
    windows: term.windows,
    weeks: weeks.map(({ from, to, label }, index) => ({
      number: index + 1,
      label,
      isOdd: index % 2 === 0,
      from,
      to,
    })),
    schoolDays: daysOf(term).filter((day) => isSchoolDay(calendar, day)).length,
  }
}
