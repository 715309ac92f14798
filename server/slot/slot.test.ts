import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, moveActivity, planActivity, startActivity } from '../activity/actions.ts'
import { suggestPlan } from '../activity/queries.ts'
import { findActivity } from '../activity/store.ts'
import { replaceSpecialDays } from '../calendar/store.ts'
import { Refusal } from '../kit/errors.ts'
import { sql } from '../kit/sql.ts'
import { addMember, createUnit } from '../org/actions.ts'
import { dissolveUnit } from '../org/unit-actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestSchool, createTestServices, type TestSchool } from '../testing.ts'
import {
  approveSlot,
  changeSlot,
  decideShift,
  listShiftChoices,
  proposeSlot,
  shiftOccurrence,
  withdrawSlot,
} from './actions.ts'
import { findNextOccurrence } from './clashes.ts'
import { loadSlots } from './present.ts'
import { listShifts, listSlots, replaceLessons } from './store.ts'

const services = await createTestServices()

const thursday = (unitId: string | null) => ({
  unitId,
  weekday: 4,
  dayPart: 'afternoon' as const,
  firstPeriod: 7,
  lastPeriod: 8,
  from: '2026-11-18',
})
const refusal = (pattern: RegExp, clause?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Refusal, String(error))
  assert.match(error.message, pattern)
  if (clause) assert.match(error.clause ?? '', clause)
  return true
}
const adopt = (school: TestSchool, regimeId: string) =>
  school.as('system', (tx) => adoptRegime(tx, { regimeId, schoolYearId: '2026-2027', from: '2026-08-31' }))

async function withFiledSlot(name: string, regimeId?: string) {
  const school = await createTestSchool(services, name)
  if (regimeId) await adopt(school, regimeId)
  const { id } = await school.as('academicOffice', (tx) => proposeSlot(tx, thursday(school.groupId)))
  return { school, id }
}
const activityOf = (school: TestSchool, kind: string, day: string) => ({
  scope: 'group' as const,
  unitId: school.groupId,
  kind,
  theme: '一题多解',
  content: '讨论',
  place: '会议室',
  day,
  startTime: '15:30',
  endTime: '17:00',
  hostId: school.people.leader,
  speakerId: school.people.teacher,
  form: '',
})

test('the leader proposes, 教导处 files it under a number; a teacher may do neither', async () => {
  const school = await createTestSchool(services, '备案')
  await assert.rejects(
    school.as('teacher', (tx) => proposeSlot(tx, thursday(school.groupId))),
    refusal(/组长/),
  )
  await assert.rejects(
    school.as('leader', (tx) => proposeSlot(tx, thursday(null))),
    refusal(/教导处或校长/),
  )
  const { id, number } = await school.as('leader', (tx) => proposeSlot(tx, thursday(school.groupId)))
  assert.equal(number, null)
  await assert.rejects(
    school.as('leader', (tx) => approveSlot(tx, { id })),
    refusal(/教导处审核/),
  )
  assert.deepEqual(await school.as('academicOffice', (tx) => approveSlot(tx, { id })), {
    number: '时〔2026〕001号',
  })
  const [slot] = await school.as('teacher', (tx) => listSlots(tx))
  assert.equal(slot?.starts, '15:40')
  assert.equal(slot?.ends, '17:10')
  const { slots } = await school.as('teacher', (tx) => loadSlots(tx, false))
  assert.equal(slots[0]?.when, '每周四下午第7–8节')
  assert.match(slots[0]?.abilities.change ?? '', /组长/)
})

test('two editors: the second is told that the slot was changed and loses nothing of the first', async () => {
  const { school, id } = await withFiledSlot('两人同时改')
  const [slot] = await school.as('leader', (tx) => listSlots(tx))
  const version = slot?.version ?? 0
  await school.as('leader', (tx) => changeSlot(tx, { ...thursday(school.groupId), weekday: 3, id, version }))
  await assert.rejects(
    school.as('academicOffice', (tx) =>
      changeSlot(tx, { ...thursday(school.groupId), weekday: 2, id, version }),
    ),
    (error: unknown) => error instanceof Refusal && error.status === 409,
  )
  const [after] = await school.as('leader', (tx) => listSlots(tx))
  assert.equal(after?.weekday, 3)
  assert.equal(after?.status, 'proposed', 'a change by the leader has to be approved again')
  assert.equal(after?.number, '时〔2026〕001号')
})

test('overlapping times of one group are refused, odd beside even weeks are not', async () => {
  const school = await createTestSchool(services, '重叠')
  await school.as('academicOffice', (tx) => proposeSlot(tx, { ...thursday(school.groupId), parity: 'odd' }))
  await assert.rejects(
    school.as('academicOffice', (tx) => proposeSlot(tx, { ...thursday(school.groupId), firstPeriod: 8 })),
    refusal(/已经有/),
  )
  await school.as('academicOffice', (tx) => proposeSlot(tx, { ...thursday(school.groupId), parity: 'even' }))
  assert.equal((await school.as('leader', (tx) => listSlots(tx))).length, 2)
})

test('a teacher in three groups at the same hour is named', async () => {
  const { school } = await withFiledSlot('三个组')
  const names = ['课题组', '备课组']
  const warnings: string[] = []
  for (const name of names) {
    const unitId = await school.as('system', async (tx) => {
      const unit = await createUnit(tx, {
        kind: 'lessonPreparationGroup',
        name,
        subject: null,
        from: '2026-09-01',
      })
      await addMember(tx, { unitId: unit, personId: school.people.teacher, from: '2026-09-01' })
      return unit
    })
    warnings.push(...(await school.as('academicOffice', (tx) => proposeSlot(tx, thursday(unitId)))).warnings)
  }
  assert.match(warnings.join(), /林小满两边都要参加/)
  const { shared } = await school.as('academicOffice', (tx) => loadSlots(tx, false))
  assert.equal(shared.length, 1)
  assert.match(shared[0] ?? '', /^林小满同一时间有 3 个组的活动/)
})

test('lessons of members are warned of, in the right week only', async () => {
  const school = await createTestSchool(services, '课表')
  await school.as('system', (tx) =>
    replaceLessons(tx, '2026-2027-1', [
      { personId: school.people.teacher, weekday: 4, period: 7, parity: 'even', what: '三（1）班数学' },
      { personId: school.people.outsider, weekday: 4, period: 7, parity: 'every', what: '四（2）班英语' },
    ]),
  )
  const even = await school.as('leader', (tx) =>
    planActivity(tx, activityOf(school, 'teamStudy', '2026-11-19')),
  )
  assert.deepEqual(even.warnings, ['林小满周四第7节有课（三（1）班数学）。'])
  const odd = await school.as('leader', (tx) =>
    planActivity(tx, activityOf(school, 'teamStudy', '2026-11-26')),
  )
  assert.deepEqual(odd.warnings, [])
  const { warnings } = await school.as('academicOffice', (tx) => proposeSlot(tx, thursday(school.groupId)))
  assert.deepEqual(warnings, ['林小满周四第7节有课（三（1）班数学）。'])
  // 2026-11-18 is a Wednesday: no lessons, in working hours, after the seventh lesson began.
  const held = await school.as('leader', async (tx) => {
    const { id } = await planActivity(tx, {
      ...activityOf(school, 'teamStudy', '2026-11-18'),
      startTime: '17:10',
      endTime: '18:00',
    })
    await startActivity(tx, id)
    await closeActivity(tx, { id })
    return tx.one<{ attributes: Record<string, unknown> }>(
      sql`SELECT attributes FROM facts WHERE org_id = ${tx.orgId} AND kind = 'activity.held' AND source_id = ${id}`,
    )
  })
  assert.equal(held.attributes.dayPart, 'afterSchool')
  assert.equal(held.attributes.clashes, false)
  assert.equal(held.attributes.inWorkingHours, true)
})

test('where the regime protects fixed times, the whole school cannot take the time of a group, with the clause', async () => {
  const { school } = await withFiledSlot('挪用', 'xinhongqiao')
  const whole = {
    ...activityOf(school, 'schoolStudy', '2026-11-19'),
    scope: 'organisation' as const,
    unitId: null,
  }
  await assert.rejects(
    school.as('principal', (tx) => planActivity(tx, whole)),
    refusal(/不能挪作他用/, /三\.1/),
  )
  await school.as('leader', (tx) => planActivity(tx, activityOf(school, 'groupResearch', '2026-11-19')))
  const free = await createTestSchool(services, '不保护')
  await school.as('leader', (tx) => findNextOccurrence(tx, school.groupId, tx.today))
  await free.as('academicOffice', (tx) => proposeSlot(tx, thursday(free.groupId)))
  const { warnings } = await free.as('principal', (tx) =>
    planActivity(tx, { ...whole, kind: 'teamStudy', hostId: null, speakerId: null }),
  )
  assert.match(warnings.join(), /固定研修时间/)
})

test('xinhongqiao-08: swapping an occurrence is refused with the clause', async () => {
  const { school, id } = await withFiledSlot('不予调换', 'xinhongqiao')
  await assert.rejects(
    school.as('academicOffice', (tx) =>
      shiftOccurrence(tx, { id, day: '2026-11-19', to: '2026-11-20', reason: '开会' }),
    ),
    refusal(/不予调换/, /三\.1/),
  )
  assert.equal((await school.as('leader', (tx) => listShiftChoices(tx, id))).forbiddenBy !== null, true)
})

test('majiabao-02: the next day only, with a reason; the activity goes along and counts for its own week', async () => {
  const { school, id } = await withFiledSlot('顺延', 'majiabao')
  const { id: activityId } = await school.as('leader', async (tx) => {
    const kind = (await suggestPlan(tx, { unitId: school.groupId, day: null })).kinds[0]?.id ?? ''
    return planActivity(tx, activityOf(school, kind, '2026-11-19'))
  })
  const ask = (to: string, reason: string) =>
    school.as('leader', (tx) => shiftOccurrence(tx, { id, day: '2026-11-19', to, reason }))
  await assert.rejects(ask('2026-11-20', ' '), refusal(/原因/))
  await assert.rejects(ask('2026-11-24', '开家长会'), refusal(/顺延至第二天，应改到11月20日/))
  assert.deepEqual(await ask('2026-11-20', '开家长会'), { status: 'asked' })
  const [shift] = await school.as('academicOffice', (tx) => listShifts(tx, '2026-11-01'))
  await assert.rejects(
    school.as('leader', (tx) => decideShift(tx, { id: shift?.id ?? '', grant: true })),
    refusal(/教导处/),
  )
  await school.as('academicOffice', (tx) => decideShift(tx, { id: shift?.id ?? '', grant: true }))
  const moved = await school.as('leader', (tx) => findActivity(tx, activityId))
  assert.equal(moved?.heldOn, '2026-11-20')
  assert.equal(moved?.movedFrom, '2026-11-19')
  assert.equal(moved?.movedReason, '开家长会')
  await assert.rejects(ask('2026-11-20', '又来'), refusal(/已经改到/))
})

test('the day after a Friday is Monday where the regime counts school days', async () => {
  const school = await createTestSchool(services, '周五')
  await adopt(school, 'majiabao')
  const { id } = await school.as('academicOffice', (tx) =>
    proposeSlot(tx, { ...thursday(school.groupId), weekday: 5 }),
  )
  const { occurrences } = await school.as('leader', (tx) => listShiftChoices(tx, id))
  assert.equal(occurrences[0]?.day, '2026-11-20')
  assert.equal(occurrences[0]?.proposal, '2026-11-23')
})

test('planning takes up the next free occurrence; a holiday added later is skipped', async () => {
  const { school } = await withFiledSlot('下一次')
  const suggest = () => school.as('leader', (tx) => suggestPlan(tx, { unitId: school.groupId, day: null }))
  const first = await suggest()
  assert.equal(first.suggestion.day, '2026-11-19')
  assert.equal(first.suggestion.startTime, '15:40')
  assert.match(first.slot ?? '', /每周四下午第7–8节/)
  await school.as('leader', (tx) => planActivity(tx, activityOf(school, 'teamStudy', '2026-11-19')))
  assert.equal((await suggest()).suggestion.day, '2026-11-26')
  await school.as('system', (tx) =>
    replaceSpecialDays(tx, { from: '2026-11-26', to: '2026-11-26' }, [
      { day: '2026-11-26', kind: 'holiday', name: '校庆' },
    ]),
  )
  assert.equal((await suggest()).suggestion.day, '2026-12-03')
})

test('a group dissolved in mid-term takes its fixed times with it', async () => {
  const { school, id } = await withFiledSlot('撤组')
  const unitId = await school.as('system', (tx) =>
    createUnit(tx, { kind: 'body', name: '青年教师社', subject: null, from: '2026-09-01' }),
  )
  await school.as('academicOffice', (tx) => proposeSlot(tx, { ...thursday(unitId), weekday: 2 }))
  await school.as('principal', (tx) => dissolveUnit(tx, { unitId, on: '2026-11-30' }))
  const next = (from: string) => school.as('principal', (tx) => findNextOccurrence(tx, unitId, from))
  assert.equal((await next('2026-11-20'))?.day, '2026-11-24')
  assert.equal(await next('2026-12-01'), undefined)
  await assert.rejects(
    school.as('academicOffice', (tx) => proposeSlot(tx, { ...thursday(unitId), from: '2026-12-02' })),
    refusal(/撤销/),
  )
  await assert.rejects(
    school.as('leader', (tx) => withdrawSlot(tx, { id, lastDay: '2026-11-30' })),
    refusal(/教导处停用/),
  )
  await school.as('academicOffice', (tx) => withdrawSlot(tx, { id, lastDay: '2026-11-30' }))
  assert.equal(
    await school.as('leader', (tx) => findNextOccurrence(tx, school.groupId, '2026-12-01')),
    undefined,
  )
})

test('moving an activity onto the fixed time of the whole school is refused where it is protected', async () => {
  const school = await createTestSchool(services, '全校日')
  await school.as('academicOffice', (tx) => proposeSlot(tx, thursday(null)))
  const { id } = await school.as('leader', (tx) =>
    planActivity(tx, activityOf(school, 'teamStudy', '2026-11-18')),
  )
  await school.as('leader', (tx) => moveActivity(tx, { id, day: '2026-11-19', reason: '换日' }))
  const { warnings } = await school.as('leader', (tx) =>
    planActivity(tx, { ...activityOf(school, 'teamStudy', '2026-11-26') }),
  )
  assert.match(warnings.join(), /全校的固定研修时间“校本研修日”/)
})
