import { Button, Input } from 'antd'
import { useState } from 'react'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters, usePathParams } from '../kit/link.tsx'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { flushDrafts } from '../kit/autosave.tsx'
import { ErrorNotice, Notice, Skeleton } from '../kit/page.tsx'
import { invalidate, useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { activity } from './api.ts'
import type { ActivityDetail } from './api.ts'
import { Minutes } from './minutes.tsx'
import { RunParticipation } from './participation.tsx'
import { unitText } from './parts.tsx'
import { RollCall } from '../attendance/roll-call.tsx'
import './activity.css'

const tabs = [
  { value: 'agenda', label: '议程' },
  { value: 'people', label: '点名' },
  { value: 'minutes', label: '记录' },
] as const

/** The leader's phone while it runs: agenda, roll-call, minutes; the next step always at the thumb. */
export function RunPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(activity.getActivity, { id }, { every: 20_000 })
  const detail = query.data
  return (
    <article className="page page-reading run">
      <Link to={paths.activity(id)} className="page-back">
        <Icon name="chevronLeft" size={18} />
        活动详情
      </Link>
      {detail ? (
        <Run detail={detail} />
      ) : query.error ? (
        <ErrorNotice error={query.error} retry={query.refetch} />
      ) : (
        <Skeleton shape="text" />
      )}
    </article>
  )
}

function Run({ detail }: { detail: ActivityDetail }) {
  const [filters, setFilters] = useFilters({ tab: 'agenda' })
  const filled = detail.minutesParts.filter(
    (part) => (detail.minutesTexts[part.id] ?? '').trim() !== '',
  ).length
  const isRunning = detail.status === 'running'
  return (
    <>
      <header className="run-head">
        <div>
          <h1>{detail.theme}</h1>
          <p className="quiet">
            {dayWithWeekday(detail.day)} {detail.startTime}—{detail.endTime} · {unitText(detail)} ·{' '}
            {detail.place}
          </p>
        </div>
        {detail.expected !== null && (
          <p className="run-count" aria-label={`应到 ${detail.expected} 人，已到 ${detail.attended ?? 0} 人`}>
            <b>{detail.attended ?? 0}</b>/{detail.expected}
          </p>
        )}
      </header>
      {detail.speakerProblem !== null && (
        <Notice tone="soon" action={<LinkButton to={paths.activity(detail.id)}>去换人</LinkButton>}>
          {detail.speakerProblem}
        </Notice>
      )}
      {isRunning && (
        <p className="run-screen">
          <LinkButton to={paths.live(detail.id)} icon={<Icon name="scan" size={18} />}>
            大屏幕二维码
          </LinkButton>
          <span className="quiet">投到教室电脑，老师们扫码或输入数字。</span>
        </p>
      )}
      {detail.status === 'closed' ? (
        <Notice tone="good">
          活动已结束：出席 {detail.counts.present + detail.counts.late + detail.counts.leftEarly} 人，请假{' '}
          {detail.counts.onLeave} 人，缺席 {detail.counts.absent} 人。记录 7 天内还可以补充。
        </Notice>
      ) : (
        detail.status === 'cancelled' && <Notice tone="rest">活动已取消：{detail.cancelledReason}</Notice>
      )}
      <div className="segments run-tabs" role="group" aria-label="内容">
        {tabs.map((tab) => (
          <button
            key={tab.value}
            type="button"
            aria-pressed={filters.tab === tab.value}
            onClick={() => setFilters({ tab: tab.value })}
          >
            {tab.label}
            {tab.value === 'minutes' && (
              <span className="quiet">
                {' '}
                {filled}/{detail.minutesParts.length}
              </span>
            )}
          </button>
        ))}
      </div>
      <div className="run-body">
        {filters.tab === 'agenda' && <Agenda detail={detail} />}
        {filters.tab === 'people' &&
          (isRunning ? (
            <>
              <RollCall id={detail.id} />
              <RunParticipation detail={detail} show="people" />
            </>
          ) : (
            <p className="quiet">
              {detail.details.rollCall}{' '}
              {detail.status === 'closed' && <Link to={paths.activity(detail.id)}>去更正考勤</Link>}
            </p>
          ))}
        {filters.tab === 'minutes' &&
          (detail.details.writeMinutes === null ? (
            <>
              <Minutes detail={detail} />
              <RunParticipation detail={detail} show="minutes" />
            </>
          ) : (
            <Notice tone="rest">{detail.details.writeMinutes}</Notice>
          ))}
      </div>
      <RunBar detail={detail} isQuiet={filters.tab === 'people'} />
    </>
  )
}

function Agenda({ detail }: { detail: ActivityDetail }) {
  const save = useCommand(activity.saveAgenda)
  const [local, setLocal] = useState<typeof detail.agenda | null>(null)
  const [text, setText] = useState('')
  const agenda = local ?? detail.agenda
  const mayChange = detail.details.change === null
  function write(next: typeof agenda): void {
    setLocal(next)
    void save.run({ id: detail.id, agenda: next }).then(() => setLocal(null))
  }
  return (
    <>
      <dl className="run-people">
        <div>
          <dt>主持人</dt>
          <dd>{detail.host?.name ?? '未定'}</dd>
        </div>
        <div>
          <dt>中心发言人</dt>
          <dd>{detail.speaker?.name ?? '未定'}</dd>
        </div>
        <div>
          <dt>记录人</dt>
          <dd>{detail.recorder?.name ?? '主持人兼'}</dd>
        </div>
      </dl>
      {detail.content !== '' && <p className="run-content">{detail.content}</p>}
      <ul className="agenda">
        {agenda.map((item, index) => (
          <li key={`${item.text} ${index}`}>
            <label className={item.done ? 'agenda-done' : undefined}>
              <input
                type="checkbox"
                checked={item.done}
                disabled={!mayChange}
                onChange={(event) =>
                  write(
                    agenda.map((one, at) => (at === index ? { ...one, done: event.target.checked } : one)),
                  )
                }
              />
              {item.text}
            </label>
          </li>
        ))}
      </ul>
      {mayChange && (
        <form
          className="agenda-add"
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() === '') return
            write([...agenda, { text: text.trim(), done: false }])
            setText('')
          }}
        >
          <Input
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="加一项议程"
            maxLength={200}
            aria-label="加一项议程"
          />
          <Button htmlType="submit">加上</Button>
        </form>
      )}
    </>
  )
}

/** The one next step, at the thumb; quieter where the roll-call's own button stands above it. */
function RunBar({ detail, isQuiet }: { detail: ActivityDetail; isQuiet: boolean }) {
  const start = useCommand(activity.startActivity, {
    success: (done) => `签到已开始，应到 ${done.expected} 人。`,
    invalidate: ['activity', 'participation', 'activityLive'],
  })
  const close = useCommand(activity.closeActivity, {
    success: (done) =>
      done.missingParts.length > 0
        ? `已结束。记录还缺：${done.missingParts.join('、')}，7 天内可补。`
        : '已结束，出勤和记录都已存好。',
    invalidate: ['activity', 'participation', 'activityLive', 'attendance', 'regime'],
  })
  const [closing, setClosing] = useState(false)
  const [minutes, setMinutes] = useState(detail.minutes)
  /** The minutes go to the server before the activity is closed: what is read afterwards is what was written. */
  async function saveMinutes(): Promise<void> {
    await flushDrafts(`minutes/${detail.id}/`)
    invalidate([activity.getActivity])
  }
  async function finish(): Promise<void> {
    await saveMinutes()
    const done = await close.run({ id: detail.id, minutes: minutes === detail.minutes ? null : minutes })
    setClosing(false)
    if (done) scrollTo({ top: 0 })
  }
  if (detail.status === 'planned') {
    return (
      <div className="run-bar">
        <DisabledBecause
          type="primary"
          size="large"
          block
          reason={detail.details.start}
          loading={start.running}
          onClick={() => void start.run({ id: detail.id })}
        >
          开始签到
        </DisabledBecause>
      </div>
    )
  }
  if (detail.status !== 'running') return null
  const missing = (detail.expected ?? 0) - (detail.attended ?? 0)
  const empty = detail.minutesParts.filter(
    (part) => part.required && (detail.minutesTexts[part.id] ?? '').trim() === '',
  )
  return (
    <div className="run-bar">
      {closing ? (
        <div className="run-closing" role="group" aria-label="结束活动">
          <p>
            {missing > 0 ? `还有 ${missing} 人没有签到，结束后按请假或缺席认定。` : '全部到齐。'}
            {empty.length > 0 && `记录还缺：${empty.map((part) => part.label).join('、')}。`}
          </p>
          <p className="run-length">
            时长
            <Button size="small" aria-label="减 5 分钟" onClick={() => setMinutes(Math.max(5, minutes - 5))}>
              −
            </Button>
            <b className="figure">{minutes} 分钟</b>
            <Button
              size="small"
              aria-label="加 5 分钟"
              onClick={() => setMinutes(Math.min(720, minutes + 5))}
            >
              +
            </Button>
          </p>
          <div className="run-buttons">
            <Button size="large" onClick={() => setClosing(false)}>
              再等等
            </Button>
            <DisabledBecause
              type="primary"
              size="large"
              reason={detail.details.close}
              loading={close.running}
              onClick={() => void finish()}
            >
              确认结束
            </DisabledBecause>
          </div>
        </div>
      ) : (
        <Button
          type={isQuiet ? 'default' : 'primary'}
          size="large"
          block
          onClick={() => {
            setClosing(true)
            void saveMinutes()
          }}
        >
          结束活动
        </Button>
      )}
    </div>
  )
}
