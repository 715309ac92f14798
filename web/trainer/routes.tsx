import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.trainers(),
    component: lazy(() => import('./trainers-page.tsx'), 'TrainersPage'),
    title: '师资和专家',
    nav: { group: '研修', order: 70, icon: 'people', label: '师资和专家' },
  },
  {
    path: paths.trainerRatings(),
    component: lazy(() => import('./ratings-page.tsx'), 'RatingsPage'),
    title: '评一评',
  },
  {
    path: paths.myEngagements(),
    component: lazy(() => import('./mine-page.tsx'), 'MinePage'),
    title: '我的受聘与讲座',
  },
]
