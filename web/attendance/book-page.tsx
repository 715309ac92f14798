import { Button, Input } from 'antd'
import { useState } from 'react'
import {
  attendanceLabels,
  leaveKindLabels,
  leaveStatusLabels,
  makeUpStatusLabels,
} from '../../server/activity/words.ts'
import type { LeaveKind } from '../../server/activity/words.ts'
import {
  appealStatusLabels,
  finalLabels,
  organiserLabels,
  trainingStatusLabels,
} from '../../server/attendance/words.ts'
import type { FinalStatus } from '../../server/attendance/words.ts'
import { useSession } from '../access/session.ts'
import { attendance } from '../activity/api.ts'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, Page, Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText, dayWithWeekday, rangeText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { attendanceBook } from './api.ts'
import type { Book, BookLine } from './api.ts'
import { ChangeText } from './change-text.tsx'
import './attendance.css'

const tones = {
  signedIn: 'done',
  present: 'done',
  late: 'dueSoon',
  leftEarly: 'dueSoon',
  onLeave: 'excused',
  absent: 'overdue',
} as const
const stale = ['attendanceBook', 'attendance', 'activity', 'inbox', 'regime', 'home']

/** The attendance of one term, activity by activity: what is recorded, why, and what may be done about it. */
export function BookPage() {
  const [filters, setFilters] = useFilters({ person: '', term: '', only: '' })
  const query = useApi(
    attendanceBook.getBook,
    {
      ...(filters.person === '' ? {} : { personId: filters.person }),
      ...(filters.term === '' ? {} : { termId: filters.term }),
    },
    { keep: true },
  )
  return (
    <Page
      title={query.data && !query.data.isMine ? `${query.data.person.name}的考勤` : '我的考勤'}
      width="normal"
      query={query}
      skeleton="cards"
      sentence={sentence}
      actions={<LinkButton to={paths.trainings()}>登记上级培训</LinkButton>}
    >
      {(book: Book) => {
        const shown = book.lines.filter(
          (line) => filters.only === '' || (line.status !== 'present' && line.status !== 'signedIn'),
        )
        return (
          <>
            <div className="tools no-print">
              <ChoiceInput
                aria-label="学期"
                value={filters.term || (book.terms.find((term) => term.from === book.from)?.id ?? '')}
                onChange={(term) => setFilters({ term })}
                options={book.terms.map((term) => ({ value: term.id, label: term.name }))}
              />
              <div className="segments" role="group" aria-label="看哪些">
                <button
                  type="button"
                  aria-pressed={filters.only === ''}
                  onClick={() => setFilters({ only: undefined })}
                >
                  全部
                </button>
                <button
                  type="button"
                  aria-pressed={filters.only !== ''}
                  onClick={() => setFilters({ only: 'open' })}
                >
                  只看例外
                </button>
              </div>
              <span className="tools-space" />
              <Button onClick={() => print()}>打印</Button>
            </div>
            {shown.length === 0 ? (
              <div className="sheet">
                <Empty
                  title={
                    book.lines.length === 0 ? '这学期还没有已结束的活动。' : '没有迟到、早退、请假或缺席。'
                  }
                  sentence={book.lines.length === 0 ? '参加活动签到后，结束时自动记在这里。' : '继续保持。'}
                />
              </div>
            ) : (
              <ul className="leave-lines">
                {shown.map((line) => (
                  <Line key={line.activity.id} line={line} />
                ))}
              </ul>
            )}
            <Section title="上级培训" plain>
              {book.trainings.length === 0 ? (
                <div className="sheet">
                  <Empty
                    title="这学期没有登记上级培训。"
                    sentence="参加了学区、进修学校、市、省的培训，登记后附上证明，学时就会计入。"
                    action={<LinkButton to={paths.trainings()}>登记培训</LinkButton>}
                  />
                </div>
              ) : (
                <ul className="leave-lines">
                  {book.trainings.map((line) => (
                    <li key={line.id} className="sheet leave-line">
                      <div className="leave-head">
                        <Link to={paths.training(line.id)}>
                          <b>{line.title}</b>
                        </Link>
                        <span className="tools-space" />
                        <StateMark
                          state={
                            line.status === 'confirmed'
                              ? 'done'
                              : line.status === 'returned'
                                ? 'overdue'
                                : 'dueSoon'
                          }
                          word={trainingStatusLabels[line.status]}
                        />
                      </div>
                      <p className="quiet">
                        {line.day === line.until ? dayWithWeekday(line.day) : rangeText(line.day, line.until)}{' '}
                        · {organiserLabels[line.organiser]}
                        {line.organiserName && ` ${line.organiserName}`} · {line.minutes} 分钟
                      </p>
                    </li>
                  ))}
                </ul>
              )}
            </Section>
          </>
        )
      }}
    </Page>
  )
}

function sentence(book: Book): string {
  const { counts } = book
  if (counts.expected === 0) return '这学期还没有应到的活动。'
  const parts = (Object.keys(finalLabels) as FinalStatus[])
    .filter((status) => counts[status] > 0)
    .map((status) => `${finalLabels[status]} ${counts[status]} 次`)
  const due = counts.makeUpsDue > 0 ? `还有 ${counts.makeUpsDue} 项补学要交。` : ''
  return `${dayText(book.from)}至今应到 ${counts.expected} 次：${parts.join('，')}。${due}`
}

function Line({ line }: { line: BookLine }) {
  const { today } = useSession()
  const [panel, setPanel] = useState<'appeal' | 'leave' | null>(null)
  const { activity, makeUp, leave, appeal } = line
  return (
    <li className="sheet leave-line">
      <div className="leave-head">
        <Link to={paths.activity(activity.id)}>
          <b>{activity.theme}</b>
        </Link>
        <span className="tools-space" />
        <StateMark state={tones[line.status]} word={attendanceLabels[line.status]} />
      </div>
      <p className="quiet">
        {dayWithWeekday(activity.day, today)} {activity.startTime}—{activity.endTime} · {activity.unitName} ·{' '}
        {activity.kindLabel}
        {line.isGuest && ' · 外组参加'}
      </p>
      <p>{line.explanation}</p>
      {line.changes.length > 0 && (
        <ul className="change-lines">
          {line.changes.map((change) => (
            <li key={change.at} className="quiet">
              <ChangeText change={change} />
            </li>
          ))}
        </ul>
      )}
      {leave && leave.status !== 'granted' && (
        <p className="quiet">
          {leaveKindLabels[leave.kind]}：{leaveStatusLabels[leave.status]}
          {leave.note && `，${leave.note}`}
        </p>
      )}
      {makeUp && (
        <p className={makeUp.isOverdue ? 'overdue-text' : 'quiet'}>
          补学：{makeUpStatusLabels[makeUp.status]}
          {makeUp.status !== 'confirmed' &&
            `，${dayWithWeekday(makeUp.dueOn, today)}前交${makeUp.isOverdue ? '，已过期限' : ''}`}
        </p>
      )}
      {appeal && (
        <p className="quiet">
          申诉（应为{finalLabels[appeal.wanted]}）：{appealStatusLabels[appeal.status]}
          {appeal.answer && `，${appeal.answer}`}
        </p>
      )}
      {panel === null && (line.status !== 'present' || isPartly(line)) && (
        <div className="form-actions no-print">
          {makeUp && (makeUp.status === 'due' || makeUp.status === 'returned') && (
            <LinkButton to={paths.leaves()} type="primary">
              去补学
            </LinkButton>
          )}
          {line.abilities.askLeave === null && <Button onClick={() => setPanel('leave')}>补请假</Button>}
          {line.abilities.appeal === null ? (
            <Button onClick={() => setPanel('appeal')}>记得不对，申诉</Button>
          ) : (
            <span className="quiet">{line.abilities.appeal}</span>
          )}
          {line.abilities.appeal === null && (
            <span className="quiet">{dayWithWeekday(line.appealUntil, today)}前可申诉</span>
          )}
        </div>
      )}
      {panel === 'appeal' && <AppealForm line={line} close={() => setPanel(null)} />}
      {panel === 'leave' && <LeaveForm line={line} close={() => setPanel(null)} />}
    </li>
  )
}

/** Not in all of several sessions. */
function isPartly(line: BookLine): boolean {
  return line.sessions !== null && line.sessions.attended.length < line.sessions.all.length
}

function AppealForm({ line, close }: { line: BookLine; close: () => void }) {
  const command = useCommand(attendanceBook.appealAttendance, {
    inline: true,
    success: '已提交，教导处答复后在这里看到。',
    invalidate: stale,
  })
  // Of several sessions one may be missing though the result is right.
  const wanted = (['present', 'late', 'leftEarly', 'onLeave'] as const).filter(
    (status) => status !== line.status || (status === 'present' && isPartly(line)),
  )
  return (
    <CommandForm
      command={command}
      submit="提交申诉"
      initial={{ wanted: wanted[0] ?? 'present' }}
      toInput={(values: { wanted: FinalStatus; reason: string }) => ({
        activityId: line.activity.id,
        ...values,
      })}
      onDone={close}
      extra={<Button onClick={close}>不申诉了</Button>}
    >
      <Field name="wanted" label="应该记为" required>
        <ChoiceInput options={wanted.map((status) => ({ value: status, label: finalLabels[status] }))} />
      </Field>
      <Field
        name="reason"
        label="理由"
        required
        hint={
          line.sessions === null
            ? '当时在哪里、谁可以证明'
            : '哪一场记得不对，当时在哪里、谁可以证明；教导处按场次更正'
        }
      >
        <Input maxLength={300} autoFocus />
      </Field>
    </CommandForm>
  )
}

function LeaveForm({ line, close }: { line: BookLine; close: () => void }) {
  const command = useCommand(attendance.requestLeave, {
    inline: true,
    success: '已提交，标为事后请假，等教导处审批。',
    invalidate: stale,
  })
  return (
    <CommandForm
      command={command}
      submit="提交请假"
      initial={{ kind: 'personal' as LeaveKind }}
      toInput={(values: { kind: LeaveKind; reason: string }) => ({ activityId: line.activity.id, ...values })}
      onDone={close}
      extra={<Button onClick={close}>不请了</Button>}
    >
      <Field name="kind" label="类别" required>
        <ChoiceInput
          options={(Object.keys(leaveKindLabels) as LeaveKind[]).map((kind) => ({
            value: kind,
            label: leaveKindLabels[kind],
          }))}
        />
      </Field>
      <Field name="reason" label="原因" required>
        <Input maxLength={300} autoFocus />
      </Field>
    </CommandForm>
  )
}
