import type { SubjectBoard } from '../../server/regime/contract.ts'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters, usePathParams } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { Sentence } from '../kit/sentence.tsx'
import { type ApiQuery, useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { inSchool, regime, useSchool } from './api.ts'
import {
  BoardLine,
  DutyBoard,
  Freshness,
  HoursOfTerm,
  ManualClauses,
  NoRegime,
  UrgentDuties,
} from './parts.tsx'

/** The teacher's own year: what is asked, what is done, what is next. */
export function MyBoardPage() {
  const [filters] = useFilters({ term: '' })
  const query = useApi(regime.getMyBoard, filters.term === '' ? {} : { termId: filters.term }, { keep: true })
  return <PersonPage query={query} title="我的研修年历" />
}

/** The same picture of somebody else, for those who may see it. */
export function PersonBoardPage() {
  const { id } = usePathParams<'id'>()
  const [filters] = useFilters({ term: '' })
  const school = useSchool()
  const query = useApi(
    regime.getPersonBoard,
    { personId: id, ...(filters.term === '' ? {} : { termId: filters.term }) },
    { keep: true },
  )
  return (
    <PersonPage
      query={query}
      title={query.data?.subject.name ?? '研修年历'}
      back={school === null ? undefined : { to: inSchool(paths.school(school), school), label: '回到学校' }}
    />
  )
}

function PersonPage({
  query,
  title,
  back,
}: {
  query: ApiQuery<SubjectBoard>
  title: string
  back?: { to: string; label: string } | undefined
}) {
  const own = useSession().person.id === query.data?.subject.id
  const school = useSchool()
  return (
    <Page
      title={title}
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={8}
      {...(back ? { back } : {})}
      sentence={own ? sentenceOfMine : sentenceOfPerson}
      actions={
        query.data?.term ? (
          <>
            <a
              className="tool-button no-print"
              download
              href={fileAddress(regime.getBoardFile, {
                of: 'person',
                id: query.data.subject.id,
                termId: query.data.term.id,
              })}
            >
              <Icon name="download" size={18} />
              导出
            </a>
            <button type="button" className="tool-button no-print" onClick={() => print()}>
              <Icon name="print" size={18} />
              打印
            </button>
          </>
        ) : undefined
      }
    >
      {(board: SubjectBoard) =>
        board.term === null ? (
          <NoRegime />
        ) : (
          <>
            <BoardLine head={board} />
            <Freshness head={board} />
            {board.rows.length === 0 ? (
              <Empty title="本学期没有要做的事" sentence="现行制度本学期没有对这位老师提出要求。" />
            ) : (
              <>
                <UrgentDuties board={board} />
                <DutyBoard board={board} />
              </>
            )}
            <HoursOfTerm board={board} />
            <ManualClauses board={board} />
            {own && (
              <p className="quiet">
                想知道规定是怎么写的？看 <Link to={inSchool(paths.regime(), school)}>制度全文</Link>。
              </p>
            )}
          </>
        )
      }
    </Page>
  )
}

/** The list below says what is urgent, so the opening sentence stops before it. */
function shortOf(sentence: string): string {
  const end = sentence.indexOf('。先看')
  return end < 0 ? sentence : sentence.slice(0, end + 1)
}

function sentenceOfMine(board: SubjectBoard) {
  return board.term === null ? null : <Sentence text={shortOf(board.sentence)} />
}

function sentenceOfPerson(board: SubjectBoard) {
  return (
    <>
      {board.subject.note !== '' && <span className="quiet">{board.subject.note}</span>}
      {sentenceOfMine(board)}
    </>
  )
}
