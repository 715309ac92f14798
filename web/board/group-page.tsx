import type { GroupBoard } from '../../server/regime/contract.ts'
import { fileAddress } from '../kit/api.ts'
import { useFilters, usePathParams } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { Sentence } from '../kit/sentence.tsx'
import { paths } from '../paths.ts'
import { inSchool, regime, useSchool } from './api.ts'
import { BoardLine, DutyBoard, Freshness, NoRegime, RuleMatrix, UrgentDuties } from './parts.tsx'

/** A group: what it owes itself, then its members by rules. */
export function GroupBoardPage() {
  const { id } = usePathParams<'id'>()
  const [filters] = useFilters({ term: '' })
  const school = useSchool()
  const query = useApi(
    regime.getGroupBoard,
    { unitId: id, ...(filters.term === '' ? {} : { termId: filters.term }) },
    { keep: true },
  )
  return (
    <Page
      title={query.data?.group.name ?? '小组进度'}
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={8}
      {...(school === null
        ? {}
        : { back: { to: inSchool(paths.school(school), school), label: '回到学校' } })}
      sentence={sentenceOfGroup}
    >
      {(board: GroupBoard) =>
        board.term === null ? (
          <NoRegime />
        ) : (
          <>
            <BoardLine head={board} />
            <Freshness head={board} />
            {board.own.rows.length > 0 && (
              <Section title="本组应做的事" plain>
                <UrgentDuties board={board.own} />
                <DutyBoard board={board.own} />
              </Section>
            )}
            <Section title="组员" plain>
              <RuleMatrix
                matrix={board.members}
                label={`${board.group.name}组员进度`}
                rowTitle="教师"
                termId={board.term.id}
                rowHref={(row) => inSchool(paths.boardPerson(row.key), school)}
                exportHref={fileAddress(regime.getBoardFile, { of: 'group', id, termId: board.term.id })}
              />
            </Section>
          </>
        )
      }
    </Page>
  )
}

function sentenceOfGroup(board: GroupBoard) {
  const { kind, leaders, members } = board.group
  const parts = [kind, leaders.length > 0 ? `组长 ${leaders.join('、')}` : '', `${members} 人`]
  return (
    <>
      <span className="quiet">{parts.filter((part) => part !== '').join(' · ')}</span>
      <Sentence text={board.sentence} />
    </>
  )
}
