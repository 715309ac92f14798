import { Button, Popover } from 'antd'
import { Fragment, useState } from 'react'
import type { SpecialDay } from '../../server/calendar/contract.ts'
import { specialDayLabels, windowLabels, windowNames } from '../../server/calendar/words.ts'
import { dayWithWeekday } from '../kit/words.ts'
import type { Answer, calendar } from './api.ts'

type Term = Answer<typeof calendar.getCalendar>['schoolYears'][number]['terms'][number]

const weekdays = ['一', '二', '三', '四', '五', '六', '日']
const addDays = (day: string, count: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10)

export interface TermTableProps {
  term: Term
  days: SpecialDay[]
  today: string
  /** Weeks with a name of their own. */
  weeks: Answer<typeof calendar.getCalendar>['specialWeeks']
  /** Null: only to look at. */
  onChange: ((day: string, next: Omit<SpecialDay, 'day'> | null) => void) | null
}

/** A term week by week: number, odd or even, the seven days; windows as a band at the left. */
export function TermTable({ term, days, today, weeks, onChange }: TermTableProps) {
  const special = new Map(days.map((one) => [one.day, one]))
  return (
    <table className="term">
      <caption className="visually-hidden">{term.name}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">期初、期中、期末</span>
          </th>
          <th scope="col">周次</th>
          {weekdays.map((name, index) => (
            <th key={name} scope="col" className={index > 4 ? 'term-weekend' : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {term.weeks.map((week) => {
          const window = windowNames.find(
            (name) => term.windows[name].from <= week.to && term.windows[name].to >= week.from,
          )
          const named = weeks.filter((one) => one.from <= week.to && one.to >= week.from)
          const isFirst = window !== undefined && term.windows[window].from >= week.from
          return (
            <tr key={week.number} className={today >= week.from && today <= week.to ? 'term-now' : undefined}>
              <td className={window ? 'term-window' : undefined}>
                {window && (isFirst || week.number === 1) && <span>{windowLabels[window]}</span>}
              </td>
              <th scope="row">
                <span className="term-week">{week.number}</span>
                <span className="term-odd">{week.isOdd ? '单' : '双'}</span>
                {named.length > 0 && (
                  <span className="term-named">{named.map((one) => one.name).join('、')}</span>
                )}
              </th>
              {weekdays.map((name, index) => {
                const day = addDays(week.from, index)
                return (
                  <td key={name} className={index > 4 ? 'term-weekend' : undefined}>
                    {day >= term.from && day <= term.to ? (
                      <Day
                        day={day}
                        isWeekend={index > 4}
                        isToday={day === today}
                        special={special.get(day)}
                        onChange={onChange}
                      />
                    ) : (
                      <span className="day" />
                    )}
                  </td>
                )
              })}
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Day({
  day,
  isWeekend,
  isToday,
  special,
  onChange,
}: {
  day: string
  isWeekend: boolean
  isToday: boolean
  special: SpecialDay | undefined
  onChange: TermTableProps['onChange']
}) {
  const [open, setOpen] = useState(false)
  const date = Number(day.slice(8))
  const words = (
    <Fragment>
      <span className="day-number">{date === 1 ? `${Number(day.slice(5, 7))}月` : date}</span>
      {special && <span className="day-name">{special.kind === 'workday' ? '班' : special.name}</span>}
    </Fragment>
  )
  const className = [
    'day',
    special ? `day-${special.kind}` : isWeekend ? 'day-weekend' : '',
    isToday ? 'day-today' : '',
  ].join(' ')
  const label = `${dayWithWeekday(day)}${special ? `，${specialDayLabels[special.kind]}，${special.name}` : ''}`
  if (!onChange)
    return (
      <span className={className} title={special ? label : undefined}>
        {words}
      </span>
    )
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      title={dayWithWeekday(day)}
      content={
        <DayForm
          isWeekend={isWeekend}
          special={special}
          onDone={(next) => {
            if (next !== undefined) onChange(day, next)
            setOpen(false)
          }}
        />
      }
    >
      <button type="button" className={className} aria-haspopup="dialog">
        {words}
        <span className="visually-hidden">，{label}</span>
      </button>
    </Popover>
  )
}

function DayForm({
  isWeekend,
  special,
  onDone,
}: {
  isWeekend: boolean
  special: SpecialDay | undefined
  onDone: (next: Omit<SpecialDay, 'day'> | null | undefined) => void
}) {
  const [name, setName] = useState(special?.name ?? '')
  return (
    <form
      className="day-form"
      onSubmit={(event) => {
        event.preventDefault()
        onDone({ kind: special?.kind ?? (isWeekend ? 'workday' : 'holiday'), name: name.trim() || '放假' })
      }}
    >
      <label className="field">
        <span className="field-label">名称</span>
        <input
          className="native-input"
          value={name}
          maxLength={20}
          placeholder={isWeekend ? '国庆节调休' : '秋游、校运会、国庆节…'}
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <div className="day-form-actions">
        {isWeekend ? (
          <Button type="primary" onClick={() => onDone({ kind: 'workday', name: name.trim() || '调休' })}>
            调休上班
          </Button>
        ) : (
          <Button type="primary" onClick={() => onDone({ kind: 'holiday', name: name.trim() || '放假' })}>
            放假
          </Button>
        )}
        {special && <Button onClick={() => onDone(null)}>恢复平常</Button>}
      </div>
    </form>
  )
}
