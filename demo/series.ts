import { addDays, mondayOf } from '../engine/days.ts'
import { weekOf } from '../engine/periods.ts'
import { createSeries, getSeries, swapTurns } from '../server/activity/series-actions.ts'
import { listTermActivities } from '../server/activity/series-store.ts'
import type { CastSchool } from './cast.ts'
import { createChance, seedOf } from './chance.ts'
import { arrangedKey, organiserOf, type Scene } from './scene.ts'
import { groupThemes } from './texts.ts'

/** The term whose activities one group of each school lays out in one step, and the week in which two change turns. */
const seriesTerm = '2026-2027-1'
const swapWeek = 5
/** So many themes stand when the term begins; the later ones follow week by week. */
const themesAhead = 13

/** Which group, in which weeks, with which kind of activity; `swap`: why two of its members changed their turns. */
const series: Record<
  CastSchool['key'],
  { group: string; parity: 'every' | 'odd' | 'even'; kindOf: (week: number) => string; swap: string }
> = {
  xinglong: {
    group: 'maths',
    parity: 'even',
    kindOf: () => 'teamStudy',
    swap: '那天带学生参加区数学节，对调一次。',
  },
  xinhongqiao: {
    group: 'mathsLower',
    parity: 'every',
    kindOf: (week) => (week % 2 === 0 ? 'themedDiscussion' : 'groupResearch'),
    swap: '下周要上公开课，先把发言的次序对调。',
  },
  baihe: {
    group: 'mathsUpper',
    parity: 'odd',
    kindOf: (week) => (week % 4 === 1 ? 'jointPreparation' : 'professionalStudy'),
    swap: '要去进修学校培训，与同组老师对调。',
  },
}

/** In the first week of the term the leader lays all activities out, with the rotation of speakers; later two change turns. */
export async function tellSeries(scene: Scene): Promise<void> {
  if (scene.term.id !== seriesTerm) return
  if (scene.week === 1) await layOut(scene)
  if (scene.week === swapWeek) await swap(scene)
}

async function layOut(scene: Scene): Promise<void> {
  const { tx, school, calendar, actors, memory } = scene
  const plan = series[school.cast.key]
  const group = school.cast.groups.find((one) => one.key === plan.group)
  const leader = organiserOf(scene, plan.group, 'group')
  const unitId = school.groupIds[plan.group]
  if (!group || !leader || !unitId) return
  const leaderId = school.personIds[leader.key] ?? ''
  const planner = await actors.as(tx, leaderId, '07:50')
  const { proposal } = await getSeries(planner, {
    unitId,
    termId: seriesTerm,
    weekday: group.weekday,
    parity: plan.parity,
  })
  const weekdays = (proposal?.rows ?? []).flatMap((row) => {
    const week = weekOf(calendar, row.movedFrom ?? row.day)?.number
    return week === undefined ? [] : [{ ...row, week }]
  })
  // A chance of its own, so that the rest of the year is told as it was.
  const themes = createChance(seedOf(`series ${school.cast.key}`)).shuffle(groupThemes[group.themes] ?? [])
  await createSeries(planner, {
    unitId,
    termId: seriesTerm,
    weekday: group.weekday,
    parity: plan.parity,
    startTime: '14:30',
    endTime: '16:00',
    place: group.place,
    hostId: leaderId,
    rows: weekdays.map((row, index) => ({
      day: row.day,
      movedFrom: row.movedFrom,
      kind: plan.kindOf(row.week),
      theme: row.week <= themesAhead ? (themes[index % themes.length] ?? '') : '',
      speakerId: row.speaker?.id ?? null,
    })),
  })
  const keys = new Map(Object.entries(school.personIds).map(([key, id]) => [id, key]))
  for (const line of await listTermActivities(tx, unitId, scene.term)) {
    const entry = {
      activityId: line.id,
      groupKey: plan.group,
      speakerKey: line.speakerId === null ? null : (keys.get(line.speakerId) ?? null),
    }
    scene.own.add(line.id)
    memory.planned.set(line.heldOn, [...(memory.planned.get(line.heldOn) ?? []), entry])
    for (const day of [line.heldOn, line.movedFrom])
      if (day) memory.arranged.add(arrangedKey(mondayOf(day), { unitId, scope: 'group', kind: line.kind }))
  }
}

/** The next two speakers after the coming week change their turns. */
async function swap(scene: Scene): Promise<void> {
  const { tx, school, actors, memory, day } = scene
  const plan = series[school.cast.key]
  const leader = organiserOf(scene, plan.group, 'group')
  const unitId = school.groupIds[plan.group]
  if (!leader || !unitId) return
  const coming = (await listTermActivities(tx, unitId, scene.term)).filter(
    (line) => line.status === 'planned' && line.heldOn > addDays(day, 10) && line.speakerId !== null,
  )
  const [one, other] = coming
  if (!one || !other || one.speakerId === other.speakerId) return
  await swapTurns(await actors.as(tx, school.personIds[leader.key] ?? '', '11:30'), {
    activityId: one.id,
    withActivityId: other.id,
    reason: plan.swap,
  })
  const entryOf = (line: typeof one) =>
    memory.planned.get(line.heldOn)?.find((entry) => entry.activityId === line.id)
  const [first, second] = [entryOf(one), entryOf(other)]
  if (first && second) [first.speakerKey, second.speakerKey] = [second.speakerKey, first.speakerKey]
}
