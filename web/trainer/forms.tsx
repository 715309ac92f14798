import { Form, Input, InputNumber } from 'antd'
import { useState } from 'react'
import {
  invitationKindLabels,
  trainerKinds,
  trainerLevels,
  type InvitationKind,
  type TrainerKind,
  type TrainerLevel,
} from '../../server/trainer/words.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { type Choice, PersonPicker, SearchPicker } from '../kit/pickers.tsx'
import { useCommand } from '../kit/queries.ts'
import { searchPeople } from '../settings/api.ts'
import { type Pool, type Trainer, trainer as call } from './api.ts'
import type { ReasonTask } from './trainers-page.tsx'

const stale = { inline: true, invalidate: ['trainer', 'activity', 'inbox'] } as const
const optionsOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label }))

/** A row of words to be pressed on and off. */
function Chips({
  value = [],
  onChange,
  options,
}: {
  value?: string[]
  onChange?: (value: string[]) => void
  options: { id: string; label: string }[]
}) {
  return (
    <div className="tag-choice">
      {options.map(({ id, label }) => {
        const isOn = value.includes(id)
        return (
          <button
            key={id}
            type="button"
            aria-pressed={isOn}
            onClick={() => onChange?.(isOn ? value.filter((one) => one !== id) : [...value, id])}
          >
            {label}
          </button>
        )
      })}
    </div>
  )
}

type From = 'own' | 'school' | 'outside'
interface TrainerValues {
  personId?: string | null
  homeKey?: string | null
  name?: string
  kind: TrainerKind
  level: TrainerLevel
  employer?: string
  field?: string
  phone?: string
  countsAs?: string[]
  offered?: 'yes' | 'no'
}

/** The schools' staff as choices; the key names school and person. */
async function searchStaff(text: string): Promise<Choice[]> {
  const found = await call.findSchoolStaff({ search: text })
  return found.map((one) => ({
    value: `${one.schoolId} ${one.personId}`,
    label: one.name,
    note: one.note,
  }))
}

/** Adds somebody: the own staff is chosen, not typed; or changes what is known of one. */
export function TrainerForm({
  pool,
  trainer,
  onDone,
}: {
  pool: Pool
  trainer: Trainer | null
  onDone: () => void
}) {
  const [from, setFrom] = useState<From>(pool.isDistrict ? 'school' : 'own')
  const add = useCommand(call.addTrainer, { ...stale, success: '已加入师资库' })
  const change = useCommand(call.changeTrainer, { ...stale, success: '已保存' })
  const fields = (values: TrainerValues) => ({
    kind: values.kind,
    level: values.level,
    employer: values.employer ?? trainer?.employer ?? '',
    field: values.field ?? '',
    phone: values.phone ?? '',
    countsAs: values.countsAs && values.countsAs.length > 0 ? values.countsAs : null,
    offered: values.offered === 'yes',
  })
  const isOutside = trainer ? !trainer.isOwn : from === 'outside'
  const common = (
    <>
      <div className="form-pair">
        <Field name="kind" label="类别" required>
          <ChoiceInput options={optionsOf(trainerKinds)} />
        </Field>
        <Field name="level" label="级别" required>
          <ChoiceInput options={optionsOf(trainerLevels)} />
        </Field>
      </div>
      {isOutside && (
        <Field name="employer" label="单位">
          <Input maxLength={60} placeholder="师范大学教育学院" />
        </Field>
      )}
      <Field name="field" label="专长">
        <Input maxLength={60} placeholder="小学数学、作业设计" />
      </Field>
      {(isOutside || trainer !== null) && (
        <Field name="phone" label="电话">
          <Input maxLength={20} inputMode="tel" />
        </Field>
      )}
      {pool.words.length > 0 && (
        <Field
          name="countsAs"
          label="在制度里算作"
          hint="一般不用选：系统按类别和来源自动对应；对应得不对时再选。"
        >
          <Chips options={pool.words} />
        </Field>
      )}
      {pool.isDistrict && (
        <Field name="offered" label="能否由学校请" required>
          <ChoiceInput
            options={[
              { value: 'yes', label: '提供给各学校' },
              { value: 'no', label: '只由区里请' },
            ]}
          />
        </Field>
      )}
    </>
  )
  if (trainer)
    return (
      <CommandForm
        command={change}
        initial={{
          name: trainer.name,
          kind: trainer.kind,
          level: trainer.level,
          employer: trainer.employer,
          field: trainer.field,
          phone: trainer.phone,
          countsAs: trainer.countsAs ?? [],
          offered: trainer.offered ? 'yes' : 'no',
        }}
        toInput={(values: TrainerValues) => ({
          ...fields(values),
          trainerId: trainer.id,
          name: values.name ?? trainer.name,
        })}
        submit="保存"
        onDone={onDone}
      >
        {!trainer.isOwn && (
          <Field name="name" label="姓名" required>
            <Input maxLength={20} />
          </Field>
        )}
        {common}
      </CommandForm>
    )
  const sources: { value: From; label: string }[] = [
    ...(pool.isDistrict ? [{ value: 'school' as const, label: '各学校的教师' }] : []),
    { value: 'own', label: pool.isDistrict ? '本单位的教研员' : '本校教师' },
    { value: 'outside', label: pool.isDistrict ? '区外的人' : '校外的人' },
  ]
  return (
    <CommandForm
      command={add}
      initial={{
        kind: pool.isDistrict ? 'researchOfficer' : 'backbone',
        level: pool.isDistrict ? 'district' : 'school',
        offered: 'yes',
      }}
      toInput={(values: TrainerValues) => {
        const [schoolId = '', personId = ''] = (values.homeKey ?? '').split(' ')
        return {
          ...fields(values),
          offered: pool.isDistrict && values.offered === 'yes',
          personId: from === 'own' ? (values.personId ?? null) : null,
          home: from === 'school' && personId !== '' ? { schoolId, personId } : null,
          name: from === 'outside' ? (values.name ?? '') : '',
        }
      }}
      submit="加入师资库"
      onDone={onDone}
    >
      <div className="field">
        <span className="field-label">从哪里来</span>
        <div className="tag-choice" role="radiogroup" aria-label="从哪里来">
          {sources.map((one) => (
            <button
              key={one.value}
              type="button"
              role="radio"
              aria-checked={from === one.value}
              aria-pressed={from === one.value}
              onClick={() => setFrom(one.value)}
            >
              {one.label}
            </button>
          ))}
        </div>
      </div>
      {from === 'own' && (
        <Field
          name="personId"
          label="教师"
          required
          requiredMessage="请选择教师"
          hint="姓名、单位和电话按教师档案，不用再填"
        >
          <PersonPicker search={searchPeople} aria-label="教师" />
        </Field>
      )}
      {from === 'school' && (
        <Field name="homeKey" label="教师" required requiredMessage="请选择教师" hint="姓名和学校不用再填">
          <SearchPicker search={searchStaff} placeholder="姓名、拼音首字母或工号" aria-label="各学校的教师" />
        </Field>
      )}
      {from === 'outside' && (
        <Field name="name" label="姓名" required>
          <Input maxLength={20} />
        </Field>
      )}
      {common}
    </CommandForm>
  )
}

interface InviteValues {
  kind: InvitationKind
  subject: string
  duty?: string
  from: string
  to?: string
  place?: string
  fee?: number | null
}

/** Engages somebody for a term or invites to one visit; the principal approves. */
export function InviteForm({ pool, trainer, onDone }: { pool: Pool; trainer: Trainer; onDone: () => void }) {
  const [form] = Form.useForm<InviteValues>()
  const kind = Form.useWatch('kind', form) ?? 'lecture'
  const send = useCommand(call.invite, {
    ...stale,
    success: ({ status }) => (status === 'approved' ? '已批准' : '已提交，等校长批准'),
  })
  const isAdviser = kind === 'adviser'
  return (
    <CommandForm
      form={form}
      command={send}
      initial={{
        kind: trainer.adviser ? ('lecture' as const) : ('adviser' as const),
        subject: pool.duties[0]?.label ?? '',
        duty: pool.duties[0]?.id ?? '',
        from: pool.today,
        ...(pool.yearEnds === null ? {} : { to: pool.yearEnds }),
      }}
      toInput={(values: InviteValues) => ({
        trainerId: trainer.id,
        kind: values.kind,
        subject: values.subject,
        duty: values.kind === 'adviser' ? (values.duty ?? pool.duties[0]?.id ?? '') : '',
        from: values.from,
        to: values.kind === 'adviser' ? (values.to ?? null) : null,
        place: values.place ?? '',
        fee: values.fee ?? null,
      })}
      onChange={(values) => {
        // The title of an adviser is no subject of a lecture, and the other way round.
        const titles = pool.duties.map((one) => one.label)
        if (values.kind !== 'adviser' && titles.includes(values.subject)) form.setFieldValue('subject', '')
        if (values.kind === 'adviser' && !values.subject)
          form.setFieldValue('subject', pool.duties[0]?.label ?? '')
      }}
      submit="提交"
      onDone={onDone}
    >
      <Field name="kind" label="请来做什么" required>
        <ChoiceInput options={optionsOf(invitationKindLabels)} />
      </Field>
      {isAdviser && pool.duties.length > 1 && (
        <Field name="duty" label="哪一种" required>
          <ChoiceInput options={pool.duties.map((one) => ({ value: one.id, label: one.label }))} />
        </Field>
      )}
      <Field
        name="subject"
        label={isAdviser ? '聘为' : kind === 'lecture' ? '讲什么' : '指导什么'}
        required
        {...(isAdviser ? { hint: '写在聘书上：聘请您担任我单位……' } : {})}
      >
        <Input maxLength={80} />
      </Field>
      {isAdviser ? (
        <div className="form-pair">
          <Field name="from" label="聘期从" required>
            <DateInput />
          </Field>
          <Field name="to" label="到" required>
            <DateInput />
          </Field>
        </div>
      ) : (
        <>
          <Field name="from" label="哪一天" required>
            <DateInput min={pool.today} />
          </Field>
          <Field name="place" label="地点">
            <Input maxLength={60} />
          </Field>
        </>
      )}
      {pool.abilities.fee === null && !isAdviser && (
        <Field name="fee" label="费用（元）" hint="只有校长和教导处能看">
          <InputNumber min={0} max={1_000_000} precision={2} style={{ width: '100%' }} />
        </Field>
      )}
    </CommandForm>
  )
}

/** Short forms: a reason, or the fee. */
export function ReasonForm({ task, onDone }: { task: ReasonTask; onDone: () => void }) {
  const refuse = useCommand(call.refuseInvitation, { ...stale, success: '已退回并说明' })
  const withdraw = useCommand(call.withdrawInvitation, { ...stale, success: '已撤回' })
  const undo = useCommand(call.withdrawContribution, { ...stale, success: '已作废，不再计入' })
  const pay = useCommand(call.setFee, { ...stale, success: '已保存' })
  const reason = (
    <Field name="reason" label="原因" required>
      <Input maxLength={100} autoFocus />
    </Field>
  )
  if (task.what === 'fee')
    return (
      <CommandForm
        command={pay}
        initial={{ fee: task.contribution.fee ?? null }}
        toInput={(values: { fee: number | null }) => ({
          contributionId: task.contribution.id,
          fee: values.fee ?? null,
        })}
        submit="保存"
        onDone={onDone}
      >
        <p>{task.contribution.subject}</p>
        <Field name="fee" label="费用（元）" hint="只有校长和教导处能看；留空表示没有">
          <InputNumber min={0} max={1_000_000} precision={2} style={{ width: '100%' }} />
        </Field>
      </CommandForm>
    )
  if (task.what === 'withdrawContribution')
    return (
      <CommandForm
        command={undo}
        toInput={(values: { reason: string }) => ({
          contributionId: task.contribution.id,
          reason: values.reason,
        })}
        submit="作废"
        onDone={onDone}
      >
        <p>
          {task.contribution.subject}：已计入的不再计入
          {task.contribution.activity ? '，活动也不再写这位主讲人' : ''}。
        </p>
        {reason}
      </CommandForm>
    )
  const { id: invitationId } = task.invitation
  return (
    <CommandForm
      command={task.what === 'refuse' ? refuse : withdraw}
      toInput={(values: { reason: string }) => ({ invitationId, reason: values.reason })}
      submit={task.what === 'refuse' ? '不批准' : '撤回'}
      onDone={onDone}
    >
      <p>{task.invitation.subject}</p>
      {reason}
    </CommandForm>
  )
}
