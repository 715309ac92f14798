import { Button, Drawer } from 'antd'
import { useId, useState } from 'react'
import { fileAddress } from '../kit/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { Chips } from '../kit/chips.tsx'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { useGo, usePathParams } from '../kit/link.tsx'
import { Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayWithWeekday } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { need, type Question, type Results, type SurveyDetail } from './api.ts'
import { SurveyForm } from './survey-form.tsx'
import { surveyMark } from './survey-list.tsx'
import './need.css'

const stale = ['need', 'home']

/** One survey: to answer by tapping, to read its counts, to change it while a draft. */
export function SurveyPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(need.getSurvey, { id })
  const [changing, setChanging] = useState(false)
  const data = query.data
  return (
    <>
      <Page
        title={data?.title ?? '需求问卷'}
        back={{ to: paths.needs('surveys'), label: '需求和培训' }}
        query={query}
        skeleton="form"
        width="reading"
        sentence={data && <Standing survey={data} />}
        {...(data ? { actions: <Actions survey={data} change={() => setChanging(true)} /> } : {})}
      >
        {(survey) => (
          <>
            {survey.abilities.answer === null && <Answer key={survey.version} survey={survey} />}
            {survey.answeredByMe && survey.abilities.answer !== null && (
              <Notice tone="good">您已经回答，谢谢。</Notice>
            )}
            {survey.status === 'draft' && <Draft survey={survey} />}
            {survey.results && <Counts results={survey.results} />}
            {survey.missing !== null && survey.missing.length > 0 && survey.status === 'open' && (
              <Section title="还没有回答的">
                <p>{survey.missing.join('、')}</p>
              </Section>
            )}
          </>
        )}
      </Page>
      <Drawer
        title="修改问卷"
        size="large"
        open={changing}
        onClose={() => setChanging(false)}
        destroyOnHidden
      >
        {data && <SurveyForm survey={data} done={() => setChanging(false)} />}
      </Drawer>
    </>
  )
}

function Standing({ survey }: { survey: SurveyDetail }) {
  return (
    <>
      <StateMark {...surveyMark(survey)} /> {survey.questions} 题，{dayWithWeekday(survey.dueOn)}截止
      {survey.status !== 'draft' && `，${survey.asked} 人中 ${survey.answered} 人已答`}
      {survey.anonymous && '；不记名'}。
    </>
  )
}

function Actions({ survey, change }: { survey: SurveyDetail; change: () => void }) {
  const go = useGo()
  const { id, abilities } = survey
  const open = useCommand(need.openSurvey, {
    invalidate: stale,
    success: (output) => `已发给 ${output.asked} 人`,
  })
  const close = useCommand(need.closeSurvey, { invalidate: stale, success: '问卷已结束，下面是结果' })
  const discard = useCommand(need.discardSurvey, {
    invalidate: stale,
    success: '草稿已删去',
    onSuccess: () => go(paths.needs('surveys'), { replace: true }),
  })
  if (abilities.edit === null)
    return (
      <>
        <Button loading={discard.running} onClick={() => void discard.run({ id })}>
          删去草稿
        </Button>
        <Button onClick={change}>修改</Button>
        <Button type="primary" loading={open.running} onClick={() => void open.run({ id })}>
          发出
        </Button>
      </>
    )
  return (
    <>
      {survey.results && survey.results.hidden === null && (
        <Button icon={<Icon name="download" size={18} />} href={fileAddress(need.getSurveyFile, { id })}>
          导出 Excel
        </Button>
      )}
      {abilities.close === null && (
        <Button loading={close.running} onClick={() => void close.run({ id })}>
          结束问卷
        </Button>
      )}
      {survey.status !== 'draft' && <Propose survey={survey} />}
    </>
  )
}

/** Makes modules of the results in the plan of this term. */
function Propose({ survey }: { survey: SurveyDetail }) {
  const go = useGo()
  const overview = useApi(
    need.getOverview,
    survey.abilities.close === null || survey.status === 'closed' ? {} : null,
  )
  const propose = useCommand(need.proposeModules, {
    success: (output) => `按结果加了 ${output.made} 个模块，请看形式、学时和负责人`,
    onSuccess: () => go(paths.needs('plan')),
  })
  const term = overview.data?.term
  if (!term || overview.data?.abilities.organise !== null) return null
  return (
    <DisabledBecause
      type={survey.modules === 0 ? 'primary' : 'default'}
      reason={survey.abilities.propose}
      loading={propose.running}
      onClick={() => void propose.run({ id: survey.id, termId: term.id })}
    >
      {survey.modules === 0 ? '按结果生成培训模块' : '按结果补充模块'}
    </DisabledBecause>
  )
}

type Given = Record<string, string[]>

function Answer({ survey }: { survey: SurveyDetail }) {
  const [given, setGiven] = useState<Given>(survey.myAnswers ?? {})
  const send = useCommand(need.answerSurvey, {
    inline: true,
    invalidate: stale,
    success: '已交，谢谢',
  })
  const open = survey.questionList.filter(
    (question) => question.kind !== 'text' && (given[question.id] ?? []).length === 0,
  )
  return (
    <section className="sheet need-answer" aria-label="回答问卷">
      {survey.note !== '' && <p>{survey.note}</p>}
      <ol>
        {survey.questionList.map((question, index) => (
          <li key={question.id}>
            <QuestionInput
              question={question}
              index={index}
              value={given[question.id] ?? []}
              onChange={(value) => {
                send.reset()
                setGiven((now) => ({ ...now, [question.id]: value }))
              }}
            />
          </li>
        ))}
      </ol>
      {send.error && (
        <p className="form-error" role="alert">
          {send.error.message}
        </p>
      )}
      <div className="form-actions">
        <Button
          type="primary"
          size="large"
          loading={send.running}
          disabled={open.length > 0}
          onClick={() => void send.run({ id: survey.id, answers: given })}
        >
          {survey.answeredByMe ? '改好了，重新交' : '交卷'}
        </Button>
        <span className="quiet">
          {open.length > 0
            ? `还有 ${open.length} 题没有选`
            : survey.anonymous
              ? '不记名，交了就不能再改'
              : '截止日以前可以再改；只有自己和教导处看得到'}
        </span>
      </div>
    </section>
  )
}

function QuestionInput({
  question,
  index,
  value,
  onChange,
}: {
  question: Question
  index: number
  value: string[]
  onChange: (value: string[]) => void
}) {
  const id = useId()
  if (question.kind === 'text')
    return (
      <>
        <label htmlFor={id} className="need-question">
          {index + 1}. {question.label}
        </label>
        <GrowingText
          id={id}
          rows={2}
          value={value[0] ?? ''}
          onChange={(text) => onChange(text === '' ? [] : [text.slice(0, 500)])}
        />
      </>
    )
  const one = question.kind === 'one' || question.most === 1
  return (
    <>
      <p className="need-question">
        {index + 1}. {question.label}
        {!one && <span className="quiet">最多选 {question.most} 项</span>}
      </p>
      <Chips
        label={question.label}
        options={question.options}
        isChosen={(option) => value.includes(option)}
        onTap={(option) => {
          if (value.includes(option)) onChange(value.filter((other) => other !== option))
          else if (one) onChange([option])
          else if (value.length < question.most) onChange([...value, option])
        }}
      />
    </>
  )
}

function Draft({ survey }: { survey: SurveyDetail }) {
  return (
    <Section title="题目">
      <ol className="need-draft">
        {survey.questionList.map((question, index) => (
          <li key={question.id}>
            <p className="need-question">
              {index + 1}. {question.label}
            </p>
            <p className="quiet">
              {question.kind === 'text'
                ? '自己写'
                : question.options.map((option) => option.label).join(' / ')}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** Counts of every option, the most wanted first; on wide screens by layer. */
function Counts({ results }: { results: Results }) {
  if (results.hidden !== null) return <Notice>{results.hidden}</Notice>
  // A layer to which all belong says nothing beside the sum.
  const layers = results.layers.filter((layer) => layer.asked > 0 && layer.asked < results.asked)
  const places = layers.map((layer) => results.layers.indexOf(layer))
  return (
    <Section
      title="结果"
      sentence={results.layers
        .filter((layer) => layer.asked > 0)
        .map((layer) => `${layer.label} ${layer.answered}/${layer.asked} 人已答`)
        .join('，')}
    >
      {results.questions.map((question, index) => (
        <div key={question.id} className="need-counts">
          <h3>
            {index + 1}. {question.label}
          </h3>
          {question.kind === 'text' ? (
            <ul className="need-texts">
              {question.texts.map((one) => (
                <li key={`${one.personName ?? ''}${one.text}`}>
                  {one.text}
                  {one.personName !== null && <span className="quiet"> {one.personName}</span>}
                </li>
              ))}
              {question.texts.length === 0 && <li className="quiet">没有文字意见。</li>}
            </ul>
          ) : (
            <table className="need-table">
              <thead>
                <tr>
                  <th>选项</th>
                  <th className="need-wide">人数</th>
                  {layers.length > 0 && layers.map((layer) => <th key={layer.id}>{layer.label}</th>)}
                </tr>
              </thead>
              <tbody>
                {question.options.map((option) => (
                  <tr key={option.id}>
                    <td>{option.label}</td>
                    <td className="need-wide">
                      <span className="need-count">
                        <span className="need-track" aria-hidden="true">
                          <span
                            className="need-done"
                            style={{
                              width: `${results.answered === 0 ? 0 : ((option.count ?? 0) / results.answered) * 100}%`,
                            }}
                          />
                        </span>
                        {option.count ?? '—'}
                      </span>
                    </td>
                    {layers.length > 0 &&
                      places.map((place) => <td key={place}>{option.byLayer[place] ?? '—'}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      ))}
    </Section>
  )
}
