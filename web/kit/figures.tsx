import { findingStateLabels } from '../../engine/types.ts'
import type { FindingState } from '../../engine/types.ts'
import { amountText, numberText } from './words.ts'

/** Where the bar ends and where its target tick stands, in hundredths. */
function barParts(value: number, target: number | null): { filled: number; tick: number | null } {
  if (target === null || target <= 0) return { filled: value > 0 ? 100 : 0, tick: null }
  // A bar that has gone beyond its target still shows the tick inside.
  const whole = Math.max(value, target * 1.12)
  return { filled: (Math.max(0, value) / whole) * 100, tick: (target / whole) * 100 }
}

/** A bar with a tick at its target. Decoration: the figure must stand beside it. */
export function Bar({
  value,
  target,
  state,
  height = 8,
}: {
  value: number
  target: number | null
  state: FindingState
  height?: number
}) {
  const { filled, tick } = barParts(value, target)
  return (
    <svg
      className={`bar tone-${state}`}
      height={height + 6}
      width="100%"
      aria-hidden="true"
      focusable="false"
    >
      <rect x="0" y="3" width="100%" height={height} rx="2" className="bar-track" />
      {filled > 0 && <rect x="0" y="3" width={`${filled}%`} height={height} rx="2" className="bar-fill" />}
      {tick !== null && (
        <rect
          x={`${tick}%`}
          y="0"
          width="2"
          height={height + 6}
          transform="translate(-1 0)"
          className="bar-tick"
        />
      )}
    </svg>
  )
}

/** A named bar with its figure: 反思 7/10 篇. */
export function ProgressBar({
  label,
  value,
  target,
  unit,
  state,
  note,
}: {
  label: string
  value: number | null
  target: number | null
  unit: string
  state: FindingState
  note?: string
}) {
  return (
    <div className="progress">
      <div className="progress-head">
        <span className="progress-label">{label}</span>
        <span className="figure">{amountText(value, target, unit)}</span>
      </div>
      <Bar value={value ?? 0} target={target} state={state} />
      <p className="quiet">
        <span className="visually-hidden">{findingStateLabels[state]}。</span>
        {note}
      </p>
    </div>
  )
}

/** One ring for hours or credits: the figure in the middle, the target below it. */
export function Ring({
  label,
  value,
  target,
  unit,
  size = 128,
  state = 'partly',
}: {
  label: string
  value: number
  target: number | null
  unit: string
  size?: number
  state?: FindingState
}) {
  const radius = 52
  const round = 2 * Math.PI * radius
  const share = target === null || target <= 0 ? 1 : Math.min(1, Math.max(0, value / target))
  const reached = target !== null && value >= target
  const tone: FindingState = reached ? 'done' : state
  return (
    <figure className="ring">
      <svg
        width={size}
        height={size}
        viewBox="0 0 128 128"
        role="img"
        aria-label={`${label}：${amountText(value, target, unit)}`}
        className={`tone-${tone}`}
      >
        <circle cx="64" cy="64" r={radius} className="ring-track" />
        {share > 0 && (
          <circle
            cx="64"
            cy="64"
            r={radius}
            className="ring-fill"
            strokeDasharray={`${round * share} ${round}`}
            transform="rotate(-90 64 64)"
          />
        )}
        <text x="64" y="67" textAnchor="middle" className="ring-figure">
          {numberText(value)}
        </text>
        <text x="64" y="86" textAnchor="middle" className="ring-unit">
          {target === null ? unit : `/ ${numberText(target)} ${unit}`}
        </text>
      </svg>
      <figcaption>
        {label}
        {reached && <span className="ring-reached"> 已达标</span>}
      </figcaption>
    </figure>
  )
}

export interface StripCell {
  /** First week, counted from 0. */
  from: number
  /** Number of weeks; 1 for weekly duties. */
  span: number
  state: FindingState
  makeUp?: boolean
  /** Share of the target that is reached, 0 to 1; drawn in cells of several weeks. */
  share?: number
}

const step = 20
const tall = 22

/** The term as one strip: filled = done, cross = overdue, hollow = to come, dash = excused, hatched = holidays. */
export function YearStrip({
  weeks,
  cells,
  holidays = [],
  today = null,
  label,
}: {
  weeks: number
  cells: StripCell[]
  /** Weeks without school, counted from 0. */
  holidays?: number[]
  today?: number | null
  /** Read out in place of the picture: 20 周中完成 11 周，逾期 1 周. */
  label: string
}) {
  return (
    <svg className="strip" viewBox={`0 0 ${weeks * step} ${tall + 8}`} role="img" aria-label={label}>
      {Array.from({ length: weeks }, (_, week) => (
        <line
          key={week}
          x1={week * step + 2}
          x2={week * step + step - 2}
          y1={tall}
          y2={tall}
          className="strip-ground"
        />
      ))}
      {holidays.map((week) => (
        <path
          key={week}
          className="strip-holiday"
          d={`M${week * step + 4} ${tall}l12 -14M${week * step + 4} ${tall - 8}l6 -7M${week * step + 10} ${tall}l6 -7`}
        />
      ))}
      {cells.map((cell) => (
        <StripMark key={`${cell.from}-${cell.state}`} cell={cell} />
      ))}
      {today !== null && (
        <path d={`M${today * step + step / 2} ${tall + 2.5}l4.500 5.500h-9z`} className="strip-today" />
      )}
    </svg>
  )
}

function StripMark({ cell }: { cell: StripCell }) {
  const x = cell.from * step + 2
  const width = cell.span * step - 4
  const { state } = cell
  if (state === 'notApplicable') return null
  if (cell.span > 1) {
    const share = state === 'done' ? 1 : (cell.share ?? 0)
    return (
      <g className={`tone-${state}`}>
        <rect x={x + 0.75} y={4.75} width={width - 1.5} height={tall - 8.5} rx="3" className="strip-hollow" />
        {share > 0 && (
          <rect
            x={x}
            y="4"
            width={Math.max(4, width * share)}
            height={tall - 7}
            rx="3"
            className="strip-fill"
          />
        )}
        {state === 'overdue' && <Cross x={x + 10} hollow={width * share < 20} />}
      </g>
    )
  }
  const middle = x + width / 2
  return (
    <g className={`tone-${state}`}>
      {(state === 'done' && !cell.makeUp) || state === 'overdue' ? (
        <rect x={x} y="4" width={width} height={tall - 7} rx="3" className="strip-fill" />
      ) : (
        <rect
          x={x + 0.75}
          y={4.75}
          width={width - 1.5}
          height={tall - 8.5}
          rx="3"
          className={state === 'manual' ? 'strip-hollow glyph-dashed' : 'strip-hollow'}
        />
      )}
      {state === 'partly' && (
        <rect x={x} y={tall - 10} width={width} height="7" rx="2" className="strip-fill" />
      )}
      {state === 'dueSoon' && <circle cx={middle} cy="11.500" r="3.500" className="strip-fill" />}
      {state === 'excused' && <path d={`M${middle - 4} 11.500h8`} className="glyph-line" />}
      {state === 'overdue' && <Cross x={middle} />}
      {state === 'done' && cell.makeUp && (
        <path d={`M${middle - 4} 11.500l3 3 5 -6`} className="glyph-line" />
      )}
    </g>
  )
}

function Cross({ x, hollow = false }: { x: number; hollow?: boolean }) {
  return <path d={`M${x - 3.5} 8l7 7M${x + 3.5} 8l-7 7`} className={hollow ? 'glyph-line' : 'glyph-cut'} />
}
