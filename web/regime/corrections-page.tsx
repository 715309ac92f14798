import type { CorrectionRow, CorrectionsPage as Data } from '../../server/regime/results-contract.ts'
import { directionLabels } from '../../server/regime/words.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { DateInput } from '../kit/form.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { results } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

/** What became known late and changed periods that had ended: before, after, and the record that did it. */
export function CorrectionsPage() {
  const [filters, setFilters] = useFilters({ from: '' })
  const query = useApi(results.getCorrections, filters.from === '' ? {} : { from: filters.from }, {
    keep: true,
  })
  return (
    <Page
      title="更正"
      width="normal"
      query={query}
      skeleton="list"
      sentence={(page: Data) =>
        page.rows.length === 0
          ? `${dayText(page.from)}以来，没有补登或撤销的记录改变已经结束的时段。`
          : `${dayText(page.from)}以来，补登或撤销的记录使 ${page.rows.length} 项已经结束的结果发生变化。每项写明更正前后和引起变化的记录。`
      }
    >
      {(page: Data) => (
        <>
          <RegimeNav />
          <div className="tools tools-labelled">
            <label className="filter">
              <span className="filter-label">从哪天看起</span>
              <DateInput value={page.from} max={page.to} onChange={(from) => setFilters({ from })} />
            </label>
          </div>
          {page.rows.length === 0 ? (
            <Empty
              title="没有更正"
              sentence="记录都在当期登记，已经结束的时段没有变化。要看更早的，请把日期往前调。"
            />
          ) : (
            <Days rows={page.rows} />
          )}
        </>
      )}
    </Page>
  )
}

function Days({ rows }: { rows: CorrectionRow[] }) {
  const school = useSchool()
  const days = [...new Set(rows.map((row) => row.on))]
  return (
    <>
      {days.map((day) => (
        <section key={day} className="section">
          <header className="section-head">
            <h2>{dayText(day)}登记</h2>
          </header>
          <ul className="correction-list">
            {rows
              .filter((row) => row.on === day)
              .map((row) => (
                <li
                  key={`${row.subject.id} ${row.ruleId} ${row.minimumId} ${row.period.id}`}
                  className="correction"
                >
                  <p>
                    <b>{row.subject.name}</b> · {row.title} <span className="clause">{row.clause}</span> ·{' '}
                    {row.period.label}
                    <Link
                      className="why"
                      to={inSchool(
                        paths.trace({
                          rule: row.ruleId,
                          subjectKind: row.subject.kind,
                          subject: row.subject.id,
                          period: row.period.id,
                          minimum: row.minimumId,
                          regime: row.regimeId,
                        }),
                        school,
                      )}
                    >
                      为什么
                    </Link>
                  </p>
                  <dl className="before-after">
                    <div>
                      <dt>更正前</dt>
                      <dd>{row.old}</dd>
                    </div>
                    <div>
                      <dt>更正后</dt>
                      <dd>
                        <b>{row.new}</b> <span className="quiet">{directionLabels[row.direction]}</span>
                      </dd>
                    </div>
                    <div>
                      <dt>起因</dt>
                      <dd>
                        {row.causes.length === 0
                          ? '同一天登记的其他记录'
                          : row.causes
                              .slice(0, 4)
                              .map(
                                (cause) =>
                                  `${cause.byName ?? '系统'}${cause.reversed ? '撤销' : '补登'}${dayText(cause.on)}的“${cause.label}”`,
                              )
                              .join('；')}
                        {row.causes.length > 4 && `等 ${row.causes.length} 条`}
                      </dd>
                    </div>
                  </dl>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  )
}
