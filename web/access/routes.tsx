import { lazy } from '../kit/page-route.ts'
import type { PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: '/sign-in',
    component: lazy(() => import('./sign-in-page.tsx'), 'SignInPage'),
    title: '登录',
    open: true,
    bare: true,
  },
  {
    path: paths.changePassword(),
    component: lazy(() => import('./password-page.tsx'), 'PasswordPage'),
    title: '修改密码',
    bare: true,
  },
]
