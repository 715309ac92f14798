import { Button } from 'antd'
import { useState } from 'react'
import { leaveKindLabels } from '../../server/activity/words.ts'
import { participation } from '../activity/api.ts'
import type { AttendanceLine, Participation } from '../activity/api.ts'
import { useCommand } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'

type Session = Participation['sessions'][number]

/** The roll-call of an activity with several sessions: one session at a time, the exceptions are tapped. */
export function SessionRollCall({
  id,
  sessions,
  lines,
}: {
  id: string
  sessions: Session[]
  lines: AttendanceLine[]
}) {
  const [chosen, setChosen] = useState(
    () => sessions.find((session) => session.isNow)?.number ?? sessions[0]?.number ?? 1,
  )
  const session = sessions.find((one) => one.number === chosen) ?? sessions[0]
  return (
    <>
      <div className="session-choice" role="group" aria-label="哪一场">
        {sessions.map((one) => (
          <button
            key={one.number}
            type="button"
            aria-pressed={one.number === session?.number}
            onClick={() => setChosen(one.number)}
          >
            第 {one.number} 场{' '}
            <span className="quiet">
              {dayText(one.day)} {one.startTime} · 到 {one.present} 人
            </span>
          </button>
        ))}
      </div>
      {session && <Names key={session.number} id={id} session={session} lines={lines} />}
    </>
  )
}

function Names({ id, session, lines }: { id: string; session: Session; lines: AttendanceLine[] }) {
  const [marks, setMarks] = useState<Record<string, boolean>>({})
  const record = useCommand(participation.recordSession, {
    invalidate: ['participation', 'activity', 'activityLive'],
    success: (done) => `已记下第 ${session.number} 场 ${done.recorded} 人。`,
    onSuccess: (_, input) =>
      // Whoever was not there stays so on this page, though nothing is kept of it.
      setMarks((old) => ({
        ...Object.fromEntries(input.entries.map((entry) => [entry.personId, entry.present])),
        ...old,
      })),
  })
  const known = new Set(session.personIds)
  const isExcused = (line: AttendanceLine) => line.leave?.status === 'granted'
  const isHere = (line: AttendanceLine) =>
    marks[line.personId] ?? (known.has(line.personId) || (!isExcused(line) && !line.isGuest))
  const entries = lines.flatMap((line) =>
    isHere(line) === known.has(line.personId) ? [] : [{ personId: line.personId, present: isHere(line) }],
  )
  const missing = lines.filter((line) => !isHere(line) && !line.isGuest).length
  return (
    <>
      <p className="quiet">
        都先算到场，只点没有到的。到场的场次决定是否算出席，学时按场次计；请假、迟到等结束后在“更正”里写明。
      </p>
      <ul className="roll-names">
        {lines.map((line) => {
          const here = isHere(line)
          return (
            <li key={line.personId}>
              <button
                type="button"
                className={`roll-name tone-${here ? 'done' : 'overdue'}${here && !known.has(line.personId) ? '' : ' roll-called'}`}
                aria-pressed={here}
                onClick={() => setMarks((old) => ({ ...old, [line.personId]: !here }))}
              >
                <StateGlyph state={here ? 'done' : isExcused(line) ? 'excused' : 'overdue'} size={18} />
                <b>{line.name}</b>
                <span>
                  {here
                    ? known.has(line.personId)
                      ? '已记到场'
                      : '到场'
                    : isExcused(line) && line.leave
                      ? leaveKindLabels[line.leave.kind]
                      : '没有到'}
                  {line.isGuest && ' · 外组'}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      <div className="roll-send">
        <Button
          type="primary"
          size="large"
          block
          loading={record.running}
          disabled={entries.length === 0}
          onClick={() => void record.run({ activityId: id, number: session.number, entries })}
        >
          {entries.length === 0
            ? '这一场都记好了'
            : `记下第 ${session.number} 场：到 ${lines.length - missing} 人${missing > 0 ? `，没到 ${missing} 人` : ''}`}
        </Button>
      </div>
    </>
  )
}
