import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.needs(),
    component: lazy(() => import('./needs-page.tsx'), 'NeedsPage'),
    title: '需求和培训',
    nav: { group: '研修', order: 42, icon: 'map', label: '需求和培训', for: ['teacher'] },
  },
  {
    path: paths.survey('$id'),
    component: lazy(() => import('./survey-page.tsx'), 'SurveyPage'),
    title: '需求问卷',
  },
  {
    path: paths.trainingModule('$id'),
    component: lazy(() => import('./module-page.tsx'), 'ModulePage'),
    title: '培训模块',
  },
]
