import { Button } from 'antd'
import { useState } from 'react'
import { addDays } from '../../engine/days.ts'
import { useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { DateInput } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { exchange } from './api.ts'

/** What everybody contributed in a range of days; those who have not yet stand last. */
export function Figures() {
  const { today } = useSession()
  const [range, setRange] = useState({ from: addDays(today, -90), to: today })
  const query = useApi(exchange.listFigures, range, { keep: true })
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton rows={8} />
  const weight = (row: (typeof query.data)[number]) =>
    row.topics + row.questions + row.replies + row.selected + row.courseMinutes / 45
  const rows = query.data.toSorted((a, b) => weight(b) - weight(a))
  const silent = rows.filter((row) => weight(row) === 0)
  return (
    <div className="exchange-figures">
      <div className="form-pair">
        <DateInput
          aria-label="从"
          value={range.from}
          onChange={(from) => from !== '' && from <= range.to && setRange({ ...range, from })}
        />
        <DateInput
          aria-label="到"
          value={range.to}
          onChange={(to) => to !== '' && to >= range.from && setRange({ ...range, to })}
        />
      </div>
      <p>
        {rows.length} 人中 {rows.length - silent.length} 人参与。{' '}
        <Button
          size="small"
          icon={<Icon name="download" size={16} />}
          href={fileAddress(exchange.getFiguresFile, range)}
        >
          导出 Excel
        </Button>
      </p>
      <table className="exchange-table">
        <thead>
          <tr>
            <th>姓名</th>
            <th>话题</th>
            <th>提问</th>
            <th>回复</th>
            <th>解答</th>
            <th>精选</th>
            <th>网络课程</th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter((row) => weight(row) > 0)
            .map((row) => (
              <tr key={row.personId}>
                <td>{row.name}</td>
                <td>{row.topics || '—'}</td>
                <td>{row.questions || '—'}</td>
                <td>{row.replies || '—'}</td>
                <td>{row.answers || '—'}</td>
                <td>{row.selected || '—'}</td>
                <td>{row.courseMinutes === 0 ? '—' : `${row.courseMinutes} 分钟`}</td>
              </tr>
            ))}
        </tbody>
      </table>
      {silent.length > 0 && <p className="quiet">还没有参与的：{silent.map((row) => row.name).join('、')}</p>}
    </div>
  )
}
