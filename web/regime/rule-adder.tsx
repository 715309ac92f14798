import { Button } from 'antd'
import { useState } from 'react'
import type { RuleChoices, RuleForm } from '../../server/regime/parts-contract.ts'
import type { Wire } from '../kit/api.ts'
import { DisabledBecause } from '../kit/disabled-because.tsx'
import { Icon } from '../kit/icons.tsx'
import { ErrorNotice, Skeleton } from '../kit/page.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { parts, versionRooms } from './api.ts'
import { ConditionEditor } from './condition-editor.tsx'
import { ScoreFields } from './rule-adder-score.tsx'
import { FactSelect, Figure, Text, Wrong } from './rule-inputs.tsx'
import { emptyRule, type Template, templates, whole } from './rule-templates.ts'
import './version-parts.css'

/** 加一条规则: a template first, then its few fields; the server makes the rule and reads the whole again. */
export function RuleAdder({
  id,
  rowVersion,
  blocked,
}: {
  id: string
  rowVersion: number
  blocked: string | null
}) {
  const [open, setOpen] = useState(false)
  const [template, setTemplate] = useState<Template | null>(null)
  const close = () => {
    setOpen(false)
    setTemplate(null)
  }
  if (!open)
    return (
      <DisabledBecause reason={blocked} icon={<Icon name="plus" size={18} />} onClick={() => setOpen(true)}>
        加一条规则
      </DisabledBecause>
    )
  return (
    <div className="part-editor">
      {template === null ? (
        <>
          <b>要加哪一种规则？</b>
          <div className="template-list">
            {templates.map((one) => (
              <button key={one.label} type="button" className="template" onClick={() => setTemplate(one)}>
                <b>{one.label}</b>
                <span className="quiet">{one.about}</span>
              </button>
            ))}
          </div>
          <div className="form-actions">
            <Button onClick={close}>不加了</Button>
          </div>
        </>
      ) : (
        <RuleFields id={id} rowVersion={rowVersion} template={template} close={close} />
      )}
    </div>
  )
}

function RuleFields({
  id,
  rowVersion,
  template,
  close,
}: {
  id: string
  rowVersion: number
  template: Template
  close: () => void
}) {
  const query = useApi(parts.getRuleChoices, { id })
  if (query.error) return <ErrorNotice error={query.error} retry={query.refetch} />
  if (!query.data) return <Skeleton shape="form" />
  return <Fields id={id} rowVersion={rowVersion} template={template} choices={query.data} close={close} />
}

function Fields({
  id,
  rowVersion,
  template,
  choices,
  close,
}: {
  id: string
  rowVersion: number
  template: Template
  choices: Wire<RuleChoices>
  close: () => void
}) {
  const [rule, setRule] = useState<RuleForm>({
    ...emptyRule(choices.cohorts[0]?.id ?? ''),
    ...template.start,
  })
  const add = useCommand(parts.addRule, {
    invalidate: versionRooms,
    inline: true,
    success: '已加在规则的最后。',
    onSuccess: close,
  })
  const set = (change: Partial<RuleForm>) => setRule({ ...rule, ...change })
  const errors = add.error?.fields ?? {}
  const { shape } = rule
  const counts = shape === 'amount' || shape === 'form' || shape === 'limit'
  return (
    <>
      <b>{template.label}</b>
      <div className="part-fields">
        <Text
          label="名称"
          hint="例如：教学反思"
          value={rule.title}
          error={errors.title}
          set={(title) => set({ title })}
        />
        <Text
          label="条款号"
          hint="例如：二.7"
          value={rule.clause}
          error={errors.clause}
          set={(clause) => set({ clause })}
        />
      </div>
      <div className="part-fields">
        <label className="field part-wide">
          <span className="field-label">制度原文，或用自己的话转述</span>
          <textarea
            className="native-text value-text"
            rows={2}
            value={rule.text}
            onChange={(event) => set({ text: event.target.value })}
          />
          <Wrong error={errors.text} />
        </label>
        <Binds rule={rule} choices={choices} set={set} error={errors.binds} />
      </div>
      {counts && (
        <Counted rule={rule} choices={choices} first={template.facts} set={set} error={errors.counts} />
      )}
      <div className="part-fields">
        {shape === 'amount' && <Amount rule={rule} choices={choices} set={set} errors={errors} />}
        {shape === 'form' && (
          <label className="field">
            <span className="field-label">表单</span>
            <select
              className="native-select"
              value={rule.form}
              onChange={(event) => set({ form: event.target.value })}
            >
              <option value="">请选择</option>
              {choices.forms.map((form) => (
                <option key={form.id} value={form.id}>
                  {form.label}
                </option>
              ))}
            </select>
            <Wrong error={errors.form} />
          </label>
        )}
        {shape === 'limit' && (
          <>
            <Figure
              label="满几次"
              value={rule.reaches}
              error={errors.reaches}
              set={(reaches) => set({ reaches })}
            />
            <Text
              label="满了以后"
              hint="例如：不合格"
              value={rule.result}
              error={errors.result}
              set={(result) => set({ result })}
            />
          </>
        )}
        <label className="field">
          <span className="field-label">周期</span>
          <select
            className="native-select"
            value={rule.per}
            onChange={(event) => set({ per: event.target.value as RuleForm['per'] })}
          >
            {choices.periods.map((period) => (
              <option key={period.value} value={period.value}>
                {period.label}
              </option>
            ))}
          </select>
        </label>
        {shape === 'manual' ? (
          <Text
            label="为什么只能由人判断"
            hint="例如：记录在纸质档案里"
            value={rule.manual}
            error={errors.manual}
            set={(manual) => set({ manual })}
          />
        ) : (
          <Text
            label="没有做到的后果（选填）"
            hint=""
            value={rule.consequence}
            error={errors.consequence}
            set={(consequence) => set({ consequence })}
          />
        )}
      </div>
      {shape === 'score' && (
        <ScoreFields rule={rule} choices={choices} first={template.facts} set={set} errors={errors} />
      )}
      {add.error && (
        <p className="form-error" role="alert">
          {add.error.message}
        </p>
      )}
      <div className="form-actions">
        <Button type="primary" loading={add.running} onClick={() => void add.run({ id, rowVersion, rule })}>
          加上这一条
        </Button>
        <Button onClick={close}>不加了</Button>
      </div>
    </>
  )
}

type Set = (change: Partial<RuleForm>) => void

const bindings = [
  { value: 'person', label: '教师个人' },
  { value: 'unit', label: '小组' },
  { value: 'organisation', label: '学校' },
] as const

function Binds({
  rule,
  choices,
  set,
  error,
}: {
  rule: RuleForm
  choices: Wire<RuleChoices>
  set: Set
  error: string | undefined
}) {
  const { binds } = rule
  return (
    <div className="field part-wide">
      <span className="field-label">约束谁</span>
      <div className="tools">
        <div className="segments" role="group" aria-label="约束谁">
          {bindings.map((one) => (
            <button
              key={one.value}
              type="button"
              aria-pressed={binds.of === one.value}
              onClick={() => set({ binds: { ...binds, of: one.value } })}
            >
              {one.label}
            </button>
          ))}
        </div>
        {binds.of === 'person' && (
          <select
            className="native-select"
            aria-label="哪些人"
            value={binds.cohort}
            onChange={(event) => set({ binds: { ...binds, cohort: event.target.value } })}
          >
            {choices.cohorts.map((cohort) => (
              <option key={cohort.id} value={cohort.id}>
                {cohort.label}
              </option>
            ))}
          </select>
        )}
        {binds.of === 'unit' && (
          <span className="value-checks" role="group" aria-label="哪类小组">
            {choices.unitKinds.map((kind) => (
              <label key={kind.value}>
                <input
                  type="checkbox"
                  checked={binds.unitKinds.includes(kind.value)}
                  onChange={(event) =>
                    set({
                      binds: {
                        ...binds,
                        unitKinds: event.target.checked
                          ? [...binds.unitKinds, kind.value]
                          : binds.unitKinds.filter((one) => one !== kind.value),
                      },
                    })
                  }
                />
                {kind.label}
              </label>
            ))}
          </span>
        )}
      </div>
      <Wrong error={error} />
    </div>
  )
}

/** Which records count, and of them only those that meet conditions. */
function Counted({
  rule,
  choices,
  first,
  set,
  error,
}: {
  rule: RuleForm
  choices: Wire<RuleChoices>
  first: string[]
  set: Set
  error: string | undefined
}) {
  const fact = choices.facts.find((one) => one.kind === rule.counts.fact)
  const subject = rule.binds.of
  const own = fact?.subjects.includes(subject) ?? true
  return (
    <div className="part-fields">
      <label className="field">
        <span className="field-label">数哪种记录</span>
        <FactSelect
          choices={choices}
          first={first}
          value={rule.counts.fact}
          change={(kind) => {
            const next = choices.facts.find((one) => one.kind === kind)
            const timed = next?.unit === '分钟'
            set({
              counts: { fact: kind, where: whole },
              measure: timed && kind === 'study.logged' ? 'hours' : 'count',
              unit: timed ? (kind === 'study.logged' ? '学时' : '次') : (next?.unit ?? ''),
            })
          }}
        />
        {fact && !fact.isKept && (
          <span className="quiet">目前还没有页面登记这种记录，要导入或由人确认。</span>
        )}
        <Wrong error={error} />
      </label>
      {fact && subject !== 'person' && own && (
        <label className="field">
          <span className="field-label">数谁的</span>
          <select
            className="native-select"
            value={rule.of}
            onChange={(event) => set({ of: event.target.value as RuleForm['of'] })}
          >
            <option value="subject">{subject === 'unit' ? '小组自己的' : '学校自己的'}</option>
            {subject === 'unit' ? (
              <option value="members">组员的，合起来数</option>
            ) : (
              <option value="everyone">全校各组、各人的，合起来数</option>
            )}
          </select>
        </label>
      )}
      {fact && (
        <div className="field part-wide">
          <span className="field-label">只数其中的（不写就都数）</span>
          <ConditionEditor
            value={rule.counts.where}
            change={(where) => set({ counts: { ...rule.counts, where } })}
            attributes={fact.attributes}
            addWord="加一个条件"
          />
        </div>
      )}
    </div>
  )
}

function Amount({
  rule,
  choices,
  set,
  errors,
}: {
  rule: RuleForm
  choices: Wire<RuleChoices>
  set: Set
  errors: Record<string, string>
}) {
  const fact = choices.facts.find((one) => one.kind === rule.counts.fact)
  const timed = fact?.unit === '分钟'
  const counted = fact !== undefined && !timed && !['次', '篇', '份', '件', '个'].includes(fact.unit)
  return (
    <>
      <Figure label="至少" value={rule.atLeast} error={errors.atLeast} set={(atLeast) => set({ atLeast })} />
      {(timed || counted) && (
        <label className="field">
          <span className="field-label">按</span>
          <select
            className="native-select"
            value={rule.measure}
            onChange={(event) => {
              const measure = event.target.value as RuleForm['measure']
              set({
                measure,
                unit: measure === 'hours' ? '学时' : measure === 'quantity' ? (fact?.unit ?? '') : '次',
              })
            }}
          >
            <option value="count">次数</option>
            {timed ? <option value="hours">学时</option> : <option value="quantity">{fact?.quantity}</option>}
          </select>
        </label>
      )}
      <Text
        label="单位"
        hint="例如：篇"
        value={rule.unit}
        error={errors.unit}
        set={(unit) => set({ unit })}
      />
    </>
  )
}
