import { addDays } from '../engine/days.ts'
import type { LocalDate } from '../engine/types.ts'
import { recordTitle } from '../server/duty/title-actions.ts'
import type { Services } from '../server/kit/services.ts'
import { sql, type Tx } from '../server/kit/sql.ts'
import { addTrainer, takeOffer } from '../server/trainer/actions.ts'
import { rate, recordContribution } from '../server/trainer/contribution-actions.ts'
import { approveInvitation, invite, refuseInvitation } from '../server/trainer/invitation-actions.ts'
import type { TrainerKind, TrainerLevel } from '../server/trainer/words.ts'
import type { CastMember } from './cast.ts'
import { createChance } from './chance.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { createActors, tellIn } from './telling.ts'

interface Outsider {
  name: string
  kind: TrainerKind
  level: TrainerLevel
  employer: string
  field: string
  phone: string
}
const outsiders: Outsider[][] = [
  [
    {
      name: '沈文澜',
      kind: 'expert',
      level: 'city',
      employer: '清江师范学院教育系',
      field: '课堂观察、课例研究',
      phone: '13900000101',
    },
    {
      name: '郑以宁',
      kind: 'famousTeacher',
      level: 'province',
      employer: '清江市实验小学',
      field: '小学语文、习作教学',
      phone: '13900000102',
    },
  ],
  [
    {
      name: '龚叶青',
      kind: 'expert',
      level: 'province',
      employer: '省教育科学研究院',
      field: '学习评价、作业设计',
      phone: '13900000103',
    },
    {
      name: '卞思齐',
      kind: 'specialGradeTeacher',
      level: 'city',
      employer: '清江市师范附属小学',
      field: '小学数学',
      phone: '13900000104',
    },
  ],
  [
    {
      name: '欧阳静仪',
      kind: 'expert',
      level: 'city',
      employer: '清江师范学院心理系',
      field: '学习困难学生、家校沟通',
      phone: '13900000105',
    },
    {
      name: '尹存真',
      kind: 'subjectLeader',
      level: 'city',
      employer: '清江市第二实验小学',
      field: '小学英语、单元整体教学',
      phone: '13900000106',
    },
  ],
]
const praise = [
  '例子都是自己班上的，回去就能试。',
  '观察表很实用，希望发一份电子版。',
  '讲得清楚，要是能留时间提问更好。',
  '第二部分有点赶，想听细一点。',
  '对我这个学科也有用。',
  '希望下次来听一节我们组的课。',
]

/** The pool of trainers, advisers with their letters, lectures and guidance with what people thought of them. */
export async function tellTrainers(services: Services, district: ToldDistrict): Promise<void> {
  const actors = createActors()
  const [director = '', chinese = ''] = district.officerIds
  await tellIn(services, district.id, '2025-09-04', '10:00', async (tx) => {
    const as = await actors.as(tx, director, '10:00')
    const kind = 'researchOfficer' as const
    const shared = { kind, level: 'district' as const, offered: true }
    await addTrainer(as, { ...shared, personId: chinese, field: '小学语文、校本研修' })
    await addTrainer(as, { ...shared, personId: director, field: '研修制度、课题研究' })
    await addTrainer(as, {
      name: '汤晓岚',
      kind: 'famousTeacher',
      level: 'city',
      employer: '清江市教师发展中心',
      field: '名师工作室、青年教师培养',
      phone: '13900000107',
      offered: true,
    })
    const school = district.schools[1]
    const leader = school && presentPeople(school, '2025-09-04').find((one) => one.post === 'groupLeader')
    if (school && leader)
      await addTrainer(as, {
        home: { schoolId: school.id, personId: school.personIds[leader.key] ?? '' },
        kind: 'backbone',
        level: 'district',
        field: `小学${leader.subject}`,
        offered: true,
      })
  })
  for (const [place, school] of district.schools.entries())
    await tellSchool(services, school, { place, researcher: chinese, districtId: district.id })
}

async function tellSchool(
  services: Services,
  school: ToldSchool,
  at: { place: number; researcher: string; districtId: string },
): Promise<void> {
  const { place } = at
  const actors = createActors()
  const chance = createChance(8_100 + place)
  const people = presentPeople(school, '2026-11-17')
  const idOf = (member: CastMember | undefined) => school.personIds[member?.key ?? ''] ?? ''
  const head = (post: NonNullable<CastMember['post']>) => idOf(people.find((one) => one.post === post))
  const [principal, office] = [head('principal'), head('academicOffice')]
  const tell = <Result>(day: LocalDate, time: string, who: string, work: (tx: Tx) => Promise<Result>) =>
    tellIn(services, school.id, day, time, async (tx) => work(await actors.as(tx, who, time)))
  const offerId = await tellIn(services, at.districtId, '2025-09-05', '09:00', (tx) =>
    tx.one<{ id: string }>(
      sql`SELECT id FROM trainers WHERE org_id = ${tx.orgId} AND person_id = ${at.researcher}`,
    ),
  )

  const own = people.filter((one) => one.post === 'groupLeader').slice(0, 2)
  const [expert = '', second = '', taken = '', backbone = ''] = await tell(
    '2025-09-05',
    '14:20',
    office,
    async (tx) => {
      const ids: string[] = []
      for (const one of outsiders[place] ?? []) ids.push((await addTrainer(tx, one)).id)
      ids.push((await takeOffer(tx, { offerId: offerId.id })).id)
      for (const [index, one] of own.entries())
        ids.push(
          (
            await addTrainer(tx, {
              personId: idOf(one),
              kind: index === 0 ? 'subjectLeader' : 'backbone',
              level: index === 0 ? 'district' : 'school',
              field: `小学${one.subject}`,
            })
          ).id,
        )
      return ids
    },
  )
  const engage = async (trainerId: string, subject: string, day: LocalDate, to: LocalDate) => {
    const made = await tell(day, '15:10', office, (tx) =>
      invite(tx, { trainerId, kind: 'adviser', subject, from: day, to }),
    )
    await tell(addDays(day, 1), '08:40', principal, (tx) => approveInvitation(tx, { invitationId: made.id }))
  }
  await engage(taken, '校本研修辅导员', '2025-09-08', '2026-07-10')
  await engage(taken, '校本研修辅导员', '2026-09-01', '2027-07-09')
  if (place !== 2) await engage(expert, '校本研修顾问', '2026-09-08', '2027-07-09')

  const group = school.groupIds[own[0]?.group ?? ''] ?? null
  const guide = (day: LocalDate, trainerId: string, subject: string, fee: number | null) =>
    tell(day, '16:40', office, (tx) =>
      recordContribution(tx, {
        kind: 'guidance',
        trainerId,
        subject,
        heldOn: day,
        minutes: 90,
        unitId: group,
        guidanceKind: 'classroomTeaching',
        fee,
      }),
    )
  const given: { id: string; on: LocalDate; share: number }[] = []
  const keep = (made: { id: string }, on: LocalDate, share: number) => given.push({ id: made.id, on, share })
  keep(await guide('2025-11-20', taken, '听两节研究课并逐一评课', null), '2025-11-20', 0.8)
  keep(await guide('2026-04-09', second, '磨课：从三次试教看提问的变化', 600), '2026-04-09', 0.7)
  keep(await guide('2026-10-22', taken, '本学期研究主题的选题指导', null), '2026-10-22', 0.5)

  // Lectures stand in the calendar already; who gave them is said afterwards, nothing is typed again.
  const lectures = await tellIn(services, school.id, '2026-11-17', '17:40', (tx) =>
    tx.many<{ id: string; heldOn: LocalDate; unitId: string | null }>(sql`
      SELECT id, held_on, unit_id FROM activities WHERE org_id = ${tx.orgId} AND status = 'closed' AND trainer_id IS NULL
        AND (theme LIKE '%讲座%' OR scope = 'organisation')
      ORDER BY (theme LIKE '%讲座%') DESC, held_on DESC, id LIMIT 40`),
  )
  const recent = await tellIn(services, school.id, '2026-11-17', '17:40', (tx) =>
    tx.many<{ id: string; heldOn: LocalDate; unitId: string | null }>(sql`
      SELECT id, held_on, unit_id FROM activities WHERE org_id = ${tx.orgId} AND status = 'closed' AND trainer_id IS NULL
        AND held_on >= '2026-11-05' AND unit_id = ${group} ORDER BY held_on DESC, id LIMIT 1`),
  )
  const before = lectures.filter((one) => one.heldOn < '2026-11-04').slice(0, 3)
  for (const [index, one] of [...before, ...recent].entries()) {
    const trainerId = [expert, backbone, second, expert][index] ?? expert
    const isOwn = trainerId === backbone
    const day = one.heldOn
    const made = await tell(day, '17:50', office, (tx) =>
      recordContribution(tx, {
        kind: 'lecture',
        trainerId,
        activityId: one.id,
        fee: isOwn ? null : 1_000 + 200 * index,
      }),
    )
    keep(made, day, day >= '2026-11-04' ? 0.3 : 0.7)
  }

  for (const { id, on, share } of given) {
    const there = await tellIn(services, school.id, on, '18:00', (tx) =>
      tx.many<{ personId: string }>(sql`
        SELECT x.person_id FROM contributions c JOIN attendance x ON x.org_id = c.org_id AND x.activity_id = c.activity_id
        WHERE c.org_id = ${tx.orgId} AND c.id = ${id} AND x.status IN ('present', 'late')
        UNION SELECT m.person_id FROM contributions c JOIN memberships m ON m.org_id = c.org_id AND m.unit_id = c.unit_id
        WHERE c.org_id = ${tx.orgId} AND c.id = ${id} AND c.activity_id IS NULL AND m.from_on <= c.held_on
          AND (m.to_on IS NULL OR m.to_on >= c.held_on) ORDER BY 1`),
    )
    const owner = new Set(own.map(idOf))
    const sentences = chance.shuffle(praise)
    await tellIn(services, school.id, on, '20:10', async (tx) => {
      for (const { personId } of there.slice(0, 14)) {
        const stars = chance.happens(0.6) ? 5 : chance.happens(0.75) ? 4 : 3
        const speaks = chance.happens(0.2)
        if (owner.has(personId) || !chance.happens(share)) continue
        const as = await actors.as(tx, personId, '20:10')
        await rate(as, {
          contributionId: id,
          stars,
          sentence: speaks ? (sentences.pop() ?? '') : '',
        })
      }
    })
  }

  // What waits for the principal, and what he did not want.
  const declined = await tell('2026-10-12', '11:20', office, (tx) =>
    invite(tx, {
      trainerId: second,
      kind: 'lecture',
      subject: '一节好课的三次打磨',
      from: '2026-10-30',
      fee: 3_000,
    }),
  )
  await tell('2026-10-13', '08:30', principal, (tx) =>
    refuseInvitation(tx, { invitationId: declined.id, reason: '本学期经费已排满，请改到下学期' }),
  )
  await tell('2026-11-16', '15:30', office, (tx) =>
    invite(tx, {
      trainerId: second,
      kind: 'guidance',
      subject: '课题中期：怎样把做过的写清楚',
      from: '2026-11-27',
      place: '三楼会议室',
      fee: 500,
    }),
  )
  if (place !== 1)
    await tell('2026-01-12', '10:10', office, (tx) =>
      recordTitle(tx, {
        unitId: group,
        title: 'advancedGroup',
        level: 'district',
        grantedOn: '2026-01-09',
        proof: '区教师研修中心 2025 年先进教研组名单',
      }),
    )
}
