import { Fragment, useState } from 'react'
import type { ResultDifference, ResultPage as Data } from '../../server/regime/results-contract.ts'
import { directionLabels } from '../../server/regime/words.ts'
import { fileAddress, type Wire } from '../kit/api.ts'
import { inSchool, useSchool } from '../board/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, usePathParams } from '../kit/link.tsx'
import { Facts, Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { results } from './api.ts'
import './regime.css'

/** One confirmed result as it was then, with what has been corrected since. */
export function ResultPage() {
  const school = useSchool()
  const { id } = usePathParams<'id'>()
  const query = useApi(results.getResult, { resultId: id })
  return (
    <Page
      title={query.data ? `${query.data.subject.name}：${query.data.span}结果` : '期末结果'}
      width="normal"
      query={query}
      skeleton="text"
      back={{ to: inSchool(paths.regimeResults(), school), label: '期末结果' }}
      sentence={(page: Wire<Data>) =>
        `第 ${page.sequence} 次确认，${page.byName ?? '系统'}于 ${page.on.slice(0, 4)}年${dayText(page.on)}确认，${page.rows.length} 项结果连同依据留存，不再改动。`
      }
    >
      {(page: Wire<Data>) => (
        <>
          <Facts
            items={[
              { label: '依据的制度', value: page.regimes.join('、') || '—' },
              ...(page.remark === null ? [] : [{ label: '说明', value: page.remark }]),
              { label: '校验码', value: <code>{page.digest.slice(0, 16)}</code> },
              {
                label: '历次确认',
                value: page.entries.map((entry, index) => (
                  <Fragment key={entry.id}>
                    {index > 0 && '；'}
                    {entry.id === page.id ? (
                      <b>
                        第 {entry.sequence} 次（{dayText(entry.on)}）
                      </b>
                    ) : (
                      <Link to={inSchool(paths.regimeResult(entry.id), school)}>
                        第 {entry.sequence} 次（{dayText(entry.on)}）
                      </Link>
                    )}
                  </Fragment>
                )),
              },
            ]}
          />
          {page.sinceBefore.length > 0 && (
            <Section title="与上一次确认的差别">
              <Differences rows={page.sinceBefore} />
            </Section>
          )}
          <div className="tools">
            <a
              className="tool-button"
              download
              href={fileAddress(results.getResultFile, { resultId: page.id })}
            >
              <Icon name="download" size={18} />
              导出 Excel
            </a>
          </div>
          <Section title="确认以后的更正">
            {page.sinceThen.length === 0 ? (
              <p className="quiet">到今天为止没有更正，按现有记录重算，结果相同。</p>
            ) : (
              <Differences rows={page.sinceThen} />
            )}
          </Section>
          <Section title="留存的结果和依据">
            <ul className="frozen-list">
              {page.rows.map((row) => (
                <Frozen key={row.key} row={row} />
              ))}
            </ul>
          </Section>
        </>
      )}
    </Page>
  )
}

function Differences({ rows }: { rows: ResultDifference[] }) {
  return (
    <ul className="correction-list">
      {rows.map((row) => (
        <li key={`${row.ruleId} ${row.period} ${row.new}`} className="correction">
          <p>
            <b>{row.title}</b> <span className="clause">{row.clause}</span> · {row.period}
          </p>
          <p>
            <s>{row.old}</s> → <b>{row.new}</b>{' '}
            <span className="quiet">{directionLabels[row.direction]}</span>
          </p>
        </li>
      ))}
    </ul>
  )
}

function Frozen({ row }: { row: Wire<Data>['rows'][number] }) {
  const [open, setOpen] = useState(false)
  const { trace } = row
  return (
    <li className="frozen">
      <button type="button" className="frozen-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span>
          {row.title} <span className="clause">{row.clause}</span>
        </span>
        <span className="quiet">{row.period}</span>
        <span className="figure">{row.figure}</span>
        <StateMark state={row.state} />
      </button>
      {open && (
        <div className="frozen-body">
          <p>{trace.sentence}</p>
          {trace.formula !== '' && <p className="quiet">算法：{trace.formula}</p>}
          {trace.facts.length > 0 && (
            <ul className="text-problems">
              {trace.facts.map((fact) => (
                <li key={fact.factId}>
                  {dayText(fact.on)}：{fact.because === null ? `计入 ${fact.counted}` : fact.because}
                </li>
              ))}
            </ul>
          )}
          <p className="quiet">
            {trace.rule.clause.document} {trace.rule.clause.number}：{trace.rule.text}
          </p>
        </div>
      )}
    </li>
  )
}
