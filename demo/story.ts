import { addDays, daysBetween, weekdayOf } from '../engine/days.ts'
import { isSchoolDay, termOf, weekOf } from '../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../engine/types.ts'
import { recordScores } from '../server/appraisal/actions.ts'
import { loadCalendar } from '../server/calendar/store.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import * as org from '../server/org/actions.ts'
import { transferPerson } from '../server/org/transfers.ts'
import { tellActivities } from './activities.ts'
import type { CastMember } from './cast.ts'
import { type Chance, createChance } from './chance.ts'
import { growthStepOf, type ToldDistrict, type ToldSchool } from './founding.ts'
import { tellPapers } from './papers.ts'
import { type Actors, createActors, tellIn } from './telling.ts'
import {
  createTally,
  type Memory,
  lastFriday,
  presentPeople,
  type Scene,
  transferred,
  turns,
} from './scene.ts'
import { tellStudy, tellWorks } from './writing.ts'

/** Tells the story of all schools from one day to another, both included, day by day through the actions of real use. */
export async function tellDays(
  services: Services,
  district: ToldDistrict,
  range: { from: LocalDate; to: LocalDate },
  onMonth?: (month: string) => void,
): Promise<void> {
  const actors = createActors()
  const tellers = await Promise.all(
    district.schools.map(async (school) => ({
      school,
      calendar: await tellIn(services, school.id, range.from, '00:00', loadCalendar),
      chance: createChance(school.cast.people.length * 7919),
      memory: {
        planned: new Map(),
        works: [],
        makeUps: [],
        papersTold: new Set(),
        done: new Set(),
        arranged: new Set(),
      } satisfies Memory as Memory,
    })),
  )
  let month = ''
  for (let day = range.from; day <= range.to; day = addDays(day, 1)) {
    if (day.slice(0, 7) !== month) {
      month = day.slice(0, 7)
      onMonth?.(month)
    }
    await tellTurns(services, district, day, actors)
    await Promise.all(tellers.map((teller) => tellDay(services, teller, day, actors)))
  }
}

interface Teller {
  school: ToldSchool
  calendar: CalendarInput
  chance: Chance
  memory: Memory
}

async function tellDay(
  services: Services,
  { school, calendar, chance, memory }: Teller,
  day: LocalDate,
  actors: Actors,
): Promise<void> {
  const term = termOf(calendar, day)
  const week = weekOf(calendar, day)
  if (!term || !week || !isSchoolDay(calendar, day)) return
  await tellIn(services, school.id, day, '07:30', async (tx) => {
    const scene: Scene = {
      services,
      tx,
      school,
      day,
      term,
      calendar,
      week: week.number,
      weekday: weekdayOf(day),
      chance,
      // Told in one go, nothing is asked twice: one chance serves for all.
      chanceOf: () => chance,
      actors,
      memory,
      own: new Set(),
      tally: createTally(),
      attempt: async (piece) => {
        await piece()
        return true
      },
    }
    await tellSchoolDay(scene)
  })
}

/** A day of one school from plans to checks. */
export async function tellSchoolDay(scene: Scene): Promise<void> {
  await tellPapers(scene)
  await tellWorks(scene)
  await tellActivities(scene)
  await tellStudy(scene)
  await scene.attempt(() => tellChecks(scene))
}

/** What happens to people: everybody's own turn of the story, on its day. */
async function tellTurns(
  services: Services,
  district: ToldDistrict,
  day: LocalDate,
  actors: Actors,
): Promise<void> {
  for (const school of district.schools) {
    for (const turn of turns(school)) {
      if (turn.kind === 'leave' && turn.from === day) {
        await tellIn(services, school.id, day, '08:00', (tx) => tellLongLeave(tx, school, day))
      }
      if (turn.kind === 'leaves' && turn.on === day)
        await tellTransfer(services, district, school, turn.key, day)
    }
  }
  if (day === '2026-08-31') actors.forget()
}

/** Whoever begins a long leave on the day. */
export async function tellLongLeave(tx: Tx, school: ToldSchool, day: LocalDate): Promise<void> {
  for (const turn of turns(school)) {
    if (turn.kind !== 'leave' || turn.from !== day) continue
    await org.recordLongAbsence(tx, {
      personId: school.personIds[turn.key] ?? '',
      kind: '产假',
      from: turn.from,
      to: turn.to,
      note: '产假，工作由同组老师分担',
    })
  }
}

/**
 * One teacher goes from 兴隆小学 to 百合小学 in mid-year: what she did stays there, and goes along for the hours and credits
 * of the running cycle; her duties go on at the new school.
 */
async function tellTransfer(
  services: Services,
  district: ToldDistrict,
  from: ToldSchool,
  key: string,
  day: LocalDate,
): Promise<void> {
  const member = from.cast.people.find((one) => one.key === key)
  const to = district.schools.find((school) => school.cast.key === 'baihe')
  if (!member || !to) return
  const firstDay = addDays(day, 1)
  const arriving: CastMember = {
    ...member,
    key: transferred,
    staffNumber: 'BH121',
    group: 'mathsUpper',
    joinedOn: firstDay,
  }
  const { personId } = await tellIn(services, from.id, day, '16:00', (tx) =>
    transferPerson(tx, {
      personId: from.personIds[key] ?? '',
      schoolId: to.id,
      on: day,
      staffNumber: arriving.staffNumber,
      note: '区内交流',
    }),
  )
  to.cast.people.push(arriving)
  to.personIds[arriving.key] = personId
  await tellIn(services, to.id, firstDay, '09:00', async (tx) => {
    await org.addMember(tx, { unitId: to.groupIds.mathsUpper ?? '', personId, from: firstDay })
    const growthStep = growthStepOf(arriving, firstDay)
    await org.savePerson(tx, { personId, from: firstDay, attributes: { growthStep } })
  })
}

/**
 * 教导处 of 兴隆 and 新虹桥 looks through the papers twice a term; at the end of the year the four voices judge at 兴隆,
 * the colleagues at 新虹桥.
 */
async function tellChecks(scene: Scene): Promise<void> {
  const { tx, school, day, term, actors, chance } = scene
  if (school.cast.key === 'baihe') return
  const office = school.cast.people.find((member) => member.post === 'academicOffice')
  if (!office) return
  const seen = await actors.as(tx, school.personIds[office.key] ?? '', '16:30')
  const score = async (part: 'check' | 'evaluation', voice: string, title: string, base: number) => {
    const rows = presentPeople(school, day)
      .filter((member) => member.staffKind === 'teaching')
      .map((member) => ({
        personId: school.personIds[member.key] ?? '',
        points: Math.min(99, Math.round(base + member.diligence * 18 + chance.between(-4, 4))),
      }))
    await recordScores(seen, { part, voice, title, scoredOn: day, rows })
  }
  if (daysBetween(term.from, day) === 52) await score('check', 'scheduled', '期中研修检查', 76)
  if (daysBetween(term.from, day) === 86) await score('check', 'random', '随机抽查', 74)
  if (term.number === 2 && day === lastFriday(term) && school.cast.key === 'xinhongqiao')
    await score('evaluation', 'peers', '学年教师评价', 78)
  else if (term.number === 2 && day === lastFriday(term)) {
    for (const [voice, base] of [
      ['self', 79],
      ['peers', 77],
      ['principal', 76],
      ['guidanceGroup', 75],
    ] as const) {
      await score('evaluation', voice, '年终研修评价', base)
    }
  }
}
