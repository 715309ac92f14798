import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { labelsOf, type Numbering, numberingLabels } from '../../server/regulation/words.ts'
import { randomId } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useGo } from '../kit/link.tsx'
import { Notice } from '../kit/page.tsx'
import { useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { regulation, type View } from './api.ts'
import { splitClauses } from './split-clauses.ts'

interface Draft {
  kind: string
  title: string
  documentNumber: string
  numbering: Numbering
  note: string
  clauses: { id: string; kind: 'chapter' | 'clause'; text: string }[]
}

const newClause = (kind: 'chapter' | 'clause' = 'clause', text = '') => ({
  id: randomId().slice(0, 13),
  kind,
  text,
})

const draftOf = (view: View): Draft => ({
  kind: view.kind,
  title: view.title,
  documentNumber: view.documentNumber,
  numbering: view.numbering,
  note: view.note,
  clauses:
    view.text.length === 0 ? [newClause()] : view.text.map(({ id, kind, text }) => ({ id, kind, text })),
})

/** The text as a list of clauses; a whole regulation can be pasted from Word. */
export function WriteRegulation({ view }: { view: View }) {
  const go = useGo()
  const [draft, setDraft] = useState(() => draftOf(view))
  const [saved, setSaved] = useState(() => JSON.stringify(draftOf(view)))
  const [version, setVersion] = useState(view.draftVersion)
  const [pasting, setPasting] = useState(false)
  const isChanged = JSON.stringify(draft) !== saved
  const save = useCommand(regulation.saveDraft, { inline: true, success: '草稿已保存' })
  const change = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }))
  useEffect(() => {
    if (!isChanged) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isChanged])

  async function store(): Promise<boolean> {
    const sent = draft
    const clauses = sent.clauses.filter((clause) => clause.text.trim() !== '')
    const answer = await save.run({ id: view.id, draftVersion: version, ...sent, clauses })
    if (answer === undefined) return false
    setVersion(answer.draftVersion)
    setSaved(JSON.stringify(sent))
    return true
  }

  const labels = labelsOf(draft.clauses, draft.numbering)
  return (
    <div className="regulation-write">
      <div className="regulation-head">
        <label>
          <span className="field-label">名称</span>
          <Input
            value={draft.title}
            maxLength={80}
            onChange={(event) => change({ title: event.target.value })}
          />
        </label>
        <label>
          <span className="field-label">类别</span>
          <ChoiceInput
            value={draft.kind}
            onChange={(kind) => change({ kind })}
            options={view.kinds.map((kind) => ({ value: kind.id, label: kind.label }))}
          />
        </label>
        <label>
          <span className="field-label">条文编号</span>
          <ChoiceInput
            value={draft.numbering}
            onChange={(numbering) => change({ numbering: numbering as Numbering })}
            options={Object.entries(numberingLabels).map(([value, label]) => ({ value, label }))}
          />
        </label>
        <label>
          <span className="field-label">
            文号<span className="optional">选填，批准时自动编</span>
          </span>
          <Input
            value={draft.documentNumber}
            maxLength={40}
            onChange={(event) => change({ documentNumber: event.target.value })}
          />
        </label>
        <label className="regulation-head-wide">
          <span className="field-label">
            {view.version > 1 ? '修订说明' : '制定说明'}
            <span className="optional">选填</span>
          </span>
          <GrowingText
            value={draft.note}
            rows={2}
            placeholder={view.version > 1 ? '这次改了什么、为什么改' : '为什么制定、依据什么'}
            onChange={(note) => change({ note })}
          />
        </label>
      </div>
      {pasting ? (
        <PasteForm
          hasText={draft.clauses.some((clause) => clause.text.trim() !== '')}
          cancel={() => setPasting(false)}
          take={(split, replace) => {
            const pasted = split.clauses.map((clause) => newClause(clause.kind, clause.text))
            const kept = replace ? [] : draft.clauses.filter((clause) => clause.text.trim() !== '')
            change({
              clauses: [...kept, ...pasted],
              ...(replace ? { numbering: split.numbering } : {}),
              ...(draft.title === '' && split.title !== '' ? { title: split.title } : {}),
              ...(draft.note === '' && split.preamble !== '' ? { note: split.preamble } : {}),
            })
            setPasting(false)
          }}
        />
      ) : (
        <button type="button" className="tool-button" onClick={() => setPasting(true)}>
          <Icon name="document" size={18} />从 Word 粘贴整篇，自动分条
        </button>
      )}
      <ol className="clause-list">
        {draft.clauses.map((clause, index) => (
          <ClauseRow
            key={clause.id}
            label={labels[index] ?? ''}
            clause={clause}
            isFirst={index === 0}
            isLast={index === draft.clauses.length - 1}
            change={(part) =>
              change({
                clauses: draft.clauses.map((one) => (one.id === clause.id ? { ...one, ...part } : one)),
              })
            }
            add={() => change({ clauses: draft.clauses.toSpliced(index + 1, 0, newClause()) })}
            remove={() => change({ clauses: draft.clauses.filter((one) => one.id !== clause.id) })}
            move={(by) => {
              const rest = draft.clauses.toSpliced(index, 1)
              change({ clauses: rest.toSpliced(index + by, 0, clause) })
            }}
          />
        ))}
      </ol>
      <div className="clause-add">
        <button
          type="button"
          className="tool-button"
          onClick={() => change({ clauses: [...draft.clauses, newClause()] })}
        >
          <Icon name="plus" size={18} />
          增加一条
        </button>
        <button
          type="button"
          className="tool-button"
          onClick={() => change({ clauses: [...draft.clauses, newClause('chapter')] })}
        >
          <Icon name="plus" size={18} />
          增加一章
        </button>
      </div>
      {save.error && <Notice tone="late">{save.error.message}</Notice>}
      <div className="write-bar">
        <Button type="primary" loading={save.running} disabled={!isChanged} onClick={() => void store()}>
          保存草稿
        </Button>
        <Button
          onClick={() => {
            void (isChanged ? store() : Promise.resolve(true)).then((done) => {
              if (done) go(paths.regulation(view.id, view.version))
            })
          }}
        >
          {isChanged ? '保存并看全文' : '看全文'}
        </Button>
        <span className="quiet">{isChanged ? '有修改还没有保存' : '已全部保存'}</span>
      </div>
    </div>
  )
}

function ClauseRow({
  label,
  clause,
  isFirst,
  isLast,
  change,
  add,
  remove,
  move,
}: {
  label: string
  clause: Draft['clauses'][number]
  isFirst: boolean
  isLast: boolean
  change: (part: Partial<Draft['clauses'][number]>) => void
  add: () => void
  remove: () => void
  move: (by: -1 | 1) => void
}) {
  return (
    <li className={clause.kind === 'chapter' ? 'clause-row clause-row-chapter' : 'clause-row'}>
      <span className="clause-row-label">{label}</span>
      <GrowingText
        name={label}
        value={clause.text}
        rows={clause.kind === 'chapter' ? 1 : 2}
        placeholder={clause.kind === 'chapter' ? '章名' : '条文'}
        onChange={(text) => change({ text })}
      />
      <span className="clause-row-tools">
        <button
          type="button"
          className="icon-button"
          aria-label={`${label}上移`}
          disabled={isFirst}
          onClick={() => move(-1)}
        >
          <Icon name="sortUp" size={18} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`${label}下移`}
          disabled={isLast}
          onClick={() => move(1)}
        >
          <Icon name="sortDown" size={18} />
        </button>
        <button type="button" className="icon-button" aria-label={`在${label}后加一条`} onClick={add}>
          <Icon name="plus" size={18} />
        </button>
        <button type="button" className="icon-button" aria-label={`删除${label}`} onClick={remove}>
          <Icon name="trash" size={18} />
        </button>
      </span>
    </li>
  )
}

function PasteForm({
  hasText,
  take,
  cancel,
}: {
  hasText: boolean
  take: (split: ReturnType<typeof splitClauses>, replace: boolean) => void
  cancel: () => void
}) {
  const [text, setText] = useState('')
  const split = splitClauses(text)
  const clauses = split.clauses.filter((clause) => clause.kind === 'clause').length
  return (
    <section className="paste-form" aria-label="从 Word 粘贴">
      <GrowingText
        name="整篇制度"
        value={text}
        rows={8}
        placeholder="把整篇制度粘贴到这里。按“第一条”“一、”或“1.”分条；“第一章”成为章。"
        onChange={setText}
      />
      <div className="form-actions">
        <Button type="primary" disabled={clauses === 0} onClick={() => take(split, true)}>
          {hasText ? `替换为这 ${clauses} 条` : `分成 ${clauses} 条`}
        </Button>
        {hasText && (
          <Button disabled={clauses === 0} onClick={() => take(split, false)}>
            接在后面
          </Button>
        )}
        <Button onClick={cancel}>取消</Button>
        {clauses > 0 && (
          <span className="quiet">
            {split.clauses.length - clauses > 0 ? `${split.clauses.length - clauses} 章 ` : ''}
            {clauses} 条{split.title === '' ? '' : `，名称《${split.title}》`}
          </span>
        )}
      </div>
    </section>
  )
}
