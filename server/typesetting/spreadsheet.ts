/** Tables for Excel and WPS: .xlsx with a frozen head, and CSV that Excel opens in the right encoding. */
import writeXlsxFile, { type Cell, type SheetData } from 'write-excel-file/node'
import { printable } from './printable.ts'

/** `date` takes a LocalDate or display text and stays text; `number` is right-aligned with its own format. */
export type ColumnKind = 'text' | 'integer' | 'decimal' | 'percent' | 'date'
export type CellValue = string | number | boolean | null

export interface SheetColumn {
  title: string
  /** In characters of Latin text; a Chinese character takes two. */
  width: number
  kind: ColumnKind
}

export interface Sheet {
  name: string
  columns: SheetColumn[]
  rows: CellValue[][]
}

const formats: Partial<Record<ColumnKind, string>> = { integer: '#,##0', decimal: '0.0', percent: '0.0%' }
const rowsAllowed = 1_048_575
const charactersAllowed = 32_767

/** Excel refuses these in the name of a sheet, more than 31 characters, and two sheets of one name. */
function sheetNames(sheets: Sheet[]): string[] {
  const used = new Set<string>()
  return sheets.map((sheet, index) => {
    const base =
      sheet.name
        .replace(/[\\/?*[\]:]/g, ' ')
        .replace(/^'+|'+$/g, '')
        .trim()
        .slice(0, 31) || `表${index + 1}`
    let name = base
    for (let number = 2; used.has(name.toLowerCase()); number++) {
      const ending = ` ${number}`
      name = base.slice(0, 31 - ending.length) + ending
    }
    used.add(name.toLowerCase())
    return name
  })
}

/**
 * In CSV nothing tells text from a formula, so Excel would run a cell that begins with `=`, `+`, `-` or `@` (also
 * after blanks). A quote before it keeps it text. Plain numbers stay as they are.
 */
function guard(text: string): string {
  return /^\s*[=+\-@]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
}

function cellOf(value: CellValue | undefined, kind: ColumnKind): Cell {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'boolean') return { value: value ? '是' : '否', type: String }
  if (typeof value === 'number' && Number.isFinite(value)) {
    if (kind === 'text' || kind === 'date') return { value: String(value), type: String, format: '@' }
    return { value, type: Number, format: formats[kind] ?? '0', align: 'right' }
  }
  const text = printable(String(value)).slice(0, charactersAllowed)
  // Every style costs time in large tables, so only cells that need the text format get it.
  const cell: Cell = { value: text, type: String }
  if (/^\s*[=+\-@\d.]/.test(text)) cell.format = '@'
  if (text.includes('\n')) cell.wrap = true
  return cell
}

/**
 * Writes an .xlsx with one frozen, bold head row per sheet. Text stays text: each is stored as a string, and what
 * looks like a formula or a number is in the text format too, so that `=1+1` does not become a formula when somebody
 * edits it and long numbers in text columns (工号, 身份证号) keep every digit.
 * Throws when a sheet has more rows than Excel holds or a row has more cells than columns.
 */
export async function writeSpreadsheet(book: { sheets: Sheet[] }): Promise<Buffer> {
  if (book.sheets.length === 0) throw new Error('A spreadsheet needs at least one sheet')
  const names = sheetNames(book.sheets)
  const sheets = book.sheets.map((sheet, index) => {
    checkSize(sheet)
    const head = sheet.columns.map(
      (column): Cell => ({
        value: printable(column.title),
        type: String,
        fontWeight: 'bold',
        backgroundColor: '#E9F0ED',
        bottomBorderStyle: 'thin',
        bottomBorderColor: '#1F6F5C',
        align: isNumeric(column.kind) ? 'right' : 'left',
        alignVertical: 'center',
        wrap: true,
      }),
    )
    const rows = sheet.rows.map((row) =>
      sheet.columns.map((column, place) => cellOf(row[place], column.kind)),
    )
    return {
      data: [head, ...rows] as SheetData,
      sheet: names[index] as string,
      columns: sheet.columns.map((column) => ({ width: column.width })),
      stickyRowsCount: 1,
    }
  })
  return writeXlsxFile(sheets, { fontFamily: '微软雅黑', fontSize: 10 }).toBuffer()
}

const isNumeric = (kind: ColumnKind) => kind === 'integer' || kind === 'decimal' || kind === 'percent'

function checkSize(sheet: Sheet) {
  if (sheet.rows.length > rowsAllowed)
    throw new Error(`Sheet ${sheet.name} has ${sheet.rows.length} rows, Excel holds ${rowsAllowed}`)
  const wide = sheet.rows.findIndex((row) => row.length > sheet.columns.length)
  if (wide >= 0) throw new Error(`Row ${wide + 1} of sheet ${sheet.name} has more cells than columns`)
}

/** One sheet as CSV: UTF-8 with a byte order mark (Excel needs it for Chinese), CRLF, the same guard. */
export function writeCsv(sheet: Pick<Sheet, 'columns' | 'rows'>): Buffer {
  const field = (value: CellValue | undefined): string => {
    if (value === null || value === undefined) return ''
    const text =
      typeof value === 'boolean'
        ? value
          ? '是'
          : '否'
        : typeof value === 'number'
          ? String(value)
          : guard(printable(value))
    return /[",\n\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  const lines = [
    sheet.columns.map((column) => field(column.title)),
    ...sheet.rows.map((row) => sheet.columns.map((_column, place) => field(row[place]))),
  ]
  return Buffer.from(`\ufeff${lines.map((line) => line.join(',')).join('\r\n')}\r\n`, 'utf8')
}
