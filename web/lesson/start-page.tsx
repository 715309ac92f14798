import { Button } from 'antd'
import { useState } from 'react'
import { addDays } from '../../engine/days.ts'
import { useSession } from '../access/session.ts'
import { ChoiceInput, DateInput } from '../kit/form.tsx'
import { Link, useFilters } from '../kit/link.tsx'
import { Page, Section } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { SuggestInput } from '../kit/suggest-input.tsx'
import { dayText, weekdayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { lesson } from './api.ts'
import { useStart } from './start.tsx'
import { Timetabled } from './timetabled.tsx'
import './lesson.css'

type Answer = Awaited<ReturnType<typeof lesson.listToObserve>>

/** Whose lesson: enrolled and today's lessons first, else teacher and class from lists. */
export function StartObservationPage() {
  const query = useApi(lesson.listToObserve, {})
  const [filters] = useFilters({ kind: '' })
  const drop = filters.kind === 'drop'
  return (
    <Page
      title={drop ? '随时听课' : '开始听课'}
      width="reading"
      back={{ to: paths.observations(), label: '听课' }}
      query={query}
      sentence={
        drop
          ? '推门就听：选教师和班级，听完当场写一句意见、留一条改进要求。'
          : '点一节课就开始记；没有安排的常态课，选教师和班级即可。'
      }
      skeleton="cards"
    >
      {(data) => (
        <>
          {!drop && data.drafts.length > 0 && <Drafts data={data} />}
          {!drop && data.lessons.length > 0 && <Booked data={data} />}
          <Other data={data} drop={drop} />
        </>
      )}
    </Page>
  )
}

function Drafts({ data }: { data: Answer }) {
  return (
    <Section title="没有写完的" plain>
      <ul className="lesson-picks">
        {data.drafts.map((draft) => (
          <li key={draft.id}>
            <Link to={paths.observation(draft.id)} className="lesson-pick">
              <b>{draft.topic === '' ? `${draft.className}${draft.subject}` : draft.topic}</b>
              <span className="quiet">
                {draft.teacher.label} · {dayText(draft.heldOn)} {weekdayText(draft.heldOn)} · 已记{' '}
                {draft.notes} 条
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Booked({ data }: { data: Answer }) {
  const session = useSession()
  const start = useStart()
  return (
    <Section title="今天的课和已报名的课" plain>
      <ul className="lesson-picks">
        {data.lessons.map((line) => (
          <li key={line.id}>
            <button
              type="button"
              className="lesson-pick"
              disabled={start.running}
              onClick={() => void start.run({ lessonId: line.id })}
            >
              <b>{line.topic}</b>
              <span className="quiet">
                {line.teacher.name} · {line.className} · {line.subject} ·{' '}
                {line.heldOn === session.today ? '今天' : dayText(line.heldOn)} {line.periodLabel}
                {line.iEnrolled && ' · 已报名'}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function Other({ data, drop }: { data: Answer; drop: boolean }) {
  const session = useSession()
  const [search, setSearch] = useState('')
  const [teacherId, setTeacherId] = useState('')
  const [className, setClassName] = useState('')
  const [period, setPeriod] = useState(data.nowPeriod === null ? '' : String(data.nowPeriod))
  const [day, setDay] = useState(session.today)
  const start = useStart()
  const text = search.trim().toLowerCase()
  const found =
    text === ''
      ? []
      : data.teachers.filter((one) => one.label.includes(text) || one.initials.startsWith(text)).slice(0, 12)
  const teacher = data.teachers.find((one) => one.id === teacherId)
  const classes = teacher ? [...new Set([...teacher.classes, ...data.classes])] : data.classes
  return (
    <Section title={drop ? '听谁的课' : '其他课'}>
      <form
        className="lesson-start"
        onSubmit={(event) => {
          event.preventDefault()
          void start.run({
            teacherId,
            className,
            subject: teacher?.subject ?? '',
            period: period === '' ? null : Number(period),
            heldOn: day,
            dropIn: drop,
          })
        }}
      >
        <label className="field">
          <span className="field-label">教师</span>
          {teacher ? (
            <span className="lesson-chosen">
              {teacher.label}
              <span className="quiet">{teacher.subject}</span>
              <Button size="small" onClick={() => setTeacherId('')}>
                换一位
              </Button>
            </span>
          ) : (
            <input
              className="native-input"
              value={search}
              placeholder="姓名或拼音首字母"
              autoComplete="off"
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
        </label>
        {!teacher && text !== '' && (
          <div className="chips" role="group" aria-label="找到的教师">
            {found.map((one) => (
              <button
                key={one.id}
                type="button"
                className="chip"
                onClick={() => {
                  setTeacherId(one.id)
                  setSearch('')
                  if (one.classes[0]) setClassName(one.classes[0])
                }}
              >
                {one.label} <span className="quiet">{one.subject}</span>
              </button>
            ))}
            {found.length === 0 && <span className="quiet">没有找到，换个名字或首字母试试。</span>}
          </div>
        )}
        <Timetabled
          teacherId={teacherId}
          heldOn={day}
          period={period}
          onTap={(chosen) => {
            setPeriod(chosen.period)
            if (chosen.className !== '') setClassName(chosen.className)
          }}
        />
        <SuggestInput
          label="班级"
          value={className}
          onChange={setClassName}
          suggestions={classes}
          maxLength={20}
          placeholder="例如：三（2）班"
        />
        <div className="lesson-pair">
          <label className="field">
            <span className="field-label">第几节</span>
            <ChoiceInput
              value={period}
              onChange={setPeriod}
              empty="不填"
              options={data.periods.map((one) => ({ value: String(one.number), label: one.label }))}
            />
          </label>
          <label className="field">
            <span className="field-label">哪一天</span>
            <DateInput value={day} onChange={setDay} min={addDays(session.today, -30)} max={session.today} />
          </label>
        </div>
        <div className="form-actions">
          <Button
            type="primary"
            size="large"
            htmlType="submit"
            loading={start.running}
            disabled={teacherId === ''}
          >
            开始记录
          </Button>
          {teacherId === '' && <span className="because">先选教师</span>}
        </div>
      </form>
    </Section>
  )
}
