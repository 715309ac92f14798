import './settings.css'
import { Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import type { SpecialDay } from '../../server/calendar/contract.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { useFilters } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { rangeText } from '../kit/words.ts'
import { type Answer, calendar } from './api.ts'
import { YearForm } from './year-form.tsx'
import { Cycle, SpecialWeeks } from './year-weeks.tsx'
import { TermTable } from './year-view.tsx'

type View = Answer<typeof calendar.getCalendar>
type Year = View['schoolYears'][number]

/** School years with their weeks, windows, holidays and worked weekends. */
export function CalendarPage() {
  const query = useApi(calendar.getCalendar, {})
  const [address, setAddress] = useFilters()
  /** The school year in the form: one that begins in this calendar year, or the one that is shown. */
  const [form, setForm] = useState<number | 'shown' | null>(null)
  const data = query.data
  const year = data?.schoolYears.find((one) => one.id === (address.year ?? data.currentYearId))
  const nextStart = data ? startOfNext(data) : 0
  const nextName = `${nextStart}—${nextStart + 1}学年`
  return (
    <>
      <Page
        title="学年和校历"
        width="wide"
        query={query}
        skeleton="board"
        sentence={(view) => sentenceFor(view, year)}
        actions={
          data &&
          data.schoolYears.length > 0 && (
            <>
              <DisabledBecause reason={data.abilities.save} onClick={() => setForm('shown')}>
                改学期日期
              </DisabledBecause>
              {data.abilities.save === null && (
                <Button onClick={() => setForm(nextStart)}>新建 {nextName}</Button>
              )}
            </>
          )
        }
        isEmpty={(view) => view.schoolYears.length === 0}
        empty={{
          title: '还没有学年。',
          sentence:
            '先按常用的日期建一个学年，再照本校的校历改。哪一周、哪个学期、期初期中期末，都从这里来。',
          action: (
            <DisabledBecause
              type="primary"
              reason={data?.abilities.save ?? null}
              onClick={() => setForm(nextStart)}
            >
              建 {nextName}
            </DisabledBecause>
          ),
        }}
      >
        {(view) => (
          <>
            {view.schoolYears.length > 1 && (
              <nav className="tabs-line" aria-label="学年">
                {view.schoolYears.map((one) => (
                  <button
                    key={one.id}
                    type="button"
                    aria-current={one.id === year?.id ? 'true' : undefined}
                    onClick={() => setAddress({ year: one.id })}
                  >
                    {one.name}
                  </button>
                ))}
              </nav>
            )}
            {year && <YearDays key={year.id} view={view} year={year} />}
            {year && <SpecialWeeks view={view} year={year} />}
            <Cycle view={view} />
          </>
        )}
      </Page>
      <Drawer
        title={form === 'shown' ? `${year?.name ?? ''}的日期` : `新建 ${nextName}`}
        size="large"
        open={form !== null}
        onClose={() => setForm(null)}
        destroyOnHidden
      >
        {form !== null && (
          <YearForm
            start={form}
            shown={year}
            onSaved={(id) => {
              setForm(null)
              setAddress({ year: id })
            }}
          />
        )}
      </Drawer>
    </>
  )
}

function startOfNext(view: View): number {
  const last = view.schoolYears.at(-1)
  if (last) return Number(last.id.slice(0, 4)) + 1
  const [year, month] = view.today.split('-').map(Number) as [number, number]
  return month >= 6 ? year : year - 1
}

function sentenceFor(view: View, year: Year | undefined): string {
  if (!year) return '学年、学期、周次、期初期中期末，和放假、调休。'
  const terms = year.terms
    .map(
      (term) =>
        `第${term.number === 1 ? '一' : '二'}学期 ${term.weeks.length} 周、上课 ${term.schoolDays} 天`,
    )
    .join('，')
  const days = view.specialDays.filter(({ day }) => day >= year.from && day <= year.to)
  const count = (kind: SpecialDay['kind']) => days.filter((one) => one.kind === kind).length
  const holidays =
    days.length === 0 ? '还没有填放假和调休' : `放假 ${count('holiday')} 天，调休上班 ${count('workday')} 天`
  return `${year.name}：${terms}；${holidays}。`
}

/** The days of one year; changes are collected and saved together. */
function YearDays({ view, year }: { view: View; year: Year }) {
  const saved = view.specialDays.filter(({ day }) => day >= year.from && day <= year.to)
  const [draft, setDraft] = useState<SpecialDay[] | null>(null)
  const [note, setNote] = useState<string | null>(null)
  const days = draft ?? saved
  const save = useCommand(calendar.saveSpecialDays, {
    success: ({ affected }) =>
      affected === 0
        ? '校历已保存，进度会按新的校历重新计算'
        : `校历已保存。有 ${affected} 场已安排的活动落在放假的日子，请到“日程”里改期或取消`,
    invalidate: ['calendar', 'setup', 'access'],
    onSuccess: () => {
      setDraft(null)
      setNote(null)
    },
  })
  const propose = useCommand(calendar.proposeSpecialDays, {
    invalidate: [],
    onSuccess: (proposal) => {
      const known = new Set(days.map((one) => one.day))
      const added = proposal.days.filter((one) => !known.has(one.day))
      setNote(
        `${proposal.sentence}${added.length === 0 ? '没有要补的日子。' : `补了 ${added.length} 天，请看一遍再保存。`}`,
      )
      if (added.length > 0)
        setDraft(
          [...days, ...added.map(({ day, kind, name }) => ({ day, kind, name }))].sort((a, b) =>
            a.day < b.day ? -1 : 1,
          ),
        )
    },
  })
  const reason = view.abilities.save
  const changes = draft === null ? 0 : countChanges(saved, draft)
  useWarnBeforeLeaving(changes > 0)
  const change = (day: string, next: Omit<SpecialDay, 'day'> | null) =>
    setDraft(
      [...days.filter((one) => one.day !== day), ...(next ? [{ day, ...next }] : [])].sort((a, b) =>
        a.day < b.day ? -1 : 1,
      ),
    )
  return (
    <>
      {reason === null && (
        <div className="calendar-tools">
          <p className="quiet">点日期可以标成放假或调休上班。</p>
          <Button loading={propose.running} onClick={() => void propose.run({ schoolYearId: year.id })}>
            填入法定节假日和调休
          </Button>
        </div>
      )}
      {note !== null && <Notice tone="soon">{note}</Notice>}
      <div className="terms">
        {year.terms.map((term) => (
          <Section
            key={term.id}
            title={`第${term.number === 1 ? '一' : '二'}学期`}
            aside={
              <span className="quiet">
                {rangeText(term.from, term.to)} · {term.weeks.length} 周
              </span>
            }
          >
            <TermTable
              term={term}
              days={days}
              today={view.today}
              weeks={view.specialWeeks}
              onChange={reason === null ? change : null}
            />
          </Section>
        ))}
      </div>
      <ul className="calendar-legend quiet" aria-label="图例">
        <li>
          <span className="day-sample day-holiday">1</span>放假
        </li>
        <li>
          <span className="day-sample day-workday">10</span>调休上班
        </li>
        <li>
          <span className="window-sample" />
          期初、期中、期末
        </li>
      </ul>
      {changes > 0 && (
        <div className="save-bar" role="status">
          <span>改了 {changes} 天，还没有保存</span>
          <Button
            onClick={() => {
              setDraft(null)
              setNote(null)
            }}
          >
            不要了
          </Button>
          <Button
            type="primary"
            loading={save.running}
            onClick={() => void save.run({ schoolYearId: year.id, days })}
          >
            保存校历
          </Button>
        </div>
      )}
    </>
  )
}

function countChanges(before: SpecialDay[], after: SpecialDay[]): number {
  const text = (list: SpecialDay[]) => new Map(list.map((one) => [one.day, `${one.kind} ${one.name}`]))
  const [old, now] = [text(before), text(after)]
  return [...new Set([...old.keys(), ...now.keys()])].filter((day) => old.get(day) !== now.get(day)).length
}

/** The browser asks before the tab is closed with changes that are not saved. */
export function useWarnBeforeLeaving(isDirty: boolean): void {
  useEffect(() => {
    if (!isDirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isDirty])
}
