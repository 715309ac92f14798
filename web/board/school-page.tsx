import type { SchoolBoard } from '../../server/regime/contract.ts'
import { fileAddress } from '../kit/api.ts'
import { useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { inSchool, regime, useSchool } from './api.ts'
import {
  BoardLine,
  DutyBoard,
  Freshness,
  ManualClauses,
  NoRegime,
  RuleMatrix,
  sentenceOfBoard,
  UrgentDuties,
} from './parts.tsx'

const views = [
  { key: 'groups', label: '各组' },
  { key: 'people', label: '每位教师' },
  { key: 'school', label: '学校自己应做的事' },
] as const

/** The school against its regime: groups, people, and what the school itself owes. */
export function SchoolBoardPage() {
  const [filters] = useFilters({ term: '' })
  const query = useApi(regime.getSchoolBoard, filters.term === '' ? {} : { termId: filters.term }, {
    keep: true,
  })
  return (
    <Page
      title="全校进度"
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={10}
      sentence={sentenceOfBoard}
    >
      {(board: SchoolBoard) => <SchoolBoardBody board={board} />}
    </Page>
  )
}

/** The school's board without the frame of a page; the district's page of a school shows the same. */
export function SchoolBoardBody({ board }: { board: SchoolBoard }) {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ view: 'groups' })
  if (board.term === null) return <NoRegime />
  const fileOf = (of: 'groups' | 'people') =>
    fileAddress(regime.getBoardFile, { of, ...(board.term ? { termId: board.term.id } : {}) })
  return (
    <>
      <BoardLine head={board} />
      <Freshness head={board} />
      <div className="tabs-line no-print" role="tablist" aria-label="看什么">
        {views.map((view) => (
          <button
            key={view.key}
            type="button"
            role="tab"
            aria-selected={filters.view === view.key}
            onClick={() =>
              setFilters({ view: view.key === 'groups' ? undefined : view.key, sort: undefined })
            }
          >
            {view.label}
            {view.key === 'groups' && ` ${board.totals.groups}`}
            {view.key === 'people' && ` ${board.totals.people}`}
          </button>
        ))}
      </div>
      {filters.view === 'people' ? (
        <RuleMatrix
          matrix={board.people}
          label="每位教师的进度"
          rowTitle="教师"
          termId={board.term.id}
          rowHref={(row) => inSchool(paths.boardPerson(row.key), school)}
          exportHref={fileOf('people')}
        />
      ) : filters.view === 'school' ? (
        board.own.rows.length === 0 ? (
          <Empty title="制度没有对学校提出要求" />
        ) : (
          <>
            <UrgentDuties board={board.own} />
            <DutyBoard board={board.own} />
            <ManualClauses board={board.own} />
          </>
        )
      ) : board.groups.rows.length === 0 ? (
        <Empty title="还没有教研组" sentence="在“组织与分组”中建立教研组并加入组员，这里就会出现。" />
      ) : (
        <RuleMatrix
          matrix={board.groups}
          label="各组进度"
          rowTitle="小组"
          termId={board.term.id}
          rowHref={(row) => inSchool(paths.boardGroup(row.key), school)}
          exportHref={fileOf('groups')}
        />
      )}
    </>
  )
}
