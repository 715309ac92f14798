import type { agendaApi } from '../../server/calendar/agenda-contract.ts'
import { api } from '../kit/api.ts'
import { readsAllRooms } from '../kit/live.ts'

export const agenda = api<typeof agendaApi>('agenda')
// Activities, lessons, fixed times, duties: whatever changes may stand in it.
readsAllRooms('agenda')

export type View = Awaited<ReturnType<typeof agenda.getAgenda>>
export type Item = View['items'][number]
