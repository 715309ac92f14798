import { Fragment } from 'react'
import type { FindingState } from '../../engine/types.ts'
import { Link } from './link.tsx'

const figure =
  /(\d+(?:\.\d+)?(?:\/\d+(?:\.\d+)?)?\s?(?:%|篇|次|节|小时|学时|学分|分钟|分|份|项|人|个|所|位|条|元|周|天)?)/g

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
  const parts = text.split(figure)
  return (
    <p className={`sentence${tone ? ` tone-${tone}` : ''}`}>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index % 2 === 1 && !/(\d)(月|日)?$/.test(part) ? <b className="figure">{part}</b> : part}
        </Fragment>
      ))}
      {clause !== undefined && <span className="clause">{clause}</span>}
      {why !== undefined && (
        <Link to={why} className="why" aria-label={`为什么：${text}`}>
          为什么？
        </Link>
      )}
    </p>
  )
}
