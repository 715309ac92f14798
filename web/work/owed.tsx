import type { regimeApi } from '../../server/regime/contract.ts'
import { api } from '../kit/api.ts'
import { useApi } from '../kit/queries.ts'
import { Sentence } from '../kit/sentence.tsx'
import { StateMark } from '../kit/state-mark.tsx'
import { useSession } from '../access/session.ts'
import { paths } from '../paths.ts'
import './work.css'

const regime = api<typeof regimeApi>('regime')

/** What the caller still owes of one kind of thing, told by the unit in which the regime counts it: 篇, 学时, 份. */
export function Owed({ units }: { units: readonly string[] }) {
  const session = useSession()
  const board = useApi(regime.getMyBoard, {})
  const rows = (board.data?.rows ?? []).filter(
    (row) => units.includes(row.unit) && row.state !== 'notApplicable',
  )
  if (rows.length === 0) return null
  return (
    <ul className="owed" aria-label="制度要求">
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
