import { saveSpecialWeek } from '../server/calendar/weeks.ts'
import { giveOpinion, listMyBodies } from '../server/duty/opinion-actions.ts'
import { listProposals } from '../server/duty/store.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { addAreaSchools, createArea, setLeadSchool } from '../server/org/areas.ts'
import { saveCohort } from '../server/org/cohorts.ts'
import { decideCorrection, proposeCorrection } from '../server/org/corrections.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { createActors, tellIn } from './telling.ts'

/** Areas of the district; in the schools named weeks, saved conditions, corrections of own data, words of the leading group. */
export async function tellRegister(services: Services, district: ToldDistrict): Promise<void> {
  const actors = createActors()
  const [first, second, third] = district.schools
  await tellIn(services, district.id, '2025-09-03', '10:00', async (plain) => {
    const tx = await actors.as(plain, district.officerIds[0] ?? '', '10:00')
    for (const [name, schools] of [
      ['城东片区', [first, second]],
      ['城西片区', [third]],
    ] as const) {
      const unitId = await createArea(tx, { name, from: '2025-09-01' })
      const schoolIds = schools.flatMap((school) => (school ? [school.id] : []))
      await addAreaSchools(tx, { unitId, schoolIds, from: '2025-09-01' })
      await setLeadSchool(tx, { unitId, schoolId: schoolIds[0] ?? '' })
    }
  })
  for (const school of district.schools) await tellSchool(services, school)
}

async function tellSchool(services: Services, school: ToldSchool): Promise<void> {
  const actors = createActors()
  const idOf = (member: CastMember | undefined) => school.personIds[member?.key ?? ''] ?? ''
  const people = presentPeople(school, '2026-11-17')
  const office = idOf(people.find((one) => one.post === 'academicOffice'))
  const teachers = people.filter((one) => one.post === null && one.staffKind === 'teaching')
  const tell = <Result>(day: string, time: string, who: string, work: (tx: Tx) => Promise<Result>) =>
    tellIn(services, school.id, day, time, async (tx) => work(await actors.as(tx, who, time)))

  await tell('2026-09-03', '11:00', office, (tx) =>
    saveCohort(tx, {
      name: '青年教师',
      parts: [
        { subject: 'age', test: 'below', value: '35' },
        { subject: 'staffKind', test: 'is', value: 'teaching' },
      ],
    }),
  )
  const weeks: Record<string, { name: string; from: string; to: string; note: string }> = {
    xinglong: { name: '师徒活动周', from: '2026-11-23', to: '2026-11-29', note: '每对师徒至少一次听评课' },
    baihe: {
      name: '教研开放周',
      from: '2026-12-07',
      to: '2026-12-13',
      note: '每组一节开放课，周四下午集中研讨',
    },
  }
  const week = weeks[school.cast.key]
  if (week) await tell('2026-09-04', '15:30', office, (tx) => saveSpecialWeek(tx, week))

  const [settled, waiting] = [teachers[1], teachers[2]]
  const { id } = await tell('2026-10-12', '12:40', idOf(settled), (tx) =>
    proposeCorrection(tx, {
      attributes: { putonghuaLevel: '一级乙等' },
      from: '2026-10-10',
      note: '十月取得证书，复印件已交教导处',
    }),
  )
  await tell('2026-10-13', '08:50', office, (tx) => decideCorrection(tx, { id, accept: true }))
  await tell('2026-11-16', '17:20', idOf(waiting), (tx) =>
    proposeCorrection(tx, {
      attributes: { teachingStyle: '读写结合', degree: '教育硕士' },
      from: '2026-11-16',
      note: '今年七月在职毕业，学位证书可查',
    }),
  )

  // The second school has put off its review.
  if (school.cast.key === 'xinhongqiao') return
  const member = idOf(people.find((one) => one.post === 'groupLeader'))
  await tell('2026-11-12', '16:30', member, async (tx) => {
    const body = (await listMyBodies(tx)).find((one) => one.id === school.leadingGroupId)
    if (!body) return
    const enough = school.cast.key === 'baihe'
    await giveOpinion(tx, {
      proposalId: null,
      unitId: body.id,
      agrees: enough,
      note: enough ? '场地、设备、图书都够用。' : '录播教室周三两组同时要用，请再备一间。',
    })
    for (const proposal of await listProposals(tx))
      if (proposal.status === 'proposed' && proposal.kind !== 'step' && proposal.personId !== member)
        await giveOpinion(tx, {
          proposalId: proposal.id,
          unitId: body.id,
          agrees: true,
          note: '公开课和论文都达到要求。',
        })
  })
}
