import { Button, Form } from 'antd'
import type { FormInstance, FormItemProps } from 'antd'
import { useEffect } from 'react'
import type { ReactNode } from 'react'
import type { Command } from './queries.ts'
import { dayWithWeekday } from './words.ts'

export interface CommandFormProps<Input, Output, Values extends object> {
  /** From `useCommand(call, { inline: true })`: refusals appear in the form. */
  command: Command<Input, Output>
  initial?: Partial<Values>
  /** Turns what was filled in into the command's input. */
  toInput: (values: Values) => Input
  /** The word on the button: 提交. */
  submit: string
  /** More buttons beside it. */
  extra?: ReactNode
  /** Why it cannot be submitted now; said beside the button. */
  blocked?: string | null
  onDone?: (output: Output) => void
  onChange?: (values: Values) => void
  form?: FormInstance<Values>
  children: ReactNode
}

function markOptional(label: ReactNode, { required }: { required: boolean }) {
  return (
    <>
      {label}
      {!required && <span className="optional">选填</span>}
    </>
  )
}

/** A form that sends one command; the server's messages stand at the fields that they name. */
export function CommandForm<Input, Output, Values extends object>(
  props: CommandFormProps<Input, Output, Values>,
) {
  const [own] = Form.useForm<Values>()
  const form = props.form ?? own
  const { command, blocked = null } = props
  const { error } = command
  useEffect(() => {
    if (!error) return
    const fields = Object.entries(error.fields).map(([path, message]) => ({
      name: path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part)),
      errors: [message],
    }))
    form.setFields(fields as unknown as Parameters<typeof form.setFields>[0])
    if (fields[0]) form.scrollToField(fields[0].name, { behavior: 'auto', block: 'center' })
  }, [error, form])
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={markOptional}
      scrollToFirstError={{ behavior: 'auto', block: 'center' }}
      validateTrigger={['onBlur', 'onChange']}
      {...(props.initial ? { initialValues: props.initial } : {})}
      {...(props.onChange ? { onValuesChange: (_change, values: Values) => props.onChange?.(values) } : {})}
      onFinish={(values: Values) => {
        if (blocked !== null) return
        void command.run(props.toInput(values)).then((output) => {
          if (output !== undefined) props.onDone?.(output)
        })
      }}
    >
      {props.children}
      {error && (
        <p className="form-error" role="alert">
          {error.message}
          {error.clause !== undefined && <span className="clause">{error.clause}</span>}
        </p>
      )}
      <div className="form-actions">
        <Button type="primary" htmlType="submit" loading={command.running} disabled={blocked !== null}>
          {props.submit}
        </Button>
        {props.extra}
        {blocked !== null && <span className="because">{blocked}</span>}
      </div>
    </Form>
  )
}

/** One field of a `CommandForm`; around any antd or kit input that takes `value` and `onChange`. */
export function Field({
  name,
  label,
  hint,
  required = false,
  requiredMessage,
  ...rest
}: {
  name: string | (string | number)[]
  label: string
  hint?: ReactNode
  required?: boolean
  requiredMessage?: string
} & Omit<FormItemProps, 'name' | 'label' | 'required' | 'extra'>) {
  return (
    <Form.Item
      name={name}
      label={label}
      {...(hint === undefined ? {} : { extra: hint })}
      {...(required
        ? {
            ...rest,
            rules: [{ required: true, message: requiredMessage ?? `请填写${label}` }, ...(rest.rules ?? [])],
          }
        : rest)}
    />
  )
}

interface NativeProps {
  value?: string
  onChange?: (value: string) => void
  id?: string
  min?: string
  max?: string
  disabled?: boolean
  'aria-label'?: string
}

/**
 * A calendar day (`2026-11-22`). The device's own picker; while it is not being changed it reads as a Chinese date with
 * its weekday, whatever language the browser speaks.
 */
export function DateInput({ value, onChange, ...rest }: NativeProps) {
  const words =
    value === undefined || value === '' ? '选择日期' : `${value.slice(0, 4)}年${dayWithWeekday(value)}`
  return (
    <span className="moment-input moment-day">
      <input
        type="date"
        className="native-input"
        value={value ?? ''}
        onChange={(event) => onChange?.(event.target.value)}
        {...rest}
      />
      <span className="moment-words" aria-hidden="true">
        {words}
      </span>
    </span>
  )
}

/** A time of day (`15:40`), read as 24 hours. */
export function TimeInput({ value, onChange, ...rest }: NativeProps) {
  return (
    <span className="moment-input">
      <input
        type="time"
        className="native-input"
        value={value ?? ''}
        onChange={(event) => onChange?.(event.target.value.slice(0, 5))}
        {...rest}
      />
      <span className="moment-words" aria-hidden="true">
        {value === undefined || value === '' ? '选择时间' : value.slice(0, 5)}
      </span>
    </span>
  )
}

/** The device's own list for short, closed choices. */
export function ChoiceInput({
  value,
  onChange,
  options,
  empty,
  ...rest
}: Omit<NativeProps, 'min' | 'max'> & { options: { value: string; label: string }[]; empty?: string }) {
  return (
    <select
      className="native-select"
      value={value ?? ''}
      onChange={(event) => onChange?.(event.target.value)}
      {...rest}
    >
      {(empty !== undefined || value === undefined || value === '') && (
        <option value="">{empty ?? '请选择'}</option>
      )}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}
