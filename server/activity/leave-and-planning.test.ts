import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../kit/ids.ts'
import { sql } from '../kit/sql.ts'
import { getRegimeText } from '../../regimes/read.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import * as attendance from './attendance-actions.ts'
import * as leave from './leave-actions.ts'
import { getDetail, listLines, listStatistics, suggestPlan } from './queries.ts'
import { settingsOf } from './settings.ts'

import { services, day, secret, at, plan, running, tokenNow, refused, standing, factsOf } from './testing.ts'

test('leave before, granted: on leave at closing; the make-up restores it as a fact', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  const asked = await school.as('colleague', (tx) =>
    leave.requestLeave(tx, { activityId: id, kind: 'sick', reason: '发烧' }),
  )
  assert.equal(asked.askedLate, false)
  await refused(
    school.as('leader', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true })),
    /教导处审批/,
    403,
  )
  await refused(
    school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: false })),
    /写明原因/,
  )
  await school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true }))
  await refused(
    school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true })),
    /已经处理/,
    409,
  )
  at('15:30')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  at('17:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended onLeave 0', 'leave.approved  1'])
  const [due] = await school.as('system', (tx) =>
    tx.many<{ id: string; dueOn: string }>(
      sql`SELECT id, due_on FROM make_ups WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  assert.equal(due?.dueOn, '2026-12-02')
  const makeUpId = due?.id ?? ''
  await refused(
    school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true })),
    /还没有交/,
    409,
  )
  await refused(
    school.as('teacher', (tx) =>
      leave.handInMakeUp(tx, { id: makeUpId, note: '读了活动记录和教材分析', minutes: 60 }),
    ),
    /找不到/,
    404,
  )
  await school.as('colleague', (tx) =>
    leave.handInMakeUp(tx, { id: makeUpId, note: '读了活动记录和教材分析', minutes: 60 }),
  )
  await refused(
    school.as('outsider', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true })),
    /组长或教导处/,
    403,
  )
  await refused(
    school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: false })),
    /写明原因/,
  )
  await school.as('leader', (tx) =>
    leave.decideMakeUp(tx, { id: makeUpId, confirm: false, note: '请补上收获' }),
  )
  await school.as('colleague', (tx) =>
    leave.handInMakeUp(tx, { id: makeUpId, note: '估算要先看实际需要什么', minutes: 80 }),
  )
  await school.as('leader', (tx) => leave.decideMakeUp(tx, { id: makeUpId, confirm: true }))
  assert.deepEqual(await factsOf(school, 'colleague'), [
    'activity.attended onLeave 0',
    'attendance.madeUp onLeave 80',
    'leave.approved  1',
  ])
  // Found out later: she had been there. Attendance replaces leave and make-up.
  await school.as('academicOffice', (tx) =>
    attendance.correctAttendance(tx, {
      id,
      personId: school.people.colleague,
      status: 'present',
      reason: '当时在场，漏记',
    }),
  )
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended present 90'])
})

test('leave granted after closing turns absent into on leave, marked as asked late', async () => {
  const { school, id } = await running()
  at('17:00')
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended absent 0'])
  const asked = await school.as('colleague', (tx) =>
    leave.requestLeave(tx, { activityId: id, kind: 'personal', reason: '孩子急诊' }),
  )
  assert.equal(asked.askedLate, true)
  await school.as('academicOffice', (tx) => leave.decideLeave(tx, { id: asked.id, grant: true }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended onLeave 0', 'leave.approved  1'])
  const [makeUp] = await school.as('system', (tx) =>
    tx.many<{ missedStatus: string }>(
      sql`SELECT missed_status FROM make_ups WHERE org_id = ${tx.orgId} AND person_id = ${school.people.colleague}`,
    ),
  )
  assert.equal(makeUp?.missedStatus, 'onLeave')
  await refused(
    school.as('teacher', (tx) =>
      leave.recordLeave(tx, { activityId: id, personId: school.people.leader, kind: 'duty', reason: 'x' }),
    ),
    /教导处审批/,
    403,
  )
})

test('a correction reverses the old fact and leaves the new; the speaker loses and regains the speech', async () => {
  const { school, id } = await running()
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const { teacher } = school.people
  await refused(
    school.as('leader', (tx) =>
      attendance.correctAttendance(tx, { id, personId: teacher, status: 'absent', reason: ' ' }),
    ),
    /原因/,
  )
  await school.as('leader', (tx) =>
    attendance.correctAttendance(tx, { id, personId: teacher, status: 'absent', reason: '代签' }),
  )
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended absent 0'])
  await school.as('leader', (tx) =>
    attendance.correctAttendance(tx, {
      id,
      personId: teacher,
      status: 'leftEarly',
      reason: '核实在场，提前走',
    }),
  )
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended leftEarly 90', 'activity.spoke  1'])
})

test('a moved activity is held on its new day and counts for its own week', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { id } = await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await refused(
    school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-23', reason: '' })),
    /原因/,
  )
  await school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-20', reason: '会议室检修' }))
  await school.as('leader', (tx) => actions.moveActivity(tx, { id, day: '2026-11-23', reason: '还没修好' }))
  await refused(
    school.as('leader', (tx) => actions.startActivity(tx, id)),
    /11月23日/,
  )
  at('15:30', '2026-11-23')
  await school.as('leader', (tx) => actions.startActivity(tx, id))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id, minutes: 60 }))
  for (const fact of await standing(school)) assert.equal(fact.on, day)
  const held = (await standing(school)).find((fact) => fact.kind === 'activity.held')
  assert.deepEqual([held?.quantity, held?.attributes.movedFrom], [60, day])
  const lines = await school.as('leader', (tx) => listLines(tx, { from: '2026-11-16', to: '2026-11-29' }))
  assert.deepEqual(
    [lines[0]?.day, lines[0]?.movedFrom, lines[0]?.weekFrom],
    ['2026-11-23', day, '2026-11-16'],
  )
})

test('two people writing the minutes: the second gets the other text back and overwrites nothing', async () => {
  const { school, id } = await running({ recorderId: undefined })
  const { version } = await school.as('leader', (tx) =>
    actions.saveMinutes(tx, { id, version: 0, parts: { process: '组长写的' } }),
  )
  const refusal = await refused(
    school.as('academicOffice', (tx) =>
      actions.saveMinutes(tx, { id, version: 0, parts: { process: '教导处写的' } }),
    ),
    /陈立新在 15:20 也修改了记录/,
    409,
  )
  assert.deepEqual(refusal.fields, { version: '1', 'parts.process': '组长写的' })
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version, parts: { process: '合在一起' } }),
  )
  // The same text sent again (a lost answer) is no conflict.
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version, parts: { process: '合在一起' } }),
  )
  await refused(
    school.as('colleague', (tx) => actions.saveMinutes(tx, { id, version: 2, parts: { process: 'x' } })),
    /记录人/,
    403,
  )
})

test('minutes completed after closing renew the proof; a week later only the office may', async () => {
  const { school, id } = await running()
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  await school.as('leader', (tx) => actions.saveMinutes(tx, { id, version: 0, parts: { process: '补记' } }))
  const held = (await standing(school)).filter((fact) => fact.kind === 'activity.held')
  assert.deepEqual(
    held.map((fact) => fact.attributes.minutesParts),
    [['attendance', 'process']],
  )
  at('10:00', '2026-11-26')
  await refused(
    school.as('leader', (tx) => actions.saveMinutes(tx, { id, version: 1, parts: { opinions: '晚了' } })),
    /已归档/,
  )
  await school.as('academicOffice', (tx) =>
    actions.saveMinutes(tx, { id, version: 1, parts: { opinions: '教导处补' } }),
  )
})

test('speakers take turns over the term, and a swap is kept with its reason', async () => {
  at('10:00', '2026-09-07')
  const school = await createTestSchool(services)
  const spoken: string[] = []
  for (const week of ['2026-09-09', '2026-09-16', '2026-09-23', '2026-10-14']) {
    const { suggestion } = await school.as('leader', (tx) => suggestPlan(tx, { unitId: null, day: week }))
    spoken.push(suggestion.speakerId ?? '')
    await school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { day: week, speakerId: suggestion.speakerId ?? null })),
    )
  }
  assert.equal(new Set(spoken.slice(0, 3)).size, 3)
  assert.equal(spoken[3], spoken[0])
  const [line] = await school.as('leader', (tx) => listLines(tx, { from: '2026-09-09', to: '2026-09-09' }))
  const other = spoken[1] ?? ''
  await school.as('leader', (tx) =>
    actions.swapSpeaker(tx, { id: line?.id ?? '', toPersonId: other, reason: '外出听课' }),
  )
  const detail = await school.as('leader', (tx) => getDetail(tx, line?.id ?? ''))
  assert.deepEqual([detail.speaker?.id, detail.swaps[0]?.reason], [other, '外出听课'])
})

test('planning refuses what is not settled, two activities of a group at once, and an end before the start', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const refusal = await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { place: '' }))),
    /落实“地点”/,
  )
  assert.deepEqual(refusal.fields, { place: '请填写' })
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { theme: ' ' }))),
    /主题/,
  )
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { endTime: '15:30' }))),
    /晚于开始/,
  )
  await school.as('leader', (tx) => actions.planActivity(tx, plan(school)))
  await refused(
    school.as('leader', (tx) =>
      actions.planActivity(tx, plan(school, { startTime: '16:30', endTime: '17:30' })),
    ),
    /已经安排了《估算教学的难点》/,
  )
  const { warnings } = await school.as('principal', (tx) =>
    actions.planActivity(
      tx,
      plan(school, { scope: 'organisation', unitId: null, theme: '全校理论学习', place: '报告厅' }),
    ),
  )
  assert.match(warnings[0] ?? '', /数学教研组的《估算教学的难点》/)
  const lines = await school.as('outsider', (tx) => listLines(tx, { from: day, to: day, mine: true }))
  assert.deepEqual(
    lines.map((line) => line.theme),
    ['全校理论学习'],
  )
})

test('where the regime forbids moving, moving is refused with the clause, also for the principal', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const text = getRegimeText('xinhongqiao')
  const source = text.includes('activitiesMayMove')
    ? text
    : text.replace(
        /^settings:$/m,
        'settings:\n  activitiesMayMove: { label: 能否调换, value: false, clause: 三.1 }',
      )
  await school.as('principal', (tx) =>
    tx.run(sql`
      INSERT INTO regime_adoptions (org_id, id, school_year_id, regime_id, version, title, source, from_on, adopted_at)
      VALUES (${tx.orgId}, ${newId()}, '2026-2027', 'xinhongqiao', 'test', '新虹桥', ${source}, '2026-08-31', ${tx.now})`),
  )
  const { id } = await school.as('leader', (tx) =>
    actions.planActivity(tx, plan(school, { kind: 'themedDiscussion' })),
  )
  for (const who of ['leader', 'principal'] as const) {
    const refusal = await refused(
      school.as(who, (tx) => actions.moveActivity(tx, { id, day: '2026-11-20', reason: '开会' })),
      /一般不予调换/,
    )
    assert.match(refusal.clause ?? '', /三\.1/)
  }
})

test('a regime that forbids moving says so with its clause', () => {
  const regime = {
    title: '新虹桥小学校本研修制度',
    settings: { activitiesMayMove: { label: '能否调换', value: false, clause: '三.1' } },
    vocabularies: { activityKinds: [], activityForms: [], contentTags: [] },
    forms: [],
  } as unknown as Parameters<typeof settingsOf>[0][number]
  assert.equal(settingsOf([regime]).moveForbiddenBy, '新虹桥小学校本研修制度 三.1')
  assert.equal(settingsOf([]).moveForbiddenBy, null)
})

test('the regime in force gives the words, the parts of the minutes and what must be settled', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  await school.as('principal', (tx) =>
    adoptRegime(tx, { regimeId: 'xinhongqiao', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const refusal = await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { place: '' }))),
    /落实“地点”/,
  )
  assert.match(refusal.clause ?? '', /三\.4/)
  await refused(
    school.as('leader', (tx) => actions.planActivity(tx, plan(school, { kind: 'party' }))),
    /没有“party”这类活动/,
  )
  const { id } = await school.as('leader', (tx) =>
    actions.planActivity(tx, plan(school, { kind: 'themedDiscussion' })),
  )
  const detail = await school.as('leader', (tx) => getDetail(tx, id))
  assert.deepEqual(
    detail.minutesParts.map((part) => part.label),
    ['专题', '现场', '共识', '积累'],
  )
})

test('statistics count each status; a teacher sees only the own line', async () => {
  const { school, id } = await running()
  await school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) }))
  await school.as('leader', (tx) => actions.closeActivity(tx, { id }))
  const range = { from: day, to: day }
  const all = await school.as('academicOffice', (tx) => listStatistics(tx, range))
  assert.deepEqual(
    all.map((line) => [line.name, line.expected, line.present, line.absent, line.minutes, line.ratePerMille]),
    [
      ['陈立新', 1, 1, 0, 90, 1000],
      ['林小满', 1, 1, 0, 90, 1000],
      ['赵春雨', 1, 0, 1, 0, 0],
    ],
  )
  const own = await school.as('teacher', (tx) => listStatistics(tx, range))
  assert.deepEqual(
    own.map((line) => line.name),
    ['林小满'],
  )
})

test('a cancelled activity takes no sign-in and leaves no fact', async () => {
  const { school, id } = await running()
  await school.as('leader', (tx) => actions.cancelActivity(tx, { id, reason: '停电' }))
  await refused(
    school.as('teacher', (tx) => attendance.signIn(tx, secret, { token: tokenNow(id) })),
    /已经取消/,
  )
  assert.deepEqual(await standing(school), [])
})
