import type { Services } from '../server/kit/services.ts'
import { sql, type Tx } from '../server/kit/sql.ts'
import {
  answerSurvey,
  closeSurvey,
  linkActivity,
  noteWeakness,
  openSurvey,
  proposeModules,
  publishPlan,
  saveModule,
  saveSurvey,
} from '../server/need/actions.ts'
import { loadChoices } from '../server/need/present.ts'
import { findSurvey, listAsked, listModules } from '../server/need/store.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { type Actors, createActors, tellIn } from './telling.ts'

/** What leaders found, in the order of the groups; the last one is of the whole school. */
const findings: { text: string; source: 'lesson' | 'check' | 'results' }[] = [
  { text: '提问多、追问少，学生完整表达的机会不够', source: 'lesson' },
  { text: '练习同一层次的题偏多，后三分之一的学生跟不上', source: 'check' },
  { text: '单元检测中解决实际问题失分较多', source: 'results' },
  { text: '小组合作有形式、少分工，几位学生一直没有发言', source: 'lesson' },
]
const words = ['希望多看同年级的课', '想要可以直接用的课例', '请专家来听听我们的课', '时间最好放在周四下午']

/** Surveys and plans by need of three schools: one a full year, one this year, one only begun. */
export async function tellNeeds(services: Services, district: ToldDistrict): Promise<void> {
  for (const [place, school] of district.schools.entries()) await tellSchool(services, school, place)
}

async function tellSchool(services: Services, school: ToldSchool, place: number): Promise<void> {
  const actors = createActors()
  const idOf = (member: CastMember | undefined) => school.personIds[member?.key ?? ''] ?? ''
  const office = idOf(presentPeople(school, '2026-11-17').find((one) => one.post === 'academicOffice'))
  const tell = <R>(day: string, time: string, who: string, work: (tx: Tx) => Promise<R>) =>
    tellIn(services, school.id, day, time, async (tx) => work(await actors.as(tx, who, time)))

  if (place === 0)
    await tellTerm(tell, actors, school, office, { month: '2025-09', termId: '2025-2026-1', every: 11 })
  if (place !== 1)
    await tellTerm(tell, actors, school, office, { month: '2026-09', termId: '2026-2027-1', every: 7 })
  const noted: { id: string; leader: CastMember; unitId: string; text: string }[] = []
  for (const [index, leader] of leadersOf(school)
    .slice(0, 3 - place)
    .entries()) {
    const unitId = school.groupIds[leader.group ?? '']
    const found = findings[(index + place) % findings.length]
    if (!unitId || !found) continue
    const { id } = await tell(`2026-10-${14 + index * 6}`, '16:40', idOf(leader), (tx) =>
      noteWeakness(tx, { ...found, unitId, layer: '', contentTag: '', observationId: null }),
    )
    noted.push({ id, leader, unitId, text: found.text })
  }
  // The first one is answered by a module of its group, which has begun.
  const [first] = noted
  if (first && place !== 1) await tellAnswer(tell, office, { ...first, leaderId: idOf(first.leader) })
  // One that runs on the demo's present: by the teachers half answered.
  await tell('2026-11-13', '09:20', office, async (tx) => {
    const { survey } = await loadChoices(tx)
    const { id } = await saveSurvey(tx, {
      ...survey,
      title: '下半学期研修安排小调查',
      dueOn: '2026-11-24',
      anonymous: place === 1,
      layers: place === 2 ? ['allTeachers'] : survey.layers,
      questions: survey.questions.slice(0, 3),
    })
    // The third school has not sent it yet.
    if (place === 2) return
    await openSurvey(tx, { id })
    await answerAll(tx, actors, id, (index) => index % 2 === 0)
  })
}

/** A module that answers a weakness, and the activities of its group that carry it. */
async function tellAnswer(
  tell: Tell,
  office: string,
  about: { id: string; leaderId: string; unitId: string; text: string },
): Promise<void> {
  const module = await tell('2026-10-30', '14:10', office, async (tx) => {
    const { forms } = await loadChoices(tx, '2026-2027-1')
    return saveModule(tx, {
      title: '一课一改：把问题问好',
      termId: '2026-2027-1',
      contentTag: '',
      layer: 'allTeachers',
      form: forms[1]?.id ?? forms[0]?.id ?? '',
      activityKind: '',
      plannedMinutes: 270,
      responsibleId: about.leaderId,
      unitId: about.unitId,
      guidanceCourse: false,
      aim: `针对：${about.text}`,
      surveyId: null,
      weaknessIds: [about.id],
    })
  })
  await tell('2026-11-17', '17:20', about.leaderId, async (tx) => {
    const held = await tx.many<{ id: string }>(sql`
      SELECT id FROM activities WHERE org_id = ${tx.orgId} AND unit_id = ${about.unitId} AND status = 'closed'
        AND held_on BETWEEN '2026-10-30' AND '2026-11-17' ORDER BY held_on, id LIMIT 2`)
    for (const { id } of held) await linkActivity(tx, { id: module.id, activityId: id })
  })
}

type Tell = <R>(day: string, time: string, who: string, work: (tx: Tx) => Promise<R>) => Promise<R>

const leadersOf = (school: ToldSchool) =>
  presentPeople(school, '2026-11-17').filter((one) => one.post === 'groupLeader')

/** One term: asked in the first week, planned by what came back, some of it held. */
async function tellTerm(
  tell: Tell,
  actors: Actors,
  school: ToldSchool,
  office: string,
  term: { month: string; termId: string; every: number },
): Promise<void> {
  const id = await tell(`${term.month}-03`, '10:10', office, async (tx) => {
    const { survey } = await loadChoices(tx, term.termId)
    const made = await saveSurvey(tx, {
      ...survey,
      dueOn: `${term.month}-10`,
    })
    await openSurvey(tx, made)
    await answerAll(tx, actors, made.id, (index) => index % term.every !== 3)
    return made.id
  })
  await tell(`${term.month}-11`, '15:30', office, async (tx) => {
    await closeSurvey(tx, { id })
    await proposeModules(tx, { id, termId: term.termId })
    const { forms, activityKinds } = await loadChoices(tx, term.termId)
    const leaders = leadersOf(school)
    for (const [index, module] of (await listModules(tx, { termId: term.termId })).entries()) {
      const leader = leaders[index % leaders.length]
      const isWhole = module.layer === 'allTeachers'
      await saveModule(tx, {
        ...module,
        form: module.form || (forms[index % forms.length]?.id ?? ''),
        activityKind:
          (activityKinds.find((kind) => kind.label.includes('全校')) ?? activityKinds[0])?.id ?? '',
        plannedMinutes: isWhole ? 360 : 180,
        responsibleId: isWhole || !leader ? office : (school.personIds[leader.key] ?? office),
        unitId: null,
        guidanceCourse: index === 0,
        aim: isWhole ? '人人用上一种新做法，学期末有一节课为证' : '',
        weaknessIds: [],
      })
    }
  })
  await tell(`${term.month}-14`, '08:50', office, (tx) => publishPlan(tx, { termId: term.termId }))
  const until = term.month === '2026-09' ? '2026-11-17' : '2026-01-16'
  await tell(until, '17:10', office, async (tx) => {
    const modules = await listModules(tx, { termId: term.termId })
    // What the story held for everybody carries the modules in turn; the last one has not begun.
    const begun = modules.slice(0, Math.max(1, modules.length - 1))
    const held = await tx.many<{ id: string }>(sql`
      SELECT id FROM activities WHERE org_id = ${tx.orgId} AND scope = 'organisation' AND NOT by_enrolment AND status = 'closed'
        AND held_on BETWEEN ${`${term.month}-14`} AND ${until} ORDER BY held_on, id LIMIT ${begun.length * 2}`)
    for (const [index, { id: activityId }] of held.entries()) {
      const module = begun[index % begun.length]
      if (module) await linkActivity(tx, { id: module.id, activityId })
    }
  })
}

/** Those for whom `answers` holds tap what suits them; the choice follows from their place in the list. */
async function answerAll(
  tx: Tx,
  actors: Actors,
  surveyId: string,
  answers: (index: number) => boolean,
): Promise<void> {
  const survey = await findSurvey(tx, surveyId)
  for (const [index, person] of (await listAsked(tx, surveyId)).entries()) {
    if (!survey || !answers(index)) continue
    const own = await actors.as(tx, person.personId, `1${1 + (index % 6)}:${10 + (index % 45)}`)
    await answerSurvey(own, {
      id: surveyId,
      answers: Object.fromEntries(
        survey.questions.map((question, at) => [
          question.id,
          question.kind === 'text'
            ? index % 9 === 4
              ? [words[index % words.length] ?? '']
              : []
            : choose(
                question.options,
                question.kind === 'one' ? 1 : Math.min(question.most, 1 + (index % 3)),
                index + at,
              ),
        ]),
      ),
    })
  }
}

/** So many of the options, more often the first ones, as people do who agree. */
function choose(options: { id: string }[], count: number, seed: number): string[] {
  const start = [0, 2, 1, 0, 3, 1, 2, 0, 4, 1][seed % 10] ?? 0
  return Array.from({ length: Math.min(count, options.length) }, (_, index) => {
    return options[(start + index * (1 + (seed % 2))) % options.length]?.id ?? ''
  }).filter((id, index, all) => id !== '' && all.indexOf(id) === index)
}
