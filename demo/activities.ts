import { addDays } from '../engine/days.ts'
import { isSchoolDay } from '../engine/periods.ts'
import type { LocalDate } from '../engine/types.ts'
import {
  changeActivity,
  closeActivity,
  moveActivity,
  planActivity,
  proposeSpeaker,
  saveMinutes,
  startActivity,
} from '../server/activity/actions.ts'
import { signIn } from '../server/activity/attendance-actions.ts'
import { tokenFor, windowOf } from '../server/activity/codes.ts'
import type { PlanInput } from '../server/activity/contract.ts'
import { decideLeave, decideMakeUp, handInMakeUp, requestLeave } from '../server/activity/leave-actions.ts'
import { activitySettings, minutesParts } from '../server/activity/settings.ts'
import { findLeave, listMakeUps } from '../server/activity/attendance-store.ts'
import { openTheme } from '../server/activity/series-rules.ts'
import { findActivity } from '../server/activity/store.ts'
import type { Tx } from '../server/kit/sql.ts'
import type { CastGroup, CastMember } from './cast.ts'
import { demoStartDay } from './days.ts'
import { arrangedKey, lastFriday, organiserOf, presentPeople, type Scene } from './scene.ts'
import { tellSeries } from './series.ts'
import { groupThemes, minutesText, readings } from './texts.ts'

interface Idea {
  kind: string
  scope: PlanInput['scope']
  groupKey: string | null
  unitId: string | null
  theme: string
  day: LocalDate
  start: string
  end: string
  place: string
  form?: string
  tags?: string[]
  speaks: boolean
}

/** On Mondays (or the first school day of the week) the week is planned; what is due today is held. */
export async function tellActivities(scene: Scene): Promise<void> {
  const { calendar, day, weekday, memory } = scene
  const isFirstOfWeek = [...Array(weekday - 1).keys()].every(
    (back) => !isSchoolDay(calendar, addDays(day, -1 - back)),
  )
  if (isFirstOfWeek) {
    await tellSeries(scene)
    await planWeek(scene)
  }
  await tellMovedActivity(scene)
  for (const entry of memory.planned.get(day) ?? []) await scene.attempt(() => hold(scene, entry))
  memory.planned.delete(day)
  await tellMakeUps(scene)
}

/** Plans what the school holds in the week of the scene and is not there yet. */
export async function planWeek(scene: Scene): Promise<void> {
  const monday = addDays(scene.day, 1 - scene.weekday)
  for (const idea of ideasOfWeek(scene)) {
    if (!scene.memory.arranged.has(arrangedKey(monday, idea))) await scene.attempt(() => plan(scene, idea))
    else await scene.attempt(() => settleTurn(scene, idea))
  }
}

/** What the school holds this week, by its own regime. */
function ideasOfWeek(scene: Scene): Idea[] {
  const { school, week, chance, term } = scene
  const { cast } = school
  const ideas: Idea[] = []
  const theme = (bank: string) => chance.pick(groupThemes[bank] ?? groupThemes.全校 ?? [])
  const inGroup = (group: CastGroup, part: Partial<Idea> & { kind: string }) => {
    const day = dayInWeek(scene, group.weekday)
    if (!day) return
    ideas.push({
      scope: 'group',
      groupKey: group.key,
      unitId: school.groupIds[group.key] ?? null,
      theme: theme(group.themes),
      day,
      start: '14:30',
      end: '16:00',
      place: group.place,
      speaks: true,
      ...part,
    })
  }
  const inSchool = (kind: string, themeText: string, part: Partial<Idea> = {}) => {
    const day = dayInWeek(scene, cast.studyDay)
    if (!day) return
    ideas.push({
      kind,
      scope: 'organisation',
      groupKey: null,
      unitId: null,
      theme: themeText,
      day,
      start: '15:30',
      end: '17:00',
      place: '多功能厅',
      speaks: false,
      ...part,
    })
  }
  const meeting = (name: string) => {
    const day = dayInWeek(scene, 1) ?? dayInWeek(scene, 2)
    if (!day) return
    ideas.push({
      kind: 'leadingGroupMeeting',
      scope: 'body',
      groupKey: null,
      unitId: school.leadingGroupId,
      theme: `${name}研修工作专题会议`,
      day,
      start: '11:00',
      end: '11:45',
      place: '校长室',
      speaks: false,
    })
  }
  if (cast.key === 'xinglong') {
    const forms = [
      'lecture',
      'jointPreparation',
      'caseDiscussion',
      'teachingDiagnosis',
      'lessonObservation',
      'informationExchange',
      'resultShowing',
      'resourceDevelopment',
    ]
    for (const [index, group] of cast.groups.entries()) {
      if (week % 2 === 0)
        inGroup(group, {
          kind: 'teamStudy',
          form: forms[(week / 2 + index) % forms.length] ?? 'lecture',
          tags: ['newCurriculum'],
        })
      // The third group lets the month of November slip.
      else if (week % 4 === 1 && !(index === 2 && week === 9 && term.number === 1)) {
        const reading = readings[(week + index * 3) % 8]
        inGroup(group, {
          kind: 'theoryStudy',
          theme: `共读：${reading?.content.replace(/^读|^学习/, '') ?? '专业书'}`,
          // Later the groups have learnt that reading together is one of the eight forms as well.
          ...(scene.day >= demoStartDay ? { form: 'informationExchange' } : {}),
          tags: ['newIdeas'],
        })
      }
    }
    if (week === 2) meeting('期初')
    if (week === 11) meeting('期中')
    if (week === weeksOf(scene) - 1) meeting('期末')
    if (week === 3) inSchool('theoryStudy', '全校理论学习：新课程方案与学校实施', { tags: ['newIdeas'] })
    if (week === 7)
      inSchool('networkTraining', '国家中小学智慧教育平台的课堂应用', {
        tags: ['newTechnology'],
        place: '计算机教室',
      })
    if (week === 13) inSchool('schoolStudy', '师德专题：身边的教育故事', { tags: ['ethics'] })
  }
  if (cast.key === 'xinhongqiao') {
    for (const group of cast.groups)
      inGroup(group, { kind: week % 2 === 0 ? 'themedDiscussion' : 'groupResearch' })
    if (week === 4) inSchool('schoolStudy', theme('全校'))
    if (week === 12) inSchool('expertLecture', '专家讲座：听懂学生的话——课堂观察入门')
  }
  if (cast.key === 'baihe') {
    for (const group of cast.groups) {
      if (week % 2 === 1) inGroup(group, { kind: week % 4 === 1 ? 'jointPreparation' : 'professionalStudy' })
      else if (week % 6 === 0)
        inGroup(group, { kind: 'topicResearch', theme: `课题研讨：${theme(group.themes)}` })
    }
    if (week % 4 === 2)
      inSchool(
        week % 8 === 2 ? 'ethicsStudy' : 'professionalStudy',
        week % 8 === 2 ? `师德学习：${theme('年级')}` : theme('全校'),
      )
  }
  return ideas
}

function weeksOf({ term }: Scene): number {
  return Math.round((Date.parse(lastFriday(term)) - Date.parse(term.from)) / (7 * 86_400_000)) + 1
}

/** The weekday of this week, or the next school day after it in the same week; none when holidays eat them all. */
function dayInWeek({ calendar, day, weekday }: Scene, wanted: number): LocalDate | undefined {
  const monday = addDays(day, 1 - weekday)
  for (let number = Math.max(wanted, weekday); number <= 5; number++) {
    const candidate = addDays(monday, number - 1)
    if (isSchoolDay(calendar, candidate)) return candidate
  }
  return undefined
}

async function plan(scene: Scene, idea: Idea): Promise<void> {
  const { tx, school, actors, memory, day } = scene
  const organiser = organiserOf(scene, idea.groupKey, idea.scope)
  if (!organiser) return
  const planner = await actors.as(tx, school.personIds[organiser.key] ?? '', '08:05')
  const proposed =
    idea.speaks && idea.unitId ? (await proposeSpeaker(planner, idea.unitId, idea.day)).speaker : undefined
  const hostId = school.personIds[organiser.key] ?? null
  const { id } = await planActivity(planner, {
    scope: idea.scope,
    unitId: idea.unitId,
    kind: idea.kind,
    form: idea.form ?? '',
    contentTags: idea.tags ?? [],
    theme: idea.theme,
    content: `围绕“${idea.theme}”，先看材料，再讨论，最后定出下一步。`,
    place: idea.place,
    day: idea.day,
    startTime: idea.start,
    endTime: idea.end,
    hostId,
    speakerId: proposed?.personId ?? null,
    recorderId: null,
    agenda: [{ text: '中心发言' }, { text: '讨论' }, { text: '形成共识、布置下一步' }],
  })
  const speakerKey =
    school.cast.people.find((member) => school.personIds[member.key] === proposed?.personId)?.key ?? null
  const entry = { activityId: id, groupKey: idea.groupKey, speakerKey }
  scene.own.add(id)
  memory.planned.set(idea.day, [...(memory.planned.get(idea.day) ?? []), entry])
  if (idea.day === day) return
  await tellLeaves(scene, id, idea)
}

/** What a term's series left open is settled in the week itself: theme, form and content; then some ask for leave. */
async function settleTurn(scene: Scene, idea: Idea): Promise<void> {
  const { tx, school, actors, memory } = scene
  const entry = memory.planned.get(idea.day)?.find((one) => one.groupKey === idea.groupKey)
  const organiser = organiserOf(scene, idea.groupKey, idea.scope)
  if (!entry || !organiser || idea.groupKey === null) return
  const activity = await findActivity(tx, entry.activityId)
  if (activity?.status !== 'planned' || activity.seriesId === null || activity.content !== '') return
  const theme = activity.theme === openTheme ? idea.theme : activity.theme
  await changeActivity(await actors.as(tx, school.personIds[organiser.key] ?? '', '08:10'), {
    id: activity.id,
    theme,
    form: idea.form ?? '',
    contentTags: idea.tags ?? [],
    content: `围绕“${theme}”，先看材料，再讨论，最后定出下一步。`,
    agenda: [{ text: '中心发言' }, { text: '讨论' }, { text: '形成共识、布置下一步' }],
  })
  if (idea.day !== scene.day) await tellLeaves(scene, activity.id, idea)
}

function expectedPeople(
  { school, day }: Scene,
  groupKey: string | null,
  scope: PlanInput['scope'],
): CastMember[] {
  const people = presentPeople(school, day)
  if (groupKey) return people.filter((member) => member.group === groupKey)
  return scope === 'body' ? people.filter((member) => member.post !== null) : people
}

const leaveReasons = [
  ['sick', '发烧，去医院看病'],
  ['personal', '家中老人住院，需陪护'],
  ['duty', '到区里参加骨干教师培训'],
  ['personal', '孩子家长会'],
  ['duty', '带学生参加区运动会'],
] as const

/** Some ask for leave before the day, with a reason, and 教导处 decides. */
async function tellLeaves(scene: Scene, activityId: string, idea: Idea): Promise<void> {
  const { tx, school, chance, actors } = scene
  const office = school.cast.people.find((member) => member.post === 'academicOffice')
  if (!office || idea.scope === 'body') return
  for (const member of expectedPeople(scene, idea.groupKey, idea.scope)) {
    if (member.post !== null || !chance.happens(0.025)) continue
    const [kind, reason] = chance.pick(leaveReasons)
    const { id } = await requestLeave(await actors.as(tx, school.personIds[member.key] ?? '', '09:40'), {
      activityId,
      kind,
      reason,
    })
    await decideLeave(await actors.as(tx, school.personIds[office.key] ?? '', '11:20'), {
      id,
      grant: true,
      note: '',
    })
    scene.tally.leaves++
  }
}

/** The activity itself: started, signed in by scanning, minutes written, closed. */
async function hold(
  scene: Scene,
  entry: { activityId: string; groupKey: string | null; speakerKey: string | null },
): Promise<void> {
  const { tx, services, school, chance, actors, memory, day } = scene
  const activity = await findActivity(tx, entry.activityId)
  if (!activity || activity.status !== 'planned') return
  const organiser = organiserOf(scene, entry.groupKey, activity.scope)
  if (!organiser) return
  const organiserId = school.personIds[organiser.key] ?? ''
  const start = new Date(activity.startsAt.getTime() - 6 * 60_000)
  const at = (base: Tx, now: Date): Tx => ({ ...base, now })
  await startActivity(at(await actors.as(tx, organiserId, '08:00'), start), activity.id)
  for (const member of expectedPeople(scene, entry.groupKey, activity.scope)) {
    const personId = school.personIds[member.key] ?? ''
    // Whoever runs it is there; others as is their way.
    const comes =
      member.key === organiser.key ||
      member.key === entry.speakerKey ||
      chance.happens(0.9 + member.diligence * 0.095)
    const isOnLeave = await hasLeave(scene, activity.id, personId)
    if (!comes || isOnLeave) {
      memory.makeUps.push({
        activityId: activity.id,
        memberKey: member.key,
        on: addDays(day, chance.between(3, 12)),
      })
      continue
    }
    const minutesAfter = chance.happens(member.punctuality) ? chance.between(-5, 8) : chance.between(11, 25)
    const now = new Date(activity.startsAt.getTime() + minutesAfter * 60_000 + chance.between(0, 59) * 1000)
    const token = tokenFor(services.secret, { activityId: activity.id, window: windowOf(now) })
    await signIn(at(await actors.as(tx, personId, '08:00'), now), services.secret, { token })
    scene.tally.attendances++
  }
  const end = new Date(activity.endsAt.getTime() + chance.between(0, 6) * 60_000)
  const closing = at(await actors.as(tx, organiserId, '08:00'), end)
  const speaker = school.cast.people.find((member) => member.key === entry.speakerKey)
  const parts = minutesParts(await activitySettings(tx, day), activity.kind)
  await saveMinutes(closing, {
    id: activity.id,
    version: activity.minutesVersion,
    parts: Object.fromEntries(
      parts
        .filter((part) => part.required)
        .map((part) => [
          part.id,
          minutesText(chance, part.label, activity.theme, speaker?.name ?? organiser.name),
        ]),
    ),
  })
  await closeActivity(closing, { id: activity.id })
  scene.tally.activities++
}

async function hasLeave({ tx }: Scene, activityId: string, personId: string): Promise<boolean> {
  const leave = await findLeave(tx, { activityId, personId, seen: true })
  return leave?.status === 'granted' || leave?.status === 'asked'
}

/** What was missed is made up by most: notes handed in, confirmed by the leader. */
async function tellMakeUps(scene: Scene): Promise<void> {
  const { tx, school, day, chance, actors, memory } = scene
  const due = memory.makeUps.filter((makeUp) => makeUp.on <= day)
  memory.makeUps = memory.makeUps.filter((makeUp) => makeUp.on > day)
  for (const pending of due) {
    const member = presentPeople(school, day).find((one) => one.key === pending.memberKey)
    if (!member || !chance.happens(member.diligence * 0.95)) continue
    const personId = school.personIds[member.key] ?? ''
    const makeUp = (await listMakeUps(tx, { personId })).find(
      (one) => one.activityId === pending.activityId && one.status === 'due',
    )
    if (!makeUp) continue
    const minutes = chance.pick([45, 60, 90])
    await scene.attempt(async () => {
      await handInMakeUp(await actors.as(tx, personId, '19:30'), {
        id: makeUp.id,
        note: `补看了活动记录和材料《${makeUp.theme}》。印象最深的是先让学生说完再评，准备在自己班上试两周，把学生的原话记下来。`,
        minutes,
      })
      scene.own.add(makeUp.id)
      await confirmMakeUp(scene, { ...makeUp, member }, '20:40')
    })
  }
}

/** By the leader of the group whose activity it was, 教导处 for the whole school's, the principal for 教导处's own. */
export async function confirmMakeUp(
  scene: Scene,
  { id, scope, member }: { id: string; scope: string; member: CastMember },
  time: string,
): Promise<void> {
  const { tx, school, actors } = scene
  const leader = scope === 'group' ? organiserOf(scene, member.group, 'group') : undefined
  const office = school.cast.people.find(
    (one) => one.post === (member.post === 'academicOffice' ? 'principal' : 'academicOffice'),
  )
  const decider = leader && leader.key !== member.key ? leader : office
  if (!decider || decider.key === member.key) return
  await decideMakeUp(await actors.as(tx, school.personIds[decider.key] ?? '', time), { id, confirm: true })
  scene.tally.makeUps++
}

/**
 * One activity is moved by a holiday: 数学教研组 of 兴隆小学 had planned its usual Wednesday before the notice came that
 * the first of October begins the holidays; it is held a day earlier and still counts for its own week.
 */
async function tellMovedActivity(scene: Scene): Promise<void> {
  const { tx, school, day, actors, memory } = scene
  if (school.cast.key !== 'xinglong') return
  const leader = school.cast.people.find(
    (member) => member.group === 'maths' && member.post === 'groupLeader',
  )
  const personId = school.personIds[leader?.key ?? ''] ?? ''
  if (day === '2025-09-22') {
    const planner = await actors.as(tx, personId, '08:20')
    const { id } = await planActivity(planner, {
      scope: 'group',
      unitId: school.groupIds.maths ?? null,
      kind: 'teamStudy',
      form: 'lessonObservation',
      contentTags: ['newCurriculum'],
      theme: '看一节“用字母表示数”',
      content: '先听课，再对照课标评课。',
      place: '三楼数学办公室',
      day: '2025-10-01',
      startTime: '14:30',
      endTime: '16:00',
      hostId: personId,
      speakerId:
        (await proposeSpeaker(planner, school.groupIds.maths ?? '', '2025-10-01')).speaker?.personId ?? null,
      recorderId: null,
    })
    memory.planned.set('2025-10-01', [{ activityId: id, groupKey: 'maths', speakerKey: null }])
  }
  if (day === '2025-09-26') {
    const entry = memory.planned.get('2025-10-01')?.[0]
    if (!entry) return
    await moveActivity(await actors.as(tx, personId, '16:10'), {
      id: entry.activityId,
      day: '2025-09-30',
      reason: '10月1日国庆节放假，提前一天举行。',
    })
    memory.planned.delete('2025-10-01')
    memory.planned.set('2025-09-30', [...(memory.planned.get('2025-09-30') ?? []), entry])
  }
}
