import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.plans(),
    component: lazy(() => import('./plans-page.tsx'), 'PlansPage'),
    title: '计划和总结',
    nav: { group: '研修', order: 40, icon: 'plan', label: '计划和总结', for: ['teacher'] },
  },
  {
    path: paths.plan('$id'),
    component: lazy(() => import('./plan-page.tsx'), 'PlanPage'),
    title: '计划和总结',
  },
]
