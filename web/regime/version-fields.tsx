import type { Field } from '../../server/regime/drafts-contract.ts'
import { DateInput } from '../kit/form.tsx'

export type Value = number | boolean | string | string[] | null
/** Values that were changed and not saved yet, by the path joined with dots. */
export type Edits = Record<string, { path: (string | number)[]; value: Value }>

export const pathKey = (path: (string | number)[]): string => path.join('.')

/** One value of the regime with its clause or note beside it. */
export function FieldRow({
  field,
  edits,
  change,
  errors,
  disabled,
}: {
  field: Field
  edits: Edits
  change: (path: (string | number)[], value: Value) => void
  errors: Record<string, string>
  disabled: boolean
}) {
  const key = pathKey(field.path)
  const edit = edits[key]
  const value = edit ? edit.value : field.value
  const error = errors[key]
  const note = field.path[0] === 'settings' && field.note !== null ? field.note : field.note
  return (
    <div className={`value-row${edit ? ' value-changed' : ''}`}>
      <span className="value-label" id={`label-${key}`}>
        {field.label}
      </span>
      <span className="value-input">
        {field.setting ? (
          <span className="value-linked">
            {shown(field, field.value)} <span className="quiet">随设置“{field.setting.label}”</span>
          </span>
        ) : (
          <Input
            field={field}
            value={value}
            labelledBy={`label-${key}`}
            disabled={disabled}
            change={(next) => change(field.path, next)}
          />
        )}
        {error !== undefined && (
          <span className="field-error" role="alert">
            {error}
          </span>
        )}
      </span>
      <span className="value-source quiet">
        {field.clause !== null && <span className="clause">{field.clause}</span>}
        {note}
      </span>
    </div>
  )
}

function shown(field: Field, value: Value): string {
  if (value === null) return '（未写）'
  if (typeof value === 'boolean') return value ? '是' : '否'
  const word = (one: string) => field.options?.find((option) => option.value === one)?.label ?? one
  return Array.isArray(value) ? value.map(word).join('、') : word(String(value))
}

function Input({
  field,
  value,
  change,
  labelledBy,
  disabled,
}: {
  field: Field
  value: Value
  change: (value: Value) => void
  labelledBy: string
  disabled: boolean
}) {
  const common = { 'aria-labelledby': labelledBy, disabled }
  switch (field.kind) {
    case 'number':
      return (
        <input
          {...common}
          type="number"
          step="any"
          className="native-input value-number"
          value={value === null ? '' : String(value)}
          placeholder={field.optional ? '按全校设置' : ''}
          onChange={(event) => change(event.target.value === '' ? null : Number(event.target.value))}
        />
      )
    case 'yesNo':
      return (
        <span className="segments" role="group" aria-labelledby={labelledBy}>
          {[true, false].map((one) => (
            <button
              key={String(one)}
              type="button"
              disabled={disabled}
              aria-pressed={value === one}
              onClick={() => change(one)}
            >
              {one ? '是' : '否'}
            </button>
          ))}
        </span>
      )
    case 'choice':
      return (
        <select
          {...common}
          className="native-select value-choice"
          value={value === null ? '' : String(value)}
          onChange={(event) => change(event.target.value === '' ? null : event.target.value)}
        >
          {(field.optional || value === null) && <option value="">按全校设置</option>}
          {field.options?.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )
    case 'choices': {
      const list = Array.isArray(value) ? value : []
      return (
        <span className="value-checks" role="group" aria-labelledby={labelledBy}>
          {field.options?.map((option) => (
            <label key={option.value}>
              <input
                type="checkbox"
                disabled={disabled}
                checked={list.includes(option.value)}
                onChange={(event) =>
                  change(
                    event.target.checked
                      ? [...list, option.value]
                      : list.filter((one) => one !== option.value),
                  )
                }
              />
              {option.label}
            </label>
          ))}
        </span>
      )
    }
    case 'day':
      return <DateInput value={String(value ?? '')} disabled={disabled} onChange={change} />
    default:
      return Array.isArray(value) ? (
        <input
          {...common}
          className="native-input"
          value={value.join('、')}
          onChange={(event) => change(event.target.value.split(/[、,，]/).filter((one) => one.trim() !== ''))}
        />
      ) : (
        <textarea
          {...common}
          rows={1}
          className="native-text value-text"
          value={value === null ? '' : String(value)}
          placeholder={field.optional ? '（没有）' : ''}
          onChange={(event) => change(event.target.value === '' ? null : event.target.value)}
        />
      )
  }
}
