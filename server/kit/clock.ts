import type { LocalDate } from '../../engine/types.ts'
import { localDateOf } from './dates.ts'

/** The server's time. Nothing else in the program asks the machine what time it is. */
export interface Clock {
  now(): Date
  today(): LocalDate
  /** Moves the clock so that it now shows `instant` (demo and tests only). */
  moveTo(instant: Date): void
}

/**
 * A clock that follows the machine but never runs backwards: when the machine's clock is set back, time goes on
 * by the monotonic clock until the machine has caught up. `offsetMilliseconds` shifts it (demo).
 */
export function createClock(
  offsetMilliseconds = 0,
  machine: { wall(): number; steady(): number } = { wall: () => Date.now(), steady: () => performance.now() },
): Clock {
  let offset = offsetMilliseconds
  let anchorWall = machine.wall()
  let anchorSteady = machine.steady()
  const current = (): number => {
    const wall = machine.wall()
    const bySteady = anchorWall + (machine.steady() - anchorSteady)
    // A jump of the wall clock into the future (or small drift) is believed, a jump back is not.
    if (wall >= bySteady - 50) {
      anchorWall = wall
      anchorSteady = machine.steady()
      return wall
    }
    return bySteady
  }
  const clock: Clock = {
    now: () => new Date(current() + offset),
    today: () => localDateOf(clock.now()),
    moveTo(instant) {
      offset = instant.getTime() - current()
    },
  }
  return clock
}

/** A clock that stands still until it is moved; for tests and for telling the demo's year. */
export function createStillClock(start: Date): Clock {
  let instant = start
  return {
    now: () => instant,
    today: () => localDateOf(instant),
    moveTo(next) {
      instant = next
    },
  }
}
