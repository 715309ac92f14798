import { weekdayLabels } from '../../server/slot/words.ts'
import { useHasRole } from '../access/session.ts'
import { LinkButton } from '../kit/link.tsx'
import { Empty, ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { slot } from '../slot/api.ts'

const parityWords = { every: '', odd: '（单周）', even: '（双周）' } as const

/** My lessons of the term: periods down, weekdays across. */
export function MyTimetable() {
  const query = useApi(slot.getTimetable, {})
  const mayImport = useHasRole('academicOffice')
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="board" rows={8} />
    )
  const { mine, periods, termName, lessons } = query.data
  if (mine.length === 0)
    return (
      <Empty
        title={lessons === 0 ? '还没有导入课表。' : '课表里没有您的课。'}
        sentence={
          lessons === 0
            ? '教导处在“作息和课表”里导入全校课表以后，每位老师都能在这里看到自己的课。'
            : '如果您有课，请教导处核对课表里的姓名或工号。'
        }
        action={mayImport && lessons === 0 && <LinkButton to={paths.timetable()}>导入课表</LinkButton>}
      />
    )
  const width = Math.max(5, ...mine.map((one) => one.weekday))
  const last = Math.max(...mine.map((one) => one.period))
  return (
    <div className="agenda-scroll">
      <table className="timetable">
        <caption>
          {termName}，每周 {mine.length} 节课
        </caption>
        <thead>
          <tr>
            <th scope="col">节次</th>
            {weekdayLabels.slice(0, width).map((label) => (
              <th key={label} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {periods
            .filter((period) => period.number <= Math.max(last, 6))
            .map((period) => (
              <tr key={period.number}>
                <th scope="row">
                  <b>第{period.number}节</b>
                  <span className="quiet">
                    {period.starts}–{period.ends}
                  </span>
                </th>
                {weekdayLabels.slice(0, width).map((label, index) => {
                  const own = mine.filter((one) => one.weekday === index + 1 && one.period === period.number)
                  return (
                    <td key={label} className={own.length > 0 ? 'timetable-taught' : undefined}>
                      {own.map((one) => (
                        <p key={one.parity}>
                          {one.what}
                          {parityWords[one.parity]}
                        </p>
                      ))}
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
