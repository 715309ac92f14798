import { Button, Input } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { changeLabels } from '../../server/notice/words.ts'
import { fileAddress } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { usePathParams } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayText, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Attachments } from '../work/attachments.tsx'
import { notice } from './api.ts'
import { DraftForm } from './draft-form.tsx'

export type View = Awaited<ReturnType<typeof notice.getNotice>>

/** One notice: to write it, to read and confirm it, or to see who has. */
export function NoticePage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(notice.getNotice, { id })
  const view = query.data
  return (
    <Page
      title={view === undefined ? '通知' : view.status === 'draft' ? '写通知' : view.title}
      back={{ to: paths.messages(view && !view.mine ? 'sent' : undefined), label: '消息' }}
      width="reading"
      query={query}
      sentence={standing}
    >
      {(data) =>
        data.status === 'draft' ? <DraftForm key={data.id} view={data} /> : <Reading view={data} />
      }
    </Page>
  )
}

function Reading({ view }: { view: View }) {
  const open = useCommand(notice.openNotice, { inline: true, invalidate: ['notice', 'message'] })
  const confirm = useCommand(notice.confirmNotice, {
    success: '已确认收到',
    invalidate: ['notice', 'message'],
  })
  const opened = useRef('')
  const key = `${view.id} ${view.version}`
  useEffect(() => {
    if (!view.mine?.isUnread || opened.current === key) return
    opened.current = key
    void open.run({ id: view.id })
  }, [view.mine?.isUnread, view.id, key, open])
  return (
    <>
      {view.status === 'withdrawn' && (
        <Notice tone="late">这条通知已经撤回，不再有效。原因：{view.withdrawnBecause}</Notice>
      )}
      {view.status !== 'withdrawn' && view.isCorrected && (
        <Notice tone="soon">这条通知有更正，下面是更正后的内容；原来的内容在页末。</Notice>
      )}
      <div className="sheet message-body">
        {view.body.split('\n').map((line, index) => (
          <p key={index}>{line === '' ? '\u00a0' : line}</p>
        ))}
        <Attachments room="notice" id={view.id} attachments={view.attachments} canChange={false} />
      </div>
      {view.mine && view.confirmByDay !== null && view.status !== 'withdrawn' && (
        <div className="message-confirm">
          {view.mine.confirmedAt ? (
            <span>
              <Icon name="check" size={18} /> 您已在 {momentText(view.mine.confirmedAt)} 确认收到。
            </span>
          ) : (
            <>
              <Button
                type="primary"
                size="large"
                loading={confirm.running}
                onClick={() => void confirm.run({ id: view.id })}
              >
                确认收到
              </Button>
              <span className="quiet">请在 {dayText(view.confirmByDay)} 前确认。</span>
            </>
          )}
        </div>
      )}
      {(view.receivers || view.schools) && <Readership view={view} />}
      <Changes view={view} />
    </>
  )
}

function Readership({ view }: { view: View }) {
  const remind = useCommand(notice.remindUnread, {
    success: ({ reminded }) => (reminded === 0 ? '已转各校提醒' : `已提醒 ${reminded} 人`),
  })
  const close = useCommand(notice.closeNotice, { success: ({ readShare }) => `已结束，记录为 ${readShare}%` })
  const [asking, setAsking] = useState<'correct' | 'withdraw' | null>(null)
  const [all, setAll] = useState(false)
  const counts = view.counts ?? { receivers: 0, read: 0, confirmed: 0 }
  const mustConfirm = view.confirmByDay !== null
  const done = mustConfirm ? counts.confirmed : counts.read
  const owing = (view.receivers ?? []).filter(
    (one) => (mustConfirm ? one.confirmedAt : one.openedAt) === null,
  )
  const shown = all ? (view.receivers ?? []) : owing
  const left = counts.receivers - done
  return (
    <Section
      title={mustConfirm ? '谁确认了' : '谁看过了'}
      sentence={
        <>
          {counts.receivers} 人中 {counts.read} 人看过{mustConfirm && `，${counts.confirmed} 人确认`}
          {left > 0 ? `，还有 ${left} 人${mustConfirm ? '没有确认' : '没有看'}。` : '。'}
          {view.readShare !== null && `统计已结束，记录为 ${view.readShare}%。`}
        </>
      }
      aside={
        <Button
          size="small"
          icon={<Icon name="download" size={16} />}
          href={fileAddress(notice.getReceiversFile, { id: view.id })}
        >
          导出
        </Button>
      }
    >
      <progress
        className="message-share"
        max={Math.max(1, counts.receivers)}
        value={done}
        aria-label="阅读情况"
      />
      {view.schools && (
        <ul className="message-people">
          {view.schools.map((one) => (
            <li key={one.id}>
              <b>{one.name}</b>
              <span className="quiet">
                {one.receivers === 0
                  ? '正在转发'
                  : `${one.receivers} 人，看过 ${one.read}${mustConfirm ? `，确认 ${one.confirmed}` : ''}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {view.receivers && (
        <>
          <ul className="message-people">
            {shown.map((one) => (
              <li key={one.personId}>
                <b>{one.name}</b>
                <span className="quiet">
                  {one.note !== '' && `${one.note} · `}
                  {one.confirmedAt
                    ? `确认于 ${momentText(one.confirmedAt)}`
                    : one.openedAt
                      ? `看过于 ${momentText(one.openedAt)}`
                      : '没有看'}
                  {one.remindedAt && ` · 提醒于 ${momentText(one.remindedAt)}`}
                </span>
              </li>
            ))}
          </ul>
          {view.receivers.length > owing.length && (
            <button type="button" className="as-link" onClick={() => setAll(!all)}>
              {all ? '只看还没有的人' : `看全部 ${view.receivers.length} 人`}
            </button>
          )}
        </>
      )}
      <div className="message-manage">
        {view.abilities.remind === null && left > 0 && (
          <Button type="primary" loading={remind.running} onClick={() => void remind.run({ id: view.id })}>
            提醒没有{mustConfirm ? '确认' : '看'}的人
          </Button>
        )}
        {view.abilities.correct === null && <Button onClick={() => setAsking('correct')}>更正</Button>}
        {view.abilities.withdraw === null && <Button onClick={() => setAsking('withdraw')}>撤回</Button>}
        {view.abilities.close === null && (
          <Button loading={close.running} onClick={() => void close.run({ id: view.id })}>
            结束统计
          </Button>
        )}
      </div>
      {asking && <ChangeForm key={asking} what={asking} view={view} onDone={() => setAsking(null)} />}
    </Section>
  )
}

function ChangeForm({
  what,
  view,
  onDone,
}: {
  what: 'correct' | 'withdraw'
  view: View
  onDone: () => void
}) {
  const [title, setTitle] = useState(view.title)
  const [body, setBody] = useState(view.body)
  const [because, setBecause] = useState('')
  const correct = useCommand(notice.correctNotice, { success: '已更正，大家会再收到', onSuccess: onDone })
  const withdraw = useCommand(notice.withdrawNotice, { success: '已撤回', onSuccess: onDone })
  return (
    <form
      className="message-change"
      onSubmit={(event) => {
        event.preventDefault()
        if (what === 'correct') void correct.run({ id: view.id, title, body, because })
        else void withdraw.run({ id: view.id, because })
      }}
    >
      {what === 'correct' && (
        <>
          <Input
            aria-label="标题"
            value={title}
            maxLength={80}
            onChange={(event) => setTitle(event.target.value)}
          />
          <Input.TextArea
            aria-label="正文"
            value={body}
            autoSize={{ minRows: 4, maxRows: 16 }}
            onChange={(event) => setBody(event.target.value)}
          />
        </>
      )}
      <Input
        placeholder={what === 'correct' ? '为什么更正' : '为什么撤回'}
        aria-label={what === 'correct' ? '更正的原因' : '撤回的原因'}
        value={because}
        maxLength={300}
        onChange={(event) => setBecause(event.target.value)}
      />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={correct.running || withdraw.running}>
          {what === 'correct' ? '发出更正' : '撤回通知'}
        </Button>
        <Button onClick={onDone}>不了</Button>
      </div>
    </form>
  )
}

function Changes({ view }: { view: View }) {
  if (view.changes.length < 2) return null
  return (
    <Section title="经过">
      <ul className="message-changes">
        {view.changes.map((one, index) => (
          <li key={index}>
            <span>
              {changeLabels[one.what]} · {one.byName} · <span className="quiet">{momentText(one.at)}</span>
              {one.because !== '' && <>，{one.because}</>}
            </span>
            {one.what === 'corrected' && (
              <details>
                <summary>原来的内容</summary>
                <p>
                  <b>{one.titleBefore}</b>
                </p>
                <p className="message-before">{one.bodyBefore}</p>
              </details>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

function standing(data: View) {
  return data.status === 'draft' ? (
    <>写好标题和正文，选接收人，就可以发出。</>
  ) : (
    <>
      {data.sender} · {data.kindLabel}
      {data.sentAt && ` · ${momentText(data.sentAt)}`} · 发给{data.audienceText}
    </>
  )
}
