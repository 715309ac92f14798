import { Button } from 'antd'
import { useState } from 'react'
import { lessonScopeLabels, lessonStepLabels } from '../../server/lesson/words.ts'
import { Link, LinkButton, usePathParams } from '../kit/link.tsx'
import { Facts, Notice, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, dayWithWeekday, momentText } from '../kit/words.ts'
import { AboutRecord } from '../exchange/about-record.tsx'
import { paths } from '../paths.ts'
import { files } from '../work/api.ts'
import { Attachments } from '../work/attachments.tsx'
import { ReasonForm } from '../work/reason-form.tsx'
import { CaseActivities } from '../teaching/case-activities.tsx'
import { LessonStudy } from '../teaching/lesson-study.tsx'
import { lesson, lessonMarks } from './api.ts'
import { Comments } from './comments.tsx'
import { LessonRecord } from './lesson-record.tsx'
import type { LessonDetail } from './api.ts'
import { ObserveButton } from './start.tsx'
import { Rate, Ratings, Results } from './rating.tsx'
import './lesson.css'

/** One lesson: what it is, who comes, what was said of it. */
export function LessonPage() {
  const { id } = usePathParams<'id'>()
  const query = useApi(lesson.getLesson, { id })
  const view = query.data
  return (
    <Page
      title={view?.topic ?? '公开课'}
      back={{ to: paths.lessons(), label: '公开课' }}
      query={query}
      sentence={
        view && (
          <>
            {view.teacher.name} · {view.className} · {view.subject} · {dayWithWeekday(view.heldOn)}{' '}
            {view.periodLabel} <StateMark {...lessonMarks[view.status]} />
          </>
        )
      }
      actions={view && <Actions view={view} />}
      skeleton="form"
    >
      {(data) => <Detail view={data} />}
    </Page>
  )
}

function Actions({ view }: { view: LessonDetail }) {
  const leave = useCommand(lesson.leaveLesson, { success: '已取消报名' })
  const enrol = useCommand(lesson.enrol, { success: '已报名，当天在“听课”里打开即可' })
  const give = useCommand(lesson.giveLesson, { success: '已登记，这节课计入任务' })
  const confirm = useCommand(lesson.confirmLesson, { success: '已确认，全校老师可以报名' })
  return (
    <>
      {view.abilities.confirm === null && (
        <Button type="primary" loading={confirm.running} onClick={() => void confirm.run({ id: view.id })}>
          确认
        </Button>
      )}
      {view.abilities.give === null && (
        <Button type="primary" loading={give.running} onClick={() => void give.run({ id: view.id })}>
          已上完
        </Button>
      )}
      {view.myObservationId !== null ? (
        <LinkButton to={paths.observation(view.myObservationId)}>我的听课记录</LinkButton>
      ) : view.abilities.observe === null ? (
        <ObserveButton id={view.id} size="middle" />
      ) : view.iEnrolled && view.status === 'booked' ? (
        <Button loading={leave.running} onClick={() => void leave.run({ id: view.id })}>
          已报名 · 取消
        </Button>
      ) : (
        view.abilities.enrol === null && (
          <Button type="primary" loading={enrol.running} onClick={() => void enrol.run({ id: view.id })}>
            报名听课
          </Button>
        )
      )}
      {view.abilities.repeat === null && <LinkButton to={paths.newLesson(view.id)}>安排改进课</LinkButton>}
      {view.abilities.change === null && <LinkButton to={paths.changeLesson(view.id)}>调整</LinkButton>}
    </>
  )
}

function Detail({ view }: { view: LessonDetail }) {
  return (
    <>
      {view.status === 'cancelled' && <Notice tone="soon">这节课已取消：{view.reason}</Notice>}
      {view.status === 'booked' && view.reason !== '' && <Notice tone="rest">有调整：{view.reason}</Notice>}
      {view.teacher.leftOn !== null && view.status !== 'given' && view.status !== 'cancelled' && (
        <Notice tone="soon">
          上课教师{view.teacher.name}已离校（{dayText(view.teacher.leftOn)}起），请取消这节课或另行安排。
        </Notice>
      )}
      <Section title="这节课">
        <Facts
          items={[
            { label: '课型', value: `${view.kindLabel} · ${lessonScopeLabels[view.scope]}` },
            ...(view.room === '' ? [] : [{ label: '地点', value: view.room }]),
            ...(view.guideName === null ? [] : [{ label: '指导教师', value: view.guideName }]),
            ...(view.unitName === null ? [] : [{ label: '教研组', value: view.unitName }]),
            ...(view.contentTagLabels.length === 0
              ? []
              : [{ label: '内容', value: view.contentTagLabels.join('、') }]),
            ...(view.note === '' ? [] : [{ label: '请看什么', value: view.note }]),
          ]}
        />
        <Files view={view} />
        <CountsFor view={view} />
      </Section>
      <LessonRecord key={`${view.id}record`} view={view} />
      <LessonStudy lessonId={view.id} topic={view.topic} />
      <Results view={view} />
      <Rate key={`${view.id}${view.myRating ? 'rated' : ''}`} view={view} />
      <Ratings view={view} />
      <Comments view={view} />
      <CaseActivities of={{ room: 'lesson', id: view.id }} title="集体评课" />
      {view.observerList.length > 0 && (
        <Section
          title="听课的老师"
          sentence={`报名 ${view.observers} 人，已交听课记录 ${view.observed} 份。`}
        >
          <ul className="lesson-observers">
            {view.observerList.map((observer) => {
              const own = view.observations.find((one) => one.observerName === observer.name)
              return (
                <li key={observer.personId}>
                  {own ? <Link to={paths.observation(own.id)}>{observer.name}</Link> : observer.name}
                  {observer.observed && <span className="quiet"> 已交记录</span>}
                </li>
              )
            })}
          </ul>
        </Section>
      )}
      {view.series.length > 1 && (
        <Section title="前后几次">
          <ul className="lesson-observers">
            {view.series.map((one) => (
              <li key={one.id}>
                {one.isThis ? (
                  <b>{dayText(one.heldOn)} 这一次</b>
                ) : (
                  <Link to={paths.lesson(one.id)}>
                    {dayText(one.heldOn)}《{one.topic}》
                  </Link>
                )}{' '}
                <span className="quiet">{lessonMarks[one.status].word}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {view.status === 'given' && <AboutRecord room="lesson" id={view.id} title="课后交流" />}
      <Section title="经过">
        <ol className="lesson-history">
          {view.steps.map((step) => (
            <li key={`${step.at}${step.step}`}>
              {lessonStepLabels[step.step]}
              {step.detail !== '' && `：${step.detail}`}
              {step.reason !== '' && `（${step.reason}）`}
              <span className="quiet">
                {' '}
                {step.personName ?? ''} {momentText(step.at)}
              </span>
            </li>
          ))}
        </ol>
        <Ending view={view} />
      </Section>
    </>
  )
}

/** For which rules it has counted; before it was given, what the regime asks of lessons of this kind. */
function CountsFor({ view }: { view: LessonDetail }) {
  if (view.counted.length > 0)
    return (
      <p className="lesson-counts">
        计入
        {view.counted.map((rule) => (
          <Link
            key={`${rule.ruleId}${rule.minimumId}${rule.periodId}`}
            to={paths.trace({
              rule: rule.ruleId,
              subjectKind: 'person',
              subject: rule.personId,
              period: rule.periodId,
              minimum: rule.minimumId,
              regime: rule.regimeId,
            })}
          >
            {rule.title} <span className="clause">{rule.clause}</span>
          </Link>
        ))}
      </p>
    )
  return view.expected.map((quota) => (
    <p key={`${quota.clause}${quota.text}`} className="quiet">
      上完后可计入——{quota.who}：{quota.text} <span className="clause">{quota.clause}</span>
    </p>
  ))
}

function Files({ view }: { view: LessonDetail }) {
  const query = useApi(files.listAttachments, { room: 'lesson', id: view.id })
  const mayChange = view.abilities.change === null || view.abilities.takeBack === null
  if (!mayChange && (query.data?.length ?? 0) === 0) return null
  return (
    <div className="lesson-field">
      <span className="field-label">教案和课件</span>
      <Attachments room="lesson" id={view.id} attachments={query.data ?? []} canChange={mayChange} />
    </div>
  )
}

function Ending({ view }: { view: LessonDetail }) {
  const [asked, setAsked] = useState<'no' | 'cancel' | 'takeBack'>('no')
  const done = () => setAsked('no')
  const cancel = useCommand(lesson.cancelLesson, { success: '已取消，报名的老师能看到原因', onSuccess: done })
  const takeBack = useCommand(lesson.takeBackGiven, { success: '已更正，这节课不再计入', onSuccess: done })
  if (asked !== 'no')
    return (
      <ReasonForm
        label={asked === 'cancel' ? '为什么取消' : '为什么更正'}
        placeholder={asked === 'cancel' ? '例如：外出培训，另定时间' : '例如：那天停电，没有上成'}
        submit={asked === 'cancel' ? '取消这节课' : '更正为未上'}
        cancel="再想想"
        running={cancel.running || takeBack.running}
        onSubmit={(reason) => void (asked === 'cancel' ? cancel : takeBack).run({ id: view.id, reason })}
        onCancel={done}
      />
    )
  return (
    <div className="form-actions no-print">
      {view.abilities.cancel === null && <Button onClick={() => setAsked('cancel')}>取消这节课</Button>}
      {view.abilities.takeBack === null && <Button onClick={() => setAsked('takeBack')}>更正为未上</Button>}
    </div>
  )
}
