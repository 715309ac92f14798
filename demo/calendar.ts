import { addDays, weekdayOf } from '../engine/days.ts'
import type { LocalDate } from '../engine/types.ts'
import { listViews } from '../server/activity/store.ts'
import { localTimeOf } from '../server/kit/dates.ts'
import { Refusal } from '../server/kit/errors.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import {
  createProgramme,
  decideDelivery,
  deliver,
  findLinks,
  publishProgramme,
  startDelivery,
} from '../server/programme/actions.ts'
import { listDeliverables } from '../server/programme/store.ts'
import { approveSlot, proposeSlot, shiftOccurrence } from '../server/slot/actions.ts'
import { loadPeriods } from '../server/slot/clashes.ts'
import { listSlots, replaceLessons } from '../server/slot/store.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

const termBegins: LocalDate = '2026-08-31'
const present: LocalDate = '2026-11-17'

/** Fixed study times of the groups, the timetable of one school, one moved occurrence, and the district's programme. */
export async function tellCalendar(services: Services, district: ToldDistrict): Promise<void> {
  for (const [index, school] of district.schools.entries()) {
    await tellTimetable(services, school, index)
    await tellSlots(services, school, index)
  }
  await tellProgramme(services, district)
  const [first] = district.schools
  if (first) await tellSchoolProgramme(services, first)
}

function holder(school: ToldSchool, post: 'academicOffice' | 'principal'): string {
  const member = school.cast.people.find((one) => one.post === post)
  return school.personIds[member?.key ?? ''] ?? ''
}

/** Each group files the time at which it does meet; the newest proposal of each school still waits. */
async function tellSlots(services: Services, school: ToldSchool, index: number): Promise<void> {
  const actors = createActors()
  const groups = Object.entries(school.groupIds)
  for (const [place, [, unitId]] of groups.entries()) {
    const isLast = place === groups.length - 1
    const day = isLast ? '2026-11-13' : '2026-09-03'
    await tellIn(services, school.id, day, '16:20', async (tx) => {
      const usual = await usualTime(tx, unitId)
      if (!usual) return
      const leader = await leaderOf(tx, actors, school, unitId)
      if (!leader) return
      const { id } = await proposeSlot(leader, {
        unitId,
        ...usual,
        dayPart: 'afternoon',
        from: isLast ? '2026-11-23' : termBegins,
        to: '2027-01-17',
      })
      if (isLast) return
      const office = await actors.as(tx, holder(school, 'academicOffice'), '16:40')
      // What the office proposes is filed at once.
      if ((await listSlots(tx)).find((slot) => slot.id === id)?.status === 'proposed')
        await approveSlot(office, { id })
    })
  }
  if (index !== 0) return
  await tellIn(services, school.id, present, '10:15', async (tx) => {
    const slot = (await listSlots(tx)).find(
      (one) => one.status === 'filed' && one.unitId !== null && one.weekday < 5 && one.weekday > 2,
    )
    if (!slot) return
    const office = await actors.as(tx, holder(school, 'academicOffice'), '10:15')
    const original = slot.weekday === 3 ? '2026-12-02' : '2026-12-03'
    const next = slot.weekday === 3 ? '2026-12-03' : '2026-12-04'
    await shiftOccurrence(office, {
      id: slot.id,
      day: original,
      to: next,
      reason: '当天全校迎接语言文字工作检查',
    })
  })
}

/** Weekday, hours and place at which a group has met most often this term. */
async function usualTime(tx: Tx, unitId: string) {
  const held = await listViews(tx, { from: termBegins, to: present, unitId })
  const times = Map.groupBy(
    held.filter((one) => one.movedFrom === null && one.status !== 'cancelled'),
    (one) => `${weekdayOf(one.heldOn)} ${localTimeOf(one.startsAt)} ${localTimeOf(one.endsAt)}`,
  )
  const [key, rows] = [...times].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1))[0] ?? []
  if (!key || !rows) return undefined
  const [weekday, starts, ends] = key.split(' ')
  return { weekday: Number(weekday), starts: starts ?? null, ends: ends ?? null, place: rows[0]?.place ?? '' }
}

async function leaderOf(tx: Tx, actors: Actors, school: ToldSchool, unitId: string): Promise<Tx | undefined> {
  for (const member of school.cast.people) {
    if (member.post !== 'groupLeader') continue
    const actor = await actors.as(tx, school.personIds[member.key] ?? '', '16:20')
    if (actor.actor.leads.some((lead) => lead.unitId === unitId)) return actor
  }
  return actors.as(tx, holder(school, 'academicOffice'), '16:20')
}

const classNames = [
  '一（1）班',
  '一（2）班',
  '二（1）班',
  '三（1）班',
  '三（2）班',
  '四（1）班',
  '五（1）班',
  '六（1）班',
]

/** Who teaches when, for the first and the second school; the third has not handed it in yet. */
async function tellTimetable(services: Services, school: ToldSchool, index: number): Promise<void> {
  if (index > 1) return
  await tellIn(services, school.id, '2026-09-01', '11:00', async (tx) => {
    const periods = await loadPeriods(tx)
    const teachers = presentPeople(school, termBegins).filter((member) => member.staffKind === 'teaching')
    const lessons = teachers.flatMap((member, at) => {
      const personId = school.personIds[member.key]
      if (!personId) return []
      return [1, 2, 3, 4, 5].flatMap((weekday) =>
        periods
          // Mostly in the morning: the timetable leaves the afternoons to the groups, save for one teacher in nine.
          .filter(({ number }) =>
            number <= 4
              ? (at * 3 + weekday * 5 + number * 2) % 8 < 5
              : at % 9 === 4 && (weekday + number) % 8 === 1,
          )
          .map(({ number }) => ({
            personId,
            weekday,
            period: number,
            parity: 'every' as const,
            what: `${classNames[(at + weekday) % classNames.length]}${member.subject ?? ''}`,
          })),
      )
    })
    await replaceLessons(tx, '2026-2027-1', lessons)
  })
}

const phases = [
  {
    title: '启动阶段',
    from: '2026-03-02',
    to: '2026-08-30',
    deliverables: [
      {
        title: '校本研修制度',
        owner: 'schools' as const,
        artefact: 'document' as const,
        dueOn: '2026-06-30',
      },
      { title: '区级启动会', owner: 'organisation' as const, artefact: 'any' as const, dueOn: '2026-03-31' },
    ],
  },
  {
    title: '实施阶段',
    from: '2026-08-31',
    to: '2028-06-30',
    deliverables: [
      {
        title: '第一学期全校研修活动',
        owner: 'schools' as const,
        artefact: 'activity' as const,
        dueOn: '2026-10-31',
      },
      {
        title: '中期展示活动',
        owner: 'schools' as const,
        artefact: 'activity' as const,
        dueOn: '2026-12-11',
      },
      {
        title: '第一年阶段总结',
        owner: 'schools' as const,
        artefact: 'summary' as const,
        dueOn: '2027-07-05',
      },
    ],
  },
  {
    title: '评估阶段',
    from: '2028-07-01',
    to: '2028-12-31',
    deliverables: [
      {
        title: '三年总结和成果汇编',
        owner: 'schools' as const,
        artefact: 'any' as const,
        dueOn: '2028-11-30',
      },
    ],
  },
]

/** The district's programme of three years: the first school in time, the second late, the third behind. */
async function tellProgramme(services: Services, district: ToldDistrict): Promise<void> {
  const actors = createActors()
  const officerId = district.officerIds[0] ?? ''
  const { id, deliverables } = await tellIn(services, district.id, '2026-03-02', '09:00', async (tx) => {
    const officer = await actors.as(tx, officerId, '09:00')
    const made = await createProgramme(officer, {
      title: '校本研修质量提升三年行动（2026—2028年）',
      aim: '各校研修有制度、有主题、有改进，三年内形成一批能在全区推广的研修成果。',
      basis: '云教研〔2026〕5号',
      phases,
    })
    await publishProgramme(officer, made)
    return { ...made, deliverables: await listDeliverables(tx, [made.id]) }
  })
  const asked = (title: string) => deliverables.find((one) => one.title === title)?.id ?? ''
  await tellIn(services, district.id, '2026-03-20', '17:00', async (tx) => {
    const officer = await actors.as(tx, officerId, '17:00')
    const { deliveryId } = await startDelivery(officer, {
      id,
      deliverableId: asked('区级启动会'),
      unitId: null,
    })
    await deliver(officer, { deliveryId, note: '3月18日在区教师研修中心召开，各校校长、教导主任参加。' })
  })
  const days: Record<string, LocalDate[]> = {
    校本研修制度: ['2026-06-12', '2026-07-03', '2026-06-29'],
    第一学期全校研修活动: ['2026-10-20', '2026-10-30', '2026-11-13'],
  }
  // The district accepts what came; from the second school it wants the records of the activity as well, and what the
  // third handed in late still waits.
  const answers: Record<string, (string | null)[]> = {
    校本研修制度: ['', '', ''],
    第一学期全校研修活动: ['', '只有活动通知，请补上活动记录和签到情况。'],
  }
  for (const [title, told] of Object.entries(days))
    for (const [index, day] of told.entries()) {
      const school = district.schools[index]
      if (!school) continue
      const deliveryId = await handIn(services, school, day, {
        id,
        deliverableId: asked(title),
        unitId: null,
      })
      const answer = answers[title]?.[index] ?? null
      if (deliveryId === null || answer === null) continue
      await tellIn(services, district.id, addDays(day, 5), '10:20', async (tx) =>
        decideDelivery(await actors.as(tx, officerId, '10:20'), {
          deliveryId,
          schoolId: school.id,
          accept: answer === '',
          note: answer,
        }),
      )
    }
}

/** The first school's own programme: one group's paper is accepted, one came back, one waits, the others owe it still. */
async function tellSchoolProgramme(services: Services, school: ToldSchool): Promise<void> {
  const actors = createActors()
  const { id, deliverableId } = await tellIn(services, school.id, '2026-10-12', '10:30', async (tx) => {
    const principal = await actors.as(tx, holder(school, 'principal'), '10:30')
    const made = await createProgramme(principal, {
      title: '教师专业知识测试两年计划',
      aim: '每学期一次学科专业知识测试，先学后测，两年里人人过关。',
      basis: '学校教师专业发展规划',
      phases: [
        {
          title: '准备阶段',
          from: '2026-10-12',
          to: '2027-01-15',
          deliverables: [
            {
              title: '组内学习和测试安排',
              owner: 'units',
              unitKind: 'teachingResearchGroup',
              artefact: 'any',
              dueOn: '2026-11-27',
            },
          ],
        },
        { title: '实施阶段', from: '2027-02-22', to: '2028-07-05', deliverables: [] },
      ],
    })
    await publishProgramme(principal, made)
    return { ...made, deliverableId: (await listDeliverables(tx, [made.id]))[0]?.id ?? '' }
  })
  const told: { day: LocalDate; note: string; answer: string | null }[] = [
    { day: '2026-11-06', note: '每月学一章课标，12月第三周测一次，题目由组内轮流出。', answer: '' },
    { day: '2026-11-10', note: '本学期测一次。', answer: '请写明每月学什么、哪一天测、谁出题。' },
    { day: '2026-11-16', note: '自学《课程标准》学段目标，12月18日下午集中测试。', answer: null },
  ]
  const unitIds = Object.values(school.groupIds)
  for (const [index, one] of told.entries()) {
    const unitId = unitIds[index]
    if (unitId === undefined) continue
    const deliveryId = await tellIn(services, school.id, one.day, '16:30', async (tx) => {
      const leader = await leaderOf(tx, actors, school, unitId)
      if (!leader) return null
      try {
        const begun = await startDelivery(leader, { id, deliverableId, unitId })
        await deliver(leader, { ...begun, note: one.note })
        return begun.deliveryId
      } catch (error) {
        // A group of another kind owes nothing.
        if (!(error instanceof Refusal)) throw error
        return null
      }
    })
    const { answer } = one
    if (deliveryId === null || answer === null) continue
    await tellIn(services, school.id, addDays(one.day, 3), '09:20', async (tx) =>
      decideDelivery(await actors.as(tx, holder(school, 'academicOffice'), '09:20'), {
        deliveryId,
        schoolId: null,
        accept: answer === '',
        note: answer,
      }),
    )
  }
}

async function handIn(
  services: Services,
  school: ToldSchool,
  day: LocalDate,
  about: { id: string; deliverableId: string; unitId: null },
): Promise<string | null> {
  const actors = createActors()
  return tellIn(services, school.id, day, '15:10', async (tx) => {
    const office = await actors.as(tx, holder(school, 'academicOffice'), '15:10')
    try {
      const links = (await findLinks(office, about)).filter(
        (one) => one.room !== 'activity' || one.note <= day,
      )
      // Of regulations the oldest: the newer ones are told of later days.
      const link = links[0]?.room === 'regulation' ? links.at(-1) : links[0]
      const { deliveryId } = await startDelivery(office, about)
      await deliver(office, {
        deliveryId,
        ...(link ? { link: { room: link.room, id: link.id } } : {}),
        note: link ? '' : '材料已随学校工作汇报一并报送。',
      })
      return deliveryId
    } catch (error) {
      // Without the post on that day the school is simply behind.
      if (!(error instanceof Refusal)) throw error
      return null
    }
  })
}
