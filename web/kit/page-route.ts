import { lazyRouteComponent } from '@tanstack/react-router'
import type { RouteComponent } from '@tanstack/react-router'
import type { Role } from '../../server/kit/gate.ts'
import type { IconName } from './icons.tsx'

export type NavigationGroup = '本周' | '研修' | '看板' | '学校设置'

/** One page of a room. `web/<room>/routes.tsx` exports `routes: PageRoute[]`; `web/routes.tsx` puts them together. */
export interface PageRoute {
  /** A pattern from `paths.ts`: `paths.activity('$id')`. */
  path: string
  component: RouteComponent
  title: string
  /** Who may open it; left out: everybody who is signed in. */
  gate?: readonly Role[]
  /** May be opened without signing in. */
  open?: true
  /** Without header and navigation: sign-in, the projector. */
  bare?: true
  nav?: {
    group: NavigationGroup
    order: number
    icon: IconName
    label: string
    /** Shown only to these, although others may open the page when something leads there. */
    for?: readonly Role[]
    /** `false` keeps it out of the phone's 我的 page. */
    phone?: boolean
  }
}

/** Loads a page when it is first opened: `component: lazy(() => import('./activity-page.tsx'), 'ActivityPage')`. */
export function lazy<Module extends Record<string, unknown>>(
  load: () => Promise<Module>,
  name: keyof Module & string,
): PageRoute['component'] {
  return lazyRouteComponent(load as never, name as never) as PageRoute['component']
}
