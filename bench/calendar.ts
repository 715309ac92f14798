import { createApp } from '../server/app.ts'
import { systemActor } from '../server/kit/services.ts'
import { rebuildOrganisation } from '../server/regime/actions.ts'
import { proposeSlot } from '../server/slot/actions.ts'
import { replaceLessons } from '../server/slot/store.ts'
import { fillRecords } from './fill-records.ts'
import { loadDistrict } from './load.ts'
import { type Bench, measure, percentile, row, type Table } from './measure.ts'
import { ask, openUsers } from './pages.ts'
import { openPlace } from './place.ts'

const actor = systemActor('bench')
const term = { from: '2026-08-31', to: '2027-01-17' }

/** The calendar of a whole term of a school with 120 people: activities, fixed times, duties, and the feed behind an address. */
export async function measureCalendar({ small, folder, say }: Bench): Promise<Table[]> {
  const place = await openPlace(folder, 'calendar')
  const { services } = place
  try {
    const size = { schools: 1, teachersPerSchool: 120, factsPerTeacher: small ? 60 : 300, days: 1800 }
    say('载入一所 120 人的学校…')
    const district = await loadDistrict(services, place.ownerConnection, size, say)
    const school = district.schools[0]
    if (!school) throw new Error('no school was loaded')
    await fillRecords(place.ownerConnection, school)
    await services.inOrganisation(school.id, actor, async (tx) => {
      for (const [index, unitId] of school.groupIds.entries())
        await proposeSlot(tx, {
          unitId,
          weekday: (index % 5) + 1,
          dayPart: 'afternoon',
          firstPeriod: 5 + (index % 3),
          lastPeriod: 6 + (index % 3),
          from: term.from,
        })
      await replaceLessons(
        tx,
        '2026-2027-1',
        school.personIds.flatMap((personId, at) =>
          [1, 2, 3, 4, 5].flatMap((weekday) =>
            [1, 2, 3].map((step) => ({
              personId,
              weekday,
              period: ((at + step * 2) % 8) + 1,
              parity: 'every' as const,
              what: '三（1）班语文',
            })),
          ),
        ),
      )
    })
    await rebuildOrganisation(services, school.id, actor)
    const app = await createApp(services)
    const users = await openUsers(services, app, district)
    const runs = small ? 20 : 100
    const rows = []
    for (const user of users.filter((one) => !one.roles.includes('districtOfficer'))) {
      for (const [what, input] of [
        ['全校整学期', { scope: 'school', ...term }],
        ['我的整学期', { scope: 'mine', ...term }],
        ['全校一周', { scope: 'school', from: '2026-11-16', to: '2026-11-22' }],
      ] as const) {
        const answer = await ask(app, user, 'agenda/getAgenda', input)
        if (answer.statusCode !== 200) throw new Error(`${user.who}: ${answer.body}`)
        const { items } = answer.json() as { items: unknown[] }
        const sample = await measure(runs, () => ask(app, user, 'agenda/getAgenda', input))
        rows.push(
          row(`${user.who}，${what}（${items.length} 项）`, percentile(sample, 0.95), 'ms', { atMost: 50 }),
        )
      }
    }
    const office = users.find((one) => one.roles.includes('academicOffice'))
    if (office) {
      const sample = await measure(runs, () => ask(app, office, 'slot/listSlots', {}))
      rows.push(row('教导主任，固定时间和全部冲突', percentile(sample, 0.95), 'ms', { atMost: 50 }))
    }
    await app.close()
    return [
      {
        title: `日程：120 人的学校、${school.groupIds.length} 个组，服务端给出数据的用时（p95）`,
        rows,
        notes: [`每项 ${runs} 次，进程内请求（不含网络），含查会话与事务`],
      },
    ]
  } finally {
    await place.stop()
  }
}
