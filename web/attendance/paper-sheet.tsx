import { Button, Input } from 'antd'
import { useState } from 'react'
import { attendanceLabels } from '../../server/activity/words.ts'
import { activity, attendance } from '../activity/api.ts'
import type { AttendanceLine } from '../activity/api.ts'
import { fileAddress } from '../kit/api.ts'
import { useCommand } from '../kit/queries.ts'
import { readNumbers } from './paper-numbers.ts'

const asked = [
  { status: 'absent', label: '没有签名的序号（缺席）', hint: '如 3 7 12-14，也可以写姓名；没有就留空' },
  { status: 'late', label: '迟到的序号', hint: '没有就留空' },
  { status: 'leftEarly', label: '早退的序号', hint: '没有就留空' },
] as const
type Status = (typeof asked)[number]['status']

/** The signed sheet in one pass: type the numbers of the exceptions, everybody else on it signed. */
export function PaperSheet({ id, lines }: { id: string; lines: AttendanceLine[] }) {
  const people = lines.filter((line) => !line.isGuest)
  const [texts, setTexts] = useState<Record<Status, string>>({ absent: '', late: '', leftEarly: '' })
  const record = useCommand(attendance.recordRollCall, {
    invalidate: ['activity', 'activityLive'],
    success: (done) => `已照纸质签到表记下 ${done.recorded} 人的出勤。`,
  })
  const read = asked.map((one) => ({ ...one, ...readNumbers(texts[one.status], people) }))
  const exceptions = new Map(
    read.flatMap((one) => one.found.map((person) => [person.personId, one.status] as const)),
  )
  const twice = people.filter(
    (line) => read.filter((one) => one.found.some((p) => p.personId === line.personId)).length > 1,
  )
  const entries = people.flatMap((line) => {
    const status: Status | 'present' = exceptions.get(line.personId) ?? 'present'
    const isExcused = line.leave !== null && (line.status === null || line.status === 'onLeave')
    // Whoever scanned keeps the time of the scan.
    const isHere = line.status !== null && line.status !== 'absent' && line.status !== 'onLeave'
    return (isExcused && status !== 'late' && status !== 'leftEarly') || (isHere && status === 'present')
      ? []
      : [{ personId: line.personId, status }]
  })
  const unknown = read.flatMap((one) => one.unknown)
  const problem =
    unknown.length > 0
      ? `名单上没有：${unknown.join('、')}。序号是 1 到 ${people.length}。`
      : twice.length > 0
        ? `${twice.map((line) => line.name).join('、')}写了两次，请只留一处。`
        : null
  const count = (status: string) => entries.filter((entry) => entry.status === status).length
  return (
    <form
      className="paper-sheet"
      onSubmit={(event) => {
        event.preventDefault()
        if (problem === null) void record.run({ id, entries, paper: true })
      }}
    >
      <p className="quiet">
        序号与打印的签到表一致，只输入例外，其余 {count('present')} 人记出席；按 Enter 记下。{' '}
        <a href={fileAddress(activity.getSignInSheetFile, { id })} target="_blank" rel="noreferrer">
          打印签到表
        </a>
      </p>
      <div className="paper-inputs">
        {read.map((one, index) => (
          <label key={one.status}>
            {one.label}
            <Input
              autoFocus={index === 0}
              value={texts[one.status]}
              inputMode="text"
              placeholder={one.hint}
              onChange={(event) => setTexts((old) => ({ ...old, [one.status]: event.target.value }))}
            />
            <span className="quiet" aria-live="polite">
              {one.found.map((person) => person.name).join('、')}
            </span>
          </label>
        ))}
      </div>
      {problem !== null && (
        <p className="form-error" role="alert">
          {problem}
        </p>
      )}
      <ol className="paper-names">
        {people.map((line, index) => {
          const status = exceptions.get(line.personId)
          const excused = line.leave !== null
          return (
            <li key={line.personId} className={status ? 'paper-exception' : undefined}>
              <span className="quiet">{index + 1}</span> {line.name}
              {status ? ` · ${attendanceLabels[status]}` : excused ? ' · 请假' : ''}
            </li>
          )
        })}
      </ol>
      <div className="roll-send">
        <Button
          type="primary"
          size="large"
          block
          htmlType="submit"
          loading={record.running}
          disabled={problem !== null}
        >
          照签到表记下：出席 {count('present')}，迟到 {count('late')}，早退 {count('leftEarly')}，缺席{' '}
          {count('absent')}
        </Button>
      </div>
    </form>
  )
}
