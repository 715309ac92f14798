import { useLayoutEffect, useRef } from 'react'

/** The newest value, for callbacks that must not change whenever it does. */
export function useLatest<Value>(value: Value): { readonly current: Value } {
  const latest = useRef(value)
  useLayoutEffect(() => {
    latest.current = value
  })
  return latest
}
