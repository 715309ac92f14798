import { createSeries, getSeries } from '../server/activity/series-actions.ts'
import { saveSchoolYear, saveTerm } from '../server/calendar/store.ts'
import { newId } from '../server/kit/ids.ts'
import { systemActor } from '../server/kit/services.ts'
import * as org from '../server/org/actions.ts'
import { adoptRegime } from '../server/regime/adoption.ts'
import { type Bench, measure, percentile, row, type Table } from './measure.ts'
import { openPlace } from './place.ts'

const window = { from: '2026-11-16', to: '2026-11-27' }
const term = {
  id: '2026-2027-2',
  schoolYearId: '2026-2027',
  number: 2 as const,
  name: '2026—2027学年第二学期',
  from: '2027-02-22',
  to: '2027-07-09',
  windows: { opening: window, middle: window, closing: window },
}

/** The activities of a whole term for the groups of a school, each group in a transaction of its own, as leaders do it. */
export async function measureSeries({ small, folder, say }: Bench): Promise<Table[]> {
  const place = await openPlace(folder, 'series')
  const { services } = place
  const groups = small ? 5 : 30
  const id = newId()
  const actor = systemActor('bench')
  try {
    say(`建一所学校：${groups} 个组，每组 8 人…`)
    const unitIds = await services.inOrganisation(id, actor, async (tx) => {
      await org.createOrganisation(tx, { kind: 'school', name: '万组小学', districtId: null })
      await saveSchoolYear(tx, { id: '2026-2027', from: '2026-08-31', to: '2027-07-09' })
      await saveTerm(tx, term)
      await adoptRegime(tx, { regimeId: 'xinglong', schoolYearId: '2026-2027', from: '2026-08-31' })
      const made: string[] = []
      for (let group = 0; group < groups; group++) {
        const unitId = await org.createUnit(tx, {
          kind: 'teachingResearchGroup',
          name: `第${group + 1}组`,
          from: '2020-09-01',
        })
        made.push(unitId)
        for (let member = 0; member < 8; member++) {
          const personId = await org.createPerson(tx, {
            staffNumber: `${group}-${member}`,
            name: `教师${group}-${member}`,
            from: '2020-09-01',
            attributes: { staffKind: 'teaching', subject: '数学' },
          })
          await org.addMember(tx, { unitId, personId, from: '2020-09-01' })
        }
      }
      return made
    })
    say('提出安排…')
    const proposals: Awaited<ReturnType<typeof getSeries>>[] = []
    const proposing = await measure(groups, async (run) => {
      const unitId = unitIds[run] ?? ''
      proposals.push(
        await services.inOrganisation(id, actor, (tx) =>
          getSeries(tx, { unitId, termId: term.id, weekday: 1 + (run % 5) }),
        ),
      )
    })
    say('排出学期…')
    let activities = 0
    const started = performance.now()
    const creating = await measure(groups, async (run) => {
      const { unit, proposal } = proposals[run] ?? {}
      if (!unit || !proposal) throw new Error('nothing was proposed')
      const { created } = await services.inOrganisation(id, actor, (tx) =>
        createSeries(tx, {
          unitId: unit.id,
          termId: term.id,
          weekday: proposal.weekday,
          parity: proposal.parity,
          startTime: proposal.startTime,
          endTime: proposal.endTime,
          place: '会议室',
          rows: proposal.rows.map((one) => ({
            day: one.day,
            kind: one.kind,
            speakerId: one.speaker?.id ?? null,
          })),
        }),
      )
      activities += created
    })
    const seconds = (performance.now() - started) / 1000
    return [
      {
        title: '学期活动：一次排出全学期的日期和发言人',
        rows: [
          row(`${groups} 个组的学期活动全部写入`, seconds, '秒', { atMost: 2 }),
          row('一个组写入，最慢', creating.sorted.at(-1) ?? Number.NaN, 'ms'),
          row('一个组提出安排（日期和轮转），p50', percentile(proposing, 0.5), 'ms', { atMost: 50 }),
        ],
        notes: [`共 ${activities} 次活动；每组一个事务，含审计、重名和撞时间的检查`],
      },
    ]
  } finally {
    await place.stop()
  }
}
