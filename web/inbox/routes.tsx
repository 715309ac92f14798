import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.inbox(),
    component: lazy(() => import('./inbox-page.tsx'), 'InboxPage'),
    title: '待办',
    gate: ['teacher'],
    nav: { group: '本周', order: 10, icon: 'inbox', label: '待办' },
  },
]
