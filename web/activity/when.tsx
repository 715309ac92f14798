import { Button, Form, type FormInstance } from 'antd'
import { useEffect, useState } from 'react'
import { Notice } from '../kit/page.tsx'
import { useApi } from '../kit/queries.ts'
import { slot } from '../slot/api.ts'
import type { PlanValues } from './plan-form.tsx'

/** A form that says when an activity is; the day stands in it where it is still chosen. */
export type WhenForm = FormInstance<PlanValues & { day?: string }>

const pauseMilliseconds = 350

/** The value as it is once it has stood still for a moment. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMilliseconds)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** Whom the chosen time meets, said while one chooses and not only after publishing. */
export function LiveClashes({
  form,
  unitId,
  start,
  activityId,
}: {
  form: WhenForm
  unitId: string | null
  /** As the form begins. */
  start: { day: string; startTime: string; endTime: string }
  /** An activity that is there already: its day stays. */
  activityId?: string
}) {
  const day = (Form.useWatch('day', form) as string | undefined) ?? start.day
  const starts = Form.useWatch('startTime', form) ?? start.startTime
  const ends = Form.useWatch('endTime', form) ?? start.endTime
  const settled = useSettled(`${day} ${starts} ${ends}`)
  const [settledDay = '', from = '', to = ''] = settled.split(' ')
  const isTime = (text: string) => /^\d\d:\d\d$/.test(text)
  const { data } = useApi(
    slot.findActivityClashes,
    /^\d{4}-\d\d-\d\d$/.test(settledDay) && isTime(from) && isTime(to) && from < to
      ? {
          unitId,
          day: settledDay,
          starts: from,
          ends: to,
          ...(activityId === undefined ? {} : { activityId }),
        }
      : null,
    { keep: true },
  )
  if (!data || data.warnings.length === 0) return null
  return (
    <div aria-live="polite">
      <Notice tone="soon">
        这个时间：
        <ul>
          {data.warnings.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

/** Times at which nobody of the group has a lesson; one tap fills day and time in. */
export function FreeTimes({ form, unitId, start }: { form: WhenForm; unitId: string | null; start: string }) {
  const day = (Form.useWatch('day', form) as string | undefined) ?? start
  const settled = useSettled(day)
  const { data } = useApi(
    slot.findFreeTimes,
    unitId !== null && /^\d{4}-\d\d-\d\d$/.test(settled) ? { unitId, day: settled } : null,
    { keep: true },
  )
  if (!data || data.times.length === 0) return null
  const busy = data.times[0]?.busy ?? []
  return (
    <div className="free-times" role="group" aria-label="大家都没课的时间">
      <span className="field-label">
        {busy.length === 0 ? '大家都没课的时间' : `两周内没有人人都空的时间，人最齐的是`}
      </span>
      <div className="free-times-choices">
        {data.times.map((time) => (
          <Button
            key={time.label}
            onClick={() => form.setFieldsValue({ day: time.day, startTime: time.starts, endTime: time.ends })}
          >
            {time.label}
            {time.busy.length > 0 &&
              `（${time.busy.slice(0, 2).join('、')}${time.busy.length > 2 ? `等 ${time.busy.length} 人` : ''}有课）`}
          </Button>
        ))}
      </div>
    </div>
  )
}
