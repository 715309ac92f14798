import { readPdf } from '../server/typesetting/pdf-reader.ts'
import { createTypesetter } from '../server/typesetting/renderer.ts'
import { getSample } from '../server/typesetting/samples.ts'
import { writeRecordBookletWord } from '../server/typesetting/word.ts'
import { type Bench, measure, percentile, row, type Table } from './measure.ts'

/** A booklet of about thirty pages, every one different: the sample with four times its reflections. */
export async function measureDocuments({ small, say }: Bench): Promise<Table[]> {
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
  const typesetter = createTypesetter()
  try {
    say('排 PDF…')
    let pages = 0
    const cold = await measure(1, async () => {
      pages = readPdf(await typesetter.renderPdf('record-booklet/1', booklet(0))).pages.length
    })
    const warm = await measure(small ? 5 : 20, (run) =>
      typesetter.renderPdf('record-booklet/1', booklet(run + 1)),
    )
    const word = await measure(small ? 2 : 5, (run) => writeRecordBookletWord(booklet(run)))
    return [
      {
        title: `文档：${pages} 页《校本研修报告册》`,
        rows: [
          row('PDF，热', percentile(warm, 0.5), 'ms', { atMost: 1000 }),
          row('PDF，热，最慢一次', percentile(warm, 1), 'ms', { atMost: 1000 }),
          row('PDF，第一次（启动排版进程）', percentile(cold, 0.5), 'ms'),
          row('Word', percentile(word, 0.5), 'ms'),
        ],
        notes: ['每册内容都不同，没有可用的缓存'],
      },
    ]
  } finally {
    await typesetter.stop()
  }
}
