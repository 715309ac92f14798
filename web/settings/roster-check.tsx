import '../kit/data-list.css'
import { Button } from 'antd'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { unitKindLabels } from '../../server/org/words.ts'
import { Icon } from '../kit/icons.tsx'
import { Notice } from '../kit/page.tsx'
import type { Preview } from './roster-page.tsx'

type Plan = NonNullable<Preview['plan']>
const step = 200

/** Draws long lists in parts, so that ten thousand rows do not stop the browser. */
function useParts<Row>(rows: Row[]): { shown: Row[]; more: ReactNode } {
  const [limit, setLimit] = useState(step)
  return {
    shown: rows.slice(0, limit),
    more: rows.length > limit && (
      <button type="button" className="more" onClick={() => setLimit(limit + 5 * step)}>
        再看一些，还有 {rows.length - limit} 行
      </button>
    ),
  }
}

/** All mistakes of the file at once, each with its place. */
export function RosterProblems({ preview, restart }: { preview: Preview; restart: () => void }) {
  const { shown, more } = useParts(preview.problems)
  const rows = new Set(preview.problems.map((problem) => problem.row)).size
  return (
    <>
      <Notice tone="late" action={<Button onClick={restart}>改好了，重新上传</Button>}>
        <b>
          “{preview.fileName}”有 {preview.problems.length} 处要改
        </b>
        <br />
        {rows > 1 ? `分布在 ${rows} 行。` : ''}请在 Excel 里照着改好再上传；现在一条也没有导入。
      </Notice>
      <div className="table-scroll">
        <table className="table roster-table roster-problems">
          <caption className="visually-hidden">花名册里的问题</caption>
          <thead>
            <tr>
              <th scope="col">行</th>
              <th scope="col">列</th>
              <th scope="col">现在的内容</th>
              <th scope="col">怎么改</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((problem, index) => (
              <tr key={index}>
                <td className="figure-line">{problem.row === null ? '整个文件' : `第 ${problem.row} 行`}</td>
                <td className="figure-line">
                  {[problem.column && `${problem.column} 列`, problem.columnTitle]
                    .filter(Boolean)
                    .join(' ') || '—'}
                </td>
                <td>
                  {problem.value === '' ? (
                    <span className="quiet">（空）</span>
                  ) : (
                    <code>{problem.value}</code>
                  )}
                </td>
                <td>{problem.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  )
}

type Tab = 'create' | 'update' | 'missing' | 'units'

/** What taking the file over would do: who is new, what changes from what to what, who is not in it. */
export function RosterPlanView({
  preview,
  plan,
  decisions,
  decide,
}: {
  preview: Preview
  plan: Plan
  decisions: Record<string, string>
  decide: (staffNumber: string, decision: string) => void
}) {
  const tabs: [Tab, string, number][] = [
    ['create', '新增', plan.create.length],
    ['update', '有变化', plan.update.length],
    ['units', '新建的组', plan.newUnits.length],
    ['missing', '名册里没有', plan.missing.length],
  ]
  const [tab, setTab] = useState<Tab>(tabs.find(([, , count]) => count > 0)?.[0] ?? 'create')
  const doubts = plan.create.filter((one) => one.maybeSameAs.length > 0)
  return (
    <>
      <Notice tone="good">
        <b>
          “{preview.fileName}”读完了，{preview.rows} 人，没有问题
        </b>
        <br />
        新增 {plan.create.length} 人，{plan.update.length} 人有变化，{plan.unchanged} 人不变，从{' '}
        {preview.from} 起。
        {preview.ignoredColumns.length > 0 && `没有读的列：${preview.ignoredColumns.join('、')}。`}
      </Notice>
      {doubts.length > 0 && <Doubts doubts={doubts} decisions={decisions} decide={decide} />}
      <nav className="tabs-line" aria-label="导入的内容">
        {tabs.map(([key, label, count]) => (
          <button
            key={key}
            type="button"
            aria-current={key === tab ? 'true' : undefined}
            disabled={count === 0}
            onClick={() => setTab(key)}
          >
            {label} <b>{count}</b>
          </button>
        ))}
      </nav>
      {tab === 'create' && <Created plan={plan} />}
      {tab === 'update' && <Updated plan={plan} />}
      {tab === 'units' && <Units plan={plan} />}
      {tab === 'missing' && <Missing plan={plan} />}
    </>
  )
}

function Doubts({
  doubts,
  decisions,
  decide,
}: {
  doubts: Plan['create']
  decisions: Record<string, string>
  decide: (staffNumber: string, decision: string) => void
}) {
  return (
    <section className="sheet doubts">
      <h2>先认一认这 {doubts.length} 人</h2>
      <p className="quiet">
        名册里的工号是新的，名字或工号却和系统里的人很像。选“同一个人”，就只换工号，不会多出一个人。
      </p>
      <ul className="plain-rows">
        {doubts.map((one) => (
          <li key={one.staffNumber} className="doubt">
            <span>
              第 {one.row} 行 <b>{one.name}</b> {one.staffNumber}
            </span>
            <span className="doubt-choices" role="radiogroup" aria-label={`${one.name}是谁`}>
              {[
                { value: 'new', label: '新来的人' },
                ...one.maybeSameAs.map((same) => ({
                  value: same.personId,
                  label: `就是 ${same.name}（原工号 ${same.staffNumber}）`,
                })),
              ].map((choice) => (
                <label key={choice.value}>
                  <input
                    type="radio"
                    name={`doubt-${one.staffNumber}`}
                    checked={decisions[one.staffNumber] === choice.value}
                    onChange={() => decide(one.staffNumber, choice.value)}
                  />
                  {choice.label}
                </label>
              ))}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Created({ plan }: { plan: Plan }) {
  const { shown, more } = useParts(plan.create)
  if (plan.create.length === 0) return <p className="quiet">没有新增的人。</p>
  return (
    <>
      <div className="table-scroll">
        <table className="table roster-table">
          <thead>
            <tr>
              <th scope="col">行</th>
              <th scope="col">工号</th>
              <th scope="col">姓名</th>
              <th scope="col">组</th>
              <th scope="col">职务</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.row}>
                <td>{one.row}</td>
                <td>{one.staffNumber}</td>
                <td>{one.name}</td>
                <td>{one.groups || '—'}</td>
                <td>{one.posts || '—'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  )
}

function Updated({ plan }: { plan: Plan }) {
  const { shown, more } = useParts(plan.update)
  return (
    <>
      <div className="table-scroll">
        <table className="table roster-table">
          <thead>
            <tr>
              <th scope="col">行</th>
              <th scope="col">工号</th>
              <th scope="col">姓名</th>
              <th scope="col">变化</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.row}>
                <td>{one.row}</td>
                <td>{one.staffNumber}</td>
                <td>{one.name}</td>
                <td>
                  {one.isReturning && <span className="change">返校</span>}
                  {one.changes.map((change) => (
                    <span key={change.label} className="change">
                      {change.label} <del>{change.before}</del>
                      <Icon name="chevronRight" size={14} />
                      <ins>{change.after}</ins>
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  )
}

function Units({ plan }: { plan: Plan }) {
  return (
    <ul className="plain-rows sheet">
      {plan.newUnits.map((unit) => (
        <li key={`${unit.kind}${unit.name}`}>
          <b>{unit.name}</b>{' '}
          <span className="quiet">
            {unitKindLabels[unit.kind]} · {unit.members} 人
          </span>
          {unit.similarTo !== null && (
            <p className="similar">
              <Icon name="alert" size={16} />
              已经有“{unit.similarTo}”；如果是同一个组，请在名册里写成一样的名字再上传。
            </p>
          )}
        </li>
      ))}
    </ul>
  )
}

function Missing({ plan }: { plan: Plan }) {
  const { shown, more } = useParts(plan.missing)
  return (
    <>
      <p className="quiet">这些人在系统里、不在名册里，导入后没有任何变化；确实离开的，请在“人员”里办理。</p>
      <ul className="name-cloud">
        {shown.map((person) => (
          <li key={person.personId}>
            {person.name} <span className="quiet">{person.staffNumber}</span>
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}
