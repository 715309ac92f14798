import { Button } from 'antd'
import type { FindingState } from '../../engine/types.ts'
import { surveyStatusLabels } from '../../server/need/words.ts'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton } from '../kit/link.tsx'
import { Empty } from '../kit/page.tsx'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import type { Overview, SurveyLine } from './api.ts'

/** How a survey stands, with its shape. */
export function surveyMark(survey: SurveyLine): { state: FindingState; word: string } {
  if (survey.waits) return { state: 'dueSoon', word: '等您回答' }
  if (survey.isOver) return { state: 'partly', word: '已到期' }
  return {
    state: survey.status === 'closed' ? 'done' : 'open',
    word: surveyStatusLabels[survey.status],
  }
}

/** Surveys: those to answer, and for those who plan all of them. */
export function SurveyList({ overview, add }: { overview: Overview; add: () => void }) {
  const organises = overview.abilities.organise === null
  const label = (id: string) => overview.layers.find((layer) => layer.id === id)?.label ?? id
  if (overview.surveys.length === 0)
    return (
      <Empty
        title="还没有需求问卷。"
        sentence={
          organises
            ? '题目和选项已按本校制度的内容和形式拟好，选好截止日就能发出，教师在手机上点选，用不了一分钟。'
            : '学校发问卷时，首页会提示您回答。'
        }
        {...(organises
          ? {
              action: (
                <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={add}>
                  发问卷
                </Button>
              ),
            }
          : {})}
      />
    )
  return (
    <ul className="cards need-cards">
      {overview.surveys.map((survey) => (
        <li key={survey.id} className="card need-card">
          <div className="card-head">
            <Link to={paths.survey(survey.id)} className="card-title card-cover">
              {survey.title}
            </Link>
            <StateMark {...surveyMark(survey)} />
          </div>
          <p className="quiet">
            {survey.questions} 题 · {survey.layers.map(label).join('、')}
            {survey.anonymous && ' · 不记名'} · {dayText(survey.dueOn)}截止
          </p>
          {survey.status !== 'draft' && (
            <p>
              {survey.asked} 人中 {survey.answered} 人已答
            </p>
          )}
          {survey.waits && (
            <LinkButton type="primary" to={paths.survey(survey.id)} className="need-over">
              回答
            </LinkButton>
          )}
        </li>
      ))}
    </ul>
  )
}
