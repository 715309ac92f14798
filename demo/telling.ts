import type { LocalDate } from '../engine/types.ts'
import { loadActor } from '../server/access/actions.ts'
import { instantAt } from '../server/kit/dates.ts'
import { type Services, systemActor } from '../server/kit/services.ts'
import { type Actor, transaction, type Tx } from '../server/kit/sql.ts'

const teller = systemActor('demo:story')

/**
 * Runs a piece of the story at its own time. Findings are not computed act by act (`bulk`); whoever tells the story
 * has everything computed once at the end.
 */
export function tellIn<Result>(
  services: Services,
  orgId: string,
  day: LocalDate,
  time: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return transaction(services.pool, { orgId, actor: teller, now: instantAt(day, time), today: day }, (tx) => {
    tx.notes.set('bulk', true)
    return work(tx)
  })
}

/** Actors with their posts of the day, remembered until posts or groups change. */
export interface Actors {
  /** The same transaction as seen by a person at a time of the day. */
  as(tx: Tx, personId: string, time: string): Promise<Tx>
  forget(): void
}

export function createActors(): Actors {
  const known = new Map<string, Actor>()
  return {
    async as(tx, personId, time) {
      let actor = known.get(personId)
      if (!actor) {
        actor = (await loadActor(tx, { accountId: null, personId })).actor
        known.set(personId, actor)
      }
      return { ...tx, actor, now: instantAt(tx.today, time) }
    },
    forget: () => known.clear(),
  }
}
