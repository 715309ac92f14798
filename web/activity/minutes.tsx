import { Button } from 'antd'
import { useEffect, useId, useState } from 'react'
import { compareTexts } from '../../server/kit/compare.ts'
import { ApiError } from '../kit/api.ts'
import { CharacterCount, GrowingText } from '../kit/autosave-text.tsx'
import { ConflictNotice, SaveNote, useAutosave } from '../kit/autosave.tsx'
import { Icon } from '../kit/icons.tsx'
import { activity } from './api.ts'
import type { ActivityDetail } from './api.ts'
import { createMinutesSaver, SectionChanged } from './minutes-saver.ts'
import type { MinutesSaver } from './minutes-saver.ts'

/** The minutes by section; every section saves itself, also when two people write at once. */
export function Minutes({ detail }: { detail: ActivityDetail }) {
  const [saver] = useState(() =>
    createMinutesSaver(
      detail.id,
      { version: detail.minutesVersion, texts: detail.minutesTexts },
      activity.saveMinutes,
    ),
  )
  return (
    <div className="minutes">
      {detail.minutesParts.map((part) => (
        <MinutesPart
          key={part.id}
          id={detail.id}
          part={part}
          text={detail.minutesTexts[part.id] ?? ''}
          saver={saver}
        />
      ))}
    </div>
  )
}

function MinutesPart({
  id,
  part,
  text,
  saver,
}: {
  id: string
  part: ActivityDetail['minutesParts'][number]
  text: string
  saver: MinutesSaver
}) {
  const inputId = useId()
  const [theirs, setTheirs] = useState<string | null>(null)
  const draft = useAutosave<string>({
    storageKey: `minutes/${id}/${part.id}`,
    value: text,
    async save(value) {
      try {
        await saver.save(part.id, value)
        setTheirs(null)
      } catch (problem) {
        if (!(problem instanceof SectionChanged)) throw problem
        setTheirs(problem.theirs)
        throw new ApiError(problem.message, { status: 409, code: 'minutesChanged' })
      }
    },
  })
  // While nothing of ours is waiting, what the server holds is what we build on.
  useEffect(() => {
    if (draft.value === text) saver.seen(part.id, text)
  }, [draft.value, text, saver, part.id])

  function settle(value: string): void {
    saver.seen(part.id, theirs ?? '')
    setTheirs(null)
    draft.change(value)
  }
  const isFilled = draft.value.trim() !== ''
  return (
    <section className="minutes-part">
      <label htmlFor={inputId} className="field-label">
        <span className={`minutes-tick${isFilled ? ' minutes-filled' : ''}`}>
          {isFilled && <Icon name="check" size={14} />}
          <span className="visually-hidden">{isFilled ? '已写' : '未写'}</span>
        </span>
        {part.label}
        {!part.required && <span className="optional">选填</span>}
        {part.clause !== undefined && <span className="clause">{part.clause}</span>}
      </label>
      {draft.conflict && <ConflictNotice onTake={draft.conflict.take} />}
      {theirs !== null && (
        <div className="minutes-theirs" role="alert">
          <p>
            另一位老师也改了这一段。<ins>下划线</ins>是对方写了、您没有的，<del>删除线</del>
            是您写了、对方没有的：
          </p>
          <blockquote>
            {compareTexts(draft.value, theirs).map((run, index) =>
              run.kind === 'inserted' ? (
                <ins key={index}>{run.text}</ins>
              ) : run.kind === 'deleted' ? (
                <del key={index}>{run.text}</del>
              ) : (
                <span key={index}>{run.text}</span>
              ),
            )}
          </blockquote>
          <div className="form-actions">
            <Button size="small" type="primary" onClick={() => settle(`${theirs}\n${draft.value}`.trim())}>
              两段合在一起
            </Button>
            <Button size="small" onClick={() => settle(draft.value)}>
              用我写的
            </Button>
            <Button size="small" onClick={() => settle(theirs)}>
              用对方的
            </Button>
          </div>
        </div>
      )}
      <GrowingText
        id={inputId}
        value={draft.value}
        onChange={draft.change}
        rows={3}
        placeholder={part.hint ?? ''}
      />
      <div className="text-foot">
        <CharacterCount text={draft.value} />
        <SaveNote state={draft.state} />
      </div>
    </section>
  )
}
