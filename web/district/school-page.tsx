import type { SchoolBoard } from '../../server/regime/contract.ts'
import { useEffect } from 'react'
import { regime, useSchool } from '../board/api.ts'
import { sentenceOfBoard } from '../board/parts.tsx'
import { SchoolBoardBody } from '../board/school-page.tsx'
import { useFilters, usePathParams } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'

/** A school as the district sees it: its board, with the way down to group, teacher and record. */
export function DistrictSchoolPage() {
  const { id } = usePathParams<'id'>()
  const [filters, setFilters] = useFilters({ term: '' })
  const school = useSchool()
  // The school stands in the path; the links below carry it on as `?school=`.
  useEffect(() => {
    if (school !== id) setFilters({ school: id })
  }, [school, id, setFilters])
  const query = useApi(
    regime.getSchoolBoard,
    school === id ? (filters.term === '' ? {} : { termId: filters.term }) : null,
    { keep: true },
  )
  return (
    <Page
      title={query.data?.school.name ?? '学校'}
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={10}
      back={{ to: paths.boardDistrict(), label: '各校进度' }}
      sentence={sentenceOfBoard}
    >
      {(board: SchoolBoard) => <SchoolBoardBody board={board} />}
    </Page>
  )
}
