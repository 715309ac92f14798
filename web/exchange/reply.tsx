import { Button } from 'antd'
import { useState } from 'react'
import { fileAddress } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { FileUpload } from '../kit/file-upload.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { momentText } from '../kit/words.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { exchange, exchangeFiles, type Reply, stale, type Topic } from './api.ts'
import { FormError, ReplyBox, Tool } from './parts.tsx'

type Mode = 'read' | 'answer' | 'edit' | 'hide' | 'files'

/** One reply with what may be done to it. */
export function ReplyItem({ topic, reply, select }: { topic: Topic; reply: Reply; select: () => void }) {
  const [mode, setMode] = useState<Mode>('read')
  const { abilities, id } = reply
  const back = () => setMode('read')
  const mark = useCommand(exchange.markAnswer, { invalidate: stale, success: '已标记' })
  const withdraw = useCommand(exchange.withdrawReply, { invalidate: stale, success: '已撤回' })
  const restore = useCommand(exchange.restoreReply, { invalidate: stale, success: '已恢复显示' })
  const hide = useCommand(exchange.hideReply, {
    invalidate: stale,
    success: '已收起，作者能看到原因',
    onSuccess: back,
  })
  if (reply.state === 'withdrawn')
    return (
      <li className="exchange-reply exchange-gone">
        <span className="quiet">{reply.authorName}撤回了一条回复</span>
      </li>
    )
  const isQuestion = topic.kind === 'question'
  return (
    <li className={`exchange-reply${reply.isAnswer ? ' exchange-answer' : ''}`}>
      <p className="exchange-who">
        <b>{reply.authorName}</b>
        {reply.parentName !== null && <span className="quiet">回复 {reply.parentName}</span>}
        <span className="quiet">
          {momentText(reply.createdAt)}
          {reply.edited && ' · 改过'}
        </span>
        {reply.isAnswer && <StateMark state="done" word="解答" />}
        {reply.selected && <span className="exchange-tag">精选</span>}
        {reply.isNew && <span className="exchange-new">新</span>}
      </p>
      {reply.state === 'hidden' && (
        <p className="quiet">这条回复已收起{reply.hiddenReason !== null && `：${reply.hiddenReason}`}</p>
      )}
      {mode === 'edit' ? (
        <EditReply reply={reply} done={back} />
      ) : (
        reply.body !== '' && <p className="pre-line">{reply.body}</p>
      )}
      {(reply.files > 0 || mode === 'files') && <Files reply={reply} adds={mode === 'files'} />}
      {mode === 'read' && (
        <div className="exchange-tools no-print">
          {topic.abilities.reply === null && reply.state === 'shown' && (
            <Tool onClick={() => setMode('answer')}>回复</Tool>
          )}
          {isQuestion && abilities.markAnswer === null && (
            <Tool onClick={() => void mark.run({ id: topic.id, replyId: reply.isAnswer ? null : id })}>
              {reply.isAnswer ? '取消解答标记' : topic.isMine ? '解答了我的问题' : '标为解答'}
            </Tool>
          )}
          {abilities.edit === null && <Tool onClick={() => setMode('edit')}>修改</Tool>}
          {abilities.edit === null && <Tool onClick={() => setMode('files')}>附件</Tool>}
          {abilities.withdraw === null && (
            <Tool onClick={() => void withdraw.run({ replyId: id })}>撤回</Tool>
          )}
          {abilities.select === null && <Tool onClick={select}>选为精选</Tool>}
          {abilities.hide === null &&
            (reply.state === 'hidden' ? (
              <Tool onClick={() => void restore.run({ replyId: id })}>恢复显示</Tool>
            ) : (
              <Tool onClick={() => setMode('hide')}>收起</Tool>
            ))}
        </div>
      )}
      {mode === 'answer' && <ReplyBox topic={topic} parentId={id} done={back} />}
      {mode === 'hide' && (
        <ReasonForm
          label="为什么收起"
          placeholder="例如：与研修无关"
          submit="收起"
          cancel="不收了"
          running={hide.running}
          onSubmit={(reason) => void hide.run({ replyId: id, reason })}
          onCancel={back}
        />
      )}
      {mode === 'files' && (
        <div className="exchange-tools">
          <Tool onClick={back}>好了</Tool>
        </div>
      )}
    </li>
  )
}

function Files({ reply, adds }: { reply: Reply; adds: boolean }) {
  const about = { room: 'exchange', id: reply.id }
  const files = useApi(exchangeFiles.listAttachments, about)
  const list = (
    <ul className="exchange-files">
      {files.data?.map((file) => (
        <li key={file.id}>
          <a href={fileAddress(exchangeFiles.getAttachment, { id: file.id })}>{file.name}</a>
        </li>
      ))}
    </ul>
  )
  return adds ? (
    <FileUpload
      call={exchangeFiles.uploadAttachment}
      input={about}
      label="选照片或文件，或拖到这里"
      multiple
      onUploaded={() => invalidate(['files', 'exchange'])}
    >
      {list}
    </FileUpload>
  ) : (
    list
  )
}

function EditReply({ reply, done }: { reply: Reply; done: () => void }) {
  const [text, setText] = useState(reply.body)
  const edit = useCommand(exchange.editReply, {
    inline: true,
    invalidate: stale,
    success: '已改好',
    onSuccess: done,
  })
  return (
    <form
      className="exchange-box"
      onSubmit={(event) => {
        event.preventDefault()
        void edit.run({ replyId: reply.id, body: text })
      }}
    >
      <GrowingText name="回复" rows={3} value={text} onChange={setText} />
      <FormError message={edit.error?.message} />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={edit.running} disabled={text.trim() === ''}>
          保存
        </Button>
        <Button onClick={done}>不改了</Button>
      </div>
    </form>
  )
}
