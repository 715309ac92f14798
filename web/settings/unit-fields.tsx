import { Input } from 'antd'
import { unitKindLabels } from '../../server/org/words.ts'
import { ChoiceInput, Field } from '../kit/form.tsx'
import type { Answer, org } from './api.ts'

export type Unit = Answer<typeof org.listUnits>['units'][number]

/** What founding and changing a unit have in common. */
export function UnitFields({ units }: { units: Unit[] }) {
  return (
    <>
      <Field name="subject" label="学科" hint="教研组、备课组的学科，例如 语文">
        <Input />
      </Field>
      <Field name="parentId" label="上级">
        <ChoiceInput
          empty="没有上级"
          options={units.map((unit) => ({
            value: unit.id,
            label: `${unit.name}（${unitKindLabels[unit.kind]}）`,
          }))}
        />
      </Field>
    </>
  )
}
