import { useState } from 'react'
import { GrowingText } from './autosave-text.tsx'
import { htmlOf, isPlain, linesOf } from './plain-html.ts'
import { RichText } from './rich-text.tsx'
import { usePhone } from './screen.ts'

interface WritingProps {
  label: string
  /** HTML as the server cleaned it. */
  value: string
  onChange: (html: string) => void
  id?: string
  placeholder?: string
  rows?: number
}

/** Writing: on a phone a plain field that is there at once, on a PC (or for formatted text) the editor. */
export function Writing({ rows = 8, ...props }: WritingProps) {
  const phone = usePhone()
  const [startedPlain] = useState(() => phone && isPlain(props.value))
  // The lines stay as they are typed; reading them back out of the HTML would lose a line break at the end.
  const [text, setText] = useState(() => linesOf(props.value))
  if (!startedPlain || !isPlain(props.value)) return <RichText {...props} />
  const shown = htmlOf(text) === props.value ? text : linesOf(props.value)
  return (
    <div className="writing-plain">
      <GrowingText
        {...(props.id === undefined ? {} : { id: props.id })}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
        {...(props.id === undefined ? { name: props.label } : {})}
        rows={rows}
        value={shown}
        onChange={(next) => {
          setText(next)
          props.onChange(htmlOf(next))
        }}
      />
    </div>
  )
}

/** Shows HTML that the server has cleaned. */
export function Written({ html, empty = '（没有写）' }: { html: string; empty?: string }) {
  if (html === '') return <p className="quiet">{empty}</p>
  return <div className="rich-text" dangerouslySetInnerHTML={{ __html: html }} />
}
