import { Button, Input } from 'antd'
import { useState } from 'react'
import { ChoiceInput, DateInput } from '../kit/form.tsx'
import { ErrorNotice, Notice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { type Line, slot } from './api.ts'

/** Moves one occurrence to the next day, as the regime reads it; the reason is all that is asked. */
export function ShiftForm({ line, done }: { line: Line; done: () => void }) {
  const query = useApi(slot.getShiftChoice, { id: line.id })
  const [chosen, setChosen] = useState<string | null>(null)
  const [other, setOther] = useState<string | null>(null)
  const [reason, setReason] = useState('')
  const command = useCommand(slot.shiftOccurrence, {
    inline: true,
    invalidate: ['slot', 'agenda', 'activity'],
    success: ({ status }) => (status === 'granted' ? '已顺延，组员在日程里能看到' : '已提交，等教导处同意'),
    onSuccess: done,
  })
  if (!query.data)
    return query.error ? (
      <ErrorNotice error={query.error} retry={query.refetch} />
    ) : (
      <Skeleton shape="form" rows={4} />
    )
  const { occurrences, forbiddenBy, clause } = query.data
  if (forbiddenBy !== null)
    return (
      <Notice tone="late">
        制度规定固定研修时间不能挪作他用，一般不予调换。请按原定时间举行。
        <span className="clause">{forbiddenBy}</span>
      </Notice>
    )
  if (occurrences.length === 0) return <Notice>后面十周都没有这个固定时间的场次，不用顺延。</Notice>
  const day = chosen ?? occurrences[0]?.day ?? ''
  const one = occurrences.find((each) => each.day === day)
  const to = other ?? one?.proposal ?? ''
  return (
    <div className="slot-form">
      <label className="field-label" htmlFor="shift-day">
        哪一次
      </label>
      <ChoiceInput
        id="shift-day"
        value={day}
        onChange={(value) => {
          setChosen(value)
          setOther(null)
        }}
        options={occurrences.map((each) => ({ value: each.day, label: each.label }))}
      />
      {one?.activity && <p>已安排的《{one.activity}》会一起改期。</p>}
      <span className="field-label">顺延到</span>
      <DateInput value={to} onChange={setOther} aria-label="顺延到" />
      {clause !== '' && (
        <p className="quiet">
          特殊情况顺延至第二天，即 {one?.proposalLabel}。<span className="clause">{clause}</span>
        </p>
      )}
      <label className="field-label" htmlFor="shift-reason">
        原因
      </label>
      <Input.TextArea
        id="shift-reason"
        value={reason}
        maxLength={200}
        autoSize={{ minRows: 2 }}
        placeholder="例如：全校迎接督导"
        onChange={(event) => setReason(event.target.value)}
      />
      {command.error && (
        <p className="form-error" role="alert">
          {command.error.message}
          {command.error.clause !== undefined && <span className="clause">{command.error.clause}</span>}
        </p>
      )}
      <Button
        type="primary"
        loading={command.running}
        onClick={() => void command.run({ id: line.id, day, to, reason })}
      >
        顺延
      </Button>
    </div>
  )
}
