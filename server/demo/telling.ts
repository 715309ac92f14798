import { demoStartDay } from '../../demo/days.ts'
import { tellOnward } from '../../demo/onward.ts'
import type { Tally } from '../../demo/scene.ts'
import { demoNow } from '../../demo/tell.ts'
import { addDays, daysBetween } from '../../engine/days.ts'
import type { LocalDate } from '../../engine/types.ts'
import { keepEverybodySignedIn } from '../access/actions.ts'
import { dayText, instantAt, localTimeOf, weekdayText } from '../kit/dates.ts'
import type { Services } from '../kit/services.ts'
import { listOrganisations } from '../org/store.ts'
import type { TellingView, ToldView } from './contract.ts'
import { tallySentence } from './rules.ts'
import { enqueueRebuilds, saveDemoInstant } from './start.ts'

/** The time of day at which every move arrives. */
const arrivalTime = localTimeOf(demoNow)

interface Telling {
  from: LocalDate
  /** The day whose morning has come. */
  at: LocalDate
  to: LocalDate
}
export interface Progress {
  telling: Telling | null
  told: ToldView | null
}
const progressOf = new WeakMap<Services, Progress>()

/** Where the telling of this server stands. */
export function progress(services: Services): Progress {
  let found = progressOf.get(services)
  if (!found) {
    found = { telling: null, told: null }
    progressOf.set(services, found)
  }
  return found
}

export function describeTelling({ telling }: Pick<Progress, 'telling'>): TellingView | null {
  if (!telling) return null
  const { from, at, to } = telling
  return {
    label: `正在讲到 ${dayText(at)}…`,
    toLabel: `讲到 ${dayText(to)} ${weekdayText(to)} 为止`,
    share: daysBetween(from, at) / Math.max(1, daysBetween(from, to)),
  }
}

/**
 * Has the story told on from the demo's present to a later day, beside the requests of others. The clock goes along
 * day by day, so that it always stands on the morning after the last day told, also when the telling breaks off.
 */
export function beginTelling(services: Services, to: LocalDate): void {
  const state = progress(services)
  if (state.telling) return
  const from = services.clock.today()
  const telling: Telling = { from, at: from, to }
  state.telling = telling
  void tell(services, telling).then((told) => {
    state.telling = null
    state.told = { number: (state.told?.number ?? 0) + 1, ...told }
    return everybodyReads(services).catch((error: unknown) => report(services, error))
  })
}

async function tell(services: Services, telling: Telling): Promise<Omit<ToldView, 'number'>> {
  const { from, to } = telling
  let sofar: Tally | undefined
  try {
    await tellOthers(services)
    // What lies before the demo's present has been told at the first start.
    const first = from < demoStartDay ? demoStartDay : from
    const tally = await tellOnward(services, { from: first, to: addDays(to, -1) }, async (day, counted) => {
      sofar = counted
      telling.at = addDays(day, 1)
      await arrive(services, telling.at)
    })
    await arrive(services, to)
    return { sentence: tallySentence(from, addDays(to, -1), tally), isFailed: false }
  } catch (error) {
    report(services, error)
    const at = services.clock.today()
    const before = sofar && at > from ? tallySentence(from, addDays(at, -1), sofar) : ''
    return {
      sentence: `讲到${dayText(at)}时出了差错，时间停在这一天早上，之前的事都已记下。请再拨一次，会从这里接着讲。${before}`,
      isFailed: true,
    }
  } finally {
    // Findings are computed once, when all is told.
    await enqueueRebuilds(services).catch((error: unknown) => report(services, error))
  }
}

/** A server that is being stopped breaks the telling off as it should. */
function report(services: Services, error: unknown): void {
  if (!services.pool.ending) console.error('demo: the story could not be told on:', error)
}

async function arrive(services: Services, day: LocalDate): Promise<void> {
  services.clock.moveTo(instantAt(day, arrivalTime))
  await saveDemoInstant(services, services.clock.now())
  await keepEverybodySignedIn(services)
}

/** Open pages show that the story is on its way; they then ask for themselves how far it is. */
async function tellOthers(services: Services): Promise<void> {
  for (const organisation of await listOrganisations(services.pool))
    services.hub.tell(organisation.id, { rooms: ['demo'] })
}

async function everybodyReads(services: Services): Promise<void> {
  // The list of rooms names this room as well, so it can only be read once everything is loaded.
  const { rooms } = await import('../rooms.ts')
  for (const organisation of await listOrganisations(services.pool))
    services.hub.tell(organisation.id, { rooms: rooms.map((room) => room.name) })
}
