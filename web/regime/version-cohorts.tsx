import { useState } from 'react'
import type { SimpleConditions } from '../../engine/simple-words.ts'
import type { CohortCount, CohortView, PartsPage } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { useApi, useCommand } from '../kit/queries.ts'
import { parts, versionRooms } from './api.ts'
import { ConditionEditor, isComplete, useSettled } from './condition-editor.tsx'
import { AddButton, EditButton, EditorEnd, type Item, usedText } from './part-editing.tsx'

/** One group of people of whom rules speak; without one, the button that adds another. */
export function CohortItem({ page, cohort, blocked }: Item & { cohort: Wire<CohortView> | null }) {
  const [open, setOpen] = useState(false)
  if (cohort === null)
    return open ? (
      <CohortEditor page={page} cohort={null} close={() => setOpen(false)} />
    ) : (
      <AddButton word="加一群人" blocked={blocked} add={() => setOpen(true)} />
    )
  return (
    <li className="part">
      <div className="part-head">
        <b>{cohort.label}</b>
        {cohort.clause !== null && <span className="clause">{cohort.clause}</span>}
        <span>{countText(cohort.count)}</span>
        {blocked === null && !open && <EditButton edit={() => setOpen(true)} />}
      </div>
      <p className="quiet">
        {cohort.described}。{usedText(cohort.usedBy)}。
      </p>
      {open && <CohortEditor page={page} cohort={cohort} close={() => setOpen(false)} />}
    </li>
  )
}

function countText(count: Wire<CohortCount>): string {
  if (count.problem !== null) return count.problem
  const unknown = count.undecided.names.length
  return `今天 ${count.of} 人中有 ${count.matched} 人${unknown > 0 ? `，另有 ${unknown} 人资料不全` : ''}`
}

const none: SimpleConditions = {
  join: 'all',
  conditions: [{ attribute: 'staffKind', operator: 'is', value: 'teaching' }],
}

function CohortEditor({
  page,
  cohort,
  close,
}: {
  page: Wire<PartsPage>
  cohort: Wire<CohortView> | null
  close: () => void
}) {
  const [label, setLabel] = useState(cohort?.label ?? '')
  const [conditions, setConditions] = useState<SimpleConditions | null>(
    cohort === null ? none : cohort.conditions,
  )
  const [clause, setClause] = useState(cohort?.clause ?? '')
  const [note, setNote] = useState(cohort?.note ?? '')
  const command = { invalidate: versionRooms, inline: true, onSuccess: close }
  const save = useCommand(parts.saveCohort, { ...command, success: '已保存。' })
  const remove = useCommand(parts.removeCohort, { ...command, success: '已删去。' })
  const settled = useSettled(conditions)
  const asked = settled !== null && isComplete(settled) ? { id: page.id, conditions: settled } : null
  const count = useApi(parts.getCohortCount, asked, { keep: true })
  const error = save.error ?? remove.error
  return (
    <div className="part-editor">
      <label className="field">
        <span className="field-label">名称</span>
        <input
          className="native-input"
          value={label}
          placeholder="例如：青年教师"
          onChange={(event) => setLabel(event.target.value)}
        />
      </label>
      <div>
        <span className="field-label">条件</span>
        {conditions === null ? (
          <p className="quiet">
            {cohort?.described}。这个条件超出了表单能写的范围，可以在“全文”里改；这里可以改名称和依据。
          </p>
        ) : (
          <ConditionEditor
            value={conditions}
            change={setConditions}
            attributes={page.attributes}
            settings={page.settings}
            addWord="加一个条件"
          />
        )}
      </div>
      {asked !== null && count.data && <CountLine count={count.data} />}
      <div className="part-fields">
        <label className="field">
          <span className="field-label">条款号</span>
          <input
            className="native-input"
            value={clause}
            placeholder="例如：二.3"
            onChange={(event) => setClause(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="field-label">说明（条款没有规定的，写由谁设定）</span>
          <input className="native-input" value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
      </div>
      <EditorEnd
        error={error?.message ?? null}
        running={save.running}
        save={() =>
          void save.run({
            id: page.id,
            rowVersion: page.rowVersion,
            cohort: cohort?.id ?? '',
            label,
            conditions,
            clause,
            note,
          })
        }
        close={close}
        remove={
          cohort === null
            ? null
            : {
                blocked: cohort.usedBy.length > 0 ? '还有规则用到，不能删去' : null,
                run: () => void remove.run({ id: page.id, rowVersion: page.rowVersion, cohort: cohort.id }),
              }
        }
      />
    </div>
  )
}

function CountLine({ count }: { count: Wire<CohortCount> }) {
  const { matched, names, undecided } = count
  return (
    <p className={`part-count${matched === 0 ? ' part-count-none' : ''}`} role="status">
      {countText(count)}
      {names.length > 0 && `：${names.join('、')}${matched > names.length ? '等' : ''}`}。
      {undecided.names.length > 0 &&
        `${undecided.names.join('、')}没有登记${undecided.missing.join('、')}，暂不能判断。`}
    </p>
  )
}
