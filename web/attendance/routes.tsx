import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'
import { keepDelivering } from './parked.ts'
import { keepDeliveringFiles } from '../kit/parked-files.ts'

// Scans that wait on this phone are delivered from whichever page is opened first.
keepDelivering()
keepDeliveringFiles()

export const routes: PageRoute[] = [
  {
    path: paths.scan(),
    component: lazy(() => import('./scan-page.tsx'), 'ScanPage'),
    title: '签到',
    gate: ['teacher'],
    nav: { group: '本周', order: 2, icon: 'scan', label: '扫码签到', phone: false },
  },
  {
    path: paths.leaves(),
    component: lazy(() => import('./leaves-page.tsx'), 'LeavesPage'),
    title: '请假、补学与申诉',
    nav: { group: '研修', order: 4, icon: 'leave', label: '请假与补学', for: ['teacher'] },
  },
  {
    path: paths.attendanceBook(),
    component: lazy(() => import('./book-page.tsx'), 'BookPage'),
    title: '我的考勤',
    nav: { group: '研修', order: 5, icon: 'people', label: '我的考勤', for: ['teacher'] },
  },
  {
    path: paths.trainings(),
    component: lazy(() => import('./trainings-page.tsx'), 'TrainingsPage'),
    title: '外出与上级培训',
    nav: { group: '研修', order: 6, icon: 'document', label: '上级培训', for: ['teacher'] },
  },
  {
    path: paths.fullAttendance(),
    component: lazy(() => import('./full-page.tsx'), 'FullPage'),
    title: '满勤名单',
  },
  {
    path: paths.attendance(),
    component: lazy(() => import('./statistics-page.tsx'), 'StatisticsPage'),
    title: '出勤统计',
    nav: { group: '看板', order: 5, icon: 'people', label: '出勤统计', for: ['teacher'] },
  },
]
