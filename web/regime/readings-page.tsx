import type { ReadingsPage as Data } from '../../server/regime/drafts-contract.ts'
import { useSchool } from '../board/api.ts'
import type { Wire } from '../kit/api.ts'
import { LinkButton } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { drafts } from './api.ts'
import { Readings } from './readings-parts.tsx'
import { RegimeNav } from './regime-nav.tsx'

/** What the document leaves open and how it is read here: confirmed by whom, or still to be decided. */
export function ReadingsPage() {
  const school = useSchool()
  const query = useApi(drafts.getReadings, {})
  return (
    <Page
      title="待定读法"
      width="normal"
      query={query}
      skeleton="list"
      sentence={(page: Wire<Data>) =>
        page.regime
          ? `《${page.regime.title}》第 ${page.regime.version} 版里，下面这些数值原件没有写明，系统按括注的默认读法计算。请学校逐项确认，谁在哪天定的都会记下来。`
          : null
      }
      actions={
        query.data?.abilities.change === null && school === null ? (
          <LinkButton to={paths.regimeVersions()}>要改数值，做新版本</LinkButton>
        ) : undefined
      }
    >
      {(page: Wire<Data>) => (
        <>
          <RegimeNav />
          {page.regime === null ? (
            <Empty title="还没有采用制度" sentence="采用制度以后，这里列出要由学校确认的读法。" />
          ) : page.rows.length === 0 ? (
            <Empty title="没有待定的读法" sentence="这份制度的数值都有条款依据。" />
          ) : (
            <Readings rows={page.rows} about={{}} blocked={page.abilities.decide} />
          )}
        </>
      )}
    </Page>
  )
}
