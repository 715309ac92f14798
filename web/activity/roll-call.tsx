import { Button } from 'antd'
import { useEffect, useRef, useState } from 'react'
import type { AttendanceStatus } from '../../server/activity/words.ts'
import { attendanceLabels, leaveKindLabels } from '../../server/activity/words.ts'
import { asApiError } from '../kit/api.ts'
import { useLatest } from '../kit/latest.ts'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { invalidate, useApi } from '../kit/queries.ts'
import { StateGlyph } from '../kit/state-mark.tsx'
import { notify } from '../kit/toast.tsx'
import { activityLive, attendance } from './api.ts'
import type { AttendanceLine } from './api.ts'

type Called = 'present' | 'late' | 'leftEarly' | 'absent'
const modes: Called[] = ['present', 'late', 'leftEarly', 'absent']
const glyphs: Record<AttendanceStatus, Parameters<typeof StateGlyph>[0]['state']> = {
  signedIn: 'done',
  present: 'done',
  late: 'dueSoon',
  leftEarly: 'dueSoon',
  onLeave: 'excused',
  absent: 'overdue',
}

/** Names as large keys: choose a status, tap the names; everything is sent together a moment later. */
export function RollCall({ id }: { id: string }) {
  const query = useApi(activityLive.listRollCall, { id })
  const [mode, setMode] = useState<Called>('present')
  const [paper, setPaper] = useState(false)
  const [pending, setPending] = useState<Record<string, Called | null>>({})
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const waiting = useRef<Record<string, Called | null>>({})

  async function send(): Promise<void> {
    clearTimeout(timer.current)
    const entries = Object.entries(waiting.current).map(([personId, status]) => ({ personId, status }))
    if (entries.length === 0) return
    waiting.current = {}
    try {
      await attendance.recordRollCall({ id, entries, paper })
      await query.refetch()
    } catch (problem) {
      const failure = asApiError(problem)
      notify(failure.message, { kind: 'error' })
      if (failure.isConnection) {
        waiting.current = {
          ...Object.fromEntries(entries.map((entry) => [entry.personId, entry.status])),
          ...waiting.current,
        }
        timer.current = setTimeout(() => void send(), 4000)
        return
      }
    }
    setPending((old) =>
      Object.fromEntries(Object.entries(old).filter(([personId]) => personId in waiting.current)),
    )
    invalidate(['activity'])
  }
  const sendLatest = useLatest(send)
  useEffect(() => () => void sendLatest.current(), [sendLatest])

  function record(entries: Record<string, Called | null>): void {
    waiting.current = { ...waiting.current, ...entries }
    setPending((old) => ({ ...old, ...entries }))
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void sendLatest.current(), 700)
  }

  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="cards" rows={6} />
    )
  const statusOf = (line: AttendanceLine): AttendanceStatus | null =>
    line.personId in pending ? (pending[line.personId] ?? null) : line.status
  const missing = query.data.filter(
    (line) => statusOf(line) === null && line.leave?.status !== 'granted' && !line.isGuest,
  )
  return (
    <div className="roll-call">
      <div className="roll-head">
        <div className="segments" role="group" aria-label="点到名字时记为">
          {modes.map((one) => (
            <button key={one} type="button" aria-pressed={mode === one} onClick={() => setMode(one)}>
              {attendanceLabels[one]}
            </button>
          ))}
        </div>
        <label className="roll-paper">
          <input type="checkbox" checked={paper} onChange={(event) => setPaper(event.target.checked)} />{' '}
          照纸质签到表录入
        </label>
      </div>
      <p className="quiet">点名字记为“{attendanceLabels[mode]}”，再点一次取消。已扫码的不用点。</p>
      <ul className="roll-names">
        {query.data.map((line) => {
          const status = statusOf(line)
          const isOnLeave = status === null && line.leave?.status === 'granted'
          const tone = status === null ? (isOnLeave ? 'excused' : 'open') : glyphs[status]
          return (
            <li key={line.personId}>
              <button
                type="button"
                className={`roll-name tone-${tone}${status === null ? '' : ' roll-called'}`}
                aria-pressed={status === mode}
                onClick={() => record({ [line.personId]: status === mode ? null : mode })}
              >
                <StateGlyph state={tone} size={18} />
                <b>{line.name}</b>
                <span>
                  {status === null
                    ? isOnLeave
                      ? leaveKindLabels[line.leave?.kind ?? 'personal']
                      : line.leave?.status === 'asked'
                        ? '请假待批'
                        : '未到'
                    : status === 'signedIn'
                      ? `${line.time ?? ''} 签到`
                      : attendanceLabels[status]}
                  {line.isGuest && ' · 外组'}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
      {missing.length > 0 && (
        <Button
          onClick={() =>
            record(Object.fromEntries(missing.map((line) => [line.personId, 'present' as const])))
          }
        >
          其余 {missing.length} 人都记出席
        </Button>
      )}
    </div>
  )
}
