import { addDays, weekdayOf } from '../../engine/days.ts'
import { periodsOf, weekOf } from '../../engine/periods.ts'
import { numberSetting, type Regime } from '../../engine/schema.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { audit } from '../audit/actions.ts'
import { demand, refuse, refuseNotFound } from '../kit/errors.ts'
import { newId } from '../kit/ids.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { type AgendaItem, type AgendaSource, calendarOf } from './agenda.ts'
import type { CalendarView, SpecialWeekView } from './contract.ts'
import * as store from './store.ts'

/** Names a week, or several in a row, within a term. */
export async function saveSpecialWeek(
  tx: Tx,
  input: { id?: string | undefined; name: string; from: LocalDate; to: LocalDate; note?: string },
): Promise<{ id: string }> {
  demand(can.save(tx.actor))
  await store.lockCalendar(tx)
  if (input.id !== undefined && !(await store.findSpecialWeek(tx, input.id))) refuseNotFound('专题周')
  const calendar = await store.loadCalendar(tx)
  if (input.to < input.from) refuse('最后一天在第一天之前，请核对日期。', { fields: { to: '在第一天之前' } })
  if (!weekOf(calendar, input.from) || !weekOf(calendar, input.to))
    refuse('这些日子不在任何学期里，请选择学期中的日子，或先建好学年。', { fields: { from: '不在学期里' } })
  const same = (await store.listSpecialWeeks(tx, input)).find(
    (one) => one.name === input.name && one.id !== input.id,
  )
  if (same) refuse(`${same.from} 至 ${same.to} 已经是“${same.name}”了。`, { fields: { name: '已经有了' } })
  const row = {
    id: input.id ?? newId(),
    name: input.name,
    from: input.from,
    to: input.to,
    note: input.note ?? '',
  }
  await store.saveSpecialWeek(tx, row)
  await audit(tx, { type: 'calendar.specialWeekSaved', id: row.id, payload: { ...row } })
  changed(tx, 'calendar')
  return { id: row.id }
}

/** The week is an ordinary one again. */
export async function deleteSpecialWeek(tx: Tx, id: string): Promise<void> {
  demand(can.save(tx.actor))
  const row = (await store.findSpecialWeek(tx, id)) ?? refuseNotFound('专题周')
  await store.deleteSpecialWeek(tx, row.id)
  await audit(tx, { type: 'calendar.specialWeekDeleted', id: row.id, payload: { name: row.name } })
  changed(tx, 'calendar')
}

/** Weeks that regimes name by their number in a term: “师徒活动周在第几周” with the value 12. */
export function weeksNamed(regimes: readonly Regime[]): { name: string; number: number; clause: string }[] {
  return regimes.flatMap((regime) =>
    Object.entries(regime.settings).flatMap(([key, setting]) => {
      const name = /^(.{2,16}周)在第几周$/u.exec(setting.label)?.[1]
      const number = numberSetting(regime, key, 0)
      return name === undefined || number < 1
        ? []
        : [{ name, number, clause: `${regime.title} ${setting.clause ?? ''}`.trim() }]
    }),
  )
}

/** The named weeks of a calendar, and those that its regimes name and that are missing in the terms still to come. */
export function describeWeeks(
  rows: readonly store.SpecialWeekRow[],
  named: ReturnType<typeof weeksNamed>,
  calendar: CalendarInput,
  today: LocalDate,
): Pick<CalendarView, 'specialWeeks' | 'weekProposals'> {
  const specialWeeks = rows.map((row): SpecialWeekView => {
    const week = weekOf(calendar, row.from)
    const wanted = named.find((one) => one.name === row.name)
    return {
      ...row,
      label: week?.label ?? '',
      differs:
        wanted && week && wanted.number !== week.number
          ? `制度的数值写的是第${wanted.number}周，进度按那一周算；请让两处一致。`
          : null,
    }
  })
  const weekProposals = calendar.terms
    .filter((term) => term.to >= today)
    .flatMap((term) =>
      named.flatMap((one) => {
        const week = periodsOf('week', calendar, term).find(
          (candidate) =>
            candidate.termId === term.id && weekOf(calendar, candidate.from)?.number === one.number,
        )
        const known = rows.some((row) => row.name === one.name && row.from <= term.to && row.to >= term.from)
        if (!week || known) return []
        const { from, to, label } = week
        return [{ name: one.name, from, to, label: `${term.name}${label}`, clause: one.clause }]
      }),
    )
  return { specialWeeks, weekProposals }
}

/** Named weeks stand in everybody's calendar on their first day. */
export const weekSource: AgendaSource = {
  async list(tx, range) {
    const rows = await store.listSpecialWeeks(tx, range)
    if (rows.length === 0) return []
    const calendar = await calendarOf(tx)
    return rows.map((row): AgendaItem => {
      const day = row.from < range.from ? range.from : row.from
      const week = weekOf(calendar, row.from)
      return {
        key: `week-${row.id}`,
        kind: 'week',
        day,
        starts: null,
        ends: null,
        title: row.name,
        unitName: '全校',
        place: '',
        state: row.to < tx.today ? 'done' : row.from <= tx.today ? 'running' : 'planned',
        note: [`到 ${lastSchoolDay(row.to)}`, week?.label ?? '', row.note]
          .filter((part) => part !== '')
          .join(' · '),
        movedFrom: null,
        isMine: true,
        link: null,
      }
    })
  },
}

/** A week that ends on Sunday is told to end on Friday. */
function lastSchoolDay(to: LocalDate): string {
  const day = weekdayOf(to) > 5 ? addDays(to, 5 - weekdayOf(to)) : to
  return `${Number(day.slice(5, 7))}月${Number(day.slice(8))}日`
}
