import { type ReactNode, useId } from 'react'

/** One line of text with a label; what was written before is offered while typing. */
export function SuggestInput({
  label,
  value,
  onChange,
  suggestions = [],
  optional = false,
  maxLength,
  placeholder,
  error,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  suggestions?: readonly string[]
  /** Says so beside the label. */
  optional?: boolean
  maxLength: number
  placeholder?: string
  error?: ReactNode
}) {
  const list = useId()
  return (
    <label className="field">
      <span className="field-label">
        {label}
        {optional && <span className="optional">选填</span>}
      </span>
      <input
        className="native-input"
        list={suggestions.length > 0 ? list : undefined}
        value={value}
        maxLength={maxLength}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value)}
      />
      {suggestions.length > 0 && (
        <datalist id={list}>
          {[...new Set(suggestions)].map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {error}
    </label>
  )
}
