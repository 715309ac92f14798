import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.boardMe(),
    component: lazy(() => import('./person-page.tsx'), 'MyBoardPage'),
    title: '我的研修年历',
    gate: ['teacher'],
    nav: { group: '看板', order: 10, icon: 'calendar', label: '我的年历' },
  },
  {
    path: paths.boardPerson('$id'),
    component: lazy(() => import('./person-page.tsx'), 'PersonBoardPage'),
    title: '研修年历',
  },
  {
    path: paths.boardGroup('$id'),
    component: lazy(() => import('./group-page.tsx'), 'GroupBoardPage'),
    title: '小组进度',
  },
  {
    path: paths.boardGroups(),
    component: lazy(() => import('./groups-page.tsx'), 'MyGroupsPage'),
    title: '小组进度',
    gate: ['groupLeader'],
    nav: { group: '看板', order: 20, icon: 'people', label: '小组进度' },
  },
  {
    path: paths.boardSchool(),
    component: lazy(() => import('./school-page.tsx'), 'SchoolBoardPage'),
    title: '全校进度',
    gate: ['academicOffice', 'researchOffice', 'principal', 'administrator'],
    nav: { group: '看板', order: 30, icon: 'school', label: '全校进度' },
  },
]
