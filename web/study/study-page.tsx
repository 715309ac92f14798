import { Button } from 'antd'
import { useId, useState } from 'react'
import { addDays } from '../../engine/days.ts'
import type { studyApi } from '../../server/study/contract.ts'
import { studyKindLabels, type StudyKind } from '../../server/study/words.ts'
import { useSession } from '../access/session.ts'
import { api } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { DateInput } from '../kit/form.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday } from '../kit/words.ts'
import { Owed } from '../work/owed.tsx'
import { ReasonForm } from '../work/reason-form.tsx'
import './study.css'

const study = api<typeof studyApi>('study')
type Answer = Awaited<ReturnType<typeof study.listMyStudy>>
type Entry = Answer['entries'][number]

interface Draft {
  day: string
  kind: StudyKind
  content: string
  minutes: string
  excerpt: string
}
const draftKey = (accountId: string) => `xiaoyan/draft/${accountId}/study`

function readDraft(accountId: string): Partial<Draft> {
  try {
    return JSON.parse(localStorage.getItem(draftKey(accountId)) ?? '{}') as Partial<Draft>
  } catch {
    return {}
  }
}

/** What I studied: one screen to enter it, the entries below. */
export function StudyPage() {
  const query = useApi(study.listMyStudy, {})
  return (
    <Page
      title="个人研修"
      width="reading"
      sentence={<Owed units={['学时']} open={1} />}
      query={query}
      skeleton="form"
    >
      {(data) => (
        <>
          <Entry data={data} />
          <Entries entries={data.entries} />
        </>
      )}
    </Page>
  )
}

const presets = ['45', '90', '135']

function Entry({ data }: { data: Answer }) {
  const session = useSession()
  const [kept] = useState(() => readDraft(session.account.id))
  const [draft, setDraft] = useState<Draft>({
    day: session.today,
    kind: data.lastKind,
    content: '',
    minutes: presets.includes(String(data.lastMinutes)) ? String(data.lastMinutes) : '45',
    excerpt: '',
    ...kept,
  })
  const ids = { content: useId(), minutes: useId(), excerpt: useId(), day: useId() }
  const clear = () => {
    localStorage.removeItem(draftKey(session.account.id))
    setDraft((now) => ({ ...now, content: '', excerpt: '', day: session.today }))
  }
  const log = useCommand(study.logStudy, {
    inline: true,
    invalidate: ['study', 'regime'],
    success: (_, input) => `已登记 ${input.minutes} 分钟`,
    onSuccess: clear,
  })
  function change(part: Partial<Draft>): void {
    const next = { ...draft, ...part }
    setDraft(next)
    log.reset()
    try {
      localStorage.setItem(draftKey(session.account.id), JSON.stringify(next))
    } catch {
      // Without storage the draft lives as long as the page.
    }
  }
  const send = (again: boolean) =>
    void log.run({
      studiedOn: draft.day,
      kind: draft.kind,
      content: draft.content,
      minutes: Number(draft.minutes),
      excerpt: draft.excerpt,
      again,
    })
  const yesterday = addDays(session.today, -1)
  const [otherDay, setOtherDay] = useState(draft.day !== session.today && draft.day !== yesterday)
  const error = (name: string) =>
    log.fieldErrors[name] === undefined ? null : (
      <span className="field-error" role="alert">
        {log.fieldErrors[name]}
      </span>
    )
  return (
    <form
      className="sheet study-entry"
      onSubmit={(event) => {
        event.preventDefault()
        send(false)
      }}
    >
      <fieldset className="chips">
        <legend className="visually-hidden">学习类别</legend>
        {(Object.keys(studyKindLabels) as StudyKind[]).map((kind) => (
          <label key={kind} className="chip">
            <input
              type="radio"
              name="study-kind"
              checked={draft.kind === kind}
              onChange={() => change({ kind })}
            />
            {studyKindLabels[kind]}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label className="field-label" htmlFor={ids.content}>
          学了什么
        </label>
        <input
          id={ids.content}
          className="native-input"
          value={draft.content}
          maxLength={300}
          autoComplete="off"
          placeholder="例如：读《义务教育数学课程标准》第三章"
          onChange={(event) => change({ content: event.target.value })}
        />
        {error('content')}
        {log.error?.code === 'duplicate' && (
          <Button size="small" className="study-again" onClick={() => send(true)}>
            确实又学了一次
          </Button>
        )}
      </div>
      <div className="study-row">
        <div className="field">
          <label className="field-label" htmlFor={ids.minutes}>
            时长（分钟）
          </label>
          <div className="study-minutes">
            {presets.map((preset) => (
              <button
                key={preset}
                type="button"
                className="chip"
                aria-pressed={draft.minutes === preset}
                onClick={() => change({ minutes: preset })}
              >
                {preset}
              </button>
            ))}
            <input
              id={ids.minutes}
              className="native-input"
              type="number"
              inputMode="numeric"
              min={1}
              max={720}
              value={draft.minutes}
              onChange={(event) => change({ minutes: event.target.value })}
            />
          </div>
          {error('minutes')}
        </div>
        <div className="field">
          <label className="field-label" {...(otherDay ? { htmlFor: ids.day } : {})}>
            哪一天
          </label>
          <div className="study-minutes">
            {[
              { day: session.today, word: '今天' },
              { day: yesterday, word: '昨天' },
            ].map((choice) => (
              <button
                key={choice.day}
                type="button"
                className="chip"
                aria-pressed={draft.day === choice.day}
                onClick={() => {
                  setOtherDay(false)
                  change({ day: choice.day })
                }}
              >
                {choice.word}
              </button>
            ))}
            {otherDay ? (
              <DateInput
                id={ids.day}
                value={draft.day}
                min={data.earliest}
                max={session.today}
                onChange={(day) => change({ day })}
              />
            ) : (
              <button type="button" className="chip" onClick={() => setOtherDay(true)}>
                别的日期
              </button>
            )}
          </div>
          {error('studiedOn')}
        </div>
      </div>
      <div className="field">
        <label className="field-label" htmlFor={ids.excerpt}>
          要点摘记
          <span className="optional">{draft.kind === 'theory' ? '理论学习请写' : '选填'}</span>
        </label>
        <GrowingText
          id={ids.excerpt}
          rows={3}
          value={draft.excerpt}
          onChange={(excerpt) => change({ excerpt })}
          placeholder="摘下一两条要点，注明出处"
        />
      </div>
      {log.error && Object.keys(log.fieldErrors).length === 0 && (
        <p className="form-error" role="alert">
          {log.error.message}
        </p>
      )}
      <div className="form-actions">
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={log.running}
          disabled={draft.content.trim() === ''}
        >
          登记
        </Button>
        <span className="quiet">
          {draft.content.trim() === '' ? '写了学习内容就可以登记' : '没登记前存在本机'}
        </span>
      </div>
    </form>
  )
}

function Entries({ entries }: { entries: Entry[] }) {
  const session = useSession()
  const [open, setOpen] = useState<string | null>(null)
  const withdraw = useCommand(study.withdrawStudy, {
    invalidate: ['study', 'regime'],
    success: '已撤销，不再计入',
    onSuccess: () => setOpen(null),
  })
  if (entries.length === 0)
    return <Empty title="还没有学习记录" sentence="在上面登记第一次学习，登记后当天就计入学时。" />
  const days = [...new Set(entries.map((entry) => entry.studiedOn))]
  return (
    <Section title="学习记录" plain>
      {days.map((day) => (
        <div key={day} className="study-day">
          <h3>{dayWithWeekday(day, session.today)}</h3>
          <ul>
            {entries
              .filter((entry) => entry.studiedOn === day)
              .map((entry) => (
                <li key={entry.id} className={entry.withdrawnAt === null ? undefined : 'withdrawn'}>
                  <div className="study-line">
                    <span className="study-minutes-done">{entry.minutes} 分钟</span>
                    <span className="study-content">
                      {entry.content}
                      <span className="quiet">
                        {studyKindLabels[entry.kind]}
                        {entry.withdrawnAt !== null && ` · 已撤销：${entry.withdrawnReason}`}
                      </span>
                      {entry.excerpt !== '' && <q className="study-excerpt">{entry.excerpt}</q>}
                    </span>
                    {entry.abilities.withdraw === null && open !== entry.id && (
                      <button type="button" className="tool-button" onClick={() => setOpen(entry.id)}>
                        撤销
                      </button>
                    )}
                  </div>
                  {open === entry.id && (
                    <ReasonForm
                      label="为什么撤销"
                      placeholder="例如：时长写错了，另登一条"
                      submit="撤销这条"
                      cancel="不撤销"
                      running={withdraw.running}
                      onSubmit={(reason) => void withdraw.run({ id: entry.id, reason })}
                      onCancel={() => setOpen(null)}
                    />
                  )}
                </li>
              ))}
          </ul>
        </div>
      ))}
    </Section>
  )
}
