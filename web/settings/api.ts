import type { accessApi } from '../../server/access/contract.ts'
import type { calendarApi } from '../../server/calendar/contract.ts'
import type { orgApi } from '../../server/org/contract.ts'
import type { setupApi } from '../../server/setup/contract.ts'
import { api, type Wire } from '../kit/api.ts'
import type { Choice } from '../kit/pickers.tsx'

export const org = api<typeof orgApi>('org')
export const calendar = api<typeof calendarApi>('calendar')
export const setup = api<typeof setupApi>('setup')
export const access = api<typeof accessApi>('access')

/** What arrives of a query's output. */
export type Answer<Call extends (input: never) => Promise<unknown>> = Wire<Awaited<ReturnType<Call>>>

/** People in service by name, initials or 工号, for a picker. */
export async function searchPeople(text: string): Promise<Choice[]> {
  const { people } = await org.listPeople({ q: text, limit: 20 })
  return people.map((person) => ({
    value: person.id,
    label: person.name,
    note: [...person.units.slice(0, 1).map((unit) => unit.name), person.staffNumber].join(' · '),
  }))
}
