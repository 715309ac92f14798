import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.agenda(),
    component: lazy(() => import('./agenda-page.tsx'), 'AgendaPage'),
    title: '日程',
    nav: { group: '本周', order: 0, icon: 'calendar', label: '日程' },
  },
]
