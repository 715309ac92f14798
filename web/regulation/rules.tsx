import { Button, Select } from 'antd'
import { useState } from 'react'
import { Link } from '../kit/link.tsx'
import { useApi, useCommand } from '../kit/queries.ts'
import { paths } from '../paths.ts'
import { regulation, type View } from './api.ts'

/** The rules of the training regime that rest on this regulation. */
export function GroundedRules({ view }: { view: View }) {
  const [editing, setEditing] = useState(false)
  const may = view.abilities.linkRules === null
  if (view.rules.length === 0 && !may) return null
  return (
    <section className="regulation-rules" aria-label="对应的研修规则">
      <h2>对应的研修规则</h2>
      {editing ? (
        <ChooseRules view={view} done={() => setEditing(false)} />
      ) : (
        <>
          {view.rules.length === 0 ? (
            <p className="quiet">还没有写明哪些研修规则以它为依据。</p>
          ) : (
            <ul>
              {view.rules.map((rule) => (
                <li key={rule.ruleId}>
                  <Link to={`${paths.regime()}#${rule.ruleId}`}>{rule.title}</Link>
                  <span className="quiet">
                    {rule.regimeTitle} {rule.clause}
                  </span>
                </li>
              ))}
            </ul>
          )}
          {may && (
            <button type="button" className="tool-button no-print" onClick={() => setEditing(true)}>
              选择规则
            </button>
          )}
        </>
      )}
    </section>
  )
}

function ChooseRules({ view, done }: { view: View; done: () => void }) {
  const choices = useApi(regulation.listRuleChoices, {})
  const [chosen, setChosen] = useState(view.rules.map((rule) => rule.ruleId))
  const link = useCommand(regulation.linkRules, { success: '已保存', onSuccess: done })
  return (
    <div className="choose-rules">
      <Select
        mode="multiple"
        aria-label="研修规则"
        placeholder="按名称或条款查找"
        value={chosen}
        onChange={setChosen}
        loading={choices.data === undefined}
        showSearch={{ optionFilterProp: 'label' }}
        options={(choices.data ?? []).map((rule) => ({
          value: rule.ruleId,
          label: `${rule.clause} ${rule.title}`,
        }))}
      />
      <div className="form-actions">
        <Button
          type="primary"
          loading={link.running}
          onClick={() => void link.run({ id: view.id, ruleIds: chosen })}
        >
          保存
        </Button>
        <Button onClick={done}>取消</Button>
      </div>
    </div>
  )
}
