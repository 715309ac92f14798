import { Button, Input } from 'antd'
import { useState } from 'react'
import {
  attendanceLabels,
  leaveAdviceLabels,
  leaveKindLabels,
  leaveStatusLabels,
  makeUpStatusLabels,
} from '../../server/activity/words.ts'
import { useHasRole, useSession } from '../access/session.ts'
import { attendance } from '../activity/api.ts'
import type { LeaveLine, MakeUpLine } from '../activity/api.ts'
import { GrowingText } from '../kit/autosave-text.tsx'
import { CommandForm, Field } from '../kit/form.tsx'
import { Link, LinkButton, useFilters } from '../kit/link.tsx'
import { Empty, ErrorNotice, Page, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import type { ApiQuery } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayWithWeekday, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { Appeals } from './appeals.tsx'
import { Missed } from './missed.tsx'
import './attendance.css'

/** Leave and make-up: mine; for leaders and 教导处 also what waits for them. */
export function LeavesPage() {
  const { today } = useSession()
  const decidesLeaves = useHasRole('academicOffice', 'principal')
  const decidesMakeUps = useHasRole('groupLeader', 'academicOffice', 'researchOffice', 'principal')
  const [filters, setFilters] = useFilters({ who: decidesLeaves ? 'decide' : 'mine' })
  const mayDecide = decidesLeaves || decidesMakeUps
  const shows = mayDecide ? filters.who : 'mine'
  const leaves = useApi(
    attendance.listLeaves,
    { which: shows === 'mine' ? 'mine' : shows === 'all' ? 'all' : 'waiting' },
    { keep: true },
  )
  const makeUps = useApi(
    attendance.listMakeUps,
    { which: shows === 'mine' ? 'mine' : shows === 'all' ? 'all' : 'toDecide' },
    { keep: true },
  )
  const leaveSection = (
    <Section key="leaves" title="请假" plain>
      <Lines
        query={leaves}
        empty={
          shows === 'mine' ? (
            <Empty
              title="没有请过假。"
              sentence="要请假，请打开那次活动，点“请假”。"
              action={<LinkButton to={paths.activities()}>看活动</LinkButton>}
            />
          ) : (
            <Empty title={shows === 'all' ? '还没有请假。' : '没有待审批的请假。'} />
          )
        }
      >
        {(line) => <Leave key={line.id} line={line} />}
      </Lines>
    </Section>
  )
  const makeUpSection = (
    <Section key="makeUps" title="补学" plain>
      <Lines
        query={makeUps}
        empty={
          <Empty
            title={
              shows === 'mine' ? '没有要补的学习。' : shows === 'all' ? '还没有补学。' : '没有待确认的补学。'
            }
          />
        }
      >
        {(line) => <MakeUp key={line.id} line={line} />}
      </Lines>
    </Section>
  )
  return (
    <Page
      title="请假、补学与申诉"
      width="normal"
      sentence={sentence(shows, today, leaves.data, makeUps.data)}
    >
      {mayDecide && (
        <div className="segments" role="group" aria-label="看哪些">
          {[
            { value: 'decide', label: '等我处理' },
            { value: 'all', label: '全部' },
            { value: 'mine', label: '我的' },
          ].map((tab) => (
            <button
              key={tab.value}
              type="button"
              aria-pressed={shows === tab.value}
              onClick={() => setFilters({ who: tab.value })}
            >
              {tab.label}
            </button>
          ))}
        </div>
      )}
      {shows === 'mine' ? [makeUpSection, leaveSection] : [leaveSection, makeUpSection]}
      <Appeals which={shows === 'mine' ? 'mine' : shows === 'all' ? 'all' : 'waiting'} />
    </Page>
  )
}

function sentence(
  shows: string,
  today: string,
  leaves: LeaveLine[] | undefined,
  makeUps: MakeUpLine[] | undefined,
): string {
  if (!leaves || !makeUps) return '请假或缺席后，要看活动记录补学，组长确认后算完成。'
  if (shows === 'mine') {
    const due = makeUps.filter((line) => line.status === 'due' || line.status === 'returned')
    const next = due[0]
    return next
      ? `您有 ${due.length} 项补学要交，最近的请在 ${dayWithWeekday(next.dueOn, today)} 前交。`
      : '没有要补的学习。'
  }
  const waiting = leaves.filter((line) => line.status === 'asked').length
  const handedIn = makeUps.filter((line) => line.status === 'handedIn').length
  return waiting + handedIn === 0
    ? '没有等您处理的事。'
    : `有 ${waiting} 条请假、${handedIn} 份补学等待处理。`
}

function Lines<Line>({
  query,
  empty,
  children,
}: {
  query: ApiQuery<Line[]>
  empty: React.ReactNode
  children: (line: Line) => React.ReactNode
}) {
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="cards" rows={2} />
    )
  if (query.data.length === 0) return <div className="sheet">{empty}</div>
  return <ul className="leave-lines">{query.data.map(children)}</ul>
}

const leaveTones = {
  asked: 'dueSoon',
  granted: 'done',
  declined: 'overdue',
  withdrawn: 'notApplicable',
} as const
const makeUpTones = { due: 'open', handedIn: 'dueSoon', confirmed: 'done', returned: 'overdue' } as const

function Leave({ line }: { line: LeaveLine }) {
  const { today } = useSession()
  const [declining, setDeclining] = useState(false)
  const [note, setNote] = useState('')
  const stale = ['attendance', 'activity', 'activityLive', 'inbox', 'regime']
  const decide = useCommand(attendance.decideLeave, {
    success: (_, input) => (input.grant ? `已批准${line.person.name}请假。` : '已回复不批准。'),
    invalidate: stale,
  })
  const withdraw = useCommand(attendance.withdrawLeave, { success: '已撤回。', invalidate: stale })
  return (
    <li className="sheet leave-line">
      <div className="leave-head">
        <b>{line.person.name}</b>
        <span>{leaveKindLabels[line.kind]}</span>
        {line.askedLate && <StateMark state="dueSoon" word="事后请假" />}
        {line.clash && <StateMark state="excused" word="公务冲突" />}
        <span className="tools-space" />
        <StateMark state={leaveTones[line.status]} word={leaveStatusLabels[line.status]} />
      </div>
      <p>{line.reason}</p>
      <p className="quiet">
        <Link to={paths.activity(line.activity.id)}>{line.activity.theme}</Link> ·{' '}
        {dayWithWeekday(line.activity.day, today)} {line.activity.startTime} · {line.activity.unitName} ·{' '}
        {momentText(line.askedAt)} 提出
      </p>
      {line.advice && (
        <p className="quiet">
          {line.advice.byName}：{leaveAdviceLabels[line.advice.advice]}
          {line.advice.note && `，${line.advice.note}`}
        </p>
      )}
      {line.decisionNote !== '' && (
        <p className="quiet">
          {line.decidedByName}：{line.decisionNote}
        </p>
      )}
      {line.abilities.advise === null && line.advice === null && <Advise id={line.id} />}
      {line.abilities.decide === null && (
        <div className="form-actions">
          {declining ? (
            <>
              <Input
                autoFocus
                value={note}
                maxLength={300}
                placeholder="为什么不批准，老师会看到"
                onChange={(event) => setNote(event.target.value)}
              />
              <Button
                danger
                loading={decide.running}
                disabled={note.trim() === ''}
                onClick={() => void decide.run({ id: line.id, grant: false, note })}
              >
                不批准并说明
              </Button>
              <Button onClick={() => setDeclining(false)}>返回</Button>
            </>
          ) : (
            <>
              <Button
                type="primary"
                loading={decide.running}
                onClick={() => void decide.run({ id: line.id, grant: true })}
              >
                批准
              </Button>
              <Button onClick={() => setDeclining(true)}>不批准</Button>
            </>
          )}
        </div>
      )}
      {line.abilities.withdraw === null && (
        <div className="form-actions">
          <Button loading={withdraw.running} onClick={() => void withdraw.run({ id: line.id })}>
            撤回
          </Button>
        </div>
      )}
    </li>
  )
}

/** The group leader's word before 教导处 decides. */
function Advise({ id }: { id: string }) {
  const [note, setNote] = useState('')
  const advise = useCommand(attendance.adviseLeave, {
    success: '意见已签，等教导处审批。',
    invalidate: ['attendance', 'inbox'],
  })
  return (
    <div className="form-actions">
      <Input
        value={note}
        maxLength={300}
        placeholder="组长意见，建议不批准时要写"
        onChange={(event) => setNote(event.target.value)}
      />
      <Button loading={advise.running} onClick={() => void advise.run({ id, advice: 'support', note })}>
        建议批准
      </Button>
      <Button
        loading={advise.running}
        disabled={note.trim() === ''}
        onClick={() => void advise.run({ id, advice: 'oppose', note })}
      >
        建议不批准
      </Button>
    </div>
  )
}

function MakeUp({ line }: { line: MakeUpLine }) {
  const { today } = useSession()
  const [open, setOpen] = useState(false)
  const [returning, setReturning] = useState(false)
  const [note, setNote] = useState('')
  const stale = ['attendance', 'inbox', 'regime']
  const handIn = useCommand(attendance.handInMakeUp, {
    inline: true,
    success: '已交，等组长确认。',
    invalidate: stale,
  })
  const decide = useCommand(attendance.decideMakeUp, {
    success: (_, input) => (input.confirm ? '已确认，学时已补上。' : '已退回并说明。'),
    invalidate: stale,
  })
  return (
    <li className="sheet leave-line">
      <div className="leave-head">
        <b>{line.person.name}</b>
        <span>{attendanceLabels[line.missedStatus]}</span>
        <span className="tools-space" />
        {line.isOverdue && line.status !== 'handedIn' ? (
          <StateMark state="overdue" word="已过期限" />
        ) : (
          <StateMark state={makeUpTones[line.status]} word={makeUpStatusLabels[line.status]} />
        )}
      </div>
      <p className="quiet">
        <Link to={paths.activity(line.activity.id)}>{line.activity.theme}</Link> ·{' '}
        {dayWithWeekday(line.activity.day, today)} · {line.activity.unitName} · {line.activity.minutes} 分钟
        {line.status !== 'confirmed' && ` · 请在 ${dayWithWeekday(line.dueOn, today)} 前交`}
      </p>
      {line.note !== '' && (
        <p className="pre-line">
          {line.note}
          <span className="quiet">（{line.minutes} 分钟）</span>
        </p>
      )}
      {line.decisionNote !== '' && (
        <p className="quiet">
          {line.decidedByName}：{line.decisionNote}
        </p>
      )}
      {line.abilities.handIn === null && line.status !== 'handedIn' && !open && (
        <div className="form-actions">
          <Button type="primary" onClick={() => setOpen(true)}>
            {line.status === 'returned' ? '看材料，修改后再交' : '看材料，交补学'}
          </Button>
        </div>
      )}
      {(open || line.abilities.decide === null) && <Missed id={line.id} />}
      {open && (
        <CommandForm
          command={handIn}
          submit="交给组长确认"
          initial={{ note: line.note, minutes: String(line.minutes || line.activity.minutes) }}
          toInput={(values: { note: string; minutes: string }) => ({
            id: line.id,
            note: values.note,
            minutes: Number(values.minutes),
          })}
          onDone={() => setOpen(false)}
          extra={<Button onClick={() => setOpen(false)}>以后再交</Button>}
        >
          <Field name="note" label="学了什么，有什么收获" required>
            <NoteInput />
          </Field>
          <Field name="minutes" label="用了多少分钟" required>
            <Input inputMode="numeric" suffix="分钟" className="short-input" />
          </Field>
        </CommandForm>
      )}
      {line.abilities.decide === null && (
        <div className="form-actions">
          {returning ? (
            <>
              <Input
                autoFocus
                value={note}
                maxLength={300}
                placeholder="要补什么，老师会看到"
                onChange={(event) => setNote(event.target.value)}
              />
              <Button
                danger
                loading={decide.running}
                disabled={note.trim() === ''}
                onClick={() => void decide.run({ id: line.id, confirm: false, note })}
              >
                退回并说明
              </Button>
              <Button onClick={() => setReturning(false)}>返回</Button>
            </>
          ) : (
            <>
              <Button
                type="primary"
                loading={decide.running}
                onClick={() => void decide.run({ id: line.id, confirm: true })}
              >
                确认补学
              </Button>
              <Button onClick={() => setReturning(true)}>退回</Button>
            </>
          )}
        </div>
      )}
    </li>
  )
}

function NoteInput({
  value = '',
  onChange,
  id,
}: {
  value?: string
  onChange?: (value: string) => void
  id?: string
}) {
  return (
    <GrowingText
      value={value}
      onChange={(text) => onChange?.(text)}
      rows={4}
      {...(id === undefined ? {} : { id })}
    />
  )
}
