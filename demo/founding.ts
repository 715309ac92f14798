import chineseDays from 'chinese-days'
import type { CalendarInput, LocalDate, TermInput } from '../engine/types.ts'
import { addDays, weekdayOf } from '../engine/days.ts'
import { createAccount, hashPassword } from '../server/access/actions.ts'
import { replaceSpecialDays, saveSchoolYear, saveTerm } from '../server/calendar/store.ts'
import { newId } from '../server/kit/ids.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import * as org from '../server/org/actions.ts'
import { adoptRegime } from '../server/regime/adoption.ts'
import { foundDistrictOffice } from './district-office.ts'
import { type CastMember, type CastSchool, demoPassword, districtName } from './cast.ts'
import { tellIn } from './telling.ts'

/** A school of the story with the ids that founding gave to its people and groups. */
export interface ToldSchool {
  cast: CastSchool
  id: string
  groupIds: Record<string, string>
  /** The leading group (领导小组), a body. */
  leadingGroupId: string
  personIds: Record<string, string>
  /** Keys of those who serve and are not on long leave, as the register says; without it the story knows. */
  present?: Set<string>
}
export interface ToldDistrict {
  id: string
  officerIds: string[]
  schools: ToldSchool[]
}

export const foundingDay: LocalDate = '2025-08-25'

const window = (from: LocalDate, to: LocalDate) => ({ from, to })
export const schoolYears: { id: string; from: LocalDate; to: LocalDate; terms: TermInput[] }[] = [
  {
    id: '2025-2026',
    from: '2025-09-01',
    to: '2026-07-10',
    terms: [
      term('2025-2026', 1, '2025-09-01', '2026-01-18', [
        '2025-09-01',
        '2025-09-21',
        '2025-11-03',
        '2025-11-23',
        '2025-12-29',
        '2026-01-18',
      ]),
      term('2025-2026', 2, '2026-03-02', '2026-07-05', [
        '2026-03-02',
        '2026-03-22',
        '2026-04-27',
        '2026-05-17',
        '2026-06-15',
        '2026-07-05',
      ]),
    ],
  },
  {
    id: '2026-2027',
    from: '2026-08-31',
    to: '2027-07-09',
    terms: [
      term('2026-2027', 1, '2026-08-31', '2027-01-17', [
        '2026-08-31',
        '2026-09-20',
        '2026-11-02',
        '2026-11-22',
        '2026-12-28',
        '2027-01-17',
      ]),
      term('2026-2027', 2, '2027-03-01', '2027-07-04', [
        '2027-03-01',
        '2027-03-21',
        '2027-04-26',
        '2027-05-16',
        '2027-06-14',
        '2027-07-04',
      ]),
    ],
  },
]

function term(
  year: string,
  number: 1 | 2,
  from: LocalDate,
  to: LocalDate,
  days: [string, string, string, string, string, string],
): TermInput {
  return {
    id: `${year}-${number}`,
    schoolYearId: year,
    number,
    name: `${year.replace('-', '—')}学年第${number === 1 ? '一' : '二'}学期`,
    from,
    to,
    windows: {
      opening: window(days[0], days[1]),
      middle: window(days[2], days[3]),
      closing: window(days[4], days[5]),
    },
  }
}

/** Statutory holidays and worked weekends as the library knows them. */
export function specialDaysBetween(from: LocalDate, to: LocalDate): CalendarInput['specialDays'] {
  const days: CalendarInput['specialDays'] = []
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const weekend = weekdayOf(day) > 5
    const name = chineseDays.getDayDetail(day).name.split(',')[1] ?? '节假日'
    if (!weekend && chineseDays.isHoliday(day)) days.push({ day, kind: 'holiday', name })
    if (weekend && chineseDays.isWorkday(day)) days.push({ day, kind: 'workday', name: `${name}调休` })
  }
  return days
}

/** Founds the district and its three schools: calendar, regime, units, staff, posts. */
export async function found(services: Services, cast: CastSchool[]): Promise<ToldDistrict> {
  const district: ToldDistrict = { id: newId(), officerIds: [], schools: [] }
  await tellIn(services, district.id, foundingDay, '08:00', async (tx) => {
    await org.createOrganisation(tx, {
      kind: 'district',
      name: `${districtName}教师研修中心`,
      districtId: null,
    })
    await keepCalendar(tx)
    for (const year of schoolYears)
      await adoptRegime(tx, { regimeId: 'yuyang-district', schoolYearId: year.id, from: year.from })
    const officers = [
      { staffNumber: 'QJY01', name: '方志远', title: '区教研室主任' },
      { staffNumber: 'QJY02', name: '程雅文', title: '区语文教研员' },
    ]
    for (const officer of officers) {
      const personId = await org.createPerson(tx, {
        staffNumber: officer.staffNumber,
        name: officer.name,
        from: '2018-09-01',
        attributes: {},
      })
      await org.appoint(tx, { personId, role: 'districtOfficer', title: officer.title, from: '2018-09-01' })
      district.officerIds.push(personId)
    }
    await foundDistrictOffice(tx, district.officerIds)
  })
  for (const school of cast) {
    const told: ToldSchool = { cast: school, id: newId(), groupIds: {}, personIds: {}, leadingGroupId: '' }
    await tellIn(services, told.id, foundingDay, '09:00', (tx) => foundSchool(tx, told, district.id))
    district.schools.push(told)
  }
  return district
}

async function keepCalendar(tx: Tx): Promise<void> {
  for (const { terms, ...year } of schoolYears) {
    await saveSchoolYear(tx, year)
    for (const one of terms) await saveTerm(tx, one)
  }
  const from = schoolYears[0]?.from ?? foundingDay
  // The library knows the statutory days of 2025 and 2026.
  await replaceSpecialDays(tx, { from, to: '2026-12-31' }, specialDaysBetween(from, '2026-12-31'))
}

async function foundSchool(tx: Tx, told: ToldSchool, districtId: string): Promise<void> {
  const { cast } = told
  const from: LocalDate = '2020-09-01'
  await org.createOrganisation(tx, { kind: 'school', name: cast.name, districtId })
  await keepCalendar(tx)
  for (const year of schoolYears)
    await adoptRegime(tx, { regimeId: cast.regimeId, schoolYearId: year.id, from: year.from })
  for (const group of cast.groups) {
    told.groupIds[group.key] = await org.createUnit(tx, {
      kind: 'teachingResearchGroup',
      name: group.name,
      subject: group.subject,
      from,
    })
  }
  told.leadingGroupId = await org.createUnit(tx, { kind: 'body', name: '校本研修领导小组', from })
  for (const member of cast.people)
    await hire(tx, told, member, member.joinedOn > from ? member.joinedOn : from)
  for (const member of cast.people) {
    const personId = told.personIds[member.key] ?? ''
    if (member.post) await org.addMember(tx, { unitId: told.leadingGroupId, personId, from })
    if (member.post === 'principal') {
      await org.appoint(tx, { personId, role: 'principal', title: '校长', from })
      await org.appoint(tx, { personId, role: 'administrator', title: '系统管理员', from })
      await org.appoint(tx, {
        personId,
        role: 'groupLeader',
        unitId: told.leadingGroupId,
        title: '领导小组组长',
        from,
      })
    }
    if (member.post === 'academicOffice') {
      await org.appoint(tx, { personId, role: 'academicOffice', title: '教导主任', from })
      await org.appoint(tx, {
        personId,
        role: 'deputyLeader',
        unitId: told.leadingGroupId,
        title: '领导小组副组长',
        from,
      })
    }
    if (member.post === 'researchOffice')
      await org.appoint(tx, { personId, role: 'researchOffice', title: '教科室主任', from })
    if (member.post === 'groupLeader' && member.group) {
      const unitId = told.groupIds[member.group] ?? ''
      const name = cast.groups.find((group) => group.key === member.group)?.name ?? ''
      await org.appoint(tx, { personId, role: 'groupLeader', unitId, title: `${name}组长`, from })
    }
  }
}

/** Takes a member of the cast onto the staff and into the group. */
async function hire(tx: Tx, told: ToldSchool, member: CastMember, from: LocalDate): Promise<void> {
  const personId = await org.createPerson(tx, {
    staffNumber: member.staffNumber,
    name: member.name,
    from,
    attributes: {
      gender: member.gender,
      birthDate: member.birthDate,
      staffKind: member.staffKind,
      joinedOn: member.joinedOn,
      ...(member.subject ? { subject: member.subject } : {}),
      ...(member.title ? { title: member.title } : {}),
      ...(member.staffKind === 'teaching' ? schoolingOf(member) : {}),
      ...(told.cast.key === 'baihe' ? { growthStep: growthStepOf(member, from) } : {}),
    },
  })
  told.personIds[member.key] = personId
  if (member.group) await org.addMember(tx, { unitId: told.groupIds[member.group] ?? '', personId, from })
}

/** What the register knows of a teacher's way into school: first appointment, degree, Putonghua. */
function schoolingOf(member: CastMember): Record<string, string> {
  const graduated = `${Number(member.birthDate.slice(0, 4)) + 22}-08-25`
  const number = Number(member.staffNumber.replace(/\D/g, ''))
  return {
    firstAppointedOn: graduated < member.joinedOn ? graduated : member.joinedOn,
    degree: number % 11 === 0 ? '硕士研究生' : number % 7 === 0 ? '大专' : '本科',
    putonghuaLevel: member.subject === '语文' ? '二级甲等' : '二级乙等',
  }
}

/** Where somebody stands on the five steps of 百合小学's regulation. */
export function growthStepOf(member: CastMember, on: LocalDate): string {
  if (member.title === '高级教师') return '知名'
  const years = Number(on.slice(0, 4)) - Number(member.joinedOn.slice(0, 4))
  return years < 3 ? '初任' : member.title === '一级教师' ? '骨干' : '胜任'
}

/** Opens an account for everybody: login name is the staff number, one password for all (it is a demo). */
export async function openAccounts(services: Services, district: ToldDistrict): Promise<void> {
  const passwordHash = await hashPassword(demoPassword)
  const open = (orgId: string, people: { personId: string; loginName: string }[]) =>
    tellIn(services, orgId, foundingDay, '12:00', async (tx) => {
      for (const person of people)
        await createAccount(tx, { ...person, passwordHash, mustChangePassword: false })
    })
  await open(
    district.id,
    district.officerIds.map((personId, index) => ({ personId, loginName: `qjy0${index + 1}` })),
  )
  for (const school of district.schools) {
    await open(
      school.id,
      school.cast.people.map((member) => ({
        personId: school.personIds[member.key] ?? '',
        loginName: member.staffNumber.toLowerCase(),
      })),
    )
  }
}
