import type { FindingState } from '../../engine/types.ts'
import type { programmeApi } from '../../server/programme/contract.ts'
import { type DeliveryState, deliveryStatusLabels } from '../../server/programme/words.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const programme = api<typeof programmeApi>('programme')
readsRooms('programme', ['programme', 'org', 'files'])

export type Line = Awaited<ReturnType<typeof programme.listProgrammes>>['programmes'][number]
export type View = Awaited<ReturnType<typeof programme.getProgramme>>
export type Phase = View['phases'][number]
export type Deliverable = Phase['deliverables'][number]
export type Delivery = Deliverable['owners'][number]

const states: Record<DeliveryState, FindingState> = {
  open: 'open',
  dueSoon: 'dueSoon',
  overdue: 'overdue',
  delivered: 'done',
  late: 'partly',
}
/** Mark and word of where a delivery stands. */
export const deliveryMark = (state: DeliveryState) => ({
  state: states[state],
  word: deliveryStatusLabels[state],
})
