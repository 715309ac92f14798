import type { Tx } from '../kit/sql.ts'
import { dayText } from '../kit/dates.ts'
import { termRange } from './present.ts'
import { listObservations } from './observation-store.ts'
import { inspectionLabels } from './words.ts'

/**
 * What the inspection of this term's notes found, as the text of an announcement: figures for all, praise by name; who
 * has to add something reads it with the own notes and is not named before everybody.
 */
export async function inspectionReport(tx: Tx): Promise<{ title: string; body: string }> {
  const { from, to } = await termRange(tx)
  const until = to < tx.today ? to : tx.today
  const notes = (
    await listObservations(tx, { from, to: until, status: 'submitted', dropIn: false, limit: 5000 })
  ).map(({ observerId, observerName, inspection }) => ({ observerId, observerName, inspection }))
  const inspected = notes.filter((one) => one.inspection !== null)
  const of = (what: keyof typeof inspectionLabels) => inspected.filter((one) => one.inspection === what)
  const observers = new Set(notes.map((one) => one.observerId)).size
  const praised = [...Map.groupBy(of('excellent'), (one) => one.observerId).values()].map(
    (own) => `${own[0]?.observerName ?? ''} ${own.length} 份`,
  )
  const lines = [
    `${dayText(from)}至${dayText(until)}，${observers} 位老师交听课记录 ${notes.length} 份，已检查 ${inspected.length} 份：`,
    `优秀 ${of('excellent').length} 份，合格 ${of('qualified').length} 份，需补充 ${of('insufficient').length} 份。`,
    ...(praised.length > 0 ? [`记录写得好的老师：${praised.join('、')}。`] : []),
    ...(of('insufficient').length > 0 ? ['需要补充的老师请打开自己的听课记录，按批注补好。'] : []),
    ...(notes.length > inspected.length ? [`还有 ${notes.length - inspected.length} 份正在检查。`] : []),
  ]
  return { title: '听课记录检查通报', body: lines.join('\n') }
}
