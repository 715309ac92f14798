import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.messages(),
    component: lazy(() => import('./messages-page.tsx'), 'MessagesPage'),
    title: '消息',
    nav: { group: '本周', order: 12, icon: 'bell', label: '消息和通知' },
  },
  {
    path: paths.messagePreferences(),
    component: lazy(() => import('./preferences-page.tsx'), 'PreferencesPage'),
    title: '我的提醒方式',
  },
  {
    path: paths.notice('$id'),
    component: lazy(() => import('./notice-page.tsx'), 'NoticePage'),
    title: '通知',
  },
  {
    path: paths.settings.messages(),
    component: lazy(() => import('./settings-page.tsx'), 'MessageSettingsPage'),
    title: '消息和邮件',
    gate: ['principal', 'administrator', 'academicOffice'],
    nav: { group: '学校设置', order: 65, icon: 'bell', label: '消息和邮件' },
  },
]
