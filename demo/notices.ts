import { addDays } from '../engine/days.ts'
import type { LocalDate } from '../engine/types.ts'
import { enqueue } from '../server/kit/jobs.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import {
  closeOver,
  confirmNotice,
  correctNotice,
  type NoticeContent,
  nobody,
  openNotice,
  remindUnread,
  sendNotice,
  startNotice,
  takeOver,
} from '../server/notice/actions.ts'
import { findByOrigin, findNotice, findReceiver } from '../server/notice/store.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

interface Told extends Omit<NoticeContent, 'audience'> {
  on: LocalDate
  /** Of a hundred people so many have read it the next day. */
  read: number
}

const everybody = { ...nobody, whole: 'everybody' as const }

const notices: Told[] = [
  {
    on: '2025-09-03',
    read: 100,
    kind: 'meeting',
    title: '本学期校本研修活动安排',
    body: '本学期全校研修活动安排已排入“研修活动”，各组活动由组长在第二周前排定。\n请各位老师核对自己的主讲和公开课时间，有冲突的本周内告诉组长。\n签到请用手机扫码，请假请提前一天在系统里提出。',
    confirmByDay: '2025-09-08',
  },
  {
    on: '2025-10-15',
    read: 88,
    kind: 'degreeStudy',
    title: '在职学历提升报名事项',
    body: '今年的成人高校和在职研究生报名即将开始，愿意提升学历的老师可到教导处了解专业和学费补助办法。\n学习时间与校内研修冲突的，请先和教导处商量。',
    confirmByDay: null,
  },
  {
    on: '2026-09-02',
    read: 96,
    kind: 'document',
    title: '新学年研修制度和个人计划',
    body: '新学年的研修制度已在“制度全文”公布，请先读与自己有关的条文。\n个人研修计划请在 9 月 15 日前提交，上学期写过的可以在原计划上修改。',
    confirmByDay: '2026-09-09',
  },
  {
    on: '2026-11-12',
    read: 62,
    kind: 'general',
    title: '期中研修检查的准备',
    body: '教导处将在第 13、14 周查看各组的活动记录和个人反思，不要求另外准备材料，以系统里的记录为准。\n还没有交的反思和补学请在检查前补齐；记录有误的，可以在系统里提出申诉。',
    confirmByDay: '2026-11-20',
  },
]

/** Notices of each school through the year, and one of the district; some are read by all, the last ones not yet. */
export async function tellNotices(services: Services, district: ToldDistrict): Promise<void> {
  for (const [index, school] of district.schools.entries()) {
    for (const told of notices) await tellOne(services, school, told, index)
    await tellMeeting(services, school)
    await tellGroup(services, school, index)
  }
  await tellDistrict(services, district)
  // Once the program runs, the queue gathers what everybody is to be reminded of.
  for (const school of district.schools)
    await tellIn(services, school.id, '2026-11-17', '18:00', (tx) =>
      enqueue(tx, 'tellMessages', { orgId: school.id }, { key: `tellMessages:${school.id}` }),
    )
}

function holderOf(school: ToldSchool, post: 'principal' | 'academicOffice'): string {
  const holder = school.cast.people.find((member) => member.post === post)
  return school.personIds[holder?.key ?? ''] ?? ''
}

async function tellOne(services: Services, school: ToldSchool, told: Told, index: number): Promise<void> {
  const { on, read, ...content } = told
  const actors = createActors()
  await tellIn(services, school.id, on, '10:20', async (tx) => {
    const office = await actors.as(tx, holderOf(school, 'academicOffice'), '10:20')
    const { id } = await startNotice(office)
    await sendNotice(office, services, { id, ...content, audience: everybody })
    await readBy(tx, school, actors, { id, share: read, index, confirms: content.confirmByDay !== null })
  })
  const closes = content.confirmByDay ?? '2025-11-03'
  if (closes < '2026-11-17')
    await tellIn(services, school.id, addDays(closes, 1), '08:00', (tx) => closeOver(tx, services))
}

/** Part of the people read it in the afternoon; always the same ones. */
async function readBy(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  { id, share, index, confirms }: { id: string; share: number; index: number; confirms: boolean },
): Promise<void> {
  for (const [place, member] of presentPeople(school, tx.today).entries()) {
    if ((place * 37 + index * 11) % 100 >= share) continue
    const personId = school.personIds[member.key]
    if (personId === undefined) continue
    const time = `${12 + (place % 6)}:${String((place * 7) % 60).padStart(2, '0')}`
    const reader = await actors.as(tx, personId, time)
    if (!(await findReceiver(reader, id, personId))) continue
    if (confirms && place % 7 !== 3) await confirmNotice(reader, { id })
    else await openNotice(reader, { id })
  }
}

/** A meeting whose hour was written wrongly and corrected an hour later. */
async function tellMeeting(services: Services, school: ToldSchool): Promise<void> {
  const actors = createActors()
  const id = await tellIn(services, school.id, '2026-11-10', '09:10', async (tx) => {
    const office = await actors.as(tx, holderOf(school, 'academicOffice'), '09:10')
    const draft = await startNotice(office)
    await sendNotice(office, services, {
      id: draft.id,
      kind: 'meeting',
      title: '周四组长例会（下午三点）',
      body: '周四下午三点在会议室开组长例会，请带上期中前的活动记录。',
      audience: { ...nobody, whole: 'leaders' },
      confirmByDay: null,
    })
    return draft.id
  })
  await tellIn(services, school.id, '2026-11-10', '10:15', async (tx) => {
    const office = await actors.as(tx, holderOf(school, 'academicOffice'), '10:15')
    await correctNotice(office, services, {
      id,
      title: '周四组长例会（下午四点）',
      body: '周四下午四点在会议室开组长例会，请带上期中前的活动记录。',
      because: '三点有课后服务，改到四点。',
    })
  })
}

/** A leader writes to the own group on the day before the demo's present. */
async function tellGroup(services: Services, school: ToldSchool, index: number): Promise<void> {
  const leader =
    school.cast.people.find((member) => member.post === 'groupLeader' && member.group === 'maths') ??
    school.cast.people.find((member) => member.post === 'groupLeader')
  const unitId = school.groupIds[leader?.group ?? '']
  const personId = school.personIds[leader?.key ?? '']
  if (unitId === undefined || personId === undefined) return
  const actors = createActors()
  await tellIn(services, school.id, '2026-11-17', '16:05', async (tx) => {
    const writer = await actors.as(tx, personId, '16:05')
    const { id } = await startNotice(writer)
    await sendNotice(writer, services, {
      id,
      kind: 'meeting',
      title: '本周教研活动请带听课记录',
      body: '本周活动先议上周的研究课，请带上自己的听课记录，每人说一条最想追问的地方。',
      audience: { ...nobody, unitIds: [unitId] },
      confirmByDay: null,
    })
    await readBy(tx, school, actors, { id, share: 45, index, confirms: false })
  })
}

/** The district invites; one school has not looked yet and is reminded. */
async function tellDistrict(services: Services, district: ToldDistrict): Promise<void> {
  const actors = createActors()
  const tellOfficer = (day: LocalDate, time: string, work: (tx: Tx) => Promise<string>) =>
    tellIn(services, district.id, day, time, async (tx) =>
      work(await actors.as(tx, district.officerIds[0] ?? '', time)),
    )
  const id = await tellOfficer('2026-11-13', '14:30', async (officer) => {
    const draft = await startNotice(officer)
    await sendNotice(officer, services, {
      id: draft.id,
      kind: 'meeting',
      title: '全区校本研修现场会',
      body: '定于 12 月 3 日下午在云岭实验小学举行全区校本研修现场会，请各校派分管领导一人、教研组长两人参加。\n请在 11 月 24 日前确认收到，并准备一个本校研修的小案例。',
      audience: { ...nobody, whole: 'principals' },
      confirmByDay: '2026-11-24',
    })
    return draft.id
  })
  const passOn = async (day: LocalDate, time: string): Promise<void> => {
    const notice = await tellIn(services, district.id, day, time, (tx) => findNotice(tx, id))
    if (!notice) return
    for (const school of district.schools)
      await tellIn(services, school.id, day, time, (tx) => takeOver(tx, services, notice))
  }
  await passOn('2026-11-13', '14:31')
  for (const [index, school] of district.schools.entries()) {
    if (index === 2) continue
    await tellIn(services, school.id, '2026-11-13', '16:20', async (tx) => {
      const own = await findByOrigin(tx, id)
      if (!own) return
      const principal = await createActors().as(tx, holderOf(school, 'principal'), '16:20')
      await confirmNotice(principal, { id: own.id })
    })
  }
  await tellOfficer('2026-11-16', '09:00', async (officer) => {
    await remindUnread(officer, services, { id })
    return id
  })
  await passOn('2026-11-16', '09:01')
}
