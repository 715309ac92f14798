import { Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { linkLabels, type LinkRoom } from '../../server/exchange/words.ts'
import { useSession } from '../access/session.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { Link, useFilters, usePathParams } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { exchange, stale, type Topic } from './api.ts'
import { FormError, ReplyBox, Tool } from './parts.tsx'
import { ReplyItem } from './reply.tsx'
import { SelectForm } from './select-form.tsx'
import './exchange.css'

const addressOfRecord: Record<LinkRoom, (id: string) => string> = {
  activity: paths.activity,
  lesson: paths.lesson,
  training: paths.training,
}

/** One topic with everything that was said; whoever asked marks what helped. */
export function TopicPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(exchange.getTopic, { id })
  const [selecting, setSelecting] = useState<{ source: 'topic' | 'reply'; id: string } | null>(null)
  useMarkRead(id, query.data !== undefined)
  const data = query.data
  return (
    <>
      <Page
        title={data?.title ?? '话题'}
        width="reading"
        back={{ to: paths.exchange(), label: '网上交流' }}
        query={query}
        skeleton="text"
        sentence={data && <Standing topic={data} />}
      >
        {(topic) => (
          <>
            {topic.hiddenReason !== null && <Notice tone="late">已收起：{topic.hiddenReason}</Notice>}
            <Opening topic={topic} select={() => setSelecting({ source: 'topic', id: topic.id })} />
            <h2 className="exchange-count">
              {topic.replyList.length === 0
                ? '还没有回复'
                : `${topic.replies} 条回复，${topic.people} 人参与`}
            </h2>
            <ol className="exchange-replies">
              {topic.replyList.map((reply) => (
                <ReplyItem
                  key={reply.id}
                  topic={topic}
                  reply={reply}
                  select={() => setSelecting({ source: 'reply', id: reply.id })}
                />
              ))}
            </ol>
            {topic.abilities.reply === null ? (
              <ReplyBox topic={topic} />
            ) : (
              <p className="quiet">{topic.abilities.reply}</p>
            )}
          </>
        )}
      </Page>
      <Drawer title="选为精选" open={selecting !== null} onClose={() => setSelecting(null)} destroyOnHidden>
        {selecting && data && (
          <SelectForm
            source={selecting.source}
            sourceId={selecting.id}
            title={data.title}
            workKinds={data.workKinds}
            done={() => setSelecting(null)}
          />
        )}
      </Drawer>
    </>
  )
}

function Standing({ topic }: { topic: Topic }) {
  return (
    <span className="exchange-sentence">
      {topic.kind === 'question' && (
        <StateMark state={topic.answered ? 'done' : 'open'} word={topic.answered ? '已解答' : '待解答'} />
      )}
      <span>
        {topic.authorName} · {topic.place} · {momentText(topic.createdAt)}
        {topic.edited && ' · 改过'}
        {topic.problemLabel !== '' && ` · ${topic.problemLabel}`}
        {topic.pinned && ' · 置顶'}
        {topic.closed && ' · 已结束'}
        {topic.selected && ' · 精选'}
      </span>
    </span>
  )
}

/** Opening a topic is reading it; what was new keeps its mark until the page is left. */
function useMarkRead(id: string, isShown: boolean): void {
  const { person } = useSession()
  const [{ school }] = useFilters({ school: '' })
  const may = isShown && person.id !== null && school === ''
  useEffect(() => {
    if (!may) return
    exchange
      .readTopic({ id })
      .then(() => invalidate([{ room: 'exchange', endpointName: 'listTopics' }, 'home']))
      .catch(() => undefined)
  }, [id, may])
}

function Opening({ topic, select }: { topic: Topic; select: () => void }) {
  const [mode, setMode] = useState<'read' | 'edit' | 'hide'>('read')
  const { abilities, id } = topic
  const pin = useCommand(exchange.pinTopic, { invalidate: stale })
  const close = useCommand(exchange.closeTopic, { invalidate: stale })
  const restore = useCommand(exchange.restoreTopic, { invalidate: stale, success: '已恢复显示' })
  const hide = useCommand(exchange.hideTopic, {
    invalidate: stale,
    success: '已收起，作者能看到原因',
    onSuccess: () => setMode('read'),
  })
  if (mode === 'edit') return <EditTopic topic={topic} done={() => setMode('read')} />
  return (
    <section className="sheet exchange-opening" aria-label="话题内容">
      {topic.body !== '' && <p className="pre-line">{topic.body}</p>}
      {topic.link && (
        <p>
          {linkLabels[topic.link.room]}：
          <Link to={addressOfRecord[topic.link.room](topic.link.id)}>{topic.link.title}</Link>
        </p>
      )}
      {topic.body === '' && !topic.link && <p className="quiet">没有写更多，直接说说您的看法。</p>}
      <div className="exchange-tools no-print">
        {abilities.edit === null && <Tool onClick={() => setMode('edit')}>修改</Tool>}
        {abilities.select === null && <Tool onClick={select}>选为精选</Tool>}
        {abilities.pin === null && (
          <Tool onClick={() => void pin.run({ id, pinned: !topic.pinned })}>
            {topic.pinned ? '取消置顶' : '置顶'}
          </Tool>
        )}
        {abilities.close === null && (
          <Tool onClick={() => void close.run({ id, closed: !topic.closed })}>
            {topic.closed ? '继续讨论' : '结束讨论'}
          </Tool>
        )}
        {abilities.hide === null &&
          (topic.hiddenReason === null ? (
            <Tool onClick={() => setMode('hide')}>收起</Tool>
          ) : (
            <Tool onClick={() => void restore.run({ id })}>恢复显示</Tool>
          ))}
      </div>
      {mode === 'hide' && (
        <ReasonForm
          label="为什么收起"
          placeholder="例如：与研修无关"
          submit="收起"
          cancel="不收了"
          running={hide.running}
          onSubmit={(reason) => void hide.run({ id, reason })}
          onCancel={() => setMode('read')}
        />
      )}
    </section>
  )
}

function EditTopic({ topic, done }: { topic: Topic; done: () => void }) {
  const [title, setTitle] = useState(topic.title)
  const [body, setBody] = useState(topic.body)
  const edit = useCommand(exchange.editTopic, {
    inline: true,
    invalidate: stale,
    success: '已改好',
    onSuccess: done,
  })
  return (
    <form
      className="sheet exchange-box"
      onSubmit={(event) => {
        event.preventDefault()
        void edit.run({ id: topic.id, title, body })
      }}
    >
      <input
        className="native-input"
        aria-label="标题"
        value={title}
        maxLength={80}
        onChange={(event) => setTitle(event.target.value)}
      />
      <GrowingText name="内容" value={body} onChange={setBody} />
      <FormError message={edit.error?.message} />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={edit.running}>
          保存
        </Button>
        <Button onClick={done}>不改了</Button>
      </div>
    </form>
  )
}
