import { addDays, dayLabel, mondayOf, weekdayLabel } from '../../engine/days.ts'
import { daysOf, isSchoolDay, termOf, weekOf } from '../../engine/periods.ts'
import type { CalendarInput, ClosedRange, LocalDate, TermInput } from '../../engine/types.ts'
import { can as activityCan } from '../activity/access.ts'
import { localTimeOf } from '../kit/dates.ts'
import { refuse } from '../kit/errors.ts'
import type { Tx } from '../kit/sql.ts'
import { listUnits } from '../org/store.ts'
import { shiftRule } from '../slot/actions.ts'
import { listLessonsOfDays } from '../slot/lessons.ts'
import { nextDayFor } from '../slot/rules.ts'
import { type AgendaWho, calendarOf, listAgenda } from './agenda.ts'
import type { AffectedActivity, Agenda, AgendaWeek } from './agenda-contract.ts'
import * as store from './agenda-store.ts'
import { type AgendaScope, windowLabels, windowNames } from './words.ts'

/** At most a school year at once. */
const mostDays = 400

const windowOf = (term: TermInput, range: ClosedRange): string | null => {
  const name = windowNames.find(
    (one) => term.windows[one].from <= range.to && term.windows[one].to >= range.from,
  )
  return name ? windowLabels[name] : null
}

/** The weeks that a range touches, with their numbers. */
export function weeksOf(calendar: CalendarInput, range: ClosedRange): AgendaWeek[] {
  const weeks: AgendaWeek[] = []
  for (let from = mondayOf(range.from); from <= range.to; from = addDays(from, 7)) {
    const to = addDays(from, 6)
    const day = daysOf({ from, to }).find((one) => termOf(calendar, one))
    const term = day ? termOf(calendar, day) : undefined
    weeks.push({
      from,
      to,
      label: day ? (weekOf(calendar, day)?.label ?? null) : null,
      window: term ? windowOf(term, { from, to }) : null,
    })
  }
  return weeks
}

/** For whom the calendar is drawn: the caller, a group (the first of the own unless named), or the school. */
async function whoFor(
  tx: Tx,
  input: { scope: AgendaScope; unitId?: string | null | undefined },
): Promise<{ who: AgendaWho; unitId: string | null; units: Agenda['units'] }> {
  const mine = new Set([...tx.actor.unitIds, ...tx.actor.leads.map((lead) => lead.unitId)])
  const units = (await listUnits(tx, tx.today))
    .filter((unit) => unit.kind !== 'department')
    .map((unit) => ({ id: unit.id, name: unit.name, isMine: mine.has(unit.id) }))
    .sort((a, b) => Number(b.isMine) - Number(a.isMine))
  const unitId =
    input.scope !== 'group'
      ? null
      : (units.find((unit) => unit.id === input.unitId)?.id ?? (input.unitId ? null : (units[0]?.id ?? null)))
  if (input.scope === 'group' && unitId === null)
    refuse(input.unitId ? '找不到这个组，可能已经撤销。' : '本校还没有组。', {
      status: 404,
      code: 'notFound',
    })
  return {
    who: {
      scope: input.scope,
      personId: tx.actor.personId,
      unitIds: input.scope === 'group' && unitId !== null ? [unitId] : [...mine],
    },
    unitId,
    units,
  }
}

/** A range of the calendar as its page and its papers show it. */
export async function loadAgenda(
  tx: Tx,
  input: { scope: AgendaScope; unitId?: string | null | undefined; from: LocalDate; to: LocalDate },
): Promise<Agenda> {
  if (input.to < input.from) refuse('最后一天在第一天之前，请核对日期。')
  if (addDays(input.from, mostDays) < input.to) refuse('一次最多看一个学年，请缩短日期范围。')
  const calendar = await calendarOf(tx)
  const { who, unitId, units } = await whoFor(tx, input)
  const items = await listAgenda(tx, input, who)
  const isWeek = addDays(input.from, 7) > input.to
  const special = new Map(calendar.specialDays.map((one) => [one.day, one]))
  const term = termOf(calendar, input.from) ?? termOf(calendar, input.to)
  const brief = (one: TermInput) => ({ id: one.id, name: one.name, from: one.from, to: one.to })
  return {
    from: input.from,
    to: input.to,
    today: tx.today,
    scope: input.scope,
    unitId,
    units,
    hasOwn: tx.actor.personId !== null && tx.actor.districtId === null,
    term: term ? brief(term) : null,
    terms: calendar.terms.map(brief),
    weeks: weeksOf(calendar, input),
    days: daysOf(input).map((day) => {
      const one = special.get(day)
      return {
        day,
        special: one ? { kind: one.kind, name: one.name } : null,
        isSchoolDay: isSchoolDay(calendar, day),
      }
    }),
    items,
    lessons:
      input.scope === 'mine' && tx.actor.personId !== null && tx.actor.districtId === null && isWeek
        ? await listLessonsOfDays(tx, calendar, tx.actor.personId, input)
        : [],
    affected: (await listAffected(tx, calendar)).length,
  }
}

/**
 * Planned activities on days that have become holidays since, for those who run them: each with the next day of school
 * as a proposal.
 */
export async function listAffected(tx: Tx, known?: CalendarInput): Promise<AffectedActivity[]> {
  if (tx.actor.districtId !== null) return []
  const calendar = known ?? (await calendarOf(tx))
  const planned = (await store.listPlannedFrom(tx, tx.today)).filter(
    (row) =>
      !isSchoolDay(calendar, row.heldOn) &&
      calendar.specialDays.some((one) => one.day === row.heldOn && one.kind === 'holiday') &&
      activityCan.run(tx.actor, row) === null,
  )
  if (planned.length === 0) return []
  const rule = { ...(await shiftRule(tx)), schoolDays: true }
  return planned.map((row) => {
    const proposal = nextDayFor(row.heldOn, rule, calendar)
    const text = (day: LocalDate) => `${dayLabel(day)} ${weekdayLabel(day)}`
    return {
      id: row.id,
      theme: row.theme,
      unitName: row.unitName ?? '全校',
      day: row.heldOn,
      dayLabel: text(row.heldOn),
      startTime: localTimeOf(row.startsAt),
      because: calendar.specialDays.find((one) => one.day === row.heldOn)?.name ?? '放假',
      proposal,
      proposalLabel: text(proposal),
      abilities: {
        move: activityCan.move(tx.actor, row, rule.forbiddenBy),
        cancel: activityCan.cancel(tx.actor, row),
      },
    }
  })
}
