import { Button, Drawer, Input } from 'antd'
import { useState } from 'react'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { ErrorNotice, Section, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { duty } from './api.ts'

type Titles = Awaited<ReturnType<typeof duty.listTitles>>
type Held = Titles['titles'][number]
const stale = { inline: true, invalidate: ['duty', 'regime'] } as const

/** Titles and honours of groups and of the school, with recording and taking back. */
export function BodyTitles() {
  const query = useApi(duty.listTitles, {})
  const [task, setTask] = useState<'record' | Held | null>(null)
  const close = () => setTask(null)
  if (query.error && !query.data) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton rows={2} />
  const { titles, abilities } = query.data
  return (
    <Section
      title="组和学校的称号"
      aside={abilities.record === null && <Button onClick={() => setTask('record')}>登记称号</Button>}
    >
      {titles.length === 0 && (
        <p className="quiet">还没有登记。示范学校、先进教研组、强势学科组等集体称号登记在这里。</p>
      )}
      {titles.map((one) => (
        <div key={one.id} className="duty-line">
          <div className="duty-what">
            <b>{one.holderName}</b> {one.levelLabel}
            {one.titleLabel}
            <p className="quiet">
              {one.grantedOn} 授予{one.proof && ` · ${one.proof}`}
            </p>
          </div>
          {abilities.record === null && (
            <Button type="link" size="small" onClick={() => setTask(one)}>
              作废
            </Button>
          )}
        </div>
      ))}
      <Drawer
        title={task === 'record' ? '登记集体称号' : `作废：${task?.holderName ?? ''}`}
        open={task !== null}
        onClose={close}
        destroyOnHidden
      >
        {task === 'record' && <RecordForm data={query.data} onDone={close} />}
        {task !== null && task !== 'record' && <WithdrawForm held={task} onDone={close} />}
      </Drawer>
    </Section>
  )
}

interface Values {
  holder: string
  title: string
  level: string
  grantedOn: string
  proof?: string
}

function RecordForm({ data, onDone }: { data: Titles; onDone: () => void }) {
  const record = useCommand(duty.recordTitle, { ...stale, success: '已登记' })
  const holders = [
    { value: 'own', label: data.organisationName },
    ...data.units.map((unit) => ({ value: `unit ${unit.id}`, label: unit.label })),
    ...data.schools.map((school) => ({ value: `school ${school.id}`, label: school.label })),
  ]
  return (
    <CommandForm
      command={record}
      initial={{ holder: 'own', grantedOn: data.today }}
      toInput={({ holder, ...values }: Values) => {
        const [what = '', id = ''] = holder.split(' ')
        return {
          ...values,
          proof: values.proof ?? '',
          unitId: what === 'unit' ? id : null,
          schoolId: what === 'school' ? id : null,
        }
      }}
      submit="登记"
      onDone={onDone}
    >
      <Field name="holder" label="谁的称号" required>
        <ChoiceInput options={holders} />
      </Field>
      <Field name="title" label="称号" required requiredMessage="请选择称号">
        <ChoiceInput options={data.words.map((one) => ({ value: one.id, label: one.label }))} />
      </Field>
      <Field name="level" label="级别" required requiredMessage="请选择级别">
        <ChoiceInput options={data.levels.map((one) => ({ value: one.id, label: one.label }))} />
      </Field>
      <Field name="grantedOn" label="授予日期" required>
        <DateInput max={data.today} />
      </Field>
      <Field name="proof" label="依据" hint="文件名称和编号">
        <Input maxLength={200} />
      </Field>
    </CommandForm>
  )
}

function WithdrawForm({ held, onDone }: { held: Held; onDone: () => void }) {
  const withdraw = useCommand(duty.withdrawTitle, { ...stale, success: '已作废，不再计入' })
  return (
    <CommandForm
      command={withdraw}
      toInput={(values: { reason: string }) => ({ titleId: held.id, reason: values.reason })}
      submit="作废"
      onDone={onDone}
    >
      <p>
        {held.levelLabel}
        {held.titleLabel}：作废以后不再计入。
      </p>
      <Field name="reason" label="原因" required>
        <Input maxLength={100} />
      </Field>
    </CommandForm>
  )
}
