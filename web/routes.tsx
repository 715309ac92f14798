import { createRootRoute, createRoute, createRouter } from '@tanstack/react-router'
import { routes as access } from './access/routes.tsx'
import { routes as activity } from './activity/routes.tsx'
import { routes as attendance } from './attendance/routes.tsx'
import { routes as board } from './board/routes.tsx'
import { routes as calendar } from './calendar/routes.tsx'
import { routes as district } from './district/routes.tsx'
import { routes as duty } from './duty/routes.tsx'
import { routes as documents } from './documents/routes.tsx'
import { routes as home } from './home/routes.tsx'
import { parseSearch, stringifySearch } from './kit/link.tsx'
import type { PageRoute } from './kit/page-route.ts'
import { routes as regime } from './regime/routes.tsx'
import { routes as regulation } from './regulation/routes.tsx'
import { routes as vocabulary } from './vocabulary/routes.tsx'
import { routes as appraisal } from './appraisal/routes.tsx'
import { routes as inbox } from './inbox/routes.tsx'
import { routes as need } from './need/routes.tsx'
import { routes as exchange } from './exchange/routes.tsx'
import { routes as notice } from './notice/routes.tsx'
import { routes as lesson } from './lesson/routes.tsx'
import { routes as plan } from './plan/routes.tsx'
import { routes as study } from './study/routes.tsx'
import { routes as teaching } from './teaching/routes.tsx'
import { routes as work } from './work/routes.tsx'
import { routes as settings } from './settings/routes.tsx'
import { routes as setup } from './setup/routes.tsx'
import { routes as programme } from './programme/routes.tsx'
import { routes as slot } from './slot/routes.tsx'
import { routes as trainer } from './trainer/routes.tsx'
import { NotFoundPage } from './shell/not-found.tsx'
import { ProblemPage } from './shell/problem.tsx'
import { routes as shell } from './shell/routes.tsx'
import { Shell } from './shell/shell.tsx'

/** Every room with pages. A room that is not in this list cannot be opened. */
const pages: PageRoute[] = [
  ...shell,
  ...access,
  ...home,
  ...calendar,
  ...slot,
  ...programme,
  ...activity,
  ...attendance,
  ...board,
  ...regime,
  ...regulation,
  ...vocabulary,
  ...district,
  ...inbox,
  ...notice,
  ...need,
  ...exchange,
  ...lesson,
  ...work,
  ...teaching,
  ...study,
  ...plan,
  ...appraisal,
  ...duty,
  ...trainer,
  ...documents,
  ...settings,
  ...setup,
]

const root = createRootRoute({
  component: () => <Shell pages={pages} />,
  notFoundComponent: NotFoundPage,
  errorComponent: ProblemPage,
})

const children = pages.map((page) =>
  createRoute({
    getParentRoute: () => root,
    path: page.path,
    component: page.component,
    staticData: { page },
  }),
)

export const router = createRouter({
  routeTree: root.addChildren(children),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: ProblemPage,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    page?: PageRoute
  }
}
