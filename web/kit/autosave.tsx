import './paper.css'
import { useCallback, useEffect, useRef, useState } from 'react'
import { ApiError } from './api.ts'
import { Icon } from './icons.tsx'
import { useLatest } from './latest.ts'
import { timeText } from './words.ts'

export type SaveState =
  | { kind: 'resting' }
  | { kind: 'editing' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: Date }
  /** The server was not reached; `kept` says whether this device holds a copy. */
  | { kind: 'offline'; kept: boolean }
  | { kind: 'refused'; message: string }

let owner = 'nobody'
/** Drafts on a shared computer belong to the account that wrote them. */
export function setDraftOwner(accountId: string): void {
  if (owner === accountId) return
  owner = accountId
  for (const listener of ownerListeners) listener()
}
const ownerListeners = new Set<() => void>()
/** Hears when somebody has signed in on this device, or is known again. */
export function onDraftOwner(listener: () => void): void {
  ownerListeners.add(listener)
}
/** Whose drafts and waiting files are seen here. */
export function draftOwner(): string {
  return owner
}

interface Draft<Value> {
  value: Value
  /** What the server held when this draft was begun. */
  base: string
  at: number
}
function readDraft<Value>(key: string): Draft<Value> | null {
  try {
    const text = localStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as Draft<Value>)
  } catch {
    return null
  }
}
function keepDraft(key: string, draft: Draft<unknown>): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}
function dropDraft(key: string): void {
  try {
    localStorage.removeItem(key)
  } catch {
    // Without storage there is nothing to drop.
  }
}

/** Everything on this page that saves itself, by the name of its draft. */
const open = new Map<string, () => Promise<boolean>>()
/**
 * Saves everything at once whose draft's name begins with `prefix`; true when the server has all of it. Call it before
 * an act that others read the texts after: closing an activity, submitting a form of several parts.
 */
export async function flushDrafts(prefix: string): Promise<boolean> {
  const flushes = [...open].filter(([key]) => key.startsWith(prefix)).map(([, flush]) => flush())
  return (await Promise.all(flushes)).every(Boolean)
}

export interface Autosave<Value> {
  value: Value
  change: (value: Value) => void
  state: SaveState
  /** Saves at once; true when the server has everything. Call it before submitting. */
  flush: () => Promise<boolean>
  /** This device holds another text than the server, and both have changed: the person chooses. */
  conflict: { mine: Value; take: (which: 'mine' | 'stored') => void } | null
}

/**
 * Saves by itself a moment after the last change, keeps a copy on this device until the server has it, and sends it
 * again when the network is back or the page is opened again. Nothing is sent while an input method is composing.
 */
export function useAutosave<Value>(options: {
  /** Names the draft on this device, e.g. `work/<id>`. */
  storageKey: string
  /** What the server holds. */
  value: Value
  save: (value: Value) => Promise<unknown>
  /** Milliseconds of rest before saving. */
  delay?: number
}): Autosave<Value> {
  const { value: stored, delay = 1200 } = options
  const key = `xiaoyan/draft/${owner}/${options.storageKey}`
  const storedText = JSON.stringify(stored)
  const [draft] = useState(() => readDraft<Value>(key))
  const differs = draft !== null && JSON.stringify(draft.value) !== storedText
  const clash = differs && draft.base !== storedText
  const [value, setValue] = useState<Value>(differs && !clash ? draft.value : stored)
  const [state, setState] = useState<SaveState>(differs && !clash ? { kind: 'editing' } : { kind: 'resting' })
  const [conflict, setConflict] = useState<Value | null>(clash ? draft.value : null)

  const saveLatest = useLatest(options.save)
  const current = useRef<Value>(value)
  /** What the server holds as far as we know, as text. */
  const known = useRef(storedText)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const saving = useRef<Promise<boolean> | null>(null)
  const composing = useRef(false)
  const alive = useRef(true)

  const flush = useCallback(async (): Promise<boolean> => {
    clearTimeout(timer.current)
    while (saving.current) await saving.current
    const sent = current.current
    const text = JSON.stringify(sent)
    if (text === known.current) return true
    const run = async (): Promise<boolean> => {
      if (alive.current) setState({ kind: 'saving' })
      try {
        await saveLatest.current(sent)
        known.current = text
        if (JSON.stringify(current.current) === text) {
          dropDraft(key)
          if (alive.current) setState({ kind: 'saved', at: new Date() })
        } else {
          keepDraft(key, { value: current.current, base: text, at: Date.now() })
          if (alive.current) setState({ kind: 'editing' })
        }
        return true
      } catch (problem) {
        const kept = keepDraft(key, { value: current.current, base: known.current, at: Date.now() })
        const refused = problem instanceof ApiError && !problem.isConnection && problem.status !== 401
        if (alive.current) {
          setState(refused ? { kind: 'refused', message: problem.message } : { kind: 'offline', kept })
        }
        return false
      }
    }
    saving.current = run()
    const done = await saving.current
    saving.current = null
    return done
  }, [key, saveLatest])

  const later = useCallback(() => {
    clearTimeout(timer.current)
    timer.current = setTimeout(function rest() {
      if (composing.current) timer.current = setTimeout(rest, delay)
      else void flush()
    }, delay)
  }, [delay, flush])

  const change = useCallback(
    (next: Value) => {
      current.current = next
      setValue(next)
      setState({ kind: 'editing' })
      keepDraft(key, { value: next, base: known.current, at: Date.now() })
      later()
    },
    [key, later],
  )

  // What others saved, or what we saved ourselves, comes in while nothing of ours is waiting.
  useEffect(() => {
    if (JSON.stringify(current.current) === known.current && storedText !== known.current) {
      current.current = JSON.parse(storedText) as Value
      setValue(current.current)
    }
    if (JSON.stringify(current.current) === storedText) known.current = storedText
  }, [storedText])

  useEffect(() => {
    open.set(options.storageKey, flush)
    return () => {
      if (open.get(options.storageKey) === flush) open.delete(options.storageKey)
    }
  }, [options.storageKey, flush])

  useEffect(() => {
    alive.current = true
    const begin = () => {
      composing.current = true
    }
    const end = () => {
      composing.current = false
    }
    const send = () => {
      if (JSON.stringify(current.current) !== known.current) void flush()
    }
    const hide = () => {
      if (document.hidden) send()
    }
    document.addEventListener('compositionstart', begin)
    document.addEventListener('compositionend', end)
    document.addEventListener('visibilitychange', hide)
    addEventListener('online', send)
    // A draft found on this device goes out at once.
    send()
    const again = setInterval(() => {
      if (!composing.current && navigator.onLine) send()
    }, 30_000)
    return () => {
      alive.current = false
      clearInterval(again)
      document.removeEventListener('compositionstart', begin)
      document.removeEventListener('compositionend', end)
      document.removeEventListener('visibilitychange', hide)
      removeEventListener('online', send)
      send()
    }
  }, [flush])

  const take = useCallback(
    (which: 'mine' | 'stored') => {
      setConflict((mine) => {
        if (which === 'mine' && mine !== null) queueMicrotask(() => change(mine))
        else dropDraft(key)
        return null
      })
    },
    [change, key],
  )

  return { value, change, state, flush, conflict: conflict === null ? null : { mine: conflict, take } }
}

/** 已保存 10:32 / 未连网，已存在本机. */
export function SaveNote({ state }: { state: SaveState }) {
  return (
    <span className={`save-note save-${state.kind}`} role="status">
      {state.kind === 'saved' && (
        <>
          <Icon name="check" size={16} />
          已保存 {timeText(state.at)}
        </>
      )}
      {state.kind === 'saving' && '正在保存…'}
      {state.kind === 'editing' && '正在写…'}
      {state.kind === 'offline' && (
        <>
          <Icon name="offline" size={16} />
          {state.kept ? '未连网，已存在本机' : '未连网，请先不要关闭本页'}
        </>
      )}
      {state.kind === 'refused' && (
        <>
          <Icon name="alert" size={16} />
          没有保存：{state.message}
        </>
      )}
    </span>
  )
}

/** Asks which of two texts to keep. */
export function ConflictNotice({ onTake }: { onTake: (which: 'mine' | 'stored') => void }) {
  return (
    <div className="notice notice-soon" role="alert">
      <Icon name="alert" />
      <div className="notice-body">本机有一份没传上去的内容，服务器上的内容后来也改过。用哪一份？</div>
      <div className="notice-action">
        <button type="button" className="tool-button" onClick={() => onTake('mine')}>
          用本机的
        </button>
        <button type="button" className="tool-button" onClick={() => onTake('stored')}>
          用服务器上的
        </button>
      </div>
    </div>
  )
}
