import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.activities(),
    component: lazy(() => import('./activities-page.tsx'), 'ActivitiesPage'),
    title: '研修活动',
    nav: { group: '本周', order: 1, icon: 'calendar', label: '研修活动', for: ['teacher'] },
  },
  {
    path: paths.newActivity(),
    component: lazy(() => import('./plan-page.tsx'), 'PlanPage'),
    title: '安排活动',
    gate: ['groupLeader', 'academicOffice', 'researchOffice', 'principal'],
  },
  {
    path: paths.activitySeries(),
    component: lazy(() => import('./series-page.tsx'), 'SeriesPage'),
    title: '学期活动安排',
    gate: ['groupLeader', 'academicOffice', 'researchOffice', 'principal'],
    nav: {
      group: '本周',
      order: 4,
      icon: 'calendar',
      label: '学期活动安排',
      for: ['groupLeader', 'academicOffice'],
    },
  },
  {
    path: paths.activityManagement(),
    component: lazy(() => import('./management-page.tsx'), 'ManagementPage'),
    title: '活动管理',
    gate: ['academicOffice', 'researchOffice', 'principal'],
    nav: { group: '研修', order: 9, icon: 'people', label: '活动管理', for: ['academicOffice', 'principal'] },
  },
  {
    path: paths.activity('$id'),
    component: lazy(() => import('./activity-page.tsx'), 'ActivityPage'),
    title: '活动',
  },
  {
    path: paths.runActivity('$id'),
    component: lazy(() => import('./run-page.tsx'), 'RunPage'),
    title: '进行活动',
  },
  {
    path: paths.live('$id'),
    component: lazy(() => import('./live-page.tsx'), 'LivePage'),
    title: '大屏幕签到',
    bare: true,
  },
]
