/**
 * Tables for Excel and WPS: .xlsx with a frozen head, and CSV that Excel opens in the right encoding.
 * The .xlsx is written here, in pieces, because the libraries build it at once and stop the server meanwhile
 * (10,000 rows of 12 cells: one second with write-excel-file).
 */
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import { printable } from './printable.ts'

/** A `date` is a LocalDate or display text and stays text; numbers are right-aligned in the format of their kind. */
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

const rowsAllowed = 1_048_575
const charactersAllowed = 32_767
const rowsPerPiece = 500

/** Excel refuses these in the name of a sheet, more than 31 characters, and two sheets of one name. */
function sheetNames(sheets: Sheet[]): string[] {
  const used = new Set<string>()
  return sheets.map((sheet, index) => {
    const plain = printable(sheet.name)
      .replace(/[\\/?*[\]:\n\t]/g, ' ')
      .trim()
      .slice(0, 31)
    const base = plain.replace(/^'+|'+$/g, '').trim() || `表${index + 1}`
    let name = base
    for (let number = 2; used.has(name.toLowerCase()); number++) {
      const ending = ` ${number}`
      name = base.slice(0, 31 - ending.length) + ending
    }
    used.add(name.toLowerCase())
    return name
  })
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
/** Text as XML. Excel reads `_x000D_` as a character, so such an underscore is written as `_x005F_`. */
const xml = (text: string) =>
  printable(text)
    .replace(/[&<>"]/g, (sign) => entities[sign] as string)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')

/** `A`, `Z`, `AA`, for the column at a place from 0. */
function columnLetters(place: number): string {
  const letter = String.fromCharCode(65 + (place % 26))
  return place < 26 ? letter : columnLetters(Math.floor(place / 26) - 1) + letter
}

/** Places in `cellXfs` below. */
const style = {
  plain: 0,
  headLeft: 1,
  headRight: 2,
  text: 3,
  textWrapped: 4,
  integer: 5,
  decimal: 6,
  percent: 7,
  wrapped: 8,
}
const styleSheet = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<numFmts count="2"><numFmt numFmtId="164" formatCode="0.0"/><numFmt numFmtId="165" formatCode="0.0%"/></numFmts>
<fonts count="2"><font><sz val="10"/><name val="微软雅黑"/></font><font><b/><sz val="10"/><name val="微软雅黑"/></font></fonts>
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE9F0ED"/><bgColor indexed="64"/></patternFill></fill></fills>
<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>\
<border><left/><right/><top/><bottom style="thin"><color rgb="FF1F6F5C"/></bottom><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="9">
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="left" vertical="center" wrapText="1"/></xf>
<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="right" vertical="center" wrapText="1"/></xf>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>
</cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>`.replaceAll('\\\n', '')

type NumericKind = 'integer' | 'decimal' | 'percent'
const isNumeric = (kind: ColumnKind): kind is NumericKind =>
  kind === 'integer' || kind === 'decimal' || kind === 'percent'

const textCell = (address: string, text: string, place: number) =>
  `<c r="${address}" t="inlineStr"${place === 0 ? '' : ` s="${place}"`}><is><t xml:space="preserve">${xml(text)}</t></is></c>`

function cell(address: string, value: CellValue | undefined, kind: ColumnKind): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return textCell(address, value ? '是' : '否', style.plain)
  if (typeof value === 'number' && Number.isFinite(value) && isNumeric(kind))
    return `<c r="${address}" s="${style[kind]}"><v>${value}</v></c>`
  const text = String(value).slice(0, charactersAllowed)
  const wrapped = /[\r\n]/.test(text)
  if (/^\s*[=+\-@\d.]/.test(text)) return textCell(address, text, wrapped ? style.textWrapped : style.text)
  return textCell(address, text, wrapped ? style.wrapped : style.plain)
}

/** Lines of the highest cell in a row, at most 12. */
function linesOf(row: CellValue[]): number {
  let lines = 1
  for (const value of row)
    if (typeof value === 'string' && value.includes('\n')) lines = Math.max(lines, value.split('\n').length)
  return Math.min(lines, 12)
}

/** The XML of one sheet, piece by piece: head frozen and repeated in print, filter, A4 landscape, as wide as the page. */
function* sheetXml({ columns, rows }: Sheet): Generator<string> {
  const letters = columns.map((_column, place) => columnLetters(place))
  const widths = columns.map(
    (column, place) => `<col min="${place + 1}" max="${place + 1}" width="${column.width}" customWidth="1"/>`,
  )
  const head = columns.map((column, place) =>
    textCell(`${letters[place]}1`, column.title, isNumeric(column.kind) ? style.headRight : style.headLeft),
  )
  const last = `${letters.at(-1)}${rows.length + 1}`
  yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>' +
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    `<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:${last}"/>` +
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' +
    `</sheetView></sheetViews><cols>${widths.join('')}</cols><sheetData><row r="1">${head.join('')}</row>`
  for (let from = 0; from < rows.length; from += rowsPerPiece) {
    let piece = ''
    for (let index = from; index < Math.min(from + rowsPerPiece, rows.length); index++) {
      const row = rows[index] as CellValue[]
      const number = index + 2
      const lines = linesOf(row)
      // Not every program fits the height to what is in the row.
      piece += lines > 1 ? `<row r="${number}" ht="${lines * 14}" customHeight="1">` : `<row r="${number}">`
      for (let place = 0; place < columns.length; place++)
        piece += cell(letters[place] + String(number), row[place], (columns[place] as SheetColumn).kind)
      piece += '</row>'
    }
    yield piece
  }
  yield `</sheetData><autoFilter ref="A1:${last}"/>` +
    '<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>' +
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
}

/**
 * Writes an .xlsx with one frozen, bold head row per sheet. Text stays text: each is stored as a string, and what
 * looks like a formula or a number is in the text format too, so that `=1+1` does not become a formula when somebody
 * edits it and long numbers in text columns (工号, 身份证号) keep every digit.
 * Throws when a sheet has more rows than Excel holds or a row has more cells than columns.
 */
export async function writeSpreadsheet(book: { sheets: Sheet[] }): Promise<Buffer> {
  if (book.sheets.length === 0) throw new Error('A spreadsheet needs at least one sheet')
  for (const sheet of book.sheets) checkSize(sheet)
  const names = sheetNames(book.sheets)
  const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const packages = 'http://schemas.openxmlformats.org/package/2006'
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml'
  const each = (text: (name: string, number: number) => string) =>
    names.map((name, index) => text(name, index + 1)).join('')
  const parts: Record<string, string> = {
    '[Content_Types].xml': `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${main}.styles+xml"/>${each((_name, number) => `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${main}.worksheet+xml"/>`)}</Types>`,
    '_rels/.rels': `${declaration}<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/_rels/workbook.xml.rels': `${declaration}<Relationships xmlns="${packages}/relationships">${each((_name, number) => `<Relationship Id="rId${number}" Type="${office}/worksheet" Target="worksheets/sheet${number}.xml"/>`)}<Relationship Id="rId${names.length + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    'xl/workbook.xml': `${declaration}<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${office}"><sheets>${each((name, number) => `<sheet name="${xml(name)}" sheetId="${number}" r:id="rId${number}"/>`)}</sheets><definedNames>${each((name, number) => `<definedName name="_xlnm.Print_Titles" localSheetId="${number - 1}">'${xml(name).replaceAll("'", "''")}'!$1:$1</definedName>`)}</definedNames></workbook>`,
    'xl/styles.xml': styleSheet,
  }
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(parts)) zip.addBuffer(Buffer.from(content), path)
  book.sheets.forEach((sheet, index) => {
    zip.addReadStream(
      Readable.from(sheetXml(sheet), { objectMode: false }),
      `xl/worksheets/sheet${index + 1}.xml`,
    )
  })
  zip.end()
  return buffer(zip.outputStream)
}

function checkSize(sheet: Sheet) {
  if (sheet.columns.length === 0) throw new Error(`Sheet ${sheet.name} has no columns`)
  if (sheet.rows.length > rowsAllowed)
    throw new Error(`Sheet ${sheet.name} has ${sheet.rows.length} rows, Excel holds ${rowsAllowed}`)
  const wide = sheet.rows.findIndex((row) => row.length > sheet.columns.length)
  if (wide >= 0) throw new Error(`Row ${wide + 1} of sheet ${sheet.name} has more cells than columns`)
}

/**
 * In CSV nothing tells text from a formula, so Excel would run a cell that begins with `=`, `+`, `-` or `@` (also
 * after blanks). A quote before it keeps it text. Plain numbers stay as they are.
 */
function guard(text: string): string {
  return /^\s*[=+\-@]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
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
