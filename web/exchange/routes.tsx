import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.exchange(),
    component: lazy(() => import('./exchange-page.tsx'), 'ExchangePage'),
    title: '网上交流',
    nav: { group: '研修', order: 31, icon: 'inbox', label: '网上交流', for: ['teacher'] },
  },
  {
    path: paths.newTopic(),
    component: lazy(() => import('./new-topic-page.tsx'), 'NewTopicPage'),
    title: '发起话题',
  },
  {
    path: paths.topic('$id'),
    component: lazy(() => import('./topic-page.tsx'), 'TopicPage'),
    title: '话题',
  },
  {
    path: paths.selected(),
    component: lazy(() => import('./selected-page.tsx'), 'SelectedPage'),
    title: '精选',
    nav: { group: '研修', order: 32, icon: 'medal', label: '精选文章' },
  },
  {
    path: paths.onlineCourses(),
    component: lazy(() => import('./courses-page.tsx'), 'CoursesPage'),
    title: '网络课程',
    nav: { group: '研修', order: 33, icon: 'book', label: '网络课程', for: ['teacher'] },
  },
]
