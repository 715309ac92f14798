interface ChipsProps<Id extends string> {
  label: string
  options: readonly { id: Id; label: string }[]
  isChosen: (id: Id) => boolean
  onTap: (id: Id) => void
}

/** A few choices to tap. */
export function Chips<Id extends string>({ label, options, isChosen, onTap }: ChipsProps<Id>) {
  return (
    <div className="chips" role="group" aria-label={label}>
      {options.map((one) => (
        <button
          key={one.id}
          type="button"
          className="chip"
          aria-pressed={isChosen(one.id)}
          onClick={() => onTap(one.id)}
        >
          {one.label}
        </button>
      ))}
    </div>
  )
}

/** The same where any number may hold. */
export function ChoiceChips({
  label,
  options,
  chosen,
  onChange,
}: Pick<ChipsProps<string>, 'label' | 'options'> & {
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  return (
    <Chips
      label={label}
      options={options}
      isChosen={(id) => chosen.includes(id)}
      onTap={(id) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id])}
    />
  )
}
