import { addDays } from '../engine/days.ts'
import { requestLeave, handInMakeUp } from '../server/activity/leave-actions.ts'
import { listMakeUps } from '../server/activity/attendance-store.ts'
import { planActivity, proposeSpeaker } from '../server/activity/actions.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { listLines } from '../server/activity/queries.ts'
import { reviewPlan, savePlan, startPlan, submitPlan } from '../server/plan/actions.ts'
import { findPlan } from '../server/plan/store.ts'
import { startWork, submitWork } from '../server/work/actions.ts'
import { type Chance, createChance } from './chance.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { lessonsBySubject } from './lessons.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'
import { groupThemes, planText, reflectionText, reflectionTitle } from './texts.ts'

const today = '2026-11-17'

/**
 * The evening before the demo's present: what is on people's desks when a visitor looks in. Next week's activities
 * stand, a leave waits for 教导处, a make-up for its leader, works for reviewers, an early summary for the principal's
 * stamp.
 */
export async function tellLooseEnds(services: Services, district: ToldDistrict): Promise<void> {
  for (const school of district.schools) {
    const chance = createChance(school.cast.people.length * 104_729)
    await tellIn(services, school.id, today, '20:30', async (tx) => {
      const actors = createActors()
      await planNextWeek(tx, school, chance, actors)
      await askForLeave(tx, school, actors)
      await handInWhatWasMissed(tx, actors)
      await leaveWorksWaiting(tx, school, chance, actors)
      await leavePapersWaiting(tx, school, chance, actors)
    })
  }
}

function holder(school: ToldSchool, post: 'principal' | 'academicOffice' | 'researchOffice') {
  return school.cast.people.find((member) => member.post === post)
}

async function planNextWeek(tx: Tx, school: ToldSchool, chance: Chance, actors: Actors): Promise<void> {
  const monday = '2026-11-23'
  const kind = { xinglong: 'theoryStudy', xinhongqiao: 'groupResearch', baihe: 'jointPreparation' }[
    school.cast.key
  ]
  for (const group of school.cast.groups) {
    const leader = presentPeople(school, today).find(
      (member) => member.group === group.key && member.post === 'groupLeader',
    )
    const unitId = school.groupIds[group.key]
    if (!leader || !unitId) continue
    // A group that laid the term out in one step has its week.
    if ((await listLines(tx, { from: monday, to: addDays(monday, 4), unitId })).length > 0) continue
    const personId = school.personIds[leader.key] ?? ''
    const planner = await actors.as(tx, personId, '20:35')
    const day = addDays(monday, group.weekday - 1)
    const { speaker } = await proposeSpeaker(planner, unitId, day)
    const theme = chance.pick(groupThemes[group.themes] ?? [])
    await planActivity(planner, {
      scope: 'group',
      unitId,
      kind,
      theme,
      content: `围绕“${theme}”，请各位带一份学生作业来。`,
      place: group.place,
      day,
      startTime: '14:30',
      endTime: '16:00',
      hostId: personId,
      speakerId: speaker?.personId ?? null,
      recorderId: null,
      agenda: [{ text: '中心发言' }, { text: '讨论' }, { text: '形成共识、布置下一步' }],
    })
  }
}

async function askForLeave(tx: Tx, school: ToldSchool, actors: Actors): Promise<void> {
  const upcoming = (await listLines(tx, { from: addDays(today, 1), to: addDays(today, 9) })).filter(
    (line) => line.scope === 'group',
  )
  let asked = 0
  for (const line of upcoming) {
    const group = Object.entries(school.groupIds).find(([, id]) => id === line.unit?.id)?.[0]
    const member = presentPeople(school, today).find(
      (one) => one.group === group && one.post === null && one.name !== line.speakerName,
    )
    if (!member || asked === 2) continue
    asked++
    await requestLeave(await actors.as(tx, school.personIds[member.key] ?? '', '20:50'), {
      activityId: line.id,
      kind: asked === 1 ? 'duty' : 'sick',
      reason: asked === 1 ? '到区里参加骨干教师培训，已有通知。' : '感冒发烧，医生建议休息两天。',
    })
  }
}

async function handInWhatWasMissed(tx: Tx, actors: Actors): Promise<void> {
  const due = (await listMakeUps(tx, { status: 'due' })).filter((makeUp) => makeUp.dueOn >= today).slice(0, 2)
  for (const makeUp of due) {
    await handInMakeUp(await actors.as(tx, makeUp.personId, '21:05'), {
      id: makeUp.id,
      note: `看了《${makeUp.theme}》的记录和大家留下的材料，最有用的是那张追问卡片，明天就在自己班上试。`,
      minutes: 60,
    })
  }
}

async function leaveWorksWaiting(tx: Tx, school: ToldSchool, chance: Chance, actors: Actors): Promise<void> {
  const writers = [
    ...presentPeople(school, today)
      .filter((member) => member.post === 'groupLeader')
      .slice(0, 1),
    ...school.cast.groups.map((group) =>
      presentPeople(school, today).find((member) => member.group === group.key && member.post === null),
    ),
  ]
  for (const member of writers) {
    const lesson = member && lessonsBySubject[member.subject]?.[chance.between(0, 3)]
    if (!lesson) continue
    const author = await actors.as(tx, school.personIds[member.key] ?? '', `21:${chance.between(10, 50)}`)
    const { id } = await startWork(author, {
      kind: 'reflection',
      title: reflectionTitle(chance, lesson),
      body: reflectionText(chance, lesson),
      parts:
        school.cast.key === 'xinhongqiao'
          ? { improvement: `不足：${lesson.stumble}。改进：${lesson.remedy}。` }
          : {},
    })
    await submitWork(author, { id })
  }
}

/** The first group hands its summary in early: reviewed by 教导处, it waits for the principal's stamp; the second one waits for 教导处. */
async function leavePapersWaiting(tx: Tx, school: ToldSchool, chance: Chance, actors: Actors): Promise<void> {
  const office = holder(school, 'academicOffice')
  for (const [index, group] of school.cast.groups.slice(0, 2).entries()) {
    const leader = presentPeople(school, today).find(
      (member) => member.group === group.key && member.post === 'groupLeader',
    )
    if (!leader || !office) continue
    const writing = await actors.as(tx, school.personIds[leader.key] ?? '', '19:40')
    const { id } = await startPlan(writing, {
      paper: 'summary',
      level: 'group',
      ownerId: school.groupIds[group.key],
    })
    const plan = await findPlan(writing, id)
    if (!plan || plan.status !== 'draft') continue
    const about = { name: leader.name, subject: group.subject, paper: 'summary' as const }
    await savePlan(writing, {
      id,
      version: plan.draftVersion,
      sections: Object.fromEntries(
        plan.form.map((section) => [section.key, planText(chance, section.label, about)]),
      ),
    })
    await submitPlan(writing, { id })
    if (index === 0) {
      await reviewPlan(await actors.as(tx, school.personIds[office.key] ?? '', '20:20'), {
        id,
        opinion: '期中先交小结，材料齐全，请校长盖章。',
      })
    }
  }
}
