import { Form, Input } from 'antd'
import { type SelectionLevel, selectionLevelLabels } from '../../server/exchange/words.ts'
import { Chips } from '../kit/chips.tsx'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { useCommand } from '../kit/queries.ts'
import { exchange, stale } from './api.ts'

interface Values {
  level: SelectionLevel
  workKind: string
  title: string
  remark: string
}

/** Publishes a contribution inside the school or before the district. */
export function SelectForm({
  source,
  sourceId,
  title,
  workKinds,
  done,
}: {
  source: 'topic' | 'reply' | 'work'
  sourceId: string
  title: string
  /** Empty for a work, which has its own kind. */
  workKinds: { id: string; label: string }[]
  done: () => void
}) {
  const [form] = Form.useForm<Values>()
  const select = useCommand(exchange.selectContribution, {
    inline: true,
    invalidate: stale,
    success: '已发布到精选，作者的发表已计入',
    onSuccess: done,
  })
  return (
    <CommandForm<Parameters<typeof exchange.selectContribution>[0], { selectionId: string }, Values>
      command={select}
      form={form}
      submit="发布"
      initial={{ level: 'school', workKind: '', title, remark: '' }}
      toInput={(values) => ({
        source,
        sourceId,
        level: values.level,
        workKind: values.workKind ?? '',
        title: values.title ?? '',
        remark: values.remark ?? '',
      })}
    >
      <Field name="level" label="给谁看" required>
        <LevelChips />
      </Field>
      <Field name="title" label="标题" required>
        <Input maxLength={80} />
      </Field>
      {workKinds.length > 0 && (
        <Field name="workKind" label="算哪种文章">
          <ChoiceInput
            empty="随笔、心得"
            options={workKinds.map((kind) => ({ value: kind.id, label: kind.label }))}
          />
        </Field>
      )}
      <Field name="remark" label="推荐语">
        <Input.TextArea autoSize={{ minRows: 2 }} maxLength={200} />
      </Field>
    </CommandForm>
  )
}

function LevelChips({
  value,
  onChange,
}: {
  value?: SelectionLevel
  onChange?: (value: SelectionLevel) => void
}) {
  return (
    <Chips<SelectionLevel>
      label="给谁看"
      options={(Object.keys(selectionLevelLabels) as SelectionLevel[]).map((id) => ({
        id,
        label: selectionLevelLabels[id],
      }))}
      isChosen={(id) => id === value}
      onTap={(id) => onChange?.(id)}
    />
  )
}
