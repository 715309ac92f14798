import './board.css'
import { findingStateLabels } from '../../engine/types.ts'
import type { FindingState } from '../../engine/types.ts'
import { Bar, YearStrip } from './figures.tsx'
import { Link } from './link.tsx'
import { usePhone } from './screen.ts'
import { keepDates } from './sentence.tsx'
import { StateGlyph, StateLegend, StateMark } from './state-mark.tsx'
import { amountText } from './words.ts'

export interface BoardWeek {
  id: string
  /** In the head of the column: `12`. */
  short: string
  /** Read out and shown on hover: `第12周（双周） 11月16日至22日`. */
  label: string
  /** Weeks of one month stand under its name: `11月`. */
  month: string
  /** Name of the holidays when there is no school this week. */
  holiday?: string
}

export interface BoardCell {
  /** First week, as an index into `weeks`. */
  from: number
  /** How many weeks the period covers; 1 for weekly duties. */
  span: number
  state: FindingState
  /** Done by make-up. */
  makeUp?: boolean
  value: number | null
  target: number | null
  unit: string
  /** The trace. */
  href: string
  /** The period in words: `第12周（双周）`. */
  period: string
  /** Last day on which it can still be done, in words. */
  due?: string
}

export interface BoardRow {
  key: string
  /** The duty: 教学反思. */
  title: string
  /** Below the title: 每月 1 篇. */
  note?: string
  /** Sum over the term against its target. */
  sum: { value: number | null; target: number | null; unit: string; state: FindingState }
  /** The trace of the sum. */
  href: string
  cells: BoardCell[]
  /** The next step in one sentence: 下一篇请在 11月30日 前交。 */
  next?: string
}

export interface BoardProps {
  /** Names the picture: 李敏 2026—2027学年第一学期. */
  label: string
  weeks: BoardWeek[]
  /** Index of the week in which today lies; null outside the term. */
  today: number | null
  rows: BoardRow[]
}

/** The teacher's year on one sheet: rows are duties, columns weeks; every cell opens its trace. */
export function Board(props: BoardProps) {
  return usePhone() ? <BoardCards {...props} /> : <BoardGrid {...props} />
}

function cellLabel(row: BoardRow, cell: BoardCell): string {
  const state = cell.makeUp ? '已补学' : findingStateLabels[cell.state]
  const amount = cell.value === null ? '' : `，${amountText(cell.value, cell.target, cell.unit)}`
  return `${row.title} ${cell.period}：${state}${amount}${cell.due === undefined ? '' : `，最迟 ${cell.due}`}`
}

/** Cells from left to right without overlaps; what begins under another cell is cut. */
function laidOut(cells: BoardCell[], weeks: number): BoardCell[] {
  const result: BoardCell[] = []
  let free = 0
  for (const cell of [...cells].sort((a, b) => a.from - b.from)) {
    const from = Math.max(cell.from, free)
    const end = Math.min(cell.from + cell.span, weeks)
    if (end <= from) continue
    result.push({ ...cell, from, span: end - from })
    free = end
  }
  return result
}

function BoardGrid({ label, weeks, today, rows }: BoardProps) {
  const months: { name: string; from: number; span: number }[] = []
  weeks.forEach((week, index) => {
    const last = months.at(-1)
    if (last?.name === week.month) last.span += 1
    else months.push({ name: week.month, from: index, span: 1 })
  })
  const lastLine = rows.length + 3
  return (
    <div className="board-scroll" role="region" aria-label={label} tabIndex={0}>
      <div
        className="board"
        role="table"
        aria-label={label}
        style={{
          gridTemplateColumns: `minmax(9.5rem, 13rem) repeat(${weeks.length}, minmax(1.75rem, 1fr)) minmax(8.5rem, 10.5rem)`,
        }}
      >
        {weeks.map((week, index) =>
          week.holiday === undefined ? null : (
            <div
              key={week.id}
              className="board-holiday hatch"
              style={{ gridColumn: index + 2, gridRow: `3 / ${lastLine}` }}
              title={week.holiday}
              aria-hidden="true"
            />
          ),
        )}
        {today !== null && (
          <div
            className="board-today"
            style={{ gridColumn: today + 2, gridRow: `2 / ${lastLine}` }}
            aria-hidden="true"
          />
        )}
        {rows.map((row, index) => (
          <div key={row.key} className="board-line" style={{ gridRow: index + 3 }} aria-hidden="true" />
        ))}
        <div className="board-months" aria-hidden="true">
          {months.map((month) => (
            <div
              key={`${month.name}-${month.from}`}
              className="board-month"
              style={{ gridColumn: `${month.from + 2} / span ${month.span}`, gridRow: 1 }}
            >
              {month.name}
            </div>
          ))}
        </div>
        <div role="row" className="board-row">
          <div role="columnheader" className="board-corner" style={{ gridColumn: 1, gridRow: 2 }}>
            应做的事
          </div>
          {weeks.map((week, index) => (
            <div
              role="columnheader"
              key={week.id}
              className={`board-week${index === today ? ' board-week-today' : ''}`}
              style={{ gridColumn: index + 2, gridRow: 2 }}
              title={week.holiday ?? week.label}
            >
              <span aria-hidden="true">{week.short}</span>
              <span className="visually-hidden">
                {week.label}
                {week.holiday}
                {index === today ? '，本周' : ''}
              </span>
            </div>
          ))}
          <div
            role="columnheader"
            className="board-sum-head"
            style={{ gridColumn: weeks.length + 2, gridRow: 2 }}
          >
            本学期
          </div>
        </div>
        {rows.map((row, rowIndex) => (
          <div role="row" className="board-row" key={row.key}>
            <div role="rowheader" className="board-duty" style={{ gridColumn: 1, gridRow: rowIndex + 3 }}>
              <span className="board-duty-title">{row.title}</span>
              {row.note !== undefined && <span className="quiet">{row.note}</span>}
            </div>
            {laidOut(row.cells, weeks.length).map((cell) => (
              <div
                role="cell"
                key={cell.from}
                className={cell.span > 1 ? 'board-cell board-cell-wide' : 'board-cell'}
                style={{ gridColumn: `${cell.from + 2} / span ${cell.span}`, gridRow: rowIndex + 3 }}
              >
                <CellLink row={row} cell={cell} />
              </div>
            ))}
            <div
              role="cell"
              className="board-sum"
              style={{ gridColumn: weeks.length + 2, gridRow: rowIndex + 3 }}
            >
              <Link to={row.href} className="board-sum-link">
                <span className="board-sum-line">
                  <StateMark state={row.sum.state} quiet />
                  <span className="figure">{amountText(row.sum.value, row.sum.target, row.sum.unit)}</span>
                </span>
                <Bar value={row.sum.value ?? 0} target={row.sum.target} state={row.sum.state} height={5} />
              </Link>
            </div>
          </div>
        ))}
      </div>
      <StateLegend
        holidays={weeks.some((week) => week.holiday !== undefined)}
        makeUp={rows.some((row) => row.cells.some((cell) => cell.makeUp))}
      />
    </div>
  )
}

function CellLink({ row, cell }: { row: BoardRow; cell: BoardCell }) {
  const label = cellLabel(row, cell)
  if (cell.state === 'notApplicable') return null
  const share = cell.value !== null && cell.target ? Math.min(1, cell.value / cell.target) : 0
  const width = cell.state === 'done' ? 1 : share
  return (
    <Link
      to={cell.href}
      className={`cell tone-${cell.state}${cell.span > 1 ? ' cell-wide' : ''}`}
      aria-label={label}
      title={label}
    >
      {cell.span > 1 && width > 0 && <span className="cell-share" style={{ width: `${width * 100}%` }} />}
      <StateGlyph state={cell.state} makeUp={cell.makeUp ?? false} size={18} />
      {cell.span > 2 && (
        <span className="cell-amount">
          {cell.value === null
            ? findingStateLabels[cell.state]
            : cell.span > 4
              ? amountText(cell.value, cell.target, cell.unit)
              : amountText(cell.value, cell.target, '').trim()}
        </span>
      )}
    </Link>
  )
}

/** What a screen reader hears in place of a strip. */
export function stripLabel(cells: { state: FindingState }[]): string {
  const counts = new Map<FindingState, number>()
  for (const cell of cells) counts.set(cell.state, (counts.get(cell.state) ?? 0) + 1)
  return Array.from(counts, ([state, count]) => `${findingStateLabels[state]} ${count}`).join('，')
}

function BoardCards({ label, weeks, today, rows }: BoardProps) {
  const holidays = weeks.flatMap((week, index) => (week.holiday === undefined ? [] : [index]))
  return (
    <div className="board-cards" role="region" aria-label={label}>
      <ul className="cards">
        {rows.map((row) => (
          <li key={row.key} className="card">
            <Link to={row.href} className="card-link">
              <span className="card-head">
                <span className="card-title">{row.title}</span>
                <span className="figure">{amountText(row.sum.value, row.sum.target, row.sum.unit)}</span>
              </span>
              <YearStrip
                weeks={weeks.length}
                cells={laidOut(row.cells, weeks.length).map((cell) => ({
                  from: cell.from,
                  span: cell.span,
                  state: cell.state,
                  ...(cell.makeUp === undefined ? {} : { makeUp: cell.makeUp }),
                  ...(cell.value !== null && cell.target
                    ? { share: Math.min(1, cell.value / cell.target) }
                    : {}),
                }))}
                holidays={holidays}
                today={today}
                label={stripLabel(row.cells)}
              />
              <span className="card-foot">
                <StateMark state={row.sum.state} />
                <span className="quiet">{keepDates(row.next ?? row.note ?? '')}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <StateLegend
        holidays={weeks.some((week) => week.holiday !== undefined)}
        makeUp={rows.some((row) => row.cells.some((cell) => cell.makeUp))}
      />
    </div>
  )
}
