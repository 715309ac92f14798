import type { ReadingRow } from '../../server/regime/drafts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { useCommand } from '../kit/queries.ts'
import { dayText } from '../kit/words.ts'
import { drafts } from './api.ts'
import { FieldRow } from './version-fields.tsx'
import type { Editing } from './version-rules.tsx'

/** Values that the document leaves open, each to be confirmed as it is or changed. */
export function Readings({
  rows,
  about,
  blocked,
  editing,
  mayEdit = false,
}: {
  rows: Wire<ReadingRow>[]
  about: { draftId?: string; adoptionId?: string }
  blocked: string | null
  /** Where values may be changed on the spot. */
  editing?: Editing
  mayEdit?: boolean
}) {
  const command = useCommand(drafts.decideReading, { success: '已确认这一读法。' })
  const open = rows.filter((row) => row.decided === null)
  const decided = rows.filter((row) => row.decided !== null)
  const item = (row: Wire<ReadingRow>) => {
    const edited = editing?.edits[row.field.path.join('.')] !== undefined
    return (
      <li key={row.setting} className="reading">
        <div className="reading-what">
          {editing ? (
            <FieldRow field={row.field} disabled={!mayEdit} {...editing} />
          ) : (
            <>
              <p>
                <b>{row.label}</b>：{row.value}
              </p>
              <p className="quiet">{row.note}</p>
            </>
          )}
        </div>
        <div className="reading-state">
          {row.decided ? (
            <span className="reading-done">
              <Icon name="check" size={16} />
              {row.decided.by ?? '系统'}
              {row.decided.decision === 'changed' ? '改定' : '确认'}于{dayText(row.decided.on)}
            </span>
          ) : (
            <DisabledBecause
              reason={blocked ?? (edited ? '改过的请先保存' : null)}
              loading={command.running}
              onClick={() => void command.run({ ...about, setting: row.setting })}
            >
              就按这样
            </DisabledBecause>
          )}
        </div>
      </li>
    )
  }
  return (
    <>
      <p className="reading-count">
        {open.length === 0
          ? `${rows.length} 项都已确认。`
          : `共 ${rows.length} 项制度没有写明，其中 ${open.length} 项请学校确认：默认读法合适的点“就按这样”，不合适的改成学校的数值。`}
      </p>
      {open.length > 0 && <ul className="reading-list">{open.map(item)}</ul>}
      {decided.length > 0 && (
        <details className="version-own" open={open.length === 0}>
          <summary>已确认的 {decided.length} 项</summary>
          <ul className="reading-list">{decided.map(item)}</ul>
        </details>
      )}
    </>
  )
}
