import './clock.css'
import { useState } from 'react'
import type { demoApi } from '../../server/demo/contract.ts'
import type { Leap } from '../../server/demo/contract.ts'
import { api } from '../kit/api.ts'
import { Icon } from '../kit/icons.tsx'
import { Menu } from '../kit/menu.tsx'
import { queryClient, useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { dayWithWeekday } from '../kit/words.ts'

const demo = api<typeof demoApi>('demo')

/** The demo's present and the ways to move it. Only in the demo; everybody's pages follow. */
export function DemoClock() {
  const clock = useApi(demo.getClock, {})
  const [day, setDay] = useState('')
  const move = useCommand(demo.moveClock, {
    onSuccess: (view) => {
      // The day stands in almost everything that is shown.
      void queryClient.invalidateQueries()
      setDay('')
      notify(`演示时间已到 ${view.label}，各项进度正在按这一天重新计算。`, { kind: 'success' })
    },
  })
  if (!clock.data) return null
  const { data } = clock
  const shown = day === '' ? data.today : day
  const go = (to: Leap | string) => void move.run({ to })
  return (
    <Menu
      label="演示时间"
      className={`demo-clock${data.isMoved ? ' demo-clock-moved' : ''}`}
      stayOpen={move.running}
      button={
        <>
          <Icon name="clock" size={18} />
          <span className="demo-clock-label">{move.running ? '正在前往…' : `演示 ${data.label}`}</span>
          <Icon name="chevronDown" size={14} />
        </>
      }
    >
      <p className="menu-about">
        演示时间 {data.label}
        <span className="quiet">换一天看看：到期的事会变成逾期，下一期会开始。</span>
      </p>
      {data.leaps.map((leap) => (
        <button
          key={leap.leap}
          type="button"
          className="menu-item demo-leap"
          disabled={move.running || leap.day === null || leap.day === data.today}
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
            min={data.earliest}
            max={data.latest}
            value={shown}
            onChange={(event) => setDay(event.target.value)}
          />
          <span className="moment-words" aria-hidden="true">
            {dayWithWeekday(shown)}
          </span>
        </label>
        <button
          type="submit"
          className="tool-button"
          disabled={move.running || day === '' || day === data.today}
        >
          去这一天
        </button>
      </form>
    </Menu>
  )
}
