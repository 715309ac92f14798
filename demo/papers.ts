import { daysBetween } from '../engine/days.ts'
import { filePlan, reviewPlan, savePlan, startPlan, submitPlan } from '../server/plan/actions.ts'
import { findPlan } from '../server/plan/store.ts'
import type { CastMember } from './cast.ts'
import { presentPeople, type Scene } from './scene.ts'
import { planText } from './texts.ts'

/** Plans at the beginning of the term and summaries at its end, on three levels, each through review to the stamp. */
export async function tellPapers(scene: Scene): Promise<void> {
  const { school, day, term } = scene
  const dayOfTerm = daysBetween(term.from, day)
  const daysLeft = daysBetween(day, term.to)
  const paper = dayOfTerm < 25 ? 'plan' : daysLeft < 16 ? 'summary' : null
  if (!paper) return
  const step = paper === 'plan' ? dayOfTerm : 16 - daysLeft
  const office = holder(school.cast.people, 'academicOffice')
  const principal = holder(school.cast.people, 'principal')
  if (!office || !principal) return
  if (step >= 1)
    await once(scene, paper, 'organisation', null, office, { reviewer: principal, filer: principal })
  for (const [index, group] of school.cast.groups.entries()) {
    if (step < 3 + index) continue
    const leader = school.cast.people.find(
      (member) => member.group === group.key && member.post === 'groupLeader',
    )
    if (leader) await once(scene, paper, 'group', group.key, leader, { reviewer: office, filer: principal })
  }
  if (paper === 'plan' || school.cast.key === 'xinglong')
    await tellTeachersPapers(scene, paper, step, office, principal)
}

function holder(people: CastMember[], post: CastMember['post']): CastMember | undefined {
  return people.find((member) => member.post === post)
}

/** A few teachers' papers a day; some come late, a few never. */
async function tellTeachersPapers(
  scene: Scene,
  paper: 'plan' | 'summary',
  step: number,
  office: CastMember,
  principal: CastMember,
): Promise<void> {
  const { school, day, memory } = scene
  const writers = presentPeople(school, day).filter((member) => member.staffKind === 'teaching')
  const perDay = Math.ceil(writers.length / 10)
  let written = 0
  for (const [index, member] of writers.entries()) {
    const key = `${scene.term.id} ${paper} ${member.key}`
    if (memory.papersTold.has(key) || step < 4 + (index % 11) || written >= perDay) continue
    memory.papersTold.add(key)
    written++
    // Those who are far behind leave it out altogether.
    if (member.diligence < 0.6 && scene.chanceOf(key).happens(0.5)) continue
    const leader = school.cast.people.find((one) => one.group === member.group && one.post === 'groupLeader')
    const reviewer =
      leader && leader.key !== member.key ? leader : office.key === member.key ? principal : office
    const filer = office.key === member.key ? principal : office
    await write(scene, paper, 'teacher', undefined, member, { reviewer, filer })
  }
}

async function once(
  scene: Scene,
  paper: 'plan' | 'summary',
  level: 'organisation' | 'group',
  groupKey: string | null,
  author: CastMember,
  deciders: { reviewer: CastMember; filer: CastMember },
): Promise<void> {
  const key = `${scene.term.id} ${paper} ${groupKey ?? 'school'}`
  if (scene.memory.papersTold.has(key)) return
  scene.memory.papersTold.add(key)
  await write(scene, paper, level, groupKey ? scene.school.groupIds[groupKey] : undefined, author, deciders)
}

async function write(
  scene: Scene,
  paper: 'plan' | 'summary',
  level: 'organisation' | 'group' | 'teacher',
  ownerId: string | undefined,
  author: CastMember,
  deciders: { reviewer: CastMember; filer: CastMember },
): Promise<void> {
  if (await scene.attempt(() => carryThrough(scene, paper, level, ownerId, author, deciders)))
    scene.tally.papers++
}

async function carryThrough(
  scene: Scene,
  paper: 'plan' | 'summary',
  level: 'organisation' | 'group' | 'teacher',
  ownerId: string | undefined,
  author: CastMember,
  { reviewer, filer }: { reviewer: CastMember; filer: CastMember },
): Promise<void> {
  const { tx, school, actors, chance } = scene
  const as = (member: CastMember, time: string) => actors.as(tx, school.personIds[member.key] ?? '', time)
  const writing = await as(author, '10:10')
  const { id } = await startPlan(writing, { paper, level, ownerId, termId: scene.term.id })
  scene.own.add(id)
  const plan = await findPlan(writing, id)
  if (!plan) return
  const about = { name: author.name, subject: author.subject || '各学科', paper }
  const sections = Object.fromEntries(
    plan.form.map((section) => [section.key, planText(chance, section.label, about)]),
  )
  await savePlan(writing, { id, version: plan.draftVersion, sections })
  await submitPlan(writing, { id })
  await reviewPlan(await as(reviewer, '14:20'), {
    id,
    opinion: chance.pick(['目标具体，可行。', '请按计划落实，期末对照检查。', '同意。']),
  })
  await filePlan(await as(filer, '16:05'), { id, opinion: '' })
}
