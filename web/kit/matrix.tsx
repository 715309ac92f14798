import './data-list.css'
import './board.css'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { findingStateLabels } from '../../engine/types.ts'
import type { FindingState } from '../../engine/types.ts'
import { Bar } from './figures.tsx'
import { Icon } from './icons.tsx'
import { Link, useFilters } from './link.tsx'
import { usePhone } from './screen.ts'
import { StateLegend, StateMark } from './state-mark.tsx'
import { amountText } from './words.ts'

export interface MatrixColumn {
  key: string
  title: string
  unit: string
  /** Below the title: 每学期 10 篇. */
  note?: string
  href?: string
}

export interface MatrixCell {
  value: number | null
  target: number | null
  state: FindingState
  /** The trace, or the next picture down. */
  href: string
  /** In place of `7/10`: 83%. */
  text?: string
}

export interface MatrixRow {
  key: string
  title: string
  /** Beside the title: the leader, the number of people. */
  note?: string
  href: string
  cells: Record<string, MatrixCell>
}

export interface MatrixProps {
  label: string
  /** What a row is: 教师, 教研组, 学校. */
  rowTitle: string
  columns: MatrixColumn[]
  rows: MatrixRow[]
  exportHref?: string
  /** More controls beside the sorting. */
  tools?: ReactNode
}

const weight: Partial<Record<FindingState, number>> = {
  overdue: 100,
  dueSoon: 10,
  manual: 3,
  open: 2,
  partly: 1,
}

/** The more is overdue, then due soon, then missing, the earlier a row stands. */
export function needOf(row: MatrixRow): number {
  let need = 0
  for (const cell of Object.values(row.cells)) {
    need += weight[cell.state] ?? 0
    if (cell.target && cell.value !== null) need += 1 - Math.min(1, cell.value / cell.target)
  }
  return need
}

function shareOf(row: MatrixRow, column: string): number {
  const cell = row.cells[column]
  if (!cell || cell.state === 'notApplicable' || cell.state === 'excused') return 2
  return cell.target ? (cell.value ?? 0) / cell.target : cell.state === 'done' ? 1 : 0
}

function cellText(cell: MatrixCell, unit: string): string {
  return (
    cell.text ??
    (cell.value === null ? findingStateLabels[cell.state] : amountText(cell.value, cell.target, unit))
  )
}

/** Rows by columns of small bars with a target tick and the figure; who needs help stands first. */
export function Matrix(props: MatrixProps) {
  return usePhone() ? <MatrixCards {...props} /> : <MatrixTable {...props} />
}

function sorted(rows: MatrixRow[], by: string): MatrixRow[] {
  if (by === 'name') return [...rows].sort((a, b) => a.title.localeCompare(b.title, 'zh-CN'))
  if (by === 'need') return [...rows].sort((a, b) => needOf(b) - needOf(a))
  return [...rows].sort((a, b) => shareOf(a, by) - shareOf(b, by))
}

function MatrixTable({ label, rowTitle, columns, rows, exportHref, tools }: MatrixProps) {
  const [filters, setFilters] = useFilters({ sort: 'need' })
  const by = filters.sort
  return (
    <div className="matrix-frame">
      <div className="tools no-print">
        <fieldset className="segments">
          <legend className="visually-hidden">排列</legend>
          {[
            { value: 'need', word: '需要帮助的在前' },
            { value: 'name', word: `按${rowTitle}` },
          ].map((choice) => (
            <button
              key={choice.value}
              type="button"
              aria-pressed={by === choice.value}
              onClick={() => setFilters({ sort: choice.value })}
            >
              {choice.word}
            </button>
          ))}
        </fieldset>
        {tools}
        <span className="tools-space" />
        {exportHref !== undefined && (
          <a className="tool-button" href={exportHref} download>
            <Icon name="download" size={18} />
            导出
          </a>
        )}
        <button type="button" className="tool-button" onClick={() => print()}>
          <Icon name="print" size={18} />
          打印
        </button>
      </div>
      <div className="board-scroll" role="region" aria-label={label} tabIndex={0}>
        <table className="matrix">
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              <th scope="col" className="matrix-corner">
                {rowTitle}
              </th>
              {columns.map((column) => (
                <th key={column.key} scope="col" aria-sort={by === column.key ? 'ascending' : 'none'}>
                  <button
                    type="button"
                    onClick={() => setFilters({ sort: by === column.key ? 'need' : column.key })}
                  >
                    {column.title}
                    {by === column.key && <Icon name="sortUp" size={14} />}
                  </button>
                  {column.note !== undefined && <span className="quiet">{column.note}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted(rows, by).map((row) => (
              <tr key={row.key}>
                <th scope="row">
                  <Link to={row.href} className="matrix-row-link">
                    {row.title}
                  </Link>
                  {row.note !== undefined && <span className="quiet">{row.note}</span>}
                </th>
                {columns.map((column) => {
                  const cell = row.cells[column.key]
                  return (
                    <td key={column.key}>
                      {cell && (
                        <MatrixLink cell={cell} unit={column.unit} label={`${row.title} ${column.title}`} />
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <StateLegend />
    </div>
  )
}

function MatrixLink({ cell, unit, label }: { cell: MatrixCell; unit: string; label: string }) {
  const text = cellText(cell, unit)
  const flat = cell.state === 'notApplicable' || cell.state === 'excused'
  return (
    <Link to={cell.href} className={`matrix-cell tone-${cell.state}`}>
      <span className="visually-hidden">{label}</span>
      <span className="matrix-figure">
        <StateMark state={cell.state} quiet />
        <span className="figure">{text.replace(/ [^\d%]+$/, '')}</span>
      </span>
      {!flat && <Bar value={cell.value ?? 0} target={cell.target} state={cell.state} height={5} />}
    </Link>
  )
}

function MatrixCards({ label, rowTitle, columns, rows, exportHref, tools }: MatrixProps) {
  const [filters, setFilters] = useFilters({ sort: 'need', only: '' })
  const [all, setAll] = useState(false)
  const shown = sorted(rows, filters.sort).filter(
    (row) => filters.only === '' || Object.values(row.cells).some((cell) => cell.state === filters.only),
  )
  const limit = all ? shown.length : 30
  return (
    <div className="matrix-cards" role="region" aria-label={label}>
      <div className="tools">
        <label className="filter">
          <span className="filter-label">排列</span>
          <select
            className="native-select"
            value={filters.sort}
            onChange={(event) => setFilters({ sort: event.target.value })}
          >
            <option value="need">需要帮助的在前</option>
            <option value="name">按{rowTitle}</option>
            {columns.map((column) => (
              <option key={column.key} value={column.key}>
                {column.title}少的在前
              </option>
            ))}
          </select>
        </label>
        <label className="filter">
          <span className="filter-label">只看</span>
          <select
            className="native-select"
            value={filters.only}
            onChange={(event) => setFilters({ only: event.target.value })}
          >
            <option value="">全部</option>
            <option value="overdue">有逾期的</option>
            <option value="dueSoon">有即将到期的</option>
          </select>
        </label>
        {tools}
        {exportHref !== undefined && (
          <a className="tool-button" href={exportHref} download>
            <Icon name="download" size={18} />
            导出
          </a>
        )}
      </div>
      <ol className="cards">
        {shown.slice(0, limit).map((row) => (
          <MatrixCard key={row.key} row={row} columns={columns} lead={filters.sort} />
        ))}
      </ol>
      {shown.length === 0 && <p className="quiet">没有符合的{rowTitle}。</p>}
      {shown.length > limit && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          再看其余 {shown.length - limit} 个
        </button>
      )}
    </div>
  )
}

function MatrixCard({ row, columns, lead }: { row: MatrixRow; columns: MatrixColumn[]; lead: string }) {
  const count = (state: FindingState): number =>
    Object.values(row.cells).filter((cell) => cell.state === state).length
  const overdue = count('overdue')
  const soon = count('dueSoon')
  // The worst three first; the column that the list is sorted by always among them.
  const ranked = columns
    .flatMap((column) => {
      const cell = row.cells[column.key]
      return cell && cell.state !== 'notApplicable' ? [{ column, cell }] : []
    })
    .sort(
      (a, b) =>
        Number(b.column.key === lead) - Number(a.column.key === lead) ||
        (weight[b.cell.state] ?? 0) - (weight[a.cell.state] ?? 0) ||
        shareOf(row, a.column.key) - shareOf(row, b.column.key),
    )
  return (
    <li className="card">
      <div className="card-head">
        <Link to={row.href} className="card-title">
          {row.title}
        </Link>
        <span className="card-marks">
          {overdue > 0 && <StateMark state="overdue" word={`逾期 ${overdue} 项`} />}
          {soon > 0 && <StateMark state="dueSoon" word={`将到期 ${soon} 项`} />}
          {overdue + soon === 0 && <StateMark state="done" word="按计划" />}
        </span>
      </div>
      {row.note !== undefined && <p className="quiet">{row.note}</p>}
      <MiniBars items={ranked.slice(0, 3)} row={row} />
      {ranked.length > 3 && (
        <details className="card-more">
          <summary>其余 {ranked.length - 3} 项</summary>
          <MiniBars items={ranked.slice(3)} row={row} />
        </details>
      )}
    </li>
  )
}

function MiniBars({ items, row }: { items: { column: MatrixColumn; cell: MatrixCell }[]; row: MatrixRow }) {
  return (
    <ul className="mini-bars">
      {items.map(({ column, cell }) => (
        <li key={column.key}>
          <Link to={cell.href} className={`mini-bar tone-${cell.state}`}>
            <span className="visually-hidden">{row.title}</span>
            <span className="mini-title">{column.title}</span>
            <Bar value={cell.value ?? 0} target={cell.target} state={cell.state} height={6} />
            <span className="mini-figure">
              <StateMark state={cell.state} quiet />
              <span className="figure">{cellText(cell, column.unit)}</span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
