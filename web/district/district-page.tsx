import type { FindingState } from '../../engine/types.ts'
import type { DistrictBoard, SchoolFigures } from '../../server/district/contract.ts'
import type { Wire } from '../kit/api.ts'
import { fileAddress } from '../kit/api.ts'
import { LinkButton } from '../kit/link.tsx'
import { Matrix } from '../kit/matrix.tsx'
import type { MatrixCell, MatrixRow } from '../kit/matrix.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { Ring } from '../kit/figures.tsx'
import { useApi } from '../kit/queries.ts'
import { Sentence } from '../kit/sentence.tsx'
import { district, inSchool } from '../board/api.ts'
import { paths } from '../paths.ts'
import './district.css'

type Board = Wire<DistrictBoard>
type Figures = Wire<SchoolFigures>

/** The district's schools side by side; each row leads into the school. */
export function DistrictPage() {
  const query = useApi(district.getDistrictBoard, {})
  return (
    <Page
      title={query.data ? `${query.data.district.name}各校进度` : '各校进度'}
      width="wide"
      query={query}
      skeleton="board"
      skeletonRows={6}
      sentence={sentenceOfDistrict}
      isEmpty={(board: Board) => board.schools.length === 0}
      empty={{ title: '本区还没有学校', sentence: '学校加入以后，这里会并列出每所学校的进度。' }}
    >
      {(board: Board) => (
        <>
          <Totals board={board} />
          {board.schools.some((school) => school.stale) && (
            <Notice tone="soon">有学校的数字截至前一日，正在重新计算，算好后自动更新。</Notice>
          )}
          <Matrix
            label={`${board.district.name}各校进度`}
            rowTitle="学校"
            columns={board.columns.map((column) => ({
              key: column.key,
              title: column.title,
              unit: unitOf(column.key),
              ...(column.note === '' ? {} : { note: column.note }),
            }))}
            rows={board.schools.map((school) => rowOf(school, board))}
            exportHref={fileAddress(district.getDistrictFile, {})}
          />
          <p className="quiet">
            百分数是已到期的应做事项中完成的比例；还没有到期的，是目前的进度。点学校名进入该校，再点小组或教师，直到每一条记录。
          </p>
        </>
      )}
    </Page>
  )
}

function sentenceOfDistrict(board: Board) {
  return <Sentence text={board.sentence} />
}

function Totals({ board }: { board: Board }) {
  const { totals } = board
  return (
    <div className="district-totals sheet">
      {totals.share !== null && (
        <Ring
          label="到期事项完成率"
          value={totals.share}
          target={100}
          unit="%"
          size={104}
          state={totals.share < 80 ? 'dueSoon' : 'partly'}
        />
      )}
      <dl>
        <div>
          <dt>学校</dt>
          <dd>
            <b className="figure">{totals.schools}</b> 所
          </dd>
        </div>
        <div>
          <dt>教师</dt>
          <dd>
            <b className="figure">{totals.people}</b> 人
          </dd>
        </div>
        <div>
          <dt>有逾期的教师</dt>
          <dd>
            <b className="figure">{totals.peopleBehind}</b> 人
          </dd>
        </div>
      </dl>
      <div className="district-regime">
        {board.districtRegime ? (
          <p>
            区级制度：《{board.districtRegime.title}》第 {board.districtRegime.version}{' '}
            版，与各校制度同时有效。
          </p>
        ) : (
          <>
            <p className="quiet">本区还没有采用区级制度；各校按自己的制度执行。</p>
            <LinkButton to={paths.settings.regime()}>采用区级制度</LinkButton>
          </>
        )}
      </div>
    </div>
  )
}

const unitOf = (key: string): string => (key === 'averageHours' ? '学时' : key === 'behind' ? '人' : '%')

function rowOf(school: Board['schools'][number], board: Board): MatrixRow {
  const { figures } = school
  const href = inSchool(paths.school(school.id), school.id)
  const cells: Record<string, MatrixCell> = {}
  for (const column of board.columns) {
    const cell = figures ? cellOf(figures, column.key, href) : null
    if (cell) cells[column.key] = cell
  }
  return {
    key: school.id,
    title: school.name,
    note: figures ? `${figures.people} 人 · ${figures.regime?.title ?? ''}` : '还没有采用制度',
    href,
    cells,
  }
}

function cellOf(figures: Figures, key: string, href: string): MatrixCell | null {
  if (key === 'averageHours') {
    if (!figures.hours) return null
    const { average } = figures.hours
    return {
      value: average,
      target: null,
      state: 'partly',
      href: `${href}&view=people`,
      text: `${average} 学时`,
    }
  }
  if (key === 'behind') {
    const { people, peopleBehind } = figures
    return {
      value: people - peopleBehind,
      target: people,
      state: peopleBehind === 0 ? 'done' : 'partly',
      href: `${href}&view=people`,
      text: `${peopleBehind} 人`,
    }
  }
  const tally = key === 'all' ? figures.all : figures.categories[key]
  if (!tally || tally.bound === 0) return null
  const due = tally.done + tally.overdue
  const going: FindingState = tally.dueSoon > 0 ? 'dueSoon' : 'partly'
  if (due === 0) {
    // Nothing has fallen due: how far it has come instead.
    const share = Math.floor((tally.progress / tally.bound) * 100)
    return { value: share, target: 100, state: share === 0 ? 'open' : going, href, text: `${share}%` }
  }
  const share = Math.floor((tally.done / due) * 100)
  return {
    value: share,
    target: 100,
    state: share < 90 ? 'overdue' : share === 100 && going === 'partly' ? 'done' : going,
    href,
    text: `${share}%`,
  }
}
