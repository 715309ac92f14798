import { Form, Input } from 'antd'
import { useState } from 'react'
import {
  type DayPart,
  dayPartLabels,
  type Parity,
  parityLabels,
  weekdayLabels,
} from '../../server/slot/words.ts'
import { ChoiceInput, CommandForm, DateInput, Field, TimeInput } from '../kit/form.tsx'
import { Notice } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { notify } from '../kit/toast.tsx'
import { type Line, type List, slot } from './api.ts'

interface Values {
  unit: string
  weekday: string
  parity: Parity
  when: 'periods' | 'part'
  firstPeriod: string
  lastPeriod: string
  dayPart: DayPart
  starts: string
  ends: string
  title: string
  studyKind: string
  place: string
  from: string
  to: string
}
type Input_ = Parameters<typeof slot.proposeSlot>[0]

const toInput = (values: Values): Input_ => ({
  unitId: values.unit === 'school' ? null : values.unit,
  title: values.title ?? '',
  studyKind: values.studyKind ?? '',
  place: values.place ?? '',
  weekday: Number(values.weekday),
  dayPart: values.dayPart,
  ...(values.when === 'periods'
    ? { firstPeriod: Number(values.firstPeriod), lastPeriod: Number(values.lastPeriod) }
    : { starts: values.starts || null, ends: values.ends || null }),
  parity: values.parity,
  from: values.from,
  to: values.to || null,
})

/** A fixed time: three choices are enough, clashes are said while one chooses. */
export function SlotForm({ list, line, done }: { list: List; line: Line | null; done: () => void }) {
  const [form] = Form.useForm<Values>()
  const last = list.periods.length
  const start: Values = line
    ? {
        unit: line.unit?.id ?? 'school',
        weekday: String(line.weekday),
        parity: line.parity,
        when: line.firstPeriod === null ? 'part' : 'periods',
        firstPeriod: String(line.firstPeriod ?? Math.max(1, last - 1)),
        lastPeriod: String(line.lastPeriod ?? last),
        dayPart: line.dayPart,
        starts: line.starts,
        ends: line.ends,
        title: line.title,
        studyKind: line.studyKind,
        place: line.place,
        from: line.from,
        to: line.to ?? '',
      }
    : {
        unit: list.units[0]?.id ?? 'school',
        weekday: '4',
        parity: 'every',
        when: 'periods',
        firstPeriod: String(Math.max(1, last - 1)),
        lastPeriod: String(last),
        dayPart: 'afternoon',
        starts: '',
        ends: '',
        title: '',
        studyKind: '',
        place: '',
        from: list.today,
        to: '',
      }
  const [values, setValues] = useState(start)
  const clashes = useApi(
    slot.findSlotClashes,
    values.weekday && values.from ? { ...toInput(values), ...(line ? { id: line.id } : {}) } : null,
    { keep: true },
  )
  const propose = useCommand(slot.proposeSlot, { inline: true })
  const change = useCommand(slot.changeSlot, { inline: true })
  const command = line ? change : propose
  const isOffice = list.abilities.maintain === null
  const periods = list.periods.map((one) => ({
    value: String(one.number),
    label: `第${one.number}节 ${one.starts}`,
  }))
  return (
    <CommandForm<Input_, unknown, Values>
      command={{
        ...command,
        run: (input) =>
          line ? change.run({ ...input, id: line.id, version: line.version }) : propose.run(input),
      }}
      form={form}
      initial={start}
      onChange={setValues}
      toInput={toInput}
      submit={line ? '保存' : isOffice ? '设定并备案' : '提交教导处'}
      onDone={() => {
        notify(isOffice ? '已备案，安排活动时会自动填上' : '已提交，等教导处备案', { kind: 'success' })
        done()
      }}
    >
      <Field name="unit" label="哪个组" required>
        <ChoiceInput
          disabled={line !== null}
          options={
            line
              ? [{ value: line.unit?.id ?? 'school', label: line.ownerName }]
              : list.units.map((unit) => ({ value: unit.id ?? 'school', label: unit.label }))
          }
        />
      </Field>
      <div className="form-pair">
        <Field name="weekday" label="星期" required>
          <ChoiceInput options={weekdayLabels.map((label, index) => ({ value: String(index + 1), label }))} />
        </Field>
        <Field name="parity" label="周次" required>
          <ChoiceInput options={Object.entries(parityLabels).map(([value, label]) => ({ value, label }))} />
        </Field>
      </div>
      <Field name="when" label="按什么定时间" required>
        <ChoiceInput
          options={[
            { value: 'periods', label: '按节次' },
            { value: 'part', label: '按时段' },
          ]}
        />
      </Field>
      {values.when === 'periods' ? (
        <div className="form-pair">
          <Field name="firstPeriod" label="从" required>
            <ChoiceInput options={periods} />
          </Field>
          <Field name="lastPeriod" label="到" required>
            <ChoiceInput options={periods} />
          </Field>
        </div>
      ) : (
        <>
          <Field name="dayPart" label="时段" required>
            <ChoiceInput
              options={Object.entries(dayPartLabels).map(([value, label]) => ({ value, label }))}
            />
          </Field>
          <div className="form-pair">
            <Field name="starts" label="开始" hint="不填就按常用时间">
              <TimeInput />
            </Field>
            <Field name="ends" label="结束">
              <TimeInput />
            </Field>
          </div>
        </>
      )}
      <div className="form-pair">
        <Field name="studyKind" label="类别">
          <ChoiceInput
            options={list.kinds.map((kind) => ({ value: kind.id, label: kind.label }))}
            empty="不限"
          />
        </Field>
        <Field name="place" label="地点">
          <Input maxLength={80} />
        </Field>
      </div>
      <Field name="title" label="名称" hint="不填就用组名">
        <Input maxLength={40} placeholder="例如：校本研修日" />
      </Field>
      <div className="form-pair">
        <Field name="from" label="从" required>
          <DateInput />
        </Field>
        <Field name="to" label="到">
          <DateInput />
        </Field>
      </div>
      {(clashes.data?.clashes.length ?? 0) > 0 && (
        <Notice tone="soon">
          <ul>
            {clashes.data?.clashes.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </Notice>
      )}
    </CommandForm>
  )
}
