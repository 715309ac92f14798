import { addDays } from '../engine/days.ts'
import { isSchoolDay } from '../engine/periods.ts'
import { logStudy } from '../server/study/actions.ts'
import { acceptWork, returnWork, startWork, submitWork } from '../server/work/actions.ts'
import type { CastMember } from './cast.ts'
import { lessonsBySubject } from './lessons.ts'
import { presentPeople, type Scene } from './scene.ts'
import { readings, reflectionText, reflectionTitle } from './texts.ts'

const remarks = [
  '抓住了一个真问题，改法可以在组内试一试。',
  '学生的话记得细，好。',
  '原因分析到位，下次把第二个班的情况补上。',
  '继续坚持，期末挑一篇参加评选。',
  '',
]
const returns = ['请补充学生课堂上的具体表现，至少写一个例子。', '改进的办法还太笼统，请写清下一次怎么做。']

/** Reflections: handed in, returned now and then, accepted. */
export async function tellWorks(scene: Scene): Promise<void> {
  await decideWaiting(scene)
  for (const member of presentPeople(scene.school, scene.day)) {
    if (member.staffKind === 'teaching' && isWritingDay(scene, member))
      await scene.attempt(() => handIn(scene, member))
  }
}

/** On which day somebody writes: 兴隆 every fortnight (a holiday puts it off to the next week), the others a few times a term. */
function isWritingDay(scene: Scene, member: CastMember): boolean {
  const { school, week, weekday, memory } = scene
  const number = Number(member.staffNumber.slice(2))
  if (school.cast.key === 'xinglong') {
    const fortnight = `${scene.term.id} ${Math.ceil(week / 2)} ${member.key} work`
    const isDay = week % 2 === number % 2 ? weekday >= 1 + (number % 5) : week % 2 === 0
    if (!isDay || memory.done.has(fortnight)) return false
    memory.done.add(fortnight)
    return scene.chanceOf(fortnight).happens(member.diligence)
  }
  if (weekday !== 1 + (number % 5) || memory.done.has(`${member.key} lately`)) return false
  const { chance } = scene
  if (school.cast.key === 'xinhongqiao')
    return (week === 6 + (number % 3) || week === 13 + (number % 4)) && chance.happens(member.diligence)
  return (week === 5 + (number % 4) || week === 11 + (number % 4)) && chance.happens(member.diligence)
}

async function handIn(scene: Scene, member: CastMember): Promise<void> {
  const { tx, school, day, week, chance, actors } = scene
  const lessons = lessonsBySubject[member.subject] ?? lessonsBySubject.语文 ?? []
  // Lessons come in the order of the year, so that nobody reflects twice on the same one in a term.
  const lesson =
    lessons[(week + Number(member.staffNumber.slice(2)) + (scene.term.number - 1) * 9) % lessons.length]
  if (!lesson) return
  const author = await actors.as(
    tx,
    school.personIds[member.key] ?? '',
    `${chance.between(16, 21)}:${chance.between(10, 59)}`,
  )
  const kind =
    school.cast.key === 'xinhongqiao' && week > 12
      ? chance.pick(['reflection', 'essay', 'narrative'])
      : 'reflection'
  const { id } = await startWork(author, {
    kind,
    title: reflectionTitle(chance, lesson),
    body: reflectionText(chance, lesson),
    parts:
      school.cast.key === 'xinhongqiao' && kind === 'reflection'
        ? { improvement: `不足：${lesson.stumble}。改进：${lesson.remedy}。` }
        : {},
  })
  await submitWork(author, { id })
  scene.own.add(id)
  scene.tally.reflections++
  scene.memory.works.push({
    workId: id,
    authorKey: member.key,
    on: addDays(day, chance.between(1, 4)),
    state: 'submitted',
  })
}

/** Whether the holidays begin tomorrow or the weekend does. */
function isLastSchoolDayOfWeek({ calendar, day, weekday }: Scene): boolean {
  for (let number = weekday + 1; number <= 7; number++) {
    if (isSchoolDay(calendar, addDays(day, number - weekday))) return false
  }
  return true
}

async function decideWaiting(scene: Scene): Promise<void> {
  const { tx, school, day, chance, actors, memory } = scene
  const due = memory.works.filter((work) => work.on <= day)
  memory.works = memory.works.filter((work) => work.on > day)
  const office = school.cast.people.find((member) => member.post === 'researchOffice')
  const academic = school.cast.people.find((member) => member.post === 'academicOffice')
  for (const work of due) {
    const author = school.cast.people.find((member) => member.key === work.authorKey)
    const leader = school.cast.people.find(
      (member) => member.group !== null && member.group === author?.group && member.post === 'groupLeader',
    )
    // Whoever has left the school has no group leader any more; the office decides what is left.
    const isHere = author !== undefined && presentPeople(school, day).includes(author)
    const reviewer =
      leader && isHere && leader.key !== author.key ? leader : office?.key === author?.key ? academic : office
    if (!author || !reviewer || (work.state === 'returned' && !isHere)) continue
    if (work.state === 'returned') {
      await scene.attempt(async () =>
        submitWork(await actors.as(tx, school.personIds[author.key] ?? '', '20:15'), { id: work.workId }),
      )
      memory.works.push({ ...work, state: 'submitted', on: addDays(day, 2) })
      continue
    }
    const seen = await actors.as(tx, school.personIds[reviewer.key] ?? '', `12:${chance.between(10, 50)}`)
    if (chance.happens(0.04)) {
      const reason = chance.pick(returns)
      await scene.attempt(() => returnWork(seen, { id: work.workId, reason }))
      memory.works.push({ ...work, state: 'returned', on: addDays(day, 3) })
    } else {
      const remark = chance.pick(remarks)
      if (await scene.attempt(() => acceptWork(seen, { id: work.workId, remark }))) scene.tally.accepted++
    }
  }
}

/** Self-study: 兴隆 asks for two hours a week, the others live from the district's yearly minimum. */
export async function tellStudy(scene: Scene): Promise<void> {
  const { tx, school, day, week, weekday, chance, actors } = scene
  for (const member of presentPeople(school, day)) {
    if (member.staffKind !== 'teaching') continue
    const number = Number(member.staffNumber.slice(2))
    const weekly = school.cast.key === 'xinglong'
    // Everybody has a usual day; when it falls on a holiday, the next school day of the week serves.
    if (weekday < 1 + ((number * 3) % 5) && !isLastSchoolDayOfWeek(scene)) continue
    if (!weekly && week % 3 !== number % 3) continue
    const key = `${scene.term.id} ${week} ${member.key} study`
    if (scene.memory.done.has(key)) continue
    scene.memory.done.add(key)
    if (!scene.chanceOf(key).happens(member.diligence)) continue
    const reading = readings[(week * 5 + number * 7 + (weekly ? 0 : weekday)) % readings.length]
    if (!reading) continue
    // Theory is asked for every week at 兴隆; elsewhere people read what they like.
    const kind = weekly && (member.diligence > 0.9 || chance.happens(0.85)) ? 'theory' : reading.kind
    const time = `20:${chance.between(10, 55)}`
    const minutes = chance.pick(weekly ? [90, 90, 90, 95, 100, 120] : [60, 90, 90, 120])
    const isLogged = await scene.attempt(async () =>
      logStudy(await actors.as(tx, school.personIds[member.key] ?? '', time), {
        studiedOn: day,
        kind,
        content: reading.content,
        minutes,
        excerpt: reading.excerpt,
        again: true,
      }),
    )
    if (isLogged) scene.tally.studies++
  }
}
