import { useState } from 'react'
import type { ResultsPage as Data } from '../../server/regime/results-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText, rangeText } from '../kit/words.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { paths } from '../paths.ts'
import { results } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

/** The results of a term or year: confirmed once and kept with their explanation; later corrections stand beside them. */
export function ResultsPage() {
  const school = useSchool()
  const [filters, setFilters] = useFilters({ span: '', show: '' })
  const query = useApi(results.listResults, filters.span === '' ? {} : { spanId: filters.span }, {
    keep: true,
  })
  const [remark, setRemark] = useState('')
  const confirm = useCommand(results.confirmResults, {
    success: (done) =>
      done.unchanged > 0
        ? `已确认 ${done.confirmed} 人，${done.unchanged} 人与上次确认的相同，没有另存。`
        : `已确认 ${done.confirmed} 人，连同依据一并留存。`,
  })
  return (
    <Page
      title="期末结果"
      width="normal"
      query={query}
      skeleton="list"
      sentence={(page: Wire<Data>) => sentenceOf(page)}
    >
      {(page: Wire<Data>) => {
        const waiting = page.rows.filter((row) => row.latest === null || row.differs)
        const rows = filters.show === 'waiting' ? waiting : page.rows
        const span = page.spans.find((one) => one.id === page.spanId)
        return (
          <>
            <RegimeNav />
            {span === undefined ? (
              <Empty title="校历中还没有学期" sentence="设置校历以后，这里按学期和学年确认结果。" />
            ) : (
              <>
                <div className="tools tools-labelled">
                  <label className="filter">
                    <span className="filter-label">学期、学年</span>
                    <select
                      className="native-select"
                      value={span.id}
                      onChange={(event) => setFilters({ span: event.target.value })}
                    >
                      {page.spans.map((one) => (
                        <option key={one.id} value={one.id}>
                          {one.label}
                        </option>
                      ))}
                    </select>
                  </label>
                  <div className="segments" role="group" aria-label="显示">
                    <button
                      type="button"
                      aria-pressed={filters.show === ''}
                      onClick={() => setFilters({ show: '' })}
                    >
                      全部 {page.rows.length}
                    </button>
                    <button
                      type="button"
                      aria-pressed={filters.show === 'waiting'}
                      onClick={() => setFilters({ show: 'waiting' })}
                    >
                      待确认 {waiting.length}
                    </button>
                  </div>
                </div>
                {page.rows.length > 1 && (
                  <div className="reason-row">
                    <input
                      className="native-input"
                      aria-label="确认时的说明"
                      placeholder="说明（选填），例如：经校务会通过"
                      value={remark}
                      onChange={(event) => setRemark(event.target.value)}
                    />
                    <DisabledBecause
                      type="primary"
                      reason={page.abilities.confirm ?? (waiting.length === 0 ? '都已确认' : null)}
                      loading={confirm.running}
                      onClick={() =>
                        void confirm.run({
                          spanId: span.id,
                          personIds: waiting.map((row) => row.subject.id),
                          ...(remark === '' ? {} : { remark }),
                        })
                      }
                    >
                      确认 {waiting.length} 人的结果
                    </DisabledBecause>
                  </div>
                )}
                {rows.length === 0 ? (
                  <Empty title="没有人" sentence="这个学期没有在职的人，或都已确认。" />
                ) : (
                  <ul className="result-list">
                    {rows.map((row) => (
                      <li key={row.subject.id} className="result-row">
                        <Link to={inSchool(paths.boardPerson(row.subject.id), school)}>
                          {row.subject.name}
                        </Link>
                        <span className="quiet">
                          {row.asked === 0
                            ? '没有要求'
                            : `${row.asked} 期要求，完成 ${row.done}${row.overdue > 0 ? `，逾期 ${row.overdue}` : ''}`}
                        </span>
                        <span>
                          {row.latest === null ? (
                            <span className="quiet">还没有确认</span>
                          ) : (
                            <Link to={inSchool(paths.regimeResult(row.latest.id), school)}>
                              第 {row.latest.sequence} 次，{row.latest.byName ?? '系统'}
                              {dayText(row.latest.on)}确认
                            </Link>
                          )}
                          {row.differs && <b className="rule-mark rule-mark-warn">确认后有更正</b>}
                        </span>
                      </li>
                    ))}
                  </ul>
                )}
                <p className="quiet">
                  {span.label}：{rangeText(span.from, span.to)}，从{dayText(span.mayConfirmFrom)}起可以确认。
                  确认的结果和依据不再改动；以后的更正另存一次，并列出差别。
                </p>
              </>
            )}
          </>
        )
      }}
    </Page>
  )
}

function sentenceOf(page: Wire<Data>): string {
  const span = page.spans.find((one) => one.id === page.spanId)
  if (!span) return '按学期和学年确认结果，连同依据留存。'
  const confirmed = page.rows.filter((row) => row.latest !== null).length
  const differs = page.rows.filter((row) => row.differs).length
  return `${span.label}共 ${page.rows.length} 人，已确认 ${confirmed} 人${differs > 0 ? `，其中 ${differs} 人确认后有更正` : ''}。`
}
