import { honourKinds } from './kinds/honours.ts'
import { judgingKinds } from './kinds/judging.ts'
import { keepingKinds } from './kinds/keeping.ts'
import { meetingKinds } from './kinds/meeting.ts'
import { runningKinds } from './kinds/running.ts'
import { teachingKinds } from './kinds/teaching.ts'
import { writingKinds } from './kinds/writing.ts'
import type { SubjectKind } from './types.ts'

/**
 * The register of fact kinds: the only words that rooms and regimes share. A room never knows which rule counts
 * its facts; a rule never knows which room left them.
 */
export interface FactKind {
  label: string
  subjects: SubjectKind[]
  /** What `quantity` measures. */
  quantity: { unit: string; label: string }
  /** Attributes that a rule's condition may name, with the values where the list is closed. */
  attributes: Record<
    string,
    { label: string; type: 'string' | 'number' | 'boolean' | 'strings'; values?: string[] }
  >
  /** The room that leaves such facts; null while no room keeps these records yet. */
  room: string | null
}

export const factKinds = {
  ...meetingKinds,
  ...writingKinds,
  ...runningKinds,
  ...judgingKinds,
  ...teachingKinds,
  ...honourKinds,
  ...keepingKinds,
} satisfies Record<string, FactKind>

export type FactKindName = keyof typeof factKinds
