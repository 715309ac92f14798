import { Select } from 'antd'
import type { DefaultOptionType } from 'antd/es/select'
import { useEffect, useRef, useState } from 'react'

export interface Choice {
  value: string
  label: string
  /** Beside the name: 数学组 · 工号 1024. */
  note?: string
}

export interface PickerProps {
  /** Asks the server; an empty text gives the likeliest choices. */
  search: (text: string) => Promise<Choice[]>
  value?: string | null
  onChange?: (value: string | null, choice: Choice | null) => void
  /** What is chosen already, so that its name shows before anything is searched. */
  chosen?: Choice[]
  placeholder?: string
  id?: string
  disabled?: boolean
  'aria-label'?: string
}

export interface ManyPickerProps extends Omit<PickerProps, 'value' | 'onChange'> {
  value?: string[]
  onChange?: (values: string[], choices: Choice[]) => void
}

function useChoices(search: PickerProps['search'], chosen: Choice[]) {
  const [found, setFound] = useState<Choice[]>([])
  const [state, setState] = useState<'idle' | 'searching' | 'failed'>('idle')
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const turn = useRef(0)
  useEffect(() => () => clearTimeout(timer.current), [])
  const look = (text: string, delay: number) => {
    clearTimeout(timer.current)
    turn.current += 1
    const mine = turn.current
    setState('searching')
    timer.current = setTimeout(() => {
      search(text.trim()).then(
        (choices) => {
          if (mine !== turn.current) return
          setFound(choices)
          setState('idle')
        },
        () => {
          if (mine === turn.current) setState('failed')
        },
      )
    }, delay)
  }
  const known = [...found, ...chosen.filter((choice) => !found.some((other) => other.value === choice.value))]
  return { found: known, state, look }
}

const emptyWords = {
  idle: '没有找到，换个名字、拼音首字母或工号试试',
  searching: '正在找…',
  failed: '没有连上服务器，请再试一次',
}

function optionsOf(choices: Choice[]) {
  return choices.map((choice) => ({ value: choice.value, label: choice.label, note: choice.note }))
}
function drawOption(option: { data: DefaultOptionType }) {
  const note = option.data.note as string | undefined
  return (
    <span className="picker-option">
      {option.data.label}
      {note !== undefined && <span className="quiet">{note}</span>}
    </span>
  )
}

/** Chooses one by searching on the server: name, initials, number. */
export function SearchPicker({ search, value, onChange, chosen = [], ...rest }: PickerProps) {
  const { found, state, look } = useChoices(search, chosen)
  return (
    <Select<string>
      {...rest}
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: (text) => look(text, 250) }}
      allowClear
      value={value ?? undefined!}
      onOpenChange={(open) => {
        if (open) look('', 0)
      }}
      onChange={(next: string | undefined) =>
        onChange?.(next ?? null, found.find((choice) => choice.value === next) ?? null)
      }
      options={optionsOf(found)}
      optionRender={drawOption}
      notFoundContent={emptyWords[state]}
    />
  )
}

/** Chooses several by searching on the server. */
export function SearchManyPicker({ search, value = [], onChange, chosen = [], ...rest }: ManyPickerProps) {
  const [picked, setPicked] = useState<Choice[]>(chosen)
  const { found, state, look } = useChoices(search, picked)
  return (
    <Select<string[]>
      {...rest}
      mode="multiple"
      style={{ width: '100%' }}
      showSearch={{ filterOption: false, onSearch: (text) => look(text, 250) }}
      value={value}
      onOpenChange={(open) => {
        if (open) look('', 0)
      }}
      onChange={(next) => {
        const choices = next.flatMap((key) => found.find((choice) => choice.value === key) ?? [])
        setPicked(choices)
        onChange?.(next, choices)
      }}
      options={optionsOf(found)}
      optionRender={drawOption}
      notFoundContent={emptyWords[state]}
    />
  )
}

/** Finds a person by name, pinyin initials or 工号. */
export function PersonPicker(props: PickerProps) {
  return <SearchPicker placeholder="姓名、拼音首字母或工号" {...props} />
}
export function PeoplePicker(props: ManyPickerProps) {
  return <SearchManyPicker placeholder="姓名、拼音首字母或工号" {...props} />
}
/** Finds a group, department or school by name. */
export function UnitPicker(props: PickerProps) {
  return <SearchPicker placeholder="名称或拼音首字母" {...props} />
}
export function UnitsPicker(props: ManyPickerProps) {
  return <SearchManyPicker placeholder="名称或拼音首字母" {...props} />
}
