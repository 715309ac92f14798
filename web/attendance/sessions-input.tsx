import './roll-call.css'

/** `第 1、3 场`, or that it was none. */
export function sessionsText(numbers: readonly number[]): string {
  return numbers.length === 0 ? '没有到场' : `第 ${numbers.join('、')} 场`
}

/** Which sessions of several: one tap each. */
export function SessionsInput({
  numbers,
  value = [],
  onChange,
}: {
  numbers: readonly number[]
  value?: number[]
  onChange?: (value: number[]) => void
}) {
  return (
    <div className="session-choice" role="group" aria-label="到场的场次">
      {numbers.map((number) => (
        <button
          key={number}
          type="button"
          aria-pressed={value.includes(number)}
          onClick={() =>
            onChange?.(numbers.filter((one) => (one === number ? !value.includes(one) : value.includes(one))))
          }
        >
          第 {number} 场
        </button>
      ))}
    </div>
  )
}
