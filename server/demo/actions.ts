import { demoNow } from '../../demo/tell.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { keepEverybodySignedIn } from '../access/actions.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText, instantAt, localDateOf, localTimeOf, weekdayText } from '../kit/dates.ts'
import { Refusal, refuse } from '../kit/errors.ts'
import { type Services, systemActor } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { listOrganisations } from '../org/store.ts'
import { enqueueRebuild } from '../regime/actions.ts'
import { type DemoClockView, type Leap, leapLabels } from './contract.ts'
import { isTold, leapDay, toldRange } from './rules.ts'
import { saveDemoInstant } from './start.ts'

/** The time of day at which every leap arrives. */
const arrivalTime = localTimeOf(demoNow)
const start = localDateOf(demoNow)
const actor = systemActor('demo:clock')

/** Outside the demo this room answers as if it were not there. */
export function refuseOutsideDemo(services: Services): void {
  if (!services.demo) throw new Refusal('没有这个地址。', { status: 404, code: 'noSuchAddress' })
}

const dayWords = (day: LocalDate): string => `${dayText(day)} ${weekdayText(day)}`

/** The demo's present as the control shows it. */
export async function viewClock(tx: Tx, services: Services): Promise<DemoClockView> {
  refuseOutsideDemo(services)
  return describe(services, await loadCalendar(tx))
}

function describe(services: Services, calendar: CalendarInput): DemoClockView {
  const today = services.clock.today()
  return {
    today,
    label: `${dayWords(today)} ${localTimeOf(services.clock.now())}`,
    start,
    isMoved: today !== start,
    earliest: toldRange.from,
    latest: toldRange.to,
    leaps: (Object.keys(leapLabels) as Leap[]).map((leap) => {
      const day = leapDay(leap, today, start, calendar)
      return { leap, label: leapLabels[leap], day, dayLabel: day === null ? '' : dayWords(day) }
    }),
  }
}

/**
 * Moves the demo's present for everybody and keeps it for the next start: every organisation's findings are worked
 * out anew by the queue, and every open page reads again. Refuses days of which the story does not tell.
 */
export async function moveClock(tx: Tx, services: Services, to: Leap | LocalDate): Promise<DemoClockView> {
  refuseOutsideDemo(services)
  const calendar = await loadCalendar(tx)
  const day = to in leapLabels ? leapDay(to as Leap, services.clock.today(), start, calendar) : to
  if (day === null || !isTold(day)) {
    refuse(`演示讲的是 ${toldRange.from} 至 ${toldRange.to} 的事，请选择其中的一天。`, {
      fields: { to: '不在演示的日期之内' },
    })
  }
  services.clock.moveTo(instantAt(day, arrivalTime))
  await saveDemoInstant(services, services.clock.now())
  await keepEverybodySignedIn(services)
  // The list of rooms names this room as well, so it can only be read once everything is loaded.
  const { rooms } = await import('../rooms.ts')
  for (const organisation of await listOrganisations(services.pool)) {
    await services.inOrganisation(organisation.id, actor, enqueueRebuild)
    services.hub.tell(organisation.id, { rooms: rooms.map((room) => room.name) })
  }
  return describe(services, calendar)
}
