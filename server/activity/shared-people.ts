import { dayLabel } from '../../engine/days.ts'
import type { Tx } from '../kit/sql.ts'
import { listSharedPeople } from './series-store.ts'

/** Members of a group who are expected elsewhere at these times, in sentences for whoever plans. */
export async function sharedPeopleOf(
  tx: Tx,
  unitId: string | null,
  times: { startsAt: Date; endsAt: Date }[],
): Promise<string[]> {
  // Nobody reads the warnings of a told story.
  if (unitId === null || tx.notes.get('bulk')) return []
  return (await listSharedPeople(tx, unitId, times)).map((met) => {
    const some = met.names.slice(0, 4).join('、')
    const names = met.names.length > 4 ? `${some}等 ${met.names.length} 位老师` : some
    return `${dayLabel(met.heldOn)}${names}同一时间还要参加${met.unitName ?? ''}的《${met.theme}》。`
  })
}
