import { Button, Input } from 'antd'
import { useState } from 'react'

/** One line to send off: an address, or the code that came to it. */
export function AddressForm({
  label,
  placeholder,
  button,
  initial = '',
  kind = 'email',
  primary = false,
  running,
  onSend,
}: {
  label: string
  placeholder: string
  button: string
  initial?: string
  kind?: 'email' | 'code'
  primary?: boolean
  running: boolean
  onSend: (text: string) => void
}) {
  const [text, setText] = useState(initial)
  return (
    <form
      className="message-email"
      onSubmit={(event) => {
        event.preventDefault()
        onSend(text.trim())
      }}
    >
      <Input
        {...(kind === 'email'
          ? { type: 'email' }
          : { inputMode: 'numeric', autoComplete: 'one-time-code', maxLength: 12 })}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button
        {...(primary ? { type: 'primary' } : {})}
        htmlType="submit"
        loading={running}
        disabled={text.trim() === ''}
      >
        {button}
      </Button>
    </form>
  )
}
