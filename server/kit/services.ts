import type { Clock } from './clock.ts'
import type { Hub } from './hub.ts'
import { type Actor, type Pool, transaction, type Tx } from './sql.ts'
import type { Typesetter } from '../typesetting/renderer.ts'

/** What the composed program offers to rooms; made once in `app.ts`. */
export interface Services {
  pool: Pool
  clock: Clock
  hub: Hub
  dataFolder: string
  /** Secret for the codes of activities; kept in the database. */
  secret: Buffer
  demo: boolean
  /** Sets PDF documents in a process of its own, started when first needed. */
  typesetter: Typesetter
  /** Address under which people reach the server, for QR codes; empty until known. */
  publicUrl: string
  /** Opens a transaction in the scope of an organisation. */
  inOrganisation<Result>(
    orgId: string,
    actor: Actor,
    work: (tx: Tx) => Promise<Result>,
    options?: { readOnly?: boolean; commitsEarly?: boolean },
  ): Promise<Result>
}

export function createServices(parts: Omit<Services, 'inOrganisation'>): Services {
  return {
    ...parts,
    inOrganisation(orgId, actor, work, options) {
      const now = parts.clock.now()
      return transaction(
        parts.pool,
        { orgId, actor, now, today: parts.clock.today(), ...options },
        async (tx) => {
          const result = await work(tx)
          const changed = tx.notes.get('changedRooms') as Set<string> | undefined
          if (changed) tx.afterCommit(() => parts.hub.tell(orgId, { rooms: [...changed] }))
          return result
        },
      )
    },
  }
}

/** Notes that pages showing these rooms should read again once the transaction is committed. */
export function changed(tx: Tx, ...rooms: string[]): void {
  const set = (tx.notes.get('changedRooms') as Set<string> | undefined) ?? new Set<string>()
  for (const room of rooms) set.add(room)
  tx.notes.set('changedRooms', set)
}

/** A named machine acting without a person, e.g. `systemActor('job:recompute')`; appears so in the audit log. */
export function systemActor(name: string): Actor {
  return {
    kind: 'system',
    name,
    accountId: null,
    personId: null,
    roles: [],
    leads: [],
    unitIds: [],
    districtId: null,
  }
}
