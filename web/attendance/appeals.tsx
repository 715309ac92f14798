import { Button, Input } from 'antd'
import { useState } from 'react'
import { appealStatusLabels, finalLabels } from '../../server/attendance/words.ts'
import { useSession } from '../access/session.ts'
import { Link, LinkButton } from '../kit/link.tsx'
import { Empty, ErrorNotice, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayWithWeekday, momentText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { attendanceBook } from './api.ts'
import type { AppealLine } from './api.ts'
import { SessionsInput, sessionsText } from './sessions-input.tsx'

const tones = { asked: 'dueSoon', granted: 'done', refused: 'overdue', withdrawn: 'notApplicable' } as const
const hasCome: readonly string[] = ['present', 'late', 'leftEarly']
const stale = ['attendanceBook', 'attendance', 'activity', 'inbox', 'regime', 'home']

/** Appeals against recorded attendance: mine, or those that wait for 教导处. */
export function Appeals({ which }: { which: 'mine' | 'waiting' | 'all' }) {
  const query = useApi(attendanceBook.listAppeals, { which }, { keep: true })
  return (
    <Section title="考勤申诉" plain>
      {!query.data ? (
        query.error ? (
          <ErrorNotice error={query.error} retry={query.refetch} />
        ) : (
          <Skeleton shape="cards" rows={1} />
        )
      ) : query.data.length === 0 ? (
        <div className="sheet">
          {which === 'mine' ? (
            <Empty
              title="没有申诉。"
              sentence="考勤记得不对，在“我的考勤”里点那一次提出。"
              action={<LinkButton to={paths.attendanceBook()}>看我的考勤</LinkButton>}
            />
          ) : (
            <Empty title={which === 'all' ? '还没有申诉。' : '没有待答复的申诉。'} />
          )}
        </div>
      ) : (
        <ul className="leave-lines">
          {query.data.map((line) => (
            <Appeal key={line.id} line={line} />
          ))}
        </ul>
      )}
    </Section>
  )
}

function Appeal({ line }: { line: AppealLine }) {
  const { today } = useSession()
  const [refusing, setRefusing] = useState(false)
  const [answer, setAnswer] = useState('')
  const [sessions, setSessions] = useState(line.sessions?.all ?? [])
  const asksSessions = line.sessions !== null && hasCome.includes(line.wanted)
  const decide = useCommand(attendanceBook.answerAppeal, {
    success: (_, input) => (input.grant ? '已更正考勤，学时随之改变。' : '已答复并说明理由。'),
    invalidate: stale,
  })
  const withdraw = useCommand(attendanceBook.withdrawAppeal, { success: '已撤回。', invalidate: stale })
  return (
    <li className="sheet leave-line">
      <div className="leave-head">
        <b>{line.person.name}</b>
        <span>
          {finalLabels[line.recorded]} → {finalLabels[line.wanted]}
        </span>
        <span className="tools-space" />
        <StateMark state={tones[line.status]} word={appealStatusLabels[line.status]} />
      </div>
      <p>{line.reason}</p>
      <p className="quiet">
        <Link to={paths.activity(line.activity.id)}>{line.activity.theme}</Link> ·{' '}
        {dayWithWeekday(line.activity.day, today)} · {line.activity.unitName} · {momentText(line.askedAt)}{' '}
        提出
      </p>
      {line.sessions !== null && (
        <p className="quiet">
          共 {line.sessions.all.length} 场，至少到 {line.sessions.least} 场；现在记的是
          {sessionsText(line.sessions.attended)}。
        </p>
      )}
      {line.answer !== '' && (
        <p className="quiet">
          {line.answeredByName}：{line.answer}
        </p>
      )}
      {line.abilities.answer === null && (
        <div className="form-actions">
          {refusing ? (
            <>
              <Input
                autoFocus
                value={answer}
                maxLength={300}
                placeholder="为什么维持原记录，老师会看到"
                onChange={(event) => setAnswer(event.target.value)}
              />
              <Button
                danger
                loading={decide.running}
                disabled={answer.trim() === ''}
                onClick={() => void decide.run({ appealId: line.id, grant: false, answer })}
              >
                维持并说明
              </Button>
              <Button onClick={() => setRefusing(false)}>返回</Button>
            </>
          ) : (
            <>
              {asksSessions && (
                <SessionsInput numbers={line.sessions?.all ?? []} value={sessions} onChange={setSessions} />
              )}
              <Button
                type="primary"
                loading={decide.running}
                onClick={() =>
                  void decide.run({
                    appealId: line.id,
                    grant: true,
                    ...(asksSessions ? { sessions } : {}),
                  })
                }
              >
                更正为{finalLabels[line.wanted]}
              </Button>
              <Button onClick={() => setRefusing(true)}>维持原记录</Button>
            </>
          )}
        </div>
      )}
      {line.abilities.withdraw === null && (
        <div className="form-actions">
          <Button loading={withdraw.running} onClick={() => void withdraw.run({ appealId: line.id })}>
            撤回
          </Button>
        </div>
      )}
    </li>
  )
}
