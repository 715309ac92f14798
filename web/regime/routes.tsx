import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.regime(),
    component: lazy(() => import('./regime-page.tsx'), 'RegimePage'),
    title: '制度',
    nav: { group: '看板', order: 50, icon: 'regime', label: '制度全文' },
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
