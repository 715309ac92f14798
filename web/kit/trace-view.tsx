import './trace.css'
import type { Trace, TraceFact } from '../../engine/types.ts'
import { Link } from './link.tsx'
import { Sentence } from './sentence.tsx'
import { StateMark } from './state-mark.tsx'
import { amountText, dayWithWeekday, numberText, rangeText } from './words.ts'

/** A fact of the trace together with the record that a person can open. */
export interface TraceRecord extends TraceFact {
  /** The record in words: 数学组第12周教研活动. */
  title: string
  /** What kind of fact: 参加活动. */
  kind: string
  /** Unit of `counted`. */
  unit: string
  /** The record's own page; absent where the reader may not open it. */
  href?: string
}

/** Answers "why?": one sentence, what counted, what did not and why, clause and formula, the regime's version. */
export function TraceView({
  trace,
  records,
  subject,
}: {
  trace: Trace
  records: TraceRecord[]
  subject?: string
}) {
  const { finding, rule, regime } = trace
  const counted = records.filter((record) => record.counted !== 0)
  const rejected = records.filter((record) => record.counted === 0)
  return (
    <div className="trace">
      <section className="trace-answer sheet">
        <p className="trace-about">
          {subject !== undefined && <span>{subject}</span>}
          <span>{rule.title}</span>
          <span>
            {finding.period.label}（{rangeText(finding.period.from, finding.period.to)}）
          </span>
        </p>
        <Sentence text={trace.sentence} />
        <p className="trace-result">
          <StateMark state={finding.state} />
          {finding.value !== null && (
            <span className="figure">{amountText(finding.value, finding.target, finding.unit)}</span>
          )}
          {finding.result !== null && <b>{finding.result}</b>}
          {finding.dueOn !== null && finding.state !== 'done' && (
            <span className="quiet">最迟 {dayWithWeekday(finding.dueOn)}</span>
          )}
        </p>
        {trace.exceptions.length > 0 && (
          <ul className="trace-exceptions">
            {trace.exceptions.map((exception) => (
              <li key={exception}>{exception}</li>
            ))}
          </ul>
        )}
      </section>

      <section className="section">
        <header className="section-head">
          <h2>算进去的记录</h2>
          <span className="quiet">{counted.length} 条</span>
        </header>
        {counted.length === 0 ? (
          <p className="quiet">还没有一条记录算进来。</p>
        ) : (
          <ul className="trace-records sheet">
            {counted.map((record) => (
              <RecordLine key={record.factId} record={record} />
            ))}
          </ul>
        )}
      </section>

      {rejected.length > 0 && (
        <section className="section">
          <header className="section-head">
            <h2>没有算进去的记录</h2>
            <span className="quiet">{rejected.length} 条</span>
          </header>
          <ul className="trace-records sheet">
            {rejected.map((record) => (
              <RecordLine key={record.factId} record={record} />
            ))}
          </ul>
        </section>
      )}

      <section className="section">
        <header className="section-head">
          <h2>依据与算法</h2>
        </header>
        <div className="sheet trace-clause">
          <blockquote>
            <p>{rule.text}</p>
            <footer>
              {rule.clause.document} {rule.clause.number}
            </footer>
          </blockquote>
          <p className="trace-formula">
            <span className="quiet">算法</span>
            <span>{trace.formula}</span>
          </p>
          {trace.inputs.length > 0 && (
            <dl className="facts">
              {trace.inputs.map((input) => (
                <div key={input.label}>
                  <dt>{input.label}</dt>
                  <dd>
                    {input.value}
                    {input.from !== undefined && <span className="quiet">（{input.from}）</span>}
                  </dd>
                </div>
              ))}
            </dl>
          )}
          <p className="quiet">
            《{regime.title}》第 {regime.version} 版 · 规则 {rule.id}
          </p>
        </div>
      </section>
    </div>
  )
}

function RecordLine({ record }: { record: TraceRecord }) {
  return (
    <li className={record.counted === 0 ? 'trace-record trace-record-out' : 'trace-record'}>
      <span className="trace-day">{dayWithWeekday(record.on)}</span>
      <span className="trace-what">
        {record.href === undefined ? (
          <span>{record.title}</span>
        ) : (
          <Link to={record.href}>{record.title}</Link>
        )}
        <span className="quiet">{record.kind}</span>
        {record.because !== null && <span className="trace-because">{record.because}</span>}
      </span>
      <span className="trace-counted figure">
        {record.counted === 0 ? '不计' : `${numberText(record.counted)} ${record.unit}`}
      </span>
    </li>
  )
}
