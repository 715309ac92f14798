import { useSyncExternalStore } from 'react'

/** Below this width lists become cards and the navigation moves to the bottom. */
const phoneQuery = '(max-width: 767px)'

/** True on phones and narrow windows. */
export function usePhone(): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(phoneQuery)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => matchMedia(phoneQuery).matches,
  )
}

/** False while the device says that it has no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
  )
}
