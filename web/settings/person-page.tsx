import './settings.css'
import { useHasRole } from '../access/session.ts'
import { usePathParams } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { paths } from '../paths.ts'
import { PersonRecord } from './person-record.tsx'

/** One person's record under its own address. */
export function PersonPage() {
  const { id } = usePathParams<'id'>()
  const sees = useHasRole('principal', 'academicOffice', 'administrator', 'researchOffice')
  return (
    <Page
      title="个人档案"
      width="reading"
      {...(sees ? { back: { to: paths.settings.people(), label: '人员' } } : {})}
    >
      <PersonRecord key={id} id={id} />
    </Page>
  )
}
