import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.bodies(),
    component: lazy(() => import('./bodies-page.tsx'), 'BodiesPage'),
    title: '组织机构',
    nav: { group: '研修', order: 66, icon: 'school', label: '组织机构' },
  },
  {
    path: paths.duties(),
    component: lazy(() => import('./duties-page.tsx'), 'DutiesPage'),
    title: '职责',
    nav: { group: '研修', order: 67, icon: 'person', label: '职责' },
  },
  {
    path: paths.growth(),
    component: lazy(() => import('./growth-page.tsx'), 'GrowthPage'),
    title: '成长阶段和骨干',
    nav: { group: '研修', order: 68, icon: 'medal', label: '成长和骨干' },
  },
  {
    path: paths.environment(),
    component: lazy(() => import('./environment-page.tsx'), 'EnvironmentPage'),
    title: '研修条件',
    nav: { group: '研修', order: 69, icon: 'settings', label: '研修条件' },
  },
]
