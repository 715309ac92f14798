import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.works(),
    component: lazy(() => import('./works-page.tsx'), 'WorksPage'),
    title: '写作',
    gate: ['teacher'],
    nav: { group: '研修', order: 20, icon: 'pen', label: '写作' },
  },
  {
    path: paths.newWork(),
    component: lazy(() => import('./new-work-page.tsx'), 'NewWorkPage'),
    title: '写一篇',
    gate: ['teacher'],
  },
  {
    path: paths.work('$id'),
    component: lazy(() => import('./work-page.tsx'), 'WorkPage'),
    title: '作品',
  },
]
