import { addDays, weekdayOf } from '../engine/days.ts'
import { isSchoolDay, termOf, weekOf } from '../engine/periods.ts'
import type { LocalDate } from '../engine/types.ts'
import { loadCalendar } from '../server/calendar/store.ts'
import { instantAt } from '../server/kit/dates.ts'
import { Refusal } from '../server/kit/errors.ts'
import type { Services } from '../server/kit/services.ts'
import { sql, type Tx } from '../server/kit/sql.ts'
import { listOrganisations } from '../server/org/store.ts'
import { planWeek } from './activities.ts'
import { type CastSchool, createCast } from './cast.ts'
import { demoStartDay } from './days.ts'
import { arrivingMember, chanceOf, listOwnAtStart, recall, recallSchool, recognise } from './recall.ts'
import { createTally, type Scene, type Tally } from './scene.ts'
import { tellLongLeave, tellSchoolDay } from './story.ts'
import { type Actors, createActors, tellIn } from './telling.ts'
import { tellHolidays, tellWaiting } from './waiting.ts'

/** How far a school's story has been told, and which waiting records are the story's. */
interface Mark {
  day: LocalDate
  own: string[]
}

/**
 * Tells the story on after the demo's present, from `from` up to and including `to`. Each day of each school is one
 * transaction that also notes how far it has come: a day is told once, however often and in however many steps this
 * runs, and nothing is told by halves. `onDay` hears of every day that all schools have behind them.
 */
export async function tellOnward(
  services: Services,
  range: { from: LocalDate; to: LocalDate },
  onDay: (day: LocalDate, tally: Tally) => Promise<void>,
): Promise<Tally> {
  const tally = createTally()
  const cast = createCast()
  const arriving = arrivingMember(cast)
  const schools: { orgId: string; school: CastSchool; actors: Actors }[] = []
  for (const organisation of await listOrganisations(services.pool)) {
    if (organisation.kind !== 'school') continue
    const school = await tellIn(services, organisation.id, range.from, '00:00', (tx) => recognise(tx, cast))
    if (school) schools.push({ orgId: organisation.id, school, actors: createActors() })
  }
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    // Posts and groups may change while the story is told.
    if (weekdayOf(day) === 1) for (const { actors } of schools) actors.forget()
    const ends = await Promise.allSettled(
      schools.map(({ orgId, school, actors }) =>
        again(() =>
          tellIn(services, orgId, day, '07:30', (tx) =>
            tellOne(services, tx, { school, arriving, actors, tally }),
          ),
        ),
      ),
    )
    // A school that was through with the day keeps it, see the marks.
    for (const end of ends) if (end.status === 'rejected') throw end.reason
    await onDay(day, tally)
  }
  return tally
}

/** A visitor may hold what the story wants: the day is then tried again. */
async function again<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const isCrossed = ['40P01', '40001', '23505'].includes(String((error as { code?: unknown }).code))
      if (!isCrossed || tries === 3) throw error
    }
  }
}

type Cast = { school: CastSchool; arriving: ReturnType<typeof arrivingMember> }

async function tellOne(
  services: Services,
  tx: Tx,
  { school: cast, arriving, actors, tally }: Cast & { actors: Actors; tally: Tally },
): Promise<void> {
  const day = tx.today
  const name = `demoTold:${tx.orgId}`
  const mark = (await tx.maybe<{ value: Mark }>(sql`SELECT value FROM server_settings WHERE name = ${name}`))
    ?.value
  if (mark && mark.day >= day) return
  const known = new Set(mark?.own ?? (await listOwnAtStart(tx, instantAt(demoStartDay, '08:10'))))
  const counted = createTally()
  const own = await tellSchool(services, tx, { cast, arriving, actors, known, tally: counted })
  const next: Mark = { day, own: [...own] }
  await tx.run(sql`
    INSERT INTO server_settings (name, value) VALUES (${name}, ${JSON.stringify(next)}::jsonb)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value`)
  tx.afterCommit(() => {
    for (const key of Object.keys(counted) as (keyof Tally)[]) tally[key] += counted[key]
  })
}

async function tellSchool(
  services: Services,
  tx: Tx,
  {
    cast,
    arriving,
    actors,
    known,
    tally,
  }: {
    cast: CastSchool
    arriving: Cast['arriving']
    actors: Actors
    known: Set<string>
    tally: Tally
  },
): Promise<Set<string>> {
  const day = tx.today
  const calendar = await loadCalendar(tx)
  const term = termOf(calendar, day)
  const week = weekOf(calendar, day)?.number
  if (!term || week === undefined || !isSchoolDay(calendar, day)) return known
  const before = await recallSchool(tx, cast, arriving)
  await tellLongLeave(tx, before, day)
  const school = await recallSchool(tx, cast, arriving)
  const at = { calendar, term, week, weekday: weekdayOf(day) }
  const { memory, waiting, own } = await recall(tx, school, at, known)
  const scene: Scene = {
    ...at,
    services,
    tx,
    school,
    day,
    chance: chanceOf(cast, day),
    chanceOf: (matter) => chanceOf(cast, matter),
    actors,
    memory,
    own,
    tally,
    attempt: (piece) => attempt(tx, tally, piece),
  }
  await tellHolidays(scene)
  await tellWaiting(scene, waiting)
  await tellSchoolDay(scene)
  await planAhead(scene)
  return scene.own
}

/** On the last school day of a week the next one is planned, so that a Monday never looks empty. */
async function planAhead(scene: Scene): Promise<void> {
  const { calendar, day, weekday, term } = scene
  for (let number = weekday + 1; number <= 7; number++)
    if (isSchoolDay(calendar, addDays(day, number - weekday))) return
  const monday = addDays(day, 8 - weekday)
  const week = weekOf(calendar, monday)?.number
  if (termOf(calendar, monday)?.id !== term.id || week === undefined) return
  await planWeek({ ...scene, day: monday, week, weekday: 1 })
}

/** A piece of the day on its own: what a rule declines is left out, the rest of the day goes on. */
async function attempt(tx: Tx, tally: Tally, piece: () => Promise<unknown>): Promise<boolean> {
  const counted = { ...tally }
  await tx.run(sql`SAVEPOINT piece`)
  try {
    await piece()
    await tx.run(sql`RELEASE SAVEPOINT piece`)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    await tx.run(sql`ROLLBACK TO SAVEPOINT piece`)
    // Jobs put into the queue by the piece are gone as well.
    tx.notes.delete('enqueued')
    Object.assign(tally, counted)
    return false
  }
}
