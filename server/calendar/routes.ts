import { isSchoolDay, periodsOf, schoolYearOf, daysOf } from '../../engine/periods.ts'
import { numberSetting, type Regime } from '../../engine/schema.ts'
import type { CalendarInput, LocalDate, TermInput } from '../../engine/types.ts'
import { room } from '../kit/serve.ts'
import { can } from './access.ts'
import { listAffected } from './agenda-view.ts'
import * as actions from './actions.ts'
import { can as orgCan } from '../org/access.ts'
import { setCycle } from '../org/schools.ts'
import { findOrganisation } from '../org/store.ts'
import { regimesInForce } from '../regime/adoption.ts'
import { registerAgendaSource } from './agenda.ts'
import { calendarApi, type CalendarView, type TermView } from './contract.ts'
import { proposeSchoolYear, schoolYearName } from './rules.ts'
import { listSpecialWeeks, loadCalendar } from './store.ts'
import { deleteSpecialWeek, describeWeeks, saveSpecialWeek, weeksNamed, weekSource } from './weeks.ts'

registerAgendaSource('week', weekSource)

export const calendarRoom = room('calendar', calendarApi, {
  async getCalendar({ tx }) {
    const calendar = await loadCalendar(tx)
    const regimes = (await regimesInForce(tx, tx.today)).map((one) => one.regime)
    const weeks = await listSpecialWeeks(tx, { from: '2000-01-01', to: '2099-12-31' })
    const organisation = await findOrganisation(tx)
    return {
      ...describeWeeks(weeks, weeksNamed(regimes), calendar, tx.today),
      cycle: describeCycle(calendar, regimes[0], tx.today),
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
      abilities: {
        save: can.save(tx.actor),
        setCycle: orgCan.setCycle(tx.actor, organisation?.kind ?? 'school'),
      },
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
  saveSpecialWeek: ({ tx, input }) => saveSpecialWeek(tx, input),
  async deleteSpecialWeek({ tx, input }) {
    await deleteSpecialWeek(tx, input.id)
    return {}
  },
  async saveCycle({ tx, input }) {
    const { start, startMonth } = input
    await setCycle(tx, start === null ? null : { start, startMonth })
    return {}
  },
})

/** The five-year cycle that runs on a day, and who decided where it begins. */
function describeCycle(
  calendar: CalendarInput,
  regime: Regime | undefined,
  today: LocalDate,
): CalendarView['cycle'] {
  const { start, startMonth } = calendar.cycle ?? {
    start: regime ? numberSetting(regime, 'cycleStart', 2021) : 2021,
    startMonth: regime ? numberSetting(regime, 'cycleStartMonth', 1) : 1,
  }
  const [cycle] = periodsOf(
    'fiveYears',
    calendar,
    { from: today, to: today },
    { cycleStart: start, cycleStartMonth: startMonth },
  )
  return { start, startMonth, label: cycle?.label ?? '', isSet: calendar.cycle !== undefined }
}

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
