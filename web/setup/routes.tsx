import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.setup(),
    component: lazy(() => import('./setup-page.tsx'), 'SetupPage'),
    title: '开始使用',
    open: true,
    bare: true,
  },
]
