import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from './api.ts'
import { useLatest } from './latest.ts'
import { notify } from './toast.tsx'

interface Other<Value> {
  value: Value
  version: number
  /** ISO time stamp of when the other device saved. */
  savedAt: string
}

export interface Versioned<Value> {
  /** For `useAutosave`: changes only when another device has saved. */
  stored: Value
  save: (value: Value) => Promise<void>
  /** The text of another device on top of which ours cannot be saved; the person chooses. */
  other: Other<Value> | null
  /** Keeps ours, or takes the other one; `flush` is the autosave's. */
  take: (which: 'mine' | 'other', flush: () => Promise<boolean>) => Promise<void>
}

/**
 * Saving on top of a version, so that two devices do not overwrite each other. The server refuses with 409 `conflict`
 * and the other text in `fields`; nothing is lost until the person has chosen.
 */
export function useVersioned<Value>(options: {
  /** What the server holds. */
  value: Value
  version: number
  send: (value: Value, version: number) => Promise<{ version: number }>
  /** The other text out of the refusal's fields. */
  otherOf: (fields: Record<string, string>) => Value
}): Versioned<Value> {
  const latest = useLatest(options)
  const version = useRef(options.version)
  const leave = useRef(false)
  const [stored, setStored] = useState(options.value)
  const [other, setOther] = useState<Other<Value> | null>(null)

  // Our own saves come back from the server too, cleaned; they must not move the cursor. Only a later version is news.
  useEffect(() => {
    if (options.version <= version.current) return
    version.current = options.version
    setStored(latest.current.value)
  }, [options.version, latest])

  const save = useCallback(
    async (value: Value): Promise<void> => {
      if (leave.current) return
      try {
        const answer = await latest.current.send(value, version.current)
        version.current = answer.version
        setOther(null)
      } catch (problem) {
        if (problem instanceof ApiError && problem.status === 409 && problem.code === 'conflict') {
          setOther({
            value: latest.current.otherOf(problem.fields),
            version: Number(problem.fields.version),
            savedAt: problem.fields.savedAt ?? '',
          })
        }
        throw problem
      }
    },
    [latest],
  )

  const take = useCallback(
    async (which: 'mine' | 'other', flush: () => Promise<boolean>): Promise<void> => {
      if (!other) return
      version.current = other.version
      if (which === 'mine') {
        if (await flush()) setOther(null)
        return
      }
      leave.current = true
      await flush()
      leave.current = false
      setStored(other.value)
      setOther(null)
      notify('已换成另一台设备上的文字')
    },
    [other],
  )
  return { stored, save, other, take }
}
