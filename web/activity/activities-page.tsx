import { activityStatusLabels } from '../../server/activity/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { FilterBar, SearchBox } from '../kit/data-list.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Notice, Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { dayText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { activity, participation } from './api.ts'
import type { ActivityLine } from './api.ts'
import { ActivityStatusMark, AttendanceMark, unitText } from './parts.tsx'
import { noticeTexts } from './participation.tsx'
import './activity.css'

function shift(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

const spans = [
  { value: 'near', label: '前后三周', from: -21, to: 21 },
  { value: 'term', label: '前后半年', from: -150, to: 150 },
]

/** Activities week by week; mine stand out, this week first in view. */
export function ActivitiesPage() {
  const session = useSession()
  const phone = usePhone()
  const mayPlan = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const isOffice = useHasRole('academicOffice', 'researchOffice', 'principal', 'districtOfficer')
  const startWho = isOffice ? 'all' : 'mine'
  const [filters] = useFilters({ span: 'near', who: startWho, status: '' })
  const span = spans.find((one) => one.value === filters.span) ?? spans[0]
  const query = useApi(
    activity.listActivities,
    {
      from: shift(session.today, span?.from ?? -21),
      to: shift(session.today, span?.to ?? 21),
      ...(filters.status === '' ? {} : { status: filters.status as 'planned' }),
      ...(filters.q ? { search: filters.q } : {}),
    },
    { keep: true },
  )
  const lines = query.data?.filter((line) =>
    filters.who === 'all' ? true : filters.who === 'school' ? line.scope === 'organisation' : line.isMine,
  )
  const weeks = groupByWeek(lines ?? [])
  const running = lines?.filter((line) => line.status === 'running').length ?? 0
  const thisWeek =
    lines?.filter((line) => line.weekFrom <= session.today && shift(line.weekFrom, 7) > session.today) ?? []
  return (
    <Page
      title="研修活动"
      query={query}
      sentence={() =>
        running > 0
          ? `现在有 ${running} 个活动正在进行。`
          : thisWeek.length > 0
            ? `本周有 ${thisWeek.length} 个活动。`
            : '本周没有活动。'
      }
      actions={
        mayPlan && (
          <>
            <LinkButton to={paths.activitySeries()} icon={<Icon name="calendar" size={18} />}>
              排学期活动
            </LinkButton>
            <LinkButton type="primary" to={paths.newActivity()} icon={<Icon name="plus" size={18} />}>
              安排活动
            </LinkButton>
          </>
        )
      }
    >
      <Notices />
      <div className="tools no-print">
        {!phone && <SearchBox placeholder="主题、地点或发言人" />}
        <FilterBar
          phone={phone}
          filters={[
            {
              key: 'who',
              label: '范围',
              start: startWho,
              options: [
                { value: 'mine', label: '与我有关' },
                { value: 'school', label: '全校活动' },
                { value: 'all', label: '所有组' },
              ],
            },
            {
              key: 'status',
              label: '状态',
              all: '全部',
              options: Object.entries(activityStatusLabels).map(([value, label]) => ({ value, label })),
            },
            { key: 'span', label: '时间', start: 'near', options: spans },
          ]}
        />
      </div>
      {weeks.length === 0 && (
        <Empty
          title="这段时间没有活动。"
          sentence={mayPlan ? '先安排一次，老师们会在首页看到。' : '组长或教导处安排后会出现在这里。'}
          {...(mayPlan ? { action: <LinkButton to={paths.newActivity()}>安排活动</LinkButton> } : {})}
        />
      )}
      {weeks.map((week) => {
        const isNow = week.from <= session.today && shift(week.from, 7) > session.today
        return (
          <section key={week.from} className={`week${isNow ? ' week-now' : ''}`}>
            <h2>
              {week.label ?? '假期'}
              <span className="quiet">
                {dayText(week.from)}—{dayText(shift(week.from, 6))}
              </span>
              {isNow && <span className="week-mark">本周</span>}
            </h2>
            <ul className="activity-lines">
              {week.lines.map((line) => (
                <ActivityRow key={line.id} line={line} today={session.today} />
              ))}
            </ul>
          </section>
        )
      })}
    </Page>
  )
}

/** What of activities waits for the reader. */
function Notices() {
  const query = useApi(participation.listNotices, useHasRole('teacher') ? {} : null)
  if (!query.data || query.data.length === 0) return null
  return (
    <Notice tone="soon">
      {query.data.map((notice) => (
        <p key={`${notice.kind} ${notice.activityId}`}>
          {dayText(notice.day)} <Link to={paths.activity(notice.activityId)}>{notice.theme}</Link>：
          {noticeTexts[notice.kind]}
        </p>
      ))}
    </Notice>
  )
}

function groupByWeek(lines: ActivityLine[]) {
  const weeks = new Map<string, { from: string; label: string | null; lines: ActivityLine[] }>()
  for (const line of lines) {
    const week = weeks.get(line.weekFrom) ?? { from: line.weekFrom, label: line.weekLabel, lines: [] }
    week.lines.push(line)
    weeks.set(line.weekFrom, week)
  }
  return [...weeks.values()].sort((a, b) => (a.from < b.from ? 1 : -1))
}

function ActivityRow({ line, today }: { line: ActivityLine; today: string }) {
  const canRun =
    line.abilities.run === null &&
    (line.status === 'running' || (line.status === 'planned' && line.day <= today))
  return (
    <li className={`activity-line${line.status === 'cancelled' ? ' activity-cancelled' : ''}`}>
      <div className="activity-day" aria-label={`${dayText(line.day)} ${weekdayText(line.day)}`}>
        <b>{dayText(line.day).replace(/^\d+月/, '')}</b>
        <span>{weekdayText(line.day)}</span>
      </div>
      <div className="activity-about">
        {line.canOpen ? (
          <Link to={paths.activity(line.id)} className="activity-theme">
            {line.theme}
          </Link>
        ) : (
          <span className="activity-theme">{line.theme}</span>
        )}
        <p className="quiet">
          {line.startTime}—{line.endTime} · {unitText(line)} · {line.kindLabel}
          {line.place !== '' && ` · ${line.place}`}
          {line.speakerName !== '' && ` · 中心发言 ${line.speakerName}`}
        </p>
        {line.movedFrom !== null && (
          <p className="quiet">
            原定{dayText(line.movedFrom)}，仍计入{line.weekLabel}
          </p>
        )}
      </div>
      <div className="activity-state">
        {line.attended !== null && line.expected !== null && (
          <span className="activity-count">
            <b className="figure">{line.attended}</b>/{line.expected} 人
          </span>
        )}
        {line.isMine && line.status !== 'planned' && line.status !== 'cancelled' && (
          <AttendanceMark status={line.mine} />
        )}
        {line.mine === 'leaveAsked' && line.status === 'planned' ? (
          <AttendanceMark status="leaveAsked" />
        ) : (
          line.status !== 'closed' && <ActivityStatusMark status={line.status} />
        )}
        {canRun && (
          <LinkButton
            size="small"
            type={line.status === 'running' ? 'primary' : 'default'}
            to={paths.runActivity(line.id)}
          >
            {line.status === 'running' ? '继续进行' : '进行活动'}
          </LinkButton>
        )}
      </div>
    </li>
  )
}
