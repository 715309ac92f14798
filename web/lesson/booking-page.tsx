import { Button } from 'antd'
import { useState } from 'react'
import { lessonScopeLabels } from '../../server/lesson/words.ts'
import type { LessonScope } from '../../server/lesson/words.ts'
import { useSession } from '../access/session.ts'
import { ChoiceChips, Chips } from '../kit/chips.tsx'
import { ChoiceInput, DateInput } from '../kit/form.tsx'
import { LinkButton, useFilters, useGo, usePathParams } from '../kit/link.tsx'
import { Notice, Page } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { SuggestInput } from '../kit/suggest-input.tsx'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'
import type { BookingChoices, LessonDetail } from './api.ts'
import { Timetabled } from './timetabled.tsx'
import './lesson.css'

interface Values {
  kind: string
  scope: LessonScope
  teacherId: string
  guideId: string
  subject: string
  className: string
  topic: string
  room: string
  heldOn: string
  period: string
  contentTags: string[]
  note: string
  reason: string
}

/** Booking: teacher, subject, class and room are proposed from what is known; only the topic is typed. */
export function BookLessonPage() {
  const [filters] = useFilters({ follows: '' })
  const choices = useApi(lesson.getBookingChoices, {})
  const earlier = useApi(lesson.getLesson, filters.follows === '' ? null : { id: filters.follows })
  const ready = filters.follows === '' || earlier.data !== undefined
  return (
    <Page
      title={filters.follows === '' ? '安排一节课' : '安排改进课'}
      width="reading"
      back={{ to: paths.lessons(), label: '公开课' }}
      query={choices}
      sentence={(data) =>
        data.confirms
          ? '提交后由组长或教导处确认，确认后全校老师就能报名来听。'
          : '提交后马上公布，全校老师都能看到并报名来听。'
      }
      skeleton="form"
    >
      {(data) => ready && <BookingForm choices={data} earlier={earlier.data ?? null} />}
    </Page>
  )
}

export function ChangeLessonPage() {
  const { id } = usePathParams<'id'>()
  const choices = useApi(lesson.getBookingChoices, {})
  const query = useApi(lesson.getLesson, { id })
  return (
    <Page
      title="调整这节课"
      width="reading"
      back={{ to: paths.lesson(id), label: '返回' }}
      query={query}
      sentence={(data) =>
        data.observers > 0
          ? `已有 ${data.observers} 位老师报名，调整时请写明原因。`
          : '还没有人报名，直接改即可。'
      }
      skeleton="form"
    >
      {(data) =>
        data.abilities.change !== null ? (
          <Notice tone="soon">{data.abilities.change}</Notice>
        ) : (
          choices.data && <BookingForm choices={choices.data} lessonToChange={data} earlier={null} />
        )
      }
    </Page>
  )
}

function BookingForm({
  choices,
  earlier,
  lessonToChange,
}: {
  choices: BookingChoices
  earlier: LessonDetail | null
  lessonToChange?: LessonDetail
}) {
  const session = useSession()
  const go = useGo()
  const from = lessonToChange ?? earlier
  const me = choices.teachers.find((teacher) => teacher.id === choices.me)
  const [values, setValues] = useState<Values>(() => {
    const teacher = from ? choices.teachers.find((one) => one.id === from.teacher.id) : me
    return {
      kind:
        lessonToChange?.kind ??
        (earlier
          ? (choices.kinds.find((kind) => kind.id === 'improvedLesson')?.id ?? earlier.kind)
          : (choices.kinds[0]?.id ?? '')),
      scope: from?.scope ?? 'organisation',
      teacherId: teacher?.id ?? '',
      guideId: from?.guideId ?? '',
      subject: from?.subject ?? teacher?.subject ?? '',
      className: lessonToChange?.className ?? (earlier ? '' : (teacher?.classes[0] ?? '')),
      topic: from?.topic ?? '',
      room: from?.room ?? teacher?.rooms[0] ?? '',
      heldOn: lessonToChange?.heldOn ?? session.today,
      period: lessonToChange ? String(lessonToChange.period) : '',
      contentTags: from?.contentTags ?? [],
      note: from?.note ?? '',
      reason: '',
    }
  })
  const change = (part: Partial<Values>) => {
    setValues((now) => ({ ...now, ...part }))
    book.reset()
    alter.reset()
  }
  const book = useCommand(lesson.bookLesson, {
    inline: true,
    invalidate: ['lesson', 'home'],
    success: ({ status }) => (status === 'asked' ? '已提交，等组长或教导处确认' : '已公布，老师们可以报名'),
    onSuccess: ({ id }) => go(paths.lesson(id), { replace: true }),
  })
  const alter = useCommand(lesson.changeLesson, {
    inline: true,
    success: '已调整',
    onSuccess: () => lessonToChange && go(paths.lesson(lessonToChange.id), { replace: true }),
  })
  const command = lessonToChange ? alter : book
  const teachers = choices.bookable
    ? choices.teachers.filter((teacher) => choices.bookable?.includes(teacher.id))
    : choices.teachers
  const teacher = choices.teachers.find((one) => one.id === values.teacherId)
  const error = (name: string) =>
    command.fieldErrors[name] === undefined ? null : (
      <span className="field-error" role="alert">
        {command.fieldErrors[name]}
      </span>
    )
  function send(): void {
    const input = {
      kind: values.kind,
      scope: values.scope,
      teacherId: values.teacherId,
      guideId: values.guideId === '' ? null : values.guideId,
      subject: values.subject,
      className: values.className,
      topic: values.topic,
      room: values.room,
      heldOn: values.heldOn,
      period: Number(values.period),
      contentTags: values.contentTags,
      note: values.note,
    }
    if (lessonToChange) void alter.run({ ...input, id: lessonToChange.id, reason: values.reason })
    else void book.run({ ...input, followsId: earlier?.id ?? null })
  }
  const missing = [
    [values.teacherId, '选择教师'],
    [values.period, '选择第几节'],
    [values.className.trim(), '填写班级'],
    [values.topic.trim(), '写上课题'],
    [values.subject.trim(), '填写学科'],
  ].find(([value]) => value === '')?.[1]
  return (
    <form
      className="sheet lesson-form"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {earlier && <Notice>在《{earlier.topic}》的基础上再上一次，两次的评分会并排显示。</Notice>}
      <fieldset className="field">
        <legend className="field-label">课型</legend>
        <Chips
          label="课型"
          options={choices.kinds}
          isChosen={(kind) => values.kind === kind}
          onTap={(kind) => change({ kind })}
        />
        {error('kind')}
        {choices.quotas
          .filter((quota) => quota.kinds.includes(values.kind))
          .map((quota) => (
            <p key={quota.clause} className="quiet">
              {quota.who}：{quota.text} <span className="clause">{quota.clause}</span>
            </p>
          ))}
      </fieldset>
      <SuggestInput
        label="课题"
        value={values.topic}
        onChange={(topic) => change({ topic })}
        maxLength={60}
        placeholder="例如：分数的初步认识"
        error={error('topic')}
      />
      <div className="lesson-pair">
        <label className="field">
          <span className="field-label">哪一天</span>
          <DateInput
            value={values.heldOn}
            onChange={(heldOn) => change({ heldOn })}
            min={choices.earliest}
            max={choices.latest}
          />
          {error('heldOn')}
        </label>
        <label className="field">
          <span className="field-label">第几节</span>
          <ChoiceInput
            value={values.period}
            onChange={(period) => change({ period })}
            options={choices.periods.map((one) => ({ value: String(one.number), label: one.label }))}
          />
          {error('period')}
        </label>
      </div>
      <Timetabled
        teacherId={values.teacherId}
        heldOn={values.heldOn}
        period={values.period}
        onTap={({ period, className }) => change({ period, ...(className === '' ? {} : { className }) })}
      />
      <div className="lesson-pair">
        <label className="field">
          <span className="field-label">上课教师</span>
          <ChoiceInput
            value={values.teacherId}
            onChange={(teacherId) => {
              const next = choices.teachers.find((one) => one.id === teacherId)
              change({
                teacherId,
                subject: next?.subject ?? values.subject,
                className: next?.classes[0] ?? '',
                room: next?.rooms[0] ?? values.room,
              })
            }}
            disabled={teachers.length <= 1}
            options={teachers.map((one) => ({ value: one.id, label: one.label }))}
          />
          {error('teacherId')}
        </label>
        <SuggestInput
          label="学科"
          value={values.subject}
          onChange={(subject) => change({ subject })}
          suggestions={choices.subjects}
          maxLength={20}
          error={error('subject')}
        />
      </div>
      <div className="lesson-pair">
        <SuggestInput
          label="班级"
          value={values.className}
          onChange={(className) => change({ className })}
          suggestions={[...(teacher?.classes ?? []), ...choices.classes]}
          maxLength={20}
          placeholder="例如：三（2）班"
          error={error('className')}
        />
        <SuggestInput
          label="地点"
          value={values.room}
          onChange={(room) => change({ room })}
          suggestions={choices.rooms}
          optional
          maxLength={20}
          placeholder="本班教室可不填"
          error={error('room')}
        />
      </div>
      <div className="lesson-pair">
        <label className="field">
          <span className="field-label">范围</span>
          <ChoiceInput
            value={values.scope}
            onChange={(scope) => change({ scope: scope as LessonScope })}
            options={Object.entries(lessonScopeLabels).map(([value, label]) => ({ value, label }))}
          />
        </label>
        <label className="field">
          <span className="field-label">
            指导教师<span className="optional">选填</span>
          </span>
          <ChoiceInput
            value={values.guideId}
            onChange={(guideId) => change({ guideId })}
            empty="没有"
            options={choices.teachers
              .filter((one) => one.id !== values.teacherId)
              .map((one) => ({ value: one.id, label: one.label }))}
          />
          {error('guideId')}
        </label>
      </div>
      {choices.contentTags.length > 0 && (
        <fieldset className="field">
          <legend className="field-label">
            内容标签<span className="optional">选填</span>
          </legend>
          <ChoiceChips
            label="内容标签"
            options={choices.contentTags}
            chosen={values.contentTags}
            onChange={(contentTags) => change({ contentTags })}
          />
        </fieldset>
      )}
      <label className="field">
        <span className="field-label">
          请听课老师看什么<span className="optional">选填</span>
        </span>
        <GrowingText
          value={values.note}
          onChange={(note) => change({ note })}
          rows={2}
          placeholder="例如：看学生能不能自己说清二分之一"
        />
      </label>
      {lessonToChange && (
        <SuggestInput
          label="调整原因"
          value={values.reason}
          onChange={(reason) => change({ reason })}
          optional={lessonToChange.observers === 0}
          maxLength={500}
          error={error('reason')}
        />
      )}
      {command.error && (
        <p className="form-error" role="alert">
          {command.error.message}
        </p>
      )}
      <div className="form-actions">
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={command.running}
          disabled={missing !== undefined}
        >
          {lessonToChange ? '保存调整' : choices.confirms ? '提交' : '公布'}
        </Button>
        <LinkButton size="large" to={lessonToChange ? paths.lesson(lessonToChange.id) : paths.lessons()}>
          不{lessonToChange ? '改' : '排'}了
        </LinkButton>
        {missing !== undefined && <span className="because">还要{missing}</span>}
      </div>
    </form>
  )
}
