import { lazy, type PageRoute } from '../kit/page-route.ts'
import { paths } from '../paths.ts'

export const routes: PageRoute[] = [
  {
    path: paths.settings.vocabularies(),
    component: lazy(() => import('./vocabularies-page.tsx'), 'VocabulariesPage'),
    title: '研修词表',
    nav: {
      group: '学校设置',
      order: 55,
      icon: 'book',
      label: '研修词表',
      for: ['principal', 'academicOffice', 'researchOffice', 'districtOfficer'],
      phone: false,
    },
  },
]
