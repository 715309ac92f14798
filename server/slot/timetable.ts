import { readFile } from 'node:fs/promises'
import { audit } from '../audit/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { demand, refuse } from '../kit/errors.ts'
import type { UploadedFile } from '../kit/serve.ts'
import { changed } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listPeople } from '../org/store.ts'
import { columnLetter } from '../roster/columns.ts'
import { type RawCell, readSheets, type Sheet as FileSheet } from '../roster/sheet.ts'
import { tidy } from '../roster/values.ts'
import type { Sheet } from '../typesetting/spreadsheet.ts'
import { can } from './access.ts'
import { loadPeriods } from './clashes.ts'
import type { TimetableProblem, TimetableResult } from './contract.ts'
import * as store from './store.ts'
import { type Parity, type Period, weekdayLabels, weekdayOfLabel } from './words.ts'

const limits = {
  maxBytes: 5 * 1024 * 1024,
  maxRows: 2000,
  maxExpandedBytes: 60 * 1024 * 1024,
  maxMilliseconds: 20_000,
  maxMemoryMegabytes: 512,
}

const digits = '一二三四五六七八九十'
/** `周一1`, `周一第1节`, `星期一第一节`, `一1`: weekday and lesson of a column; null for any other head. */
export function slotOfHead(head: string): { weekday: number; period: number } | null {
  const match =
    /^(?:周|星期|礼拜)?([一二三四五六日天1-7])[\s\-_.、:：]*第?\s*(1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])\s*节?课?$/.exec(
      tidy(head),
    )
  if (!match) return null
  const [, day = '', lesson = ''] = match
  const weekday = /\d/.test(day) ? Number(day) : day === '日' || day === '天' ? 7 : digits.indexOf(day) + 1
  const period = /^\d+$/.test(lesson)
    ? Number(lesson)
    : lesson.length === 2
      ? 10 + digits.indexOf(lesson[1] ?? '') + 1
      : digits.indexOf(lesson) + 1
  return { weekday, period }
}

const cellText = (cell: RawCell | undefined) =>
  cell === null || cell === undefined ? '' : tidy(typeof cell === 'object' ? '' : String(cell))
const isNone = (text: string) => text === '' || /^(?:无|[-—–/]+)$/.test(text)

/** What a cell says of odd and even weeks: `语文（单）`. */
export function parityOf(text: string): { parity: Parity; rest: string } {
  const match = /[（(]\s*([单双])周?\s*[）)]\s*$/.exec(text)
  return match
    ? { parity: match[1] === '单' ? 'odd' : 'even', rest: text.slice(0, match.index).trim() }
    : { parity: 'every', rest: text }
}

/** Brackets as Chinese text has them: 三（1）班. */
const inChinese = (text: string) => text.replaceAll('(', '（').replaceAll(')', '）').slice(0, 40)

interface Person {
  id: string
  name: string
  staffNumber: string
}
type Lesson = Omit<store.TimetableLesson, 'personName'> & { where: string }

interface Reading {
  lessons: Lesson[]
  problems: TimetableProblem[]
}

/**
 * Reads sheets of a timetable: one teacher a row (工号, 姓名, 周一第1节 …), or one class a row with 学科 and 教师 in each
 * cell. Every fault of the file is named with sheet, row and column. Pure.
 */
export function readTimetable(sheets: FileSheet[], people: Person[], periods: Period[]): Reading {
  const reading: Reading = { lessons: [], problems: [] }
  const used = sheets.filter(
    (sheet) => !sheet.hidden && sheet.filledRows > 0 && !/说明|示例|样例/.test(sheet.name),
  )
  if (used.length === 0)
    reading.problems.push(problem('', null, null, '', '这个文件里没有内容，请检查是否选错了文件。'))
  for (const sheet of used) readOne(sheet, people, periods, reading)
  findDoubles(reading)
  return reading
}

const problem = (
  sheet: string,
  row: number | null,
  column: string | null,
  value: string,
  message: string,
): TimetableProblem => ({ sheet, row, column, value, message })

function readOne(sheet: FileSheet, people: Person[], periods: Period[], reading: Reading): void {
  const header = sheet.rows
    .slice(0, 10)
    .find(({ cells }) => cells.filter((cell) => slotOfHead(cellText(cell))).length >= 2)
  if (!header) {
    reading.problems.push(
      problem(
        sheet.name,
        sheet.rows[0]?.row ?? 1,
        null,
        '',
        '找不到表头：请用“周一第1节、周一第2节…”作列名，或下载模板填写。',
      ),
    )
    return
  }
  const heads = header.cells.map(cellText)
  const find = (pattern: RegExp) => heads.findIndex((head) => pattern.test(head))
  const name = find(/^(?:姓名|教师|老师)$/)
  const number = find(/^工号$/)
  const group = find(/^班级?$/)
  if (name === -1 && number === -1 && group === -1) {
    reading.problems.push(
      problem(sheet.name, header.row, null, '', '表头里要有“姓名”（教师课表）或“班级”（班级课表）一列。'),
    )
    return
  }
  const columns = heads.flatMap((head, index) => {
    const at = slotOfHead(head)
    if (!at) return []
    if (at.period > periods.length) {
      reading.problems.push(
        problem(
          sheet.name,
          header.row,
          columnLetter(index),
          head,
          `本校作息只有 ${periods.length} 节课，没有第 ${at.period} 节；请先改作息时间或删去这一列。`,
        ),
      )
      return []
    }
    return [{ ...at, index }]
  })
  for (const { row, cells } of sheet.rows) {
    if (row <= header.row || cells.every((cell) => cellText(cell) === '')) continue
    const at = { sheet: sheet.name, row }
    if (name !== -1 || number !== -1) readTeacher(at, cells, { name, number }, columns, people, reading)
    else readClass(at, cells, group, columns, people, reading)
  }
}

type Column = { weekday: number; period: number; index: number }

function readTeacher(
  at: { sheet: string; row: number },
  cells: RawCell[],
  heads: { name: number; number: number },
  columns: Column[],
  people: Person[],
  reading: Reading,
): void {
  const name = heads.name === -1 ? '' : cellText(cells[heads.name]).replaceAll(' ', '')
  const number = heads.number === -1 ? '' : cellText(cells[heads.number])
  const column = columnLetter(number === '' ? Math.max(heads.name, 0) : heads.number)
  const person = findPerson(people, name, number)
  if ('fault' in person) {
    reading.problems.push(problem(at.sheet, at.row, column, number || name, person.fault))
    return
  }
  for (const { weekday, period, index } of columns) {
    const cell = cells[index]
    const { parity, rest } = parityOf(cellText(cell))
    if (cell !== null && typeof cell === 'object') {
      reading.problems.push(
        problem(at.sheet, at.row, columnLetter(index), cell.fault, '公式没有算出结果，请改成内容本身。'),
      )
      continue
    }
    if (isNone(rest)) continue
    reading.lessons.push({
      personId: person.id,
      weekday,
      period,
      parity,
      what: inChinese(rest),
      where: `${at.sheet}|${at.row}|${columnLetter(index)}`,
    })
  }
}

function readClass(
  at: { sheet: string; row: number },
  cells: RawCell[],
  group: number,
  columns: Column[],
  people: Person[],
  reading: Reading,
): void {
  const className = cellText(cells[group])
  if (className === '') {
    reading.problems.push(
      problem(at.sheet, at.row, columnLetter(group), '', '缺少班级，请补上；不是班级行请删去整行。'),
    )
    return
  }
  for (const { weekday, period, index } of columns) {
    const { parity, rest } = parityOf(cellText(cells[index]))
    if (isNone(rest)) continue
    const parts = rest.split(/[\s/／、,，;；]+/).filter((part) => part !== '')
    const subject = parts.length > 1 ? (parts[0] ?? '') : ''
    const names = parts.length > 1 ? parts.slice(1) : parts
    for (const name of names) {
      const person = findPerson(people, name, '')
      if ('fault' in person) {
        reading.problems.push(problem(at.sheet, at.row, columnLetter(index), rest, person.fault))
        continue
      }
      reading.lessons.push({
        personId: person.id,
        weekday,
        period,
        parity,
        what: inChinese(`${className}${subject}`),
        where: `${at.sheet}|${at.row}|${columnLetter(index)}`,
      })
    }
  }
}

function findPerson(people: Person[], name: string, number: string): Person | { fault: string } {
  if (number !== '') {
    const found = people.find((one) => one.staffNumber.toUpperCase() === number.toUpperCase())
    if (!found) return { fault: `本校没有工号“${number}”，请核对。` }
    if (name !== '' && found.name !== name)
      return { fault: `工号“${number}”是${found.name}，表里写的是“${name}”，请核对。` }
    return found
  }
  if (name === '') return { fault: '缺少教师姓名，请补上；不是教师行请删去整行。' }
  const same = people.filter((one) => one.name === name)
  if (same.length > 1)
    return {
      fault: `本校有 ${same.length} 位“${name}”，请加“工号”一列写明是哪一位（${same.map((one) => one.staffNumber).join('、')}）。`,
    }
  return same[0] ?? { fault: `本校没有叫“${name}”的老师，请核对姓名或先导入花名册。` }
}

/** One teacher twice at the same lesson. */
function findDoubles({ lessons, problems }: Reading): void {
  const seen = new Map<string, Lesson>()
  for (const lesson of lessons) {
    const weeks = lesson.parity === 'every' ? ['odd', 'even'] : [lesson.parity]
    for (const week of weeks) {
      const key = `${lesson.personId} ${lesson.weekday} ${lesson.period} ${week}`
      const other = seen.get(key)
      if (other && other !== lesson) {
        const [sheet = '', row = '', column = ''] = lesson.where.split('|')
        problems.push(
          problem(
            sheet,
            Number(row),
            column,
            lesson.what,
            `同一位老师${weekdayOfLabel(lesson.weekday)}第${lesson.period}节排了两次课（${other.what}、${lesson.what}），请核对。`,
          ),
        )
        break
      }
      seen.set(key, lesson)
    }
  }
}

/** Takes a timetable over for the term of today (in the holidays the next); with any fault nothing is changed. */
export async function importTimetable(tx: Tx, file: UploadedFile): Promise<TimetableResult> {
  demand(can.maintain(tx.actor))
  const term = (await loadCalendar(tx)).terms.find((one) => one.to >= tx.today)
  if (!term) refuse('还没有本学期的校历，请先在“学年和校历”里建好学年。')
  const read = await readSheets(await readFile(file.path), file.name, limits)
  if ('refusal' in read)
    return { problems: [problem('', null, null, '', read.refusal.replaceAll('花名册', '课表'))], saved: null }
  const people = await listPeople(tx, tx.today)
  const { lessons, problems } = readTimetable(read.sheets, people, await loadPeriods(tx))
  if (problems.length === 0 && lessons.length === 0)
    problems.push(problem('', null, null, '', '课表里没有一节课，请填好后再上传。'))
  if (problems.length > 0) return { problems, saved: null }
  await store.lockSlots(tx)
  await store.replaceLessons(
    tx,
    term.id,
    lessons.map(({ where: _where, ...lesson }) => lesson),
  )
  const saved = await store.countLessons(tx, term.id)
  await audit(tx, {
    type: 'slot.timetableImported',
    id: null,
    payload: { termId: term.id, ...saved, file: file.name },
  })
  changed(tx, 'slot', 'calendar')
  return { problems: [], saved }
}

/** The template to fill in: every teacher of the school stands in it already. */
export async function timetableTemplate(tx: Tx, layout: 'teachers' | 'classes'): Promise<Sheet[]> {
  demand(can.maintain(tx.actor))
  const periods = await loadPeriods(tx)
  const text = (title: string, width: number) => ({ title, width, kind: 'text' as const })
  const slots = weekdayLabels
    .slice(0, 5)
    .flatMap((day) => periods.map((period) => text(`${day}第${period.number}节`, 12)))
  const people = layout === 'teachers' ? await listPeople(tx, tx.today) : []
  const hints =
    layout === 'teachers'
      ? [
          '每位老师一行，工号和姓名已填好，没有课的老师留空。',
          '格子里写班级和学科，例如“三（1）班语文”；没有课就空着。',
        ]
      : ['每个班一行，班级写在第一列。', '格子里写学科和教师姓名，中间空一格，例如“语文 林小满”。']
  return [
    {
      name: layout === 'teachers' ? '教师课表' : '班级课表',
      columns: [
        ...(layout === 'teachers' ? [text('工号', 10), text('姓名', 10)] : [text('班级', 14)]),
        ...slots,
      ],
      rows: people.map((person) => [person.staffNumber, person.name]),
    },
    {
      name: '填写说明',
      columns: [text('怎样填写', 80)],
      rows: [
        ...hints,
        '只在单周或双周上的课，在后面注明（单）或（双）。',
        '上传后系统先查一遍，有不认识的名字会一次全部列出，不会只导入一半。',
      ].map((hint) => [hint]),
    },
  ]
}
