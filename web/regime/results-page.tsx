import { useState } from 'react'
import type { ResultLine, ResultsPage as Data } from '../../server/regime/results-contract.ts'
import { fileAddress, type Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Empty, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText, rangeText } from '../kit/words.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { paths } from '../paths.ts'
import { results } from './api.ts'
import { RegimeNav } from './regime-nav.tsx'

/** Whose results: what the list is called, and how its members are counted. */
const kinds = [
  { key: 'people', label: '教师', unit: '人' },
  { key: 'groups', label: '小组', unit: '个组' },
  { key: 'school', label: '学校', unit: '所学校' },
] as const
type Kind = (typeof kinds)[number]

const isWaiting = (row: ResultLine) => row.latest === null || row.differs

/**
 * The results of a term or year, of people, groups and the school: confirmed once and kept with their explanation; later
 * corrections stand beside them.
 */
export function ResultsPage() {
  const [filters, setFilters] = useFilters({ span: '', of: 'people', show: '' })
  const query = useApi(results.listResults, filters.span === '' ? {} : { spanId: filters.span }, {
    keep: true,
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
        const span = page.spans.find((one) => one.id === page.spanId)
        const shown = kinds.filter((kind) => page[kind.key].length > 0)
        const kind = shown.find((one) => one.key === filters.of) ?? shown[0]
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
                  {shown.length > 1 && (
                    <div className="segments" role="group" aria-label="谁的结果">
                      {shown.map((one) => (
                        <button
                          key={one.key}
                          type="button"
                          aria-pressed={kind === one}
                          onClick={() => setFilters({ of: one.key })}
                        >
                          {one.label}
                          {one.key === 'school' ? '' : ` ${page[one.key].length}`}
                        </button>
                      ))}
                    </div>
                  )}
                  <a
                    className="tool-button"
                    download
                    href={fileAddress(results.getResultsFile, { spanId: span.id })}
                  >
                    <Icon name="download" size={18} />
                    导出
                  </a>
                </div>
                {kind === undefined ? (
                  <Empty title="没有人" sentence="这个学期没有在职的人。" />
                ) : (
                  <ResultList
                    key={`${span.id} ${kind.key}`}
                    page={page}
                    spanId={span.id}
                    kind={kind}
                    show={filters.show}
                    setShow={(show) => setFilters({ show })}
                  />
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

function ResultList({
  page,
  spanId,
  kind,
  show,
  setShow,
}: {
  page: Wire<Data>
  spanId: string
  kind: Kind
  show: string
  setShow: (show: string) => void
}) {
  const school = useSchool()
  const [remark, setRemark] = useState('')
  const confirm = useCommand(results.confirmResults, {
    success: (done) =>
      done.unchanged > 0
        ? `已确认 ${done.confirmed} ${kind.unit}，${done.unchanged} ${kind.unit}与上次确认的相同，没有另存。`
        : `已确认 ${done.confirmed} ${kind.unit}，连同依据一并留存。`,
    onSuccess: () => setRemark(''),
  })
  const all = page[kind.key]
  const waiting = all.filter(isWaiting)
  const rows = show === 'waiting' ? waiting : all
  // A teacher who sees the own line only has nothing to confirm.
  const confirms = page.abilities.confirm === null || all.length > 1
  return (
    <>
      {all.length > 1 && (
        <div className="tools">
          <div className="segments" role="group" aria-label="显示">
            <button type="button" aria-pressed={show === ''} onClick={() => setShow('')}>
              全部 {all.length}
            </button>
            <button type="button" aria-pressed={show === 'waiting'} onClick={() => setShow('waiting')}>
              待确认 {waiting.length}
            </button>
          </div>
        </div>
      )}
      {confirms && (
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
                spanId,
                subjects: waiting.map(({ subject }) => ({ kind: subject.kind, id: subject.id })),
                ...(remark === '' ? {} : { remark }),
              })
            }
          >
            {kind.key === 'school' ? '确认学校的结果' : `确认 ${waiting.length} ${kind.unit}的结果`}
          </DisabledBecause>
        </div>
      )}
      {rows.length === 0 ? (
        <Empty title="都已确认" sentence="确认以后没有更正。以后有更正的，会再列在这里。" />
      ) : (
        <ul className="result-list">
          {rows.map((row) => (
            <li key={row.subject.id} className="result-row">
              <Link to={inSchool(boardOf(row), school)}>{row.subject.name}</Link>
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
    </>
  )
}

function boardOf({ subject }: Wire<ResultLine>): string {
  if (subject.kind === 'person') return paths.boardPerson(subject.id)
  return subject.kind === 'unit' ? paths.boardGroup(subject.id) : paths.boardSchool()
}

function sentenceOf(page: Wire<Data>): string {
  const span = page.spans.find((one) => one.id === page.spanId)
  if (!span) return '按学期和学年确认结果，连同依据留存。'
  const parts = kinds.flatMap((kind) => {
    const rows = page[kind.key]
    if (rows.length === 0) return []
    const confirmed = rows.filter((row) => row.latest !== null).length
    if (kind.key === 'school') return [confirmed > 0 ? '学校已确认' : '学校还没有确认']
    return [`${kind.label} ${rows.length} ${kind.unit}，已确认 ${confirmed} ${kind.unit}`]
  })
  const differs = kinds.flatMap((kind) => page[kind.key]).filter((row) => row.differs).length
  return `${span.label}：${parts.join('；')}${differs > 0 ? `。其中 ${differs} 项确认后有更正` : ''}。`
}
