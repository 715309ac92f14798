import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

const VerifyPage = lazy(() => import('./verify-page.tsx'), 'VerifyPage')

export const routes: PageRoute[] = [
  {
    path: paths.documents(),
    component: lazy(() => import('./documents-page.tsx'), 'DocumentsPage'),
    title: '报告册',
    nav: { group: '研修', order: 70, icon: 'document', label: '报告册', for: ['teacher'] },
  },
  { path: paths.verify(), component: VerifyPage, title: '验证文件', open: true, bare: true },
  { path: paths.verify('$code'), component: VerifyPage, title: '验证文件', open: true, bare: true },
]
