import { Button, Input } from 'antd'
import { useState } from 'react'
import { useCommand } from '../kit/queries.ts'
import { Notice } from '../kit/page.tsx'
import { Writing, Written } from '../kit/writing.tsx'
import { type Design, design } from './api.ts'

interface Kept {
  base: number
  body: string
}
function readKept(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
  } catch {
    return null
  }
}

/**
 * Writing a version. What is typed stays on this device until it is saved; if a colleague saved meanwhile, both texts
 * are merged and looked through before saving again.
 */
export function DesignEditor({ view, done }: { view: Design; done: () => void }) {
  const key = `xiaoyan/design/${view.id}`
  const [kept] = useState(() => readKept(key))
  const [body, setBody] = useState(kept?.body ?? view.body)
  const [base, setBase] = useState(kept?.base ?? view.version)
  const [note, setNote] = useState('')
  const [turn, setTurn] = useState(0)
  const [theirs, setTheirs] = useState<{ body: string; name: string; clashes: number } | null>(null)
  const save = useCommand(design.saveDesign, {
    inline: true,
    invalidate: ['design', 'teaching'],
    success: ({ version }) => `第 ${version} 稿已保存`,
    onSuccess: () => {
      localStorage.removeItem(key)
      done()
    },
  })
  const change = (html: string, on = base) => {
    setBody(html)
    localStorage.setItem(key, JSON.stringify({ base: on, body: html }))
  }
  const conflict = save.error?.code === 'conflict' ? save.error.fields : null
  const merge = () => {
    if (!conflict) return
    const version = Number(conflict.version)
    setBase(version)
    change(conflict.merged ?? body, version)
    setTheirs({
      body: conflict.body ?? '',
      name: conflict.authorName ?? '',
      clashes: Number(conflict.clashes ?? 0),
    })
    setTurn((old) => old + 1)
    save.reset()
  }
  return (
    <div className="design-editor">
      {kept && turn === 0 && <Notice>这是您上次没有保存的文字。</Notice>}
      {theirs && (
        <Notice tone={theirs.clashes > 0 ? 'soon' : 'good'}>
          已把{theirs.name}的改动和您的合在一起
          {theirs.clashes > 0
            ? `，有 ${theirs.clashes} 处两人都改了，两种写法都留着，请删去不要的`
            : '，没有冲突'}
          。核对后再保存。
          <details>
            <summary>看{theirs.name}的稿子</summary>
            <Written html={theirs.body} />
          </details>
        </Notice>
      )}
      <Writing
        key={turn}
        label="教案"
        value={body}
        onChange={change}
        rows={14}
        placeholder="在这里写，或从 Word 粘贴"
      />
      <label>
        这一稿改了什么{' '}
        <Input
          value={note}
          maxLength={60}
          onChange={(event) => setNote(event.target.value)}
          placeholder="选填"
        />
      </label>
      {conflict && (
        <Notice
          tone="soon"
          action={
            <Button type="primary" onClick={merge}>
              合在一起看
            </Button>
          }
        >
          {save.error?.message}
        </Notice>
      )}
      {save.error && !conflict && (
        <p className="form-error" role="alert">
          {save.error.message}
        </p>
      )}
      <div className="design-actions">
        <Button
          type="primary"
          loading={save.running}
          onClick={() => void save.run({ id: view.id, base, body, note })}
        >
          存为第 {base + 1} 稿
        </Button>
        {view.version > 0 && <Button onClick={done}>先不存</Button>}
      </div>
    </div>
  )
}
