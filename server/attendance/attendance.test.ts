import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeActivity, planActivity, startActivity } from '../activity/actions.ts'
import { correctAttendance, recordRollCall } from '../activity/attendance-actions.ts'
import { listLeaves } from '../activity/attendance-store.ts'
import { adviseLeave, decideLeave, requestLeave } from '../activity/leave-actions.ts'
import { at, factsOf, plan, refused, running, services, standing } from '../activity/testing.ts'
import * as org from '../org/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestSchool, type TestSchool } from '../testing.ts'
import * as actions from './actions.ts'
import * as queries from './queries.ts'
import { appealUntil, explain } from './rules.ts'

/** A closed activity at which only the leader was. */
async function closed() {
  const { school, id } = await running()
  at('17:00')
  await school.as('leader', (tx) => closeActivity(tx, { id }))
  return { school, id }
}
const lineOf = async (school: TestSchool, who: 'teacher' | 'colleague', id: string) => {
  const book = await school.as(who, (tx) => queries.getBook(tx, {}))
  return book.lines.find((line) => line.activity.id === id)
}

test('leave asked after the absence was recorded reverses the fact and leaves a new one, with who approved it', async () => {
  const { school, id } = await closed()
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended absent 0'])
  const asked = await school.as('colleague', (tx) =>
    requestLeave(tx, { activityId: id, kind: 'sick', reason: '急诊' }),
  )
  await school.as('academicOffice', (tx) => decideLeave(tx, { id: asked.id, grant: true }))
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended onLeave 0', 'leave.approved  1'])
  const fact = (await standing(school)).find((one) => one.kind === 'leave.approved')
  assert.equal(fact?.attributes.leaveKind, 'sick')
  assert.equal(fact?.attributes.approvedBy, 'academicOffice')
  assert.equal(fact?.attributes.beforehand, false)
  const line = await lineOf(school, 'colleague', id)
  assert.equal(line?.explanation, '病假已批准，记为请假。')
  assert.deepEqual(
    line?.changes.map((change) => [change.from, change.to]),
    [['absent', 'onLeave']],
  )
})

test('an appeal is granted as a correction with history, refused with a reason, and answered once', async () => {
  const { school, id } = await closed()
  await refused(
    school.as('teacher', (tx) =>
      actions.appealAttendance(tx, { activityId: id, wanted: 'absent', reason: '在场' }),
    ),
    /已经记为“缺席”/,
  )
  const appeal = await school.as('teacher', (tx) =>
    actions.appealAttendance(tx, { activityId: id, wanted: 'present', reason: '在场，忘了扫码' }),
  )
  await refused(
    school.as('leader', (tx) => actions.answerAppeal(tx, { id: appeal.id, grant: true })),
    /教导处答复/,
    403,
  )
  await refused(
    school.as('academicOffice', (tx) => actions.answerAppeal(tx, { id: appeal.id, grant: false })),
    /写明理由/,
  )
  await school.as('academicOffice', (tx) => actions.answerAppeal(tx, { id: appeal.id, grant: true }))
  await refused(
    school.as('academicOffice', (tx) => actions.answerAppeal(tx, { id: appeal.id, grant: true })),
    /已经处理/,
    409,
  )
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended present 90', 'activity.spoke  1'])
  const line = await lineOf(school, 'teacher', id)
  assert.equal(line?.status, 'present')
  assert.equal(line?.makeUp, null)
  assert.match(line?.changes[0]?.reason ?? '', /申诉成立：在场，忘了扫码/)
  const other = await school.as('colleague', (tx) =>
    actions.appealAttendance(tx, { activityId: id, wanted: 'late', reason: '堵车，晚到十分钟' }),
  )
  await school.as('academicOffice', (tx) =>
    actions.answerAppeal(tx, { id: other.id, grant: false, answer: '主持人和记录人都说没有到场' }),
  )
  await refused(
    school.as('colleague', (tx) =>
      actions.appealAttendance(tx, { activityId: id, wanted: 'present', reason: '再申诉' }),
    ),
    /已经答复/,
  )
})

test('an appeal after seven school days is refused with the date', async () => {
  const { school, id } = await closed()
  const line = await lineOf(school, 'teacher', id)
  assert.equal(line?.appealUntil, '2026-11-27')
  at('10:00', '2026-11-30')
  await refused(
    school.as('teacher', (tx) =>
      actions.appealAttendance(tx, { activityId: id, wanted: 'present', reason: '在场' }),
    ),
    /11月27日截止/,
  )
  assert.match((await lineOf(school, 'teacher', id))?.abilities.appeal ?? '', /11月27日截止/)
  assert.equal((await standing(school)).filter((one) => one.kind === 'activity.spoke').length, 0)
})

test('two corrections of one closed activity at once: one is kept, the other is told who was quicker', async () => {
  const { school, id } = await closed()
  const personId = school.people.teacher
  const correct = (who: 'leader' | 'academicOffice', status: 'present' | 'late') =>
    school.as(who, (tx) => correctAttendance(tx, { id, personId, status, reason: '漏记', seen: 'absent' }))
  const ends = await Promise.allSettled([correct('leader', 'present'), correct('academicOffice', 'late')])
  const failed = ends.filter((end) => end.status === 'rejected')
  assert.equal(failed.length, 1)
  await refused(Promise.reject(failed[0]?.reason), /刚刚已把考勤更正为/, 409)
  const line = await lineOf(school, 'teacher', id)
  assert.equal(line?.changes.length, 1)
  assert.equal(
    (await factsOf(school, 'teacher')).filter((one) => one.startsWith('activity.attended')).length,
    1,
  )
})

/** Two more groups with the teacher, meeting at the same hour as the first. */
async function threeGroups(school: TestSchool) {
  const ids: string[] = []
  for (const [index, name] of ['课题组', '年级组'].entries()) {
    const unitId = await school.as('system', async (tx) => {
      const made = await org.createUnit(tx, { kind: 'gradeGroup', name, from: '2026-08-31' })
      await org.addMember(tx, { unitId: made, personId: school.people.teacher, from: '2026-08-31' })
      return made
    })
    const { id } = await school.as('academicOffice', (tx) =>
      planActivity(
        tx,
        plan(school, { unitId, theme: `${name}例会`, place: `${index + 1}室`, speakerId: null }),
      ),
    )
    await school.as('academicOffice', (tx) => startActivity(tx, id))
    ids.push(id)
  }
  return ids
}

test('a person in three groups at one hour: present at one, leave asked by itself at the others', async () => {
  const { school, id } = await running()
  const others = await threeGroups(school)
  // The first to close knows nothing of the others yet; the sign-in at the second reaches back to it.
  await school.as('academicOffice', (tx) => closeActivity(tx, { id: others[0] ?? '' }))
  await school.as('leader', (tx) =>
    recordRollCall(tx, { id, entries: [{ personId: school.people.teacher, status: 'present' }] }),
  )
  at('17:00')
  await school.as('leader', (tx) => closeActivity(tx, { id }))
  await school.as('academicOffice', (tx) => closeActivity(tx, { id: others[1] ?? '' }))
  const leaves = await school.as('academicOffice', (tx) =>
    listLeaves(tx, { personId: school.people.teacher }),
  )
  assert.deepEqual(
    leaves.map((leave) => [leave.kind, leave.status, leave.clashActivityId, leave.clashTheme]),
    [
      ['duty', 'asked', id, '估算教学的难点'],
      ['duty', 'asked', id, '估算教学的难点'],
    ],
  )
  for (const leave of leaves)
    await school.as('academicOffice', (tx) => decideLeave(tx, { id: leave.id, grant: true }))
  assert.deepEqual(
    (await factsOf(school, 'teacher')).filter((one) => one.startsWith('activity.attended')),
    ['activity.attended onLeave 0', 'activity.attended onLeave 0', 'activity.attended present 90'],
  )
})

test('where the regime wants it, the group leader is heard before 教导处 decides; nobody waits once it has begun', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  await school.as('system', (tx) =>
    adoptRegime(tx, {
      regimeId: 'xinglong',
      schoolYearId: '2026-2027',
      from: '2026-08-31',
    }),
  )
  const { id } = await school.as('leader', (tx) => planActivity(tx, plan(school, { kind: 'teamStudy' })))
  const asked = await school.as('colleague', (tx) =>
    requestLeave(tx, { activityId: id, kind: 'personal', reason: '家长会' }),
  )
  await refused(
    school.as('outsider', (tx) => adviseLeave(tx, { id: asked.id, advice: 'support' })),
    /本组组长/,
    403,
  )
  await refused(
    school.as('leader', (tx) => adviseLeave(tx, { id: asked.id, advice: 'oppose' })),
    /写明理由/,
  )
  await school.as('leader', (tx) => adviseLeave(tx, { id: asked.id, advice: 'support', note: '已调好课' }))
  const [leave] = await school.as('academicOffice', (tx) => listLeaves(tx, { status: 'asked' }))
  assert.deepEqual([leave?.advice, leave?.adviceNote], ['support', '已调好课'])
  await school.as('academicOffice', (tx) => decideLeave(tx, { id: asked.id, grant: true }))
  await refused(
    school.as('leader', (tx) => adviseLeave(tx, { id: asked.id, advice: 'support' })),
    /已经处理/,
    409,
  )
})

test('training by others counts for several at once with its organiser; changing it replaces the facts', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { teacher, colleague, outsider } = school.people
  const training = {
    title: '新课标培训',
    kind: 'groupResearch',
    organiser: 'college' as const,
    organiserName: '县教师进修学校',
    day: '2026-11-14',
    minutes: 360,
  }
  await refused(
    school.as('teacher', (tx) =>
      actions.saveTraining(tx, { ...training, people: [{ personId: teacher }, { personId: colleague }] }),
    ),
    /只能登记自己/,
    403,
  )
  await refused(
    school.as('leader', (tx) => actions.saveTraining(tx, { ...training, people: [{ personId: outsider }] })),
    /只能登记本组/,
    403,
  )
  await refused(
    school.as('leader', (tx) =>
      actions.saveTraining(tx, { ...training, day: '2026-12-01', people: [{ personId: teacher }] }),
    ),
    /还没有开始/,
  )
  const { id, status } = await school.as('leader', (tx) =>
    actions.saveTraining(tx, {
      ...training,
      people: [{ personId: teacher }, { personId: colleague, status: 'late' }],
    }),
  )
  assert.equal(status, 'confirmed')
  assert.deepEqual(await factsOf(school, 'colleague'), ['activity.attended late 360'])
  assert.equal((await standing(school))[0]?.attributes.organiser, 'college')
  await refused(
    school.as('academicOffice', (tx) =>
      actions.saveTraining(tx, { ...training, people: [{ personId: teacher }] }),
    ),
    /登记过/,
  )
  await school.as('leader', (tx) =>
    actions.saveTraining(tx, { ...training, trainingId: id, minutes: 300, people: [{ personId: teacher }] }),
  )
  assert.deepEqual(await factsOf(school, 'colleague'), [])
  assert.deepEqual(await factsOf(school, 'teacher'), ['activity.attended present 300'])
  await school.as('academicOffice', (tx) => actions.removeTraining(tx, { id, reason: '重复登记' }))
  assert.deepEqual(await factsOf(school, 'teacher'), [])
})

test('what a teacher reports of oneself counts only with proof and after somebody else has confirmed it', async () => {
  at('10:00')
  const school = await createTestSchool(services)
  const { id, status } = await school.as('teacher', (tx) =>
    actions.saveTraining(tx, {
      title: '市级阅读教学展示',
      kind: 'groupResearch',
      organiser: 'city',
      day: '2026-11-14',
      minutes: 180,
      people: [{ personId: school.people.teacher }],
    }),
  )
  assert.equal(status, 'reported')
  assert.deepEqual(await factsOf(school, 'teacher'), [])
  await refused(
    school.as('colleague', (tx) => actions.decideTraining(tx, { id, confirm: true })),
    /找不到/,
    404,
  )
  await refused(
    school.as('leader', (tx) => actions.decideTraining(tx, { id, confirm: true })),
    /没有附证明/,
  )
  await refused(
    school.as('leader', (tx) => actions.decideTraining(tx, { id, confirm: false })),
    /写明原因/,
  )
  await school.as('leader', (tx) => actions.decideTraining(tx, { id, confirm: false, note: '请附证书' }))
  const mine = await school.as('teacher', (tx) => queries.getBook(tx, {}))
  assert.equal(mine.trainings[0]?.status, 'returned')
})

test('figures by group, kind and month, absences, and the month of full attendance with why not', async () => {
  const { school, id } = await closed()
  const period = { from: '2026-11-01', to: '2026-11-30' }
  const figures = await school.as('academicOffice', (tx) => queries.getFigures(tx, period))
  assert.equal(figures.byUnit[0]?.expected, 3)
  assert.equal(figures.byUnit[0]?.absent, 2)
  assert.equal(figures.byUnit[0]?.ratePerMille, 333)
  assert.equal(figures.byMonth[0]?.label, '2026年11月')
  assert.equal(figures.absences.length, 2)
  const own = await school.as('teacher', (tx) => queries.getFigures(tx, period))
  assert.equal(own.byUnit[0]?.expected, 1)
  const full = await school.as('academicOffice', (tx) =>
    queries.getFullAttendance(tx, { dayInMonth: '2026-11-18' }),
  )
  const of = (personId: string) => full.lines.find((line) => line.person.id === personId)
  assert.equal(of(school.people.leader)?.isFull, true)
  assert.equal(of(school.people.outsider)?.isFull, null)
  assert.deepEqual(of(school.people.teacher)?.because, ['11月18日《估算教学的难点》缺席'])
  const onlyMine = await school.as('teacher', (tx) =>
    queries.getFullAttendance(tx, { dayInMonth: '2026-11-18' }),
  )
  assert.deepEqual(
    onlyMine.lines.map((line) => line.person.id),
    [school.people.teacher],
  )
  await refused(
    school.as('teacher', (tx) => queries.getBook(tx, { personId: school.people.colleague })),
    /只能看自己/,
    403,
  )
  const seen = await school.as('leader', (tx) => queries.getBook(tx, { personId: school.people.colleague }))
  assert.equal(seen.lines[0]?.abilities.appeal, '只有本人能申诉。')
  await refused(
    school.as('teacher', (tx) => queries.listChanges(tx, id)),
    /只有主持人/,
    403,
  )
})

test('the deadline of an appeal passes over weekends and holidays', () => {
  const calendar = {
    schoolYears: [{ id: '2026-2027', from: '2026-08-31', to: '2027-07-09' }],
    terms: [{ id: '1', schoolYearId: '2026-2027', from: '2026-08-31', to: '2027-01-22' }],
    specialDays: [{ day: '2026-11-19', kind: 'holiday', name: '校庆' }],
  } as never
  assert.equal(appealUntil(calendar, '2026-11-18', 3), '2026-11-24')
})

test('an attendance is explained in one sentence', () => {
  const row = {
    status: 'late' as const,
    source: 'code' as const,
    signedTime: '15:48',
    lateFromTime: '15:40',
    recordedByName: null,
    note: '',
    corrected: false,
    leaveKind: null,
  }
  assert.equal(explain(row), '15:48 扫码签到，晚于 15:40，记为迟到。')
  assert.equal(
    explain({ ...row, status: 'absent', source: 'closing', signedTime: null }),
    '活动结束时没有签到，也没有批准的请假，记为缺席。',
  )
})
