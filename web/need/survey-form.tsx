import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { questionKindLabels } from '../../server/need/words.ts'
import { ChoiceChips } from '../kit/chips.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { ErrorNotice, Notice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { type Choices, need, type Question, type SurveyDetail } from './api.ts'

type Input_ = Parameters<typeof need.saveSurvey>[0]
interface Values {
  title: string
  note: string
  kind: string
  layers: string[]
  dueOn: string
  anonymous: boolean
  sharesSummary: boolean
  questions: Question[]
}

/** A survey as a draft; a new one comes ready-made from the words of the school. */
export function SurveyForm({ survey, done }: { survey: SurveyDetail | null; done: (id: string) => void }) {
  const choices = useApi(need.getChoices, {})
  if (choices.error) return <ErrorNotice error={choices.error} retry={choices.refetch} />
  if (!choices.data) return <Skeleton shape="form" rows={8} />
  return <Filled choices={choices.data} survey={survey} done={done} />
}

function Filled({
  choices,
  survey,
  done,
}: {
  choices: Choices
  survey: SurveyDetail | null
  done: (id: string) => void
}) {
  const [form] = Form.useForm<Values>()
  const [sends, setSends] = useState(survey === null)
  const save = useCommand(need.saveSurvey, { inline: true, ...(sends ? {} : { success: '草稿已保存' }) })
  const open = useCommand(need.openSurvey, {
    invalidate: ['need', 'home'],
    success: (output) => `已发给 ${output.asked} 人，首页会提示他们回答`,
  })
  const initial: Values = survey
    ? { ...survey, questions: survey.questionList }
    : { ...choices.survey, questions: choices.survey.questions as Question[] }
  return (
    <CommandForm<Input_, { id: string; version: number }, Values>
      command={{ ...save, running: save.running || open.running }}
      form={form}
      submit={sends ? '现在发出' : '保存草稿'}
      initial={initial}
      toInput={(values) => ({
        ...(survey ? { id: survey.id, version: survey.version } : {}),
        ...values,
        note: values.note ?? '',
        questions: values.questions ?? [],
      })}
      onDone={(made) => {
        if (!sends) done(made.id)
        else void open.run({ id: made.id }).then(() => done(made.id))
      }}
    >
      {survey === null && (
        <Notice tone="good">
          题目已按本校的内容和形式拟好，看一眼就可以发；要改题目、选项，在下面直接改。
        </Notice>
      )}
      <Field name="title" label="问卷名称" required>
        <Input maxLength={60} />
      </Field>
      <Field name="layers" label="问哪些人" required requiredMessage="请选择问哪些人">
        <LayerChips choices={choices} />
      </Field>
      <div className="form-pair">
        <Field name="dueOn" label="截止日" required>
          <DateInput />
        </Field>
        {choices.surveyKinds.length > 1 ? (
          <Field name="kind" label="问卷类别">
            <ChoiceInput
              options={choices.surveyKinds.map((kind) => ({ value: kind.id, label: kind.label }))}
            />
          </Field>
        ) : (
          <Form.Item name="kind" hidden>
            <Input />
          </Form.Item>
        )}
      </div>
      <div className="need-checks">
        <Form.Item name="anonymous" valuePropName="checked" noStyle>
          <Check label="不记名（交了就认不出是谁的，不能再改）" />
        </Form.Item>
        <Form.Item name="sharesSummary" valuePropName="checked" noStyle>
          <Check label="结束后让答题的人看到汇总" />
        </Form.Item>
        <Check label="马上发出（不勾就先存为草稿）" checked={sends} onChange={setSends} />
      </div>
      <Field name="note" label="开头的话">
        <Input.TextArea autoSize={{ minRows: 1 }} maxLength={500} />
      </Field>
      <Form.List name="questions">
        {(items, { add, remove, move }) => (
          <>
            {items.map((item, index) => (
              <QuestionFields
                key={item.key}
                name={item.name}
                index={index}
                choices={choices}
                remove={() => remove(item.name)}
                up={index === 0 ? null : () => move(index, index - 1)}
              />
            ))}
            <Button
              icon={<Icon name="plus" size={18} />}
              onClick={() =>
                add({ id: `q${Date.now().toString(36)}`, kind: 'several', label: '', most: 3, options: [] })
              }
            >
              加一题
            </Button>
          </>
        )}
      </Form.List>
    </CommandForm>
  )
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string
  checked?: boolean
  onChange?: (checked: boolean) => void
}) {
  return (
    <label className="need-check">
      <input
        type="checkbox"
        checked={checked ?? false}
        onChange={(event) => onChange?.(event.target.checked)}
      />
      {label}
    </label>
  )
}

function LayerChips({
  value,
  onChange,
  choices,
}: {
  value?: string[]
  onChange?: (value: string[]) => void
  choices: Choices
}) {
  return (
    <ChoiceChips
      label="问哪些人"
      options={choices.layers.map((layer) => ({ id: layer.id, label: `${layer.label} ${layer.people} 人` }))}
      chosen={value ?? []}
      onChange={(chosen) => onChange?.(chosen)}
    />
  )
}

/** One question; options one a line, those of the school's lists keep what they are. */
function QuestionFields({
  name,
  index,
  choices,
  remove,
  up,
}: {
  name: number
  index: number
  choices: Choices
  remove: () => void
  up: (() => void) | null
}) {
  const form = Form.useFormInstance<Values>()
  const question = Form.useWatch(['questions', name], form) as Question | undefined
  const kind = question?.kind ?? 'several'
  /** The lists of the school fill in the options of their questions. */
  function fill(next: Question['kind']): void {
    const listed = next === 'modules' ? choices.modules : next === 'forms' ? choices.forms : null
    if (listed && (question?.options.length ?? 0) === 0)
      form.setFieldValue(['questions', name, 'options'], listed)
  }
  return (
    <fieldset className="need-question-form">
      <div className="need-question-head">
        <h3>第 {index + 1} 题</h3>
        {up && (
          <Button type="text" size="small" onClick={up}>
            上移
          </Button>
        )}
        <Button type="text" size="small" onClick={remove}>
          删去
        </Button>
      </div>
      <Field name={[name, 'label']} label="问什么" required>
        <Input maxLength={120} />
      </Field>
      <div className="form-pair">
        <Field name={[name, 'kind']} label="怎样答">
          <KindInput onPicked={fill} />
        </Field>
        {kind !== 'text' && kind !== 'one' && (
          <Field name={[name, 'most']} label="最多选几项">
            <MostInput />
          </Field>
        )}
      </div>
      {kind !== 'text' && (
        <Field name={[name, 'options']} label="选项" hint="一行一项">
          <OptionLines />
        </Field>
      )}
    </fieldset>
  )
}

function KindInput({
  value,
  onChange,
  onPicked,
}: {
  value?: string
  onChange?: (value: string) => void
  onPicked: (kind: Question['kind']) => void
}) {
  return (
    <ChoiceInput
      value={value ?? 'several'}
      options={Object.entries(questionKindLabels).map(([id, label]) => ({ value: id, label }))}
      onChange={(kind) => {
        onChange?.(kind)
        onPicked(kind as Question['kind'])
      }}
    />
  )
}

function MostInput({ value, onChange }: { value?: number; onChange?: (value: number) => void }) {
  return (
    <ChoiceInput
      value={String(value ?? 3)}
      options={[1, 2, 3, 4, 5, 6, 8, 10].map((most) => ({ value: String(most), label: `${most} 项` }))}
      onChange={(most) => onChange?.(Number(most))}
    />
  )
}

/** Options as lines of text; a line that stays the same keeps its id. */
function OptionLines({
  value = [],
  onChange,
}: {
  value?: Question['options']
  onChange?: (value: Question['options']) => void
}) {
  const [text, setText] = useState<string | null>(null)
  const shown = text ?? value.map((option) => option.label).join('\n')
  return (
    <Input.TextArea
      autoSize={{ minRows: 2 }}
      value={shown}
      onBlur={() => setText(null)}
      onChange={(event) => {
        setText(event.target.value)
        const ids = new Map(value.map((option) => [option.label, option.id]))
        const lines = event.target.value
          .split('\n')
          .map((line) => line.trim())
          .filter((line) => line !== '')
        const used = new Set(lines.flatMap((line) => ids.get(line) ?? []))
        let serial = 1
        onChange?.(
          lines.map((label) => {
            const known = ids.get(label)
            if (known !== undefined) return { id: known, label }
            while (used.has(`o${serial}`)) serial++
            used.add(`o${serial}`)
            return { id: `o${serial}`, label }
          }),
        )
      }}
    />
  )
}
