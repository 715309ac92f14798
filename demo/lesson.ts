import { addDays } from '../engine/days.ts'
import { isSchoolDay } from '../engine/periods.ts'
import type { CalendarInput, LocalDate } from '../engine/types.ts'
import { loadCalendar } from '../server/calendar/store.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { bookLesson, cancelLesson, enrol, giveLesson } from '../server/lesson/actions.ts'
import {
  answerFeedback,
  inspectObservations,
  saveObservation,
  startObservation,
  submitObservation,
} from '../server/lesson/observation-actions.ts'
import { listObservations } from '../server/lesson/observation-store.ts'
import { rateLesson } from '../server/lesson/rating-actions.ts'
import { generalSheet } from '../server/lesson/sheets.ts'
import { listLessons } from '../server/lesson/store.ts'
import type { CastMember } from './cast.ts'
import { type Chance, createChance, seedOf } from './chance.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { type Lesson, lessonsBySubject } from './lessons.ts'
import { presentPeople } from './scene.ts'
import { createActors, tellIn } from './telling.ts'

const beginnings = [
  '用生活里的例子导入，三分钟内全班都进入了状态。',
  '先让学生说已有的想法，教师没有急着纠正。',
  '复习五分钟，两名学生上台，错处当场改。',
]
const middles = [
  '小组讨论四分钟，第三组有分歧，教师把两种意见都写到黑板上。',
  '学生上台讲，说到一半卡住，同桌接着讲完，全班鼓掌。',
  '追问“你怎么知道的”，后排一名男生说出了关键的一步。',
  '关键问题提出后只等了两秒就点名，举手的还是那几个人。',
]
const ends = [
  '练习有三个层次，最后一题由学生自己出。',
  '下课前请学生说“今天我改了哪个想法”，有六人发言。',
  '时间偏紧，总结由教师说完，学生没有开口。',
]
const praises = [
  '抓住了学生真正的困难，肯等学生想，这一点值得全组学。',
  '环节清楚，学生说得多、教师讲得少。',
  '材料选得好，学生有话可说，课堂气氛自然。',
  '教师的追问到位，把学生的想法一步步引出来。',
]
const advices = [
  '建议小组讨论前先给一分钟独立思考。',
  '建议把学生的两种做法并排写出来再比较。',
  '建议后面三排多走动，关注没有举手的学生。',
  '建议练习少一题，留五分钟让学生说收获。',
]
const steps = [
  '提问以后等三秒再点名。',
  '每节课请一名平时不举手的学生上台讲一次。',
  '板书留出三分之一给学生用。',
  '下课前三分钟停下新内容，让学生说今天学会了什么。',
]
const answers = [
  '谢谢，下午在另一个班就试了，确实多了四五个学生举手。',
  '收到。讨论前先写一写，这个办法我下周用。',
  '说到我的心病了，时间总是不够，准备删一道练习。',
]
const cares = [
  '请看学生能不能用自己的话说清楚。',
  '请帮我数一数有多少学生发过言。',
  '请看小组讨论是不是真的在讨论。',
]
const kinds = ['publicLesson', 'discussionLesson', 'discussionLesson', 'demonstrationLesson', 'reportLesson']

/** How many lessons each school tells of, in both years together. */
const amounts = { xinglong: 16, xinhongqiao: 16, baihe: 16 }
const today: LocalDate = '2026-11-18'

interface Stage {
  school: ToldSchool
  calendar: CalendarInput
  chance: Chance
  /** The transaction as seen by a member at a time. */
  as(tx: Tx, member: CastMember, time: string): Promise<Tx>
  person(member: CastMember): string
}

/** Lessons that were given, observed and rated over the year, those that are to come, and leaders' visits. */
export async function tellLessons(services: Services, district: ToldDistrict): Promise<void> {
  await Promise.all(
    district.schools.map(async (school) => {
      const actors = createActors()
      const person = (member: CastMember) => school.personIds[member.key] ?? ''
      const stage: Stage = {
        school,
        calendar: await tellIn(services, school.id, today, '00:00', loadCalendar),
        chance: createChance(seedOf(`${school.cast.key} lessons`)),
        as: (tx, member, time) => actors.as(tx, person(member), time),
        person,
      }
      const amount = amounts[school.cast.key]
      for (let index = 0; index < amount; index++) {
        // From the fourth week of one year to the week before the present.
        // Half of them lie in this term.
        const day = schoolDay(
          stage,
          index < amount / 2
            ? addDays('2025-09-24', Math.floor((index * 560) / amount))
            : addDays('2026-09-08', Math.floor(((index - amount / 2) * 124) / amount)),
        )
        if (day === null || day > '2026-11-13') continue
        await tellIn(services, school.id, day, '08:00', (tx) => tellLesson(stage, tx, index))
      }
      await tellOrdinary(services, stage)
      if (school.cast.key === 'xinhongqiao') await tellGroupLessons(services, stage)
      await tellAgain(services, stage)
      await tellVisits(services, stage)
      await tellComing(services, stage)
    }),
  )
}

function schoolDay({ calendar }: Stage, from: LocalDate): LocalDate | null {
  for (let ahead = 0; ahead < 12; ahead++) {
    const day = addDays(from, ahead)
    if (isSchoolDay(calendar, day)) return day
  }
  return null
}

/** People of a group who teach and are there on the day. */
function teachersOf({ school }: Stage, day: LocalDate, group?: string): CastMember[] {
  return presentPeople(school, day).filter(
    (member) =>
      member.staffKind === 'teaching' &&
      member.group !== null &&
      (group === undefined || member.group === group),
  )
}

function lessonOf(member: CastMember, at: number): Lesson {
  const own = lessonsBySubject[member.subject] ?? lessonsBySubject.语文 ?? []
  return own[at % own.length] as Lesson
}
const plain = (title: string) => title.replace(/[《》]/g, '')
const grades: Record<string, string> = { 一: '一', 二: '二', 三: '三', 四: '四', 五: '五', 六: '六' }
const classOf = (lesson: Lesson, member: CastMember) =>
  `${grades[lesson.grade.slice(0, 1)] ?? '三'}（${1 + (Number(member.staffNumber.slice(2)) % 3)}）班`

/** A discussion lesson by the school's own word for it. */
const kindAt = (school: ToldSchool, kind: string) =>
  school.cast.key === 'xinhongqiao' && kind === 'discussionLesson' ? 'groupDiscussion' : kind

async function book(
  stage: Stage,
  tx: Tx,
  teacher: CastMember,
  part: {
    heldOn: LocalDate
    period: number
    at: number
    kind?: string
    guide?: CastMember
    followsId?: string
  },
): Promise<string> {
  const lesson = lessonOf(teacher, part.at)
  const own = await stage.as(tx, teacher, '07:40')
  const { id } = await bookLesson(own, {
    kind: kindAt(stage.school, part.kind ?? kinds[part.at % kinds.length] ?? 'publicLesson'),
    scope: part.at % 3 === 0 ? 'organisation' : 'group',
    teacherId: stage.person(teacher),
    guideId: part.guide && part.guide !== teacher ? stage.person(part.guide) : null,
    subject: teacher.subject,
    className: classOf(lesson, teacher),
    topic: plain(lesson.title),
    room: part.at % 4 === 0 ? '录播教室' : '',
    heldOn: part.heldOn,
    period: part.period,
    contentTags: [],
    note: part.at % 2 === 0 ? (cares[part.at % cares.length] ?? '') : '',
    ...(part.followsId === undefined ? {} : { followsId: part.followsId }),
  })
  return id
}

/** A lesson of the year with two or three colleagues who write, and mostly an answer. */
async function tellLesson(stage: Stage, tx: Tx, index: number): Promise<void> {
  const { chance, school } = stage
  const group = school.cast.groups[index % school.cast.groups.length]
  const members = teachersOf(stage, tx.today, group?.key)
  const teacher = members[(index * 3 + 1) % members.length]
  if (!teacher) return
  const leader = members.find((member) => member.post === 'groupLeader')
  const guide = chance.happens(0.4) ? leader : undefined
  const id = await book(stage, tx, teacher, {
    heldOn: tx.today,
    period: 2 + (index % 3),
    at: index,
    ...(guide ? { guide } : {}),
  })
  const observers = chance
    .shuffle(members.filter((member) => member !== teacher))
    .slice(0, chance.between(1, 3))
  for (const observer of observers) {
    const own = await stage.as(tx, observer, '10:25')
    const observationId = await observe(stage, own, id, observer)
    if (chance.happens(0.75)) {
      const answering = await stage.as(tx, teacher, '17:05')
      await answerFeedback(answering, { id: observationId, answer: chance.pick(answers) })
    }
  }
  if (observers.length === 0) await giveLesson(await stage.as(tx, teacher, '16:30'), { id })
}

async function observe(stage: Stage, own: Tx, lessonId: string, observer: CastMember): Promise<string> {
  const { chance } = stage
  const { id } = await startObservation(own, { lessonId })
  await saveObservation(own, {
    ...emptyDraft,
    id,
    version: 1,
    notes: [
      { id: 'n1', minute: chance.between(2, 5), text: chance.pick(beginnings) },
      { id: 'n2', minute: chance.between(12, 22), text: chance.pick(middles) },
      { id: 'n3', minute: chance.between(32, 39), text: chance.pick(ends) },
    ],
    sheetId: generalSheet.id,
    scores: chance.happens(observer.diligence) ? scoresOf(chance, 0.6) : {},
    comment: `${chance.pick(praises)}${chance.pick(advices)}`,
  })
  await submitObservation(own, { id })
  return id
}

const emptyDraft = {
  className: '',
  subject: '',
  topic: '',
  period: null,
  contentTags: [],
  actionStep: '',
  followed: null,
}

/** Steps of the general sheet, the best of them with the given share. */
function scoresOf(chance: Chance, best: number): Record<string, number> {
  return Object.fromEntries(
    generalSheet.criteria.map((criterion) => [
      criterion.id,
      chance.happens(best) ? 0 : chance.happens(0.8) ? 1 : 2,
    ]),
  )
}

/** This term colleagues listen to each other in ordinary lessons that nobody books: the diligent more often. */
async function tellOrdinary(services: Services, stage: Stage): Promise<void> {
  const { school, chance } = stage
  for (const [turn, from] of ['2026-09-16', '2026-10-14', '2026-10-29', '2026-11-11'].entries()) {
    const day = schoolDay(stage, from)
    if (day === null) continue
    await tellIn(services, school.id, day, '08:00', async (tx) => {
      for (const [index, observer] of teachersOf(stage, day).entries()) {
        // In larger schools the story follows some of the teachers.
        if (school.cast.key !== 'xinglong' && (index + turn) % 5 > 0) continue
        if (!chance.happens(observer.diligence * 0.6)) continue
        const members = teachersOf(stage, day, observer.group ?? undefined)
        const teacher = members[(members.indexOf(observer) + 1 + turn) % members.length]
        if (!teacher || teacher === observer) continue
        const lesson = lessonOf(teacher, turn + index)
        const place = {
          className: classOf(lesson, teacher),
          subject: teacher.subject,
          topic: plain(lesson.title),
          period: 1 + (index % 6),
        }
        const own = await stage.as(tx, observer, '11:00')
        const { id } = await startObservation(own, { teacherId: stage.person(teacher), ...place })
        await saveObservation(own, {
          ...emptyDraft,
          ...place,
          id,
          version: 1,
          notes: [
            { id: 'n1', minute: chance.between(3, 12), text: chance.pick(beginnings) },
            { id: 'n2', minute: chance.between(18, 33), text: chance.pick(middles) },
          ],
          sheetId: null,
          scores: {},
          comment: chance.pick(chance.happens(0.5) ? praises : advices),
        })
        await submitObservation(own, { id })
        if (chance.happens(0.5))
          await answerFeedback(await stage.as(tx, teacher, '17:30'), { id, answer: chance.pick(answers) })
      }
    })
  }
}

/** 新虹桥 asks everybody for a discussion lesson within the group each term; by mid-November most have given theirs. */
async function tellGroupLessons(services: Services, stage: Stage): Promise<void> {
  for (const [index, teacher] of teachersOf(stage, '2026-09-14').entries()) {
    const day = schoolDay(stage, addDays('2026-09-14', index % 60))
    if (index % 5 === 4 || index % 7 === 3 || day === null || day > '2026-11-13') continue
    await tellIn(services, stage.school.id, day, '08:00', async (tx) => {
      const taken = new Set((await listLessons(tx, { from: day, to: day })).map((lesson) => lesson.period))
      const period = [2, 3, 4, 5, 6].find((one) => !taken.has(one))
      if (period === undefined) return
      const id = await book(stage, tx, teacher, { heldOn: day, period, at: index, kind: 'groupDiscussion' })
      await giveLesson(await stage.as(tx, teacher, '16:30'), { id })
    })
  }
}

/** One lesson is improved and taught again; both are rated by the group. */
async function tellAgain(services: Services, stage: Stage): Promise<void> {
  const { school, chance } = stage
  const group = school.cast.groups[1] ?? school.cast.groups[0]
  const days = [schoolDay(stage, '2026-10-20'), schoolDay(stage, '2026-11-05')]
  let followsId: string | undefined
  let teacher: CastMember | undefined
  for (const [turn, day] of days.entries()) {
    if (day === null) return
    followsId = await tellIn(services, school.id, day, '08:00', async (tx) => {
      const members = teachersOf(stage, day, group?.key)
      teacher ??= members[2] ?? members[0]
      if (!teacher) return undefined
      const id = await book(stage, tx, teacher, {
        heldOn: day,
        period: 5 + turn,
        at: 7,
        kind: turn === 0 ? 'publicLesson' : 'improvedLesson',
        ...(followsId === undefined ? {} : { followsId }),
      })
      await giveLesson(await stage.as(tx, teacher, '15:40'), { id })
      for (const member of members.filter((one) => one !== teacher).slice(0, 4)) {
        const own = await stage.as(tx, member, '16:20')
        await rateLesson(own, {
          id,
          sheetId: generalSheet.id,
          scores: scoresOf(chance, turn === 0 ? 0.25 : 0.8),
          comment: turn === 0 ? chance.pick(advices) : '按上次的意见改了，学生开口的时间明显多了。',
        })
      }
      return id
    })
    if (followsId === undefined) return
  }
}

/** The principal and 教导处 drop in; the second visit looks at what the first one asked for; 教导处 checks the notes. */
async function tellVisits(services: Services, stage: Stage): Promise<void> {
  const { school, chance } = stage
  const leaders = school.cast.people.filter(
    (member) => member.post === 'principal' || member.post === 'academicOffice',
  )
  const days = ['2026-03-18', '2026-05-13', '2026-09-23', '2026-10-28']
  for (const [turn, from] of days.entries()) {
    const day = schoolDay(stage, from)
    if (day === null) continue
    await tellIn(services, school.id, day, '08:00', async (tx) => {
      const teachers = teachersOf(stage, day)
      for (const [index, leader] of leaders.entries()) {
        const teacher = teachers[(index * 5 + 3 + Math.floor(turn / 2)) % teachers.length]
        if (!teacher) continue
        const lesson = lessonOf(teacher, turn + 3)
        const own = await stage.as(tx, leader, '09:15')
        const { id } = await startObservation(own, {
          teacherId: stage.person(teacher),
          className: classOf(lesson, teacher),
          subject: teacher.subject,
          topic: plain(lesson.title),
          dropIn: true,
        })
        const [row] = await listObservations(own, { id })
        await saveObservation(own, {
          ...emptyDraft,
          id,
          version: 1,
          className: row?.className ?? '',
          subject: teacher.subject,
          topic: plain(lesson.title),
          notes: [{ id: 'n1', minute: chance.between(5, 25), text: chance.pick(middles) }],
          sheetId: null,
          scores: {},
          comment: chance.pick(praises),
          actionStep: chance.pick(steps),
          followed: row?.followsId ? (chance.happens(0.7) ? 'yes' : 'partly') : null,
        })
        await submitObservation(own, { id })
        if (turn < 3 || index === 0)
          await answerFeedback(await stage.as(tx, teacher, '17:20'), { id, answer: chance.pick(answers) })
      }
    })
  }
  const office = leaders.find((member) => member.post === 'academicOffice')
  const day = schoolDay(stage, '2026-10-30')
  if (!office || day === null) return
  await tellIn(services, school.id, day, '16:00', async (tx) => {
    const own = await stage.as(tx, office, '16:00')
    const notes = await listObservations(own, {
      status: 'submitted',
      dropIn: false,
      from: '2025-09-01',
      to: day,
    })
    const ids = notes.filter((row) => row.observerId !== own.actor.personId).map((row) => row.id)
    await inspectObservations(own, { ids: ids.slice(0, 12), inspection: 'qualified', remark: '' })
    if (ids[12])
      await inspectObservations(own, {
        ids: [ids[12]],
        inspection: 'insufficient',
        remark: '请补写学生的具体表现。',
      })
  })
}

/** What is announced for the coming days: some with observers, one called off. */
async function tellComing(services: Services, stage: Stage): Promise<void> {
  const { school } = stage
  const told = schoolDay(stage, '2026-11-16') ?? '2026-11-16'
  await tellIn(services, school.id, told, '12:10', async (tx) => {
    const days = ['2026-11-18', '2026-11-18', '2026-11-20', '2026-11-24', '2026-11-25', '2026-11-27']
    for (const [index, day] of days.entries()) {
      const group = school.cast.groups[(index + 1) % school.cast.groups.length]
      const members = teachersOf(stage, day, group?.key)
      const teacher = members[(index * 2 + 2) % members.length]
      if (!teacher) continue
      const id = await book(stage, tx, teacher, { heldOn: day, period: 3 + (index % 4), at: 20 + index })
      for (const member of members.filter((one) => one !== teacher).slice(0, 1 + (index % 3)))
        await enrol(await stage.as(tx, member, '12:30'), { id })
      if (index === 4)
        await cancelLesson(await stage.as(tx, teacher, '12:50'), {
          id,
          reason: '那天带学生参加区合唱比赛，另定时间',
        })
    }
  })
}
