import { instantAt } from '../server/kit/dates.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { queryPublic, sql } from '../server/kit/sql.ts'
import { rebuildOrganisation } from '../server/regime/actions.ts'
import { sealAudit } from '../server/audit/actions.ts'
import type { DemoAccount } from '../server/demo/accounts.ts'
import { demoStartDay } from './days.ts'
import { tellActivitiesAhead } from './activity-ahead.ts'
import { tellCalendar } from './calendar.ts'
import { type CastMember, createCast, demoPassword, districtName } from './cast.ts'
import { tellDuties } from './duty.ts'
import { tellExchange } from './exchange.ts'
import { found, openAccounts, schoolYears, type ToldDistrict } from './founding.ts'
import { tellLessons } from './lesson.ts'
import { tellAttendance } from './attendance.ts'
import { tellLooseEnds } from './loose-ends.ts'
import { tellNeeds } from './need.ts'
import { tellNotices } from './notices.ts'
import { tellParticipation } from './participation.ts'
import { tellRegister } from './register.ts'
import { tellRegulations } from './regulations.ts'
import { tellDays } from './story.ts'
import { tellTeaching } from './teaching.ts'
import { tellTrainers } from './trainer.ts'

/** The demo's present: a Wednesday in the twelfth week; everything before it has been told. */
export const demoNow = instantAt(demoStartDay, '08:10')
const lastToldDay = '2026-11-17'

/**
 * Tells the demo district: one full school year and twelve weeks of the next, through the actions of real use, then
 * computes all findings once. Takes an empty database.
 */
export async function tellDemo(services: Services, say: (text: string) => void): Promise<void> {
  say('正在讲述演示区县的一学年：三所学校、204 位教职工…')
  const district = await found(services, createCast())
  await openAccounts(services, district)
  await tellDays(
    services,
    district,
    { from: schoolYears[0]?.from ?? '2025-09-01', to: lastToldDay },
    (month) => say(`　${month.slice(0, 4)} 年 ${Number(month.slice(5))} 月`),
  )
  await tellLooseEnds(services, district)
  await tellRegulations(services, district)
  await tellActivitiesAhead(services, district)
  await tellParticipation(services, district)
  await tellAttendance(services, district)
  await tellCalendar(services, district)
  await tellLessons(services, district)
  await tellTeaching(services, district)
  await tellNotices(services, district)
  await tellDuties(services, district)
  await tellRegister(services, district)
  await tellNeeds(services, district)
  await tellExchange(services, district)
  await tellTrainers(services, district)
  say('正在由事实计算全部结论…')
  await computeAll(services, district)
  await queryPublic(
    services.pool,
    sql`INSERT INTO server_settings (name, value) VALUES ('demoAccounts', ${JSON.stringify(accountsToShow(district))}::jsonb)`,
  )
}

/** Findings of both school years, as of the demo's present; then the first seals on the audit log. */
async function computeAll(services: Services, district: ToldDistrict): Promise<void> {
  const actor = systemActor('demo:story')
  services.clock.moveTo(demoNow)
  for (const school of district.schools)
    await rebuildOrganisation(services, school.id, actor, { years: 'all' })
  for (const orgId of [district.id, ...district.schools.map((school) => school.id)]) {
    await services.inOrganisation(orgId, actor, sealAudit)
  }
}

/** One account for each role worth looking at; everybody else's login name is the staff number. */
function accountsToShow(district: ToldDistrict): DemoAccount[] {
  const accounts: DemoAccount[] = [
    {
      loginName: 'qjy01',
      password: demoPassword,
      name: '方志远',
      role: '区教研室主任',
      organisation: `${districtName}教师研修中心`,
    },
  ]
  for (const school of district.schools) {
    const show = (member: CastMember | undefined, role: string) => {
      if (member)
        accounts.push({
          loginName: member.staffNumber.toLowerCase(),
          password: demoPassword,
          name: member.name,
          role,
          organisation: school.cast.name,
        })
    }
    const people = school.cast.people
    show(
      people.find((member) => member.post === 'principal'),
      '校长',
    )
    show(
      people.find((member) => member.post === 'academicOffice'),
      '教导主任',
    )
    show(
      people.find((member) => member.post === 'groupLeader' && member.group === 'maths') ??
        people.find((member) => member.post === 'groupLeader'),
      '教研组长',
    )
    const teachers = people.filter(
      (member) =>
        member.post === null &&
        member.staffKind === 'teaching' &&
        member.group !== null &&
        member.diligence > 0.9 &&
        member.diligence < 1,
    )
    // Rather one who still has something to do this week than one who is through with it.
    const isBusy = ({ staffNumber }: CastMember) =>
      Number(staffNumber.slice(2)) % 2 === 0 && Number(staffNumber.slice(2)) % 5 > 2
    show(teachers.find(isBusy) ?? teachers[0], '教师')
  }
  return accounts
}
