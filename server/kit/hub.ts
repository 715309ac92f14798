/** What happened, told to open pages so that they read again: the rooms whose data changed, and the record if one. */
export interface LiveMessage {
  rooms: string[]
  id?: string
}

type Listener = (message: LiveMessage) => void

/** Passes messages to the open pages of one organisation; in memory, a page that missed one reads again on focus. */
export interface Hub {
  listen(orgId: string, listener: Listener): () => void
  tell(orgId: string, message: LiveMessage): void
  readonly listeners: number
}

export function createHub(): Hub {
  const byOrganisation = new Map<string, Set<Listener>>()
  return {
    listen(orgId, listener) {
      const listeners = byOrganisation.get(orgId) ?? new Set()
      listeners.add(listener)
      byOrganisation.set(orgId, listeners)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) byOrganisation.delete(orgId)
      }
    },
    tell(orgId, message) {
      for (const listener of byOrganisation.get(orgId) ?? []) listener(message)
    },
    get listeners() {
      let count = 0
      for (const listeners of byOrganisation.values()) count += listeners.size
      return count
    },
  }
}
