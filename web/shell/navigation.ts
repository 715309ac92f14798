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

/** A district's officer who heads one of its bodies leads no group that plans and meets. */
const leadsOnlyBodies = (roles: readonly Role[]) =>
  roles.includes('districtOfficer') && !roles.includes('teacher')

function isOffered(page: PageRoute, roles: readonly Role[]): boolean {
  const asked = leadsOnlyBodies(roles) ? roles.filter((role) => role !== 'groupLeader') : roles
  return page.nav?.for === undefined || page.nav.for.some((role) => asked.includes(role))
}

/** Whether an entry is marked on the pages below it too: not where a page of its own entry lies there and is open. */
export function marksBelow(item: NavigationItem, sections: NavigationSection[], path: string): boolean {
  return (
    item.to !== '/' &&
    !sections.some((section) =>
      section.items.some((other) => other.to.startsWith(`${item.to}/`) && path.startsWith(other.to)),
    )
  )
}

export function mayOpen(page: PageRoute, roles: readonly Role[]): boolean {
  return page.gate === undefined || page.gate.some((role) => roles.includes(role))
}

export const NavigationContext = createContext<NavigationSection[]>([])
export function useNavigation(): NavigationSection[] {
  return useContext(NavigationContext)
}
