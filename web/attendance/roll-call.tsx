import { Button } from 'antd'
import { useState } from 'react'
import type { AttendanceStatus } from '../../server/activity/words.ts'
import { attendanceLabels, leaveKindLabels } from '../../server/activity/words.ts'
import { activityLive, attendance, participation } from '../activity/api.ts'
import type { AttendanceLine } from '../activity/api.ts'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { PaperSheet } from './paper-sheet.tsx'
import { SessionRollCall } from './session-roll-call.tsx'
import './roll-call.css'

type Called = 'present' | 'late' | 'leftEarly' | 'absent'
/** Each tap on a name goes one further. */
const turns: Called[] = ['present', 'absent', 'late', 'leftEarly']
const glyphs: Record<AttendanceStatus, Parameters<typeof StateGlyph>[0]['state']> = {
  signedIn: 'done',
  present: 'done',
  late: 'dueSoon',
  leftEarly: 'dueSoon',
  onLeave: 'excused',
  absent: 'overdue',
}

/** Everybody counts as present; the exceptions are tapped, one button records all. Or the signed sheet is copied. */
export function RollCall({ id }: { id: string }) {
  const query = useApi(activityLive.listRollCall, { id })
  const sessions = useApi(participation.getParticipation, { activityId: id })
  const [paper, setPaper] = useState(false)
  const error = query.error ?? sessions.error
  if (!query.data || !sessions.data)
    return error ? (
      <ErrorNotice
        error={error}
        retry={() => {
          void query.refetch()
          void sessions.refetch()
        }}
      />
    ) : (
      <Skeleton shape="cards" rows={6} />
    )
  if (sessions.data.sessions.length > 0)
    return (
      <div className="roll-call">
        <SessionRollCall id={id} sessions={sessions.data.sessions} lines={query.data} />
      </div>
    )
  return (
    <div className="roll-call">
      <div className="segments" role="group" aria-label="怎样点名">
        <button type="button" aria-pressed={!paper} onClick={() => setPaper(false)}>
          当场点名
        </button>
        <button type="button" aria-pressed={paper} onClick={() => setPaper(true)}>
          照纸质签到表录入
        </button>
      </div>
      {paper ? <PaperSheet id={id} lines={query.data} /> : <Names id={id} lines={query.data} />}
    </div>
  )
}

/** Whoever has asked for leave is not taken for present; a tap says that the person came after all. */
const isExcused = (line: AttendanceLine) => line.status === null && line.leave !== null

function Names({ id, lines }: { id: string; lines: AttendanceLine[] }) {
  const [marks, setMarks] = useState<Record<string, Called>>({})
  const record = useCommand(attendance.recordRollCall, {
    invalidate: ['activity', 'activityLive'],
    success: (done) => `已记下 ${done.recorded} 人的出勤。`,
    onSuccess: () => setMarks({}),
  })
  /** What will be recorded; null where nothing needs to be. */
  const recordedAs = (line: AttendanceLine): Called | null => {
    const mark = marks[line.personId]
    if (mark) return mark === line.status || (mark === 'present' && line.status === 'signedIn') ? null : mark
    return line.status === null && !isExcused(line) && !line.isGuest ? 'present' : null
  }
  const entries = lines.flatMap((line) => {
    const status = recordedAs(line)
    return status === null ? [] : [{ personId: line.personId, status }]
  })
  function tap(line: AttendanceLine): void {
    const now = marks[line.personId] ?? startOf(line)
    const next = turns[(turns.indexOf(now) + 1) % turns.length] ?? 'present'
    setMarks((old) => ({ ...old, [line.personId]: next }))
  }
  const count = (status: Called) => entries.filter((entry) => entry.status === status).length
  const exceptions = turns
    .filter((status) => status !== 'present' && count(status) > 0)
    .map((status) => `${attendanceLabels[status]} ${count(status)} 人`)
  const present = count('present')
  const said =
    exceptions.length === 0
      ? `${present} 人都出席，记下`
      : present === 0
        ? `记下：${exceptions.join('，')}`
        : `其余 ${present} 人都出席，记下（${exceptions.join('，')}）`
  return (
    <>
      <p className="quiet">
        都先算出席，只点例外：点一次记缺席，再点记迟到、早退，再点回到出席。已扫码和已请假的不用点。
      </p>
      <ul className="roll-names">
        {lines.map((line) => {
          const mark = marks[line.personId]
          const status: AttendanceStatus = mark ?? line.status ?? (isExcused(line) ? 'onLeave' : 'present')
          const isKnown = mark === undefined && line.status !== null
          const tone = glyphs[status]
          return (
            <li key={line.personId}>
              <button
                type="button"
                className={`roll-name tone-${tone}${status === 'present' && !isKnown ? '' : ' roll-called'}`}
                onClick={() => tap(line)}
              >
                <StateGlyph state={tone} size={18} />
                <b>{line.name}</b>
                <span>
                  {isKnown
                    ? line.status === 'signedIn'
                      ? `${line.time ?? ''} 签到`
                      : `已记${attendanceLabels[status]}`
                    : status === 'onLeave'
                      ? leaveKindLabels[line.leave?.kind ?? 'personal']
                      : attendanceLabels[status]}
                  {line.leave?.status === 'asked' && ' · 请假待批'}
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
          onClick={() => void record.run({ id, entries, paper: false })}
        >
          {entries.length === 0 ? '都记好了' : said}
        </Button>
      </div>
    </>
  )
}

function startOf(line: AttendanceLine): Called {
  const { status } = line
  if (isExcused(line)) return 'leftEarly'
  return status === 'late' || status === 'leftEarly' || status === 'absent' ? status : 'present'
}
