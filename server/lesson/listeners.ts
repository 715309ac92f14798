import type { Tx } from '../kit/sql.ts'

type Listener = (tx: Tx, lesson: { id: string; caseId: string }) => Promise<void>

const listeners: Listener[] = []

/** Called once by a room that goes on with what observers wrote of a booked lesson. */
export function registerObserved(listener: Listener): void {
  listeners.push(listener)
}

/** Tells the other rooms, in the same transaction, that notes of a lesson were handed in. */
export async function tellObserved(tx: Tx, lesson: { id: string; caseId: string }): Promise<void> {
  for (const listener of listeners) await listener(tx, lesson)
}
