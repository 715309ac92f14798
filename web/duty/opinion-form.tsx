import { Input } from 'antd'
import { ChoiceInput, CommandForm, Field } from '../kit/form.tsx'
import { useCommand } from '../kit/queries.ts'
import { duty } from './api.ts'

interface Values {
  unitId: string
  agrees: 'yes' | 'no'
  note: string
}

/** A member speaks for a body: of a nomination, or of the conditions of study. */
export function OpinionForm({
  bodies,
  proposalId,
  yes,
  no,
  onDone,
}: {
  bodies: { id: string; label: string }[]
  proposalId: string | null
  yes: string
  no: string
  onDone: () => void
}) {
  const give = useCommand(duty.giveOpinion, {
    inline: true,
    invalidate: ['duty'],
    success: '意见已记下',
  })
  return (
    <CommandForm
      command={give}
      initial={{ unitId: bodies[0]?.id ?? '', agrees: 'yes' as const, note: '' }}
      toInput={(values: Values) => ({
        proposalId,
        unitId: values.unitId,
        agrees: values.agrees === 'yes',
        note: values.note,
      })}
      submit="提交意见"
      onDone={onDone}
    >
      <Field name="unitId" label="代表哪个机构" required>
        <ChoiceInput options={bodies.map((one) => ({ value: one.id, label: one.label }))} />
      </Field>
      <Field name="agrees" label="意见" required>
        <ChoiceInput
          options={[
            { value: 'yes', label: yes },
            { value: 'no', label: no },
          ]}
        />
      </Field>
      <Field name="note" label="说明" hint={`${no}时必须写明`}>
        <Input.TextArea maxLength={200} autoSize={{ minRows: 2 }} />
      </Field>
    </CommandForm>
  )
}
