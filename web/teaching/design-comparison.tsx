import { ChoiceInput } from '../kit/form.tsx'
import { useFilters } from '../kit/link.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { type Design, design } from './api.ts'

interface DiffRun {
  kind: 'same' | 'inserted' | 'deleted'
  text: string
}
function Runs({ runs }: { runs: DiffRun[] | null }) {
  return (runs ?? []).map((run, index) =>
    run.kind === 'inserted' ? (
      <ins key={index}>{run.text}</ins>
    ) : run.kind === 'deleted' ? (
      <del key={index}>{run.text}</del>
    ) : (
      <span key={index}>{run.text}</span>
    ),
  )
}

/** Two versions side by side; a personal version stands beside the shared design it came from. */
export function DesignComparison({ view }: { view: Design }) {
  const [filters, setFilters] = useFilters({ view: 'read', from: '', to: '' })
  const withParent = view.parent !== null && !filters.from
  const from = Number(filters.from || Math.max(1, view.version - 1))
  const to = Number(filters.to || view.version)
  const query = useApi(
    design.getComparison,
    withParent ? { id: view.id, to, withParent } : { id: view.id, from, to },
  )
  const versions = view.history.map((version) => ({
    value: String(version.number),
    label: `第 ${version.number} 稿 ${version.authorName ?? ''}`,
  }))
  return (
    <section className="sheet" aria-label="两稿对照">
      <div className="teaching-tools no-print">
        <ChoiceInput
          aria-label="左边"
          value={withParent ? 'parent' : String(from)}
          onChange={(value) => setFilters({ from: value === 'parent' ? undefined : value })}
          options={[...(view.parent ? [{ value: 'parent', label: '共同设计' }] : []), ...versions]}
        />
        <ChoiceInput
          aria-label="右边"
          value={String(to)}
          onChange={(value) => setFilters({ to: value })}
          options={versions}
        />
      </div>
      {query.data === undefined ? (
        query.error ? (
          <ErrorNotice error={query.error} retry={query.refetch} />
        ) : (
          <Skeleton shape="text" />
        )
      ) : (
        <>
          <p>
            新写 {query.data.inserted} 字，删去 {query.data.deleted} 字。<ins>下划线</ins>是新写的，
            <del>删除线</del>
            是去掉的。
          </p>
          <table className="design-compare">
            <thead>
              <tr>
                <th scope="col">{query.data.before}</th>
                <th scope="col">{query.data.after}</th>
              </tr>
            </thead>
            <tbody>
              {query.data.rows.map((row, index) => (
                <tr key={index}>
                  <td>
                    <Runs runs={row.before} />
                  </td>
                  <td>
                    <Runs runs={row.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </section>
  )
}
