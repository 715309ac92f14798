import { starLabels } from '../../server/trainer/words.ts'

const shape =
  'M10 1.8l2.5 5.3 5.800.7-4.300 4 1.200 5.800L10 14.700 4.800 17.600 6 11.800 1.700 7.800l5.800-.7z'

function Star({ on }: { on: boolean }) {
  return (
    <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false" className={on ? 'star star-on' : 'star'}>
      <path d={shape} />
    </svg>
  )
}

/** `4.6 星 · 23 人`; nothing where nobody has said anything. */
export function StarsText({ stars, ratings }: { stars: number | null; ratings?: number }) {
  if (stars === null) return <span className="quiet">还没有评价</span>
  return (
    <span className="stars-text">
      <Star on />
      {stars.toFixed(1)} 星{ratings !== undefined && <span className="quiet"> · {ratings} 人</span>}
    </span>
  )
}

/** Five buttons as large as a thumb; what they mean stands below them. */
export function StarsInput({
  value,
  onChange,
  disabled = false,
  label,
}: {
  value: number | null
  onChange: (stars: number) => void
  disabled?: boolean
  label: string
}) {
  return (
    <div className="stars-input">
      <div role="radiogroup" aria-label={label}>
        {starLabels.map((word, index) => (
          <button
            key={word}
            type="button"
            role="radio"
            aria-checked={value === index + 1}
            aria-label={`${index + 1} 星，${word}`}
            disabled={disabled}
            onClick={() => onChange(index + 1)}
          >
            <Star on={value !== null && index < value} />
          </button>
        ))}
      </div>
      <span className="quiet">
        {value === null ? '点几颗星就存好了，不记名' : `${value} 星 · ${starLabels[value - 1] ?? ''}`}
      </span>
    </div>
  )
}
