import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.slots(),
    component: lazy(() => import('./slots-page.tsx'), 'SlotsPage'),
    title: '固定研修时间',
    nav: {
      group: '研修',
      order: 15,
      icon: 'clock',
      label: '固定时间',
      for: ['groupLeader', 'academicOffice', 'researchOffice', 'principal'],
    },
  },
  {
    path: paths.timetable(),
    component: lazy(() => import('./timetable-page.tsx'), 'TimetablePage'),
    title: '作息和课表',
    gate: ['academicOffice', 'researchOffice', 'principal', 'administrator'],
    nav: { group: '学校设置', order: 25, icon: 'columns', label: '作息和课表' },
  },
]
