import type { FindingState } from '../../engine/types.ts'
import type { slotApi } from '../../server/slot/contract.ts'
import { type SlotStatus, slotStatusLabels } from '../../server/slot/words.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const slot = api<typeof slotApi>('slot')
readsRooms('slot', ['slot', 'org', 'lesson', 'calendar', 'activity'])

export type List = Awaited<ReturnType<typeof slot.listSlots>>
export type Line = List['slots'][number]

const states: Record<SlotStatus, FindingState> = {
  proposed: 'dueSoon',
  filed: 'done',
  returned: 'overdue',
  withdrawn: 'excused',
}
/** Mark and word of a fixed time. */
export const slotMark = (status: SlotStatus) => ({ state: states[status], word: slotStatusLabels[status] })
