import type { FactChoice, RuleChoices } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'

/** The kinds of records, the usual ones of a template first, then all others; those without a page last. */
export function FactSelect({
  choices,
  first,
  value,
  change,
}: {
  choices: Wire<RuleChoices>
  first: string[]
  value: string
  change: (kind: string) => void
}) {
  const usual = first.flatMap((kind) => choices.facts.find((one) => one.kind === kind) ?? [])
  const others = (kept: boolean) =>
    choices.facts.filter((one) => one.isKept === kept && !first.includes(one.kind))
  const group = (label: string, facts: Wire<FactChoice>[]) =>
    facts.length === 0 ? null : (
      <optgroup label={label}>
        {facts.map((one) => (
          <option key={one.kind} value={one.kind}>
            {one.label}
          </option>
        ))}
      </optgroup>
    )
  return (
    <select className="native-select" value={value} onChange={(event) => change(event.target.value)}>
      <option value="">请选择</option>
      {group('常用', usual)}
      {group('其他', others(true))}
      {group('还没有登记页面的', others(false))}
    </select>
  )
}

/** What the server said of a field. */
export function Wrong({ error }: { error: string | undefined }) {
  return error === undefined ? null : <span className="field-error">{error}</span>
}

/** One line of text under its name. */
export function Text({
  label,
  hint,
  value,
  error,
  set,
}: {
  label: string
  hint: string
  value: string
  error: string | undefined
  set: (value: string) => void
}) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="native-input"
        value={value}
        placeholder={hint}
        onChange={(event) => set(event.target.value)}
      />
      <Wrong error={error} />
    </label>
  )
}

/** A number under its name. */
export function Figure({
  label,
  value,
  error,
  set,
}: {
  label: string
  value: number
  error?: string | undefined
  set: (value: number) => void
}) {
  return (
    <label className="field">
      <span className="field-label">{label}</span>
      <input
        className="native-input value-number"
        type="number"
        step="any"
        value={Number.isNaN(value) ? '' : String(value)}
        onChange={(event) => set(event.target.value === '' ? 0 : Number(event.target.value))}
      />
      <Wrong error={error} />
    </label>
  )
}
