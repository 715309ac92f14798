import { Button } from 'antd'
import type { DraftPage } from '../../server/regime/drafts-contract.ts'
import type { PartsPage } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'

/** What an item of the page needs to change the draft. */
export interface Item {
  page: Wire<PartsPage>
  blocked: string | null
}

/** Which rules speak of a part. */
export const usedText = (titles: string[]): string =>
  titles.length === 0
    ? '没有规则用到'
    : `用在：${titles.slice(0, 4).join('、')}${titles.length > 4 ? `等 ${titles.length} 条` : ''}`

/** What a careful reader says of a version as a whole: cohorts that are empty today, words that nothing uses. */
export function Remarks({ remarks }: { remarks: Wire<DraftPage>['remarks'] }) {
  if (remarks.length === 0) return null
  return (
    <ul className="rule-remarks">
      {remarks.map((remark) => (
        <li key={remark.message} className={`remark-${remark.severity}`}>
          <Icon name={remark.severity === 'warning' ? 'alert' : 'info'} size={16} />
          {remark.message}
        </li>
      ))}
    </ul>
  )
}

/** Opens the editor of a new part. */
export function AddButton({ word, blocked, add }: { word: string; blocked: string | null; add: () => void }) {
  return (
    <p className="part">
      <DisabledBecause reason={blocked} onClick={add}>
        {word}
      </DisabledBecause>
    </p>
  )
}

/** Opens the editor of a part. */
export function EditButton({ edit }: { edit: () => void }) {
  return (
    <button type="button" className="tool-button" onClick={edit}>
      修改
    </button>
  )
}

/** The end of an editor: what was refused, and the buttons. */
export function EditorEnd({
  error,
  running,
  save,
  close,
  remove,
}: {
  error: string | null
  running: boolean
  save: () => void
  close: () => void
  remove: { blocked: string | null; run: () => void } | null
}) {
  return (
    <>
      {error !== null && (
        <p className="form-error" role="alert">
          {error}
        </p>
      )}
      <div className="form-actions">
        <Button type="primary" loading={running} onClick={save}>
          保存
        </Button>
        <Button onClick={close}>不改了</Button>
        {remove !== null && (
          <DisabledBecause reason={remove.blocked} onClick={remove.run}>
            删去
          </DisabledBecause>
        )}
      </div>
    </>
  )
}
