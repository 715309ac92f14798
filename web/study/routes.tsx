import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.study(),
    component: lazy(() => import('./study-page.tsx'), 'StudyPage'),
    title: '个人研修',
    gate: ['teacher'],
    nav: { group: '研修', order: 30, icon: 'book', label: '个人研修' },
  },
]
