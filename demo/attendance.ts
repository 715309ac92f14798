import { answerAppeal, appealAttendance, saveTraining } from '../server/attendance/actions.ts'
import { type BookRow, listBook } from '../server/attendance/store.ts'
import type { Organiser } from '../server/attendance/words.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

const today = '2026-11-17'

/** What the schools' teachers went to: training by the area, the training college, the city and the province. */
const trainings: {
  day: string
  lastDay?: string
  organiser: Organiser
  organiserName: string
  title: string
  place: string
  minutes: number
  /** Every so many-th teacher went; of these the first `late` came late. */
  every: number
  late?: number
}[] = [
  {
    day: '2025-10-16',
    organiser: 'area',
    organiserName: '第二学区',
    title: '学区语文数学联合研修：单元整体教学',
    place: '学区中心校',
    minutes: 150,
    every: 5,
    late: 1,
  },
  {
    day: '2025-11-20',
    lastDay: '2025-11-21',
    organiser: 'college',
    organiserName: '区教师进修学校',
    title: '骨干教师课堂观察培训班',
    place: '进修学校报告厅',
    minutes: 720,
    every: 11,
  },
  {
    day: '2026-03-26',
    organiser: 'city',
    organiserName: '市教育科学研究院',
    title: '全市小学作业设计研讨会',
    place: '市实验小学',
    minutes: 240,
    every: 9,
  },
  {
    day: '2026-07-20',
    lastDay: '2026-07-22',
    organiser: 'province',
    organiserName: '省中小学教师培训中心',
    title: '暑期新课标研修班',
    place: '网络直播',
    minutes: 960,
    every: 13,
  },
  {
    day: '2026-09-24',
    organiser: 'area',
    organiserName: '第二学区',
    title: '学区新学期教材解读',
    place: '学区中心校',
    minutes: 180,
    every: 4,
    late: 2,
  },
  {
    day: '2026-10-29',
    organiser: 'college',
    organiserName: '区教师进修学校',
    title: '课堂提问设计工作坊',
    place: '进修学校三楼',
    minutes: 210,
    every: 8,
  },
]
const kinds = {
  xinglong: 'theoryStudy',
  xinhongqiao: 'themedDiscussion',
  baihe: 'professionalStudy',
} as const

/**
 * Attendance beyond the school's own activities: training by others entered by 教导处, one reported by a teacher that
 * waits to be confirmed, and appeals against last week's absences: one granted, one refused, one unanswered.
 */
export async function tellAttendance(services: Services, district: ToldDistrict): Promise<void> {
  for (const school of district.schools) {
    const actors = createActors()
    for (const training of trainings) {
      actors.forget()
      await tellIn(services, school.id, addOneDay(training), '10:05', (tx) =>
        enterTraining(tx, school, actors, training),
      )
    }
    actors.forget()
    await tellIn(services, school.id, today, '21:20', async (tx) => {
      await reportOwnTraining(tx, school, actors)
      await disputeAttendance(tx, school, actors)
    })
  }
}

function addOneDay(training: { day: string; lastDay?: string }): string {
  const last = new Date(`${training.lastDay ?? training.day}T00:00:00Z`)
  return new Date(last.getTime() + 86_400_000).toISOString().slice(0, 10)
}

function officeOf(school: ToldSchool, day: string): CastMember | undefined {
  return presentPeople(school, day).find((member) => member.post === 'academicOffice')
}

async function enterTraining(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  training: (typeof trainings)[number],
): Promise<void> {
  const office = officeOf(school, tx.today)
  const went = presentPeople(school, training.day)
    .filter((member) => member.staffKind === 'teaching' && member.post === null)
    .filter((_, index) => index % training.every === 2)
  if (!office || went.length === 0) return
  const { every: _every, late = 0, ...rest } = training
  await saveTraining(await actors.as(tx, school.personIds[office.key] ?? '', '10:05'), {
    ...rest,
    kind: kinds[school.cast.key],
    people: went.map((member, index) => ({
      personId: school.personIds[member.key] ?? '',
      status: index < late ? ('late' as const) : ('present' as const),
    })),
  })
}

async function reportOwnTraining(tx: Tx, school: ToldSchool, actors: Actors): Promise<void> {
  const members = presentPeople(school, today).filter(
    (one) => one.staffKind === 'teaching' && one.post === null,
  )
  const member = members[6]
  if (!member) return
  const personId = school.personIds[member.key] ?? ''
  await saveTraining(await actors.as(tx, personId, '21:20'), {
    title: '市青年教师教学展示观摩',
    kind: kinds[school.cast.key],
    organiser: 'city',
    organiserName: '市教育科学研究院',
    place: '市第三小学',
    day: '2026-11-13',
    minutes: 180,
    note: '听课三节，通知在教导处。',
    people: [{ personId }],
  })
}

async function disputeAttendance(tx: Tx, school: ToldSchool, actors: Actors): Promise<void> {
  const office = officeOf(school, today)
  const people: (BookRow & { personId: string })[] = []
  for (const member of presentPeople(school, today)) {
    const personId = school.personIds[member.key] ?? ''
    const book = people.length < 3 ? await listBook(tx, { personId, from: '2026-11-09', to: today }) : []
    const row = book.find(
      (one) => (one.status === 'absent' || one.status === 'late') && one.appealStatus === null,
    )
    if (row) people.push({ ...row, personId })
  }
  const reasons = [
    '当时在二楼修投影，开始前就在会场外，组长可以证明。',
    '那天手机没电，没能及时扫码，我坐在第二排。',
    '我以为是下一周，请按请假处理。',
  ]
  for (const [index, row] of people.entries()) {
    const { id } = await appealAttendance(await actors.as(tx, row.personId, '21:25'), {
      activityId: row.id,
      wanted: index === 2 ? 'onLeave' : 'present',
      reason: reasons[index] ?? '',
    })
    if (!office || index === 0) continue
    const asOffice = await actors.as(tx, school.personIds[office.key] ?? '', '21:50')
    await answerAppeal(
      asOffice,
      index === 1
        ? { id, grant: true, answer: '主持人确认在场。' }
        : { id, grant: false, answer: '没有事前请假，事后也没有说明，维持原记录。' },
    )
  }
}
