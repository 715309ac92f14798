import type { inboxApi } from '../../server/inbox/contract.ts'
import { useHasRole } from '../access/session.ts'
import { api } from '../kit/api.ts'
import { readsRooms } from '../kit/live.ts'
import { useApi } from '../kit/queries.ts'

export const inbox = api<typeof inboxApi>('inbox')

// What waits is made of what these rooms hold.
readsRooms(inbox.listInbox.room, [
  'work',
  'plan',
  'attendance',
  'attendanceBook',
  'activity',
  'participation',
  'lesson',
  'teaching',
  'design',
  'talk',
  'need',
  'trainer',
  'slot',
  'programme',
  'duty',
  'regime',
  'regulation',
  'org',
])

/** How many things wait for me: to decide, and to do again; nought for those without an inbox. */
export function useInboxCount(): number {
  const { data } = useApi(inbox.getInboxCount, useHasRole('teacher') ? {} : null)
  return data === undefined ? 0 : data.waiting + data.tasks + data.returned
}

/** The number as a mark beside the word it belongs to; nothing where nothing waits. */
export function InboxCount({ className = '' }: { className?: string }) {
  const count = useInboxCount()
  if (count === 0) return null
  return (
    <span className={`count-mark ${className}`}>
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      <span className="visually-hidden">，{count} 件待办</span>
    </span>
  )
}
