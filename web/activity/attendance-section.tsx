import { Button, Input } from 'antd'
import { useState } from 'react'
import { attendanceLabels, attendanceSourceLabels } from '../../server/activity/words.ts'
import type { AttendanceStatus } from '../../server/activity/words.ts'
import { attendanceBook } from '../attendance/api.ts'
import { ChangeText } from '../attendance/change-text.tsx'
import { SessionsInput, sessionsText } from '../attendance/sessions-input.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { Section } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { attendance } from './api.ts'
import type { ActivityDetail, AttendanceLine } from './api.ts'
import { AttendanceMark } from './parts.tsx'
import '../attendance/attendance.css'

const order: (AttendanceStatus | null)[] = [
  'absent',
  'onLeave',
  'late',
  'leftEarly',
  null,
  'signedIn',
  'present',
]

/** Who came: the exceptions first; after closing each can be corrected with a reason, and what was corrected is told. */
export function AttendanceSection({ detail }: { detail: ActivityDetail }) {
  const [correcting, setCorrecting] = useState<string | null>(null)
  const shown = (['signedIn', 'present', 'late', 'leftEarly', 'onLeave', 'absent'] as const).filter(
    (status) => detail.counts[status] > 0,
  )
  return (
    <Section
      title="出勤"
      aside={
        <span className="counts">
          {shown.map((status) => (
            <span key={status}>
              {attendanceLabels[status]} <b className="figure">{detail.counts[status]}</b>
            </span>
          ))}
        </span>
      }
    >
      {detail.attendance === null ? (
        <p className="quiet">名单由组长和教导处查看。</p>
      ) : (
        <ul className="attendance">
          {[...detail.attendance]
            .sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status))
            .map((line) => (
              <li key={line.personId}>
                <div className="attendance-line">
                  <b>{line.name}</b>
                  <AttendanceMark status={line.status} />
                  <span className="quiet">
                    {[
                      detail.sessions && sessionsText(line.sessions),
                      line.time,
                      line.source ? attendanceSourceLabels[line.source] : null,
                      line.isGuest ? '外组' : null,
                      line.note || null,
                    ]
                      .filter((word) => word !== null)
                      .join(' · ')}
                  </span>
                  {detail.details.correct === null && (
                    <Button
                      size="small"
                      type="text"
                      aria-expanded={correcting === line.personId}
                      onClick={() => setCorrecting(correcting === line.personId ? null : line.personId)}
                    >
                      更正
                    </Button>
                  )}
                </div>
                {correcting === line.personId && (
                  <CorrectForm detail={detail} line={line} close={() => setCorrecting(null)} />
                )}
              </li>
            ))}
        </ul>
      )}
      {detail.attendance !== null && detail.status === 'closed' && <Changes id={detail.id} />}
    </Section>
  )
}

/** What was corrected after closing: by whom, when and why. */
function Changes({ id }: { id: string }) {
  const query = useApi(attendanceBook.listChanges, { activityId: id })
  if (!query.data || query.data.length === 0) return null
  return (
    <details className="attendance-changes">
      <summary>更正记录 {query.data.length} 条</summary>
      <ul className="change-lines">
        {query.data.map((change) => (
          <li key={`${change.person.id} ${change.at}`} className="quiet">
            {change.person.name} · <ChangeText change={change} />
          </li>
        ))}
      </ul>
    </details>
  )
}

type Final = 'present' | 'late' | 'leftEarly' | 'onLeave' | 'absent'

function CorrectForm({
  detail,
  line,
  close,
}: {
  detail: ActivityDetail
  line: AttendanceLine
  close: () => void
}) {
  const { sessions } = detail
  const command = useCommand(attendance.correctAttendance, {
    inline: true,
    success: '已更正，学时随之改变。',
    invalidate: [
      'activity',
      'activityLive',
      'attendance',
      'attendanceBook',
      'participation',
      'regime',
      'inbox',
    ],
  })
  // Of several sessions one alone may be corrected, and the result stays.
  const choices = (['present', 'late', 'leftEarly', 'onLeave', 'absent'] as const).filter(
    (status) => sessions !== null || status !== line.status,
  )
  const now = choices.find((status) => status === line.status)
  return (
    <CommandForm
      command={command}
      submit="更正"
      initial={{ ...(now === undefined ? {} : { status: now as Final }), sessions: line.sessions }}
      toInput={(values: { status: Final; reason: string; sessions?: number[] }) => ({
        id: detail.id,
        personId: line.personId,
        ...(line.status === null || line.status === 'signedIn' ? {} : { seen: line.status }),
        status: values.status,
        reason: values.reason,
        ...(sessions === null ? {} : { sessions: values.sessions ?? [] }),
      })}
      onDone={close}
      extra={<Button onClick={close}>不改了</Button>}
    >
      {sessions !== null && (
        <Field
          name="sessions"
          label={`${line.name}到了哪几场`}
          hint={`至少到 ${sessions.least} 场才算出席，学时按到场的场次计。`}
          required
          requiredMessage=""
          rules={[{ validator: () => Promise.resolve() }]}
        >
          <SessionsInput numbers={sessions.numbers} />
        </Field>
      )}
      <div className="form-pair">
        <Field
          name="status"
          label={sessions === null ? `${line.name}的出勤改为` : '结果'}
          required
          requiredMessage="请选择"
        >
          <ChoiceInput
            options={choices.map((status) => ({ value: status, label: attendanceLabels[status] }))}
          />
        </Field>
        <Field name="reason" label="原因" required>
          <Input maxLength={200} />
        </Field>
      </div>
    </CommandForm>
  )
}
