import type { SubjectKind } from '../../engine/types.ts'
import type {
  BoardHead,
  BoardRowRef,
  Matrix as MatrixData,
  MatrixCellRef,
  MatrixColumnRef,
  MatrixRowRef,
  SubjectBoard,
} from '../../server/regime/contract.ts'
import { confirmationLabels } from '../../server/regime/words.ts'
import { useHasRole } from '../access/session.ts'
import { Board } from '../kit/board.tsx'
import type { BoardRow } from '../kit/board.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Matrix } from '../kit/matrix.tsx'
import type { MatrixRow } from '../kit/matrix.tsx'
import { Empty, Notice } from '../kit/page.tsx'
import { Sentence } from '../kit/sentence.tsx'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { inSchool, useSchool } from './api.ts'
import './board.css'

/** What arrives of a board: nothing in it is a time stamp. */
type Subject = { kind: SubjectKind; id: string }

/** Which term is shown, and by which regulation. */
export function BoardLine({ head }: { head: Pick<BoardHead, 'term' | 'terms' | 'regimes'> }) {
  const [, setFilters] = useFilters({ term: '' })
  const school = useSchool()
  if (!head.term) return null
  return (
    <div className="board-line-head no-print">
      {head.terms.length > 1 ? (
        <label className="filter">
          <span className="visually-hidden">学期</span>
          <select
            className="native-select"
            value={head.term.id}
            onChange={(event) => setFilters({ term: event.target.value })}
          >
            {head.terms.map((term) => (
              <option key={term.id} value={term.id}>
                {term.name}
              </option>
            ))}
          </select>
        </label>
      ) : (
        <span>{head.term.name}</span>
      )}
      <span className="quiet">
        依据{' '}
        {head.regimes.map((one, index) => (
          <span key={one.id}>
            {index > 0 && '、'}
            <Link to={inSchool(paths.regime(), school)}>《{one.title}》</Link>
            {one.level === 'district' && '（区级）'}
          </span>
        ))}
      </span>
    </div>
  )
}

/** The one sentence over a board. */
export function sentenceOfBoard(board: Pick<BoardHead, 'term' | 'sentence'>) {
  return board.term === null ? null : <Sentence text={board.sentence} />
}

/** Says when the figures are of an earlier day and are being worked out anew. */
export function Freshness({ head }: { head: Pick<BoardHead, 'isStale' | 'evaluatedOn'> }) {
  if (!head.isStale) return null
  return (
    <Notice tone="soon">
      {head.evaluatedOn === null
        ? '进度正在第一次计算，算好后本页自动更新。'
        : `下面的数字截至 ${dayText(head.evaluatedOn)}，正在按今天重新计算，算好后本页自动更新。`}
    </Notice>
  )
}

/** What to do where no regulation has been adopted yet. */
export function NoRegime() {
  const mayAdopt = useHasRole('principal', 'academicOffice')
  return (
    <Empty
      title="还没有采用校本研修制度"
      sentence={
        mayAdopt
          ? '先选一份制度作为本校的规定，系统就会列出每位教师、每个组本学期该做的事。'
          : '学校采用制度以后，这里会列出您本学期该做的事。请联系教导处。'
      }
      {...(mayAdopt
        ? {
            action: (
              <LinkButton type="primary" to={paths.settings.regime()}>
                选择制度
              </LinkButton>
            ),
          }
        : {})}
    />
  )
}

function traceOf(
  subject: Subject,
  row: { ruleId: string; minimumId: string; regimeId: string },
  periodId: string,
  school: string | null,
): string {
  return inSchool(
    paths.trace({
      rule: row.ruleId,
      subjectKind: subject.kind,
      subject: subject.id,
      period: periodId,
      minimum: row.minimumId,
      regime: row.regimeId,
    }),
    school,
  )
}

/** The duties of one subject by the weeks of the term. */
export function DutyBoard({ board }: { board: SubjectBoard }) {
  const school = useSchool()
  const rows = board.rows.map(
    (row): BoardRow => ({
      key: row.key,
      title: row.title,
      note: row.level === 'district' ? `${row.note}（区级）` : row.note,
      sum: { value: row.value, target: row.target, unit: row.unit, state: row.state },
      href: traceOf(board.subject, row, board.term?.id ?? row.periodId, school),
      next: row.sentence,
      cells: row.cells.map((cell) => ({
        from: cell.from,
        span: cell.span,
        state: cell.state,
        makeUp: cell.makeUp,
        value: cell.value,
        target: cell.target,
        unit: cell.unit,
        period: cell.periodLabel,
        href: traceOf(board.subject, row, cell.periodId, school),
        ...(cell.dueOn === null ? {} : { due: dayText(cell.dueOn) }),
      })),
    }),
  )
  return (
    <Board
      label={`${board.subject.name} ${board.term?.name ?? ''}`}
      weeks={board.weeks.map((week) => ({
        id: week.id,
        short: String(week.number),
        label: week.label,
        month: `${Number(week.to.slice(5, 7))}月`,
        ...(week.holiday === null ? {} : { holiday: week.holiday }),
      }))}
      today={board.today}
      rows={rows}
    />
  )
}

const urgent = (row: BoardRowRef): boolean => row.state === 'overdue' || row.state === 'dueSoon'

/** The duties that need something now, each in one sentence with its explanation. */
export function UrgentDuties({ board }: { board: SubjectBoard }) {
  const school = useSchool()
  const rows = board.rows
    .filter(urgent)
    .sort(
      (a, b) =>
        Number(b.state === 'overdue') - Number(a.state === 'overdue') ||
        (a.dueOn ?? '').localeCompare(b.dueOn ?? ''),
    )
  if (rows.length === 0) return null
  return (
    <ul className="duty-list sheet">
      {rows.slice(0, 6).map((row) => (
        <li key={row.key}>
          <StateMark state={row.state} />
          <div>
            <b className="duty-title">{row.title}</b>
            <Sentence
              text={row.sentence}
              why={traceOf(board.subject, row, board.term?.id ?? row.periodId, school)}
            />
          </div>
        </li>
      ))}
    </ul>
  )
}

/** The clauses that the program does not judge. */
export function ManualClauses({ board }: { board: SubjectBoard }) {
  const school = useSchool()
  const mayConfirm = useHasRole('principal', 'academicOffice', 'researchOffice', 'administrator')
  if (board.manual.length === 0) return null
  const said = (result: 'done' | 'notDone' | 'notDue') =>
    board.manual.filter((one) => one.confirmed === result).length
  const waiting = board.manual.filter((one) => one.confirmed === null).length
  const counts = [
    ...(said('done') > 0 ? [`已做到 ${said('done')} 条`] : []),
    ...(said('notDone') > 0 ? [`没有做到 ${said('notDone')} 条`] : []),
    ...(said('notDue') > 0 ? [`本期不要求 ${said('notDue')} 条`] : []),
    ...(waiting > 0 ? [`待确认 ${waiting} 条`] : []),
  ]
  return (
    <details className="manual-clauses">
      <summary>
        另有 {board.manual.length} 条由人确认，系统不代为判断：{counts.join('，')}
      </summary>
      {mayConfirm && board.subject.kind === 'organisation' && school === null && (
        <p>
          <Link to={paths.regimeDuties()}>逐条确认</Link>
        </p>
      )}
      <ul>
        {board.manual.map((one) => (
          <li key={`${one.regimeId} ${one.ruleId} ${one.title}`}>
            <b>{one.title}</b> <span className="clause">{one.clause}</span>
            {one.confirmed !== null && (
              <>
                {' '}
                <b className="manual-said">{confirmationLabels[one.confirmed]}</b>
              </>
            )}
            <p className="quiet">{one.because}</p>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** 学时 of a term with what they are made of. */
export function HoursOfTerm({ board }: { board: SubjectBoard }) {
  const term = board.hours?.terms.find((one) => one.termId === board.term?.id)
  if (!board.hours || !term) return null
  const shown = term.bySource.filter((source) => source.minutes > 0)
  return (
    <section className="section">
      <header className="section-head">
        <h2>学时</h2>
        <span className="quiet">1 学时 = {board.hours.minutesPerHour} 分钟</span>
      </header>
      <div className="sheet hours-line">
        <p className="hours-total">
          <b className="figure">{term.hours}</b> 学时<span className="quiet">本学期</span>
        </p>
        <p className="hours-total">
          <b className="figure">{board.hours.hours}</b> 学时<span className="quiet">本学年</span>
        </p>
        <ul>
          {shown.map((source) => (
            <li key={source.source}>
              <span>{source.source}</span>
              <span className="figure">{source.hours} 学时</span>
              <span className="quiet">{source.count} 次</span>
            </li>
          ))}
          {shown.length === 0 && <li className="quiet">本学期还没有计入学时的记录。</li>}
        </ul>
      </div>
    </section>
  )
}

/** Rows by rules; each figure leads to its explanation, or to the picture below it. */
export function RuleMatrix({
  matrix,
  label,
  rowTitle,
  rowHref,
  termId,
  exportHref,
  most = 9,
}: {
  matrix: MatrixData
  label: string
  rowTitle: string
  rowHref: (row: MatrixRowRef) => string
  /** Figures are sums over this term. */
  termId: string
  exportHref?: string
  /** More rules than this are shown on request. */
  most?: number
}) {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ rules: '' })
  const all = filters.rules === 'all' || matrix.columns.length <= most
  const columns = all ? matrix.columns : telling(matrix, most)
  const hrefOf = (row: MatrixRowRef, column: MatrixColumnRef, cell: MatrixCellRef) =>
    cell.periodId === '' ? rowHref(row) : traceOf(row.subject, column, termId, school)
  return (
    <Matrix
      label={label}
      rowTitle={rowTitle}
      columns={columns.map(({ key, title, unit, note }) => ({ key, title, unit, note }))}
      rows={matrix.rows.map(
        (row): MatrixRow => ({
          key: row.key,
          title: row.title,
          ...(row.note === '' ? {} : { note: row.note }),
          href: rowHref(row),
          cells: Object.fromEntries(
            columns.flatMap((column) => {
              const cell = row.cells[column.key]
              if (!cell) return []
              const { state, value, target, text } = cell
              return [
                [
                  column.key,
                  {
                    state,
                    value,
                    target,
                    href: hrefOf(row, column, cell),
                    ...(text === null ? {} : { text }),
                  },
                ],
              ]
            }),
          ),
        }),
      )}
      {...(exportHref === undefined || school !== null ? {} : { exportHref })}
      tools={
        matrix.columns.length > most && (
          <button
            type="button"
            className="tool-button"
            aria-pressed={all}
            onClick={() => setFilters({ rules: all ? '' : 'all' })}
          >
            {all ? `只看要紧的 ${most} 条` : `显示全部 ${matrix.columns.length} 条`}
          </button>
        )
      }
    />
  )
}

/** The rules on which most depends now, in the order of the regulation. */
function telling(matrix: MatrixData, most: number): MatrixColumnRef[] {
  const weight = (column: MatrixColumnRef) =>
    matrix.rows.reduce((sum, row) => {
      const state = row.cells[column.key]?.state
      return (
        sum + (state === 'overdue' ? 100 : state === 'dueSoon' ? 20 : state && state !== 'excused' ? 1 : 0)
      )
    }, 0)
  const chosen = new Set(
    [...matrix.columns]
      .map((column) => ({ column, weight: weight(column) }))
      .sort((a, b) => b.weight - a.weight)
      .slice(0, most)
      .map(({ column }) => column.key),
  )
  return matrix.columns.filter((column) => chosen.has(column.key))
}
