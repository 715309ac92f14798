import { useEffect, useId, useState } from 'react'
import {
  operatorsOf,
  type SimpleCondition,
  type SimpleConditions,
  type SimpleOperator,
  simpleOperators,
  type SimpleValue,
} from '../../engine/simple-words.ts'
import type { AttributeChoice } from '../../server/regime/parts-contract.ts'
import { Icon } from '../kit/icons.tsx'
import './version-parts.css'

interface Setting {
  name: string
  label: string
  value: string
}

/** Conditions line by line: which attribute, what is asked of it, and the value; all of them or one of them. */
export function ConditionEditor({
  value,
  change,
  attributes,
  settings = [],
  addWord,
}: {
  value: SimpleConditions
  change: (value: SimpleConditions) => void
  attributes: AttributeChoice[]
  settings?: Setting[]
  /** The word on the button that adds a line. */
  addWord: string
}) {
  const { join, conditions } = value
  const set = (index: number, one: SimpleCondition) =>
    change({ join, conditions: conditions.map((old, at) => (at === index ? one : old)) })
  return (
    <div className="conditions">
      {conditions.length > 1 && (
        <div className="segments" role="group" aria-label="几个条件">
          <button
            type="button"
            aria-pressed={join === 'all'}
            onClick={() => change({ join: 'all', conditions })}
          >
            都要符合
          </button>
          <button
            type="button"
            aria-pressed={join === 'any'}
            onClick={() => change({ join: 'any', conditions })}
          >
            符合一个就行
          </button>
        </div>
      )}
      {conditions.map((one, index) => (
        <ConditionLine
          key={index}
          one={one}
          attributes={attributes}
          settings={settings}
          change={(next) => set(index, next)}
          remove={() => change({ join, conditions: conditions.filter((_, at) => at !== index) })}
        />
      ))}
      <button
        type="button"
        className="tool-button"
        onClick={() =>
          change({ join, conditions: [...conditions, { attribute: '', operator: 'is', value: null }] })
        }
      >
        <Icon name="plus" size={18} />
        {addWord}
      </button>
    </div>
  )
}

function ConditionLine({
  one,
  attributes,
  settings,
  change,
  remove,
}: {
  one: SimpleCondition
  attributes: AttributeChoice[]
  settings: Setting[]
  change: (one: SimpleCondition) => void
  remove: () => void
}) {
  const about = attributes.find((attribute) => attribute.name === one.attribute)
  const operators = about ? operatorsOf[about.type] : []
  return (
    <div className="condition-line">
      <select
        className="native-select"
        aria-label="看哪一项"
        value={one.attribute}
        onChange={(event) => {
          const next = attributes.find((attribute) => attribute.name === event.target.value)
          const [operator = 'is'] = next ? operatorsOf[next.type] : []
          change({ attribute: event.target.value, operator, value: null })
        }}
      >
        <option value="">请选择</option>
        {attributes.map((attribute) => (
          <option key={attribute.name} value={attribute.name}>
            {attribute.label}
          </option>
        ))}
      </select>
      {about && (
        <select
          className="native-select"
          aria-label="怎样"
          value={one.operator}
          onChange={(event) => {
            const operator = event.target.value as SimpleOperator
            const same = simpleOperators[operator].value === simpleOperators[one.operator].value
            change({ ...one, operator, value: same ? one.value : null })
          }}
        >
          {operators.map((operator) => (
            <option key={operator} value={operator}>
              {simpleOperators[operator].label}
            </option>
          ))}
        </select>
      )}
      {about && (
        <ValueInput
          one={one}
          about={about}
          settings={settings}
          change={(value) => change({ ...one, value })}
        />
      )}
      <button type="button" className="icon-button" aria-label="删去这个条件" onClick={remove}>
        <Icon name="trash" size={18} />
      </button>
    </div>
  )
}

function ValueInput({
  one,
  about,
  settings,
  change,
}: {
  one: SimpleCondition
  about: AttributeChoice
  settings: Setting[]
  change: (value: SimpleValue) => void
}) {
  const list = useId()
  const asks = simpleOperators[one.operator].value
  const { value } = one
  if (asks === 'none') return null
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const setting = settings.find((each) => each.name === value.setting)
    return (
      <span className="condition-setting">
        设置“{setting?.label ?? value.setting}”（{setting?.value ?? '—'}）
        <button type="button" className="tool-button" onClick={() => change(null)}>
          改为固定的值
        </button>
      </span>
    )
  }
  if (asks === 'figure') {
    if (about.options.length > 0)
      return (
        <select
          className="native-select"
          aria-label="值"
          value={value === null ? '' : String(value)}
          onChange={(event) => change(event.target.value === '' ? null : Number(event.target.value))}
        >
          <option value="">请选择</option>
          {about.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )
    return (
      <input
        className="native-input condition-figure"
        type="number"
        step="any"
        aria-label="值"
        value={typeof value === 'number' ? String(value) : ''}
        onChange={(event) => change(event.target.value === '' ? null : Number(event.target.value))}
      />
    )
  }
  // Words that stand for themselves may be typed; those of a list are chosen.
  const listed = about.options.some((option) => option.value !== option.label) || !about.open
  if (asks === 'several') {
    const chosen = Array.isArray(value) ? value : []
    if (!listed)
      return (
        <input
          className="native-input"
          aria-label="值，几个用顿号隔开"
          placeholder="几个用顿号隔开"
          defaultValue={chosen.join('、')}
          onBlur={(event) => change(event.target.value.split(/[、,，]/).filter((word) => word.trim() !== ''))}
        />
      )
    return (
      <span className="value-checks" role="group" aria-label="值">
        {about.options.map((option) => (
          <label key={option.value}>
            <input
              type="checkbox"
              checked={chosen.includes(option.value)}
              onChange={(event) =>
                change(
                  event.target.checked
                    ? [...chosen, option.value]
                    : chosen.filter((word) => word !== option.value),
                )
              }
            />
            {option.label}
          </label>
        ))}
      </span>
    )
  }
  const word = typeof value === 'string' ? value : ''
  if (listed && one.operator !== 'contains')
    return (
      <select
        className="native-select"
        aria-label="值"
        value={word}
        onChange={(event) => change(event.target.value)}
      >
        <option value="">请选择</option>
        {about.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    )
  return (
    <>
      <input
        className="native-input"
        aria-label="值"
        list={list}
        value={word}
        onChange={(event) => change(event.target.value)}
      />
      <datalist id={list}>
        {about.options.map((option) => (
          <option key={option.value} value={option.value} />
        ))}
      </datalist>
    </>
  )
}

/** Conditions in which nothing is left open, so that they can be asked. */
export const isComplete = ({ conditions }: SimpleConditions): boolean =>
  conditions.length > 0 &&
  conditions.every(
    ({ attribute, operator, value }) =>
      attribute !== '' &&
      (simpleOperators[operator].value === 'none' ||
        (value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))),
  )

/** A value that has not changed for a moment, so that typing does not ask at every letter. */
export function useSettled<Value>(value: Value, milliseconds = 350): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds)
    return () => clearTimeout(timer)
  }, [value, milliseconds])
  return settled
}
