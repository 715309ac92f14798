import { demoNow } from '../../demo/tell.ts'
import { addDays } from '../../engine/days.ts'
import type { CalendarInput, LocalDate } from '../../engine/types.ts'
import { loadCalendar } from '../calendar/store.ts'
import { dayText, localDateOf, localTimeOf, weekdayText } from '../kit/dates.ts'
import { demand, Refusal, refuse } from '../kit/errors.ts'
import type { Services } from '../kit/services.ts'
import type { Tx } from '../kit/sql.ts'
import { can } from './access.ts'
import { type DemoClockView, type Leap, leapLabels } from './contract.ts'
import { latestDay, leapDay, moveProblem } from './rules.ts'
import { beginTelling, describeTelling, type Progress, progress } from './telling.ts'

const start = localDateOf(demoNow)

/** Outside the demo this room answers as if it were not there. */
export function refuseOutsideDemo(services: Services): void {
  if (!services.demo) throw new Refusal('没有这个地址。', { status: 404, code: 'noSuchAddress' })
}

const dayWords = (day: LocalDate): string => `${dayText(day)} ${weekdayText(day)}`

/** The demo's present as the control shows it. */
export async function viewClock(tx: Tx, services: Services): Promise<DemoClockView> {
  refuseOutsideDemo(services)
  return describe(tx, services, progress(services), await loadCalendar(tx))
}

function describe(tx: Tx, services: Services, state: Progress, calendar: CalendarInput): DemoClockView {
  const today = services.clock.today()
  return {
    today,
    label: `${dayWords(today)} ${localTimeOf(services.clock.now())}`,
    start,
    isMoved: today !== start,
    latest: latestDay,
    moveProblem: can.move(tx.actor),
    telling: describeTelling(state),
    told: state.told,
    leaps: (Object.keys(leapLabels) as Leap[]).map((leap) => {
      const day = leapDay(leap, today, calendar)
      return { leap, label: leapLabels[leap], day, dayLabel: day === null ? '' : dayWords(day) }
    }),
  }
}

/**
 * Has the story told on to a later day, for everybody. Answers at once: the telling goes on beside other requests, the
 * clock goes along with it and is kept for the next start. Refuses days gone by (what was told stays) and days after
 * the school year.
 */
export async function moveClock(tx: Tx, services: Services, to: Leap | LocalDate): Promise<DemoClockView> {
  refuseOutsideDemo(services)
  demand(can.move(tx.actor))
  const { telling } = progress(services)
  if (telling) {
    refuse(`演示正在讲到 ${dayText(telling.to)}，请等讲完再拨。`, { status: 409, code: 'beingTold' })
  }
  const calendar = await loadCalendar(tx)
  const today = services.clock.today()
  const leapt = to in leapLabels ? leapDay(to as Leap, today, calendar) : (to as LocalDate)
  const day = leapt ?? addDays(latestDay, 1)
  const problem = moveProblem(day, today)
  if (problem) refuse(problem, { fields: { to: '请选择之后的一天' } })
  const state = progress(services)
  if (day === today) return describe(tx, services, state, calendar)
  tx.afterCommit(() => beginTelling(services, day))
  return describe(tx, services, { ...state, telling: { from: today, at: today, to: day } }, calendar)
}
