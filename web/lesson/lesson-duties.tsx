import { RuleMatrix } from '../board/parts.tsx'
import { Empty, ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'

/** Who owes which lessons (or observations) by the regimes, and how far everybody is; each figure opens its explanation. */
export function LessonDuties({ of }: { of: 'given' | 'observed' }) {
  const query = useApi(lesson.listDuties, { of })
  const { data } = query
  if (data === undefined)
    return query.error ? <ErrorNotice error={query.error} retry={query.refetch} /> : <Skeleton />
  if (data.rows.length === 0)
    return (
      <Empty
        title={of === 'given' ? '现行制度没有规定谁该上几节课。' : '现行制度没有规定谁该听几节课。'}
        sentence="学校采用的制度写了节数以后，这里会列出每个人的进度。"
      />
    )
  return (
    <section
      aria-label={of === 'given' ? '谁该上课' : '谁该听课'}
      // A bar is read better when it is not as long as the page.
      style={{ maxWidth: `${14 + Math.max(2, data.columns.length) * 17}rem` }}
    >
      <ul className="lesson-quotas">
        {data.quotas.map((quota) => (
          <li key={`${quota.clause}${quota.text}`}>
            <b>{quota.who}</b>：{quota.text} <span className="clause">{quota.clause}</span>
          </li>
        ))}
      </ul>
      <p className="section-sentence">
        {data.termName} {data.rows.length} 人中 {data.done} 人已完成
        {data.behind === 0 ? '，没有人逾期。' : `，${data.behind} 人逾期，排在前面。`}
      </p>
      <RuleMatrix
        matrix={data}
        label={of === 'given' ? '谁该上课' : '谁该听课'}
        rowTitle="教师"
        rowHref={(row) => paths.boardPerson(row.subject.id)}
        termId={data.termId}
      />
    </section>
  )
}
