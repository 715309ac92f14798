import type { dutyApi } from '../../server/duty/contract.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const duty = api<typeof dutyApi>('duty')
readsRooms('duty', ['duty', 'org', 'regime', 'regulation', 'files'])

export type Bodies = Awaited<ReturnType<typeof duty.listBodies>>
export type Body = Bodies['bodies'][number]
export type Duties = Awaited<ReturnType<typeof duty.listDuties>>
export type Duty = Duties['duties'][number]
export type Environment = Awaited<ReturnType<typeof duty.listEnvironment>>
export type Growth = Awaited<ReturnType<typeof duty.listGrowth>>
export type Proposal = Growth['proposals'][number]
