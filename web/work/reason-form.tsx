import { Button } from 'antd'
import { useId, useState } from 'react'
import { GrowingText } from '../kit/autosave-text.tsx'

/** Asks for a reason before something is sent back; opens in place. */
export function ReasonForm({
  label,
  placeholder,
  submit,
  cancel = '不退了',
  running,
  onSubmit,
  onCancel,
}: {
  label: string
  placeholder: string
  submit: string
  cancel?: string
  running: boolean
  onSubmit: (reason: string) => void
  onCancel: () => void
}) {
  const id = useId()
  const [reason, setReason] = useState('')
  const [asked, setAsked] = useState(false)
  return (
    <form
      className="reason-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (reason.trim() === '') setAsked(true)
        else onSubmit(reason.trim())
      }}
    >
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      <GrowingText
        id={id}
        value={reason}
        onChange={setReason}
        rows={3}
        placeholder={placeholder}
        invalid={asked && reason.trim() === ''}
      />
      {asked && reason.trim() === '' && (
        <span className="field-error" role="alert">
          请写明原因，让对方知道怎样修改。
        </span>
      )}
      <div className="form-actions">
        <Button danger type="primary" htmlType="submit" loading={running}>
          {submit}
        </Button>
        <Button onClick={onCancel}>{cancel}</Button>
      </div>
    </form>
  )
}
