import { usePathParams } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { work } from './api.ts'
import { ReadWork } from './read-work.tsx'
import { WriteWork } from './write-work.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { paths } from '../paths.ts'
import './work.css'

/** A work: its author writes while it may be changed, everybody else (and the author afterwards) reads. */
export function WorkPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(work.getWork, { id })
  if (query.data === undefined) {
    return (
      <Page title="作品" width="reading" back={{ to: paths.works(), label: '写作' }}>
        {query.error ? (
          <ErrorNotice error={query.error} retry={query.refetch} />
        ) : (
          <Skeleton shape="text" rows={10} />
        )}
      </Page>
    )
  }
  return query.data.abilities.edit === null ? (
    <WriteWork key={id} view={query.data} />
  ) : (
    <ReadWork view={query.data} />
  )
}
