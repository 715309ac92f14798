import { Form, Input } from 'antd'
import { ChoiceChips } from '../kit/chips.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { useSession } from '../access/session.ts'
import { type Choices, type ModuleLine, need } from './api.ts'

interface Values {
  title: string
  contentTag: string
  layer: string
  form: string
  activityKind: string
  hours: string
  responsibleId: string
  unitId: string
  guidanceCourse: boolean
  aim: string
  surveyId: string
  weaknessIds: string[]
}

/** A module of the plan: what, for whom, in which form, how long, who. */
export function ModuleForm({
  module,
  termId,
  done,
}: {
  module: ModuleLine | null
  termId: string
  done: () => void
}) {
  const choices = useApi(need.getChoices, { termId })
  if (choices.error) return <ErrorNotice error={choices.error} retry={choices.refetch} />
  if (!choices.data) return <Skeleton shape="form" rows={8} />
  return <Filled choices={choices.data} module={module} termId={termId} done={done} />
}

function Filled({
  choices,
  module,
  termId,
  done,
}: {
  choices: Choices
  module: ModuleLine | null
  termId: string
  done: () => void
}) {
  const session = useSession()
  const [form] = Form.useForm<Values>()
  const save = useCommand(need.saveModule, {
    inline: true,
    success: module ? '已保存' : '已加入计划',
    onSuccess: done,
  })
  const options = (terms: { id: string; label: string }[]) =>
    terms.map((term) => ({ value: term.id, label: term.label }))
  const perHour = choices.minutesPerHour
  return (
    <CommandForm<Parameters<typeof need.saveModule>[0], { id: string }, Values>
      command={save}
      form={form}
      submit={module ? '保存' : '加入计划'}
      initial={
        module
          ? {
              ...module,
              hours: String(Math.round((module.plannedMinutes / perHour) * 10) / 10),
              unitId: module.unitId ?? '',
              surveyId: module.surveyId ?? '',
              weaknessIds: module.weaknesses.map((one) => one.id),
            }
          : {
              title: '',
              contentTag: '',
              layer: choices.layers[0]?.id ?? '',
              form: '',
              activityKind: '',
              hours: '4',
              responsibleId: session.person.id ?? '',
              unitId: '',
              guidanceCourse: false,
              aim: '',
              surveyId: choices.surveys[0]?.id ?? '',
              weaknessIds: [],
            }
      }
      toInput={(values) => ({
        ...(module ? { id: module.id } : {}),
        termId,
        title: values.title,
        contentTag: values.contentTag ?? '',
        layer: values.layer,
        form: values.form ?? '',
        activityKind: values.activityKind ?? '',
        plannedMinutes: Math.round(Number(values.hours) * perHour),
        responsibleId: values.responsibleId,
        unitId: values.unitId || null,
        guidanceCourse: values.guidanceCourse ?? false,
        aim: values.aim ?? '',
        surveyId: values.surveyId || null,
        weaknessIds: values.weaknessIds ?? [],
      })}
    >
      <Field name="contentTag" label="内容">
        <ContentInput
          options={options(choices.modules)}
          onPicked={(label) => {
            if ((form.getFieldValue('title') ?? '') === '') form.setFieldValue('title', label)
          }}
        />
      </Field>
      <Field name="title" label="模块名称" required>
        <Input maxLength={60} placeholder="例如：用好交互白板" />
      </Field>
      <div className="form-pair">
        <Field name="layer" label="面向" required>
          <ChoiceInput
            options={choices.layers.map((layer) => ({
              value: layer.id,
              label: `${layer.label} ${layer.people} 人`,
            }))}
          />
        </Field>
        <Field name="form" label="形式">
          <ChoiceInput options={options(choices.forms)} empty="不限" />
        </Field>
      </div>
      <div className="form-pair">
        <Field name="hours" label={`计划学时（1 学时 ${perHour} 分钟）`} required>
          <Input type="number" inputMode="decimal" min={0} max={400} step="0.5" />
        </Field>
        <Field name="responsibleId" label="负责人" required>
          <ChoiceInput options={options(choices.people)} />
        </Field>
      </div>
      <div className="form-pair">
        <Field name="unitId" label="由谁组织">
          <ChoiceInput options={options(choices.units)} empty="学校" />
        </Field>
        <Field name="activityKind" label="活动类别">
          <ChoiceInput options={options(choices.activityKinds)} empty="安排时再选" />
        </Field>
      </div>
      <Field name="surveyId" label="依据哪份问卷">
        <ChoiceInput options={options(choices.surveys)} empty="没有" />
      </Field>
      {choices.weaknesses.length > 0 && (
        <Field name="weaknessIds" label="针对哪些不足">
          <WeaknessChips options={choices.weaknesses} />
        </Field>
      )}
      <Form.Item name="guidanceCourse" valuePropName="checked">
        <GuidanceCheck />
      </Form.Item>
      <Field name="aim" label="目标">
        <Input.TextArea autoSize={{ minRows: 1 }} maxLength={500} />
      </Field>
    </CommandForm>
  )
}

function ContentInput({
  value,
  onChange,
  onPicked,
  options,
}: {
  value?: string
  onChange?: (value: string) => void
  onPicked: (label: string) => void
  options: { value: string; label: string }[]
}) {
  return (
    <ChoiceInput
      value={value ?? ''}
      empty="不限"
      options={options}
      onChange={(chosen) => {
        onChange?.(chosen)
        const label = options.find((option) => option.value === chosen)?.label
        if (label) onPicked(label)
      }}
    />
  )
}

function WeaknessChips({
  value,
  onChange,
  options,
}: {
  value?: string[]
  onChange?: (value: string[]) => void
  options: { id: string; label: string }[]
}) {
  return (
    <ChoiceChips
      label="针对哪些不足"
      options={options}
      chosen={value ?? []}
      onChange={(chosen) => onChange?.(chosen)}
    />
  )
}

function GuidanceCheck({ checked, onChange }: { checked?: boolean; onChange?: (checked: boolean) => void }) {
  return (
    <label className="need-check">
      <input
        type="checkbox"
        checked={checked ?? false}
        onChange={(event) => onChange?.(event.target.checked)}
      />
      配一门校本研修指导课程
    </label>
  )
}
