import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as org from '../org/actions.ts'
import { dissolveUnit } from '../org/unit-actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestSchool, testTerm, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import { getDetail } from './queries.ts'
import * as series from './series-actions.ts'
import { listLeaders } from './series-routes.ts'
import { layOut, type Member, openTheme, proposeRotation } from './series-rules.ts'
import { listStranded } from './series-store.ts'
import { findActivity, listSwaps } from './store.ts'
import { at, plan, refused, services } from './testing.ts'

const calendar = {
  schoolYears: [{ id: '2026-2027', from: '2026-08-31', to: '2027-07-09' }],
  terms: [testTerm],
  specialDays: ['01', '02', '05', '06', '07'].map((day) => ({
    day: `2026-10-${day}`,
    kind: 'holiday' as const,
    name: '国庆节',
  })),
}
const keep = { nextDays: null, schoolDays: true, forbiddenBy: null, clause: '' }

test('lays out every Wednesday of the term; the holiday falls away and is named', () => {
  const made = layOut(calendar, testTerm, { weekday: 3, parity: 'every', from: '2026-08-31' }, keep)
  assert.equal(made.days.length, 20)
  assert.deepEqual(made.skipped, [{ day: '2026-10-07', because: '国庆节' }])
  const odd = layOut(calendar, testTerm, { weekday: 3, parity: 'odd', from: '2026-08-31' }, keep)
  assert.ok(odd.days.every((one) => one.weekLabel.includes('单周')))
})

test('moves what a holiday takes to the next day of school where the regime says so, within its week', () => {
  const moves = { ...keep, nextDays: 1 }
  const made = layOut(calendar, testTerm, { weekday: 3, parity: 'every', from: '2026-08-31' }, moves)
  assert.deepEqual(
    made.days.filter((one) => one.movedFrom).map((one) => [one.movedFrom, one.day]),
    [['2026-10-07', '2026-10-08']],
  )
  assert.deepEqual(made.skipped, [])
})

const member = (personId: string, more: Partial<Member> = {}): Member => ({
  personId,
  name: personId,
  spoken: 0,
  spokenBefore: 0,
  lastOn: null,
  away: [],
  ...more,
})

test('nobody speaks twice before everybody once; the counts of last term decide who begins', () => {
  const members = [
    member('a', { spokenBefore: 2 }),
    member('b', { spokenBefore: 1 }),
    member('c', { spokenBefore: 3 }),
  ]
  const days = ['2026-09-02', '2026-09-09', '2026-09-16', '2026-09-23', '2026-09-30']
  assert.deepEqual(proposeRotation(members, days), ['b', 'a', 'c', 'b', 'a'])
})

test('who is on leave is passed over and comes next; nobody there means nobody named', () => {
  const members = [member('a', { away: [{ from: '2026-09-01', to: '2026-09-10' }] }), member('b')]
  assert.deepEqual(proposeRotation(members, ['2026-09-02', '2026-09-09', '2026-09-16', '2026-09-23']), [
    'b',
    'b',
    'a',
    'a',
  ])
  assert.deepEqual(proposeRotation([], ['2026-09-02']), [null])
})

/** A school whose group has its term laid out on Thursdays from 2026-11-19. */
async function laidOut() {
  at('08:00')
  const school = await createTestSchool(services)
  const view = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId, weekday: 4 }))
  const { proposal } = view
  assert.ok(proposal)
  const result = await school.as('leader', (tx) => series.createSeries(tx, inputOf(school, proposal)))
  const after = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId }))
  return { school, view, result, after }
}

function inputOf(
  school: TestSchool,
  proposal: NonNullable<Awaited<ReturnType<typeof series.getSeries>>['proposal']>,
): Parameters<typeof series.createSeries>[1] {
  return {
    unitId: school.groupId,
    termId: testTerm.id,
    weekday: proposal.weekday,
    parity: proposal.parity,
    startTime: proposal.startTime,
    endTime: proposal.endTime,
    place: '三楼会议室',
    hostId: school.people.leader,
    rows: proposal.rows.map((row) => ({
      day: row.day,
      movedFrom: row.movedFrom,
      kind: row.kind,
      speakerId: row.speaker?.id ?? null,
    })),
  }
}

test('a group leader lays out the rest of the term in one step, speakers included', async () => {
  const { result, after, school } = await laidOut()
  assert.equal(result.created, 10)
  assert.equal(after.existing.length, 10)
  assert.equal(
    after.proposal?.rows.every((row) => !after.existing.some((one) => one.day === row.day)),
    true,
  )
  const counts = new Map<string, number>()
  for (const row of after.existing)
    counts.set(row.speaker?.id ?? '', (counts.get(row.speaker?.id ?? '') ?? 0) + 1)
  assert.deepEqual([...counts.values()].sort(), [3, 3, 4])
  await refused(
    school.as('teacher', (tx) =>
      series.createSeries(tx, {
        ...inputOf(school, after.proposal!),
        rows: [{ day: '2026-11-20', kind: 'x' }],
      }),
    ),
    /只有本组组长/,
    403,
  )
})

test('laying out twice at the same time is refused and changes nothing', async () => {
  const { school, view } = await laidOut()
  await refused(
    school.as('leader', (tx) => series.createSeries(tx, inputOf(school, view.proposal!))),
    /已经安排了/,
  )
  const after = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId }))
  assert.equal(after.existing.length, 10)
})

test('an activity without a theme cannot start; themes are written in one table', async () => {
  const { school, after } = await laidOut()
  const id = after.existing[0]?.activityId ?? ''
  services.clock.moveTo(new Date('2026-11-19T07:25:00Z'))
  await refused(
    school.as('leader', (tx) => actions.startActivity(tx, id)),
    /主题还没有定/,
  )
  await school.as('leader', (tx) =>
    series.saveThemes(tx, { unitId: school.groupId, rows: [{ activityId: id, theme: '计算题的讲评' }] }),
  )
  const { expected } = await school.as('leader', (tx) => actions.startActivity(tx, id))
  assert.equal(expected, 3)
})

test('two members change their turns with a reason; both activities keep it', async () => {
  const { school, after } = await laidOut()
  const [one, other] = after.existing
  const swap = (reason: string) =>
    school.as('leader', (tx) =>
      series.swapTurns(tx, {
        activityId: one?.activityId ?? '',
        withActivityId: other?.activityId ?? '',
        reason,
      }),
    )
  await refused(swap(' '), /原因/)
  await swap('那周外出听课')
  const rows = await school.as('leader', async (tx) => [
    await findActivity(tx, one?.activityId ?? ''),
    await findActivity(tx, other?.activityId ?? ''),
  ])
  assert.deepEqual([rows[0]?.speakerId, rows[1]?.speakerId], [other?.speaker?.id, one?.speaker?.id])
  const history = await school.as('leader', (tx) => listSwaps(tx, one?.activityId ?? ''))
  assert.match(history[0]?.reason ?? '', /对调：那周外出听课/)
})

test('a speaker who leaves the school is seen, and somebody else proposed and named in one step', async () => {
  const { school } = await laidOut()
  await school.as('system', (tx) =>
    org.endService(tx, { personId: school.people.teacher, on: '2026-11-30', reason: '调离' }),
  )
  const view = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId }))
  const broken = view.existing.filter((row) => row.speakerProblem !== null)
  assert.ok(broken.length >= 2)
  const problemOf = async (id: string) =>
    (await school.as('leader', (tx) => getDetail(tx, id))).speakerProblem
  assert.match((await problemOf(broken[0]?.activityId ?? '')) ?? '', /林小满那天已不在岗.*请换一位/)
  assert.deepEqual(
    view.repairs.map((row) => row.activityId).sort(),
    broken.map((row) => row.activityId).sort(),
  )
  await school.as('leader', (tx) =>
    series.repairRotation(tx, { unitId: school.groupId, reason: '林小满调离', rows: view.repairs }),
  )
  const after = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId }))
  assert.deepEqual(after.repairs, [])
  assert.equal(await problemOf(broken[0]?.activityId ?? ''), null)
})

test('activities of a dissolved group are listed to 教导处 and move to another group or are cancelled', async () => {
  const { school } = await laidOut()
  const other = await school.as('system', (tx) =>
    org.createUnit(tx, { kind: 'teachingResearchGroup', name: '综合教研组', from: '2020-09-01' }),
  )
  await school.as('system', (tx) => dissolveUnit(tx, { unitId: school.groupId, on: '2026-12-15' }))
  const stranded = await school.as('academicOffice', (tx) => listStranded(tx))
  assert.ok(stranded.length > 2 && stranded.every((row) => row.heldOn > '2026-12-15'))
  const [first, second] = stranded
  await refused(
    school.as('leader', (tx) =>
      series.moveToUnit(tx, { activityIds: [first?.id ?? ''], unitId: other, reason: '并组' }),
    ),
    /教导处/,
    403,
  )
  await school.as('academicOffice', (tx) =>
    series.moveToUnit(tx, { activityIds: [first?.id ?? ''], unitId: other, reason: '并入综合组' }),
  )
  await school.as('academicOffice', (tx) =>
    series.cancelMany(tx, { activityIds: [second?.id ?? ''], reason: '数学组撤销' }),
  )
  const rest = await school.as('academicOffice', (tx) => listStranded(tx))
  assert.equal(rest.length, stranded.length - 2)
})

test('whoever belongs to two groups is named when their activities meet', async () => {
  const { school, after } = await laidOut()
  const other = await school.as('system', async (tx) => {
    const id = await org.createUnit(tx, {
      kind: 'teachingResearchGroup',
      name: '综合教研组',
      from: '2020-09-01',
    })
    await org.addMember(tx, { unitId: id, personId: school.people.teacher, from: '2020-09-01' })
    return id
  })
  const { warnings } = await school.as('academicOffice', (tx) =>
    actions.planActivity(tx, plan(school, { unitId: other, day: after.existing[0]?.day ?? '' })),
  )
  assert.ok(
    warnings.some((warning) => /林小满.*同一时间还要参加/.test(warning)),
    warnings.join(),
  )
})

test('the recorder is somebody else than the host', async () => {
  const { school } = await laidOut()
  const { leader } = school.people
  await refused(
    school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { hostId: leader, recorderId: leader })),
    ),
    /记录人和主持人要分开/,
  )
})

test('leaders who take part in group activities are counted by month', async () => {
  at('15:20')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  const { recordRollCall } = await import('./attendance-actions.ts')
  await school.as('leader', (tx) =>
    recordRollCall(tx, { id, entries: [{ personId: school.people.principal, status: 'present' }] }),
  )
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const lines = await school.as('principal', (tx) =>
    listLeaders(tx, { from: '2026-10-01', to: '2026-11-30' }),
  )
  assert.deepEqual(
    lines.map((line) => [line.name, line.total, line.months.map((one) => one.count)]),
    [
      ['吴静', 0, [0, 0]],
      ['周明远', 1, [0, 1]],
    ],
  )
})

test('a template of a kind fills in the place and the agenda of a series', async () => {
  at('08:00')
  const school = await createTestSchool(services)
  await school.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinhongqiao', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const first = await school.as('leader', (tx) =>
    series.getSeries(tx, { unitId: school.groupId, weekday: 5 }),
  )
  const kind = first.proposal?.kind ?? ''
  await school.as('academicOffice', (tx) =>
    series.saveTemplate(tx, { kind, place: '录播教室', agenda: ['中心发言', '讨论'], leadDays: 3 }),
  )
  const view = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId, weekday: 5 }))
  assert.equal(view.proposal?.place, '录播教室')
  await refused(
    school.as('leader', (tx) => series.createSeries(tx, { ...inputOf(school, view.proposal!), place: '' })),
    /地点/,
  )
  await school.as('leader', (tx) => series.createSeries(tx, inputOf(school, view.proposal!)))
  const after = await school.as('leader', (tx) => series.getSeries(tx, { unitId: school.groupId }))
  const activity = await school.as('leader', (tx) => findActivity(tx, after.existing[0]?.activityId ?? ''))
  assert.deepEqual(
    activity?.agenda.map((item) => item.text),
    ['中心发言', '讨论'],
  )
  assert.equal(activity?.theme, openTheme)
})
