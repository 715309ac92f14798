import { Fragment } from 'react'
import type { ReactNode } from 'react'
import type { FindingState } from '../../engine/types.ts'
import { Link } from './link.tsx'

const figure =
  /(\d+(?:\.\d+)?(?:\/\d+(?:\.\d+)?)?\s?(?:%|篇|次|节|小时|学时|学分|分钟|分|份|项|人|个月|个|所|位|条|元|周|天)?)/g

/** Days and weeks stay on one line: never 11月29 and 日 below it. */
const together = /((?:\d{4}年)?\d+月\d+日(?:\s?周.)?|第\d+(?:—\d+)?周)/g
export function keepDates(text: string, rest: (part: string) => ReactNode = (part) => part): ReactNode {
  return text.split(together).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className="figure-line">
        {part}
      </span>
    ) : (
      <Fragment key={index}>{rest(part)}</Fragment>
    ),
  )
}

/**
 * A plain sentence with its figures made easy to find: 本学期应写反思 10 篇，已采纳 7 篇，还差 3 篇。
 * `why` leads to the trace behind it.
 */
export function Sentence({
  text,
  tone,
  why,
  clause,
}: {
  text: string
  tone?: FindingState
  why?: string
  clause?: string
}) {
  return (
    <p className={`sentence${tone ? ` tone-${tone}` : ''}`}>
      {keepDates(text, withFigures)}
      {clause !== undefined && <span className="clause">{clause}</span>}
      {why !== undefined && (
        <Link to={why} className="why" aria-label={`为什么：${text}`}>
          为什么？
        </Link>
      )}
    </p>
  )
}

function withFigures(text: string): ReactNode {
  return text.split(figure).map((part, index) =>
    index % 2 === 1 && /\D$/.test(part) ? (
      <b key={index} className="figure">
        {part}
      </b>
    ) : (
      part
    ),
  )
}
