import { Link as RouterLink, useNavigate, useParams, useRouterState, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ButtonProps } from 'antd'
import { useCallback } from 'react'
import type { AriaAttributes, MouseEvent, ReactNode } from 'react'

/** `?a=1&b=二` and back; all values stay text, so that addresses read well. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search))
}
export function stringifySearch(search: Record<string, unknown>): string {
  const parts = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '')
      parts.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  const text = parts.toString()
  return text === '' ? '' : `?${text}`
}

function split(address: string): { to: string; search: Record<string, string>; hash: string } {
  const url = new URL(address, 'http://page')
  return { to: decodeURI(url.pathname), search: parseSearch(url.search), hash: url.hash.slice(1) }
}

export interface LinkProps extends AriaAttributes {
  /** An address from `paths.ts`. */
  to: string
  children: ReactNode
  className?: string
  title?: string
  /** Marked as current also on the pages below. */
  section?: boolean
  onClick?: () => void
}

/** A link inside the product; loads the page's script when the pointer comes near. */
export function Link({ to, section, children, ...rest }: LinkProps) {
  const address = split(to)
  return (
    <RouterLink
      to={address.to}
      search={address.search}
      {...(address.hash === '' ? {} : { hash: address.hash })}
      activeOptions={{ exact: section !== true, includeSearch: false }}
      activeProps={{ 'aria-current': 'page' }}
      {...rest}
    >
      {children}
    </RouterLink>
  )
}

/** `const go = useGo(); go(paths.activity(id))`. */
export function useGo(): (address: string, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return useCallback(
    (address, options = {}) => {
      const target = split(address)
      void navigate({
        to: target.to,
        search: target.search,
        ...(target.hash === '' ? {} : { hash: target.hash }),
        replace: options.replace ?? false,
      })
    },
    [navigate],
  )
}

/** A button that leads to another page: a real link, so that it opens in a new tab as well. */
export function LinkButton({ to, ...rest }: { to: string } & Omit<ButtonProps, 'href' | 'onClick'>) {
  const go = useGo()
  return (
    <Button
      {...rest}
      href={to}
      onClick={(event: MouseEvent<HTMLElement>) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        go(to)
      }}
    />
  )
}

/** The variable parts of the address: `const { id } = usePathParams<'id'>()`. */
export function usePathParams<Name extends string>(): Record<Name, string> {
  return useParams({ strict: false }) as Record<Name, string>
}

/** Pathname and search of the page that is drawn (not of the one that is still being fetched). */
export function useAddress(): string {
  return useRouterState({
    select: (state) => {
      const match = state.matches.at(-1)
      return match ? `${match.pathname}${stringifySearch(match.search)}` : state.location.href
    },
  })
}

/**
 * Filters that live in the address: `const [filters, setFilters] = useFilters({ term: termId })`. What equals the
 * given start value is left out of the address; an empty text clears a filter for good (`?term=`).
 */
export function useFilters<Start extends Record<string, string>>(
  start: Start = {} as Start,
): [Start & Record<string, string | undefined>, (change: Record<string, string | undefined>) => void] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>
  const navigate = useNavigate()
  const filters = { ...start, ...search }
  const change = useCallback(
    (next: Record<string, string | undefined>) => {
      void navigate({
        to: '.',
        search: (old: Record<string, string | undefined>) => ({ ...old, ...next }),
        replace: true,
        resetScroll: false,
      })
    },
    [navigate],
  )
  return [filters, change]
}
