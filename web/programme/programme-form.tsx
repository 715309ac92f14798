import { Button, Form, Input } from 'antd'
import { artefactLabels } from '../../server/programme/words.ts'
import { addDays } from '../../engine/days.ts'
import { ChoiceInput, CommandForm, DateInput, Field } from '../kit/form.tsx'
import { Icon } from '../kit/icons.tsx'
import { useCommand } from '../kit/queries.ts'
import { programme, type View } from './api.ts'

type Input_ = Parameters<typeof programme.createProgramme>[0]
interface Item {
  id?: string
  title: string
  /** `organisation`, `schools`, or the kind of group. */
  who: string
  dueOn: string
  artefact: keyof typeof artefactLabels
}
interface Values {
  title: string
  aim: string
  basis: string
  phases: { id?: string; title: string; from: string; to: string; deliverables: Item[] }[]
}

/** The usual three phases, from which most programmes are made. */
function usual(today: string): Values['phases'] {
  const year = Number(today.slice(0, 4))
  return [
    { title: '启动阶段', from: today, to: addDays(today, 60), deliverables: [] },
    { title: '实施阶段', from: addDays(today, 61), to: `${year + 2}-12-31`, deliverables: [] },
    { title: '评估阶段', from: `${year + 3}-01-01`, to: `${year + 3}-12-31`, deliverables: [] },
  ]
}

const toInput = (values: Values): Input_ => ({
  title: values.title,
  aim: values.aim ?? '',
  basis: values.basis ?? '',
  phases: values.phases.map((phase) => ({
    ...(phase.id === undefined ? {} : { id: phase.id }),
    title: phase.title,
    from: phase.from,
    to: phase.to,
    deliverables: (phase.deliverables ?? []).map((item) => ({
      ...(item.id === undefined ? {} : { id: item.id }),
      title: item.title,
      owner: item.who === 'organisation' || item.who === 'schools' ? item.who : ('units' as const),
      unitKind: item.who === 'organisation' || item.who === 'schools' ? null : item.who,
      dueOn: item.dueOn,
      artefact: item.artefact,
    })),
  })),
})

/** Phases with what each has to bring: what, who, by when. */
export function ProgrammeForm({
  view,
  isDistrict,
  unitKinds,
  today,
  done,
}: {
  view: View | null
  isDistrict: boolean
  unitKinds: { id: string; label: string }[]
  today: string
  done: (id: string) => void
}) {
  const [form] = Form.useForm<Values>()
  const create = useCommand(programme.createProgramme, { inline: true, invalidate: ['programme', 'agenda'] })
  const change = useCommand(programme.changeProgramme, { inline: true, invalidate: ['programme', 'agenda'] })
  const owners = [
    ...(isDistrict ? [{ value: 'schools', label: '各校' }] : []),
    { value: 'organisation', label: isDistrict ? '区里' : '学校' },
    ...(isDistrict
      ? []
      : unitKinds
          .filter((kind) => kind.id !== 'department')
          .map((kind) => ({ value: kind.id, label: `各${kind.label}` }))),
  ]
  const initial: Values = view
    ? {
        title: view.title,
        aim: view.aim,
        basis: view.basis,
        phases: view.phases.map((phase) => ({
          id: phase.id,
          title: phase.title,
          from: phase.from,
          to: phase.to,
          deliverables: phase.deliverables.map((one) => ({
            id: one.id,
            title: one.title,
            who: one.owner === 'units' ? (one.unitKind ?? '') : one.owner,
            dueOn: one.dueOn,
            artefact: one.artefact,
          })),
        })),
      }
    : { title: '', aim: '', basis: '', phases: usual(today) }
  return (
    <CommandForm<Input_, { id: string } | { version: number }, Values>
      command={{
        ...(view ? change : create),
        run: (input) =>
          view ? change.run({ ...input, id: view.id, version: view.version }) : create.run(input),
      }}
      form={form}
      initial={initial}
      toInput={toInput}
      submit={view ? '保存' : '存为草稿'}
      onDone={(made) => done('id' in made ? made.id : (view?.id ?? ''))}
    >
      <Field name="title" label="项目名称" required>
        <Input maxLength={80} placeholder="例如：校本研修三年行动" autoFocus={view === null} />
      </Field>
      <div className="form-pair">
        <Field name="aim" label="目标">
          <Input.TextArea autoSize={{ minRows: 1 }} maxLength={2000} />
        </Field>
        <Field name="basis" label="依据">
          <Input maxLength={200} placeholder="文件名称或文号" />
        </Field>
      </div>
      <Form.List name="phases">
        {(phases, { add, remove }) => (
          <>
            {phases.map((phase, index) => (
              <fieldset key={phase.key} className="programme-phase-form">
                <div className="programme-phase-head">
                  <h3>第 {index + 1} 阶段</h3>
                  {phases.length > 1 && (
                    <Button type="text" onClick={() => remove(phase.name)}>
                      删去这个阶段
                    </Button>
                  )}
                </div>
                <div className="form-three">
                  <Field name={[phase.name, 'title']} label="名称" required>
                    <Input maxLength={40} />
                  </Field>
                  <Field name={[phase.name, 'from']} label="从" required>
                    <DateInput />
                  </Field>
                  <Field name={[phase.name, 'to']} label="到" required>
                    <DateInput />
                  </Field>
                </div>
                <Form.List name={[phase.name, 'deliverables']}>
                  {(items, list) => (
                    <>
                      {items.map((item) => (
                        <div key={item.key} className="programme-item-form">
                          <Field name={[item.name, 'title']} label="要交什么" required>
                            <Input maxLength={80} />
                          </Field>
                          <Field name={[item.name, 'who']} label="谁交" required>
                            <ChoiceInput options={owners} />
                          </Field>
                          <Field name={[item.name, 'artefact']} label="哪种材料" required>
                            <ChoiceInput
                              options={Object.entries(artefactLabels).map(([value, label]) => ({
                                value,
                                label,
                              }))}
                            />
                          </Field>
                          <Field name={[item.name, 'dueOn']} label="最迟哪天" required>
                            <DateInput />
                          </Field>
                          <button
                            type="button"
                            className="icon-button"
                            aria-label="删去这一项"
                            onClick={() => list.remove(item.name)}
                          >
                            <Icon name="trash" />
                          </button>
                        </div>
                      ))}
                      <Button
                        icon={<Icon name="plus" size={18} />}
                        onClick={() => {
                          const values = form.getFieldValue([
                            'phases',
                            phase.name,
                          ]) as Values['phases'][number]
                          list.add({ title: '', who: owners[0]?.value, artefact: 'any', dueOn: values.to })
                        }}
                      >
                        加一项要交的
                      </Button>
                    </>
                  )}
                </Form.List>
              </fieldset>
            ))}
            <Button
              onClick={() => {
                const last = (form.getFieldValue('phases') as Values['phases']).at(-1)
                const from = last ? addDays(last.to, 1) : today
                add({ title: '', from, to: addDays(from, 180), deliverables: [] })
              }}
            >
              加一个阶段
            </Button>
          </>
        )}
      </Form.List>
    </CommandForm>
  )
}
