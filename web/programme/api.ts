import type { FindingState } from '../../engine/types.ts'
import type { programmeApi } from '../../server/programme/contract.ts'
import { decisionLabels, type DeliveryState, deliveryStatusLabels } from '../../server/programme/words.ts'
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
/** Mark and word of where a delivery stands: what the receiver said goes before the day on which it came. */
export function deliveryMark({ state, decision }: Pick<Delivery, 'state' | 'decision'>) {
  if (decision === 'returned') return { state: 'overdue' as const, word: decisionLabels.returned }
  if (decision === 'waiting')
    return {
      state: 'partly' as const,
      word:
        state === 'late' ? `${deliveryStatusLabels.late}，${decisionLabels.waiting}` : decisionLabels.waiting,
    }
  if (decision === 'accepted' && state === 'delivered')
    return { state: 'done' as const, word: decisionLabels.accepted }
  return {
    state: states[state],
    word:
      decision === 'accepted'
        ? `${deliveryStatusLabels[state]}，${decisionLabels.accepted}`
        : deliveryStatusLabels[state],
  }
}
