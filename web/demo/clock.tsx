import './clock.css'
import { useEffect, useState } from 'react'
import type { demoApi, DemoClockView, Leap, TellingView } from '../../server/demo/contract.ts'
import { api } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Menu } from '../kit/menu.tsx'
import { queryClient, useApi, useCommand } from '../kit/queries.ts'
import { dayWithWeekday } from '../kit/words.ts'

const demo = api<typeof demoApi>('demo')
const askAgainMilliseconds = 600

/** The demo's present and the ways to go on from it. Only in the demo; everybody's pages follow. */
export function DemoClock() {
  const clock = useApi(demo.getClock, {})
  const move = useCommand(demo.moveClock)
  if (!clock.data) return null
  const { data } = clock
  const { telling } = data
  return (
    <div className="demo-clock-place">
      <Menu
        label="演示时间"
        className={`demo-clock${data.isMoved ? ' demo-clock-moved' : ''}`}
        stayOpen
        button={
          <>
            <Icon name="clock" size={18} />
            <span className={telling ? 'demo-clock-label demo-clock-telling' : 'demo-clock-label'}>
              {telling ? telling.label : `演示 ${data.label}`}
            </span>
            <Icon name="chevronDown" size={14} />
          </>
        }
      >
        <p className="menu-about">
          演示时间 {data.label}
          <span className="quiet">
            往后走：活动照样举行，反思、自学、计划照样有人做，有人快、有人慢；您自己记下的不会动。
          </span>
        </p>
        {telling ? (
          <TellingBar telling={telling} />
        ) : (
          <Ways clock={data} running={move.running} go={(to) => void move.run({ to })} />
        )}
        {data.told && !telling && <p className="demo-last">{data.told.sentence}</p>}
      </Menu>
      {telling && <AskAgain />}
      {telling && (
        <p className="demo-passing" aria-hidden="true">
          {telling.label}
        </p>
      )}
      <ToldCard clock={data} />
    </div>
  )
}

/** While the story is told the clock is read again and again; afterwards everything, as the day stands almost everywhere. */
function AskAgain() {
  useApi(demo.getClock, {}, { every: askAgainMilliseconds })
  useEffect(
    () => () => {
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'demo' })
    },
    [],
  )
  return null
}

function Ways({
  clock,
  running,
  go,
}: {
  clock: DemoClockView
  running: boolean
  go: (to: Leap | string) => void
}) {
  const [day, setDay] = useState('')
  const shown = day === '' ? clock.today : day
  const isBlocked = running || clock.moveProblem !== null
  return (
    <>
      {clock.moveProblem !== null && <p className="demo-problem">{clock.moveProblem}</p>}
      {clock.leaps.map((leap) => (
        <button
          key={leap.leap}
          type="button"
          className="menu-item demo-leap"
          disabled={isBlocked || leap.day === null}
          onClick={() => go(leap.leap)}
        >
          <span>{leap.label}</span>
          <span className="quiet">{leap.dayLabel === '' ? '超出演示的日期' : leap.dayLabel}</span>
        </button>
      ))}
      <form
        className="demo-date"
        onSubmit={(event) => {
          event.preventDefault()
          if (day !== '') go(day)
        }}
      >
        <label className="moment-input moment-day">
          <span className="visually-hidden">去某一天</span>
          <input
            type="date"
            className="native-input"
            min={clock.today}
            max={clock.latest}
            value={shown}
            disabled={isBlocked}
            onChange={(event) => setDay(event.target.value)}
          />
          <span className="moment-words" aria-hidden="true">
            {dayWithWeekday(shown)}
          </span>
        </label>
        <button
          type="submit"
          className="tool-button"
          disabled={isBlocked || day === '' || day <= clock.today}
        >
          讲到这一天
        </button>
      </form>
    </>
  )
}

function TellingBar({ telling }: { telling: TellingView }) {
  return (
    <div className="demo-telling">
      <p>{telling.label}</p>
      <progress value={telling.share} aria-label="已经讲到哪里" />
      <p className="quiet">{telling.toLabel}，一个月约需两三秒。别人可以照常使用。</p>
    </div>
  )
}

/** What happened meanwhile, for whoever had the page open while the story was told. */
function ToldCard({ clock }: { clock: DemoClockView }) {
  // What was told before this page was opened is only in the panel.
  const [closed, setClosed] = useState(() => clock.told?.number ?? 0)
  const { told } = clock
  if (!told || told.number <= closed || clock.telling) return null
  return (
    <section className={`demo-told${told.isFailed ? ' demo-told-failed' : ''}`} role="status">
      <header>
        <Icon name={told.isFailed ? 'alert' : 'check'} size={18} />
        <strong>{told.isFailed ? '没有讲完' : `已讲到 ${clock.label}`}</strong>
        <button
          type="button"
          className="icon-button"
          aria-label="关闭"
          onClick={() => setClosed(told.number)}
        >
          <Icon name="close" />
        </button>
      </header>
      <p>{told.sentence}</p>
    </section>
  )
}
