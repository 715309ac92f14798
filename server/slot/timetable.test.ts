import assert from 'node:assert/strict'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTestSchool, createTestServices } from '../testing.ts'
import { writeSpreadsheet } from '../typesetting/spreadsheet.ts'
import { countLessons, listLessonsOfPerson } from './store.ts'
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
