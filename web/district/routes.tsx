import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.boardDistrict(),
    component: lazy(() => import('./district-page.tsx'), 'DistrictPage'),
    title: '各校进度',
    gate: ['districtOfficer'],
    nav: { group: '看板', order: 40, icon: 'map', label: '各校进度' },
  },
  {
    path: paths.districtDuties(),
    component: lazy(() => import('./duties-page.tsx'), 'DistrictDutiesPage'),
    title: '区级职责',
    gate: ['districtOfficer'],
    nav: { group: '看板', order: 45, icon: 'check', label: '区级职责' },
  },
  {
    path: paths.school('$id'),
    component: lazy(() => import('./school-page.tsx'), 'DistrictSchoolPage'),
    title: '学校进度',
    gate: ['districtOfficer'],
  },
]
