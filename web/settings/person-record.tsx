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
import { useApi } from '../kit/queries.ts'
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
        {mayEdit && <Button onClick={() => setTask({ kind: 'edit' })}>改资料</Button>}
      </header>
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
