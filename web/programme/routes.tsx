import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.programmes(),
    component: lazy(() => import('./programmes-page.tsx'), 'ProgrammesPage'),
    title: '阶段项目',
    nav: { group: '研修', order: 45, icon: 'map', label: '阶段项目' },
  },
  {
    path: paths.programme('$id'),
    component: lazy(() => import('./programme-page.tsx'), 'ProgrammePage'),
    title: '阶段项目',
  },
]
