import { Button } from 'antd'
import { useId } from 'react'
import type { WorkView } from '../../server/work/contract.ts'
import type { Wire } from '../kit/api.ts'
import { ConflictNotice, SaveNote, useAutosave } from '../kit/autosave.tsx'
import { GrowingText } from '../kit/autosave-text.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useGo } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { useVersioned } from '../kit/versioned.ts'
import { momentText } from '../kit/words.ts'
import { Writing } from '../kit/writing.tsx'
import { paths } from '../paths.ts'
import { work } from './api.ts'
import { Attachments } from './attachments.tsx'
import { charactersOf } from './count.ts'
import { Versions } from './versions.tsx'

interface Draft {
  title: string
  body: string
  parts: Record<string, string>
}

/** The writing page: title, text, the required parts as a quiet checklist; it saves itself. */
export function WriteWork({ view }: { view: Wire<WorkView> }) {
  const titleId = useId()
  const go = useGo()
  const versioned = useVersioned<Draft>({
    value: { title: view.title, body: view.body, parts: view.parts },
    version: view.draftVersion,
    send: (draft, version) => work.saveWork({ id: view.id, version, ...draft }),
    otherOf: (fields) => ({
      title: fields.title ?? '',
      body: fields.body ?? '',
      parts: JSON.parse(fields.parts ?? '{}') as Record<string, string>,
    }),
  })
  const draft = useAutosave({ storageKey: `work/${view.id}`, value: versioned.stored, save: versioned.save })
  const submit = useCommand(work.submitWork, {
    inline: true,
    invalidate: ['work', 'inbox', 'regime'],
    success: '已提交，等待审核',
    onSuccess: () => scrollTo({ top: 0 }),
  })
  const discard = useCommand(work.discardWork, {
    success: '草稿已删除',
    onSuccess: () => go(paths.works(), { replace: true }),
  })
  const { title, body, parts } = draft.value
  const set = (change: Partial<Draft>) => draft.change({ ...draft.value, ...change })
  const characters = charactersOf(body, parts)
  const checks = [
    { key: 'title', label: '标题', done: title.trim() !== '' },
    {
      key: 'length',
      label: `不少于 ${view.minimumCharacters} 字`,
      done: characters >= view.minimumCharacters,
    },
    ...view.form
      .filter((part) => part.required)
      .map((part) => ({ key: part.key, label: part.label, done: (parts[part.key] ?? '').trim() !== '' })),
  ]
  const remark = view.versions.find((version) => version.decision === 'returned')
  const open = checks.filter((check) => !check.done)

  return (
    <article className="page page-normal write-page">
      <header className="write-head">
        <Link to={paths.works()} className="page-back">
          <Icon name="chevronLeft" size={18} />
          写作
        </Link>
        <span className="write-kind">{view.kindLabel}</span>
        <SaveNote state={draft.state} />
      </header>
      <div className="write-grid">
        <div className="write-main">
          {draft.conflict && <ConflictNotice onTake={draft.conflict.take} />}
          {versioned.other && (
            <div className="notice notice-soon" role="alert">
              <Icon name="alert" />
              <div className="notice-body">
                <p>另一台设备在 {momentText(versioned.other.savedAt)} 保存了不同的文字，两份都还在。</p>
                <p className="quiet other-text">
                  {versioned.other.value.body.replace(/<[^>]*>/g, '').slice(0, 120)}
                </p>
              </div>
              <div className="notice-action">
                <button
                  type="button"
                  className="tool-button"
                  onClick={() => void versioned.take('mine', draft.flush)}
                >
                  用这里的
                </button>
                <button
                  type="button"
                  className="tool-button"
                  onClick={() => void versioned.take('other', draft.flush)}
                >
                  用那边的
                </button>
                <button
                  type="button"
                  className="tool-button"
                  onClick={() => {
                    const other = versioned.other?.value
                    set({ body: `${body}${other?.body ?? ''}`, parts: { ...other?.parts, ...parts } })
                    setTimeout(() => void versioned.take('mine', draft.flush))
                  }}
                >
                  两份接在一起
                </button>
              </div>
            </div>
          )}
          <label htmlFor={titleId} className="visually-hidden">
            标题
          </label>
          <input
            id={titleId}
            className="write-title"
            value={title}
            placeholder="标题"
            maxLength={120}
            autoComplete="off"
            aria-invalid={submit.fieldErrors.title !== undefined}
            onChange={(event) => set({ title: event.target.value })}
          />
          <Writing
            label="正文"
            placeholder="从一个片段写起……"
            rows={12}
            value={body}
            onChange={(html) => set({ body: html })}
          />
          {view.form.map((part) => (
            <WorkPartInput
              key={part.key}
              part={part}
              value={parts[part.key] ?? ''}
              error={submit.fieldErrors[`parts.${part.key}`]}
              onChange={(value) => set({ parts: { ...parts, [part.key]: value } })}
            />
          ))}
          <div className="write-files">
            <Attachments room="work" id={view.id} attachments={view.attachments} canChange />
          </div>
        </div>
        <aside className="write-margin">
          {remark && view.status === 'returned' && (
            <section className="margin-remark" aria-label="审核意见">
              <h2>请修改</h2>
              <p>{remark.remark}</p>
              <p className="quiet">
                {remark.decidedByName} · {remark.decidedAt && momentText(remark.decidedAt)}
              </p>
            </section>
          )}
          <ul className="write-checks" aria-label="提交前">
            {checks.map((check) => (
              <li key={check.key} className={check.done ? 'checked' : undefined}>
                <span className="check-box" aria-hidden="true">
                  {check.done && <Icon name="check" size={14} />}
                </span>
                {check.label}
                <span className="visually-hidden">{check.done ? '，已有' : '，还没有'}</span>
              </li>
            ))}
          </ul>
          <Versions versions={view.versions} />
          {view.abilities.discard === null && (
            <button
              type="button"
              className="tool-button discard"
              onClick={() => {
                if (title === '' && body === '') void discard.run({ id: view.id })
                else if (confirm('删除这篇草稿？删除后不能找回。')) void discard.run({ id: view.id })
              }}
            >
              <Icon name="trash" size={18} />
              删除草稿
            </button>
          )}
        </aside>
      </div>
      <footer className="write-bar">
        <span className="figure-line">
          <b className="figure">{characters}</b> 字
        </span>
        <span className="quiet write-missing">
          {submit.error ? (
            <span className="field-error">
              {submit.error.message}
              {submit.error.clause !== undefined && <span className="clause">{submit.error.clause}</span>}
            </span>
          ) : open.length > 0 ? (
            `还差：${open.map((check) => check.label).join('、')}`
          ) : (
            '可以提交了'
          )}
        </span>
        <Button
          type="primary"
          size="large"
          loading={submit.running}
          onClick={() => {
            void draft.flush().then((saved) => {
              if (saved) void submit.run({ id: view.id })
            })
          }}
        >
          提交
        </Button>
      </footer>
    </article>
  )
}

function WorkPartInput({
  part,
  value,
  error,
  onChange,
}: {
  part: WorkView['form'][number]
  value: string
  error: string | undefined
  onChange: (value: string) => void
}) {
  const id = useId()
  return (
    <section className="write-part">
      <h2>
        <label htmlFor={id}>{part.label}</label>
        {part.required && <span className="required">必填</span>}
        {part.clause !== null && <span className="clause">{part.clause}</span>}
      </h2>
      {part.hint !== '' && (
        <p className="quiet" id={`${id}-hint`}>
          {part.hint}
        </p>
      )}
      <GrowingText
        id={id}
        value={value}
        onChange={onChange}
        rows={3}
        invalid={error !== undefined}
        {...(part.hint === '' ? {} : { describedBy: `${id}-hint` })}
      />
      {error !== undefined && (
        <span className="field-error" role="alert">
          {error}
        </span>
      )}
    </section>
  )
}
