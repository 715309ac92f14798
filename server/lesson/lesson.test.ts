import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemActor } from '../kit/services.ts'
import { endService } from '../org/actions.ts'
import { replaceLessons } from '../slot/store.ts'
import { recomputeMarked } from '../regime/actions.ts'
import { adoptRegime } from '../regime/adoption.ts'
import { createTestClients, createTestSchool, createTestServices } from '../testing.ts'
import { bookingChoices } from './present.ts'
import {
  clashProblem,
  periodAt,
  periodsProblem,
  plainName,
  usualPeriods,
  writtenLabel,
  classIn,
} from './rules.ts'
import { booking, notes, standingFacts } from './testing.ts'

// 2026-11-18 10:00, a Wednesday.
const services = await createTestServices()
const school = await createTestSchool(services)
const { call } = await createTestClients(services, school)
const { people } = school

const book = (change: Parameters<typeof booking>[1] = {}, who: keyof typeof people = 'teacher') =>
  call(who, 'lesson/bookLesson', booking(school, change))

test('names of classes are the same however the brackets are written', () => {
  assert.equal(plainName(' 三 (2) 班'), '三（2）班')
})

test('the running period is known from the clock, the minutes before it included', () => {
  assert.equal(periodAt(usualPeriods, '10:15'), 3)
  assert.equal(periodAt(usualPeriods, '10:59'), 3)
  assert.equal(periodAt(usualPeriods, '12:30'), null)
})

test('periods that overlap are refused', () => {
  assert.match(
    periodsProblem([
      { number: 1, from: '08:00', to: '08:40' },
      { number: 2, from: '08:30', to: '09:10' },
    ]) ?? '',
    /第2节与第1节的时间重叠/,
  )
})

test('a clash names who and what stands in the way', () => {
  const other = { teacherId: 'b', className: '三（2）班', room: '', topic: '秋天', teacherName: '赵春雨' }
  const lesson = { teacherId: 'a', className: '三（2）班', room: '', heldOn: '2026-11-18', period: 3 }
  assert.equal(clashProblem(lesson, [other])?.field, 'className')
  assert.match(
    clashProblem(lesson, [other])?.message ?? '',
    /三（2）班11月18日第3节已经安排了赵春雨的《秋天》/,
  )
})

test('a lesson is announced at once, seen by all, enrolled for in one tap and counts when it was given', async () => {
  const made = await book({ heldOn: '2026-11-19', period: 1 })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  assert.equal(made.body.status, 'booked')
  const { id } = made.body
  const list = await call('outsider', 'lesson/listLessons', {})
  const line = list.body.lessons.find((one: { id: string }) => one.id === id)
  assert.equal(line.abilities.enrol, null)
  assert.equal(line.periodLabel, '第1节 08:20—09:00')
  assert.equal((await call('outsider', 'lesson/enrol', { id })).status, 200)
  assert.equal((await call('outsider', 'lesson/enrol', { id })).status, 200)
  const seen = await call('teacher', 'lesson/getLesson', { id })
  assert.deepEqual(
    seen.body.observerList.map((one: { name: string }) => one.name),
    ['孙一鸣'],
  )
  assert.match((await call('teacher', 'lesson/enrol', { id })).body.error.message, /您自己的课/)
  assert.match((await call('teacher', 'lesson/giveLesson', { id })).body.error.message, /还没有到上课的日子/)

  const today = (await book({ heldOn: '2026-11-18', period: 1, guideId: people.leader })).body.id
  assert.equal((await call('teacher', 'lesson/giveLesson', { id: today })).status, 200)
  const [fact] = await standingFacts(school, people.teacher, 'lesson.given')
  assert.deepEqual(fact?.attributes, {
    lessonKind: 'publicLesson',
    scope: 'organisation',
    contentTags: [],
    parts: [],
    guided: true,
    topicId: '',
    caseId: today,
  })
  assert.match(
    (await call('teacher', 'lesson/takeBackGiven', { id: today, reason: ' ' })).body.error.message,
    /写明原因/,
  )
  assert.equal(
    (await call('teacher', 'lesson/takeBackGiven', { id: today, reason: '那天停电，没有上成' })).status,
    200,
  )
  assert.equal((await standingFacts(school, people.teacher, 'lesson.given')).length, 0)
  assert.equal((await call('teacher', 'lesson/giveLesson', { id: today })).status, 200)
  assert.equal((await standingFacts(school, people.teacher, 'lesson.given')).length, 1)
})

test('the same teacher, class or room is not booked twice in a period', async () => {
  const day = { heldOn: '2026-11-20', period: 2 }
  assert.equal((await book(day)).status, 200)
  const again = await book({ ...day, className: '四（1）班', room: '操场' })
  assert.match(again.body.error.message, /林小满11月20日第2节已经安排了/)
  const sameClass = await book(
    { ...day, teacherId: people.colleague, className: '三(2)班', room: '' },
    'colleague',
  )
  assert.match(sameClass.body.error.message, /请换班级或换一节/)
  const sameRoom = await book({ ...day, teacherId: people.colleague, className: '五（1）班' }, 'colleague')
  assert.match(sameRoom.body.error.message, /录播教室11月20日第2节/)
  const free = await book(
    { ...day, teacherId: people.colleague, className: '五（1）班', room: '' },
    'colleague',
  )
  assert.equal(free.status, 200)
  // Two at once: one of them is refused.
  const both = await Promise.all([
    book({ heldOn: '2026-11-20', period: 5 }),
    book({ heldOn: '2026-11-20', period: 5, className: '六（1）班', room: '' }, 'academicOffice'),
  ])
  assert.deepEqual(both.map((one) => one.status).sort(), [200, 422])
})

test('days without school, periods that the school does not have and people who have left are refused', async () => {
  assert.match((await book({ heldOn: '2026-11-22' })).body.error.message, /周日不上课/)
  assert.match((await book({ heldOn: '2026-10-01' })).body.error.message, /只能补登|不上课/)
  assert.match((await book({ heldOn: '2026-11-19', period: 9 })).body.error.message, /没有第9节/)
  assert.match((await book({ kind: 'noSuchKind' })).body.error.message, /没有这种课型/)
  const leaver = await createTestSchool(services, '离校小学')
  const clients = await createTestClients(services, leaver, 'left-')
  const made = await clients.call('colleague', 'lesson/bookLesson', {
    ...booking(leaver, { teacherId: leaver.people.colleague, heldOn: '2026-11-18', period: 2 }),
  })
  assert.equal(made.status, 200)
  await leaver.as('system', (tx) =>
    endService(tx, { personId: leaver.people.colleague, on: '2026-11-16', reason: '调离' }),
  )
  const late = await clients.call('academicOffice', 'lesson/bookLesson', {
    ...booking(leaver, { teacherId: leaver.people.colleague, heldOn: '2026-11-25' }),
  })
  assert.match(late.body.error.message, /赵春雨那天不在本校任职/)
  const given = await clients.call('academicOffice', 'lesson/giveLesson', { id: made.body.id })
  assert.match(given.body.error.message, /已经离校.*请取消/)
  const observed = await clients.call('leader', 'lesson/startObservation', { lessonId: made.body.id })
  assert.match(observed.body.error.message, /不在本校任职/)
  const choices = await clients.call('academicOffice', 'lesson/getBookingChoices', {})
  assert.ok(!choices.body.teachers.some((one: { id: string }) => one.id === leaver.people.colleague))
})

test('a teacher books only for the own person, a leader for the group', async () => {
  const other = await book({ teacherId: people.colleague, heldOn: '2026-11-23' })
  assert.equal(other.status, 403)
  assert.match(other.body.error.message, /只能安排自己的课/)
  assert.equal((await book({ heldOn: '2026-11-23', period: 4 }, 'leader')).status, 200)
  const choices = await call('leader', 'lesson/getBookingChoices', {})
  assert.deepEqual(
    [...choices.body.bookable].sort(),
    [people.leader, people.teacher, people.colleague].sort(),
  )
  assert.equal(
    (
      await book(
        { teacherId: people.outsider, heldOn: '2026-11-23', className: '二（1）班', room: '' },
        'leader',
      )
    ).status,
    403,
  )
})

test('where the school wants it a booking waits for the leader, and is declined with a reason', async () => {
  const strict = await createTestSchool(services, '确认小学')
  const { call: ask } = await createTestClients(services, strict, 'strict-')
  assert.equal(
    (await ask('teacher', 'lesson/saveLessonSettings', { confirms: true, periods: usualPeriods })).status,
    403,
  )
  assert.equal(
    (await ask('academicOffice', 'lesson/saveLessonSettings', { confirms: true, periods: usualPeriods }))
      .status,
    200,
  )
  const input = booking(strict, { heldOn: '2026-11-24' })
  const { id } = (await ask('teacher', 'lesson/bookLesson', input)).body
  const hidden = await ask('outsider', 'lesson/listLessons', {})
  assert.equal(hidden.body.lessons.length, 0)
  assert.equal((await ask('outsider', 'lesson/getLesson', { id })).status, 404)
  assert.match((await ask('outsider', 'lesson/enrol', { id })).body.error.message, /还没有确认/)
  assert.equal((await ask('leader', 'lesson/listLessons', {})).body.waiting.toConfirm, 1)
  const inbox = await ask('leader', 'inbox/listInbox', {})
  assert.deepEqual(
    inbox.body.waiting.map((item: { kind: string; id: string }) => [item.kind, item.id]),
    [['lesson', id]],
  )
  assert.match(
    (await ask('leader', 'lesson/declineLesson', { id, reason: '' })).body.error.message,
    /写明原因/,
  )
  assert.equal((await ask('leader', 'lesson/confirmLesson', { id })).status, 200)
  assert.equal((await ask('outsider', 'lesson/enrol', { id })).status, 200)
  const own = (
    await ask(
      'leader',
      'lesson/bookLesson',
      booking(strict, {
        teacherId: strict.people.leader,
        heldOn: '2026-11-24',
        period: 5,
        className: '四（1）班',
        room: '',
      }),
    )
  ).body
  assert.equal(own.status, 'asked')
  assert.match((await ask('leader', 'lesson/confirmLesson', { id: own.id })).body.error.message, /教导处确认/)
  assert.equal(
    (await ask('academicOffice', 'lesson/declineLesson', { id: own.id, reason: '与集体备课冲突' })).status,
    200,
  )
  const declined = await ask('leader', 'lesson/getLesson', { id: own.id })
  assert.equal(declined.body.status, 'cancelled')
  assert.equal(declined.body.reason, '与集体备课冲突')
})

test('a change tells those who enrolled why; a cancelled lesson stays in their list with the reason', async () => {
  const { id } = (await book({ heldOn: '2026-11-26', period: 1 })).body
  await call('colleague', 'lesson/enrol', { id })
  const moved = { ...booking(school, { heldOn: '2026-11-27', period: 2 }), id }
  assert.match(
    (await call('teacher', 'lesson/changeLesson', { ...moved, reason: '' })).body.error.message,
    /已有 1 位老师报名/,
  )
  assert.equal((await call('teacher', 'lesson/changeLesson', { ...moved, reason: '换课' })).status, 200)
  assert.equal((await call('colleague', 'lesson/changeLesson', { ...moved, reason: '换课' })).status, 403)
  const after = await call('colleague', 'lesson/getLesson', { id })
  assert.equal(after.body.steps.at(-1).detail, '11月26日周四第1节 → 11月27日周五第2节')
  assert.match(
    (await call('teacher', 'lesson/cancelLesson', { id, reason: '' })).body.error.message,
    /写明原因/,
  )
  assert.equal((await call('teacher', 'lesson/cancelLesson', { id, reason: '外出培训' })).status, 200)
  const mine = await call('colleague', 'lesson/listLessons', {})
  const line = mine.body.lessons.find((one: { id: string }) => one.id === id)
  assert.equal(line.status, 'cancelled')
  assert.equal(line.reason, '外出培训')
  const others = await call('outsider', 'lesson/listLessons', {})
  assert.ok(!others.body.lessons.some((one: { id: string }) => one.id === id))
  assert.match(
    (await call('colleague', 'lesson/startObservation', { lessonId: id })).body.error.message,
    /已经取消/,
  )
})

test('the first page says what lessons ask for today', async () => {
  const { id } = (await book({ heldOn: '2026-11-18', period: 6, room: '' })).body
  await call('colleague', 'lesson/enrol', { id })
  const titles = async (who: 'colleague' | 'teacher') =>
    (await call(who, 'home/getHome', {})).body.mine.items.map((item: { title: string }) => item.title)
  assert.ok((await titles('colleague')).includes('听课：分数的初步认识'))
  assert.ok((await titles('teacher')).includes('您的《分数的初步认识》'))
  await call('teacher', 'lesson/cancelLesson', { id, reason: '借班考试' })
  assert.ok((await titles('colleague')).includes('您报名的《分数的初步认识》不上了'))
})

test('lessons of a term are exported for Excel', async () => {
  const file = await call('academicOffice', 'lesson/getLessonsFile', {})
  assert.equal(file.status, 200)
  assert.ok(file.body.length > 1000)
})

test('booking says which lessons the regime asks for, and of whom', async () => {
  const ruled = await createTestSchool(services, '制度小学')
  await ruled.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xunyang', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const choices = await ruled.as('teacher', (tx) => bookingChoices(tx))
  const quota = choices.quotas.find((one) => one.kinds.includes('discussionLesson'))
  assert.match(quota?.clause ?? '', /《.+》/)
  assert.ok((quota?.who ?? '') !== '')
  assert.ok(choices.kinds.some((kind) => kind.label === '年级研讨课'))
})

test('who owes which lessons is seen by those who lead, with what each person has given', async () => {
  const ruled = await createTestSchool(services, '应上课小学')
  const { call: ask } = await createTestClients(services, ruled, 'owed-')
  await ruled.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'xinhongqiao', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const { id } = (
    await ask('teacher', 'lesson/bookLesson', booking(ruled, { kind: 'groupDiscussion', period: 1 }))
  ).body
  const before = (await ask('teacher', 'lesson/getLesson', { id })).body
  assert.match(before.expected[0].text, /组内研讨课/)
  assert.equal((await ask('teacher', 'lesson/giveLesson', { id })).status, 200)
  await recomputeMarked(services, ruled.id, systemActor('test'))
  const duties = (await ask('leader', 'lesson/listDuties', { of: 'given' })).body
  const column = duties.columns.find((one: { ruleId: string }) => one.ruleId === 'xinhongqiao-15')
  const cellOf = (name: string) =>
    duties.rows.find((row: { title: string }) => row.title === name)?.cells[column.key]
  assert.equal(cellOf('林小满').state, 'done')
  assert.equal(cellOf('赵春雨').value, 0)
  assert.ok(!duties.rows.some((row: { title: string }) => row.title === '孙一鸣'))
  assert.equal((await ask('teacher', 'lesson/listDuties', { of: 'given' })).body.rows.length, 0)
  const list = (await ask('teacher', 'lesson/listLessons', {})).body
  assert.ok(list.duties.includes(column.key))
  assert.match(list.abilities.duties, /组长/)
  const after = (await ask('teacher', 'lesson/getLesson', { id })).body
  assert.deepEqual(
    after.counted.map((rule: { ruleId: string }) => rule.ruleId),
    ['xinhongqiao-15'],
  )
})

test('a kind of lesson of which the regime wants a record counts with the record, also when it is written later', async () => {
  const ruled = await createTestSchool(services, '记录小学')
  const { call: ask } = await createTestClients(services, ruled, 'record-')
  await ruled.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'longtan', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  const { id } = (
    await ask('teacher', 'lesson/bookLesson', booking(ruled, { kind: 'newsExchange', period: 1 }))
  ).body
  assert.equal((await ask('teacher', 'lesson/giveLesson', { id })).status, 200)
  const parts = async () =>
    (await standingFacts(ruled, ruled.people.teacher, 'lesson.given')).map((fact) => fact.attributes.parts)
  assert.deepEqual(await parts(), [[]])
  const write = (who: 'teacher' | 'colleague', sections: object) =>
    ask(who, 'lesson/saveLessonRecord', { id, sections })
  assert.equal((await write('colleague', { newsRecord: '别人写的' })).status, 403)
  assert.equal((await write('teacher', { newsRecord: '谈了三条新闻', other: '不认识' })).status, 200)
  assert.deepEqual(await parts(), [['newsRecord']])
  await write('teacher', { newsRecord: '' })
  assert.deepEqual(await parts(), [[]])
})

test('comments on one lesson stand side by side with the time they were written, and are scored where the regime counts them', async () => {
  const ruled = await createTestSchool(services, '评课小学')
  const { call: ask } = await createTestClients(services, ruled, 'comment-')
  const { id } = (await ask('teacher', 'lesson/bookLesson', booking(ruled, { period: 1 }))).body
  await ask('outsider', 'lesson/enrol', { id })
  const observationId = (await ask('colleague', 'lesson/startObservation', { lessonId: id })).body.id
  await ask('colleague', 'lesson/saveObservation', { id: observationId, version: 1, ...notes() })
  assert.equal((await ask('colleague', 'lesson/submitObservation', { id: observationId })).status, 200)
  const comments = (await ask('leader', 'lesson/getLesson', { id })).body.comments
  assert.deepEqual(
    comments.lines.map((one: { observerName: string; onTheSpot: boolean; writtenLabel: string }) => [
      one.observerName,
      one.onTheSpot,
      one.writtenLabel,
    ]),
    [['赵春雨', true, '课后 60 分钟']],
  )
  assert.deepEqual(comments.missing, ['孙一鸣'])
  assert.equal((await ask('outsider', 'lesson/getLesson', { id })).body.comments, null)
  const score = (who: 'leader' | 'colleague', points: number | null) =>
    ask(who, 'lesson/scoreComment', { observationId, points })
  assert.match((await score('leader', 80)).body.error.message, /制度没有要求/)
  await ruled.as('system', (tx) =>
    adoptRegime(tx, { regimeId: 'baihe-2', schoolYearId: '2026-2027', from: '2026-08-31' }),
  )
  assert.equal((await score('leader', 80)).status, 200)
  assert.equal((await score('leader', 85)).status, 200)
  const facts = await standingFacts(ruled, ruled.people.colleague, 'evaluation.scored')
  assert.deepEqual(
    facts.map((fact) => [fact.quantity, fact.attributes.section, fact.attributes.commented]),
    [[85, 'lessonComments', true]],
  )
  const reopened = await ask('colleague', 'lesson/reopenObservation', { id: observationId })
  assert.match(reopened.body.error.message, /已经评分/)
  assert.equal((await score('leader', null)).status, 200)
  assert.equal((await standingFacts(ruled, ruled.people.colleague, 'evaluation.scored')).length, 0)
})

test('when something was written is told from the end of the lesson', () => {
  const at = (day: string, time: string) => new Date(`${day}T${time}:00+08:00`)
  assert.equal(writtenLabel(at('2026-11-18', '08:55'), '2026-11-18', '09:00'), '课上')
  assert.equal(writtenLabel(at('2026-11-18', '09:12'), '2026-11-18', '09:00'), '课后 12 分钟')
  assert.equal(writtenLabel(at('2026-11-18', '16:40'), '2026-11-18', '09:00'), '当天 16:40')
  assert.equal(writtenLabel(at('2026-11-19', '08:00'), '2026-11-18', '09:00'), '第二天')
})

test('the timetable gives period and class with one tap; lessons of the other weeks stay out', async () => {
  assert.equal(classIn('数学 三(2)班'), '三（2）班')
  assert.equal(classIn('校本课程'), '')
  const entry = {
    personId: people.teacher,
    weekday: 3,
    period: 2,
    parity: 'every' as const,
    what: '三（2）班数学',
  }
  await school.as('system', (tx) =>
    replaceLessons(tx, '2026-2027-1', [
      entry,
      { ...entry, period: 4, parity: 'odd' },
      { ...entry, period: 5, parity: 'even', what: '校本课程' },
      { ...entry, weekday: 4 },
    ]),
  )
  // The twelfth week, an even one.
  const day = await call('colleague', 'lesson/listTimetableOf', {
    teacherId: people.teacher,
    heldOn: '2026-11-18',
  })
  assert.deepEqual(
    day.body.map((one: { period: number; className: string }) => [one.period, one.className]),
    [
      [2, '三（2）班'],
      [5, ''],
    ],
  )
})
