import { Button, Input, InputNumber } from 'antd'
import { useEffect, useState } from 'react'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { FormSections } from '../kit/form-sections.tsx'
import { usePathParams } from '../kit/link.tsx'
import { OtherDevice } from '../kit/other-device.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { useVersioned } from '../kit/versioned.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { ReasonForm } from '../work/reason-form.tsx'
import { secondsText, type Talk, talk, talkMarks } from './api.ts'
import { Likeness } from './likeness.tsx'
import { TalkText } from './talk-text.tsx'
import './teaching.css'

/** One talk about a lesson: the paper in its parts, the timer, the judges' sheet. */
export function TalkPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(talk.getTalk, { id })
  return (
    <Page
      title={query.data?.title ?? '说课'}
      back={{ to: paths.talks(), label: '说课' }}
      width="reading"
      query={query}
      sentence={
        query.data && (
          <>
            {query.data.personName} · {query.data.occasionLabel}{' '}
            <StateMark {...talkMarks[query.data.status]} />
          </>
        )
      }
    >
      {(view) => (
        <>
          {view.status === 'returned' && view.isMine && <Notice tone="soon">退回：{view.remark}</Notice>}
          {view.abilities.write === null ? <Write view={view} /> : <Paper view={view} />}
          {view.similarPercent !== null && view.status !== 'draft' && <Likeness view={view} />}
          {view.abilities.review === null && <Review view={view} />}
          {view.abilities.reverse === null && <Reverse view={view} />}
          {view.submittedOn !== null && <Timer view={view} />}
          {view.submittedOn !== null && <Scores view={view} />}
        </>
      )}
    </Page>
  )
}

function Write({ view }: { view: Talk }) {
  const versioned = useVersioned<Record<string, string>>({
    value: view.sections,
    version: view.version,
    send: (sections, version) => talk.saveTalk({ id: view.id, version, sections }),
    otherOf: (fields) => JSON.parse(fields.sections ?? '{}') as Record<string, string>,
  })
  const submit = useCommand(talk.submitTalk, {
    inline: true,
    success: ({ similarPercent }) => `已提交；与校内别人的文字最多相同 ${similarPercent}%`,
  })
  const submitBar = ({ flush }: { flush: () => Promise<boolean> }) => (
    <>
      <OtherDevice versioned={versioned} flush={flush} />
      {submit.error && (
        <p className="form-error" role="alert">
          {submit.error.message}
        </p>
      )}
      <Button
        type="primary"
        loading={submit.running}
        onClick={() => void flush().then((saved) => (saved ? submit.run({ id: view.id }) : undefined))}
      >
        提交说课稿
      </Button>
    </>
  )
  return (
    <FormSections
      sections={view.form.map((section) => ({
        key: section.key,
        title: section.label,
        required: section.required,
        hint: [section.hint, section.clause].filter(Boolean).join(' · '),
      }))}
      values={versioned.stored}
      storageKey={`talk/${view.id}`}
      save={versioned.save}
      fieldErrors={submit.fieldErrors}
      actions={submitBar}
    />
  )
}

function Paper({ view }: { view: Talk }) {
  return (
    <section className="sheet talk-paper" aria-label="说课稿">
      <TalkText view={view} />
    </section>
  )
}

function Review({ view }: { view: Talk }) {
  const [returning, setReturning] = useState(false)
  const [remark, setRemark] = useState('')
  const accept = useCommand(talk.acceptTalk, {
    inline: true,
    invalidate: ['talk', 'inbox', 'regime'],
    success: '已采纳',
  })
  const back = useCommand(talk.returnTalk, { success: '已退回', onSuccess: () => setReturning(false) })
  if (returning)
    return (
      <ReasonForm
        label="为什么退回"
        placeholder="例如：板书没有说明理由"
        submit="退回"
        running={back.running}
        onSubmit={(reason) => void back.run({ id: view.id, reason })}
        onCancel={() => setReturning(false)}
      />
    )
  return (
    <Section title="审核">
      <Input.TextArea
        aria-label="评语或理由"
        rows={2}
        maxLength={500}
        value={remark}
        onChange={(event) => setRemark(event.target.value)}
        placeholder="评语；相同较多而认定原创时写明理由"
      />
      {accept.error && (
        <p className="form-error" role="alert">
          {accept.error.message}
        </p>
      )}
      <div className="design-actions">
        <Button
          type="primary"
          loading={accept.running}
          onClick={() => void accept.run({ id: view.id, original: true, remark })}
        >
          采纳，是原创
        </Button>
        <Button onClick={() => void accept.run({ id: view.id, original: false, remark })}>
          采纳，不是原创
        </Button>
        <Button onClick={() => setReturning(true)}>退回并说明</Button>
      </div>
    </Section>
  )
}

function Reverse({ view }: { view: Talk }) {
  const [asking, setAsking] = useState(false)
  const back = useCommand(talk.returnTalk, { success: '已取消采纳', onSuccess: () => setAsking(false) })
  if (!asking)
    return (
      <button type="button" className="tool-button no-print" onClick={() => setAsking(true)}>
        取消采纳…
      </button>
    )
  return (
    <ReasonForm
      label="为什么取消采纳"
      placeholder="例如：发现与他人说课稿相同"
      submit="取消采纳"
      cancel="不取消"
      running={back.running}
      onSubmit={(reason) => void back.run({ id: view.id, reason })}
      onCancel={() => setAsking(false)}
    />
  )
}

/** Counts up on the phone; what it shows at the end is registered. A page that is left goes on counting. */
function Timer({ view }: { view: Talk }) {
  const key = `xiaoyan/timer/${view.id}`
  const [startedAt, setStartedAt] = useState<number | null>(() => Number(localStorage.getItem(key)) || null)
  const [seconds, setSeconds] = useState(0)
  const time = useCommand(talk.timeTalk, {
    success: ({ over }) => (over ? '已登记，超过限时' : '已登记用时'),
    onSuccess: () => {
      localStorage.removeItem(key)
      setStartedAt(null)
    },
  })
  useEffect(() => {
    if (startedAt === null) return
    const tick = () => setSeconds(Math.max(0, Math.round((Date.now() - startedAt) / 1000)))
    tick()
    const timer = setInterval(tick, 500)
    return () => clearInterval(timer)
  }, [startedAt])
  const limit = view.limitMinutes * 60
  const shown = startedAt === null ? view.seconds : seconds
  return (
    <Section title={`计时（限 ${view.limitMinutes} 分钟）`}>
      <div className="talk-timer">
        <span className={`talk-clock${(shown ?? 0) > limit ? ' talk-over' : ''}`} role="timer">
          {shown === null ? '未计时' : secondsText(shown)}
          {(shown ?? 0) > limit && '（超时）'}
        </span>
        {view.spokenOn !== null && startedAt === null && (
          <span className="quiet">{dayText(view.spokenOn)}说课</span>
        )}
        {startedAt === null ? (
          <DisabledBecause
            type="primary"
            reason={view.abilities.time}
            onClick={() => {
              const now = Date.now()
              localStorage.setItem(key, String(now))
              setStartedAt(now)
            }}
          >
            {view.seconds === null ? '开始计时' : '重新计时'}
          </DisabledBecause>
        ) : (
          <>
            <Button
              type="primary"
              loading={time.running}
              onClick={() => void time.run({ id: view.id, seconds: Math.max(1, seconds) })}
            >
              停止并登记
            </Button>
            <Button
              onClick={() => {
                localStorage.removeItem(key)
                setStartedAt(null)
              }}
            >
              作废
            </Button>
          </>
        )}
      </div>
    </Section>
  )
}

function Scores({ view }: { view: Talk }) {
  const mine = view.scoreList.find((score) => score.isMine)
  const [points, setPoints] = useState<Record<string, number>>(mine?.points ?? {})
  const [comment, setComment] = useState(mine?.comment ?? '')
  const score = useCommand(talk.scoreTalk, { inline: true, success: ({ total }) => `已评 ${total} 分` })
  return (
    <Section
      title={`${view.sheet.title}${view.mean === null ? '' : ` · 平均 ${view.mean} 分（${view.scores} 人）`}`}
    >
      {view.scoreList.map((one, index) => (
        <p key={index}>
          {one.judgeName} <b>{one.total} 分</b> {one.comment}
        </p>
      ))}
      {view.abilities.score === null && (
        <>
          <ul className="talk-points">
            {view.sheet.criteria.map((criterion) => (
              <li key={criterion.id}>
                <label>
                  <span>
                    {criterion.label} <span className="quiet">{criterion.hint}</span>
                  </span>
                  <InputNumber
                    aria-label={criterion.label}
                    min={0}
                    max={criterion.most}
                    precision={0}
                    value={points[criterion.id] ?? null}
                    onChange={(value) =>
                      setPoints((old) => {
                        const { [criterion.id]: _old, ...rest } = old
                        return value === null ? rest : { ...rest, [criterion.id]: value }
                      })
                    }
                    suffix={`/ ${criterion.most}`}
                  />
                </label>
              </li>
            ))}
          </ul>
          <Input.TextArea
            aria-label="评语"
            rows={2}
            maxLength={1000}
            value={comment}
            onChange={(event) => setComment(event.target.value)}
            placeholder="一句评语（选填）"
          />
          {score.error && (
            <p className="form-error" role="alert">
              {score.error.message}
            </p>
          )}
          <div className="design-actions">
            <Button
              type="primary"
              loading={score.running}
              onClick={() => void score.run({ id: view.id, points, comment })}
            >
              {mine ? '改为这个分数' : '交评分'}
            </Button>
          </div>
        </>
      )}
    </Section>
  )
}
