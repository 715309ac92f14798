import { Button } from 'antd'
import { useEffect, useState } from 'react'
import { followedLabels } from '../../server/lesson/words.ts'
import type { Followed } from '../../server/lesson/words.ts'
import { randomId } from '../kit/api.ts'
import { ConflictNotice, SaveNote, useAutosave } from '../kit/autosave.tsx'
import { GrowingText } from '../kit/autosave-text.tsx'
import { ChoiceChips, Chips } from '../kit/chips.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useGo } from '../kit/link.tsx'
import { Notice, Section } from '../kit/page.tsx'
import { invalidate, useCommand } from '../kit/queries.ts'
import { useOnline } from '../kit/screen.ts'
import { deliverParkedFiles } from '../kit/parked-files.ts'
import { SuggestInput } from '../kit/suggest-input.tsx'
import { notify } from '../kit/toast.tsx'
import { useVersioned } from '../kit/versioned.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'
import type { ObservationDetail } from './api.ts'
import { Photos, titleOf } from './photos.tsx'
import { isParked, type ObservationContent, parkObservation, unpark } from './parked.ts'
import { Rubric } from './rubric.tsx'

const followedWays = (Object.keys(followedLabels) as Followed[]).map((id) => ({
  id,
  label: followedLabels[id],
}))

/** After so many minutes nobody still writes in the lesson. */
const longestLesson = 100

function contentOf(view: ObservationDetail): ObservationContent {
  return {
    className: view.className,
    subject: view.subject,
    topic: view.topic,
    period: view.period,
    contentTags: view.contentTags,
    notes: view.notes,
    sheetId: view.sheet?.id ?? null,
    scores: view.scores,
    comment: view.comment,
    actionStep: view.actionStep,
    followed: view.followed,
  }
}

/** The minute of the lesson by the server's clock; null once it must be over. */
function useMinute(view: ObservationDetail): number | null {
  const [offset] = useState(() => Date.parse(view.readOn) - Date.now())
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const tick = setInterval(() => setNow(Date.now()), 5000)
    return () => clearInterval(tick)
  }, [])
  const minute = Math.max(0, Math.floor((now + offset - Date.parse(view.startedAt)) / 60_000)) + 1
  return minute > longestLesson ? null : minute
}

/** Writing in the classroom: timed notes, the sheet, a comment; kept on this phone until the server has it. */
export function WriteObservation({ view }: { view: ObservationDetail }) {
  const go = useGo()
  const online = useOnline()
  const minute = useMinute(view)
  const [parked, setParked] = useState(() => isParked(view.id))
  const [version, setVersion] = useState(view.draftVersion)
  const versioned = useVersioned<ObservationContent>({
    value: contentOf(view),
    version: view.draftVersion,
    send: async (value, on) => {
      const answer = await lesson.saveObservation({ id: view.id, version: on, ...value })
      setVersion(answer.version)
      return answer
    },
    otherOf: (fields) => JSON.parse(fields.content ?? '{}') as ObservationContent,
  })
  const draft = useAutosave<ObservationContent>({
    storageKey: `observation/${view.id}`,
    value: versioned.stored,
    save: versioned.save,
  })
  const { value } = draft
  // Another sheet is shown once the server has answered with it.
  const sheet = view.sheet?.id === value.sheetId ? view.sheet : null
  const change = (part: Partial<ObservationContent>) => {
    if (parked) {
      unpark(view.id)
      setParked(false)
    }
    draft.change({ ...value, ...part })
  }

  const submit = useCommand(lesson.submitObservation, {
    inline: true,
    invalidate: ['lesson', 'regime', 'home'],
    success: `已提交，${view.teacher.label}能看到您的意见`,
    onSuccess: () => go(paths.observation(view.id), { replace: true }),
  })
  const discard = useCommand(lesson.discardObservation, {
    success: '已删除草稿',
    onSuccess: () => go(paths.observations(), { replace: true }),
  })
  function park(): void {
    const content = { id: view.id, version, content: value, title: titleOf(view), at: Date.now() }
    if (parkObservation(content)) {
      setParked(true)
      notify('没有网络，已存在本机；连上网后自动提交。', { kind: 'success' })
    } else notify('没有网络，本机也存不下；请先不要关闭本页。', { kind: 'error' })
  }
  async function handIn(): Promise<void> {
    if (!navigator.onLine) return park()
    // Photos that waited for the network belong to what is handed in.
    await deliverParkedFiles()
    if (await draft.flush()) {
      await submit.run({ id: view.id })
      return
    }
    if (!navigator.onLine || draft.state.kind === 'offline') park()
  }

  const addNote = (text = '') =>
    change({ notes: [...value.notes, { id: randomId().slice(0, 8), minute, text }] })
  const setNote = (id: string, text: string) =>
    change({ notes: value.notes.map((note) => (note.id === id ? { ...note, text } : note)) })
  const last = value.notes.at(-1)

  return (
    <div className="observe">
      {draft.conflict && <ConflictNotice onTake={draft.conflict.take} />}
      {versioned.other && (
        <ConflictNotice
          onTake={(which) => void versioned.take(which === 'mine' ? 'mine' : 'other', draft.flush)}
        />
      )}
      {!online && !parked && (
        <Notice tone="rest">没有网络也能继续记，内容和照片先存在本机，连上后自动保存。</Notice>
      )}
      {parked && <Notice tone="soon">已存在本机，连上网后自动提交；要改直接改，改好再点提交。</Notice>}
      {view.earlier !== null && (
        <Section title="上次的改进要求">
          <p>
            {view.earlier.actionStep}
            <span className="quiet">
              {' '}
              {view.earlier.observerName} · {dayText(view.earlier.heldOn)}
            </span>
          </p>
          <Chips
            label="落实得怎样"
            options={followedWays}
            isChosen={(way) => value.followed === way}
            onTap={(followed) => change({ followed })}
          />
        </Section>
      )}

      <Section
        title="课堂记录"
        aside={<span className="quiet">{minute === null ? '课后补记' : `第 ${minute} 分钟`}</span>}
      >
        <ol className="lesson-notes">
          {value.notes.map((note) => (
            <li key={note.id}>
              <label className="lesson-minute">
                <input
                  type="number"
                  inputMode="numeric"
                  min={0}
                  max={240}
                  aria-label="第几分钟"
                  placeholder="课后"
                  value={note.minute ?? ''}
                  onChange={(event) => {
                    const typed =
                      event.target.value === ''
                        ? null
                        : Math.min(240, Math.max(0, Number(event.target.value)))
                    change({
                      notes: value.notes.map((one) => (one.id === note.id ? { ...one, minute: typed } : one)),
                    })
                  }}
                />
                分
              </label>
              <GrowingText
                name="这一笔"
                value={note.text}
                rows={1}
                onChange={(text) => setNote(note.id, text)}
                placeholder="写下看到的，或点下面的常用语"
              />
              <button
                type="button"
                className="icon-button"
                aria-label="删除这一笔"
                onClick={() => change({ notes: value.notes.filter((one) => one.id !== note.id) })}
              >
                <Icon name="close" size={18} />
              </button>
            </li>
          ))}
        </ol>
        <Button block size="large" type="primary" className="lesson-add" onClick={() => addNote()}>
          记一笔{minute === null ? '' : `（第 ${minute} 分钟）`}
        </Button>
        <div className="lesson-phrases" role="group" aria-label="常用语">
          {view.phrases.map((phrase) => (
            <button
              key={phrase}
              type="button"
              className="chip"
              // Into the note that was just begun, else into a new one of this minute.
              onClick={() => (last && last.text === '' ? setNote(last.id, phrase) : addNote(phrase))}
            >
              {phrase}
            </button>
          ))}
        </div>
      </Section>

      {sheet !== null && (
        <Section
          title={sheet.title}
          aside={
            view.sheets.length > 1 && (
              <ChoiceInput
                aria-label="换一张评课表"
                value={sheet.id}
                onChange={(sheetId) => {
                  change({ sheetId: sheetId === '' ? null : sheetId, scores: {} })
                  void draft.flush().then(() => invalidate([lesson.getObservation]))
                }}
                options={view.sheets.map((one) => ({ value: one.id, label: one.label }))}
              />
            )
          }
        >
          <Rubric sheet={sheet} scores={value.scores} onChange={(scores) => change({ scores })} />
        </Section>
      )}

      <Section title={view.dropIn ? '意见（当场写给教师）' : '评议与建议（教师能看到）'}>
        <GrowingText
          name="评议与建议"
          value={value.comment}
          rows={3}
          onChange={(comment) => change({ comment })}
          placeholder="先说一点好的，再说一点可以更好的"
        />
        <div className="lesson-field">
          <SuggestInput
            label="一条改进要求"
            value={value.actionStep}
            onChange={(actionStep) => change({ actionStep })}
            optional
            maxLength={500}
            placeholder="一件具体、下节课就能做的事"
          />
        </div>
      </Section>

      <Section title="照片与其他">
        <Photos id={view.id} canChange />
        {view.lessonId === null && (
          <div className="lesson-pair lesson-field">
            <SuggestInput
              label="班级"
              value={value.className}
              onChange={(className) => change({ className })}
              suggestions={view.classes}
              maxLength={20}
            />
            <SuggestInput
              label="课题"
              value={value.topic}
              onChange={(topic) => change({ topic })}
              maxLength={60}
              placeholder="例如：分数的意义"
            />
          </div>
        )}
        {view.tagChoices.length > 0 && (
          <details className="lesson-tags">
            <summary>
              内容标签{value.contentTags.length > 0 ? ` · 已选 ${value.contentTags.length}` : '（选填）'}
            </summary>
            <ChoiceChips
              label="内容标签"
              options={view.tagChoices}
              chosen={value.contentTags}
              onChange={(contentTags) => change({ contentTags })}
            />
          </details>
        )}
      </Section>

      <div className="observe-foot">
        <div className="observe-foot-state">
          <SaveNote state={draft.state} />
          {submit.error && (
            <span className="field-error" role="alert">
              {submit.error.message}
            </span>
          )}
        </div>
        {view.abilities.discard === null && (
          <Button loading={discard.running} onClick={() => void discard.run({ id: view.id })}>
            删除
          </Button>
        )}
        <Button
          type="primary"
          size="large"
          loading={submit.running}
          disabled={parked}
          onClick={() => void handIn()}
        >
          提交
        </Button>
      </div>
    </div>
  )
}
