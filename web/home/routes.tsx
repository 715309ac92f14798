import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.home(),
    component: lazy(() => import('./home-page.tsx'), 'HomePage'),
    title: '首页',
    nav: { group: '本周', order: 0, icon: 'home', label: '首页', phone: false },
  },
]
