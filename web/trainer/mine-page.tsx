import './trainer.css'
import { contributionKindLabels, invitationKindLabels } from '../../server/trainer/words.ts'
import { LinkButton } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { type Mine, trainer } from './api.ts'
import { StarsText } from './stars.tsx'

/** What an expert was engaged for and gave, in every school of the district, and what people said of it. */
export function MinePage() {
  const query = useApi(trainer.getMine, {})
  return (
    <Page
      title="我的受聘与讲座"
      width="reading"
      query={query}
      sentence={(data) =>
        data.contributions.length === 0
          ? `受聘和受邀 ${data.engagements.length} 项，还没有讲座和指导的记录。`
          : `讲座 ${countOf(data, 'lecture')} 次、指导 ${countOf(data, 'guidance')} 次${data.stars === null ? '' : `，${data.ratings} 人次评价，平均 ${data.stars.toFixed(1)} 星`}。`
      }
      isEmpty={(data) => !data.isTrainer}
      empty={{
        title: '您还不在师资库里。',
        sentence:
          '教导处把您登记为本校师资，或区里把您列为可以请的老师以后，受聘、讲座和老师们的评价都会在这里。',
        action: <LinkButton to={paths.home()}>回首页</LinkButton>,
      }}
    >
      {(data) => (
        <>
          {data.engagements.length > 0 && (
            <Section title="受聘和受邀">
              {data.engagements.map((one) => (
                <div key={`${one.organisationName} ${one.kind} ${one.from}`} className="trainer-line">
                  <div className="trainer-what">
                    <b>{one.subject}</b>
                    <p className="quiet">
                      {one.organisationName} · {invitationKindLabels[one.kind]} · {one.from}
                      {one.to !== null && ` 至 ${one.to}`}
                      {one.letterNumber !== '' && ` · 聘书 ${one.letterNumber}`}
                    </p>
                  </div>
                </div>
              ))}
            </Section>
          )}
          <Section title="讲座和指导">
            {data.contributions.length === 0 && (
              <p className="quiet">还没有记录；学校登记以后会出现在这里。</p>
            )}
            {data.contributions.map((one) => (
              <div key={`${one.organisationName} ${one.heldOn} ${one.subject}`} className="trainer-line">
                <div className="trainer-what">
                  <b>{one.subject}</b>
                  <p className="quiet">
                    {one.organisationName} · {contributionKindLabels[one.kind]} · {dayText(one.heldOn)} ·{' '}
                    {one.minutes} 分钟 · {one.forWhom}
                    {one.people > 0 && ` ${one.people} 人`}
                  </p>
                  {one.comments.length > 0 && (
                    <ul className="trainer-comments">
                      {[...new Set(one.comments)].map((comment) => (
                        <li key={comment}>“{comment}”</li>
                      ))}
                    </ul>
                  )}
                </div>
                <StarsText stars={one.stars} ratings={one.ratings} />
              </div>
            ))}
          </Section>
        </>
      )}
    </Page>
  )
}

const countOf = (data: Mine, kind: 'lecture' | 'guidance') =>
  data.contributions.filter((one) => one.kind === kind).length
