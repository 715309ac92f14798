import type { exchangeApi } from '../../server/exchange/contract.ts'
import type { filesApi } from '../../server/files/contract.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const exchange = api<typeof exchangeApi>('exchange')
/** Proofs of courses, pictures of replies. */
export const exchangeFiles = api<typeof filesApi>('files')
readsRooms('exchange', ['exchange', 'study', 'files'])

export type TopicList = Awaited<ReturnType<typeof exchange.listTopics>>
export type TopicLine = TopicList['topics'][number]
export type Topic = Awaited<ReturnType<typeof exchange.getTopic>>
export type Reply = Topic['replyList'][number]
export type Selected = Awaited<ReturnType<typeof exchange.listSelected>>
export type SelectionLine = Selected['school'][number]
export type Courses = Awaited<ReturnType<typeof exchange.listCourses>>
export type Course = Courses['courses'][number]
export const stale = ['exchange', 'home'] as const
