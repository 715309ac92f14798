import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.teaching(),
    component: lazy(() => import('./runs-page.tsx'), 'RunsPage'),
    title: '课例与研修流程',
    nav: { group: '研修', order: 24, icon: 'columns', label: '课例与流程', for: ['teacher'] },
  },
  {
    path: paths.teachingRun('$id'),
    component: lazy(() => import('./run-page.tsx'), 'RunPage'),
    title: '研修流程',
  },
  {
    path: paths.designs(),
    component: lazy(() => import('./designs-page.tsx'), 'DesignsPage'),
    title: '备课',
    nav: { group: '研修', order: 25, icon: 'edit', label: '备课', for: ['teacher'] },
  },
  {
    path: paths.design('$id'),
    component: lazy(() => import('./design-page.tsx'), 'DesignPage'),
    title: '教案',
  },
  {
    path: paths.talks(),
    component: lazy(() => import('./talks-page.tsx'), 'TalksPage'),
    title: '说课',
    nav: { group: '研修', order: 26, icon: 'people', label: '说课', for: ['teacher'] },
  },
  {
    path: paths.talk('$id'),
    component: lazy(() => import('./talk-page.tsx'), 'TalkPage'),
    title: '说课',
  },
]
