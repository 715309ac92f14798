import { Button } from 'antd'
import { useState } from 'react'
import type { WorkView } from '../../server/work/contract.ts'
import type { Wire } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { useSession } from '../access/session.ts'
import { Notice, Page } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, momentText } from '../kit/words.ts'
import { Written } from '../kit/writing.tsx'
import { paths } from '../paths.ts'
import { statusMarks, work } from './api.ts'
import { Attachments } from './attachments.tsx'
import { ReasonForm } from './reason-form.tsx'
import { Versions } from './versions.tsx'

/** The text of a work with its parts and files, as a reader sees it. */
export function WorkText({ view }: { view: Wire<WorkView> }) {
  return (
    <div className="work-text">
      <Written html={view.body} />
      {view.form
        .filter((part) => (view.parts[part.key] ?? '') !== '')
        .map((part) => (
          <section key={part.key} className="work-part">
            <h3>{part.label}</h3>
            {(view.parts[part.key] ?? '').split('\n').map((line, index) => (
              <p key={index}>{line}</p>
            ))}
          </section>
        ))}
      <Attachments room="work" id={view.id} attachments={view.attachments} canChange={false} />
    </div>
  )
}

/** A work to read: for its author once it is handed in, for reviewers with what they may do. */
export function ReadWork({ view }: { view: Wire<WorkView> }) {
  const session = useSession()
  const own = session.person.id === view.author.personId
  const withdraw = useCommand(work.withdrawWork, {
    invalidate: ['work', 'inbox'],
    success: '已撤回，可以继续修改',
  })
  return (
    <Page
      title={view.title}
      back={
        own
          ? { to: paths.works(), label: '写作' }
          : { to: `${paths.works()}?of=others`, label: '老师们的作品' }
      }
      sentence={
        <span className="work-head">
          {!own && <b>{view.author.name}</b>}
          <span>{view.kindLabel}</span>
          <span>{view.characters} 字</span>
          {view.countsOn !== null && <span>计入 {dayText(view.countsOn)}</span>}
          <StateMark {...statusMarks[view.status]} />
        </span>
      }
      actions={
        own && view.abilities.withdraw === null ? (
          <Button loading={withdraw.running} onClick={() => void withdraw.run({ id: view.id })}>
            撤回修改
          </Button>
        ) : undefined
      }
    >
      <div className="write-grid">
        <div className="write-main sheet work-sheet">
          <WorkText view={view} />
        </div>
        <aside className="write-margin">
          {view.status === 'accepted' && (
            <Notice tone="good">
              {view.decidedByName}
              {view.decidedAt !== null && `于 ${momentText(view.decidedAt)}`} 采纳
              {view.remark !== '' && `：${view.remark}`}
            </Notice>
          )}
          {own && view.status === 'submitted' && (
            <p className="quiet">
              {view.submittedAt !== null && momentText(view.submittedAt)}{' '}
              已提交，正在等待审核。采纳后计入要求，日期按首次提交算。
            </p>
          )}
          <ReviewBox view={view} />
          <Versions versions={view.versions} />
        </aside>
      </div>
    </Page>
  )
}

/** Pass, send back, take an acceptance back. */
function ReviewBox({ view }: { view: Wire<WorkView> }) {
  const [remark, setRemark] = useState('')
  const [returning, setReturning] = useState(false)
  const common = { invalidate: ['work', 'inbox', 'regime'], onSuccess: () => setReturning(false) }
  const accept = useCommand(work.acceptWork, { ...common, success: `已采纳《${view.title}》` })
  const back = useCommand(work.returnWork, { ...common, success: '已退回，原因已告诉作者' })
  const reverse = useCommand(work.reverseAcceptance, { ...common, success: '已取消采纳' })
  if (view.abilities.reverse === null) {
    return returning ? (
      <ReasonForm
        label="为什么取消采纳"
        placeholder="例如：与上一篇内容重复"
        submit="取消采纳并退回"
        running={reverse.running}
        onSubmit={(reason) => void reverse.run({ id: view.id, reason })}
        onCancel={() => setReturning(false)}
      />
    ) : (
      <button type="button" className="tool-button" onClick={() => setReturning(true)}>
        取消采纳…
      </button>
    )
  }
  if (view.abilities.review !== null) return null
  if (returning) {
    return (
      <ReasonForm
        label="退回的原因"
        placeholder="写清哪里要改，例如：请补充学生的反应和下次怎样改进"
        submit="退回并说明"
        running={back.running}
        onSubmit={(reason) => void back.run({ id: view.id, reason })}
        onCancel={() => setReturning(false)}
      />
    )
  }
  return (
    <section className="review-box" aria-label="审核">
      <label className="field-label" htmlFor={`remark-${view.id}`}>
        评语<span className="optional">选填</span>
      </label>
      <GrowingText
        id={`remark-${view.id}`}
        value={remark}
        onChange={setRemark}
        rows={2}
        placeholder="一句鼓励或建议"
      />
      <div className="form-actions">
        <Button
          type="primary"
          loading={accept.running}
          onClick={() => void accept.run({ id: view.id, remark })}
        >
          采纳
        </Button>
        <Button onClick={() => setReturning(true)}>退回…</Button>
      </div>
    </section>
  )
}
