import { Button, Form, Input } from 'antd'
import { weaknessSourceLabels } from '../../server/need/words.ts'
import { Chips } from '../kit/chips.tsx'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { Link } from '../kit/link.tsx'
import { Empty, ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { StateMark } from '../kit/state-mark.tsx'
import { dayText } from '../kit/words.ts'
import { paths } from '../paths.ts'
import { useSession } from '../access/session.ts'
import { type Choices, need, type Overview, type WeaknessLine } from './api.ts'

const marks = {
  open: { state: 'open', word: '还没有安排培训' },
  planned: { state: 'partly', word: '已列入计划' },
  answered: { state: 'done', word: '已培训' },
} as const

/** What leaders found wanting, with the module that answers it. */
export function WeaknessList({ overview, add }: { overview: Overview; add: () => void }) {
  const mayNote = overview.abilities.note === null
  if (overview.weaknesses.length === 0)
    return (
      <Empty
        title="还没有登记不足。"
        sentence={
          mayNote
            ? '听课、检查、座谈中发现本组或全校普遍的不足，记一句话，教导处据此安排有针对性的培训。'
            : '组长和教导处听课、检查发现的普遍不足会列在这里。'
        }
        {...(mayNote
          ? {
              action: (
                <Button type="primary" icon={<Icon name="plus" size={18} />} onClick={add}>
                  登记不足
                </Button>
              ),
            }
          : {})}
      />
    )
  return (
    <ul className="need-weaknesses sheet">
      {overview.weaknesses.map((one) => (
        <Weakness key={one.id} weakness={one} />
      ))}
    </ul>
  )
}

function Weakness({ weakness }: { weakness: WeaknessLine }) {
  const withdraw = useCommand(need.withdrawWeakness, { success: '已撤回' })
  return (
    <li>
      <div className="need-weakness-head">
        <b>{weakness.text}</b>
        <StateMark {...marks[weakness.state]} />
      </div>
      <p className="quiet">
        {[
          weakness.unitName,
          weakness.layerLabel,
          weakness.tagLabel,
          `${dayText(weakness.foundOn)}${weaknessSourceLabels[weakness.source]}发现`,
          weakness.notedByName ?? '',
        ]
          .filter((part) => part !== '')
          .join(' · ')}
      </p>
      {weakness.module && (
        <p>
          培训模块：<Link to={paths.trainingModule(weakness.module.id)}>{weakness.module.title}</Link>
        </p>
      )}
      {weakness.abilities.withdraw === null && (
        <button
          type="button"
          className="tool-button"
          disabled={withdraw.running}
          onClick={() => void withdraw.run({ weaknessId: weakness.id })}
        >
          撤回
        </button>
      )}
    </li>
  )
}

interface Values {
  unitId: string
  source: keyof typeof weaknessSourceLabels
  text: string
  contentTag: string
  layer: string
  foundOn: string
  observationId: string
}

/** One line: what was found, where. An observation of one's own fills it in. */
export function NoteWeakness({ done }: { done: () => void }) {
  const choices = useApi(need.getChoices, {})
  if (choices.error) return <ErrorNotice error={choices.error} retry={choices.refetch} />
  if (!choices.data) return <Skeleton shape="form" rows={4} />
  return <NoteForm choices={choices.data} done={done} />
}

function NoteForm({ choices, done }: { choices: Choices; done: () => void }) {
  const { roles, today } = useSession()
  const [form] = Form.useForm<Values>()
  const observations = useApi(need.findObservations, {})
  const source = Form.useWatch('source', form) ?? 'lesson'
  const command = useCommand(need.noteWeakness, { inline: true, success: '已登记', onSuccess: done })
  const all = roles.some((role) => ['academicOffice', 'researchOffice', 'principal'].includes(role))
  const options = (terms: { id: string; label: string }[]) =>
    terms.map((term) => ({ value: term.id, label: term.label }))
  return (
    <CommandForm<Parameters<typeof need.noteWeakness>[0], { id: string }, Values>
      command={command}
      form={form}
      submit="登记"
      initial={{
        unitId: all ? '' : (choices.units[0]?.id ?? ''),
        source: 'lesson',
        text: '',
        contentTag: '',
        layer: '',
        foundOn: today,
        observationId: '',
      }}
      toInput={(values) => ({
        unitId: values.unitId || null,
        source: values.source,
        text: values.text,
        contentTag: values.contentTag ?? '',
        layer: values.layer ?? '',
        foundOn: values.foundOn,
        observationId: values.source === 'lesson' ? values.observationId || null : null,
      })}
    >
      <Field name="source" label="怎样发现的" required>
        <SourceChips />
      </Field>
      {source === 'lesson' && (observations.data?.length ?? 0) > 0 && (
        <Field name="observationId" label="从我的听课记录">
          <ObservationInput
            options={options(observations.data ?? [])}
            onChosen={(id) => {
              const found = observations.data?.find((one) => one.id === id)
              if (found && (form.getFieldValue('text') ?? '') === '') form.setFieldValue('text', found.text)
            }}
          />
        </Field>
      )}
      <Field name="text" label="发现了什么" required>
        <Input.TextArea
          autoSize={{ minRows: 2 }}
          maxLength={300}
          placeholder="例如：提问多、追问少，学生表达机会不够"
        />
      </Field>
      <div className="form-pair">
        <Field name="unitId" label="哪个组">
          <ChoiceInput options={options(choices.units)} {...(all ? { empty: '全校' } : {})} />
        </Field>
        <Field name="foundOn" label="哪天" required>
          <DateInput max={today} />
        </Field>
      </div>
      <div className="form-pair">
        <Field name="contentTag" label="属于哪方面">
          <ChoiceInput options={options(choices.modules)} empty="不限" />
        </Field>
        <Field name="layer" label="主要是哪个层次">
          <ChoiceInput options={options(choices.layers)} empty="不限" />
        </Field>
      </div>
    </CommandForm>
  )
}

function SourceChips({ value, onChange }: { value?: string; onChange?: (value: string) => void }) {
  return (
    <Chips
      label="怎样发现的"
      options={Object.entries(weaknessSourceLabels).map(([id, label]) => ({ id, label }))}
      isChosen={(id) => id === value}
      onTap={(id) => onChange?.(id)}
    />
  )
}

function ObservationInput({
  value,
  onChange,
  onChosen,
  options,
}: {
  value?: string
  onChange?: (value: string) => void
  onChosen: (id: string) => void
  options: { value: string; label: string }[]
}) {
  return (
    <ChoiceInput
      value={value ?? ''}
      options={options}
      empty="不从听课记录"
      onChange={(id) => {
        onChange?.(id)
        onChosen(id)
      }}
    />
  )
}
