import { addDays } from '../engine/days.ts'
import type { LocalDate } from '../engine/types.ts'
import { decideLeave } from '../server/activity/leave-actions.ts'
import { proposeSpecialDays } from '../server/calendar/holidays.ts'
import { saveSpecialDays } from '../server/calendar/actions.ts'
import { filePlan, fileWithDistrict, reviewPlan } from '../server/plan/actions.ts'
import { confirmMakeUp } from './activities.ts'
import type { CastMember } from './cast.ts'
import type { Waiting } from './recall.ts'
import type { Scene } from './scene.ts'

/** What the story left on desks goes on: leaves are decided, make-ups confirmed, papers reviewed and filed, also with the district. */
export async function tellWaiting(scene: Scene, waiting: Waiting): Promise<void> {
  const { tx, school, actors, day } = scene
  const holder = (post: CastMember['post']) => school.cast.people.find((member) => member.post === post)
  const office = holder('academicOffice')
  const principal = holder('principal')
  const as = (member: CastMember, time: string) => actors.as(tx, school.personIds[member.key] ?? '', time)
  if (!office || !principal) return
  for (const { id } of waiting.leaves) {
    const isDone = await scene.attempt(async () =>
      decideLeave(await as(office, '08:40'), { id, grant: true, note: '' }),
    )
    if (isDone) scene.tally.leaves++
  }
  for (const { id, scope, memberKey } of waiting.makeUps) {
    const member = school.cast.people.find((one) => one.key === memberKey)
    if (member) await scene.attempt(() => confirmMakeUp(scene, { id, scope, member }, '12:30'))
  }
  for (const paper of waiting.papers) {
    if (paper.status === 'filed') {
      if (addDays(paper.on, 14) > day) continue
      const number = `云岭研备〔${day.slice(0, 4)}〕${scene.chanceOf(`district ${paper.title}`).between(11, 89)}号`
      await scene.attempt(async () =>
        fileWithDistrict(await as(office, '15:30'), { id: paper.id, number, on: day }),
      )
      continue
    }
    // Three days on a desk is what papers take here.
    if (addDays(paper.on, 3) > day) continue
    const isFiled = await scene.attempt(async () => {
      if (paper.status === 'submitted')
        await reviewPlan(await as(office, '14:20'), { id: paper.id, opinion: '同意。' })
      await filePlan(await as(principal, '16:05'), { id: paper.id, opinion: '' })
    })
    if (isFiled) scene.tally.papers++
  }
}

const noticeDay: LocalDate = '2026-12-01'

/** At the turn of the year the holidays of 2027 are entered; days that somebody has entered already stay. */
export async function tellHolidays(scene: Scene): Promise<void> {
  const { tx, school, calendar, actors, day, term } = scene
  const office = school.cast.people.find((member) => member.post === 'academicOffice')
  const year = calendar.schoolYears.find((one) => one.id === term.schoolYearId)
  if (day !== noticeDay || !office || !year) return
  const known = calendar.specialDays.filter((one) => one.day >= year.from && one.day <= year.to)
  const proposed = [
    ...proposeSpecialDays(year).days.map(({ day: on, kind, name }) => ({ day: on, kind, name })),
    // 1 and 2 May fall on a weekend and are taken on the next working days.
    { day: '2027-05-03', kind: 'holiday' as const, name: '劳动节补假' },
    { day: '2027-05-04', kind: 'holiday' as const, name: '劳动节补假' },
  ]
  const days = [...known, ...proposed.filter((one) => !known.some((other) => other.day === one.day))]
  await scene.attempt(async () =>
    saveSpecialDays(await actors.as(tx, school.personIds[office.key] ?? '', '09:00'), {
      schoolYearId: year.id,
      days: days.sort((one, other) => (one.day < other.day ? -1 : 1)),
    }),
  )
}
