import { useEffect } from 'react'
import { queryClient } from './queries.ts'

interface LiveMessage {
  rooms?: string[]
}

const composed = new Map<string, readonly string[] | 'all'>()
/** Says that a room's answers are made of those of other rooms, so that any message makes them stale. */
export function readsAllRooms(room: string): void {
  composed.set(room, 'all')
}
/** The same for a room that is made of certain others: only their messages make it stale. */
export function readsRooms(room: string, others: readonly string[]): void {
  composed.set(room, others)
}
/** Whether what a room answered may no longer hold after a message about these rooms. */
function isTouched(room: string, rooms: ReadonlySet<string>): boolean {
  const others = composed.get(room)
  return rooms.has(room) || others === 'all' || (others?.some((other) => rooms.has(other)) ?? false)
}

/**
 * Keeps what is on the screen fresh: one event stream whose messages `{"rooms":["activity"]}` make the
 * queries of these rooms stale. It is closed while the page is hidden (a browser allows six connections per server on
 * HTTP/1.1, and teachers keep many tabs) and everything shown is read again on return.
 */
export function useLive(enabled: boolean): void {
  useEffect(() => {
    if (!enabled || typeof EventSource === 'undefined') return
    let source: EventSource | null = null
    let again: ReturnType<typeof setTimeout> | undefined
    let flush: ReturnType<typeof setTimeout> | undefined
    let failures = 0
    const waiting = new Set<string>()

    function refresh(): void {
      flush = undefined
      const rooms = new Set(waiting)
      waiting.clear()
      void queryClient.invalidateQueries({
        predicate: ({ queryKey: [room] }) => isTouched(String(room), rooms),
      })
    }
    function open(): void {
      if (source || document.hidden) return
      source = new EventSource('/api/live/getStream')
      source.addEventListener('open', () => {
        // What changed while the line was down was not heard.
        if (failures > 0) void queryClient.invalidateQueries()
        failures = 0
      })
      source.addEventListener('message', (event: MessageEvent<string>) => {
        let message: LiveMessage
        try {
          message = JSON.parse(event.data) as LiveMessage
        } catch {
          return
        }
        for (const room of message.rooms ?? []) waiting.add(room)
        flush ??= setTimeout(refresh, 250)
      })
      source.addEventListener('error', () => {
        failures += 1
        // The browser reconnects by itself unless the server refused.
        if (source?.readyState === EventSource.CLOSED) {
          close()
          again = setTimeout(open, Math.min(60_000, 2000 * 2 ** Math.min(failures, 5)))
        }
      })
    }
    function close(): void {
      source?.close()
      source = null
      clearTimeout(again)
    }
    function follow(): void {
      if (document.hidden) close()
      else open()
    }
    open()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      clearTimeout(flush)
      close()
    }
  }, [enabled])
}
