import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'

/** A small panel that opens below its button; closes on a press elsewhere, on Escape and after a choice. */
export function Menu({
  label,
  button,
  children,
  className = '',
  stayOpen = false,
}: {
  /** Read out before the button's own words. */
  label?: string
  button: ReactNode
  children: ReactNode
  className?: string
  /** Choices inside do not close it (check boxes). */
  stayOpen?: boolean
}) {
  const details = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const element = details.current
    if (!element) return
    const close = (event: Event) => {
      if (element.open && !(event.target instanceof Node && element.contains(event.target)))
        element.open = false
    }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || !element.open) return
      element.open = false
      element.querySelector('summary')?.focus()
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('focusin', close)
    document.addEventListener('keydown', escape)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('focusin', close)
      document.removeEventListener('keydown', escape)
    }
  }, [])
  return (
    <details ref={details} className={`menu ${className}`}>
      <summary>
        {label !== undefined && <span className="visually-hidden">{label}</span>}
        {button}
      </summary>
      <div
        className="menu-panel"
        onClick={(event) => {
          const target = event.target as HTMLElement
          if (!stayOpen && target.closest('a,button') && details.current) details.current.open = false
        }}
      >
        {children}
      </div>
    </details>
  )
}
