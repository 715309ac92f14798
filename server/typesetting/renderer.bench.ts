/**
 * Measures printing: `node server/typesetting/renderer.bench.ts [documents]`.
 * A booklet of about 30 pages (the sample with four times its reflections), every one different, and its memory.
 */
import { readFileSync } from 'node:fs'
import { readPdf } from './pdf-reader.ts'
import { createTypesetter } from './renderer.ts'
import { getSample } from './samples.ts'
import { writeSpreadsheet } from './spreadsheet.ts'
import { writeRecordBookletWord } from './word.ts'

const documents = Number(process.argv[2] ?? 100)
const sample = getSample('record-booklet/1')
const booklet = (number: number) => ({
  ...sample,
  teacher: { ...sample.teacher, name: `教师${number}` },
  reflections: {
    ...sample.reflections,
    entries: Array.from({ length: 4 }, (_, part) =>
      sample.reflections.entries.map((entry) => ({
        ...entry,
        blocks: entry.blocks.map((block) => ({
          ...block,
          runs: [{ text: `${number}.${part} ` }, ...block.runs],
        })),
      })),
    ).flat(),
  },
})
const milliseconds = (value: number) => `${Math.round(value)} ms`

const typesetter = createTypesetter({ documentsPerProcess: Number.POSITIVE_INFINITY })
const times: number[] = []
let pages = 0
for (let number = 0; number < documents; number++) {
  const begin = performance.now()
  const pdf = await typesetter.renderPdf('record-booklet/1', booklet(number))
  times.push(performance.now() - begin)
  if (number === 0) pages = readPdf(pdf).pages.length
}
const warm = times.slice(1).sort((a, b) => a - b)
console.log(`PDF, ${pages} pages, ${documents} different booklets one after the other`)
console.log(`  first, with the start of the process  ${milliseconds(times[0] ?? 0)}`)
console.log(
  `  warm, median ${milliseconds(warm[Math.floor(warm.length / 2)] ?? 0)}, slowest ${milliseconds(warm.at(-1) ?? 0)}`,
)
if (process.platform === 'linux') {
  const status = readFileSync(`/proc/${typesetter.getProcessId()}/status`, 'utf8')
  const kilobytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1])
  console.log(
    `  memory at the end ${Math.round(kilobytes('VmRSS') / 1024)} MB, peak ${Math.round(kilobytes('VmHWM') / 1024)} MB`,
  )
}
await typesetter.stop()

const word = performance.now()
await writeRecordBookletWord(booklet(0))
console.log(`Word, the same booklet  ${milliseconds(performance.now() - word)}`)

const rows = Array.from({ length: 10_000 }, (_, row) =>
  Array.from({ length: 12 }, (_, cell) => (cell % 3 === 0 ? row * cell : `第${row}行`)),
)
const columns = Array.from({ length: 12 }, (_, cell) => ({
  title: `列${cell}`,
  width: 12,
  kind: cell % 3 === 0 ? ('integer' as const) : ('text' as const),
}))
const sheet = performance.now()
const bytes = await writeSpreadsheet({ sheets: [{ name: '表', columns, rows }] })
console.log(
  `Excel, 10,000 rows of 12 cells  ${milliseconds(performance.now() - sheet)}, ${Math.round(bytes.length / 1024)} kB`,
)
