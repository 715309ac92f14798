import type { Role } from '../../server/kit/gate.ts'
import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

const keepers: readonly Role[] = ['principal', 'academicOffice', 'administrator']
const group = '学校设置'

export const routes: PageRoute[] = [
  {
    path: paths.settings.school(),
    component: lazy(() => import('./school-page.tsx'), 'SchoolPage'),
    title: '设置',
    gate: [...keepers, 'districtOfficer'],
    nav: { group, order: 10, icon: 'settings', label: '设置清单' },
  },
  {
    path: paths.settings.calendar(),
    component: lazy(() => import('./calendar-page.tsx'), 'CalendarPage'),
    title: '学年和校历',
    gate: [...keepers, 'districtOfficer'],
    nav: { group, order: 20, icon: 'calendar', label: '学年和校历' },
  },
  {
    path: paths.settings.people(),
    component: lazy(() => import('./people-page.tsx'), 'PeoplePage'),
    title: '人员',
    gate: [...keepers, 'researchOffice', 'districtOfficer'],
    nav: { group, order: 30, icon: 'people', label: '人员' },
  },
  {
    path: paths.settings.person('$id'),
    component: lazy(() => import('./person-page.tsx'), 'PersonPage'),
    title: '个人档案',
  },
  {
    path: paths.settings.roster(),
    component: lazy(() => import('./roster-page.tsx'), 'RosterPage'),
    title: '导入花名册',
    gate: keepers,
  },
  {
    path: paths.settings.cohorts(),
    component: lazy(() => import('./cohorts-page.tsx'), 'CohortsPage'),
    title: '人员范围',
    gate: [...keepers, 'researchOffice', 'districtOfficer'],
    nav: { group, order: 32, icon: 'filter', label: '人员范围', phone: false },
  },
  {
    path: paths.settings.transfers(),
    component: lazy(() => import('./transfers-page.tsx'), 'TransfersPage'),
    title: '人员调动',
    gate: [...keepers, 'researchOffice', 'districtOfficer'],
    nav: { group, order: 34, icon: 'share', label: '人员调动', phone: false },
  },
  {
    path: paths.settings.units(),
    component: lazy(() => import('./units-page.tsx'), 'UnitsPage'),
    title: '组和组织',
    nav: { group, order: 40, icon: 'school', label: '组和组织' },
  },
  {
    path: paths.settings.unit('$id'),
    component: lazy(() => import('./units-page.tsx'), 'UnitsPage'),
    title: '组和组织',
  },
  {
    path: paths.settings.accounts(),
    component: lazy(() => import('./accounts-page.tsx'), 'AccountsPage'),
    title: '账号',
    gate: keepers,
    nav: { group, order: 60, icon: 'key', label: '账号' },
  },
]
