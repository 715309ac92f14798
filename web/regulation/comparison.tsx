import { useFilters } from '../kit/link.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { regulation, type View } from './api.ts'

/** What this text changed, clause by clause; insertions underlined, deletions struck through. */
export function Comparison({ view }: { view: View }) {
  const { previous, consulted } = view.comparable
  const [filters, setFilters] = useFilters({ against: previous ? 'previous' : 'consulted', all: '' })
  const against =
    filters.against === 'consulted' && consulted ? 'consulted' : previous ? 'previous' : 'consulted'
  const query = useApi(regulation.getComparison, { id: view.id, version: view.version, against })
  if (query.data === undefined)
    return query.error ? <ErrorNotice error={query.error} retry={query.refetch} /> : <Skeleton shape="text" />
  const { before, after, lines } = query.data
  const changes = lines.filter((line) => line.change !== 'same')
  const count = (change: (typeof lines)[number]['change']) =>
    lines.filter((line) => line.change === change).length
  return (
    <section className="sheet" aria-label="修改对照">
      {previous && consulted && (
        <div className="segments" role="group" aria-label="对照哪一份">
          {[
            { value: 'previous', label: '与上一版' },
            { value: 'consulted', label: '与征求意见稿' },
          ].map((one) => (
            <button
              key={one.value}
              type="button"
              aria-pressed={against === one.value}
              onClick={() => setFilters({ against: one.value })}
            >
              {one.label}
            </button>
          ))}
        </div>
      )}
      <p>
        {after}与{before}相比：修改 {count('changed')} 条，新增 {count('inserted')} 条，删去{' '}
        {count('deleted')} 条。<ins>下划线</ins>是新写的，<del>删除线</del>是去掉的。
      </p>
      <label className="opinion-only">
        <input
          type="checkbox"
          checked={filters.all === '1'}
          onChange={(event) => setFilters({ all: event.target.checked ? '1' : undefined })}
        />
        也显示没有改动的条文
      </label>
      <ol className="comparison">
        {(filters.all === '1' ? lines : changes).map((line, index) => (
          <li key={index} className={`comparison-${line.change}`}>
            <b className="clause-label">
              {line.before !== null && line.after !== null && line.before !== line.after
                ? `${line.after}（原${line.before}）`
                : (line.after ?? line.before)}
            </b>
            {line.runs.map((run, place) =>
              run.kind === 'inserted' ? (
                <ins key={place}>{run.text}</ins>
              ) : run.kind === 'deleted' ? (
                <del key={place}>{run.text}</del>
              ) : (
                <span key={place}>{run.text}</span>
              ),
            )}
          </li>
        ))}
      </ol>
      {changes.length === 0 && <p className="quiet">条文没有改动。</p>}
    </section>
  )
}
