import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DataList } from '../kit/data-list.tsx'
import type { ListColumn } from '../kit/data-list.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { useFilters } from '../kit/link.tsx'
import { Page } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { paths } from '../paths.ts'
import { attendanceBook } from './api.ts'
import './attendance.css'

type Line = Awaited<ReturnType<typeof attendanceBook.getFullAttendance>>['lines'][number]

const columns: ListColumn<Line>[] = [
  { key: 'name', title: '姓名', render: (line) => line.person.name, phone: 'title' },
  { key: 'units', title: '所在组', render: (line) => line.unitNames, phone: 'hidden' },
  {
    key: 'expected',
    title: '应到',
    align: 'end',
    render: (line) => line.expected,
    sortBy: (line) => line.expected,
    phone: 'hidden',
  },
  {
    key: 'full',
    title: '满勤',
    phone: 'mark',
    render: (line) =>
      line.isFull === null ? (
        <span className="quiet">本月无活动</span>
      ) : (
        <StateMark state={line.isFull ? 'done' : 'open'} word={line.isFull ? '满勤' : '不满勤'} />
      ),
    sortBy: (line) => (line.isFull === null ? 2 : line.isFull ? 0 : 1),
  },
  { key: 'because', title: '原因', render: (line) => line.because.join('；') },
]

/** The months up to and with this one, the latest first, as choices. */
function monthsBefore(month: string, count: number): { value: string; label: string }[] {
  const last = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1
  return Array.from({ length: count }, (_, index) => {
    const year = Math.floor((last - index) / 12)
    const number = ((last - index) % 12) + 1
    return { value: `${year}-${String(number).padStart(2, '0')}`, label: `${year}年${number}月` }
  })
}

/** Who was at everything in a month, and of the others why not; to print and to Excel. */
export function FullPage() {
  const { today } = useSession()
  const [filters, setFilters] = useFilters({ month: today.slice(0, 7), show: '' })
  const input = { dayInMonth: `${filters.month}-01` }
  const query = useApi(attendanceBook.getFullAttendance, input, { keep: true })
  const lines = query.data?.lines
  const expected = lines?.filter((line) => line.isFull !== null)
  const full = expected?.filter((line) => line.isFull)
  const rows = lines?.filter(
    (line) =>
      (!filters.q || line.person.name.includes(filters.q)) &&
      (filters.show === '' || (filters.show === 'full' ? line.isFull === true : line.isFull === false)),
  )
  return (
    <Page
      title="满勤名单"
      width="wide"
      back={{ to: paths.attendance(), label: '出勤统计' }}
      sentence={
        query.data && expected && full
          ? `${Number(filters.month.slice(5))}月有活动的 ${expected.length} 人中，满勤 ${full.length} 人。${query.data.rule}`
          : '正在统计…'
      }
    >
      <DataList
        label="满勤名单"
        rows={rows}
        error={query.error}
        retry={query.refetch}
        rowKey={(line) => line.person.id}
        columns={columns}
        href={(line) => paths.attendanceBook(line.person.id)}
        search="姓名"
        exportHref={fileAddress(attendanceBook.getFullAttendanceFile, input)}
        filters={[
          {
            key: 'show',
            label: '显示',
            all: '全部',
            options: [
              { value: 'full', label: '满勤' },
              { value: 'not', label: '不满勤' },
            ],
          },
        ]}
        tools={
          <ChoiceInput
            aria-label="月份"
            value={filters.month}
            onChange={(month) => setFilters({ month })}
            options={monthsBefore(today.slice(0, 7), 15)}
          />
        }
        empty={{ title: '这个月没有人员。', sentence: '活动结束后，这里列出谁满勤、谁为什么不满勤。' }}
      />
    </Page>
  )
}
