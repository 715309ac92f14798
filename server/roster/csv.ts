import type { Sheet } from './sheet.ts'

/** Decodes UTF-8 (with or without mark), UTF-16 with mark, and GBK; `undefined` when it is none of these. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  // Chinese headers in GBK (工号 = B9 A4 …) are never valid UTF-8, so that the strict decoder tells them apart.
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
      return text.includes('\0') ? undefined : text
    } catch {
      // Not this encoding: try the next.
    }
  }
  return undefined
}

/** Splits CSV text into rows; `openQuoteRow` names the row whose quotation mark never closes. */
export function parseCsv(text: string): { rows: string[][]; openQuoteRow: number | null } {
  const separator = separatorOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let at = 0
  let quoted = false
  const endField = () => {
    // Excel's trick to keep leading zeros in CSV: ="0012"
    row.push(/^="[^"]*"$/.test(field) ? field.slice(2, -1) : field)
    field = ''
  }
  const endRow = () => {
    endField()
    rows.push(row)
    row = []
  }
  while (at < text.length) {
    if (quoted) {
      const close = text.indexOf('"', at)
      if (close < 0) return { rows, openQuoteRow: rows.length + 1 }
      field += text.slice(at, close)
      if (text[close + 1] === '"') {
        field += '"'
        at = close + 2
      } else {
        quoted = false
        at = close + 1
      }
      continue
    }
    const sign = text[at] as string
    if (sign === '"' && field.trim() === '') {
      field = ''
      quoted = true
    } else if (sign === separator) endField()
    else if (sign === '\n' || sign === '\r') {
      endRow()
      if (sign === '\r' && text[at + 1] === '\n') at++
    } else field += sign
    at++
  }
  if (field !== '' || row.length > 0) endRow()
  return { rows, openQuoteRow: null }
}

function separatorOf(text: string): string {
  const head = text.slice(0, 4000)
  const line = head.split(/\r\n?|\n/).find((candidate) => /工\s*号|姓\s*名/.test(candidate)) ?? head
  const counts = [',', '\t', ';', '，'].map((sign) => ({ sign, count: line.split(sign).length }))
  counts.sort((a, b) => b.count - a.count)
  return counts[0]?.sign ?? ','
}

/** A CSV file as a sheet; refuses text that no spreadsheet wrote with a Chinese sentence. */
export function readCsv(bytes: Uint8Array, maxRows: number): { sheet: Sheet } | { refusal: string } {
  const text = decodeText(bytes)
  if (text === undefined) {
    return { refusal: '无法识别这个CSV文件的文字编码，请用Excel打开后另存为“Excel 工作簿（.xlsx）”再上传。' }
  }
  const { rows, openQuoteRow } = parseCsv(text)
  if (openQuoteRow !== null) {
    return {
      refusal: `CSV文件第${openQuoteRow}行有一个英文引号（"）没有成对，后面的内容无法读取，请改好后再上传。`,
    }
  }
  const filled: Sheet['rows'] = []
  let filledRows = 0
  for (const [index, cells] of rows.entries()) {
    if (cells.every((cell) => cell.trim() === '')) continue
    filledRows++
    if (filled.length <= maxRows + 20) {
      filled.push({ row: index + 1, cells: cells.slice(0, 60).map((cell) => cell.slice(0, 500)) })
    }
  }
  return { sheet: { name: '', hidden: false, date1904: false, merges: [], rows: filled, filledRows } }
}
