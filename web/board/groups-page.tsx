import { useEffect } from 'react'
import { useSession } from '../access/session.ts'
import { Link, useGo } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { paths } from '../paths.ts'

/** The way to the groups that one leads; with a single one straight on. */
export function MyGroupsPage() {
  const { leads } = useSession()
  const go = useGo()
  const only = leads.length === 1 ? leads[0]?.unitId : undefined
  useEffect(() => {
    if (only !== undefined) go(paths.boardGroup(only), { replace: true })
  }, [only, go])
  if (only !== undefined) return null
  return (
    <Page title="小组进度">
      {leads.length === 0 ? (
        <Empty title="您目前没有带组" sentence="担任组长以后，这里可以看到全组的进度。" />
      ) : (
        <ul className="ways">
          {leads.map((lead) => (
            <li key={lead.unitId}>
              <Link to={paths.boardGroup(lead.unitId)}>{lead.name}</Link>
            </li>
          ))}
        </ul>
      )}
    </Page>
  )
}
