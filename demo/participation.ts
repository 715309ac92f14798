import { closeActivity, planActivity, saveMinutes, startActivity } from '../server/activity/actions.ts'
import { correctAttendance } from '../server/activity/attendance-actions.ts'
import {
  confirmMinutes,
  enrol,
  recordSession,
  saveSessions,
  setEnrolment,
} from '../server/activity/participation-actions.ts'
import { activitySettings, minutesParts } from '../server/activity/settings.ts'
import { findActivity } from '../server/activity/store.ts'
import { appealAttendance } from '../server/attendance/actions.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastSchool } from './cast.ts'
import { createChance, seedOf } from './chance.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'
import { minutesText } from './texts.ts'

const today = '2026-11-17'
const workshopDay = '2026-11-09'
const nextDay = '2026-11-30'
const kinds: Record<CastSchool['key'], string> = {
  xinglong: 'networkTraining',
  xinhongqiao: 'expertLecture',
  baihe: 'professionalStudy',
}
const sessions = [
  { startTime: '14:00', endTime: '15:00' },
  { startTime: '15:10', endTime: '16:10' },
  { startTime: '16:20', endTime: '17:20' },
]

/**
 * Activities for which teachers enrol: a workshop of three sessions that was held, with one session corrected and one
 * disputed, and the next one, which is full, with a waiting list.
 */
export async function tellParticipation(services: Services, district: ToldDistrict): Promise<void> {
  for (const school of district.schools) {
    const actors = createActors()
    const activityId = await tellIn(services, school.id, '2026-11-03', '10:20', (tx) =>
      announce(tx, school, actors, { day: workshopDay, theme: '用数据看学情：作业与练习的三个实操' }),
    )
    if (activityId) {
      await tellIn(services, school.id, workshopDay, '13:50', (tx) => hold(tx, school, actors, activityId))
      await tellIn(services, school.id, '2026-11-10', '09:10', (tx) => mend(tx, school, actors, activityId))
    }
    await tellIn(services, school.id, today, '12:40', (tx) =>
      announce(tx, school, actors, { day: nextDay, theme: '课堂观察工作坊：记下学生真实的样子' }),
    )
  }
}

function officeOf(school: ToldSchool): string {
  const office = presentPeople(school, today).find((member) => member.post === 'academicOffice')
  return school.personIds[office?.key ?? ''] ?? ''
}

/** Some teachers whose own group does not meet that day; the first are enrolled, the last two wait. */
function learnersOf(school: ToldSchool, theme: string) {
  const meetsOnMonday = (key: string | null) =>
    school.cast.groups.some((group) => group.key === key && group.weekday === 1)
  const teachers = presentPeople(school, today).filter(
    (member) => member.staffKind === 'teaching' && member.post === null && !meetsOnMonday(member.group),
  )
  const count = { xinglong: 7, xinhongqiao: 12, baihe: 18 }[school.cast.key]
  return createChance(seedOf(`${school.cast.key} ${theme}`))
    .shuffle(teachers)
    .slice(0, count)
    .map((member) => school.personIds[member.key] ?? '')
}

/** 教导处 announces it with its sessions and a limit; teachers enrol, two too many. */
async function announce(
  tx: Tx,
  school: ToldSchool,
  actors: Actors,
  { day, theme }: { day: string; theme: string },
): Promise<string> {
  const officeId = officeOf(school)
  const office = { ...(await actors.as(tx, officeId, '08:00')), now: tx.now }
  const learners = learnersOf(school, theme)
  const { id } = await planActivity(office, {
    scope: 'organisation',
    unitId: null,
    kind: kinds[school.cast.key],
    theme,
    content: '分三场：看数据、改设计、说打算。带上自己班最近一次练习。',
    place: '计算机教室',
    day,
    startTime: sessions[0]?.startTime ?? '14:00',
    endTime: sessions.at(-1)?.endTime ?? '17:20',
    hostId: officeId,
    speakerId: null,
    recorderId: null,
    agenda: [{ text: '看数据' }, { text: '改设计' }, { text: '说打算' }],
  })
  await saveSessions(office, {
    activityId: id,
    least: 2,
    sessions: sessions.map((session) => ({ day, ...session })),
  })
  await setEnrolment(office, { activityId: id, byEnrolment: true, capacity: learners.length - 2 })
  for (const [index, personId] of learners.entries())
    await enrol(
      { ...(await actors.as(tx, personId, '12:00')), now: new Date(tx.now.getTime() + (index + 3) * 90_000) },
      { activityId: id },
    )
  return id
}

/** Three roll-calls, one for each session: two people miss one of them, one leaves after the first. */
async function hold(tx: Tx, school: ToldSchool, actors: Actors, activityId: string): Promise<void> {
  const officeId = officeOf(school)
  const at = async (time: string) => actors.as(tx, officeId, time)
  await startActivity(await at('13:52'), activityId)
  const people = enrolledOf(school)
  const times = ['14:05', '15:14', '16:25']
  for (const [index, time] of times.entries())
    await recordSession(await at(time), {
      activityId,
      number: index + 1,
      entries: people.map((personId, person) => ({
        personId,
        present: !(
          (person === 0 && index === 2) ||
          (person === 1 && index === 0) ||
          (person === 2 && index > 0)
        ),
      })),
    })
  const activity = await findActivity(tx, activityId)
  if (!activity) return
  const chance = createChance(seedOf(`minutes ${school.cast.key}`))
  const parts = minutesParts(await activitySettings(tx, workshopDay), activity.kind)
  const closing = await at('17:24')
  await saveMinutes(closing, {
    id: activityId,
    version: activity.minutesVersion,
    parts: Object.fromEntries(
      parts.map((part) => [part.id, minutesText(chance, part.label, activity.theme, '教导处')]),
    ),
  })
  await closeActivity(closing, { id: activityId })
  const closed = await findActivity(tx, activityId)
  await confirmMinutes(await at('17:30'), { activityId, version: closed?.minutesVersion ?? 1 })
}

const enrolledOf = (school: ToldSchool) =>
  learnersOf(school, '用数据看学情：作业与练习的三个实操').slice(0, -2)

/** One session is corrected with the reason; whoever left early asks to be counted. */
async function mend(tx: Tx, school: ToldSchool, actors: Actors, activityId: string): Promise<void> {
  const [, second, third] = enrolledOf(school)
  if (!second || !third) return
  await correctAttendance(await actors.as(tx, officeOf(school), '09:15'), {
    id: activityId,
    personId: second,
    status: 'present',
    sessions: [1, 2, 3],
    reason: '第一场在后排调试投影，漏记到场。',
  })
  await appealAttendance(await actors.as(tx, third, '12:35'), {
    activityId,
    wanted: 'present',
    reason: '第二场我去送生病的学生，三点半就回来了，坐在最后一排。',
  })
}
