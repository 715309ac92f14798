import { organiserLabels } from '../../server/attendance/words.ts'
import { makeUpStatusLabels } from '../../server/activity/words.ts'
import { Link } from '../kit/link.tsx'
import { Empty, ErrorNotice, Section, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { attendanceBook } from './api.ts'
import type { Figures } from './api.ts'

interface Period {
  from: string
  to: string
  unitId?: string
}

/** Figures by group, kind and month; absences without leave; limits of the regime. */
export function FiguresView({ period, view }: { period: Period; view: 'groups' | 'absences' }) {
  const query = useApi(attendanceBook.getFigures, period, { keep: true })
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="list" rows={8} />
    )
  return view === 'groups' ? <Groups figures={query.data} /> : <Absences figures={query.data} />
}

function Groups({ figures }: { figures: Figures }) {
  if (figures.byUnit.length === 0)
    return (
      <div className="sheet">
        <Empty
          title="这段时间没有已结束的活动。"
          sentence="活动结束后，各组、各类活动和各月的出勤率列在这里。"
        />
      </div>
    )
  return (
    <>
      <Table title="各组" first="组织" lines={figures.byUnit} />
      <Table title="各类活动" first="类别" lines={figures.byKind} />
      <Table title="各月" first="月份" lines={figures.byMonth} />
      {figures.byOrganiser.length > 0 && (
        <Section title="上级培训">
          <ul>
            {figures.byOrganiser.map((line) => (
              <li key={line.organiser}>
                {organiserLabels[line.organiser]}：{line.trainings} 次，参加 {line.attended} 人次
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

const columns = [
  { key: 'activities', title: '活动' },
  { key: 'expected', title: '应到' },
  { key: 'present', title: '出席' },
  { key: 'late', title: '迟到' },
  { key: 'leftEarly', title: '早退' },
  { key: 'onLeave', title: '请假' },
  { key: 'absent', title: '缺席' },
] as const

function Table({ title, first, lines }: { title: string; first: string; lines: Figures['byUnit'] }) {
  return (
    <Section title={title} plain>
      <div className="table-scroll sheet">
        <table className="table figures-table">
          <thead>
            <tr>
              <th>{first}</th>
              {columns.map(({ key, title: word }) => (
                <th key={key} className="figure">
                  {word}
                </th>
              ))}
              <th className="figure">出勤率</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <td>{line.label}</td>
                {columns.map(({ key }) => (
                  <td key={key} className={line[key] === 0 ? 'figure quiet' : 'figure'}>
                    {line[key]}
                  </td>
                ))}
                <td className="figure">
                  <b>{line.ratePerMille === null ? '—' : `${line.ratePerMille / 10}%`}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}

function Absences({ figures }: { figures: Figures }) {
  return (
    <>
      <Section title="制度规定的限度" sentence="按现行制度计算；点开看依据和后果。" plain>
        {figures.limits.length === 0 ? (
          <div className="sheet">
            <Empty title="没有人达到或接近出勤的限度。" />
          </div>
        ) : (
          <ul className="sheet limit-lines">
            {figures.limits.map((line) => (
              <li key={`${line.person.id}${line.ruleId}${line.minimumId}`}>
                <Link
                  to={paths.trace({
                    regime: line.regimeId,
                    rule: line.ruleId,
                    minimum: line.minimumId,
                    subjectKind: 'person',
                    subject: line.person.id,
                    period: line.periodId,
                  })}
                >
                  <b>{line.person.name}</b>
                </Link>
                <span>
                  {line.title}：{line.value} {line.unit}
                </span>
                <StateMark
                  state={line.result === null ? 'dueSoon' : 'overdue'}
                  word={line.result ?? '再有一次就达到'}
                />
                <span className="quiet">{line.clause}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="没有请假的缺席" sentence={`这段时间 ${figures.absences.length} 人次。`} plain>
        {figures.absences.length === 0 ? (
          <div className="sheet">
            <Empty title="没有无故缺席。" />
          </div>
        ) : (
          <ul className="sheet limit-lines">
            {figures.absences.map((line) => (
              <li key={`${line.person.id}${line.activity.id}`}>
                <Link to={paths.attendanceBook(line.person.id)}>
                  <b>{line.person.name}</b>
                </Link>
                <Link to={paths.activity(line.activity.id)}>{line.activity.theme}</Link>
                <span className="quiet">
                  {dayText(line.activity.day)} · {line.activity.unitName}
                </span>
                {line.makeUp && (
                  <StateMark
                    state={line.makeUp === 'confirmed' ? 'done' : 'open'}
                    word={`补学${makeUpStatusLabels[line.makeUp].replace('待补学', '未交')}`}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}
