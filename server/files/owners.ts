import type { Tx } from '../kit/sql.ts'

/**
 * What a room says about files that belong to its records. Both answer `null` for yes or the reason why not; a
 * record that does not exist, or must look so, is refused as not found.
 */
export interface FileOwner {
  /** Whoever may see the record may see its files. */
  see(tx: Tx, recordId: string): Promise<string | null>
  /** Whether files may be added and removed now. */
  attach(tx: Tx, recordId: string): Promise<string | null>
  /** Told after a file was added or removed, where the record counts with its files. */
  changed?(tx: Tx, recordId: string): Promise<void>
}

const owners = new Map<string, FileOwner>()

/** Called once by a room's `routes.ts`; without it no file can belong to its records. */
export function registerFileOwner(room: string, owner: FileOwner): void {
  owners.set(room, owner)
}

export function findFileOwner(room: string): FileOwner | undefined {
  return owners.get(room)
}
