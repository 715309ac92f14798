import { Button, Form } from 'antd'
import { useState } from 'react'
import { CommandForm } from '../kit/form.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { activity } from './api.ts'
import type { ActivityDetail } from './api.ts'
import { PlanFields, type PlanValues, toPlan } from './plan-form.tsx'
import { LiveClashes, type WhenForm } from './when.tsx'

type Plan = Awaited<ReturnType<typeof activity.getPlan>>
type Changes = Parameters<typeof activity.changeActivity>[0]

/** The form of planning, filled in; sends what was changed and leaves the rest as somebody else may have it now. */
export function ChangeForm({ detail, close }: { detail: ActivityDetail; close: () => void }) {
  const query = useApi(activity.getPlan, { id: detail.id }, { staleTime: 0 })
  // As it was when the form was opened; what others change meanwhile is not sent back to what it was.
  const [plan, setPlan] = useState<Plan | null>(null)
  if (plan === null && query.data !== undefined && !query.isFetching) setPlan(query.data)
  if (query.error && plan === null) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (plan === null) return <Skeleton shape="form" rows={6} />
  return <FilledForm detail={detail} plan={plan} close={close} />
}

function FilledForm({ detail, plan, close }: { detail: ActivityDetail; plan: Plan; close: () => void }) {
  const { values } = plan
  const [form] = Form.useForm<PlanValues>()
  const command = useCommand(activity.changeActivity, {
    inline: true,
    invalidate: ['activity', 'activityLive'],
  })
  const initial = {
    ...values,
    modes: values.modes ?? plan.usualModes[values.kind] ?? [],
    audience: values.audience ?? [],
    agenda: values.agenda.map((item) => item.text).join('\n'),
  }
  const names = Object.fromEntries(
    [detail.host, detail.speaker, detail.recorder].flatMap((one) => (one ? [[one.id, one.name]] : [])),
  )
  return (
    <CommandForm<Changes, { warnings: string[] }, PlanValues>
      command={command}
      form={form}
      submit="保存修改"
      initial={initial}
      // Fields that were not shown keep what they had.
      toInput={(filled) => ({
        id: detail.id,
        ...changesOf(values, toPlan({ ...initial, ...filled }, values.agenda)),
      })}
      onDone={(done) => {
        notify(done.warnings[0] ?? '已保存修改。', { kind: done.warnings.length > 0 ? 'plain' : 'success' })
        close()
      }}
      extra={<Button onClick={close}>不改了</Button>}
    >
      <p className="quiet">改日期请用“改期”，要写明原因。</p>
      <PlanFields
        choices={plan}
        open
        names={names}
        when={
          <LiveClashes
            form={form as WhenForm}
            unitId={detail.unit?.id ?? null}
            activityId={detail.id}
            start={{ day: detail.day, startTime: values.startTime, endTime: values.endTime }}
          />
        }
        speaker={
          values.speakerId === null ? null : (
            <>
              <b>{detail.speaker?.name}</b>
              <span className="quiet">换人请用“换中心发言人”，要写明原因。</span>
            </>
          )
        }
      />
    </CommandForm>
  )
}

function changesOf(before: Plan['values'], after: ReturnType<typeof toPlan>): Partial<typeof after> {
  return Object.fromEntries(
    Object.entries(after).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
    ),
  )
}
