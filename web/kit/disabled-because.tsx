import { Button } from 'antd'
import type { ButtonProps } from 'antd'
import { useId } from 'react'

/**
 * A button that says why it cannot be pressed: `reason` comes from the server (`null`: it may be pressed). The reason
 * stands beside the button as text, because phones have no pointer to hover with.
 */
export function DisabledBecause({ reason, ...button }: ButtonProps & { reason: string | null }) {
  const id = useId()
  if (reason === null) return <Button {...button} />
  return (
    <span className="disabled-because">
      <Button {...button} disabled aria-describedby={id} />
      <span className="because" id={id}>
        {reason}
      </span>
    </span>
  )
}
