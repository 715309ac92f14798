import type { SchoolBoard } from '../../server/regime/contract.ts'
import { regime } from '../board/api.ts'
import { BoardLine, DutyBoard, Freshness, ManualClauses, NoRegime, UrgentDuties } from '../board/parts.tsx'
import type { Wire } from '../kit/api.ts'
import { useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { Sentence } from '../kit/sentence.tsx'

type Board = Wire<SchoolBoard>

/** What the district's own regulation asks of the district office itself. */
export function DistrictDutiesPage() {
  const [filters] = useFilters({ term: '' })
  const query = useApi(regime.getSchoolBoard, filters.term === '' ? {} : { termId: filters.term }, {
    keep: true,
  })
  return (
    <Page
      title="区级职责"
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={8}
      sentence={sentenceOfOffice}
    >
      {({ own }: Board) =>
        own.term === null ? (
          <NoRegime />
        ) : (
          <>
            <BoardLine head={own} />
            <Freshness head={own} />
            {own.rows.length === 0 ? (
              <Empty title="本学期没有要做的事" sentence="现行区级方案本学期没有对区里自己提出要求。" />
            ) : (
              <>
                <UrgentDuties board={own} />
                <DutyBoard board={own} />
              </>
            )}
            <ManualClauses board={own} />
          </>
        )
      }
    </Page>
  )
}

function sentenceOfOffice({ own }: Board) {
  return own.term === null ? null : <Sentence text={own.sentence} />
}
