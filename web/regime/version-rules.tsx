import { Button } from 'antd'
import { useState } from 'react'
import type { DraftPage, DraftRule } from '../../server/regime/drafts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { useFilters } from '../kit/link.tsx'
import { useCommand } from '../kit/queries.ts'
import { drafts, parts, versionRooms } from './api.ts'
import { RuleAdder } from './rule-adder.tsx'
import { type Edits, FieldRow, type Value } from './version-fields.tsx'

export interface Editing {
  edits: Edits
  errors: Record<string, string>
  change: (path: (string | number)[], value: Value) => void
}

const views = [
  { key: '', label: '全部' },
  { key: 'changed', label: '改过的' },
  { key: 'remarks', label: '有提醒的' },
  { key: 'off', label: '停用的' },
] as const

/** Every rule: the writer's words beside the sentence from the data, its own values, remarks, and whether it holds here. */
export function RulesPart({
  page,
  editing,
  dirty,
}: {
  page: Wire<DraftPage>
  editing: Editing
  /** Whether values were changed and not saved, whose places would shift when rules come and go. */
  dirty: boolean
}) {
  const [filters, setFilters] = useFilters({ show: '', q: '' })
  const touched = (rule: Wire<DraftRule>) =>
    rule.changed || Object.keys(editing.edits).some((key) => key.startsWith(`rules.${rule.index}.`))
  const warnings = (rule: Wire<DraftRule>) => rule.remarks.filter((one) => one.severity === 'warning')
  const fits: Record<string, (rule: Wire<DraftRule>) => boolean> = {
    '': () => true,
    changed: touched,
    remarks: (rule) => warnings(rule).length > 0,
    off: (rule) => rule.off !== null,
  }
  const word = filters.q.trim()
  const rules = page.rules
    .filter(fits[filters.show] ?? (() => true))
    .filter((rule) => word === '' || `${rule.title}${rule.text}${rule.clause}${rule.id}`.includes(word))
  return (
    <>
      <div className="tools">
        <div className="segments" role="group" aria-label="显示哪些规则">
          {views.map((view) => (
            <button
              key={view.key}
              type="button"
              aria-pressed={filters.show === view.key}
              onClick={() => setFilters({ show: view.key })}
            >
              {view.label} {page.rules.filter(fits[view.key] ?? (() => true)).length}
            </button>
          ))}
        </div>
        <input
          className="native-input rule-search"
          type="search"
          aria-label="查找规则"
          placeholder="按名称、条款查找"
          value={filters.q}
          onChange={(event) => setFilters({ q: event.target.value })}
        />
      </div>
      {rules.length === 0 && (
        <p className="quiet">
          {page.rules.length === 0 ? '还没有规则，请照着制度一条一条加上。' : '没有符合的规则。'}
        </p>
      )}
      <ul className="rule-list">
        {rules.map((rule) => (
          <RuleItem
            key={rule.id}
            page={page}
            rule={rule}
            editing={editing}
            changed={touched(rule)}
            dirty={dirty}
          />
        ))}
      </ul>
      <div className="rule-add">
        <RuleAdder
          id={page.id}
          rowVersion={page.rowVersion}
          blocked={page.abilities.edit ?? (dirty ? '请先保存修改' : null)}
        />
      </div>
    </>
  )
}

function RuleItem({
  page,
  rule,
  editing,
  changed,
  dirty,
}: {
  page: Wire<DraftPage>
  rule: Wire<DraftRule>
  editing: Editing
  changed: boolean
  dirty: boolean
}) {
  const [open, setOpen] = useState(false)
  const warnings = rule.remarks.filter((one) => one.severity === 'warning')
  const disabled = page.abilities.edit !== null || rule.off !== null
  return (
    <li className={`rule-item${rule.off ? ' rule-off' : ''}`} id={rule.id}>
      <button type="button" className="rule-head" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span className="rule-clause">{rule.clause}</span>
        <span className="rule-title">
          {rule.title}
          <span className="quiet">
            {rule.kind} · {rule.binds}
          </span>
        </span>
        <span className="rule-marks">
          {changed && <b className="rule-mark">改过</b>}
          {rule.off && <b className="rule-mark rule-mark-off">停用</b>}
          {warnings.length > 0 && (
            <b className="rule-mark rule-mark-warn">
              <Icon name="alert" size={14} />
              {warnings.length} 条提醒
            </b>
          )}
          <Icon name="chevronDown" size={18} />
        </span>
      </button>
      <p className="rule-described">{rule.described[0]}</p>
      {open && (
        <div className="rule-body">
          <div className="rule-texts">
            <div>
              <h4>制度原意</h4>
              <p className="rule-text">{rule.text}</p>
            </div>
            <div>
              <h4>系统这样计算</h4>
              <ul>
                {rule.described.map((sentence, index) => (
                  <li key={`${index} ${sentence}`}>{sentence}</li>
                ))}
              </ul>
            </div>
          </div>
          {rule.remarks.length > 0 && (
            <ul className="rule-remarks">
              {rule.remarks.map((remark) => (
                <li key={remark.message} className={`remark-${remark.severity}`}>
                  <Icon name={remark.severity === 'warning' ? 'alert' : 'info'} size={16} />
                  {remark.message}
                </li>
              ))}
            </ul>
          )}
          <div className="value-list">
            {rule.fields.map((field) => (
              <FieldRow key={field.path.join('.')} field={field} disabled={disabled} {...editing} />
            ))}
          </div>
          <SwitchRule page={page} rule={rule} />
          {page.abilities.edit === null && <RemoveRule page={page} rule={rule} dirty={dirty} />}
        </div>
      )}
    </li>
  )
}

/** Takes a rule out of this version for good; asked twice, as it cannot be brought back by form. */
function RemoveRule({ page, rule, dirty }: { page: Wire<DraftPage>; rule: Wire<DraftRule>; dirty: boolean }) {
  const [sure, setSure] = useState(false)
  const command = useCommand(parts.removeRule, { invalidate: versionRooms, success: '已删去这一条。' })
  if (!sure)
    return (
      <button type="button" className="tool-button" onClick={() => setSure(true)}>
        <Icon name="trash" size={18} />
        从这一版删去
      </button>
    )
  return (
    <div className="reason-row">
      <p>删去以后不能恢复；只是本校暂不执行的，请用“停用”。</p>
      <DisabledBecause
        danger
        reason={dirty ? '请先保存修改' : null}
        loading={command.running}
        onClick={() => void command.run({ id: page.id, rowVersion: page.rowVersion, ruleId: rule.id })}
      >
        删去这一条
      </DisabledBecause>
      <Button onClick={() => setSure(false)}>不删</Button>
    </div>
  )
}

function SwitchRule({ page, rule }: { page: Wire<DraftPage>; rule: Wire<DraftRule> }) {
  const [because, setBecause] = useState<string | null>(null)
  const command = useCommand(drafts.switchRule, { onSuccess: () => setBecause(null) })
  const send = (off: boolean, reason: string) =>
    command.run({ id: page.id, rowVersion: page.rowVersion, ruleId: rule.id, off, because: reason })
  if (rule.off) {
    return (
      <div className="reason-row">
        <p>
          本校停用：{rule.off.because}
          <span className="quiet">
            {' '}
            {rule.off.by ?? ''} {rule.off.on}
          </span>
        </p>
        <DisabledBecause
          reason={page.abilities.edit}
          loading={command.running}
          onClick={() => void send(false, '')}
        >
          恢复这一条
        </DisabledBecause>
      </div>
    )
  }
  if (because === null) {
    return page.abilities.edit === null ? (
      <button type="button" className="tool-button" onClick={() => setBecause('')}>
        本校停用这一条
      </button>
    ) : null
  }
  return (
    <div className="reason-row">
      <input
        className="native-input"
        aria-label="停用的理由"
        placeholder="为什么本校不执行，例如：本校没有备课组"
        value={because}
        onChange={(event) => setBecause(event.target.value)}
      />
      <DisabledBecause
        reason={because.trim().length < 4 ? '请写明理由，至少 4 个字' : null}
        loading={command.running}
        onClick={() => void send(true, because)}
      >
        停用
      </DisabledBecause>
      <Button onClick={() => setBecause(null)}>不停用</Button>
    </div>
  )
}
