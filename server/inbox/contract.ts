import { z } from 'zod'
import type { FindingState, LocalDate } from '../../engine/types.ts'
import type { Place } from '../home/contract.ts'
import { endpoint } from '../kit/contract.ts'
import { id } from '../org/contract.ts'
import { decidedKindLabels, type DecidedKind, type PlacedKind, type TaskKind } from './words.ts'

const kinds = Object.keys(decidedKindLabels) as [DecidedKind, ...DecidedKind[]]

interface Waits {
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
}

/** One thing that waits for the caller's decision and is decided in the inbox. */
export interface DecidedItem extends Waits {
  kind: DecidedKind
  /** May be passed together with others without opening it. */
  batch: boolean
}

/** One thing that waits for the caller's decision and is decided in its own place. */
export interface PlacedItem extends Waits {
  kind: PlacedKind
  action: { label: string; place: Place }
}

/** One thing that waits for the caller's decision. */
export type InboxItem = DecidedItem | PlacedItem

/** Something that others ask of the caller. */
export interface InboxTask {
  kind: TaskKind
  /** Names it for good, also among the reminders. */
  key: string
  title: string
  detail: string
  state: FindingState
  /** The state in words: 11月28日前, 今天. */
  mark: string
  dueOn: LocalDate | null
  /** Its place among all that is to be done; the lower the more urgent. */
  rank: number
  action: { label: string; place: Place }
}

/** Something of the caller's that came back and must be done again. */
export interface ReturnedItem {
  kind: 'work' | 'plan' | 'makeUp' | 'talk' | 'slot' | 'delivery'
  id: string
  title: string
  reason: string
  byName: string | null
  at: Date | null
  action: { label: string; place: Place }
}

export const inboxApi = {
  listInbox: endpoint('staff', z.object({}))<{
    waiting: DecidedItem[]
    placed: PlacedItem[]
    tasks: InboxTask[]
    returned: ReturnedItem[]
  }>(),
  /** For the badge. `waiting` are decisions, `tasks` what others ask, `returned` what came back. */
  getInboxCount: endpoint('staff', z.object({}))<{ waiting: number; tasks: number; returned: number }>(),
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
