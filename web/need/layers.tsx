import { Button, Drawer, Form, Input } from 'antd'
import { useState } from 'react'
import { layerSourceLabels } from '../../server/need/words.ts'
import { CommandForm, Field } from '../kit/form.tsx'
import { useCommand } from '../kit/queries.ts'
import { need, type Overview } from './api.ts'

type Layer = Overview['layers'][number]

/** Who belongs to which layer, with how many today; the school says up to which age somebody is young. */
export function LayerList({ overview }: { overview: Overview }) {
  const [changing, setChanging] = useState<Layer | null>(null)
  return (
    <>
      <p className="quiet need-lead">
        问卷和培训按这些层次发给人：谁属于哪一层由教师档案按当天的年龄、教龄、骨干级别自动算出。还可以到“人员范围”里另存一个范围，它会出现在这里。
      </p>
      <ul className="need-layers sheet">
        {overview.layers.map((layer) => (
          <li key={layer.id}>
            <span className="need-layer-name">
              <b>{layer.label}</b>
              <span className="quiet">{layerSourceLabels[layer.source]}</span>
            </span>
            <span>{layer.meaning}</span>
            <span>{layer.people} 人</span>
            {layer.criteria !== null && layer.id !== 'allTeachers' && (
              <Button size="small" onClick={() => setChanging(layer)}>
                修改
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Drawer
        title={changing ? `${changing.label}是哪些人` : ''}
        open={changing !== null}
        onClose={() => setChanging(null)}
        destroyOnHidden
      >
        {changing && <LayerForm layer={changing} done={() => setChanging(null)} />}
      </Drawer>
    </>
  )
}

interface Values {
  ageAtMost: string
  yearsTeachingAtMost: string
  yearsTeachingAtLeast: string
  backbone: boolean
}

function LayerForm({ layer, done }: { layer: Layer; done: () => void }) {
  const save = useCommand(need.saveLayer, { inline: true, success: '已保存', onSuccess: done })
  const retire = useCommand(need.retireLayer, { success: '不再使用这个层次', onSuccess: done })
  const text = (value: number | undefined) => (value === undefined ? '' : String(value))
  const years = (value: string | undefined) =>
    value === undefined || value.trim() === '' ? undefined : Number(value)
  const criteria = layer.criteria ?? {}
  return (
    <CommandForm<Parameters<typeof need.saveLayer>[0], Record<string, never>, Values>
      command={save}
      submit="保存"
      initial={{
        ageAtMost: text(criteria.ageAtMost),
        yearsTeachingAtMost: text(criteria.yearsTeachingAtMost),
        yearsTeachingAtLeast: text(criteria.yearsTeachingAtLeast),
        backbone: criteria.backbone === true,
      }}
      toInput={(values) => ({
        layer: layer.id,
        criteria: {
          ageAtMost: years(values.ageAtMost),
          yearsTeachingAtMost: years(values.yearsTeachingAtMost),
          yearsTeachingAtLeast: years(values.yearsTeachingAtLeast),
          ...(values.backbone ? { backbone: true } : {}),
        },
      })}
      extra={
        <Button loading={retire.running} onClick={() => void retire.run({ layer: layer.id })}>
          不用这个层次
        </Button>
      }
    >
      <Field name="ageAtMost" label="年龄不超过（周岁）">
        <Input type="number" inputMode="numeric" min={18} max={70} />
      </Field>
      <Field name="yearsTeachingAtMost" label="从教不超过（整年）">
        <Input type="number" inputMode="numeric" min={0} max={60} />
      </Field>
      <Field name="yearsTeachingAtLeast" label="从教至少（整年）">
        <Input type="number" inputMode="numeric" min={0} max={60} />
      </Field>
      <Form.Item name="backbone" valuePropName="checked">
        <BackboneCheck />
      </Form.Item>
    </CommandForm>
  )
}

function BackboneCheck({ checked, onChange }: { checked?: boolean; onChange?: (checked: boolean) => void }) {
  return (
    <label>
      <input
        type="checkbox"
        checked={checked ?? false}
        onChange={(event) => onChange?.(event.target.checked)}
      />{' '}
      档案里登记了骨干级别
    </label>
  )
}
