import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.regulations(),
    component: lazy(() => import('./regulations-page.tsx'), 'RegulationsPage'),
    title: '学校制度',
    nav: { group: '研修', order: 65, icon: 'book', label: '学校制度' },
  },
  {
    path: paths.regulation('$id'),
    component: lazy(() => import('./regulation-page.tsx'), 'RegulationPage'),
    title: '学校制度',
  },
]
