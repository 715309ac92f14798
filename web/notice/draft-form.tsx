import { Button, Checkbox, Form, Input, Select } from 'antd'
import { useState } from 'react'
import type { Whole } from '../../server/notice/words.ts'
import { CommandForm, DateInput, Field } from '../kit/form.tsx'
import { useGo } from '../kit/link.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { Attachments } from '../work/attachments.tsx'
import { notice } from './api.ts'
import type { View } from './notice-page.tsx'

interface Values {
  kind: string
  title: string
  body: string
  /** `whole everybody`, `unit <id>`, `cohort <id>`, `person <id>`, `school <id>`. */
  receivers: string[]
  mustConfirm: boolean
  confirmByDay?: string
}

function audienceOf(receivers: readonly string[]) {
  const of = (what: string) =>
    receivers.filter((one) => one.startsWith(`${what} `)).map((one) => one.slice(what.length + 1))
  const wholes = of('whole') as Whole[]
  return {
    whole: wholes.includes('everybody') ? ('everybody' as const) : (wholes[0] ?? null),
    unitIds: of('unit'),
    cohorts: of('cohort'),
    personIds: of('person'),
    schoolIds: of('school'),
  }
}
const receiversOf = ({ audience }: View): string[] => [
  ...(audience.whole ? [`whole ${audience.whole}`] : []),
  ...audience.unitIds.map((id) => `unit ${id}`),
  ...audience.cohorts.map((id) => `cohort ${id}`),
  ...audience.personIds.map((id) => `person ${id}`),
  ...audience.schoolIds.map((id) => `school ${id}`),
]

/** Title, text, files, receivers and whether everybody must confirm; one tap sends. */
export function DraftForm({ view }: { view: View }) {
  const go = useGo()
  const [form] = Form.useForm<Values>()
  const choices = useApi(notice.getAudienceChoices, {}).data
  const [mustConfirm, setMustConfirm] = useState(view.confirmByDay !== null)
  const send = useCommand(notice.sendNotice, {
    inline: true,
    success: ({ receivers }) =>
      choices && choices.schools.length > 0 ? `已发给 ${receivers} 所学校` : `已发给 ${receivers} 人`,
    invalidate: ['notice', 'message'],
  })
  const save = useCommand(notice.saveNotice, { success: '草稿已保存' })
  const discard = useCommand(notice.discardNotice, {
    success: '草稿已删除',
    onSuccess: () => go(paths.messages('sent'), { replace: true }),
  })
  const toInput = (values: Values) => ({
    id: view.id,
    kind: values.kind,
    title: values.title ?? '',
    body: values.body ?? '',
    audience: audienceOf(values.receivers ?? []),
    confirmByDay: values.mustConfirm && values.confirmByDay ? values.confirmByDay : null,
  })
  const option = (what: string, id: string, label: string, note = '') => ({
    value: `${what} ${id}`,
    label: note === '' ? label : `${label}（${note}）`,
  })
  const groups = choices
    ? [
        { label: '范围', options: choices.wholes.map((one) => option('whole', one.value, one.label)) },
        {
          label: '学校（不选就是全区）',
          options: choices.schools.map((one) => option('school', one.id, one.name)),
        },
        {
          label: '组和部门',
          options: choices.units.map((one) => option('unit', one.id, one.name, `${one.people} 人`)),
        },
        {
          label: '制度里的人员范围',
          options: choices.cohorts.map((one) => option('cohort', one.id, one.label, `${one.people} 人`)),
        },
        { label: '个人', options: choices.people.map((one) => option('person', one.id, one.name, one.note)) },
      ].filter((group) => group.options.length > 0)
    : []
  return (
    <CommandForm<ReturnType<typeof toInput>, { receivers: number }, Values>
      form={form}
      command={send}
      initial={{
        kind: view.kind,
        title: view.title,
        body: view.body,
        receivers: receiversOf(view),
        mustConfirm: view.confirmByDay !== null,
        ...(view.confirmByDay === null ? {} : { confirmByDay: view.confirmByDay }),
      }}
      toInput={toInput}
      submit="发出"
      onChange={(values) => setMustConfirm(values.mustConfirm)}
      extra={
        <>
          <Button
            loading={save.running}
            onClick={() => void save.run(toInput(form.getFieldsValue(true) as Values))}
          >
            保存草稿
          </Button>
          <Button type="text" loading={discard.running} onClick={() => void discard.run({ id: view.id })}>
            删除
          </Button>
        </>
      }
    >
      <Field name="title" label="标题" required>
        <Input maxLength={80} placeholder="一句话说清是什么事" />
      </Field>
      <Field name="body" label="正文" required>
        <Input.TextArea autoSize={{ minRows: 6, maxRows: 20 }} maxLength={20_000} />
      </Field>
      <Field name="receivers" label="发给" required requiredMessage="请选择接收人">
        <Select
          mode="multiple"
          loading={choices === undefined}
          placeholder="全体、某个组、某类教师或个人"
          options={groups}
          optionFilterProp="label"
        />
      </Field>
      <Field name="kind" label="类别" required>
        <Select options={choices?.kinds ?? [{ value: view.kind, label: view.kindLabel }]} />
      </Field>
      <Form.Item name="mustConfirm" valuePropName="checked">
        <Checkbox>要求每个人确认收到</Checkbox>
      </Form.Item>
      {mustConfirm && (
        <Field name="confirmByDay" label="最晚确认日" required>
          <DateInput />
        </Field>
      )}
      {(choices?.schools.length ?? 0) === 0 && (
        <div className="message-files">
          <Attachments room="notice" id={view.id} attachments={view.attachments} canChange />
        </div>
      )}
    </CommandForm>
  )
}
