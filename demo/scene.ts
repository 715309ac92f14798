import { addDays, weekdayOf } from '../engine/days.ts'
import type { CalendarInput, LocalDate, TermInput } from '../engine/types.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastMember } from './cast.ts'
import type { Chance } from './chance.ts'
import type { ToldSchool } from './founding.ts'
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
  /** Chance for one matter alone, so that asking again on a later day gives the same answer. */
  chanceOf(matter: string): Chance
  actors: Actors
  memory: Memory
  /** Records that the story made and may go on with; what visitors made is theirs. */
  own: Set<string>
  tally: Tally
  /** Does a piece of the day; gives false (and leaves nothing) when a rule declines it after what visitors did. */
  attempt(piece: () => Promise<unknown>): Promise<boolean>
}

/** What happened, counted for the people who moved the clock. */
export interface Tally {
  activities: number
  attendances: number
  reflections: number
  accepted: number
  studies: number
  leaves: number
  makeUps: number
  papers: number
}

export function createTally(): Tally {
  return {
    activities: 0,
    attendances: 0,
    reflections: 0,
    accepted: 0,
    studies: 0,
    leaves: 0,
    makeUps: 0,
    papers: 0,
  }
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
  /** What stands in the week already, see `arrangedKey`. */
  arranged: Set<string>
}

/** People of the school who serve and are not on long leave on the day. */
export function presentPeople(school: ToldSchool, day: LocalDate): CastMember[] {
  return school.cast.people.filter((member) => isPresent(school, member, day))
}

function isPresent(school: ToldSchool, member: CastMember, day: LocalDate): boolean {
  if (school.present) return school.present.has(member.key)
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
  if (school.cast.key === 'xinhongqiao') {
    return [{ kind: 'leave', key: 'xinhongqiao-20', from: '2027-03-01', to: '2027-07-04' }]
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
}

/** A make-up that somebody will hand in on a day. */
export interface PendingMakeUp {
  activityId: string
  memberKey: string
  on: LocalDate
}

/** Who plans and runs: the leader of the group, the principal for a body, 教导处 for the whole school. */
export function organiserOf(
  { school, day }: Scene,
  groupKey: string | null,
  scope: 'organisation' | 'group' | 'body',
): CastMember | undefined {
  const people = presentPeople(school, day)
  if (groupKey) return people.find((member) => member.group === groupKey && member.post === 'groupLeader')
  return people.find((member) => member.post === (scope === 'body' ? 'principal' : 'academicOffice'))
}

export function lastFriday(term: TermInput): LocalDate {
  let day = term.to
  while (weekdayOf(day) !== 5) day = addDays(day, -1)
  return day
}

/** A group has one activity a week; the school and its bodies one of each kind. */
export function arrangedKey(
  monday: LocalDate,
  idea: { unitId: string | null; scope: string; kind: string },
): string {
  return `${monday} ${idea.unitId ?? 'school'} ${idea.scope === 'group' ? '' : idea.kind}`
}
