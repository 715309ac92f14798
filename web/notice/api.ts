import type { noticeApi } from '../../server/notice/contract.ts'
import type { messageApi } from '../../server/notice/message-contract.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'

export const notice = api<typeof noticeApi>('notice')
export const message = api<typeof messageApi>('message')

// Reminders are made of what these rooms hold.
readsRooms('message', [
  'notice',
  'work',
  'plan',
  'attendance',
  'activity',
  'participation',
  'teaching',
  'design',
  'talk',
  'slot',
  'programme',
  'duty',
  'regime',
  'regulation',
])
