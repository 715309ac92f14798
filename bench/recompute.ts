import { createApp } from '../server/app.ts'
import { recordFacts } from '../server/facts/actions.ts'
import { newId } from '../server/kit/ids.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { recomputeMarked, rebuildOrganisation } from '../server/regime/actions.ts'
import { loadDistrict, type LoadedDistrict } from './load.ts'
import { type Bench, measure, percentile, row, type Sample, type Table } from './measure.ts'
import { ask, openUsers } from './pages.ts'
import { openPlace } from './place.ts'

const actor = systemActor('bench')

/** From a new fact to the findings on the boards, and a whole school anew. */
export async function measureRecompute({ small, folder, say }: Bench): Promise<Table[]> {
  const place = await openPlace(folder, 'recompute')
  const { services } = place
  try {
    const size = { schools: 1, teachersPerSchool: 120, factsPerTeacher: 150, days: 300 }
    const district = await loadDistrict(services, place.ownerConnection, size, say)
    const school = district.schools[0]
    if (!school) throw new Error('no school was loaded')
    await rebuildOrganisation(services, school.id, actor)
    say('一校重算…')
    const whole = await measure(small ? 3 : 7, () => rebuildOrganisation(services, school.id, actor))
    say('一人重算…')
    const one = await measure(small ? 20 : 100, async (run) => {
      const personId = school.personIds[run % school.personIds.length] ?? ''
      await services.inOrganisation(school.id, actor, (tx) =>
        recordFacts(tx, [
          {
            kind: 'study.logged',
            subject: { kind: 'person', id: personId },
            on: tx.today,
            quantity: 45,
            attributes: { studyKind: 'theory', hasExcerpt: true },
            source: { room: 'bench', id: newId() },
            key: newId(),
          },
        ]),
      )
      const began = performance.now()
      const follows = await recomputeMarked(services, school.id, actor)
      times.push(performance.now() - began)
      if (!follows) return
      const after = performance.now()
      await recomputeMarked(services, school.id, actor)
      schoolTimes.push(performance.now() - after)
    })
    const following = { sorted: schoolTimes.splice(0).sort((a, b) => a - b) }
    say('试算…')
    const trial = await measureTrial(services, district, small ? 3 : 10)
    const only = { sorted: times.splice(0).sort((a, b) => a - b) }
    return [
      {
        title: '重算：120 人的学校，一学年的事实',
        rows: [
          row('一名教师一条新事实后（p50）', percentile(only, 0.5), 'ms', { atMost: 10 }),
          row('一名教师一条新事实后（p95）', percentile(only, 0.95), 'ms'),
          ...(following.sorted.length > 0
            ? [row('　随后全校自己的职责（看每个人的事实，p50）', percentile(following, 0.5), 'ms')]
            : []),
          row('　连同写入和全校（p50）', percentile(one, 0.5), 'ms'),
          row('全校重算（p50）', percentile(whole, 0.5) / 1000, '秒', { atMost: 2 }),
          row('试算另一份制度，整个请求（最慢一次）', percentile(trial, 1) / 1000, '秒', { atMost: 3 }),
        ],
        notes: [
          `${district.facts.toLocaleString()} 条事实；一人重算含所在组的连带结论，全部落盘；全校的职责和报给区里的数字随后另算`,
        ],
      },
    ]
  } finally {
    await place.stop()
  }
}

/** Quite another regime tried on the school year of the whole school, as the office asks for it. */
async function measureTrial(services: Services, district: LoadedDistrict, runs: number): Promise<Sample> {
  const app = await createApp(services)
  try {
    const users = await openUsers(services, app, district)
    const office = users.find((user) => user.roles.includes('academicOffice'))
    if (!office) throw new Error('nobody is of the office')
    const made = await app.inject({
      method: 'POST',
      url: '/api/regimeDrafts/createDraft',
      headers: { cookie: office.cookie, 'idempotency-key': newId() },
      payload: { origin: 'preset:majiabao-plan' },
    })
    const { id } = made.json() as { id: string }
    return await measure(runs, async () => {
      const answer = await ask(app, office, 'regimeDrafts/getTrial', { id })
      if (answer.statusCode !== 200) throw new Error(answer.body)
    })
  } finally {
    await app.close()
  }
}

const times: number[] = []
const schoolTimes: number[] = []
