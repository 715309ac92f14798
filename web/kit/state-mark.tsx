import { findingStateLabels } from '../../engine/types.ts'
import type { FindingState } from '../../engine/types.ts'

/** The shape of each state on a 20 grid, so that no state is told by colour alone. */
export function StateGlyph({
  state,
  makeUp = false,
  size = 20,
}: {
  state: FindingState
  makeUp?: boolean
  size?: number
}) {
  return (
    <svg
      className={`glyph tone-${state}`}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      {makeUp ? <MakeUpShape /> : <Shape state={state} />}
    </svg>
  )
}

function MakeUpShape() {
  return (
    <>
      <circle cx="10" cy="10" r="7" className="glyph-line" />
      <path d="M6.800 10.300 9.200 12.600 13.400 7.800" className="glyph-line" />
    </>
  )
}

function Shape({ state }: { state: FindingState }) {
  switch (state) {
    case 'done':
      return (
        <>
          <circle cx="10" cy="10" r="8" className="glyph-fill" />
          <path d="M6.400 10.300 9 12.800 13.700 7.400" className="glyph-cut" />
        </>
      )
    case 'partly':
      return (
        <>
          <circle cx="10" cy="10" r="7" className="glyph-line" />
          <path d="M10 3a7 7 0 0 1 0 14z" className="glyph-fill" />
        </>
      )
    case 'open':
      return <circle cx="10" cy="10" r="7" className="glyph-line" />
    case 'dueSoon':
      return (
        <>
          <path d="M10 1.800 18.200 10 10 18.200 1.800 10z" className="glyph-fill" />
          <path d="M10 6v4.200l2.600 1.600" className="glyph-cut" />
        </>
      )
    case 'overdue':
      return (
        <>
          <rect x="2.500" y="2.500" width="15" height="15" rx="2.500" className="glyph-fill" />
          <path d="M6.700 6.700l6.600 6.600M13.300 6.700l-6.600 6.600" className="glyph-cut" />
        </>
      )
    case 'excused':
      return (
        <>
          <circle cx="10" cy="10" r="7" className="glyph-line" />
          <path d="M6.500 10h7" className="glyph-line" />
        </>
      )
    case 'manual':
      return (
        <>
          <circle cx="10" cy="10" r="7" className="glyph-line glyph-dashed" />
          <path d="M8 8.200a2 2 0 1 1 2.700 1.900c-.5.2-.7.5-.7 1v.4M10 13.600v.1" className="glyph-line" />
        </>
      )
    case 'notApplicable':
      return <path d="M6 10h8" className="glyph-line" />
  }
}

/** Shape, word and colour of a finding's state. */
export function StateMark({
  state,
  makeUp = false,
  word,
  quiet = false,
}: {
  state: FindingState
  /** Done by make-up (补学). */
  makeUp?: boolean
  /** Another word than the state's own: 还差 3 篇. */
  word?: string
  /** Only the shape; the word is read out. */
  quiet?: boolean
}) {
  const text = word ?? (makeUp ? '已补学' : findingStateLabels[state])
  return (
    <span className={`mark tone-${state}`}>
      <StateGlyph state={state} makeUp={makeUp} size={18} />
      <span className={quiet ? 'visually-hidden' : 'mark-word'}>{text}</span>
    </span>
  )
}

/** What the shapes mean, below a board. */
export function StateLegend({
  states,
  makeUp = false,
  holidays = false,
}: {
  states?: FindingState[]
  makeUp?: boolean
  holidays?: boolean
}) {
  const shown: FindingState[] = states ?? ['done', 'partly', 'open', 'dueSoon', 'overdue', 'excused']
  return (
    <ul className="legend" aria-label="图例">
      {shown.map((state) => (
        <li key={state}>
          <StateMark state={state} />
        </li>
      ))}
      {makeUp && (
        <li>
          <StateMark state="done" makeUp />
        </li>
      )}
      {holidays && (
        <li className="mark legend-holiday">
          <span className="hatch" aria-hidden="true" />
          <span className="mark-word">放假</span>
        </li>
      )}
    </ul>
  )
}
