import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { parseDocument } from 'yaml'
import type { z } from 'zod'
import type { LocalDate } from '../../engine/types.ts'
import { columnLetter } from '../roster/columns.ts'
import { decodeText } from '../roster/csv.ts'
import { type RawCell, readSheets, type Sheet } from '../roster/sheet.ts'
import { parseDate, saysNone, tidy } from '../roster/values.ts'
import { few } from './output.ts'
import type { Problem } from './output.ts'
import { lineFinder } from './regime-files.ts'

/** Collects what is wrong in one file. */
export interface Reporter {
  file: string
  problems: Problem[]
  report: (line: number | null, column: string | null, message: string) => void
}

export function reporterFor(file: string): Reporter {
  const problems: Problem[] = []
  return {
    file,
    problems,
    report: (line, column, message) => {
      problems.push({ file, line, column, message })
    },
  }
}

/** Whether a file is a table (CSV or Excel) rather than JSON or YAML. */
export function isTable(file: string): boolean {
  return ['.csv', '.xlsx', '.xls'].includes(extname(file).toLowerCase())
}

const tableLimits = {
  maxBytes: 50 * 1024 * 1024,
  maxRows: 200_000,
  maxExpandedBytes: 400 * 1024 * 1024,
  maxMilliseconds: 60_000,
  maxMemoryMegabytes: 1024,
}

/** The bytes of a file; reports one that is missing, a folder, or of a kind that cannot be read. */
function readBytes({ file, report }: Reporter, kinds: string[]): Buffer | null {
  if (!existsSync(file)) report(null, null, '没有这个文件，请检查路径。')
  else if (!statSync(file).isFile()) report(null, null, '这是一个文件夹，请写文件名。')
  else if (!kinds.includes(extname(file).toLowerCase()))
    report(null, null, `不能读取这一类文件；可以用：${kinds.join('、')}。`)
  else return readFileSync(file)
  return null
}

const plainKinds = ['.json', '.yaml', '.yml']
export const tableKinds = ['.csv', '.xlsx', '.xls']

/** A column that a table may have. */
export interface Column {
  field: string
  /** Headings in Chinese and English; the first is the usual one. */
  titles: string[]
  required?: boolean
}

export interface Row {
  line: number
  /** The cell of a column as text, with full-width signs made plain; empty where there is nothing. */
  text: (field: string) => string
  /** Letter of the column for problems. */
  column: (field: string) => string | null
  /** A day; reports what is none and gives null then, and where the cell is empty. */
  day: (field: string) => LocalDate | null
  number: (field: string) => number | null
  /** Columns under headings that are none of ours, with what stands there. */
  others: { title: string; column: string; text: string }[]
}

export interface Table {
  rows: Row[]
  /** Headings that mean none of the columns. */
  ignored: { title: string; column: string }[]
  /** Line of the headings. */
  line: number
}

const plainTitle = (title: string) =>
  tidy(title)
    .replace(/[（(【[].*$/u, '')
    .replace(/[\s*_-]/g, '')
    .toLowerCase()

const textOf = (cell: RawCell | undefined): string =>
  cell === null || cell === undefined || typeof cell === 'object' ? '' : tidy(String(cell))

/** Reads a table with headings; null when the file as a whole cannot be used, and then its problem is reported. */
export async function readTable(reporter: Reporter, columns: Column[]): Promise<Table | null> {
  const { file, report } = reporter
  const bytes = readBytes(reporter, [...tableKinds, ...plainKinds])
  if (!bytes) return null
  const read = await readSheets(bytes, basename(file), tableLimits)
  if ('refusal' in read) {
    report(
      null,
      null,
      read.refusal.replaceAll('花名册', '表格').replaceAll('再上传', '再试').replaceAll('上传', '使用'),
    )
    return null
  }
  const sheet = read.sheets.find(
    (one) => !one.hidden && one.filledRows > 0 && !/说明|示例|样例/.test(one.name),
  )
  const header = sheet && headerOf(sheet, columns)
  if (!sheet || !header) {
    report(null, null, '这个文件里没有内容。')
    return null
  }
  if (sheet.filledRows > tableLimits.maxRows) {
    report(null, null, `有 ${sheet.filledRows} 行，超过 ${tableLimits.maxRows} 行的上限，请分成几个文件。`)
    return null
  }
  const { line, titles, found } = header
  const before = reporter.problems.length
  columns.forEach((column) => {
    const places = found.flatMap((one, index) => (one === column ? [index] : []))
    if (places.length > 1)
      report(
        line,
        columnLetter(places[1] ?? 0),
        `${places.map((place) => `${columnLetter(place)} 列“${titles[place]}”`).join('和')}意思相同，请只留一列。`,
      )
    if (places.length === 0 && column.required)
      report(
        line,
        null,
        `没有“${column.titles[0]}”这一列；这一行是：${few(
          titles.filter((title) => title !== ''),
          12,
        )}。`,
      )
  })
  if (titles.some((title) => title.includes('\uFFFD')))
    report(line, null, '表头是乱码，请用 UTF-8 或 GBK 编码另存后再试。')
  if (reporter.problems.length > before) return null
  const ignored = titles.flatMap((title, index) =>
    title !== '' && !found[index] ? [{ title, column: columnLetter(index) }] : [],
  )
  return { line, ignored, rows: rowsOf(sheet, header, reporter) }
}

interface Header {
  line: number
  titles: string[]
  found: (Column | undefined)[]
}

/** The first row that holds every required column, else the one with most known headings. */
function headerOf(sheet: Sheet, columns: Column[]): Header | undefined {
  let best: { header: Header; known: number } | undefined
  for (const { row, cells } of sheet.rows.slice(0, 10)) {
    const titles = cells.map(textOf)
    const found = titles.map((title) =>
      title === ''
        ? undefined
        : columns.find((column) => column.titles.map(plainTitle).includes(plainTitle(title))),
    )
    const header = { line: row, titles, found }
    if (columns.every((column) => !column.required || found.includes(column))) return header
    const known = found.filter((column) => column !== undefined).length
    if (!best || known > best.known) best = { header, known }
  }
  return best?.header
}

function rowsOf(sheet: Sheet, { line: headerLine, titles, found }: Header, { report }: Reporter): Row[] {
  const places = new Map(found.flatMap((column, index) => (column ? [[column.field, index] as const] : [])))
  return sheet.rows
    .filter(({ row }) => row > headerLine)
    .map(({ row: line, cells }): Row => {
      cells.forEach((cell, index) => {
        if (typeof cell === 'object' && cell !== null)
          report(line, columnLetter(index), `公式没有算出结果（${cell.fault}），请改成内容本身。`)
        else if (String(cell ?? '').includes('\uFFFD'))
          report(line, columnLetter(index), '这一格是乱码，请用 UTF-8 或 GBK 编码另存后再试。')
      })
      const cellOf = (field: string) => {
        const place = places.get(field)
        return place === undefined ? null : (cells[place] ?? null)
      }
      const text = (field: string) => {
        const value = textOf(cellOf(field))
        return saysNone(value) ? '' : value
      }
      const column = (field: string) => {
        const place = places.get(field)
        return place === undefined ? null : columnLetter(place)
      }
      return {
        line,
        text,
        column,
        day: (field) => {
          const cell = cellOf(field)
          if (text(field) === '' || cell === null || typeof cell === 'object') return null
          const parsed = parseDate(cell, sheet.date1904)
          if ('value' in parsed) return parsed.value
          report(line, column(field), `“${text(field)}”${parsed.fault}`)
          return null
        },
        number: (field) => {
          const given = text(field)
          if (given === '') return null
          const value = Number(given)
          if (Number.isFinite(value)) return value
          report(line, column(field), `“${given}”不是数字。`)
          return null
        },
        others: titles.flatMap((title, index) => {
          const value = textOf(cells[index])
          return title !== '' && !found[index] && value !== '' && !saysNone(value)
            ? [{ title, column: columnLetter(index), text: value }]
            : []
        }),
      }
    })
}

/** Splits `语文、数学`. */
export function partsOf(text: string): string[] {
  return text
    .split(/[、;；,，|\n]/u)
    .map((part) => part.trim())
    .filter((part) => part !== '' && !saysNone(part))
}

const yes = /^(是|有|对|true|yes|y|1|√)$/i
const no = /^(否|无|没有|不|false|no|n|0|×)$/i

/** Yes or no in the ways people write it; null for anything else. */
export function yesOrNo(text: string): boolean | null {
  return yes.test(text) ? true : no.test(text) ? false : null
}

/** Reads JSON (or YAML) of a form; null when it is not of that form, and then everything wrong is reported. */
export function readPlain<Schema extends z.ZodType>(
  reporter: Reporter,
  schema: Schema,
): { value: z.output<Schema>; lineOf: (path: (string | number)[]) => number } | null {
  const { report } = reporter
  const bytes = readBytes(reporter, [...plainKinds, ...tableKinds])
  if (!bytes) return null
  const text = decodeText(bytes)
  if (text === undefined || text.includes('\uFFFD')) {
    report(null, null, '无法识别文字编码，请另存为 UTF-8 后再试。')
    return null
  }
  const read = dataOf(text, extname(reporter.file))
  if ('error' in read) {
    report(read.line, null, `文件格式不对，请检查引号、逗号和括号：${read.error}`)
    return null
  }
  // Finding lines takes longer than all the rest, and good files need none.
  let find: ReturnType<typeof lineFinder> | undefined
  const lineOf = (path: (string | number)[]) => {
    find ??= lineFinder(text)
    return find(path)
  }
  const parsed = schema.safeParse(read.data, { error: sentenceFor })
  if (parsed.success) return { value: parsed.data, lineOf }
  reportIssues(parsed.error.issues, lineOf, reporter)
  return null
}

/** The data of a JSON or YAML text, or what is wrong with it and where. */
function dataOf(text: string, extension: string): { data: unknown } | { error: string; line: number | null } {
  if (extension.toLowerCase() === '.json') {
    try {
      return { data: JSON.parse(text) }
    } catch {
      // Read once more below, for the line of the mistake.
    }
  }
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (!error) return { data: document.toJS() }
  return { error: error.message.split('\n')[0] ?? '', line: error.linePos?.[0].line ?? null }
}

/** What is wrong with a value, in Chinese; null leaves it to zod's own Chinese. */
export const sentenceFor: z.core.$ZodErrorMap = (issue) => {
  const field = String(issue.path?.at(-1) ?? '')
  if (issue.code === 'unrecognized_keys') return `不认识的字段：${issue.keys.join('、')}`
  if (issue.code === 'invalid_type' && issue.input === undefined) return `缺少 ${field}`
  if (issue.code === 'invalid_value' && Array.isArray(issue.values))
    return `${field} 不能写成 ${JSON.stringify(issue.input)}；可以用：${issue.values.join('、')}`
  return undefined
}

/** Reports what zod found, each at its line. */
export function reportIssues(
  issues: z.core.$ZodIssue[],
  lineOf: (path: (string | number)[]) => number,
  { report }: Reporter,
): void {
  for (const issue of issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    report(lineOf(path), path.length > 0 ? path.join('.') : null, `${issue.message.replace(/。$/, '')}。`)
  }
}
