import './data-list.css'
import { Button } from 'antd'
import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { Icon } from './icons.tsx'
import { Link, useFilters } from './link.tsx'
import { Menu } from './menu.tsx'
import { Empty, ErrorNotice, Skeleton } from './page.tsx'
import type { EmptyProps } from './page.tsx'
import type { ApiError } from './api.ts'
import { usePhone } from './screen.ts'

export interface ListColumn<Row> {
  key: string
  title: string
  render: (row: Row) => ReactNode
  /** Makes the head a button that sorts by this. */
  sortBy?: (row: Row) => string | number
  /** Figures stand at the right. */
  align?: 'start' | 'end'
  width?: string
  /** On a phone's card: its title, its mark at the right of the title, a line with label (default), or not at all. */
  phone?: 'title' | 'mark' | 'line' | 'hidden'
  /** Not shown until the person chooses it. */
  optional?: boolean
}

export interface ListFilter {
  /** Name in the address. */
  key: string
  label: string
  options: { value: string; label: string }[]
  /** What holds while the address says nothing; `''` is everything. */
  start?: string
  /** The word for everything; without it there is no such choice. */
  all?: string
}

export interface DataListProps<Row> {
  /** Names the list for screen readers and keeps its column choice: 研修活动. */
  label: string
  rows: Row[] | undefined
  error?: ApiError | null
  retry?: () => unknown
  rowKey: (row: Row) => string
  columns: ListColumn<Row>[]
  /** The record's page; the first column becomes its link. */
  href?: (row: Row) => string
  filters?: ListFilter[]
  /** Shows a search box that writes `?q=`; its placeholder says what can be found. */
  search?: string
  /** Address of the export of just what is shown. */
  exportHref?: string
  /** More controls beside the filters. */
  tools?: ReactNode
  empty: EmptyProps
  /** When filters leave nothing; a sentence. */
  emptyFiltered?: string
  /** Server paging: called for the next rows. */
  more?: (() => unknown) | null
  loadingMore?: boolean
  /** Total on the server, when it is more than what is here. */
  total?: number
  selection?: { selected: string[]; onChange: (selected: string[]) => void; actions: ReactNode }
  /** Rows drawn at first; the rest after a press. */
  pageSize?: number
}

function columnKey(label: string): string {
  return `xiaoyan/columns/${label}`
}
function readHidden<Row>(label: string, columns: ListColumn<Row>[]): string[] {
  try {
    const kept = localStorage.getItem(columnKey(label))
    if (kept !== null) return JSON.parse(kept) as string[]
  } catch {
    // Without storage the columns are as the page says.
  }
  return columns.filter((column) => column.optional).map((column) => column.key)
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'zh-CN')
}

/** A table on PCs, cards on phones; filters and order live in the address, the column choice on the device. */
export function DataList<Row>(props: DataListProps<Row>) {
  const { label, columns, rows, filters = [], pageSize = 100 } = props
  const phone = usePhone()
  const [address, setAddress] = useFilters()
  const [hidden, setHidden] = useState(() => readHidden(label, columns))
  const [limit, setLimit] = useState(pageSize)
  const sortKey = address.sort?.replace(/^-/, '')
  const descending = address.sort?.startsWith('-') ?? false
  const sorter = columns.find((column) => column.key === sortKey)?.sortBy
  const ordered =
    rows && sorter ? [...rows].sort((a, b) => compare(sorter(a), sorter(b)) * (descending ? -1 : 1)) : rows
  const shown = ordered?.slice(0, limit)
  const filtered =
    (address.q ?? '') !== '' ||
    filters.some((filter) => (address[filter.key] ?? filter.start ?? '') !== (filter.start ?? ''))
  const visible = columns.filter((column) => !hidden.includes(column.key))

  function toggle(key: string): void {
    const next = hidden.includes(key) ? hidden.filter((other) => other !== key) : [...hidden, key]
    setHidden(next)
    try {
      localStorage.setItem(columnKey(label), JSON.stringify(next))
    } catch {
      // The choice then holds until the page is left.
    }
  }
  function sort(key: string): void {
    setAddress({ sort: sortKey !== key ? key : descending ? undefined : `-${key}` })
  }

  return (
    <div className="list">
      <div className="tools no-print">
        {props.search !== undefined && <SearchBox placeholder={props.search} />}
        <FilterBar filters={filters} phone={phone} />
        {props.tools}
        <span className="tools-space" />
        {rows && rows.length > 0 && (
          <span className="quiet list-count" aria-live="polite">
            共 {props.total ?? rows.length} 条
          </span>
        )}
        {!phone && columns.length > 3 && (
          <Menu
            stayOpen
            className="tool-menu"
            button={
              <>
                <Icon name="columns" size={18} />
                选择列
              </>
            }
          >
            <fieldset className="menu-checks">
              <legend>显示的列</legend>
              {columns.slice(1).map((column) => (
                <label key={column.key}>
                  <input
                    type="checkbox"
                    checked={!hidden.includes(column.key)}
                    onChange={() => toggle(column.key)}
                  />
                  {column.title}
                </label>
              ))}
            </fieldset>
          </Menu>
        )}
        {props.exportHref !== undefined && (
          <a className="tool-button" href={props.exportHref} download>
            <Icon name="download" size={18} />
            导出
          </a>
        )}
        {!phone && (
          <button type="button" className="tool-button" onClick={() => print()}>
            <Icon name="print" size={18} />
            打印
          </button>
        )}
      </div>
      {props.selection && props.selection.selected.length > 0 && (
        <div className="list-chosen" role="status">
          已选 {props.selection.selected.length} 条{props.selection.actions}
          <button type="button" className="tool-button" onClick={() => props.selection?.onChange([])}>
            取消选择
          </button>
        </div>
      )}
      {props.error && rows === undefined ? (
        <ErrorNotice error={props.error} {...(props.retry ? { retry: props.retry } : {})} />
      ) : shown === undefined ? (
        <Skeleton shape={phone ? 'cards' : 'list'} rows={8} />
      ) : shown.length === 0 ? (
        filtered ? (
          <Empty
            title={props.emptyFiltered ?? '没有符合条件的记录。'}
            action={
              <Button
                onClick={() =>
                  setAddress({
                    q: undefined,
                    ...Object.fromEntries(filters.map((filter) => [filter.key, undefined])),
                  })
                }
              >
                清除条件
              </Button>
            }
          />
        ) : (
          <Empty {...props.empty} />
        )
      ) : phone ? (
        <Cards {...props} shown={shown} />
      ) : (
        <Table
          {...props}
          shown={shown}
          visible={visible}
          sortKey={sortKey}
          descending={descending}
          sort={sort}
        />
      )}
      {ordered && ordered.length > limit && (
        <button type="button" className="more" onClick={() => setLimit(limit + pageSize)}>
          再看 {Math.min(pageSize, ordered.length - limit)} 条，还有 {ordered.length - limit} 条
        </button>
      )}
      {ordered && ordered.length <= limit && props.more && (
        <Button className="more" loading={props.loadingMore ?? false} onClick={() => void props.more?.()}>
          再看一些
        </Button>
      )}
    </div>
  )
}

interface Drawn<Row> extends DataListProps<Row> {
  shown: Row[]
}

function Table<Row>({
  label,
  shown,
  visible,
  rowKey,
  href,
  selection,
  sortKey,
  descending,
  sort,
}: Drawn<Row> & {
  visible: ListColumn<Row>[]
  sortKey: string | undefined
  descending: boolean
  sort: (key: string) => void
}) {
  const keys = shown.map(rowKey)
  const all = selection !== undefined && keys.every((key) => selection.selected.includes(key))
  return (
    <div className="table-scroll">
      <table className="table">
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {selection && (
              <th scope="col" className="table-check no-print">
                <input
                  type="checkbox"
                  aria-label="选择全部"
                  checked={all}
                  onChange={() => selection.onChange(all ? [] : keys)}
                />
              </th>
            )}
            {visible.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.align === 'end' ? 'end' : undefined}
                style={column.width === undefined ? undefined : { width: column.width }}
                aria-sort={
                  column.sortBy === undefined
                    ? undefined
                    : sortKey !== column.key
                      ? 'none'
                      : descending
                        ? 'descending'
                        : 'ascending'
                }
              >
                {column.sortBy ? (
                  <button type="button" onClick={() => sort(column.key)}>
                    {column.title}
                    {sortKey === column.key && <Icon name={descending ? 'sortDown' : 'sortUp'} size={14} />}
                  </button>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row) => {
            const key = rowKey(row)
            return (
              <tr key={key}>
                {selection && (
                  <td className="table-check no-print">
                    <Check rowKey={key} selection={selection} />
                  </td>
                )}
                {visible.map((column, index) => (
                  <td key={column.key} className={column.align === 'end' ? 'end figure-line' : undefined}>
                    {index === 0 && href ? (
                      <Link to={href(row)} className="table-link">
                        {column.render(row)}
                      </Link>
                    ) : (
                      column.render(row)
                    )}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Check({
  rowKey,
  selection,
}: {
  rowKey: string
  selection: NonNullable<DataListProps<unknown>['selection']>
}) {
  const chosen = selection.selected.includes(rowKey)
  return (
    <input
      type="checkbox"
      aria-label="选择这一条"
      checked={chosen}
      onChange={() =>
        selection.onChange(
          chosen ? selection.selected.filter((other) => other !== rowKey) : [...selection.selected, rowKey],
        )
      }
    />
  )
}

function Cards<Row>({ label, shown, columns, rowKey, href, selection }: Drawn<Row>) {
  const title = columns.find((column) => column.phone === 'title') ?? columns[0]
  const marks = columns.filter((column) => column.phone === 'mark')
  const lines = columns.filter(
    (column) => column !== title && (column.phone ?? (column.optional ? 'hidden' : 'line')) === 'line',
  )
  return (
    <ul className="cards" aria-label={label}>
      {shown.map((row) => {
        const key = rowKey(row)
        const head = title?.render(row)
        return (
          <li key={key} className="card">
            <div className="card-head">
              {selection && <Check rowKey={key} selection={selection} />}
              {href ? (
                <Link to={href(row)} className="card-title card-cover">
                  {head}
                </Link>
              ) : (
                <span className="card-title">{head}</span>
              )}
              <span className="card-marks">
                {marks.map((column) => (
                  <span key={column.key}>{column.render(row)}</span>
                ))}
              </span>
            </div>
            <dl className="card-lines">
              {lines.map((column) => {
                const value = column.render(row)
                // A title without a word behind it says nothing.
                return value === '' || value === null ? null : (
                  <div key={column.key}>
                    <dt>{column.title}</dt>
                    <dd>{value}</dd>
                  </div>
                )
              })}
            </dl>
          </li>
        )
      })}
    </ul>
  )
}

/** Writes what is typed to `?q=` after a pause; waits while an input method is composing. */
export function SearchBox({ placeholder }: { placeholder: string }) {
  const [address, setAddress] = useFilters()
  const inAddress = address.q ?? ''
  const [text, setText] = useState(inAddress)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const written = useRef(inAddress)
  useEffect(() => {
    if (inAddress !== written.current) {
      written.current = inAddress
      setText(inAddress)
    }
  }, [inAddress])
  useEffect(() => () => clearTimeout(timer.current), [])
  function write(next: string): void {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      written.current = next
      setAddress({ q: next === '' ? undefined : next })
    }, 300)
  }
  return (
    <span className="search-box">
      <Icon name="search" size={18} />
      <input
        type="search"
        className="native-input"
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value)
          if (!(event.nativeEvent as InputEvent).isComposing) write(event.target.value)
        }}
        onCompositionEnd={(event) => write(event.currentTarget.value)}
      />
    </span>
  )
}

/** Filters as the device's own lists; behind one button on phones. */
export function FilterBar({ filters, phone }: { filters: ListFilter[]; phone: boolean }) {
  const id = useId()
  const [address, setAddress] = useFilters()
  if (filters.length === 0) return null
  const active = filters.filter(
    (filter) => (address[filter.key] ?? filter.start ?? '') !== (filter.start ?? ''),
  ).length
  const inputs = filters.map((filter) => (
    <label key={filter.key} className="filter" htmlFor={`${id}${filter.key}`}>
      <span className="filter-label">{filter.label}</span>
      <select
        id={`${id}${filter.key}`}
        className="native-select"
        value={address[filter.key] ?? filter.start ?? ''}
        onChange={(event) =>
          setAddress({
            [filter.key]: event.target.value === (filter.start ?? '') ? undefined : event.target.value,
          })
        }
      >
        {(filter.all !== undefined || filter.start === undefined) && (
          <option value="">{filter.all ?? '全部'}</option>
        )}
        {filter.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  ))
  if (!phone) return inputs
  return (
    <details className="filter-fold">
      <summary>
        <Icon name="filter" size={18} />
        筛选{active > 0 && <b className="count">{active}</b>}
      </summary>
      <div className="filter-fold-body">{inputs}</div>
    </details>
  )
}
