import { keepPreviousData, QueryClient, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useCallback, useRef, useState } from 'react'
import { ApiError, asApiError, randomId } from './api.ts'
import type { ApiCall } from './api.ts'
import { useLatest } from './latest.ts'
import { notify } from './toast.tsx'

/** The one cache of the browser. Queries are kept under [room, endpoint, input]. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 10 * 60_000,
      // Offline calls fail at once with a sentence instead of waiting silently.
      networkMode: 'always',
      refetchOnWindowFocus: true,
      refetchOnReconnect: true,
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && error.isConnection && navigator.onLine,
      retryDelay: (attempt) => 400 * 3 ** attempt,
    },
  },
})

/** What pages and lists need to know of a query. */
export interface ApiQuery<Output> {
  data: Output | undefined
  error: ApiError | null
  /** Nothing to show yet. */
  isPending: boolean
  isFetching: boolean
  refetch: () => unknown
}

/**
 * Reads from an endpoint. `input: null` waits (nothing is asked until it is there). With `keep` the old rows stay
 * while a changed filter is loading. `every` asks again after so many milliseconds.
 *
 * On a page whose address says `?school=…` a district officer looks into that school: every page asks the school
 * instead of the own organisation, and keeps the answers apart.
 */
export function useApi<Input, Output>(
  call: ApiCall<Input, Output>,
  input: Input | null,
  options: { keep?: boolean; every?: number; staleTime?: number } = {},
): ApiQuery<Output> {
  const { school } = useSearch({ strict: false }) as { school?: string }
  return useQuery<Output, ApiError>({
    queryKey: [call.room, call.endpointName, input, ...(school === undefined ? [] : [school])],
    queryFn: ({ signal }) => call(input as Input, school === undefined ? { signal } : { signal, school }),
    enabled: input !== null,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(options.every === undefined ? {} : { refetchInterval: options.every }),
    ...(options.staleTime === undefined ? {} : { staleTime: options.staleTime }),
  })
}

/** A room's name, or one endpoint of it. */
type Stale = string | { readonly room: string; readonly endpointName: string }

export function invalidate(stale: readonly Stale[]): void {
  for (const item of stale) {
    const queryKey = typeof item === 'string' ? [item] : [item.room, item.endpointName]
    void queryClient.invalidateQueries({ queryKey })
  }
}

export interface CommandOptions<Input, Output> {
  /** What must be read again afterwards; the command's own room unless told. */
  invalidate?: readonly Stale[]
  /** What to say when it is done: 已提交. */
  success?: string | ((output: Output, input: Input) => string | undefined)
  /** Offers 撤销 for a few seconds beside the message. */
  undo?: (output: Output, input: Input) => unknown
  onSuccess?: (output: Output, input: Input) => void
  /** The caller shows `error` itself; otherwise a message appears. */
  inline?: boolean
}

export interface Command<Input, Output> {
  /** Resolves to the output, or to undefined when it failed (the person has then been told). */
  run: (input: Input) => Promise<Output | undefined>
  running: boolean
  error: ApiError | null
  /** Messages by field path (`sections.goal`) of the last refusal. */
  fieldErrors: Record<string, string>
  reset: () => void
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

/**
 * Does something on the server. One idempotency key serves a whole chain of attempts: automatic repeats after a lost
 * connection, and the person pressing again with the same input; a new one begins after any answer.
 */
export function useCommand<Input, Output>(
  call: ApiCall<Input, Output>,
  options: CommandOptions<Input, Output> = {},
): Command<Input, Output> {
  const [running, setRunning] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const current = useRef<Promise<Output | undefined> | null>(null)
  const chain = useRef<{ input: string; key: string } | null>(null)
  const latest = useLatest(options)

  const run = useCallback(
    (input: Input): Promise<Output | undefined> => {
      const text = JSON.stringify(input)
      // A double tap is one act.
      if (current.current && chain.current?.input === text) return current.current
      if (chain.current?.input !== text) chain.current = { input: text, key: randomId() }
      const { key } = chain.current
      const attempt = async (): Promise<Output | undefined> => {
        setRunning(true)
        setError(null)
        try {
          let output: Output
          for (let tries = 0; ; tries += 1) {
            try {
              output = await call(input, { idempotencyKey: key })
              break
            } catch (problem) {
              const failure = asApiError(problem)
              if (!failure.isConnection || !navigator.onLine || tries >= 2) throw failure
              await pause(500 * 3 ** tries)
            }
          }
          chain.current = null
          const { success, undo, onSuccess } = latest.current
          invalidate(latest.current.invalidate ?? [call.room])
          const message = typeof success === 'function' ? success(output, input) : success
          if (message !== undefined || undo) {
            notify(message ?? '已完成', {
              kind: 'success',
              ...(undo ? { action: { label: '撤销', run: () => undo(output, input) } } : {}),
            })
          }
          onSuccess?.(output, input)
          return output
        } catch (problem) {
          const failure = asApiError(problem)
          if (!failure.isConnection) chain.current = null
          setError(failure)
          // Refused because something changed meanwhile: what the page shows is old, so it is read again.
          if (failure.status === 409) invalidate(latest.current.invalidate ?? [call.room])
          if (!latest.current.inline && failure.status !== 401) {
            notify(failure.message, {
              kind: 'error',
              ...(failure.clause === undefined ? {} : { clause: failure.clause }),
            })
          }
          return undefined
        } finally {
          current.current = null
          setRunning(false)
        }
      }
      current.current = attempt()
      return current.current
    },
    [call, latest],
  )

  const reset = useCallback(() => setError(null), [])
  return { run, running, error, fieldErrors: error?.fields ?? {}, reset }
}
