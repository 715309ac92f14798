import { useId, useLayoutEffect, useRef } from 'react'
import { ConflictNotice, SaveNote, useAutosave } from './autosave.tsx'
import { countCharacters } from './words.ts'

export interface GrowingTextProps {
  /** What a screen reader calls it where no label stands beside it. */
  name?: string
  value: string
  onChange: (value: string) => void
  id?: string
  placeholder?: string
  rows?: number
  readOnly?: boolean
  describedBy?: string
  invalid?: boolean
}

/** A plain text area that grows with its text; the first choice on phones. */
export function GrowingText(props: GrowingTextProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const element = area.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  })
  return (
    <textarea
      ref={area}
      className="native-text"
      rows={props.rows ?? 4}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      {...(props.id === undefined ? {} : { id: props.id })}
      {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
      readOnly={props.readOnly ?? false}
      aria-invalid={props.invalid ?? false}
      {...(props.name === undefined ? {} : { 'aria-label': props.name })}
      {...(props.describedBy === undefined ? {} : { 'aria-describedby': props.describedBy })}
    />
  )
}

export interface AutosaveTextProps {
  label: string
  /** Names the draft on this device, e.g. `minutes/<activityId>/discussion`. */
  storageKey: string
  /** What the server holds. */
  value: string
  /** Sends the text; rejects like an api call. */
  save: (value: string) => Promise<unknown>
  hint?: string
  placeholder?: string
  rows?: number
  /** Shown beside the count: 第一条规定不少于 800 字. */
  minimumCharacters?: number
}

/** A text that saves itself, also without a network. */
export function AutosaveText(props: AutosaveTextProps) {
  const id = useId()
  const draft = useAutosave({ storageKey: props.storageKey, value: props.value, save: props.save })
  return (
    <div className="autosave-text">
      <label className="field-label" htmlFor={id}>
        {props.label}
      </label>
      {props.hint !== undefined && (
        <p className="quiet" id={`${id}-hint`}>
          {props.hint}
        </p>
      )}
      {draft.conflict && <ConflictNotice onTake={draft.conflict.take} />}
      <GrowingText
        id={id}
        value={draft.value}
        onChange={draft.change}
        rows={props.rows ?? 6}
        {...(props.placeholder === undefined ? {} : { placeholder: props.placeholder })}
        {...(props.hint === undefined ? {} : { describedBy: `${id}-hint` })}
      />
      <div className="text-foot">
        <CharacterCount text={draft.value} minimum={props.minimumCharacters} />
        <SaveNote state={draft.state} />
      </div>
    </div>
  )
}

/** `523 字`, or `523/800 字` while a minimum is not reached. */
export function CharacterCount({ text, minimum }: { text: string; minimum?: number | undefined }) {
  const count = countCharacters(text)
  return (
    <span className="quiet figure-line">
      {minimum === undefined || count >= minimum
        ? `${count} 字`
        : `${count}/${minimum} 字，还差 ${minimum - count} 字`}
    </span>
  )
}
