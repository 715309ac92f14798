import { addDays, weekdayOf } from '../engine/days.ts'
import type { CalendarInput, LocalDate, TermInput } from '../engine/types.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastMember } from './cast.ts'
import type { Chance } from './chance.ts'
import type { ToldSchool } from './founding.ts'
import type { Lesson } from './lessons.ts'
import type { Actors } from './telling.ts'

/** What one day of one school needs to be told. */
export interface Scene {
  services: Services
  tx: Tx
  school: ToldSchool
  day: LocalDate
  term: TermInput
  calendar: CalendarInput
  /** Week of the term, from 1. */
  week: number
  weekday: number
  chance: Chance
  actors: Actors
  memory: Memory
}

/** What is still open from the days before. */
export interface Memory {
  planned: Map<LocalDate, { activityId: string; groupKey: string | null; speakerKey: string | null }[]>
  works: PendingWork[]
  makeUps: PendingMakeUp[]
  /** Papers that wait to be written, by day. */
  papersTold: Set<string>
  /** What somebody has dealt with (or let go) in a week or fortnight. */
  done: Set<string>
}

/** People of the school who serve and are not on long leave on the day. */
export function presentPeople(school: ToldSchool, day: LocalDate): CastMember[] {
  return school.cast.people.filter((member) => isPresent(school, member, day))
}

function isPresent(school: ToldSchool, member: CastMember, day: LocalDate): boolean {
  const turn = turns(school).find((one) => one.key === member.key)
  if (!turn) return school.personIds[member.key] !== undefined && day >= member.joinedOn
  if (turn.kind === 'leave') return day < turn.from || day > turn.to
  return turn.kind === 'leaves' ? day <= turn.on : day >= turn.on
}

type Turn =
  | { kind: 'leave'; key: string; from: LocalDate; to: LocalDate }
  | { kind: 'leaves'; key: string; on: LocalDate }
  | { kind: 'joins'; key: string; on: LocalDate }

/** The turns of the story: a long leave, a transfer in mid-year. */
export function turns(school: ToldSchool): Turn[] {
  if (school.cast.key === 'xinglong') {
    return [
      { kind: 'leave', key: 'xinglong-9', from: '2026-03-02', to: '2026-07-05' },
      { kind: 'leaves', key: 'xinglong-14', on: '2026-02-28' },
    ]
  }
  if (school.cast.key === 'baihe') return [{ kind: 'joins', key: transferred, on: '2026-03-01' }]
  return []
}
/** Key of the transferred teacher at the new school. */
export const transferred = 'transferred-from-xinglong'

/** A work that waits for its reviewer, or for its author after it was returned. */
export interface PendingWork {
  workId: string
  authorKey: string
  on: LocalDate
  state: 'submitted' | 'returned'
  lesson: Lesson
}

/** A make-up that somebody will hand in on a day. */
export interface PendingMakeUp {
  activityId: string
  memberKey: string
  on: LocalDate
}

export function lastFriday(term: TermInput): LocalDate {
  let day = term.to
  while (weekdayOf(day) !== 5) day = addDays(day, -1)
  return day
}
