import type { LocalDate } from '../../engine/types.ts'
import {
  columnLetter,
  findColumn,
  groupFields,
  type RosterColumn,
  type RosterField,
  type RosterProblem,
  type RosterRow,
  rosterColumns,
} from './columns.ts'
import { type RawCell, readSheets, type Sheet, type SheetLimits } from './sheet.ts'
import {
  type Parsed,
  parseDate,
  parseEmployeeNumber,
  parseList,
  parseMobile,
  parseName,
  parsePosts,
  parseSex,
  parseStaffKind,
  parseText,
  saysNone,
  tidy,
} from './values.ts'

export interface RosterLimits extends Partial<SheetLimits> {
  /** Nobody is born after it; the caller passes `tx.today`. */
  today: LocalDate
}

export const rosterLimits: SheetLimits = {
  maxBytes: 5 * 1024 * 1024,
  maxRows: 10_000,
  maxExpandedBytes: 80 * 1024 * 1024,
  maxMilliseconds: 20_000,
  maxMemoryMegabytes: 512,
}

export interface RosterReading {
  /** The rows without any problem, in the order of the file. */
  rows: RosterRow[]
  /** All mistakes of the whole file, from top to bottom. The file is fit to be taken over when there are none. */
  problems: RosterProblem[]
  /** The header cells as they stand in the file. */
  headerFound: string[]
  /** Header cells that mean none of our columns; what stands below them was not read. */
  ignoredColumns: string[]
}

/** Reads a school's staff roster from a file. Mistakes in the file come back as problems, never as errors. */
export async function readRoster(
  bytes: Uint8Array,
  fileName: string,
  limits: RosterLimits,
): Promise<RosterReading> {
  const { today, ...given } = limits
  const sheetLimits = { ...rosterLimits, ...given }
  const read = await readSheets(bytes, fileName, sheetLimits)
  if ('refusal' in read) return fileProblem(read.refusal)
  const chosen = chooseSheet(read.sheets)
  if ('refusal' in chosen) return fileProblem(chosen.refusal)
  return readSheet(chosen.sheet, today, sheetLimits.maxRows)
}

function fileProblem(message: string, headerFound: string[] = [], row: number | null = null): RosterReading {
  return {
    rows: [],
    problems: [{ row, column: null, columnTitle: null, value: '', message }],
    headerFound,
    ignoredColumns: [],
  }
}

interface Header {
  row: number
  titles: string[]
  columns: (RosterColumn | undefined)[]
  missing: RosterColumn[]
}

function headerOf(sheet: Sheet): Header | undefined {
  let best: Header | undefined
  for (const { row, cells } of sheet.rows.slice(0, 10)) {
    const titles = cells.map(cellText)
    const columns = titles.map(findColumn)
    const known = columns.filter((column) => column !== undefined)
    const missing = rosterColumns.filter((column) => column.required && !known.includes(column))
    const header = { row, titles, columns, missing }
    if (missing.length === 0) return header
    const bestKnown = best?.columns.filter((column) => column !== undefined).length ?? -1
    if (known.length > bestKnown) best = header
  }
  return best
}

function chooseSheet(sheets: Sheet[]): { sheet: Sheet } | { refusal: string } {
  const usable = sheets.filter(
    (sheet) => !sheet.hidden && sheet.filledRows > 0 && !/说明|示例|样例/.test(sheet.name),
  )
  const rosters = usable.filter((sheet) => headerOf(sheet)?.missing.length === 0)
  // Taking the first of several would lose the others without a word.
  const filled = rosters.filter((sheet) => sheet.filledRows > 1)
  if (filled.length > 1) {
    const names = filled.map((sheet) => `“${sheet.name}”`).join('、')
    return { refusal: `文件里有${filled.length}张花名册工作表（${names}），请合并成一张后再上传。` }
  }
  const sheet = filled[0] ?? rosters[0] ?? usable[0]
  return sheet
    ? { sheet }
    : { refusal: '这个文件里没有内容，请检查是否选错了文件，或者内容所在的工作表被隐藏了。' }
}

const expected = `必需的列是${rosterColumns
  .filter((column) => column.required)
  .map((column) => `“${column.title}”`)
  .join('')}，可选的列是${rosterColumns
  .filter((column) => !column.required)
  .map((column) => column.title)
  .join('、')}`

function readSheet(sheet: Sheet, today: LocalDate, maxRows: number): RosterReading {
  const header = headerOf(sheet)
  const headerFound = header?.titles.filter((title) => title !== '') ?? []
  if (!header || header.missing.length > 0) {
    const found = headerFound
      .slice(0, 20)
      .map((title) => title.replace(/\s+/g, '').slice(0, 15))
      .join('、')
    const missing = (header?.missing ?? []).map((column) => `“${column.title}”`).join('和')
    return fileProblem(
      `表头里没有${missing}列：第${header?.row ?? 1}行是“${found}”；${expected}。请改好列名或下载模板填写。`,
      headerFound,
      header?.row ?? 1,
    )
  }
  const problems: RosterProblem[] = []
  const ignoredColumns = header.titles.filter((title, index) => title !== '' && !header.columns[index])
  findRepeatedColumns(header, problems)
  for (const range of sheet.merges) {
    const [, letter, first, last] = /^([A-Z]+)(\d+)(?::[A-Z]+(\d+))?$/.exec(range) ?? []
    // A title above the header is usually merged and does no harm.
    if (Number(last ?? first) < header.row) continue
    problems.push({
      row: Number(first),
      column: letter ?? null,
      columnTitle: null,
      value: range,
      message: `${range}是合并的单元格，看不出每一行的内容；请取消合并，并把每一格都填上。`,
    })
  }
  const dataRows = sheet.rows.filter(({ row }) => row > header.row)
  const dataRowCount = sheet.filledRows - (sheet.rows.length - dataRows.length)
  if (dataRowCount > maxRows) {
    return fileProblem(
      `花名册有${dataRowCount}行，超过每次${maxRows}行的上限；请分成几个文件上传。`,
      headerFound,
    )
  }
  if (dataRowCount === 0) {
    return fileProblem('花名册只有表头，没有人员；请从表头下一行开始填写。', headerFound, header.row)
  }
  const readings = dataRows.map(({ row, cells }) =>
    readRow(row, cells, header, sheet.date1904, today, problems),
  )
  findDuplicates(readings, header, problems)
  const faulty = new Set(problems.map((problem) => problem.row))
  problems.sort((a, b) => (a.row ?? 0) - (b.row ?? 0) || columnOrder(a) - columnOrder(b))
  return { rows: readings.filter(({ row }) => !faulty.has(row)), problems, headerFound, ignoredColumns }
}

function columnOrder(problem: RosterProblem): number {
  const letters = problem.column ?? ''
  return letters.length * 100 + (letters.codePointAt(letters.length - 1) ?? 0)
}

function findRepeatedColumns(header: Header, problems: RosterProblem[]): void {
  for (const [index, column] of header.columns.entries()) {
    const first = header.columns.indexOf(column)
    if (!column || first === index) continue
    problems.push({
      row: header.row,
      column: columnLetter(index),
      columnTitle: header.titles[index] ?? null,
      value: header.titles[index] ?? '',
      message: `${columnLetter(first)}列“${header.titles[first]}”和${columnLetter(index)}列“${header.titles[index]}”都是“${column.title}”，请只留一列。`,
    })
  }
}

function cellText(cell: RawCell | undefined): string {
  if (cell === null || cell === undefined) return ''
  return (typeof cell === 'object' ? cell.fault : String(cell)).trim()
}

function readRow(
  row: number,
  cells: RawCell[],
  header: Header,
  date1904: boolean,
  today: LocalDate,
  problems: RosterProblem[],
): RosterRow {
  const person: RosterRow = {
    row,
    employeeNumber: '',
    name: '',
    sex: null,
    birthDate: null,
    staffKind: null,
    subjects: null,
    title: null,
    degree: null,
    joinedOn: null,
    firstAppointedOn: null,
    backboneLevel: null,
    backboneAuthority: null,
    putonghuaLevel: null,
    teachingStyle: null,
    mobile: null,
    teachingResearchGroups: null,
    lessonPreparationGroups: null,
    gradeGroups: null,
    posts: null,
  }
  const report = (index: number, message: string) =>
    problems.push({
      row,
      column: columnLetter(index),
      columnTitle: header.titles[index] ?? null,
      value: cellText(cells[index]),
      message,
    })
  const filled = header.columns.flatMap((column, index) =>
    column && cellText(cells[index]) !== '' ? [index] : [],
  )
  if (filled.length === 0) {
    // Something stands in this row, but only under columns that are not ours (a remark, a signature).
    const index = cells.findIndex((cell) => cellText(cell) !== '')
    report(index, '这一行没有人员信息，只在其他列有内容；如果不是人员行，请删去整行。')
    return person
  }
  if (filled.every((index) => cellText(cells[index]) === header.titles[index])) {
    report(filled[0] ?? 0, '这一行又是表头，请删去整行。')
    return person
  }
  const set = <Field extends RosterField>(field: Field, index: number, parsed: Parsed<RosterRow[Field]>) => {
    if ('fault' in parsed) report(index, parsed.fault)
    else person[field] = parsed.value
  }
  for (const [index, column] of header.columns.entries()) {
    if (!column || header.columns.indexOf(column) !== index) continue
    const cell = cells[index] ?? null
    if (cell === null || cell === '' || (typeof cell === 'string' && tidy(cell) === '')) {
      if (column.required) report(index, `缺少${column.title}，请补上；如果这不是人员行，请删去整行。`)
      continue
    }
    if (typeof cell === 'object') {
      report(index, `公式没有算出结果（${cell.fault}），请改成内容本身：复制后选择性粘贴为“数值”。`)
      continue
    }
    const isList = ['subjects', 'posts', ...groupFields.map(({ field }) => field)].includes(column.field)
    if (!isList && !column.required && saysNone(tidy(String(cell)))) continue
    switch (column.field) {
      case 'employeeNumber':
        set('employeeNumber', index, parseEmployeeNumber(cell))
        break
      case 'name':
        set('name', index, parseName(cell))
        break
      case 'sex':
        set('sex', index, parseSex(cell))
        break
      case 'staffKind':
        set('staffKind', index, parseStaffKind(cell))
        break
      case 'mobile':
        set('mobile', index, parseMobile(cell))
        break
      case 'title':
      case 'degree':
      case 'backboneLevel':
      case 'backboneAuthority':
      case 'putonghuaLevel':
      case 'teachingStyle':
        set(column.field, index, parseText(column.title, cell))
        break
      case 'birthDate':
        set('birthDate', index, parseBirthDate(cell, date1904, today))
        break
      case 'joinedOn':
      case 'firstAppointedOn':
        set(column.field, index, parseBegin(column.title, cell, date1904, today))
        break
      case 'subjects':
        set('subjects', index, parseList('任教学科', cell, /[、;；,，|/\n\r]/u))
        break
      case 'posts':
        break
      default:
        set(column.field, index, parseList(column.title, cell))
    }
  }
  const birthIndex = header.columns.findIndex((column) => column?.field === 'birthDate')
  if (person.birthDate && person.joinedOn && person.joinedOn < addYears(person.birthDate, 14)) {
    report(birthIndex, `出生日期${person.birthDate}与入职日期${person.joinedOn}对不上，请核对这两格。`)
  }
  const postsIndex = header.columns.findIndex((column) => column?.field === 'posts')
  const posts = cells[postsIndex] ?? null
  if (posts !== null && typeof posts !== 'object' && tidy(String(posts)) !== '') {
    const groups = groupFields.flatMap(({ field, kind }) =>
      (person[field] ?? []).map((name) => ({ kind, name })),
    )
    set('posts', postsIndex, parsePosts(posts, groups))
  }
  return person
}

function addYears(day: LocalDate, years: number): LocalDate {
  return `${Number(day.slice(0, 4)) + years}${day.slice(4)}`
}

function parseBirthDate(cell: string | number, date1904: boolean, today: LocalDate): Parsed<LocalDate> {
  const parsed = parseDate(cell, date1904)
  if ('fault' in parsed) return { fault: `出生日期${parsed.fault}` }
  if (parsed.value > today) return { fault: `出生日期${parsed.value}在今天之后，请核对年份。` }
  if (parsed.value > addYears(today, -14))
    return { fault: `出生日期${parsed.value}离今天不到14年，请核对年份。` }
  if (parsed.value < '1920') return { fault: `出生日期${parsed.value}太早，请核对年份。` }
  return parsed
}

/** The day on which somebody began to work, here or anywhere. */
function parseBegin(
  label: string,
  cell: string | number,
  date1904: boolean,
  today: LocalDate,
): Parsed<LocalDate> {
  const parsed = parseDate(cell, date1904)
  if ('fault' in parsed) return { fault: `${label}${parsed.fault}` }
  if (parsed.value > addYears(today, 1)) return { fault: `${label}${parsed.value}在一年以后，请核对年份。` }
  if (parsed.value < '1940') return { fault: `${label}${parsed.value}太早，请核对年份。` }
  return parsed
}

function findDuplicates(rows: RosterRow[], header: Header, problems: RosterProblem[]): void {
  const index = header.columns.findIndex((column) => column?.field === 'employeeNumber')
  const byNumber = Map.groupBy(
    rows.filter((row) => row.employeeNumber !== ''),
    (row) => row.employeeNumber.toUpperCase(),
  )
  for (const same of byNumber.values()) {
    if (same.length < 2) continue
    const places = same.slice(0, 10).map((row) => `第${row.row}行${row.name}`)
    const more = same.length > 10 ? `等${same.length}行` : ''
    for (const row of same) {
      problems.push({
        row: row.row,
        column: columnLetter(index),
        columnTitle: header.titles[index] ?? null,
        value: row.employeeNumber,
        message: `工号“${row.employeeNumber}”重复（${places.join('、')}${more}），每人只能有一个工号、只占一行。`,
      })
    }
  }
}
