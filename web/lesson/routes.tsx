import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'
import { keepDelivering } from './parked.ts'

// Notes that were handed in without network go out from whichever page is opened first.
keepDelivering()

export const routes: PageRoute[] = [
  {
    path: paths.lessons(),
    component: lazy(() => import('./lessons-page.tsx'), 'LessonsPage'),
    title: '公开课',
    nav: { group: '本周', order: 30, icon: 'school', label: '公开课', for: ['teacher'] },
  },
  {
    path: paths.newLesson(),
    component: lazy(() => import('./booking-page.tsx'), 'BookLessonPage'),
    title: '安排一节课',
    gate: ['teacher'],
  },
  {
    path: paths.lesson('$id'),
    component: lazy(() => import('./lesson-page.tsx'), 'LessonPage'),
    title: '公开课',
  },
  {
    path: paths.changeLesson('$id'),
    component: lazy(() => import('./booking-page.tsx'), 'ChangeLessonPage'),
    title: '调整这节课',
    gate: ['teacher'],
  },
  {
    path: paths.observations(),
    component: lazy(() => import('./observations-page.tsx'), 'ObservationsPage'),
    title: '听课',
    nav: { group: '本周', order: 31, icon: 'edit', label: '听课', for: ['teacher'] },
  },
  {
    path: paths.startObservation(),
    component: lazy(() => import('./start-page.tsx'), 'StartObservationPage'),
    title: '开始听课',
    gate: ['teacher'],
  },
  {
    path: paths.observation('$id'),
    component: lazy(() => import('./observation-page.tsx'), 'ObservationPage'),
    title: '听课记录',
  },
  {
    path: paths.lessonSheets(),
    component: lazy(() => import('./sheets-page.tsx'), 'SheetsPage'),
    title: '评课表与课时',
    nav: {
      group: '学校设置',
      order: 60,
      icon: 'document',
      label: '评课表与课时',
      for: ['academicOffice', 'researchOffice'],
    },
  },
]
