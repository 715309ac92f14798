import { useHasRole, useSession } from '../access/session.ts'
import { attendance } from '../activity/api.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import type { ListColumn } from '../kit/data-list.tsx'
import { DateInput } from '../kit/form.tsx'
import { LinkButton, useFilters } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { FiguresView } from './figures.tsx'
import './attendance.css'

type Line = Awaited<ReturnType<typeof attendance.listStatistics>>[number]

const number = (
  key: keyof Line & string,
  title: string,
  phone: 'line' | 'hidden' = 'hidden',
): ListColumn<Line> => ({
  key,
  title,
  align: 'end',
  phone,
  render: (line) => (line[key] === 0 ? <span className="quiet">0</span> : String(line[key])),
  sortBy: (line) => Number(line[key]),
})
const rate = (line: Line) => (line.ratePerMille === null ? '—' : `${line.ratePerMille / 10}%`)

const columns: ListColumn<Line>[] = [
  { key: 'name', title: '姓名', render: (line) => line.name, phone: 'title' },
  { key: 'unitNames', title: '所在组', render: (line) => line.unitNames, phone: 'line' },
  number('expected', '应到'),
  number('present', '出席'),
  number('late', '迟到', 'line'),
  number('leftEarly', '早退'),
  number('onLeave', '请假', 'line'),
  number('absent', '缺席', 'line'),
  number('madeUp', '已补学'),
  {
    key: 'hours',
    title: '参加时长',
    align: 'end',
    render: (line) => `${line.minutes} 分钟`,
    sortBy: (line) => line.minutes,
  },
  {
    key: 'rate',
    title: '出勤率',
    align: 'end',
    render: (line) => <b>{rate(line)}</b>,
    sortBy: (line) => line.ratePerMille ?? -1,
    phone: 'mark',
  },
]

/** Attendance of each person between two days; exports with the length of every activity. */
export function StatisticsPage() {
  const session = useSession()
  const year =
    session.today.slice(5) < '08-01'
      ? Number(session.today.slice(0, 4)) - 1
      : Number(session.today.slice(0, 4))
  const start =
    session.today.slice(5, 7) >= '02' && session.today.slice(5, 7) <= '07'
      ? `${session.today.slice(0, 4)}-02-01`
      : `${year}-08-15`
  const isOffice = useHasRole('academicOffice', 'researchOffice', 'principal', 'districtOfficer')
  // A leader's own group first; without a group the server shows a teacher the own line only.
  const startUnit = isOffice ? '' : (session.leads[0]?.unitId ?? '')
  const [filters, setFilters] = useFilters({
    from: start,
    to: session.today,
    unit: startUnit,
    view: 'people',
  })
  const input = {
    from: filters.from,
    to: filters.to,
    ...(filters.unit === '' ? {} : { unitId: filters.unit }),
  }
  const query = useApi(attendance.listStatistics, input, { keep: true })
  const rows = query.data?.filter((line) => !filters.q || line.name.includes(filters.q))
  const absent = query.data?.reduce((sum, line) => sum + line.absent, 0) ?? 0
  const expected = query.data?.reduce((sum, line) => sum + line.expected, 0) ?? 0
  const came = query.data?.reduce((sum, line) => sum + line.expected - line.absent - line.onLeave, 0) ?? 0
  const dates = (
    <span className="date-span">
      <DateInput aria-label="从" value={filters.from} onChange={(from) => setFilters({ from })} />
      至
      <DateInput aria-label="到" value={filters.to} onChange={(to) => setFilters({ to })} />
    </span>
  )
  return (
    <Page
      title="出勤统计"
      width="wide"
      actions={<LinkButton to={paths.fullAttendance()}>满勤名单</LinkButton>}
      sentence={
        query.data === undefined
          ? '正在统计…'
          : expected === 0
            ? '这段时间没有已结束的活动。'
            : `这段时间应到 ${expected} 人次，实到 ${came} 人次，出勤率 ${Math.round((came / expected) * 1000) / 10}%，缺席 ${absent} 人次。`
      }
    >
      <div className="tools no-print">
        <div className="segments" role="group" aria-label="怎样统计">
          {[
            { value: 'people', label: '按人' },
            { value: 'groups', label: '按组、类别、月' },
            { value: 'absences', label: '缺席与限度' },
          ].map((tab) => (
            <button
              key={tab.value}
              type="button"
              aria-pressed={filters.view === tab.value}
              onClick={() => setFilters({ view: tab.value })}
            >
              {tab.label}
            </button>
          ))}
        </div>
        {filters.view !== 'people' && dates}
      </div>
      {filters.view !== 'people' && (
        <FiguresView period={input} view={filters.view === 'absences' ? 'absences' : 'groups'} />
      )}
      {filters.view === 'people' && (
        <DataList
          label="出勤统计"
          rows={rows}
          error={query.error}
          retry={query.refetch}
          rowKey={(line) => line.personId}
          columns={columns}
          href={(line) => paths.attendanceBook(line.personId)}
          search="姓名"
          exportHref={fileAddress(attendance.getStatisticsFile, input)}
          filters={
            session.leads.length > 0
              ? [
                  {
                    key: 'unit',
                    start: startUnit,
                    label: '组',
                    all: isOffice ? '全部' : '只看我自己',
                    options: session.leads.map((lead) => ({ value: lead.unitId, label: lead.name })),
                  },
                ]
              : []
          }
          tools={dates}
          empty={{ title: '这段时间没有出勤记录。', sentence: '活动结束后，每个人的出勤会自动列在这里。' }}
        />
      )}
    </Page>
  )
}
