import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.scores(),
    component: lazy(() => import('./scores-page.tsx'), 'ScoresPage'),
    title: '检查和考评',
    gate: ['teacher'],
    nav: { group: '研修', order: 60, icon: 'medal', label: '检查和考评' },
  },
]
