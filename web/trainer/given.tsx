import { Button } from 'antd'
import { contributionKindLabels } from '../../server/trainer/words.ts'
import { DataList, type ListColumn } from '../kit/data-list.tsx'
import { ChoiceInput } from '../kit/form.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Section } from '../kit/page.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import type { Contribution, Year } from './api.ts'
import { StarsText } from './stars.tsx'
import type { Task } from './trainers-page.tsx'

const figure = (
  title: string,
  amount: (one: Year['years'][number]) => number,
  unit: string,
): ListColumn<Year['years'][number]> => ({
  key: title,
  title,
  align: 'end',
  sortBy: amount,
  render: (one) => (amount(one) === 0 ? '—' : `${amount(one)} ${unit}`),
})

/** What was given in a school year: the figures of each trainer, and every lecture and guidance. */
export function Given({ year, open }: { year: Year; open: (task: Task) => void }) {
  const [, setFilters] = useFilters({ year: '' })
  const seesFees = year.abilities.fee === null
  const total = year.years.reduce((sum, one) => sum + (one.fee ?? 0), 0)
  return (
    <>
      <Section
        title="年度统计"
        plain
        aside={
          year.schoolYears.length > 1 && (
            <ChoiceInput
              aria-label="学年"
              value={year.schoolYear?.id ?? ''}
              onChange={(value) => setFilters({ year: value })}
              options={year.schoolYears.map((one) => ({ value: one.id, label: one.label }))}
            />
          )
        }
        {...(seesFees && total > 0 ? { sentence: `费用合计 ${total} 元。` } : {})}
      >
        <DataList
          label="年度统计"
          rows={year.years}
          rowKey={(one) => one.trainerId}
          columns={[
            {
              key: 'name',
              title: '姓名',
              render: (one) => <b className="trainer-name">{one.name}</b>,
              phone: 'title',
            },
            {
              key: 'kind',
              title: '类别',
              render: (one) => `${one.levelLabel}${one.kindLabel}`,
              phone: 'mark',
            },
            figure('讲座', (one) => one.lectures, '次'),
            figure('指导', (one) => one.guidances, '次'),
            figure('时长', (one) => one.minutes, '分钟'),
            figure('受益', (one) => one.people, '人次'),
            {
              key: 'stars',
              title: '评价',
              sortBy: (one) => one.stars ?? 0,
              render: (one) => <StarsText stars={one.stars} />,
            },
            ...(seesFees ? [figure('费用', (one) => one.fee ?? 0, '元')] : []),
          ]}
          empty={{ title: `${year.schoolYear?.label ?? '这一学年'}还没有讲座和指导。` }}
        />
      </Section>
      <Section title="讲座和指导" plain>
        <DataList
          label="讲座和指导"
          rows={year.contributions}
          rowKey={(one) => one.id}
          columns={[
            {
              key: 'subject',
              title: '题目或内容',
              phone: 'title',
              render: (one) => (
                <>
                  {one.activity ? (
                    <Link to={paths.activity(one.activity.id)} className="table-link">
                      {one.subject}
                    </Link>
                  ) : (
                    <b>{one.subject}</b>
                  )}
                  {one.comments.length > 0 && (
                    <ul className="trainer-comments quiet">
                      {[...new Set(one.comments)].map((comment) => (
                        <li key={comment}>“{comment}”</li>
                      ))}
                    </ul>
                  )}
                </>
              ),
            },
            { key: 'day', title: '日期', render: (one) => dayText(one.heldOn), sortBy: (one) => one.heldOn },
            { key: 'kind', title: '形式', render: (one) => contributionKindLabels[one.kind], phone: 'mark' },
            {
              key: 'giver',
              title: '主讲、指导',
              render: (one) => `${one.giverName}${one.levelLabel === '' ? '' : ` · ${one.levelLabel}`}`,
            },
            {
              key: 'forWhom',
              title: '对象',
              render: (one) => `${one.forWhom}${one.people > 0 ? ` · ${one.people} 人` : ''}`,
            },
            {
              key: 'stars',
              title: '评价',
              sortBy: (one) => one.stars ?? 0,
              render: (one) => <StarsText stars={one.stars} ratings={one.ratings} />,
            },
            ...(seesFees
              ? [
                  {
                    key: 'fee',
                    title: '费用',
                    align: 'end' as const,
                    render: (one: Contribution) => (one.fee == null ? '' : `${one.fee} 元`),
                  },
                ]
              : []),
            ...(year.contributions.some((one) => one.abilities.withdraw === null)
              ? [
                  {
                    key: 'acts',
                    title: '操作',
                    render: (one: Contribution) => (
                      <span className="trainer-acts no-print">
                        {one.abilities.fee === null && (
                          <Button
                            type="link"
                            size="small"
                            onClick={() => open({ what: 'fee', contribution: one })}
                          >
                            费用
                          </Button>
                        )}
                        {one.abilities.withdraw === null && (
                          <Button
                            type="link"
                            size="small"
                            onClick={() => open({ what: 'withdrawContribution', contribution: one })}
                          >
                            作废
                          </Button>
                        )}
                      </span>
                    ),
                  },
                ]
              : []),
          ]}
          empty={{
            title: '还没有讲座和指导。',
            sentence: '安排活动时选了主讲人，活动结束后会自动记在这里；没有排进活动的可以直接登记。',
          }}
        />
      </Section>
    </>
  )
}
