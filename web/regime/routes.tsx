import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

const offices = ['principal', 'academicOffice', 'researchOffice', 'administrator', 'districtOfficer'] as const

export const routes: PageRoute[] = [
  {
    path: paths.regime(),
    component: lazy(() => import('./regime-page.tsx'), 'RegimePage'),
    title: '制度',
    nav: { group: '看板', order: 50, icon: 'regime', label: '制度全文' },
  },
  {
    path: paths.regimeCompare(),
    component: lazy(() => import('./compare-page.tsx'), 'ComparePage'),
    title: '比较制度',
  },
  {
    path: paths.regimeVersions(),
    component: lazy(() => import('./versions-page.tsx'), 'VersionsPage'),
    title: '本校版本',
    gate: offices,
  },
  {
    path: paths.regimeVersion('$id'),
    component: lazy(() => import('./version-page.tsx'), 'VersionPage'),
    title: '制度版本',
    gate: offices,
  },
  {
    path: paths.regimeReadings(),
    component: lazy(() => import('./readings-page.tsx'), 'ReadingsPage'),
    title: '待定读法',
    gate: offices,
  },
  {
    path: paths.regimeDuties(),
    component: lazy(() => import('./duties-page.tsx'), 'DutiesPage'),
    title: '人工确认',
    gate: [...offices, 'groupLeader'],
  },
  {
    path: paths.regimeCorrections(),
    component: lazy(() => import('./corrections-page.tsx'), 'CorrectionsPage'),
    title: '更正',
    gate: offices,
  },
  {
    path: paths.regimeResults(),
    component: lazy(() => import('./results-page.tsx'), 'ResultsPage'),
    title: '期末结果',
  },
  {
    path: paths.regimeResult('$id'),
    component: lazy(() => import('./result-page.tsx'), 'ResultPage'),
    title: '期末结果',
  },
  {
    path: paths.tracePage(),
    component: lazy(() => import('./trace-page.tsx'), 'TracePage'),
    title: '为什么',
  },
  {
    path: paths.settings.regime(),
    component: lazy(() => import('./adopt-page.tsx'), 'AdoptPage'),
    title: '采用制度',
    gate: ['principal', 'academicOffice', 'districtOfficer'],
    nav: { group: '学校设置', order: 50, icon: 'regime', label: '采用制度', phone: false },
  },
]
