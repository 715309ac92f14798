import { Button } from 'antd'
import { useState } from 'react'
import {
  type AttributeName,
  attributeLabels,
  attributeNames,
  staffKindLabels,
  unitKindLabels,
} from '../../server/org/words.ts'
import { Link } from '../kit/link.tsx'
import { ErrorNotice, Facts, Notice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { type Answer, org } from './api.ts'
import { type PersonTask, PersonTaskForm } from './person-tasks.tsx'

export type Person = Answer<typeof org.getPerson>

/** A stored value as people read it. */
function valueText(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.join('、')
  if (name === 'staffKind') return staffKindLabels[value as 'teaching'] ?? String(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  return String(value)
}
const always = '1900-01-01'
const span = (row: { from: string; to: string | null }) =>
  row.from === always ? '' : row.to ? `${row.from} 至 ${row.to}` : `${row.from} 起`

/** Everything dated about one person, with what may be done. Changes open in place of the record. */
export function PersonRecord({ id }: { id: string }) {
  const query = useApi(org.getPerson, { personId: id })
  const [task, setTask] = useState<PersonTask | null>(null)
  const person = query.data
  if (!person) return query.error ? <ErrorNotice error={query.error} /> : <Skeleton rows={7} />
  if (task !== null) return <PersonTaskForm person={person} task={task} onDone={() => setTask(null)} />
  const mayEdit = person.abilities.edit === null
  const serves = person.leftOn === null
  const now = (row: { to: string | null }) => row.to === null
  const shown = attributeNames.filter((name) => person.attributes[name] !== undefined)
  const earlier = person.history.filter((one) => one.to !== null)
  return (
    <div className="person">
      <header className="record-head">
        <div>
          <h2 className="record-title">{person.name}</h2>
          <p className="quiet">
            工号 {person.staffNumber}
            {person.phone && ` · ${person.phone}`}
          </p>
        </div>
        {mayEdit ? (
          <Button onClick={() => setTask({ kind: 'edit' })}>改资料</Button>
        ) : (
          person.abilities.propose === null && (
            <Button onClick={() => setTask({ kind: 'propose' })}>提出更正</Button>
          )
        )}
      </header>
      {person.correction && <Waiting correction={person.correction} />}
      {!serves && (
        <Notice tone="rest">
          {person.service[0]?.reason}，{person.leftOn} 起不在本校；在校时做过的事都保留。
        </Notice>
      )}
      {shown.length > 0 && (
        <Facts
          items={shown.map((name: AttributeName) => ({
            label: attributeLabels[name],
            value: valueText(name, person.attributes[name]),
          }))}
        />
      )}
      <Part
        title="职务"
        action={mayEdit && serves && <Button onClick={() => setTask({ kind: 'appoint' })}>任命</Button>}
      >
        {person.posts.length === 0 && <p className="quiet">没有职务</p>}
        {person.posts.map((post) => (
          <li key={post.id} className="line-with-action">
            <span className={now(post) ? undefined : 'quiet'}>
              {post.title} <span className="quiet">{span(post)}</span>
            </span>
            {mayEdit && now(post) && (
              <Button
                type="link"
                aria-label={`免去${post.title}`}
                onClick={() => setTask({ kind: 'endPost', postId: post.id, title: post.title })}
              >
                免去
              </Button>
            )}
          </li>
        ))}
      </Part>
      <Part title="所在的组">
        {person.memberships.length === 0 && <p className="quiet">不在任何组</p>}
        {person.memberships.map((one) => (
          <li key={`${one.unitId}${one.from}`}>
            {now(one) ? <Link to={paths.settings.unit(one.unitId)}>{one.name}</Link> : one.name}{' '}
            <span className="quiet">
              {unitKindLabels[one.kind]} · {span(one)}
            </span>
          </li>
        ))}
      </Part>
      <Part
        title="在职和长假"
        action={
          mayEdit &&
          (serves ? (
            <>
              <Button onClick={() => setTask({ kind: 'absence' })}>登记长假</Button>
              {person.abilities.transfer === null && (
                <Button onClick={() => setTask({ kind: 'transfer' })}>调往他校</Button>
              )}
              <Button onClick={() => setTask({ kind: 'leave' })}>离职</Button>
            </>
          ) : (
            <Button onClick={() => setTask({ kind: 'return' })}>返校</Button>
          ))
        }
      >
        {person.service.map((one) => (
          <li key={one.id}>
            {span(one)} <span className="quiet">{one.reason}</span>
          </li>
        ))}
        {person.absences.map((one) => (
          <li key={one.id} className="line-with-action">
            <span>
              {one.label} <span className="quiet">{span(one)}</span>
              {one.note && <span className="quiet"> · {one.note}</span>}
            </span>
            {mayEdit && now(one) && (
              <Button
                type="link"
                onClick={() =>
                  setTask({ kind: 'endAbsence', absenceId: one.id, title: one.label, from: one.from })
                }
              >
                结束
              </Button>
            )}
          </li>
        ))}
      </Part>
      {person.transfers.map((transfer) => (
        <Transferred
          key={transfer.id}
          transfer={transfer}
          onWithdraw={() =>
            setTask({ kind: 'withdrawCarried', transferId: transfer.id, school: transfer.fromName })
          }
        />
      ))}
      {earlier.length > 0 && (
        <details className="record-former">
          <summary>资料的变化 {earlier.length} 次</summary>
          <ul className="plain-rows">
            {earlier.map((one) => (
              <li key={`${one.name}${one.from}`}>
                {one.label}：{valueText(one.name, one.value)} <span className="quiet">{span(one)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}

/** A correction that the person proposed: the office decides here, the person may take it back. */
function Waiting({ correction }: { correction: NonNullable<Person['correction']> }) {
  const { id: correctionId, abilities } = correction
  const [note, setNote] = useState<string | null>(null)
  const options = { invalidate: ['org', 'inbox', 'regime'] }
  const accept = useCommand(org.decideCorrection, { ...options, success: '资料已更正' })
  const decline = useCommand(org.decideCorrection, { ...options, success: '没有采纳，原因已记下' })
  const withdraw = useCommand(org.withdrawCorrection, { ...options, success: '已撤回' })
  return (
    <Notice tone="soon">
      <p>
        <b>{correction.personName}提出更正</b>
        {correction.note !== '' && `：${correction.note}`}
      </p>
      <ul className="plain-rows">
        {correction.changes.map((change) => (
          <li key={change.name}>
            {change.label}：<span className="quiet">{change.before}</span> → <b>{change.after}</b>
          </li>
        ))}
      </ul>
      {note === null ? (
        <div className="record-actions">
          {abilities.decide === null && (
            <>
              <Button
                type="primary"
                loading={accept.running}
                onClick={() => void accept.run({ correctionId, accept: true })}
              >
                采纳
              </Button>
              <Button onClick={() => setNote('')}>不采纳</Button>
            </>
          )}
          {abilities.withdraw === null && (
            <Button loading={withdraw.running} onClick={() => void withdraw.run({ correctionId })}>
              撤回
            </Button>
          )}
          {abilities.decide !== null && <span className="quiet">教导处核对以后生效。</span>}
        </div>
      ) : (
        <form
          className="record-actions"
          onSubmit={(event) => {
            event.preventDefault()
            void decline.run({ correctionId, accept: false, note })
          }}
        >
          <input
            className="native-input"
            aria-label="不采纳的原因"
            placeholder="不采纳的原因"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
          <Button htmlType="submit" loading={decline.running}>
            不采纳并说明
          </Button>
          <Button type="text" onClick={() => setNote(null)}>
            返回
          </Button>
        </form>
      )}
    </Notice>
  )
}

const figure = (value: number) => value.toLocaleString('zh-CN')

/** A transfer with the records that came along, or went along. */
function Transferred({
  transfer,
  onWithdraw,
}: {
  transfer: Person['transfers'][number]
  onWithdraw: () => void
}) {
  const compare = useCommand(org.compareCarried, {
    invalidate: ['org', 'regime'],
    success: ({ records, added, reversed }) =>
      added === 0 && reversed === 0
        ? `核对过了，${records} 条记录没有变化`
        : `核对过了：现有 ${records} 条，新转入 ${added} 条，冲回 ${reversed} 条`,
  })
  const { fromName, toName, withdrawnBecause, side, abilities } = transfer
  const received = side === 'in'
  return (
    <Part
      title={received ? `由${fromName}转来的记录` : `调往${toName}`}
      action={
        received &&
        abilities.compare === null && (
          <>
            <Button loading={compare.running} onClick={() => void compare.run({ transferId: transfer.id })}>
              {withdrawnBecause === null ? '再核对' : '重新转入'}
            </Button>
            {abilities.withdraw === null && <Button onClick={onWithdraw}>撤出</Button>}
          </>
        )
      }
    >
      <li className="quiet">
        {received
          ? withdrawnBecause === null
            ? `在${fromName}做到 ${transfer.lastDay}。下面的记录和在那里的年月一并计入年度和五年周期的学时、学分，不计入本校的学期任务；${fromName}更正了，这里每天跟着核对。`
            : `转来的记录已撤出：${withdrawnBecause}`
          : `在本校做到 ${transfer.lastDay}，当时有 ${transfer.carried} 条记录一起转去；本校的原记录不变。`}
        {transfer.note !== '' && ` 说明：${transfer.note}。`}
      </li>
      {transfer.kinds.map((kind) => (
        <li key={kind.label} className="line-with-action">
          <span>{kind.label}</span>
          <span>
            {figure(kind.records)} 条
            {kind.quantity !== kind.records && (
              <span className="quiet">
                {' '}
                共 {figure(kind.quantity)} {kind.unit}
              </span>
            )}
          </span>
        </li>
      ))}
    </Part>
  )
}

function Part({
  title,
  action,
  children,
}: {
  title: string
  action?: React.ReactNode
  children: React.ReactNode
}) {
  return (
    <section className="record-part">
      <div className="record-list-head">
        <h3>{title}</h3>
        <div className="record-actions">{action}</div>
      </div>
      <ul className="plain-rows">{children}</ul>
    </section>
  )
}
