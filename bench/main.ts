import { rmSync } from 'node:fs'
import { describeMachine, makeBenchFolder } from './machine.ts'
import { type Bench, printTable, type Table } from './measure.ts'

/**
 * `npm run bench [-- topics] [--small]`: measures the program against its targets and the machine's own limits, and
 * prints one table for each topic. Ends with 1 when a measurement could not be made, not when a target is missed.
 */
const topics: Record<string, { title: string; run: () => Promise<(bench: Bench) => Promise<Table[]>> }> = {
  start: { title: '演示启动', run: async () => (await import('./start.ts')).measureStart },
  signin: { title: '签到', run: async () => (await import('./sign-in.ts')).measureSignIn },
  series: { title: '学期活动', run: async () => (await import('./series.ts')).measureSeries },
  live: { title: '大屏幕名单', run: async () => (await import('./live.ts')).measureLive },
  pages: { title: '页面', run: async () => (await import('./pages.ts')).measurePages },
  calendar: { title: '日程', run: async () => (await import('./calendar.ts')).measureCalendar },
  engine: { title: '引擎', run: async () => (await import('./engine.ts')).measureEngine },
  recompute: { title: '重算', run: async () => (await import('./recompute.ts')).measureRecompute },
  rebuild: { title: '全部重建', run: async () => (await import('./rebuild.ts')).measureRebuild },
  weights: { title: '网页大小', run: async () => (await import('./weights.ts')).measureWeights },
  documents: { title: '文档', run: async () => (await import('./documents.ts')).measureDocuments },
  memory: { title: '内存', run: async () => (await import('./memory.ts')).measureMemory },
}

const words = process.argv.slice(2)
const small = words.includes('--small')
const chosen = words.filter((word) => !word.startsWith('-'))
const unknown = chosen.filter((word) => !(word in topics))
if (unknown.length > 0) {
  console.error(`没有 ${unknown.join('、')}；可选：${Object.keys(topics).join(' ')}，加 --small 用小数据。`)
  process.exit(1)
}

const folder = makeBenchFolder()
const started = performance.now()
const say = (text: string) =>
  console.error(`[${((performance.now() - started) / 1000).toFixed(1)} 秒] ${text}`)
const tables: Table[] = []
let failed = false
const interrupted = () => {
  rmSync(folder, { recursive: true, force: true })
  process.exit(1)
}
process.on('SIGINT', interrupted)
process.on('SIGTERM', interrupted)
console.log(`本机：${describeMachine(folder)}`)
if (small) console.log('小数据：只看能不能跑通，不能说明是否达到目标。')
for (const [name, topic] of Object.entries(topics)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  say(`── ${topic.title}（${name}）`)
  try {
    const measure = await topic.run()
    const made = await measure({ small, folder, say })
    tables.push(...made)
    // Shown at once too: a long run that is broken off has said what it knew.
    made.forEach(printTable)
  } catch (error) {
    failed = true
    console.error(error)
    tables.push({ title: `${topic.title}：没有量成`, rows: [], notes: [String(error)] })
  }
}
rmSync(folder, { recursive: true, force: true })
console.log('\n════ 汇总 ════')
tables.forEach(printTable)
const missed = tables.flatMap((table) => table.rows.filter((row) => row.ok === false))
console.log(
  missed.length === 0
    ? '\n有目标的项目全部达到。'
    : `\n未达到 ${missed.length} 项：${missed.map((row) => row.what).join('；')}`,
)
process.exit(failed ? 1 : 0)
