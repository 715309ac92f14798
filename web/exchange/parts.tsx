import { Button } from 'antd'
import { useState } from 'react'
import { GrowingText } from '../kit/autosave-text.tsx'
import { useCommand } from '../kit/queries.ts'
import { exchange, stale, type Topic } from './api.ts'

export function Tool({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <button type="button" className="tool-button" onClick={onClick}>
      {children}
    </button>
  )
}

export function FormError({ message }: { message: string | undefined }) {
  return message === undefined ? null : (
    <p className="form-error" role="alert">
      {message}
    </p>
  )
}

/** Says something; the draft stays on the device until it is sent. */
export function ReplyBox({
  topic,
  parentId = null,
  done,
}: {
  topic: Topic
  parentId?: string | null
  done?: () => void
}) {
  const key = `xiaoyan/draft/exchange/${topic.id}/${parentId ?? ''}`
  const [text, setText] = useState(() => readDraft(key))
  const reply = useCommand(exchange.reply, {
    inline: true,
    invalidate: stale,
    onSuccess: () => {
      keepDraft(key, '')
      setText('')
      done?.()
    },
  })
  return (
    <form
      className={parentId === null ? 'sheet exchange-box no-print' : 'exchange-box no-print'}
      onSubmit={(event) => {
        event.preventDefault()
        void reply.run({ id: topic.id, parentId, body: text })
      }}
    >
      <GrowingText
        name="回复"
        rows={parentId === null ? 3 : 2}
        value={text}
        placeholder={topic.kind === 'question' ? '说说您的办法' : '说说您的看法'}
        onChange={(next) => {
          reply.reset()
          setText(next)
          keepDraft(key, next)
        }}
      />
      <FormError message={reply.error?.message} />
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={reply.running} disabled={text.trim() === ''}>
          回复
        </Button>
        {done && <Button onClick={done}>取消</Button>}
      </div>
    </form>
  )
}

function readDraft(key: string): string {
  try {
    return localStorage.getItem(key) ?? ''
  } catch {
    return ''
  }
}
function keepDraft(key: string, text: string): void {
  try {
    if (text === '') localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Without storage the draft lives as long as the page.
  }
}
