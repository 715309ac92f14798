import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.mine(),
    component: lazy(() => import('./mine-page.tsx'), 'MinePage'),
    title: '我的',
  },
]
