import { assignDuty, deliverSupply, registerItem, requestSupply } from '../server/duty/actions.ts'
import { addBodyRule, saveBody } from '../server/duty/body-actions.ts'
import { addTraining, confirmGrowth, proposeGrowth } from '../server/duty/growth-actions.ts'
import type { Services } from '../server/kit/services.ts'
import type { Tx } from '../server/kit/sql.ts'
import { createUnit } from '../server/org/actions.ts'
import { setLeader } from '../server/org/unit-actions.ts'
import type { CastMember } from './cast.ts'
import type { ToldDistrict, ToldSchool } from './founding.ts'
import { presentPeople } from './scene.ts'
import { createActors, tellIn } from './telling.ts'

/** Bodies with their papers, duties down to the groups, rooms and supplies, the pool: three schools, none complete. */
export async function tellDuties(services: Services, district: ToldDistrict): Promise<void> {
  for (const [place, school] of district.schools.entries()) await tellSchool(services, school, place)
}

async function tellSchool(services: Services, school: ToldSchool, place: number): Promise<void> {
  const actors = createActors()
  const idOf = (member: CastMember | undefined) => school.personIds[member?.key ?? ''] ?? ''
  const people = () => presentPeople(school, '2026-11-17')
  const head = (post: NonNullable<CastMember['post']>) => idOf(people().find((one) => one.post === post))
  const leaders = () => people().filter((one) => one.post === 'groupLeader')
  const teachers = () => people().filter((one) => one.post === null && one.staffKind === 'teaching')
  const tell = (day: string, time: string, who: () => string, work: (tx: Tx) => Promise<unknown>) =>
    tellIn(services, school.id, day, time, async (tx) => work(await actors.as(tx, who(), time)))
  const principal = () => head('principal')
  const office = () => head('academicOffice')

  await tell('2025-09-02', '09:10', principal, async (tx) => {
    await saveBody(tx, {
      unitId: school.leadingGroupId,
      from: '2025-09-01',
      to: '2028-07-31',
      regulationId: null,
      paper: `关于成立校本研修领导小组的通知（校发〔2025〕${place + 7} 号）`,
    })
    // Where the regime itself wants the heads of groups, its own rule is offered instead of the usual one.
    const rule = school.cast.regimeId === 'baihe-5' ? 'baihe-5-14:教研组长' : 'groupLeaders'
    await addBodyRule(tx, { unitId: school.leadingGroupId, rule })
  })
  // The second school has put this off.
  if (place !== 1)
    await tell('2025-09-05', '10:00', principal, async (tx) => {
      const name = school.cast.key === 'xinhongqiao' ? '教学研究小组' : '研修考核小组'
      const unitId = await createUnit(tx, { kind: 'body', name, from: tx.today })
      await setLeader(tx, { unitId, personId: office(), from: tx.today, title: '组长' })
    })
  await tell('2025-09-08', '14:20', office, async (tx) => {
    for (const [kind, name, where, note] of [
      ['venue', '研修活动室', '综合楼三楼', '40 个座位，有录播设备'],
      ['informationTechnology', '录播教室', '教学楼二楼', '公开课录像当天可看'],
      ['resourceLibrary', '教师书屋', '综合楼二楼', '教育类图书 1260 册'],
    ] as const)
      await registerItem(tx, { kind, name, place: where, note, from: '2025-09-01' })
  })
  await tell('2026-09-02', '15:10', principal, async (tx) => {
    const from = '2026-09-01'
    const three = school.cast.regimeId === 'xinhongqiao'
    const layer = (id: string, usual: string) => (three ? id : usual)
    await assignDuty(tx, {
      duty: three ? 'firstResponsible' : '',
      statement: '校本研修第一责任人，建立引导、激励和保障的办法',
      layer: layer('principal', 'principalLayer'),
      firstResponsible: true,
      holderKind: 'person',
      holderId: principal(),
      from,
    })
    for (const statement of ['制订学期研修计划，期中检查，期末总结', '组织全校研修活动，审核学时'])
      await assignDuty(tx, {
        statement,
        layer: layer('academicOffice', 'officeLayer'),
        holderKind: 'person',
        holderId: office(),
        from,
      })
    for (const leader of leaders().slice(0, place === 1 ? 3 : undefined))
      await assignDuty(tx, {
        statement: '组织本组研修活动，审阅组员的反思和听课记录',
        layer: layer('groupLeader', 'groupLayer'),
        holderKind: 'person',
        holderId: idOf(leader),
        from,
      })
  })
  const asking = teachers()[place + 2]
  if (asking) {
    const ask = async (day: string, what: string, neededOn: string) => {
      let id = ''
      await tell(
        day,
        '11:30',
        () => idOf(asking),
        async (tx) => {
          id = (await requestSupply(tx, { what, neededOn, purpose: '组内公开课' })).id
        },
      )
      return id
    }
    const board = await ask('2026-10-19', '磁性白板 2 块', '2026-10-23')
    await tell('2026-10-22', '16:00', office, (tx) => deliverSupply(tx, { supplyId: board, on: tx.today }))
    await ask('2026-11-16', '小组学具 12 套', '2026-11-20')
  }
  const [one, two, three] = teachers().filter((member) => member.diligence > 0.9)
  if (!one || !two || !three) return
  let candidate = ''
  await tell('2025-10-14', '15:00', office, async (tx) => {
    const level = 'district'
    const about = { word: 'backboneTeacher', level, from: '2025-10-10' }
    const title = await proposeGrowth(tx, {
      ...about,
      personIds: [idOf(one)],
      kind: 'title',
      proof: '区教育局 2025 年骨干教师评选文件',
    })
    const named = await proposeGrowth(tx, { ...about, personIds: [idOf(two)], kind: 'candidate' })
    candidate = named.ids[0] ?? ''
    const deciding = await actors.as(tx, principal(), '16:30')
    await confirmGrowth(deciding, { proposalIds: [...title.ids, ...named.ids] })
  })
  await tell('2026-04-16', '16:10', office, (tx) =>
    addTraining(tx, {
      proposalId: candidate,
      heldOn: '2026-04-15',
      what: '承担片区展示课一节，区教研员听评',
    }),
  )
  await tell('2026-11-12', '15:40', office, (tx) =>
    proposeGrowth(tx, {
      personIds: [idOf(three)],
      kind: 'candidate',
      word: 'backboneTeacher',
      level: 'district',
      from: '2026-11-10',
      proof: '连续两年研修考核优秀',
    }),
  )
}
