/**
 * A process that reads one workbook from its standard input and writes its cells as JSON. Started by `sheet.ts`
 * only: a hostile workbook can exhaust this process, never the server.
 */
import { Worker } from 'node:worker_threads'
import { inflateRawSync } from 'node:zlib'
import type { CellObject, WorkBook, XLSX$Utils } from '@e965/xlsx'
import type { ChildAnswer, RawCell, Sheet } from './sheet.ts'
import { listZipEntries, packedBytesOf } from './zip.ts'

const maxRows = Number(process.argv[2])
const maxMemoryMegabytes = Number(process.argv[3])

// V8's limit does not cover buffers, and the reader never yields: a thread of its own watches the whole process.
const watch = new Worker(
  `setInterval(() => {
    if (process.memoryUsage.rss() > ${maxMemoryMegabytes} * 1048576) process.kill(process.pid, 'SIGKILL')
  }, 20)`,
  { eval: true },
)
watch.unref()

const chunks: Buffer[] = []
for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
const answer = await read(Buffer.concat(chunks))
process.stdout.write(JSON.stringify(answer), () => process.exit(0))

async function read(bytes: Buffer): Promise<ChildAnswer> {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  if (isZip) {
    const lie = findLie(bytes)
    if (lie) return { fault: lie }
  }
  const xlsx = await import('@e965/xlsx')
  if (!isZip) xlsx.set_cptable(await import('@e965/xlsx/dist/cpexcel.full.mjs'))
  let book: WorkBook
  try {
    book = xlsx.read(bytes, { type: 'buffer', dense: true, cellHTML: false, cellText: true, bookVBA: false })
  } catch (error) {
    return { fault: /password|encrypt/i.test(String(error)) ? 'password' : 'damaged' }
  }
  return { sheets: book.SheetNames.map((_, index) => sheetOf(book, index, xlsx.utils)) }
}

/** Looks for entries that unpack to more than the directory declares (native, bounded, thrown away at once). */
function findLie(bytes: Buffer): 'damaged' | 'tooBig' | undefined {
  for (const entry of listZipEntries(bytes) ?? []) {
    if (entry.method !== 8) continue
    try {
      inflateRawSync(packedBytesOf(bytes, entry), { maxOutputLength: Math.max(1, entry.declaredBytes) })
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'tooBig' : 'damaged'
    }
  }
  return undefined
}

function sheetOf(book: WorkBook, index: number, utils: XLSX$Utils): Sheet {
  const name = book.SheetNames[index] as string
  const sheet = book.Sheets[name]
  const data = (sheet?.['!data'] ?? []) as (CellObject | undefined)[][]
  const rows: Sheet['rows'] = []
  let filledRows = 0
  for (let row = 0; row < data.length; row++) {
    const cells = data[row]
    if (!cells) continue
    const raw: RawCell[] = Array.from({ length: Math.min(cells.length, 60) }, (_, column) =>
      rawCell(cells[column]),
    )
    if (raw.every((cell) => cell === null)) continue
    filledRows++
    if (rows.length <= maxRows + 20) rows.push({ row: row + 1, cells: raw })
  }
  return {
    name,
    hidden: Boolean(book.Workbook?.Sheets?.[index]?.Hidden),
    date1904: Boolean(book.Workbook?.WBProps?.date1904),
    merges: (sheet?.['!merges'] ?? []).slice(0, 200).map((range) => utils.encode_range(range)),
    rows,
    filledRows,
  }
}

function rawCell(cell: CellObject | undefined): RawCell {
  if (!cell) return null
  if (cell.t === 'e') return { fault: cell.w ?? '公式没有结果' }
  if (cell.v === undefined || cell.v === null) return cell.f ? { fault: '公式没有结果' } : null
  if (typeof cell.v === 'number') {
    // A number shown with leading zeros (format 0000) is meant as it is shown.
    return cell.w && /^0\d+$/.test(cell.w) ? cell.w : cell.v
  }
  const text = String(cell.v).slice(0, 500)
  return text.trim() === '' ? null : text
}
