import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestSchool, createTestServices } from '../testing.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { planActivity } from '../activity/actions.ts'
import { createFeed } from '../calendar/agenda-actions.ts'
import { loadAgenda } from '../calendar/agenda-view.ts'
import { readFeed } from '../calendar/feed.ts'
import { findFreeTimes, previewClashes } from './lessons.ts'
import { freeTimes } from './rules.ts'
import { countLessons, listLessonsOfPerson, replaceLessons } from './store.ts'
import { importTimetable, parityOf, slotOfHead, timetableTemplate } from './timetable.ts'

const services = await createTestServices()
const folder = mkdtempSync(join(tmpdir(), 'timetable-'))
let count = 0
const text = (title: string) => ({ title, width: 12, kind: 'text' as const })
async function upload(heads: string[], rows: (string | null)[][]) {
  const bytes = await writeSpreadsheet({ sheets: [{ name: '课表', columns: heads.map(text), rows }] })
  const path = join(folder, `${++count}.xlsx`)
  writeFileSync(path, bytes)
  return { name: '课表.xlsx', mediaType: '', sizeBytes: bytes.length, sha256: '', path }
}

test('heads of columns are read in the ways in which schools write them', () => {
  for (const head of ['周四第7节', '星期四第七节', '周四7', '四 7', '周四-7'])
    assert.deepEqual(slotOfHead(head), { weekday: 4, period: 7 }, head)
  for (const head of ['姓名', '班级', '备注', '周四']) assert.equal(slotOfHead(head), null, head)
  assert.deepEqual(parityOf('语文（单）'), { parity: 'odd', rest: '语文' })
})

test('a timetable of teachers is taken over, and again replaces what was there', async () => {
  const school = await createTestSchool(services, '课表一')
  const heads = ['工号', '姓名', '周四第6节', '周四第7节']
  const first = await upload(heads, [
    ['004', '林小满', null, '三（1）班数学'],
    ['005', '赵春雨', '四（1）班数学（双）', '无'],
  ])
  const result = await school.as('academicOffice', (tx) => importTimetable(tx, first))
  assert.deepEqual(result, { problems: [], saved: { lessons: 2, people: 2 } })
  const again = await upload(heads, [['004', '林小满', '三（1）班数学', null]])
  await school.as('academicOffice', (tx) => importTimetable(tx, again))
  const lessons = await school.as('teacher', (tx) =>
    listLessonsOfPerson(tx, '2026-2027-1', school.people.teacher),
  )
  assert.deepEqual(lessons, [{ weekday: 4, period: 6, parity: 'every', what: '三（1）班数学' }])
})

test('unknown names, doubles and wrong lessons are all named with row and column; nothing is saved', async () => {
  const school = await createTestSchool(services, '课表二')
  const file = await upload(
    ['班级', '周四第7节', '周五第1节', '周五第12节'],
    [
      ['三（1）班', '数学 林小满', '语文 王不识', null],
      ['三（2）班', '数学 林小满', '体育 李不识', null],
      ['', '语文 赵春雨', null, null],
    ],
  )
  const { problems, saved } = await school.as('academicOffice', (tx) => importTimetable(tx, file))
  assert.equal(saved, null)
  const said = problems.map((one) => `${one.row}${one.column} ${one.message}`)
  assert.match(said.join('\n'), /2C 本校没有叫“王不识”的老师/)
  assert.match(said.join('\n'), /3C 本校没有叫“李不识”的老师/)
  assert.match(said.join('\n'), /3B 同一位老师周四第7节排了两次课/)
  assert.match(said.join('\n'), /4A 缺少班级/)
  assert.match(said.join('\n'), /1D 本校作息只有 8 节课/)
  assert.equal((await school.as('system', (tx) => countLessons(tx, '2026-2027-1'))).lessons, 0)
})

test('a file that is none gets a sentence, a teacher may not import', async () => {
  const school = await createTestSchool(services, '课表三')
  const path = join(folder, 'none.xlsx')
  writeFileSync(path, 'not a workbook')
  const file = { name: 'none.xlsx', mediaType: '', sizeBytes: 14, sha256: '', path }
  const { problems } = await school.as('academicOffice', (tx) => importTimetable(tx, file))
  assert.equal(problems.length, 1)
  assert.doesNotMatch(problems[0]?.message ?? '', /花名册/)
  await assert.rejects(
    school.as('leader', (tx) => importTimetable(tx, file)),
    /教导处/,
  )
})

test('the template names every teacher and can be read back empty-handed', async () => {
  const school = await createTestSchool(services, '课表四')
  const [sheet] = await school.as('academicOffice', (tx) => timetableTemplate(tx, 'teachers'))
  assert.equal(sheet?.rows.length, 6)
  assert.equal(sheet?.columns.length, 2 + 5 * 8)
})

test('times without lessons: the latest of each day, else those at which the fewest teach', () => {
  const periods = [
    { number: 1, starts: '08:00', ends: '08:40' },
    { number: 2, starts: '08:50', ends: '09:30' },
    { number: 3, starts: '14:00', ends: '14:40' },
    { number: 4, starts: '14:50', ends: '15:30' },
  ]
  const lesson = (
    personName: string,
    weekday: number,
    period: number,
    parity: 'every' | 'even' = 'every',
  ) => ({
    personName,
    weekday,
    period,
    parity,
  })
  const day = (name: string, weekday: number, parity: 'odd' | 'even' = 'odd') => ({
    day: name,
    weekday,
    parity,
  })
  const monday = day('2026-11-23', 1)
  const told = (times: ReturnType<typeof freeTimes>) =>
    times.map((one) => `${one.day} ${one.firstPeriod}-${one.lastPeriod} ${one.busy.join()}`)
  assert.deepEqual(told(freeTimes([lesson('甲', 2, 1)], periods, [monday])), ['2026-11-23 3-4 '])
  // A lesson of even weeks does not stand in the way of an odd one; the noon break parts the halves of the day.
  assert.deepEqual(told(freeTimes([lesson('甲', 1, 3, 'even')], periods, [monday])), ['2026-11-23 3-4 '])
  assert.deepEqual(told(freeTimes([lesson('甲', 1, 4)], periods, [monday])), ['2026-11-23 1-2 '])
  const planned = [{ day: '2026-11-23', starts: '15:00', ends: '16:00' }]
  assert.deepEqual(told(freeTimes([lesson('甲', 2, 1)], periods, [monday], planned)), ['2026-11-23 1-2 '])
  const always = ['甲', '乙'].flatMap((name) => [lesson(name, 1, 1), lesson(name, 1, name === '甲' ? 3 : 2)])
  assert.deepEqual(told(freeTimes(always, periods, [monday])), ['2026-11-23 3-4 甲'])
})

test('everybody sees the own lessons of the week, a feed may bring them, planners see when all are free', async () => {
  const school = await createTestSchool(services, '课表五')
  const { people, groupId } = school
  const lesson = (personId: string, period: number, parity: 'every' | 'odd' | 'even' = 'every') => ({
    personId,
    weekday: 4,
    period,
    parity,
    what: `三（${period}）班数学`,
  })
  await school.as('academicOffice', (tx) =>
    replaceLessons(tx, '2026-2027-1', [
      lesson(people.teacher, 7),
      lesson(people.teacher, 8, 'odd'),
      lesson(people.outsider, 5),
    ]),
  )
  const week = (who: 'teacher' | 'leader', scope: 'mine' | 'school' = 'mine') =>
    school.as(who, (tx) => loadAgenda(tx, { scope, from: '2026-11-16', to: '2026-11-22' }))
  // The twelfth week is an even one: the lesson of odd weeks is not given.
  assert.deepEqual(
    (await week('teacher')).lessons.map((one) => `${one.day} ${one.period} ${one.what}`),
    ['2026-11-19 7 三（7）班数学'],
  )
  assert.deepEqual((await week('teacher', 'school')).lessons, [])
  assert.deepEqual((await week('leader')).lessons, [])
  const feed = async (withTimetable: boolean) => {
    const { token } = await school.as('teacher', (tx) => createFeed(tx, { unitId: null, withTimetable }))
    return (await readFeed(services, token)) ?? ''
  }
  assert.match(await feed(true), /三（7）班数学/)
  assert.doesNotMatch(await feed(false), /三（7）班数学/)

  const free = await school.as('leader', (tx) => findFreeTimes(tx, { unitId: groupId, day: '2026-11-25' }))
  const thursday = free.times.find((one) => one.day === '2026-11-26')
  assert.equal(free.members, 3)
  // Of this Thursday the seventh and eighth are taught in an odd week; the time before is free for all.
  assert.match(thursday?.label ?? '', /11月26日 周四 第5–6节/)
  assert.deepEqual(thursday?.busy, [])
  const clashes = (who: 'leader' | 'outsider', activityId?: string) =>
    school.as(who, (tx) =>
      previewClashes(tx, {
        unitId: groupId,
        day: '2026-11-26',
        starts: thursday?.ends ?? '15:00',
        ends: '17:30',
        ...(activityId === undefined ? {} : { activityId }),
      }),
    )
  assert.match((await clashes('leader')).warnings.join(), /林小满周四第7、8节有课/)
  await assert.rejects(clashes('outsider'), /组长/)
  const { id } = await school.as('leader', (tx) =>
    planActivity(tx, {
      scope: 'group',
      unitId: groupId,
      kind: 'teamStudy',
      theme: '估算',
      content: '讨论',
      place: '会议室',
      day: '2026-11-27',
      startTime: '15:00',
      endTime: '16:00',
      hostId: people.leader,
      speakerId: people.teacher,
    }),
  )
  // Of an activity that is there already its own day is looked at; a Friday has no lessons.
  assert.deepEqual((await clashes('leader', id)).warnings, [])
  await assert.rejects(clashes('outsider', id), /只有主持人/)
  await assert.rejects(
    school.as('teacher', (tx) => findFreeTimes(tx, { unitId: groupId, day: '2026-11-25' })),
    /组长/,
  )
})
