import type { Place } from '../../server/home/contract.ts'
import type { noticeApi } from '../../server/notice/contract.ts'
import type { MessagePlace, messageApi } from '../../server/notice/message-contract.ts'
import { addressOf } from '../home/places.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'
import { paths } from '../paths.ts'

export const notice = api<typeof noticeApi>('notice')
export const message = api<typeof messageApi>('message')

// Reminders are made of what these rooms hold.
readsRooms('message', ['notice', 'work', 'plan', 'attendance', 'activity', 'slot', 'regime', 'regulation'])

/** The address of the place where a matter is done. */
export function addressOfMessage(place: MessagePlace): string {
  switch (place.page) {
    case 'regimeVersion':
      return paths.regimeVersion(place.id)
    case 'lesson':
      return paths.lesson(place.id)
    default:
      return addressOf(place as Place)
  }
}
