import type { CalendarInput, ClosedRange, LocalDate } from '../../engine/types.ts'
import type { Tx } from '../kit/sql.ts'
import { loadCalendar } from './store.ts'
import type { AgendaKind, AgendaScope, AgendaState } from './words.ts'

/** Something that stands in the calendar on a day. */
export interface AgendaItem {
  /** Stable for good: the id in a subscribed calendar follows from it. */
  key: string
  kind: AgendaKind
  day: LocalDate
  /** Null for what belongs to the whole day: a deadline. */
  starts: string | null
  ends: string | null
  title: string
  unitName: string
  place: string
  state: AgendaState
  /** A word beside it: 第12周补, 主讲林小满. */
  note: string
  movedFrom: LocalDate | null
  isMine: boolean
  /** The record's page; null where there is none or the reader may not open it. */
  link: { page: 'activity' | 'lesson' | 'slots' | 'programme' | 'board'; id: string } | null
}

/** For whom: one person with the units of the day, certain units, or the whole organisation. */
export interface AgendaWho {
  scope: AgendaScope
  personId: string | null
  unitIds: readonly string[]
}

/**
 * What a room adds to the calendar. A source answers for the whole range with few statements (a term of a school of
 * 120 within a few milliseconds) and leaves out what the caller may not know of.
 */
export interface AgendaSource {
  list(tx: Tx, range: ClosedRange, who: AgendaWho): Promise<AgendaItem[]>
}

/** The calendar of the organisation, read once for all sources of a request that only reads. */
export async function calendarOf(tx: Tx): Promise<CalendarInput> {
  const known = tx.notes.get('agendaCalendar') as { orgId: string; calendar: CalendarInput } | undefined
  if (known?.orgId === tx.orgId) return known.calendar
  const calendar = await loadCalendar(tx)
  tx.notes.set('agendaCalendar', { orgId: tx.orgId, calendar })
  return calendar
}

const sources = new Map<string, AgendaSource>()

/** Called once by a room's `routes.ts`: from then on what it lists stands in every calendar, feed and sheet. */
export function registerAgendaSource(room: string, source: AgendaSource): void {
  sources.set(room, source)
}

/** Everything of a range, by day and time. */
export async function listAgenda(tx: Tx, range: ClosedRange, who: AgendaWho): Promise<AgendaItem[]> {
  const items: AgendaItem[] = []
  // One after the other: a source may look into the district's scope, in which the others would find nothing.
  for (const source of sources.values()) items.push(...(await source.list(tx, range, who)))
  return items.sort((a, b) =>
    a.day + (a.starts ?? '99') + a.key < b.day + (b.starts ?? '99') + b.key ? -1 : 1,
  )
}
