import { Button } from 'antd'
import { useState } from 'react'
import { lessonScopeLabels } from '../../server/lesson/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { fileAddress } from '../kit/api.ts'
import { FilterBar, SearchBox } from '../kit/data-list.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { usePhone } from '../kit/screen.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Owed } from '../work/owed.tsx'
import { ReasonForm } from '../work/reason-form.tsx'
import { lesson, lessonMarks } from './api.ts'
import { LessonDuties } from './lesson-duties.tsx'
import { ObserveButton } from './start.tsx'
import type { LessonLine, LessonList } from './api.ts'
import './lesson.css'

type View = 'open' | 'mine' | 'asked' | 'all' | 'duties'

/** Lessons that colleagues may come to, by day; enrolling is one tap. */
export function LessonsPage() {
  const phone = usePhone()
  const isTeacher = useHasRole('teacher')
  const [filters, setFilters] = useFilters({ view: 'open', kind: '', unit: '' })
  const view = filters.view as View
  const query = useApi(
    lesson.listLessons,
    {
      view: view === 'duties' ? 'all' : view,
      ...(filters.kind ? { kind: filters.kind } : {}),
      ...(filters.unit ? { unitId: filters.unit } : {}),
      ...(filters.q ? { search: filters.q } : {}),
    },
    { keep: true },
  )
  const waiting = query.data?.waiting
  const views: { value: View; label: string }[] = [
    { value: 'open', label: '可听的课' },
    ...(isTeacher ? [{ value: 'mine' as const, label: '我的课' }] : []),
    ...(waiting && waiting.toConfirm > 0
      ? [{ value: 'asked' as const, label: `待确认 ${waiting.toConfirm}` }]
      : []),
    { value: 'all', label: '本学期' },
    ...(query.data?.abilities.duties === null ? [{ value: 'duties' as const, label: '谁该上课' }] : []),
  ]
  return (
    <Page
      title="公开课"
      query={query}
      sentence={query.data && <Standing data={query.data} view={view} />}
      actions={
        isTeacher && (
          <>
            <LinkButton type="primary" to={paths.newLesson()} icon={<Icon name="plus" size={18} />}>
              安排一节课
            </LinkButton>
            <LinkButton to={paths.startObservation()} icon={<Icon name="edit" size={18} />}>
              去听课
            </LinkButton>
          </>
        )
      }
    >
      {(data) => (
        <>
          {data.waiting.toGive > 0 && view !== 'mine' && (
            <Notice
              tone="soon"
              action={
                <Button size="small" onClick={() => setFilters({ view: 'mine' })}>
                  去登记
                </Button>
              }
            >
              您有 {data.waiting.toGive} 节课到了上课的日子还没有登记，上完后点一下“已上完”就计入。
            </Notice>
          )}
          <div className="tools no-print">
            <div className="segments" role="group" aria-label="看哪些课">
              {views.map((one) => (
                <button
                  key={one.value}
                  type="button"
                  aria-pressed={view === one.value}
                  onClick={() => setFilters({ view: one.value === 'open' ? undefined : one.value })}
                >
                  {one.label}
                </button>
              ))}
            </div>
            {!phone && view !== 'duties' && <SearchBox placeholder="课题、教师、班级" />}
            {view !== 'duties' && (
              <FilterBar
                phone={phone}
                filters={[
                  {
                    key: 'kind',
                    label: '课型',
                    all: '全部',
                    options: data.kinds.map((kind) => ({ value: kind.id, label: kind.label })),
                  },
                  {
                    key: 'unit',
                    label: '教研组',
                    all: '全部',
                    options: data.units.map((unit) => ({ value: unit.id, label: unit.label })),
                  },
                ]}
              />
            )}
            <span className="tools-space" />
            {view !== 'asked' && view !== 'duties' && (
              <a
                className="tool-button"
                href={fileAddress(
                  lesson.getLessonsFile,
                  view === 'open' ? { from: data.from, to: data.to } : {},
                )}
                download
              >
                <Icon name="download" size={18} />
                导出
              </a>
            )}
          </div>
          {view === 'duties' ? <LessonDuties of="given" /> : <Days lines={data.lessons} view={view} />}
        </>
      )}
    </Page>
  )
}

function Standing({ data, view }: { data: LessonList; view: View }) {
  return (
    <>
      {sentenceOf(data, view)}
      {data.duties.length > 0 && view !== 'duties' && <Owed keys={data.duties} open={2} />}
    </>
  )
}

function sentenceOf(data: LessonList, view: View): string {
  const range = `${dayText(data.from)}至${dayText(data.to)}`
  if (view === 'duties') return '制度要求上的课，谁上了、谁还差，都在下面；点一格看依据。'
  if (view === 'mine') return `本学期与您有关的课 ${data.lessons.length} 节。`
  if (view === 'asked')
    return data.lessons.length === 0 ? '没有要确认的课。' : `${data.lessons.length} 节课等确认。`
  const open = data.lessons.filter((line) => line.abilities.enrol === null || line.iEnrolled).length
  if (view === 'open')
    return open === 0 ? `${range}还没有可以报名听的课。` : `${range}有 ${open} 节课可以听，点“报名听课”即可。`
  const given = data.lessons.filter((line) => line.status === 'given').length
  return `${range}共 ${data.lessons.length} 节，已上 ${given} 节。`
}

function Days({ lines, view }: { lines: LessonLine[]; view: View }) {
  const session = useSession()
  const isTeacher = useHasRole('teacher')
  const [filters] = useFilters({ kind: '', unit: '' })
  if (lines.length === 0) {
    const filtered = filters.kind !== '' || filters.unit !== '' || (filters.q ?? '') !== ''
    return (
      <Empty
        title={
          filtered
            ? '没有符合条件的课。'
            : view === 'mine'
              ? '您还没有安排课，也没有报名听课。'
              : '这段时间还没有安排课。'
        }
        sentence={
          filtered ? '换个条件试试。' : '安排一节课只要选时间、班级，写上课题，全校老师就能报名来听。'
        }
        {...(filtered || !isTeacher
          ? {}
          : { action: <LinkButton to={paths.newLesson()}>安排一节课</LinkButton> })}
      />
    )
  }
  const days = [...new Set(lines.map((line) => line.heldOn))]
  const coming = days.filter((day) => day >= session.today)
  const past = days.filter((day) => day < session.today).reverse()
  return (
    <>
      {[...coming, ...past].map((day) => (
        <section key={day} className="lesson-day">
          <h2>
            {dayText(day)} {weekdayText(day)}
            {day === session.today && <span className="lesson-mark">今天</span>}
          </h2>
          <ul className="lesson-lines">
            {lines
              .filter((line) => line.heldOn === day)
              .map((line) => (
                <LessonRow key={line.id} line={line} />
              ))}
          </ul>
        </section>
      ))}
    </>
  )
}

/** One lesson with the one thing that the reader can do about it. */
export function LessonRow({ line }: { line: LessonLine }) {
  return (
    <li className={`lesson-line${line.status === 'cancelled' ? ' lesson-cancelled' : ''}`}>
      <div className="lesson-time">
        <b>{line.periodLabel.split(' ')[0]}</b>
        <span className="quiet">{line.periodLabel.split(' ')[1]}</span>
      </div>
      <div className="lesson-about">
        <Link to={paths.lesson(line.id)} className="lesson-topic">
          {line.topic}
        </Link>
        <p className="quiet">
          {line.teacher.name} · {line.className} · {line.subject} · {line.kindLabel}
          {line.scope === 'organisation' ? '' : `（${lessonScopeLabels[line.scope]}）`}
          {line.room !== '' && ` · ${line.room}`}
        </p>
        {line.teacher.leftOn !== null && line.status !== 'given' && (
          <p className="lesson-warning">
            上课教师已离校（{dayText(line.teacher.leftOn)}起），请取消或另行安排。
          </p>
        )}
        {line.reason !== '' && (
          <p className="lesson-warning">
            {line.status === 'cancelled' ? '取消原因' : '调整原因'}：{line.reason}
          </p>
        )}
      </div>
      <div className="lesson-state">
        {line.status !== 'booked' && <StateMark {...lessonMarks[line.status]} />}
        <span className="quiet lesson-count">
          {line.status === 'given' ? `听课记录 ${line.observed} 份` : `${line.observers} 人报名`}
        </span>
        <LessonAction line={line} />
      </div>
    </li>
  )
}

function LessonAction({ line }: { line: LessonLine }) {
  const session = useSession()
  const [declining, setDeclining] = useState(false)
  const leave = useCommand(lesson.leaveLesson, { success: '已取消报名' })
  const enrol = useCommand(lesson.enrol, {
    success: '已报名，当天在“听课”里打开即可',
    undo: () => leave.run({ id: line.id }),
  })
  const give = useCommand(lesson.giveLesson, { success: '已登记，这节课计入您的任务' })
  const confirm = useCommand(lesson.confirmLesson, { success: '已确认，全校老师可以报名' })
  const decline = useCommand(lesson.declineLesson, { success: '已退回并说明原因' })
  if (line.abilities.confirm === null)
    return declining ? (
      <ReasonForm
        label="为什么不同意"
        placeholder="例如：那天下午全校活动，请改到周四"
        submit="不同意"
        cancel="再想想"
        running={decline.running}
        onSubmit={(reason) => void decline.run({ id: line.id, reason })}
        onCancel={() => setDeclining(false)}
      />
    ) : (
      <span className="lesson-buttons">
        <Button
          size="small"
          type="primary"
          loading={confirm.running}
          onClick={() => void confirm.run({ id: line.id })}
        >
          确认
        </Button>
        <Button size="small" onClick={() => setDeclining(true)}>
          不同意
        </Button>
      </span>
    )
  if (line.isMine && line.abilities.give === null)
    return (
      <Button
        size="small"
        type="primary"
        loading={give.running}
        onClick={() => void give.run({ id: line.id })}
      >
        已上完
      </Button>
    )
  if (line.myObservationId !== null)
    return (
      <LinkButton size="small" to={paths.observation(line.myObservationId)}>
        我的听课记录
      </LinkButton>
    )
  if (line.abilities.observe === null && (line.heldOn === session.today || line.iEnrolled))
    return <ObserveButton id={line.id} />
  if (line.iEnrolled && line.status === 'booked')
    return (
      <Button size="small" loading={leave.running} onClick={() => void leave.run({ id: line.id })}>
        已报名 · 取消
      </Button>
    )
  if (line.abilities.enrol === null)
    return (
      <Button
        size="small"
        type="primary"
        loading={enrol.running}
        onClick={() => void enrol.run({ id: line.id })}
      >
        报名听课
      </Button>
    )
  return null
}
