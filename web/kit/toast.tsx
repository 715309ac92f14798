import { useSyncExternalStore } from 'react'
import { Icon } from './icons.tsx'

export interface ToastOptions {
  kind?: 'success' | 'error' | 'plain'
  clause?: string
  action?: { label: string; run: () => unknown }
}
interface Toast extends ToastOptions {
  id: number
  message: string
}

let toasts: readonly Toast[] = []
let nextId = 1
const listeners = new Set<() => void>()
function set(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

export function dismiss(id: number): void {
  set(toasts.filter((toast) => toast.id !== id))
}

/** Shows a short message at the edge of the screen; errors stay longer, messages with an action eight seconds. */
export function notify(message: string, options: ToastOptions = {}): void {
  const id = nextId
  nextId += 1
  // The same sentence twice would only be noise.
  set([...toasts.filter((toast) => toast.message !== message).slice(-2), { id, message, ...options }])
  setTimeout(() => dismiss(id), options.action || options.kind === 'error' ? 8000 : 3500)
}

/** `const undo = useUndo()`; `undo('已退回《…》', () => takeBack.run({ id }))` offers 撤销 for eight seconds. */
export function useUndo(): (message: string, undo: () => unknown) => void {
  return offerUndo
}
function offerUndo(message: string, undo: () => unknown): void {
  notify(message, { kind: 'success', action: { label: '撤销', run: undo } })
}

export function Toasts() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => toasts,
  )
  return (
    <div className="toasts" role="region" aria-label="提示">
      <div aria-live="polite" className="toasts-list">
        {shown.map((toast) => (
          <div key={toast.id} className={`toast toast-${toast.kind ?? 'plain'}`}>
            {toast.kind === 'success' && <Icon name="check" />}
            {toast.kind === 'error' && <Icon name="alert" />}
            <span className="toast-text">
              {toast.message}
              {toast.clause !== undefined && <span className="toast-clause">依据：{toast.clause}</span>}
            </span>
            {toast.action && (
              <button
                type="button"
                className="toast-action"
                onClick={() => {
                  dismiss(toast.id)
                  void toast.action?.run()
                }}
              >
                {toast.action.label}
              </button>
            )}
            <button
              type="button"
              className="icon-button"
              aria-label="关闭提示"
              onClick={() => dismiss(toast.id)}
            >
              <Icon name="close" />
            </button>
          </div>
        ))}
      </div>
    </div>
  )
}
