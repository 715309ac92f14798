import type { LocalDate } from '../engine/types.ts'

/** The demo's present at the first start; the day before is the last of which the story then tells. */
export const demoStartDay: LocalDate = '2026-11-18'
/** The last day to which the story can be told on: the end of the school year. */
export const lastDay: LocalDate = '2027-07-09'
