import { createContext, useContext } from 'react'
import type { Role } from '../../server/kit/gate.ts'
import type { NavigationGroup, PageRoute } from '../kit/page-route.ts'

export interface NavigationItem {
  to: string
  label: string
  icon: NonNullable<PageRoute['nav']>['icon']
  phone: boolean
}
export interface NavigationSection {
  group: NavigationGroup
  items: NavigationItem[]
}

const groups: readonly NavigationGroup[] = ['本周', '研修', '看板', '学校设置']

/** What a person with these roles finds in the navigation, in groups. */
export function navigationFor(pages: readonly PageRoute[], roles: readonly Role[]): NavigationSection[] {
  return groups.flatMap((group) => {
    const items = pages
      .filter((page) => page.nav?.group === group && mayOpen(page, roles) && isOffered(page, roles))
      .sort((a, b) => (a.nav?.order ?? 0) - (b.nav?.order ?? 0))
      .flatMap((page) =>
        page.nav
          ? [{ to: page.path, label: page.nav.label, icon: page.nav.icon, phone: page.nav.phone !== false }]
          : [],
      )
    return items.length === 0 ? [] : [{ group, items }]
  })
}

function isOffered(page: PageRoute, roles: readonly Role[]): boolean {
  return page.nav?.for === undefined || page.nav.for.some((role) => roles.includes(role))
}

export function mayOpen(page: PageRoute, roles: readonly Role[]): boolean {
  return page.gate === undefined || page.gate.some((role) => roles.includes(role))
}

export const NavigationContext = createContext<NavigationSection[]>([])
export function useNavigation(): NavigationSection[] {
  return useContext(NavigationContext)
}
