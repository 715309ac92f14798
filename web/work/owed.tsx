import type { regimeApi } from '../../server/regime/contract.ts'
import { useSession } from '../access/session.ts'
import { api } from '../kit/api.ts'
import { useApi } from '../kit/queries.ts'
import { Sentence } from '../kit/sentence.tsx'
import { StateMark } from '../kit/state-mark.tsx'
import { paths } from '../paths.ts'
import './work.css'

const regime = api<typeof regimeApi>('regime')
type Row = Awaited<ReturnType<typeof regime.getMyBoard>>['rows'][number]

const order = ['overdue', 'dueSoon', 'partly', 'open']
const urgency = (row: Row) => {
  const at = order.indexOf(row.state)
  return at < 0 ? order.length : at
}

/**
 * What the caller still owes of one kind of thing, told by the unit in which the regime counts it (篇, 学时, 份) or by
 * the duties' own keys. The most urgent stand open, the rest waits behind one press.
 */
export function Owed({
  units,
  keys,
  open = 2,
}: ({ units: readonly string[]; keys?: never } | { units?: never; keys: readonly string[] }) & {
  open?: number
}) {
  const board = useApi(regime.getMyBoard, {})
  if (board.data === undefined) return board.error ? null : <span className="skeleton-line" />
  const rows = board.data.rows
    .filter((row) => (keys ? keys.includes(row.key) : units.includes(row.unit)))
    .filter((row) => row.state !== 'notApplicable')
    .sort((a, b) => urgency(a) - urgency(b))
  if (rows.length === 0) return null
  const rest = rows.slice(open)
  return (
    <div className="owed">
      <Rows rows={rows.slice(0, open)} />
      {rest.length > 0 && (
        <details>
          <summary>还有 {rest.length} 项要求</summary>
          <Rows rows={rest} />
        </details>
      )}
    </div>
  )
}

function Rows({ rows }: { rows: Row[] }) {
  const session = useSession()
  return (
    <ul aria-label="制度要求">
      {rows.map((row) => (
        <li key={row.key}>
          <StateMark state={row.state} quiet />
          <Sentence
            text={row.sentence}
            why={paths.trace({
              rule: row.ruleId,
              subjectKind: 'person',
              subject: session.person.id ?? '',
              period: row.periodId,
              minimum: row.minimumId,
              regime: row.regimeId,
            })}
          />
        </li>
      ))}
    </ul>
  )
}
