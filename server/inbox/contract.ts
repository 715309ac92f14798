import { z } from 'zod'
import { endpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'
import { inboxKindLabels, type InboxKind } from './words.ts'

const kinds = Object.keys(inboxKindLabels) as [InboxKind, ...InboxKind[]]

/** One thing that waits for the caller's decision. */
export interface InboxItem {
  kind: InboxKind
  /** Id of the record in its own room. */
  id: string
  title: string
  /** Who handed it in, or whose it is. */
  personName: string
  /** A line that says what it is: `教学反思 · 856 字`. */
  detail: string
  /** More of it, where the preview has nothing else to show. */
  text: string
  waitingSince: Date
  /** May be passed together with others without opening it. */
  batch: boolean
}

/** Something of the caller's that came back and must be done again. */
export interface ReturnedItem {
  kind: 'work' | 'plan' | 'makeUp'
  id: string
  title: string
  reason: string
  byName: string | null
  at: Date | null
}

export const inboxApi = {
  listInbox: endpoint('staff', z.object({}))<{ waiting: InboxItem[]; returned: ReturnedItem[] }>(),
  /** For the badge. */
  getInboxCount: endpoint('staff', z.object({}))<{ waiting: number; returned: number }>(),
  /** Passes several at once; those that cannot be passed are named with the reason, the others are done. */
  approveMany: endpoint(
    'leaders',
    z.object({
      items: z
        .array(z.object({ kind: z.enum(kinds), id }))
        .min(1)
        .max(200),
    }),
  )<{ done: number; refused: { id: string; reason: string }[] }>(),
}
