import { Button, Drawer } from 'antd'
import { useState } from 'react'
import type { ReactNode } from 'react'
import {
  agendaKindLabels,
  agendaStateLabels,
  partOfDay,
  partOfDayLabels,
  type AgendaScope,
  type PartOfDay,
} from '../../server/calendar/words.ts'
import { addDays, mondayOf } from '../../engine/days.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { ChoiceInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { dayText, dayWithWeekday, rangeText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Affected } from './affected.tsx'
import { agenda, type Item, type View } from './api.ts'
import { MyTimetable } from './my-timetable.tsx'
import { Subscriptions } from './subscriptions.tsx'
import './agenda.css'

const kinds = Object.keys(agendaKindLabels) as Item['kind'][]

/** What is on: the week by days and parts of the day, or the term by weeks; mine, of a group, of the school. */
export function AgendaPage() {
  const session = useSession()
  const isDistrict = useHasRole('districtOfficer')
  const [filters, setFilters] = useFilters({
    scope: isDistrict ? 'school' : 'mine',
    view: 'week',
    day: session.today,
    unit: '',
    without: '',
  })
  const [subscribing, setSubscribing] = useState(false)
  const isTerm = filters.view === 'term'
  const isTimetable = filters.view === 'timetable'
  const monday = mondayOf(filters.day)
  const look = {
    scope: filters.scope as AgendaScope,
    ...(filters.scope === 'group' && filters.unit !== '' ? { unitId: filters.unit } : {}),
  }
  const week = useApi(agenda.getAgenda, isTerm ? null : { ...look, from: monday, to: addDays(monday, 6) }, {
    keep: true,
  })
  const term = useTerm(filters.day, week.data)
  const whole = useApi(agenda.getAgenda, isTerm ? { ...look, ...term } : null, { keep: true })
  const query = isTerm ? whole : week
  const data = query.data
  return (
    <Page
      title="日程"
      width="wide"
      query={query}
      skeleton="board"
      sentence={data && <Standing view={data} isTerm={isTerm} />}
      actions={
        data && (
          <>
            {isTerm ? (
              data.term && (
                <Button
                  icon={<Icon name="download" size={18} />}
                  href={fileAddress(agenda.getTermFile, { ...look, termId: data.term.id })}
                >
                  导出学期日历
                </Button>
              )
            ) : isTimetable ? null : (
              <Button
                icon={<Icon name="print" size={18} />}
                target="_blank"
                href={fileAddress(agenda.getWeekSheet, { ...look, from: monday })}
              >
                打印本周
              </Button>
            )}
            {data.hasOwn && (
              <Button icon={<Icon name="calendar" size={18} />} onClick={() => setSubscribing(true)}>
                订阅到手机日历
              </Button>
            )}
          </>
        )
      }
    >
      {(view) => {
        const shown = view.items.filter((item) => !filters.without.split(',').includes(item.kind))
        return (
          <>
            {view.affected > 0 && <Affected />}
            <Tools view={view} isTerm={isTerm} filters={filters} setFilters={setFilters} />
            {isTimetable && view.hasOwn ? (
              <MyTimetable />
            ) : (
              <>
                {isTerm ? (
                  <TermGrid view={view} items={shown} open={(day) => setFilters({ view: undefined, day })} />
                ) : (
                  <WeekView view={view} items={shown} />
                )}
                <Legend view={view} without={filters.without} setFilters={setFilters} />
              </>
            )}
            <Drawer
              title="订阅到手机或电脑的日历"
              open={subscribing}
              onClose={() => setSubscribing(false)}
              destroyOnHidden
            >
              <Subscriptions />
            </Drawer>
          </>
        )
      }}
    </Page>
  )
}

/** The term of a day, as far as known; else half a year around it. */
function useTerm(day: string, view: View | undefined): { from: string; to: string } {
  const [known, setKnown] = useState<View['terms']>([])
  if (view && view.terms.length !== known.length) setKnown(view.terms)
  const probe = useApi(
    agenda.getAgenda,
    known.length > 0 ? null : { scope: 'school', from: day, to: day },
  ).data
  const terms = known.length > 0 ? known : (probe?.terms ?? [])
  const term = terms.find((one) => one.to >= day) ?? terms.at(-1)
  return term ? { from: term.from, to: term.to } : { from: addDays(day, -70), to: addDays(day, 70) }
}

function Standing({ view, isTerm }: { view: View; isTerm: boolean }) {
  const own = view.items.filter((item) => item.state !== 'cancelled' && item.state !== 'missed')
  const count = (kind: Item['kind']) => own.filter((item) => item.kind === kind).length
  const parts = [
    [count('activity'), '场活动'],
    [count('lesson'), '节研究课'],
    [count('slot'), '个固定时间待安排'],
    [count('deadline'), '项截止'],
    [count('programme'), '项阶段任务'],
  ] as const
  const said = parts.filter(([number]) => number > 0).map(([number, word]) => `${number} ${word}`)
  const when = isTerm ? (view.term?.name ?? '这段时间') : (view.weeks[0]?.label ?? '假期')
  return (
    <>
      {when}（{rangeText(view.from, view.to)}）：{said.length === 0 ? '没有安排' : said.join('，')}。
    </>
  )
}

function Tools({
  view,
  isTerm,
  filters,
  setFilters,
}: {
  view: View
  isTerm: boolean
  filters: { day: string; scope: string; view: string }
  setFilters: (change: Record<string, string | undefined>) => void
}) {
  const session = useSession()
  const step = (direction: 1 | -1) => {
    if (!isTerm) return setFilters({ day: addDays(mondayOf(filters.day), direction * 7) })
    const index = view.terms.findIndex((one) => one.id === view.term?.id)
    const next = view.terms[index + direction]
    if (next) setFilters({ day: next.from })
  }
  const scopes: { value: AgendaScope; label: string }[] = [
    ...(view.hasOwn ? [{ value: 'mine' as const, label: '我的' }] : []),
    ...(view.units.length > 0 ? [{ value: 'group' as const, label: '各组' }] : []),
    { value: 'school', label: '全校' },
  ]
  const choice = (label: string, isOn: boolean, press: () => void) => (
    <button key={label} type="button" aria-pressed={isOn} onClick={press}>
      {label}
    </button>
  )
  return (
    <div className="agenda-tools no-print">
      <div className="agenda-switch" role="group" aria-label="看谁的">
        {scopes.map((one) =>
          choice(one.label, view.scope === one.value, () =>
            setFilters({ scope: one.value, unit: undefined }),
          ),
        )}
      </div>
      {view.scope === 'group' && (
        <div className="agenda-unit">
          <ChoiceInput
            aria-label="哪个组"
            value={view.unitId ?? ''}
            onChange={(unit) => setFilters({ unit })}
            options={view.units.map((unit) => ({
              value: unit.id,
              label: unit.isMine ? `${unit.name}（本组）` : unit.name,
            }))}
          />
        </div>
      )}
      <div className="agenda-switch" role="group" aria-label="按周、学期或课表看">
        {choice('一周', !isTerm && filters.view !== 'timetable', () => setFilters({ view: undefined }))}
        {choice('学期', isTerm, () => setFilters({ view: 'term' }))}
        {view.hasOwn &&
          choice('我的课表', filters.view === 'timetable', () =>
            setFilters({ view: 'timetable', scope: undefined, unit: undefined }),
          )}
      </div>
      {filters.view !== 'timetable' && (
        <div className="agenda-steps">
          <button
            type="button"
            className="icon-button"
            aria-label={isTerm ? '上一学期' : '上一周'}
            onClick={() => step(-1)}
          >
            <Icon name="chevronLeft" />
          </button>
          <Button
            onClick={() => setFilters({ day: undefined })}
            disabled={view.from <= session.today && view.to >= session.today}
          >
            {isTerm ? '本学期' : '本周'}
          </Button>
          <button
            type="button"
            className="icon-button"
            aria-label={isTerm ? '下一学期' : '下一周'}
            onClick={() => step(1)}
          >
            <Icon name="chevronRight" />
          </button>
        </div>
      )}
    </div>
  )
}

function addressOf(item: Item): string | null {
  switch (item.link?.page) {
    case 'activity':
      return paths.activity(item.link.id)
    case 'lesson':
      return paths.lesson(item.link.id)
    case 'slots':
      return paths.slots()
    case 'programme':
      return paths.programme(item.link.id)
    case 'board':
      return item.isMine ? paths.boardMe() : null
    default:
      return null
  }
}

function Entry({ item, short = false }: { item: Item; short?: boolean }) {
  const to = addressOf(item)
  const title: ReactNode = to === null ? item.title : <Link to={to}>{item.title}</Link>
  return (
    <div className={`entry entry-${item.kind} entry-is-${item.state}${item.isMine ? ' entry-mine' : ''}`}>
      <p className="entry-head">
        <span className="entry-kind">{agendaKindLabels[item.kind]}</span>
        {item.starts !== null && (
          <span className="entry-time">
            {item.starts}
            {item.ends !== null && !short && `–${item.ends}`}
          </span>
        )}
        {(item.state === 'cancelled' ||
          item.state === 'overdue' ||
          item.state === 'missed' ||
          item.state === 'running' ||
          item.movedFrom !== null) && (
          <span className="entry-state">
            {item.movedFrom !== null && item.state === 'planned' ? '已改期' : agendaStateLabels[item.state]}
          </span>
        )}
      </p>
      <p className="entry-title">{title}</p>
      {!short && (
        <p className="quiet">
          {[item.unitName, item.place, item.note].filter((part) => part !== '').join(' · ')}
        </p>
      )}
    </div>
  )
}

/** My lessons behind what is on: quiet, without a place of their own. */
function Lessons({ lessons }: { lessons: View['lessons'] }) {
  if (lessons.length === 0) return null
  return (
    <ul className="agenda-lessons" aria-label="我的课">
      {lessons.map((lesson) => (
        <li key={lesson.period}>
          <span>第{lesson.period}节</span> {lesson.what}
        </li>
      ))}
    </ul>
  )
}

/** Days across and parts of the day down; on phones a list of days. */
function WeekView({ view, items }: { view: View; items: Item[] }) {
  const phone = usePhone()
  if (phone) return <DayList view={view} items={items} />
  const days = view.days.filter(
    (one, index) => index < 5 || one.isSchoolDay || items.some((item) => item.day === one.day),
  )
  const parts = (Object.keys(partOfDayLabels) as PartOfDay[]).filter(
    (part) =>
      part === 'morning' || part === 'afternoon' || items.some((item) => partOfDay(item.starts) === part),
  )
  return (
    <div className="agenda-scroll">
      <table className="agenda-week" style={{ '--days': days.length } as React.CSSProperties}>
        <thead>
          <tr>
            <th>
              <span className="visually-hidden">时段</span>
            </th>
            {days.map((one) => (
              <th key={one.day} scope="col" className={one.day === view.today ? 'agenda-today' : undefined}>
                <b>{weekdayText(one.day)}</b> {dayText(one.day)}
                {one.day === view.today && <span className="agenda-mark">今天</span>}
                {one.special && <span className={`agenda-${one.special.kind}`}>{one.special.name}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts.map((part) => (
            <tr key={part}>
              <th scope="row">{partOfDayLabels[part]}</th>
              {days.map((one) => (
                <td key={one.day} className={one.isSchoolDay ? undefined : 'hatch'}>
                  {items
                    .filter((item) => item.day === one.day && partOfDay(item.starts) === part)
                    .map((item) => (
                      <Entry key={item.key} item={item} />
                    ))}
                  <Lessons
                    lessons={view.lessons.filter(
                      (lesson) => lesson.day === one.day && partOfDay(lesson.starts) === part,
                    )}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function DayList({ view, items }: { view: View; items: Item[] }) {
  return (
    <ol className="agenda-days">
      {view.days.map((one) => {
        const own = items.filter((item) => item.day === one.day)
        return (
          <li key={one.day} className={one.day === view.today ? 'agenda-today' : undefined}>
            <h2>
              {dayWithWeekday(one.day)}
              {one.day === view.today && <span className="agenda-mark">今天</span>}
              {one.special && <span className={`agenda-${one.special.kind}`}>{one.special.name}</span>}
            </h2>
            {own.length === 0 ? (
              <p className="quiet">{one.isSchoolDay ? '没有安排' : '不上课'}</p>
            ) : (
              own.map((item) => <Entry key={item.key} item={item} />)
            )}
            <Lessons lessons={view.lessons.filter((lesson) => lesson.day === one.day)} />
          </li>
        )
      })}
    </ol>
  )
}

const mostInCell = 3

/** Weeks down, days across; a cell opens its week. */
function TermGrid({ view, items, open }: { view: View; items: Item[]; open: (day: string) => void }) {
  const phone = usePhone()
  const byDay = Map.groupBy(items, (item) => item.day)
  const days = new Map(view.days.map((one) => [one.day, one]))
  const weekend = view.days.some((one, _index) => {
    const weekday = new Date(`${one.day}T00:00:00Z`).getUTCDay()
    return (weekday === 0 || weekday === 6) && (one.isSchoolDay || byDay.has(one.day))
  })
  const width = weekend ? 7 : 5
  if (phone)
    return (
      <ol className="agenda-weeks">
        {view.weeks.map((week) => {
          const own = items.filter((item) => item.day >= week.from && item.day <= week.to)
          const isNow = week.from <= view.today && week.to >= view.today
          return (
            <li key={week.from} className={isNow ? 'agenda-today' : undefined}>
              <button type="button" onClick={() => open(week.from)}>
                <b>{week.label ?? '假期'}</b>
                <span className="quiet">{rangeText(week.from, week.to)}</span>
                {isNow && <span className="agenda-mark">本周</span>}
                <span className="agenda-count">{own.length === 0 ? '没有安排' : `${own.length} 项`}</span>
              </button>
            </li>
          )
        })}
      </ol>
    )
  return (
    <div className="agenda-scroll">
      <table className="agenda-term">
        <thead>
          <tr>
            <th scope="col">周次</th>
            {['周一', '周二', '周三', '周四', '周五', '周六', '周日'].slice(0, width).map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.weeks.map((week) => (
            <tr
              key={week.from}
              className={week.from <= view.today && week.to >= view.today ? 'agenda-now' : undefined}
            >
              <th scope="row">
                <button type="button" onClick={() => open(week.from)}>
                  {week.label ?? '假期'}
                </button>
                <span className="quiet">{rangeText(week.from, week.to)}</span>
                {week.window && <span className="agenda-window">{week.window}</span>}
              </th>
              {Array.from({ length: width }, (_, index) => addDays(week.from, index)).map((day) => {
                const own = byDay.get(day) ?? []
                const one = days.get(day)
                return (
                  <td
                    key={day}
                    className={`${one === undefined || !one.isSchoolDay ? 'hatch' : ''}${day === view.today ? ' agenda-today' : ''}`}
                  >
                    <span className="agenda-date">
                      {Number(day.slice(8))}
                      {one?.special && <i className={`agenda-${one.special.kind}`}>{one.special.name}</i>}
                    </span>
                    {own.slice(0, mostInCell).map((item) => (
                      <Entry key={item.key} item={item} short />
                    ))}
                    {own.length > mostInCell && (
                      <button type="button" className="agenda-more" onClick={() => open(day)}>
                        还有 {own.length - mostInCell} 项
                      </button>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Legend({
  view,
  without,
  setFilters,
}: {
  view: View
  without: string
  setFilters: (change: Record<string, string | undefined>) => void
}) {
  const hidden = without.split(',').filter((kind) => kind !== '')
  const present = kinds.filter((kind) => view.items.some((item) => item.kind === kind))
  if (view.items.length === 0)
    return (
      <Notice>
        这段时间没有安排。组长安排活动、备案固定时间以后，会自动出现在这里
        {view.scope === 'mine' ? '；也可以看看“各组”和“全校”' : ''}。
      </Notice>
    )
  return (
    <div className="agenda-legend no-print" role="group" aria-label="显示哪些">
      {present.map((kind) => (
        <button
          key={kind}
          type="button"
          className={`entry-${kind}`}
          aria-pressed={!hidden.includes(kind)}
          onClick={() =>
            setFilters({
              without:
                (hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind]).join(
                  ',',
                ) || undefined,
            })
          }
        >
          <span className="entry-swatch" aria-hidden="true" />
          {agendaKindLabels[kind]}
          {hidden.includes(kind) && '（已隐藏）'}
        </button>
      ))}
    </div>
  )
}
